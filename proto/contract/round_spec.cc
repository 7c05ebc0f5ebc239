#include "proto/contract/round_spec.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/canonical.h"
#include "base/period.h"
#include "base/status.h"
#include "proto/contract/checks.h"
#include "proto/contract/modes.h"
#include "proto/contract/names.h"
#include "proto/contract/release.h"
#include "proto/contract/revision.h"
#include "proto/contract/unknown_fields.h"

namespace waymark::contract {
namespace {

constexpr std::uint32_t kMostContributors = 10'000;
constexpr std::size_t kMostGeographies = 16;

absl::Status CheckEpsilon(const v1::RoundItem& message) {
  const bool epsilon = message.epsilon_numerator() != 0;
  const bool rho = message.rho_numerator() != 0;
  if (!HasNoise(message.mode())) {
    if (!epsilon && !rho) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("item.epsilon: a ", NameOf(message.mode()), " item has none"));
  }
  if (epsilon && rho) return absl::InvalidArgumentError("item.rho: expected either epsilon or rho, not both");
  const bool right = rho ? IsPrivacyFraction(message.rho_numerator(), message.rho_denominator())
                         : IsPrivacyFraction(message.epsilon_numerator(), message.epsilon_denominator());
  if (right) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(rho ? "item.rho" : "item.epsilon",
                                                 ": expected a fraction of whole numbers from 1 to 10^9"));
}

// What a secure sum may ask for beside its counts.
absl::Status CheckExtra(absl::string_view field, v1::Mode mode, std::uint64_t numerator,
                        std::uint64_t denominator) {
  if (numerator == 0) return absl::OkStatus();
  if (mode != v1::MODE_SECURE_SUM) {
    return absl::InvalidArgumentError(absl::StrCat(
        "item.", field, ": only a secure sum takes it; elsewhere councils' own figures are there"));
  }
  if (IsPrivacyFraction(numerator, denominator)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("item.", field, ": expected a fraction of whole numbers from 1 to 10^9"));
}

absl::StatusOr<RoundItem> ItemFromProto(const v1::RoundItem& message) {
  RETURN_IF_ERROR(CheckIdentifier("item.metric", message.metric()));
  RETURN_IF_ERROR(
      CheckLength("item.definition_hash", message.definition_hash().size(), kHashBytes, kHashBytes));
  RETURN_IF_ERROR(CheckLength("item.period", message.period().size(), 1, 64));
  ASSIGN_OR_RETURN(const Period period, ParsePeriod(message.period()));
  if (!v1::Mode_IsValid(message.mode()) || message.mode() == v1::MODE_UNSPECIFIED) {
    return absl::InvalidArgumentError(
        absl::StrCat("item.mode: expected one of ", absl::StrJoin(ModeNames(), ", ")));
  }
  RETURN_IF_ERROR(CheckEpsilon(message));
  RETURN_IF_ERROR(CheckExtra("distribution_epsilon", message.mode(), message.distribution_epsilon_numerator(),
                             message.distribution_epsilon_denominator()));
  RETURN_IF_ERROR(CheckExtra("deprivation_rho", message.mode(), message.deprivation_rho_numerator(),
                             message.deprivation_rho_denominator()));
  RETURN_IF_ERROR(CheckLength("item.breakdowns", static_cast<std::size_t>(message.breakdowns_size()), 0, 32));
  for (const std::string& name : message.breakdowns()) {
    RETURN_IF_ERROR(CheckLength("item.breakdowns", name.size(), 1, 129));
  }
  RETURN_IF_ERROR(
      CheckLength("item.window_days", static_cast<std::size_t>(message.window_days_size()), 0, 16));
  RETURN_IF_ERROR(CheckLength("item.units", static_cast<std::size_t>(message.units_size()), 0, 3));
  RoundItem item{.metric = message.metric(),
                 .version = message.version(),
                 .definition_hash = message.definition_hash(),
                 .period = period.label,
                 .mode = message.mode(),
                 .breakdowns = {message.breakdowns().begin(), message.breakdowns().end()},
                 .window_days = {message.window_days().begin(), message.window_days().end()},
                 .units = {},
                 .epsilon_numerator = message.epsilon_numerator(),
                 .epsilon_denominator = message.epsilon_numerator() != 0 ? message.epsilon_denominator() : 1,
                 .rho_numerator = message.rho_numerator(),
                 .rho_denominator = message.rho_numerator() != 0 ? message.rho_denominator() : 1};
  if (message.distribution_epsilon_numerator() != 0) {
    item.distribution_epsilon_numerator = message.distribution_epsilon_numerator();
    item.distribution_epsilon_denominator = message.distribution_epsilon_denominator();
  }
  if (message.deprivation_rho_numerator() != 0) {
    item.deprivation_rho_numerator = message.deprivation_rho_numerator();
    item.deprivation_rho_denominator = message.deprivation_rho_denominator();
  }
  for (int unit : message.units()) {
    if (!v1::Unit_IsValid(unit) || unit == v1::UNIT_UNSPECIFIED) {
      return absl::InvalidArgumentError("item.units: unknown unit");
    }
    item.units.push_back(static_cast<v1::Unit>(unit));
  }
  return item;
}

