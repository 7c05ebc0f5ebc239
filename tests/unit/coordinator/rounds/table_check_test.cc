// What the coordinator refuses of a thresholded table, rule by rule.
#include "coordinator/rounds/table_check.h"

#include "catalogue/columns.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::Scene;
using waymark::testing::StatusIs;

v1::Metric Metric(v1::MetricKind kind) {
  v1::Metric metric;
  metric.set_id("1");
  metric.set_kind(kind);
  if (kind == v1::METRIC_KIND_PROPORTION || kind == v1::METRIC_KIND_MIX) {
    for (const char* id : {"a", "b"}) metric.add_outcomes()->set_id(id);
  }
  if (kind == v1::METRIC_KIND_DURATION) metric.add_bins(7);
  return metric;
}

// t = 7, b = 5; a table by sex, or by sex and age, or without dimensions.
contract::ProtectedTable Given(const v1::Metric& metric, std::vector<std::string> rows,
                               std::vector<std::int64_t> values) {
  contract::ProtectedTable given;
  given.table.metric = "1";
  given.table.period = "2024-25-Q1";
  given.table.unit = v1::UNIT_EPISODES;
  if (rows.size() > 1) given.table.dimensions = {"sex"};
  given.table.rows = std::move(rows);
  given.table.columns = catalogue::ColumnsOf(metric);
  given.table.Resize();
  given.table.values = std::move(values);
  given.protection = {.mode = v1::MODE_THRESHOLDED, .suppressed_to = 7, .rounded_to = 5};
  return given;
}

void Hide(contract::ProtectedTable& given, std::size_t at,
          v1::CellStatus status = v1::CELL_STATUS_SUPPRESSED) {
  given.table.values[at] = 0;
  given.table.status[at] = status;
}

struct Wrong {
  std::vector<std::int64_t> values;  // of a row "female"; "male" is well
  const char* message;
};

TEST(WrongCounts, NamesTheRowTheColumnAndTheRule) {
  const v1::Metric metric = Metric(v1::METRIC_KIND_PROPORTION);
  const std::vector<std::int64_t> male = {10, 0, 100};
  const std::vector<Wrong> wrong = {
      {{12, 0, 100}, "column \"a\": the count is not a multiple of 5"},
      {{10, 0, 101}, "column \"denominator\": the count is not a multiple of 5"},
      {{10, -5, 100}, "column \"b\": a thresholded count is negative"},
      {{5, 0, 100}, "column \"a\": a count of 1 to 7 is shown"},
      {{0, 0, 5}, "column \"a\": the outcome leaves 1 to 7 of its denominator"},
      {{10, 105, 100}, "column \"b\": the outcome is above its denominator"},
  };
  EXPECT_EQ(WrongCounts(metric, Given(metric, {"female", "male"}, {10, 100, 100, 10, 0, 100})), "");
  for (const Wrong& one : wrong) {
    SCOPED_TRACE(one.message);
    std::vector<std::int64_t> values = one.values;
    values.insert(values.end(), male.begin(), male.end());
    EXPECT_THAT(WrongCounts(metric, Given(metric, {"female", "male"}, values)),
                AllOf(HasSubstr("row \"female\""), HasSubstr(one.message)));
  }
}

TEST(WrongCounts, ACountThatIsSmallBeforeItsRounding_IsRefused) {
  const v1::Metric metric = Metric(v1::METRIC_KIND_PROPORTION);
  contract::ProtectedTable low = Given(metric, {""}, {0, 0, 100});
  Hide(low, 1, v1::CELL_STATUS_LOW);  // 1 or 2
  EXPECT_THAT(WrongCounts(metric, low), HasSubstr("a count of 1 to 7 is shown"));
  low.protection = {.mode = v1::MODE_THRESHOLDED, .suppressed_to = 7, .rounded_to = 20};  // 8 or 9 may be
  EXPECT_EQ(WrongCounts(metric, low), "");
}

