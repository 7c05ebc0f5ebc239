#include "node/disclose/policy.h"

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

constexpr char kOpen[] = "[release]\napproval = \"automatic\"\n";

absl::StatusOr<Policy> Parse(const std::string& text) {
  return Policy::Parse(text, "policy.toml", TestLibrary());
}

std::string Allow(const std::string& metric, const std::string& mode, const std::string& breakdowns = "") {
  return "[[allow]]\nmetric = \"" + metric + "\"\nversion = 1\nmode = \"" + mode + "\"\nbreakdowns = [" +
         breakdowns + "]\n";
}

void ExpectRefused(const std::string& text, const std::string& where, const std::string& what) {
  EXPECT_THAT(Parse(text), StatusIs(absl::StatusCode::kInvalidArgument,
                                    ::testing::AllOf(HasSubstr(where), HasSubstr(what))))
      << text;
}

TEST(PolicyTest, NothingLeaves_WithoutAFile) {
  const Policy policy;
  EXPECT_FALSE(policy.releases());
  EXPECT_EQ(policy.Find("1", 1, v1::MODE_THRESHOLDED), nullptr);
  EXPECT_THAT(std::string(policy.closed_because()), HasSubstr("no policy file"));
}

TEST(PolicyTest, DefaultsAreTheStricterOnes) {
  ASSERT_OK_AND_ASSIGN(const Policy policy, Parse(kOpen));
  EXPECT_TRUE(policy.releases());
  EXPECT_EQ(policy.floors().threshold, 7);
  EXPECT_EQ(policy.floors().rounding, 5);
  EXPECT_EQ(policy.floors().least_contributors, 3u);
  EXPECT_EQ(policy.budget().epsilon, Fraction{});
  EXPECT_TRUE(policy.allowances().empty());
}

TEST(PolicyTest, ReadsEveryKey) {
  ASSERT_OK_AND_ASSIGN(
      const Policy policy,
      Parse(std::string(kOpen) +
            "[floors]\nthreshold = 10\nrounding = 10\nleast_contributors = 5\nyearly_epsilon = \"7/2\"\n" +
            Allow("1", "thresholded", "\"sex\", \"age_band\"") + Allow("19", "noised")));
  EXPECT_EQ(policy.floors().threshold, 10);
  EXPECT_EQ(policy.floors().rounding, 10);
  EXPECT_EQ(policy.floors().least_contributors, 5u);
  EXPECT_EQ(policy.budget().epsilon, (Fraction{7, 2}));
  const Allowance* allowed = policy.Find("1", 1, v1::MODE_THRESHOLDED);
  ASSERT_NE(allowed, nullptr);
  EXPECT_EQ(allowed->breakdowns, (std::vector<std::string>{"sex", "age_band"}));
  EXPECT_EQ(policy.Find("1", 2, v1::MODE_THRESHOLDED), nullptr);
  EXPECT_EQ(policy.Find("1", 1, v1::MODE_NOISED), nullptr);
}

TEST(PolicyTest, ProfileDfeIsFiveAndUnrounded_BreakdownsToo) {
  ASSERT_OK_AND_ASSIGN(const Policy policy, Parse(std::string(kOpen) + "[floors]\nprofile = \"dfe\"\n" +
                                                  Allow("1", "thresholded", "\"sex\"")));
  EXPECT_EQ(policy.floors().threshold, 5);
  EXPECT_EQ(policy.floors().rounding, 1);
}

TEST(PolicyTest, ApprovalNoneReleasesNothing) {
  ASSERT_OK_AND_ASSIGN(const Policy policy,
                       Parse("[release]\napproval = \"none\"\n" + Allow("1", "thresholded")));
  EXPECT_FALSE(policy.releases());
}

