// What PostgreSQL adds to the promises of store.h: several processes at once, connections that go.
#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "coordinator/store/open_store.h"
#include "coordinator/store/schema.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/store/older_accesses.h"
#include "tests/unit/coordinator/store/older_schema.h"
#include "tests/unit/coordinator/testing/postgresql_server.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::PostgresqlServer;
using waymark::testing::StatusIs;

class PostgresqlDatabaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string missing = PostgresqlServer::Missing(); !missing.empty()) GTEST_SKIP() << missing;
    place.postgresql = PostgresqlServer::Get().EmptyPlace();
    ASSERT_OK(CreateStore(place));
    ASSERT_OK_AND_ASSIGN(store, OpenStore(place));
    Round round;
    round.round_id = "r";
    round.spec_hash = std::string(32, 's');
    ASSERT_OK(store->AddRound(round));
  }
  std::string Sql(const std::string& statements) {
    return PostgresqlServer::Get().Sql(place.postgresql, statements);
  }
  static StoredRelease Release(int council) {
    return {.round_id = "r",
            .council = absl::StrCat("E0600000", council),
            .bytes = "bytes",
            .hash = std::string(32, 'h'),
            .received_unix_s = 5};
  }

  StorePlace place;
  std::unique_ptr<Store> store;
};

TEST_F(PostgresqlDatabaseTest, IsNotMadeTwice_AndNotOpenedWhereThereIsNone) {
  EXPECT_THAT(CreateStore(place), StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("not overwritten")));
  const StorePlace empty{.sqlite_path = "", .postgresql = PostgresqlServer::Get().EmptyPlace()};
  EXPECT_THAT(OpenStore(empty).status(), StatusIs(absl::StatusCode::kNotFound, HasSubstr("init")));
  PostgresqlServer::Get().Sql(empty.postgresql, "CREATE TABLE members(name TEXT)");
  EXPECT_THAT(CreateStore(empty),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("schema of its own")));
  EXPECT_EQ(PostgresqlServer::Get().Sql(empty.postgresql,
                                        "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"),
            "1")
      << "all or nothing";
}

TEST_F(PostgresqlDatabaseTest, RefusesANewerSchema_AndOneOfAnother) {
  Sql(absl::StrCat("UPDATE waymark_store SET schema_version = ", kSchemaVersion + 1));
  EXPECT_THAT(OpenStore(place).status(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("newer")));
  Sql("UPDATE waymark_store SET application = 1");
  EXPECT_THAT(OpenStore(place).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("no program ever made")));
}

TEST_F(PostgresqlDatabaseTest, IsNeitherReadNorWritten_OnceANewerProgramHasBroughtItFurther) {
  Sql(absl::StrCat("UPDATE waymark_store SET schema_version = ", kSchemaVersion + 1));
  const auto outgrown = StatusIs(absl::StatusCode::kUnavailable, HasSubstr("start the newer program"));
  EXPECT_THAT(store->AddRelease(Release(1)), outgrown);
  EXPECT_THAT(store->FindRound("r").status(), outgrown);
  Sql(absl::StrCat("UPDATE waymark_store SET schema_version = ", kSchemaVersion));
  EXPECT_TRUE(store->Answered("r").value().empty());
}

TEST_F(PostgresqlDatabaseTest, BringsAnOlderSchemaUpToDate_AndKeepsWhatIsInIt) {
  Sql(testing::BackTo(6));
  Sql("INSERT INTO rosters(epoch, hash, bytes) VALUES (1, 'h', 'roster'); "
      "UPDATE waymark_store SET schema_version = 6");
  ASSERT_OK_AND_ASSIGN(store, OpenStore(place));
  EXPECT_TRUE(store->FindRound("r").value().has_value());
  EXPECT_OK(store->PutDecline({.round_id = "r", .council = "E06000001", .declined_unix_s = 1, .bytes = "d"}));
  ASSERT_OK_AND_ASSIGN(const std::vector<StoredLogEntry> log, store->LogEntries(0, 10));
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log[0].subject + log[0].content, "1roster");
  EXPECT_EQ(log[1].subject, "r");
}

TEST_F(PostgresqlDatabaseTest, BringsThePreviousSchemaUpToDate_WithItsAccesses) {
  testing::AddOlderAccesses(*store);
  Sql(testing::BackTo(18));
  Sql("UPDATE waymark_store SET schema_version = 18");
  ASSERT_OK_AND_ASSIGN(store, OpenStore(place));
  testing::ExpectOlderAccesses(*store);
}

TEST_F(PostgresqlDatabaseTest, BringsASchemaBeforeEditionsUpToDate_WithWhatWasPublished) {
  ASSERT_OK(store->AddRelease(Release(1)));
  Publication publication;
  publication.round_id = "r";
  publication.published_unix_s = 9;
  publication.releases = 1;
  publication.items = {{.round_id = "r", .metric = "19", .version = 1, .period = "2023-24", .entry = "e"}};
  ASSERT_TRUE(store->Publish(publication).value());
  Sql(testing::BackTo(17));
  Sql("UPDATE waymark_store SET schema_version = 17");
  ASSERT_OK_AND_ASSIGN(store, OpenStore(place));
  EXPECT_EQ(store->PublishedItems().value().size(), 1u);
  ASSERT_EQ(store->Editions("r").value().size(), 1u);
  EXPECT_EQ(store->Editions("r").value()[0].published_unix_s, 9);
  EXPECT_EQ(store->Answered("r").value().size(), 1u);
  EXPECT_TRUE(store->WaitingRevisions().value().empty());
}

