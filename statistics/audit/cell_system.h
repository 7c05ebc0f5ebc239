// What is publicly known of a set of counts, published or not: an interval for each, and sums that hold
// between them (margins, parts of a whole, what is nested in what). Whoever attacks a table solves this
// system. Nothing here knows what the counts are of. Counts are whole numbers of 0 to kMostCount.
#ifndef WAYMARK_STATISTICS_AUDIT_CELL_SYSTEM_H_
#define WAYMARK_STATISTICS_AUDIT_CELL_SYSTEM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace waymark::statistics {

// No cell is larger; as an upper bound it says that nothing is known.
inline constexpr std::int64_t kMostCount = 1'000'000'000'000'000;
inline constexpr std::size_t kMostRelationTerms = 1'000'000;

struct Range {
  std::int64_t low = 0;  // both included
  std::int64_t high = kMostCount;

  std::int64_t width() const { return high - low; }
  bool Contains(std::int64_t value) const { return value >= low && value <= high; }
  friend bool operator==(const Range&, const Range&) = default;
};

// low ≤ Σ factor × cell ≤ high. An equality has low = high.
struct Relation {
  struct Term {
    std::uint32_t cell = 0;
    std::int32_t factor = 1;  // −1 or 1
  };
  std::vector<Term> terms;  // distinct cells, at most kMostRelationTerms
  std::int64_t low = 0;     // −kMostCount: no bound
  std::int64_t high = 0;    // kMostCount: no bound
};

// whole = Σ parts; whole ≥ part.
Relation SumOf(absl::Span<const std::uint32_t> parts, std::uint32_t whole);
Relation AtMost(std::uint32_t part, std::uint32_t whole);

struct CellSystem {
  std::vector<Range> cells;
  std::vector<Relation> relations;
};

// INVALID_ARGUMENT where a relation names a cell that is not there or names one twice, a factor is not ±1, or
// a bound lies outside −kMostCount to kMostCount (of a cell: 0 to kMostCount), or below the other.
absl::Status CheckSystem(const CellSystem& system);

// The numbers of the relations that name each cell.
std::vector<std::vector<std::uint32_t>> RelationsByCell(std::size_t cells,
                                                        absl::Span<const Relation> relations);

// Narrows `cells` by each relation in turn until none narrows any more, or for at most `most_passes` over all
// of them: cheap, and never narrower than the truth. An interval left without a number (low > high) says that
// the system has no solution.
void Tighten(CellSystem& system, int most_passes);

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_AUDIT_CELL_SYSTEM_H_
