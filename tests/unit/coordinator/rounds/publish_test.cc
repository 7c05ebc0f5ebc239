// Rounds end once, right, and with a reason for everyone who is not in.
#include <csignal>
#include <map>
#include <set>

#include "absl/synchronization/mutex.h"
#include "base/status.h"
#include "coordinator/benchmark/query.h"
#include "coordinator/rounds/round_closer.h"
#include "crypto/hash.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/crash.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::kCouncils;
using testing::Scene;
using waymark::testing::StatusIs;

contract::RoundSpec OpenThresholded(Scene& scene, int members) {
  for (int i = 0; i < members; ++i) scene.Join(kCouncils[static_cast<std::size_t>(i)]);
  const contract::RoundSpec spec = scene.Spec("autumn", {scene.Item("19", v1::MODE_THRESHOLDED)});
  EXPECT_OK(scene.rounds().Open(spec));
  return spec;
}

absl::Status Answer(Scene& scene, const contract::RoundSpec& spec, const std::string& council) {
  return scene.rounds()
      .Submit(council, scene.Release(council, spec, {scene.Table(spec.items[0], 0, {20, 100})}))
      .status();
}

std::map<std::string, v1::RoundStatus::Council> ByCode(const v1::RoundStatus& status) {
  std::map<std::string, v1::RoundStatus::Council> councils;
  for (const auto& council : status.councils()) councils[council.code()] = council;
  return councils;
}

contract::Decline DeclineOf(Scene& scene, const contract::RoundSpec& spec, const std::string& council,
                            v1::Absence absence, std::int64_t time = 1'000) {
  contract::Decline decline{.council = council,
                            .round_id = spec.round_id,
                            .spec_hash = crypto::Sha256(contract::CanonicalBytes(spec)),
                            .absence = absence,
                            .declined_unix_s = time,
                            .signature = ""};
  decline.signature = scene.key_of(council).Sign(contract::CanonicalBytes(decline)).value();
  return decline;
}

