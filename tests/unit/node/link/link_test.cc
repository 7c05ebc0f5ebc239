#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/file.h"
#include "crypto/certificate.h"
#include "crypto/hash.h"
#include "node/link/coordinator_link.h"
#include "node/link/enrolment.h"
#include "node/link/renewal.h"
#include "node/link/retry.h"
#include "proto/rpc/tls.h"
#include "tests/testing/officers.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"
#include "tests/unit/node/link/fake_coordinator.h"
#include "waymark/v1/round.grpc.pb.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::NextRoster;
using ::testing::Not;
using testing::Officers;
using ::testing::SizeIs;
using testing::StatusIs;

absl::Status AnyRoster(const contract::RosterEpoch&) {
  return absl::OkStatus();
}

constexpr char kToken[] = "a-token-that-nobody-else-has";

class LinkTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_OK(rpc::RequireTls13()); }
  void SetUp() override { ASSERT_OK(council_.Open()); }

  std::string IdentityPath() const { return council_.folder.Path("identity"); }
  Enrolling Node() const {
    return {.council = kCouncil,
            .signing_public_key = council_.key().public_key(),
            .identity_directory = IdentityPath(),
            .https_proxy = ""};
  }
  absl::Status EnrolNow() {
    JoinFile join = coordinator_.Join(kCouncil, kToken);
    join.governance = officers_.governance();
    return Enrol(join, Node(), council_.clock);
  }
  std::unique_ptr<CoordinatorLink> Link() {
    EXPECT_OK(EnrolNow());
    auto link = CoordinatorLink::Open(IdentityPath(), "", council_.clock);
    EXPECT_OK(link);
    return link.ok() ? *std::move(link) : nullptr;
  }
  OutgoingRelease MakeRelease(const std::string& round = "q1") {
    MadeUpTables tables;
    auto answered =
        council_.MakeDoor().Answer(SpecOf(round, {ItemFor("16", v1::MODE_THRESHOLDED, {"sex"})}), tables);
    EXPECT_OK(answered);
    return answered->release;
  }

  MadeUpCouncil council_;
  // A chain of that many epochs, signed by enough officers.
  std::vector<v1::SignedRoster> Rosters(int epochs) {
    std::vector<v1::SignedRoster> chain;
    std::optional<contract::RosterEpoch> last;
    for (int i = 0; i < epochs; ++i) {
      last = NextRoster(last, kCouncil, council_.key().public_key(), council_.clock.Now());
      contract::SignedRosterToProto(officers_.Sign(*last, 2), chain.emplace_back());
    }
    return chain;
  }
  RosterBook Book(const contract::Governance& governance) {
    return {council_.ledger(),
            governance,
            "north",
            {.council = kCouncil, .signing_key = council_.key().public_key()}};
  }

  FakeCoordinator coordinator_;
  Officers officers_;
};

