// Margins of noised tables that add up: against the normal equations, by simulation, and where nothing is to
// be done.
#include "coordinator/benchmark/reconcile.h"

#include <cmath>
#include <random>

#include "absl/strings/str_cat.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using testing::Scene;

struct Item {
  Scene scene;
  contract::RoundItem item = scene.Item("19", v1::MODE_NOISED, {"sex", "age_band", "sex|age_band"});
  const v1::Metric& metric = *scene.library().Find("19");

  contract::ProtectedTable Table(std::vector<std::string> dimensions, std::vector<std::string> rows,
                                 std::vector<std::int64_t> values) const {
    contract::ProtectedTable made = scene.Table(item, 0, {0, 0});
    made.table.dimensions = std::move(dimensions);
    made.table.rows = std::move(rows);
    made.table.Resize();
    made.table.values = std::move(values);
    return made;
  }
};

// yes and all; those without the outcome are the rest.
TEST(Reconcile, MovesEachCountByItsShareOfWhatIsMissing) {
  const Item it;
  std::vector<contract::ProtectedTable> tables = {
      it.Table({}, {""}, {100, 400}), it.Table({"sex"}, {"f", "m", "x"}, {40, 200, 30, 120, 18, 60})};
  ReconcileMargins(it.metric, it.item, tables);
  // 100 and 88 differ by 12, shared by four; 300 and 292 (160 + 90 + 42) by 8, shared by four.
  EXPECT_EQ(tables[0].table.values, (std::vector<std::int64_t>{97, 97 + 298}));
  EXPECT_EQ(tables[1].table.values, (std::vector<std::int64_t>{43, 43 + 162, 33, 33 + 92, 21, 21 + 44}));
}

// Two breakdowns of one total: the least squares solution in closed form, each breakdown an estimate of the
// total whose variance is its number of rows.
TEST(Reconcile, IsTheLeastSquaresSolution) {
  const Item it;
  std::vector<contract::ProtectedTable> tables = {
      it.Table({}, {""}, {1000, 1000}), it.Table({"sex"}, {"f", "m"}, {300, 300, 520, 520}),
      it.Table({"age_band"}, {"a", "b", "c", "d"}, {300, 300, 300, 300, 300, 300, 340, 340})};
  const double total = (1000 + 820.0 / 2 + 1240.0 / 4) / (1 + 1.0 / 2 + 1.0 / 4);
  ReconcileMargins(it.metric, it.item, tables);
  EXPECT_NEAR(static_cast<double>(tables[0].table.values[0]), total, 1);
  EXPECT_NEAR(static_cast<double>(tables[1].table.At(0, 0)), 300 + (total - 820) / 2, 1.5);
  EXPECT_NEAR(static_cast<double>(tables[2].table.At(3, 0)), 340 + (total - 1240) / 4, 1.5);
}

TEST(Reconcile, LeavesChildrenAlone_AndTablesOfUnlikeNoise) {
  const Item it;
  const std::vector<contract::ProtectedTable> tables = {it.Table({}, {""}, {100, 400}),
                                                        it.Table({"sex"}, {"f", "m"}, {40, 200, 30, 120})};
  std::vector<contract::ProtectedTable> children = tables;
  for (auto& one : children) one.table.unit = v1::UNIT_CHILDREN;
  std::vector<contract::ProtectedTable> unlike = tables;
  unlike[1].protection.epsilon_denominator = 2;
  for (auto* left : {&children, &unlike}) {
    const std::vector<contract::ProtectedTable> before = *left;
    ReconcileMargins(it.metric, it.item, *left);
    EXPECT_EQ(*left, before);
  }
}

