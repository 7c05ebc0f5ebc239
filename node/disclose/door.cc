#include "node/disclose/door.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/log.h"
#include "base/period.h"
#include "base/status.h"
#include "catalogue/columns.h"
#include "crypto/discrete_laplace.h"
#include "crypto/hash.h"
#include "proto/contract/names.h"
#include "waymark/v1/round.pb.h"

namespace waymark::node {
namespace {

constexpr absl::Duration kClockTolerance = absl::Minutes(5);

crypto::SecretBytes ContributionKey(const crypto::SigningKey& key) {
  return crypto::SecretBytes(crypto::HmacSha256(key.seed(), "waymark/v1/contribution-limit"));
}

std::string QueryHash(const contract::RoundSpec& spec, const contract::RoundItem& item) {
  return crypto::Sha256(contract::CanonicalQuery(item, spec.data_version));
}

std::string SpecHash(const contract::RoundSpec& spec) {
  return crypto::Sha256(contract::CanonicalBytes(spec));
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
std::string CountRules(const std::vector<ThresholdedTable>& tables, const ThresholdRule& limits) {
  std::vector<std::pair<CellRule, std::size_t>> counts;
  for (const ThresholdedTable& table : tables) {
    for (const CellRule rule : table.rules) {
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

void AddTable(const contract::Table& table, const contract::Protection& protection, v1::Release& out) {
  contract::Release one;
  one.tables.push_back({.table = table, .protection = protection});
  v1::Release message;
  contract::ReleaseToProto(one, message);
  *out.add_tables() = std::move(*message.mutable_tables(0));
}

void AddAbsent(std::uint32_t item, v1::Absence absence, v1::Release& out) {
  v1::AbsentItem* absent = out.add_absent();
  absent->set_item(item);
  absent->set_absence(absence);
}

}  // namespace

// What an item adds to the release: a v1::Release with tables, and at most one absence whose item is 0.
struct Door::ItemAnswer {
  v1::Release part;
  std::string rule;
  std::string text;

  static ItemAnswer Absent(const ItemRefusal& refusal) {
    ItemAnswer answer{.part = {}, .rule = refusal.rule, .text = refusal.explanation};
    AddAbsent(0, refusal.absence, answer.part);
    return answer;
  }
  static ItemAnswer Refused(const Refusal& refusal) {
    return Absent(
        {.absence = v1::ABSENCE_NOT_RELEASED, .rule = refusal.rule, .explanation = refusal.explanation});
  }
  static absl::StatusOr<ItemAnswer> FromStored(const std::string& payload, std::string rule,
                                               std::string text) {
    ItemAnswer answer{.part = {}, .rule = std::move(rule), .text = std::move(text)};
    if (!answer.part.ParseFromString(payload)) {
      return absl::DataLossError("ledger: the stored tables of an item cannot be read");
    }
    return answer;
  }
};

Door::Door(const DoorParts& parts, std::string council, contract::ScopeDeclaration scope,
           StepObserver observer)
    : parts_(parts),
      council_(std::move(council)),
      scope_(std::move(scope)),
      observer_(std::move(observer)),
      contribution_key_(ContributionKey(parts.signing_key)) {}

void Door::Reached(absl::string_view step) const {
  if (observer_) observer_(step);
}

ThresholdRule Door::threshold() const {
  return {.threshold = parts_.policy.floors().threshold, .rounding = parts_.policy.floors().rounding};
}

Day Door::Today() const {
  const absl::CivilDay today = absl::ToCivilDay(parts_.clock.Now(), absl::UTCTimeZone());
  return static_cast<Day>(today - absl::CivilDay(1970, 1, 1));
}

absl::Status Door::CheckRound(const contract::RoundSpec& spec) const {
  RETURN_IF_ERROR(contract::CheckCouncilCode("council", council_));
  v1::RoundSpec message;
  contract::RoundSpecToProto(spec, message);
  RETURN_IF_ERROR(WithContext(contract::RoundSpecFromProto(message).status(), "round spec"));
  if (!parts_.policy.releases()) {
    return absl::PermissionDeniedError(
        absl::StrCat("nothing leaves this node: ", parts_.policy.closed_because()));
  }
  const std::uint32_t least = parts_.policy.floors().least_contributors;
  if (spec.least_contributors < least) {
    return absl::PermissionDeniedError(absl::StrCat("round ", spec.round_id, " publishes figures of ",
                                                    spec.least_contributors,
                                                    " councils; the policy's floor is ", least));
  }
  const absl::Time deadline = absl::FromUnixSeconds(spec.deadline_unix_s);
  if (parts_.clock.Now() > deadline + kClockTolerance) {
    return absl::FailedPreconditionError(
        absl::StrCat("round ", spec.round_id, ": its deadline passed at ",
                     absl::FormatTime(absl::RFC3339_sec, deadline, absl::UTCTimeZone())));
  }
  return absl::OkStatus();
}

absl::StatusOr<OutgoingRelease> Door::Outgoing(std::string bytes) const {
  v1::Release message;
  if (!message.ParseFromString(bytes)) return absl::DataLossError("ledger: a stored release cannot be read");
  ASSIGN_OR_RETURN(const contract::Release release, contract::ReleaseFromProto(message));
  const std::string canonical = contract::CanonicalBytes(release);
  RETURN_IF_ERROR(WithContext(
      crypto::VerifySignature(parts_.signing_key.public_key(), canonical, release.signature),
      "stored release: it is not signed by this node's key; restore the key that belongs to this ledger"));
  OutgoingRelease outgoing;
  outgoing.round_id_ = release.round_id;
  outgoing.council_ = release.council;
  outgoing.ledger_sequence_ = release.ledger_sequence;
  outgoing.release_hash_ = crypto::Sha256(canonical);
  outgoing.bytes_ = std::move(bytes);
  return outgoing;
}

absl::StatusOr<std::optional<OutgoingRelease>> Door::Stored(absl::string_view round_id) const {
  ASSIGN_OR_RETURN(auto stored, parts_.ledger.FindRelease(round_id));
  if (!stored) return std::nullopt;
  ASSIGN_OR_RETURN(OutgoingRelease outgoing, Outgoing(std::move(stored->bytes)));
  return outgoing;
}

absl::StatusOr<Answered> Door::Answer(const contract::RoundSpec& spec, ItemTables& tables) {
  ASSIGN_OR_RETURN(auto stored, parts_.ledger.FindRelease(spec.round_id));
  const std::string spec_hash = SpecHash(spec);
  std::vector<Explanation> explanations;
  const bool replayed = stored.has_value();
  if (!stored) {
    RETURN_IF_ERROR(CheckRound(spec));
    v1::Release release;
    release.set_round_id(spec.round_id);
    release.set_spec_hash(spec_hash);
    release.set_council(council_);
    contract::ScopeToProto(scope_, *release.mutable_scope());
    for (std::uint32_t i = 0; i < spec.items.size(); ++i) {
      ASSIGN_OR_RETURN(ItemAnswer answer, AnswerItem(spec, spec.items[i], tables));
      for (v1::ProtectedTable& table : *answer.part.mutable_tables()) {
        *release.add_tables() = std::move(table);
      }
      for (const v1::AbsentItem& absent : answer.part.absent()) AddAbsent(i, absent.absence(), release);
      Log(LogLevel::kInfo, "item decided",
          {{"round", spec.round_id}, {"metric", spec.items[i].metric}, {"rule", answer.rule}});
      explanations.push_back({.item = i,
                              .metric = spec.items[i].metric,
                              .rule = std::move(answer.rule),
                              .text = std::move(answer.text)});
    }
    ASSIGN_OR_RETURN(stored, StoreSigned(spec, std::move(release)));
  }
  if (stored->spec_hash != spec_hash) {
    return absl::AlreadyExistsError(absl::StrCat("round ", spec.round_id,
                                                 ": another spec was answered under this name; a changed "
                                                 "round needs a new one"));
  }
  ASSIGN_OR_RETURN(OutgoingRelease outgoing, Outgoing(std::move(stored->bytes)));
  return Answered{
      .release = std::move(outgoing), .replayed = replayed, .explanations = std::move(explanations)};
}

absl::StatusOr<Ledger::StoredRelease> Door::StoreSigned(const contract::RoundSpec& spec,
                                                        v1::Release release) {
  return parts_.ledger.StoreRelease(
      spec.round_id, release.spec_hash(),
      [&](std::uint64_t sequence, const std::string& head) -> absl::StatusOr<std::string> {
        release.set_ledger_sequence(sequence);
        release.set_ledger_head(head);
        // The contract's own checks run before anything is signed; they ask for a signature's length.
        release.set_signature(std::string(contract::kSignatureBytes, '\0'));
        ASSIGN_OR_RETURN(const contract::Release checked, contract::ReleaseFromProto(release));
        ASSIGN_OR_RETURN(*release.mutable_signature(),
                         parts_.signing_key.Sign(contract::CanonicalBytes(checked)));
        return release.SerializeAsString();
      });
}

absl::StatusOr<Door::ItemAnswer> Door::AnswerItem(const contract::RoundSpec& spec,
                                                  const contract::RoundItem& item, ItemTables& tables) {
  ItemCheck check = CheckItem(item, parts_.library, parts_.policy);
  if (check.refusal) return ItemAnswer::Absent(*check.refusal);
  ASSIGN_OR_RETURN(const auto stored, parts_.ledger.FindItem(QueryHash(spec, item)));
  if (stored) return ItemAnswer::FromStored(*stored, "replayed", "answered before: the stored bytes again");
  if (item.mode == v1::MODE_NOISED) return AnswerNoised(spec, item, *check.metric, tables);
  return AnswerThresholded(spec, item, *check.metric, tables);
}

absl::StatusOr<Door::Complete> Door::MeasureItem(const v1::Metric& metric, const contract::RoundItem& item,
                                                 ItemTables& tables) const {
  std::optional<ContributionLimit> limit;
  if (item.mode == v1::MODE_NOISED) {
    limit =
        ContributionLimit{.members = metric.contribution_bound(), .rank = [this](absl::string_view member) {
                            const std::string hash = crypto::HmacSha256(contribution_key_, member);
                            std::uint64_t rank = 0;
                            for (int i = 0; i < 8; ++i)
                              rank = rank << 8 | static_cast<unsigned char>(hash[i]);
                            return rank;
                          }};
  }
  ASSIGN_OR_RETURN(std::vector<Measured> measured, tables.Exact(item, limit));
  std::vector<TableKey> expected = TablesOf(metric, item);
  Complete complete;
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
  // Follow-up that has not ended will end. What left now could not be completed later, because the second
  // table could be subtracted from the first; so the whole item waits.
  if (complete.missing && complete.missing->absence == v1::ABSENCE_NOT_YET_COMPLETE) complete.tables.clear();
  return complete;
}

absl::StatusOr<Door::ItemAnswer> Door::AnswerThresholded(const contract::RoundSpec& spec,
                                                         const contract::RoundItem& item,
                                                         const v1::Metric& metric, ItemTables& tables) {
  const std::string query = QueryHash(spec, item);
  ASSIGN_OR_RETURN(const Claim claim, ClaimOf(metric, item, spec.data_version, Today(), 0));
  ASSIGN_OR_RETURN(const auto refusal, parts_.ledger.Check(query, claim, {}));
  if (refusal) return ItemAnswer::Refused(*refusal);
  ASSIGN_OR_RETURN(const Complete exact, MeasureItem(metric, item, tables));
  if (exact.tables.empty()) return ItemAnswer::Absent(exact.missing.value_or(ItemRefusal{}));
  ItemAnswer answer;
  const ThresholdRule limits = threshold();
  std::vector<ThresholdedTable> made;
  for (const contract::Table& table : exact.tables) {
    ASSIGN_OR_RETURN(ThresholdedTable one, ProtectThresholded(metric, table, limits));
    AddTable(one.table,
             {.mode = v1::MODE_THRESHOLDED,
              .suppressed_to = static_cast<std::uint32_t>(limits.threshold),
              .rounded_to = static_cast<std::uint32_t>(limits.rounding)},
             answer.part);
    made.push_back(std::move(one));
  }
  if (exact.missing) AddAbsent(0, exact.missing->absence, answer.part);
  ASSIGN_OR_RETURN(const Ledger::Stored stored,
                   parts_.ledger.StoreItem(spec.round_id, query, claim, answer.part.SerializeAsString()));
  if (stored.refusal) return ItemAnswer::Refused(*stored.refusal);
  std::string text = absl::StrCat("thresholded: ", CountRules(made, limits));
  if (exact.missing) absl::StrAppend(&text, ". Some tables are missing: ", exact.missing->explanation);
  return ItemAnswer::FromStored(stored.payload, "released", std::move(text));
}

absl::StatusOr<Door::ItemAnswer> Door::AnswerNoised(const contract::RoundSpec& spec,
                                                    const contract::RoundItem& item, const v1::Metric& metric,
                                                    ItemTables& tables) {
  const auto prepared = PrepareNoise(spec, item, metric);
  if (!prepared.ok()) {
    return ItemAnswer::Absent({.rule = "noise", .explanation = std::string(prepared.status().message())});
  }
  const std::string query = QueryHash(spec, item);
  const Fraction cap = parts_.policy.floors().yearly_epsilon;
  ASSIGN_OR_RETURN(auto refusal, parts_.ledger.Check(query, prepared->claim, cap));
  if (refusal) return ItemAnswer::Refused(*refusal);
  ASSIGN_OR_RETURN(const Complete exact, MeasureItem(metric, item, tables));
  if (exact.tables.empty()) return ItemAnswer::Absent(exact.missing.value_or(ItemRefusal{}));
  // From here on the charge is on disk: whatever fails now has been paid for.
  ASSIGN_OR_RETURN(refusal, parts_.ledger.Charge(spec.round_id, query, prepared->claim, cap));
  if (refusal) return ItemAnswer::Refused(*refusal);
  const contract::Protection protection{
      .mode = v1::MODE_NOISED,
      .epsilon_numerator = prepared->claim.epsilon.numerator,
      .epsilon_denominator = prepared->claim.epsilon.denominator,
      .sensitivity = prepared->plan.sensitivity,
      .privacy_unit = tables.HasFamilies() ? v1::UNIT_FAMILIES : v1::UNIT_CHILDREN};
  ItemAnswer answer;
  std::size_t dropped = 0;
  for (const contract::Table& planned : prepared->plan.tables) {
    const auto table = std::find_if(exact.tables.begin(), exact.tables.end(),
                                    [&](const auto& t) { return KeyOf(t) == KeyOf(planned); });
    if (table == exact.tables.end()) continue;
    ASSIGN_OR_RETURN(NoisedTable noised,
                     ProtectNoised(metric, planned, *table, prepared->noise, parts_.random));
    dropped += noised.dropped_rows;
    AddTable(noised.table, protection, answer.part);
  }
  Reached("noise drawn");
  if (exact.missing) AddAbsent(0, exact.missing->absence, answer.part);
  ASSIGN_OR_RETURN(const Ledger::Stored stored, parts_.ledger.StoreItem(spec.round_id, query, prepared->claim,
                                                                        answer.part.SerializeAsString()));
  if (stored.refusal) return ItemAnswer::Refused(*stored.refusal);
  std::string text = absl::StrCat("noised: epsilon ", FormatFraction(prepared->claim.epsilon), " charged to ",
                                  prepared->claim.last_year - prepared->claim.first_year + 1,
                                  " financial years, sensitivity ", prepared->plan.sensitivity);
  if (dropped > 0) absl::StrAppend(&text, "; ", dropped, " rows with unlisted codes were left out");
  if (exact.missing) absl::StrAppend(&text, ". Some tables are missing: ", exact.missing->explanation);
  return ItemAnswer::FromStored(stored.payload, "released", std::move(text));
}

absl::StatusOr<Door::PreparedNoise> Door::PrepareNoise(const contract::RoundSpec& spec,
                                                       const contract::RoundItem& item,
                                                       const v1::Metric& metric) const {
  ASSIGN_OR_RETURN(NoisePlan plan, PlanNoise(metric, item));
  ASSIGN_OR_RETURN(
      crypto::DiscreteLaplace noise,
      crypto::DiscreteLaplace::Create(
          {.numerator = item.epsilon_numerator, .denominator = item.epsilon_denominator}, plan.sensitivity));
  const std::uint64_t delta = plan.cells * noise.delta_units_of_2_to_minus_128();
  ASSIGN_OR_RETURN(Claim claim, ClaimOf(metric, item, spec.data_version, Today(), delta));
  return PreparedNoise{.plan = std::move(plan), .noise = std::move(noise), .claim = std::move(claim)};
}

absl::StatusOr<std::vector<ItemPreview>> Door::Preview(const contract::RoundSpec& spec,
                                                       ItemTables& tables) const {
  RETURN_IF_ERROR(CheckRound(spec));
  std::vector<ItemPreview> previews;
  for (std::uint32_t i = 0; i < spec.items.size(); ++i) {
    ItemPreview preview{.item = i, .asked = spec.items[i]};
    ItemCheck check = CheckItem(spec.items[i], parts_.library, parts_.policy);
    preview.refusal = std::move(check.refusal);
    if (check.metric != nullptr && !preview.refusal) {
      ASSIGN_OR_RETURN(const auto stored, parts_.ledger.FindItem(QueryHash(spec, spec.items[i])));
      preview.stored = stored.has_value();
      if (spec.items[i].mode == v1::MODE_NOISED) {
        RETURN_IF_ERROR(PreviewNoised(spec, *check.metric, tables, preview));
      } else {
        RETURN_IF_ERROR(PreviewThresholded(spec, *check.metric, tables, preview));
      }
    }
    previews.push_back(std::move(preview));
  }
  return previews;
}

absl::Status Door::PreviewThresholded(const contract::RoundSpec& spec, const v1::Metric& metric,
                                      ItemTables& tables, ItemPreview& preview) const {
  ASSIGN_OR_RETURN(const Claim claim, ClaimOf(metric, preview.asked, spec.data_version, Today(), 0));
  if (!preview.stored) {
    ASSIGN_OR_RETURN(const auto refusal, parts_.ledger.Check(QueryHash(spec, preview.asked), claim, {}));
    if (refusal) preview.refusal = ItemRefusal{.rule = refusal->rule, .explanation = refusal->explanation};
  }
  ASSIGN_OR_RETURN(Complete exact, MeasureItem(metric, preview.asked, tables));
  if (!preview.refusal && exact.tables.empty()) preview.refusal = exact.missing;
  for (contract::Table& table : exact.tables) {
    ASSIGN_OR_RETURN(ThresholdedTable released, ProtectThresholded(metric, table, threshold()));
    preview.thresholded.push_back({.exact = std::move(table), .released = std::move(released)});
  }
  return absl::OkStatus();
}

absl::Status Door::PreviewNoised(const contract::RoundSpec& spec, const v1::Metric& metric,
                                 ItemTables& tables, ItemPreview& preview) const {
  const auto prepared = PrepareNoise(spec, preview.asked, metric);
  if (!prepared.ok()) {
    preview.refusal = ItemRefusal{.rule = "noise", .explanation = std::string(prepared.status().message())};
    return absl::OkStatus();
  }
  const Fraction cap = parts_.policy.floors().yearly_epsilon;
  if (!preview.stored) {
    ASSIGN_OR_RETURN(const auto refusal,
                     parts_.ledger.Check(QueryHash(spec, preview.asked), prepared->claim, cap));
    if (refusal) preview.refusal = ItemRefusal{.rule = refusal->rule, .explanation = refusal->explanation};
  }
  ASSIGN_OR_RETURN(const Complete exact, MeasureItem(metric, preview.asked, tables));
  if (!preview.refusal && exact.tables.empty()) preview.refusal = exact.missing;
  ASSIGN_OR_RETURN(const std::vector<YearBudget> spent, parts_.ledger.Budget(cap));
  ItemPreview::NoisedPreview noised{
      .claim = prepared->claim,
      .sensitivity = prepared->plan.sensitivity,
      .cells = prepared->plan.cells,
      .error = ExpectedErrorOf(prepared->claim.epsilon, prepared->plan.sensitivity)};
  for (int year = noised.claim.first_year; year <= noised.claim.last_year; ++year) {
    const auto at = std::find_if(spent.begin(), spent.end(), [&](const auto& y) { return y.year == year; });
    noised.budget.push_back(at != spent.end() ? *at : YearBudget{.year = year, .left = UnitsLeft(0, cap)});
  }
  preview.noised = std::move(noised);
  return absl::OkStatus();
}

}  // namespace waymark::node
