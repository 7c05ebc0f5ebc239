// The listeners with real certificates, and a whole round by a node made by hand. Who may call what:
// roles_test.cc.
#include "coordinator/serve/server.h"

#include <grpcpp/grpcpp.h>

#include <map>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "coordinator/federation/join_token.h"
#include "crypto/certificate.h"
#include "proto/rpc/channel.h"
#include "proto/rpc/protocol.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/serve/server_fixture.h"
#include "waymark/v1/benchmark.grpc.pb.h"
#include "waymark/v1/federation.grpc.pb.h"
#include "waymark/v1/round.grpc.pb.h"
#include "waymark/v1/transparency.grpc.pb.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::kCouncils;
using testing::MakeIdentity;
using testing::ServerTest;
using waymark::testing::StatusIs;

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

// A council calls without pause while the server's certificate is exchanged for one of another authority, so
// that who trusts that one alone can tell which is shown.
TEST_F(ServerTest, ServesWithANewCertificate_AndNoCallIsLost) {
  const crypto::CertificateWithKey other = testing::MakeAuthority();
  const auto watch = [](const std::shared_ptr<grpc::Channel>& channel, bool waits) {
    grpc::ClientContext context;
    rpc::SetDeadline(context, absl::Seconds(20));
    context.set_wait_for_ready(waits);
    v1::WatchResponse response;
    return rpc::FromGrpc(v1::Rounds::NewStub(channel)->Watch(&context, {}, &response)).code();
  };
  rpc::Identity trusting_both = IdentityOf(CouncilUri("north", kCouncils[0]));
  rpc::Identity trusting_other = trusting_both;
  trusting_both.authority_pem += other.certificate_pem;
  trusting_other.authority_pem = other.certificate_pem;
  EXPECT_EQ(watch(Channel(trusting_other), false), absl::StatusCode::kUnavailable);

  absl::Mutex mutex;
  std::map<absl::StatusCode, int> codes;
  bool stop = false;
  std::thread calling([&, channel = Channel(trusting_both)] {
    while (true) {
      absl::StatusCode code = watch(channel, true);
      // As nodes do (node/link/retry.h): the server that ends turns a call away that comes at that moment.
      for (int tries = 1;
           tries < 5 && (code == absl::StatusCode::kUnavailable || code == absl::StatusCode::kCancelled);
           ++tries) {
        code = watch(channel, true);
      }
      absl::MutexLock lock(&mutex);
      ++codes[code];
      if (stop) return;
    }
  });
  const auto await_more = [&] {
    absl::MutexLock lock(&mutex);
    const int before = codes[absl::StatusCode::kOk];
    const auto are = [&] { return codes[absl::StatusCode::kOk] >= before + 20 || codes.size() > 1; };
    return mutex.AwaitWithTimeout(absl::Condition(&are), absl::Minutes(1));
  };
  EXPECT_TRUE(await_more());
  ASSERT_OK(server->CheckTls());
  const crypto::CertificateWithKey renewed =
      crypto::IssueServerCertificate(other, {"localhost", "127.0.0.1"}, ValidFrom(now, kServerValidity))
          .value();
  const std::string address = server->local_address();
  ASSERT_OK(server->Renew({.authority_pem = issuer.certificate_pem,
                           .certificate_pem = renewed.certificate_pem,
                           .private_key_pem = std::string(renewed.private_key_pem.RevealSecretText())},
                          SystemClock()));
  EXPECT_TRUE(await_more());
  {
    absl::MutexLock lock(&mutex);
    stop = true;
  }
  calling.join();
  EXPECT_EQ(codes.size(), 1u) << "each call was answered; also: " << static_cast<int>(codes.rbegin()->first);
  EXPECT_EQ(server->local_address(), address);
  EXPECT_EQ(watch(Channel(trusting_other), true), absl::StatusCode::kOk) << "the new certificate is shown";
  EXPECT_OK(server->CheckTls()) << "TLS 1.2 is refused by the new listeners too";
  // Who shows no certificate, or another authority's, is still not admitted.
  EXPECT_NE(watch(rpc::MakeEnrolmentChannel(address, other.certificate_pem), false), absl::StatusCode::kOk);
  EXPECT_NE(watch(Channel(MakeIdentity(other, other.certificate_pem, CouncilUri("north", kCouncils[0]),
                                       ValidFrom(now, kMemberValidity))),
                  false),
            absl::StatusCode::kOk);
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
  EXPECT_EQ(page.councils_size(), 0);
  figures.set_after(page.last());
  page.Clear();
  EXPECT_EQ(figures_code(), absl::StatusCode::kOk);
  EXPECT_EQ(page.last(), 0u);
  EXPECT_EQ(page.figures_size(), 0);
  EXPECT_EQ(static_cast<std::size_t>(page.councils_size()),
            scene.store().FigureSources("autumn").value().size());
  EXPECT_GT(page.councils_size(), 0);
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

// A caller of the version before states nothing; one of the next states a range that reaches beyond ours.
TEST_F(ServerTest, SpeaksWithTheVersionBeforeAndTheNext_AndRefusesOneThatSharesNone) {
  const auto stub = v1::Rounds::NewStub(Channel(IdentityOf(CouncilUri("north", kCouncils[0]))));
  const auto watch = [&](const std::vector<std::string>& stated) {
    grpc::ClientContext context;
    rpc::SetDeadline(context, absl::Seconds(20));
    for (const std::string& one : stated) context.AddMetadata(rpc::kProtocolKey, one);
    v1::WatchResponse response;
    return rpc::FromGrpc(stub->Watch(&context, {}, &response));
  };
  EXPECT_OK(watch({}));
  EXPECT_OK(watch({"1-1"}));
  EXPECT_OK(watch({rpc::ProtocolsSpoken()}));
  EXPECT_OK(watch({"2-3"}));
  EXPECT_THAT(watch({"3-4"}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("upgrade the coordinator")));
  for (const char* wrong : {"2", "3-2", "0-1", "", "1-x"}) {
    EXPECT_THAT(watch({wrong}), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("oldest and newest")))
        << wrong;
  }
  EXPECT_THAT(watch({"1-2", "1-2"}), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("once")));
}

