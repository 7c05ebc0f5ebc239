// A sheet's XML to rows of values: the part of workbook.h that knows what a cell is.
#ifndef WAYMARK_NODE_INGEST_SHEET_CELLS_H_
#define WAYMARK_NODE_INGEST_SHEET_CELLS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/workbook_parts.h"
#include "node/ingest/xml_reader.h"

namespace waymark::node {

// Columns that a sheet can have.
inline constexpr std::size_t kMostColumns = 16'384;

// "C5" → column 2, row 5; dollar signs are not read. Nothing where the text is no cell of a sheet.
struct CellPlace {
  std::size_t column = 0;  // from 0
  std::int64_t row = 0;    // from 1
};
std::optional<CellPlace> ParseCellPlace(absl::string_view text);

// A row that holds something. The values are views into it, or into the workbook's texts.
struct SheetRow {
  std::int64_t number = 0;
  std::vector<absl::string_view> values;
  std::vector<char> own;  // where values stand that are no shared texts
};

// Told what a row holds when it ends. An error ends the reading.
class SheetRowTaker {
 public:
  virtual ~SheetRowTaker() = default;
  // Swaps what it wants out of `row`.
  virtual absl::Status Take(SheetRow& row) = 0;
};

// Not thread-safe.
class SheetCells final : public XmlHandler {
 public:
  // All must outlive it.
  SheetCells(const WorkbookParts& parts, const std::string& name, std::size_t most_record_bytes,
             SheetRowTaker& taker, std::map<std::string, Tally>& notes);

  // From now on: cells from this column on are not kept, but noted where they hold a value; and what happens
  // to cells is noted at all.
  void KeepColumns(std::size_t count);

  absl::Status Start(const XmlElement& element) override;
  absl::Status Text(absl::string_view text) override;
  absl::Status End(absl::string_view name) override;

 private:
  enum class Type { kNumber, kShared, kInline, kFormulaText, kTruth, kError, kDate };
  struct Cell {
    std::size_t column = 0;
    Type type = Type::kNumber;
    bool is_date = false;
    bool has_formula = false;
    bool has_value = false;
    std::string text;
  };

  // Where a value stands while its row is read.
  struct Place {
    bool shared = false;
    std::size_t at = 0;  // the number of a text, or the beginning in row_.own
    std::size_t size = 0;
  };

  absl::Status StartRow(const XmlElement& element);
  absl::Status StartCell(const XmlElement& element);
  void StartInCell(absl::string_view name);
  absl::Status EndCell();
  absl::Status EndRow();
  absl::Status KeepShared(absl::string_view index);
  absl::Status KeepOwn(absl::string_view value);
  // Room for the cell's value; null, with a note, where its column is not kept.
  Place* Room();
  absl::Status Damaged(absl::string_view what) const;
  void Note(absl::string_view what);
  void NoteMerged(absl::string_view range);

  const WorkbookParts& parts_;
  const std::string& name_;
  std::size_t most_record_bytes_;
  SheetRowTaker& taker_;
  std::map<std::string, Tally>& notes_;

  bool noting_ = false;
  std::size_t columns_ = kMostColumns;
  bool in_rows_ = false;
  bool in_row_ = false;
  bool in_cell_ = false;
  bool in_aid_ = false;   // a phonetic run
  bool in_text_ = false;  // what comes belongs to the cell's value
  std::size_t next_column_ = 0;
  std::int64_t header_row_ = 0;
  SheetRow row_;
  std::vector<Place> places_;
  Cell cell_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_SHEET_CELLS_H_