TEST_F(LinkTest, EnrolmentWritesAnIdentityThatTheCoordinatorKnows) {
  std::string asked_key;
  const auto grant = coordinator_.on_enrol;
  coordinator_.on_enrol = [&](const v1::EnrolRequest& in, v1::EnrolResponse& out) {
    asked_key = in.signing_key();
    EXPECT_EQ(in.council(), kCouncil);
    EXPECT_EQ(in.token(), kToken);
    return grant(in, out);
  };
  ASSERT_OK(EnrolNow());
  EXPECT_EQ(asked_key, council_.key().public_key());
  struct stat facts {};
  ASSERT_EQ(stat((IdentityPath() + "/key.pem").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  EXPECT_FALSE(FileExists(IdentityPath() + "/pending-key.pem"));
  EXPECT_FALSE(FileExists(IdentityPath() + "/pending-request.pem"));
  ASSERT_OK(rpc::LoadIdentity(IdentityPath()));
  coordinator_.on_watch = [](v1::WatchResponse&) { return grpc::Status::OK; };
  ASSERT_OK_AND_ASSIGN(const auto link, CoordinatorLink::Open(IdentityPath(), "", council_.clock));
  ASSERT_OK(link->Watch());
  EXPECT_EQ(coordinator_.peer, absl::StrCat("waymark://fake-federation/council/", kCouncil));
  EXPECT_EQ(link->federation(), "fake-federation");
  EXPECT_TRUE(coordinator_.had_deadline);
}

TEST_F(LinkTest, EnrolmentThatWasCutOffUsesTheSameRequestAgain) {
  std::set<std::string> requests;
  const auto grant = coordinator_.on_enrol;
  coordinator_.on_enrol = [&](const v1::EnrolRequest& in, v1::EnrolResponse&) {
    requests.insert(in.certificate_request_pem());
    return grpc::Status(grpc::StatusCode::INTERNAL, "the answer was lost");
  };
  EXPECT_THAT(EnrolNow(), StatusIs(absl::StatusCode::kInternal, HasSubstr("the answer was lost")));
  coordinator_.on_enrol = [&](const v1::EnrolRequest& in, v1::EnrolResponse& out) {
    requests.insert(in.certificate_request_pem());
    return grant(in, out);
  };
  ASSERT_OK(EnrolNow());
  EXPECT_THAT(requests, SizeIs(1));
  EXPECT_OK(rpc::LoadIdentity(IdentityPath()));
  // Once done, a later enrolment makes a new key.
  ASSERT_OK(EnrolNow());
  EXPECT_THAT(requests, SizeIs(2));
}

TEST_F(LinkTest, CertificatesThatAreNotOursAreRefusedAndNothingIsWritten) {
  const auto refuse = [&](const std::function<void(const v1::EnrolRequest&, v1::EnrolResponse&)>& change,
                          const std::string& what) {
    const auto grant = coordinator_.on_enrol;
    coordinator_.on_enrol = [&](const v1::EnrolRequest& in, v1::EnrolResponse& out) {
      const grpc::Status status = grant(in, out);
      change(in, out);
      return status;
    };
    EXPECT_THAT(EnrolNow(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(what)));
    coordinator_.on_enrol = grant;
    EXPECT_FALSE(FileExists(IdentityPath() + "/certificate.pem"));
    EXPECT_FALSE(FileExists(IdentityPath() + "/client.toml"));
  };
  const auto uri = [&](const std::string& text) {
    return [&, text](const v1::EnrolRequest& in, v1::EnrolResponse& out) {
      out.set_certificate_pem(coordinator_.Issue(in.certificate_request_pem(), text));
    };
  };
  refuse(uri("waymark://fake-federation/council/E06000002"), "does not name council");
  refuse(uri("waymark://fake-federation/operator/E06000001"), "does not name council");
  refuse(uri("waymark:///council/E06000001"), "does not name council");
  refuse(uri("waymark://a/b/council/E06000001"), "does not name council");
  refuse([](const auto&, v1::EnrolResponse& out) { out.set_certificate_pem("no certificate"); },
         "cannot be read");
  refuse([](const auto&, v1::EnrolResponse& out) { out.set_certificate_pem(std::string(100'000, 'x')); },
         "larger than any is");
  refuse(
      [&](const auto&, v1::EnrolResponse& out) {
        const auto other = crypto::CreateRequest();
        out.set_certificate_pem(
            coordinator_.Issue(other->request_pem, "waymark://fake-federation/council/E06000001"));
      },
      "another private key");
  refuse(
      [&](const v1::EnrolRequest& in, v1::EnrolResponse& out) {
        const FakeCoordinator impostor;
        out.set_certificate_pem(
            impostor.Issue(in.certificate_request_pem(), "waymark://fake-federation/council/E06000001"));
      },
      "not issued by this authority");
  refuse([](const auto&, v1::EnrolResponse& out) { out.set_coordinator_key(std::string(32, 'k')); },
         "coordinator's key is not the join file's");
  EXPECT_OK(EnrolNow());
}

TEST_F(LinkTest, TokenThatIsNotTakenIsSaidWithoutTheToken) {
  coordinator_.on_enrol = [](const v1::EnrolRequest&, v1::EnrolResponse&) {
    return grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "the token is not valid");
  };
  const absl::Status status = EnrolNow();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("the token is not valid")));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr(kToken)));
}

TEST_F(LinkTest, JoinFileOfAnotherCouncilIsRefusedBeforeAnyCall) {
  EXPECT_THAT(Enrol(coordinator_.Join("E06000009", kToken), Node(), council_.clock),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("E06000009")));
  EXPECT_EQ(coordinator_.calls, 0);
}

TEST_F(LinkTest, ServerOfAnotherAuthorityIsNotSpokenTo) {
  FakeCoordinator impostor;
  JoinFile join = coordinator_.Join(kCouncil, kToken);
  join.enrolment_address = impostor.Join(kCouncil, kToken).enrolment_address;
  EXPECT_FALSE(Enrol(join, Node(), council_.clock).ok());
  EXPECT_EQ(impostor.calls, 0);
}