// Sex, age and both crossed, drawn again and again: all margins agree, no count is farther from its truth
// than noise alone reaches at 95%, and the total is nearer to it than it was.
TEST(Reconcile, AllMarginsAgree_AndIntervalsOfTheNoiseHold) {
  const Item it;
  constexpr int kRepetitions = 100'000;
  constexpr std::int64_t kRadius = 7;  // of discrete Laplace noise with ε/Δ = 1/2, at 95%: 2q^8/(1+q) <= 0.05
  constexpr std::size_t kAges = 4;
  const std::vector<std::string> ages = {"a", "b", "c", "d"};
  std::vector<std::string> crossed;
  for (const char* sex : {"f", "m"}) {
    for (const std::string& age : ages) crossed.push_back(absl::StrCat(sex, "|", age));
  }
  std::mt19937_64 random(11);
  std::geometric_distribution<std::int64_t> geometric(1 - std::exp(-0.5));
  const auto noise = [&] { return geometric(random) - geometric(random); };
  std::vector<int> held(1 + 2 + kAges + 2 * kAges);
  double before = 0;
  double after = 0;
  for (int i = 0; i < kRepetitions; ++i) {
    std::vector<contract::ProtectedTable> tables = {
        it.Table({}, {""}, {0, 0}), it.Table({"sex"}, {"f", "m"}, std::vector<std::int64_t>(4)),
        it.Table({"age_band"}, ages, std::vector<std::int64_t>(2 * kAges)),
        it.Table({"sex", "age_band"}, crossed, std::vector<std::int64_t>(4 * kAges))};
    std::vector<std::int64_t> truths;
    for (contract::ProtectedTable& one : tables) {
      const auto rows = static_cast<std::int64_t>(one.table.rows.size());
      for (std::size_t row = 0; row < one.table.rows.size(); ++row) {
        truths.push_back(800 / rows);
        one.table.At(row, 0) = truths.back() + noise();
        one.table.At(row, 1) = one.table.At(row, 0) + 1600 / rows + noise();
      }
    }
    before += std::pow(static_cast<double>(tables[0].table.values[0] - 800), 2);
    ReconcileMargins(it.metric, it.item, tables);
    after += std::pow(static_cast<double>(tables[0].table.values[0] - 800), 2);
    std::size_t cell = 0;
    for (const contract::ProtectedTable& one : tables) {
      for (std::size_t row = 0; row < one.table.rows.size(); ++row, ++cell) {
        held[cell] += std::abs(one.table.At(row, 0) - truths[cell]) <= kRadius ? 1 : 0;
      }
      for (std::size_t column = 0; column < 2; ++column) {
        std::int64_t sum = 0;
        for (std::size_t row = 0; row < one.table.rows.size(); ++row) sum += one.table.At(row, column);
        ASSERT_EQ(sum, tables[0].table.values[column]) << "seed 11, repetition " << i;
      }
    }
    for (std::size_t age = 0; age < kAges; ++age) {
      ASSERT_EQ(tables[3].table.At(age, 0) + tables[3].table.At(kAges + age, 0), tables[2].table.At(age, 0));
    }
  }
  // 95% of 100,000 less four standard deviations.
  for (const int count : held) EXPECT_GE(count, 94'724) << "seed 11";
  EXPECT_LT(after, before * 0.8) << "seed 11";
}

// Against what is left in 4,000 draws of wide noise: five standard deviations of a variance are 11%. Crossed
// fields leave less than is said.
TEST(Reconcile, LeavesTheShareOfTheNoiseThatItSays) {
  constexpr int kDraws = 4000;
  const Item it;
  std::mt19937_64 random(20'261'123);
  std::uniform_int_distribution<std::int64_t> noise(-600, 600);
  const double drawn = (1201.0 * 1201 - 1) / 12;
  for (const bool crossed : {false, true}) {
    double whole = 0, row = 0;
    std::vector<contract::ProtectedTable> tables;
    for (int draw = 0; draw < kDraws; ++draw) {
      const auto noised = [&](std::size_t rows) {
        std::vector<std::int64_t> values;
        for (std::size_t i = 0; i < rows; ++i) {
          values.push_back(noise(random));
          values.push_back(values.back() + noise(random));
        }
        return values;
      };
      tables = {it.Table({}, {""}, noised(1)), it.Table({"sex"}, {"f", "m"}, noised(2)),
                it.Table({"age_band"}, {"a", "b", "c", "d"}, noised(4))};
      if (crossed) {
        tables.push_back(it.Table({"sex", "age_band"},
                                  {"f|a", "f|b", "f|c", "f|d", "m|a", "m|b", "m|c", "m|d"}, noised(8)));
      }
      ReconcileMargins(it.metric, it.item, tables);
      whole += std::pow(static_cast<double>(tables[0].table.values[0]), 2) / kDraws;
      row += std::pow(static_cast<double>(tables[2].table.values[0]), 2) / kDraws;
    }
    const double whole_left = VarianceLeft(it.item, tables, tables[0]);
    const double row_left = VarianceLeft(it.item, tables, tables[2]);
    EXPECT_DOUBLE_EQ(whole_left, 1 / (1 + 1.0 / 2 + 1.0 / 4));
    EXPECT_DOUBLE_EQ(row_left, 1 - 1.0 / 4 + whole_left / 16);
    EXPECT_LE(whole / drawn, 1.11 * whole_left);
    EXPECT_LE(row / drawn, 1.11 * row_left);
    if (crossed) continue;
    EXPECT_GE(whole / drawn, 0.89 * whole_left);
    EXPECT_GE(row / drawn, 0.89 * row_left);
  }
}

TEST(Reconcile, LeavesAllNoise_WhereItChangesNothing) {
  const Item it;
  std::vector<contract::ProtectedTable> tables = {it.Table({}, {""}, {100, 400}),
                                                  it.Table({"sex"}, {"f", "m"}, {40, 200, 30, 120})};
  EXPECT_LT(VarianceLeft(it.item, tables, tables[0]), 1);
  EXPECT_EQ(VarianceLeft(it.item, {tables[0]}, tables[0]), 1);
  EXPECT_EQ(VarianceLeft(it.item, {tables[1]}, tables[1]), 1);
  std::vector<contract::ProtectedTable> hidden = tables;
  hidden[1].table.status[0] = v1::CELL_STATUS_NOT_AVAILABLE;
  EXPECT_EQ(VarianceLeft(it.item, hidden, hidden[0]), 1);
  std::vector<contract::ProtectedTable> unlike = tables;
  unlike[1].protection.epsilon_denominator = 2;
  EXPECT_EQ(VarianceLeft(it.item, unlike, unlike[0]), 1);
  for (auto& one : tables) one.table.unit = v1::UNIT_CHILDREN;
  EXPECT_EQ(VarianceLeft(it.item, tables, tables[0]), 1);
}

}  // namespace
}  // namespace waymark::coordinator
