// Channels and servers against each other, over real connections of this machine.
#include "proto/rpc/channel.h"

#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/rpc/connect_proxy.h"
#include "tests/unit/rpc/raw_client.h"
#include "tests/unit/rpc/test_server.h"

namespace waymark::rpc {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using testing::StatusIs;

class ChannelTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ASSERT_OK(RequireTls13());
    // Whatever this machine's proxy settings are, the tests' own proxy is on this machine.
    for (const char* name : {"no_proxy", "no_grpc_proxy", "https_proxy", "http_proxy", "grpc_proxy"})
      ::unsetenv(name);
  }

  absl::StatusOr<std::string> Call(const TestServer& server, const Identity& identity) {
    return CallRoster(MakeChannel(server.address(), identity));
  }

  TestAuthority authority_;
  TestAuthority other_authority_{"Another federation"};
};

TEST_F(ChannelTest, AMemberIsKnownByItsUri) {
  const TestServer server(authority_.Server());
  ASSERT_OK_AND_ASSIGN(const std::string uri, Call(server, authority_.Member()));
  EXPECT_EQ(uri, kMemberUri);
}

// ---- who is refused

TEST_F(ChannelTest, RefusesAClientWithoutCertificate) {
  const TestServer server(authority_.Server());
  EXPECT_THAT(CallRoster(MakeEnrolmentChannel(server.address(), authority_.pem())),
              StatusIs(absl::StatusCode::kUnavailable, _));
  EXPECT_THAT(RawHandshake(server.port(), TLS1_3_VERSION, nullptr), StartsWith("refused"));
}

TEST_F(ChannelTest, RefusesACertificateOfAnotherAuthority) {
  const TestServer server(authority_.Server());
  Identity foreign = other_authority_.Member();
  foreign.authority_pem =
      authority_.pem();  // the client trusts the server; the server does not trust the client
  EXPECT_THAT(Call(server, foreign), StatusIs(absl::StatusCode::kUnavailable, _));
  EXPECT_THAT(RawHandshake(server.port(), TLS1_3_VERSION, &foreign), StartsWith("refused"));
}

TEST_F(ChannelTest, RefusesCertificatesOutOfDate) {
  const TestServer server(authority_.Server());
  const Identity expired = authority_.Odd({.alternative_names = absl::StrCat("URI:", kMemberUri),
                                           .not_before = absl::Now() - absl::Hours(48),
                                           .not_after = absl::Now() - absl::Hours(24)});
  EXPECT_THAT(Call(server, expired), StatusIs(absl::StatusCode::kUnavailable, _));
  EXPECT_THAT(RawHandshake(server.port(), TLS1_3_VERSION, &expired), StartsWith("refused"));
  const Identity early = authority_.Odd({.alternative_names = absl::StrCat("URI:", kMemberUri),
                                         .not_before = absl::Now() + absl::Hours(24),
                                         .not_after = absl::Now() + absl::Hours(48)});
  EXPECT_THAT(Call(server, early), StatusIs(absl::StatusCode::kUnavailable, _));
  // The control: the dates are all that is wrong with these two.
  EXPECT_OK(Call(server, authority_.Odd({.alternative_names = absl::StrCat("URI:", kMemberUri)})));
}

TEST_F(ChannelTest, RefusesAServersCertificateShownByAClient) {
  const TestServer server(authority_.Server());
  EXPECT_THAT(Call(server, authority_.Server()), StatusIs(absl::StatusCode::kUnavailable, _));
}

TEST_F(ChannelTest, PeerUriWantsExactlyOneUri) {
  const TestServer server(authority_.Server());
  const auto call_with = [&](const std::string& common_name, const std::string& alternative_names) {
    return Call(server, authority_.Odd({.common_name = common_name, .alternative_names = alternative_names}));
  };
  // The control: a certificate made the same way with one URI is taken.
  ASSERT_OK_AND_ASSIGN(const std::string uri, call_with("", "URI:waymark://demo/council/E06000002"));
  EXPECT_EQ(uri, "waymark://demo/council/E06000002");
  EXPECT_THAT(call_with("", "DNS:council.example.org"),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("exactly one URI")));
  EXPECT_THAT(call_with("", "URI:waymark://demo/council/E06000002,URI:waymark://demo/council/E06000003"),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("but has 2")));
  // The common name counts for nothing, alone or beside a URI.
  EXPECT_THAT(call_with(kMemberUri, ""),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("but has 0")));
  ASSERT_OK_AND_ASSIGN(const std::string beside,
                       call_with(kMemberUri, "URI:waymark://demo/council/E06000002"));
  EXPECT_EQ(beside, "waymark://demo/council/E06000002");
}

