// Curves read again from what councils released (recombined.h), by way of the query.
#include <cmath>
#include <map>

#include "catalogue/columns.h"
#include "coordinator/benchmark/query.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/benchmark/published_scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::kCouncils;
using waymark::testing::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

class CurveTest : public ::testing::TestWithParam<v1::Mode>, protected testing::PublishedScene {
 protected:
  CurveTest() : PublishedScene(7) {
    request.set_metric("9");
    request.set_curve(true);
  }

  // Counts of council i: events of either kind in every fourth bin, and some censored; all of them multiples
  // of five from ten, so that both modes take them as they are.
  static std::vector<std::int64_t> CountsOf(std::size_t council, std::size_t cells) {
    std::vector<std::int64_t> counts(cells);
    for (std::size_t i = 0; i < cells; ++i) {
      const std::size_t bin = i / 3;
      if (bin % 4 == 1 || i + 3 >= cells)
        counts[i] = static_cast<std::int64_t>(10 + 5 * ((bin + council + i) % 5));
    }
    counts.back() = 400;
    return counts;
  }

  void Publish(v1::Mode mode) {
    const contract::RoundItem item = scene.Item("9", mode);
    cells = catalogue::ColumnsOf(*scene.library().Find("9")).size();
    PublishTables("r", item, [&](std::size_t i) { return scene.Table(item, 0, CountsOf(i, cells)); });
  }

  std::map<std::string, v1::Figure> Ask() {
    const absl::StatusOr<v1::QueryResponse> response = query.Answer(request, Scope::Everything());
    EXPECT_TRUE(response.ok()) << response.status();
    std::map<std::string, v1::Figure> figures;
    if (!response.ok()) return figures;
    for (const v1::Figure& figure : response->figures())
      EXPECT_TRUE(figures.emplace(figure.quantity(), figure).second) << figure.quantity();
    return figures;
  }

  // Kaplan-Meier and Aalen-Johansen by their formulas, over the councils [first, end).
  void ExpectTextbookCurve(const std::map<std::string, v1::Figure>& figures, std::size_t first,
                           std::size_t end) {
    const v1::Metric& metric = *scene.library().Find("9");
    std::vector<double> sum(cells);
    for (std::size_t i = first; i < end; ++i) {
      const std::vector<std::int64_t> counts = CountsOf(i, cells);
      for (std::size_t j = 0; j < cells; ++j) sum[j] += static_cast<double>(counts[j]);
    }
    double at_risk = 0;
    for (const double count : sum) at_risk += count;
    double survival = 1;
    double incidence[2] = {};
    for (int bin = 0; bin < metric.bins_size(); ++bin) {
      const double* const in = sum.data() + 3 * bin;
      const double exposed = at_risk - in[2] / 2;
      for (int kind = 0; kind < 2; ++kind) incidence[kind] += survival * in[kind] / exposed;
      survival *= 1 - (in[0] + in[1]) / exposed;
      at_risk -= in[0] + in[1] + in[2];
      const std::string day = "_" + std::to_string(metric.bins(bin));
      ASSERT_TRUE(figures.contains("survival" + day)) << day;
      EXPECT_NEAR(figures.at("survival" + day).value(), 100 * survival, 1e-9) << day;
      EXPECT_NEAR(figures.at("incidence_social_care" + day).value(), 100 * incidence[0], 1e-9) << day;
      EXPECT_NEAR(figures.at("incidence_early_help" + day).value(), 100 * incidence[1], 1e-9) << day;
    }
  }

  v1::QueryRequest request;
  std::size_t cells = 0;
};

TEST_P(CurveTest, IsTheTextbookCurveOfTheSum_AtEveryEdge) {
  Publish(GetParam());
  request.add_geographies("participants");
  ExpectTextbookCurve(Ask(), 0, 7);
  request.set_geographies(0, "E12000001");
  ExpectTextbookCurve(Ask(), 0, 5);
  request.set_geographies(0, kCouncils[5]);
  const auto own = Ask();
  ExpectTextbookCurve(own, 5, 6);
  EXPECT_EQ(own.at("survival_7").level(), v1::GEOGRAPHY_LEVEL_COUNCIL);
}

TEST_P(CurveTest, AgreesWithWhatIsPublished_WhereTheWindowsAre) {
  Publish(GetParam());
  request.add_geographies("participants");
  const auto curve = Ask();
  request.set_curve(false);
  const auto published = Ask();
  EXPECT_EQ(published.size(), 7u);
  for (const auto& [quantity, figure] : published)
    EXPECT_EQ(curve.at(quantity).SerializeAsString(), figure.SerializeAsString()) << quantity;
}

// Bands hold what chance does alone, and more where there is noise or rounding.
TEST_P(CurveTest, HasBandsOfChanceAndOfProtection) {
  Publish(GetParam());
  request.add_geographies("participants");
  for (const auto& [quantity, figure] : Ask()) {
    if (quantity == "median" || figure.value() <= 0 || figure.value() >= 100) continue;
    ASSERT_TRUE(figure.has_lower() && figure.has_upper() && figure.has_sampling_lower()) << quantity;
    EXPECT_LE(figure.lower(), figure.sampling_lower()) << quantity;
    EXPECT_LT(figure.sampling_lower(), figure.value()) << quantity;
    EXPECT_GT(figure.sampling_upper(), figure.value()) << quantity;
    EXPECT_GE(figure.upper(), figure.sampling_upper()) << quantity;
    EXPECT_GT(figure.upper() - figure.lower(), figure.sampling_upper() - figure.sampling_lower()) << quantity;
  }
}

TEST_P(CurveTest, OfAGroup_IsThatOfItsCouncils) {
  Publish(GetParam());
  for (const std::size_t i : {1u, 2u, 3u}) request.add_group(kCouncils[i]);
  const auto figures = Ask();
  ExpectTextbookCurve(figures, 1, 4);
  EXPECT_EQ(figures.at("survival_7").geography_code(), "group");
}

TEST_P(CurveTest, RefusesWhatContradictsIt) {
  Publish(GetParam());
  request.set_standing(true);
  EXPECT_THAT(query.Answer(request, Scope::Everything()), StatusIs(kInvalid, HasSubstr("curve")));
  request.set_standing(false);
  for (int i = 0; i < 21; ++i) request.add_geographies(absl::StrCat("E", i));
  EXPECT_THAT(query.Answer(request, Scope::Everything()), StatusIs(kInvalid, HasSubstr("at most 20")));
}

INSTANTIATE_TEST_SUITE_P(Modes, CurveTest, ::testing::Values(v1::MODE_THRESHOLDED, v1::MODE_NOISED));

TEST_F(CurveTest, NamesTheMetricsThatHaveOne) {
  const contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED);
  const contract::RoundSpec spec = scene.Spec("r", {item});
  ASSERT_OK(scene.rounds().Open(spec));
  for (std::size_t i = 0; i < 7; ++i) {
    ASSERT_OK(scene.rounds().Submit(kCouncils[i],
                                    scene.Release(kCouncils[i], spec, {scene.Table(item, 0, {20, 100})})));
  }
  ASSERT_EQ(scene.rounds().CloseDue().value(), 1);
  request.set_metric("19");
  EXPECT_THAT(query.Answer(request, Scope::Everything()), StatusIs(kInvalid, HasSubstr("9, 9-social-care")));
}

}  // namespace
}  // namespace waymark::coordinator
