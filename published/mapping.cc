#include "published/mapping.h"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/status.h"
#include "catalogue/text_proto.h"

namespace waymark::published {
namespace {

using catalogue::Faults;
using catalogue::Located;
using catalogue::TextProtosIn;

constexpr std::size_t kLargestFile = 4 << 20;

void CheckMeasure(const v1::PublishedMeasure& measure, const Located& at) {
  if (measure.id().empty()) at.Fail("id", "no id: add a unique one of [a-z0-9_]");
  if (measure.title().empty()) at.Fail("title", "no title: say what is published");
  if (measure.unit().empty()) at.Fail("unit", "no unit: \"children\", \"%\", \"£\"");
  if (measure.publisher().empty()) at.Fail("publisher", "no publisher: say who publishes it and where");
  if (measure.magnitude() == v1::PublishedMeasure::MAGNITUDE_UNSPECIFIED)
    at.Fail("magnitude", "no magnitude: MAGNITUDE_TOTAL or MAGNITUDE_MEAN");
  if (measure.year() == v1::PublishedMeasure::YEAR_UNSPECIFIED)
    at.Fail("year", "no year: YEAR_FINANCIAL, YEAR_ACADEMIC, …");
  if (!(measure.most() >= 0)) at.Fail("most", "most: expected a number from 0");
}

void CheckLayout(const v1::PublishedLayout& layout, const Mapping& mapping, const Located& at) {
  if (layout.id().empty()) at.Fail("id", "no id");
  if (layout.recognised_by().empty())
    at.Fail("recognised_by", "no recognised_by: name columns that tell such a file");
  const auto& told_by = layout.recognised_by();
  if (std::find(told_by.begin(), told_by.end(), layout.period_column()) == told_by.end())
    at.Fail("period_column", "period_column: expected one of the columns of recognised_by");
  if (layout.area_columns().empty()) at.Fail("area_columns", "no area_columns");
  if (layout.level_column().empty() != layout.levels_read().empty())
    at.Fail("level_column", "level_column and levels_read go together");
  if (layout.columns().empty()) at.Fail("columns", "no columns: name those that hold measures");
  for (int i = 0; i < layout.columns_size(); ++i) {
    const v1::PublishedLayout::Column& column = layout.columns(i);
    const Located place = at.Nested("columns", i);
    if (mapping.FindMeasure(column.measure()) == nullptr)
      place.Fail("measure", absl::StrCat("measure \"", column.measure(), "\" is not among the measures"));
    if (column.names().empty()) place.Fail("names", "no names: name the column");
    if (column.where_column().empty() != column.where().empty())
      place.Fail("where_column", "where_column and where go together");
  }
}

void CheckNeighbours(const v1::PublishedNeighbours& neighbours, const Located& at) {
  if (neighbours.title().empty()) at.Fail("title", "no title");
  if (neighbours.publisher().empty()) at.Fail("publisher", "no publisher: say who publishes it and where");
  if (neighbours.recognised_by().empty())
    at.Fail("recognised_by", "no recognised_by: name columns that tell such a file");
  if (neighbours.area_columns().empty()) at.Fail("area_columns", "no area_columns");
  if (neighbours.columns().empty()) at.Fail("columns", "no columns: name those that hold neighbours");
}

void CheckScorecard(const v1::ScorecardLine& line, const catalogue::Library& library, const Located& at) {
  if (line.heading().empty()) at.Fail("heading", "no heading");
  const v1::Metric* metric = library.Find(line.metric());
  if (metric == nullptr || metric->kind() != v1::METRIC_KIND_PUBLISHED) {
    at.Fail("metric", absl::StrCat("\"", line.metric(), "\" is no entry of METRIC_KIND_PUBLISHED"));
    return;
  }
  if (line.figure() == v1::ScorecardLine::FIGURE_UNSPECIFIED)
    at.Fail("figure", "no figure: FIGURE_ITSELF or FIGURE_GAP");
  if ((line.figure() == v1::ScorecardLine::FIGURE_GAP) != metric->published().has_expected())
    at.Fail("figure", "FIGURE_GAP goes with an entry that has an expected value, and no other");
}

void CheckRepresented(const v1::RepresentedMeasure& represented, const Mapping& mapping, const Located& at) {
  const v1::PublishedMeasure* measure = mapping.FindMeasure(represented.measure());
  if (measure == nullptr) {
    at.Fail("measure", absl::StrCat("measure \"", represented.measure(), "\" is not among the measures"));
    return;
  }
  const bool is_mean = measure->magnitude() == v1::PublishedMeasure::MAGNITUDE_MEAN;
  if (is_mean != (mapping.FindMeasure(represented.weight()) != nullptr))
    at.Fail("weight", "a mean has the measure that it is weighted by; a total has none");
}

AreaLevel LevelOf(v1::PublishedArea::Level level) {
  switch (level) {
    case v1::PublishedArea::NATION:
      return AreaLevel::kNation;
    case v1::PublishedArea::REGION:
      return AreaLevel::kRegion;
    default:
      return AreaLevel::kFormerAuthority;
  }
}

// The first all of whose telling columns the table has; null where there is none.
template <typename Layout>
const Layout* FirstRecognised(const std::vector<Layout>& layouts, const CsvTable& table) {
  for (const Layout& layout : layouts) {
    const auto& columns = layout.recognised_by();
    if (std::all_of(columns.begin(), columns.end(),
                    [&](const std::string& name) { return table.Column(name) != CsvTable::kNoColumn; })) {
      return &layout;
    }
  }
  return nullptr;
}

// One file's message and the lines of its fields.
struct Document {
  std::string path;
  v1::PublishedCatalogue content;
  catalogue::LocationTree lines;
};

}  // namespace

absl::StatusOr<Mapping> Mapping::Load(const std::string& directory, const catalogue::Library& library) {
  ASSIGN_OR_RETURN(const std::vector<std::string> paths, TextProtosIn(PathUnder(directory, "published")));
  Faults faults;
  Mapping mapping;
  std::vector<Document> documents(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) {
    Document& document = documents[i];
    document.path = paths[i];
    ASSIGN_OR_RETURN(const std::string text, ReadFile(document.path, kLargestFile));
    if (!catalogue::ParseTextProto(text, document.path, document.content, document.lines, faults)) continue;
    const auto& content = document.content;
    mapping.measures_.insert(mapping.measures_.end(), content.measures().begin(), content.measures().end());
    mapping.layouts_.insert(mapping.layouts_.end(), content.layouts().begin(), content.layouts().end());
    mapping.symbols_.insert(mapping.symbols_.end(), content.symbols().begin(), content.symbols().end());
    mapping.neighbours_.insert(mapping.neighbours_.end(), content.neighbours().begin(),
                               content.neighbours().end());
    mapping.represented_.insert(mapping.represented_.end(), content.represented().begin(),
                                content.represented().end());
    mapping.scorecard_.insert(mapping.scorecard_.end(), content.scorecard().begin(),
                              content.scorecard().end());
  }
  for (const v1::Area& area : library.areas()) {
    const PublishedArea known{area.code(), area.name(), AreaLevel::kAuthority};
    mapping.areas_.emplace(area.code(), known);
    mapping.areas_.emplace(absl::StrCat(area.old_code()), known);
  }
  std::set<std::string> ids;
  for (const Document& document : documents) {
    const Located file(document.path, document.content, &document.lines, 1, faults);
    const auto unique = [&ids](const std::string& id, const Located& at) {
      if (!ids.insert(id).second) at.Fail("id", absl::StrCat("id \"", id, "\" is given twice"));
    };
    for (int i = 0; i < document.content.measures_size(); ++i) {
      CheckMeasure(document.content.measures(i), file.Nested("measures", i));
      unique(document.content.measures(i).id(), file.Nested("measures", i));
    }
    for (int i = 0; i < document.content.layouts_size(); ++i)
      CheckLayout(document.content.layouts(i), mapping, file.Nested("layouts", i));
    for (int i = 0; i < document.content.neighbours_size(); ++i)
      CheckNeighbours(document.content.neighbours(i), file.Nested("neighbours", i));
    for (int i = 0; i < document.content.represented_size(); ++i)
      CheckRepresented(document.content.represented(i), mapping, file.Nested("represented", i));
    for (int i = 0; i < document.content.scorecard_size(); ++i)
      CheckScorecard(document.content.scorecard(i), library, file.Nested("scorecard", i));
    for (int i = 0; i < document.content.symbols_size(); ++i) {
      const v1::CellStatus status = document.content.symbols(i).status();
      if (status == v1::CELL_STATUS_UNSPECIFIED || status == v1::CELL_STATUS_SHOWN)
        file.Nested("symbols", i).Fail("status", "a symbol's status says why there is no number");
    }
    for (int i = 0; i < document.content.areas_size(); ++i) {
      const v1::PublishedArea& area = document.content.areas(i);
      const Located at = file.Nested("areas", i);
      if (area.level() == v1::PublishedArea::LEVEL_UNSPECIFIED)
        at.Fail("level", "no level: NATION, REGION or FORMER_AUTHORITY");
      std::vector<std::string> names(area.also().begin(), area.also().end());
      names.push_back(area.code());
      for (const std::string& name : names) {
        if (!mapping.areas_.emplace(name, PublishedArea{area.code(), area.name(), LevelOf(area.level())})
                 .second)
          at.Fail("code", absl::StrCat("\"", name, "\" is that of another area already"));
      }
    }
  }
  RETURN_IF_ERROR(faults.ToStatus());
  return mapping;
}

const v1::PublishedMeasure* Mapping::FindMeasure(absl::string_view id) const {
  const auto found = std::find_if(measures_.begin(), measures_.end(),
                                  [&](const auto& measure) { return measure.id() == id; });
  return found == measures_.end() ? nullptr : &*found;
}

const PublishedArea* Mapping::FindArea(absl::string_view code_or_number) const {
  const auto found = areas_.find(code_or_number);
  return found == areas_.end() ? nullptr : &found->second;
}

std::string Mapping::Nation() const {
  for (const auto& [name, area] : areas_) {
    if (area.level == AreaLevel::kNation) return area.code;
  }
  return "";
}

const v1::PublishedSymbol* Mapping::FindSymbol(absl::string_view text) const {
  const absl::string_view trimmed = absl::StripAsciiWhitespace(text);
  const auto found = std::find_if(symbols_.begin(), symbols_.end(), [&](const auto& symbol) {
    return absl::EqualsIgnoreCase(symbol.text(), trimmed);
  });
  return found == symbols_.end() ? nullptr : &*found;
}

const v1::PublishedLayout* Mapping::LayoutOf(const CsvTable& table) const {
  return FirstRecognised(layouts_, table);
}

const v1::PublishedNeighbours* Mapping::NeighboursOf(const CsvTable& table) const {
  return FirstRecognised(neighbours_, table);
}

std::string Mapping::KnownFiles() const {
  std::vector<std::string> titles;
  for (const v1::PublishedLayout& layout : layouts_) titles.push_back(layout.title());
  for (const v1::PublishedNeighbours& neighbours : neighbours_) titles.push_back(neighbours.title());
  return absl::StrJoin(titles, "; ");
}

}  // namespace waymark::published
