// ItemAnswerer's previews: the same decisions as Answer, and nothing written, charged or drawn.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/secure_sum/session.h"
#include "node/disclose/approval.h"
#include "node/disclose/item_answer.h"
#include "proto/contract/modes.h"

namespace waymark::node {
namespace {

// As somebody sees them who has all of the round: the other items' as if they had left.
std::vector<LinkedTable> BesideTheRound(const LinkedGroup& group, const LinkedGroup::Member& own) {
  std::vector<LinkedTable> tables = group.tables;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const bool is_own = i >= own.first && i < own.first + own.tables;
    if (!is_own && tables[i].left_in.empty()) tables[i].left_in = "this round";
  }
  return tables;
}

}  // namespace

absl::StatusOr<ItemPreview> ItemAnswerer::Preview(const contract::RoundSpec& spec, std::uint32_t item,
                                                  ItemTables& tables, RoundSoFar& so_far) const {
  ItemPreview preview{.item = item, .asked = spec.items[item]};
  ItemCheck check = Check(preview.asked);
  preview.refusal = std::move(check.refusal);
  if (preview.refusal) {
    preview.proposed = ProposedAbsent(preview.refusal->absence);
    return preview;
  }
  const Query query{.spec = spec,
                    .item = spec.items[item],
                    .metric = *check.metric,
                    .hash = crypto::Sha256(contract::CanonicalQuery(preview.asked, spec.data_version))};
  if (preview.asked.mode == v1::MODE_SECURE_SUM) {
    RETURN_IF_ERROR(PreviewSum(query, tables, preview));
    return preview;
  }
  ASSIGN_OR_RETURN(const auto stored, parts_.ledger.FindItem(query.hash));
  preview.stored = stored.has_value();
  v1::Release part;
  if (stored && part.ParseFromString(*stored)) preview.refusal = RefusedNow(part, parts_.policy);
  const bool noised = contract::HasNoise(preview.asked.mode);
  if (noised) {
    RETURN_IF_ERROR(PreviewNoised(query, tables, preview));
  } else if (preview.asked.mode == v1::MODE_STATED) {
    RETURN_IF_ERROR(PreviewStated(query, tables, preview));
  } else {
    RETURN_IF_ERROR(PreviewThresholded(query, tables, so_far, preview));
  }
  if (preview.refusal) {
    preview.proposed = ProposedAbsent(preview.refusal->absence);
  } else if (noised) {
    preview.proposed = ProposedQuery(query.hash);
  } else {
    if (!stored) {
      for (const auto& table : preview.thresholded)
        AddTable(table.released.table, ThresholdedProtection(), part);
      for (const auto& table : preview.stated) AddTable(table, {.mode = v1::MODE_STATED}, part);
    }
    preview.proposed = ProposedTables(part);
  }
  return preview;
}

absl::Status ItemAnswerer::PreviewThresholded(const Query& query, ItemTables& tables, RoundSoFar& so_far,
                                              ItemPreview& preview) const {
  ASSIGN_OR_RETURN(const Claim claim, ThresholdedClaim(query));
  if (!preview.stored) {
    ASSIGN_OR_RETURN(const auto refusal, parts_.ledger.Check(query.hash, claim, {}));
    if (refusal) preview.refusal = ItemRefusal{.rule = refusal->rule, .explanation = refusal->explanation};
  }
  ASSIGN_OR_RETURN(const Complete exact, Measure(query, tables));
  if (!preview.refusal && exact.tables.empty()) preview.refusal = exact.missing;
  ASSIGN_OR_RETURN(const Thresholded made, Protect(query, claim, tables, so_far));
  // What is stored leaves as it is stored.
  if (!preview.refusal && !preview.stored) preview.refusal = made.refusal;
  const auto [hash, first, own] = *made.member;
  if (!preview.refusal) {
    preview.note = NoteOn(absl::MakeConstSpan(made.group->tables).subspan(first, own), threshold());
  }
  std::vector<KnownCells> known(made.group->tables.size());
  if (!made.refusal) {
    ASSIGN_OR_RETURN(known, AttackersIntervals(BesideTheRound(*made.group, *made.member)));
  }
  for (std::size_t i = first; i < first + own; ++i) {
    const LinkedTable& table = made.group->tables[i];
    preview.thresholded.push_back(
        {.exact = table.exact, .released = table.released, .known = std::move(known[i])});
  }
  return absl::OkStatus();
}

