#include "node/site/signing.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/disclose/approval.h"
#include "node/site/awaiting.h"

namespace waymark::node {

absl::StatusOr<Signed> SignProposal(const Configuration& configuration, Workplace& workplace,
                                    const contract::RoundSpec& spec, ItemTables& tables,
                                    const std::string& proposal, const crypto::SigningKey& key) {
  const Approver* approver = workplace.policy().FindApprover(key.public_key());
  if (approver == nullptr) {
    return absl::PermissionDeniedError(
        absl::StrCat("the policy names no approver with this key; its public key is ",
                     absl::BytesToHexString(key.public_key())));
  }
  ASSIGN_OR_RETURN(const auto refusal, RefusalOf(configuration, spec.round_id));
  if (refusal) {
    return absl::PermissionDeniedError(
        absl::StrCat("round ", spec.round_id, ": was refused by ", refusal->by,
                     ", on the council's pages; it can be signed once that is taken back there"));
  }
  ASSIGN_OR_RETURN(const std::vector<ItemPreview> items, workplace.door().Preview(spec, tables));
  const Proposal now = workplace.door().Propose(spec, items);
  if (NameOf(now) != proposal) {
    return absl::FailedPreconditionError(absl::StrCat(
        "round ", spec.round_id, ": what would leave now is the proposal ", NameOf(now), ", not ", proposal,
        ": data, policy or ledger changed since that preview. Nothing was signed; look at the preview "
        "again"));
  }
  ASSIGN_OR_RETURN(const Approval approval, Approve(now, key));
  RETURN_IF_ERROR(workplace.ledger().Approve(spec.round_id, approval.proposal_hash, BytesOf(approval)));
  ASSIGN_OR_RETURN(const std::size_t given, workplace.door().ApprovalsGiven(spec.round_id));
  return Signed{.approver = approver->name, .given = given, .needed = workplace.policy().approvals_needed()};
}

}  // namespace waymark::node
