// Published statistics read from files as they are: one value for a measure, an area and a year, or why there
// is none.
#ifndef WAYMARK_PUBLISHED_COLLECTION_H_
#define WAYMARK_PUBLISHED_COLLECTION_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/period.h"
#include "published/mapping.h"
#include "waymark/v1/release.pb.h"

namespace waymark::published {

// One cell of a file.
struct Observation {
  Period year;  // label as published/years.h has it
  v1::CellStatus status = v1::CELL_STATUS_SHOWN;
  double value = 0;           // where shown
  std::size_t file = 0;       // index in Collection::files
  std::int64_t line = 0;      // of the row
  std::string rejected = {};  // why a value that stands in the file is not believed; it is then not available
};

struct NamedText {
  std::string name;
  std::string text;
};

struct Counted {
  std::int64_t count = 0;
  std::vector<std::int64_t> lines;  // the first few
};

// What was read of one file. cells = values + without_value + all of left_out.
struct FileRead {
  std::string path;
  std::string layout;  // its title; "" where the file is of no known layout
  std::int64_t rows = 0;
  std::int64_t cells = 0;                                  // of the columns that give measures
  std::int64_t values = 0;                                 // numbers taken
  std::map<std::string, std::int64_t> without_value = {};  // by symbol's meaning
  std::map<std::string, Counted> left_out = {};            // reason → cells
  std::map<std::string, std::int64_t> rows_left_out = {};  // reason → rows of no area or level that is read
};

// An authority that another is like.
struct Neighbour {
  std::string area;       // ONS code
  std::string closeness;  // "Very close"; "" where the file does not say
};

// Immutable once read; thread-safe.
class Collection {
 public:
  Collection() = default;

  // `paths` are files or folders (of *.csv). Where two files have the same cell, that of the layout listed
  // first counts, then that of the file that reaches further in time (a later edition), then the first by
  // name. Two different values for one cell in one file are both rejected. A nation's or region's rate that
  // lies outside the range of the authorities' own is rejected. NOT_FOUND where a path is not there;
  // INVALID_ARGUMENT where a file that is named, or every one of a folder, is of no known layout, or a file
  // is no CSV, or larger than 64 MiB. `texts`, where not null, are given the files as they were read, in the
  // order of files().
  static absl::StatusOr<Collection> Read(const std::vector<std::string>& paths, const Mapping& mapping,
                                         std::vector<NamedText>* texts = nullptr);
  // The same of texts that are at hand, of any layout or none, each with the name that it goes by.
  // INVALID_ARGUMENT where one is no CSV.
  static absl::StatusOr<Collection> ReadTexts(const std::vector<NamedText>& texts, const Mapping& mapping);

  // By year, earliest first; empty where there is none. `area` is an ONS code.
  const std::vector<Observation>& Of(absl::string_view measure, absl::string_view area) const;
  // The latest of a year that ended on or before `day`; null where there is none.
  const Observation* Latest(absl::string_view measure, absl::string_view area, Day day) const;
  // That of a year which ends on `last`; null where there is none.
  const Observation* EndingOn(absl::string_view measure, absl::string_view area, Day last) const;

  // The most alike first; empty where no file says.
  const std::vector<Neighbour>& NeighboursOf(absl::string_view area) const;

  bool empty() const { return observations_.empty(); }
  const std::vector<FileRead>& files() const { return files_; }
  // Every value that was rejected, in words, with file and line.
  const std::vector<std::string>& rejections() const { return rejections_; }

 private:
  friend class CollectionReader;
  // By measure, then area.
  std::map<std::pair<std::string, std::string>, std::vector<Observation>, std::less<>> observations_;
  std::map<std::string, std::vector<Neighbour>, std::less<>> neighbours_;
  std::vector<FileRead> files_;
  std::vector<std::string> rejections_;
};

// What of a file is no value, or was left out, and why, a phrase each: "12 suppressed to protect people".
std::vector<std::string> NotTaken(const FileRead& file);

// The file's name without its folder.
std::string FileName(const Collection& collection, const Observation& observation);

}  // namespace waymark::published

#endif  // WAYMARK_PUBLISHED_COLLECTION_H_