TEST(Publish, SaysWhyACouncilGivesNothing_WhereItSaidSo) {
  Scene scene;
  const contract::RoundSpec spec = OpenThresholded(scene, 5);
  const auto decline = [&](int council, v1::Absence absence, std::int64_t time = 1'000) {
    return scene.rounds().Decline(
        DeclineOf(scene, spec, kCouncils[static_cast<std::size_t>(council)], absence, time));
  };
  ASSERT_OK(decline(0, v1::ABSENCE_AWAITING_APPROVAL));
  ASSERT_OK(decline(3, v1::ABSENCE_AWAITING_APPROVAL, 1'000));
  ASSERT_OK(decline(3, v1::ABSENCE_ALREADY_RELEASED, 1'002));
  ASSERT_OK(decline(3, v1::ABSENCE_BELOW_FLOORS, 1'001));  // an older word, sent again by somebody
  for (int i = 0; i < 3; ++i) ASSERT_OK(Answer(scene, spec, kCouncils[static_cast<std::size_t>(i)]));
  ASSERT_OK(decline(1, v1::ABSENCE_NOT_ALLOWED));  // one that has answered
  for (const bool published : {false, true}) {
    if (published) {
      ASSERT_OK(scene.rounds().Close(spec.round_id));
    }
    ASSERT_OK_AND_ASSIGN(const std::vector<v1::RoundStatus> rounds, scene.rounds().List());
    const auto councils = ByCode(rounds.at(0));
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_TRUE(councils.at(kCouncils[i]).answered()) << i;
      EXPECT_EQ(councils.at(kCouncils[i]).absence(), v1::ABSENCE_UNSPECIFIED) << i;
    }
    EXPECT_EQ(councils.at(kCouncils[3]).absence(), v1::ABSENCE_ALREADY_RELEASED);
    EXPECT_EQ(councils.at(kCouncils[4]).absence(), v1::ABSENCE_NO_RESPONSE);
  }
  EXPECT_THAT(decline(4, v1::ABSENCE_NOT_ALLOWED),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("closed")));
}

TEST(Publish, TakesNoDeclineButTheCouncilsOwn) {
  Scene scene;
  const contract::RoundSpec spec = OpenThresholded(scene, 2);
  const contract::Decline good = DeclineOf(scene, spec, kCouncils[0], v1::ABSENCE_NOT_ALLOWED);
  contract::Decline other = good;
  other.absence = v1::ABSENCE_LEDGER_WENT_BACK;
  EXPECT_THAT(scene.rounds().Decline(other), StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("")));
  other = good;
  other.council = kCouncils[1];
  EXPECT_THAT(scene.rounds().Decline(other), StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("")));
  other.council = kCouncils[4];
  EXPECT_THAT(scene.rounds().Decline(other), StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("")));
  for (const v1::Absence own : {v1::ABSENCE_NO_RESPONSE, v1::ABSENCE_NOT_CONNECTED}) {
    v1::DeclineRequest message;
    contract::DeclineToProto(DeclineOf(scene, spec, kCouncils[0], own), message);
    EXPECT_THAT(contract::DeclineFromProto(kCouncils[0], message),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("unknown reason")));
  }
  contract::RoundSpec changed = spec;
  changed.title = "another";
  EXPECT_THAT(scene.rounds().Decline(DeclineOf(scene, changed, kCouncils[0], v1::ABSENCE_NOT_ALLOWED)),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another spec")));
  changed.round_id = "none";
  EXPECT_THAT(scene.rounds().Decline(DeclineOf(scene, changed, kCouncils[0], v1::ABSENCE_NOT_ALLOWED)),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
  EXPECT_TRUE(scene.store().Declines(spec.round_id).value().empty());
  EXPECT_OK(scene.rounds().Decline(good));
}

TEST(Publish, HappensAtSoManyAnswers_WhereTheSpecSaysSo) {
  Scene scene;
  for (std::size_t i = 0; i < 5; ++i) scene.Join(kCouncils[i]);
  contract::RoundSpec spec = scene.Spec("autumn", {scene.Item("19", v1::MODE_THRESHOLDED)});
  spec.close_at_answers = 4;
  ASSERT_OK(scene.rounds().Open(spec));
  for (std::size_t i = 0; i < 3; ++i) ASSERT_OK(Answer(scene, spec, kCouncils[i]));
  EXPECT_EQ(*scene.rounds().CloseDue(), 0);
  ASSERT_OK(Answer(scene, spec, kCouncils[3]));
  EXPECT_EQ(*scene.rounds().CloseDue(), 1);
  EXPECT_THAT(Answer(scene, spec, kCouncils[4]),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("closed")));
}

TEST(Withdraw, EndsAnOpenRoundUnpublished_WithItsReason) {
  Scene scene;
  const contract::RoundSpec spec = OpenThresholded(scene, 5);
  ASSERT_OK(Answer(scene, spec, kCouncils[0]));
  ASSERT_OK_AND_ASSIGN(const v1::RoundStatus status,
                       scene.rounds().Withdraw(spec.round_id, "asked by mistake"));
  EXPECT_EQ(status.state(), v1::ROUND_STATE_WITHDRAWN);
  EXPECT_EQ(status.reason(), "asked by mistake");
  EXPECT_EQ(status.withdrawn_unix_s(), absl::ToUnixSeconds(scene.clock().Now()));
  EXPECT_TRUE(scene.rounds().Watch(kCouncils[1])->empty());
  EXPECT_THAT(Answer(scene, spec, kCouncils[1]),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("withdrawn")));
  ASSERT_OK_AND_ASSIGN(const v1::RoundStatus again, scene.rounds().Withdraw(spec.round_id, "another reason"));
  EXPECT_EQ(again.reason(), "asked by mistake");
  scene.clock().Advance(absl::Hours(1));
  EXPECT_EQ(*scene.rounds().CloseDue(), 0);
  ASSERT_OK_AND_ASSIGN(const v1::RoundStatus closed, scene.rounds().Close(spec.round_id));
  EXPECT_EQ(closed.state(), v1::ROUND_STATE_WITHDRAWN);
  EXPECT_TRUE(scene.store().PublishedItems()->empty());
}

