#include "node/site/ledger_report.h"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/canonical.h"
#include "base/status.h"
#include "proto/contract/modes.h"
#include "proto/contract/names.h"
#include "proto/contract/release.h"
#include "waymark/v1/release.pb.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

constexpr absl::string_view kFormat = "waymark ledger report 1";

std::string When(std::int64_t unix_s) {
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(unix_s), absl::UTCTimeZone());
}

std::string Hex(absl::string_view bytes) {
  return absl::BytesToHexString(bytes);
}

// Of a secure sum: what its payload says (node/disclose/sum_session.cc); nothing for another's.
std::optional<std::string> SummedWith(const std::string& payload) {
  CanonicalReader in(payload, "waymark/v1/secure-sum-released");
  in.Fixed(kEntryHashBytes);
  const std::size_t councils = in.Count(payload.size());
  for (std::size_t i = 0; i < councils; ++i) in.Text(payload.size());
  if (!in.Finish().ok()) return std::nullopt;
  return absl::StrCat("in a sum over ", councils, " councils");
}

std::string AboutWhom(const std::string& payload) {
  if (auto summed = SummedWith(payload)) return *std::move(summed);
  v1::Release part;
  if (!part.ParseFromString(payload)) return "";
  std::set<std::string> units;
  std::set<std::string> breakdowns;
  for (const v1::ProtectedTable& table : part.tables()) {
    units.insert(std::string(contract::NameOf(table.table().unit())));
    if (table.table().dimensions_size() > 0)
      breakdowns.insert(absl::StrJoin(table.table().dimensions(), " and "));
  }
  return absl::StrCat(absl::StrJoin(units, ", "), ", all",
                      breakdowns.empty() ? "" : absl::StrCat(" and by ", absl::StrJoin(breakdowns, "; ")));
}

ReleasedRow RowOf(const LedgerEntry& entry, const catalogue::Library& library) {
  const Claim& claim = entry.claim;
  const v1::Metric* metric = library.Find(claim.metric);
  const bool noised = contract::HasNoise(claim.mode);
  return {.sequence = entry.sequence,
          .when = When(entry.unix_s),
          .round = entry.round_id,
          .metric = absl::StrCat(claim.metric, " v", claim.version),
          .title = metric == nullptr ? "" : metric->title(),
          .about_whom = "",
          .period = claim.period,
          .mode = std::string(contract::NameOf(claim.mode)),
          .charge = noised ? DescribeCharge(claim) : "",
          .charged_to = YearsText(claim),
          .receipt = ""};
}

Json ToJson(const Fraction& fraction) {
  return {fraction.numerator, fraction.denominator};
}

Fraction FractionOf(const Json& json) {
  return {.numerator = json.at(0).get<std::uint64_t>(), .denominator = json.at(1).get<std::uint64_t>()};
}

Json ToJson(const BudgetLimits& limits) {
  Json json = {
      {"epsilon", ToJson(limits.epsilon)}, {"delta", ToJson(limits.delta)}, {"families", Json::array()}};
  for (const FamilyLimit& family : limits.families) {
    json["families"].push_back(
        {{"family", family.family}, {"metrics", family.metrics}, {"epsilon", ToJson(family.epsilon)}});
  }
  return json;
}

BudgetLimits LimitsOf(const Json& json) {
  BudgetLimits limits{.epsilon = FractionOf(json.at("epsilon")), .delta = FractionOf(json.at("delta"))};
  for (const Json& family : json.at("families")) {
    limits.families.push_back({.family = family.at("family").get<std::string>(),
                               .metrics = family.at("metrics").get<std::vector<std::string>>(),
                               .epsilon = FractionOf(family.at("epsilon"))});
  }
  return limits;
}

Json ToJson(const LedgerEntry& entry) {
  const Claim& claim = entry.claim;
  return {{"sequence", entry.sequence},
          {"kind", static_cast<int>(entry.kind)},
          {"unix_s", entry.unix_s},
          {"round", entry.round_id},
          {"subject", Hex(entry.subject)},
          {"metric", claim.metric},
          {"version", claim.version},
          {"linkage_group", claim.linkage_group},
          {"mode", static_cast<int>(claim.mode)},
          {"period", claim.period},
          {"data_version", claim.data_version},
          {"epsilon", ToJson(claim.epsilon)},
          {"charge", claim.charge},
          {"rho", ToJson(claim.rho)},
          {"rho_charge", claim.rho_charge},
          {"first_year", claim.first_year},
          {"last_year", claim.last_year},
          {"delta", claim.delta},
          {"payload_bytes", entry.payload_bytes},
          {"payload_hash", Hex(entry.payload_hash)},
          {"previous", Hex(entry.previous)},
          {"hash", Hex(entry.hash)}};
}

