#include "coordinator/cli/round_file.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/configuration.h"
#include "base/period.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "proto/contract/modes.h"
#include "proto/contract/names.h"
#include "proto/contract/revision.h"

namespace waymark::coordinator {
namespace {

constexpr std::uint64_t kMaxEpsilonPart = 1'000'000'000;
constexpr std::size_t kMostDecimals = 9;
constexpr std::int64_t kMostMinutes = 366 * 24 * 60;

bool IsDigits(absl::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == absl::string_view::npos;
}

void ReadDeadline(ConfigTable& root, absl::Time now, v1::RoundSpec& spec) {
  const std::int64_t minutes = root.IntOr("open_minutes", 0, 1, kMostMinutes);
  const std::string text = root.StringOr("deadline", "");
  if (root.Has("open_minutes") == root.Has("deadline")) {
    root.Fail("deadline", "give either deadline = \"2025-10-01T17:00:00+01:00\" or open_minutes = 60");
    return;
  }
  absl::Time deadline = now + absl::Minutes(minutes);
  std::string error;
  if (!text.empty() && !absl::ParseTime(absl::RFC3339_full, text, &deadline, &error)) {
    root.Fail("deadline", "expected a time with its zone (RFC 3339), as \"2025-10-01T17:00:00+01:00\"");
  }
  spec.set_deadline_unix_s(absl::ToUnixSeconds(deadline));
}

void ReadEpsilon(ConfigTable& table, v1::RoundItem& item) {
  const bool gaussian = table.Has("rho");
  const absl::string_view key = gaussian ? "rho" : "epsilon";
  const std::string text = table.StringOr(key, "");
  if (!contract::HasNoise(item.mode())) {
    if (table.Has(key)) {
      table.Fail(key, absl::StrCat("a ", contract::NameOf(item.mode()), " item has none; remove it"));
    }
    return;
  }
  if (gaussian && table.Has("epsilon")) {
    table.Fail(
        "rho",
        "give either epsilon (discrete Laplace noise) or rho (discrete Gaussian noise; in a secure sum "
        "Skellam noise)");
  }
  const absl::StatusOr<EpsilonFraction> epsilon = ParseEpsilon(text);
  if (!epsilon.ok()) {
    table.Fail(key, epsilon.status().message());
    return;
  }
  if (gaussian) {
    item.set_rho_numerator(epsilon->numerator);
    item.set_rho_denominator(epsilon->denominator);
  } else {
    item.set_epsilon_numerator(epsilon->numerator);
    item.set_epsilon_denominator(epsilon->denominator);
  }
}

// What a secure sum may ask for beside its counts; nothing where it does not, or not rightly.
std::optional<EpsilonFraction> ReadExtra(ConfigTable& table, absl::string_view key, v1::Mode mode) {
  if (!table.Has(key)) return std::nullopt;
  const absl::StatusOr<EpsilonFraction> amount = ParseEpsilon(table.StringOr(key, ""));
  if (mode != v1::MODE_SECURE_SUM) {
    table.Fail(key, "only a secure sum takes it; other modes have the councils' own figures");
  } else if (!amount.ok()) {
    table.Fail(key, amount.status().message());
  } else {
    return *amount;
  }
  return std::nullopt;
}

void ReadExtras(ConfigTable& table, v1::RoundItem& item) {
  if (const auto epsilon = ReadExtra(table, "distribution_epsilon", item.mode())) {
    item.set_distribution_epsilon_numerator(epsilon->numerator);
    item.set_distribution_epsilon_denominator(epsilon->denominator);
  }
  if (const auto rho = ReadExtra(table, "deprivation_rho", item.mode())) {
    item.set_deprivation_rho_numerator(rho->numerator);
    item.set_deprivation_rho_denominator(rho->denominator);
  }
}

// `windows = [183, 365]`: numbers, which ConfigTable knows as texts only; both are taken.
void ReadWindows(ConfigTable& table, v1::RoundItem& item) {
  for (const std::int64_t days : table.Integers("windows", 1, 3660)) {
    item.add_window_days(static_cast<std::uint32_t>(days));
  }
}

// The version and definition, which the catalogue of the day gives to a schedule's items, and the period.
void ReadPeriod(ConfigTable& table, const v1::Metric* metric, v1::RoundItem& item) {
  const std::int64_t newest = metric == nullptr ? 1 : metric->version();
  const std::int64_t version = table.IntOr("version", newest, 1, 1'000'000);
  if (metric != nullptr && version != newest) {
    table.Fail("version", absl::StrCat("the catalogue has version ", newest, " of metric ", item.metric()));
  }
  item.set_version(static_cast<std::uint32_t>(version));
  if (metric != nullptr) item.set_definition_hash(crypto::Sha256(catalogue::CanonicalDefinition(*metric)));
  const std::string period = table.String("period", "give the period, as \"2024-25\"");
  if (const absl::StatusOr<Period> parsed = ParsePeriod(period); parsed.ok()) {
    item.set_period(parsed->label);
  } else if (!period.empty()) {
    table.Fail("period", parsed.status().message());
  }
}

// Everything but when.
const v1::Metric* ReadItem(ConfigTable& table, const catalogue::Library& library, v1::RoundItem& item) {
  item.set_metric(table.String("metric", "give an id of `waymark metrics`"));
  const v1::Metric* metric = library.Find(item.metric());
  if (metric == nullptr && !item.metric().empty()) {
    const auto unknown = library.Select(item.metric());
    table.Fail("metric", unknown.ok()
                             ? absl::StrCat("\"", item.metric(), "\" names several entries; give one id")
                             : std::string(unknown.status().message()));
  }
  const std::string mode = table.OneOf("mode", contract::ModeNames(), "");
  item.set_mode(contract::ModeNamed(mode).value_or(v1::MODE_UNSPECIFIED));
  ReadEpsilon(table, item);
  ReadExtras(table, item);
  for (const std::string& breakdown : table.Strings("breakdowns")) item.add_breakdowns(breakdown);
  ReadWindows(table, item);
  for (const std::string& name : table.Strings("units")) {
    const std::optional<v1::Unit> unit = contract::UnitNamed(name);
    if (unit) {
      item.add_units(*unit);
    } else {
      table.Fail("units", absl::StrCat("\"", name, "\" is none of episodes, children, families"));
    }
  }
  return metric;
}

}  // namespace

absl::StatusOr<EpsilonFraction> ParseEpsilon(absl::string_view text) {
  const absl::Status wrong = absl::InvalidArgumentError(
      "expected a fraction or a decimal in quotes, as \"1/2\" or \"0.5\", its parts from 1 to 10^9");
  EpsilonFraction fraction;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  if (parts.size() == 2) {
    if (!IsDigits(parts[0]) || !IsDigits(parts[1])) return wrong;
    if (!absl::SimpleAtoi(parts[0], &fraction.numerator) ||
        !absl::SimpleAtoi(parts[1], &fraction.denominator)) {
      return wrong;
    }
  } else {
    const std::vector<absl::string_view> decimal = absl::StrSplit(text, '.');
    if (decimal.size() > 2 || !IsDigits(decimal[0])) return wrong;
    const absl::string_view decimals = decimal.size() == 2 ? decimal[1] : absl::string_view();
    if ((decimal.size() == 2 && !IsDigits(decimals)) || decimals.size() > kMostDecimals ||
        decimal[0].size() > 9) {
      return wrong;
    }
    if (!absl::SimpleAtoi(absl::StrCat(decimal[0], decimals), &fraction.numerator)) return wrong;
    for (std::size_t i = 0; i < decimals.size(); ++i) fraction.denominator *= 10;
  }
  if (fraction.numerator == 0 || fraction.denominator == 0) return wrong;
  const std::uint64_t common = std::gcd(fraction.numerator, fraction.denominator);
  fraction.numerator /= common;
  fraction.denominator /= common;
  if (fraction.numerator > kMaxEpsilonPart || fraction.denominator > kMaxEpsilonPart) return wrong;
  return fraction;
}

absl::StatusOr<v1::RoundSpec> ParseRoundFile(const std::string& text, const std::string& file,
                                             const catalogue::Library& library, absl::Time now) {
  ASSIGN_OR_RETURN(ConfigTable root, ConfigTable::Parse(text, file));
  v1::RoundSpec spec;
  spec.set_round_id(root.String("id", "give the round a name, as \"2025-q3\""));
  spec.set_title(root.StringOr("title", ""));
  spec.set_opens_unix_s(absl::ToUnixSeconds(now));
  ReadDeadline(root, now, spec);
  spec.set_least_contributors(static_cast<std::uint32_t>(root.IntOr("least_contributors", 3, 3, 10'000)));
  spec.set_close_at_answers(static_cast<std::uint32_t>(root.IntOr("close_at_answers", 0, 0, 10'000)));
  spec.set_late_for_days(
      static_cast<std::uint32_t>(root.IntOr("late_for_days", 0, 0, contract::kMostLateDays)));
  spec.set_data_version(static_cast<std::uint32_t>(root.IntOr("data_version", 1, 1, 1'000'000'000)));
  std::vector<ConfigTable> items = root.Tables("item");
  if (items.empty()) root.Fail("item", "a round asks for at least one thing; begin it by [[item]]");
  for (ConfigTable& item : items) {
    v1::RoundItem& out = *spec.add_items();
    ReadPeriod(item, ReadItem(item, library, out), out);
  }
  std::vector<std::string> geographies = root.Strings("geographies");
  std::sort(geographies.begin(), geographies.end());
  spec.mutable_geographies()->Assign(geographies.begin(), geographies.end());
  RETURN_IF_ERROR(root.Finish());
  return spec;
}

absl::StatusOr<std::vector<v1::RoundItem>> ParseScheduleItems(const std::string& text,
                                                              const std::string& file,
                                                              const catalogue::Library& library) {
  ASSIGN_OR_RETURN(ConfigTable root, ConfigTable::Parse(text, file));
  std::vector<ConfigTable> tables = root.Tables("item");
  if (tables.empty()) root.Fail("item", "a schedule asks for at least one thing; begin it by [[item]]");
  std::vector<v1::RoundItem> items(tables.size());
  for (std::size_t i = 0; i < tables.size(); ++i) ReadItem(tables[i], library, items[i]);
  RETURN_IF_ERROR(root.Finish());
  return items;
}

}  // namespace waymark::coordinator