TEST_F(LinkTest, WatchLeavesBadSpecsOutAndKeepsTheOthers) {
  coordinator_.on_watch = [](v1::WatchResponse& out) {
    contract::RoundSpecToProto(SpecOf("good", {NoisedItem("19")}), *out.add_rounds()->mutable_spec());
    out.mutable_rounds(0)->set_answered(true);
    v1::RoundSpec* bad = out.add_rounds()->mutable_spec();
    contract::RoundSpecToProto(SpecOf("bad", {NoisedItem("19")}), *bad);
    bad->set_least_contributors(1);
    v1::RoundSpec* secure = out.add_rounds()->mutable_spec();
    contract::RoundSpecToProto(SpecOf("secure", {ItemFor("19", v1::MODE_THRESHOLDED)}), *secure);
    secure->mutable_items(0)->set_mode(v1::MODE_SECURE_SUM);
    out.add_rounds()->mutable_spec()->set_round_id(std::string(5000, '\n'));
    contract::RoundSpecToProto(SpecOf("last", {NoisedItem("19")}), *out.add_rounds()->mutable_spec());
    return grpc::Status::OK;
  };
  const auto link = Link();
  ::testing::internal::CaptureStderr();
  const auto rounds = link->Watch();
  const std::string logs = ::testing::internal::GetCapturedStderr();
  ASSERT_OK(rounds);
  ASSERT_THAT(*rounds, SizeIs(2));
  EXPECT_EQ((*rounds)[0].spec, SpecOf("good", {NoisedItem("19")}));
  EXPECT_TRUE((*rounds)[0].answered);
  EXPECT_EQ((*rounds)[1].spec.round_id, "last");
  EXPECT_THAT(logs, AllOf(HasSubstr("least_contributors"), HasSubstr("\"bad\""), HasSubstr("\"secure\"")));
}

TEST_F(LinkTest, WatchTakesNoMoreRoundsThanTheContractAllows) {
  coordinator_.on_watch = [](v1::WatchResponse& out) {
    for (int i = 0; i < 150; ++i) {
      contract::RoundSpecToProto(SpecOf(absl::StrCat("q", i), {NoisedItem("19")}),
                                 *out.add_rounds()->mutable_spec());
    }
    return grpc::Status::OK;
  };
  const auto link = Link();
  ASSERT_OK_AND_ASSIGN(const auto rounds, link->Watch());
  EXPECT_THAT(rounds, SizeIs(100));
}

TEST_F(LinkTest, SubmittedReleaseIsTheStoredOneAndItsReceiptIsVerified) {
  v1::Release received;
  coordinator_.on_submit = [&](const v1::SubmitRequest& in, v1::SubmitResponse& out) {
    received = in.release();
    return coordinator_.Receive(in, out);
  };
  const auto link = Link();
  const OutgoingRelease release = MakeRelease();
  ASSERT_OK_AND_ASSIGN(const Receipt receipt, link->Submit(release));
  EXPECT_EQ(received.SerializeAsString(), release.bytes());
  EXPECT_EQ(receipt.release_hash, release.release_hash());
  EXPECT_EQ(receipt.received_unix_s, 1'780'000'600);
  v1::SubmitResponse kept;
  ASSERT_TRUE(kept.ParseFromString(receipt.bytes));
  EXPECT_OK(crypto::VerifySignature(
      coordinator_.key().public_key(),
      ReceiptBytes(kCouncil, release.ledger_sequence(), release.release_hash(), receipt.received_unix_s),
      kept.signature()));
  ASSERT_OK(council_.ledger().Acknowledge("q1", receipt.release_hash, receipt.bytes));
  EXPECT_TRUE(*council_.ledger().IsAcknowledged("q1"));
}

TEST_F(LinkTest, ReceiptsThatAreNotTheCoordinatorsAreRefused) {
  const auto link = Link();
  const OutgoingRelease release = MakeRelease();
  crypto::SystemRandom random;
  ASSERT_OK_AND_ASSIGN(const crypto::SigningKey other, crypto::SigningKey::Generate(random));
  const std::vector<std::function<void(v1::SubmitResponse&)>> changes = {
      [](v1::SubmitResponse& out) { out.set_received_unix_s(out.received_unix_s() + 1); },
      [](v1::SubmitResponse& out) { out.set_release_hash(std::string(32, 'h')); },
      [](v1::SubmitResponse& out) { out.clear_release_hash(); },
      [](v1::SubmitResponse& out) { out.clear_signature(); },
      [](v1::SubmitResponse& out) { out.mutable_signature()->at(5) ^= 1; },
      [&](v1::SubmitResponse& out) {
        out.set_signature(*other.Sign(ReceiptBytes(kCouncil, release.ledger_sequence(),
                                                   release.release_hash(), out.received_unix_s())));
      },
      [&](v1::SubmitResponse& out) {  // of another council
        out.set_signature(*coordinator_.key().Sign(ReceiptBytes(
            "E06000002", release.ledger_sequence(), release.release_hash(), out.received_unix_s())));
      },
      [&](v1::SubmitResponse& out) {  // for another place in the ledger
        out.set_signature(*coordinator_.key().Sign(ReceiptBytes(
            kCouncil, release.ledger_sequence() + 1, release.release_hash(), out.received_unix_s())));
      }};
  for (const auto& change : changes) {
    coordinator_.on_submit = [&](const v1::SubmitRequest& in, v1::SubmitResponse& out) {
      const grpc::Status status = coordinator_.Receive(in, out);
      change(out);
      return status;
    };
    EXPECT_THAT(link->Submit(release), StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("receipt")));
  }
}

