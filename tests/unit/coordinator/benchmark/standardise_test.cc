#include "coordinator/benchmark/standardise.h"

#include <cmath>

#include "coordinator/benchmark/query.h"
#include "statistics/intervals.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::kCouncils;
using testing::Scene;
using waymark::testing::StatusIs;

constexpr double kZ = statistics::kZ95;

v1::Metric Proportion() {
  v1::Metric metric;
  metric.set_id("16");
  metric.set_kind(v1::METRIC_KIND_PROPORTION);
  metric.add_outcomes()->set_id("met");
  return metric;
}

v1::Figure FigureOf(const std::string& place, const std::string& category, double numerator,
                    double denominator) {
  v1::Figure figure;
  figure.set_geography_code(place);
  figure.set_category(category);
  figure.set_quantity("met");
  figure.set_unit(v1::UNIT_EPISODES);
  figure.set_mode(v1::MODE_THRESHOLDED);
  figure.set_display_unit("%");
  figure.set_status(v1::FIGURE_STATUS_SHOWN);
  figure.set_numerator(numerator);
  figure.set_denominator(denominator);
  figure.set_value(100 * numerator / denominator);
  const auto chance = statistics::WilsonInterval(numerator, denominator).value();
  figure.set_sampling_lower(100 * chance.lower);
  figure.set_sampling_upper(100 * chance.upper);
  figure.set_lower(100 * chance.lower);
  figure.set_upper(100 * chance.upper);
  return figure;
}

v1::Standardisation Of(const v1::Metric& metric, const std::vector<v1::Figure>& strata,
                       const std::vector<v1::Figure>& standard,
                       v1::Figure figure = FigureOf("A", "", 50, 200)) {
  std::vector<v1::Figure> figures = {std::move(figure)};
  SetStandardised(metric, "age_band", "everybody", strata, standard, figures);
  return figures[0].standardised();
}

// Two strata of a textbook: rates 10% of 100 and 40% of 100, in a standard of 300 and 100.
TEST(Standardise, WeighsStrataByTheStandard) {
  const auto result = Of(Proportion(), {FigureOf("A", "0-4", 10, 100), FigureOf("A", "5-9", 40, 100)},
                         {FigureOf("P", "0-4", 60, 300), FigureOf("P", "5-9", 20, 100)});
  EXPECT_NEAR(result.value(), 0.75 * 10 + 0.25 * 40, 1e-12);
  EXPECT_EQ(result.strata(), 2u);
  EXPECT_EQ(result.by(), "age_band");
  EXPECT_EQ(result.standard(), "everybody");
  EXPECT_EQ(result.percent_suppressed(), 0);
  // Wilson at the effective size.
  const double p = 0.175;
  const double variance = 0.75 * 0.75 * 0.1 * 0.9 / 100 + 0.25 * 0.25 * 0.4 * 0.6 / 100;
  const double n = p * (1 - p) / variance;
  const double centre = (p + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n)) / (1 + kZ * kZ / n);
  EXPECT_NEAR(result.lower(), 100 * (centre - half), 1e-9);
  EXPECT_NEAR(result.upper(), 100 * (centre + half), 1e-9);
  EXPECT_EQ(result.missing(), "");
}

// Whoever has the standard's own mix stays where it is.
TEST(Standardise, ChangesNothing_WhereTheMixIsTheStandards) {
  const auto result = Of(Proportion(), {FigureOf("A", "0-4", 30, 150), FigureOf("A", "5-9", 20, 50)},
                         {FigureOf("P", "0-4", 60, 300), FigureOf("P", "5-9", 20, 100)});
  EXPECT_NEAR(result.value(), 25, 1e-12);
}

// Whatever a suppressed stratum holds, what would come of it lies within the interval's ends of certainty.
TEST(Standardise, BoundsWhatSuppressedStrataMayHold) {
  v1::Figure hidden = FigureOf("A", "5-9", 5, 20);
  hidden.set_status(v1::FIGURE_STATUS_SUPPRESSED);
  for (const auto clear :
       {&v1::Figure::clear_value, &v1::Figure::clear_numerator, &v1::Figure::clear_denominator})
    (hidden.*clear)();
  const auto result = Of(Proportion(), {FigureOf("A", "0-4", 10, 100), hidden},
                         {FigureOf("P", "0-4", 60, 300), FigureOf("P", "5-9", 20, 100)});
  EXPECT_EQ(result.suppressed(), 1u);
  EXPECT_EQ(result.percent_suppressed(), 25);
  EXPECT_NEAR(result.value(), 10, 1e-12);
  EXPECT_LT(result.lower(), 0.75 * 10) << "none of the hidden had it";
  EXPECT_GT(result.upper(), 0.75 * 10 + 25) << "all of them had";
  EXPECT_GT(result.lower(), 0);
}

