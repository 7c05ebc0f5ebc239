// Callers of every role, by certificate and by token, for the tests of who may call what.
#ifndef WAYMARK_TESTS_UNIT_COORDINATOR_SERVE_ROLES_FIXTURE_H_
#define WAYMARK_TESTS_UNIT_COORDINATOR_SERVE_ROLES_FIXTURE_H_

#include <grpcpp/generic/generic_stub.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/federation/role.h"
#include "tests/unit/coordinator/serve/server_fixture.h"
#include "waymark/v1/federation.grpc.pb.h"

namespace waymark::coordinator::testing {

// Calls with an empty message.
inline absl::Status Call(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                         const std::vector<std::string>& authorization = {}) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  rpc::SetDeadline(context, absl::Seconds(20));
  for (const std::string& value : authorization) context.AddMetadata("authorization", value);
  grpc::CompletionQueue queue;
  const grpc::Slice nothing;
  const grpc::ByteBuffer request(&nothing, 1);
  grpc::ByteBuffer response;
  const auto call = stub.PrepareUnaryCall(&context, method, request, &queue);
  grpc::Status status;
  call->StartCall();
  call->Finish(&response, &status, &queue);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return rpc::FromGrpc(status);
}

class RolesFixture : public ServerTest {
 protected:
  static std::string UriFor(Role role) {
    return UriOf("north", role,
                 role == Role::kCouncil ? kCouncils[0] : absl::StrCat("a-", FactsOf(role).word));
  }
  std::shared_ptr<grpc::Channel> ChannelOf(Role role) { return Channel(IdentityOf(UriFor(role))); }
  // By a call over the channel, for a new key.
  absl::StatusOr<rpc::Identity> Renewed(const std::shared_ptr<grpc::Channel>& channel) {
    ASSIGN_OR_RETURN(const crypto::RequestWithKey made, crypto::CreateRequest());
    v1::RenewRequest request;
    request.set_certificate_request_pem(made.request_pem);
    v1::RenewResponse response;
    grpc::ClientContext context;
    rpc::SetDeadline(context, absl::Seconds(20));
    RETURN_IF_ERROR(rpc::FromGrpc(v1::Membership::NewStub(channel)->Renew(&context, request, &response)));
    return rpc::Identity{.authority_pem = issuer.certificate_pem,
                         .certificate_pem = response.certificate_pem(),
                         .private_key_pem = std::string(made.private_key_pem.RevealSecretText())};
  }
  std::shared_ptr<grpc::Channel> TokenPort() {
    return rpc::MakeEnrolmentChannel(server->local_token_address(), issuer.certificate_pem);
  }
  // "Bearer " and a token whose entry, named "token-N", is in the store, changed as the test likes.
  std::string TokenOf(
      Role role, const std::function<void(StoredAccess&)>& change = [](StoredAccess&) {}) {
    const std::string name = absl::StrCat("token-", ++tokens);
    const std::string token = absl::StrCat(kTokenPrefix, "made-up-", name);
    StoredAccess entry = EntryOf({.role = role, .name = name}, AccessTokenHash(token));
    entry.by_token = true;
    change(entry);
    EXPECT_OK(scene.store().AddAccess(entry));
    return "Bearer " + token;
  }

  int tokens = 0;
};

}  // namespace waymark::coordinator::testing

#endif  // WAYMARK_TESTS_UNIT_COORDINATOR_SERVE_ROLES_FIXTURE_H_
