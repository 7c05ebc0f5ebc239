// The two listeners with real certificates: each call by each kind of caller, and a whole round by a node
// made by hand.
#include "coordinator/serve/server.h"

#include <grpcpp/grpcpp.h>

#include <functional>

#include "base/london_time.h"
#include "coordinator/federation/join_token.h"
#include "crypto/certificate.h"
#include "proto/rpc/channel.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"
#include "waymark/v1/benchmark.grpc.pb.h"
#include "waymark/v1/federation.grpc.pb.h"
#include "waymark/v1/round.grpc.pb.h"
#include "waymark/v1/transparency.grpc.pb.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::kCouncils;
using testing::Scene;
using waymark::testing::IsOk;
using waymark::testing::StatusIs;

crypto::CertificateWithKey MakeAuthority() {
  const SystemClock clock;
  return crypto::CreateAuthority("Test", ValidFrom(clock.Now(), kAuthorityValidity)).value();
}

rpc::Identity MakeIdentity(const crypto::CertificateWithKey& issuer, const std::string& trusted_pem,
                           const std::string& uri, crypto::Validity validity) {
  const crypto::RequestWithKey request = crypto::CreateRequest().value();
  return {
      .authority_pem = trusted_pem,
      .certificate_pem = crypto::IssueClientCertificate(issuer, request.request_pem, uri, validity).value(),
      .private_key_pem = std::string(request.private_key_pem.RevealSecretText())};
}

crypto::CertificateWithKey Copy(const crypto::CertificateWithKey& original) {
  return {.certificate_pem = original.certificate_pem, .private_key_pem = original.private_key_pem.Clone()};
}

class ServerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_OK(rpc::RequireTls13()); }

  ServerTest()
      : issuer(MakeAuthority()),
        authority("north", Copy(issuer)),
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
                 {.members = "127.0.0.1:0", .enrolment = "127.0.0.1:0"},
                 {.authority_pem = issuer.certificate_pem,
                  .certificate_pem = server_certificate.certificate_pem,
                  .private_key_pem = std::string(server_certificate.private_key_pem.RevealSecretText())},
                 {.store = scene.store(),
                  .library = scene.library(),
                  .authority = authority,
                  .key = scene.key(),
                  .enrolment = enrolment,
                  .rounds = scene.rounds(),
                  .leading_rounds = scene.rounds(),
                  .secure = secure,
                  .schedules = schedules,
                  .query = query,
                  .log = log,
                  .leadership = *leadership,
                  .after_submission = [this] { ++submissions; }})
                 .value();
    server->SetServing(true);
    scene.Join(kCouncils[0]);
  }

  // Of a member it is the certificate that it was given last.
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
    return identity;
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
  absl::Time now;
  Enrolment enrolment;
  crypto::SystemRandom random;
  SecureRounds secure;
  Schedules schedules;
  BenchmarkQuery query;
  TransparencyLog log;
  std::unique_ptr<Leadership> leadership;
  int submissions = 0;
  std::unique_ptr<CoordinatorServer> server;
};

using Calls = std::map<std::string, std::function<absl::StatusCode(const std::shared_ptr<grpc::Channel>&)>>;

