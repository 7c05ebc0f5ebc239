// What store.h promises, of every database behind it.
#include "absl/strings/str_cat.h"
#include "coordinator/store/open_store.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/postgresql_server.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::PostgresqlServer;
using testing::TemporaryFolder;
using waymark::testing::StatusIs;

enum class Database { kSqlite, kPostgresql };

class StoreTest : public ::testing::TestWithParam<Database> {
 protected:
  void SetUp() override {
    if (GetParam() == Database::kPostgresql) {
      if (const std::string missing = PostgresqlServer::Missing(); !missing.empty()) GTEST_SKIP() << missing;
      place.postgresql = PostgresqlServer::Get().EmptyPlace();
    }
    ASSERT_OK(CreateStore(place));
    ASSERT_OK_AND_ASSIGN(store, OpenStore(place));
  }

  static Round MakeRound(const std::string& id) {
    Round round;
    round.round_id = id;
    round.spec = std::string("spec\0bytes", 10);
    round.spec_hash = std::string(32, 's');
    round.definitions = "definitions";
    return round;
  }
  static StoredRelease MakeRelease(const std::string& council, const std::string& bytes = "bytes") {
    return {.round_id = "r",
            .council = council,
            .bytes = bytes,
            .hash = std::string(32, 'h'),
            .received_unix_s = 5};
  }

  TemporaryFolder folder;
  StorePlace place{.sqlite_path = folder.path() + "/waymark.db"};
  std::unique_ptr<Store> store;
};

INSTANTIATE_TEST_SUITE_P(, StoreTest, ::testing::Values(Database::kSqlite, Database::kPostgresql),
                         [](const ::testing::TestParamInfo<Database>& database) {
                           return database.param == Database::kSqlite ? "Sqlite" : "Postgresql";
                         });

TEST_P(StoreTest, KeepsPublishedFiles_OneOfAName) {
  const StoredPublishedFile plans{.name = "plans.csv",
                                  .hash = std::string(32, 'a'),
                                  .bytes = std::string("a,b\0\n", 5),
                                  .imported_unix_s = 5};
  StoredPublishedFile later = plans;
  later.hash = std::string(32, 'b');
  later.bytes = "a,b\n1,2\n";
  later.imported_unix_s = 6;
  const StoredPublishedFile ages{
      .name = "ages.csv", .hash = std::string(32, 'c'), .bytes = "c\n", .imported_unix_s = 5};
  ASSERT_OK(store->PutPublishedFiles({plans, ages}, false));
  ASSERT_OK_AND_ASSIGN(auto files, store->PublishedFiles());
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].name, "ages.csv");
  EXPECT_EQ(files[1].bytes, plans.bytes);
  EXPECT_EQ(files[1].hash, plans.hash);
  ASSERT_OK(store->PutPublishedFiles({later}, false));
  ASSERT_OK(store->PutPublishedFiles({later}, false));
  ASSERT_OK_AND_ASSIGN(files, store->PublishedFiles());
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[1].bytes, later.bytes);
  EXPECT_EQ(files[1].imported_unix_s, 6);
  ASSERT_OK(store->PutPublishedFiles({plans}, true));
  ASSERT_OK_AND_ASSIGN(files, store->ListPublishedFiles());
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].hash, plans.hash);
  EXPECT_EQ(files[0].bytes, "");
}

TEST_P(StoreTest, KeepsAccesses_EachNameAndCredentialOnce) {
  const StoredAccess lead{.name = "north-east",
                          .role = "regional-lead",
                          .by_token = true,
                          .hash = std::string(31, 'a') + '\0',
                          .regions = {"E12000001", "E12000002"},
                          .metrics = {"19"},
                          .granted_unix_s = 5,
                          .expires_unix_s = 9};
  ASSERT_OK(store->AddAccess(lead));
  StoredAccess other = lead;
  other.hash = std::string(32, 'b');
  EXPECT_THAT(store->AddAccess(other), StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("north-east")));
  other = lead;
  other.name = "auditor";
  EXPECT_THAT(store->AddAccess(other), StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("auditor")));
  ASSERT_OK(store->AddAccess({.name = "anna", .role = "operator", .hash = std::string(32, 'c')}));
  ASSERT_OK(store->NoteAccessUse("north-east", 7));
  ASSERT_OK(store->NoteAccessUse("north-east", 6));
  ASSERT_OK(store->RevokeAccess("anna", 8));
  ASSERT_OK(store->RevokeAccess("anna", 9));
  EXPECT_THAT(store->RevokeAccess("nobody", 9), StatusIs(absl::StatusCode::kNotFound, HasSubstr("nobody")));
  ASSERT_OK_AND_ASSIGN(store, OpenStore(place));
  EXPECT_FALSE(store->FindAccess(std::string(32, 'b')).value().has_value());
  const StoredAccess found = store->FindAccess(lead.hash).value().value();
  EXPECT_EQ(found.name, lead.name);
  EXPECT_EQ(found.role, lead.role);
  EXPECT_TRUE(found.by_token);
  EXPECT_EQ(found.regions, lead.regions);
  EXPECT_EQ(found.metrics, lead.metrics);
  EXPECT_EQ(found.granted_unix_s, 5);
  EXPECT_EQ(found.expires_unix_s, 9);
  EXPECT_EQ(found.revoked_unix_s, 0);
  EXPECT_EQ(found.used_unix_s, 7);
  ASSERT_OK_AND_ASSIGN(const std::vector<StoredAccess> all, store->Accesses());
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name, "anna");
  EXPECT_EQ(all[0].revoked_unix_s, 8);
  EXPECT_FALSE(all[0].by_token);
  EXPECT_THAT(all[0].regions, ::testing::IsEmpty());
}

