// waymark-asked-coverage RUNS: how often the 95% intervals that people are shown hold the truth, over made-up
// federations drawn anew each time, of every statistic and in each mode: thresholded, noised, and summed
// securely. Councils' members are drawn at random, protected as each mode does (with samplers of their own,
// which share no code with crypto/), combined as the coordinator combines them (benchmark/combine.h), and
// asked as it is asked.
//
// An interval is right where between 93.5% and 96.5% of them hold. Those that cannot be as sharp as that are
// held to the 93.5% alone, and the reason is printed with them. Ends with 1 where a share lies outside by
// more than four standard deviations of so many runs: were all of them right at the very edge, one of some
// sixty would be called wrong once in 500 times.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "catalogue/columns.h"
#include "catalogue/figures.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/benchmark/standardise.h"
#include "statistics/funnel.h"
#include "statistics/intervals.h"
#include "statistics/noise_interval.h"
#include "statistics/regression.h"
#include "statistics/standardised.h"
#include "statistics/trend.h"

namespace waymark::coordinator {
namespace {

constexpr double kLeast = 0.935;
constexpr double kMost = 0.965;
constexpr unsigned kSeed = 20'261'123;
const std::vector<std::string> kCouncils = {"E06000001", "E06000002", "E06000003", "E06000004", "E06000005"};
const std::vector<std::string> kStrata = {"0-4", "5-9", "10-15"};
constexpr std::uint64_t kVariance = 24;  // of the secure sum's noise, at as many honest shares as councils

using Random = std::mt19937_64;
using Counts = std::vector<std::int64_t>;

// Why an interval may hold more often than it says.
constexpr char kSharp[] = "";
constexpr char kRules[] = "reaches to whatever the rules leave possible, which is certain and not likely";
constexpr char kCoarse[] =
    "coarse bins: where in its bin a member is, which nobody knows, counts as chance (Woodruff), and ends "
    "are days";
constexpr char kScatter[] = "an error never less than the figures' own, and more where they scatter (Birge)";
constexpr char kFew[] =
    "noise beside few still at risk: bounded by the worst of all cells, not by a straight line";

struct Tally {
  std::int64_t held = 0;
  std::int64_t all = 0;
  std::string may_be_wide;  // why; "": it may not
};

class Tallies {
 public:
  void Add(const std::string& name, bool held, const char* may_be_wide) {
    Tally& tally = tallies_[name];
    ++tally.all;
    tally.held += held ? 1 : 0;
    tally.may_be_wide = may_be_wide;
  }
  bool Report() const {
    bool good = true;
    for (const auto& [name, tally] : tallies_) {
      const bool is_sharp = tally.may_be_wide.empty();
      const double share = static_cast<double>(tally.held) / static_cast<double>(tally.all);
      const double slack = 4 * std::sqrt(kLeast * (1 - kLeast) / static_cast<double>(tally.all));
      const bool low = share < kLeast - slack;
      const bool high = share > kMost + slack && is_sharp;
      std::printf("%-56s %7lld intervals, %.4f hold, asked %s%s%s\n", name.c_str(),
                  static_cast<long long>(tally.all), share,
                  is_sharp ? "0.935 to 0.965" : "at least 0.935: ", tally.may_be_wide.c_str(),
                  low    ? ": TOO FEW"
                  : high ? ": TOO MANY"
                         : "");
      good = good && !low && !high;
    }
    return good;
  }

