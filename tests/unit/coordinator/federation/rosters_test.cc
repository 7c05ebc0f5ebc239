#include "coordinator/federation/rosters.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "coordinator/federation/roster_file.h"
#include "coordinator/federation/successions.h"
#include "tests/testing/officers.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::kCouncils;
using testing::Scene;
using waymark::testing::NextRoster;
using waymark::testing::Officers;
using waymark::testing::StatusIs;

class RostersTest : public ::testing::Test {
 protected:
  RostersTest() {
    configuration.federation = "north";
    configuration.governance = officers.governance();
  }
  absl::StatusOr<contract::RosterEpoch> Propose() {
    return ProposeRoster(
        scene.store(), scene.library(),
        {.federation = "north", .expires = scene.clock().Now() + absl::Hours(24), .known = known});
  }
  absl::StatusOr<bool> Publish(const contract::SignedRoster& roster) {
    return PublishRoster(scene.store(), configuration, roster, scene.clock().Now());
  }
  void ExpectRefused(const contract::SignedRoster& roster, absl::StatusCode code, const char* what) {
    const auto before = NewestRoster(scene.store()).value();
    EXPECT_THAT(Publish(roster), StatusIs(code, HasSubstr(what)));
    EXPECT_EQ(NewestRoster(scene.store()).value(), before);
  }

  Scene scene;
  contract::Successions known;
  Officers officers;
  Configuration configuration;
};

TEST_F(RostersTest, ProposalsAreOfTheMembersByRegion_AndFollowWhatIsPublished) {
  EXPECT_THAT(Propose(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("no council has joined")));
  scene.Join(kCouncils[5]);
  scene.Join(kCouncils[1]);
  scene.Join(kCouncils[0]);
  ASSERT_OK_AND_ASSIGN(const contract::RosterEpoch first, Propose());
  EXPECT_EQ(first.federation, "north");
  EXPECT_EQ(first.epoch, 1u);
  EXPECT_EQ(first.previous_hash, std::string(32, '\0'));
  EXPECT_EQ(first.expires_unix_s, absl::ToUnixSeconds(scene.clock().Now()) + 24 * 3600);
  ASSERT_EQ(first.parts.size(), 2u);
  EXPECT_EQ(first.parts[0].code, "E12000001");
  ASSERT_EQ(first.parts[0].members.size(), 2u);
  EXPECT_EQ(first.parts[0].members[0].council, kCouncils[0]);
  EXPECT_EQ(first.parts[0].members[0].signing_key, scene.key_of(kCouncils[0]).public_key());
  EXPECT_EQ(first.parts[1].code, "E12000007");
  ASSERT_OK(Publish(officers.Sign(first, 2)));
  ASSERT_OK_AND_ASSIGN(const contract::RosterEpoch second, Propose());
  EXPECT_EQ(second.epoch, 2u);
  EXPECT_EQ(second.previous_hash, contract::RosterHash(first));
}

TEST_F(RostersTest, PublishesWhatEnoughOfficersSigned_Once) {
  const contract::RosterEpoch first =
      NextRoster(std::nullopt, kCouncils[0], std::string(32, 'k'), scene.clock().Now());
  EXPECT_TRUE(Publish(officers.Sign(first, 2)).value());
  EXPECT_FALSE(Publish(officers.Sign(first, 3)).value());
  EXPECT_EQ(NewestRoster(scene.store()).value(), officers.Sign(first, 2));
}

TEST_F(RostersTest, RefusesWhatNodesWouldRefuse) {
  const contract::RosterEpoch first =
      NextRoster(std::nullopt, kCouncils[0], std::string(32, 'k'), scene.clock().Now());
  ExpectRefused(officers.Sign(first, 1), absl::StatusCode::kUnauthenticated, "by 1 of");
  contract::RosterEpoch abroad = first;
  abroad.federation = "south";
  ExpectRefused(officers.Sign(abroad, 2), absl::StatusCode::kFailedPrecondition, "of the federation south");
  contract::RosterEpoch expired = first;
  expired.expires_unix_s = absl::ToUnixSeconds(scene.clock().Now());
  ExpectRefused(officers.Sign(expired, 2), absl::StatusCode::kFailedPrecondition, "expired on");
  const contract::RosterEpoch second =
      NextRoster(first, kCouncils[0], std::string(32, 'k'), scene.clock().Now());
  ExpectRefused(officers.Sign(second, 2), absl::StatusCode::kFailedPrecondition, "epochs 1 to 1 are missing");
  ASSERT_OK(Publish(officers.Sign(first, 2)));
  ASSERT_OK(Publish(officers.Sign(second, 2)));
  ExpectRefused(officers.Sign(first, 2), absl::StatusCode::kFailedPrecondition, "epoch 2 is held already");
  contract::RosterEpoch other = second;
  other.expires_unix_s -= 1;
  ExpectRefused(officers.Sign(other, 2), absl::StatusCode::kFailedPrecondition, "another roster");
  configuration.governance = {};
  ExpectRefused(officers.Sign(second, 3), absl::StatusCode::kFailedPrecondition, "no governance key");
}