TEST_F(ServerTest, EveryCallByEveryKindOfCaller_IsAnsweredAsTheTableSays) {
  const Calls calls = {
      {"Roster",
       [](const auto& channel) {
         v1::RosterResponse response;
         const auto stub = v1::Membership::NewStub(channel);
         return Code([&](auto* context) { return stub->Roster(context, {}, &response); });
       }},
      {"Watch",
       [](const auto& channel) {
         v1::WatchResponse response;
         const auto stub = v1::Rounds::NewStub(channel);
         return Code([&](auto* context) { return stub->Watch(context, {}, &response); });
       }},
      {"Submit",
       [](const auto& channel) {
         v1::SubmitResponse response;
         const auto stub = v1::Rounds::NewStub(channel);
         return Code([&](auto* context) { return stub->Submit(context, {}, &response); });
       }},
      {"OpenRound",
       [](const auto& channel) {
         v1::OpenRoundResponse response;
         const auto stub = v1::Admin::NewStub(channel);
         return Code([&](auto* context) { return stub->OpenRound(context, {}, &response); });
       }},
      {"ListRounds",
       [](const auto& channel) {
         v1::ListRoundsResponse response;
         const auto stub = v1::Admin::NewStub(channel);
         return Code([&](auto* context) { return stub->ListRounds(context, {}, &response); });
       }},
      {"CloseRound",
       [](const auto& channel) {
         v1::CloseRoundResponse response;
         const auto stub = v1::Admin::NewStub(channel);
         return Code([&](auto* context) { return stub->CloseRound(context, {}, &response); });
       }},
      {"Query",
       [](const auto& channel) {
         v1::QueryResponse response;
         const auto stub = v1::Benchmarks::NewStub(channel);
         return Code([&](auto* context) { return stub->Query(context, {}, &response); });
       }},
      {"ListPublished",
       [](const auto& channel) {
         v1::ListPublishedResponse response;
         const auto stub = v1::Benchmarks::NewStub(channel);
         return Code([&](auto* context) { return stub->ListPublished(context, {}, &response); });
       }},
      {"Enrol",
       [](const auto& channel) {
         v1::EnrolResponse response;
         const auto stub = v1::Federation::NewStub(channel);
         return Code([&](auto* context) { return stub->Enrol(context, {}, &response); });
       }},
  };
  const auto kOk = absl::StatusCode::kOk;
  const auto kBad = absl::StatusCode::kInvalidArgument;  // let in; the empty message is refused
  const auto kNo = absl::StatusCode::kPermissionDenied;
  const auto kNone = absl::StatusCode::kNotFound;
  const auto kUnknown = absl::StatusCode::kUnimplemented;  // not on this port
  const std::map<std::string, std::map<std::string, absl::StatusCode>> expected = {
      {"waymark://north/council/" + kCouncils[0],
       {{"Roster", kOk},
        {"Watch", kOk},
        {"Submit", kBad},
        {"OpenRound", kNo},
        {"ListRounds", kNo},
        {"CloseRound", kNo},
        {"Query", kBad},
        {"ListPublished", kOk},
        {"Enrol", kUnknown}}},
      {"waymark://north/operator/operator",
       {{"Roster", kOk},
        {"Watch", kNo},
        {"Submit", kNo},
        {"OpenRound", kBad},
        {"ListRounds", kOk},
        {"CloseRound", kNone},
        {"Query", kBad},
        {"ListPublished", kOk},
        {"Enrol", kUnknown}}}};
  for (const auto& [uri, codes] : expected) {
    const auto channel = Channel(IdentityOf(uri));
    for (const auto& [name, call] : calls) EXPECT_EQ(call(channel), codes.at(name)) << name << " by " << uri;
  }
  // A council that is no member, another federation, another role, no URI of ours: everything is denied.
  const std::vector<std::string> strangers = {
      "waymark://north/council/" + kCouncils[1], "waymark://south/council/" + kCouncils[0],
      "waymark://south/operator/operator", "waymark://north/admin/operator",
      "https://north/operator/operator"};
  for (const std::string& uri : strangers) {
    const auto channel = Channel(IdentityOf(uri));
    for (const auto& [name, call] : calls) {
      EXPECT_EQ(call(channel), name == "Enrol" ? kUnknown : kNo) << name << " by " << uri;
    }
  }
  // No certificate, another authority's, one that has run out: no connection.
  const crypto::CertificateWithKey stranger = MakeAuthority();
  const std::string uri = "waymark://north/operator/operator";
  rpc::Identity nobody = IdentityOf(uri);
  nobody.certificate_pem.clear();
  nobody.private_key_pem.clear();
  const std::vector<rpc::Identity> unconnected = {
      nobody, MakeIdentity(stranger, issuer.certificate_pem, uri, ValidFrom(now, kMemberValidity)),
      MakeIdentity(issuer, issuer.certificate_pem, uri,
                   {.not_before = now - absl::Hours(2), .not_after = now - absl::Hours(1)})};
  for (const rpc::Identity& identity : unconnected) {
    const auto channel = Channel(identity);
    for (const auto& [name, call] : calls) {
      EXPECT_EQ(call(channel), absl::StatusCode::kUnavailable) << name;
    }
  }
  // On the enrolment port, without a certificate: enrolment alone.
  const auto enrolling = rpc::MakeEnrolmentChannel(server->local_enrolment_address(), issuer.certificate_pem);
  for (const auto& [name, call] : calls) {
    EXPECT_EQ(call(enrolling), name == "Enrol" ? kBad : kUnknown) << name << " on the enrolment port";
  }
}

