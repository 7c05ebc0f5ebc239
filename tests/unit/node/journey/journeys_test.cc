#include "node/journey/journeys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/testing/status_matchers.h"
#include "tests/unit/node/journey/records_builder.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using waymark::testing::StatusIs;

TEST(Merging, JoinsPieces_WhenReopenedTheNextDay) {
  const Journeys journeys = RecordsBuilder()
                                .EarlyHelp("a", "2024-01-10", "2024-03-01")
                                .EarlyHelp("a", "2024-03-02", "2024-05-05")
                                .Build();
  ASSERT_THAT(journeys.episodes(0, Level::kEarlyHelp), SizeIs(1));
  EXPECT_EQ(journeys.episodes(0, Level::kEarlyHelp)[0].start, D("2024-01-10"));
  EXPECT_EQ(journeys.episodes(0, Level::kEarlyHelp)[0].end, D("2024-05-05"));
}

TEST(Merging, KeepsPiecesApart_WhenReopenedTwoDaysLater) {
  const Journeys journeys = RecordsBuilder()
                                .EarlyHelp("a", "2024-01-10", "2024-03-01")
                                .EarlyHelp("a", "2024-03-03", "2024-05-05")
                                .Build();
  EXPECT_THAT(journeys.episodes(0, Level::kEarlyHelp), SizeIs(2));
}

TEST(Merging, JoinsAcrossALeapDay_OnlyWhenTheDayIsThere) {
  const Journeys journeys = RecordsBuilder()
                                .EarlyHelp("leap", "2024-01-10", "2024-02-28")
                                .EarlyHelp("leap", "2024-03-01", "2024-05-05")
                                .EarlyHelp("plain", "2023-01-10", "2023-02-28")
                                .EarlyHelp("plain", "2023-03-01", "2023-05-05")
                                .Build();
  EXPECT_THAT(journeys.episodes(IndexOf(journeys, "leap"), Level::kEarlyHelp), SizeIs(2));
  EXPECT_THAT(journeys.episodes(IndexOf(journeys, "plain"), Level::kEarlyHelp), SizeIs(1));
}

TEST(Merging, KeepsTheEnclosingEnd_WhenAPieceLiesInsideAnother) {
  const Journeys journeys = RecordsBuilder()
                                .EarlyHelp("a", "2024-01-01", "2024-12-01", {.end_reason = "outcomes_met"})
                                .EarlyHelp("a", "2024-02-01", "2024-03-01", {.end_reason = "moved"})
                                .EarlyHelp("a", "2024-11-01", "2024-11-30", {.end_reason = "nfa"})
                                .Build();
  ASSERT_THAT(journeys.episodes(0, Level::kEarlyHelp), SizeIs(1));
  const Episode& merged = journeys.episodes(0, Level::kEarlyHelp)[0];
  EXPECT_EQ(merged.end, D("2024-12-01"));
  EXPECT_EQ(journeys.Text(merged.end_reason), "outcomes_met");
}

TEST(Merging, StaysOpen_WhenAnyPieceIsOpen) {
  const Journeys journeys = RecordsBuilder()
                                .EarlyHelp("a", "2024-01-01", "")
                                .EarlyHelp("a", "2024-02-01", "2024-03-01", {.end_reason = "nfa"})
                                .EarlyHelp("a", "2025-02-01", "2025-03-01")
                                .Build();
  ASSERT_THAT(journeys.episodes(0, Level::kEarlyHelp), SizeIs(1));
  EXPECT_EQ(journeys.episodes(0, Level::kEarlyHelp)[0].end, kNoDay);
}

TEST(Merging, HasTheFirstPiecesFieldsAndTheLastPiecesEndReason) {
  const Journeys journeys =
      RecordsBuilder()
          .EarlyHelp(
              "a", "2024-03-02", "2024-05-05",
              {.source = "6", .end_reason = "outcomes_met", .need = "N2", .area = "north", .team = "t2"})
          .EarlyHelp("a", "2024-01-10", "2024-03-01",
                     {.source = "1A", .end_reason = "moved", .need = "N1", .area = "south", .team = "t1"})
          .Build();
  const Episode& merged = journeys.episodes(0, Level::kEarlyHelp)[0];
  EXPECT_EQ(journeys.Text(merged.source), "1A");
  EXPECT_EQ(journeys.Text(merged.need), "N1");
  EXPECT_EQ(journeys.Text(merged.area), "south");
  EXPECT_EQ(journeys.Text(merged.team), "t1");
  EXPECT_EQ(journeys.Text(merged.end_reason), "outcomes_met");
}

