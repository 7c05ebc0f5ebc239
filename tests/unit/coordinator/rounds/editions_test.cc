// What comes after the publication makes another edition, once, and leaves the earlier ones as they were.
#include <algorithm>
#include <map>

#include "base/status.h"
#include "coordinator/benchmark/query.h"
#include "coordinator/benchmark/trend.h"
#include "proto/contract/revision.h"
#include "proto/contract/transparency.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/crash.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kCouncils;
using testing::Scene;
using waymark::testing::StatusIs;

constexpr absl::Duration kDay = absl::Hours(24);
constexpr v1::RevisionReason kWrong = v1::REVISION_REASON_WRONG_RECORDS;

class EditionsTest : public ::testing::Test {
 protected:
  // Open for an hour to the first councils; that many have answered, and it is published.
  void Publish(int members, int answers, v1::Mode mode = v1::MODE_THRESHOLDED,
               std::uint32_t late_for_days = 14) {
    for (int i = 0; i < members; ++i) scene.Join(Council(i));
    spec = scene.Spec("autumn", {scene.Item("19", mode)});
    spec.late_for_days = late_for_days;
    ASSERT_OK(scene.rounds().Open(spec));
    for (int i = 0; i < answers; ++i) ASSERT_OK(Submit(i, spec, {20 + 10 * i, 100}));
    scene.clock().Advance(absl::Hours(1));
    ASSERT_EQ(*scene.rounds().CloseDue(), 1);
  }

  static const std::string& Council(int i) { return kCouncils[static_cast<std::size_t>(i)]; }

  absl::Status Submit(int council, const contract::RoundSpec& asked, std::vector<std::int64_t> values) {
    return scene.rounds().Submit(Council(council), Made(council, asked, std::move(values))).status();
  }
  contract::Release Made(int council, const contract::RoundSpec& asked, std::vector<std::int64_t> values) {
    return scene.Release(Council(council), asked, {scene.Table(asked.items[0], 0, std::move(values))});
  }
  contract::RoundSpec Correction(std::uint32_t number) {
    return contract::CorrectionOf(spec, number, kWrong);
  }

  absl::StatusOr<v1::QueryResponse> Ask(const std::string& round_id,
                                        const std::string& geography = "participants") {
    v1::QueryRequest request;
    request.set_metric("19");
    request.set_round_id(round_id);
    request.add_geographies(geography);
    return query.Answer(request, Scope::Everything());
  }
  // Numerator and denominator of the place's first figure.
  std::pair<double, double> Counts(const std::string& round_id,
                                   const std::string& geography = "participants") {
    const v1::QueryResponse answer = Ask(round_id, geography).value();
    return {answer.figures(0).numerator(), answer.figures(0).denominator()};
  }
  std::vector<std::string> Log() {
    std::vector<std::string> subjects;
    const std::vector<StoredLogEntry> entries = scene.store().LogEntries(0, 100).value();
    for (const StoredLogEntry& entry : entries) {
      if (entry.kind == LogKind::kPublication) subjects.push_back(entry.subject);
    }
    return subjects;
  }

  Scene scene;
  contract::RoundSpec spec;
  BenchmarkQuery query{scene.store(), scene.library()};
};

