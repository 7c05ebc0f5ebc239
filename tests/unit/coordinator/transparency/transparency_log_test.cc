// A round from its opening to what it published, in the log; and what the log shows of it, held against the
// verifying side of crypto/merkle_tree.h.
#include "coordinator/transparency/transparency_log.h"

#include <sqlite3.h>

#include "absl/strings/str_cat.h"
#include "coordinator/benchmark/query.h"
#include "coordinator/rounds/publication_record.h"
#include "crypto/hash.h"
#include "crypto/merkle_tree.h"
#include "proto/contract/publication.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::_;
using ::testing::HasSubstr;
using testing::kCouncils;
using testing::Scene;
using waymark::testing::StatusIs;

class TransparencyLogTest : public ::testing::Test {
 protected:
  contract::RoundSpec OpenRound(const std::string& id) {
    const contract::RoundSpec spec = scene_.Spec(id, {scene_.Item("19", v1::MODE_THRESHOLDED)});
    EXPECT_OK(scene_.rounds().Open(spec));
    return spec;
  }
  void PublishRound(const std::string& id) {
    const contract::RoundSpec spec = OpenRound(id);
    given_ = scene_.Table(spec.items[0], 0, {20, 100});
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_OK(scene_.rounds().Submit(kCouncils[i], scene_.Release(kCouncils[i], spec, {given_})));
    }
    EXPECT_OK(scene_.rounds().Close(id));
  }
  void SetUp() override {
    for (const std::string& council : kCouncils) scene_.Join(council);
  }
  contract::LogHead Head() {
    const auto head = log_.Head();
    EXPECT_OK(head);
    EXPECT_OK(contract::VerifyHead(*head, scene_.key().public_key()));
    return head->head;
  }

  void BehindTheStore(const char* statements) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((scene_.folder() + "/waymark.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, statements, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }

  Scene scene_;
  contract::ProtectedTable given_;  // by each that gave something
  TransparencyLog log_{scene_.store(), scene_.key(), scene_.clock()};
};

TEST_F(TransparencyLogTest, ProvesEveryEntryUnderEveryHead_AndThatEachContinuesTheEarlierOnes) {
  std::vector<contract::LogHead> heads = {Head()};
  std::vector<contract::LogEntry> entries;
  for (int i = 0; i < 6; ++i) {
    entries.push_back(contract::EntryOf(OpenRound(absl::StrCat("r", i))));
    heads.push_back(Head());
  }
  for (std::size_t size = 0; size < heads.size(); ++size) {
    EXPECT_EQ(heads[size].size, size);
    for (std::size_t from = 0; from <= size; ++from) {
      ASSERT_OK_AND_ASSIGN(const auto proof, log_.Consistency(from, size));
      EXPECT_TRUE(crypto::IsMerkleExtension(heads[from].root, from, heads[size].root, size, proof));
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::string leaf = contract::LogLeafHash(entries[i]);
      const auto found = log_.Prove(size, leaf);
      EXPECT_EQ(found.ok(), i < size);
      if (!found.ok()) continue;
      EXPECT_EQ(found->index, i);
      EXPECT_TRUE(crypto::IsInMerkleTree(heads[size].root, leaf, found->index, size, found->proof));
    }
  }
  // A log that is read anew is the same one.
  TransparencyLog again(scene_.store(), scene_.key(), scene_.clock());
  EXPECT_EQ(again.Head()->head.root, heads.back().root);
}

TEST_F(TransparencyLogTest, RefusesWhatItCannotShow) {
  OpenRound("r");
  EXPECT_THAT(log_.Consistency(0, 2), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("1 entries")));
  EXPECT_THAT(log_.Consistency(1, 0), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("from_size")));
  EXPECT_THAT(log_.Consistency(~0ull, ~0ull), StatusIs(absl::StatusCode::kInvalidArgument, _));
  EXPECT_THAT(log_.Prove(2, std::string(32, 'x')), StatusIs(absl::StatusCode::kInvalidArgument, _));
  EXPECT_THAT(log_.Prove(1, "short"), StatusIs(absl::StatusCode::kNotFound, _));
  EXPECT_THAT(log_.Entries(0, 0), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("most")));
  EXPECT_THAT(log_.Entries(0, 1001), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("most")));
  EXPECT_THAT(log_.Entries(~0ull, 1), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("from")));
  EXPECT_TRUE(log_.Entries(1, 1000)->empty());
}

