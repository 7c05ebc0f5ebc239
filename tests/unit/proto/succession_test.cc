#include "proto/contract/succession.h"

#include <functional>

#include "proto/contract/roster.h"
#include "tests/testing/status_matchers.h"

namespace waymark::contract {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::StatusIs;

Day DayIn(int year) {
  return *DayOf({.year = year, .month = 4, .day = 1});
}

// A recoding, a merger, a split, and a successor that was recoded later.
Successions Example() {
  return {{.day = DayIn(2019), .before = {"E06000028", "E06000029"}, .after = {"E06000058"}},
          {.day = DayIn(2023), .before = {"E06000058"}, .after = {"E06000099"}},
          {.day = DayIn(2023), .before = {"E10000006"}, .after = {"E06000063", "E06000064"}}};
}

using Messages = google::protobuf::RepeatedPtrField<v1::Succession>;
Messages ToMessages(const Successions& successions) {
  Messages messages;
  SuccessionsToProto(successions, messages);
  return messages;
}

TEST(Succession, RoundTripsAndKnowsItsKind) {
  ASSERT_OK_AND_ASSIGN(const Successions read, SuccessionsFromProto(ToMessages(Example())));
  EXPECT_EQ(read, Example());
  EXPECT_EQ(read[0].kind(), SuccessionKind::kMerged);
  EXPECT_EQ(read[1].kind(), SuccessionKind::kRecoded);
  EXPECT_EQ(read[2].kind(), SuccessionKind::kSplit);
  EXPECT_EQ(Describe(read[2]), "E10000006 split into E06000063, E06000064 on 2023-04-01");
}

TEST(Succession, PredecessorsAreAllThoseBefore_NearestFirst) {
  EXPECT_THAT(PredecessorsOf(Example(), "E06000099"), ElementsAre("E06000058", "E06000028", "E06000029"));
  EXPECT_THAT(PredecessorsOf(Example(), "E06000064"), ElementsAre("E10000006"));
  EXPECT_THAT(PredecessorsOf(Example(), "E10000006"), IsEmpty());
  EXPECT_EQ(EndOf(Example(), "E06000058")->after[0], "E06000099");
  EXPECT_EQ(BeginningOf(Example(), "E06000028"), nullptr);
}

TEST(Succession, WhatNoCouncilCanDoIsRefused) {
  const auto refused = [](const std::function<void(Messages&)>& spoil, const char* what) {
    Messages messages = ToMessages(Example());
    spoil(messages);
    EXPECT_THAT(SuccessionsFromProto(messages),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(what)));
  };
  refused([](Messages& m) { m[0].set_day("2019-02-29"); }, "expected a day");
  refused([](Messages& m) { m[0].clear_day(); }, "expected a day");
  refused([](Messages& m) { m[0].clear_before(); }, "successions.before");
  refused([](Messages& m) { m[0].clear_after(); }, "successions.after");
  refused([](Messages& m) { m[0].set_before(0, "Poole"); }, "successions.before");
  refused([](Messages& m) { m[0].set_before(1, "E06000028"); }, "each code once");
  refused([](Messages& m) { m[0].mutable_before()->SwapElements(0, 1); }, "expected to rise");
  refused([](Messages& m) { m.SwapElements(0, 2); }, "sorted by day");
  refused([](Messages& m) { *m.Add() = m[2]; }, "sorted by day");
  refused([](Messages& m) { m[1].set_before(0, "E06000028"); }, "E06000028 ends twice");
  refused([](Messages& m) { m[1].set_after(0, "E06000063"); }, "E06000063 begins twice");
  // Circles: by itself, at once, and by way of another.
  refused([](Messages& m) { m[0].set_after(0, "E06000028"); }, "does not begin again");
  refused([](Messages& m) { m[1].set_after(0, "E06000028"); }, "does not begin again");
  refused(
      [](Messages& m) {
        m[1].set_day("2018-04-01");
        m.SwapElements(0, 1);
      },
      "does not begin again");
  refused(
      [](Messages& m) {
        for (int i = 0; i < 1000; ++i) *m.Add() = m[0];
      },
      "successions: expected a length");
}