bool AsksForMore(const RoundItem& item) {
  return AsksForDistribution(item) || AsksForExpected(item);
}

// What was encoded before there was more than counts keeps its bytes; what asks for it has it in all items.
void WriteItem(const RoundItem& item, bool more, CanonicalWriter& out) {
  out.Text(item.metric).Unsigned(item.version).Text(item.definition_hash).Text(item.period);
  out.Unsigned(static_cast<std::uint64_t>(item.mode));
  out.Count(item.breakdowns.size());
  for (const std::string& name : item.breakdowns) out.Text(name);
  out.Count(item.window_days.size());
  for (std::uint32_t days : item.window_days) out.Unsigned(days);
  out.Count(item.units.size());
  for (v1::Unit unit : item.units) out.Unsigned(static_cast<std::uint64_t>(unit));
  out.Unsigned(item.epsilon_numerator).Unsigned(item.epsilon_denominator);
  // A noised item without ε has a ρ, so what was encoded before there was one keeps its bytes.
  if (item.rho_numerator != 0) out.Unsigned(item.rho_numerator).Unsigned(item.rho_denominator);
  if (!more) return;
  out.Unsigned(item.distribution_epsilon_numerator).Unsigned(item.distribution_epsilon_denominator);
  out.Unsigned(item.deprivation_rho_numerator).Unsigned(item.deprivation_rho_denominator);
}

// A round's own name, or with the number of a correction.
absl::Status CheckName(const v1::RoundSpec& message) {
  if (message.correction() == v1::REVISION_REASON_UNSPECIFIED) {
    return CheckIdentifier("round_id", message.round_id());
  }
  const auto reasons = CorrectionReasons();
  const auto name = ParseCorrectionId(message.round_id());
  if (!name || std::find(reasons.begin(), reasons.end(), message.correction()) == reasons.end()) {
    return absl::InvalidArgumentError(
        "correction: expected a round's name, \".c\" and a number, and a reason");
  }
  return CheckIdentifier("round_id", name->round_id);
}

