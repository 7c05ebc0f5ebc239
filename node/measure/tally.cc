#include "node/measure/tally.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <tuple>
#include <utility>

namespace waymark::node {
namespace {

constexpr std::size_t kWaiting = 1024;
// How many days ahead memory is asked for.
constexpr std::size_t kDaysAhead = 12;
// Whose patterns are counted instead of each for itself.
constexpr std::size_t kMostPatternOutcomes = 4;

}  // namespace

TableTally::TableTally(const TallyShape& shape)
    : shape_(shape),
      has_days_(shape.kind == v1::METRIC_KIND_DURATION || shape.kind == v1::METRIC_KIND_SURVIVAL),
      shared_(shape.breakdowns.size()),
      own_(shape.breakdowns.size(), std::vector<Counts>(shape.units.size())),
      raw_(shape.breakdowns.size()),
      in_slot_(shape.slots) {
  if (shape.kind == v1::METRIC_KIND_PROPORTION && shape.outcomes <= kMostPatternOutcomes) {
    patterns_ = 1U << shape.outcomes;
  }
  const auto has_fields = [](const Breakdown& breakdown) { return !breakdown.fields.empty(); };
  parts_ = static_cast<std::size_t>(
      std::find_if(shape.breakdowns.begin(), shape.breakdowns.end(), has_fields) - shape.breakdowns.begin());
}

bool TableTally::IsSum(std::size_t breakdown) const {
  return parts_ < shared_.size() && shape_.breakdowns[breakdown].fields.empty();
}

std::size_t TableTally::Rows(const Counts& counts) const {
  return (has_days_ ? counts.days.size() : counts.cells.size()) / width();
}

void TableTally::Resize(std::size_t rows, Counts& counts) const {
  if (has_days_) {
    counts.days.resize(rows * width());
  } else {
    counts.cells.resize(rows * width());
  }
}

bool TableTally::AnyIn(const Counts& counts, std::uint32_t row, std::size_t slot) const {
  if (row >= Rows(counts)) return false;
  if (has_days_) return !counts.days[row * width() + slot].empty();
  const auto first =
      counts.cells.begin() + static_cast<std::ptrdiff_t>(row * width() + slot * shape_.columns);
  return std::any_of(first, first + static_cast<std::ptrdiff_t>(shape_.columns),
                     [](std::int64_t cell) { return cell != 0; });
}

// Appends what a unit of `effect` adds to its row.
void TableTally::Append(std::uint32_t who, std::uint32_t slot, const Effect& effect, Addends& addends) const {
  addends.Reserve(std::max(shape_.outcomes + 1, kTransitionCells));
  const std::uint32_t first = slot * static_cast<std::uint32_t>(shape_.columns);
  switch (shape_.kind) {
    case v1::METRIC_KIND_PROPORTION: {
      addends.Append({who, first + static_cast<std::uint32_t>(shape_.outcomes), 1});  // the denominator
      for (std::uint64_t bits = effect.outcomes ^ shape_.none; bits != 0; bits &= bits - 1) {
        addends.Append({who, first + static_cast<std::uint32_t>(std::countr_zero(bits)), 1});
      }
      return;
    }
    case v1::METRIC_KIND_TRANSITION:
      for (std::uint32_t i = 0; i < effect.amounts.size(); ++i) {
        if (effect.amounts[i] != 0) addends.Append({who, first + i, effect.amounts[i]});
      }
      return;
    case v1::METRIC_KIND_DURATION:
      addends.Append({who, slot, effect.days});
      return;
    case v1::METRIC_KIND_SURVIVAL: {
      const auto none = static_cast<std::int32_t>(shape_.outcomes);
      const std::int32_t outcome = effect.outcome == kCensored ? none : effect.outcome;
      addends.Append({who, slot, effect.days * (none + 1) + outcome});
      return;
    }
    default:
      addends.Append({who, first + effect.column, 1});
      return;
  }
}

// Adds each of `addends` to the row that its candidate has.
template <typename RowOf>
void TableTally::AddTo(Counts& counts, absl::Span<const Addend> addends, RowOf row_of) const {
  std::size_t rows = Rows(counts);
  const auto place_of = [&, width = width()](const Addend& addend) {
    const std::size_t row = row_of(addend);
    if (row >= rows) {
      rows = row + 1;
      Resize(rows, counts);
    }
    return row * width + addend.place;
  };
  if (has_days_) {
    for (std::size_t i = 0; i < addends.size(); ++i) {
      if (i + kDaysAhead < addends.size()) {
        const Addend& ahead = addends[i + kDaysAhead];
        const std::size_t place = place_of(ahead);  // which may make room: before the room is asked for
        counts.days.data()[place].Prefetch(static_cast<std::uint32_t>(ahead.amount));
      }
      const std::size_t place = place_of(addends[i]);
      counts.days.data()[place].Add(static_cast<std::uint32_t>(addends[i].amount));
    }
  } else {
    for (const Addend& addend : addends) {
      const std::size_t place = place_of(addend);
      counts.cells.data()[place] += addend.amount;
    }
  }
}

// Counts each child or family (units_[i].id) once a row and period.
void TableTally::AddDistinct(const FamilyPart& family, absl::Span<const Member> members, Counts& counts) {
  std::sort(units_.begin(), units_.end(), [&](const Counted& a, const Counted& b) {
    const auto group = [](const Counted& c) { return std::tie(c.slot, c.row, c.id); };
    if (group(a) != group(b)) return group(a) < group(b);
    const Candidate& first = family.candidates[members[a.member].candidate];
    const Candidate& second = family.candidates[members[b.member].candidate];
    return std::tie(first.event, first.start, first.person, a.member) <
           std::tie(second.event, second.start, second.person, b.member);
  });
  for (std::size_t i = 0; i < units_.size();) {
    const Counted& first = units_[i];
    Effect effect = members[first.member].effect;
    for (++i; i < units_.size() && units_[i].slot == first.slot && units_[i].row == first.row &&
              units_[i].id == first.id;
         ++i) {
      effect.outcomes |= members[units_[i].member].effect.outcomes;
    }
    Append(first.row, first.slot, effect, counts.waiting);
  }
}

// Members that share their family and period with others.
void TableTally::AddTogether(const FamilyPart& family, absl::Span<const Member> members) {
  for (std::size_t breakdown = 0; breakdown < shape_.breakdowns.size(); ++breakdown) {
    for (std::size_t unit = 0; unit < shape_.units.size(); ++unit) {
      if (!shape_.counted[breakdown * shape_.units.size() + unit]) continue;
      Counts& counts = own_[breakdown][unit];
      const v1::Unit of = shape_.units[unit];
      units_.clear();
      for (std::uint32_t i = 0; i < members.size(); ++i) {
        const std::uint32_t row = family.rows[family.RowsOf(members[i]) + shape_.row_of[breakdown]];
        const std::uint32_t id = of == v1::UNIT_CHILDREN ? family.candidates[members[i].candidate].person : 0;
        units_.push_back({.slot = members[i].slot, .row = row, .id = id, .member = i});
      }
      if (of == v1::UNIT_EPISODES) {
        for (const Counted& unit_of : units_) {
          Append(unit_of.row, unit_of.slot, members[unit_of.member].effect, counts.waiting);
        }
      } else {
        AddDistinct(family, members, counts);
      }
      if (counts.waiting.all().size() >= kWaiting) FlushOwn(counts);
    }
  }
}

void TableTally::Add(const FamilyPart& family, absl::Span<const Member> members) {
  for (const Member& member : members) ++in_slot_[member.slot];
  together_.clear();
  for (const Member& member : members) {
    if (in_slot_[member.slot] == 1) {
      AddAlone(family.RowsOf(member), member.slot, member.effect);
    } else {
      together_.push_back(member);
    }
  }
  for (const Member& member : members) in_slot_[member.slot] = 0;
  if (!together_.empty()) AddTogether(family, together_);
}

// What waits, by slot.
void TableTally::SortWaiting() {
  std::vector<std::size_t> next(shape_.slots + 1);
  for (const Addend& addend : waiting_.all()) ++next[addend.place + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  sorted_.Clear();
  sorted_.Reserve(waiting_.all().size());
  for (const Addend& addend : waiting_.all()) sorted_.Put(next[addend.place]++, addend);
  std::swap(waiting_, sorted_);
}

void TableTally::Flush(const BatchRows& rows) {
  if (has_days_) SortWaiting();
  for (std::size_t breakdown = 0; breakdown < shared_.size() && !waiting_.all().empty(); ++breakdown) {
    if (IsSum(breakdown)) continue;
    const std::uint32_t* const row = rows.data() + shape_.row_of[breakdown];
    AddTo(shared_[breakdown], waiting_.all(), [row](const Addend& addend) { return row[addend.who]; });
  }
  waiting_.Clear();
  FlushRaw(rows);
}

// Two addends however many the slots are.
void TableTally::AddWhole(std::uint32_t rows, std::uint32_t first, std::uint32_t end, State state) {
  waiting_raw_.Reserve(2);
  const auto place_of = [state](std::uint32_t slot) {
    return slot * kStates + static_cast<std::uint32_t>(state);
  };
  waiting_raw_.Append({rows, place_of(first), 1});
  waiting_raw_.Append({rows, place_of(end), -1});
}

std::size_t TableTally::raw_width() const {
  return patterns_ > 0 ? shape_.slots * patterns_ : (shape_.slots + 1) * kStates;
}

void TableTally::FlushRaw(const BatchRows& rows) {
  if (waiting_raw_.all().empty()) return;
  const std::size_t width = raw_width();
  for (std::size_t breakdown = 0; breakdown < raw_.size(); ++breakdown) {
    if (IsSum(breakdown)) continue;
    std::vector<std::int64_t>& raw = raw_[breakdown];
    const std::uint32_t* const row_of = rows.data() + shape_.row_of[breakdown];
    for (const Addend& addend : waiting_raw_.all()) {
      const std::size_t row = row_of[addend.who];
      if (raw.size() <= row * width) raw.resize((row + 1) * width);
      raw.data()[row * width + addend.place] += addend.amount;
    }
  }
  waiting_raw_.Clear();
}

void TableTally::FinishWhole(absl::Span<const std::int64_t> changes, Counts& counts) const {
  const std::size_t states = static_cast<std::size_t>(kStates);
  for (std::size_t row = 0; row < changes.size() / raw_width(); ++row) {
    std::array<std::int64_t, kStates> people{};
    for (std::size_t slot = 0; slot < shape_.slots; ++slot) {
      for (std::size_t state = 0; state < states; ++state) {
        people[state] += changes[row * raw_width() + slot * states + state];
        counts.cells[row * width() + slot * shape_.columns + kMoves + state] +=
            people[state] * shape_.whole_days[slot];
      }
    }
  }
}

void TableTally::FinishPatterns(absl::Span<const std::int64_t> members, Counts& counts) const {
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i] == 0) continue;
    const std::size_t first = i / raw_width() * width() + i % raw_width() / patterns_ * shape_.columns;
    counts.cells[first + shape_.outcomes] += members[i];  // the denominator
    for (std::size_t bits = i % patterns_; bits != 0; bits &= bits - 1) {
      counts.cells[first + static_cast<std::size_t>(std::countr_zero(bits))] += members[i];
    }
  }
}

