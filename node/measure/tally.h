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
#include "base/day.h"
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
  std::vector<std::uint32_t> bins;  // DURATION, SURVIVAL: of days
  std::size_t columns = 0;
  std::size_t slots = 0;        // periods
  std::vector<Day> whole_days;  // TRANSITION, by slot: what AddWhole adds
  std::vector<Breakdown> breakdowns;
  std::vector<std::size_t> row_of;  // by breakdown: its place among a candidate's rows
  std::vector<v1::Unit> units;
  std::vector<bool> counted;  // breakdown × unit: false where the table cannot be made
};

// By candidate of a batch: its row in each breakdown of all that count the same kind of thing.
using BatchRows = std::vector<std::uint32_t>;

// What of one family may be counted.
struct FamilyPart {
  absl::Span<const Candidate> candidates;  // by person
  const BatchRows& rows;
  std::size_t first = 0;      // where the first candidate's rows begin
  std::size_t rows_each = 0;  // of a candidate

  std::uint32_t RowsOf(const Member& member) const {
    return static_cast<std::uint32_t>(first + member.candidate * rows_each);
  }
};

// Only sums of whole numbers, so that it does not matter who counted which family. Not thread-safe.
class TableTally {
 public:
  // `shape` must outlive it.
  explicit TableTally(const TallyShape& shape);

  // A member alone in its family and period, whose rows begin at a place of BatchRows. It waits for Flush.
  void AddAlone(std::uint32_t rows, std::uint32_t slot, const Effect& effect) {
    if (patterns_ == 0) return Append(rows, slot, effect, waiting_);
    const std::uint64_t pattern = effect.outcomes ^ shape_.none;
    waiting_raw_.Reserve(1);
    waiting_raw_.Append({rows, slot * patterns_ + static_cast<std::uint32_t>(pattern), 1});
  }
  // TRANSITION: somebody, alone in their family, who is in `state` on all days of the slots from `first` to
  // before `end`. Waits too.
  void AddWhole(std::uint32_t rows, std::uint32_t first, std::uint32_t end, State state);
  // One family's members in all periods, by person and candidate. Those alone in theirs wait for Flush.
  void Add(const FamilyPart& family, absl::Span<const Member> members);
  // Whether the columns are bins of days.
  bool has_days() const { return has_days_; }
  // Brings in what waits of a batch: one small table after the other, each filled at once.
  void Flush(const BatchRows& rows);
  // After the last Flush, before anything is read.
  void Finish();
  // Adds what another tally of the same shape has, both finished. `rows` number this one's rows,
  // and learn the other's.
  void Add(const TableTally& other, absl::Span<const RowNumbers> other_rows, absl::Span<RowNumbers> rows);

  // One row of one table; all zero where nobody is in it.
  struct Place {
    std::size_t breakdown;
    std::size_t unit;
    std::size_t slot;
    std::uint32_t row;
  };
  struct Row {
    std::vector<std::int64_t> cells;
    // DURATION: each member's days, SURVIVAL: days × (outcomes + 1) + (the outcome, or outcomes where there
    // was none); rising.
    std::vector<DayCount> days;
  };
  // In place of what `row` has.
  void Read(const Place& place, Row& row) const;
  // The rows that somebody is in.
  std::vector<std::uint32_t> RowsSeen(std::size_t breakdown, std::size_t slot) const;

 private:
  // What a candidate adds to its row.
  struct Addend {
    std::uint32_t who;    // where the candidate's rows begin in the batch, or the row itself
    std::uint32_t place;  // slot × column; of days: the slot
    std::int32_t amount;  // of days: their number, as Row has it
  };
  // A list that is written by pieces of at most a known size.
  class Addends {
   public:
    void Append(const Addend& addend) { list_[size_++] = addend; }
    // At a place below the number of times that Append or Put is called until the list is read.
    void Put(std::size_t at, const Addend& addend) {
      list_[at] = addend;
      ++size_;
    }
    // Before they are called that often.
    void Reserve(std::size_t more) {
      if (list_.size() - size_ < more) list_.resize(2 * list_.size() + more);
    }
    absl::Span<const Addend> all() const { return {list_.data(), size_}; }
    void Clear() { size_ = 0; }

   private:
    std::vector<Addend> list_;
    std::size_t size_ = 0;
  };
  // By row, slot and column; where the columns are bins of days, the days instead.
  struct Counts {
    std::vector<std::int64_t> cells;
    std::vector<DayCounts> days;
    Addends waiting;  // with their rows
  };
  struct Counted {
    std::uint32_t slot;
    std::uint32_t row;
    std::uint32_t id;
    std::uint32_t member;
  };
  std::size_t width() const { return shape_.slots * (has_days_ ? 1 : shape_.columns); }
  std::size_t raw_width() const;
  std::size_t Rows(const Counts& counts) const;
  void Resize(std::size_t rows, Counts& counts) const;
  bool AnyIn(const Counts& counts, std::uint32_t row, std::size_t slot) const;
  void Append(std::uint32_t who, std::uint32_t slot, const Effect& effect, Addends& addends) const;
  template <typename RowOf>
  void AddTo(Counts& counts, absl::Span<const Addend> addends, RowOf row_of) const;
  void SortWaiting();
  void FlushOwn(Counts& counts) const;
  // Of a breakdown that everybody is in as one row: its shared counts are the sum of another's, made by
  // Finish.
  bool IsSum(std::size_t breakdown) const;
  void AddUp(const Counts& parts, Counts& sum) const;
  void FlushRaw(const BatchRows& rows);
  void FinishWhole(absl::Span<const std::int64_t> changes, Counts& counts) const;
  void FinishPatterns(absl::Span<const std::int64_t> members, Counts& counts) const;
  void AddTogether(const FamilyPart& family, absl::Span<const Member> members);
  void AddDistinct(const FamilyPart& family, absl::Span<const Member> members, Counts& counts);
  void ReadDays(const Place& place, std::vector<DayCount>& days) const;
  std::size_t ColumnOf(std::uint32_t number) const;

  const TallyShape& shape_;
  bool has_days_;
  // By breakdown: members alone in their family and period, who count in every unit.
  std::vector<Counts> shared_;
  std::size_t parts_ = 0;  // the breakdown that IsSum ones are the sum of; none: shared_.size()
  std::vector<std::vector<Counts>> own_;  // by breakdown and unit: the rest
  Addends waiting_;                       // what goes into shared_
  Addends sorted_;                        // the same, while it is put in order
  // What Finish makes cells of shared_ of. By breakdown, then row, slot and, of PROPORTION with few outcomes,
  // pattern of those that count: how many members; of TRANSITION state: how many more come into it than in
  // the slot before, and one more slot.
  std::vector<std::vector<std::int64_t>> raw_;
  Addends waiting_raw_;
  std::uint32_t patterns_ = 0;  // that the outcomes may make; 0: too many, or of another kind
  // Buffers of Add.
  std::vector<std::uint32_t> in_slot_;
  std::vector<Member> together_;
  std::vector<Counted> units_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_TALLY_H_
