// Makes a Collection of tables. For collection.cc.
#ifndef WAYMARK_PUBLISHED_COLLECTION_READER_H_
#define WAYMARK_PUBLISHED_COLLECTION_READER_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/csv.h"
#include "published/collection.h"
#include "published/mapping.h"

namespace waymark::published {

// Not thread-safe. `mapping` outlives it.
class CollectionReader {
 public:
  explicit CollectionReader(const Mapping& mapping) : mapping_(mapping) {}

  // Takes every cell of the table's layout; false where it is of none (the file is listed all the same).
  bool Add(const std::string& path, const CsvTable& table);
  // Once: settles what stands twice, rejects what cannot be.
  Collection Finish();

 private:
  using Key = std::pair<std::string, std::string>;  // measure, area

  // A column of a table that gives a measure.
  struct Source {
    const v1::PublishedMeasure* measure = nullptr;
    std::size_t value = CsvTable::kNoColumn;
    std::size_t where = CsvTable::kNoColumn;  // only rows that have one of `wanted` here
    std::set<std::string> wanted = {};
  };
  // Where a table has what its layout names.
  struct Shape {
    std::size_t period = CsvTable::kNoColumn;
    std::size_t level = CsvTable::kNoColumn;
    std::set<std::string> levels = {};
    std::vector<std::size_t> areas = {};
    std::vector<Source> sources = {};
  };

  void AddNeighbours(const v1::PublishedNeighbours& layout, const CsvTable& table);
  Shape ShapeOf(const v1::PublishedLayout& layout, const CsvTable& table) const;
  // Null, and the row counted, where the area is not known.
  const PublishedArea* AreaOf(const std::vector<std::size_t>& columns, const CsvTable::Row& row);
  void AddRow(const Shape& shape, const CsvTable::Row& row);
  void AddCell(const Source& source, const std::string& text, const std::string& area, Observation at);
  void Settle(const Key& key, std::vector<Observation>& found);
  // Of one file: what it says of one year. The first, and a second that is the same or contradicts it.
  void SettleWithin(const Key& key, std::vector<Observation>& found);
  bool Preferred(const Observation& a, const Observation& b) const;
  void RejectImpossibleMeans();
  void Reject(const Key& key, std::string reason, Observation& at);
  FileRead& FileOf(const Observation& at) { return collection_.files_[at.file]; }

  const Mapping& mapping_;
  Collection collection_;
  std::vector<std::size_t> layout_;  // of each file: its place among the layouts
  std::vector<Day> reaches_;         // of each file: the latest day
};

}  // namespace waymark::published

#endif  // WAYMARK_PUBLISHED_COLLECTION_READER_H_