absl::Status ItemAnswerer::PreviewNoised(const Query& query, ItemTables& tables, ItemPreview& preview) const {
  const auto prepared = PrepareNoise(query);
  if (!prepared.ok()) {
    preview.refusal = ItemRefusal{.rule = "noise", .explanation = std::string(prepared.status().message())};
    return absl::OkStatus();
  }
  const Claim& claim = prepared->claim;
  const BudgetLimits& cap = parts_.policy.budget();
  if (!preview.stored) {
    ASSIGN_OR_RETURN(const auto refusal, parts_.ledger.Check(query.hash, claim, cap));
    if (refusal) preview.refusal = ItemRefusal{.rule = refusal->rule, .explanation = refusal->explanation};
  }
  ASSIGN_OR_RETURN(const Complete exact, Measure(query, tables));
  if (!preview.refusal && exact.tables.empty()) preview.refusal = exact.missing;
  preview.clamping = exact.clamping;
  RETURN_IF_ERROR(CompareUnbounded(query, tables, exact.tables, preview.clamping));
  ItemPreview::NoisedPreview noised{.claim = claim,
                                    .sensitivity = prepared->plan.sensitivity,
                                    .cells = prepared->plan.cells,
                                    .error = ExpectedErrorOf(query.item, prepared->plan)};
  // A stored query costs nothing more.
  ASSIGN_OR_RETURN(noised.budget, BudgetAfter(claim, preview.stored));
  preview.noised = std::move(noised);
  return absl::OkStatus();
}

absl::Status ItemAnswerer::CompareUnbounded(const Query& query, ItemTables& tables,
                                            absl::Span<const contract::Table> bounded,
                                            std::vector<Clamping>& clamping) {
  if (clamping.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<Measured> unbounded, tables.Exact(query.item, std::nullopt));
  MarkChanges(bounded, unbounded, clamping);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<YearBudget>> ItemAnswerer::BudgetAfter(const Claim& claim, bool is_charged) const {
  ASSIGN_OR_RETURN(const auto entries, parts_.ledger.Entries());
  ASSIGN_OR_RETURN(auto years, BudgetOf(entries, parts_.policy.budget(),
                                        is_charged ? std::vector<Claim>{} : std::vector{claim}));
  std::erase_if(years, [&](const YearBudget& year) {
    return year.year < claim.first_year || claim.last_year < year.year;
  });
  return years;
}

absl::Status ItemAnswerer::PreviewSum(const Query& query, ItemTables& tables, ItemPreview& preview) const {
  contract::RoundSpec alone = query.spec;
  alone.items = {query.item};
  const v1::Metric* const metric = &query.metric;
  const auto layout = catalogue::LayOut(alone, {&metric, 1});
  // How many shares there are does not alter the cells, nor the noise of all of them together. What goes into
  // weighted sums are the same counts times a public weight: it stands on the roster, which is not asked
  // here.
  auto summed =
      layout.ok()
          ? PrepareSum(alone, 0, {.cells = *layout, .honest_shares = crypto::kFewestHonestShares}, tables)
          : layout.status();
  const bool is_refused = absl::IsFailedPrecondition(summed.status()) ||
                          absl::IsInvalidArgument(summed.status()) ||
                          absl::IsResourceExhausted(summed.status());
  // Anything else is no matter of noise: the sources, or the machine.
  if (!is_refused) RETURN_IF_ERROR(summed.status());
  if (is_refused) {
    preview.refusal = ItemRefusal{.rule = "noise", .explanation = std::string(summed.status().message())};
  } else {
    preview.refusal = summed->refusal;
  }
  if (!preview.refusal) {
    ASSIGN_OR_RETURN(const auto refusal, parts_.ledger.CheckSums({summed->sum}, parts_.policy.budget()));
    if (refusal) preview.refusal = ItemRefusal{.rule = refusal->rule, .explanation = refusal->explanation};
  }
  if (preview.refusal) {
    preview.proposed = ProposedAbsent(preview.refusal->absence);
    return absl::OkStatus();
  }
  const catalogue::SecureItem& laid = layout->items.front();
  std::vector<std::int64_t> cells;
  for (const UnmaskedCells& group : summed->cells) {
    cells.insert(cells.end(), group.counts.begin(), group.counts.end());
  }
  preview.proposed = ProposedSum(query.hash, cells);
  preview.summed = catalogue::WithCells(laid, cells);
  preview.clamping = summed->clamping;
  preview.cut_cells = summed->clamped;
  if (!preview.clamping.empty()) {
    ASSIGN_OR_RETURN(const Complete exact, Measure(query, tables));
    RETURN_IF_ERROR(CompareUnbounded(query, tables, exact.tables, preview.clamping));
  }
  ItemPreview::NoisedPreview noised{.claim = summed->sum.claim,
                                    .sensitivity = laid.counts.plan.sensitivity,
                                    .cells = laid.cells(),
                                    .error = ExpectedErrorOf(query.item, laid.counts)};
  ASSIGN_OR_RETURN(noised.budget, BudgetAfter(noised.claim, false));
  preview.noised = std::move(noised);
  return absl::OkStatus();
}

}  // namespace waymark::node