TEST_F(ChannelTest, TheEnrolmentPortTakesWhoHasNoCertificateAndKnowsNobody) {
  const TestServer server(authority_.Server(), {.enrolment = true, .limits = {}});
  EXPECT_OK(CallEnrol(MakeEnrolmentChannel(server.address(), authority_.pem()), 32));
  EXPECT_THAT(CallRoster(MakeEnrolmentChannel(server.address(), authority_.pem())),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("showed no certificate")));
  // Not even who has one, since it was not asked for.
  EXPECT_THAT(Call(server, authority_.Member()),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("showed no certificate")));
}

TEST_F(ChannelTest, AClientRefusesAServerThatItCannotTrust) {
  const TestServer server(other_authority_.Server());
  EXPECT_THAT(Call(server, authority_.Member()), StatusIs(absl::StatusCode::kUnavailable, _));
  EXPECT_THAT(CallEnrol(MakeEnrolmentChannel(server.address(), authority_.pem()), 1),
              StatusIs(absl::StatusCode::kUnavailable, _));
  // The right authority, and another host's name.
  Identity elsewhere =
      authority_.Odd({.alternative_names = "DNS:elsewhere.example.org", .extended_usage = "serverAuth"});
  const TestServer misplaced(elsewhere);
  EXPECT_THAT(Call(misplaced, authority_.Member()), StatusIs(absl::StatusCode::kUnavailable, _));
}

TEST_F(ChannelTest, TrustsNobody_WhenThereIsNoAuthority) {
  const TestServer server(authority_.Server());
  Identity blind = authority_.Member();
  blind.authority_pem.clear();
  EXPECT_THAT(Call(server, blind), StatusIs(absl::StatusCode::kInvalidArgument, _));
  EXPECT_THAT(CallEnrol(MakeEnrolmentChannel(server.address(), ""), 1),
              StatusIs(absl::StatusCode::kInvalidArgument, _));
}

// ---- proxies

TEST_F(ChannelTest, GoesThroughAConnectProxy_AndShowsItNothing) {
  const TestServer server(authority_.Server());
  const ConnectProxy proxy(server.port());
  ASSERT_OK_AND_ASSIGN(const std::string uri,
                       CallRoster(MakeChannel(server.address(), authority_.Member(), proxy.address())));
  EXPECT_EQ(uri, kMemberUri);
  EXPECT_THAT(proxy.requests(),
              ElementsAre(StartsWith(absl::StrCat("CONNECT ", server.address(), " HTTP/1.1\r\n"))));
  EXPECT_THAT(proxy.upstream_bytes(), Not(HasSubstr("Roster")));
  EXPECT_THAT(proxy.upstream_bytes(), Not(HasSubstr("E06000001")));
}

TEST_F(ChannelTest, EnrolsThroughAProxy) {
  const TestServer server(authority_.Server(), {.enrolment = true, .limits = {}});
  const ConnectProxy proxy(server.port());
  EXPECT_OK(CallEnrol(MakeEnrolmentChannel(server.address(), authority_.pem(), proxy.address()), 1));
  EXPECT_EQ(proxy.requests().size(), 1u);
}