TEST_F(TransparencyLogTest, CommitsToEveryFigureAndContributorThatAQueryGives) {
  PublishRound("autumn");
  ASSERT_OK_AND_ASSIGN(const auto entries, log_.Entries(0, 1000));
  ASSERT_EQ(entries.size(), 2u);
  v1::Publication record;
  ASSERT_TRUE(record.ParseFromString(entries[1].content));
  EXPECT_EQ(entries[1].hash, crypto::Sha256(contract::CanonicalBytes(record)));
  EXPECT_EQ(record.round_id(), "autumn");
  ASSERT_EQ(record.items_size(), 1);
  crypto::MerkleAccumulator tree;
  for (std::int64_t after = 0;;) {  // by ones
    ASSERT_OK_AND_ASSIGN(const auto page, scene_.store().FiguresAfter("autumn", after, 1));
    if (page.empty()) break;
    v1::Figure figure;
    ASSERT_TRUE(figure.ParseFromString(page[0].bytes));
    tree.Append(contract::FigureLeafHash(figure));
    after = page[0].sequence;
  }
  EXPECT_GT(tree.size(), 0u);
  EXPECT_EQ(record.items(0).figures(), tree.size());
  EXPECT_EQ(record.items(0).figures_root(), tree.Root());
  // And to what the councils' own figures follow from.
  crypto::MerkleAccumulator councils;
  ASSERT_OK_AND_ASSIGN(const auto sources, scene_.store().FigureSources("autumn"));
  for (const StoredSource& source : sources) {
    std::vector<contract::ProtectedTable> tables;
    if (!source.release_id.empty()) tables.push_back(given_);
    std::vector<const contract::ProtectedTable*> given;
    for (const contract::ProtectedTable& table : tables) given.push_back(&table);
    councils.Append(contract::CouncilLeafHash(source.council, given));
  }
  EXPECT_EQ(record.items(0).councils(), kCouncils.size());
  EXPECT_EQ(record.items(0).councils_root(), councils.Root());
  BenchmarkQuery query(scene_.store(), scene_.library());
  v1::QueryRequest request;
  request.set_metric(record.items(0).metric());
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse answer, query.Answer(request, Scope::Everything()));
  EXPECT_EQ(record.items(0).coverage_hash(),
            contract::CoverageHash({answer.coverage().begin(), answer.coverage().end()}));
}

// What was published before there was a log has the record that it would have had: with all figures stored,
// councils' own too.
TEST_F(TransparencyLogTest, RecordsEarlierPublicationsAsLaterOnes) {
  PublishRound("autumn");
  ASSERT_OK_AND_ASSIGN(const auto entries, log_.Entries(0, 10));
  ASSERT_EQ(entries.size(), 2u);
  v1::Publication expected;
  ASSERT_TRUE(expected.ParseFromString(entries[1].content));
  expected.mutable_items(0)->clear_councils();
  expected.mutable_items(0)->clear_councils_root();
  BehindTheStore(
      "DELETE FROM log WHERE kind = 4; UPDATE rounds SET publication = x''; DELETE FROM figure_sources");
  OpenRound("winter");
  ASSERT_OK(RecordEarlierPublications(scene_.store()));
  ASSERT_OK(RecordEarlierPublications(scene_.store()));
  TransparencyLog again(scene_.store(), scene_.key(), scene_.clock());
  ASSERT_OK_AND_ASSIGN(const auto now, again.Entries(0, 10));
  ASSERT_EQ(now.size(), 3u);
  EXPECT_EQ(now[1].subject, "winter");
  EXPECT_EQ(now[2].hash, crypto::Sha256(contract::CanonicalBytes(expected)));
  EXPECT_EQ(now[2].content, expected.SerializeAsString());
}