TEST(Withdraw, TakesBackWhatWasPublished_UntilItIsAskedAnew) {
  Scene scene;
  const contract::RoundSpec spec = OpenThresholded(scene, 3);
  for (int i = 0; i < 3; ++i) ASSERT_OK(Answer(scene, spec, kCouncils[static_cast<std::size_t>(i)]));
  ASSERT_EQ(*scene.rounds().CloseDue(), 1);
  BenchmarkQuery query(scene.store(), scene.library());
  v1::QueryRequest request;
  request.set_metric("19");
  ASSERT_OK(query.Answer(request, Scope::Everything()));
  ASSERT_OK(scene.rounds().Withdraw(spec.round_id, "a council's file was another's"));
  EXPECT_THAT(query.Answer(request, Scope::Everything()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("withdrawn")));
  EXPECT_EQ(query.ListPublished(Scope::Everything())->entries_size(), 0);
  ASSERT_OK_AND_ASSIGN(const std::vector<v1::RoundStatus> rounds, scene.rounds().List());
  EXPECT_EQ(rounds.at(0).state(), v1::ROUND_STATE_WITHDRAWN);
  EXPECT_TRUE(ByCode(rounds[0]).at(kCouncils[0]).answered());

  contract::RoundSpec anew = scene.Spec("anew", spec.items);
  ASSERT_OK(scene.rounds().Open(anew));
  for (int i = 0; i < 3; ++i) ASSERT_OK(Answer(scene, anew, kCouncils[static_cast<std::size_t>(i)]));
  ASSERT_EQ(*scene.rounds().CloseDue(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse response, query.Answer(request, Scope::Everything()));
  EXPECT_EQ(response.round_id(), "anew");
}

TEST(Withdraw, NeedsARoundAndAReason) {
  Scene scene;
  const contract::RoundSpec spec = OpenThresholded(scene, 3);
  EXPECT_THAT(scene.rounds().Withdraw("none", "why"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(spec.round_id)));
  for (const std::string& reason : {std::string(), std::string(501, 'x')}) {
    EXPECT_THAT(scene.rounds().Withdraw(spec.round_id, reason),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("reason")));
  }
  EXPECT_FALSE(scene.rounds().Watch(kCouncils[0])->empty());
}

TEST(Publish, HappensAtTheDeadline_WithAReasonForEveryAbsentCouncil) {
  Scene scene;
  const contract::RoundSpec spec = OpenThresholded(scene, 5);
  for (int i = 0; i < 3; ++i) ASSERT_OK(Answer(scene, spec, kCouncils[static_cast<std::size_t>(i)]));
  contract::Release nothing = scene.Release(kCouncils[3], spec, {});
  nothing.absent = {{.item = 0, .absence = v1::ABSENCE_NOT_COVERED}};
  scene.Sign(nothing);
  ASSERT_OK(scene.rounds().Submit(kCouncils[3], nothing));
  EXPECT_THAT(*scene.rounds().CloseDue(), 0);
  scene.clock().Advance(absl::Hours(1));
  EXPECT_THAT(*scene.rounds().CloseDue(), 1);
  EXPECT_THAT(*scene.rounds().CloseDue(), 0);
  ASSERT_OK_AND_ASSIGN(const std::vector<v1::RoundStatus> rounds, scene.rounds().List());
  ASSERT_EQ(rounds.size(), 1u);
  EXPECT_EQ(rounds[0].state(), v1::ROUND_STATE_PUBLISHED);
  const auto councils = ByCode(rounds[0]);
  ASSERT_EQ(councils.size(), 5u);
  EXPECT_TRUE(councils.at(kCouncils[0]).answered());
  EXPECT_TRUE(councils.at(kCouncils[3]).answered());
  ASSERT_EQ(councils.at(kCouncils[3]).absent_size(), 1);
  EXPECT_EQ(councils.at(kCouncils[3]).absent(0).absence(), v1::ABSENCE_NOT_COVERED);
  EXPECT_FALSE(councils.at(kCouncils[4]).answered());
  EXPECT_EQ(councils.at(kCouncils[4]).absence(), v1::ABSENCE_NO_RESPONSE);

  BenchmarkQuery query(scene.store(), scene.library());
  v1::QueryRequest request;
  request.set_metric("19");
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse response, query.Answer(request, Scope::Everything()));
  ASSERT_EQ(response.coverage_size(), 5);
  EXPECT_EQ(response.coverage(3).absence(), v1::ABSENCE_NOT_COVERED);
  EXPECT_EQ(response.coverage(4).absence(), v1::ABSENCE_NO_RESPONSE);
}