TEST(PolicyTest, ApprovalByPersonNeedsApprovers) {
  const std::string by_person = "[release]\napproval = \"by-person\"\n";
  const std::string key(64, 'a');
  const auto approver = [](const std::string& digits) {
    return "[[approver]]\nname = \"governance\"\npublic_key = \"" + digits + "\"\n";
  };
  ASSERT_OK_AND_ASSIGN(const Policy policy, Parse(by_person + approver(key)));
  EXPECT_TRUE(policy.releases());
  EXPECT_EQ(policy.approvals_needed(), 1u);
  ASSERT_NE(policy.FindApprover(std::string(32, '\xaa')), nullptr);
  EXPECT_EQ(policy.FindApprover(std::string(32, '\xaa'))->name, "governance");
  EXPECT_EQ(policy.FindApprover(std::string(32, '\xab')), nullptr);
  ExpectRefused(by_person, "policy.toml:1", "asks for 1 approvers and there are 0");
  ExpectRefused(by_person + "approvals = 2\n" + approver(key), "policy.toml:3", "there are 1");
  ExpectRefused(by_person + approver(key) + approver(key), "policy.toml:2", "two approvers have one key");
  ExpectRefused(by_person + approver("ab"), "policy.toml:5", "64 hexadecimal digits");
  ExpectRefused(by_person + approver(std::string(64, 'g')), "policy.toml:5", "64 hexadecimal digits");
  ExpectRefused(std::string(kOpen) + approver(key), "policy.toml:2", "nobody is asked");
}

TEST(PolicyTest, FinestGeographyRefusesAreas) {
  const std::string head = std::string(kOpen) + "[floors]\nfinest_geography = \"council\"\n";
  EXPECT_OK(Parse(head + Allow("1", "thresholded", "\"sex\"")));
  ExpectRefused(head + Allow("1", "thresholded", "\"area\""), "breakdowns",
                "finer than floors.finest_geography");
}

TEST(PolicyTest, ErrorsNameLineAndFix) {
  ExpectRefused("", "release.approval", "missing");
  ExpectRefused("[release]\napproval = \"maybe\"\n", "policy.toml:2", "automatic, by-person, none");
  ExpectRefused(std::string(kOpen) + "[floors]\nyearly_epsilon = \"lots\"\n", "policy.toml:4",
                "expected a number");
  ExpectRefused(std::string(kOpen) + "[floors]\nyearly_epsilon = 4\n", "policy.toml:4", "text in quotes");
  ExpectRefused(std::string(kOpen) + "[floors]\nyearly_epsilon = \"21\"\n", "policy.toml:4", "at most 20");
  ExpectRefused(std::string(kOpen) + "[floors]\nleast_contributors = 2\n", "policy.toml:4",
                "from 3 to 10000");
  ExpectRefused(std::string(kOpen) + Allow("999", "thresholded"), "policy.toml:4", "no entry \"999\"");
  ExpectRefused(std::string(kOpen) + Allow("1", "thresholded", "\"shoe_size\""), "policy.toml:7",
                "no breakdown \"shoe_size\"");
  ExpectRefused(std::string(kOpen) + Allow("43", "noised"), "policy.toml:6", "may not leave noised");
  ExpectRefused(std::string(kOpen) + Allow("1", "open"), "policy.toml:6", "thresholded, noised, secure-sum");
  ExpectRefused(std::string(kOpen) + "[[allow]]\nmetric = \"1\"\nversion = 7\nmode = \"thresholded\"\n",
                "policy.toml:5", "version 1");
  ExpectRefused(std::string(kOpen) + "[[allow]]\nmetric = \"1\"\nmode = \"thresholded\"\n",
                "allow[1].version", "missing");
  ExpectRefused(std::string(kOpen) + "[floors]\ntreshold = 7\n", "policy.toml:4", "did you mean threshold");
  ExpectRefused("release = [\n", "policy.toml:1", "not valid TOML");
}