TEST(Standardise, LeavesOutStrataWithoutMembers_AndSaysSo) {
  v1::Figure empty = FigureOf("A", "5-9", 0, 1);
  empty.set_status(v1::FIGURE_STATUS_NOT_AVAILABLE);
  empty.clear_value();
  empty.set_denominator(0);
  const std::vector<v1::Figure> standard = {FigureOf("P", "0-4", 60, 300), FigureOf("P", "5-9", 20, 100)};
  for (const auto& strata :
       {std::vector{FigureOf("A", "0-4", 10, 100), empty}, std::vector{FigureOf("A", "0-4", 10, 100)}}) {
    const auto result = Of(Proportion(), strata, standard);
    EXPECT_NEAR(result.value(), 10, 1e-12);
    EXPECT_EQ(result.empty(), 1u);
    EXPECT_EQ(result.percent_empty(), 25);
    EXPECT_EQ(result.suppressed(), 0u);
  }
}

TEST(Standardise, GivesNoValue_WhereMostOfTheStandardIsUnknown) {
  const auto result = Of(Proportion(), {FigureOf("A", "5-9", 10, 100)},
                         {FigureOf("P", "0-4", 60, 300), FigureOf("P", "5-9", 20, 100)});
  EXPECT_FALSE(result.has_value());
  EXPECT_THAT(result.missing(), HasSubstr("50%"));
  EXPECT_FALSE(Of(Proportion(), {FigureOf("A", "5-9", 10, 100)}, {}).has_value()) << "no standard";
}

// Certain bounds move the ends in full, noise by squares: of two strata with the same reach the first is √2
// wider.
TEST(Standardise, JoinsWhatProtectionHides) {
  const std::vector<v1::Figure> standard = {FigureOf("P", "0-4", 20, 100), FigureOf("P", "5-9", 20, 100)};
  const auto widened = [&](v1::Mode mode) {
    std::vector<v1::Figure> strata = {FigureOf("A", "0-4", 30, 100), FigureOf("A", "5-9", 30, 100)};
    for (v1::Figure& figure : strata) {
      figure.set_mode(mode);
      figure.set_lower(figure.lower() - 6);
      figure.set_upper(figure.upper() + 6);
    }
    v1::Figure own = FigureOf("A", "", 60, 200);
    own.set_mode(mode);
    return Of(Proportion(), strata, standard, own);
  };
  const auto plain =
      Of(Proportion(), {FigureOf("A", "0-4", 30, 100), FigureOf("A", "5-9", 30, 100)}, standard);
  const auto certain = widened(v1::MODE_THRESHOLDED);
  EXPECT_NEAR(certain.lower(), plain.lower() - 6, 1e-9);
  EXPECT_NEAR(certain.upper(), plain.upper() + 6, 1e-9);
  const auto noised = widened(v1::MODE_NOISED);
  EXPECT_LT(noised.lower(), plain.lower());
  EXPECT_GT(noised.lower(), certain.lower());
}

// Rates have no upper end while a stratum is hidden, and no interval from few events.
TEST(Standardise, OfRates) {
  v1::Metric moves;
  moves.set_id("31");
  moves.set_kind(v1::METRIC_KIND_TRANSITION);
  const auto rate = [](const std::string& place, const std::string& category, double events, double days) {
    v1::Figure figure = FigureOf(place, category, 1, 2);
    figure.set_quantity("none>early_help");
    figure.set_display_unit("per 100 person-quarters");
    figure.set_numerator(events);
    figure.set_denominator(days);
    const double exposure = days / 91.3125 / 100;
    figure.set_value(events / exposure);
    const auto chance = statistics::ByarInterval(events, exposure).value();
    for (const auto set : {&v1::Figure::set_lower, &v1::Figure::set_sampling_lower})
      (figure.*set)(chance.lower);
    for (const auto set : {&v1::Figure::set_upper, &v1::Figure::set_sampling_upper})
      (figure.*set)(chance.upper);
    return figure;
  };
  const std::vector<v1::Figure> standard = {rate("P", "m", 10, 300000), rate("P", "f", 10, 100000)};
  const auto both =
      Of(moves, {rate("A", "m", 20, 20000), rate("A", "f", 40, 20000)}, standard, rate("A", "", 60, 40000));
  const double per = 91.3125 * 100;
  EXPECT_NEAR(both.value(), (0.75 * 20 + 0.25 * 40) / 20000 * per, 1e-9);
  EXPECT_LT(both.lower(), both.value());
  EXPECT_GT(both.upper(), both.value());
  const auto few =
      Of(moves, {rate("A", "m", 2, 20000), rate("A", "f", 4, 20000)}, standard, rate("A", "", 6, 40000));
  EXPECT_TRUE(few.has_value());
  EXPECT_FALSE(few.has_lower());
  EXPECT_THAT(few.missing(), HasSubstr("fewer than 10"));
  v1::Figure hidden = rate("A", "f", 4, 20000);
  hidden.set_status(v1::FIGURE_STATUS_SUPPRESSED);
  const auto open = Of(moves, {rate("A", "m", 20, 20000), hidden}, standard, rate("A", "", 60, 40000));
  EXPECT_TRUE(open.has_lower());
  EXPECT_FALSE(open.has_upper());
}

