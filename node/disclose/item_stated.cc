// ItemAnswerer's statements: what a council says of itself leaves as it is. No family is in it, so there is
// nothing to suppress or to charge; whoever approves the round has read it (policy.h).
#include <utility>

#include "base/status.h"
#include "node/disclose/item_answer.h"

namespace waymark::node {

absl::StatusOr<Claim> ItemAnswerer::StatedClaim(const Query& query) const {
  return ClaimOf(query.metric, query.item, query.spec.data_version, Today(), 0);
}

absl::StatusOr<ItemAnswer> ItemAnswerer::AnswerStated(const Query& query, ItemTables& tables) {
  ASSIGN_OR_RETURN(const Claim claim, StatedClaim(query));
  ASSIGN_OR_RETURN(const auto refusal, parts_.ledger.Check(query.hash, claim, {}));
  if (refusal) return Absent({.rule = refusal->rule, .explanation = refusal->explanation});
  ASSIGN_OR_RETURN(const Complete exact, Measure(query, tables));
  if (exact.tables.empty()) return Absent(*exact.missing);
  ItemAnswer answer;
  answer.text = "stated: the council's answers as they are";
  for (const contract::Table& table : exact.tables) {
    AddTable(table, {.mode = v1::MODE_STATED}, answer.part);
  }
  return Store(query, claim, exact, {}, std::move(answer));
}

absl::Status ItemAnswerer::PreviewStated(const Query& query, ItemTables& tables, ItemPreview& preview) const {
  ASSIGN_OR_RETURN(const Claim claim, StatedClaim(query));
  if (!preview.stored) {
    ASSIGN_OR_RETURN(const auto refusal, parts_.ledger.Check(query.hash, claim, {}));
    if (refusal) preview.refusal = ItemRefusal{.rule = refusal->rule, .explanation = refusal->explanation};
  }
  ASSIGN_OR_RETURN(Complete exact, Measure(query, tables));
  if (!preview.refusal && exact.tables.empty()) preview.refusal = exact.missing;
  preview.stated = std::move(exact.tables);
  return absl::OkStatus();
}

}  // namespace waymark::node