TEST_P(StoreTest, KeepsOneRenewalOfAnAccess_UntilItIsTakenUp) {
  const auto not_found = StatusIs(absl::StatusCode::kNotFound, HasSubstr("anna"));
  const std::string first(32, 'a');
  const std::string second(32, 'b');
  const std::string third(32, 'c');
  ASSERT_OK(store->AddAccess({.name = "anna",
                              .role = "operator",
                              .hash = first,
                              .expires_unix_s = 9,
                              .valid_days = 30,
                              .ends_unix_s = 99}));
  ASSERT_OK(store->AddAccess({.name = "berta", .role = "operator", .hash = std::string(32, 'z')}));
  StoredAccessRenewal renewal{.name = "anna",
                              .held = first,
                              .request_hash = "request",
                              .hash = second,
                              .certificate_pem = "second",
                              .expires_unix_s = 20};
  EXPECT_EQ(store->RenewAccess(renewal).value(), "second");
  renewal.certificate_pem = "another";
  renewal.hash = std::string(32, 'x');
  EXPECT_EQ(store->RenewAccess(renewal).value(), "second") << "the same request again";
  EXPECT_FALSE(store->FindAccess(renewal.hash).value().has_value());
  renewal.held = std::string(32, 'z');
  EXPECT_THAT(store->RenewAccess(renewal).status(), not_found) << "held by another";
  ASSERT_OK_AND_ASSIGN(store, OpenStore(place));
  EXPECT_FALSE(store->FindAccess(first).value()->is_next);
  const StoredAccess next = store->FindAccess(second).value().value();
  EXPECT_TRUE(next.is_next);
  EXPECT_EQ(next.name, "anna");
  EXPECT_EQ(next.hash, second);
  EXPECT_EQ(next.expires_unix_s, 20);
  EXPECT_EQ(next.valid_days, 30);
  EXPECT_EQ(next.ends_unix_s, 99);
  // One that was not taken up gives its place to the next request's.
  renewal = {.name = "anna",
             .held = first,
             .request_hash = "another request",
             .hash = third,
             .certificate_pem = "third",
             .expires_unix_s = 30};
  EXPECT_EQ(store->RenewAccess(renewal).value(), "third");
  EXPECT_FALSE(store->FindAccess(second).value().has_value());
  EXPECT_THAT(store->TakeUpAccess("anna", second), not_found);
  EXPECT_OK(store->TakeUpAccess("anna", first)) << "it is the access's own";
  ASSERT_OK(store->TakeUpAccess("anna", third));
  EXPECT_OK(store->TakeUpAccess("anna", third)) << "again";
  EXPECT_FALSE(store->FindAccess(first).value().has_value());
  const StoredAccess taken_up = store->FindAccess(third).value().value();
  EXPECT_FALSE(taken_up.is_next);
  EXPECT_EQ(taken_up.expires_unix_s, 30);
  EXPECT_THAT(store->RenewAccess(renewal).status(), not_found) << "for who holds the one before";
  renewal.held = third;
  renewal.hash = second;
  EXPECT_EQ(store->RenewAccess(renewal).value(), "third");
  // Revoked, it has neither.
  ASSERT_OK(store->RevokeAccess("anna", 8));
  EXPECT_FALSE(store->FindAccess(second).value().has_value());
  EXPECT_THAT(store->TakeUpAccess("anna", second), not_found);
  EXPECT_THAT(store->TakeUpAccess("anna", third), not_found);
  EXPECT_THAT(store->RenewAccess(renewal).status(), not_found);
  EXPECT_EQ(store->FindAccess(third).value()->revoked_unix_s, 8);
}

TEST_P(StoreTest, KeepsRoundsAsTheyWere_InOrderOfOpening) {
  ASSERT_OK(store->AddRound(MakeRound("z")));
  ASSERT_OK(store->AddRound(MakeRound("a")));
  EXPECT_THAT(store->AddRound(MakeRound("z")), StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("z")));
  store = std::move(OpenStore(place)).value();
  ASSERT_OK_AND_ASSIGN(const std::vector<Round> rounds, store->Rounds(RoundState::kOpen));
  ASSERT_EQ(rounds.size(), 2u);
  EXPECT_EQ(rounds[0].round_id, "z");
  EXPECT_EQ(rounds[0].spec, std::string("spec\0bytes", 10));
  EXPECT_EQ(rounds[1].round_id, "a");
  EXPECT_FALSE(store->FindRound("none").value().has_value());
}