// A council's machine often cannot resolve names of the world outside. The certificate is checked against the
// name all the same.
TEST_F(ChannelTest, LeavesTheNameToTheProxy) {
  const Identity identity =
      authority_.Odd({.alternative_names = "DNS:coordinator.invalid", .extended_usage = "serverAuth"});
  const TestServer server(identity);
  const ConnectProxy proxy(server.port());
  ASSERT_OK_AND_ASSIGN(const std::string uri, CallRoster(MakeChannel("coordinator.invalid:8443",
                                                                     authority_.Member(), proxy.address())));
  EXPECT_EQ(uri, kMemberUri);
  EXPECT_THAT(proxy.requests(), ElementsAre(StartsWith("CONNECT coordinator.invalid:8443 HTTP/1.1\r\n")));
}

TEST_F(ChannelTest, GivesTheProxyItsPassword) {
  const TestServer server(authority_.Server());
  const ConnectProxy proxy(server.port());
  ASSERT_OK(CallRoster(MakeChannel(server.address(), authority_.Member(), "user:pass@" + proxy.address())));
  // "user:pass" in Base64.
  EXPECT_THAT(proxy.requests(), ElementsAre(HasSubstr("Basic dXNlcjpwYXNz")));
}

TEST_F(ChannelTest, FailsPlainly_WhenTheProxyRefuses) {
  const TestServer server(authority_.Server());
  const ConnectProxy proxy(0);
  EXPECT_THAT(CallRoster(MakeChannel(server.address(), authority_.Member(), proxy.address())),
              StatusIs(absl::StatusCode::kUnavailable, _));
  EXPECT_FALSE(proxy.requests().empty());
}

TEST_F(ChannelTest, TakesNoProxyFromTheEnvironment) {
  const TestServer server(authority_.Server());
  const ConnectProxy proxy(0);
  const std::string url = "http://" + proxy.address();
  for (const char* name : {"https_proxy", "http_proxy", "grpc_proxy"}) ::setenv(name, url.c_str(), 1);
  const auto answer = Call(server, authority_.Member());
  for (const char* name : {"https_proxy", "http_proxy", "grpc_proxy"}) ::unsetenv(name);
  EXPECT_OK(answer);
  EXPECT_THAT(proxy.requests(), IsEmpty());
}

// What gRPC decides by itself, as the README and channel.h say: a host that no_proxy names is reached
// straight.
TEST_F(ChannelTest, GrpcStillHonoursNoProxy) {
  const TestServer server(authority_.Server());
  const ConnectProxy proxy(0);
  ::setenv("no_proxy", "localhost", 1);
  const auto answer = CallRoster(MakeChannel(server.address(), authority_.Member(), proxy.address()));
  ::unsetenv("no_proxy");
  EXPECT_OK(answer);
  EXPECT_THAT(proxy.requests(), IsEmpty());
}

// ---- limits