 private:
  std::map<std::string, Tally> tallies_;
};

// What is measured of each stratum: disjoint cells, and the entry whose figures are made of them.
v1::Metric ShareMetric() {
  v1::Metric metric;
  metric.set_id("share");
  metric.set_version(1);
  metric.set_kind(v1::METRIC_KIND_PROPORTION);
  metric.set_display_unit("%");
  metric.add_outcomes()->set_id("yes");
  metric.add_units(v1::UNIT_EPISODES);
  metric.add_breakdowns("age_band");
  return metric;
}

v1::Metric DurationMetric() {
  v1::Metric metric = ShareMetric();
  metric.set_id("duration");
  metric.set_kind(v1::METRIC_KIND_DURATION);
  metric.set_display_unit("days");
  metric.clear_outcomes();
  for (const std::uint32_t edge : {14, 28, 56, 84, 182}) metric.add_bins(edge);
  return metric;
}

constexpr std::size_t kFineBins = 20;

// With few members to a bin, and many days: neither steps of days nor places within bins count for much.
v1::Metric FineDurationMetric() {
  v1::Metric metric = DurationMetric();
  metric.clear_bins();
  for (std::uint32_t bin = 1; bin < kFineBins; ++bin) metric.add_bins(700 * bin);
  return metric;
}

v1::Metric CountMetric() {
  v1::Metric metric = ShareMetric();
  metric.set_id("count");
  metric.set_kind(v1::METRIC_KIND_COUNT);
  metric.set_display_unit("episodes");
  metric.clear_outcomes();
  return metric;
}

v1::Metric CurveMetric() {
  v1::Metric metric = ShareMetric();
  metric.set_id("curve");
  metric.set_kind(v1::METRIC_KIND_SURVIVAL);
  metric.mutable_outcomes(0)->set_id("a");
  metric.add_outcomes()->set_id("b");
  for (const std::uint32_t edge : {91, 182, 273, 364}) metric.add_bins(edge);
  for (const std::uint32_t day : {182, 364}) metric.add_window_days(day);
  return metric;
}

Counts Multinomial(std::int64_t members, const std::vector<double>& cells, Random& random) {
  Counts counts;
  double share_left = 1;
  for (std::size_t i = 0; i + 1 < cells.size(); ++i) {
    std::binomial_distribution<std::int64_t> draw(members, std::clamp(cells[i] / share_left, 0.0, 1.0));
    counts.push_back(draw(random));
    members -= counts.back();
    share_left -= cells[i];
  }
  counts.push_back(members);
  return counts;
}

void AddTo(Counts& sum, const Counts& more) {
  sum.resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i) sum[i] += more[i];
}

// One item of one mode, from true counts to figures of all participants.
class Federation {
 public:
  Federation(v1::Metric metric, v1::Mode mode, const catalogue::Library& library)
      : metric_(std::move(metric)), library_(library) {
    contract::RoundItem item;
    item.metric = metric_.id();
    item.version = 1;
    item.period = "2024-25";
    item.mode = mode;
    item.units = {v1::UNIT_EPISODES};
    item.breakdowns = {"age_band"};
    if (mode == v1::MODE_NOISED) item.epsilon_numerator = 1;
    if (mode == v1::MODE_SECURE_SUM) item.rho_numerator = 1;
    spec_.round_id = "r";
    spec_.items = {item};
    *definitions_.add_metrics() = metric_;
    protection_.mode = mode;
    if (mode == v1::MODE_THRESHOLDED) protection_ = {.mode = mode, .suppressed_to = 7, .rounded_to = 5};
    if (mode == v1::MODE_NOISED) protection_ = {.mode = mode, .epsilon_numerator = 1, .sensitivity = 2};
    if (mode == v1::MODE_SECURE_SUM) {
      protection_ = {.mode = mode,
                     .sensitivity = 2,
                     .rho_numerator = 1,
                     .contributors = static_cast<std::uint32_t>(kCouncils.size()),
                     .honest_shares = static_cast<std::uint32_t>(kCouncils.size()),
                     .variance = kVariance};
    }
  }

  // `truth`: by council and stratum, disjoint counts.
  std::vector<v1::Figure> FiguresOf(const std::vector<std::vector<Counts>>& truth, Random& random) {
    std::map<std::string, contract::Release> releases;
    std::vector<SummedPart> sums;
    if (protection_.mode == v1::MODE_SECURE_SUM) {
      std::vector<Counts> sum(kStrata.size());
      for (const auto& council : truth) {
        for (std::size_t i = 0; i < kStrata.size(); ++i) AddTo(sum[i], council[i]);
      }
      sums.push_back({.code = std::string(kParticipantsCode),
                      .contributors = kCouncils,
                      .tables = Protected(sum, random)});
    } else {
      for (std::size_t i = 0; i < kCouncils.size(); ++i) {
        releases[kCouncils[i]].council = kCouncils[i];
        releases[kCouncils[i]].tables = Protected(truth[i], random);
      }
    }
    const AnswerSource source = [&](const std::string& council, absl::Span<const contract::RoundItem>)
        -> absl::StatusOr<contract::Release> { return releases.at(council); };
    const std::vector<std::string> answered = releases.empty() ? std::vector<std::string>() : kCouncils;
    const AnswerHeads heads = ReadHeads(spec_, answered, source).value();
    std::vector<v1::Figure> figures;
    const std::set<std::string> nobody;
    const auto combined = Combine({.spec = spec_,
                                   .definitions = definitions_,
                                   .library = library_,
                                   .members = kCouncils,
                                   .heads = heads,
                                   .answers = source,
                                   .sums = sums,
                                   .own = &nobody},
                                  [&](std::size_t, Figures& made) {
                                    for (v1::Figure& figure : made) {
                                      if (figure.level() == v1::GEOGRAPHY_LEVEL_ALL)
                                        figures.push_back(std::move(figure));
                                    }
                                    return absl::OkStatus();
                                  });
    if (!combined.ok()) std::abort();
    return figures;
  }

