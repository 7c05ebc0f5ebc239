// What ItemAnswerer judges a round's items with: the people behind them, what has left before, and what
// others have published.
#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/disclose/days.h"
#include "node/disclose/item_answer.h"
#include "node/disclose/item_revision.h"

namespace waymark::node {
namespace {

template <typename List, typename Value>
void AddOnce(List& list, const Value& value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

// The item that asks for all of `tables`, which are of one metric and period.
contract::RoundItem AskingFor(const std::vector<contract::ProtectedTable>& tables, const v1::Metric& metric) {
  contract::RoundItem item;
  item.metric = metric.id();
  item.version = metric.version();
  item.definition_hash = crypto::Sha256(catalogue::CanonicalDefinition(metric));
  item.mode = v1::MODE_THRESHOLDED;
  for (const contract::ProtectedTable& given : tables) {
    const contract::Table& table = given.table;
    item.period = table.period;
    if (!table.dimensions.empty()) AddOnce(item.breakdowns, absl::StrJoin(table.dimensions, "|"));
    if (table.window_days > 0) AddOnce(item.window_days, table.window_days);
    AddOnce(item.units, table.unit);
  }
  return item;
}

absl::Status HasChanged(const Ledger::EarlierItem& earlier) {
  return absl::FailedPreconditionError(
      absl::StrCat("linked figures left in ", Describe(earlier.entry),
                   ", and the data no longer give them; what the two tell together cannot be judged"));
}

// The people behind one table, row by row of it: nobody where they have no such row.
std::optional<contract::Table> BehindTable(const contract::Table& table,
                                           const std::vector<contract::Table>& people) {
  const auto same = std::find_if(people.begin(), people.end(), [&](const contract::Table& one) {
    return one.unit != table.unit && one.window_days == table.window_days &&
           one.dimensions == table.dimensions && one.columns == table.columns;
  });
  if (same == people.end()) return std::nullopt;
  contract::Table behind = table;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const auto at = std::lower_bound(same->rows.begin(), same->rows.end(), table.rows[row]);
    const bool is_there = at != same->rows.end() && *at == table.rows[row];
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      behind.At(row, column) =
          is_there ? same->At(static_cast<std::size_t>(at - same->rows.begin()), column) : 0;
    }
  }
  return behind;
}

}  // namespace

absl::StatusOr<Claim> ItemAnswerer::ThresholdedClaim(const Query& query) const {
  ASSIGN_OR_RETURN(Claim claim, ClaimOf(query.metric, query.item, query.spec.data_version, Today(), 0));
  claim.revises = RevisedQueries(query.spec);
  return claim;
}

absl::StatusOr<std::vector<LinkedTable>> ItemAnswerer::Remeasure(const Ledger::EarlierItem& earlier,
                                                                 ItemTables& tables) const {
  v1::Release message;
  const v1::Metric* metric = parts_.library.Find(earlier.entry.claim.metric);
  if (metric == nullptr || metric->version() != earlier.entry.claim.version) return HasChanged(earlier);
  if (!message.ParseFromString(earlier.payload)) {
    return absl::DataLossError("ledger: the stored tables of an item cannot be read");
  }
  ASSIGN_OR_RETURN(std::vector<contract::ProtectedTable> left, TablesIn(message));
  auto measured = tables.Exact(AskingFor(left, *metric), std::nullopt);
  if (!measured.ok()) return HasChanged(earlier);
  std::vector<LinkedTable> linked;
  for (contract::ProtectedTable& given : left) {
    const auto at = std::find_if(measured->begin(), measured->end(),
                                 [&](const Measured& one) { return KeyOf(one.table) == KeyOf(given.table); });
    if (at == measured->end() || at->table.rows != given.table.rows ||
        at->table.columns != given.table.columns) {
      return HasChanged(earlier);
    }
    const ThresholdRule limits{.threshold = given.protection.suppressed_to,
                               .rounding = given.protection.rounded_to};
    linked.push_back({.metric = metric,
                      .exact = std::move(at->table),
                      .released = {.table = std::move(given.table), .rules = {}},
                      .limits = limits,
                      .left_in = Describe(earlier.entry)});
  }
  return linked;
}

absl::StatusOr<std::vector<contract::Table>> ItemAnswerer::PeopleBehind(
    const Query& query, const std::vector<contract::Table>& exact, ItemTables& tables) const {
  const v1::Unit unit = tables.HasFamilies() ? v1::UNIT_FAMILIES : v1::UNIT_CHILDREN;
  const auto& units = query.metric.units();
  const bool is_counted = std::find(units.begin(), units.end(), static_cast<int>(unit)) != units.end();
  if (!is_counted || query.metric.kind() == v1::METRIC_KIND_TRANSITION) return std::vector<contract::Table>();
  std::vector<contract::Table> people;
  std::copy_if(exact.begin(), exact.end(), std::back_inserter(people),
               [unit](const contract::Table& table) { return table.unit == unit; });
  if (!people.empty()) return people;
  contract::RoundItem item = query.item;
  item.units = {unit};
  ASSIGN_OR_RETURN(std::vector<Measured> measured, tables.Exact(item, std::nullopt));
  for (Measured& one : measured) people.push_back(std::move(one.table));
  return people;
}

