#include "published/collection_reader.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "published/years.h"

namespace waymark::published {
namespace {

constexpr std::size_t kExampleLines = 5;
constexpr std::size_t kMostText = 60;

void Count(std::map<std::string, Counted>& reasons, const std::string& reason, std::int64_t line) {
  Counted& counted = reasons[reason];
  ++counted.count;
  if (counted.lines.size() < kExampleLines) counted.lines.push_back(line);
}

// "1,234" as well as "1234"; nothing where it is no finite number.
std::optional<double> NumberOf(absl::string_view text) {
  double number = 0;
  const std::string plain = absl::StrReplaceAll(absl::StripAsciiWhitespace(text), {{",", ""}});
  if (!absl::SimpleAtod(plain, &number) || !std::isfinite(number)) return std::nullopt;
  return number;
}

bool SameNumber(double a, double b) {
  return std::fabs(a - b) <= 1e-9 * std::max(std::fabs(a), std::fabs(b));
}

bool Same(const Observation& a, const Observation& b) {
  return a.status == b.status && SameNumber(a.value, b.value);
}

std::string Short(absl::string_view text) {
  return text.size() <= kMostText ? std::string(text) : absl::StrCat(text.substr(0, kMostText), "…");
}

// Those of the columns that the table has.
template <typename Names>
std::vector<std::size_t> ColumnsNamed(const Names& names, const CsvTable& table) {
  std::vector<std::size_t> columns;
  for (const std::string& name : names) {
    if (const std::size_t at = table.Column(name); at != CsvTable::kNoColumn) columns.push_back(at);
  }
  return columns;
}

}  // namespace

CollectionReader::Shape CollectionReader::ShapeOf(const v1::PublishedLayout& layout,
                                                  const CsvTable& table) const {
  Shape shape;
  shape.period = table.Column(layout.period_column());
  if (!layout.level_column().empty()) shape.level = table.Column(layout.level_column());
  shape.levels.insert(layout.levels_read().begin(), layout.levels_read().end());
  shape.areas = ColumnsNamed(layout.area_columns(), table);
  for (const v1::PublishedLayout::Column& column : layout.columns()) {
    Source source{.measure = mapping_.FindMeasure(column.measure())};
    for (const std::string& name : column.names()) {
      if (source.value == CsvTable::kNoColumn) source.value = table.Column(name);
    }
    if (!column.where_column().empty()) {
      source.where = table.Column(column.where_column());
      source.wanted.insert(column.where().begin(), column.where().end());
      if (source.where == CsvTable::kNoColumn) continue;
    }
    if (source.value != CsvTable::kNoColumn) shape.sources.push_back(std::move(source));
  }
  return shape;
}

bool CollectionReader::Add(const std::string& path, const CsvTable& table) {
  const v1::PublishedLayout* layout = mapping_.LayoutOf(table);
  collection_.files_.push_back({.path = path,
                                .layout = layout == nullptr ? "" : layout->title(),
                                .rows = static_cast<std::int64_t>(table.rows.size())});
  layout_.push_back(layout == nullptr ? 0 : static_cast<std::size_t>(layout - mapping_.layouts().data()));
  reaches_.push_back(0);
  if (layout == nullptr) {
    const v1::PublishedNeighbours* neighbours = mapping_.NeighboursOf(table);
    if (neighbours != nullptr) AddNeighbours(*neighbours, table);
    return neighbours != nullptr;
  }
  const Shape shape = ShapeOf(*layout, table);
  for (const CsvTable::Row& row : table.rows) AddRow(shape, row);
  return true;
}

void CollectionReader::AddNeighbours(const v1::PublishedNeighbours& layout, const CsvTable& table) {
  FileRead& file = collection_.files_.back();
  file.layout = layout.title();
  const std::vector<std::size_t> areas = ColumnsNamed(layout.area_columns(), table);
  for (const CsvTable::Row& row : table.rows) {
    const PublishedArea* area = AreaOf(areas, row);
    if (area == nullptr) continue;
    std::vector<Neighbour>& found = collection_.neighbours_[area->code];
    const bool known_before = !found.empty();
    for (const v1::PublishedNeighbours::Column& column : layout.columns()) {
      const std::size_t at = table.Column(column.name());
      if (at == CsvTable::kNoColumn) continue;
      ++file.cells;
      const std::size_t closeness = table.Column(column.closeness());
      const PublishedArea* neighbour = mapping_.FindArea(absl::StripAsciiWhitespace(row.fields[at]));
      const auto stands_already = [&] {
        return std::any_of(found.begin(), found.end(),
                           [&](const Neighbour& other) { return other.area == neighbour->code; });
      };
      const char* fault = known_before           ? "the area's neighbours stand before"
                          : neighbour == nullptr ? "a neighbour that is not known"
                          : neighbour->level != AreaLevel::kAuthority
                              ? "a neighbour that is no authority of today"
                          : neighbour->code == area->code ? "an area that is its own neighbour"
                          : stands_already()              ? "a neighbour that stands there twice"
                                                          : nullptr;
      if (fault != nullptr) {
        Count(file.left_out, fault, row.line);
        continue;
      }
      ++file.values;
      found.push_back({.area = neighbour->code,
                       .closeness = closeness == CsvTable::kNoColumn
                                        ? ""
                                        : std::string(absl::StripAsciiWhitespace(row.fields[closeness]))});
    }
  }
}

const PublishedArea* CollectionReader::AreaOf(const std::vector<std::size_t>& columns,
                                              const CsvTable::Row& row) {
  std::string first_name;
  for (const std::size_t column : columns) {
    const std::string name(absl::StripAsciiWhitespace(row.fields[column]));
    if (name.empty()) continue;
    const PublishedArea* area = mapping_.FindArea(name);
    const bool above =
        area != nullptr && (area->level == AreaLevel::kNation || area->level == AreaLevel::kRegion);
    // The region that stands beside an authority which is not known is not what the row is about.
    if (area != nullptr && !(above && !first_name.empty())) return area;
    if (first_name.empty()) first_name = name;
  }
  ++collection_.files_.back().rows_left_out[absl::StrCat("of an area that is not known: ",
                                                         first_name.empty() ? "(blank)" : Short(first_name))];
  return nullptr;
}

void CollectionReader::AddRow(const Shape& shape, const CsvTable::Row& row) {
  FileRead& file = collection_.files_.back();
  if (shape.level != CsvTable::kNoColumn && !shape.levels.contains(row.fields[shape.level])) {
    ++file.rows_left_out[absl::StrCat("of the level \"", Short(row.fields[shape.level]), "\"")];
    return;
  }
  const PublishedArea* area = AreaOf(shape.areas, row);
  if (area == nullptr) return;
  for (const Source& source : shape.sources) {
    if (source.where != CsvTable::kNoColumn && !source.wanted.contains(row.fields[source.where])) continue;
    ++file.cells;
    const std::optional<Period> year = YearOf(row.fields[shape.period], source.measure->year());
    if (!year.has_value()) {
      Count(file.left_out, "the year was not understood", row.line);
      continue;
    }
    AddCell(source, row.fields[source.value], area->code,
            {.year = *year, .file = collection_.files_.size() - 1, .line = row.line});
  }
}

void CollectionReader::AddCell(const Source& source, const std::string& text, const std::string& area,
                               Observation at) {
  FileRead& file = FileOf(at);
  if (const v1::PublishedSymbol* symbol = mapping_.FindSymbol(text); symbol != nullptr) {
    at.status = symbol->status();
    ++file.without_value[symbol->meaning()];
  } else if (const std::optional<double> number = NumberOf(text); number.has_value()) {
    at.value = *number;
    ++file.values;
  } else {
    Count(file.left_out, absl::StrCat("neither a number nor a known sign: \"", Short(text), "\""), at.line);
    return;
  }
  reaches_[at.file] = std::max(reaches_[at.file], at.year.last);
  const Key key(source.measure->id(), area);
  if (at.status == v1::CELL_STATUS_SHOWN && at.value < 0) {
    Reject(key, "below 0", at);
  } else if (at.status == v1::CELL_STATUS_SHOWN && source.measure->most() > 0 &&
             at.value > source.measure->most()) {
    Reject(key, absl::StrCat("above ", source.measure->most()), at);
  }
  collection_.observations_[key].push_back(std::move(at));
}

void CollectionReader::Reject(const Key& key, std::string reason, Observation& at) {
  FileRead& file = FileOf(at);
  const PublishedArea* area = mapping_.FindArea(key.second);
  collection_.rejections_.push_back(absl::StrCat(file.path, ":", at.line, ": ", key.first, " of ",
                                                 area == nullptr ? key.second : area->name, ", ",
                                                 at.year.label, ", ", at.value, ": ", reason));
  Count(file.left_out, absl::StrCat("impossible: ", key.first), at.line);
  --file.values;
  at.status = v1::CELL_STATUS_NOT_AVAILABLE;
  at.value = 0;
  at.rejected = std::move(reason);
}

bool CollectionReader::Preferred(const Observation& a, const Observation& b) const {
  // One that says nothing gives way to one that says something.
  const auto says_nothing = [](const Observation& at) { return at.status == v1::CELL_STATUS_NOT_AVAILABLE; };
  if (says_nothing(a) != says_nothing(b)) return says_nothing(b);
  if (layout_[a.file] != layout_[b.file]) return layout_[a.file] < layout_[b.file];
  if (reaches_[a.file] != reaches_[b.file]) return reaches_[a.file] > reaches_[b.file];
  return std::make_pair(a.file, a.line) < std::make_pair(b.file, b.line);
}

void CollectionReader::SettleWithin(const Key& key, std::vector<Observation>& found) {
  std::sort(found.begin(), found.end(), [](const Observation& a, const Observation& b) {
    return std::make_tuple(a.year.last, a.file, a.line) < std::make_tuple(b.year.last, b.file, b.line);
  });
  std::vector<Observation> kept;
  for (Observation& at : found) {
    Observation* before = kept.empty() ? nullptr : &kept.back();
    if (before == nullptr || before->year.last != at.year.last || before->file != at.file) {
      kept.push_back(std::move(at));
      continue;
    }
    if (at.status == v1::CELL_STATUS_SHOWN) --FileOf(at).values;
    if (Same(*before, at)) {
      Count(FileOf(at).left_out, "the same cell a second time", at.line);
      continue;
    }
    Count(FileOf(at).left_out, "the same cell a second time, and different", at.line);
    if (before->status == v1::CELL_STATUS_SHOWN)
      Reject(key, absl::StrCat("line ", at.line, " says something else for the same area and year"), *before);
  }
  found = std::move(kept);
}

void CollectionReader::Settle(const Key& key, std::vector<Observation>& found) {
  SettleWithin(key, found);
  std::sort(found.begin(), found.end(), [this](const Observation& a, const Observation& b) {
    return a.year.last != b.year.last ? a.year.last < b.year.last : Preferred(a, b);
  });
  std::vector<Observation> kept;
  for (Observation& at : found) {
    if (kept.empty() || kept.back().year.last != at.year.last) {
      kept.push_back(std::move(at));
      continue;
    }
    if (at.status != v1::CELL_STATUS_SHOWN) continue;
    --FileOf(at).values;
    const std::string other = FileName(collection_, kept.back());
    Count(FileOf(at).left_out,
          absl::StrCat(Same(at, kept.back()) ? "stands in " : "differs from that in ", other,
                       ", which is used"),
          at.line);
  }
  found = std::move(kept);
}

// The rate of a nation or region is a mean of its authorities' rates, so it lies between the lowest and the
// highest of all authorities. Judged where at least half of the authorities have one.
void CollectionReader::RejectImpossibleMeans() {
  struct Range {
    double lowest = 0, highest = 0;
    std::int64_t authorities = 0;
  };
  std::map<std::pair<std::string, Day>, Range> ranges;
  std::map<std::string, std::int64_t> authorities;
  const auto level_of = [this](const Key& key) { return mapping_.FindArea(key.second)->level; };
  const auto is_mean = [this](const Key& key) {
    return mapping_.FindMeasure(key.first)->magnitude() == v1::PublishedMeasure::MAGNITUDE_MEAN;
  };
  for (const auto& [key, found] : collection_.observations_) {
    if (!is_mean(key) || level_of(key) != AreaLevel::kAuthority) continue;
    ++authorities[key.first];
    for (const Observation& at : found) {
      if (at.status != v1::CELL_STATUS_SHOWN) continue;
      Range& range = ranges[{key.first, at.year.last}];
      range.lowest = range.authorities == 0 ? at.value : std::min(range.lowest, at.value);
      range.highest = range.authorities == 0 ? at.value : std::max(range.highest, at.value);
      ++range.authorities;
    }
  }
  for (auto& [key, found] : collection_.observations_) {
    const AreaLevel level = level_of(key);
    if (!is_mean(key) || (level != AreaLevel::kNation && level != AreaLevel::kRegion)) continue;
    for (Observation& at : found) {
      const auto range = ranges.find({key.first, at.year.last});
      if (at.status != v1::CELL_STATUS_SHOWN || range == ranges.end()) continue;
      const auto& [lowest, highest, count] = range->second;
      if (2 * count < authorities[key.first] || count < 3) continue;
      if (at.value >= lowest && at.value <= highest) continue;
      Reject(key,
             absl::StrCat("outside the range of the authorities' own (", lowest, " to ", highest,
                          "), between which a rate of several authorities lies"),
             at);
    }
  }
}

Collection CollectionReader::Finish() {
  for (auto& [key, found] : collection_.observations_) Settle(key, found);
  RejectImpossibleMeans();
  return std::move(collection_);
}

}  // namespace waymark::published