TEST_F(EditionsTest, ALateReleaseMakesTheNextEdition_AndTheFirstStaysAsItWas) {
  Publish(5, 4);
  const v1::QueryResponse first = Ask("").value();
  EXPECT_EQ(first.editions_size(), 1);
  const std::vector<WatchedRound> watched = scene.rounds().Watch(Council(4)).value();
  ASSERT_EQ(watched.size(), 1u);
  EXPECT_TRUE(watched[0].late);
  EXPECT_FALSE(watched[0].answered);
  ASSERT_OK(Submit(4, spec, {60, 100}));
  EXPECT_TRUE(scene.rounds().Watch(Council(4)).value()[0].answered);
  EXPECT_EQ(scene.rounds().List().value()[0].waiting(), 1u);
  EXPECT_EQ(*scene.rounds().ReviseDue(kDay), 0) << "not before the next fixed time";
  EXPECT_EQ(Ask("").value().round_id(), "autumn");
  scene.clock().Advance(kDay);
  EXPECT_EQ(*scene.rounds().ReviseDue(kDay), 1);
  EXPECT_EQ(*scene.rounds().ReviseDue(kDay), 0);

  const v1::QueryResponse second = Ask("").value();
  EXPECT_EQ(second.round_id(), "autumn.2");
  EXPECT_EQ(second.figures(0).round_id(), "autumn.2");
  ASSERT_EQ(second.editions_size(), 2);
  EXPECT_EQ(second.editions(1).round_id(), "autumn.2");
  EXPECT_THAT(second.editions(1).reasons(), ElementsAre(v1::REVISION_REASON_LATE_RETURN));
  for (const auto& council : second.coverage()) EXPECT_EQ(council.absence(), v1::ABSENCE_UNSPECIFIED);
  // What the earlier edition gave it gives for ever, with who was absent; only that there is another is new.
  v1::QueryResponse again = Ask("autumn").value();
  ASSERT_EQ(again.editions_size(), 2);
  *again.mutable_editions() = first.editions();
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_THAT(Log(), ElementsAre("autumn", "autumn.2"));

  const v1::RoundStatus status = scene.rounds().List().value()[0];
  EXPECT_EQ(status.editions_size(), 2);
  EXPECT_EQ(status.waiting(), 0u);
  for (const auto& council : status.councils()) EXPECT_TRUE(council.answered()) << council.code();
  EXPECT_EQ(scene.rounds().List().value().size(), 1u) << "an edition is no round";
}

TEST_F(EditionsTest, WhatIsBetweenTwoEditionsIsTheReleaseThatCame) {
  Publish(5, 4);
  ASSERT_OK(Submit(4, spec, {60, 300}));
  ASSERT_OK(Submit(0, Correction(1), {40, 120}));
  scene.clock().Advance(kDay);
  ASSERT_EQ(*scene.rounds().ReviseDue(kDay), 1);
  // Sums of what the councils released, worked out here: 20, 30, 40, 50 of 100 each; then 35 of 120 and 60 of
  // 300.
  EXPECT_EQ(Counts("autumn"), std::pair(140.0, 400.0));
  EXPECT_EQ(Counts("autumn.2"), std::pair(140.0 - 20 + 40 + 60, 400.0 - 100 + 120 + 300));
  EXPECT_EQ(Counts("autumn", Council(0)), std::pair(20.0, 100.0));
  EXPECT_EQ(Counts("autumn.2", Council(0)), std::pair(40.0, 120.0));
  // Any group of councils is summed from the releases of the edition that is asked.
  for (const auto& [round_id, sum] : std::map<std::string, double>{{"autumn", 90}, {"autumn.2", 110}}) {
    v1::QueryRequest request;
    request.set_metric("19");
    request.set_round_id(round_id);
    for (int i = 0; i < 3; ++i) request.add_group(Council(i));
    EXPECT_EQ(query.Answer(request, Scope::Everything()).value().figures(0).numerator(), sum) << round_id;
  }
}

TEST_F(EditionsTest, AllThatWaitsComesInOne_WithItsReasons_AndTheLastCorrectionCounts) {
  Publish(5, 3);
  ASSERT_OK(Submit(3, spec, {60, 100}));
  ASSERT_OK(Submit(4, spec, {70, 100}));
  ASSERT_OK(Submit(0, Correction(1), {40, 100}));
  ASSERT_OK(Submit(0, Correction(2), {60, 100}));
  scene.clock().Advance(kDay);
  ASSERT_EQ(*scene.rounds().ReviseDue(kDay), 1);
  const v1::QueryResponse answer = Ask("").value();
  EXPECT_EQ(answer.round_id(), "autumn.2");
  EXPECT_THAT(answer.editions(1).reasons(), ElementsAre(v1::REVISION_REASON_LATE_RETURN, kWrong));
  EXPECT_EQ(Counts("", Council(0)).first, 60);
  // A correction of what came late, later.
  ASSERT_OK(Submit(4, Correction(1), {90, 120}));
  scene.clock().Advance(kDay);
  ASSERT_EQ(*scene.rounds().ReviseDue(kDay), 1);
  EXPECT_EQ(Ask("").value().round_id(), "autumn.3");
  EXPECT_THAT(Ask("").value().editions(2).reasons(), ElementsAre(kWrong));
  EXPECT_EQ(Counts("", Council(4)).first, 90);
  EXPECT_EQ(Counts("", Council(0)).first, 60);
  EXPECT_EQ(Counts("autumn.2", Council(4)).first, 70);
  v1::TrendRequest trend;
  trend.set_metric("19");
  ASSERT_OK_AND_ASSIGN(const v1::TrendResponse response,
                       TrendOf(trend, Scope::Everything(), scene.library(), query));
  ASSERT_EQ(response.breaks_size(), 1);
  EXPECT_EQ(response.breaks(0).what(), "edition");
  EXPECT_THAT(response.breaks(0).note(), HasSubstr("edition 3 of 3 (corrected return: records were wrong)"));
}