 private:
  Counts RowOf(Counts disjoint) const {
    if (metric_.kind() == v1::METRIC_KIND_PROPORTION) disjoint[1] += disjoint[0];
    return disjoint;
  }

  std::int64_t Noise(Random& random) {
    if (protection_.mode == v1::MODE_NOISED) {
      std::geometric_distribution<std::int64_t> draw(1 - std::exp(-0.5));
      return draw(random) - draw(random);
    }
    if (protection_.mode != v1::MODE_SECURE_SUM) return 0;
    std::poisson_distribution<std::int64_t> draw(static_cast<double>(kVariance) / 2);
    return draw(random) - draw(random);
  }

  // All together, then by stratum.
  std::vector<contract::ProtectedTable> Protected(const std::vector<Counts>& strata, Random& random) {
    Counts all;
    for (const Counts& stratum : strata) AddTo(all, stratum);
    return {TableOf({all}, {""}, {}, random), TableOf(strata, kStrata, {"age_band"}, random)};
  }

  contract::ProtectedTable TableOf(const std::vector<Counts>& rows, const std::vector<std::string>& names,
                                   const std::vector<std::string>& dimensions, Random& random) {
    contract::ProtectedTable given;
    given.protection = protection_;
    contract::Table& table = given.table;
    table.metric = metric_.id();
    table.version = 1;
    table.period = "2024-25";
    table.unit = v1::UNIT_EPISODES;
    table.dimensions = dimensions;
    table.rows = names;
    table.columns = catalogue::ColumnsOf(metric_);
    table.Resize();
    for (std::size_t row = 0; row < rows.size(); ++row) {
      Counts disjoint = rows[row];
      for (std::int64_t& count : disjoint) count += Noise(random);
      const Counts values = RowOf(std::move(disjoint));
      for (std::size_t column = 0; column < values.size(); ++column) {
        const std::size_t at = table.Index(row, column);
        const bool hide =
            protection_.mode == v1::MODE_THRESHOLDED && values[column] >= 1 && values[column] <= 7;
        if (hide) table.status[at] = v1::CELL_STATUS_SUPPRESSED;
        table.values[at] = hide                                       ? 0
                           : protection_.mode == v1::MODE_THRESHOLDED ? (values[column] + 2) / 5 * 5
                                                                      : values[column];
      }
    }
    return given;
  }