TEST(WrongCounts, ARestThatIsSmall_IsRefused_WhereNothingIsRounded) {
  const v1::Metric metric = Metric(v1::METRIC_KIND_PROPORTION);
  contract::ProtectedTable unrounded = Given(metric, {""}, {97, 0, 100});
  unrounded.protection = {.mode = v1::MODE_THRESHOLDED, .suppressed_to = 5, .rounded_to = 1};
  EXPECT_THAT(WrongCounts(metric, unrounded), HasSubstr("leaves 1 to 5 of its denominator"));
  unrounded.table.values[0] = 94;
  EXPECT_EQ(WrongCounts(metric, unrounded), "");
  unrounded.table.values[0] = 100;
  EXPECT_EQ(WrongCounts(metric, unrounded), "");
}

TEST(WrongCounts, WithoutAThreshold_IsRefused) {
  const v1::Metric metric = Metric(v1::METRIC_KIND_PROPORTION);
  contract::ProtectedTable given = Given(metric, {""}, {10, 0, 100});
  given.protection.suppressed_to = 0;
  EXPECT_THAT(WrongCounts(metric, given), HasSubstr("no threshold"));
}

TEST(WrongCounts, PersonDaysHaveTheirOwnBaseAndThreshold) {
  const v1::Metric metric = Metric(v1::METRIC_KIND_TRANSITION);
  // Six kinds of moves, then days in each of three states; the quarter has 91 days, so 637 may be 7 people's.
  const std::vector<std::int64_t> good = {10, 0, 10, 0, 0, 0, 10'000, 9'000, 0};
  EXPECT_EQ(WrongCounts(metric, Given(metric, {""}, good)), "");
  std::vector<std::int64_t> days = good;
  days[6] = 10'050;
  EXPECT_THAT(WrongCounts(metric, Given(metric, {""}, days)), HasSubstr("not a multiple of 100"));
  days[6] = 500;
  EXPECT_THAT(WrongCounts(metric, Given(metric, {""}, days)), HasSubstr("a count of 1 to 637 is shown"));
  days[6] = 0;
  EXPECT_THAT(WrongCounts(metric, Given(metric, {""}, days)), HasSubstr("more moves than days"));
}

TEST(WrongMargin, RowsThatCannotAddUp_AreRefused) {
  const v1::Metric metric = Metric(v1::METRIC_KIND_PROPORTION);
  const contract::ProtectedTable parts = Given(metric, {"female", "male"}, {20, 0, 100, 30, 0, 100});
  // Two roundings of at most 2 each and one more: 196 to 204 within 195 ± 2 to 205 ± 2.
  for (const std::int64_t all : {195, 200, 205}) {
    EXPECT_EQ(WrongMargin(metric, Given(metric, {""}, {50, 0, all}), parts), "") << all;
  }
  for (const std::int64_t all : {190, 210}) {
    EXPECT_THAT(WrongMargin(metric, Given(metric, {""}, {50, 0, all}), parts),
                AllOf(HasSubstr("column \"denominator\""), HasSubstr("its rows by sex add up to")));
  }
  EXPECT_THAT(WrongMargin(metric, Given(metric, {""}, {50, 10, 200}), parts), HasSubstr("column \"b\""));
}

TEST(WrongMargin, ASuppressedRowMayBeAnything_ButNotLessThanNothing) {
  const v1::Metric metric = Metric(v1::METRIC_KIND_PROPORTION);
  contract::ProtectedTable parts = Given(metric, {"female", "male"}, {20, 0, 100, 0, 0, 0});
  Hide(parts, 5);
  EXPECT_EQ(WrongMargin(metric, Given(metric, {""}, {20, 0, 5000}), parts), "");
  EXPECT_THAT(WrongMargin(metric, Given(metric, {""}, {20, 0, 95}), parts), HasSubstr("denominator"));
}

TEST(WrongMargin, ARowThatTheWholeLacks_IsRefused) {
  const v1::Metric metric = Metric(v1::METRIC_KIND_MIX);
  const contract::ProtectedTable whole = Given(metric, {"female", "male"}, {20, 30, 40, 50});
  contract::ProtectedTable parts = Given(metric, {"female|old", "other|old"}, {20, 30, 40, 50});
  parts.table.dimensions = {"sex", "age"};
  Hide(parts, 2);
  EXPECT_THAT(WrongMargin(metric, whole, parts), HasSubstr("add up"));  // nobody is male and old
  parts.table.rows[1] = "male|old";
  EXPECT_EQ(WrongMargin(metric, whole, parts), "");
  parts.table.rows = {"female|old", "male|old", "other|old"};
  parts.table.Resize();
  parts.table.values = {20, 30, 40, 50, 10, 0};
  EXPECT_THAT(WrongMargin(metric, whole, parts), HasSubstr("does not have"));
}

