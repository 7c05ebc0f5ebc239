#include "published/representation.h"

#include <map>
#include <vector>

namespace waymark::published {
namespace {

// A sum over authorities.
struct Sum {
  double value = 0;  // times the weight
  double weight = 0;
  std::uint32_t authorities = 0;

  void Add(double of, double by) {
    value += of * by;
    weight += by;
    ++authorities;
  }
};

// The latest year that at least half of the authorities have a value for; kNoDay where there is none.
Day CommonYear(const Sources& sources, const std::string& measure,
               const std::vector<const v1::Area*>& areas) {
  std::map<Day, std::size_t> with;
  for (const v1::Area* area : areas) {
    for (const Observation& at : sources.collection.Of(measure, area->code())) {
      if (at.status == v1::CELL_STATUS_SHOWN) ++with[at.year.last];
    }
  }
  for (auto year = with.rbegin(); year != with.rend(); ++year) {
    if (2 * year->second >= areas.size()) return year->first;
  }
  return kNoDay;
}

v1::RepresentationRow RowOf(const Sources& sources, const v1::RepresentedMeasure& represented,
                            const std::set<std::string>& participants,
                            const std::vector<const v1::Area*>& areas) {
  const v1::PublishedMeasure& measure = *sources.mapping.FindMeasure(represented.measure());
  v1::RepresentationRow row;
  row.set_measure(measure.id());
  row.set_title(measure.title());
  row.set_unit(measure.unit());
  row.set_is_share(represented.weight().empty());
  const Day year = CommonYear(sources, measure.id(), areas);
  if (year == kNoDay) return row;
  Sum taking_part, all;
  for (const v1::Area* area : areas) {
    const Observation* at = sources.collection.EndingOn(measure.id(), area->code(), year);
    if (at == nullptr || at->status != v1::CELL_STATUS_SHOWN) continue;
    row.set_year(at->year.label);
    double weight = 1;
    if (!row.is_share()) {
      const Observation* by = sources.collection.Latest(represented.weight(), area->code(), year);
      if (by == nullptr || by->status != v1::CELL_STATUS_SHOWN) continue;
      weight = by->value;
    }
    all.Add(at->value, weight);
    if (participants.contains(area->code())) taking_part.Add(at->value, weight);
  }
  row.set_participants_with_value(taking_part.authorities);
  row.set_authorities_with_value(all.authorities);
  if (row.is_share()) {
    if (all.value <= 0) return row;
    row.set_place(all.value);
    row.set_participants(100 * taking_part.value / all.value);
    return row;
  }
  if (all.weight > 0) row.set_place(all.value / all.weight);
  if (taking_part.weight > 0) row.set_participants(taking_part.value / taking_part.weight);
  return row;
}

}  // namespace

v1::Representation RepresentationOf(const Sources& sources, const std::set<std::string>& participants,
                                    absl::string_view place) {
  v1::Representation representation;
  std::vector<const v1::Area*> areas;
  for (const v1::Area& area : sources.library.areas()) {
    if (area.region_code() == place) {
      representation.set_name(area.region_name());
      areas.push_back(&area);
    }
  }
  if (areas.empty()) {
    const PublishedArea* nation = sources.mapping.FindArea(sources.mapping.Nation());
    representation.set_code(sources.mapping.Nation());
    representation.set_name(nation == nullptr ? "" : nation->name);
    for (const v1::Area& area : sources.library.areas()) areas.push_back(&area);
  } else {
    representation.set_code(std::string(place));
  }
  representation.set_authorities(static_cast<std::uint32_t>(areas.size()));
  std::uint32_t taking_part = 0;
  for (const v1::Area* area : areas) taking_part += participants.contains(area->code()) ? 1 : 0;
  representation.set_participants(taking_part);
  for (const v1::RepresentedMeasure& represented : sources.mapping.represented())
    *representation.add_rows() = RowOf(sources, represented, participants, areas);
  return representation;
}

}  // namespace waymark::published