TEST_F(LinkTest, ReceiptEncodingIsTheContracts) {
  // Spelled out byte for byte: label, council, sequence, hash, time.
  const std::string expected = std::string("\0\0\0\0\0\0\0\x12", 8) + "waymark/v1/receipt" +
                               std::string("\0\0\0\0\0\0\0\x09", 8) + "E06000001" +
                               std::string("\0\0\0\0\0\0\0\x07", 8) + std::string("\0\0\0\0\0\0\0\x20", 8) +
                               std::string(32, 'h') + std::string("\0\0\0\0\0\0\x01\x02", 8);
  EXPECT_EQ(ReceiptBytes("E06000001", 7, std::string(32, 'h'), 258), expected);
}

TEST_F(LinkTest, UnavailableIsTriedAgainWithGrowingPauses) {
  int left = 3;
  coordinator_.on_watch = [&](v1::WatchResponse&) {
    return left-- > 0 ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "starting") : grpc::Status::OK;
  };
  const auto link = Link();
  const int before = coordinator_.calls;
  const absl::Time began = council_.clock.Now();
  ASSERT_OK(link->Watch());
  EXPECT_EQ(coordinator_.calls - before, 4);
  EXPECT_EQ(council_.clock.Now() - began, absl::Seconds(1 + 2 + 4));
}

class RenewalTest : public LinkTest {
 protected:
  void SetUp() override {
    LinkTest::SetUp();
    link_ = Link();
    ASSERT_NE(link_, nullptr);
    coordinator_.on_watch = [](v1::WatchResponse&) { return grpc::Status::OK; };
    coordinator_.on_renew = [this](const v1::RenewRequest& in, v1::RenewResponse& out) {
      requests_.insert(in.certificate_request_pem());
      out.set_certificate_pem(coordinator_.Issue(
          in.certificate_request_pem(), absl::StrCat("waymark://fake-federation/council/", kCouncil)));
      return grpc::Status::OK;
    };
  }
  // Hours after the certificate was made, whose 25 began one before.
  void MoveTo(int hours) {
    council_.clock.Advance(SystemClock().Now() + absl::Hours(hours) - council_.clock.Now());
  }
  CertificateRenewal Renewal() { return {IdentityPath(), *link_, council_.clock}; }
  std::string File(const std::string& name) {
    return ReadFile(absl::StrCat(IdentityPath(), "/", name), 1 << 20).value_or("");
  }

  std::unique_ptr<CoordinatorLink> link_;
  std::set<std::string> requests_;
};

TEST_F(RenewalTest, IsAskedFor_WhenAThirdOfTheTimeIsLeft) {
  const std::string before = File("certificate.pem");
  CertificateRenewal renewal = Renewal();
  MoveTo(10);
  ASSERT_OK(renewal.RenewWhenDue());
  EXPECT_THAT(requests_, IsEmpty());
  MoveTo(20);
  ASSERT_OK(renewal.RenewWhenDue());
  EXPECT_THAT(requests_, SizeIs(1));
  EXPECT_NE(File("certificate.pem"), before);
  ASSERT_OK(rpc::LoadIdentity(IdentityPath()));
  EXPECT_FALSE(FileExists(IdentityPath() + "/pending-key.pem"));
  EXPECT_FALSE(FileExists(IdentityPath() + "/pending-certificate.pem"));
  ASSERT_OK(link_->Watch());
}

TEST_F(RenewalTest, AsksAgainWithTheSameRequest_AfterTenMinutes) {
  const auto grant = coordinator_.on_renew;
  coordinator_.on_renew = [&](const v1::RenewRequest& in, v1::RenewResponse&) {
    requests_.insert(in.certificate_request_pem());
    return grpc::Status(grpc::StatusCode::INTERNAL, "the answer was lost");
  };
  CertificateRenewal renewal = Renewal();
  MoveTo(20);
  EXPECT_THAT(renewal.RenewWhenDue(), StatusIs(absl::StatusCode::kInternal, HasSubstr("lost")));
  coordinator_.on_renew = grant;
  ASSERT_OK(renewal.RenewWhenDue());
  const std::string before = File("certificate.pem");
  council_.clock.Advance(absl::Minutes(10));
  ASSERT_OK(renewal.RenewWhenDue());
  EXPECT_NE(File("certificate.pem"), before);
  EXPECT_THAT(requests_, SizeIs(1));
}

