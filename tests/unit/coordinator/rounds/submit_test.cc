// What a council may answer, and what the coordinator answers to that. Each hostile change breaks one thing.
#include <functional>

#include "coordinator/rounds/rounds.h"
#include "crypto/hash.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::Scene;
using waymark::testing::StatusIs;

class Submit : public ::testing::Test {
 protected:
  Submit() {
    scene.Join(council);
    scene.Join(other);
    // Two items; the second has two units and a breakdown.
    contract::RoundItem first = scene.Item("19", v1::MODE_THRESHOLDED);
    contract::RoundItem second = scene.Item("1", v1::MODE_NOISED, {"sex"});
    second.window_days = {365};
    spec = scene.Spec("autumn", {first, second});
  }

  std::vector<contract::ProtectedTable> Good() const {
    return {scene.Table(spec.items[0], 0, {20, 100}), scene.Table(spec.items[1], 365, {10, 5, 5, 5, 60})};
  }
  contract::Release GoodRelease() const { return scene.Release(council, spec, Good()); }

  // Submits a good release after `change`, signed again.
  absl::Status Changed(const std::function<void(contract::Release&)>& change) {
    contract::Release release = GoodRelease();
    change(release);
    scene.Sign(release);
    return scene.rounds().Submit(council, release).status();
  }

  Scene scene;
  const std::string council = testing::kCouncils[0];
  const std::string other = testing::kCouncils[1];
  contract::RoundSpec spec;
};

TEST_F(Submit, TheFurthestAndTheLatestReleaseAreCountersigned) {
  Rounds beside(scene.store(), scene.library(), scene.key(), scene.clock());
  for (Rounds* rounds : {&scene.rounds(), &beside}) {
    ASSERT_OK_AND_ASSIGN(const auto none, rounds->LastOf(council));
    EXPECT_THAT(none, ::testing::IsEmpty());
  }
  contract::RoundSpec winter = spec;
  winter.round_id = "winter";
  ASSERT_OK(scene.rounds().Open(spec));
  ASSERT_OK(scene.rounds().Open(winter));
  contract::Release further = GoodRelease();
  further.ledger_sequence = 9;
  scene.Sign(further);
  ASSERT_OK(scene.rounds().Submit(council, further));
  scene.clock().Advance(absl::Minutes(1));
  contract::Release later = scene.Release(council, winter, Good());
  later.ledger_sequence = 4;
  scene.Sign(later);
  ASSERT_OK(scene.rounds().Submit(council, later));
  // Known to the one that took the submissions, to another one that was asked before they came, and to one
  // that was started anew.
  Rounds anew(scene.store(), scene.library(), scene.key(), scene.clock());
  for (Rounds* rounds : {&scene.rounds(), &beside, &anew}) {
    ASSERT_OK_AND_ASSIGN(const auto seen, rounds->LastOf(council));
    ASSERT_THAT(seen, ::testing::SizeIs(2));
    EXPECT_EQ(seen[0].round_id, "autumn");
    EXPECT_EQ(seen[0].ledger_sequence, 9u);
    EXPECT_EQ(seen[1].round_id, "winter");
    EXPECT_EQ(seen[1].ledger_sequence, 4u);
    for (const Countersigned& one : seen) {
      EXPECT_OK(crypto::VerifySignature(
          scene.key().public_key(),
          ReceiptBytes(council, one.ledger_sequence, one.receipt.release_hash, one.receipt.received_unix_s),
          one.receipt.signature));
    }
    ASSERT_OK_AND_ASSIGN(const auto others, rounds->LastOf(other));
    EXPECT_THAT(others, ::testing::IsEmpty());
  }
}