TEST_F(ChannelTest, RefusesAMessageOverTheLimit) {
  TestServerOptions options;
  options.limits.max_message_bytes = 100'000;
  const TestServer server(authority_.Server(), options);
  const auto channel = MakeChannel(server.address(), authority_.Member());
  EXPECT_OK(CallEnrol(channel, 99'000));
  EXPECT_THAT(CallEnrol(channel, 100'001), StatusIs(absl::StatusCode::kResourceExhausted,
                                                    HasSubstr("larger than max (100005 vs. 100000)")));
  EXPECT_OK(CallEnrol(channel, 10));  // the connection lives on
}

TEST_F(ChannelTest, TakesMessagesUpToTheDefaultLimitAndNoFurther) {
  const TestServer server(authority_.Server());
  const auto channel = MakeChannel(server.address(), authority_.Member());
  EXPECT_OK(CallEnrol(channel, kMaxMessageBytes - 1000));
  // The client's own limit speaks first.
  EXPECT_THAT(CallEnrol(channel, kMaxMessageBytes + 1),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("larger than max")));
}

TEST_F(ChannelTest, RefusesCompressedMessages) {
  const TestServer server(authority_.Server());
  const auto channel = MakeChannel(server.address(), authority_.Member());
  for (const grpc_compression_algorithm algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    grpc::ClientContext context;
    SetDeadline(context, absl::Seconds(20));
    context.set_compression_algorithm(algorithm);
    v1::EnrolRequest request;
    request.set_token(std::string(1'000'000, 'x'));
    v1::EnrolResponse response;
    EXPECT_THAT(FromGrpc(v1::Federation::NewStub(channel)->Enrol(&context, request, &response)),
                StatusIs(absl::StatusCode::kUnimplemented, HasSubstr("disabled")));
  }
}

TEST_F(ChannelTest, RefusesMetadataOverTheLimit) {
  const TestServer server(authority_.Server());
  const auto channel = MakeChannel(server.address(), authority_.Member());
  const auto call = [&](std::size_t bytes) {
    grpc::ClientContext context;
    SetDeadline(context, absl::Seconds(20));
    context.AddMetadata("x-note", std::string(bytes, 'x'));
    v1::RosterResponse response;
    return FromGrpc(v1::Membership::NewStub(channel)->Roster(&context, v1::RosterRequest(), &response));
  };
  EXPECT_OK(call(4000));
  EXPECT_THAT(call(20'000), StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("metadata")));
}

TEST_F(ChannelTest, ServesNoMoreCallsAtOnceThanAllowed) {
  TestServerOptions options;
  options.limits.max_streams_per_connection = 2;
  TestServer server(authority_.Server(), options);
  absl::Mutex mutex;
  int now = 0;
  int most = 0;
  server.SetHandler([&](grpc::ServerContext&, v1::RosterResponse&) {
    absl::MutexLock lock(&mutex);
    most = std::max(most, ++now);
    // The first waits for a second call, which does come, and then for a third, which must not.
    mutex.AwaitWithTimeout(absl::Condition(
                               +[](int* n) { return *n > 2; }, &now),
                           absl::Milliseconds(150));
    --now;
    return grpc::Status::OK;
  });
  const auto channel = MakeChannel(server.address(), authority_.Member());
  std::vector<std::thread> callers;
  for (int i = 0; i < 6; ++i) callers.emplace_back([&] { EXPECT_OK(CallRoster(channel)); });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(most, 2);
}

TEST_F(ChannelTest, DoesNotShareThePort) {
  const TestServer server(authority_.Server());
  TestServerOptions options;
  options.address = absl::StrCat("127.0.0.1:", server.port());
  const TestServer second(authority_.Server(), options);
  EXPECT_FALSE(second.listens());
}

TEST_F(ChannelTest, HangsUpOnWhoNeverShakesHands) {
  const TestServer server(authority_.Server());
  const int silent = ConnectTo(server.port());
  ASSERT_GE(silent, 0);
  const absl::Time begin = absl::Now();
  char byte = 0;
  EXPECT_EQ(::recv(silent, &byte, 1, 0),
            0);  // closed by the server; the socket itself would wait ten seconds
  EXPECT_LT(absl::Now() - begin, absl::Seconds(8));
  ::close(silent);
}

TEST_F(ChannelTest, EndsACallAtItsDeadline) {
  TestServer server(authority_.Server());
  absl::Notification over;
  server.SetHandler([&](grpc::ServerContext&, v1::RosterResponse&) {
    over.WaitForNotificationWithTimeout(absl::Seconds(20));
    return grpc::Status::OK;
  });
  grpc::ClientContext context;
  SetDeadline(context, absl::Milliseconds(200));
  v1::RosterResponse response;
  const auto channel = MakeChannel(server.address(), authority_.Member());
  EXPECT_THAT(FromGrpc(v1::Membership::NewStub(channel)->Roster(&context, v1::RosterRequest(), &response)),
              StatusIs(absl::StatusCode::kDeadlineExceeded, HasSubstr("Deadline")));
  over.Notify();
}

// ---- errors across the wire

TEST_F(ChannelTest, CarriesAnErrorAcross) {
  TestServer server(authority_.Server());
  server.SetHandler([](grpc::ServerContext&, v1::RosterResponse&) {
    return ToGrpc(absl::FailedPreconditionError("ε is spent;\nwait for the next year"));
  });
  EXPECT_THAT(Call(server, authority_.Member()), StatusIs(absl::StatusCode::kFailedPrecondition,
                                                          HasSubstr("ε is spent; wait for the next year")));
}

}  // namespace
}  // namespace waymark::rpc
