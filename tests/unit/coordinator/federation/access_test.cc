#include "base/configuration.h"
#include "coordinator/federation/access_book.h"
#include "coordinator/federation/access_grant.h"
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
using waymark::testing::IsOk;
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
  const auto denied = StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("revoked, out of date or not"));
  EXPECT_THAT(book.OfCertificate(made.certificate_pem, Role::kOperator, "north-east"), denied);
  EXPECT_THAT(book.OfCertificate(made.certificate_pem, Role::kRegionalLead, "north-west"), denied);
  EXPECT_THAT(book.OfToken(facts.fingerprint, ""),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("")));
  scene.clock().Advance(absl::Hours(30 * 24));
  EXPECT_THAT(book.OfCertificate(made.certificate_pem, Role::kRegionalLead, "north-east"), denied);
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
