// The bytes of a CSV file cut into blocks of whole records, so that several readers may each parse blocks of
// one file. Where a record ends can only be told by somebody who has seen all quotes before it: that much,
// and the counting of lines, is done here, in the order of the file, and costs little where a block has no
// quotes.
#ifndef WAYMARK_NODE_INGEST_CSV_BLOCKS_H_
#define WAYMARK_NODE_INGEST_CSV_BLOCKS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "node/ingest/byte_source.h"
#include "node/ingest/encoding.h"

namespace waymark::node {

struct CsvOptions {
  char delimiter = ',';
  Encoding encoding = Encoding::kUtf8;
  std::size_t max_field_bytes = std::size_t{1} << 20;
  std::size_t max_record_bytes = std::size_t{16} << 20;
  // Told how many bytes have been read, each time some have; from one thread at a time. May be empty.
  std::function<void(std::size_t)> on_read = {};
};

// Whole records as UTF-8, each with its line end (the file's last may lack it).
struct CsvBlock {
  std::vector<char> bytes;  // with at least kSlack bytes after `size`, which may be read and mean nothing
  std::size_t size = 0;
  std::int64_t first_line = 1;
  bool quotes = false;  // holds a quote
  bool odd = false;     // holds NUL or a byte above 0x7F

  static constexpr std::size_t kSlack = 64;
  absl::string_view text() const { return {bytes.data(), size}; }
};

// Thread-safe.
class CsvBlocks {
 public:
  // Reads the file's beginning and passes over a byte-order mark. `name` is used in messages.
  // INVALID_ARGUMENT where the file begins as no CSV does (UTF-16, a workbook, an archive); the source's own
  // errors.
  static absl::StatusOr<std::shared_ptr<CsvBlocks>> Open(std::unique_ptr<ByteSource> bytes, std::string name,
                                                         const CsvOptions& options);

  // The next block, into `block` (whose memory is used again); false at the end. INVALID_ARGUMENT with the
  // line where a quote is opened and not closed before the end; RESOURCE_EXHAUSTED where a record is beyond
  // the limits before its end is found; the source's own errors. After an error there are no more blocks.
  absl::StatusOr<bool> Take(CsvBlock& block);
  // No more blocks for anybody: a reader has met an error.
  void Stop();

  const std::string& name() const { return name_; }
  const CsvOptions& options() const { return options_; }

 private:
  CsvBlocks(std::unique_ptr<ByteSource> bytes, std::string name, const CsvOptions& options);
  absl::Status CheckStart() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<bool> TakeLocked(CsvBlock& block) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ReadMore(CsvBlock& block) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckUnfinished(absl::string_view record) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status NeverClosed(absl::string_view before) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string name_;
  const CsvOptions options_;
  absl::Mutex mutex_;
  std::unique_ptr<ByteSource> bytes_ ABSL_GUARDED_BY(mutex_);
  std::string raw_ ABSL_GUARDED_BY(mutex_);  // Windows-1252 on its way to UTF-8
  CsvBlock rest_ ABSL_GUARDED_BY(mutex_);    // the beginning of the record that the last block left off at
  std::int64_t line_ ABSL_GUARDED_BY(mutex_) = 1;  // on which it begins
  bool at_end_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

// RESOURCE_EXHAUSTED, with file and line, if a field or the record of these sizes is beyond the limits.
// `quoted`: the field that makes it so stands in quotes that have not been closed.
absl::Status CheckCsvLimits(const CsvOptions& options, absl::string_view name, std::int64_t line,
                            std::size_t longest_field, std::size_t record, bool quoted);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_CSV_BLOCKS_H_
