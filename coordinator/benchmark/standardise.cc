#include "coordinator/benchmark/standardise.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "catalogue/figures.h"
#include "statistics/noise_interval.h"
#include "statistics/standardised.h"

namespace waymark::coordinator {
namespace {

using statistics::Interval;

constexpr double kPercent = 100;

std::optional<statistics::CountLaw> LawOf(const v1::Metric& metric) {
  switch (metric.kind()) {
    case v1::METRIC_KIND_PROPORTION:
    case v1::METRIC_KIND_MIX:
    case v1::METRIC_KIND_SCORE_CHANGE:
      return statistics::CountLaw::kShare;
    case v1::METRIC_KIND_TRANSITION:
      return statistics::CountLaw::kRate;
    default:
      return std::nullopt;
  }
}

// Members of every category, by window and unit: of all quantities the most, since a quantity that some
// councils suppress is summed over fewer.
using StandardKey = std::tuple<std::uint32_t, int, std::string>;
using StandardPopulation = std::map<StandardKey, std::map<std::string, double>>;

// The state that is left has days of its own: of moves alone the quantity counts.
std::string PopulationOf(const v1::Metric& metric, const v1::Figure& figure) {
  return metric.kind() == v1::METRIC_KIND_TRANSITION ? figure.quantity() : "";
}

StandardKey KeyOf(const v1::Metric& metric, const v1::Figure& figure) {
  return {figure.window_days(), figure.unit(), PopulationOf(metric, figure)};
}

StandardPopulation StandardOf(const v1::Metric& metric, const std::vector<v1::Figure>& participants) {
  StandardPopulation standard;
  for (const v1::Figure& figure : participants) {
    if (!figure.has_denominator() || figure.denominator() <= 0) continue;
    double& members = standard[KeyOf(metric, figure)][figure.category()];
    members = std::max(members, figure.denominator());
  }
  return standard;
}

// What of one figure's strata there is.
class Strata {
 public:
  Strata(statistics::CountLaw law, v1::Mode mode)
      : law_(law),
        mode_(mode),
        // Of a rate, exposure is in what the rate is per.
        scale_(law == statistics::CountLaw::kShare ? kPercent : 1),
        exposure_(law == statistics::CountLaw::kShare ? 1 : catalogue::kDaysPerPersonQuarter * kPercent) {}

  void Add(const v1::Figure* figure, double standard) {
    whole_ += standard;
    const bool is_empty = figure == nullptr || figure->status() == v1::FIGURE_STATUS_NOT_AVAILABLE ||
                          figure->status() == v1::FIGURE_STATUS_NOT_APPLICABLE;
    const bool is_low = figure != nullptr && figure->status() == v1::FIGURE_STATUS_LOW;
    if (is_empty) {
      ++empty_;
      empty_standard_ += standard;
      return;
    }
    const bool has_numbers = (figure->status() == v1::FIGURE_STATUS_SHOWN && figure->has_value()) || is_low;
    if (!has_numbers || !figure->has_denominator() || figure->denominator() <= 0) {
      ++suppressed_;
      suppressed_standard_ += standard;
      return;
    }
    const double exposure = figure->denominator() / exposure_;
    const double value = is_low ? 0 : figure->value() / scale_;
    strata_.push_back({.events = value * exposure, .exposure = exposure, .standard = standard});
    shown_standard_ += standard;
    AddReach(*figure, value, standard);
  }

  void Fill(v1::Standardisation& out) const {
    out.set_strata(static_cast<std::uint32_t>(strata_.size()));
    out.set_suppressed(suppressed_);
    out.set_empty(empty_);
    if (whole_ <= 0) {
      out.set_missing("no standard: all participants' strata are not shown");
      return;
    }
    const double hidden = suppressed_standard_ / whole_;
    const double nobody = empty_standard_ / whole_;
    out.set_percent_suppressed(kPercent * hidden);
    out.set_percent_empty(kPercent * nobody);
    if (kPercent * (hidden + nobody) > kMostPercentUnknown || strata_.empty()) {
      out.set_missing(absl::StrCat("strata with more than ", kMostPercentUnknown,
                                   "% of the standard population are suppressed or without members"));
      return;
    }
    const auto standardised = statistics::DirectlyStandardised(law_, strata_);
    if (!standardised.ok()) {
      out.set_missing(std::string(standardised.status().message()));
      return;
    }
    out.set_value(scale_ * standardised->value);
    if (!standardised->interval) {
      out.set_missing(
          absl::StrCat("no interval: fewer than ", statistics::kLeastEventsForInterval, " events"));
      return;
    }
    const Interval joined = Joined(standardised->value, *standardised->interval);
    // Of what is in the standard, as far as somebody here is: suppressed strata at their least and greatest.
    const double share = hidden / (1 - nobody);
    out.set_lower(scale_ * (1 - share) * joined.lower);
    if (law_ == statistics::CountLaw::kShare) {
      out.set_upper(scale_ * std::min(1.0, (1 - share) * joined.upper + share));
    } else if (suppressed_ == 0 && !is_open_) {
      out.set_upper(joined.upper);
    } else {
      out.set_missing("no upper end: a stratum that is suppressed, or has too few days, has none");
    }
  }

