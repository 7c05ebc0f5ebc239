// Every call of every service by every role in every state of its credential, through the real listeners. The
// services' own descriptors say which calls there are, so that a new one without a line here fails.
#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>

#include <filesystem>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "base/file.h"
#include "coordinator/serve/services.h"
#include "tests/unit/coordinator/serve/roles_fixture.h"

namespace waymark::coordinator {
namespace {

using testing::Call;
using testing::kCouncils;
using testing::MakeAuthority;
using testing::MakeIdentity;
using Expect = absl::StatusCode;
using ChannelPtr = std::shared_ptr<grpc::Channel>;

// Who may call it: a council, operator, regional lead, national analyst, auditor; "*": anyone, on the
// enrolment port alone.
const std::map<std::string, std::string> kExpected = {
    {"/waymark.v1.Federation/Enrol", "*"},
    {"/waymark.v1.Membership/Roster", "co..a"},
    {"/waymark.v1.Membership/Renew", "colna"},
    {"/waymark.v1.Rounds/Watch", "c...."},
    {"/waymark.v1.Rounds/Submit", "c...."},
    {"/waymark.v1.Rounds/Decline", "c...."},
    {"/waymark.v1.SecureSum/Join", "c...."},
    {"/waymark.v1.SecureSum/Step", "c...."},
    {"/waymark.v1.SecureSum/PutBlock", "c...."},
    {"/waymark.v1.SecureSum/Transcript", "co..."},
    {"/waymark.v1.SecureSum/Block", "co..."},
    {"/waymark.v1.Admin/OpenRound", ".o..."},
    {"/waymark.v1.Admin/ListRounds", ".ol.a"},
    {"/waymark.v1.Admin/CloseRound", ".o..."},
    {"/waymark.v1.Admin/WithdrawRound", ".o..."},
    {"/waymark.v1.Schedules/AddSchedule", ".o..."},
    {"/waymark.v1.Schedules/RemoveSchedule", ".o..."},
    {"/waymark.v1.Schedules/ListSchedules", ".ol.."},
    {"/waymark.v1.Benchmarks/Query", "coln."},
    {"/waymark.v1.Benchmarks/Trend", "coln."},
    {"/waymark.v1.Benchmarks/ListPublished", "coln."},
    {"/waymark.v1.Benchmarks/Journeys", "coln."},
    {"/waymark.v1.Benchmarks/Export", "coln."},
    {"/waymark.v1.PublishedStatistics/Scorecard", "colna"},
    {"/waymark.v1.PublishedStatistics/Represented", "coln."},
    {"/waymark.v1.Log/Head", "colna"},
    {"/waymark.v1.Log/Consistency", "colna"},
    {"/waymark.v1.Log/Inclusion", "colna"},
    {"/waymark.v1.Log/Entries", "co.na"},
    {"/waymark.v1.Log/Witness", "c...."},
    {"/waymark.v1.Log/Catalogue", "co.na"},
    {"/waymark.v1.Log/PublishedFigures", "co.n."},
};
// With a certificate alone.
const std::set<std::string> kNeverByToken = {"/waymark.v1.Membership/Renew"};
constexpr char kForAll[] = "/waymark.v1.Log/Head";
constexpr Role kAllRoles[] = {Role::kCouncil, Role::kOperator, Role::kRegionalLead, Role::kNationalAnalyst,
                              Role::kAuditor};

// Of every .proto file of the contract.
std::vector<std::string> AllMethods() {
  std::vector<std::string> methods;
  for (const auto& entry : std::filesystem::directory_iterator("proto/waymark/v1")) {
    if (entry.path().extension() != ".proto") continue;
    const std::string name = "waymark/v1/" + entry.path().filename().string();
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    const bool serves = absl::StrContains(ReadFile(entry.path().string(), 1 << 20).value(), "\nservice ");
    EXPECT_TRUE(file != nullptr || !serves) << name << " has a service that no server has";
    for (int i = 0; file != nullptr && i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        methods.push_back(
            absl::StrCat("/", file->service(i)->full_name(), "/", file->service(i)->method(j)->name()));
      }
    }
  }
  return methods;
}

class RolesTest : public testing::RolesFixture {
 protected:
  // Every call but enrolment gets the code; that is not on these ports, for whoever can connect.
  void ExpectAll(const ChannelPtr& channel, Expect code, const std::vector<std::string>& authorization = {}) {
    for (const std::string& method : methods) {
      scene.clock().Advance(absl::Minutes(1));  // so that failures are not too many
      const bool is_elsewhere = kExpected.at(method) == "*" && code != Expect::kUnavailable;
      EXPECT_EQ(Call(channel, method, authorization).code(), is_elsewhere ? Expect::kUnimplemented : code)
          << method;
    }
  }

