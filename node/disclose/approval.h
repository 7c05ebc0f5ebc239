// Approval by persons: what they sign, and whether enough of them have signed it.
//
// A proposal is all that would leave for one round: for each item why it is absent, the very bytes of its
// thresholded tables, or, noised, the query with its ε (the noise is drawn after the charge, which is
// approved), or, summed securely, the query and the cells. It is made from a preview before anything is
// stored, and again from the tables that are about to be signed; only where both have one hash, and approvers
// have signed that hash, does the round's release come to be. So data, policy or ledger that change in
// between need a new approval.
//
// An approver is an Ed25519 key that the policy names. The signature is over the label "waymark/v1/approval",
// council, round, spec hash, proposal hash, so it serves for nothing else. Pure; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_APPROVAL_H_
#define WAYMARK_NODE_DISCLOSE_APPROVAL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "crypto/signature.h"
#include "node/disclose/policy.h"
#include "waymark/v1/release.pb.h"

namespace waymark::node {

// What a proposal says of one item: SHA-256, 32 bytes.
std::string ProposedAbsent(v1::Absence absence);
std::string ProposedTables(const v1::Release& part);      // thresholded: tables as they would leave
std::string ProposedQuery(absl::string_view query_hash);  // noised: contract::CanonicalQuery's, ε included
// A secure sum: the query and this council's cells as they go into the sum, before noise and masks.
std::string ProposedSum(absl::string_view query_hash, absl::Span<const std::int64_t> cells);

struct Proposal {
  std::string council;
  std::string round_id;
  std::string spec_hash;           // SHA-256 of the round spec's canonical encoding
  std::vector<std::string> items;  // one of those above for each item of the spec, in order
};
// SHA-256, 32 bytes: what is signed.
std::string HashOf(const Proposal& proposal);
// The same in hexadecimal, for people and for the command line.
std::string NameOf(const Proposal& proposal);

struct Approval {
  std::string proposal_hash;
  std::string public_key;  // the approver's
  std::string signature;
};
// Signs a proposal. INTERNAL where OpenSSL fails.
absl::StatusOr<Approval> Approve(const Proposal& proposal, const crypto::SigningKey& key);

// As kept in the ledger. INVALID_ARGUMENT where the bytes are not an approval's.
std::string BytesOf(const Approval& approval);
absl::StatusOr<Approval> ApprovalFromBytes(absl::string_view bytes);

// OK where `approvals` hold signatures under this very proposal by as many different approvers of `policy` as
// it asks for. What is not one (another proposal, another's key, a bad signature) counts for nothing.
// FAILED_PRECONDITION otherwise, saying how many are missing and how to give them.
absl::Status CheckApproved(const Proposal& proposal, const std::vector<Approval>& approvals,
                           const Policy& policy);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_APPROVAL_H_