std::string Bytes(const Json& json) {
  return absl::HexStringToBytes(json.get<std::string>());
}

LedgerEntry EntryOf(const Json& json) {
  LedgerEntry entry;
  json.at("sequence").get_to(entry.sequence);
  entry.kind = static_cast<EntryKind>(json.at("kind").get<int>());
  json.at("unix_s").get_to(entry.unix_s);
  json.at("round").get_to(entry.round_id);
  entry.subject = Bytes(json.at("subject"));
  Claim& claim = entry.claim;
  json.at("metric").get_to(claim.metric);
  json.at("version").get_to(claim.version);
  json.at("linkage_group").get_to(claim.linkage_group);
  claim.mode = static_cast<v1::Mode>(json.at("mode").get<int>());
  json.at("period").get_to(claim.period);
  json.at("data_version").get_to(claim.data_version);
  claim.epsilon = FractionOf(json.at("epsilon"));
  json.at("charge").get_to(claim.charge);
  claim.rho = FractionOf(json.at("rho"));
  json.at("rho_charge").get_to(claim.rho_charge);
  json.at("first_year").get_to(claim.first_year);
  json.at("last_year").get_to(claim.last_year);
  json.at("delta").get_to(claim.delta);
  json.at("payload_bytes").get_to(entry.payload_bytes);
  entry.payload_hash = Bytes(json.at("payload_hash"));
  entry.previous = Bytes(json.at("previous"));
  entry.hash = Bytes(json.at("hash"));
  return entry;
}

Json ToJson(const std::vector<YearBudget>& budget) {
  Json json = Json::array();
  for (const YearBudget& year : budget) {
    json.push_back({{"year", NameOfYear(year.year)},
                    {"family", year.family},
                    {"limit", FormatFraction(year.limit)},
                    {"spent", FormatSpent(year)},
                    {"left", FormatUnits(year.left)}});
  }
  return json;
}

Json ToJson(const ReleasedRow& row) {
  Json object = {{"entry", row.sequence}};
  for (auto& [name, text] : FieldsOf(row)) object[name] = std::move(text);
  return object;
}

std::string SignedBytes(const Json& report) {
  CanonicalWriter out("waymark/v1/ledger-report");
  out.Text(report.dump());
  return std::move(out).bytes();
}

absl::Status CheckChain(const std::vector<LedgerEntry>& entries) {
  std::string previous(kEntryHashBytes, '\0');
  std::set<std::string> charged;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const LedgerEntry& entry = entries[i];
    if (entry.sequence != i + 1 || entry.previous != previous || entry.hash != HashOf(entry)) {
      return absl::DataLossError(absl::StrCat("report: the chain breaks at entry ", i + 1));
    }
    if (entry.kind == EntryKind::kCharge) charged.insert(entry.subject);
    if (entry.kind == EntryKind::kItem && contract::HasNoise(entry.claim.mode) &&
        !charged.contains(entry.subject)) {
      return absl::DataLossError(absl::StrCat("report: ", Describe(entry), ": was never charged"));
    }
    previous = entry.hash;
  }
  return absl::OkStatus();
}

absl::StatusOr<CheckedReport> Check(const Json& report) {
  if (report.at("format").get<std::string>() != kFormat) {
    return absl::InvalidArgumentError(absl::StrCat("expected a report of the format \"", kFormat, "\""));
  }
  std::vector<LedgerEntry> entries;
  for (const Json& entry : report.at("entries")) entries.push_back(EntryOf(entry));
  RETURN_IF_ERROR(CheckChain(entries));
  ASSIGN_OR_RETURN(const auto budget, BudgetOf(entries, LimitsOf(report.at("limits"))));
  if (ToJson(budget) != report.at("budget")) {
    return absl::DataLossError("report: the budget is not the sum of the charges");
  }
  return CheckedReport{.council = report.at("council").get<std::string>(),
                       .made = report.at("made").get<std::string>(),
                       .entries = entries.size(),
                       .list = entries};
}

}  // namespace