void TableTally::FlushOwn(Counts& counts) const {
  if (counts.waiting.all().empty()) return;
  AddTo(counts, counts.waiting.all(), [](const Addend& addend) { return addend.who; });
  counts.waiting.Clear();
}

void TableTally::Finish() {
  if (width() == 0) return;  // a job without a period
  for (std::size_t breakdown = 0; breakdown < raw_.size(); ++breakdown) {
    const std::vector<std::int64_t> raw = std::exchange(raw_[breakdown], {});
    if (raw.empty()) continue;
    Counts& counts = shared_[breakdown];
    Resize(std::max(Rows(counts), raw.size() / raw_width()), counts);
    if (patterns_ > 0) {
      FinishPatterns(raw, counts);
    } else {
      FinishWhole(raw, counts);
    }
  }
  for (std::size_t breakdown = 0; breakdown < shared_.size(); ++breakdown) {
    if (IsSum(breakdown)) AddUp(shared_[parts_], shared_[breakdown]);
  }
  for (std::vector<Counts>& units : own_) {
    for (Counts& counts : units) FlushOwn(counts);
  }
}

// All rows of `parts` into the only row of `sum`.
void TableTally::AddUp(const Counts& parts, Counts& sum) const {
  const std::size_t rows = Rows(parts);
  if (rows > 0) Resize(1, sum);
  for (std::size_t i = 0; i < rows * width(); ++i) {
    if (has_days_) {
      sum.days[i % width()].Add(parts.days[i]);
    } else {
      sum.cells[i % width()] += parts.cells[i];
    }
  }
}