TEST_F(RenewalTest, RefusesWhatIsNotThisCouncilsCertificate_AndKeepsTheOld) {
  const std::string before = File("certificate.pem");
  const std::string key = File("key.pem");
  MoveTo(20);
  const auto refused = [&](const std::function<std::string(const std::string&)>& give,
                           const std::string& why) {
    coordinator_.on_renew = [&](const v1::RenewRequest& in, v1::RenewResponse& out) {
      out.set_certificate_pem(give(in.certificate_request_pem()));
      return grpc::Status::OK;
    };
    CertificateRenewal renewal = Renewal();
    EXPECT_THAT(renewal.RenewWhenDue(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(why)));
    EXPECT_EQ(File("certificate.pem"), before);
    EXPECT_EQ(File("key.pem"), key);
  };
  refused([](const std::string&) { return "no certificate"; }, "cannot be read");
  refused([&](const std::string&) { return before; }, "the old one stays");  // of another key
  refused(
      [&](const std::string& pem) {
        return coordinator_.Issue(pem, "waymark://fake-federation/council/E06000099");
      },
      "does not name council");
  refused(
      [&](const std::string& pem) {
        return coordinator_.Issue(pem, "waymark://fake-federation/operator/operator");
      },
      "does not name council");
  refused(
      [&](const std::string& pem) {
        return coordinator_.Issue(pem, absl::StrCat("waymark://another/council/", kCouncil));
      },
      "of another federation than fake-federation");
  EXPECT_OK(link_->Watch());
}

// Whatever of key and certificate was in its place when the node was killed, the next start ends it.
TEST_F(RenewalTest, IsEndedAtTheNextStart_WhereverItWasKilled) {
  const std::string old_key = File("key.pem");
  const std::string old_certificate = File("certificate.pem");
  MoveTo(20);
  CertificateRenewal renewal = Renewal();
  ASSERT_OK(renewal.RenewWhenDue());
  const std::string key = File("key.pem");
  const std::string certificate = File("certificate.pem");
  ASSERT_NE(key, old_key);
  for (int done = 0; done <= 4; ++done) {
    SCOPED_TRACE(done);
    const auto write = [&](const std::string& name, const std::string& text) {
      ASSERT_OK(WriteFileAtomically(absl::StrCat(IdentityPath(), "/", name), text, 0600));
    };
    write("pending-key.pem", key);
    write("pending-certificate.pem", certificate);
    if (done < 4) write("pending-request.pem", "request");
    write("key.pem", done < 1 ? old_key : key);
    write("certificate.pem", done < 2 ? old_certificate : certificate);
    if (done == 4) std::remove((IdentityPath() + "/pending-certificate.pem").c_str());
    ASSERT_OK_AND_ASSIGN(const auto link, CoordinatorLink::Open(IdentityPath(), "", council_.clock));
    EXPECT_OK(link->Watch());
    EXPECT_EQ(File("key.pem"), key);
    EXPECT_EQ(File("certificate.pem"), certificate);
    for (const char* left : {"certificate", "key", "request"}) {
      EXPECT_FALSE(FileExists(absl::StrCat(IdentityPath(), "/pending-", left, ".pem"))) << left;
    }
  }
}

// An enrolment that was cut off when its files were in place already is made again with what it had.
TEST_F(LinkTest, EnrolmentThatWasCutOffAtItsEndIsNoLoss) {
  std::map<std::string, std::string> files;
  const auto grant = coordinator_.on_enrol;
  coordinator_.on_enrol = [&](const v1::EnrolRequest& in, v1::EnrolResponse& out) {
    for (const char* name : {"pending-key.pem", "pending-request.pem"}) {
      files[name] = ReadFile(absl::StrCat(IdentityPath(), "/", name), 1 << 20).value();
    }
    return grant(in, out);
  };
  ASSERT_OK(EnrolNow());
  const std::string key = ReadFile(IdentityPath() + "/key.pem", 1 << 20).value();
  std::string request;
  coordinator_.on_enrol = [&](const v1::EnrolRequest& in, v1::EnrolResponse& out) {
    request = in.certificate_request_pem();
    return grant(in, out);
  };
  for (const auto& [name, text] : files) {
    ASSERT_OK(WriteFileAtomically(absl::StrCat(IdentityPath(), "/", name), text, 0600));
  }
  ASSERT_OK(EnrolNow());
  EXPECT_EQ(request, files["pending-request.pem"]) << "so that the used token is taken again";
  EXPECT_EQ(ReadFile(IdentityPath() + "/key.pem", 1 << 20).value(), key);
  // A request without its key is none.
  ASSERT_OK(WriteFileAtomically(IdentityPath() + "/pending-request.pem", files["pending-request.pem"], 0600));
  ASSERT_OK(EnrolNow());
  EXPECT_NE(request, files["pending-request.pem"]);
  // A certificate that waits without its key, or with another's, takes nobody's place.
  const std::string placed = ReadFile(IdentityPath() + "/key.pem", 1 << 20).value();
  ASSERT_OK(WriteFileAtomically(IdentityPath() + "/pending-certificate.pem", "a certificate", 0644));
  ASSERT_OK(WriteFileAtomically(IdentityPath() + "/pending-key.pem", key, 0600));
  ASSERT_OK(CoordinatorLink::Open(IdentityPath(), "", council_.clock).status());
  EXPECT_EQ(ReadFile(IdentityPath() + "/key.pem", 1 << 20).value(), placed);
}

