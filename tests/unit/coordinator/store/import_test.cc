#include "coordinator/store/import.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/status.h"
#include "coordinator/store/open_store.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/store/older_schema.h"
#include "tests/unit/coordinator/testing/postgresql_server.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::PostgresqlServer;
using testing::TemporaryFolder;
using waymark::testing::StatusIs;

class ImportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string missing = PostgresqlServer::Missing(); !missing.empty()) GTEST_SKIP() << missing;
    to.postgresql = PostgresqlServer::Get().EmptyPlace();
    ASSERT_OK(CreateStore(from));
    ASSERT_OK_AND_ASSIGN(store, OpenStore(from));
  }
  std::string Sql(const std::string& statements) {
    return PostgresqlServer::Get().Sql(to.postgresql, statements);
  }
  int Tables() {
    return std::stoi(Sql("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"));
  }
  void AddRounds(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      Round round;
      round.round_id = id;
      round.spec = std::string("spec\0of \xff", 9) + id;
      round.spec_hash = std::string(32, 's');
      ASSERT_OK(store->AddRound(round));
    }
  }
  void AddFigures(std::size_t count) {
    std::vector<StoredFigure> figures;
    for (std::size_t i = 0; i < count; ++i) {  // of geographies of their own: each in a row of its own
      figures.push_back({.item = 0,
                         .breakdown = "",
                         .geography = absl::StrCat(i),
                         .above_council = true,
                         .bytes = std::string(80, 'f')});
    }
    ASSERT_OK(store->AddFigures("b", figures));
  }
  absl::StatusOr<std::vector<TableContent>> Import() {
    store.reset();
    return ImportStore(from.sqlite_path, to.postgresql, [&](PutMaskedBlock put) -> absl::Status {
      for (std::size_t block = 0; block < masked.size(); ++block) {
        RETURN_IF_ERROR(put("5a", 7, block, masked[block]));
      }
      return absl::OkStatus();
    });
  }
  void ExecuteInFile(const std::string& sql) {
    store.reset();
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(from.sqlite_path.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }

  TemporaryFolder folder;
  StorePlace from{.sqlite_path = folder.path() + "/waymark.db"};
  StorePlace to;
  std::unique_ptr<Store> store;
  std::vector<std::string> masked;  // member 7's blocks, in files beside the store
};

TEST_F(ImportTest, BringsMaskedInputsOverFromTheirFiles_WithAnOlderStoreToo) {
  masked = {std::string(64 * 1024, '\0'), "\xff short"};
  ExecuteInFile(testing::FileBackTo(11));
  ASSERT_OK_AND_ASSIGN(const std::vector<TableContent> contents, Import());
  EXPECT_EQ(contents.back().table, "masked_inputs");
  EXPECT_EQ(contents.back().rows, 2);
  ASSERT_OK_AND_ASSIGN(store, OpenStore(to));
  EXPECT_EQ(store->MaskedSessions().value(), std::vector<std::string>{"5a"});
  EXPECT_EQ(store->MaskedInput("5a", 7, 0).value(), masked[0]);
  EXPECT_EQ(store->MaskedInput("5a", 7, 1).value(), masked[1]);
}

TEST_F(ImportTest, BringsEverythingOver_AndLeavesTheFileAsItWas) {
  AddRounds({"b", "a"});
  AddFigures(3);
  Token token;
  token.hash = std::string(32, 't');
  token.council = "E06000001";
  token.expires_unix_s = -5;
  ASSERT_OK(store->AddToken(token));
  ASSERT_OK(store->AddRelease(
      {.round_id = "a", .council = "E06000001", .bytes = "", .hash = "h", .received_unix_s = 5}));
  ASSERT_OK(store->AddAccess({.name = "anna", .role = "operator", .hash = "h", .valid_days = 30}));
  ASSERT_OK(store
                ->RenewAccess({.name = "anna",
                               .held = "h",
                               .request_hash = "r",
                               .hash = "next",
                               .certificate_pem = "pem",
                               .expires_unix_s = 9})
                .status());
  store.reset();
  ASSERT_OK_AND_ASSIGN(const std::string before, ReadFile(from.sqlite_path, 10'000'000));
  ASSERT_OK_AND_ASSIGN(const std::vector<TableContent> contents, Import());
  EXPECT_EQ(ReadFile(from.sqlite_path, 10'000'000).value(), before);
  std::int64_t rows = 0;
  for (const TableContent& content : contents) rows += content.rows;
  EXPECT_EQ(rows, 2 + 3 + 1 + 1 + 2 + 2 + 1)
      << "rounds, figures, a token, a release, an access, its renewal, the rounds in the log, and who leads";
  ASSERT_OK_AND_ASSIGN(store, OpenStore(to));
  AddRounds({"c"});
  const std::vector<Round> rounds = store->Rounds(std::nullopt).value();
  ASSERT_EQ(rounds.size(), 3u);
  EXPECT_EQ(rounds[0].spec, std::string("spec\0of \xff", 9) + "b");
  EXPECT_EQ(rounds[1].round_id, "a");
  EXPECT_EQ(rounds[2].round_id, "c") << "what comes after the import is numbered after it";
  EXPECT_EQ(store->Figures("b", 0, "", {}).value().size(), 3u);
  EXPECT_EQ(store->FindRelease("a", "E06000001").value()->bytes, "");
  ASSERT_EQ(store->TokensOf("E06000001").value().size(), 1u);
  EXPECT_EQ(store->TokensOf("E06000001").value()[0].expires_unix_s, -5);
  EXPECT_FALSE(store->TokensOf("E06000001").value()[0].used_unix_s.has_value());
  EXPECT_TRUE(store->FindAccess("next").value().value().is_next);
}