TEST_F(ServerTest, TakesOneCertificateOfACouncil_TheNewestFromItsFirstUseOn) {
  const auto watch = [](const std::shared_ptr<grpc::Channel>& channel) {
    const auto stub = v1::Rounds::NewStub(channel);
    return Code([&](auto* context) {
      v1::WatchResponse response;
      return stub->Watch(context, {}, &response);
    });
  };
  const std::string uri = CouncilUri("north", kCouncils[0]);
  // Issued by the same authority for the same council, and kept nowhere: one that an earlier enrolment gave.
  const auto unknown =
      Channel(MakeIdentity(issuer, issuer.certificate_pem, uri, ValidFrom(now, kMemberValidity)));
  EXPECT_EQ(watch(unknown), absl::StatusCode::kPermissionDenied);
  const auto first = Channel(IdentityOf(uri));
  EXPECT_EQ(watch(first), absl::StatusCode::kOk);
  const auto second = Channel(IdentityOf(uri));
  EXPECT_EQ(watch(first), absl::StatusCode::kOk) << "the new one may never have arrived";
  EXPECT_EQ(watch(second), absl::StatusCode::kOk);
  EXPECT_EQ(watch(first), absl::StatusCode::kPermissionDenied) << "on a connection that was open";
  EXPECT_EQ(watch(second), absl::StatusCode::kOk);
  ASSERT_OK(scene.store().RevokeMember(kCouncils[0], absl::ToUnixSeconds(now)));
  EXPECT_EQ(watch(second), absl::StatusCode::kPermissionDenied);
}

TEST_F(ServerTest, RenewsOnceARequest) {
  const auto stub = v1::Membership::NewStub(Channel(IdentityOf(CouncilUri("north", kCouncils[0]))));
  const crypto::RequestWithKey request = crypto::CreateRequest().value();
  v1::RenewRequest message;
  v1::RenewResponse response;
  const auto renew = [&] {
    return Code([&](auto* context) { return stub->Renew(context, message, &response); });
  };
  message.set_certificate_request_pem("no request");
  EXPECT_EQ(renew(), absl::StatusCode::kInvalidArgument);
  message.set_certificate_request_pem(std::string(9000, 'x'));
  EXPECT_EQ(renew(), absl::StatusCode::kInvalidArgument);
  message.set_certificate_request_pem(request.request_pem);
  EXPECT_EQ(renew(), absl::StatusCode::kOk);
  const std::string given = response.certificate_pem();
  EXPECT_OK(crypto::CheckKeyBelongs(given, request.private_key_pem));
  EXPECT_EQ(crypto::InspectCertificate(given)->uris,
            std::vector<std::string>{CouncilUri("north", kCouncils[0])});
  EXPECT_EQ(renew(), absl::StatusCode::kOk);
  EXPECT_EQ(response.certificate_pem(), given);
}

