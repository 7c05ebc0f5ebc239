#include "base/configuration.h"
#include "coordinator/federation/access_book.h"
#include "coordinator/federation/access_grant.h"
#include "coordinator/federation/state_directory.h"
#include "crypto/certificate.h"
#include "crypto/hash.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using testing::Scene;
using waymark::testing::StatusIs;

TEST(CertificateHash, IsTheFingerprint_AndOfNothingElse) {
  const SystemClock clock;
  const crypto::CertificateWithKey made =
      crypto::CreateAuthority("Test", ValidFrom(clock.Now(), kAuthorityValidity)).value();
  ASSERT_OK_AND_ASSIGN(const crypto::CertificateFacts facts,
                       crypto::InspectCertificate(made.certificate_pem));
  EXPECT_EQ(CertificateHash(made.certificate_pem).value(), facts.fingerprint);
  EXPECT_EQ(CertificateHash("text before\n" + made.certificate_pem + "and after").value(), facts.fingerprint);
  for (const char* text :
       {"", "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE----------BEGIN CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----"}) {
    EXPECT_FALSE(CertificateHash(text).ok()) << text;
  }
}

const Grant kLead{.name = "north-east", .role = "regional-lead", .regions = {"E12000001"}, .valid_days = 30};

class AccessTest : public ::testing::Test {
 protected:
  AccessTest()
      : authority("north", crypto::CreateAuthority("Test", ValidFrom(Now(), kAuthorityValidity)).value()),
        book(scene.store(), scene.clock()) {}

  absl::Time Now() { return scene.clock().Now(); }
  absl::StatusOr<std::string> MakeToken(const Grant& grant) {
    return GrantToken(scene.store(), scene.library(), grant, Now(), random);
  }
  absl::StatusOr<GrantedCertificate> MakeCertificate(const Grant& grant) {
    return GrantCertificate(scene.store(), scene.library(), authority, grant, Now());
  }

  Scene scene;
  crypto::SystemRandom random;
  Authority authority;
  AccessBook book;
};

TEST_F(AccessTest, OfATokenTheStoreHasTheHashAlone) {
  ASSERT_OK_AND_ASSIGN(const std::string token, MakeToken(kLead));
  EXPECT_THAT(token, MatchesRegex("waymark_[0-9a-f]+"));
  EXPECT_EQ(token.size(), sizeof("waymark_") - 1 + 64);
  ASSERT_OK_AND_ASSIGN(const std::vector<StoredAccess> entries, scene.store().Accesses());
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].hash, crypto::Sha256(token));
  EXPECT_EQ(entries[0].expires_unix_s, absl::ToUnixSeconds(Now()) + 30 * 86'400);
  ASSERT_OK_AND_ASSIGN(const StoredAccess found, book.OfToken(token, "ipv4:192.0.2.1"));
  EXPECT_EQ(found.name, "north-east");
  EXPECT_THAT(found.regions, ElementsAre("E12000001"));
  Grant other = kLead;
  other.name = "other";
  EXPECT_NE(MakeToken(other).value(), token);
}

TEST_F(AccessTest, OfACertificate_TheNameIsItsUri_AndItsEndTheGrants) {
  ASSERT_OK_AND_ASSIGN(const GrantedCertificate made, MakeCertificate(kLead));
  EXPECT_OK(crypto::CheckKeyBelongs(made.certificate_pem, made.private_key_pem));
  ASSERT_OK_AND_ASSIGN(const crypto::CertificateFacts facts,
                       crypto::InspectCertificate(made.certificate_pem));
  EXPECT_THAT(facts.uris, ElementsAre("waymark://north/regional-lead/north-east"));
  EXPECT_EQ(facts.not_after, Now() + absl::Hours(30 * 24));
  EXPECT_OK(book.OfCertificate(made.certificate_pem, Role::kRegionalLead, "north-east"));
  const auto denied =
      StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("revoked, replaced, out of date or not"));
  EXPECT_THAT(book.OfCertificate(made.certificate_pem, Role::kOperator, "north-east"), denied);
  EXPECT_THAT(book.OfCertificate(made.certificate_pem, Role::kRegionalLead, "north-west"), denied);
  EXPECT_THAT(book.OfToken(facts.fingerprint, ""),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("")));
  scene.clock().Advance(absl::Hours(30 * 24));
  EXPECT_THAT(book.OfCertificate(made.certificate_pem, Role::kRegionalLead, "north-east"), denied);
}

