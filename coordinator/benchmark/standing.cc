#include "coordinator/benchmark/standing.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "catalogue/direction.h"
#include "statistics/funnel.h"
#include "statistics/quartiles.h"
#include "statistics/ranking.h"

namespace waymark::coordinator {
namespace {

constexpr double kPercent = 100;

using Key = std::tuple<std::uint32_t, int, std::string, std::string>;

Key KeyOf(const v1::Figure& figure) {
  return {figure.window_days(), figure.unit(), figure.category(), figure.quantity()};
}

bool IsShown(const v1::Figure& figure) {
  return figure.status() == v1::FIGURE_STATUS_SHOWN && figure.has_value() && figure.has_lower() &&
         figure.has_upper() && figure.lower() <= figure.value() && figure.value() <= figure.upper();
}

double InflationOf(const v1::Figure& figure) {
  const double sampling = figure.sampling_upper() - figure.sampling_lower();
  if (!figure.has_sampling_lower() || !figure.has_sampling_upper() || sampling <= 0) return 1;
  const double ratio = (figure.upper() - figure.lower()) / sampling;
  return std::max(1.0, ratio * ratio);
}

std::optional<statistics::FunnelPoint> FunnelPointOf(const v1::Figure& figure) {
  if (!figure.has_denominator() || figure.denominator() < 1) return std::nullopt;
  return statistics::FunnelPoint{.value = std::clamp(figure.value() / kPercent, 0.0, 1.0),
                                 .size = figure.denominator(),
                                 .inflation = InflationOf(figure)};
}

// The councils of one quantity.
class Peers {
 public:
  void Add(const v1::Figure& figure) {
    suppressed_ += figure.status() == v1::FIGURE_STATUS_SUPPRESSED ? 1 : 0;
    if (IsShown(figure)) shown_.push_back(&figure);
  }

  // After the last of them.
  void Finish(const v1::Metric& metric, const std::string& quantity) {
    if (shown_.size() < kLeastPeers) return;
    direction_ = catalogue::DirectionOf(metric, quantity);
    const bool is_share =
        metric.kind() == v1::METRIC_KIND_PROPORTION || metric.kind() == v1::METRIC_KIND_QUALITY;
    if (direction_ != v1::DIRECTION_NEUTRAL) Rank();
    if (is_share) MakeFunnel();
  }

  void Fill(v1::Figure& figure) const {
    v1::CouncilStanding& standing = *figure.mutable_standing();
    standing.Clear();
    standing.set_councils(static_cast<std::uint32_t>(shown_.size()));
    standing.set_suppressed(suppressed_);
    const auto own = std::find_if(shown_.begin(), shown_.end(), [&](const v1::Figure* peer) {
      return peer->geography_code() == figure.geography_code();
    });
    if (own == shown_.end()) return;
    const auto at = static_cast<std::size_t>(own - shown_.begin());
    if (at < ranks_.size()) {
      standing.set_rank_from(static_cast<std::uint32_t>(ranks_[at].first));
      standing.set_rank_to(static_cast<std::uint32_t>(ranks_[at].last));
      standing.set_quarter(QuarterOf(figure.value()));
    }
    if (funnel_) FillLimits(figure, standing);
  }

 private:
  bool LowIsBetter() const { return direction_ == v1::DIRECTION_LOW_IS_BETTER; }

  // RankRanges counts from the lowest, so that what is better is brought to the low end.
  void Rank() {
    const absl::StatusOr<double> joint = statistics::JointZ(shown_.size());
    if (!joint.ok()) return;
    const double widened = *joint / statistics::kZ95;
    const double sign = LowIsBetter() ? 1 : -1;
    std::vector<statistics::Interval> intervals;
    std::vector<double> values;
    for (const v1::Figure* figure : shown_) {
      const double a = sign * (figure->value() + widened * (figure->lower() - figure->value()));
      const double b = sign * (figure->value() + widened * (figure->upper() - figure->value()));
      intervals.push_back({.lower = std::min(a, b), .upper = std::max(a, b)});
      values.push_back(figure->value());
    }
    auto ranks = statistics::RankRanges(intervals);
    const auto quartiles = statistics::QuartilesOf(std::move(values));
    if (!ranks.ok() || !quartiles) return;
    ranks_ = *std::move(ranks);
    quartiles_ = *quartiles;
  }

  std::uint32_t QuarterOf(double value) const {
    std::uint32_t better = 0;  // quartiles on the better side of the value
    for (const double quartile : {quartiles_.lowest, quartiles_.middle, quartiles_.highest}) {
      better += (LowIsBetter() ? quartile < value : quartile > value) ? 1 : 0;
    }
    return better + 1;
  }

  void MakeFunnel() {
    std::vector<statistics::FunnelPoint> points;
    for (const v1::Figure* figure : shown_) {
      if (const auto point = FunnelPointOf(*figure)) points.push_back(*point);
    }
    if (points.size() < kLeastPeers) return;
    auto funnel = statistics::FunnelPlot::Create(statistics::CountLaw::kShare, points);
    // Where every share is 0, or every one 1, there is nothing to be unusual in.
    if (funnel.ok()) funnel_ = *std::move(funnel);
  }

  void FillLimits(const v1::Figure& figure, v1::CouncilStanding& standing) const {
    const auto point = FunnelPointOf(figure);
    if (!point) return;
    const auto warning = funnel_->LimitsAt(point->size, point->inflation, statistics::kFunnelWarning);
    const auto alarm = funnel_->LimitsAt(point->size, point->inflation, statistics::kFunnelAlarm);
    if (!warning.ok() || !alarm.ok()) return;
    standing.set_target(kPercent * funnel_->target());
    standing.set_warning_lower(kPercent * warning->lower);
    standing.set_warning_upper(kPercent * warning->upper);
    standing.set_alarm_lower(kPercent * alarm->lower);
    standing.set_alarm_upper(kPercent * alarm->upper);
    standing.set_dispersion(funnel_->dispersion().phi);
    standing.set_tau_squared(funnel_->dispersion().tau_squared);
  }

  std::vector<const v1::Figure*> shown_;
  std::uint32_t suppressed_ = 0;
  v1::Direction direction_ = v1::DIRECTION_NEUTRAL;
  std::vector<statistics::RankRange> ranks_;  // of shown_; empty: not ranked
  statistics::Quartiles quartiles_;
  std::optional<statistics::FunnelPlot> funnel_;
};

}  // namespace

void SetStandings(const v1::Metric& metric, const std::vector<v1::Figure>& peers,
                  std::vector<v1::Figure>& figures) {
  std::map<Key, Peers> by_quantity;
  for (const v1::Figure& peer : peers) by_quantity[KeyOf(peer)].Add(peer);
  for (auto& [key, councils] : by_quantity) councils.Finish(metric, std::get<3>(key));
  for (v1::Figure& figure : figures) {
    const auto found = by_quantity.find(KeyOf(figure));
    if (figure.level() == v1::GEOGRAPHY_LEVEL_COUNCIL && found != by_quantity.end())
      found->second.Fill(figure);
  }
}

}  // namespace waymark::coordinator
