// A table whose columns are asked for by name, over the rows of any source; counts what it meets in a
// FileReport.
#ifndef WAYMARK_NODE_INGEST_TABLE_READER_H_
#define WAYMARK_NODE_INGEST_TABLE_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "node/ingest/csv_reader.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/row_source.h"

namespace waymark::node {

// A column's number in the file; kNoColumn where it is not there or not mapped.
using Column = int;
inline constexpr Column kNoColumn = -1;

// A column's or a sheet's name as such names are compared loosely: in lower case,
// without blanks and punctuation.
std::string LooseName(absl::string_view name);

// Not thread-safe.
class TableReader {
 public:
  explicit TableReader(std::unique_ptr<RowSource> rows)
      : rows_(std::move(rows)), readable_beyond_(rows_->is_readable_beyond()) {}

  // Of a CSV file.
  static absl::StatusOr<TableReader> Open(const std::string& path, const CsvOptions& options);

  const std::string& name() const { return rows_->name(); }
  const std::vector<std::string>& header() const { return rows_->header(); }

  // The first of `names` that the file has, whatever the case of its letters; where it has none, the first as
  // LooseName compares them. FAILED_PRECONDITION from Finish
  // if the file has a column of that name twice.
  Column Optional(const std::vector<std::string>& names);
  // The same; a column that is not there is an error of Finish.
  Column Required(const std::vector<std::string>& names);
  // INVALID_ARGUMENT naming every missing column and those that the file has.
  absl::Status FinishColumns() const;

  // The next well-formed row; false at the end. Malformed ones are left out and counted in `report`; rows
  // without any value are passed over.
  absl::StatusOr<bool> Next(FileReport& report);

  // The value without blanks around it; "" for NULL, which database tools write, and for kNoColumn.
  absl::string_view Get(Column column) const {
    return column == kNoColumn ? absl::string_view() : Plain(row_[static_cast<std::size_t>(column)]);
  }
  // The same, as it stands in the file.
  absl::string_view Raw(Column column) const { return row_[static_cast<std::size_t>(column)]; }
  // As RowSource, of what Raw gives.
  bool is_readable_beyond() const { return readable_beyond_; }
  std::int64_t line() const { return rows_->line(); }
  // Of the whole row. Equal rows have equal hashes within one run of the program.
  std::uint64_t Hash() const { return rows_->hash(); }

  // For another thread, as RowSource: the same columns; nothing where rows come one after another only.
  std::optional<TableReader> Another() const;

 private:
  static absl::string_view Plain(absl::string_view value);
  static absl::string_view Cleaned(absl::string_view value);

  std::unique_ptr<RowSource> rows_;
  bool readable_beyond_;
  absl::Span<const absl::string_view> row_;
  std::vector<std::string> missing_;
  std::vector<std::string> twice_;
};

// Most values have neither a blank at an end nor four bytes.
inline absl::string_view TableReader::Plain(absl::string_view value) {
  const auto may_be_blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  if (value.empty()) return value;
  const bool is_plain = !may_be_blank(value.front()) && !may_be_blank(value.back()) && value.size() != 4;
  return is_plain ? value : Cleaned(value);
}

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_TABLE_READER_H_