std::string YearsText(const Claim& claim) {
  if (claim.charge == 0 && claim.rho_charge == 0) return "";
  if (claim.first_year == claim.last_year) return NameOfYear(claim.first_year);
  return absl::StrCat(NameOfYear(claim.first_year), " to ", NameOfYear(claim.last_year));
}

std::vector<std::pair<std::string, std::string>> FieldsOf(const ReleasedRow& row) {
  return {{"when", row.when},      {"round", row.round},           {"metric", row.metric},
          {"title", row.title},    {"about_whom", row.about_whom}, {"period", row.period},
          {"mode", row.mode},      {"charge", row.charge},         {"charged_to", row.charged_to},
          {"receipt", row.receipt}};
}

absl::StatusOr<std::vector<ReleasedRow>> ReleasedRows(const Ledger& ledger,
                                                      const catalogue::Library& library) {
  ASSIGN_OR_RETURN(const auto entries, ledger.Entries());
  std::set<std::string> answered;
  std::map<std::string, std::string> receipts;  // by round
  for (const LedgerEntry& entry : entries) {
    if (entry.kind == EntryKind::kItem) answered.insert(entry.subject);
    if (entry.kind == EntryKind::kAcknowledged) receipts[entry.round_id] = When(entry.unix_s).substr(0, 10);
  }
  std::vector<ReleasedRow> rows;
  for (const LedgerEntry& entry : entries) {
    const bool item = entry.kind == EntryKind::kItem;
    if (!item && (entry.kind != EntryKind::kCharge || answered.contains(entry.subject))) continue;
    ReleasedRow row = RowOf(entry, library);
    row.about_whom = "nobody: charged, and never released";
    if (item) {
      ASSIGN_OR_RETURN(const auto payload, ledger.FindItem(entry.subject));
      row.about_whom = AboutWhom(payload.value_or(""));
      row.receipt = receipts[entry.round_id];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

absl::StatusOr<std::string> MakeLedgerReport(const Ledger& ledger, const BudgetLimits& limits,
                                             const catalogue::Library& library, absl::string_view council,
                                             const crypto::SigningKey& key, const Clock& clock) {
  RETURN_IF_ERROR(ledger.Verify());
  ASSIGN_OR_RETURN(const auto rows, ReleasedRows(ledger, library));
  ASSIGN_OR_RETURN(const auto entries, ledger.Entries());
  ASSIGN_OR_RETURN(const auto budget, BudgetOf(entries, limits));
  Json report = {{"format", std::string(kFormat)},
                 {"council", std::string(council)},
                 {"made", When(absl::ToUnixSeconds(clock.Now()))},
                 {"limits", ToJson(limits)},
                 {"released", Json::array()},
                 {"budget", ToJson(budget)},
                 {"entries", Json::array()}};
  for (const ReleasedRow& row : rows) report["released"].push_back(ToJson(row));
  for (const LedgerEntry& entry : entries) report["entries"].push_back(ToJson(entry));
  ASSIGN_OR_RETURN(const std::string signature, key.Sign(SignedBytes(report)));
  const Json whole = {
      {"report", std::move(report)}, {"public_key", Hex(key.public_key())}, {"signature", Hex(signature)}};
  return absl::StrCat(whole.dump(1), "\n");
}

namespace {

absl::Status NoReport() {
  return absl::InvalidArgumentError(
      "expected a report as `waymark-node ledger export` writes it; this is none, or it is cut short");
}

}  // namespace

absl::StatusOr<std::string> CouncilOfReport(const std::string& text) {
  try {
    std::string council = Json::parse(text).at("report").at("council").get<std::string>();
    RETURN_IF_ERROR(contract::CheckCouncilCode("council", council));
    return council;
  } catch (const Json::exception&) {
    return NoReport();
  }
}

absl::StatusOr<CheckedReport> CheckLedgerReport(const std::string& text, absl::string_view public_key) {
  try {
    const Json whole = Json::parse(text);
    const Json& report = whole.at("report");
    RETURN_IF_ERROR(
        WithContext(crypto::VerifySignature(public_key, SignedBytes(report), Bytes(whole.at("signature"))),
                    "report: it is not signed by that council's key"));
    return Check(report);
  } catch (const Json::exception&) {
    return NoReport();
  }
}

}  // namespace waymark::node