TEST_F(EditionsTest, NoisedRoundsToo) {
  Publish(4, 3, v1::MODE_NOISED);
  ASSERT_OK(Submit(3, spec, {61, 102}));
  scene.clock().Advance(kDay);
  ASSERT_EQ(*scene.rounds().ReviseDue(kDay), 1);
  EXPECT_EQ(Ask("").value().figures(0).contributors(), 4u);
}

TEST_F(EditionsTest, TheSameAgainChangesNothing_AndGetsTheSameReceipt) {
  Publish(5, 4);
  const contract::Release late = Made(4, spec, {60, 100});
  ASSERT_OK_AND_ASSIGN(const Receipt receipt, scene.rounds().Submit(Council(4), late));
  scene.clock().Advance(absl::Minutes(5));
  EXPECT_EQ(scene.rounds().Submit(Council(4), late)->signature, receipt.signature);
  scene.clock().Advance(kDay);
  ASSERT_EQ(*scene.rounds().ReviseDue(kDay), 1);
  EXPECT_EQ(scene.rounds().Submit(Council(4), late)->signature, receipt.signature);
  scene.clock().Advance(kDay);
  EXPECT_EQ(*scene.rounds().ReviseDue(kDay), 0);
  EXPECT_THAT(Submit(4, spec, {65, 100}), StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("autumn")));
  // The council's ledger is held to what came late and corrected, too.
  ASSERT_OK(Submit(4, Correction(1), {80, 100}));
  const std::vector<Countersigned> last = scene.rounds().LastOf(Council(4)).value();
  ASSERT_FALSE(last.empty());
  EXPECT_TRUE(
      std::any_of(last.begin(), last.end(), [](const auto& one) { return one.round_id == "autumn.c1"; }));
}

TEST_F(EditionsTest, IsRefused_WhereTheRoundTakesNone) {
  Publish(5, 4, v1::MODE_THRESHOLDED, 0);
  EXPECT_TRUE(scene.rounds().Watch(Council(4))->empty());
  EXPECT_THAT(Submit(4, spec, {60, 100}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("closed")));
  EXPECT_THAT(Submit(0, Correction(1), {60, 100}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("late_for_days")));
}

TEST_F(EditionsTest, IsRefused_AfterItsTime) {
  Publish(5, 4);
  scene.clock().Advance(14 * kDay);
  EXPECT_TRUE(scene.rounds().Watch(Council(4))->empty());
  EXPECT_THAT(Submit(4, spec, {60, 100}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("14 days")));
  EXPECT_THAT(Submit(0, Correction(1), {60, 100}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("14 days")));
}

TEST_F(EditionsTest, IsRefused_OfASecureRound) {
  scene.Join(Council(0));
  contract::RoundItem item = scene.Item("19", v1::MODE_SECURE_SUM);
  item.epsilon_numerator = 1;
  spec = scene.Spec("summed", {item});
  v1::RoundSpec message;
  contract::RoundSpecToProto(spec, message);
  Round round;
  round.round_id = "summed";
  round.spec = message.SerializeAsString();
  round.spec_hash = std::string(32, 's');
  ASSERT_OK(scene.store().AddRound(round));
  for (const bool is_over : {false, true}) {
    if (is_over) scene.clock().Advance(absl::Hours(2));
    for (const contract::RoundSpec& asked : {spec, Correction(1)}) {
      EXPECT_THAT(Submit(0, asked, {60, 100}),
                  StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("never corrected nor added to")))
          << asked.round_id;
    }
  }
}