// By way of the query: from tables by sex, with all participants as the standard.
TEST(StandardiseQuery, TakesTheParticipantsAsStandard) {
  Scene scene;
  BenchmarkQuery query(scene.store(), scene.library());
  for (std::size_t i = 0; i < 4; ++i) scene.Join(kCouncils[i]);
  const contract::RoundItem item = scene.Item("16", v1::MODE_THRESHOLDED, {"sex"});
  const contract::RoundSpec spec = scene.Spec("r", {item});
  ASSERT_OK(scene.rounds().Open(spec));
  for (std::size_t i = 0; i < 4; ++i) {
    const auto n = static_cast<std::int64_t>(50 * i);
    contract::ProtectedTable by_sex = scene.Table(item, 0, {30, 100});
    by_sex.table.dimensions = {"sex"};
    by_sex.table.rows = {"female", "male"};
    by_sex.table.Resize();
    by_sex.table.values = {30, 100, 60, 150 + n};
    ASSERT_OK(scene.rounds().Submit(
        kCouncils[i], scene.Release(kCouncils[i], spec, {scene.Table(item, 0, {90, 250 + n}), by_sex})));
  }
  ASSERT_EQ(scene.rounds().CloseDue().value(), 1);
  v1::QueryRequest request;
  request.set_metric("16");
  request.set_standardise("sex");
  request.add_geographies(kCouncils[1]);
  request.add_geographies("participants");
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse response, query.Answer(request, Scope::Everything()));
  ASSERT_EQ(response.figures_size(), 2);
  const double women = 400;
  const double men = 4 * 150 + 50 + 100 + 150;
  const double own = (women * 30 / 100 + men * 60 / 200) / (women + men);
  EXPECT_NEAR(response.figures(0).standardised().value(), 100 * own, 1e-9);
  EXPECT_EQ(response.figures(0).standardised().strata(), 2u);
  EXPECT_THAT(response.figures(0).standardised().standard(), HasSubstr("all participants of round r by sex"));
  // Against themselves nothing changes.
  EXPECT_NEAR(response.figures(1).standardised().value(), response.figures(1).value(), 1e-9);

  request.set_standardise("age_band");
  EXPECT_THAT(query.Answer(request, Scope::Everything()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("standardise: metric 16")));
  request.set_standardise("sex");
  request.set_breakdown("sex");
  EXPECT_THAT(query.Answer(request, Scope::Everything()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("leave out breakdown")));
}

// The standard tells of all participants: who may not see them has none.
TEST(StandardiseQuery, RefusesWhoMayNotSeeTheParticipants) {
  Scene scene;
  BenchmarkQuery query(scene.store(), scene.library());
  for (const std::string& council : kCouncils) scene.Join(council);
  const contract::RoundItem item = scene.Item("16", v1::MODE_THRESHOLDED, {"sex"});
  contract::RoundSpec spec = scene.Spec("r", {item});
  spec.geographies = {"E12000001", "E12000007"};
  ASSERT_OK(scene.rounds().Open(spec));
  ASSERT_OK(scene.rounds().Close("r").status());
  Scope north = Scope::Everything();
  north.regions = {"E12000001"};
  v1::QueryRequest request;
  request.set_metric("16");
  ASSERT_OK(query.Answer(request, north).status());
  request.set_standardise("sex");
  EXPECT_THAT(query.Answer(request, north),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("standardise")));
  ASSERT_OK(query.Answer(request, Scope::Everything()).status());
}

TEST(Standardise, RefusesMetricsWithoutShares) {
  v1::Metric curve;
  curve.set_kind(v1::METRIC_KIND_SURVIVAL);
  EXPECT_THAT(CheckStandardises(curve), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("shares")));
}

}  // namespace
}  // namespace waymark::coordinator