  // Every call gets what the table says of the role: refused, or looked at.
  void ExpectTable(const ChannelPtr& channel, Role role, const std::vector<std::string>& authorization = {}) {
    for (const std::string& method : methods) {
      const absl::Status status = Call(channel, method, authorization);
      const std::string& callers = kExpected.at(method);
      if (callers == "*") {
        EXPECT_EQ(status.code(), Expect::kUnimplemented) << method;
      } else if (callers.at(static_cast<std::size_t>(role)) == '.' ||
                 (!authorization.empty() && kNeverByToken.contains(method))) {
        EXPECT_EQ(status.code(), Expect::kPermissionDenied) << method;
      } else {
        for (const Expect refused :
             {Expect::kPermissionDenied, Expect::kUnauthenticated, Expect::kUnavailable,
              Expect::kUnimplemented, Expect::kResourceExhausted}) {
          EXPECT_NE(status.code(), refused) << method << ": " << status;
        }
      }
    }
  }

  std::vector<std::string> methods = AllMethods();
};

TEST_F(RolesTest, EveryCallHasALine_AndEveryLineACall) {
  for (const std::string& method : methods) EXPECT_TRUE(kExpected.contains(method)) << method;
  EXPECT_EQ(methods.size(), kExpected.size());
}

TEST_F(RolesTest, AGoodCertificate_MayWhatTheTableSays) {
  for (const Role role : kAllRoles) {
    SCOPED_TRACE(FactsOf(role).word);
    ExpectTable(ChannelOf(role), role);
  }
}

TEST_F(RolesTest, ACertificateThatTlsDoesNotTake_ConnectsNowhere) {
  const crypto::CertificateWithKey stranger = MakeAuthority();
  const std::string& trusted = issuer.certificate_pem;
  for (const Role role : kAllRoles) {
    SCOPED_TRACE(FactsOf(role).word);
    rpc::Identity none = IdentityOf(UriFor(role));
    none.certificate_pem.clear();
    none.private_key_pem.clear();
    const std::vector<rpc::Identity> refused = {
        none, MakeIdentity(stranger, trusted, UriFor(role), ValidFrom(now, kMemberValidity)),
        MakeIdentity(issuer, trusted, UriFor(role),
                     {.not_before = now - absl::Hours(2), .not_after = now - absl::Hours(1)}),
        MakeIdentity(issuer, trusted, UriFor(role),
                     {.not_before = now + absl::Hours(1), .not_after = now + absl::Hours(2)})};
    for (const rpc::Identity& identity : refused) ExpectAll(Channel(identity), Expect::kUnavailable);
  }
}

TEST_F(RolesTest, ACertificateOfAnotherFederation_OrInNoBook_MayNothing) {
  for (const Role role : kAllRoles) {
    SCOPED_TRACE(FactsOf(role).word);
    IdentityOf(UriFor(role));  // the good one is another
    const std::string name = role == Role::kCouncil ? kCouncils[0] : "somebody";
    for (const std::string& uri :
         {UriFor(role), UriOf("south", role, name), absl::StrCat("waymark://north/admin/", name),
          absl::StrCat("https://north/", FactsOf(role).word, "/", name)}) {
      SCOPED_TRACE(uri);
      ExpectAll(Channel(MakeIdentity(issuer, issuer.certificate_pem, uri, ValidFrom(now, kMemberValidity))),
                Expect::kPermissionDenied);
    }
  }
  // A council that is no member.
  ExpectAll(Channel(IdentityOf(CouncilUri("north", kCouncils[1]))), Expect::kPermissionDenied);
}

TEST_F(RolesTest, ACertificateThatTheBookHasForAnother_MayNothing) {
  const auto enter = [&](const std::string& uri, Role role, const std::string& name, bool by_token) {
    rpc::Identity identity =
        MakeIdentity(issuer, issuer.certificate_pem, uri, ValidFrom(now, kMemberValidity));
    StoredAccess entry =
        EntryOf({.role = role, .name = name}, CertificateHash(identity.certificate_pem).value());
    entry.by_token = by_token;
    EXPECT_OK(scene.store().AddAccess(entry));
    return Channel(identity);
  };
  const std::string uri = UriFor(Role::kOperator);
  ExpectAll(enter(uri, Role::kAuditor, "a-operator", false), Expect::kPermissionDenied);
  ExpectAll(enter(uri, Role::kOperator, "b-operator", false), Expect::kPermissionDenied);
  ExpectAll(enter(UriOf("north", Role::kOperator, "c"), Role::kOperator, "c", true),
            Expect::kPermissionDenied);
}

TEST_F(RolesTest, ARevokedCertificate_MayNothingFromTheNextCallOn_OverAnOpenConnection) {
  for (const Role role : kAllRoles) {
    SCOPED_TRACE(FactsOf(role).word);
    const ChannelPtr channel = ChannelOf(role);
    ASSERT_OK(Call(channel, kForAll));
    ASSERT_OK(role == Role::kCouncil ? scene.store().RevokeMember(kCouncils[0], 1)
                                     : scene.store().RevokeAccess(absl::StrCat("a-", FactsOf(role).word), 1));
    ExpectAll(channel, Expect::kPermissionDenied);
  }
}

// Old and new are good, until the new one is used once; both are revoked together.
TEST_F(RolesTest, ACertificateThatWasRenewed_MayWhatTheTableSays_UntilTheNewOneIsUsed) {
  for (const Role role : kAllRoles) {
    SCOPED_TRACE(FactsOf(role).word);
    scene.clock().Advance(now - scene.clock().Now());  // what is issued now is good by TLS's clock too
    const ChannelPtr old = ChannelOf(role);
    ASSERT_OK_AND_ASSIGN(const rpc::Identity renewed, Renewed(old));
    ASSERT_OK_AND_ASSIGN(const rpc::Identity unused, Renewed(old));
    EXPECT_EQ(Call(Channel(renewed), kForAll).code(), Expect::kPermissionDenied) << "another took its place";
    ExpectTable(old, role);
    const ChannelPtr channel = Channel(unused);
    ExpectTable(channel, role);
    ExpectAll(old, Expect::kPermissionDenied);
    ASSERT_OK_AND_ASSIGN(const rpc::Identity third, Renewed(channel));
    ASSERT_OK(role == Role::kCouncil ? scene.store().RevokeMember(kCouncils[0], 1)
                                     : scene.store().RevokeAccess(absl::StrCat("a-", FactsOf(role).word), 1));
    ExpectAll(channel, Expect::kPermissionDenied);
    ExpectAll(Channel(third), Expect::kPermissionDenied);
  }
}

TEST_F(RolesTest, ACertificateThatRunsOut_MayNothingFromTheNextCallOn_OverAnOpenConnection) {
  for (const Role role : kAllRoles) {
    if (role == Role::kCouncil) continue;  // TLS alone knows its end
    SCOPED_TRACE(FactsOf(role).word);
    const ChannelPtr channel = ChannelOf(role);
    ASSERT_OK(Call(channel, kForAll));
    scene.clock().Advance(kMemberValidity);
    ExpectAll(channel, Expect::kPermissionDenied);
  }
}

TEST_F(RolesTest, AGoodToken_MayWhatTheTableSays_WhereItsRoleTakesOne) {
  const ChannelPtr port = TokenPort();
  for (const Role role : kAllRoles) {
    SCOPED_TRACE(FactsOf(role).word);
    const std::string token = TokenOf(role);
    if (FactsOf(role).by_token) {
      ExpectTable(port, role, {token});
    } else {
      ExpectAll(port, Expect::kUnauthenticated, {token});
    }
  }
}

TEST_F(RolesTest, NoToken_OrOneThatIsNotGood_MayNothing_AndIsNotToldWhy) {
  const ChannelPtr port = TokenPort();
  ExpectAll(port, Expect::kUnauthenticated);
  std::set<std::string> words;
  for (const Role role : kAllRoles) {
    if (!FactsOf(role).by_token) continue;
    SCOPED_TRACE(FactsOf(role).word);
    const std::string good = TokenOf(role);
    const std::string name = absl::StrCat("token-", tokens);
    const std::string secret = good.substr(7);
    const std::vector<std::string> bad = {
        "Bearer ", "Bearer waymark_unknown", good + "x", good.substr(0, good.size() - 1),
        TokenOf(role, [](StoredAccess& entry) { entry.revoked_unix_s = 1; }),
        TokenOf(
            role,
            [&](StoredAccess& entry) { entry.expires_unix_s = absl::ToUnixSeconds(scene.clock().Now()); }),
        // Its hash is entered as that of a certificate.
        TokenOf(role, [](StoredAccess& entry) { entry.by_token = false; })};
    for (const std::string& token : bad) {
      ExpectAll(port, Expect::kUnauthenticated, {token});
      words.emplace(Call(port, kForAll, {token}).message());
    }
    for (const std::vector<std::string>& odd : {std::vector<std::string>{secret},
                                                {"Basic " + secret},
                                                {"Bearer" + secret},
                                                {good, good},
                                                {good, bad.back()}}) {
      ExpectAll(port, Expect::kUnauthenticated, odd);
    }
    ASSERT_OK(Call(port, kForAll, {good}));
    ASSERT_OK(scene.store().RevokeAccess(name, 1));
    ExpectAll(port, Expect::kUnauthenticated, {good});
  }
  EXPECT_EQ(words.size(), 1u);
}

TEST_F(RolesTest, AToken_IsTakenOnItsPortAlone_AndNotBesideACertificate) {
  const std::string token = TokenOf(Role::kNationalAnalyst);
  rpc::Identity identity = IdentityOf(UriFor(Role::kOperator));
  ExpectAll(Channel(identity), Expect::kUnauthenticated, {token});
  identity.certificate_pem.clear();
  identity.private_key_pem.clear();
  ExpectAll(Channel(identity), Expect::kUnavailable, {token});
  const auto enrolling = rpc::MakeEnrolmentChannel(server->local_enrolment_address(), issuer.certificate_pem);
  for (const std::string& method : methods) {
    const Expect expected = kExpected.at(method) == "*" ? Expect::kInvalidArgument : Expect::kUnimplemented;
    EXPECT_EQ(Call(enrolling, method, {token}).code(), expected) << method;
    EXPECT_EQ(Call(enrolling, method).code(), expected) << method;
  }
}

TEST_F(RolesTest, AToken_IsNeverTakenWithoutTls) {
  const std::string token = TokenOf(Role::kNationalAnalyst);
  const std::vector<std::unique_ptr<grpc::Service>> services = MakeServices(Parts());
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  for (const auto& service : services) builder.RegisterService(service.get());
  const std::unique_ptr<grpc::Server> plain = builder.BuildAndStart();
  ASSERT_NE(plain, nullptr);
  const ChannelPtr channel =
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials());
  ExpectAll(channel, Expect::kUnauthenticated, {token});
  ExpectAll(channel, Expect::kUnauthenticated);
  EXPECT_OK(Call(TokenPort(), kForAll, {token})) << "the same one, over TLS";
}

