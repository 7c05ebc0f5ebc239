// What happens where RequireTls13 was not called: the control of tls_test.cc, in a program of its own because
// the setting is the process's. Should OpenSSL or gRPC one day refuse TLS 1.2 by themselves, these tests say
// so.
#include <openssl/ssl.h>

#include "proto/rpc/tls.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/rpc/raw_client.h"
#include "tests/unit/rpc/test_server.h"

namespace waymark::rpc {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

TEST(WithoutRequireTls13Test, GrpcTakesTls12) {
  const TestAuthority authority;
  const TestServer server(authority.Server());
  const Identity member = authority.Member();
  EXPECT_EQ(RawHandshake(server.port(), TLS1_2_VERSION, &member), "TLSv1.2");
  EXPECT_EQ(RawHandshake(server.port(), TLS1_3_VERSION, &member), "TLSv1.3");
}

TEST(WithoutRequireTls13Test, TheCheckNotices_ThoughTheHandshakeWouldFailForWantOfACertificate) {
  const TestAuthority authority;
  const TestServer server(authority.Server());
  EXPECT_THAT(RawHandshake(server.port(), TLS1_2_VERSION, nullptr), HasSubstr("refused"));
  EXPECT_THAT(CheckTls12IsRefused(server.address()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("takes TLS 1.2")));
}

TEST(WithoutRequireTls13Test, TheCheckNotices_AtTheEnrolmentPort) {
  const TestAuthority authority;
  const TestServer server(authority.Server(), {.enrolment = true, .limits = {}});
  EXPECT_THAT(CheckTls12IsRefused(server.address()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("RequireTls13")));
}

}  // namespace
}  // namespace waymark::rpc
