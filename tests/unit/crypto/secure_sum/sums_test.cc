// The sum itself, over random members, values and drop-outs, against plain addition: either it is exact over
// those that contributed, or the session ends cleanly and nothing was unmasked.
#include <random>

#include "tests/unit/crypto/secure_sum/federation.h"

namespace waymark::crypto {
namespace {

struct Case {
  std::size_t members;
  std::uint64_t cells;
  std::uint32_t word_bits;
};

std::vector<std::vector<std::int64_t>> RandomValues(std::size_t members, std::uint64_t cells,
                                                    std::mt19937_64& random) {
  std::vector<std::vector<std::int64_t>> values(members, std::vector<std::int64_t>(cells));
  for (auto& row : values) {
    for (std::int64_t& value : row) value = static_cast<std::int64_t>(random() % 2'000'001) - 1'000'000;
  }
  return values;
}

std::vector<std::int64_t> PlainSum(const std::vector<std::vector<std::int64_t>>& values,
                                   const std::set<std::uint32_t>& left_out) {
  std::vector<std::int64_t> sum(values[0].size());
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    for (std::size_t cell = 0; cell < sum.size() && !left_out.contains(i); ++cell)
      sum[cell] += values[i][cell];
  }
  return sum;
}

class SecureSums : public ::testing::TestWithParam<Case> {};

TEST_P(SecureSums, AreThoseOfPlainAddition_WhenNobodyLeaves) {
  SystemRandom random;
  std::mt19937_64 numbers(7);
  const auto& [n, cells, word_bits] = GetParam();
  auto members = MakeMembers(n, random);
  const auto values = RandomValues(n, cells, numbers);
  TestRound round(members, ParametersOf(members, cells, word_bits), random);
  round.Keys();
  ASSERT_OK(round.Shares());
  ASSERT_OK(round.Inputs(values));
  ASSERT_OK(round.Consistency());
  ASSERT_OK(round.Unmask());
  const auto sum = round.unmask->Finish();
  ASSERT_OK(sum);
  EXPECT_EQ(sum->sum.ToValues(), PlainSum(values, {}));
}

INSTANTIATE_TEST_SUITE_P(Sizes, SecureSums,
                         ::testing::Values(Case{3, 1, 64}, Case{5, 10, 32}, Case{12, 20'000, 64},
                                           Case{12, 20'000, 32}, Case{4, 8192, 64}, Case{4, 8193, 64}));

std::set<std::uint32_t> SomeOf(std::size_t n, std::size_t most, std::mt19937_64& random) {
  std::set<std::uint32_t> some;
  const std::size_t count = random() % (most + 1);
  while (some.size() < count) some.insert(static_cast<std::uint32_t>(random() % n));
  return some;
}

// 80 sessions whose members leave at any step, and whose messages come in any order, late and again.
TEST(SecureSumsWithDropOuts, AreExactOrNothing) {
  SystemRandom random;
  const std::uint64_t seed = std::random_device{}();
  RecordProperty("seed", std::to_string(seed));
  std::mt19937_64 numbers(seed);
  int sums = 0;
  int abandoned = 0;
  for (int run = 0; run < 80; ++run) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed << " run " << run);
    const std::size_t n = 3 + numbers() % 8;
    auto members = MakeMembers(n, random);
    const auto values = RandomValues(n, 3, numbers);
    TestRound round(members, ParametersOf(members, 3), random);
    round.disorder = &numbers;
    const auto before_input = SomeOf(n, n / 6, numbers);
    const auto at_input = SomeOf(n, n / 3, numbers);
    const auto at_signing = SomeOf(n, n / 6, numbers);
    const auto at_unmask = SomeOf(n, n / 6, numbers);
    const bool in_step_one = numbers() % 2 == 0;
    round.Keys(in_step_one ? before_input : std::set<std::uint32_t>{});
    absl::Status status = round.Shares(in_step_one ? std::set<std::uint32_t>{} : before_input);
    if (status.ok()) status = round.Inputs(values, at_input);
    if (status.ok()) status = round.Consistency(at_signing);
    if (status.ok()) status = round.Unmask(at_unmask);
    std::set<std::uint32_t> absent = before_input;
    absent.insert(at_input.begin(), at_input.end());
    if (!status.ok()) {
      // Nothing was opened: no node had sent a share when too few were left.
      EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
      for (const auto& member : members) EXPECT_TRUE(member->journal.unmasked.empty());
      ++abandoned;
      continue;
    }
    const bool can_finish = round.unmask->CanFinish();
    const auto sum = round.unmask->Finish();
    EXPECT_EQ(sum.ok(), can_finish);
    if (!sum.ok()) continue;
    EXPECT_EQ(sum->sum.ToValues(), PlainSum(values, absent));
    ++sums;
  }
  // About half of them, and a quarter: none of 80 is a chance below 1e-9.
  EXPECT_GT(sums, 0);
  EXPECT_GT(abandoned, 0);
}

TEST(SecureSumsOnSparseGraphs, AreExact_WhenSomeLeave) {
  SystemRandom random;
  std::mt19937_64 numbers(11);
  constexpr std::size_t kMembers = 60;
  auto members = MakeMembers(kMembers, random);
  SessionParameters parameters = ParametersOf(members, 5);
  parameters.degree = 20;
  parameters.share_threshold = 14;
  parameters.beacon = Sha256("beacon");
  const auto values = RandomValues(kMembers, 5, numbers);
  TestRound round(members, parameters, random);
  round.Keys({3});
  ASSERT_OK(round.Shares({17}));
  ASSERT_OK(round.Inputs(values, {20, 41}));
  ASSERT_OK(round.Consistency({5}));
  ASSERT_OK(round.Unmask());
  const auto sum = round.unmask->Finish();
  ASSERT_OK(sum);
  EXPECT_EQ(sum->sum.ToValues(), PlainSum(values, {3, 17, 20, 41}));
}

}  // namespace
}  // namespace waymark::crypto