// A database that took over in a fail-over, without what was acknowledged last.
TEST_F(TransparencyLogTest, TellsNothingMore_WhileTheStoreLacksWhatItToldOf) {
  OpenRound("one");
  const contract::LogEntry two = contract::EntryOf(OpenRound("two"));
  EXPECT_EQ(Head().size, 2u);
  BehindTheStore("CREATE TABLE kept AS SELECT * FROM log; DELETE FROM log WHERE subject = 'two'");
  const auto lacking = StatusIs(absl::StatusCode::kDataLoss, HasSubstr("lacks the log's entry 2"));
  EXPECT_THAT(log_.Head(), lacking);
  EXPECT_THAT(log_.Prove(2, contract::LogLeafHash(two)), lacking);
  EXPECT_THAT(log_.Consistency(1, 2), lacking);
  OpenRound("another");  // stands in its place
  EXPECT_THAT(log_.Head(), lacking);
  BehindTheStore("DELETE FROM log; INSERT INTO log SELECT * FROM kept");
  EXPECT_EQ(Head().size, 2u);
}

TEST_F(TransparencyLogTest, PassesOnWhatCouncilsWereShown_EachToTheOthers) {
  OpenRound("r");
  const auto seen = [&](const contract::SignedLogHead& head, const std::string& council) {
    return contract::WitnessHead(head, council, scene_.key_of(council)).value();
  };
  const contract::SignedLogHead head = *log_.Head();
  EXPECT_TRUE(log_.Witness(kCouncils[0], seen(head, kCouncils[0]))->empty());
  ASSERT_OK_AND_ASSIGN(const auto others, log_.Witness(kCouncils[1], seen(head, kCouncils[1])));
  ASSERT_EQ(others.size(), 1u);
  EXPECT_EQ(others[0], seen(head, kCouncils[0]));
  // A head that this log does not continue is passed on as well: it shows what happened.
  const contract::SignedLogHead fork =
      contract::SignHead({.size = 9, .root = std::string(32, 'f'), .time_unix_s = 1}, scene_.key()).value();
  ASSERT_OK(log_.Witness(kCouncils[0], seen(fork, kCouncils[0])));
  ASSERT_OK(log_.Witness(kCouncils[0], seen(head, kCouncils[0])));  // an older one does not hide it
  EXPECT_EQ(log_.Witness(kCouncils[1], seen(head, kCouncils[1]))->at(0).seen, fork);
}

TEST_F(TransparencyLogTest, TakesNoOthersWord) {
  const contract::SignedLogHead head = *log_.Head();
  const contract::WitnessedHead good =
      contract::WitnessHead(head, kCouncils[0], scene_.key_of(kCouncils[0])).value();
  EXPECT_THAT(log_.Witness(kCouncils[1], good), StatusIs(absl::StatusCode::kPermissionDenied, _));
  contract::WitnessedHead other = good;
  other.council = kCouncils[1];
  EXPECT_THAT(log_.Witness(kCouncils[1], other), StatusIs(absl::StatusCode::kUnauthenticated, _));
  contract::SignedLogHead unsigned_head = head;
  unsigned_head.head.size = 7;
  EXPECT_THAT(
      log_.Witness(kCouncils[0],
                   contract::WitnessHead(unsigned_head, kCouncils[0], scene_.key_of(kCouncils[0])).value()),
      StatusIs(absl::StatusCode::kUnauthenticated, _));
  EXPECT_TRUE(scene_.store().Witnesses()->empty());
}

}  // namespace
}  // namespace waymark::coordinator
