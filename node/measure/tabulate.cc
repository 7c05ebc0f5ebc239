#include "node/measure/tabulate.h"

#include <algorithm>
#include <tuple>

namespace waymark::node {

std::vector<Counted> CountUnits(const Journeys& journeys, const v1::Metric& metric, v1::Unit unit,
                                const Rows& rows, absl::Span<const Member> members) {
  struct Unit {
    std::uint32_t row;
    std::uint32_t id;
    std::uint32_t member;
  };
  std::vector<Unit> units;
  units.reserve(members.size());
  for (std::uint32_t i = 0; i < members.size(); ++i) {
    const PersonIndex person = members[i].person;
    const std::uint32_t id = unit == v1::UNIT_CHILDREN   ? person
                             : unit == v1::UNIT_FAMILIES ? journeys.family(person)
                                                         : i;
    units.push_back({rows.of_member[i], id, i});
  }
  std::sort(units.begin(), units.end(), [members](const Unit& a, const Unit& b) {
    if (a.row != b.row || a.id != b.id) return std::tie(a.row, a.id) < std::tie(b.row, b.id);
    const Member& first = members[a.member];
    const Member& second = members[b.member];
    return std::tie(first.event, first.start, first.person, a.member) <
           std::tie(second.event, second.start, second.person, b.member);
  });
  std::vector<Counted> counted;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::uint64_t outcomes = members[units[i].member].outcomes;
    if (i > 0 && units[i].row == units[i - 1].row && units[i].id == units[i - 1].id) {
      if (metric.kind() == v1::METRIC_KIND_PROPORTION) counted.back().outcomes |= outcomes;
      continue;
    }
    counted.push_back({.row = units[i].row, .member = units[i].member, .outcomes = outcomes});
  }
  return counted;
}

void FillCells(const v1::Metric& metric, absl::Span<const Counted> counted, absl::Span<const Member> members,
               contract::Table& table) {
  if (metric.kind() != v1::METRIC_KIND_PROPORTION) {
    for (const Counted& unit : counted) ++table.At(unit.row, members[unit.member].column);
    return;
  }
  const std::size_t denominator = table.columns.size() - 1;
  for (const Counted& unit : counted) {
    ++table.At(unit.row, denominator);
    for (std::size_t i = 0; i < denominator; ++i) {
      if ((unit.outcomes >> i & 1U) != 0) ++table.At(unit.row, i);
    }
  }
}

}  // namespace waymark::node