// That which is taken after the deadline can be, and has room in its names for numbers.
absl::Status CheckLate(const RoundSpec& spec) {
  if (spec.late_for_days == 0) {
    if (spec.correction == v1::REVISION_REASON_UNSPECIFIED) return absl::OkStatus();
    return absl::InvalidArgumentError("correction: the round takes none (late_for_days)");
  }
  if (spec.late_for_days > kMostLateDays) {
    return absl::InvalidArgumentError(absl::StrCat("late_for_days: expected at most ", kMostLateDays));
  }
  if (IsSecure(spec)) {
    return absl::InvalidArgumentError(
        "late_for_days: what was summed securely is never summed again, so nothing can come late; leave it "
        "out");
  }
  const auto is_stated = [](const RoundItem& item) { return item.mode == v1::MODE_STATED; };
  if (std::any_of(spec.items.begin(), spec.items.end(), is_stated)) {
    return absl::InvalidArgumentError(
        "late_for_days: what councils state of themselves is asked once, since two distributions that differ "
        "by one "
        "council tell its answers; leave it out");
  }
  return CheckLength("round_id of a round with late_for_days", RoundOf(spec.round_id).size(), 1,
                     kMostRevisedIdBytes);
}

}  // namespace

absl::StatusOr<RoundSpec> RoundSpecFromProto(const v1::RoundSpec& message) {
  RETURN_IF_ERROR(CheckAllKnown("round spec", message));
  RETURN_IF_ERROR(CheckName(message));
  RETURN_IF_ERROR(CheckLength("title", message.title().size(), 0, 200));
  RETURN_IF_ERROR(CheckLength("items", static_cast<std::size_t>(message.items_size()), 1, kMaxItems));
  if (message.deadline_unix_s() <= message.opens_unix_s() || message.opens_unix_s() < 0) {
    return absl::InvalidArgumentError("deadline: expected to be later than the opening");
  }
  if (message.least_contributors() < kFewestContributors ||
      message.least_contributors() > kMostContributors) {
    return absl::InvalidArgumentError(absl::StrCat("least_contributors: expected ", kFewestContributors,
                                                   " to ", kMostContributors, ", got ",
                                                   message.least_contributors()));
  }
  if (message.data_version() == 0) return absl::InvalidArgumentError("data_version: expected at least 1");
  RoundSpec spec{.round_id = message.round_id(),
                 .title = message.title(),
                 .opens_unix_s = message.opens_unix_s(),
                 .deadline_unix_s = message.deadline_unix_s(),
                 .least_contributors = message.least_contributors(),
                 .data_version = message.data_version(),
                 .items = {},
                 .geographies = {},
                 .close_at_answers = message.close_at_answers(),
                 .late_for_days = message.late_for_days(),
                 .correction = message.correction()};
  for (const v1::RoundItem& item : message.items()) {
    ASSIGN_OR_RETURN(RoundItem made, ItemFromProto(item));
    spec.items.push_back(std::move(made));
  }
  RETURN_IF_ERROR(
      CheckLength("geographies", static_cast<std::size_t>(message.geographies_size()), 0, kMostGeographies));
  for (const std::string& code : message.geographies()) {
    RETURN_IF_ERROR(CheckLength("geographies", code.size(), 1, 16));
    if (!spec.geographies.empty() && code <= spec.geographies.back()) {
      return absl::InvalidArgumentError("geographies: expected rising codes, none twice");
    }
    spec.geographies.push_back(code);
  }
  // One vector has all cells of a round, since what is linked must travel together.
  const auto secure = std::count_if(spec.items.begin(), spec.items.end(),
                                    [](const RoundItem& item) { return item.mode == v1::MODE_SECURE_SUM; });
  if (secure != 0 && static_cast<std::size_t>(secure) != spec.items.size()) {
    return absl::InvalidArgumentError(
        "items: a round asks for secure sums alone or for none; open two rounds");
  }
  RETURN_IF_ERROR(CheckLate(spec));
  if (spec.close_at_answers == 0) return spec;
  if (secure != 0) {
    return absl::InvalidArgumentError(
        "close_at_answers: a secure sum is over when its members have gone through its steps; leave it out");
  }
  if (spec.close_at_answers < spec.least_contributors) {
    return absl::InvalidArgumentError(absl::StrCat("close_at_answers: expected at least least_contributors, ",
                                                   spec.least_contributors, ", got ", spec.close_at_answers));
  }
  return spec;
}

