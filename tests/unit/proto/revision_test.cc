#include "proto/contract/revision.h"

#include <set>
#include <string>

#include "proto/contract/names.h"
#include "proto/contract/publication.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/proto/contract_examples.h"

namespace waymark::contract {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

TEST(Revision, NamesAreReadBackAsTheyWereMade) {
  EXPECT_EQ(CorrectionId("autumn", 2), "autumn.c2");
  EXPECT_EQ(EditionId("autumn", 2), "autumn.2");
  ASSERT_TRUE(ParseCorrectionId("autumn.c99").has_value());
  EXPECT_EQ(ParseCorrectionId("autumn.c99")->round_id, "autumn");
  EXPECT_EQ(ParseCorrectionId("autumn.c99")->number, 99u);
  EXPECT_EQ(ParseEditionId("autumn.12")->number, 12u);
  EXPECT_EQ(RoundOf("autumn.c2"), "autumn");
  EXPECT_EQ(RoundOf("autumn"), "autumn");
}

TEST(Revision, NothingElseIsAName) {
  for (const char* id : {"autumn", "autumn.", "autumn.c", "autumn.c0", "autumn.c100", "autumn.c01",
                         "autumn.c+1", ".c1", "autumn.1", "autumn.c1.c1", "autumn.c1 ", "autumn.c-1"}) {
    EXPECT_FALSE(ParseCorrectionId(id).has_value()) << id;
  }
  for (const char* id : {"autumn", "autumn.", "autumn.1", "autumn.0", "autumn.c2", "autumn.02", ".2",
                         "autumn.2.3", "autumn.1000000"}) {
    EXPECT_FALSE(ParseEditionId(id).has_value()) << id;
  }
}

TEST(Revision, ACorrectionAsksTheSameOfTheNextDataVersion_AndIsSigned) {
  RoundSpec round = ExampleSpec();
  round.late_for_days = 14;
  EXPECT_EQ(LateUntil(round), round.deadline_unix_s + 14 * 24 * 3600);
  const RoundSpec spec = CorrectionOf(round, 2, v1::REVISION_REASON_WRONG_RECORDS);
  EXPECT_EQ(spec.round_id, round.round_id + ".c2");
  EXPECT_EQ(spec.data_version, round.data_version + 2);
  EXPECT_EQ(spec.items, round.items);
  v1::RoundSpec message;
  RoundSpecToProto(spec, message);
  ASSERT_OK_AND_ASSIGN(const RoundSpec back, RoundSpecFromProto(message));
  EXPECT_EQ(back, spec);
  // Number and reason, and for how long a round takes late ones, are in what is hashed.
  RoundSpec longer = round;
  longer.late_for_days = 15;
  EXPECT_NE(CanonicalBytes(longer), CanonicalBytes(round));
  EXPECT_NE(CanonicalBytes(round), CanonicalBytes(ExampleSpec()));
  for (const v1::RevisionReason reason : CorrectionReasons()) {
    for (const std::uint32_t number : {1u, 2u, 3u}) {
      const RoundSpec other = CorrectionOf(round, number, reason);
      EXPECT_EQ(CanonicalBytes(other) == CanonicalBytes(spec), other == spec);
    }
  }
}

TEST(Revision, EveryReasonHasWordsOfItsOwn) {
  std::set<std::string> names, words;
  for (int reason = v1::REVISION_REASON_LATE_RETURN; reason <= v1::RevisionReason_MAX; ++reason) {
    names.insert(std::string(NameOf(static_cast<v1::RevisionReason>(reason))));
    words.insert(std::string(WordOf(static_cast<v1::RevisionReason>(reason))));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(v1::RevisionReason_MAX));
  EXPECT_EQ(words.size(), static_cast<std::size_t>(v1::RevisionReason_MAX));
  EXPECT_FALSE(names.contains("") || words.contains(""));
}

TEST(Revision, EditionsSayWhatReplacedThem) {
  Editions editions;
  editions.Add()->set_round_id("autumn");
  editions[0].set_number(1);
  EXPECT_EQ(EditionText(editions, "autumn"), "");
  v1::Edition& second = *editions.Add();
  second.set_round_id("autumn.2");
  second.set_number(2);
  second.add_reasons(v1::REVISION_REASON_LATE_RETURN);
  second.add_reasons(v1::REVISION_REASON_WRONG_RECORDS);
  EXPECT_EQ(
      EditionText(editions, "autumn"),
      "edition 1 of 2, replaced by a later release, autumn.2 (late return; corrected return: records were "
      "wrong)");
  EXPECT_EQ(EditionText(editions, "autumn.2"),
            "edition 2 of 2 (late return; corrected return: records were wrong)");
  EXPECT_EQ(EditionText(editions, "spring"), "");
}

TEST(Revision, APublicationSaysWhichEditionItIs_UnderAnotherLabel) {
  v1::Publication publication;
  publication.set_round_id("autumn");
  publication.set_published_unix_s(9);
  v1::Publication::Item& item = *publication.add_items();
  item.set_metric("19");
  item.set_coverage_hash(std::string(32, 'c'));
  item.set_figures_root(std::string(32, 'r'));
  ASSERT_OK(CheckPublication(publication));
  v1::Publication later = publication;
  later.set_round_id("autumn.2");
  EXPECT_THAT(CheckPublication(later), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("round_id")));
  later.set_revises("autumn");
  later.set_edition(2);
  EXPECT_THAT(CheckPublication(later), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("reasons")));
  later.add_reasons(v1::REVISION_REASON_LATE_RETURN);
  ASSERT_OK(CheckPublication(later));
  const std::string bytes = CanonicalBytes(later);
  v1::Publication other = later;
  other.set_reasons(0, v1::REVISION_REASON_WRONG_EXTRACT);
  EXPECT_NE(CanonicalBytes(other), bytes);
  other.add_reasons(v1::REVISION_REASON_LATE_RETURN);
  EXPECT_THAT(CheckPublication(other), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("rising")));
  other = later;
  other.set_edition(3);
  EXPECT_THAT(CheckPublication(other), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("edition")));
  other.set_revises("spring");
  EXPECT_THAT(CheckPublication(other), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("edition")));
}

}  // namespace
}  // namespace waymark::contract