TEST_F(RostersTest, SaysOfMembersThatEnded_WhatBecameOfThem) {
  known = {{.day = 18'000, .before = {kCouncils[2]}, .after = {kCouncils[3]}},
           {.day = 19'000, .before = {kCouncils[0]}, .after = {kCouncils[1], "E06000047"}}};
  scene.Join(kCouncils[0]);
  scene.Join(kCouncils[1]);
  ASSERT_OK_AND_ASSIGN(const contract::RosterEpoch first, Propose());
  EXPECT_TRUE(first.successions.empty()) << "it is a member still";
  ASSERT_OK(Publish(officers.Sign(first, 2)));
  ASSERT_OK(scene.store().RevokeMember(kCouncils[0], 1));
  ASSERT_OK_AND_ASSIGN(contract::RosterEpoch second, Propose());
  ASSERT_EQ(second.successions.size(), 1u) << "and nothing of those that never took part";
  EXPECT_EQ(second.successions[0], known[1]);
  EXPECT_EQ(NewSuccessions(first, second), second.successions);
  EXPECT_TRUE(NewSuccessions(second, second).empty());
  // By its file too.
  ASSERT_OK_AND_ASSIGN(const contract::SignedRoster read,
                       ParseRosterFile(RosterFileText(officers.Sign(second, 2)), "roster.json"));
  EXPECT_EQ(read.roster, second);
  ASSERT_OK(Publish(read));
  EXPECT_EQ(HeldSuccessions(scene.store(), {}).value(), second.successions);
  EXPECT_THAT(CheckNotEnded(second.successions, kCouncils[0]),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(kCouncils[1] + " or E06000047")));
  known.clear();
  ASSERT_OK_AND_ASSIGN(const contract::RosterEpoch third, Propose());
  EXPECT_EQ(third.successions, second.successions) << "what was signed stays";
}

TEST_F(RostersTest, RefusesThatAMemberEnded) {
  scene.Join(kCouncils[0]);
  contract::RosterEpoch first =
      NextRoster(std::nullopt, kCouncils[1], std::string(32, 'k'), scene.clock().Now());
  first.successions = {{.day = 19'000, .before = {kCouncils[0]}, .after = {"E06000099"}}};
  ExpectRefused(officers.Sign(first, 2), absl::StatusCode::kFailedPrecondition, "is a member still");
  ASSERT_OK(scene.store().RevokeMember(kCouncils[0], 1));
  EXPECT_TRUE(Publish(officers.Sign(first, 2)).value());
}

TEST_F(RostersTest, SuccessionsAreReadFromAFile_AndCheckedAgainstRegionsAndMembersThatEnded) {
  const char* kHead = "day,before,after\n";
  ASSERT_OK_AND_ASSIGN(
      const contract::Successions read,
      ParseSuccessions(absl::StrCat(kHead, "2023-04-01,E06000002 E06000001,E06000047\n\n"), "f"));
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].before[0], "E06000001");
  const auto refused = [&](const char* line, const char* what) {
    EXPECT_THAT(ParseSuccessions(absl::StrCat(kHead, line), "f"),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(what)));
  };
  refused("2023-04-31,E06000001,E06000047\n", "f:2: expected");
  refused("2023-04-01,E06000001\n", "f:2: expected");
  refused("2023-04-01,E06000001,\n", "after");
  refused("2023-04-01,E06000001,E06000001\n", "does not begin again");
  scene.Join(kCouncils[1]);
  const auto proposed = [&](const contract::Successions& more) {
    return ProposedSuccessions(scene.store(), scene.library(), {}, more).status();
  };
  EXPECT_THAT(proposed(read),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("is a member still")));
  EXPECT_THAT(proposed({{.day = 19'000, .before = {kCouncils[0]}, .after = {kCouncils[5]}}}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("a region stays as it is")));
  EXPECT_OK(proposed({{.day = 19'000, .before = {kCouncils[0]}, .after = {"E06000047"}}}));
}

TEST_F(RostersTest, ChangesAreNamedByCouncil) {
  const absl::Time now = scene.clock().Now();
  contract::RosterEpoch before = NextRoster(std::nullopt, "E06000001", std::string(32, 'a'), now);
  before.parts[0].members.push_back({.council = "E06000002", .signing_key = std::string(32, 'b')});
  contract::RosterEpoch after = before;
  EXPECT_TRUE(CompareRosters(before, after).empty());
  after.parts[0].members[1].signing_key = std::string(32, 'B');  // E06000002
  after.parts[0].members[0].council = "E06000003";               // for E06000001
  after.parts[1].code = "E12000008";                             // E09000001
  const std::vector<RosterChange> changes = CompareRosters(before, after);
  ASSERT_EQ(changes.size(), 4u);
  EXPECT_EQ(changes[0].council + changes[0].what, "E06000001removed");
  EXPECT_EQ(changes[1].council + changes[1].what, "E06000002new key");
  EXPECT_EQ(changes[1].signing_key, std::string(32, 'B'));
  EXPECT_EQ(changes[2].council + changes[2].what, "E06000003added");
  EXPECT_EQ(changes[3].council + changes[3].what, "E09000001other part");
  EXPECT_EQ(changes[3].part, "E12000008");
}

TEST_F(RostersTest, DeprivationIsReadFromAnyPublicMeasure) {
  ASSERT_OK_AND_ASSIGN(const auto points, ParseDeprivation("council,idaci\nE06000001,0.10\nE06000002,0.30\r\n"
                                                           "E06000003,0.149\n\n",
                                                           "d.csv"));
  EXPECT_EQ(points,
            (std::map<std::string, std::uint32_t>{{"E06000001", 1}, {"E06000002", 41}, {"E06000003", 11}}));
  const auto refused = [](const std::string& text, const std::string& why) {
    EXPECT_THAT(ParseDeprivation(text, "d.csv"),
                waymark::testing::StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(why)));
  };
  refused("h\nE06000001,0.1\nE06000001,0.2\n", "d.csv:3: the council stands here a second time");
  refused("h\nE06000001,x\n", "d.csv:2: expected a council's code and a number");
  refused("h\nHartlepool,0.1\n", "d.csv:2: expected a council's code and a number");
  refused("h\nE06000001,0.1\nE06000002,0.1\n", "councils of different deprivation");
  refused("", "councils of different deprivation");
}

TEST_F(RostersTest, ProposalsStateDeprivation_OfAllOrNone) {
  scene.Join(kCouncils[0]);
  scene.Join(kCouncils[1]);
  Proposal proposal{.federation = "f", .expires = scene.clock().Now() + absl::Hours(1), .one_part = true};
  proposal.deprivation = {{kCouncils[0], 7}};
  EXPECT_THAT(ProposeRoster(scene.store(), scene.library(), proposal),
              waymark::testing::StatusIs(absl::StatusCode::kFailedPrecondition,
                                         HasSubstr("no line of " + kCouncils[1])));
  proposal.deprivation[kCouncils[1]] = 41;
  ASSERT_OK_AND_ASSIGN(const contract::RosterEpoch roster,
                       ProposeRoster(scene.store(), scene.library(), proposal));
  EXPECT_EQ(roster.parts[0].members[0].deprivation, 7u);
  const contract::SignedRoster given{.roster = roster, .signatures = {}};
  const std::string text = RosterFileText(given);
  ASSERT_OK_AND_ASSIGN(const contract::SignedRoster read, ParseRosterFile(text, "r.json"));
  EXPECT_EQ(read.roster, roster);
  contract::RosterEpoch other = roster;
  other.parts[0].members[0].deprivation = 8;
  EXPECT_NE(contract::RosterHash(other), contract::RosterHash(roster)) << "officers sign it";
  const std::vector<RosterChange> changes = CompareRosters(roster, other);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].what, "other deprivation");
  proposal.deprivation[kCouncils[1]] = 42;
  EXPECT_FALSE(ProposeRoster(scene.store(), scene.library(), proposal).ok());
}

TEST_F(RostersTest, FilesRoundTrip) {
  const contract::SignedRoster roster =
      officers.Sign(NextRoster(std::nullopt, kCouncils[0], std::string(32, 'k'), scene.clock().Now()), 2);
  const std::string text = RosterFileText(roster);
  EXPECT_THAT(text, HasSubstr("\"E06000001\""));
  EXPECT_EQ(ParseRosterFile(text, "r.json").value(), roster);
}

TEST_F(RostersTest, SpoiledFilesAreRefused) {
  const std::string text = RosterFileText(
      officers.Sign(NextRoster(std::nullopt, "E06000001", std::string(32, 'k'), scene.clock().Now()), 1));
  const auto refused = [](const std::string& spoiled, const char* what) {
    EXPECT_THAT(
        ParseRosterFile(spoiled, "r.json"),
        StatusIs(absl::StatusCode::kInvalidArgument, ::testing::AllOf(HasSubstr("r.json"), HasSubstr(what))));
  };
  const auto with = [&](const char* old, const char* replacement) {
    EXPECT_THAT(text, HasSubstr(old));
    return absl::StrReplaceAll(text, {{old, replacement}});
  };
  refused("", "missing");
  refused(text.substr(0, text.size() / 2), "missing");
  refused("[]", "missing");
  refused(with("\"epoch\": 1", "\"epoch\": \"one\""), "another kind");
  refused(with("\"epoch\": 1", "\"epoch\": 2"), "previous_hash");
  refused(with("\"federation\"", "\"name\""), "missing");
  refused(with("\"expires\": \"", "\"expires\": \"never "), "expires");
  refused(with("\"council\": \"E06000001\"", "\"council\": \"Hartlepool\""), "council");
  refused(with("6b6b6b6b", "6b6b6b6g"), "signing_key");
  refused(with("\"signature\": \"", "\"signature\": \"0"), "signature");
  refused(with("\"parts\": [", "\"parts\": [1, "), "another kind");
}

}  // namespace
}  // namespace waymark::coordinator
