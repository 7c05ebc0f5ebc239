// The parts of a workbook that its sheets refer to: the list of sheets, the table of texts, the styles as far
// as they tell dates from numbers. ECMA-376 (Office Open XML), transitional and strict.
#ifndef WAYMARK_NODE_INGEST_WORKBOOK_PARTS_H_
#define WAYMARK_NODE_INGEST_WORKBOOK_PARTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "node/ingest/zip_archive.h"

namespace waymark::node {

// The workbook's texts, in one piece of memory. They are the one table that is kept while sheets are read.
class SharedTexts {
 public:
  // False where there would be more than `most_bytes`.
  bool Add(absl::string_view text, std::size_t most_bytes);
  std::size_t size() const { return ends_.size(); }
  absl::string_view Get(std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return absl::string_view(texts_).substr(begin, ends_[index] - begin);
  }

 private:
  std::string texts_;
  std::vector<std::size_t> ends_;
};

struct WorkbookSheet {
  std::string name;
  std::string part;  // the archive's entry
};

struct WorkbookParts {
  std::vector<WorkbookSheet> sheets;  // of rows and columns, in the workbook's order; charts left aside
  std::string texts_part;  // the archive's entry with the texts; "" where there is none, or it has been read
  SharedTexts texts;
  std::vector<bool> date_styles;  // by a cell's style number
  bool from_1904 = false;         // see number_format.h
};

// INVALID_ARGUMENT where the archive is no workbook (naming what it seems to be) or a part cannot be read;
// ZipArchive's errors.
absl::StatusOr<WorkbookParts> ReadWorkbookParts(const ZipArchive& archive);

// Fills in the texts, if that has not been done. The same errors; RESOURCE_EXHAUSTED above `most_bytes`.
absl::Status ReadSharedTexts(const ZipArchive& archive, std::size_t most_bytes, WorkbookParts& parts);

// Whether an element of this name space is one of a sheet's or workbook's own.
bool IsSpreadsheet(absl::string_view name_space);

// A text as the file has it: "_x000D_" is the character of that number, "_x005F_" an underscore.
std::string DecodeText(absl::string_view text);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_WORKBOOK_PARTS_H_