TEST_F(ServerTest, GivesTheRostersThatFollow_OrTheNewestAlone) {
  const auto stub = v1::Membership::NewStub(Channel(IdentityOf("waymark://north/operator/operator")));
  const auto epochs = [&](const std::string& after_hash) {
    v1::RosterRequest request;
    request.set_after_hash(after_hash);
    v1::RosterResponse response;
    EXPECT_EQ(Code([&](auto* context) { return stub->Roster(context, request, &response); }),
              absl::StatusCode::kOk);
    EXPECT_EQ(response.members_size(), after_hash.empty() ? 1 : 0);
    std::vector<std::uint64_t> made;
    for (const v1::SignedRoster& roster : response.rosters()) made.push_back(roster.roster().epoch());
    return made;
  };
  using ::testing::ElementsAre;
  using ::testing::IsEmpty;
  EXPECT_THAT(epochs(""), IsEmpty());
  EXPECT_THAT(epochs(std::string(32, '\0')), IsEmpty());
  for (std::uint64_t epoch = 1; epoch <= 103; ++epoch) {
    v1::SignedRoster roster;
    roster.mutable_roster()->set_epoch(epoch);
    ASSERT_OK(scene.store().AddRoster({.epoch = epoch,
                                       .hash = std::string(32, static_cast<char>(epoch)),
                                       .bytes = roster.SerializeAsString()}));
  }
  EXPECT_THAT(epochs(""), ElementsAre(103));
  EXPECT_EQ(epochs(std::string(32, '\0')).size(), 100u);
  EXPECT_THAT(epochs(std::string(32, char{100})), ElementsAre(101, 102, 103));
  EXPECT_THAT(epochs(std::string(32, char{103})), IsEmpty());
  // A caller who holds what this coordinator does not know sees what it has.
  EXPECT_THAT(epochs(std::string(32, 'x' + 5)), ElementsAre(103));
  v1::RosterRequest short_hash;
  short_hash.set_after_hash("x");
  v1::RosterResponse response;
  EXPECT_EQ(Code([&](auto* context) { return stub->Roster(context, short_hash, &response); }),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(ServerTest, ShowsTheLog_AndNothingOfARoundBeforeItIsPublished) {
  const contract::RoundSpec spec = scene.Spec("autumn", {scene.Item("19", v1::MODE_THRESHOLDED)});
  ASSERT_OK(scene.rounds().Open(spec));
  const auto stub = v1::Log::NewStub(Channel(IdentityOf(CouncilUri("north", kCouncils[0]))));
  v1::LogHeadResponse head;
  EXPECT_EQ(Code([&](auto* context) { return stub->Head(context, {}, &head); }), absl::StatusCode::kOk);
  const auto shown = contract::SignedLogHeadFromProto(head.head());
  ASSERT_OK(shown);
  EXPECT_OK(contract::VerifyHead(*shown, scene.key().public_key()));
  EXPECT_EQ(shown->head.size, 1u);
  v1::LogEntriesRequest asked;
  asked.set_most(10);
  v1::LogEntriesResponse entries;
  EXPECT_EQ(Code([&](auto* context) { return stub->Entries(context, asked, &entries); }),
            absl::StatusCode::kOk);
  ASSERT_EQ(entries.entries_size(), 1);
  EXPECT_EQ(contract::LogEntryFromProto(entries.entries(0)).value(), contract::EntryOf(spec));

  v1::PublishedFiguresRequest figures;
  v1::PublishedFiguresResponse page;
  const auto figures_code = [&] {
    return Code([&](auto* context) { return stub->PublishedFigures(context, figures, &page); });
  };
  figures.set_round_id("autumn");
  EXPECT_EQ(figures_code(), absl::StatusCode::kNotFound);
  figures.set_round_id("../autumn");
  EXPECT_EQ(figures_code(), absl::StatusCode::kInvalidArgument);
  ASSERT_OK(scene.rounds().Close("autumn"));
  figures.set_round_id("autumn");
  EXPECT_EQ(figures_code(), absl::StatusCode::kOk);
  EXPECT_GT(page.figures_size(), 0);
  EXPECT_EQ(page.items_size(), page.figures_size());
  EXPECT_EQ(page.coverage_size(), 1);
  figures.set_after(~std::uint64_t{0});
  EXPECT_EQ(figures_code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ServerTest, TakesNoHeadThatIsNotTheCallersOwnWord) {
  const auto stub = v1::Log::NewStub(Channel(IdentityOf(CouncilUri("north", kCouncils[0]))));
  TransparencyLog own(scene.store(), scene.key(), scene.clock());
  const contract::WitnessedHead seen =
      contract::WitnessHead(own.Head().value(), kCouncils[0], scene.key_of(kCouncils[0])).value();
  v1::LogWitnessRequest request;
  v1::LogWitnessResponse response;
  const auto code = [&] {
    return Code([&](auto* context) { return stub->Witness(context, request, &response); });
  };
  EXPECT_EQ(code(), absl::StatusCode::kInvalidArgument);  // nothing in it
  contract::WitnessedHeadToProto(seen, *request.mutable_head());
  EXPECT_EQ(code(), absl::StatusCode::kOk);
  request.mutable_head()->set_council(kCouncils[1]);
  EXPECT_EQ(code(), absl::StatusCode::kPermissionDenied);
  request.mutable_head()->set_council(kCouncils[0]);
  request.mutable_head()->set_signature(std::string(64, 's'));
  EXPECT_EQ(code(), absl::StatusCode::kUnauthenticated);
  request.mutable_head()->set_signature(std::string(1'000'000, 's'));
  EXPECT_EQ(code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(scene.store().Witnesses().value().size(), 1u);
}

TEST_F(ServerTest, RefusesACallWithoutADeadline) {
  const auto stub = v1::Membership::NewStub(Channel(IdentityOf("waymark://north/operator/operator")));
  grpc::ClientContext context;
  v1::RosterResponse response;
  const absl::Status status = rpc::FromGrpc(stub->Roster(&context, {}, &response));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("deadline")));
}

TEST_F(ServerTest, RefusesTls12_OnBothPorts) {
  EXPECT_OK(server->CheckTls());
}

TEST_F(ServerTest, SaysThatAnAddressIsTaken) {
  const auto second =
      CoordinatorServer::Start({.members = server->local_address(), .enrolment = "127.0.0.1:0"},
                               IdentityOf("waymark://north/operator/operator"),
                               {.store = scene.store(),
                                .library = scene.library(),
                                .authority = authority,
                                .key = scene.key(),
                                .enrolment = enrolment,
                                .rounds = scene.rounds(),
                                .leading_rounds = scene.rounds(),
                                .secure = secure,
                                .schedules = schedules,
                                .query = query,
                                .log = log,
                                .leadership = *leadership,
                                .after_submission = nullptr});
  EXPECT_THAT(second.status(), StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cannot listen")));
}

// A node made by hand: enrols, watches, submits; an operator opens and closes; anyone of them queries.
TEST_F(ServerTest, AWholeRoundGoesThrough) {
  std::vector<std::shared_ptr<grpc::Channel>> nodes;
  std::vector<crypto::SigningKey> keys;
  crypto::SystemRandom random;
  for (std::size_t i = 1; i < 4; ++i) {
    keys.push_back(crypto::SigningKey::Generate(random).value());
    const std::string token =
        IssueToken(scene.store(), kCouncils[i], scene.clock().Now() + absl::Hours(1), random).value();
    const crypto::RequestWithKey request = crypto::CreateRequest().value();
    v1::EnrolRequest message;
    message.set_council(kCouncils[i]);
    message.set_token(token);
    message.set_certificate_request_pem(request.request_pem);
    message.set_signing_key(keys.back().public_key());
    v1::EnrolResponse response;
    const auto stub = v1::Federation::NewStub(
        rpc::MakeEnrolmentChannel(server->local_enrolment_address(), issuer.certificate_pem));
    ASSERT_EQ(Code([&](auto* context) { return stub->Enrol(context, message, &response); }),
              absl::StatusCode::kOk);
    EXPECT_EQ(response.coordinator_key(), scene.key().public_key());
    // The scene's clock is behind the real one, so the certificate that came is out of date for TLS; its URI
    // is what counts.
    EXPECT_EQ(crypto::InspectCertificate(response.certificate_pem())->uris[0],
              CouncilUri("north", kCouncils[i]));
    nodes.push_back(Channel(IdentityOf(CouncilUri("north", kCouncils[i]))));
  }
  const auto admin = v1::Admin::NewStub(Channel(IdentityOf(OperatorUri("north"))));
  contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED);
  const contract::RoundSpec spec = scene.Spec("autumn", {item});
  v1::OpenRoundRequest open;
  contract::RoundSpecToProto(spec, *open.mutable_spec());
  v1::OpenRoundResponse opened;
  ASSERT_EQ(Code([&](auto* context) { return admin->OpenRound(context, open, &opened); }),
            absl::StatusCode::kOk);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto stub = v1::Rounds::NewStub(nodes[i]);
    v1::WatchResponse watched;
    ASSERT_EQ(Code([&](auto* context) { return stub->Watch(context, {}, &watched); }), absl::StatusCode::kOk);
    ASSERT_EQ(watched.rounds_size(), 1);
    ASSERT_OK_AND_ASSIGN(const contract::RoundSpec seen,
                         contract::RoundSpecFromProto(watched.rounds(0).spec()));
    EXPECT_EQ(seen, spec);
    contract::Release release;
    release.round_id = "autumn";
    release.spec_hash = opened.spec_hash();
    release.council = kCouncils[i + 1];
    release.tables = {scene.Table(item, 0, {20, 100})};
    release.ledger_sequence = 4;
    release.ledger_head = std::string(32, 'h');
    release.signature = keys[i].Sign(contract::CanonicalBytes(release)).value();
    v1::SubmitRequest submit;
    contract::ReleaseToProto(release, *submit.mutable_release());
    v1::SubmitResponse receipt;
    ASSERT_EQ(Code([&](auto* context) { return stub->Submit(context, submit, &receipt); }),
              absl::StatusCode::kOk);
    EXPECT_OK(crypto::VerifySignature(
        scene.key().public_key(),
        ReceiptBytes(release.council, 4, receipt.release_hash(), receipt.received_unix_s()),
        receipt.signature()));
  }
  EXPECT_EQ(submissions, 3);
  v1::CloseRoundRequest close;
  close.set_round_id("autumn");
  v1::CloseRoundResponse closed;
  ASSERT_EQ(Code([&](auto* context) { return admin->CloseRound(context, close, &closed); }),
            absl::StatusCode::kOk);
  EXPECT_EQ(closed.round().state(), v1::ROUND_STATE_PUBLISHED);
  const auto benchmarks = v1::Benchmarks::NewStub(nodes[0]);
  v1::QueryRequest asked;
  asked.set_metric("19");
  v1::QueryResponse answer;
  ASSERT_EQ(Code([&](auto* context) { return benchmarks->Query(context, asked, &answer); }),
            absl::StatusCode::kOk);
  ASSERT_EQ(answer.figures_size(), 2);
  EXPECT_EQ(answer.figures(1).value(), 20);
  EXPECT_EQ(answer.coverage_size(), 4);
}

}  // namespace
}  // namespace waymark::coordinator
