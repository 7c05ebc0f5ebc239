// The vector of a secure sum: which cell of which table stands at which place. Made from public facts, so
// every council and the coordinator come to the same one. Pure; thread-safe.
#ifndef WAYMARK_CATALOGUE_SECURE_LAYOUT_H_
#define WAYMARK_CATALOGUE_SECURE_LAYOUT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "catalogue/item_tables.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// A council's count in one cell is clamped to this: more children than any council has.
inline constexpr std::int64_t kMostSummedCount = 1'000'000;
inline constexpr std::uint64_t kMostSummedCells = 2'000'000;

struct SecureLayout {
  std::vector<NoisePlan> items;  // by the spec's items; disjoint cells, table by table, row by row
  std::uint64_t cells = 0;       // of all items
};

// `definitions`: of the spec's items, in order. The errors of PlanNoise; FAILED_PRECONDITION above
// kMostSummedCells.
absl::StatusOr<SecureLayout> LayOut(const contract::RoundSpec& spec,
                                    absl::Span<const v1::Metric* const> definitions);

// What is summed, for the session's identifier: the round's spec hash (32 bytes), the part of the roster, and
// the layout. Under the label "waymark/v1/secure-sum-spec".
std::string CanonicalBytes(absl::string_view spec_hash, absl::string_view part, const SecureLayout& layout);

// The tables that the summed cells give, by item, with the denominators of proportions restored.
// INVALID_ARGUMENT where their number is not the layout's; OUT_OF_RANGE where a sum is beyond a cell's bound.
absl::StatusOr<std::vector<std::vector<contract::Table>>> TablesFromCells(
    const SecureLayout& layout, absl::Span<const v1::Metric* const> definitions,
    absl::Span<const std::int64_t> cells);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_SECURE_LAYOUT_H_
