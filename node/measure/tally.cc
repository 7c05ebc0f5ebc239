#include "node/measure/tally.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace waymark::node {
namespace {

constexpr std::size_t kWaiting = 4096;

// The place in `counts` of a row and slot, made if it is not there.
template <typename Value>
Value* Made(std::size_t place, std::size_t width, std::size_t row_width, std::vector<Value>& counts) {
  const std::size_t first = place * width;
  if (first >= counts.size()) counts.resize((first / row_width + 1) * row_width);
  return &counts[first];
}

}  // namespace

TableTally::TableTally(const TallyShape& shape)
    : shape_(shape),
      shared_(shape.breakdowns.size()),
      own_(shape.breakdowns.size(), std::vector<Counts>(shape.units.size())),
      in_slot_(shape.slots) {
  for (const Breakdown& breakdown : shape.breakdowns) rows_.emplace_back(breakdown);
}

TableTally::Increment TableTally::IncrementOf(std::uint32_t slot, const Effect& effect) const {
  Increment increment;
  increment.slot = slot;
  increment.outcomes = effect.outcomes ^ shape_.none;
  increment.column = effect.column;
  increment.days = static_cast<std::uint32_t>(effect.days);
  if (shape_.kind == v1::METRIC_KIND_TRANSITION) increment.amounts = effect.amounts;
  if (shape_.kind == v1::METRIC_KIND_SURVIVAL) {
    const auto none = static_cast<std::uint32_t>(shape_.outcomes);
    const std::uint32_t outcome =
        effect.outcome == kCensored ? none : static_cast<std::uint32_t>(effect.outcome);
    increment.days = increment.days * (none + 1) + outcome;
  }
  return increment;
}

void TableTally::AddUnit(std::uint32_t row, const Increment& increment, Counts& counts) const {
  const std::size_t place = row * shape_.slots + increment.slot;
  std::int64_t* const cells = Made(place, shape_.columns, shape_.slots * shape_.columns, counts.cells);
  switch (shape_.kind) {
    case v1::METRIC_KIND_PROPORTION:
      for (std::uint64_t bits = increment.outcomes; bits != 0; bits &= bits - 1)
        ++cells[std::countr_zero(bits)];
      ++cells[shape_.outcomes];  // the denominator
      return;
    case v1::METRIC_KIND_TRANSITION:
      for (std::size_t i = 0; i < shape_.columns; ++i) cells[i] += increment.amounts[i];
      return;
    case v1::METRIC_KIND_DURATION:
    case v1::METRIC_KIND_SURVIVAL:
      Made(place, 1, shape_.slots, counts.days)->Add(increment.days);
      ++cells[increment.column];
      return;
    default:
      ++cells[increment.column];
      return;
  }
}