TEST_F(EditionsTest, ACorrectionIsOfWhatWasGivenAndPublished) {
  for (int i = 0; i < 5; ++i) scene.Join(Council(i));
  spec = scene.Spec("autumn", {scene.Item("19", v1::MODE_THRESHOLDED)});
  spec.late_for_days = 14;
  ASSERT_OK(scene.rounds().Open(spec));
  for (int i = 0; i < 4; ++i) ASSERT_OK(Submit(i, spec, {20, 100}));
  EXPECT_THAT(Submit(0, Correction(1), {60, 100}),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("not published yet")));
  ASSERT_OK(scene.rounds().Close("autumn"));
  EXPECT_THAT(Submit(4, Correction(1), {60, 100}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("nothing that autumn.c1 corrects")));
  EXPECT_THAT(Submit(0, Correction(2), {60, 100}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("has not given autumn.c1")));
  contract::RoundSpec other = Correction(1);
  other.data_version += 1;
  EXPECT_THAT(Submit(0, other, {60, 100}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another spec")));
  other = Correction(1);
  other.correction = v1::REVISION_REASON_LATE_RETURN;
  EXPECT_THAT(Submit(0, other, {60, 100}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another spec")));
  EXPECT_THAT(Submit(0, Correction(1), {4, 100}), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("")))
      << "counts are checked as ever";
  EXPECT_TRUE(scene.store().WaitingRevisions()->empty());
  ASSERT_OK(Submit(0, Correction(1), {60, 100}));
}

TEST_F(EditionsTest, ACouncilWithoutANameCannotComeLate_NorChangeItsName) {
  Publish(5, 3);
  contract::Release late = Made(4, spec, {60, 100});
  late.pseudonym = "0123456789abcdef";
  scene.Sign(late);
  EXPECT_THAT(scene.rounds().Submit(Council(4), late),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("absent")));
  contract::Release corrected = Made(0, Correction(1), {60, 100});
  corrected.pseudonym = "0123456789abcdef";
  scene.Sign(corrected);
  EXPECT_THAT(scene.rounds().Submit(Council(0), corrected),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("under the name")));
}

TEST_F(EditionsTest, AWithdrawnRoundTakesItsEditionsWithIt) {
  Publish(5, 4);
  ASSERT_OK(Submit(4, spec, {60, 100}));
  scene.clock().Advance(kDay);
  ASSERT_EQ(*scene.rounds().ReviseDue(kDay), 1);
  ASSERT_OK(Submit(0, Correction(1), {60, 100}));
  EXPECT_THAT(scene.rounds().Withdraw("autumn.2", "why"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("autumn.2")));
  ASSERT_OK(scene.rounds().Withdraw("autumn", "why"));
  scene.clock().Advance(kDay);
  EXPECT_EQ(*scene.rounds().ReviseDue(kDay), 0);
  for (const char* id : {"", "autumn", "autumn.2"}) EXPECT_TRUE(absl::IsNotFound(Ask(id).status())) << id;
  EXPECT_THAT(Submit(1, Correction(1), {60, 100}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("withdrawn")));
}

TEST_F(EditionsTest, RemindsThoseWhoHaveNotAnswered_InTheLastQuarter) {
  for (int i = 0; i < 3; ++i) scene.Join(Council(i));
  spec = scene.Spec("autumn", {scene.Item("19", v1::MODE_THRESHOLDED)});
  spec.late_for_days = 1;
  ASSERT_OK(scene.rounds().Open(spec));
  ASSERT_OK(Submit(0, spec, {20, 100}));
  scene.clock().Advance(absl::Minutes(44));
  EXPECT_FALSE(scene.rounds().Watch(Council(1)).value()[0].reminder);
  scene.clock().Advance(absl::Minutes(1));
  EXPECT_TRUE(scene.rounds().Watch(Council(1)).value()[0].reminder);
  EXPECT_FALSE(scene.rounds().Watch(Council(0)).value()[0].reminder) << "it has answered";
  scene.clock().Advance(absl::Minutes(15));
  EXPECT_FALSE(scene.rounds().Watch(Council(1)).value()[0].reminder) << "it is late by now";
  EXPECT_TRUE(scene.rounds().Watch(Council(1)).value()[0].late);
}