void TableTally::Add(const TableTally& other, absl::Span<const RowNumbers> other_rows,
                     absl::Span<RowNumbers> rows) {
  const auto add = [&](std::size_t breakdown, const Counts& from, Counts& to) {
    const std::size_t which = shape_.row_of[breakdown];
    for (std::uint32_t row = 0; row < Rows(from); ++row) {
      const std::uint32_t row_here = rows[which].Of(other_rows[which], row);
      if (row_here >= Rows(to)) Resize(row_here + std::size_t{1}, to);
      for (std::size_t i = 0; i < width(); ++i) {
        if (has_days_) {
          to.days[row_here * width() + i].Add(from.days[row * width() + i]);
        } else {
          to.cells[row_here * width() + i] += from.cells[row * width() + i];
        }
      }
    }
  };
  for (std::size_t b = 0; b < shared_.size(); ++b) {
    add(b, other.shared_[b], shared_[b]);
    for (std::size_t unit = 0; unit < own_[b].size(); ++unit) add(b, other.own_[b][unit], own_[b][unit]);
  }
}

void TableTally::ReadDays(const Place& place, std::vector<DayCount>& days) const {
  static const DayCounts* const kNone = new DayCounts();
  const auto of = [&](const Counts& counts) -> const DayCounts& {
    return place.row < Rows(counts) ? counts.days[place.row * width() + place.slot] : *kNone;
  };
  const DayCounts& shared = of(shared_[place.breakdown]);
  const DayCounts& own = of(own_[place.breakdown][place.unit]);
  if (shared.empty() || own.empty()) return (shared.empty() ? own : shared).Sort(days);
  DayCounts both = shared;
  both.Add(own);
  both.Sort(days);
}