absl::Status ItemAnswerer::AddPrimary(const Query& query, const std::vector<contract::Table>& exact,
                                      ItemTables& tables, std::vector<LinkedTable>& out) const {
  ASSIGN_OR_RETURN(const std::vector<contract::Table> people, PeopleBehind(query, exact, tables));
  const std::size_t first = out.size();
  for (const contract::Table& table : exact) {
    const std::optional<contract::Table> behind = BehindTable(table, people);
    ASSIGN_OR_RETURN(ThresholdedTable primary,
                     ProtectThresholded(query.metric, table, threshold(), behind ? &*behind : nullptr));
    out.push_back({.metric = &query.metric,
                   .exact = table,
                   .released = std::move(primary),
                   .limits = threshold(),
                   .left_in = ""});
  }
  return HideAsBefore(query, first, out);
}

absl::StatusOr<ItemAnswerer::LeftBefore> ItemAnswerer::FindLeft(const Query& query,
                                                                const Claim& claim) const {
  LeftBefore left{.days = claim.period, .figures = {}, .items = {}, .linked = 0};
  Claim wide = claim;
  for (bool grows = true; grows;) {
    wide.period = left.days;
    if (parts_.published != nullptr) {
      left.figures = LinkedFigures(*parts_.published, query.metric, left.days, parts_.library);
    }
    ASSIGN_OR_RETURN(left.items, parts_.ledger.LinkedItems(query.hash, wide));
    if (left.figures.empty()) break;
    for (const PublishedFigure& figure : left.figures) left.days = SpanOf(left.days, figure.period);
    for (const Ledger::EarlierItem& item : left.items) left.days = SpanOf(left.days, item.entry.claim.period);
    grows = left.days != wide.period;
  }
  left.linked = left.items.size();
  std::erase_if(left.items, [&](const Ledger::EarlierItem& item) { return IsRevised(item.entry, claim); });
  return left;
}

absl::Status ItemAnswerer::AddUnasked(const PublishedFigure& figure, const std::string& period,
                                      ItemTables& tables, std::vector<LinkedTable>& out) const {
  const v1::Metric& metric = *parts_.library.Find(figure.metric);
  const TableKey key{.dimensions = {}, .window_days = figure.window_days, .unit = figure.unit};
  const bool is_there = std::any_of(out.begin(), out.end(), [&](const LinkedTable& one) {
    return one.metric->id() == figure.metric && KeyOf(one.exact) == key &&
           HaveSameDays(one.exact.period, period);
  });
  if (is_there) return absl::OkStatus();
  contract::RoundItem item;
  item.metric = metric.id();
  item.version = metric.version();
  item.period = period;
  item.mode = v1::MODE_THRESHOLDED;
  item.units = {figure.unit};
  if (figure.window_days > 0) item.window_days = {figure.window_days};
  // What the sources cannot give is nothing that the figure could be compared with.
  const auto measured = tables.Exact(item, std::nullopt);
  if (!measured.ok() || measured->empty() || measured->front().completeness != Completeness::kComplete) {
    return absl::OkStatus();
  }
  LinkedTable linked{.metric = &metric,
                     .exact = measured->front().table,
                     .released = {},
                     .limits = threshold(),
                     .left_in = absl::StrCat(figure.source, " (", period, ")")};
  // Nothing of it leaves here. Large counts need no protection; small ones are nobody's to know.
  linked.released.table = linked.exact;
  for (std::size_t at = 0; at < linked.exact.values.size(); ++at) {
    const std::int64_t count = linked.exact.values[at];
    const bool is_small = count >= 1 && count <= threshold().threshold;
    linked.released.table.status[at] = is_small ? v1::CELL_STATUS_SUPPRESSED : v1::CELL_STATUS_NOT_AVAILABLE;
  }
  out.push_back(std::move(linked));
  return absl::OkStatus();
}

absl::Status ItemAnswerer::AddPublished(const LeftBefore& left, ItemTables& tables,
                                        std::vector<LinkedTable>& out) const {
  std::vector<std::string> periods;
  for (const LinkedTable& one : out) AddOnce(periods, one.exact.period);
  for (const PublishedFigure& figure : left.figures) AddOnce(periods, figure.period);
  for (const PublishedFigure& figure : left.figures) {
    // It and its parts, whether they are among those that left or not.
    std::vector<std::string> parts = GapsIn(figure.period, periods);
    for (const std::string& period : periods) {
      if (SpanOf(figure.period, period) == figure.period) AddOnce(parts, period);
    }
    for (const std::string& part : parts) RETURN_IF_ERROR(AddUnasked(figure, part, tables, out));
  }
  return absl::OkStatus();
}

}  // namespace waymark::node
