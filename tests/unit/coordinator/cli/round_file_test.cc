#include "coordinator/cli/round_file.h"

#include "proto/contract/round_spec.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Scene;
using waymark::testing::StatusIs;

TEST(RoundFile, MakesASpecThatTheContractTakes) {
  Scene scene;
  ASSERT_OK_AND_ASSIGN(const v1::RoundSpec message,
                       ParseRoundFile(R"(
id = "autumn"
title = "Autumn"
deadline = "2025-10-31T17:00:00+00:00"
least_contributors = 4
data_version = 2
[[item]]
metric = "1"
period = "2023-24"
mode = "noised"
epsilon = "0.5"
breakdowns = ["sex"]
windows = [365]
units = ["episodes", "children"]
[[item]]
metric = "19"
version = 1
period = "2023-24"
mode = "thresholded"
)",
                                      "round.toml", scene.library(), scene.clock().Now()));
  ASSERT_OK_AND_ASSIGN(const contract::RoundSpec spec, contract::RoundSpecFromProto(message));
  EXPECT_EQ(spec.round_id, "autumn");
  EXPECT_EQ(spec.opens_unix_s, absl::ToUnixSeconds(scene.clock().Now()));
  EXPECT_EQ(spec.deadline_unix_s, 1'761'930'000);
  EXPECT_EQ(spec.least_contributors, 4u);
  EXPECT_EQ(spec.data_version, 2u);
  ASSERT_EQ(spec.items.size(), 2u);
  EXPECT_EQ(spec.items[0].epsilon_numerator, 1u);
  EXPECT_EQ(spec.items[0].epsilon_denominator, 2u);
  EXPECT_THAT(spec.items[0].window_days, ElementsAre(365u));
  EXPECT_THAT(spec.items[0].units, ElementsAre(v1::UNIT_EPISODES, v1::UNIT_CHILDREN));
  EXPECT_EQ(spec.items[1].definition_hash, scene.Item("19", v1::MODE_THRESHOLDED).definition_hash);
}

TEST(RoundFile, NamesEveryErrorWithItsLine) {
  Scene scene;
  const absl::Status status = ParseRoundFile(R"(id = "x"
deadline = "tomorrow"
[[item]]
metric = "99"
period = "2023-26"
mode = "noised"
epsilon = "much"
units = ["cats"]
[[item]]
metric = "19"
version = 8
period = "2023-24"
mode = "thresholded"
epsilon = "1"
)",
                                             "r.toml", scene.library(), scene.clock().Now())
                                  .status();
  for (const char* part :
       {"r.toml:2: deadline: expected a time", "r.toml:4: item[1].metric", "r.toml:5: item[1].period",
        "r.toml:7: item[1].epsilon: expected a fraction", "\"cats\" is none of",
        "r.toml:11: item[2].version: the catalogue has version 1", "a thresholded item has none"}) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(part)));
  }
}

TEST(RoundFile, NeedsOneKindOfDeadline_AndAnItem) {
  Scene scene;
  const auto parse = [&](const std::string& text) {
    return ParseRoundFile(text, "r.toml", scene.library(), scene.clock().Now()).status();
  };
  EXPECT_THAT(parse("id = \"x\"\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("open_minutes = 60")));
  EXPECT_THAT(parse("id = \"x\"\nopen_minutes = 5\ndeadline = \"2025-10-31T17:00:00Z\"\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("either")));
  EXPECT_THAT(parse("id = \"x\"\nopen_minutes = 5\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("[[item]]")));
}

TEST(Epsilon, IsExact) {
  const auto parts = [](const char* text) {
    const EpsilonFraction fraction = ParseEpsilon(text).value();
    return std::pair(fraction.numerator, fraction.denominator);
  };
  EXPECT_EQ(parts("1/2"), std::pair(std::uint64_t{1}, std::uint64_t{2}));
  EXPECT_EQ(parts("0.5"), std::pair(std::uint64_t{1}, std::uint64_t{2}));
  EXPECT_EQ(parts("0.1"), std::pair(std::uint64_t{1}, std::uint64_t{10}));
  EXPECT_EQ(parts("4"), std::pair(std::uint64_t{4}, std::uint64_t{1}));
  EXPECT_EQ(parts("2.50"), std::pair(std::uint64_t{5}, std::uint64_t{2}));
  EXPECT_EQ(parts("0.000000001"), std::pair(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  for (const char* text : {"", "0", "0/1", "1/0", "-1", "1e-1", ".5", "5.", "1/2/3", "NaN", "0.0000000001",
                           "10000000000", "1/99999999999999999999", " 1"}) {
    EXPECT_THAT(ParseEpsilon(text), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("expected")))
        << text;
  }
}

}  // namespace
}  // namespace waymark::coordinator