// The column that a number of days is counted in.
std::size_t TableTally::ColumnOf(std::uint32_t number) const {
  const auto& bins = shape_.bins;
  if (shape_.kind == v1::METRIC_KIND_DURATION) {
    return static_cast<std::size_t>(std::upper_bound(bins.begin(), bins.end(), number) - bins.begin());
  }
  const auto endings = static_cast<std::uint32_t>(shape_.outcomes) + 1;
  const auto bin = std::lower_bound(bins.begin(), bins.end(), number / endings) - bins.begin();
  return static_cast<std::size_t>(bin) * endings + number % endings;
}

void TableTally::Read(const Place& place, Row& row) const {
  row.cells.assign(shape_.columns, 0);
  if (has_days_) {
    ReadDays(place, row.days);
    for (const DayCount& day : row.days) row.cells[ColumnOf(day.number)] += day.count;
    return;
  }
  for (const Counts* counts : {&shared_[place.breakdown], &own_[place.breakdown][place.unit]}) {
    if (place.row >= Rows(*counts)) continue;
    const std::size_t first = place.row * width() + place.slot * shape_.columns;
    for (std::size_t i = 0; i < row.cells.size(); ++i) row.cells[i] += counts->cells[first + i];
  }
}

std::vector<std::uint32_t> TableTally::RowsSeen(std::size_t breakdown, std::size_t slot) const {
  std::vector<std::uint32_t> seen;
  const auto& own = own_[breakdown];
  std::size_t rows = Rows(shared_[breakdown]);
  for (const Counts& counts : own) rows = std::max(rows, Rows(counts));
  for (std::uint32_t row = 0; row < rows; ++row) {
    const auto in_row = [&, row](const Counts& counts) { return AnyIn(counts, row, slot); };
    if (in_row(shared_[breakdown]) || std::any_of(own.begin(), own.end(), in_row)) seen.push_back(row);
  }
  return seen;
}

}  // namespace waymark::node