TEST(Merging, TakesTheSmallestIdFirstAndTheLastInOrder_WhenPiecesTie) {
  const Journeys journeys =
      RecordsBuilder()
          .EarlyHelp("a", "2024-01-10", "2024-03-01", {.source = "6", .end_reason = "nfa", .id = "2"})
          .EarlyHelp("a", "2024-01-10", "2024-03-01",
                     {.source = "1A", .end_reason = "outcomes_met", .id = "1"})
          .Build();
  const Episode& merged = journeys.episodes(0, Level::kEarlyHelp)[0];
  EXPECT_EQ(journeys.Text(merged.source), "1A");
  EXPECT_EQ(journeys.Text(merged.end_reason), "nfa");
}

TEST(Merging, DoesNotJoinLevelsOrPersons) {
  const Journeys journeys = RecordsBuilder()
                                .EarlyHelp("a", "2024-01-10", "2024-03-01")
                                .EarlyHelp("b", "2024-03-01", "2024-05-05")
                                .Cin("a", "2024-03-01", "2024-05-05")
                                .Build();
  EXPECT_THAT(journeys.episodes(0, Level::kEarlyHelp), SizeIs(1));
  EXPECT_THAT(journeys.episodes(1, Level::kEarlyHelp), SizeIs(1));
  EXPECT_THAT(journeys.episodes(0, Level::kCin), SizeIs(1));
}

TEST(SocialCareSpells, AreTheUnionOfLevels_WhenTheyTouch) {
  const Journeys journeys =
      RecordsBuilder()
          .Cin("a", "2024-01-01", "2024-03-01", {.source = "6", .end_reason = "moved"})
          .Episode("a", Level::kCp, "2024-03-02", "2024-06-01", {.end_reason = "outcomes_met"})
          .Episode("a", Level::kCla, "2024-06-03", "")
          .Build();
  ASSERT_THAT(journeys.social_care(0), SizeIs(2));
  const SocialCareSpell& first = journeys.social_care(0)[0];
  EXPECT_EQ(first.start, D("2024-01-01"));
  EXPECT_EQ(first.end, D("2024-06-01"));
  EXPECT_EQ(journeys.Text(journeys.episode(first.first).source), "6");
  EXPECT_EQ(journeys.Text(journeys.episode(first.last).end_reason), "outcomes_met");
  EXPECT_EQ(first.levels, 1U << 1 | 1U << 2);
  EXPECT_EQ(journeys.social_care(0)[1].end, kNoDay);
  EXPECT_EQ(journeys.FirstMove(0, D("2020-01-01")), kNoDay) << "the move merged with its next piece";
}

TEST(SocialCareSpells, TakeTheCaseItself_WhenLevelsOpenAndCloseTogether) {
  const Journeys journeys =
      RecordsBuilder()
          .Episode("a", Level::kCla, "2024-01-01", "2024-03-01", {.source = "7", .end_reason = "nfa"})
          .Cin("a", "2024-01-01", "2024-03-01", {.source = "6", .end_reason = "outcomes_met"})
          .Build();
  const SocialCareSpell& spell = journeys.social_care(0)[0];
  EXPECT_EQ(journeys.Text(journeys.episode(spell.first).source), "6");
  EXPECT_EQ(journeys.Text(journeys.episode(spell.last).end_reason), "outcomes_met");
}

TEST(Open, HoldsFromTheStartToTheDayBeforeTheEnd) {
  EXPECT_FALSE(IsOpen(10, 20, 9));
  EXPECT_TRUE(IsOpen(10, 20, 10));
  EXPECT_TRUE(IsOpen(10, 20, 19));
  EXPECT_FALSE(IsOpen(10, 20, 20));
  EXPECT_TRUE(IsOpen(10, kNoDay, 1000));
}

