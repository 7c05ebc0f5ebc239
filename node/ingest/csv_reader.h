// Reads CSV as RFC 4180 defines it, record by record in bounded memory: a byte-order mark, CRLF or LF, quoted
// fields with delimiters, line breaks and doubled quotes. Also accepted: a quote inside an unquoted field
// (kept as it is), a last line without its end, blank lines (skipped). Refused as a whole, with file and
// line: a field over 1 MiB or a record over 16 MiB (an unterminated quote is found that way), bytes that are
// not in the stated encoding, NUL bytes, UTF-16, workbooks and archives, a header of one column that holds
// another delimiter.
//
// Fields are views into the reader's own buffer, valid until the next call of Next. Structure is found 64
// bytes at a time; quoted fields with doubled quotes are shortened in place. A reader keeps no state beyond
// its record, so that several may read one file from different offsets.
#ifndef WAYMARK_NODE_INGEST_CSV_READER_H_
#define WAYMARK_NODE_INGEST_CSV_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "node/ingest/byte_source.h"
#include "node/ingest/encoding.h"
#include "node/ingest/row_source.h"

namespace waymark::node {

struct CsvOptions {
  char delimiter = ',';
  Encoding encoding = Encoding::kUtf8;
  std::size_t max_field_bytes = std::size_t{1} << 20;
  std::size_t max_record_bytes = std::size_t{16} << 20;
};

enum class RowShape {
  kRegular,
  kTooFewFields,
  kTooManyFields,
  kTextAfterQuote,  // "abc"def
};

// Not thread-safe.
class CsvReader final : public RowSource {
 public:
  // Reads the header. `name` is used in messages. INVALID_ARGUMENT where the file is none of the accepted;
  // RESOURCE_EXHAUSTED above a limit; the source's own errors.
  static absl::StatusOr<std::unique_ptr<CsvReader>> Open(std::unique_ptr<ByteSource> bytes,
                                                         const std::string& name, const CsvOptions& options);

  const std::string& name() const override { return name_; }
  const std::vector<std::string>& header() const override { return header_; }

  // Goes to the next record; false at the end. Errors as Open; after one, or after the end, the reader is
  // done.
  absl::StatusOr<bool> Next() override;

  // Of the current record. Only kRegular ones have as many fields as the header.
  RowShape shape() const { return shape_; }
  absl::string_view malformed() const override;
  std::size_t fields() const override { return spans_.size(); }
  absl::string_view field(std::size_t index) const override {
    const Span& span = spans_[index];
    return {buffer_.data() + record_ + span.begin, span.end - span.begin};
  }
  // The line on which the record begins; the first of the file is 1.
  std::int64_t line() const override { return line_; }
  // The record as it stands in the file, without its line end. (Fields with doubled quotes have been
  // shortened.)
  absl::string_view raw() const { return {buffer_.data() + record_, record_end_ - record_}; }
  std::uint64_t hash() const override;
  std::int64_t blank_lines() const { return blank_lines_; }

 private:
  // Of a field, from the beginning of its record.
  struct Span {
    std::uint32_t begin;
    std::uint32_t end;
  };
  enum class State { kUnquoted, kQuoted, kMaybeClosed, kAfterQuote };

  CsvReader(std::unique_ptr<ByteSource> bytes, std::string name, const CsvOptions& options);
  absl::Status ReadHeader();
  absl::Status CheckStart() const;
  absl::Status CheckHeader() const;
  absl::StatusOr<bool> Scan();
  void BeginRecord();
  void FinishRecord();
  absl::StatusOr<bool> EndOfFile();
  bool Take(std::size_t at);
  void EndField(std::size_t at, bool line_end);
  absl::Status Fill();
  absl::Status CheckLimits(std::size_t end, std::size_t slack) const;
  absl::Status CheckText() const;
  void LoadBlock();

  std::unique_ptr<ByteSource> bytes_;
  std::string name_;
  CsvOptions options_;
  std::vector<std::string> header_;

  std::vector<char> buffer_;     // with 64 bytes to spare after end_
  std::string raw_, converted_;  // Windows-1252 on its way to UTF-8
  std::size_t end_ = 0;          // of what has been read
  bool at_end_ = false;

  std::size_t record_ = 0;  // the current record: [record_, record_end_)
  std::size_t record_end_ = 0;
  std::size_t next_ = 0;   // where the next record begins
  std::size_t field_ = 0;  // the field being scanned begins here
  std::size_t close_ = 0;  // the quote that may close it
  State state_ = State::kUnquoted;
  bool doubled_ = false;  // it holds doubled quotes
  std::vector<std::size_t> doubled_fields_;
  bool text_after_quote_ = false;
  std::size_t field_count_ = 0;
  std::size_t longest_further_ = 0;  // of the fields beyond the header's
  std::vector<Span> spans_;
  RowShape shape_ = RowShape::kRegular;

  std::size_t block_ = 0;  // the 64 bytes whose delimiters, quotes and line ends are the bits of mask_
  std::uint64_t mask_ = 0;
  std::size_t scanned_ = 0;  // bytes before here have been looked at
  bool block_odd_ = false;   // the block, the record: has bytes that need CheckText
  bool record_odd_ = false;

  std::int64_t line_ = 0;
  std::int64_t next_line_ = 1;
  std::int64_t breaks_ = 0;  // line breaks inside the record so far
  std::int64_t blank_lines_ = 0;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_CSV_READER_H_