TEST(WrongMargin, OfChildren_OnlyDenominatorsAreCompared_WhoMayBeInSeveralRows) {
  const v1::Metric metric = Metric(v1::METRIC_KIND_PROPORTION);
  contract::ProtectedTable parts = Given(metric, {"female", "male"}, {60, 0, 100, 60, 0, 100});
  contract::ProtectedTable whole = Given(metric, {""}, {50, 10, 150});
  parts.table.unit = whole.table.unit = v1::UNIT_CHILDREN;
  EXPECT_EQ(WrongMargin(metric, whole, parts), "");
  for (const std::int64_t all : {95, 210}) {  // below one of its rows; above all of them together
    whole.table.values[2] = all;
    EXPECT_THAT(WrongMargin(metric, whole, parts), HasSubstr("column \"denominator\"")) << all;
  }
}

// Through the door by which releases come: nothing of a refused release is kept.
TEST(WrongCounts, KeepTheWholeReleaseOut) {
  Scene scene;
  const std::string council = testing::kCouncils[0];
  scene.Join(council);
  const contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED, {"sex"});
  const contract::RoundSpec spec = scene.Spec("autumn", {item});
  ASSERT_OK(scene.rounds().Open(spec));
  const contract::ProtectedTable whole = scene.Table(item, 0, {20, 100});
  contract::ProtectedTable by_sex = whole;
  by_sex.table.dimensions = {"sex"};
  by_sex.table.rows = {"female", "male"};
  by_sex.table.Resize();
  by_sex.table.values = {10, 60, 10, 70};
  EXPECT_THAT(scene.rounds().Submit(council, scene.Release(council, spec, {whole, by_sex})).status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("release.tables[1] (metric 19, period 2023-24, by sex)"),
                             HasSubstr("row \"\", column \"denominator\""))));
  by_sex.table.values = {10, 60, 12, 40};
  EXPECT_THAT(scene.rounds().Submit(council, scene.Release(council, spec, {by_sex, whole})).status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("release.tables[0]"), HasSubstr("row \"male\""),
                             HasSubstr("not a multiple of 5"))));
  ASSERT_OK_AND_ASSIGN(const std::vector<std::string> answered, scene.store().Answered("autumn"));
  EXPECT_TRUE(answered.empty());
  by_sex.table.values = {10, 60, 10, 40};
  EXPECT_OK(scene.rounds().Submit(council, scene.Release(council, spec, {by_sex, whole})));
}

TEST(WrongStatement, TakesOneAnswerARow) {
  contract::ProtectedTable given;
  given.table.dimensions = {"question"};
  given.table.rows = {"F1", "F2"};
  given.table.columns = {"yes", "no", "unanswered"};
  given.table.Resize();
  given.table.values = {1, 0, 0, 0, 0, 1};
  given.protection = {.mode = v1::MODE_STATED};
  EXPECT_EQ(WrongStatement(given), "");
  const auto with = [&](std::vector<std::int64_t> values) {
    contract::ProtectedTable other = given;
    other.table.values = std::move(values);
    return WrongStatement(other);
  };
  EXPECT_THAT(with({1, 1, 0, 0, 0, 1}), HasSubstr("row \"F1\": 2 answers"));
  EXPECT_THAT(with({1, 0, 0, 0, 0, 0}), HasSubstr("row \"F2\": 0 answers"));
  EXPECT_THAT(with({2, -1, 0, 0, 0, 1}), HasSubstr("a statement is a shown 0 or 1"));
  contract::ProtectedTable hidden = given;
  Hide(hidden, 1);
  EXPECT_THAT(WrongStatement(hidden), HasSubstr("a statement is a shown 0 or 1"));
  contract::ProtectedTable whole = given;
  whole.table.dimensions.clear();
  EXPECT_THAT(WrongStatement(whole), HasSubstr("no table of all"));
}

}  // namespace
}  // namespace waymark::coordinator
