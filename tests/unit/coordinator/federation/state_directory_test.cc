#include "coordinator/federation/state_directory.h"

#include <sys/stat.h>

#include "base/configuration.h"
#include "base/file.h"
#include "coordinator/federation/access_book.h"
#include "coordinator/federation/access_grant.h"
#include "coordinator/federation/join_token.h"
#include "coordinator/store/open_store.h"
#include "crypto/certificate.h"
#include "crypto/secret_file.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using waymark::testing::StatusIs;

class StateDirectory : public ::testing::Test {
 protected:
  StateDirectory() {
    configuration.federation = "north";
    configuration.public_address = "coordinator.example:7443";
    configuration.public_enrolment_address = "coordinator.example:7444";
    configuration.server_names = {"localhost", "127.0.0.1"};
    configuration.state_directory = folder.path() + "/state";
  }

  testing::TemporaryFolder folder;
  waymark::testing::FakeClock clock{absl::FromUnixSeconds(1'760'000'000)};
  crypto::SystemRandom random;
  Configuration configuration;
};

TEST_F(StateDirectory, HoldsEverythingThatACoordinatorNeeds) {
  ASSERT_OK(InitialiseState(configuration, clock, random));
  EXPECT_OK(LoadAuthority(configuration));
  EXPECT_OK(LoadCoordinatorKey(configuration, random));
  EXPECT_OK(OpenStore(StoreOf(configuration)));
  ASSERT_OK_AND_ASSIGN(const std::string pem,
                       ReadFile(OperatorIdentityDirectory(configuration) + "/certificate.pem", 1 << 16));
  ASSERT_OK_AND_ASSIGN(const crypto::CertificateFacts facts, crypto::InspectCertificate(pem));
  EXPECT_THAT(facts.uris, ElementsAre("waymark://north/operator/operator"));
  EXPECT_EQ(facts.not_after, clock.Now() + kMemberValidity);
  for (const char* file :
       {"/authority/key.pem", "/server/key.pem", "/operator/key.pem", "/coordinator.key", "/waymark.db"}) {
    struct stat facts_of_file = {};
    ASSERT_EQ(stat((configuration.state_directory + file).c_str(), &facts_of_file), 0) << file;
    EXPECT_EQ(facts_of_file.st_mode & 0777, 0600u) << file;
  }
}

TEST_F(StateDirectory, ItsOperatorIsEnteredOnce_AndStaysRevoked) {
  ASSERT_OK(InitialiseState(configuration, clock, random));
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Store> store, OpenStore(StoreOf(configuration)));
  ASSERT_OK(EnterFirstOperator(*store, configuration, clock.Now()));
  ASSERT_OK_AND_ASSIGN(const std::string pem,
                       ReadFile(OperatorIdentityDirectory(configuration) + "/certificate.pem", 1 << 16));
  AccessBook book(*store, clock);
  EXPECT_OK(book.OfCertificate(pem, Role::kOperator, "operator"));
  ASSERT_OK(store->RevokeAccess("operator", 1));
  ASSERT_OK(EnterFirstOperator(*store, configuration, clock.Now()));
  EXPECT_THAT(book.OfCertificate(pem, Role::kOperator, "operator"),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("revoked")));
}

TEST_F(StateDirectory, IsNeverOverwritten) {
  ASSERT_OK(InitialiseState(configuration, clock, random));
  ASSERT_OK_AND_ASSIGN(const Authority before, LoadAuthority(configuration));
  EXPECT_THAT(InitialiseState(configuration, clock, random),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("never overwritten")));
  ASSERT_OK_AND_ASSIGN(const Authority after, LoadAuthority(configuration));
  EXPECT_EQ(before.certificate_pem(), after.certificate_pem());
}

TEST_F(StateDirectory, IsMadeAnew_WhenAnEarlierInitWasCutOff) {
  ASSERT_OK(MakeDirectories(configuration.state_directory + ".new/authority", 0700));
  EXPECT_OK(InitialiseState(configuration, clock, random));
}

TEST_F(StateDirectory, MakesNoNewKeyInThePlaceOfALostOne) {
  EXPECT_THAT(LoadAuthority(configuration), StatusIs(absl::StatusCode::kNotFound, HasSubstr("init")));
  EXPECT_THAT(LoadCoordinatorKey(configuration, random),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("backup")));
}

TEST_F(StateDirectory, MakesTheServersCertificateAnew_InItsLastThirdOrWhereARenewalWasCutOff) {
  ASSERT_OK(InitialiseState(configuration, clock, random));
  const std::string path = ServerIdentityDirectory(configuration) + "/certificate.pem";
  const std::string key_path = ServerIdentityDirectory(configuration) + "/key.pem";
  const std::string first = ReadFile(path, 1 << 16).value();
  const auto until = [](const std::string& pem) { return crypto::InspectCertificate(pem)->not_after; };
  clock.Advance(absl::Hours(24 * 480));
  EXPECT_EQ(RenewServerCertificate(configuration, clock).value(), false);
  clock.Advance(absl::Hours(24 * 10));
  EXPECT_EQ(RenewServerCertificate(configuration, clock).value(), true);
  EXPECT_EQ(RenewServerCertificate(configuration, clock).value(), false);
  const std::string second = ReadFile(path, 1 << 16).value();
  EXPECT_EQ(until(second), clock.Now() + kServerValidity);
  EXPECT_OK(crypto::CheckIssuedBy(second, LoadAuthority(configuration)->certificate_pem()));
  const auto fits = [&] {
    return crypto::CheckKeyBelongs(ReadFile(path, 1 << 16).value(),
                                   crypto::ReadSecretFile(key_path, 1 << 16).value());
  };
  EXPECT_OK(fits());
  ASSERT_OK(WriteFileAtomically(path, first, 0600));
  EXPECT_THAT(fits(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("")));
  EXPECT_EQ(RenewServerCertificate(configuration, clock).value(), true);
  EXPECT_OK(fits());
}

TEST_F(StateDirectory, JoinFileIsTomlWithAllThatANodeNeeds) {
  ASSERT_OK(InitialiseState(configuration, clock, random));
  configuration.governance = {.officers = {std::string(32, 'o'), std::string(32, 'p')}, .threshold = 2};
  ASSERT_OK_AND_ASSIGN(const Authority authority, LoadAuthority(configuration));
  const std::string text =
      JoinFileText(configuration, "E06000001", "abcd", authority.certificate_pem(), std::string(32, '\x01'));
  ASSERT_OK_AND_ASSIGN(ConfigTable table, ConfigTable::Parse(text, "join"));
  EXPECT_EQ(table.String("council", ""), "E06000001");
  EXPECT_EQ(table.String("token", ""), "abcd");
  EXPECT_EQ(table.String("address", ""), "coordinator.example:7443");
  EXPECT_EQ(table.String("enrolment_address", ""), "coordinator.example:7444");
  EXPECT_EQ(table.String("authority_pem", ""), authority.certificate_pem());
  EXPECT_EQ(table.String("coordinator_key", "").size(), 64u);
  EXPECT_EQ(contract::ReadGovernance(table), configuration.governance);
  EXPECT_OK(table.Finish());
}

}  // namespace
}  // namespace waymark::coordinator
