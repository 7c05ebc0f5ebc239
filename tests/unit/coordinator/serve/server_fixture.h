// A coordinator's listeners with real certificates, over a scene whose clock stands still.
#ifndef WAYMARK_TESTS_UNIT_COORDINATOR_SERVE_SERVER_FIXTURE_H_
#define WAYMARK_TESTS_UNIT_COORDINATOR_SERVE_SERVER_FIXTURE_H_

#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <string>

#include "base/london_time.h"
#include "coordinator/federation/access_book.h"
#include "coordinator/serve/access.h"
#include "coordinator/serve/server.h"
#include "crypto/certificate.h"
#include "crypto/hash.h"
#include "proto/rpc/channel.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator::testing {

inline crypto::CertificateWithKey MakeAuthority() {
  const SystemClock clock;
  return crypto::CreateAuthority("Test", ValidFrom(clock.Now(), kAuthorityValidity)).value();
}

inline rpc::Identity MakeIdentity(const crypto::CertificateWithKey& issuer, const std::string& trusted_pem,
                                  const std::string& uri, crypto::Validity validity) {
  const crypto::RequestWithKey request = crypto::CreateRequest().value();
  return {
      .authority_pem = trusted_pem,
      .certificate_pem = crypto::IssueClientCertificate(issuer, request.request_pem, uri, validity).value(),
      .private_key_pem = std::string(request.private_key_pem.RevealSecretText())};
}

inline crypto::CertificateWithKey Copy(const crypto::CertificateWithKey& original) {
  return {.certificate_pem = original.certificate_pem, .private_key_pem = original.private_key_pem.Clone()};
}

class ServerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_OK(rpc::RequireTls13()); }

  ServerTest()
      : issuer(MakeAuthority()),
        authority("north", Copy(issuer)),
        access(scene.store(), scene.clock()),
        now(SystemClock().Now()),
        enrolment(scene.store(), authority, scene.clock()),
        secure(scene.store(), scene.clock(), random, scene.folder()),
        schedules(scene.store(), scene.rounds(), scene.library(), scene.clock(), London().value()),
        query(scene.store(), scene.library()),
        log(scene.store(), scene.key(), scene.clock()),
        leadership(Leadership::Start(nullptr, scene.clock(),
                                     {.begin = [] { return absl::OkStatus(); }, .end = [] {}})
                       .value()) {
    const crypto::CertificateWithKey server_certificate =
        crypto::IssueServerCertificate(issuer, {"localhost", "127.0.0.1"}, ValidFrom(now, kServerValidity))
            .value();
    server = CoordinatorServer::Start(
                 {.members = "127.0.0.1:0", .enrolment = "127.0.0.1:0", .tokens = "127.0.0.1:0"},
                 {.authority_pem = issuer.certificate_pem,
                  .certificate_pem = server_certificate.certificate_pem,
                  .private_key_pem = std::string(server_certificate.private_key_pem.RevealSecretText())},
                 Parts())
                 .value();
    server->SetServing(true);
    scene.Join(kCouncils[0]);
  }

  ServerParts Parts() {
    return {.store = scene.store(),
            .library = scene.library(),
            .authority = authority,
            .access = access,
            .key = scene.key(),
            .enrolment = enrolment,
            .rounds = scene.rounds(),
            .leading_rounds = scene.rounds(),
            .secure = secure,
            .schedules = schedules,
            .query = query,
            .published = published,
            .log = log,
            .leadership = *leadership,
            .after_submission = [this] { ++submissions; }};
  }

  // Good: of a member it is the certificate that it was given last, of others it is in the book.
  rpc::Identity IdentityOf(const std::string& uri) {
    rpc::Identity identity =
        MakeIdentity(issuer, issuer.certificate_pem, uri, ValidFrom(now, kMemberValidity));
    for (const std::string& council : kCouncils) {
      if (uri != CouncilUri("north", council)) continue;
      const absl::Status kept =
          scene.store()
              .RenewMember(council, crypto::Sha256(identity.certificate_pem), identity.certificate_pem)
              .status();
      EXPECT_TRUE(kept.ok() || absl::IsNotFound(kept)) << kept;
    }
    const absl::StatusOr<Caller> caller = CallerFromUri("north", uri);
    if (!caller.ok() || caller->role == Role::kCouncil) return identity;
    if (const auto known = granted.find(uri); known != granted.end()) return known->second;
    EXPECT_OK(scene.store().AddAccess(EntryOf(*caller, CertificateHash(identity.certificate_pem).value())));
    return granted[uri] = identity;
  }
  // For a year.
  StoredAccess EntryOf(const Caller& caller, const std::string& hash) {
    StoredAccess entry;
    entry.name = caller.name;
    entry.role = std::string(FactsOf(caller.role).word);
    entry.hash = hash;
    if (FactsOf(caller.role).of_regions) entry.regions = {"E12000001"};
    entry.expires_unix_s = absl::ToUnixSeconds(scene.clock().Now() + kMemberValidity);
    entry.valid_days = 365;
    return entry;
  }
  std::shared_ptr<grpc::Channel> Channel(const rpc::Identity& identity) {
    return rpc::MakeChannel(server->local_address(), identity);
  }

  // Calls with a deadline.
  template <typename Call>
  static absl::StatusCode Code(Call call) {
    grpc::ClientContext context;
    rpc::SetDeadline(context, absl::Seconds(20));
    return rpc::FromGrpc(call(&context)).code();
  }

  Scene scene;
  crypto::CertificateWithKey issuer;
  Authority authority;
  AccessBook access;
  absl::Time now;
  Enrolment enrolment;
  crypto::SystemRandom random;
  SecureRounds secure;
  Schedules schedules;
  BenchmarkQuery query;
  published::Mapping mapping = published::Mapping::Load("catalogue", scene.library()).value();
  PublishedBoard published{scene.store(), scene.library(), mapping};
  TransparencyLog log;
  std::unique_ptr<Leadership> leadership;
  int submissions = 0;
  std::map<std::string, rpc::Identity> granted;
  std::unique_ptr<CoordinatorServer> server;
};

}  // namespace waymark::coordinator::testing

#endif  // WAYMARK_TESTS_UNIT_COORDINATOR_SERVE_SERVER_FIXTURE_H_
