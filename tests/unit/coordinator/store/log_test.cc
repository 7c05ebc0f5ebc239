// The log in the store: appended to by what is stored, in the same transaction.
#include <sqlite3.h>

#include "absl/strings/str_cat.h"
#include "coordinator/store/open_store.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/store/older_schema.h"
#include "tests/unit/coordinator/testing/postgresql_server.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using testing::PostgresqlServer;
using testing::TemporaryFolder;
using waymark::testing::StatusIs;

enum class Database { kSqlite, kPostgresql };

class StoredLogTest : public ::testing::TestWithParam<Database> {
 protected:
  void SetUp() override {
    if (GetParam() == Database::kPostgresql) {
      if (const std::string missing = PostgresqlServer::Missing(); !missing.empty()) GTEST_SKIP() << missing;
      place_.postgresql = PostgresqlServer::Get().EmptyPlace();
    }
    ASSERT_OK(CreateStore(place_));
    ASSERT_OK_AND_ASSIGN(store_, OpenStore(place_));
  }

  static Round MakeRound(const std::string& id) {
    Round round;
    round.round_id = id;
    round.spec = "spec of " + id;
    round.spec_hash = std::string(32, id[0]);
    round.definitions = "definitions";
    return round;
  }
  static StoredRoster MakeRoster(std::uint64_t epoch) {
    return {.epoch = epoch,
            .hash = std::string(32, static_cast<char>(epoch)),
            .bytes = absl::StrCat("roster ", epoch)};
  }
  static Publication MakePublication(const std::string& round_id) {
    Publication publication;
    publication.round_id = round_id;
    publication.published_unix_s = 7;
    publication.record = "record of " + round_id;
    publication.record_hash = std::string(32, 'p');
    return publication;
  }
  // "kind subject content", of each entry.
  std::vector<std::string> Log() {
    std::vector<std::string> lines;
    const auto entries = store_->LogEntries(0, 100);
    EXPECT_OK(entries);
    for (const StoredLogEntry& entry : *entries) {
      lines.push_back(absl::StrCat(static_cast<int>(entry.kind), " ", entry.subject, " ", entry.content));
    }
    return lines;
  }

