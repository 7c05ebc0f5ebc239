#include <sqlite3.h>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "coordinator/store/open_store.h"
#include "coordinator/store/schema.h"
#include "coordinator/store/state_lock.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/store/older_accesses.h"
#include "tests/unit/coordinator/store/older_schema.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::TemporaryFolder;
using waymark::testing::StatusIs;

class SqliteDatabaseTest : public ::testing::Test {
 protected:
  SqliteDatabaseTest() : path(folder.path() + "/waymark.db"), place{.sqlite_path = path} {
    EXPECT_OK(CreateStore(place));
    store = std::move(OpenStore(place)).value();
  }

  void Execute(const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }

  static Round MakeRound(const std::string& id) {
    Round round;
    round.round_id = id;
    round.spec = std::string("spec\0bytes", 10);
    round.spec_hash = std::string(32, 's');
    round.definitions = "definitions";
    return round;
  }
  TemporaryFolder folder;
  const std::string path;
  const StorePlace place;
  std::unique_ptr<Store> store;
};

TEST_F(SqliteDatabaseTest, IsNotMadeTwice_AndNotOpenedWhereThereIsNone) {
  EXPECT_THAT(CreateStore(place), StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr(path)));
  EXPECT_THAT(OpenStore({.sqlite_path = folder.path() + "/none.db"}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("init")));
}

TEST_F(SqliteDatabaseTest, RefusesANewerSchema) {
  store.reset();
  Execute(absl::StrCat("PRAGMA user_version=", kSchemaVersion + 1));
  EXPECT_THAT(OpenStore(place), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("newer")));
}

TEST_F(SqliteDatabaseTest, IsNeitherReadNorWritten_OnceANewerProgramHasBroughtItFurther) {
  ASSERT_OK(store->AddRound(MakeRound("before")));
  Execute(absl::StrCat("PRAGMA user_version=", kSchemaVersion + 1));
  const auto outgrown = StatusIs(absl::StatusCode::kUnavailable, HasSubstr("start the newer program"));
  EXPECT_THAT(store->AddRound(MakeRound("after")), outgrown);
  EXPECT_THAT(store->FindRound("before").status(), outgrown);
  Execute(absl::StrCat("PRAGMA user_version=", kSchemaVersion));
  EXPECT_FALSE(store->FindRound("after").value().has_value());
}

// What every call asks is kept in memory while nothing is written; by another process, here another store.
TEST_F(SqliteDatabaseTest, SeesAtOnceWhatAnotherProcessWrote) {
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Store> other, OpenStore(place));
  const std::string hash(32, 'h');
  for (int look = 0; look < 2; ++look) EXPECT_FALSE(store->FindAccess(hash).value().has_value());
  ASSERT_OK(other->AddAccess({.name = "anna", .role = "operator", .hash = hash}));
  for (int look = 0; look < 2; ++look) EXPECT_EQ(store->FindAccess(hash).value().value().revoked_unix_s, 0);
  ASSERT_OK(other->RevokeAccess("anna", 8));
  for (int look = 0; look < 2; ++look) EXPECT_EQ(store->FindAccess(hash).value().value().revoked_unix_s, 8);

  const std::string mark = store->PublishedMark().value();
  EXPECT_EQ(store->PublishedMark().value(), mark);
  Execute("INSERT INTO log(entry, kind, subject, hash) VALUES (1, 1, 'r', x'01')");
  EXPECT_NE(store->PublishedMark().value(), mark);
}

TEST_F(SqliteDatabaseTest, BringsTheFirstSchemaUpToDate_AndKeepsWhatIsInIt) {
  ASSERT_OK(store->AddRound(MakeRound("r")));
  store.reset();
  Execute(testing::FileBackTo(1));
  Execute(
      "INSERT INTO figures(round_id, item, breakdown, geography, above_council, bytes) VALUES "
      "('r', 0, '', 'all', 1, x'31'), ('r', 0, '', 'all', 1, x'32')");
  ASSERT_OK_AND_ASSIGN(store, OpenStore(place));
  EXPECT_THAT(store->Figures("r", 0, "", {}).value(), ::testing::ElementsAre("1", "2"));
  EXPECT_EQ(store->FiguresAfter("r", 0, 10).value().size(), 2u);
  EXPECT_TRUE(store->FindRound("r").value().has_value());
  ASSERT_OK(store->AddRoster({.epoch = 1, .hash = std::string(32, 'h'), .bytes = "roster"}));
  ASSERT_OK_AND_ASSIGN(store, OpenStore(place));
  EXPECT_EQ(store->NewestRoster().value()->bytes, "roster");
  ASSERT_OK(store->AddSum({.round_id = "r", .part = "E12000001", .bytes = "sum"}));
  store.reset();
  Execute("PRAGMA user_version=0");
  EXPECT_THAT(OpenStore(place),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("no program ever made")));
}