TEST_F(RenewalTest, ConnectsAnew_WhereAnotherProcessChangedTheFiles) {
  MoveTo(10);
  CertificateRenewal renewal = Renewal();
  const std::string before = link_->certificate_pem();
  ASSERT_OK(EnrolNow());
  EXPECT_EQ(link_->certificate_pem(), before);
  ASSERT_OK(renewal.RenewWhenDue());
  EXPECT_EQ(link_->certificate_pem(), File("certificate.pem"));
  EXPECT_NE(link_->certificate_pem(), before);
  EXPECT_THAT(requests_, IsEmpty());
  EXPECT_OK(link_->Watch());
}

// The pauses pass at once on the test's clock, so a link that gave up each time it was not connected yet
// would be done before the coordinator is back.
TEST_F(LinkTest, IsConnectedAgain_WhenTheCoordinatorComesBack) {
  coordinator_.on_watch = [](v1::WatchResponse&) { return grpc::Status::OK; };
  const auto link = Link();
  ASSERT_OK(link->Watch());
  coordinator_.GoAway();
  std::thread back([this] {
    SystemClock().Sleep(absl::Milliseconds(1500));
    coordinator_.ComeBack();
  });
  EXPECT_OK(link->Watch());
  back.join();
  EXPECT_OK(link->Watch());
}

TEST_F(LinkTest, GoesOnToTheNextAddress_WhereTheFirstDoesNotAnswer) {
  JoinFile join = coordinator_.Join(kCouncil, kToken);
  join.other_addresses = {join.address};
  join.address = "127.0.0.1:1";  // where nobody listens
  ASSERT_OK(Enrol(join, Node(), council_.clock));
  coordinator_.on_watch = [](v1::WatchResponse&) { return grpc::Status::OK; };
  ASSERT_OK_AND_ASSIGN(const auto link, CoordinatorLink::Open(IdentityPath(), "", council_.clock));
  EXPECT_OK(link->Watch());
  EXPECT_EQ(coordinator_.calls, 2) << "enrolment, and the one call";
}

// A socket that takes connections, and nobody who reads from it: as of a process that is stopped.
class Mute {
 public:
  Mute() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(any);
    auto* const generic = reinterpret_cast<sockaddr*>(&any);
    EXPECT_EQ(::bind(socket_, generic, size), 0);
    EXPECT_EQ(::listen(socket_, 16), 0);
    EXPECT_EQ(::getsockname(socket_, generic, &size), 0);
    address = absl::StrCat("127.0.0.1:", ntohs(any.sin_port));
  }
  ~Mute() { ::close(socket_); }
  Mute(const Mute&) = delete;
  Mute& operator=(const Mute&) = delete;
  std::string address;

 private:
  const int socket_;
};

// Were a call's whole time given to the one that hangs, this would take a day.
TEST_F(LinkTest, GoesOnToTheNextAddress_WhereTheFirstTakesAConnectionAndSaysNothing) {
  const Mute mute;
  ASSERT_OK(EnrolNow());
  ASSERT_OK_AND_ASSIGN(const rpc::Identity identity, rpc::LoadIdentity(IdentityPath()));
  const std::vector<std::shared_ptr<grpc::Channel>> channels = {
      rpc::MakeChannel(mute.address, identity),
      rpc::MakeChannel(coordinator_.Join(kCouncil, kToken).address, identity)};
  coordinator_.on_watch = [](v1::WatchResponse&) { return grpc::Status::OK; };
  std::atomic<std::size_t> place{0};
  EXPECT_OK(WithRetries(channels, place, council_.clock, absl::Hours(24),
                        [&](std::size_t at, grpc::ClientContext& context) {
                          v1::WatchResponse response;
                          return v1::Rounds::NewStub(channels[at])->Watch(&context, {}, &response);
                        }));
  EXPECT_EQ(place, 1u) << "and the next call asks the one that answered";
}