// Counts each child or family (units_[i].id) once a row and period.
void TableTally::AddDistinct(absl::Span<const Candidate> candidates, absl::Span<const Member> members,
                             Counts& counts) {
  std::sort(units_.begin(), units_.end(), [&](const Counted& a, const Counted& b) {
    const auto group = [](const Counted& c) { return std::tie(c.slot, c.row, c.id); };
    if (group(a) != group(b)) return group(a) < group(b);
    const Candidate& first = candidates[members[a.member].candidate];
    const Candidate& second = candidates[members[b.member].candidate];
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
    AddUnit(first.row, IncrementOf(first.slot, effect), counts);
  }
}

// Members that share their family and period with others.
void TableTally::AddTogether(absl::Span<const Candidate> candidates, absl::Span<const Member> members) {
  const auto size = static_cast<std::uint32_t>(members.size());
  row_of_.resize(size);
  for (std::size_t breakdown = 0; breakdown < shape_.breakdowns.size(); ++breakdown) {
    for (std::uint32_t i = 0; i < size; ++i) {
      row_of_[i] = rows_[breakdown].Of(candidates[members[i].candidate]);
    }
    for (std::size_t unit = 0; unit < shape_.units.size(); ++unit) {
      if (!shape_.counted[breakdown * shape_.units.size() + unit]) continue;
      Counts& counts = own_[breakdown][unit];
      if (shape_.units[unit] == v1::UNIT_EPISODES) {
        for (std::uint32_t i = 0; i < size; ++i) {
          AddUnit(row_of_[i], IncrementOf(members[i].slot, members[i].effect), counts);
        }
        continue;
      }
      units_.clear();
      for (std::uint32_t i = 0; i < size; ++i) {
        const std::uint32_t id =
            shape_.units[unit] == v1::UNIT_CHILDREN ? candidates[members[i].candidate].person : 0;
        units_.push_back({.slot = members[i].slot, .row = row_of_[i], .id = id, .member = i});
      }
      AddDistinct(candidates, members, counts);
    }
  }
}

void TableTally::Add(absl::Span<const Candidate> candidates, absl::Span<const Member> members) {
  for (const Member& member : members) ++in_slot_[member.slot];
  together_.clear();
  for (const Member& member : members) {
    if (in_slot_[member.slot] > 1) {
      together_.push_back(member);
      continue;
    }
    waiting_.push_back(IncrementOf(member.slot, member.effect));
    for (RowNumbers& rows : rows_) waiting_rows_.push_back(rows.Of(candidates[member.candidate]));
  }
  for (const Member& member : members) in_slot_[member.slot] = 0;
  if (!together_.empty()) AddTogether(candidates, together_);
  if (waiting_.size() >= kWaiting) Flush();
}

void TableTally::Flush() {
  for (std::size_t breakdown = 0; breakdown < shared_.size(); ++breakdown) {
    const std::uint32_t* row = waiting_rows_.data() + breakdown;
    for (const Increment& increment : waiting_) {
      AddUnit(*row, increment, shared_[breakdown]);
      row += shared_.size();
    }
  }
  waiting_.clear();
  waiting_rows_.clear();
}

void TableTally::Add(const TableTally& other) {
  const std::size_t width = shape_.slots * shape_.columns;
  const auto add = [&](const Counts& from, const RowNumbers& from_rows, RowNumbers& rows, Counts& to) {
    for (std::uint32_t row = 0; row < from.cells.size() / width; ++row) {
      std::int64_t* const cells = Made(rows.Of(from_rows, row), width, width, to.cells);
      for (std::size_t c = 0; c < width; ++c) cells[c] += from.cells[row * width + c];
    }
    for (std::uint32_t row = 0; row < from.days.size() / shape_.slots; ++row) {
      DayCounts* const days = Made(rows.Of(from_rows, row), shape_.slots, shape_.slots, to.days);
      for (std::size_t slot = 0; slot < shape_.slots; ++slot)
        days[slot].Add(from.days[row * shape_.slots + slot]);
    }
  };
  for (std::size_t b = 0; b < shared_.size(); ++b) {
    add(other.shared_[b], other.rows_[b], rows_[b], shared_[b]);
    for (std::size_t unit = 0; unit < own_[b].size(); ++unit) {
      add(other.own_[b][unit], other.rows_[b], rows_[b], own_[b][unit]);
    }
  }
}

// Calls read(counts, row and slot) for both parts of what one unit counts.
template <typename Read>
void TableTally::ReadCounts(const Place& place, Read read) const {
  if (place.row == kNobody) return;
  const std::size_t at = place.row * shape_.slots + place.slot;
  read(shared_[place.breakdown], at);
  read(own_[place.breakdown][place.unit], at);
}

std::vector<std::int64_t> TableTally::Cells(const Place& place) const {
  std::vector<std::int64_t> cells(shape_.columns);
  ReadCounts(place, [&](const Counts& counts, std::size_t at) {
    const std::size_t first = at * shape_.columns;
    for (std::size_t i = 0; first < counts.cells.size() && i < cells.size(); ++i)
      cells[i] += counts.cells[first + i];
  });
  return cells;
}

std::vector<DayCount> TableTally::Days(const Place& place) const {
  DayCounts days;
  ReadCounts(place, [&](const Counts& counts, std::size_t at) {
    if (at < counts.days.size()) days.Add(counts.days[at]);
  });
  return days.Sorted();
}

std::vector<std::uint32_t> TableTally::RowsSeen(std::size_t breakdown, std::size_t slot) const {
  std::vector<std::uint32_t> seen;
  const std::size_t width = shape_.slots * shape_.columns;
  std::size_t rows = 0;
  for (std::size_t unit = 0; unit < shape_.units.size(); ++unit) {
    rows =
        std::max({rows, shared_[breakdown].cells.size() / width, own_[breakdown][unit].cells.size() / width});
  }
  for (std::uint32_t row = 0; row < rows; ++row) {
    bool any = false;
    for (std::size_t unit = 0; unit < shape_.units.size() && !any; ++unit) {
      const std::vector<std::int64_t> cells = Cells({breakdown, unit, slot, row});
      any = std::any_of(cells.begin(), cells.end(), [](std::int64_t cell) { return cell != 0; });
    }
    if (any) seen.push_back(row);
  }
  return seen;
}

}  // namespace waymark::node