TEST_F(PostgresqlDatabaseTest, RefusesAPasswordInTheConfiguration_WithoutShowingIt) {
  for (const std::string text : {"host=h password=opensesame", "postgresql://u:opensesame@h/d"}) {
    EXPECT_THAT(CheckStorePlace({.sqlite_path = "", .postgresql = text}),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         ::testing::AllOf(HasSubstr("passfile"), Not(HasSubstr("opensesame")))));
  }
  EXPECT_THAT(CheckStorePlace({.sqlite_path = "", .postgresql = "opensesame"}),
              StatusIs(absl::StatusCode::kInvalidArgument, Not(HasSubstr("opensesame"))));
  EXPECT_OK(CheckStorePlace(place));
}

TEST_F(PostgresqlDatabaseTest, SaysSo_WhenThereIsNoServer) {
  EXPECT_THAT(OpenStore({.sqlite_path = "", .postgresql = "host=/nowhere"}).status(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("[store] postgresql")));
}

TEST_F(PostgresqlDatabaseTest, GoesOnByItself_AfterItsConnectionsWereEnded) {
  for (int council = 0; council < 3; ++council) {
    Sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = "
        "'waymark-coordinator'");
    EXPECT_OK(store->AddRelease(Release(council)));
  }
  EXPECT_EQ(store->Answered("r").value().size(), 3u);
}

TEST_F(PostgresqlDatabaseTest, TakesEachAnswerOnce_FromSeveralCoordinatorsAtOnce) {
  constexpr int kThreads = 12;
  constexpr int kReleases = 9;
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Store> second, OpenStore(place));
  std::atomic<int> taken{0};
  std::atomic<int> known{0};
  std::vector<std::thread> threads;
  for (int number = 0; number < kThreads; ++number) {
    threads.emplace_back([&, number] {
      Store& own = number % 2 == 0 ? *store : *second;
      for (int each = 0; each < kReleases; ++each) {
        const absl::Status added = own.AddRelease(Release((each + number) % kReleases));
        taken += added.ok() ? 1 : 0;
        known += absl::IsAlreadyExists(added) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, kReleases);
  EXPECT_EQ(known, (kThreads - 1) * kReleases);
}

// Either the publication counted a release, or the release was refused.
TEST_F(PostgresqlDatabaseTest, PublishesWhatItCounted_WhileAnswersComeIn) {
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Store> second, OpenStore(place));
  std::atomic<std::size_t> taken{0};
  std::thread answers([&] {
    for (int council = 0; council < 9; ++council) taken += second->AddRelease(Release(council)).ok() ? 1 : 0;
  });
  bool published = false;
  Publication publication;
  publication.round_id = "r";
  publication.published_unix_s = 9;
  while (!published) {
    publication.releases = store->Answered("r").value().size();
    const absl::StatusOr<bool> done = store->Publish(publication);
    published = done.ok() && *done;
    if (!published) {
      EXPECT_THAT(done.status(), StatusIs(absl::StatusCode::kAborted, HasSubstr("again")));
    }
  }
  answers.join();
  EXPECT_EQ(taken, publication.releases);
  EXPECT_EQ(store->Answered("r").value().size(), publication.releases);
}

TEST_F(PostgresqlDatabaseTest, UsesATokenUpOnce_ByWhomeverAskedFirst) {
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Store> second, OpenStore(place));
  std::atomic<int> joined{0};
  for (int council = 0; council < 8; ++council) {
    Token token;
    token.hash = std::string(32, static_cast<char>('a' + council));
    token.council = Release(council).council;
    token.expires_unix_s = 100;
    ASSERT_OK(store->AddToken(token));
  }
  std::vector<std::thread> threads;
  for (int number = 0; number < 16; ++number) {
    threads.emplace_back([&, number] {
      const int council = number / 2;
      const Member member{.council = Release(council).council,
                          .signing_key = absl::StrCat("key ", number),
                          .certificate_pem = "pem",
                          .enrolled_unix_s = 7};
      Store& own = number % 2 == 0 ? *store : *second;
      const absl::Status used =
          own.UseToken(std::string(32, static_cast<char>('a' + council)), "request", member);
      joined += used.ok() ? 1 : 0;
      if (!used.ok()) {
        EXPECT_THAT(used, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("used up")));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(joined, 8);
  EXPECT_EQ(store->Members().value().size(), 8u);
}

TEST_F(PostgresqlDatabaseTest, RefusesANameThatIsNoText) {
  EXPECT_THAT(store->FindRound(std::string("r\0", 2)).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no text")));
}

}  // namespace
}  // namespace waymark::coordinator
