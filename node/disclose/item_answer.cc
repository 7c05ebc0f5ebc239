#include "node/disclose/item_answer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/disclose/approval.h"
#include "proto/contract/modes.h"

namespace waymark::node {
namespace {

std::shared_ptr<const crypto::SecretBytes> ContributionKey(const crypto::SigningKey& key) {
  return std::make_shared<const crypto::SecretBytes>(
      crypto::HmacSha256(key.seed(), "waymark/v1/contribution-limit"));
}

// Why a table is missing, in the words that leave. Nothing where it is complete.
std::optional<ItemRefusal> MissingBecause(const Measured& measured) {
  ItemRefusal refusal{.rule = "completeness", .explanation = measured.reason};
  switch (measured.completeness) {
    case Completeness::kComplete:
      if (!measured.table.rows.empty()) return std::nullopt;
      refusal.absence = v1::ABSENCE_NOT_AVAILABLE;
      return refusal;
    case Completeness::kPartial:
    case Completeness::kNotYet:
      refusal.absence = v1::ABSENCE_NOT_YET_COMPLETE;
      return refusal;
    case Completeness::kNotCovered:
      refusal.absence = v1::ABSENCE_NOT_COVERED;
      return refusal;
    case Completeness::kNotAvailable:
      refusal.absence = v1::ABSENCE_NOT_AVAILABLE;
      return refusal;
  }
  return refusal;
}

// How many cells each rule met: for the council alone.
std::string CountRules(absl::Span<const LinkedTable> tables, const ThresholdRule& limits) {
  std::vector<std::pair<CellRule, std::size_t>> counts;
  for (const LinkedTable& table : tables) {
    for (const CellRule rule : table.released.rules) {
      auto at = std::find_if(counts.begin(), counts.end(), [&](const auto& c) { return c.first == rule; });
      if (at == counts.end()) at = counts.insert(counts.end(), {rule, 0});
      ++at->second;
    }
  }
  std::vector<std::string> words;
  for (const auto& [rule, count] : counts) {
    words.push_back(absl::StrCat(count, count == 1 ? " cell " : " cells ", DescribeRule(rule, limits)));
  }
  return absl::StrJoin(words, "; ");
}

// Noise is never drawn for a proposal, so what leaves noised is known by its query.
std::string ProposedBy(const v1::Release& part, const contract::RoundItem& item, std::uint32_t data_version) {
  if (part.absent_size() > 0) return ProposedAbsent(part.absent(0).absence());
  if (item.mode != v1::MODE_NOISED) return ProposedTables(part);
  return ProposedQuery(crypto::Sha256(contract::CanonicalQuery(item, data_version)));
}

absl::StatusOr<ItemAnswer> FromStored(const std::string& payload, std::string rule, std::string text) {
  ItemAnswer answer{.part = {}, .rule = std::move(rule), .text = std::move(text)};
  if (!answer.part.ParseFromString(payload)) {
    return absl::DataLossError("ledger: the stored tables of an item cannot be read");
  }
  return answer;
}

}  // namespace

ItemAnswer Absent(const ItemRefusal& refusal) {
  ItemAnswer answer{.part = {}, .rule = refusal.rule, .text = refusal.explanation};
  answer.part.add_absent()->set_absence(refusal.absence);
  return answer;
}

ItemAnswerer::ItemAnswerer(const DoorParts& parts, StepObserver observer)
    : parts_(parts), observer_(std::move(observer)), contribution_key_(ContributionKey(parts.signing_key)) {}

void ItemAnswerer::Reached(absl::string_view step) const {
  if (observer_) observer_(step);
}

ThresholdRule ItemAnswerer::threshold() const {
  return {.threshold = parts_.policy.floors().threshold, .rounding = parts_.policy.floors().rounding};
}

contract::Protection ItemAnswerer::ThresholdedProtection() const {
  const ThresholdRule limits = threshold();
  return {.mode = v1::MODE_THRESHOLDED,
          .suppressed_to = static_cast<std::uint32_t>(limits.threshold),
          .rounded_to = static_cast<std::uint32_t>(limits.rounding)};
}

void ItemAnswerer::AddTable(const contract::Table& table, const contract::Protection& protection,
                            v1::Release& out) {
  contract::Release one;
  one.tables.push_back({.table = table, .protection = protection});
  v1::Release message;
  contract::ReleaseToProto(one, message);
  *out.add_tables() = std::move(*message.mutable_tables(0));
}

Day ItemAnswerer::Today() const {
  const absl::CivilDay today = absl::ToCivilDay(parts_.clock.Now(), absl::UTCTimeZone());
  return static_cast<Day>(today - absl::CivilDay(1970, 1, 1));
}

ContributionLimit ItemAnswerer::LimitFor(const v1::Metric& metric) const {
  return {.members = metric.contribution_bound(),
          .rank = [key = contribution_key_](absl::string_view member) {
            const std::string hash = crypto::HmacSha256(*key, member);
            std::uint64_t rank = 0;
            for (std::size_t i = 0; i < sizeof rank; ++i) {
              rank = rank << 8 | static_cast<unsigned char>(hash[i]);
            }
            return rank;
          }};
}

absl::StatusOr<ItemAnswer> ItemAnswerer::Answer(const contract::RoundSpec& spec,
                                                const contract::RoundItem& item, ItemTables& tables,
                                                RoundSoFar& so_far) {
  ASSIGN_OR_RETURN(ItemAnswer answer, Decide(spec, item, tables, so_far));
  answer.proposed = ProposedBy(answer.part, item, spec.data_version);
  return answer;
}

ItemCheck ItemAnswerer::Check(const contract::RoundItem& item) const {
  ItemCheck check = CheckItem(item, parts_.library, parts_.policy);
  if (!check.refusal && parts_.published != nullptr) {
    check.refusal = RefusedByPublished(*parts_.published, item, *check.metric, parts_.library);
  }
  return check;
}

absl::StatusOr<ItemAnswer> ItemAnswerer::Decide(const contract::RoundSpec& spec,
                                                const contract::RoundItem& item, ItemTables& tables,
                                                RoundSoFar& so_far) {
  const ItemCheck check = Check(item);
  if (check.refusal) return Absent(*check.refusal);
  const Query query{.spec = spec,
                    .item = item,
                    .metric = *check.metric,
                    .hash = crypto::Sha256(contract::CanonicalQuery(item, spec.data_version))};
  ASSIGN_OR_RETURN(const auto stored, parts_.ledger.FindItem(query.hash));
  if (stored) {
    ASSIGN_OR_RETURN(ItemAnswer answer,
                     FromStored(*stored, "replayed", "answered before: the stored bytes again, no charge"));
    const auto refusal = RefusedNow(answer.part, parts_.policy);
    return refusal ? Absent(*refusal) : answer;
  }
  if (item.mode == v1::MODE_STATED) return AnswerStated(query, tables);
  return item.mode == v1::MODE_NOISED ? AnswerNoised(query, tables, so_far.noised_cells_left)
                                      : AnswerThresholded(query, tables, so_far);
}

absl::StatusOr<ItemAnswerer::Complete> ItemAnswerer::Measure(const Query& query, ItemTables& tables) const {
  const contract::RoundItem& item = query.item;
  std::optional<ContributionLimit> limit;
  if (contract::HasNoise(item.mode)) limit = LimitFor(query.metric);
  auto exact = tables.Exact(item, limit);
  if (absl::IsInvalidArgument(exact.status())) {
    // The definition has what these measures do not know; the round's other items need not suffer for it.
    return Complete{.tables = {},
                    .missing = ItemRefusal{.absence = v1::ABSENCE_NOT_AVAILABLE,
                                           .rule = "completeness",
                                           .explanation = std::string(exact.status().message())}};
  }
  ASSIGN_OR_RETURN(std::vector<Measured> measured, std::move(exact));
  std::vector<TableKey> expected = TablesOf(query.metric, item);
  Complete complete{.tables = {}, .missing = {}, .clamping = ClampingOf(measured)};
  for (Measured& one : measured) {
    const auto at = std::find(expected.begin(), expected.end(), KeyOf(one.table));
    if (at == expected.end() || one.table.metric != item.metric || one.table.version != item.version ||
        one.table.period != item.period) {
      return absl::InternalError(absl::StrCat("metric ", item.metric,
                                              ": the measures gave a table that was not asked for; nothing "
                                              "may leave. Please report this"));
    }
    expected.erase(at);
    auto missing = MissingBecause(one);
    if (!missing) {
      complete.tables.push_back(std::move(one.table));
    } else if (!complete.missing || missing->absence == v1::ABSENCE_NOT_YET_COMPLETE) {
      complete.missing = std::move(missing);
    }
  }
  if (!expected.empty()) {
    return absl::InternalError(absl::StrCat("metric ", item.metric, ": the measures left out ",
                                            expected.size(), " tables. Please report this"));
  }
  // Follow-up that has not ended will end. What left now could not be completed later, because one table
  // could be subtracted from the other; so the whole item waits.
  if (complete.missing && complete.missing->absence == v1::ABSENCE_NOT_YET_COMPLETE) complete.tables.clear();
  if (complete.tables.empty() && !complete.missing) {
    return absl::InternalError(absl::StrCat("metric ", item.metric, ": asks for no table"));
  }
  return complete;
}

absl::StatusOr<ItemAnswer> ItemAnswerer::Store(const Query& query, const Claim& claim, const Complete& exact,
                                               const Ledger::JudgedWith& with, ItemAnswer answer) {
  // An item is given or absent, never both, to those outside; what it lacks they see by what is not there.
  if (exact.missing) {
    absl::StrAppend(&answer.text, ". Some tables are missing: ", exact.missing->explanation);
  }
  ASSIGN_OR_RETURN(
      const Ledger::Stored stored,
      parts_.ledger.StoreItem(query.spec.round_id, query.hash, claim, with, answer.part.SerializeAsString()));
  if (stored.refusal) {
    return Absent({.rule = stored.refusal->rule, .explanation = stored.refusal->explanation});
  }
  return FromStored(stored.payload, "released", std::move(answer.text));
}

absl::StatusOr<ItemAnswer> ItemAnswerer::AnswerThresholded(const Query& query, ItemTables& tables,
                                                           RoundSoFar& so_far) {
  ASSIGN_OR_RETURN(const Claim claim, ThresholdedClaim(query));
  ASSIGN_OR_RETURN(const auto refusal, parts_.ledger.Check(query.hash, claim, {}));
  if (refusal) return Absent({.rule = refusal->rule, .explanation = refusal->explanation});
  ASSIGN_OR_RETURN(const Complete exact, Measure(query, tables));
  if (exact.tables.empty()) return Absent(*exact.missing);
  ASSIGN_OR_RETURN(const Thresholded made, Protect(query, claim, tables, so_far));
  if (made.refusal) return Absent(*made.refusal);
  ItemAnswer answer;
  const auto own = absl::MakeConstSpan(made.group->tables).subspan(made.member->first, made.member->tables);
  for (const LinkedTable& table : own) {
    AddTable(table.released.table, ThresholdedProtection(), answer.part);
  }
  answer.text = absl::StrCat("thresholded: ", CountRules(own, threshold()));
  const std::string note = NoteOn(own, threshold());
  if (!note.empty()) absl::StrAppend(&answer.text, "; ", note);
  return Store(query, claim, exact, made.with, std::move(answer));
}

std::string ItemAnswerer::NoteOn(absl::Span<const LinkedTable> own, const ThresholdRule& limits) {
  const bool is_curve = !own.empty() && own[0].metric->kind() == v1::METRIC_KIND_SURVIVAL;
  if (!is_curve || std::any_of(own.begin(), own.end(), ShowsACurve)) return "";
  return absl::StrCat(
      "no curve can be drawn of it: a curve needs each of its weeks, and every row has one with 1 to ",
      limits.threshold, " people; ask for this metric noised, or as a secure sum");
}

absl::StatusOr<ItemAnswerer::PreparedNoise> ItemAnswerer::PrepareNoise(const Query& query) const {
  ASSIGN_OR_RETURN(NoisePlan plan, PlanNoise(query.metric, query.item));
  ASSIGN_OR_RETURN(Noise noise, Noise::Create(query.item, plan));
  ASSIGN_OR_RETURN(const std::uint64_t delta, DeltaLeft(query.item, noise, plan.cells));
  ASSIGN_OR_RETURN(Claim claim, ClaimOf(query.metric, query.item, query.spec.data_version, Today(), delta));
  return PreparedNoise{.plan = std::move(plan), .noise = std::move(noise), .claim = std::move(claim)};
}

absl::StatusOr<std::size_t> ItemAnswerer::DrawNoised(const Query& query, const PreparedNoise& prepared,
                                                     const std::vector<contract::Table>& exact,
                                                     bool has_families, v1::Release& out) {
  const Claim& claim = prepared.claim;
  const bool gaussian = claim.rho_charge > 0;
  const contract::Protection protection{
      .mode = v1::MODE_NOISED,
      .epsilon_numerator = claim.epsilon.numerator,
      .epsilon_denominator = claim.epsilon.denominator,
      .sensitivity = gaussian ? prepared.plan.sensitivity_square : prepared.plan.sensitivity,
      .privacy_unit = has_families ? v1::UNIT_FAMILIES : v1::UNIT_CHILDREN,
      .rho_numerator = claim.rho.numerator,
      .rho_denominator = claim.rho.denominator};
  std::size_t dropped = 0;
  for (const contract::Table& planned : prepared.plan.tables) {
    const auto table = std::find_if(exact.begin(), exact.end(),
                                    [&](const auto& one) { return KeyOf(one) == KeyOf(planned); });
    if (table == exact.end()) continue;
    ASSIGN_OR_RETURN(const NoisedTable noised,
                     ProtectNoised(query.metric, planned, *table, prepared.noise, parts_.random));
    dropped += noised.dropped_rows;
    AddTable(noised.table, protection, out);
  }
  Reached("noise drawn");
  return dropped;
}

absl::StatusOr<ItemAnswer> ItemAnswerer::AnswerNoised(const Query& query, ItemTables& tables,
                                                      std::uint64_t& cells_left) {
  const auto prepared = PrepareNoise(query);
  if (!prepared.ok()) {
    return Absent({.rule = "noise", .explanation = std::string(prepared.status().message())});
  }
  if (prepared->plan.cells > cells_left) {
    return Absent(
        {.rule = "noise", .explanation = "the round asks for more noised cells than fit in a release"});
  }
  cells_left -= prepared->plan.cells;
  const Claim& claim = prepared->claim;
  const BudgetLimits& cap = parts_.policy.budget();
  ASSIGN_OR_RETURN(auto refusal, parts_.ledger.Check(query.hash, claim, cap));
  if (refusal) return Absent({.rule = refusal->rule, .explanation = refusal->explanation});
  ASSIGN_OR_RETURN(const Complete exact, Measure(query, tables));
  if (exact.tables.empty()) return Absent(*exact.missing);
  ASSIGN_OR_RETURN(refusal, parts_.ledger.Charge(query.spec.round_id, query.hash, claim, cap));
  if (refusal) return Absent({.rule = refusal->rule, .explanation = refusal->explanation});
  // From here on the charge is on disk: whatever fails now has been paid for.
  ItemAnswer answer;
  ASSIGN_OR_RETURN(const std::size_t dropped,
                   DrawNoised(query, *prepared, exact.tables, tables.HasFamilies(), answer.part));
  answer.text =
      absl::StrCat("noised: ", DescribeCharge(claim), " charged to ", claim.last_year - claim.first_year + 1,
                   " financial years, sensitivity ", prepared->plan.sensitivity);
  if (dropped > 0) {
    absl::StrAppend(&answer.text, "; ", dropped, " rows with unlisted codes were left out");
  }
  if (!exact.clamping.empty()) {
    absl::StrAppend(&answer.text, "; ", DescribeClamping(exact.clamping, query.metric.contribution_bound()));
  }
  return Store(query, claim, exact, {}, std::move(answer));
}

}  // namespace waymark::node
