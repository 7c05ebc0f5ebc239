#include "coordinator/rounds/release_check.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "catalogue/columns.h"
#include "coordinator/benchmark/series.h"
#include "coordinator/rounds/table_check.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

bool Printable(absl::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); });
}

const v1::Metric* FindDefinition(const v1::Catalogue& definitions, absl::string_view id) {
  for (const v1::Metric& metric : definitions.metrics()) {
    if (metric.id() == id) return &metric;
  }
  return nullptr;
}

std::optional<std::size_t> ItemOf(const contract::Table& table, const contract::RoundSpec& spec) {
  for (std::size_t i = 0; i < spec.items.size(); ++i) {
    const contract::RoundItem& item = spec.items[i];
    if (item.metric == table.metric && item.version == table.version && item.period == table.period) return i;
  }
  return std::nullopt;
}

constexpr std::size_t kMostRows = 2'000;

// What is wrong with a table's shape, or "".
std::string WrongShape(const contract::Table& table, const contract::RoundItem& item,
                       const v1::Metric& metric) {
  if (!TableWindows(item, metric).contains(table.window_days)) {
    return absl::StrCat("a window of ", table.window_days, " days was not asked for");
  }
  if (!TableUnits(item, metric).contains(table.unit)) {
    return absl::StrCat("unit ", contract::NameOf(table.unit), " was not asked for");
  }
  const std::string breakdown = absl::StrJoin(table.dimensions, "|");
  if (!table.dimensions.empty() &&
      std::find(item.breakdowns.begin(), item.breakdowns.end(), breakdown) == item.breakdowns.end()) {
    return "its breakdown was not asked for";
  }
  if (table.columns != catalogue::ColumnsOf(metric))
    return "its columns are not those of the metric's definition";
  // More categories than any council has areas or teams would make millions of figures of one release.
  if (table.rows.size() > kMostRows) return absl::StrCat("it has more than ", kMostRows, " rows");
  for (const std::string& row : table.rows) {
    if (!Printable(row)) return "a row's name holds control characters";
  }
  return "";
}

// Whether a ≤ b for fractions whose parts are at most 10^9.
bool NotAbove(std::uint64_t a_numerator, std::uint64_t a_denominator, std::uint64_t b_numerator,
              std::uint64_t b_denominator) {
  return a_numerator * b_denominator <= b_numerator * a_denominator;
}

// What is wrong with a table's protection, or "".
std::string WrongProtection(const contract::ProtectedTable& given, const contract::RoundItem& item) {
  const contract::Protection& protection = given.protection;
  if (protection.mode != item.mode) {
    return absl::StrCat("the round asks for ", contract::NameOf(item.mode), " and it is ",
                        contract::NameOf(protection.mode));
  }
  if (protection.mode == v1::MODE_NOISED) {
    if ((protection.rho_numerator != 0) != (item.rho_numerator != 0)) {
      return absl::StrCat("the round asks for noise by ", item.rho_numerator != 0 ? "rho" : "epsilon");
    }
    const bool within = NotAbove(protection.epsilon_numerator, protection.epsilon_denominator,
                                 item.epsilon_numerator, item.epsilon_denominator) &&
                        NotAbove(protection.rho_numerator, protection.rho_denominator, item.rho_numerator,
                                 item.rho_denominator);
    if (within) return "";
    return absl::StrCat("its ", item.rho_numerator != 0 ? "rho" : "epsilon",
                        " is above the one that the round asks for");
  }
  return "";
}

// What is wrong between a thresholded table and the tables before it that answer the same item, or "".
std::string WrongBeside(const contract::ProtectedTable& given,
                        const std::vector<const contract::ProtectedTable*>& before,
                        const v1::Metric& metric) {
  for (const contract::ProtectedTable* other : before) {
    const bool is_whole = contract::IsMargin(given.table, other->table);
    if (!is_whole && !contract::IsMargin(other->table, given.table)) continue;
    std::string wrong = is_whole ? WrongMargin(metric, given, *other) : WrongMargin(metric, *other, given);
    if (!wrong.empty()) return wrong;
  }
  return "";
}

absl::Status CheckTables(const contract::Release& release, const contract::RoundSpec& spec,
                         const v1::Catalogue& definitions, std::set<std::size_t>& given_items) {
  std::set<std::tuple<std::size_t, std::uint32_t, int, std::vector<std::string>>> seen;
  // By item, window and unit; no more of each than the item has breakdowns.
  std::map<std::tuple<std::size_t, std::uint32_t, int>, std::vector<const contract::ProtectedTable*>> before;
  for (std::size_t i = 0; i < release.tables.size(); ++i) {
    const contract::ProtectedTable& given = release.tables[i];
    const auto wrong = [&](absl::string_view what) {
      const std::string by = absl::StrJoin(given.table.dimensions, "|");
      return absl::InvalidArgumentError(absl::StrCat(
          "release.tables[", i, "] (metric ", given.table.metric, ", period ", given.table.period,
          !by.empty() && Printable(by) ? absl::StrCat(", by ", by) : "", "): ", what));
    };
    const std::optional<std::size_t> item = ItemOf(given.table, spec);
    if (!item) return wrong("the round asks for no such metric, version and period");
    const v1::Metric* metric = FindDefinition(definitions, given.table.metric);
    if (metric == nullptr) return absl::InternalError("the round's definitions lack one of its metrics");
    if (std::string what = WrongShape(given.table, spec.items[*item], *metric); !what.empty())
      return wrong(what);
    if (std::string what = WrongProtection(given, spec.items[*item]); !what.empty()) return wrong(what);
    if (!seen.emplace(*item, given.table.window_days, given.table.unit, given.table.dimensions).second) {
      return wrong("comes twice");
    }
    if (given.protection.mode == v1::MODE_STATED) {
      if (std::string what = WrongStatement(given); !what.empty()) return wrong(what);
    }
    if (given.protection.mode == v1::MODE_THRESHOLDED) {
      if (std::string what = WrongCounts(*metric, given); !what.empty()) return wrong(what);
      auto& others = before[{*item, given.table.window_days, given.table.unit}];
      if (std::string what = WrongBeside(given, others, *metric); !what.empty()) return wrong(what);
      others.push_back(&given);
    }
    given_items.insert(*item);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckRelease(const contract::Release& release, const contract::RoundSpec& spec,
                          absl::string_view spec_hash, const v1::Catalogue& definitions) {
  if (release.spec_hash != spec_hash) {
    return absl::FailedPreconditionError(
        absl::StrCat("the release answers another spec of round ", spec.round_id, "; watch the round again"));
  }
  if (!Printable(release.scope.note))
    return absl::InvalidArgumentError("release.scope.note: holds control characters");
  std::set<std::size_t> given;
  RETURN_IF_ERROR(CheckTables(release, spec, definitions, given));
  std::set<std::size_t> absent;
  for (const contract::AbsentItem& one : release.absent) {
    if (one.item >= spec.items.size()) {
      return absl::InvalidArgumentError(absl::StrCat("release.absent: the round has no item ", one.item));
    }
    if (!absent.insert(one.item).second || given.contains(one.item)) {
      return absl::InvalidArgumentError(
          absl::StrCat("release.absent: item ", one.item, " is absent twice, or both given and absent"));
    }
  }
  for (std::size_t i = 0; i < spec.items.size(); ++i) {
    if (!given.contains(i) && !absent.contains(i)) {
      return absl::InvalidArgumentError(absl::StrCat("release: item ", i, " is neither given nor absent"));
    }
  }
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