  TemporaryFolder folder_;
  StorePlace place_{.sqlite_path = folder_.path() + "/waymark.db"};
  std::unique_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(, StoredLogTest, ::testing::Values(Database::kSqlite, Database::kPostgresql),
                         [](const ::testing::TestParamInfo<Database>& database) {
                           return database.param == Database::kSqlite ? "Sqlite" : "Postgresql";
                         });

TEST_P(StoredLogTest, HasWhatWasStored_InItsOrder) {
  ASSERT_OK(store_->AddRound(MakeRound("z")));
  ASSERT_OK(store_->AddRoster(MakeRoster(1)));
  ASSERT_OK(store_->AddRound(MakeRound("a")));
  EXPECT_TRUE(store_->Publish(MakePublication("a")).value());
  ASSERT_OK(store_->AddRoster(MakeRoster(2)));
  EXPECT_FALSE(store_->NewestCatalogue().value().has_value());
  for (const std::uint64_t number : {1u, 2u}) {
    ASSERT_OK(store_->AddCatalogue({.number = number,
                                    .hash = std::string(32, static_cast<char>('a' + number)),
                                    .bytes = "definitions"}));
  }
  EXPECT_THAT(store_->AddCatalogue({.number = 2, .hash = std::string(32, 'x'), .bytes = "others"}),
              StatusIs(absl::StatusCode::kAlreadyExists, _));
  EXPECT_EQ(store_->NewestCatalogue().value()->number, 2u);
  store_ = std::move(OpenStore(place_)).value();
  EXPECT_THAT(Log(), ElementsAre("3 z spec of z", "1 1 roster 1", "3 a spec of a", "4 a record of a",
                                 "1 2 roster 2", "2 1 definitions", "2 2 definitions"));
  ASSERT_OK_AND_ASSIGN(const auto page, store_->LogEntries(1, 2));
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(page[0].hash, std::string(32, '\1'));
  EXPECT_EQ(page[1].subject, "a");
  EXPECT_TRUE(store_->LogEntries(7, 10).value().empty());
}

TEST_P(StoredLogTest, HasNothingOfWhatWasRefused) {
  ASSERT_OK(store_->AddRound(MakeRound("a")));
  ASSERT_OK(store_->AddRoster(MakeRoster(1)));
  EXPECT_THAT(store_->AddRound(MakeRound("a")), StatusIs(absl::StatusCode::kAlreadyExists, _));
  EXPECT_THAT(store_->AddRoster(MakeRoster(1)), StatusIs(absl::StatusCode::kAlreadyExists, _));
  Publication wrong = MakePublication("a");
  wrong.releases = 3;
  EXPECT_THAT(store_->Publish(wrong), StatusIs(absl::StatusCode::kAborted, _));
  EXPECT_TRUE(store_->Publish(MakePublication("a")).value());
  EXPECT_FALSE(store_->Publish(MakePublication("a")).value());
  EXPECT_EQ(Log().size(), 3u);
}

// PostgreSQL's is in postgresql_database_test.cc.
TEST_P(StoredLogTest, BeginsWithWhatAnOlderStoreHolds) {
  if (GetParam() != Database::kSqlite) GTEST_SKIP() << "of a file";
  ASSERT_OK(store_->AddRoster(MakeRoster(1)));
  ASSERT_OK(store_->AddRoster(MakeRoster(2)));
  ASSERT_OK(store_->AddRound(MakeRound("z")));
  ASSERT_OK(store_->AddRound(MakeRound("a")));
  store_.reset();
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(place_.sqlite_path.c_str(), &database), SQLITE_OK);
  const std::string back = testing::FileBackTo(8);
  EXPECT_EQ(sqlite3_exec(database, back.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(database);
  ASSERT_OK_AND_ASSIGN(store_, OpenStore(place_));
  ASSERT_OK(store_->AddRound(MakeRound("b")));
  EXPECT_THAT(Log(),
              ElementsAre("1 1 roster 1", "1 2 roster 2", "3 z spec of z", "3 a spec of a", "3 b spec of b"));
}

TEST_P(StoredLogTest, RecordsAPublicationOnce) {
  ASSERT_OK(store_->AddRound(MakeRound("a")));
  ASSERT_OK(store_->RecordPublication("a", "first", std::string(32, '1')));
  ASSERT_OK(store_->RecordPublication("a", "second", std::string(32, '2')));
  EXPECT_THAT(Log(), ElementsAre("3 a spec of a", "4 a first"));
}

TEST_P(StoredLogTest, KeepsTheFurthestHeadOfACouncil) {
  ASSERT_OK(store_->PutWitness({.council = "E06000002", .size = 5, .bytes = "five"}));
  ASSERT_OK(store_->PutWitness({.council = "E06000001", .size = 1, .bytes = "one"}));
  ASSERT_OK(store_->PutWitness({.council = "E06000002", .size = 4, .bytes = "four"}));
  ASSERT_OK_AND_ASSIGN(const auto witnesses, store_->Witnesses());
  ASSERT_EQ(witnesses.size(), 2u);
  EXPECT_EQ(witnesses[0].bytes, "one");
  EXPECT_EQ(witnesses[1].bytes, "five");
  ASSERT_OK(store_->PutWitness({.council = "E06000002", .size = 5, .bytes = "five again"}));
  EXPECT_EQ(store_->Witnesses().value()[1].bytes, "five again");
}

TEST_P(StoredLogTest, GivesARoundsFiguresInTheirOrder_PageByPage) {
  ASSERT_OK(store_->AddRound(MakeRound("a")));
  ASSERT_OK(store_->AddRound(MakeRound("b")));
  const auto figure = [](std::int64_t item, const std::string& bytes) {
    return StoredFigure{
        .item = item, .breakdown = "", .geography = "g", .above_council = true, .bytes = bytes};
  };
  ASSERT_OK(store_->AddFigures("b", {figure(0, "b1")}));
  ASSERT_OK(store_->AddFigures("a", {figure(1, "a1"), figure(0, "a2")}));
  ASSERT_OK(store_->AddFigures("b", {figure(0, "b2")}));
  ASSERT_OK(store_->AddFigures("a", {figure(1, "a3")}));
  std::vector<std::string> seen;
  std::int64_t after = 0;
  for (int page = 0; page < 3; ++page) {
    ASSERT_OK_AND_ASSIGN(const auto figures, store_->FiguresAfter("a", after, 2));
    for (const OrderedFigure& one : figures) {
      seen.push_back(absl::StrCat(one.item, one.bytes));
      after = one.sequence;
    }
  }
  EXPECT_THAT(seen, ElementsAre("1a1", "0a2", "1a3"));
  EXPECT_TRUE(store_->FiguresAfter("none", 0, 10).value().empty());
}

// Figures of one item, breakdown and geography that follow each other share rows, of bounded size.
TEST_P(StoredLogTest, GivesEveryFigureOnce_WhateverThePageAndTheRow) {
  ASSERT_OK(store_->AddRound(MakeRound("a")));
  std::vector<StoredFigure> given;
  for (int i = 0; i < 3'000; ++i) {
    given.push_back({.item = i / 1'400,
                     .breakdown = "",
                     .geography = i % 1'000 < 500 ? "g" : "h",
                     .above_council = false,
                     .bytes = absl::StrCat(i, std::string(i % 50 == 0 ? 30'000 : 0, 'x'))});
  }
  ASSERT_OK(store_->AddFigures("a", given));
  for (const std::size_t most : {1u, 7u, 1'000u, 10'000u}) {
    std::vector<OrderedFigure> seen;
    for (std::int64_t after = 0;;) {
      ASSERT_OK_AND_ASSIGN(const auto page, store_->FiguresAfter("a", after, most));
      ASSERT_LE(page.size(), most);
      if (page.empty()) break;
      EXPECT_GT(page.front().sequence, after);
      after = page.back().sequence;
      seen.insert(seen.end(), page.begin(), page.end());
    }
    ASSERT_EQ(seen.size(), given.size()) << most << " at once";
    for (std::size_t i = 0; i < given.size(); ++i) {
      EXPECT_EQ(seen[i].bytes, given[i].bytes);
      EXPECT_EQ(seen[i].item, given[i].item);
    }
  }
  std::vector<std::string> of_g;
  for (const StoredFigure& one : given) {
    if (one.item == 1 && one.geography == "g") of_g.push_back(one.bytes);
  }
  EXPECT_EQ(store_->Figures("a", 1, "", {"g"}).value(), of_g);
}

}  // namespace
}  // namespace waymark::coordinator