// One that is stopped after it was connected to: the calls' own deadlines are all there is.
TEST_F(LinkTest, OneOfSeveralIsGivenLittleTimeFirst) {
  EXPECT_EQ(PatienceIn(0, 2, absl::Minutes(2)), absl::Seconds(5));
  EXPECT_EQ(PatienceIn(1, 2, absl::Minutes(2)), absl::Seconds(15));
  EXPECT_EQ(PatienceIn(4, 2, absl::Minutes(2)), absl::Minutes(2));
  EXPECT_EQ(PatienceIn(0, 2, absl::Seconds(1)), absl::Seconds(1));
  EXPECT_EQ(PatienceIn(0, 1, absl::Minutes(2)), absl::Minutes(2)) << "there is no other to ask";
}

TEST_F(LinkTest, RefusesTheWordOfACoordinatorThatLeadsNoMore) {
  const auto link = Link();
  std::vector<std::uint64_t> terms = {5, 4, 4, 5};
  coordinator_.on_join = [&](v1::JoinSessionResponse& out) {
    out.set_nonce(std::string(32, static_cast<char>('0' + terms.front())));
    out.set_term(terms.front());
    terms.erase(terms.begin());
    return grpc::Status::OK;
  };
  EXPECT_EQ(link->JoinSum("r")->nonce[0], '5');
  EXPECT_EQ(link->JoinSum("r")->nonce[0], '5') << "a session of term 4 is none to join";
  EXPECT_TRUE(terms.empty());
}

TEST_F(LinkTest, RefusesTheWordOfACoordinatorThatLeadsNoMore_AfterARestartToo) {
  std::vector<std::uint64_t> terms = {5, 4, 5};
  coordinator_.on_join = [&](v1::JoinSessionResponse& out) {
    out.set_nonce(std::string(32, static_cast<char>('0' + terms.front())));
    out.set_term(terms.front());
    terms.erase(terms.begin());
    return grpc::Status::OK;
  };
  EXPECT_EQ(Link()->JoinSum("r")->nonce[0], '5');
  ASSERT_OK_AND_ASSIGN(const auto again, CoordinatorLink::Open(IdentityPath(), "", council_.clock));
  EXPECT_EQ(again->JoinSum("r")->nonce[0], '5') << "a session of term 4 is none to join";
  const std::string path = PathUnder(IdentityPath(), "leader-term");
  ASSERT_OK(WriteFileAtomically(path, std::string(64, '0') + " 9\n", 0600));
  EXPECT_OK(CoordinatorLink::Open(IdentityPath(), "", council_.clock)) << "another federation's";
  ASSERT_OK(WriteFileAtomically(path, "nine\n", 0600));
  EXPECT_THAT(CoordinatorLink::Open(IdentityPath(), "", council_.clock).status(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("leader-term")));
}

TEST_F(LinkTest, TryingAgainEnds) {
  coordinator_.on_watch = [](v1::WatchResponse&) {
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "down for the night");
  };
  const auto link = Link();
  const int before = coordinator_.calls;
  EXPECT_THAT(link->Watch(), StatusIs(absl::StatusCode::kUnavailable, HasSubstr("down for the night")));
  EXPECT_EQ(coordinator_.calls - before, 5);
}

TEST_F(LinkTest, OtherErrorsAreNotTriedAgain) {
  coordinator_.on_submit = [](const v1::SubmitRequest&, v1::SubmitResponse&) {
    return grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, "after the deadline");
  };
  const auto link = Link();
  const OutgoingRelease release = MakeRelease();
  const int before = coordinator_.calls;
  EXPECT_THAT(link->Submit(release),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("after the deadline")));
  EXPECT_EQ(coordinator_.calls - before, 1);
}

TEST_F(LinkTest, QueryGivesTheCoordinatorsAnswer) {
  coordinator_.on_query = [](const v1::QueryRequest& in, v1::QueryResponse& out) {
    EXPECT_EQ(in.metric(), "16");
    out.set_round_id("q1");
    out.add_figures()->set_metric("16");
    return grpc::Status::OK;
  };
  const auto link = Link();
  v1::QueryRequest request;
  request.set_metric("16");
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse response, link->Query(request));
  EXPECT_EQ(response.round_id(), "q1");
  EXPECT_EQ(response.figures_size(), 1);
}