TEST(Open, HoldsOnItsOneDay_WhenAnEpisodeEndsOnItsStart) {
  EXPECT_FALSE(IsOpen(10, 10, 9));
  EXPECT_TRUE(IsOpen(10, 10, 10));
  EXPECT_FALSE(IsOpen(10, 10, 11));
}

TEST(StateOn, IsTheHighestOpenLevel) {
  const Journeys journeys = RecordsBuilder()
                                .EarlyHelp("a", "2024-01-01", "2024-12-01")
                                .Cin("a", "2024-03-01", "2024-05-01")
                                .Build();
  EXPECT_EQ(journeys.StateOn(0, D("2023-12-31")), State::kNone);
  EXPECT_EQ(journeys.StateOn(0, D("2024-02-29")), State::kEarlyHelp);
  EXPECT_EQ(journeys.StateOn(0, D("2024-03-01")), State::kSocialCare);
  EXPECT_EQ(journeys.StateOn(0, D("2024-05-01")), State::kEarlyHelp);
  EXPECT_EQ(journeys.StateOn(0, D("2024-12-01")), State::kNone);
}

TEST(FirstClosure, IsTheEarliestEndOfEarlyHelpOrASpell) {
  const Journeys journeys = RecordsBuilder()
                                .EarlyHelp("a", "2024-01-01", "2024-12-01")
                                .Cin("a", "2024-03-01", "2024-05-01")
                                .Cin("b", "2024-03-01", "2024-05-01")
                                .Episode("b", Level::kCp, "2024-04-01", "2024-07-01")
                                .EarlyHelp("c", "2024-01-01", "")
                                .Build();
  EXPECT_EQ(journeys.FirstClosure(0), D("2024-05-01"));
  EXPECT_EQ(journeys.FirstClosure(1), D("2024-07-01"));
  EXPECT_EQ(journeys.FirstClosure(2), kNoDay);
}

TEST(FirstMove, IsTheFirstOnOrAfterTheDay_AndNoneWhenItMerged) {
  const Journeys journeys = RecordsBuilder()
                                .EarlyHelp("a", "2024-01-01", "2024-02-01", {.end_reason = "moved"})
                                .EarlyHelp("a", "2024-02-02", "2024-03-01", {.end_reason = "outcomes_met"})
                                .EarlyHelp("a", "2024-04-01", "2024-05-01", {.end_reason = "moved"})
                                .Cin("a", "2024-06-01", "2024-06-30", {.end_reason = "moved"})
                                .Build();
  EXPECT_EQ(journeys.FirstMove(0, D("2024-01-01")), D("2024-05-01"));
  EXPECT_EQ(journeys.FirstMove(0, D("2024-05-01")), D("2024-05-01"));
  EXPECT_EQ(journeys.FirstMove(0, D("2024-05-02")), D("2024-06-30"));
  EXPECT_EQ(journeys.FirstMove(0, D("2024-07-01")), kNoDay);
}

TEST(Death, IsTheRecordedDateOrElseTheFirstClosureThatSaysSo) {
  const Journeys journeys = RecordsBuilder()
                                .Person("a", {.death = "2025-01-01"})
                                .EarlyHelp("a", "2024-01-01", "2024-12-01", {.end_reason = "died"})
                                .Cin("b", "2024-01-01", "2024-11-01", {.end_reason = "died"})
                                .EarlyHelp("c", "2024-01-01", "2024-12-01", {.end_reason = "nfa"})
                                .Build();
  EXPECT_EQ(journeys.person(0).death, D("2025-01-01"));
  EXPECT_EQ(journeys.person(1).death, D("2024-11-01"));
  EXPECT_EQ(journeys.person(2).death, kNoDay);
}

TEST(Extract, CutsWhatItCannotHaveSeen) {
  const Journeys journeys = RecordsBuilder("2024-06-30")
                                .EarlyHelp("a", "2024-01-01", "2024-07-01", {.end_reason = "moved"})
                                .EarlyHelp("a", "2023-01-01", "2022-12-31")
                                .Cin("a", "2024-07-01", "")
                                .Referral("a", "2024-06-30")
                                .Referral("a", "2024-07-01")
                                .Contact("a", "2024-07-01")
                                .Build();
  ASSERT_THAT(journeys.episodes(0, Level::kEarlyHelp), SizeIs(1));
  EXPECT_EQ(journeys.episodes(0, Level::kEarlyHelp)[0].end, kNoDay);
  EXPECT_EQ(journeys.FirstMove(0, D("2020-01-01")), kNoDay);
  EXPECT_THAT(journeys.social_care(0), SizeIs(0));
  EXPECT_THAT(journeys.referrals(0), SizeIs(1));
  EXPECT_THAT(journeys.contacts(0), SizeIs(0));
}

