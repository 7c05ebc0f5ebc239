#include "proto/contract/roster.h"

#include <functional>
#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "crypto/random.h"
#include "tests/testing/status_matchers.h"

namespace waymark::contract {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

// That of tests/vectors/roster.py.
RosterEpoch ExampleRoster() {
  return {.federation = "north",
          .epoch = 2,
          .expires_unix_s = 1'800'000'000,
          .previous_hash = std::string(32, '\x55'),
          .parts = {{.code = "E12000001",
                     .members = {{.council = "E06000001", .signing_key = std::string(32, '\x11')},
                                 {.council = "E06000002", .signing_key = std::string(32, '\x22')}}},
                    {.code = "E12000007",
                     .members = {{.council = "E09000001", .signing_key = std::string(32, '\x33')}}}}};
}

crypto::SigningKey Officer(char seed) {
  return crypto::SigningKey::FromSeed(crypto::SecretBytes(std::string(32, seed))).value();
}

Governance TwoOfThree() {
  return {.officers = {Officer('\1').public_key(), Officer('\2').public_key(), Officer('\3').public_key()},
          .threshold = 2};
}

SignedRoster SignedBy(const std::string& seeds) {
  SignedRoster made{.roster = ExampleRoster(), .signatures = {}};
  for (const char seed : seeds) made.signatures.push_back(SignRoster(made.roster, Officer(seed)).value());
  return made;
}

// What roster.py worked out: name to bytes.
std::map<std::string, std::string> Vector() {
  std::map<std::string, std::string> values;
  for (const auto line : absl::StrSplit(ReadFile("tests/vectors/roster.txt", 100'000).value(), '\n')) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words.size() == 2) values[words[0]] = absl::HexStringToBytes(words[1]);
  }
  return values;
}

TEST(Roster, EncodingHashAndSignatureAreThePublishedOnes) {
  const auto vector = Vector();
  ASSERT_EQ(vector.size(), 4u);
  EXPECT_EQ(CanonicalBytes(ExampleRoster()), vector.at("bytes"));
  EXPECT_EQ(RosterHash(ExampleRoster()), vector.at("hash"));
  ASSERT_OK_AND_ASSIGN(const OfficerSignature signature, SignRoster(ExampleRoster(), Officer('\1')));
  EXPECT_EQ(signature.officer, vector.at("officer"));
  EXPECT_EQ(signature.signature, vector.at("signature"));
}

TEST(Roster, EveryFieldChangesTheEncoding) {
  const std::function<void(RosterEpoch&)> changes[] = {
      [](RosterEpoch& r) { r.federation = "south"; },
      [](RosterEpoch& r) { r.epoch = 3; },
      [](RosterEpoch& r) { r.expires_unix_s += 1; },
      [](RosterEpoch& r) { r.previous_hash[31] = 'x'; },
      [](RosterEpoch& r) { r.parts[0].code = "E12000002"; },
      [](RosterEpoch& r) { r.parts[0].members[1].council = "E06000003"; },
      [](RosterEpoch& r) { r.parts[0].members[1].signing_key[0] = 'x'; },
      [](RosterEpoch& r) { r.parts[0].members[1].deprivation = 1; },
      [](RosterEpoch& r) { r.parts[0].members.pop_back(); },
      [](RosterEpoch& r) { r.parts.pop_back(); },
      // The same councils in another part.
      [](RosterEpoch& r) {
        r.parts[1].members.insert(r.parts[1].members.begin(), r.parts[0].members[1]);
        r.parts[0].members.pop_back();
      },
  };
  for (const auto& change : changes) {
    RosterEpoch roster = ExampleRoster();
    change(roster);
    EXPECT_NE(CanonicalBytes(roster), CanonicalBytes(ExampleRoster()));
  }
}

// An officer who signs one weight has not signed another.
TEST(Roster, StatedDeprivationIsInTheEncoding) {
  RosterEpoch roster = ExampleRoster();
  roster.parts[0].members[0].deprivation = 5;
  RosterEpoch other = roster;
  other.parts[0].members[0].deprivation = 6;
  EXPECT_NE(CanonicalBytes(other), CanonicalBytes(roster));
  v1::RosterEpoch message;
  RosterToProto(roster, message);
  ASSERT_OK_AND_ASSIGN(const RosterEpoch back, RosterFromProto(message));
  EXPECT_EQ(back, roster);
  message.mutable_parts(0)->mutable_members(0)->set_deprivation(kMostDeprivation + 1);
  EXPECT_THAT(RosterFromProto(message),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("deprivation")));
}

TEST(Roster, RoundTrips) {
  const SignedRoster roster = SignedBy("\1\2");
  v1::SignedRoster message;
  SignedRosterToProto(roster, message);
  ASSERT_OK_AND_ASSIGN(const SignedRoster read, SignedRosterFromProto(message));
  EXPECT_EQ(read, roster);
}

TEST(Roster, CouncilsAreFoundWithTheirPart) {
  const RosterEpoch roster = ExampleRoster();
  ASSERT_NE(FindMember(roster, "E06000002"), nullptr);
  EXPECT_EQ(FindMember(roster, "E06000002")->signing_key, std::string(32, '\x22'));
  EXPECT_EQ(FindPartOf(roster, "E09000001")->code, "E12000007");
  EXPECT_EQ(FindMember(roster, "E06000009"), nullptr);
  EXPECT_EQ(FindPartOf(roster, "E06000009"), nullptr);
}

struct Spoiled {
  const char* name;
  std::function<void(v1::SignedRoster&)> spoil;
  const char* message;
};

class SpoiledRoster : public ::testing::TestWithParam<Spoiled> {};

TEST_P(SpoiledRoster, IsRefused) {
  v1::SignedRoster message;
  SignedRosterToProto(SignedBy("\1"), message);
  GetParam().spoil(message);
  EXPECT_THAT(SignedRosterFromProto(message),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(GetParam().message)));
}

v1::RosterMember& Member(v1::SignedRoster& r, int part, int member) {
  return *r.mutable_roster()->mutable_parts(part)->mutable_members(member);
}

void AddMembers(v1::SignedRoster& r, int count) {
  v1::RosterPart& part = *r.mutable_roster()->mutable_parts(1);
  for (int i = 0; i < count; ++i) {
    v1::RosterMember* member = part.add_members();
    member->set_council(absl::StrCat("E1", 1'000'000 + i));
    std::string key(32, 'k');
    for (int digit = 0; digit < 3; ++digit) key[digit] = static_cast<char>(i >> (8 * digit));
    member->set_signing_key(key);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Fields, SpoiledRoster,
    ::testing::Values(
        Spoiled{"NoRoster", [](auto& r) { r.clear_roster(); }, "federation"},
        Spoiled{"NoFederation", [](auto& r) { r.mutable_roster()->clear_federation(); }, "federation"},
        Spoiled{"NoEpoch", [](auto& r) { r.mutable_roster()->clear_epoch(); }, "epoch"},
        Spoiled{"EpochTooHigh", [](auto& r) { r.mutable_roster()->set_epoch(~0ULL); }, "epoch"},
        Spoiled{"NoExpiry", [](auto& r) { r.mutable_roster()->set_expires_unix_s(0); }, "expires"},
        Spoiled{"ShortPrevious", [](auto& r) { r.mutable_roster()->set_previous_hash("x"); }, "previous"},
        Spoiled{"ZeroPreviousLater",
                [](auto& r) { r.mutable_roster()->set_previous_hash(std::string(32, '\0')); }, "previous"},
        Spoiled{"PreviousAtTheFirst", [](auto& r) { r.mutable_roster()->set_epoch(1); }, "previous"},
        Spoiled{"NoParts", [](auto& r) { r.mutable_roster()->clear_parts(); }, "parts"},
        Spoiled{"EmptyPart", [](auto& r) { r.mutable_roster()->mutable_parts(1)->clear_members(); },
                "members"},
        Spoiled{"BadPart", [](auto& r) { r.mutable_roster()->mutable_parts(1)->set_code("London"); }, "code"},
        Spoiled{"PartTwice", [](auto& r) { r.mutable_roster()->mutable_parts(1)->set_code("E12000001"); },
                "sorted by code"},
        Spoiled{"PartsUnsorted", [](auto& r) { r.mutable_roster()->mutable_parts()->SwapElements(0, 1); },
                "sorted by code"},
        Spoiled{"MembersUnsorted",
                [](auto& r) { r.mutable_roster()->mutable_parts(0)->mutable_members()->SwapElements(0, 1); },
                "sorted by council"},
        Spoiled{"CouncilTwiceInAPart", [](auto& r) { Member(r, 0, 1).set_council("E06000001"); }, "twice"},
        Spoiled{"CouncilInTwoParts", [](auto& r) { Member(r, 1, 0).set_council("E06000001"); }, "twice"},
        Spoiled{"OneKeyForTwo", [](auto& r) { Member(r, 1, 0).set_signing_key(std::string(32, '\x11')); },
                "key of another"},
        Spoiled{"BadCouncil", [](auto& r) { Member(r, 0, 0).set_council("E0600000"); }, "council"},
        Spoiled{"ShortKey", [](auto& r) { Member(r, 0, 0).set_signing_key("key"); }, "signing_key"},
        Spoiled{"TooManyMembersInOnePart", [](auto& r) { AddMembers(r, 10'000); }, "members"},
        Spoiled{"TooManyMembers", [](auto& r) { AddMembers(r, 9'998); }, "roster.members"},
        Spoiled{"TooManySignatures",
                [](auto& r) {
                  while (r.signatures_size() <= 100) *r.add_signatures() = r.signatures(0);
                },
                "signatures"},
        Spoiled{"ShortOfficer", [](auto& r) { r.mutable_signatures(0)->set_officer("x"); }, "officer"},
        Spoiled{"LongSignature",
                [](auto& r) { r.mutable_signatures(0)->set_signature(std::string(65, 's')); }, "signature"}),
    [](const auto& info) { return info.param.name; });

TEST(Roster, IsVerifiedByEnoughDifferentOfficers) {
  EXPECT_OK(VerifyRoster(SignedBy("\1\2"), TwoOfThree()));
  EXPECT_OK(VerifyRoster(SignedBy("\3\1"), TwoOfThree()));
  EXPECT_OK(VerifyRoster(SignedBy("\3\2\1"), TwoOfThree()));
  // Those of others and bad ones take nothing away.
  SignedRoster mixed = SignedBy("\1\x9\2\3");
  mixed.signatures[0].signature[5] ^= 1;
  EXPECT_OK(VerifyRoster(mixed, TwoOfThree()));
}

TEST(Roster, IsNotVerifiedByLess) {
  const auto refused = [](const SignedRoster& roster, const char* what) {
    EXPECT_THAT(VerifyRoster(roster, TwoOfThree()),
                StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr(what)));
  };
  refused(SignedBy(""), "by 0 of the federation's 3 officers, and 2 must sign");
  refused(SignedBy("\1"), "by 1 of");
  refused(SignedBy("\1\1\1"), "by 1 of");    // one officer twice is one
  refused(SignedBy("\1\x8\x9"), "by 1 of");  // others are none
  SignedRoster altered = SignedBy("\1\2");
  altered.roster.parts[0].members[0].signing_key = std::string(32, 'x');
  refused(altered, "by 0 of");
  SignedRoster swapped = SignedBy("\1\2");
  std::swap(swapped.signatures[0].signature, swapped.signatures[1].signature);
  refused(swapped, "by 0 of");
}

TEST(Roster, NoFlippedBitOrTruncationIsTakenForWhatWasSigned) {
  v1::SignedRoster message;
  SignedRosterToProto(SignedBy("\1\2"), message);
  const std::string bytes = message.SerializeAsString();
  const auto check = [](const std::string& changed) {
    v1::SignedRoster read;
    if (!read.ParseFromString(changed)) return;
    const auto roster = SignedRosterFromProto(read);
    if (!roster.ok() || !VerifyRoster(*roster, TwoOfThree()).ok()) return;
    EXPECT_EQ(roster->roster, ExampleRoster());
  };
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    check(bytes.substr(0, i));
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = bytes;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      check(flipped);
    }
  }
}

TEST(Roster, IsNotVerifiedWithoutGovernance) {
  EXPECT_THAT(VerifyRoster(SignedBy("\1\2"), {}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("no governance key")));
  Governance none_needed = TwoOfThree();
  none_needed.threshold = 0;
  EXPECT_THAT(VerifyRoster(SignedBy(""), none_needed),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("no governance key")));
}

TEST(Roster, ExpiresAtItsSecond) {
  EXPECT_OK(CheckUnexpired(ExampleRoster(), absl::FromUnixSeconds(1'799'999'999)));
  EXPECT_THAT(CheckUnexpired(ExampleRoster(), absl::FromUnixSeconds(1'800'000'000)),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("expired on 2027-01-15")));
}

TEST(Roster, FollowsOnlyTheOneBefore) {
  RosterEpoch first = ExampleRoster();
  first.epoch = 1;
  first.previous_hash = std::string(32, '\0');
  RosterEpoch second = ExampleRoster();
  second.previous_hash = RosterHash(first);
  RosterEpoch third = second;
  third.epoch = 3;
  third.previous_hash = RosterHash(second);
  EXPECT_TRUE(Follows(first, std::nullopt).value());
  EXPECT_TRUE(Follows(second, first).value());
  EXPECT_FALSE(Follows(second, second).value());
  const auto refused = [](const RosterEpoch& roster, const std::optional<RosterEpoch>& held,
                          const char* what) {
    EXPECT_THAT(Follows(roster, held), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(what)));
  };
  refused(first, second, "epoch 2 is held already");
  refused(third, first, "epochs 2 to 2 are missing");
  refused(second, std::nullopt, "epochs 1 to 1 are missing");
  RosterEpoch other = second;
  other.expires_unix_s += 1;
  refused(other, second, "another roster of that epoch");
  refused(third, other, "does not follow");
  RosterEpoch abroad = third;
  abroad.federation = "south";
  refused(abroad, second, "another federation's");
}

TEST(Governance, IsReadAndWrittenAsOneTable) {
  const Governance governance = TwoOfThree();
  ASSERT_OK_AND_ASSIGN(ConfigTable table,
                       ConfigTable::Parse("a = 1\n" + GovernanceText(governance), "client.toml"));
  EXPECT_EQ(table.IntOr("a", 0, 0, 9), 1);
  EXPECT_EQ(ReadGovernance(table), governance);
  EXPECT_OK(table.Finish());
  ASSERT_OK_AND_ASSIGN(ConfigTable none, ConfigTable::Parse("", "client.toml"));
  EXPECT_EQ(ReadGovernance(none), Governance{});
  EXPECT_OK(none.Finish());
  EXPECT_EQ(GovernanceText({}), "");
}

TEST(Governance, IsRefusedWhereItCouldNotHold) {
  const std::string key = absl::BytesToHexString(Officer('\1').public_key());
  const auto refused = [](const std::string& text, const char* what) {
    ConfigTable table = ConfigTable::Parse("[governance]\n" + text, "c.toml").value();
    ReadGovernance(table);
    EXPECT_THAT(table.Finish(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(what)));
  };
  const std::string one = absl::StrCat("officers = [\"", key, "\"]\n");
  refused("threshold = 1\n", "officers");
  refused("officers = []\nthreshold = 1\n", "officers");
  refused("officers = [\"abc\"]\nthreshold = 1\n", "64 hexadecimal");
  refused(absl::StrCat("officers = [\"", key, "\", \"", key, "\"]\nthreshold = 2\n"), "twice");
  refused(one, "threshold");
  refused(one + "threshold = 0\n", "threshold");
  refused(one + "threshold = 2\n", "threshold");
}

}  // namespace
}  // namespace waymark::contract
