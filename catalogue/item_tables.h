// The tables that answer an item of a round, from public facts alone: entry, item and code lists. The same at
// every council and at the coordinator, so that cells can be added up place by place. Pure; thread-safe.
#ifndef WAYMARK_CATALOGUE_ITEM_TABLES_H_
#define WAYMARK_CATALOGUE_ITEM_TABLES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/contract/round_spec.h"
#include "proto/contract/table.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// The name of the entries whose cells are linked with this one's: the entry's own where it names no group.
const std::string& LinkageGroupOf(const v1::Metric& metric);

// Which table of an item: breakdown × window × unit.
struct TableKey {
  std::vector<std::string> dimensions;  // empty: all members
  std::uint32_t window_days = 0;
  v1::Unit unit = v1::UNIT_UNSPECIFIED;
  friend bool operator==(const TableKey&, const TableKey&) = default;
};
TableKey KeyOf(const contract::Table& table);

// Whether there is a table of all beside those by breakdown. SURVEY: none, since questions are never summed.
bool HasTableOfAll(const v1::Metric& metric);

// The windows of an item's tables.
std::vector<std::uint32_t> WindowsOf(const v1::Metric& metric, const contract::RoundItem& item);

// Every table that the item asks for, "all" first where there is one, in the order of node/measure. One
// window, 0, for SURVIVAL and for entries without one.
std::vector<TableKey> TablesOf(const v1::Metric& metric, const contract::RoundItem& item);

// The rows of a noised or summed table: every code that its dimensions can have. A row that exists only
// because somebody is in it would tell that without any noise, so every possible row is there, empty ones
// too. Sorted. No dimensions: the one row "". Two: all pairs, "a|b". FAILED_PRECONDITION where a dimension's
// codes are a council's own (area, team, service), naming it.
absl::StatusOr<std::vector<std::string>> PublicRows(const std::vector<std::string>& dimensions);

// A council's count in one cell of a secure sum is cut to this: more children than any council has.
inline constexpr std::int64_t kMostSummedCount = 1'000'000;

// Members of one family that count in the table: the definition's contribution_bound, and 1 in a table of
// families without dimensions.
std::uint64_t MembersThatCount(const v1::Metric& metric, const TableKey& key);

// What a family can do to all cells of an item together. Δ is the sum over the item's tables of (members of
// one family that count in it) × (cells that one member touches). Δ₂² is
// the sum of (members)² × (cells), since all of a family's members may count in the same cells.
//
// Noise goes on disjoint cells only (Dwork, Roth, 2014, theorem 3.6):
// - PROPORTION: each outcome's "yes" cell and the first outcome's "no" cell, in the denominator's place; the
//   released denominator is the sum of the first outcome's noised yes and no (RestoreTotals). A noised
//   denominator beside its numerators would count every member twice in Δ.
// - MIX, DURATION, SURVIVAL: every cell; they partition the members.
// - TRANSITION: every cell; moves one by one, person-days rounded to whole lengths of the period
// (NoisedUnitOf).
//   A family's days in a cell, at most a period's a member, move that by at most as many as it has members
//   there. Released are the noised lengths in days again (RestoreTotals).
// - QUALITY, and TRANSITION without most_moves: refused: records a field, and moves, have no bound a family.
struct NoisePlan {
  // Every table of the item, in the order of TablesOf; all cells zero.
  std::vector<contract::Table> tables{};
  std::uint64_t sensitivity = 0;         // Δ, at least 1
  std::uint64_t sensitivity_square = 0;  // Δ₂², at least 1
  std::uint64_t cells = 0;               // of all tables; each takes one sample of noise
};

// FAILED_PRECONDITION where the item cannot leave noised (its kind, a dimension without public codes, or too
// many cells); the message says why, for the council.
absl::StatusOr<NoisePlan> PlanNoise(const v1::Metric& metric, const contract::RoundItem& item);

// Puts the denominators of a PROPORTION, and the days of a TRANSITION, into a table of disjoint cells; other
// kinds stay as they are. OUT_OF_RANGE where a cell leaves the contract's bound of one.
absl::Status RestoreTotals(const v1::Metric& metric, contract::Table& table);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_ITEM_TABLES_H_
