// Agreement against pairs counted one by one and closed forms, p against every grouping by another way.
#include "statistics/agreement.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/testing/status_matchers.h"

namespace waymark::statistics {
namespace {

using ::testing::HasSubstr;
using waymark::testing::StatusIs;

absl::StatusOr<std::uint64_t> NeverDrawn(std::uint64_t) {
  return absl::InternalError("drawn");
}

Draw DrawnFrom(std::mt19937_64& engine) {
  return [&engine](std::uint64_t below) -> absl::StatusOr<std::uint64_t> {
    return std::uniform_int_distribution<std::uint64_t>(0, below - 1)(engine);
  };
}

double ByPairs(const Answers& answers, const std::vector<std::size_t>& group) {
  double same = 0;
  double all = 0;
  for (std::size_t i = 0; i < group.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      for (std::size_t q = 0; q < answers[0].size(); ++q) {
        const int a = answers[group[i]][q];
        const int b = answers[group[j]][q];
        if (a == kNoAnswer || b == kNoAnswer) continue;
        ++all;
        same += a == b ? 1 : 0;
      }
    }
  }
  return all == 0 ? 0 : same / all;
}

Answers MadeUp(std::mt19937_64& engine, std::size_t members, std::size_t questions) {
  std::uniform_int_distribution<int> any(kNoAnswer, 3);
  Answers answers(members, std::vector<int>(questions));
  for (auto& one : answers) std::generate(one.begin(), one.end(), [&] { return any(engine); });
  return answers;
}

TEST(AgreementOf, IsThatOfPairsCountedOneByOne_AndItsPThatOfEveryGrouping) {
  std::mt19937_64 engine(20'260'701);
  for (int round = 0; round < 40; ++round) {
    const std::size_t members = 4 + static_cast<std::size_t>(round) % 8;
    const Answers answers = MadeUp(engine, members, 1 + static_cast<std::size_t>(round) % 5);
    std::vector<std::size_t> group(members);
    for (std::size_t i = 0; i < members; ++i) group[i] = i;
    std::shuffle(group.begin(), group.end(), engine);
    group.resize(2 + static_cast<std::size_t>(round) % (members - 2));
    ASSERT_OK_AND_ASSIGN(const auto found, AgreementOf(answers, group, NeverDrawn));
    const double own = ByPairs(answers, group);
    if (!found) continue;  // no pair
    double sum = 0;
    double as_much = 0;
    double groupings = 0;
    for (std::uint32_t bits = 0; bits < 1U << members; ++bits) {
      std::vector<std::size_t> chosen;
      for (std::size_t i = 0; i < members; ++i) {
        if ((bits >> i & 1U) != 0) chosen.push_back(i);
      }
      if (chosen.size() != group.size()) continue;
      ++groupings;
      sum += ByPairs(answers, chosen);
      as_much += ByPairs(answers, chosen) >= own - 1e-9 ? 1 : 0;
    }
    EXPECT_NEAR(found->within, own, 1e-12);
    EXPECT_NEAR(found->expected, sum / groupings, 1e-12);
    EXPECT_NEAR(found->p, as_much / groupings, 1e-12);
    EXPECT_EQ(found->groupings, static_cast<std::uint64_t>(groupings));
    EXPECT_TRUE(found->exact);
  }
}

// A group of k whose members alone say yes, among n who all say something else each: no other agrees at all.
TEST(AgreementOf, OfAGroupThatAloneAgrees_IsOneOfAllGroupings) {
  Answers answers;
  for (int i = 0; i < 10; ++i) answers.push_back({i < 4 ? 0 : i});
  const std::vector<std::size_t> group = {0, 1, 2, 3};
  ASSERT_OK_AND_ASSIGN(const auto found, AgreementOf(answers, group, NeverDrawn));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->within, 1);
  EXPECT_DOUBLE_EQ(found->p, 1.0 / 210);
  // A pair of ten is in C(8, 2) of C(10, 4) groupings; six pairs agree, of the six that a grouping has.
  EXPECT_NEAR(found->expected, 6.0 * 28 / 210 / 6, 1e-12);
}

