// Rows of one table, whatever it is kept in: a CSV file, a sheet of a workbook, a table of a database.
#ifndef WAYMARK_NODE_INGEST_ROW_SOURCE_H_
#define WAYMARK_NODE_INGEST_ROW_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace waymark::node {

// Not thread-safe. All text is UTF-8.
class RowSource {
 public:
  virtual ~RowSource() = default;

  // For messages: "extract.csv", "annex-a.xlsx, sheet List 2".
  virtual const std::string& name() const = 0;
  // Column names without spaces around them.
  virtual const std::vector<std::string>& header() const = 0;

  // Goes to the next row; false at the end. After an error, or the end, the source is done.
  virtual absl::StatusOr<bool> Next() = 0;

  // Of the current row. Where it could not be taken apart, why; empty: it has as many fields as the header.
  virtual absl::string_view malformed() const = 0;
  virtual std::size_t fields() const = 0;
  virtual absl::string_view field(std::size_t index) const = 0;
  // All of them at once, valid until Next.
  virtual absl::Span<const absl::string_view> row() {
    row_.resize(fields());
    for (std::size_t i = 0; i < row_.size(); ++i) row_[i] = field(i);
    return row_;
  }
  // Whether so many bytes may be read from each field's first on, whatever the field's own size.
  static constexpr std::size_t kReadable = 16;
  virtual bool is_readable_beyond() const { return false; }
  // The line or row at which it stands; the first of the file is 1.
  virtual std::int64_t line() const = 0;
  // Of the whole row. Equal rows have equal hashes within one run of the program.
  virtual std::uint64_t hash() const = 0;

  // Another source of the rows that nobody has taken yet, for another thread: each row goes to one of them.
  // Null where rows come one after another only. Where a source meets an error, line() tells how far it was.
  virtual std::unique_ptr<RowSource> Another() const { return nullptr; }

 private:
  std::vector<absl::string_view> row_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_ROW_SOURCE_H_