bool AsksForDistribution(const RoundItem& item) {
  return item.distribution_epsilon_numerator != 0;
}

bool AsksForExpected(const RoundItem& item) {
  return item.deprivation_rho_numerator != 0;
}

bool IsSecure(const RoundSpec& spec) {
  return !spec.items.empty() && spec.items.front().mode == v1::MODE_SECURE_SUM;
}

void RoundSpecToProto(const RoundSpec& spec, v1::RoundSpec& message) {
  message.set_round_id(spec.round_id);
  message.set_title(spec.title);
  message.set_opens_unix_s(spec.opens_unix_s);
  message.set_deadline_unix_s(spec.deadline_unix_s);
  message.set_least_contributors(spec.least_contributors);
  message.set_data_version(spec.data_version);
  message.mutable_geographies()->Assign(spec.geographies.begin(), spec.geographies.end());
  message.set_close_at_answers(spec.close_at_answers);
  message.set_late_for_days(spec.late_for_days);
  message.set_correction(spec.correction);
  for (const RoundItem& item : spec.items) {
    v1::RoundItem* out = message.add_items();
    out->set_metric(item.metric);
    out->set_version(item.version);
    out->set_definition_hash(item.definition_hash);
    out->set_period(item.period);
    out->set_mode(item.mode);
    out->mutable_breakdowns()->Assign(item.breakdowns.begin(), item.breakdowns.end());
    out->mutable_window_days()->Assign(item.window_days.begin(), item.window_days.end());
    out->mutable_units()->Assign(item.units.begin(), item.units.end());
    out->set_epsilon_numerator(item.epsilon_numerator);
    out->set_epsilon_denominator(item.epsilon_denominator);
    if (item.rho_numerator != 0) {
      out->set_rho_numerator(item.rho_numerator);
      out->set_rho_denominator(item.rho_denominator);
    }
    if (AsksForDistribution(item)) {
      out->set_distribution_epsilon_numerator(item.distribution_epsilon_numerator);
      out->set_distribution_epsilon_denominator(item.distribution_epsilon_denominator);
    }
    if (AsksForExpected(item)) {
      out->set_deprivation_rho_numerator(item.deprivation_rho_numerator);
      out->set_deprivation_rho_denominator(item.deprivation_rho_denominator);
    }
  }
}

std::string CanonicalBytes(const RoundSpec& spec) {
  const bool late = spec.late_for_days != 0;
  const bool early = late || spec.close_at_answers != 0;
  const bool some = early || !spec.geographies.empty();
  const bool more = some || std::any_of(spec.items.begin(), spec.items.end(), AsksForMore);
  CanonicalWriter out(late    ? "waymark/v5/round-spec"
                      : early ? "waymark/v4/round-spec"
                      : some  ? "waymark/v3/round-spec"
                      : more  ? "waymark/v2/round-spec"
                              : "waymark/v1/round-spec");
  out.Text(spec.round_id).Text(spec.title).Signed(spec.opens_unix_s).Signed(spec.deadline_unix_s);
  out.Unsigned(spec.least_contributors).Unsigned(spec.data_version).Count(spec.items.size());
  for (const RoundItem& item : spec.items) WriteItem(item, more, out);
  if (some) out.Count(spec.geographies.size());
  for (const std::string& code : spec.geographies) out.Text(code);
  if (early) out.Unsigned(spec.close_at_answers);
  if (late) out.Unsigned(spec.late_for_days).Unsigned(static_cast<std::uint64_t>(spec.correction));
  return std::move(out).bytes();
}

std::string CanonicalQuery(const RoundItem& item, std::uint32_t data_version) {
  const bool more = AsksForMore(item);
  CanonicalWriter out(more ? "waymark/v2/query" : "waymark/v1/query");
  out.Unsigned(data_version);
  WriteItem(item, more, out);
  return std::move(out).bytes();
}

}  // namespace waymark::contract