// Answers of the first councils, of which `unnamed` want no name; the published rows of councils.
std::vector<v1::Figure> PublishedCouncils(int councils, const std::set<int>& unnamed,
                                          v1::QueryResponse& everything) {
  Scene scene;
  const contract::RoundSpec spec = OpenThresholded(scene, councils);
  for (int i = 0; i < councils; ++i) {
    const std::string& council = kCouncils[static_cast<std::size_t>(i)];
    contract::Release release = scene.Release(council, spec, {scene.Table(spec.items[0], 0, {20, 100})});
    release.scope.note = council;
    if (unnamed.contains(i)) release.pseudonym = absl::StrCat("00000000000000a", 9 - i);
    scene.Sign(release);
    EXPECT_OK(scene.rounds().Submit(council, release));
  }
  EXPECT_THAT(*scene.rounds().CloseDue(), 1);
  v1::QueryRequest request;
  request.set_metric("19");
  BenchmarkQuery benchmarks(scene.store(), scene.library());
  auto all = benchmarks.Answer(request, Scope::Everything());
  EXPECT_OK(all);
  everything = *all;
  for (const auto& council : everything.coverage()) request.add_geographies(council.council());
  auto own = benchmarks.Answer(request, Scope::Everything());
  EXPECT_OK(own);
  return {own->figures().begin(), own->figures().end()};
}

TEST(Publish, PseudonymsStandInThePlaceOfNames_WhereThereAreEnoughOfThem) {
  v1::QueryResponse all;
  const std::vector<v1::Figure> figures = PublishedCouncils(5, {0, 1, 2}, all);
  std::set<std::string> codes;
  for (const v1::Figure& figure : figures) codes.insert(figure.geography_code());
  EXPECT_EQ(codes, (std::set<std::string>{"00000000000000a7", "00000000000000a8", "00000000000000a9",
                                          kCouncils[3], kCouncils[4]}));
  ASSERT_EQ(all.coverage_size(), 5);
  EXPECT_EQ(all.coverage(0).council(), "00000000000000a7");  // by pseudonym, not where the council stood
  const std::string text = all.SerializeAsString() + all.DebugString();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(text.find(kCouncils[static_cast<std::size_t>(i)]), std::string::npos);
  EXPECT_NE(text.find(kCouncils[3]), std::string::npos);
}

TEST(Publish, TooFewPseudonymsHaveNoRows_SinceTheyWouldBeFoundByElimination) {
  v1::QueryResponse all;
  const std::vector<v1::Figure> figures = PublishedCouncils(5, {0, 1}, all);
  std::set<std::string> codes;
  for (const v1::Figure& figure : figures) codes.insert(figure.geography_code());
  EXPECT_EQ(codes, (std::set<std::string>{kCouncils[2], kCouncils[3], kCouncils[4]}));
  EXPECT_EQ(all.figures(0).contributors(), 5u);  // they are in the sums
}

// The region's figure less its named rows would give the one that is not named.
TEST(Publish, PseudonymsHaveRows_WhereThereAreEnoughInTheirRegion) {
  v1::QueryResponse all;
  const std::vector<v1::Figure> figures = PublishedCouncils(6, {0, 1, 5}, all);  // the last is London's
  std::set<std::string> codes;
  for (const v1::Figure& figure : figures) codes.insert(figure.geography_code());
  EXPECT_EQ(codes, (std::set<std::string>{kCouncils[2], kCouncils[3], kCouncils[4]}));
}

TEST(Publish, HappensAtOnce_WhenEveryMemberHasAnswered) {
  Scene scene;
  const contract::RoundSpec spec = OpenThresholded(scene, 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(*scene.rounds().CloseDue(), 0);
    ASSERT_OK(Answer(scene, spec, kCouncils[static_cast<std::size_t>(i)]));
  }
  EXPECT_THAT(*scene.rounds().CloseDue(), 1);
}

TEST(Publish, IsDoneByTheBackgroundThread_WhenPoked) {
  Scene scene;
  const contract::RoundSpec spec = OpenThresholded(scene, 3);
  RoundCloser closer(scene.clock(), absl::Hours(1), [&scene] { EXPECT_OK(scene.rounds().CloseDue()); });
  for (int i = 0; i < 3; ++i) ASSERT_OK(Answer(scene, spec, kCouncils[static_cast<std::size_t>(i)]));
  closer.Poke();
  const SystemClock real;
  for (int i = 0; i < 1000 && scene.store().FindRound("autumn").value()->state == RoundState::kOpen; ++i) {
    real.Sleep(absl::Milliseconds(10));
  }
  EXPECT_EQ(scene.store().FindRound("autumn").value()->state, RoundState::kPublished);
}

