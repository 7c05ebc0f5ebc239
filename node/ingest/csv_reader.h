// Reads CSV as RFC 4180 defines it, record by record in bounded memory: a byte-order mark, CRLF or LF, quoted
// fields with delimiters, line breaks and doubled quotes. Also accepted: a quote inside an unquoted field
// (kept as it is), a last line without its end, blank lines (skipped). Refused as a whole, with file and
// line: a field over 1 MiB or a record over 16 MiB (an unterminated quote is found that way), bytes that are
// not in the stated encoding, NUL bytes, UTF-16, workbooks and archives, a header of one column that holds
// another delimiter.
//
// Fields are views into the reader's own buffer, valid until the next call of Next. Structure is found 64
// bytes at a time; quoted fields with doubled quotes are shortened in place. Several readers may share one
// file (Another): each gets whole blocks of records, no record twice and none missed.
#ifndef WAYMARK_NODE_INGEST_CSV_READER_H_
#define WAYMARK_NODE_INGEST_CSV_READER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/threads.h"
#include "node/ingest/byte_source.h"
#include "node/ingest/csv_blocks.h"
#include "node/ingest/csv_places.h"
#include "node/ingest/row_source.h"

namespace waymark::node {

enum class RowShape {
  kRegular,
  kTooFewFields,
  kTooManyFields,
  kTextAfterQuote,  // "abc"def
};

// Not thread-safe; readers that share a file may run at the same time.
class alignas(kApart) CsvReader final : public RowSource {
 public:
  // Reads the header. `name` is used in messages. INVALID_ARGUMENT where the file is none of the accepted;
  // RESOURCE_EXHAUSTED above a limit; the source's own errors.
  static absl::StatusOr<std::unique_ptr<CsvReader>> Open(std::unique_ptr<ByteSource> bytes,
                                                         const std::string& name, const CsvOptions& options);

  std::unique_ptr<RowSource> Another() const override;

  const std::string& name() const override { return blocks_->name(); }
  const std::vector<std::string>& header() const override { return header_; }

  // Goes to the next record; false at the end. Errors as Open; after one, or after the end, the reader is
  // done, line() is the line of the error, and other readers of the file are given no more.
  absl::StatusOr<bool> Next() override;

  // Of the current record. Only kRegular ones have as many fields as the header.
  RowShape shape() const { return shape_; }
  absl::string_view malformed() const override;
  std::size_t fields() const override { return field_count_; }
  absl::string_view field(std::size_t index) const override { return fields_[index]; }
  absl::Span<const absl::string_view> row() override { return {fields_.data(), field_count_}; }
  bool is_readable_beyond() const override { return true; }
  // The line on which the record begins; the first of the file is 1.
  std::int64_t line() const override { return line_; }
  // The record as it stands in the file, without its line end. (Fields with doubled quotes have been
  // shortened.)
  absl::string_view raw() const { return raw_; }
  std::uint64_t hash() const override;
  std::int64_t blank_lines() const { return blank_lines_; }

 private:
  enum class State { kUnquoted, kQuoted, kMaybeClosed, kAfterQuote };
  static constexpr std::size_t kMostPlaces = 1024;

  explicit CsvReader(std::shared_ptr<CsvBlocks> blocks) : blocks_(std::move(blocks)) {}
  absl::Status ReadHeader();
  absl::Status CheckHeader() const;
  absl::StatusOr<bool> NextRecord();
  absl::StatusOr<bool> TakeBlock();
  void ScanPlain();
  bool TakeWholePlain();
  void FinishPlain(std::size_t begin, std::size_t end);
  void FindPlaces();
  std::size_t NextPlace();
  void ScanQuoted();
  std::uint64_t CountedFrom(std::size_t at) const;
  bool LookAhead();
  std::size_t NextMark();
  bool TakeMark(std::size_t at);
  void EndQuotableField(std::size_t at, bool line_end);
  void AddField(std::size_t begin, std::size_t end);
  void FinishRecord(std::size_t end);
  absl::Status CheckLimits() const;
  absl::Status CheckText() const;

  std::shared_ptr<CsvBlocks> blocks_;
  std::vector<std::string> header_;
  const PlacesWriter write_places_ = QuickestPlacesWriter();

  CsvBlock block_;
  bool check_text_ = false;  // the block holds what is not text in the stated encoding
  std::size_t next_ = 0;     // where the next record begins
  std::size_t scanned_ = 0;  // bytes before here have been looked at
  std::uint64_t mask_ = 0;   // delimiters, quotes and line feeds of the 64 bytes from mask_at_ on
  std::size_t mask_at_ = 0;
  // Of a block without quotes: the places of the next delimiters and line feeds, a few records ahead.
  std::array<std::uint32_t, kMostPlaces> places_;
  std::size_t place_ = 0;  // the next of these,
  std::size_t places_end_ = 0;

  // The current record.
  std::size_t field_ = 0;  // the field being scanned begins here
  std::size_t close_ = 0;  // the quote that may close it
  State state_ = State::kUnquoted;
  bool doubled_ = false;  // it holds doubled quotes
  bool text_after_quote_ = false;
  std::vector<std::size_t> doubled_fields_;
  std::vector<absl::string_view> fields_;  // as many as the header has, once that is read
  std::size_t field_count_ = 0;            // of those in fields_
  std::size_t further_fields_ = 0;         // beyond the header's,
  std::size_t longest_further_ = 0;        // and the longest of these
  absl::string_view raw_;
  RowShape shape_ = RowShape::kRegular;

  std::int64_t line_ = 0;
  std::int64_t next_line_ = 1;
  std::int64_t breaks_ = 0;  // line breaks inside the record so far
  std::int64_t blank_lines_ = 0;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_CSV_READER_H_