  const v1::Metric metric_;
  const catalogue::Library& library_;
  contract::RoundSpec spec_;
  v1::Catalogue definitions_;
  contract::Protection protection_;
};

const char* NameOf(v1::Mode mode) {
  return mode == v1::MODE_THRESHOLDED ? "thresholded" : mode == v1::MODE_NOISED ? "noised" : "secure";
}

const v1::Figure* Find(const std::vector<v1::Figure>& figures, const std::string& quantity,
                       const std::string& category = "") {
  for (const v1::Figure& figure : figures) {
    if (figure.quantity() == quantity && figure.category() == category &&
        (figure.dimensions_size() > 0) == !category.empty())
      return &figure;
  }
  return nullptr;
}

bool Holds(double lower, double upper, double truth) {
  return lower <= truth && truth <= upper;
}

// Members of a council and stratum: some councils are small, so that cells are suppressed and noise counts.
std::int64_t MembersOf(std::size_t council, std::size_t stratum) {
  return static_cast<std::int64_t>((council == 0 ? 15 : 60 * (council + 1)) * (stratum + 1));
}

// Of `divisor` members one.
std::vector<std::vector<Counts>> Draw(const std::vector<std::vector<double>>& cells, Random& random,
                                      std::int64_t divisor = 1) {
  std::vector<std::vector<Counts>> truth(kCouncils.size());
  for (std::size_t council = 0; council < kCouncils.size(); ++council) {
    for (std::size_t stratum = 0; stratum < kStrata.size(); ++stratum)
      truth[council].push_back(Multinomial(MembersOf(council, stratum) / divisor, cells[stratum], random));
  }
  return truth;
}

// Of all members: cells weighted by who is in which stratum.
std::vector<double> Overall(const std::vector<std::vector<double>>& cells) {
  std::vector<double> sum(cells[0].size());
  double members = 0;
  for (std::size_t council = 0; council < kCouncils.size(); ++council) {
    for (std::size_t stratum = 0; stratum < kStrata.size(); ++stratum) {
      const auto own = static_cast<double>(MembersOf(council, stratum));
      members += own;
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += own * cells[stratum][i];
    }
  }
  for (double& share : sum) share /= members;
  return sum;
}

// Rates of four years, the change between two, the line through all, and the last one standardised.
void RunShares(v1::Mode mode, Federation& federation, Random& random, Tallies& tallies) {
  const char* const wide = mode == v1::MODE_THRESHOLDED ? kRules : kSharp;
  const std::string suffix = absl::StrCat(", ", NameOf(mode));
  constexpr double kSlope = 2;  // percentage points a year
  std::vector<statistics::TrendPoint> points;
  std::vector<v1::Figure> figures;
  std::vector<std::vector<double>> cells;
  for (int year = 0; year < 4; ++year) {
    cells.clear();
    for (const double base : {0.10, 0.18, 0.30}) {
      const double share = base + kSlope / 100 * year;
      cells.push_back({share, 1 - share});
    }
    figures = federation.FiguresOf(Draw(cells, random), random);
    const v1::Figure* const rate = Find(figures, "yes");
    const double truth = 100 * Overall(cells)[0];
    tallies.Add("rate" + suffix, Holds(rate->lower(), rate->upper(), truth), wide);
    for (std::size_t i = 0; i < kStrata.size(); ++i) {
      const v1::Figure* const one = Find(figures, "yes", kStrata[i]);
      if (one == nullptr || !one->has_lower() || !one->has_upper()) continue;
      tallies.Add(absl::StrCat("rate of stratum ", kStrata[i], suffix),
                  Holds(one->lower(), one->upper(), 100 * cells[i][0]), wide);
    }
    points.push_back({.at = static_cast<double>(year),
                      .value = rate->value(),
                      .interval = {.lower = rate->lower(), .upper = rate->upper()}});
  }
  const auto change = statistics::ChangeBetween(points[2], points[3]).value();
  tallies.Add("change between periods" + suffix, Holds(change.interval.lower, change.interval.upper, kSlope),
              wide);
  const auto slope = statistics::SlopeOf(points).value();
  tallies.Add("slope of four periods" + suffix, Holds(slope.interval.lower, slope.interval.upper, kSlope),
              kScatter);
  // A standard unlike the federation: mostly of the first stratum.
  std::vector<v1::Figure> standard, strata;
  double truth = 0, weights = 0;
  for (std::size_t i = 0; i < kStrata.size(); ++i) {
    v1::Figure& each = standard.emplace_back();
    each.set_quantity("yes");
    each.set_unit(v1::UNIT_EPISODES);
    each.set_category(kStrata[i]);
    each.set_denominator(static_cast<double>(3000 - 1000 * i));
    truth += each.denominator() * 100 * cells[i][0];
    weights += each.denominator();
    strata.push_back(*Find(figures, "yes", kStrata[i]));
  }
  std::vector<v1::Figure> own = {*Find(figures, "yes")};
  SetStandardised(ShareMetric(), "age_band", "made up", strata, standard, own);
  const v1::Standardisation& made = own[0].standardised();
  if (!made.has_lower() || !made.has_upper()) return;
  tallies.Add("standardised share" + suffix, Holds(made.lower(), made.upper(), truth / weights), wide);
}

// Truth: the same figures of as many members as there are none.
std::map<std::string, double> TruthOf(const v1::Metric& metric, const std::vector<double>& cells) {
  contract::Table table;
  table.columns = catalogue::ColumnsOf(metric);
  table.rows = {""};
  table.Resize();
  for (std::size_t i = 0; i < cells.size(); ++i) table.values[i] = std::llround(cells[i] * 1e9);
  std::map<std::string, double> truth;
  for (const catalogue::RowFigure& figure : catalogue::FiguresOf(metric, table)) {
    if (figure.value) truth[figure.quantity] = *figure.value;
  }
  return truth;
}

void RunCells(const std::string& what, const char* may_be_wide, const v1::Metric& metric,
              const std::vector<std::vector<double>>& cells, std::int64_t divisor, v1::Mode mode,
              Federation& federation, Random& random, Tallies& tallies) {
  const std::vector<v1::Figure> figures = federation.FiguresOf(Draw(cells, random, divisor), random);
  for (const auto& [quantity, truth] : TruthOf(metric, Overall(cells))) {
    const v1::Figure* const figure = Find(figures, quantity);
    if (figure == nullptr || !figure->has_lower() || !figure->has_upper()) continue;
    tallies.Add(absl::StrCat(what, " ", quantity, ", ", NameOf(mode)),
                Holds(figure->lower(), figure->upper(), truth),
                mode == v1::MODE_THRESHOLDED ? kRules : may_be_wide);
  }
}

// A count is what it is: the noise alone, or the rules, can have moved it.
void RunCounts(v1::Mode mode, Federation& federation, Random& random, Tallies& tallies) {
  const std::vector<std::vector<Counts>> members = Draw({{1}, {1}, {1}}, random);
  const std::vector<v1::Figure> figures = federation.FiguresOf(members, random);
  Counts all(kStrata.size() + 1);
  for (const std::vector<Counts>& council : members) {
    for (std::size_t i = 0; i < kStrata.size(); ++i) {
      all[i] += council[i][0];
      all.back() += council[i][0];
    }
  }
  const char* const wide = mode == v1::MODE_THRESHOLDED ? kRules : kSharp;
  for (std::size_t i = 0; i <= kStrata.size(); ++i) {
    const v1::Figure* const one = Find(figures, "count", i < kStrata.size() ? kStrata[i] : "");
    if (one == nullptr || !one->has_lower() || !one->has_upper()) continue;
    tallies.Add(absl::StrCat(i < kStrata.size() ? "count of a stratum, " : "count, ", NameOf(mode)),
                Holds(one->lower(), one->upper(), static_cast<double>(all[i])), wide);
  }
}

// A gap to the line of deprivation, as scorecards have it (published/scorecard_figure.cc), and standardised
// rates.
void RunPublished(Random& random, Tallies& tallies) {
  constexpr double kGap = 12;
  std::vector<statistics::WeightedPoint> points;
  double own_events = 0, own_exposure = 0;
  for (int i = 0; i < 60; ++i) {
    const double x = 5 + 0.6 * i;
    const double exposure = 1 + (i * 7) % 11;  // ten thousands of children
    const double rate = 20 + 1.5 * x + (i == 40 ? kGap : 0);
    std::poisson_distribution<std::int64_t> draw(rate * exposure);
    const auto events = static_cast<double>(draw(random));
    if (i == 40) {
      own_events = events;
      own_exposure = exposure;
    }
    points.push_back({x, events / exposure, exposure});
  }
  const auto line = statistics::WeightedLeastSquares(points).value();
  const auto chance = statistics::ByarInterval(own_events, own_exposure).value();
  const double x = points[40].x, value = points[40].y - line.At(x);
  const double reach = line.ReachAt(x, statistics::kZ95);
  const auto joined = statistics::SquareAndAdd(
      value, {.lower = chance.lower - line.At(x), .upper = chance.upper - line.At(x)},
      {.lower = value - reach, .upper = value + reach});
  // The own point is in the line: the truth is what is left of the gap.
  const double leverage =
      points[40].weight * (1 / line.weights + (x - line.mean_x) * (x - line.mean_x) / line.spread);
  tallies.Add("gap to the line", Holds(joined.lower, joined.upper, kGap * (1 - leverage)), kSharp);

  std::vector<statistics::Stratum> strata;
  double truth = 0, weights = 0;
  for (const auto& [rate, exposure, weight] :
       {std::tuple(3.0, 10.0, 5.0), {8.0, 6.0, 1.0}, {1.5, 20.0, 9.0}}) {
    std::poisson_distribution<std::int64_t> draw(rate * exposure);
    strata.push_back({.events = static_cast<double>(draw(random)), .exposure = exposure, .standard = weight});
    truth += rate * weight;
    weights += weight;
  }
  if (const auto made = statistics::DirectlyStandardised(statistics::CountLaw::kRate, strata);
      made.ok() && made->interval)
    tallies.Add("standardised rate", Holds(made->interval->lower, made->interval->upper, truth / weights),
                kSharp);
}

// No interval of a figure: how many councils the funnel's 95% limits hold. Where councils differ by chance
// alone 95% and a little more (τ² is never below 0). Where they differ more, and truly normally, fewer than
// 95%: z-scores are winsorised at 10% on each side before φ is worked out, as Spiegelhalter (2005) has it, so
// that the few that are unusual do not hide themselves, and what is cut off a normal spread is missing in φ.
void RunFunnel(double tau, const char* name, Random& random, Tallies& tallies) {
  std::vector<statistics::FunnelPoint> points;
  std::normal_distribution<double> spread(0, tau);
  for (int i = 0; i < 150; ++i) {
    const std::int64_t members = 200 + 25 * i;
    const double p = std::pow(std::sin(std::asin(std::sqrt(0.25)) + spread(random)), 2);
    std::binomial_distribution<std::int64_t> draw(members, p);
    points.push_back({.value = static_cast<double>(draw(random)) / static_cast<double>(members),
                      .size = static_cast<double>(members)});
  }
  const auto plot = statistics::FunnelPlot::Create(statistics::CountLaw::kShare, points).value();
  std::int64_t inside = 0;
  for (const statistics::FunnelPoint& point : points) {
    const auto limits = plot.LimitsAt(point.size, 1, statistics::kFunnelWarning).value();
    inside += Holds(limits.lower, limits.upper, point.value) ? 1 : 0;
  }
  static std::map<std::string, std::pair<std::int64_t, std::int64_t>> all;
  auto& [held, seen] = all[name];
  held += inside;
  seen += static_cast<std::int64_t>(points.size());
  if (seen % 15000 == 0) {
    std::printf("%-44s %7lld councils, %.4f within\n", name, static_cast<long long>(seen),
                static_cast<double>(held) / static_cast<double>(seen));
  }
  (void)tallies;
}

int Run(long runs) {
  const auto library = catalogue::Library::Load("catalogue");
  if (!library.ok() || runs < 1) return 2;
  Random random(kSeed);
  Tallies tallies;
  const std::vector<std::vector<double>> durations = {
      {0.2, 0.15, 0.3, 0.2, 0.1, 0.05}, {0.1, 0.15, 0.3, 0.25, 0.1, 0.1}, {0.15, 0.2, 0.3, 0.2, 0.1, 0.05}};
  // a, b and censored of each bin, then those beyond the last.
  const std::vector<double> curve = {0.06, 0.04, 0.02, 0.05, 0.04, 0.02, 0.04, 0.03,
                                     0.02, 0.03, 0.02, 0.02, 0,    0,    0.61};
  std::vector<double> fine;
  for (std::size_t bin = 1; bin < kFineBins; ++bin) fine.push_back(bin % 3 == 0 ? 0.065 : 0.044);
  fine.push_back(1 - std::accumulate(fine.begin(), fine.end(), 0.0));
  for (const v1::Mode mode : {v1::MODE_THRESHOLDED, v1::MODE_NOISED, v1::MODE_SECURE_SUM}) {
    Federation shares(ShareMetric(), mode, *library);
    Federation counts(CountMetric(), mode, *library);
    Federation duration(DurationMetric(), mode, *library);
    Federation long_duration(FineDurationMetric(), mode, *library);
    Federation survival(CurveMetric(), mode, *library);
    const std::vector<std::vector<double>> curves = {curve, curve, curve};
    for (long i = 0; i < runs; ++i) {
      RunShares(mode, shares, random, tallies);
      RunCounts(mode, counts, random, tallies);
      RunCells("duration in coarse bins,", kCoarse, DurationMetric(), durations, 1, mode, duration, random,
               tallies);
      RunCells("duration in fine bins,", kSharp, FineDurationMetric(), {fine, fine, fine}, 1, mode,
               long_duration, random, tallies);
      RunCells("curve,", kSharp, CurveMetric(), curves, 1, mode, survival, random, tallies);
      RunCells("curve of a tenth,", kSharp, CurveMetric(), curves, 10, mode, survival, random, tallies);
      RunCells("curve of a fortieth,", kFew, CurveMetric(), curves, 40, mode, survival, random, tallies);
    }
  }
  for (long i = 0; i < runs; ++i) RunPublished(random, tallies);
  for (int i = 0; i < 100; ++i) {
    RunFunnel(0, "funnel, councils differ by chance", random, tallies);
    RunFunnel(0.05, "funnel, councils differ more", random, tallies);
  }
  return tallies.Report() ? 0 : 1;
}

}  // namespace
}  // namespace waymark::coordinator

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "waymark-asked-coverage RUNS\n");
    return 2;
  }
  return waymark::coordinator::Run(std::strtol(argv[1], nullptr, 10));
}