TEST_F(EditionsTest, SaysWhoWasNotHeardOfSinceTheRoundOpened) {
  for (int i = 0; i < 5; ++i) scene.Join(Council(i));
  ASSERT_OK(scene.rounds().Watch(Council(3)));  // before it opens
  scene.clock().Advance(absl::Minutes(1));
  spec = scene.Spec("autumn", {scene.Item("19", v1::MODE_THRESHOLDED)});
  ASSERT_OK(scene.rounds().Open(spec));
  for (int i = 0; i < 2; ++i) ASSERT_OK(Submit(i, spec, {20, 100}));
  ASSERT_OK(scene.rounds().Watch(Council(2)));
  const std::int64_t heard = absl::ToUnixSeconds(scene.clock().Now());
  for (const bool is_published : {false, true}) {
    if (is_published) {
      ASSERT_OK(scene.rounds().Close("autumn"));
    }
    const v1::RoundStatus status = scene.rounds().List().value()[0];
    std::map<std::string, v1::RoundStatus::Council> councils;
    for (const auto& council : status.councils()) councils[council.code()] = council;
    EXPECT_EQ(councils.at(Council(0)).absence(), v1::ABSENCE_UNSPECIFIED);
    EXPECT_EQ(councils.at(Council(2)).absence(), v1::ABSENCE_NO_RESPONSE);
    EXPECT_EQ(councils.at(Council(2)).last_contact_unix_s(), heard);
    EXPECT_EQ(councils.at(Council(3)).absence(), v1::ABSENCE_NOT_CONNECTED) << "heard of, but before";
    EXPECT_EQ(councils.at(Council(4)).absence(), v1::ABSENCE_NOT_CONNECTED) << "never heard of";
  }
}

TEST_F(EditionsTest, IsPublishedOnce_WhereverTheCoordinatorIsKilled) {
  std::string expected;
  for (int point = 0;; ++point) {
    Scene own;
    std::vector<contract::Release> revisions;
    for (int i = 0; i < 5; ++i) own.Join(Council(i));
    contract::RoundSpec asked = own.Spec("autumn", {own.Item("19", v1::MODE_THRESHOLDED)});
    asked.late_for_days = 14;
    ASSERT_OK(own.rounds().Open(asked));
    for (int i = 0; i < 4; ++i) {
      ASSERT_OK(own.rounds().Submit(
          Council(i), own.Release(Council(i), asked, {own.Table(asked.items[0], 0, {20, 100})})));
    }
    ASSERT_OK(own.rounds().Close("autumn"));
    const contract::RoundSpec correction = contract::CorrectionOf(asked, 1, kWrong);
    revisions.push_back(own.Release(Council(4), asked, {own.Table(asked.items[0], 0, {60, 100})}));
    revisions.push_back(own.Release(Council(0), correction, {own.Table(asked.items[0], 0, {45, 100})}));
    const bool survived = testing::SurvivesCrashAt(point, own, [&](Store& store) -> absl::Status {
      Rounds rounds(store, own.library(), own.key(), own.clock());
      for (const contract::Release& release : revisions)
        RETURN_IF_ERROR(rounds.Submit(release.council, release).status());
      own.clock().Advance(kDay);
      return rounds.ReviseDue(kDay).status();
    });
    const bool was_published = own.store().Editions("autumn").value().size() == 2;
    for (const contract::Release& release : revisions)
      ASSERT_OK(own.rounds().Submit(release.council, release));
    own.clock().Advance(2 * kDay);
    EXPECT_EQ(*own.rounds().ReviseDue(kDay), was_published ? 0 : 1) << point;
    ASSERT_EQ(own.store().Editions("autumn").value().size(), 2u) << point;
    std::string figures;
    const std::vector<std::string> stored = own.store().Figures("autumn.2", 0, "", {}).value();
    for (const std::string& bytes : stored) figures += bytes;
    if (expected.empty()) expected = figures;
    EXPECT_EQ(figures, expected) << point;
    if (survived) {
      EXPECT_GT(point, 40) << "the points must cover submission and publication";
      break;
    }
  }
}

}  // namespace
}  // namespace waymark::coordinator
