#include "node/disclose/approval.h"

#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/canonical.h"
#include "base/status.h"
#include "crypto/hash.h"

namespace waymark::node {
namespace {

std::string SignedBytes(const Proposal& proposal) {
  CanonicalWriter out("waymark/v1/approval");
  out.Text(proposal.council).Text(proposal.round_id).Text(proposal.spec_hash).Text(HashOf(proposal));
  return std::move(out).bytes();
}

}  // namespace

std::string ProposedAbsent(v1::Absence absence) {
  CanonicalWriter out("waymark/v1/proposed-absent");
  out.Unsigned(static_cast<std::uint64_t>(absence));
  return crypto::Sha256(out.bytes());
}

std::string ProposedTables(const v1::Release& part) {
  CanonicalWriter out("waymark/v1/proposed-tables");
  out.Count(static_cast<std::size_t>(part.tables_size()));
  for (const v1::ProtectedTable& table : part.tables()) out.Text(table.SerializeAsString());
  return crypto::Sha256(out.bytes());
}

std::string ProposedQuery(absl::string_view query_hash) {
  CanonicalWriter out("waymark/v1/proposed-query");
  out.Text(query_hash);
  return crypto::Sha256(out.bytes());
}

std::string ProposedSum(absl::string_view query_hash, absl::Span<const std::int64_t> cells) {
  CanonicalWriter out("waymark/v1/proposed-sum");
  out.Text(query_hash).Count(cells.size());
  for (const std::int64_t cell : cells) out.Signed(cell);
  return crypto::Sha256(out.bytes());
}

std::string HashOf(const Proposal& proposal) {
  CanonicalWriter out("waymark/v1/proposal");
  out.Text(proposal.council).Text(proposal.round_id).Text(proposal.spec_hash).Count(proposal.items.size());
  for (const std::string& item : proposal.items) out.Text(item);
  return crypto::Sha256(out.bytes());
}

std::string NameOf(const Proposal& proposal) {
  return absl::BytesToHexString(HashOf(proposal));
}

absl::StatusOr<Approval> Approve(const Proposal& proposal, const crypto::SigningKey& key) {
  ASSIGN_OR_RETURN(std::string signature, key.Sign(SignedBytes(proposal)));
  return Approval{
      .proposal_hash = HashOf(proposal), .public_key = key.public_key(), .signature = std::move(signature)};
}

std::string BytesOf(const Approval& approval) {
  return absl::StrCat(approval.proposal_hash, approval.public_key, approval.signature);
}

absl::StatusOr<Approval> ApprovalFromBytes(absl::string_view bytes) {
  constexpr std::size_t kKeyAt = crypto::kSha256Bytes;
  constexpr std::size_t kSignatureAt = kKeyAt + crypto::kEd25519PublicKeyBytes;
  if (bytes.size() != kSignatureAt + crypto::kEd25519SignatureBytes) {
    return absl::InvalidArgumentError("an approval's bytes have another length");
  }
  return Approval{.proposal_hash = std::string(bytes.substr(0, kKeyAt)),
                  .public_key = std::string(bytes.substr(kKeyAt, crypto::kEd25519PublicKeyBytes)),
                  .signature = std::string(bytes.substr(kSignatureAt))};
}

absl::Status CheckApproved(const Proposal& proposal, const std::vector<Approval>& approvals,
                           const Policy& policy) {
  const std::string hash = HashOf(proposal);
  const std::string signed_bytes = SignedBytes(proposal);
  std::set<std::string> signers;
  for (const Approval& approval : approvals) {
    if (approval.proposal_hash != hash || policy.FindApprover(approval.public_key) == nullptr) continue;
    if (!crypto::VerifySignature(approval.public_key, signed_bytes, approval.signature).ok()) continue;
    signers.insert(approval.public_key);
  }
  if (signers.size() >= policy.approvals_needed()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "round ", proposal.round_id, " waits for approval: ", signers.size(), " of ", policy.approvals_needed(),
      " signatures under the proposal ", NameOf(proposal), "; see `waymark-node preview --round ",
      proposal.round_id, "`, then sign with `waymark-node approve`"));
}

}  // namespace waymark::node
