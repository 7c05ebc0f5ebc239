// Nothing outside tells how long an answer took to find: the moments at which a node speaks, on a clock that
// the test moves.
#include "node/cli/paced_answers.h"

#include <map>

#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using waymark::testing::FakeClock;
using waymark::testing::StatusIs;

constexpr absl::Duration kInterval = absl::Seconds(60);
const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);  // a multiple of the interval

contract::RoundSpec Round(const std::string& id) {
  contract::RoundSpec round;
  round.round_id = id;
  return round;
}

// Seconds after the start at which the coordinator hears something of a node whose answers take so long.
std::vector<std::int64_t> Heard(const std::map<std::string, absl::Duration>& takes) {
  const FakeClock clock(kStart);
  std::vector<std::int64_t> heard;
  std::set<std::string> stored;
  std::set<std::string> sent;
  const auto hear = [&] { heard.push_back(absl::ToInt64Seconds(clock.Now() - kStart)); };
  PacedAnswers answers({.open = [&]() -> absl::StatusOr<std::vector<contract::RoundSpec>> {
                          hear();
                          std::vector<contract::RoundSpec> open;
                          for (const auto& [id, duration] : takes) {
                            if (!sent.contains(id)) open.push_back(Round(id));
                          }
                          return open;
                        },
                        .send = [&](const contract::RoundSpec& round) -> absl::StatusOr<bool> {
                          if (!stored.contains(round.round_id)) return false;
                          hear();
                          sent.insert(round.round_id);
                          return true;
                        },
                        .answer = [&](const contract::RoundSpec& round) -> absl::StatusOr<bool> {
                          clock.Advance(takes.at(round.round_id));
                          stored.insert(round.round_id);
                          return true;
                        }});
  while (sent.size() < takes.size()) {
    EXPECT_OK(answers.Once());
    clock.Advance(NextLook(clock.Now(), kInterval) - clock.Now());
  }
  return heard;
}

TEST(PacedAnswers, AreHeardAtTheSameMoments_WhateverTheyTook) {
  // A refusal that needs no figures, beside answers that are measured, audited or refused after that.
  const auto at_once = Heard({{"a", absl::ZeroDuration()}, {"b", absl::ZeroDuration()}});
  EXPECT_THAT(at_once, ElementsAre(0, 60, 60, 60));
  EXPECT_EQ(Heard({{"a", absl::Seconds(59)}, {"b", absl::ZeroDuration()}}), at_once);
  EXPECT_EQ(Heard({{"a", absl::ZeroDuration()}, {"b", absl::Milliseconds(59'900)}}), at_once);
  EXPECT_EQ(Heard({{"a", absl::Seconds(20)}, {"b", absl::Seconds(39)}}), at_once);
}

TEST(PacedAnswers, ThatTakeLongerAreHeardAtALaterMultiple_AndNoOtherMoment) {
  EXPECT_THAT(Heard({{"a", absl::Seconds(61)}}), ElementsAre(0, 120, 120));
  EXPECT_THAT(Heard({{"a", absl::Milliseconds(119'999)}}), ElementsAre(0, 120, 120));
}

TEST(PacedAnswers, NextLookIsAfterNow_AndAMultiple) {
  EXPECT_EQ(NextLook(kStart, kInterval), kStart + kInterval);
  EXPECT_EQ(NextLook(kStart + absl::Milliseconds(1), kInterval), kStart + kInterval);
  EXPECT_EQ(NextLook(kStart + absl::Seconds(59), absl::Seconds(1)), kStart + absl::Seconds(60));
}

TEST(PacedAnswers, OneRoundThatFailsKeepsNoOtherWaiting_AndIsGivenUpWhereItWouldFailAgain) {
  std::vector<std::string> tried;
  PacedAnswers answers(
      {.open =
           [] {
             return std::vector<contract::RoundSpec>{Round("closed"), Round("busy"), Round("good")};
           },
       .send = [](const contract::RoundSpec&) { return false; },
       .answer = [&](const contract::RoundSpec& round) -> absl::StatusOr<bool> {
         tried.push_back(round.round_id);
         if (round.round_id == "closed") return absl::PermissionDeniedError("no policy");
         if (round.round_id == "busy") return absl::UnavailableError("locked");
         return true;
       }});
  EXPECT_THAT(answers.Once(), StatusIs(absl::StatusCode::kPermissionDenied, ::testing::HasSubstr("policy")));
  EXPECT_TRUE(answers.has_unsent());
  EXPECT_THAT(answers.Once(), StatusIs(absl::StatusCode::kUnavailable, ::testing::HasSubstr("locked")));
  EXPECT_THAT(tried, ElementsAre("closed", "busy", "good", "busy", "good"));
}

}  // namespace
}  // namespace waymark::node