 private:
  struct Reach {
    double below = 0;
    double above = 0;
  };

  // How far protection alone may have moved the stratum's figure, weighted by the standard.
  void AddReach(const v1::Figure& figure, double value, double standard) {
    const auto distance = [&](bool present, double end) {
      return present ? std::fabs(end / scale_ - value) : 0;
    };
    is_open_ |= figure.has_lower() && !figure.has_upper();
    const double below = distance(figure.has_lower(), figure.lower());
    const double above = distance(figure.has_upper(), figure.upper());
    const double chance_below = distance(figure.has_sampling_lower(), figure.sampling_lower());
    const double chance_above = distance(figure.has_sampling_upper(), figure.sampling_upper());
    const auto add = [&](double all, double chance, double& reach) {
      if (all <= chance) return;
      if (mode_ == v1::MODE_THRESHOLDED) {
        reach += standard * (all - chance);
      } else {
        reach += standard * standard * (all * all - chance * chance);
      }
    };
    add(below, chance_below, reach_.below);
    add(above, chance_above, reach_.above);
  }

  Interval Joined(double value, Interval chance) const {
    if (mode_ == v1::MODE_THRESHOLDED) {
      chance.lower = std::max(0.0, chance.lower - reach_.below / shown_standard_);
      chance.upper += reach_.above / shown_standard_;
    } else {
      chance = statistics::SquareAndAdd(value, chance,
                                        {.lower = value - std::sqrt(reach_.below) / shown_standard_,
                                         .upper = value + std::sqrt(reach_.above) / shown_standard_});
      chance.lower = std::max(0.0, chance.lower);
    }
    if (law_ == statistics::CountLaw::kShare) chance.upper = std::min(1.0, chance.upper);
    return chance;
  }

  const statistics::CountLaw law_;
  const v1::Mode mode_;
  const double scale_;
  const double exposure_;
  std::vector<statistics::Stratum> strata_;
  Reach reach_;  // thresholded: Σ w × distance; else Σ w² × distance²
  double whole_ = 0;
  double shown_standard_ = 0;
  double suppressed_standard_ = 0;
  double empty_standard_ = 0;
  bool is_open_ = false;  // some shown stratum's interval has no upper end
  std::uint32_t suppressed_ = 0;
  std::uint32_t empty_ = 0;
};

}  // namespace

absl::Status CheckStandardises(const v1::Metric& metric) {
  if (LawOf(metric)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("standardise: metric ", metric.id(),
                   " has neither shares nor rates; proportions, mixes, score changes "
                   "and moves between states do"));
}

void SetStandardised(const v1::Metric& metric, const std::string& by, const std::string& described,
                     const std::vector<v1::Figure>& strata, const std::vector<v1::Figure>& standard,
                     std::vector<v1::Figure>& figures) {
  const std::optional<statistics::CountLaw> law = LawOf(metric);
  if (!law) return;
  const StandardPopulation population = StandardOf(metric, standard);
  using Key = std::tuple<std::string, std::uint32_t, int, std::string, std::string>;
  const auto key_of = [](const v1::Figure& figure, const std::string& category) {
    return Key{figure.geography_code(), figure.window_days(), figure.unit(), figure.quantity(), category};
  };
  std::map<Key, const v1::Figure*> by_stratum;
  for (const v1::Figure& figure : strata) by_stratum[key_of(figure, figure.category())] = &figure;
  for (v1::Figure& figure : figures) {
    v1::Standardisation& out = *figure.mutable_standardised();
    out.set_by(by);
    out.set_standard(described);
    if (figure.status() == v1::FIGURE_STATUS_ABSENT) {
      out.set_missing("the council gave no table");
      continue;
    }
    Strata made(*law, figure.mode());
    if (const auto found = population.find(KeyOf(metric, figure)); found != population.end()) {
      for (const auto& [category, members] : found->second) {
        const auto stratum = by_stratum.find(key_of(figure, category));
        made.Add(stratum == by_stratum.end() ? nullptr : stratum->second, members);
      }
    }
    made.Fill(out);
  }
}

}  // namespace waymark::coordinator