class AccessRenewalTest : public AccessTest {
 protected:
  AccessRenewalTest() : request(crypto::CreateRequest().value()) {}
  absl::StatusOr<std::string> Renew(const std::string& certificate_pem,
                                    const std::string& name = "north-east", Role role = Role::kRegionalLead) {
    return book.Renew(authority, certificate_pem, role, name, request.request_pem);
  }
  absl::Status Use(const std::string& certificate_pem) {
    return book.OfCertificate(certificate_pem, Role::kRegionalLead, "north-east").status();
  }
  std::string Granted(std::int64_t ends_unix_s = 0) {
    Grant grant = kLead;
    grant.ends_unix_s = ends_unix_s;
    return MakeCertificate(grant)->certificate_pem;
  }
  absl::Time EndOfPem(const std::string& certificate_pem) {
    return crypto::InspectCertificate(certificate_pem)->not_after;
  }
  void AdvanceDays(int days) { scene.clock().Advance(absl::Hours(24 * days)); }

  crypto::RequestWithKey request;
  const ::testing::Matcher<absl::Status> denied =
      StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("revoked, replaced, out of date or not"));
};

TEST_F(AccessRenewalTest, IsOfTheSameNameRoleAndScope_AsLongAsTheFirst) {
  const std::string first = Granted();
  AdvanceDays(21);
  ASSERT_OK_AND_ASSIGN(const std::string second, Renew(first));
  ASSERT_OK_AND_ASSIGN(const crypto::CertificateFacts facts, crypto::InspectCertificate(second));
  EXPECT_THAT(facts.uris, ElementsAre("waymark://north/regional-lead/north-east"));
  EXPECT_OK(crypto::CheckKeyBelongs(second, request.private_key_pem));
  EXPECT_OK(crypto::CheckIssuedBy(second, authority.certificate_pem()));
  EXPECT_EQ(facts.not_after, Now() + absl::Hours(30 * 24));
  ASSERT_OK_AND_ASSIGN(const StoredAccess entry,
                       book.OfCertificate(second, Role::kRegionalLead, "north-east"));
  EXPECT_THAT(entry.regions, ElementsAre("E12000001"));
  EXPECT_EQ(entry.expires_unix_s, absl::ToUnixSeconds(facts.not_after));
  EXPECT_EQ(scene.store().Accesses()->size(), 1u);
}

TEST_F(AccessRenewalTest, BothAreGood_UntilTheNewOneIsUsedOnce) {
  const std::string first = Granted();
  AdvanceDays(21);
  ASSERT_OK_AND_ASSIGN(const std::string second, Renew(first));
  EXPECT_EQ(Renew(first).value(), second) << "the same request, the same certificate";
  EXPECT_OK(Use(first));
  EXPECT_OK(Use(second));
  EXPECT_OK(Use(second));
  EXPECT_THAT(Use(first), denied);
  EXPECT_THAT(Renew(first).status(), denied);
  request = crypto::CreateRequest().value();
  EXPECT_OK(Renew(second).status());
}

TEST_F(AccessRenewalTest, TheNewOneIsGood_WhenTheOldHasEnded) {
  const std::string first = Granted();
  AdvanceDays(21);
  ASSERT_OK_AND_ASSIGN(const std::string second, Renew(first));
  AdvanceDays(10);
  EXPECT_THAT(Use(first), denied);
  EXPECT_THAT(Renew(first).status(), denied) << "what has ended renews nothing";
  EXPECT_OK(Use(second));
  AdvanceDays(20);
  EXPECT_THAT(Use(second), denied);
  // Nor is it good once it has ended, though it was never used.
  const std::string third =
      MakeCertificate({.name = "b", .role = "auditor", .valid_days = 30})->certificate_pem;
  ASSERT_OK_AND_ASSIGN(const std::string fourth, Renew(third, "b", Role::kAuditor));
  AdvanceDays(30);
  EXPECT_THAT(book.OfCertificate(fourth, Role::kAuditor, "b").status(), denied);
}