TEST_F(SqliteDatabaseTest, BringsThePreviousSchemaUpToDate_WithItsAccesses) {
  testing::AddOlderAccesses(*store);
  store.reset();
  Execute(testing::FileBackTo(18));
  ASSERT_OK_AND_ASSIGN(store, OpenStore(place));
  testing::ExpectOlderAccesses(*store);
}

TEST_F(SqliteDatabaseTest, BringsASchemaBeforeEditionsUpToDate_WithWhatWasPublished) {
  ASSERT_OK(store->AddRound(MakeRound("r")));
  ASSERT_OK(store->AddRelease(
      {.round_id = "r", .council = "E06000001", .bytes = "b", .hash = "h", .received_unix_s = 5}));
  Publication publication;
  publication.round_id = "r";
  publication.published_unix_s = 9;
  publication.releases = 1;
  publication.items = {{.round_id = "r", .metric = "19", .version = 1, .period = "2023-24", .entry = "e"}};
  ASSERT_OK(store->AddFigures(
      "r", {{.breakdown = "", .geography = "E06000001", .above_council = false, .bytes = "own"}}));
  ASSERT_TRUE(store->Publish(publication).value());
  store.reset();
  Execute(testing::FileBackTo(17));
  ASSERT_OK_AND_ASSIGN(store, OpenStore(place));
  const std::vector<PublishedItem> items = store->PublishedItems().value();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].revises, "");
  const std::vector<StoredEdition> editions = store->Editions("r").value();
  ASSERT_EQ(editions.size(), 1u);
  EXPECT_EQ(editions[0].published_unix_s, 9);
  EXPECT_EQ(store->FindRelease("r", "E06000001").value()->bytes, "b");
  EXPECT_TRUE(store->RoundsTakingLate(0).value().empty());
  // Its councils' own figures are as they were stored.
  EXPECT_TRUE(store->FigureSources("r").value().empty());
  EXPECT_THAT(store->Figures("r", 0, "", {"E06000001"}).value(), ::testing::ElementsAre("own"));
  ASSERT_OK(store->AddRevision({.round_id = "r",
                                .release_id = "r",
                                .council = "E06000002",
                                .reason = 1,
                                .bytes = "late",
                                .hash = "h",
                                .received_unix_s = 11}));
  EXPECT_EQ(store->WaitingRevisions().value().size(), 1u);
}

TEST_F(SqliteDatabaseTest, RefusesADatabaseOfAnother) {
  store.reset();
  Execute("PRAGMA application_id=1");
  EXPECT_THAT(OpenStore(place), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not the store")));
}

TEST_F(SqliteDatabaseTest, RefusesAFileThatIsNoDatabase_OrEmpty) {
  const std::string text = folder.path() + "/text.db";
  ASSERT_OK(WriteFileAtomically(text, std::string(5000, 'x'), 0600));
  EXPECT_THAT(OpenStore({.sqlite_path = text}), StatusIs(absl::StatusCode::kDataLoss, HasSubstr(text)));
  ASSERT_OK(WriteFileAtomically(text, "", 0600));
  EXPECT_THAT(OpenStore({.sqlite_path = text}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not the store")));
}

TEST_F(SqliteDatabaseTest, RefusesAFileThatWasCutShort) {
  Round round = MakeRound("r");
  round.spec = std::string(200'000, 's');
  ASSERT_OK(store->AddRound(round));
  store.reset();
  Execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE");
  ASSERT_OK_AND_ASSIGN(const std::string whole, ReadFile(path, 10'000'000));
  ASSERT_OK(WriteFileAtomically(path, whole.substr(0, whole.size() / 2), 0600));
  EXPECT_THAT(OpenStore(place), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("restore")));
}

TEST(StateLock, KeepsASecondHolderOut_UntilTheFirstLetsGo) {
  TemporaryFolder folder;
  {
    ASSERT_OK_AND_ASSIGN(const FileLock first, LockState(folder.path()));
    EXPECT_THAT(LockState(folder.path()).status(),
                StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another coordinator")));
  }
  EXPECT_OK(LockState(folder.path()));
  EXPECT_THAT(LockState(folder.path() + "/none").status(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("init")));
}

}  // namespace
}  // namespace waymark::coordinator