// What a newer program asks or signs is not half understood.
TEST_F(ServerTest, RefusesFieldsThatItDoesNotKnow) {
  const auto admin = v1::Admin::NewStub(Channel(IdentityOf("waymark://north/operator/anna")));
  v1::OpenRoundRequest request;
  contract::RoundSpecToProto(scene.Spec("autumn", {scene.Item("19", v1::MODE_THRESHOLDED)}),
                             *request.mutable_spec());
  const auto open = [&] {
    grpc::ClientContext context;
    rpc::SetDeadline(context, absl::Seconds(20));
    v1::OpenRoundResponse response;
    return rpc::FromGrpc(admin->OpenRound(&context, request, &response));
  };
  auto* item = request.mutable_spec()->mutable_items(0);
  item->GetReflection()->MutableUnknownFields(item)->AddVarint(4711, 1);
  EXPECT_THAT(open(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("made by a newer Waymark")));
  EXPECT_TRUE(scene.store().Rounds(std::nullopt).value().empty());
  item->GetReflection()->MutableUnknownFields(item)->Clear();
  EXPECT_OK(open());
}

TEST_F(ServerTest, RefusesTls12_OnBothPorts) {
  EXPECT_OK(server->CheckTls());
}

TEST_F(ServerTest, SaysThatAnAddressIsTaken) {
  const auto second =
      CoordinatorServer::Start({.members = server->local_address(), .enrolment = "127.0.0.1:0"},
                               IdentityOf("waymark://north/operator/operator"), Parts());
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
  // The whole as a stream: those two, and the councils' own.
  grpc::ClientContext context;
  rpc::SetDeadline(context, absl::Seconds(20));
  const auto reader = benchmarks->Export(&context, v1::ExportRequest());
  v1::ExportPart part;
  int figures = 0;
  while (reader->Read(&part)) figures += part.figures_size();
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(figures, 2 + 4);
}

}  // namespace
}  // namespace waymark::coordinator