TEST_F(AccessRenewalTest, ARevokedAccessHasNeither_AndRenewsNothing) {
  const std::string first = Granted();
  ASSERT_OK_AND_ASSIGN(const std::string second, Renew(first));
  ASSERT_OK(scene.store().RevokeAccess("north-east", absl::ToUnixSeconds(Now())));
  for (const std::string& certificate : {first, second}) {
    EXPECT_THAT(Use(certificate), denied);
    EXPECT_THAT(Renew(certificate).status(), denied);
  }
}

TEST_F(AccessRenewalTest, NeverReachesBeyondTheEndOfWhatWasGranted) {
  const std::int64_t ends_unix_s = absl::ToUnixSeconds(Now()) + 40 * 86'400;
  const std::string first = Granted(ends_unix_s);
  EXPECT_EQ(EndOfPem(first), Now() + absl::Hours(30 * 24));
  AdvanceDays(21);
  ASSERT_OK_AND_ASSIGN(const std::string second, Renew(first));
  EXPECT_EQ(EndOfPem(second), absl::FromUnixSeconds(ends_unix_s));
  EXPECT_OK(Use(second));
  AdvanceDays(10);
  request = crypto::CreateRequest().value();
  EXPECT_THAT(Renew(second).status(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                               HasSubstr("this access ends with its certificate on")));
  AdvanceDays(9);
  EXPECT_THAT(Use(second), denied);
  // One that ends with its first certificate, as those that were granted for so many days.
  const absl::StatusOr<GrantedCertificate> once =
      MakeCertificate({.name = "once",
                       .role = "auditor",
                       .valid_days = 30,
                       .ends_unix_s = absl::ToUnixSeconds(Now()) + 30 * 86'400});
  ASSERT_OK(once.status());
  EXPECT_THAT(Renew(once->certificate_pem, "once", Role::kAuditor).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("ask the operator")));
  EXPECT_THAT(
      MakeCertificate({.name = "late", .role = "auditor", .valid_days = 30, .ends_unix_s = 1}).status(),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("has passed")));
}

TEST_F(AccessRenewalTest, IsForWhoHoldsTheCertificate_AndNobodyElse) {
  const std::string first = Granted();
  const std::string other =
      MakeCertificate({.name = "b", .role = "operator", .valid_days = 9})->certificate_pem;
  EXPECT_THAT(Renew(other).status(), denied) << "a name that is not its own";
  EXPECT_THAT(Renew(first, "north-east", Role::kOperator).status(), denied);
  EXPECT_FALSE(Renew("").ok());
  for (const std::string& bad : {std::string(), std::string("no request"), std::string(8193, 'x')}) {
    EXPECT_EQ(book.Renew(authority, first, Role::kRegionalLead, "north-east", bad).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
  EXPECT_OK(Use(first));
}

// The operator that `init` made is renewed until it is revoked, as its entry says.
TEST_F(AccessRenewalTest, TheFirstOperatorHasNoEnd) {
  Configuration configuration;
  configuration.federation = "north";
  configuration.server_names = {"localhost"};
  configuration.state_directory = scene.folder() + "/state";
  ASSERT_OK(InitialiseState(configuration, scene.clock(), random));
  ASSERT_OK(EnterFirstOperator(scene.store(), configuration, Now()));
  const StoredAccess entry = scene.store().Accesses()->at(0);
  EXPECT_EQ(entry.valid_days, 365);
  EXPECT_EQ(entry.ends_unix_s, 0);
}

TEST_F(AccessTest, IsGrantedOnce_AndNotAgainWhenRevoked) {
  ASSERT_OK_AND_ASSIGN(const std::string token, MakeToken(kLead));
  EXPECT_THAT(MakeCertificate(kLead).status(),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("north-east")));
  ASSERT_OK(scene.store().RevokeAccess("north-east", absl::ToUnixSeconds(Now())));
  EXPECT_THAT(MakeToken(kLead), StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("used once")));
  EXPECT_THAT(book.OfToken(token, ""),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("ask the operator")));
}