TEST_F(ImportTest, RefusesATargetThatHoldsAStore_EvenAnEmptyOne) {
  AddRounds({"b"});
  ASSERT_OK(CreateStore(to));
  EXPECT_THAT(Import().status(), StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("not overwritten")));
  EXPECT_TRUE(OpenStore(to).value()->Rounds(std::nullopt).value().empty());
}

TEST_F(ImportTest, BringsAnOlderFileUpToDate_InTheTargetAlone) {
  AddRounds({"b"});
  ExecuteInFile(absl::StrCat(testing::FileBackTo(6), "PRAGMA journal_mode=DELETE"));
  ASSERT_OK_AND_ASSIGN(const std::string before, ReadFile(from.sqlite_path, 10'000'000));
  ASSERT_OK(Import());
  EXPECT_EQ(ReadFile(from.sqlite_path, 10'000'000).value(), before);
  ASSERT_OK_AND_ASSIGN(store, OpenStore(to));
  EXPECT_TRUE(store->FindRound("b").value().has_value());
  EXPECT_TRUE(store->Declines("b").value().empty());
}

TEST_F(ImportTest, RefusesAFileOfANewerProgram) {
  ExecuteInFile("PRAGMA user_version=1000");
  EXPECT_THAT(Import().status(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("newer")));
  EXPECT_EQ(Tables(), 0);
}

TEST_F(ImportTest, LeavesNothing_WhenWhatComesBackIsNotWhatWasPutIn) {
  AddRounds({"b", "a"});
  // The database alters one row as it comes in.
  Sql(R"sql(
    CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.round_id = 'a' THEN NEW.published_unix_s := 1; END IF; RETURN NEW; END $$;
    CREATE FUNCTION set_trap() RETURNS event_trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF to_regclass('rounds') IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = 'trap') THEN
          CREATE TRIGGER trap BEFORE INSERT ON rounds FOR EACH ROW EXECUTE FUNCTION spoil();
        END IF;
      END $$;
    CREATE EVENT TRIGGER trap ON ddl_command_end EXECUTE FUNCTION set_trap())sql");
  EXPECT_THAT(Import().status(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("table rounds: 2 rows")));
  Sql("DROP EVENT TRIGGER trap");
  EXPECT_EQ(Tables(), 0);
}

TEST_F(ImportTest, LeavesNothing_WhenItIsKilledOnTheWay) {
  AddRounds({"b"});
  AddFigures(20'000);
  store.reset();
  const SystemClock clock;
  int cut_off = 0;
  int wait_ms = 100;
  for (; Tables() == 0; wait_ms += 150) {
    const pid_t child = fork();
    if (child == 0) _exit(ImportStore(from.sqlite_path, to.postgresql).ok() ? 0 : 1);
    clock.Sleep(absl::Milliseconds(wait_ms));
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    cut_off += WIFSIGNALED(status) ? 1 : 0;
    ASSERT_LT(wait_ms, 60'000);
  }
  EXPECT_GT(cut_off, 0);
  ASSERT_OK_AND_ASSIGN(store, OpenStore(to));
  EXPECT_EQ(store->Figures("b", 0, "", {}).value().size(), 20'000u);
}

}  // namespace
}  // namespace waymark::coordinator
