// ItemAnswerer's judgement of a round's linked items.
#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/disclose/item_answer.h"

namespace waymark::node {
namespace {

ItemRefusal NotJudged(const absl::Status& why) {
  return {.rule = "audit", .explanation = std::string(why.message())};
}

}  // namespace

absl::Status ItemAnswerer::AddMembers(const Query& query, const Claim& claim, const LeftBefore& left,
                                      bool stored_have_left, ItemTables& tables, LinkedGroup& out) const {
  for (const contract::RoundItem& item : query.spec.items) {
    const bool is_alike = item.mode == v1::MODE_THRESHOLDED && item.period == claim.period;
    const ItemCheck check = is_alike ? Check(item) : ItemCheck{.refusal = ItemRefusal{}};
    if (check.refusal || LinkageGroupOf(*check.metric) != claim.linkage_group) continue;
    const Query member{.spec = query.spec,
                       .item = item,
                       .metric = *check.metric,
                       .hash = crypto::Sha256(contract::CanonicalQuery(item, query.spec.data_version))};
    const bool is_stored_here = std::any_of(left.items.begin(), left.items.end(), [&](const auto& one) {
      return one.entry.subject == member.hash && one.entry.round_id == query.spec.round_id;
    });
    if (member.hash != query.hash && !(is_stored_here && !stored_have_left)) {
      ASSIGN_OR_RETURN(const auto stored, parts_.ledger.FindItem(member.hash));
      ASSIGN_OR_RETURN(const Claim its_claim, ThresholdedClaim(member));
      ASSIGN_OR_RETURN(const auto refusal, parts_.ledger.Check(member.hash, its_claim, {}));
      if (stored || refusal) continue;
    }
    ASSIGN_OR_RETURN(const Complete exact, Measure(member, tables));
    out.members.push_back(
        {.query_hash = member.hash, .first = out.tables.size(), .tables = exact.tables.size()});
    if (!exact.tables.empty()) RETURN_IF_ERROR(AddPrimary(member, exact.tables, tables, out.tables));
  }
  return absl::OkStatus();
}

absl::StatusOr<LinkedGroup> ItemAnswerer::Judge(const Query& query, const Claim& claim,
                                                const LeftBefore& left, bool stored_have_left,
                                                ItemTables& tables) const {
  LinkedGroup group;
  RETURN_IF_ERROR(AddMembers(query, claim, left, stored_have_left, tables, group));
  for (const Ledger::EarlierItem& item : left.items) {
    if (item.entry.round_id == query.spec.round_id && !stored_have_left) continue;
    ++group.left_before;
    auto before = Remeasure(item, tables);
    if (absl::IsFailedPrecondition(before.status())) group.judged.Update(before.status());
    if (!group.judged.ok()) continue;
    RETURN_IF_ERROR(before.status());
    std::move(before->begin(), before->end(), std::back_inserter(group.tables));
  }
  RETURN_IF_ERROR(AddPublished(left, tables, group.tables));
  if (parts_.published != nullptr) MarkKnown(*parts_.published, group.tables);
  RETURN_IF_ERROR(MarkChanged(query.spec, group.tables));
  group.too_narrow.resize(group.tables.size());
  if (!group.judged.ok()) return group;
  const auto audit = SuppressSecondary(group.tables);
  if (absl::IsFailedPrecondition(audit.status())) {
    group.judged = audit.status();
    return group;
  }
  RETURN_IF_ERROR(audit.status());
  for (const std::size_t table : audit->too_narrow) group.too_narrow[table] = true;
  return group;
}

bool ItemAnswerer::IsAsItLeft(const LinkedGroup& group, const Query& query, const LeftBefore& left) const {
  if (group.Find(query.hash) == nullptr) return false;
  std::size_t before = 0;
  for (const Ledger::EarlierItem& item : left.items) {
    const LinkedGroup::Member* member = group.Find(item.entry.subject);
    if (item.entry.round_id != query.spec.round_id || member == nullptr) {
      ++before;
      continue;
    }
    v1::Release part;
    for (std::size_t i = 0; i < member->tables; ++i) {
      AddTable(group.tables[member->first + i].released.table, ThresholdedProtection(), part);
    }
    if (part.SerializeAsString() != item.payload) return false;
  }
  return before == group.left_before;
}

absl::StatusOr<const LinkedGroup*> ItemAnswerer::GroupOf(const Query& query, const Claim& claim,
                                                         const LeftBefore& left, ItemTables& tables,
                                                         RoundSoFar& so_far) const {
  LinkedGroup& group = so_far.groups[absl::StrCat(claim.linkage_group, " ", claim.period)];
  // What this round stored before it was interrupted is what it would have been; or else counts as left.
  for (const bool stored_have_left : {false, true}) {
    if (IsAsItLeft(group, query, left)) break;
    ASSIGN_OR_RETURN(group, Judge(query, claim, left, stored_have_left, tables));
  }
  return &group;
}

absl::StatusOr<ItemAnswerer::Thresholded> ItemAnswerer::Protect(const Query& query, const Claim& claim,
                                                                ItemTables& tables,
                                                                RoundSoFar& so_far) const {
  ASSIGN_OR_RETURN(const LeftBefore left, FindLeft(query, claim));
  ASSIGN_OR_RETURN(const LinkedGroup* group, GroupOf(query, claim, left, tables, so_far));
  const LinkedGroup::Member* member = group->Find(query.hash);
  if (member == nullptr) return absl::InternalError("an item was not judged with its own round");
  Thresholded made{.group = group,
                   .member = member,
                   .with = {.days = left.days, .items = left.linked},
                   .refusal = std::nullopt};
  if (!group->judged.ok()) made.refusal = NotJudged(group->judged);
  for (std::size_t i = 0; i < group->tables.size() && !made.refusal; ++i) {
    const std::string& left_in = group->tables[i].left_in;
    const bool is_own = i >= member->first && i < member->first + member->tables;
    if (!group->too_narrow[i] || (left_in.empty() && !is_own)) continue;
    made.refusal = NotJudged(absl::FailedPreconditionError(
        absl::StrCat("a suppressed cell of ", left_in.empty() ? "this item" : left_in,
                     " could be worked out to less than the threshold, whatever else is suppressed here")));
  }
  if (!made.refusal) {
    ASSIGN_OR_RETURN(
        made.refusal,
        RefusedRevision(query, absl::MakeConstSpan(group->tables).subspan(member->first, member->tables)));
  }
  return made;
}

}  // namespace waymark::node
