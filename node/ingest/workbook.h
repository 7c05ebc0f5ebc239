// A workbook (.xlsx, .xlsm) as tables, one a sheet. Sheets are read row by row as they are inflated; what is
// kept in memory is the table of texts and one block of rows, whatever the workbook's size.
//
// A sheet's table begins with the first row in which all the columns stand that its reader needs; rows above
// it (a title, a date) are passed over. A cell's value:
//   text        as it is, also where it looks like a date or a number
//   number      as a person would write it; as "2020-09-16" (with a time: "2020-09-16 14:30:00") where its
//   format
//               shows a date
//   truth       "TRUE" or "FALSE"
//   error       (#N/A) blank, with a note
//   formula     the value that was stored with it; blank, with a note, where there is none
// Of merged cells the first has the value and the others are blank, with a note.
#ifndef WAYMARK_NODE_INGEST_WORKBOOK_H_
#define WAYMARK_NODE_INGEST_WORKBOOK_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/row_source.h"
#include "node/ingest/workbook_parts.h"
#include "node/ingest/zip_archive.h"

namespace waymark::node {

struct WorkbookLimits {
  ZipLimits zip = {};
  std::size_t text_bytes = std::size_t{256} << 20;   // the table of texts
  std::size_t record_bytes = std::size_t{16} << 20;  // one row's own values
  int rows_above_header = 50;                        // that hold anything
};

// Whether a file is a workbook by its name.
bool IsWorkbookName(absl::string_view path);

// Rows of a sheet. Not thread-safe.
class SheetRows : public RowSource {
 public:
  // What was met so far that its reader should tell: what → rows.
  virtual const std::map<std::string, Tally>& notes() const = 0;
};

// Opening reads the list of sheets; the table of texts is read with the first sheet. Not thread-safe. Its
// sheets keep what they need of it.
class Workbook {
 public:
  // As ZipArchive; INVALID_ARGUMENT where the archive is no workbook (older and other formats are named) or a
  // part is not as it should be; RESOURCE_EXHAUSTED above a limit.
  static absl::StatusOr<Workbook> Open(const std::string& path, const WorkbookLimits& limits = {});
  static absl::StatusOr<Workbook> Over(ZipArchive archive, const WorkbookLimits& limits = {});

  const std::string& name() const { return archive_.name(); }
  const std::vector<WorkbookSheet>& sheets() const { return parts_->sheets; }

  // The rows of sheets()[sheet]. `needed`: for each column that its header must have, the names it may go by,
  // compared as LooseName does; with none, the first row with two filled cells is the header, since a title
  // is one cell. INVALID_ARGUMENT where no row has them all, NOT_FOUND where the sheet is blank.
  absl::StatusOr<std::unique_ptr<SheetRows>> OpenSheet(std::size_t sheet,
                                                       const std::vector<std::vector<std::string>>& needed);

 private:
  Workbook(ZipArchive archive, const WorkbookLimits& limits, std::shared_ptr<WorkbookParts> parts)
      : archive_(std::move(archive)), limits_(limits), parts_(std::move(parts)) {}

  ZipArchive archive_;
  WorkbookLimits limits_;
  std::shared_ptr<WorkbookParts> parts_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_WORKBOOK_H_