TEST_F(LinkTest, RostersAreFetchedUntilTheBookHoldsTheNewest) {
  const std::vector<v1::SignedRoster> chain = Rosters(103);
  int calls = 0;
  coordinator_.on_roster = [&](const v1::RosterRequest& in, v1::RosterResponse& out) {
    ++calls;
    std::size_t from = 0;
    while (from < chain.size() && chain[from].roster().previous_hash() != in.after_hash()) ++from;
    for (std::size_t i = from; i < chain.size() && i < from + 100; ++i) *out.add_rosters() = chain[i];
    return grpc::Status::OK;
  };
  const auto link = Link();
  EXPECT_EQ(link->governance(), officers_.governance());  // as the join file said
  RosterBook book = Book(link->governance());
  ASSERT_OK(link->FetchRosters(book, AnyRoster));
  EXPECT_EQ(calls, 2);
  ASSERT_OK_AND_ASSIGN(const contract::RosterEpoch current, book.Current(council_.clock.Now()));
  EXPECT_EQ(current.epoch, 103u);
  ASSERT_OK(link->FetchRosters(book, AnyRoster));  // nothing new
  EXPECT_EQ(calls, 3);
}

TEST_F(LinkTest, RostersThatAreNotTheOfficersAreRefusedAndThoseBeforeStay) {
  std::vector<v1::SignedRoster> offered = Rosters(3);
  coordinator_.on_roster = [&](const v1::RosterRequest&, v1::RosterResponse& out) {
    out.mutable_rosters()->Assign(offered.begin(), offered.end());
    return grpc::Status::OK;
  };
  const auto link = Link();
  RosterBook book = Book(link->governance());
  offered[1].mutable_signatures()->RemoveLast();
  EXPECT_THAT(link->FetchRosters(book, AnyRoster),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("by 1 of")));
  EXPECT_EQ(book.Current(council_.clock.Now())->epoch, 1u);
  offered[1].mutable_roster()->clear_parts();
  EXPECT_THAT(link->FetchRosters(book, AnyRoster),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("parts")));
  offered.clear();
  EXPECT_OK(link->FetchRosters(book, AnyRoster));  // a coordinator that has none
  EXPECT_EQ(book.Current(council_.clock.Now())->epoch, 1u);
}

TEST_F(LinkTest, CoordinatorThatRepeatsItselfForEverIsNotAskedForEver) {
  const std::vector<v1::SignedRoster> first = Rosters(1);
  coordinator_.on_roster = [&](const v1::RosterRequest&, v1::RosterResponse& out) {
    for (int i = 0; i < 100; ++i) *out.add_rosters() = first[0];
    return grpc::Status::OK;
  };
  const auto link = Link();
  RosterBook book = Book(link->governance());
  const int before = coordinator_.calls;
  EXPECT_OK(link->FetchRosters(book, AnyRoster));
  EXPECT_EQ(coordinator_.calls - before, 2);
}

TEST_F(LinkTest, NodeThatIsNotEnrolledIsToldSo) {
  EXPECT_THAT(CoordinatorLink::Open(IdentityPath(), "", council_.clock),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not enrolled")));
  ASSERT_OK(EnrolNow());
  ASSERT_OK(WriteFileAtomically(IdentityPath() + "/client.toml",
                                "address = \"nowhere\"\ncoordinator_key = \"12\"\n", 0644));
  EXPECT_THAT(CoordinatorLink::Open(IdentityPath(), "", council_.clock),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("client.toml:1"), HasSubstr("host:port"), HasSubstr("client.toml:2"),
                             HasSubstr("64 hexadecimal digits"))));
}

TEST_F(LinkTest, JoinFileIsReadWhole) {
  JoinFile join = coordinator_.Join(kCouncil, kToken);
  join.governance = officers_.governance();
  ASSERT_OK_AND_ASSIGN(const JoinFile read, ParseJoinFile(FakeCoordinator::JoinText(join), "join.toml"));
  EXPECT_EQ(read.council, join.council);
  EXPECT_EQ(read.token, join.token);
  EXPECT_EQ(read.enrolment_address, join.enrolment_address);
  EXPECT_EQ(read.address, join.address);
  EXPECT_EQ(read.coordinator_key, join.coordinator_key);
  EXPECT_EQ(read.authority_pem, join.authority_pem);
  EXPECT_EQ(read.governance, join.governance);
}

TEST_F(LinkTest, BadJoinFilesAreRefusedWithEveryError) {
  EXPECT_THAT(ParseJoinFile("council = \"Anytown\"\ntoken = \"\"\naddress = \"host:0\"\n"
                            "authority_pem = \"none\"\ncoordinator_key = \"zz\"\nextra = 1\n",
                            "join.toml"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("join.toml:1"), HasSubstr("join.toml:2"), HasSubstr("join.toml:3"),
                             HasSubstr("join.toml:4"), HasSubstr("join.toml:5"), HasSubstr("join.toml:6"),
                             HasSubstr("enrolment_address"))));
}

}  // namespace
}  // namespace waymark::node
