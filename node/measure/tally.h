// Counts of all the tables of one entry and window, added to family by family.
//
// Units. Episodes: every member counts. Children, families: PROPORTION counts a child or family once a row,
// in an outcome's column when any of its members in that row has the outcome; where the outcome is that
// nothing happened, when all have. Kinds with disjoint columns
// count it by its first member in that row: the earliest event, then the earliest start, then the smallest
// person id.
#ifndef WAYMARK_NODE_MEASURE_TALLY_H_
#define WAYMARK_NODE_MEASURE_TALLY_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "node/measure/breakdown.h"
#include "node/measure/day_counts.h"
#include "node/measure/member.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// Which tables there are: each breakdown × unit × period.
struct TallyShape {
  v1::MetricKind kind = v1::METRIC_KIND_UNSPECIFIED;
  std::size_t outcomes = 0;
  std::uint64_t none =
      0;  // bits of outcomes that are that nothing happened: counted where the bit is not set
  std::size_t columns = 0;
  std::size_t slots = 0;  // periods
  std::vector<Breakdown> breakdowns;
  std::vector<v1::Unit> units;
  std::vector<bool> counted;  // breakdown × unit: false where the table cannot be made
};

// Only sums of whole numbers, so that it does not matter who counted which family. Not thread-safe.
class TableTally {
 public:
  // `shape` must outlive it.
  explicit TableTally(const TallyShape& shape);

  // One family's members in all periods, by person and candidate.
  void Add(absl::Span<const Candidate> candidates, absl::Span<const Member> members);
  // Brings in what still waits; before anything is read.
  void Flush();
  // Adds what another tally of the same shape has.
  void Add(const TableTally& other);

  // One row of one table; all zero where nobody is in it.
  struct Place {
    std::size_t breakdown;
    std::size_t unit;
    std::size_t slot;
    std::uint32_t row;
  };
  std::vector<std::int64_t> Cells(const Place& place) const;
  // DURATION: each member's days, SURVIVAL: days × (outcomes + 1) + (the outcome, or outcomes where there was
  // none); rising.
  std::vector<DayCount> Days(const Place& place) const;
  // The rows that somebody is in.
  std::vector<std::uint32_t> RowsSeen(std::size_t breakdown, std::size_t slot) const;
  const RowNumbers& rows(std::size_t breakdown) const { return rows_[breakdown]; }

 private:
  struct Counts {
    std::vector<std::int64_t> cells;  // row × slot × column
    std::vector<DayCounts> days;      // row × slot
  };
  // What one unit adds, whatever its row.
  struct Increment {
    std::uint64_t outcomes = 0;
    std::uint32_t slot = 0;
    std::uint32_t column = 0;
    std::uint32_t days = 0;  // as Days has it
    std::array<std::int64_t, kTransitionCells> amounts;
  };
  struct Counted {
    std::uint32_t slot;
    std::uint32_t row;
    std::uint32_t id;
    std::uint32_t member;
  };
  Increment IncrementOf(std::uint32_t slot, const Effect& effect) const;
  void AddUnit(std::uint32_t row, const Increment& increment, Counts& counts) const;
  void AddTogether(absl::Span<const Candidate> candidates, absl::Span<const Member> members);
  void AddDistinct(absl::Span<const Candidate> candidates, absl::Span<const Member> members, Counts& counts);
  template <typename Read>
  void ReadCounts(const Place& place, Read read) const;

  const TallyShape& shape_;
  std::vector<RowNumbers> rows_;          // by breakdown
  std::vector<Counts> shared_;            // by breakdown: what every unit counts alike
  std::vector<std::vector<Counts>> own_;  // by breakdown and unit: the rest
  // Members alone in their family and period, which every unit counts alike, and their rows of each
  // breakdown: they wait until there are many, so that one small table at a time is added to.
  std::vector<Increment> waiting_;
  std::vector<std::uint32_t> waiting_rows_;
  // Buffers of Add.
  std::vector<std::uint32_t> in_slot_;
  std::vector<Member> together_;
  std::vector<std::uint32_t> row_of_;
  std::vector<Counted> units_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_TALLY_H_