TEST_F(RolesTest, NoTokenPort_WhereNoneIsAskedFor) {
  EXPECT_NE(server->local_token_address(), "");
  const auto second = CoordinatorServer::Start({.members = "127.0.0.1:0", .enrolment = "127.0.0.1:0"},
                                               IdentityOf(OperatorUri("north")), Parts());
  ASSERT_OK(second);
  EXPECT_EQ((*second)->local_token_address(), "");
}

TEST_F(RolesTest, TooManyBadTokens_AreTurnedAwayForThatMinute_AndNoGoodOne) {
  const ChannelPtr port = TokenPort();
  const std::string good = TokenOf(Role::kAuditor);
  const auto head = [&](const std::string& token) { return Call(port, kForAll, {token}).code(); };
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(head(good), Expect::kOk) << "a good one does not count";
    EXPECT_EQ(head(absl::StrCat("Bearer waymark_", i)), Expect::kUnauthenticated);
  }
  EXPECT_EQ(head("Bearer waymark_again"), Expect::kResourceExhausted);
  EXPECT_EQ(head(good), Expect::kOk) << "another's, at the same address";
  scene.clock().Advance(absl::Minutes(1));
  EXPECT_EQ(head("Bearer waymark_again"), Expect::kUnauthenticated);
}

TEST_F(RolesTest, OfATokensUse_TheDayAloneIsKept) {
  const std::string token = TokenOf(Role::kAuditor);
  ASSERT_OK(Call(TokenPort(), kForAll, {token}));
  const std::int64_t used_unix_s = scene.store().Accesses()->at(0).used_unix_s;
  const std::int64_t now_unix_s = absl::ToUnixSeconds(scene.clock().Now());
  EXPECT_EQ(used_unix_s, now_unix_s - now_unix_s % 86'400);
  EXPECT_NE(now_unix_s % 86'400, 0);
}

}  // namespace
}  // namespace waymark::coordinator