TEST_F(Submit, GivesASignedReceipt_AndTheSameOneAgain) {
  ASSERT_OK(scene.rounds().Open(spec));
  const contract::Release release = GoodRelease();
  ASSERT_OK_AND_ASSIGN(const Receipt first, scene.rounds().Submit(council, release));
  EXPECT_EQ(first.release_hash, crypto::Sha256(contract::CanonicalBytes(release)));
  EXPECT_OK(crypto::VerifySignature(scene.key().public_key(),
                                    ReceiptBytes(council, 1, first.release_hash, first.received_unix_s),
                                    first.signature));
  scene.clock().Advance(absl::Hours(2));  // past the deadline too
  ASSERT_OK_AND_ASSIGN(const Receipt again, scene.rounds().Submit(council, release));
  EXPECT_EQ(again.signature, first.signature);
  EXPECT_EQ(again.received_unix_s, first.received_unix_s);
}

TEST_F(Submit, RefusesAnotherRelease_OnceOneIsIn) {
  ASSERT_OK(scene.rounds().Open(spec));
  ASSERT_OK(scene.rounds().Submit(council, GoodRelease()));
  EXPECT_THAT(Changed([](contract::Release& release) { release.ledger_sequence = 2; }),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("another release")));
}

TEST_F(Submit, RefusesASignatureThatIsNotTheMembers) {
  ASSERT_OK(scene.rounds().Open(spec));
  contract::Release release = GoodRelease();
  release.signature[5] = static_cast<char>(release.signature[5] ^ 1);
  EXPECT_THAT(scene.rounds().Submit(council, release),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("")));
  release = GoodRelease();
  release.tables[0].table.values[0] = 30;  // changed on the way
  EXPECT_THAT(scene.rounds().Submit(council, release),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("")));
  release = GoodRelease();
  ASSERT_OK_AND_ASSIGN(release.signature, scene.key_of(other).Sign(contract::CanonicalBytes(release)));
  EXPECT_THAT(scene.rounds().Submit(council, release),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("")));
}

TEST_F(Submit, RefusesAReleaseInAnothersName) {
  ASSERT_OK(scene.rounds().Open(spec));
  EXPECT_THAT(scene.rounds().Submit(other, GoodRelease()),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr(council)));
}

TEST_F(Submit, RefusesACouncilThatIsNoMember) {
  ASSERT_OK(scene.rounds().Open(spec));
  contract::Release release = GoodRelease();
  release.council = testing::kCouncils[2];
  EXPECT_THAT(scene.rounds().Submit(release.council, release),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("no member")));
}