TEST_F(AccessTest, IsNotGranted_WhereItsBoundsAreNotMet) {
  const auto refused = [&](auto change) {
    Grant grant = kLead;
    change(grant);
    const absl::Status token = MakeToken(grant).status();
    const absl::Status certificate = MakeCertificate(grant).status();
    EXPECT_EQ(token, certificate);
    return certificate;
  };
  const auto bad = [](const char* words) {
    return StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(words));
  };
  EXPECT_THAT(refused([](Grant& g) { g.name = ""; }), bad("name: expected"));
  EXPECT_THAT(refused([](Grant& g) { g.name = "North East"; }), bad("name: expected"));
  EXPECT_THAT(refused([](Grant& g) { g.name = std::string(41, 'a'); }), bad("name: expected"));
  EXPECT_THAT(refused([](Grant& g) { g.role = "admin"; }),
              bad("operator, regional-lead, national-analyst, auditor"));
  EXPECT_THAT(refused([](Grant& g) { g.role = "council"; }), bad("waymark-coordinator token"));
  EXPECT_THAT(refused([](Grant& g) { g.regions.clear(); }), bad("needs at least one"));
  EXPECT_THAT(refused([](Grant& g) {
                g.regions = {"E12000001", "E06000001"};
              }),
              bad("\"E06000001\" is not in"));
  EXPECT_THAT(refused([](Grant& g) { g.role = "national-analyst"; }), bad("is not of regions"));
  EXPECT_THAT(refused([](Grant& g) { g.metrics = {"19", "none"}; }), bad("\"none\" is not in"));
  EXPECT_THAT(refused([](Grant& g) {
                g.role = "auditor";
                g.regions.clear();
                g.metrics = {"19"};
              }),
              bad("is not of metrics"));
  EXPECT_THAT(refused([](Grant& g) { g.valid_days = 0; }), bad("1 to 366"));
  EXPECT_THAT(refused([](Grant& g) { g.valid_days = 367; }), bad("1 to 366"));
  Grant an_operator{.name = "anna", .role = "operator", .valid_days = 1};
  EXPECT_THAT(MakeToken(an_operator), bad("no token can stand for it"));
  EXPECT_EQ(scene.store().Accesses()->size(), 0u) << "nothing changed";
  EXPECT_OK(MakeCertificate(an_operator));
}

TEST_F(AccessTest, AddressesThatFailAreCountedApart_InBoundedMemory) {
  ASSERT_OK_AND_ASSIGN(const std::string token, MakeToken(kLead));
  const auto fail = [&](const std::string& address) {
    return book.OfToken("wrong", address).status().code();
  };
  for (int i = 0; i < 20; ++i) EXPECT_EQ(fail("a"), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(fail("a"), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(book.OfToken("wrong", "a"),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("a minute")));
  EXPECT_OK(book.OfToken(token, "a"));  // a good one is not shut out by others behind the same proxy
  EXPECT_EQ(fail("b"), absl::StatusCode::kUnauthenticated);
  // Of more addresses than are kept, those that come last count together.
  for (int i = 0; i < 5000; ++i) fail(absl::StrCat("from-", i));
  EXPECT_EQ(fail("another"), absl::StatusCode::kResourceExhausted);
  EXPECT_OK(book.OfToken(token, "b"));
  scene.clock().Advance(absl::Minutes(1));
  EXPECT_EQ(fail("another"), absl::StatusCode::kUnauthenticated);
}

TEST_F(AccessTest, TokenFileIsTomlWithAllThatACallerNeeds) {
  Configuration configuration;
  configuration.federation = "north";
  configuration.public_address = "coordinator.example:7443";
  configuration.public_token_address = "coordinator.example:7445";
  const std::string text = TokenFileText(configuration, "north-east", "waymark_ab",
                                         authority.certificate_pem(), std::string(32, '\x01'));
  ASSERT_OK_AND_ASSIGN(ConfigTable table, ConfigTable::Parse(text, "token"));
  EXPECT_EQ(table.String("address", ""), "coordinator.example:7445");
  EXPECT_EQ(table.String("token", ""), "waymark_ab");
  EXPECT_EQ(table.String("authority_pem", ""), authority.certificate_pem());
  EXPECT_EQ(table.String("coordinator_key", "").size(), 64u);
  EXPECT_OK(table.Finish());
}

}  // namespace
}  // namespace waymark::coordinator