RosterEpoch Roster() {
  return {.federation = "north",
          .epoch = 1,
          .expires_unix_s = 1'800'000'000,
          .previous_hash = std::string(32, '\0'),
          .parts = {{.code = "E12000002",
                     .members = {{.council = "E06000063", .signing_key = std::string(32, '1')},
                                 {.council = "E06000064", .signing_key = std::string(32, '2')}}}}};
}

TEST(RosterSuccession, IsSigned_AndRostersWithoutKeepTheirBytes) {
  RosterEpoch roster = Roster();
  const std::string plain = CanonicalBytes(roster);
  roster.successions = Example();
  const std::string with = CanonicalBytes(roster);
  EXPECT_NE(with, plain);
  EXPECT_THAT(with, HasSubstr("waymark/v3/roster"));
  v1::RosterEpoch message;
  RosterToProto(roster, message);
  ASSERT_OK_AND_ASSIGN(const RosterEpoch read, RosterFromProto(message));
  EXPECT_EQ(read, roster);
  for (const auto& change :
       {+[](Successions& s) { s[0].day += 1; }, +[](Successions& s) { s.pop_back(); },
        +[](Successions& s) { s[0].before.pop_back(); }, +[](Successions& s) { s[2].after[1] = "E06000065"; },
        // The same codes on the other sides.
        +[](Successions& s) { std::swap(s[2].before, s[2].after); }}) {
    RosterEpoch other = roster;
    change(other.successions);
    EXPECT_NE(CanonicalBytes(other), with);
  }
  roster.parts[0].members[0].deprivation = 3;
  EXPECT_NE(CanonicalBytes(roster), with) << "weights are signed beside successions too";
}

TEST(RosterSuccession, CouncilThatEndedIsNoMember) {
  RosterEpoch roster = Roster();
  roster.successions = Example();
  roster.parts[0].members.push_back({.council = "E10000006", .signing_key = std::string(32, '3')});
  v1::RosterEpoch message;
  RosterToProto(roster, message);
  EXPECT_THAT(RosterFromProto(message),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("E10000006 is in it, and ended")));
}

TEST(RosterSuccession, OfADayToComeIsNotWorkedBy) {
  RosterEpoch roster = Roster();
  roster.successions = {Example()[2]};
  const absl::Time day = absl::FromUnixSeconds(std::int64_t{DayIn(2023)} * 86'400);
  EXPECT_OK(CheckUnexpired(roster, day));
  EXPECT_THAT(CheckUnexpired(roster, day - absl::Seconds(1)),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("a day to come")));
}

TEST(RosterSuccession, WhatWasSignedStays_AndRegionsToo) {
  RosterEpoch first = Roster();
  first.parts = {
      {.code = "E12000002", .members = {{.council = "E10000006", .signing_key = std::string(32, '1')}}}};
  RosterEpoch second = Roster();
  second.epoch = 2;
  second.previous_hash = RosterHash(first);
  second.successions = {Example()[2]};
  EXPECT_TRUE(Follows(second, first).value());
  RosterEpoch third = second;
  third.epoch = 3;
  third.previous_hash = RosterHash(second);
  EXPECT_TRUE(Follows(third, second).value());
  third.successions.clear();
  EXPECT_THAT(Follows(third, second),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("of what is held already")));
  third.successions = {Example()[2]};
  third.successions[0].after = {"E06000063"};
  EXPECT_THAT(Follows(third, second),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("of what is held already")));
  second.parts[0].code = "E12000003";
  EXPECT_THAT(Follows(second, first),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("a region stays as it is")));
  second.parts[0].code = std::string(kWholeCountry);
  EXPECT_TRUE(Follows(second, first).value()) << "all in one part";
}

}  // namespace
}  // namespace waymark::contract