TEST_F(Submit, RefusesARoundThatIsUnknown_NotYetOpen_OrOver) {
  EXPECT_THAT(scene.rounds().Submit(council, GoodRelease()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("autumn")));
  spec.opens_unix_s += 60;
  ASSERT_OK(scene.rounds().Open(spec));
  EXPECT_THAT(scene.rounds().Submit(council, GoodRelease()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not open yet")));
  scene.clock().Advance(absl::Seconds(3600));
  EXPECT_THAT(scene.rounds().Submit(council, GoodRelease()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("deadline")));
}

TEST_F(Submit, RefusesAReleaseForAnotherSpec) {
  ASSERT_OK(scene.rounds().Open(spec));
  EXPECT_THAT(Changed([](contract::Release& release) { release.spec_hash = std::string(32, 'x'); }),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another spec")));
}

struct Hostile {
  const char* name;
  const char* message;
  std::function<void(contract::Release&)> change;
};

TEST_F(Submit, RefusesEachTableThatWasNotAskedFor) {
  ASSERT_OK(scene.rounds().Open(spec));
  const std::vector<Hostile> hostile = {
      {"metric", "asks for no such", [](auto& r) { r.tables[0].table.metric = "20"; }},
      {"version", "asks for no such", [](auto& r) { r.tables[0].table.version = 9; }},
      {"period", "asks for no such", [](auto& r) { r.tables[0].table.period = "2022-23"; }},
      {"window", "window of 183", [](auto& r) { r.tables[1].table.window_days = 183; }},
      {"unit", "unit families", [](auto& r) { r.tables[0].table.unit = v1::UNIT_FAMILIES; }},
      {"dimensions", "breakdown was not asked",
       [](auto& r) { r.tables[1].table.dimensions = {"ethnicity"}; }},
      {"columns", "columns are not",
       [](auto& r) {
         r.tables[0].table.columns = {"denominator", "nfa"};
       }},
      {"mode", "asks for thresholded", [](auto& r) { r.tables[0].protection = r.tables[1].protection; }},
      {"epsilon", "epsilon is above", [](auto& r) { r.tables[1].protection.epsilon_numerator = 2; }},
      {"epsilon as a fraction", "epsilon is above",
       [](auto& r) {
         r.tables[1].protection.epsilon_numerator = 1'000'000'000;
         r.tables[1].protection.epsilon_denominator = 999'999'999;
       }},
      {"negative", "negative", [](auto& r) { r.tables[0].table.values[0] = -5; }},
      {"twice", "comes twice", [](auto& r) { r.tables.push_back(r.tables[0]); }},
      {"control characters in a row", "control characters",
       [](auto& r) {
         r.tables[1].table.dimensions = {"sex"};
         r.tables[1].table.rows = {"\x1b[31m"};
       }},
      {"control characters in the note", "scope.note", [](auto& r) { r.scope.note = "a\nb"; }},
      {"given and absent", "both given and absent",
       [](auto& r) { r.absent = {{.item = 0, .absence = v1::ABSENCE_NOT_RELEASED}}; }},
      {"absent twice", "absent twice",
       [](auto& r) {
         r.tables.pop_back();
         r.absent = {{.item = 1, .absence = v1::ABSENCE_NOT_RELEASED},
                     {.item = 1, .absence = v1::ABSENCE_NOT_COVERED}};
       }},
      {"absent beyond", "no item 2",
       [](auto& r) { r.absent = {{.item = 2, .absence = v1::ABSENCE_NOT_RELEASED}}; }},
      {"neither", "neither given nor absent", [](auto& r) { r.tables.pop_back(); }}};
  for (const Hostile& one : hostile) {
    SCOPED_TRACE(one.name);
    EXPECT_THAT(Changed(one.change), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(one.message)));
  }
  ASSERT_OK_AND_ASSIGN(const std::vector<std::string> answered, scene.store().Answered("autumn"));
  EXPECT_TRUE(answered.empty());
  EXPECT_OK(scene.rounds().Submit(council, GoodRelease()));
}

TEST_F(Submit, TakesASmallerEpsilonAndAbsentItems) {
  ASSERT_OK(scene.rounds().Open(spec));
  EXPECT_OK(Changed([](contract::Release& release) {
    release.tables[1].protection.epsilon_denominator = 2;
    release.tables.erase(release.tables.begin());
    release.absent = {{.item = 0, .absence = v1::ABSENCE_NOT_COVERED}};
  }));
}

TEST_F(Submit, WatchShowsOpenRoundsAndWhatIsAnswered) {
  ASSERT_OK(scene.rounds().Open(spec));
  ASSERT_OK(scene.rounds().Submit(council, GoodRelease()));
  ASSERT_OK_AND_ASSIGN(const std::vector<WatchedRound> mine, scene.rounds().Watch(council));
  ASSERT_OK_AND_ASSIGN(const std::vector<WatchedRound> theirs, scene.rounds().Watch(other));
  ASSERT_EQ(mine.size(), 1u);
  ASSERT_EQ(theirs.size(), 1u);
  EXPECT_EQ(mine[0].spec, spec);
  EXPECT_TRUE(mine[0].answered);
  EXPECT_FALSE(theirs[0].answered);
  scene.clock().Advance(absl::Hours(1));
  EXPECT_THAT(scene.rounds().Watch(council)->size(), 0u);
}

}  // namespace
}  // namespace waymark::coordinator