TEST(Families, ArePersonsAlone_WhenTheyHaveNone) {
  const Journeys journeys = RecordsBuilder()
                                .Person("a", {.family = "f"})
                                .Person("b", {.family = "f"})
                                .Person("c")
                                .Person("d")
                                .Build();
  EXPECT_EQ(journeys.family(0), journeys.family(1));
  EXPECT_NE(journeys.family(1), journeys.family(2));
  EXPECT_NE(journeys.family(2), journeys.family(3));
  EXPECT_LT(journeys.family(3), journeys.families());
  EXPECT_EQ(journeys.family_id(0), "f");
  EXPECT_EQ(journeys.family_id(2), "c");
}

TEST(Persons, StandInTheOrderOfTheirIds) {
  const Journeys journeys =
      RecordsBuilder().Person("child-10").Person("child-9").Person("child-1").Person("child-100").Build();
  std::vector<std::string> ids;
  for (PersonIndex i = 0; i < journeys.persons(); ++i) ids.emplace_back(journeys.person_id(i));
  EXPECT_THAT(ids, ::testing::ElementsAre("child-1", "child-10", "child-100", "child-9"));
}

TEST(Events, StandByDayThenId) {
  const Journeys journeys = RecordsBuilder()
                                .Contact("a", "2024-02-01", "6", "", "c2")
                                .Contact("a", "2024-02-01", "7", "", "c1")
                                .Contact("a", "2024-01-01", "8", "", "c3")
                                .Build();
  std::vector<std::string> sources;
  for (const Contact& contact : journeys.contacts(0)) sources.push_back(journeys.Text(contact.source));
  EXPECT_THAT(sources, ::testing::ElementsAre("8", "7", "6"));
}

TEST(BuildJourneys, Refuses_WhenRowsReferToNothing) {
  RecordsBuilder person;
  person.EarlyHelp("a", "2024-01-01", "").records().episodes[0].person = 7;
  EXPECT_THAT(BuildJourneys(person.records()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("row 0 of episodes")));
  RecordsBuilder code;
  code.Referral("a", "2024-01-01").records().referrals[0].source = 99;
  EXPECT_THAT(BuildJourneys(code.records()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("row 0 of referrals")));
  RecordsBuilder contact;
  contact.Contact("a", "2024-01-01").records().contacts[0].person = 1;
  EXPECT_THAT(BuildJourneys(contact.records()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("row 0 of contacts")));
  RecordsBuilder family;
  family.Person("a").records().persons[0].family = 3;
  EXPECT_THAT(BuildJourneys(family.records()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("row 0 of persons")));
  RecordsBuilder ids;
  ids.Person("a").records().person_ids.Intern("b");
  EXPECT_THAT(BuildJourneys(ids.records()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("one id a person")));
}

TEST(BuildJourneys, Refuses_WhenAKindOfRecordHasNoExtractDate) {
  RecordsBuilder early_help;
  early_help.EarlyHelp("a", "2024-01-01", "").records().early_help = {};
  EXPECT_THAT(BuildJourneys(early_help.records()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("early-help episodes")));
  RecordsBuilder social_care;
  social_care.Cin("a", "2024-01-01", "").records().social_care = {};
  EXPECT_THAT(BuildJourneys(social_care.records()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("social-care")));
  RecordsBuilder contact;
  contact.Contact("a", "2024-01-01").records().contact = {};
  EXPECT_THAT(BuildJourneys(contact.records()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("contacts")));
}

TEST(BuildJourneys, GivesNothing_WhenThereIsNobody) {
  EXPECT_EQ(RecordsBuilder().Build().persons(), 0U);
}

}  // namespace
}  // namespace waymark::node