TEST(AgreementOf, IsDrawnWhereGroupingsAreMany_AndNearWhatAllWouldGive) {
  std::mt19937_64 engine(7);
  // 20 members, 10 of a group: 184,756 groupings. One question, yes or no; 8 of the group's 10 and 3 others
  // say yes.
  Answers answers;
  for (int i = 0; i < 20; ++i) answers.push_back({i < 8 || i >= 17 ? 1 : 0});
  std::vector<std::size_t> group(10);
  for (std::size_t i = 0; i < 10; ++i) group[i] = i;
  ASSERT_OK_AND_ASSIGN(const auto found, AgreementOf(answers, group, DrawnFrom(engine)));
  ASSERT_TRUE(found.has_value());
  EXPECT_FALSE(found->exact);
  EXPECT_EQ(found->groupings, kMostGroupings);
  // As much where 8 or more, or 2 or fewer, of a grouping's 10 say yes: hypergeometric, 11 of 20.
  const auto choose = [](int n, int k) {
    return std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0));
  };
  double p = 0;
  for (const int yes : {1, 2, 8, 9, 10}) p += choose(11, yes) * choose(9, 10 - yes) / choose(20, 10);
  // Six standard errors of 10,000 draws.
  EXPECT_NEAR(found->p, p, 6 * std::sqrt(p * (1 - p) / 10'000));
}

TEST(AgreementOf, HoldsItsLevel) {
  std::mt19937_64 engine(11);
  int below = 0;
  constexpr int kRounds = 2'000;
  for (int round = 0; round < kRounds; ++round) {
    const Answers answers = MadeUp(engine, 9, 6);
    ASSERT_OK_AND_ASSIGN(const auto found, AgreementOf(answers, {0, 1, 2}, NeverDrawn));
    below += found && found->p <= 0.05 ? 1 : 0;
  }
  EXPECT_LE(below, kRounds * 0.05 + 5 * std::sqrt(kRounds * 0.05 * 0.95));
}

TEST(AgreementOf, HasNothingToSayOfOneMember_OrOfAll_OrWithoutAnswers) {
  const Answers answers = {{0, 1}, {0, 1}, {kNoAnswer, kNoAnswer}, {kNoAnswer, kNoAnswer}};
  for (const std::vector<std::size_t>& group :
       std::vector<std::vector<std::size_t>>{{}, {0}, {0, 1, 2, 3}, {2, 3}, {0, 2}}) {
    ASSERT_OK_AND_ASSIGN(const auto found, AgreementOf(answers, group, NeverDrawn));
    EXPECT_FALSE(found.has_value()) << ::testing::PrintToString(group);
  }
}

TEST(AgreementOf, RefusesWhoIsNone_AndHandsOnWhatTheDrawSays) {
  EXPECT_THAT(AgreementOf({{0}, {1}, {0}}, {0, 3}, NeverDrawn),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("group")));
  EXPECT_THAT(AgreementOf({{0}, {1}, {0}}, {0, 0}, NeverDrawn),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("group")));
  EXPECT_THAT(AgreementOf({{0}, {1, 2}, {0}}, {0, 1}, NeverDrawn),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("answers")));
  std::vector<std::size_t> group(20);
  for (std::size_t i = 0; i < group.size(); ++i) group[i] = i;
  EXPECT_THAT(AgreementOf(Answers(40, {1}), group, NeverDrawn),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("drawn")));
}

// By R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") is 0.03 0.06 0.06 0.02.
TEST(HolmAdjusted, IsThatOfR) {
  const std::vector<double> adjusted = HolmAdjusted({0.01, 0.04, 0.03, 0.005});
  const std::vector<double> by_r = {0.03, 0.06, 0.06, 0.02};
  ASSERT_EQ(adjusted.size(), by_r.size());
  for (std::size_t i = 0; i < by_r.size(); ++i) EXPECT_NEAR(adjusted[i], by_r[i], 1e-12);
  EXPECT_EQ(HolmAdjusted({0.7, 0.9}), (std::vector<double>{1, 1}));
  EXPECT_TRUE(HolmAdjusted({}).empty());
}

// Against a count of every way in which coins can fall.
TEST(SignTest, IsTheShareOfCoinsThatFallAsUnevenly) {
  EXPECT_EQ(SignTest(0, 0), 1);
  for (std::uint64_t up = 0; up <= 9; ++up) {
    for (std::uint64_t down = 0; up + down <= 9; ++down) {
      const std::uint64_t moved = up + down;
      const auto unevenness = [&](std::uint64_t heads) {
        return heads > moved - heads ? 2 * heads - moved : moved - 2 * heads;
      };
      double as_uneven = 0;
      for (std::uint32_t coins = 0; coins < 1U << moved; ++coins) {
        const auto heads = static_cast<std::uint64_t>(__builtin_popcount(coins));
        as_uneven += unevenness(heads) >= unevenness(up) ? 1 : 0;
      }
      EXPECT_NEAR(SignTest(up, down), as_uneven / static_cast<double>(1U << moved), 1e-12)
          << up << " " << down;
    }
  }
  EXPECT_NEAR(SignTest(60, 40), 0.05688793, 1e-7);  // R: binom.test(60, 100)$p.value
}

}  // namespace
}  // namespace waymark::statistics
