// Small CSV files, whole: RFC 4180, with or without a byte-order mark, CRLF or LF, quoted fields with commas,
// line breaks and doubled quotes. Large files are read by node/ingest.
#ifndef WAYMARK_BASE_CSV_H_
#define WAYMARK_BASE_CSV_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace waymark {

struct CsvTable {
  struct Row {
    std::int64_t line = 0;  // on which it begins; the header's is 1
    std::vector<std::string> fields;
  };

  std::vector<std::string> header;  // without spaces around them
  std::vector<Row> rows;            // each as wide as the header; blank lines are no rows

  static constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);
  // The column of that name, in any case; kNoColumn where there is none.
  std::size_t Column(absl::string_view name) const;
};

// INVALID_ARGUMENT with file and line where the text has no header, a row is wider or narrower than it, a
// quoted field does not end or text follows its end, or there are NUL bytes (a workbook, UTF-16).
absl::StatusOr<CsvTable> ParseCsv(absl::string_view text, absl::string_view file);

// One field as it stands in a CSV file: quoted where it must be.
std::string CsvField(absl::string_view text);

}  // namespace waymark

#endif  // WAYMARK_BASE_CSV_H_