TEST_P(StoreTest, KeepsOneReleaseACouncilAndRound) {
  EXPECT_THAT(store->AddRelease(MakeRelease("E06000001")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("r")));
  ASSERT_OK(store->AddRound(MakeRound("r")));
  ASSERT_OK(store->AddRelease(MakeRelease("E06000002", std::string("a\0b", 3))));
  ASSERT_OK(store->AddRelease(MakeRelease("E06000001")));
  EXPECT_THAT(store->AddRelease(MakeRelease("E06000002", "other")),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("E06000002")));
  ASSERT_OK_AND_ASSIGN(const auto found, store->FindRelease("r", "E06000002"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->bytes, std::string("a\0b", 3));
  EXPECT_EQ(found->received_unix_s, 5);
  EXPECT_THAT(store->Answered("r").value(), ::testing::ElementsAre("E06000001", "E06000002"));
}

TEST_P(StoreTest, PublishesOnce_AndOnlyWhatWasCombined) {
  ASSERT_OK(store->AddRound(MakeRound("r")));
  ASSERT_OK(store->AddRelease(MakeRelease("E06000001")));
  Publication publication;
  publication.round_id = "r";
  publication.published_unix_s = 9;
  publication.releases = 0;
  publication.absences = {{.council = "E06000002", .item = kWholeRelease, .absence = 1}};
  publication.sources = {{.council = "E06000002", .release_id = ""},
                         {.council = "E06000001", .release_id = "r"}};
  const std::vector<StoredFigure> figures = {
      {.item = 0, .breakdown = "", .geography = "all", .above_council = true, .bytes = "f1"},
      {.item = 0, .breakdown = "", .geography = "E06000001", .above_council = false, .bytes = "f2"},
      {.item = 0, .breakdown = "sex", .geography = "all", .above_council = true, .bytes = "f3"}};
  EXPECT_THAT(store->Publish(publication), StatusIs(absl::StatusCode::kAborted, HasSubstr("combine again")));
  ASSERT_OK(store->AddFigures("r", {figures[2]}));  // of an attempt before
  ASSERT_OK(store->DropFigures("r"));
  ASSERT_OK(store->AddFigures("r", {figures[0]}));
  ASSERT_OK(store->AddFigures("r", {figures[1], figures[2]}));
  publication.releases = 1;
  EXPECT_TRUE(store->Publish(publication).value());
  EXPECT_FALSE(store->Publish(publication).value());
  for (const absl::Status& late : {store->AddFigures("r", figures), store->DropFigures("r")}) {
    EXPECT_THAT(late, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not open")));
  }
  EXPECT_THAT(store->AddRelease(MakeRelease("E06000003")),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not open")));
  EXPECT_THAT(store->Figures("r", 0, "", {}).value(), ::testing::ElementsAre("f1"));
  EXPECT_THAT(store->Figures("r", 0, "", {"E06000001", "all"}).value(), ::testing::ElementsAre("f2", "f1"));
  EXPECT_THAT(store->Figures("r", 0, "sex", {}).value(), ::testing::ElementsAre("f3"));
  ASSERT_OK_AND_ASSIGN(const auto sources, store->FigureSources("r"));
  ASSERT_EQ(sources.size(), 2u);
  EXPECT_EQ(sources[0].council, "E06000001");
  EXPECT_EQ(sources[0].release_id, "r");
  EXPECT_EQ(sources[1].release_id, "");
  EXPECT_TRUE(store->FigureSources("another").value().empty());
  ASSERT_OK_AND_ASSIGN(const auto round, store->FindRound("r"));
  ASSERT_TRUE(round.has_value());
  EXPECT_EQ(round->state, RoundState::kPublished);
  EXPECT_EQ(round->published_unix_s, 9);
  ASSERT_EQ(store->Absences("r").value().size(), 1u);
  publication.round_id = "none";
  EXPECT_THAT(store->Publish(publication), StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
}

TEST_P(StoreTest, WithdrawsForEver_WhatIsOpenAndWhatIsPublished) {
  Publication publication;
  publication.round_id = "published";
  publication.published_unix_s = 9;
  publication.items = {
      {.round_id = "published", .metric = "19", .version = 1, .period = "2023-24", .entry = "e"}};
  for (const char* id : {"open", "published", "kept"}) ASSERT_OK(store->AddRound(MakeRound(id)));
  ASSERT_OK(store->Publish(publication));
  const auto withdraw = [&](const std::string& id, const std::string& bytes) {
    return store->Withdraw({.round_id = id, .bytes = bytes, .hash = std::string(32, bytes[0])});
  };
  EXPECT_TRUE(withdraw("open", "why").value());
  EXPECT_TRUE(withdraw("published", "because").value());
  EXPECT_FALSE(withdraw("open", "another").value());
  EXPECT_THAT(withdraw("none", "why"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));

  const auto ids = [&](std::optional<RoundState> state) {
    std::vector<std::string> some;
    const std::vector<Round> rounds = store->Rounds(state).value();
    for (const Round& round : rounds) some.push_back(round.round_id);
    return some;
  };
  using ::testing::ElementsAre;
  EXPECT_THAT(ids(RoundState::kOpen), ElementsAre("kept"));
  EXPECT_THAT(ids(RoundState::kPublished), ElementsAre());
  EXPECT_THAT(ids(RoundState::kWithdrawn), ElementsAre("open", "published"));
  EXPECT_THAT(ids(std::nullopt), ElementsAre("open", "published", "kept"));
  ASSERT_OK_AND_ASSIGN(const auto round, store->FindRound("open"));
  EXPECT_EQ(round->state, RoundState::kWithdrawn);
  EXPECT_EQ(round->withdrawal, "why");
  ASSERT_EQ(store->PublishedItems().value().size(), 1u);
  EXPECT_TRUE(store->PublishedItems().value()[0].is_withdrawn);

  StoredRelease release = MakeRelease("E06000001");
  release.round_id = "open";
  publication.round_id = "open";
  EXPECT_THAT(store->AddRelease(release),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not open")));
  EXPECT_THAT(store->AddFigures("open", {}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not open")));
  EXPECT_THAT(store->AddSum({.round_id = "open", .part = "p", .bytes = "sum"}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("")));
  EXPECT_FALSE(store->Publish(publication).value());

  ASSERT_OK_AND_ASSIGN(const auto log, store->LogEntries(4, 10));  // after three rounds and a publication
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log[0].kind, LogKind::kWithdrawal);
  EXPECT_EQ(log[0].subject, "open");
  EXPECT_EQ(log[0].hash, std::string(32, 'w'));
  EXPECT_EQ(log[0].content, "why");
  EXPECT_EQ(log[1].content, "because");
}

TEST_P(StoreTest, UsesATokenUpOnce_TogetherWithTheMember) {
  Token token;
  token.hash = std::string(32, 't');
  token.council = "E06000001";
  token.expires_unix_s = 100;
  ASSERT_OK(store->AddToken(token));
  ASSERT_OK(store->AddToken(token));
  const Member member{
      .council = "E06000001", .signing_key = "key", .certificate_pem = "pem", .enrolled_unix_s = 7};
  ASSERT_OK(store->UseToken(token.hash, "request", member));
  EXPECT_THAT(store->UseToken(token.hash, "request", member),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("used up")));
  EXPECT_THAT(store->UseToken("unknown", "request", member),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not there")));
  ASSERT_OK_AND_ASSIGN(const std::vector<Token> tokens, store->TokensOf("E06000001"));
  ASSERT_EQ(tokens.size(), 1u);
  EXPECT_EQ(tokens[0].used_unix_s, 7);
  EXPECT_EQ(tokens[0].signing_key, "key");
  EXPECT_EQ(tokens[0].certificate_pem, "pem");
  ASSERT_EQ(store->Members().value().size(), 1u);
  EXPECT_FALSE(store->FindMember("E06000002").value().has_value());
}

TEST_P(StoreTest, LetsARevokedMemberBeNone_WithItsTokens) {
  const auto token = [](char letter) {
    Token made;
    made.hash = std::string(32, letter);
    made.council = "E06000001";
    made.expires_unix_s = 100;
    return made;
  };
  const Member member{
      .council = "E06000001", .signing_key = "key", .certificate_pem = "pem", .enrolled_unix_s = 7};
  for (const char letter : {'a', 'b'}) ASSERT_OK(store->AddToken(token(letter)));
  ASSERT_OK(store->UseToken(token('a').hash, "request", member));
  EXPECT_EQ(store->RenewMember("E06000001", "hash", "next").value(), "next");
  EXPECT_EQ(store->RenewMember("E06000001", "hash", "another").value(), "next") << "the same request again";
  EXPECT_EQ(store->FindMember("E06000001").value()->next_certificate_pem, "next");
  ASSERT_OK(store->TakeUpCertificate("E06000001", "pem"));
  EXPECT_EQ(store->FindMember("E06000001").value()->certificate_pem, "pem") << "it is not the next one";
  ASSERT_OK(store->TakeUpCertificate("E06000001", "next"));
  EXPECT_EQ(store->FindMember("E06000001").value()->certificate_pem, "next");
  EXPECT_EQ(store->RenewMember("E06000001", "hash", "another").value(), "next") << "though it is taken up";
  ASSERT_OK(store->RevokeMember("E06000001", 50));
  EXPECT_FALSE(store->FindMember("E06000001").value().has_value());
  EXPECT_TRUE(store->Members().value().empty());
  EXPECT_THAT(store->RevokeMember("E06000001", 51),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no member")));
  EXPECT_THAT(store->RenewMember("E06000001", "h", "c").status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no member")));
  EXPECT_THAT(store->UseToken(token('b').hash, "request", member),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not there")));
  ASSERT_OK(store->AddToken(token('d')));
  ASSERT_OK(store->RevokeMember("E06000001", 60)) << "a join file that is about";
  EXPECT_THAT(store->UseToken(token('d').hash, "request", member),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not there")));
  ASSERT_OK(store->AddToken(token('c')));
  ASSERT_OK(store->UseToken(token('c').hash, "request", member));
  EXPECT_TRUE(store->FindMember("E06000001").value().has_value());
}

TEST_P(StoreTest, KeepsOneFiringAScheduleAndTime) {
  ASSERT_OK(store->AddSchedule({.name = "s", .bytes = "schedule", .added_unix_s = 5}));
  EXPECT_THAT(store->AddSchedule({.name = "s", .bytes = "other", .added_unix_s = 6}),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("called s")));
  const StoredFiring firing{
      .schedule = "s", .due_unix_s = 60, .state = 1, .round_id = "r", .note = "", .items = "items"};
  ASSERT_OK(store->AddFiring(firing));
  EXPECT_THAT(store->AddFiring(firing), StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("at 60")));
  StoredFiring later = firing;
  later.due_unix_s = 120;
  later.state = 3;
  ASSERT_OK(store->AddFiring(later));
  EXPECT_THAT(store->AskedBy("s").value(), ::testing::ElementsAre("items"))
      << "what had nothing new asked nothing";
  ASSERT_OK(store->SettleFiring("s", 60, 4, "too few"));
  ASSERT_OK(store->SettleFiring("s", 60, 2, "late"));
  const std::vector<StoredFiring> firings = store->Firings("s", 10).value();
  ASSERT_EQ(firings.size(), 2u);
  EXPECT_EQ(firings[0].due_unix_s, 120);
  EXPECT_EQ(firings[1].state, 4) << "what is settled stays so";
  EXPECT_EQ(firings[1].note, "too few");
  EXPECT_EQ(store->Firings("s", 1).value().size(), 1u);
  EXPECT_TRUE(store->AskedBy("s").value().empty());
  later.due_unix_s = 180;
  later.state = 1;
  ASSERT_OK(store->AddFiring(later));
  ASSERT_OK(store->RemoveSchedule("s", 200));
  ASSERT_OK(store->RemoveSchedule("s", 300));
  EXPECT_EQ(store->Schedules().value()[0].removed_unix_s, 200);
  EXPECT_EQ(store->Firings("s", 1).value()[0].state, 4) << "its round is not opened any more";
  EXPECT_THAT(store->RemoveSchedule("t", 1), StatusIs(absl::StatusCode::kNotFound, HasSubstr("called t")));
}

TEST_P(StoreTest, KeepsOneSumARoundAndPart_OfOpenRounds) {
  ASSERT_OK(store->AddRound(MakeRound("r")));
  ASSERT_OK(store->AddSum({.round_id = "r", .part = "E12000002", .bytes = "two"}));
  ASSERT_OK(store->AddSum({.round_id = "r", .part = "E12000001", .bytes = "one"}));
  EXPECT_THAT(store->AddSum({.round_id = "r", .part = "E12000001", .bytes = "another"}),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("E12000001")));
  const std::vector<StoredSum> sums = store->Sums("r").value();
  ASSERT_EQ(sums.size(), 2u);
  EXPECT_EQ(sums[0].bytes, "one");
  EXPECT_EQ(sums[1].bytes, "two");
  Publication publication;
  publication.round_id = "r";
  publication.published_unix_s = 1;
  ASSERT_TRUE(store->Publish(publication).value());
  EXPECT_THAT(store->AddSum({.round_id = "r", .part = "E12000003", .bytes = "late"}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not open")));
}

TEST_P(StoreTest, CountsTriesOfASum_AndKeepsTheFirstRoster) {
  ASSERT_OK(store->AddRound(MakeRound("r")));
  EXPECT_EQ(store->TriesOf("r", "E12000001").value().count, 0);
  ASSERT_OK(store->AddTry("r", "E12000001", "first roster"));
  ASSERT_OK(store->AddTry("r", "E12000001", "second roster"));
  ASSERT_OK(store->AddTry("r", "E12000002", "another part's"));
  ASSERT_OK_AND_ASSIGN(const SumTries tries, store->TriesOf("r", "E12000001"));
  EXPECT_EQ(tries.count, 2);
  EXPECT_EQ(tries.roster, "first roster");
  EXPECT_EQ(store->TriesOf("r", "E12000002").value().count, 1);
  EXPECT_FALSE(store->AddTry("no round", "E12000001", "").ok());
}

TEST_P(StoreTest, LetsOneMembersMaskedInputGo) {
  ASSERT_OK(store->PutMaskedInput("5a", 1, 0, "one"));
  ASSERT_OK(store->PutMaskedInput("5a", 2, 0, "two"));
  ASSERT_OK(store->PutMaskedInput("5b", 1, 0, "of another session"));
  ASSERT_OK(store->DropMaskedInput("5a", 1));
  EXPECT_TRUE(absl::IsNotFound(store->MaskedInput("5a", 1, 0).status()));
  EXPECT_EQ(store->MaskedInput("5a", 2, 0).value(), "two");
  EXPECT_EQ(store->MaskedInput("5b", 1, 0).value(), "of another session");
}

TEST_P(StoreTest, KeepsAnOpeningWithItsShares_UntilTheSumIsThere) {
  ASSERT_OK(store->AddRound(MakeRound("r")));
  EXPECT_FALSE(store->AddOpeningShares("r", "E12000001", {.member = 1, .body = "b", .signature = "s"}).ok());
  ASSERT_OK(store->PutOpening({.round_id = "r", .part = "E12000001", .bytes = "first"}));
  ASSERT_OK(
      store->AddOpeningShares("r", "E12000001", {.member = 4, .body = "of another try", .signature = ""}));
  ASSERT_OK(store->PutOpening({.round_id = "r", .part = "E12000001", .bytes = "second"}));
  ASSERT_OK(store->PutOpening({.round_id = "r", .part = "E12000002", .bytes = "another part"}));
  for (int again = 0; again < 2; ++again) {
    ASSERT_OK(store->AddOpeningShares("r", "E12000001", {.member = 3, .body = "b3", .signature = "s3"}));
    ASSERT_OK(store->AddOpeningShares("r", "E12000001", {.member = 1, .body = "b1", .signature = "s1"}));
  }
  std::vector<StoredOpening> openings = store->Openings().value();
  ASSERT_EQ(openings.size(), 2u);
  EXPECT_EQ(openings[0].bytes, "second");
  ASSERT_EQ(openings[0].shares.size(), 2u);
  EXPECT_EQ(openings[0].shares[1].body, "b3");
  EXPECT_TRUE(openings[1].shares.empty());
  ASSERT_OK(store->AddSum({.round_id = "r", .part = "E12000001", .bytes = "sum"}));
  openings = store->Openings().value();
  ASSERT_EQ(openings.size(), 1u);
  EXPECT_EQ(openings[0].part, "E12000002");
  Publication publication;
  publication.round_id = "r";
  publication.published_unix_s = 1;
  ASSERT_TRUE(store->Publish(publication).value());
  EXPECT_TRUE(store->Openings().value().empty());
}

TEST_P(StoreTest, KeepsMaskedInputsByMemberAndBlock_TheLastOfEach) {
  const std::string bytes("masked\0", 7);
  ASSERT_OK(store->PutMaskedInput("ab", 1, 0, "first"));
  ASSERT_OK(store->PutMaskedInput("ab", 1, 0, bytes));
  ASSERT_OK(store->PutMaskedInput("ab", 1, 2, "another block"));
  EXPECT_EQ(store->MaskedInput("ab", 1, 0).value(), bytes);
  EXPECT_EQ(store->MaskedInput("ab", 1, 2).value(), "another block");
  EXPECT_THAT(store->MaskedInput("ab", 2, 0), StatusIs(absl::StatusCode::kNotFound, HasSubstr("never sent")));
  EXPECT_THAT(store->MaskedInput("cd", 1, 0), StatusIs(absl::StatusCode::kNotFound, HasSubstr("never sent")));
}

TEST_P(StoreTest, SaysWhichRoundsACouncilAnswered_TheEarliestFirst) {
  for (const std::string id : {"a", "r"}) ASSERT_OK(store->AddRound(MakeRound(id)));
  StoredRelease later = MakeRelease("E06000001");
  later.round_id = "a";
  later.received_unix_s = 9;
  ASSERT_OK(store->AddRelease(MakeRelease("E06000001")));
  ASSERT_OK(store->AddRelease(later));
  EXPECT_THAT(store->AnsweredBy("E06000001").value(), ::testing::ElementsAre("r", "a"));
  EXPECT_TRUE(store->AnsweredBy("E06000002").value().empty());
}

StoredRevision Revision(const std::string& release_id, const std::string& council, int reason,
                        std::int64_t received_unix_s) {
  return {.round_id = "r",
          .release_id = release_id,
          .council = council,
          .reason = reason,
          .bytes = absl::StrCat(release_id, " of ", council),
          .hash = std::string(32, 'v'),
          .received_unix_s = received_unix_s};
}

Publication PublicationOf(const std::string& round_id) {
  Publication publication;
  publication.round_id = round_id;
  publication.published_unix_s = 9;
  publication.items = {
      {.round_id = round_id, .metric = "19", .version = 1, .period = "2023-24", .entry = "e"}};
  publication.record = absl::StrCat("record of ", round_id);
  publication.record_hash = std::string(32, 'p');
  return publication;
}

TEST_P(StoreTest, KeepsRevisions_OneOfAnId_AndFindsThemAsReleases) {
  ASSERT_OK(store->AddRound(MakeRound("r")));
  ASSERT_OK(store->AddRelease(MakeRelease("E06000001")));
  EXPECT_THAT(store->AddRevision(Revision("r", "E06000001", 1, 20)),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("E06000001")));
  ASSERT_OK(store->AddRevision(Revision("r.c1", "E06000001", 3, 20)));
  ASSERT_OK(store->AddRevision(Revision("r", "E06000002", 1, 30)));
  StoredRevision other = Revision("r", "E06000002", 1, 31);
  other.bytes = "another";
  EXPECT_THAT(store->AddRevision(other), StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("E06000002")));
  ASSERT_OK_AND_ASSIGN(store, OpenStore(place));
  EXPECT_EQ(store->FindRelease("r.c1", "E06000001").value()->bytes, "r.c1 of E06000001");
  EXPECT_EQ(store->FindRelease("r", "E06000002").value()->bytes, "r of E06000002");
  EXPECT_EQ(store->FindRelease("r", "E06000001").value()->bytes, "bytes");
  EXPECT_THAT(store->Answered("r").value(), ::testing::ElementsAre("E06000001")) << "in time";
  EXPECT_THAT(store->AnsweredBy("E06000001").value(), ::testing::ElementsAre("r", "r.c1"));
  const auto waiting = store->WaitingRevisions().value();
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0], std::make_pair(std::string("r"), std::int64_t{20}));
  const std::vector<StoredRevision> revisions = store->Revisions("r").value();
  ASSERT_EQ(revisions.size(), 2u);
  EXPECT_EQ(revisions[0].release_id, "r.c1");
  EXPECT_EQ(revisions[0].reason, 3);
  EXPECT_EQ(revisions[0].edition, 0u);
  EXPECT_EQ(revisions[1].council, "E06000002");
  ASSERT_OK(store->Withdraw({.round_id = "r", .bytes = "w", .hash = std::string(32, 'w')}));
  EXPECT_TRUE(store->WaitingRevisions().value().empty());
  EXPECT_THAT(store->AddRevision(Revision("r", "E06000003", 1, 40)),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("withdrawn")));
}

TEST_P(StoreTest, PublishesAnEditionOnce_WithItsRevisions_AndIsNoRound) {
  ASSERT_OK(store->AddRound(MakeRound("r")));
  ASSERT_OK(store->AddRound(MakeRound("later")));
  EXPECT_THAT(store->BeginEdition("none", 2, "none.2"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
  ASSERT_TRUE(store->Publish(PublicationOf("r")).value());
  ASSERT_TRUE(store->Publish(PublicationOf("later")).value());
  ASSERT_OK(store->AddRevision(Revision("r", "E06000002", 1, 30)));
  ASSERT_OK(store->BeginEdition("r", 2, "r.2"));
  ASSERT_OK(store->AddFigures(
      "r.2", {{.item = 0, .breakdown = "", .geography = "all", .above_council = true, .bytes = "cut off"}}));
  ASSERT_OK(store->BeginEdition("r", 2, "r.2"));
  ASSERT_OK(store->DropFigures("r.2"));
  ASSERT_OK(store->AddFigures(
      "r.2", {{.item = 0, .breakdown = "", .geography = "all", .above_council = true, .bytes = "new"}}));
  EXPECT_EQ(store->Editions("r").value().size(), 1u) << "not before it is published";
  const std::string before = store->PublishedMark().value();
  Publication publication = PublicationOf("r.2");
  publication.edition = 2;
  publication.revisions = {{"r", "E06000002"}, {"r.c1", "E06000001"}};
  EXPECT_THAT(store->Publish(publication), StatusIs(absl::StatusCode::kAborted, HasSubstr("combine again")));
  publication.revisions = {{"r", "E06000002"}};
  EXPECT_TRUE(store->Publish(publication).value());
  EXPECT_FALSE(store->Publish(publication).value());
  EXPECT_NE(store->PublishedMark().value(), before);
  EXPECT_TRUE(store->WaitingRevisions().value().empty());
  EXPECT_EQ(store->Revisions("r").value()[0].edition, 2u);

  const std::vector<StoredEdition> editions = store->Editions("r").value();
  ASSERT_EQ(editions.size(), 2u);
  EXPECT_EQ(editions[0].round_id, "r");
  EXPECT_TRUE(editions[0].reasons.empty());
  EXPECT_EQ(editions[1].round_id, "r.2");
  EXPECT_EQ(editions[1].number, 2u);
  EXPECT_THAT(editions[1].reasons, ::testing::ElementsAre(1));
  EXPECT_EQ(store->Rounds(std::nullopt).value().size(), 2u);
  EXPECT_EQ(store->Rounds(RoundState::kPublished).value().size(), 2u);
  EXPECT_EQ(store->FindRound("r.2").value()->revises, "r");
  EXPECT_EQ(store->FindRound("r.2").value()->spec, std::string("spec\0bytes", 10));
  // In its round's place: a later round of the same is still the newest.
  std::vector<std::string> order;
  const std::vector<PublishedItem> items = store->PublishedItems().value();
  for (const PublishedItem& item : items) order.push_back(item.round_id);
  EXPECT_THAT(order, ::testing::ElementsAre("r", "r.2", "later"));
  EXPECT_EQ(store->Figures("r.2", 0, "", {}).value(), std::vector<std::string>{"new"});
  ASSERT_OK_AND_ASSIGN(const auto log, store->LogEntries(4, 10));
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log[0].subject, "r.2");
  EXPECT_EQ(log[0].content, "record of r.2");

  ASSERT_OK(store->BeginEdition("r", 3, "r.3"));
  Publication again = PublicationOf("r.3");
  again.edition = 3;
  again.revisions = {{"r", "E06000002"}};
  EXPECT_THAT(store->Publish(again), StatusIs(absl::StatusCode::kAborted, HasSubstr("in another one")));
  ASSERT_OK(store->Withdraw({.round_id = "r", .bytes = "w", .hash = std::string(32, 'w')}));
  EXPECT_FALSE(store->Publish(PublicationOf("r.3")).value()) << "its round is withdrawn";
  EXPECT_EQ(store->FindRound("r.2").value()->state, RoundState::kWithdrawn);
  const std::vector<PublishedItem> withdrawn = store->PublishedItems().value();
  for (const PublishedItem& item : withdrawn) {
    EXPECT_EQ(item.is_withdrawn, item.round_id != "later") << item.round_id;
  }
}

TEST_P(StoreTest, SaysWhichRoundsTakeLateReleases) {
  Round round = MakeRound("late");
  round.late_until_unix_s = 100;
  ASSERT_OK(store->AddRound(MakeRound("r")));
  ASSERT_OK(store->AddRound(round));
  const auto ids = [&](std::int64_t now) {
    std::vector<std::string> some;
    const std::vector<Round> rounds = store->RoundsTakingLate(now).value();
    for (const Round& one : rounds) some.push_back(one.round_id);
    return some;
  };
  EXPECT_THAT(ids(99), ::testing::ElementsAre("late"));
  EXPECT_THAT(ids(100), ::testing::IsEmpty());
  ASSERT_OK(store->Withdraw({.round_id = "late", .bytes = "w", .hash = std::string(32, 'w')}));
  EXPECT_THAT(ids(99), ::testing::IsEmpty());
}

TEST_P(StoreTest, KeepsWhenACouncilWasHeardOfLast) {
  ASSERT_OK(store->NoteContact("E06000002", 10));
  ASSERT_OK(store->NoteContact("E06000001", 30));
  ASSERT_OK(store->NoteContact("E06000001", 20));
  ASSERT_OK_AND_ASSIGN(store, OpenStore(place));
  const auto heard = store->Contacts().value();
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_EQ(heard[0], std::make_pair(std::string("E06000001"), std::int64_t{30}));
  EXPECT_EQ(heard[1].second, 10);
}

TEST_P(StoreTest, KeepsTheLatestDeclineOfACouncil) {
  ASSERT_OK(store->AddRound(MakeRound("r")));
  const auto put = [&](std::int64_t time, const std::string& bytes) {
    return store->PutDecline(
        {.round_id = "r", .council = "E06000001", .declined_unix_s = time, .bytes = bytes});
  };
  EXPECT_TRUE(store->Declines("r").value().empty());
  ASSERT_OK(put(10, "first"));
  ASSERT_OK(put(12, "second"));
  ASSERT_OK(put(11, "an older one, sent again"));
  const std::vector<StoredDecline> declines = store->Declines("r").value();
  ASSERT_EQ(declines.size(), 1u);
  EXPECT_EQ(declines[0].bytes, "second");
  EXPECT_FALSE(
      store
          ->PutDecline(
              {.round_id = "none", .council = "E06000001", .declined_unix_s = 1, .bytes = "of no round"})
          .ok());
}

TEST_P(StoreTest, KeepsLedgerHeadsWithASumThatIsTaken_AndNoOther) {
  const std::string key(32, 'k');
  ASSERT_OK(store->AddRound(MakeRound("r")));
  const auto add = [&](const std::string& part, const std::string& head) {
    return store->AddSum({.round_id = "r",
                          .part = part,
                          .bytes = "sum",
                          .heads = {{.council = "E06000001", .signing_key = key, .bytes = head}}});
  };
  EXPECT_EQ(store->LedgerHead("E06000001", key).value(), "");
  ASSERT_OK(add("E12000001", "first"));
  EXPECT_FALSE(add("E12000001", "of a sum that is there").ok());
  EXPECT_EQ(store->LedgerHead("E06000001", key).value(), "first");
  EXPECT_EQ(store->LedgerHead("E06000001", std::string(32, 'l')).value(), "");
  ASSERT_OK(add("E12000002", "second"));
  EXPECT_EQ(store->LedgerHead("E06000001", key).value(), "second");
}

TEST_P(StoreTest, KeepsOneRosterAnEpoch_InTheirOrder) {
  EXPECT_FALSE(store->NewestRoster().value().has_value());
  const std::string zeros(32, '\0');
  EXPECT_TRUE(store->RostersAfter(zeros, 9).value()->empty());
  for (const char epoch : {'1', '2', '3'}) {
    ASSERT_OK(store->AddRoster({.epoch = static_cast<std::uint64_t>(epoch - '0'),
                                .hash = std::string(32, epoch),
                                .bytes = std::string("roster ") + epoch}));
  }
  EXPECT_THAT(store->AddRoster({.epoch = 2, .hash = std::string(32, 'x'), .bytes = "another"}),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("epoch 2")));
  EXPECT_EQ(store->NewestRoster().value()->bytes, "roster 3");
  const auto after = [&](const std::string& hash, std::size_t most) {
    std::string epochs;
    const std::vector<StoredRoster> rosters = store->RostersAfter(hash, most).value().value();
    for (const StoredRoster& roster : rosters) {
      EXPECT_EQ(roster.hash, std::string(32, static_cast<char>('0' + roster.epoch)));
      epochs += std::to_string(roster.epoch);
    }
    return epochs;
  };
  EXPECT_EQ(after(zeros, 9), "123");
  EXPECT_EQ(after(zeros, 2), "12");
  EXPECT_EQ(after(std::string(32, '1'), 9), "23");
  EXPECT_EQ(after(std::string(32, '3'), 9), "");
  EXPECT_FALSE(store->RostersAfter(std::string(32, 'x'), 9).value().has_value());
}

}  // namespace
}  // namespace waymark::coordinator
