#include "node/measure/tally.h"

#include <algorithm>
#include <tuple>

namespace waymark::node {

Tally::Tally(const TallyShape& shape) : shape_(shape), counts_(shape.breakdowns.size() * shape.units.size()) {
  for (const Breakdown& breakdown : shape.breakdowns) rows_.emplace_back(breakdown);
}

void Tally::AddUnit(std::uint32_t row, std::uint32_t slot, const Effect& effect, Counts& counts) const {
  const std::size_t place = row * shape_.slots + slot;
  const std::size_t first = place * shape_.columns;
  // Rows come one after another: vectors grow by more than one, so this is seldom done.
  if (first + shape_.columns > counts.cells.size()) {
    counts.cells.resize((row + std::size_t{1}) * shape_.slots * shape_.columns);
  }
  std::int64_t* const cells = &counts.cells[first];
  const auto add_days = [&](std::uint32_t number) {
    if (place >= counts.days.size()) counts.days.resize((row + std::size_t{1}) * shape_.slots);
    counts.days[place].Add(number);
  };
  const auto days = static_cast<std::uint32_t>(effect.days);
  const auto outcomes = static_cast<std::uint32_t>(shape_.outcomes);
  switch (shape_.kind) {
    case v1::METRIC_KIND_PROPORTION:
      for (std::size_t i = 0; i < shape_.outcomes; ++i) cells[i] += (effect.outcomes ^ shape_.none) >> i & 1U;
      ++cells[shape_.outcomes];  // the denominator
      return;
    case v1::METRIC_KIND_TRANSITION:
      for (std::size_t i = 0; i < shape_.columns; ++i) cells[i] += effect.amounts[i];
      return;
    case v1::METRIC_KIND_DURATION:
      add_days(days);
      break;
    case v1::METRIC_KIND_SURVIVAL:
      add_days(days * (outcomes + 1) +
               (effect.outcome == kCensored ? outcomes : static_cast<std::uint32_t>(effect.outcome)));
      break;
    default:
      break;
  }
  ++cells[effect.column];
}

// Counts each child or family (units_[i].id) once a row and period.
void Tally::AddDistinct(absl::Span<const Candidate> candidates, absl::Span<const Member> members,
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
    AddUnit(first.row, first.slot, effect, counts);
  }
}

void Tally::Add(absl::Span<const Candidate> candidates, absl::Span<const Member> members) {
  const auto size = static_cast<std::uint32_t>(members.size());
  row_of_.resize(size);
  for (std::size_t breakdown = 0; breakdown < shape_.breakdowns.size(); ++breakdown) {
    for (std::uint32_t i = 0; i < size; ++i) {
      row_of_[i] = rows_[breakdown].Of(candidates[members[i].candidate]);
    }
    for (std::size_t unit = 0; unit < shape_.units.size(); ++unit) {
      if (!shape_.counted[breakdown * shape_.units.size() + unit]) continue;
      Counts& counts = At(breakdown, unit);
      if (size == 1 || shape_.units[unit] == v1::UNIT_EPISODES) {
        for (std::uint32_t i = 0; i < size; ++i) {
          AddUnit(row_of_[i], members[i].slot, members[i].effect, counts);
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

void Tally::Add(const Tally& other) {
  const std::size_t width = shape_.slots * shape_.columns;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    RowNumbers& rows = rows_[i / shape_.units.size()];
    const RowNumbers& other_rows = other.rows_[i / shape_.units.size()];
    const Counts& from = other.counts_[i];
    Counts& to = counts_[i];
    for (std::uint32_t row = 0; row < from.cells.size() / width; ++row) {
      const std::size_t here = rows.Of(other_rows, row);
      if ((here + 1) * width > to.cells.size()) to.cells.resize((here + 1) * width);
      for (std::size_t c = 0; c < width; ++c) to.cells[here * width + c] += from.cells[row * width + c];
    }
    for (std::uint32_t row = 0; row < from.days.size() / shape_.slots; ++row) {
      const std::size_t here = rows.Of(other_rows, row);
      if ((here + 1) * shape_.slots > to.days.size()) to.days.resize((here + 1) * shape_.slots);
      for (std::size_t slot = 0; slot < shape_.slots; ++slot) {
        to.days[here * shape_.slots + slot].Add(from.days[row * shape_.slots + slot]);
      }
    }
  }
}

std::vector<std::int64_t> Tally::Cells(const Place& place) const {
  const std::vector<std::int64_t>& cells = At(place.breakdown, place.unit).cells;
  const std::size_t first = (place.row * shape_.slots + place.slot) * shape_.columns;
  if (place.row == kNobody || first >= cells.size()) return std::vector<std::int64_t>(shape_.columns);
  const auto begin = cells.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(shape_.columns)};
}

std::vector<std::uint32_t> Tally::Days(const Place& place) const {
  const std::vector<DayCounts>& days = At(place.breakdown, place.unit).days;
  const std::size_t at = place.row * shape_.slots + place.slot;
  if (place.row == kNobody || at >= days.size()) return {};
  return days[at].Sorted();
}

std::vector<std::uint32_t> Tally::RowsSeen(std::size_t breakdown, std::size_t slot) const {
  std::vector<std::uint32_t> seen;
  std::size_t rows = 0;
  for (std::size_t unit = 0; unit < shape_.units.size(); ++unit) {
    rows = std::max(rows, At(breakdown, unit).cells.size() / (shape_.slots * shape_.columns));
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