TEST(PolicyTest, ContradictionsAreRefused) {
  ExpectRefused(std::string(kOpen) + "[floors]\nthreshold = 6\n", "policy.toml:4", "below the profile's 7");
  ExpectRefused(std::string(kOpen) + "[floors]\nrounding = 1\n", "policy.toml:4", "below the profile's 5");
  ExpectRefused(std::string(kOpen) + "[floors]\nprofile = \"dfe\"\nthreshold = 4\n", "policy.toml:5",
                "below the profile's 5");
  ExpectRefused(std::string(kOpen) + Allow("19", "noised"), "policy.toml:6", "yearly_epsilon");
  const std::string budget = std::string(kOpen) + "[floors]\nyearly_epsilon = \"4\"\n";
  ExpectRefused(budget + Allow("1", "thresholded") + Allow("1", "noised"), "policy.toml:13", "one mode only");
  ExpectRefused(budget + Allow("1", "thresholded") + Allow("2", "noised"), "policy.toml:13",
                "linked with metric 1");
  ExpectRefused(budget + Allow("1", "thresholded") + Allow("1", "thresholded"), "policy.toml:11",
                "allowed twice");
}

TEST(PolicyTest, FamiliesLieInsideTheYearlyCap) {
  const std::string cap =
      std::string(kOpen) + "[floors]\nyearly_epsilon = \"4\"\nyearly_delta = \"0.00001\"\n";
  const std::string waits =
      "[[budget]]\nfamily = \"waits\"\nmetrics = [\"1\", \"2\"]\nyearly_epsilon = \"2\"\n";
  ASSERT_OK_AND_ASSIGN(const Policy policy, Parse(cap + waits + Allow("19", "noised")));
  EXPECT_EQ(policy.budget().delta, (Fraction{1, 100'000}));
  ASSERT_EQ(policy.budget().families.size(), 1u);
  EXPECT_EQ(policy.budget().families[0].family, "waits");
  EXPECT_EQ(policy.budget().families[0].metrics, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(policy.budget().families[0].epsilon, (Fraction{2, 1}));
  const auto family = [](const std::string& name, const std::string& metrics, const std::string& epsilon) {
    return "[[budget]]\nfamily = \"" + name + "\"\nmetrics = [" + metrics + "]\nyearly_epsilon = \"" +
           epsilon + "\"\n";
  };
  ExpectRefused(cap + waits + waits, "policy.toml:11", "named twice");
  ExpectRefused(cap + waits + family("other", "\"2\"", "1"), "policy.toml:12", "in the family waits too");
  ExpectRefused(cap + family("other", "\"999\"", "1"), "policy.toml:8", "no entry \"999\"");
  ExpectRefused(cap + family("other", "", "1"), "policy.toml:8", "list the family's metrics");
  for (const char* epsilon : {"0", "41/10", "5"}) {
    ExpectRefused(cap + family("other", "\"1\"", epsilon), "policy.toml:9", "inside the yearly cap");
  }
}

TEST(PolicyTest, EpsilonAndDeltaThatAreNoNumbersInRangeAreRefused) {
  for (const char* bad : {"-1", "nan", "inf", "1e300", "1/0", "", "0x4", "4.", "99999999999999999999"}) {
    ExpectRefused(std::string(kOpen) + "[floors]\nyearly_epsilon = \"" + bad + "\"\n", "policy.toml:4",
                  "expected");
    ExpectRefused(std::string(kOpen) + "[floors]\nyearly_delta = \"" + bad + "\"\n", "policy.toml:4",
                  "expected");
  }
  for (const char* delta : {"0", "1", "0.01"}) {
    ExpectRefused(std::string(kOpen) + "[floors]\nyearly_delta = \"" + delta + "\"\n", "policy.toml:4",
                  "from \"0.000000001\"");
  }
}

TEST(PolicyTest, EveryErrorIsToldAtOnce) {
  const auto parsed =
      Parse(std::string(kOpen) + "[floors]\nthreshold = 2\nrounding = 2\n" + Allow("999", "x"));
  ASSERT_FALSE(parsed.ok());
  const std::string message(parsed.status().message());
  EXPECT_THAT(message, HasSubstr("policy.toml:4"));
  EXPECT_THAT(message, HasSubstr("policy.toml:5"));
  EXPECT_THAT(message, HasSubstr("policy.toml:7"));
  EXPECT_THAT(message, HasSubstr("policy.toml:9"));
}

TEST(PolicyTest, MissingFileIsAnErrorNotAnOpenDoor) {
  EXPECT_THAT(Policy::Load("no/such/policy.toml", TestLibrary()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no/such/policy.toml")));
}

}  // namespace
}  // namespace waymark::node
