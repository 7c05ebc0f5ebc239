// How a node joins a federation: with the join file that the operator handed over, once. Keys are made here
// and stay here; the coordinator gets a certificate request and the public half of the signing key.
#ifndef WAYMARK_NODE_LINK_ENROLMENT_H_
#define WAYMARK_NODE_LINK_ENROLMENT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "proto/contract/governance.h"

namespace waymark::node {

// The join file: TOML with council, token, enrolment_address, address, authority_pem, coordinator_key
// (hexadecimal) and, in a federation that has officers, [governance].
struct JoinFile {
  std::string council;
  std::string token;              // a secret: never in a message
  std::string enrolment_address;  // "host:port"
  std::string address;
  std::vector<std::string> other_addresses{};
  std::string authority_pem;
  std::string coordinator_key;  // 32 bytes
  contract::Governance governance;
};
// INVALID_ARGUMENT with every error, a line each; `file` is used in messages only.
absl::StatusOr<JoinFile> ParseJoinFile(const std::string& text, const std::string& file);

// Where and as whom the node lives.
struct Enrolling {
  std::string council;             // by the node's own configuration; the join file must name the same
  std::string signing_public_key;  // 32 bytes
  std::string identity_directory;  // made with mode 0700
  std::string https_proxy;         // "host:port"; "" : none
};

// Makes a TLS key and a request for it, calls Federation.Enrol, checks the certificate (this key, one URI
// waymark://…/council/CODE, issued by the authority of the join file) and writes authority.pem,
// certificate.pem, key.pem (mode 0600) and client.toml (address, coordinator_key, governance). Killed
// anywhere, the same call again finds its key and request and gets the same certificate, though the token is
// used up. FAILED_PRECONDITION where council or certificate are not what they should be: nothing was written
// over; PERMISSION_DENIED where the coordinator does not take the token; UNAVAILABLE where it cannot be
// reached after several tries on `clock`.
absl::Status Enrol(const JoinFile& join, const Enrolling& node, const Clock& clock);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_LINK_ENROLMENT_H_