// What is due is so by the clock that the rounds go by, not by how long the test takes.
TEST(Publish, IsLookedForAsTheClockGoesOn) {
  const waymark::testing::FakeClock clock(absl::FromUnixSeconds(1'000'000));
  absl::Mutex mutex;
  int looks = 0;
  const auto look = [&] {
    absl::MutexLock lock(&mutex);
    ++looks;
  };
  RoundCloser closer(clock, absl::Hours(1), look);
  const auto await = [&](int expected) {
    absl::MutexLock lock(&mutex);
    const auto are = [&] { return looks >= expected; };
    return mutex.AwaitWithTimeout(absl::Condition(&are), absl::Minutes(1)) && looks == expected;
  };
  EXPECT_TRUE(await(1)) << "at once";
  clock.Advance(absl::Hours(1));
  EXPECT_TRUE(await(2)) << "an hour is over";
  clock.Advance(-absl::Hours(3));
  EXPECT_TRUE(await(3)) << "somebody set the clock back: nothing waits until it has come again";
}

TEST(Publish, ClosingAgainChangesNothing_AndNoLateReleaseComesIn) {
  Scene scene;
  const contract::RoundSpec spec = OpenThresholded(scene, 4);
  for (int i = 0; i < 3; ++i) ASSERT_OK(Answer(scene, spec, kCouncils[static_cast<std::size_t>(i)]));
  ASSERT_OK_AND_ASSIGN(const v1::RoundStatus first, scene.rounds().Close("autumn"));
  scene.clock().Advance(absl::Minutes(1));
  ASSERT_OK_AND_ASSIGN(const v1::RoundStatus again, scene.rounds().Close("autumn"));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_THAT(Answer(scene, spec, kCouncils[3]),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("published")));
  EXPECT_THAT(scene.rounds().Close("winter"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("autumn")));
}

// Kills the coordinator (without any clean-up) before or after each call of the store while it takes releases
// and publishes; a second coordinator on the same file then ends the round. Whatever the point: one release a
// council, one publication, and the same figures.
TEST(Publish, EndsRight_WhereverItIsKilled) {
  std::string expected;
  for (int point = 0;; ++point) {
    SCOPED_TRACE(point);
    Scene scene;
    const contract::RoundSpec spec = OpenThresholded(scene, 3);
    std::vector<contract::Release> releases;
    for (int i = 0; i < 3; ++i) {
      releases.push_back(scene.Release(kCouncils[static_cast<std::size_t>(i)], spec,
                                       {scene.Table(spec.items[0], 0, {20 + 5 * i, 100})}));
    }
    const bool survived = testing::SurvivesCrashAt(point, scene, [&](Store& store) -> absl::Status {
      Rounds rounds(store, scene.library(), scene.key(), scene.clock());
      for (const contract::Release& release : releases)
        RETURN_IF_ERROR(rounds.Submit(release.council, release).status());
      return rounds.CloseDue().status();
    });
    // The nodes send again what they have had no receipt for; here: everything.
    for (const contract::Release& release : releases)
      ASSERT_OK(scene.rounds().Submit(release.council, release));
    ASSERT_OK(scene.rounds().CloseDue());
    ASSERT_OK_AND_ASSIGN(const std::vector<std::string> answered, scene.store().Answered("autumn"));
    EXPECT_EQ(answered.size(), 3u);
    ASSERT_OK_AND_ASSIGN(const std::vector<PublishedItem> items, scene.store().PublishedItems());
    EXPECT_EQ(items.size(), 1u);
    std::string figures;
    ASSERT_OK_AND_ASSIGN(const std::vector<std::string> stored, scene.store().Figures("autumn", 0, "", {}));
    for (const std::string& bytes : stored) figures += bytes;
    if (expected.empty()) expected = figures;
    EXPECT_EQ(figures, expected);
    if (survived) {
      EXPECT_GT(point, 20) << "the points must cover submission and publication";
      break;
    }
  }
}

}  // namespace
}  // namespace waymark::coordinator
