#include "node/ingest/csv_reader.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr std::size_t kBlock = 64;
constexpr std::size_t kChunk = std::size_t{256} << 10;
constexpr std::size_t kMaxColumns = 4096;
// What a field or record that is still being read may have beside its text: two quotes and a carriage return.
constexpr std::size_t kUnfinished = 3;

struct BlockBits {
  std::uint64_t structure = 0;  // delimiters, quotes, line feeds
  std::uint64_t odd = 0;        // NUL or above 0x7F
};

#if defined(__SSE2__)
BlockBits Classify(const char* at, char delimiter) {
  const __m128i zero = _mm_setzero_si128();
  const __m128i wanted = _mm_set1_epi8(delimiter);
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i feed = _mm_set1_epi8('\n');
  BlockBits bits;
  for (std::size_t i = 0; i < kBlock; i += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
    const __m128i found =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, wanted), _mm_cmpeq_epi8(bytes, quote)),
                     _mm_cmpeq_epi8(bytes, feed));
    // As signed numbers 1 to 127 are plain ASCII, 0 is NUL and the rest negative.
    const __m128i plain = _mm_cmpgt_epi8(bytes, zero);
    bits.structure |= std::uint64_t{static_cast<std::uint16_t>(_mm_movemask_epi8(found))} << i;
    bits.odd |= std::uint64_t{static_cast<std::uint16_t>(~_mm_movemask_epi8(plain))} << i;
  }
  return bits;
}
#else
BlockBits Classify(const char* at, char delimiter) {
  BlockBits bits;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const char c = at[i];
    const bool structure = c == delimiter || c == '"' || c == '\n';
    const bool odd = c == 0 || (static_cast<unsigned char>(c) & 0x80U) != 0;
    bits.structure |= std::uint64_t{structure} << i;
    bits.odd |= std::uint64_t{odd} << i;
  }
  return bits;
}
#endif

std::int64_t LineBreaks(absl::string_view text) {
  return std::count(text.begin(), text.end(), '\n');
}

std::string DelimiterName(char delimiter) {
  return delimiter == '\t' ? "a tab" : absl::StrCat("\"", std::string(1, delimiter), "\"");
}

}  // namespace

CsvReader::CsvReader(std::unique_ptr<ByteSource> bytes, std::string name, const CsvOptions& options)
    : bytes_(std::move(bytes)), name_(std::move(name)), options_(options), buffer_(kChunk + kBlock) {}

absl::StatusOr<std::unique_ptr<CsvReader>> CsvReader::Open(std::unique_ptr<ByteSource> bytes,
                                                           const std::string& name,
                                                           const CsvOptions& options) {
  std::unique_ptr<CsvReader> reader(new CsvReader(std::move(bytes), name, options));
  RETURN_IF_ERROR(reader->ReadHeader());
  return reader;
}

absl::Status CsvReader::ReadHeader() {
  while (end_ < 6 && !at_end_) RETURN_IF_ERROR(Fill());
  RETURN_IF_ERROR(CheckStart());
  if (absl::string_view(buffer_.data(), std::min<std::size_t>(end_, 3)) == "\xEF\xBB\xBF") {
    next_ = scanned_ = 3;
    // Fill must not move what it has not been told is used up.
    record_ = field_ = 3;
  }
  ASSIGN_OR_RETURN(const bool any, Next());
  if (!any) {
    return absl::InvalidArgumentError(
        absl::StrCat(name_, " is empty; expected a line of column names and then the records"));
  }
  for (std::size_t i = 0; i < fields(); ++i) {
    header_.emplace_back(absl::StripAsciiWhitespace(field(i)));
  }
  return CheckHeader();
}

absl::Status CsvReader::CheckStart() const {
  const absl::string_view start(buffer_.data(), std::min<std::size_t>(end_, 4));
  const absl::string_view two = start.substr(0, 2);
  if (two == "\xFF\xFE" || two == "\xFE\xFF") {
    return absl::InvalidArgumentError(
        absl::StrCat(name_, " is UTF-16 (\"Unicode text\"); save it as \"CSV UTF-8\""));
  }
  if (options_.encoding == Encoding::kWindows1252 &&
      absl::string_view(buffer_.data(), std::min<std::size_t>(end_, 6)) == "\xC3\xAF\xC2\xBB\xC2\xBF") {
    return absl::InvalidArgumentError(
        absl::StrCat(name_, " begins with UTF-8's byte-order mark; remove encoding = \"windows-1252\""));
  }
  if (start == absl::string_view("PK\x03\x04", 4) || two == "\x1F\x8B" || start == "\xD0\xCF\x11\xE0") {
    return absl::InvalidArgumentError(
        absl::StrCat(name_, " is a workbook or an archive, not CSV; unpack it or save it as \"CSV UTF-8\""));
  }
  return absl::OkStatus();
}

absl::Status CsvReader::CheckHeader() const {
  if (header_.size() > kMaxColumns) {
    return absl::ResourceExhaustedError(absl::StrCat(name_, " has ", header_.size(), " columns; at most ",
                                                     kMaxColumns, " are read. Is it the right file?"));
  }
  if (shape_ == RowShape::kTextAfterQuote) {
    return absl::InvalidArgumentError(
        absl::StrCat(name_, ":", line_, ": a column name goes on after its closing quote; mend the header"));
  }
  for (const std::string& column : header_) {
    if (column.find('\r') == std::string::npos) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(name_, " ends its lines with carriage returns only; save it as \"CSV UTF-8\""));
  }
  if (header_.size() != 1) return absl::OkStatus();
  for (const char other : {';', '\t', '|', ','}) {
    const auto found = std::count(header_[0].begin(), header_[0].end(), other);
    if (other == options_.delimiter || found == 0) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(name_, " has one column only, and its name holds ", DelimiterName(other), " ", found,
                     found == 1 ? " time" : " times", ": the file seems to be delimited by it and not by ",
                     DelimiterName(options_.delimiter), "; set delimiter = \"",
                     other == '\t' ? std::string("\\t") : std::string(1, other), "\" for this source"));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> CsvReader::Next() {
  while (true) {
    ASSIGN_OR_RETURN(const bool any, Scan());
    if (!any) return false;
    next_line_ = line_ + breaks_ + 1;
    if (record_odd_) RETURN_IF_ERROR(CheckText());
    if (!raw().empty()) break;
    ++blank_lines_;
  }
  RETURN_IF_ERROR(CheckLimits(record_end_, 0));
  FinishRecord();
  return true;
}

void CsvReader::BeginRecord() {
  record_ = field_ = next_;
  state_ = State::kUnquoted;
  doubled_ = text_after_quote_ = false;
  field_count_ = longest_further_ = 0;
  spans_.clear();
  doubled_fields_.clear();
  record_odd_ = block_odd_;
  line_ = next_line_;
  breaks_ = 0;
}

absl::StatusOr<bool> CsvReader::Scan() {
  BeginRecord();
  while (true) {
    while (mask_ != 0) {
      const std::size_t at = block_ + static_cast<std::size_t>(std::countr_zero(mask_));
      mask_ &= mask_ - 1;
      if (!Take(at)) continue;
      record_end_ = at > record_ && buffer_[at - 1] == '\r' ? at - 1 : at;
      next_ = at + 1;
      return true;
    }
    if (scanned_ == end_ && !at_end_) RETURN_IF_ERROR(Fill());
    if (scanned_ == end_) {
      if (at_end_) return EndOfFile();
      continue;
    }
    LoadBlock();
  }
}

// The file ends where a record may.
absl::StatusOr<bool> CsvReader::EndOfFile() {
  if (state_ == State::kQuoted) {
    const std::int64_t opened = line_ + LineBreaks({buffer_.data() + record_, field_ - record_});
    return absl::InvalidArgumentError(absl::StrCat(
        name_, ":", opened, ": a quote opened on this line is never closed; mend it, and export again"));
  }
  record_end_ = next_ = end_;
  if (record_ == end_) return false;
  EndField(end_, true);
  if (buffer_[end_ - 1] == '\r') --record_end_;
  return true;
}

void CsvReader::LoadBlock() {
  const std::size_t count = std::min(kBlock, end_ - scanned_);
  const std::uint64_t valid = count == kBlock ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
  const BlockBits bits = Classify(buffer_.data() + scanned_, options_.delimiter);
  block_ = scanned_;
  mask_ = bits.structure & valid;
  block_odd_ = (bits.odd & valid) != 0;
  record_odd_ = record_odd_ || block_odd_;
  scanned_ += count;
}

// One delimiter, quote or line feed; true if it ends the record.
inline bool CsvReader::Take(std::size_t at) {
  const char c = buffer_[at];
  if (state_ == State::kQuoted) {
    if (c == '"') {
      state_ = State::kMaybeClosed;
      close_ = at;
    } else if (c == '\n') {
      ++breaks_;
    }
    return false;
  }
  if (c == '"') {
    if (state_ == State::kUnquoted && at == field_) {
      state_ = State::kQuoted;
    } else if (state_ == State::kMaybeClosed) {
      doubled_ = doubled_ || at == close_ + 1;
      state_ = at == close_ + 1 ? State::kQuoted : State::kAfterQuote;
    }
    return false;
  }
  EndField(at, c == '\n');
  field_ = at + 1;
  return c == '\n';
}

inline void CsvReader::EndField(std::size_t at, bool line_end) {
  std::size_t begin = field_;
  std::size_t end = at;
  const bool cut = line_end && at > field_ && buffer_[at - 1] == '\r';
  if (state_ == State::kUnquoted) {
    if (cut) --end;
  } else if (state_ == State::kMaybeClosed && close_ + (cut ? 2 : 1) == at) {
    begin = field_ + 1;
    end = close_;
  } else {
    text_after_quote_ = true;
  }
  ++field_count_;
  if (header_.empty() || field_count_ <= header_.size()) {
    if (doubled_) doubled_fields_.push_back(spans_.size());
    spans_.push_back(
        {static_cast<std::uint32_t>(begin - record_), static_cast<std::uint32_t>(end - record_)});
  } else {
    longest_further_ = std::max(longest_further_, end - begin);
  }
  doubled_ = false;
  state_ = State::kUnquoted;
}

void CsvReader::FinishRecord() {
  if (text_after_quote_) {
    shape_ = RowShape::kTextAfterQuote;
  } else if (header_.empty() || field_count_ == header_.size()) {
    shape_ = RowShape::kRegular;
  } else {
    shape_ = field_count_ < header_.size() ? RowShape::kTooFewFields : RowShape::kTooManyFields;
  }
  if (shape_ == RowShape::kTextAfterQuote) return;
  for (const std::size_t index : doubled_fields_) {
    Span& span = spans_[index];
    char* const text = buffer_.data() + record_;
    std::uint32_t to = span.begin;
    for (std::uint32_t from = span.begin; from < span.end; ++from) {
      text[to++] = text[from];
      if (text[from] == '"') ++from;
    }
    span.end = to;
  }
}

// Reads more, after moving the current record to the buffer's beginning.
absl::Status CsvReader::Fill() {
  RETURN_IF_ERROR(CheckLimits(end_, kUnfinished));
  std::memmove(buffer_.data(), buffer_.data() + record_, end_ - record_);
  end_ -= record_;
  field_ -= record_;
  scanned_ -= record_;
  if (state_ == State::kMaybeClosed || state_ == State::kAfterQuote) close_ -= record_;
  next_ -= std::min(next_, record_);
  record_ = 0;
  if (buffer_.size() < end_ + kChunk + kBlock) {
    buffer_.resize(std::max(2 * buffer_.size(), end_ + kChunk + kBlock));
  }
  if (options_.encoding == Encoding::kUtf8) {
    ASSIGN_OR_RETURN(const std::size_t got, bytes_->Read(buffer_.data() + end_, kChunk));
    end_ += got;
    at_end_ = got == 0;
    return absl::OkStatus();
  }
  raw_.resize(kChunk / 3);
  ASSIGN_OR_RETURN(const std::size_t got, bytes_->Read(raw_.data(), raw_.size()));
  converted_.clear();
  AppendWindows1252AsUtf8({raw_.data(), got}, converted_);
  std::memcpy(buffer_.data() + end_, converted_.data(), converted_.size());
  end_ += converted_.size();
  at_end_ = got == 0;
  return absl::OkStatus();
}

// Of the current record, as far as `end`; both limits are higher by `slack`.
absl::Status CsvReader::CheckLimits(std::size_t end, std::size_t slack) const {
  if (end - record_ <= options_.max_field_bytes) return absl::OkStatus();
  std::size_t longest = std::max(longest_further_, end > field_ ? end - field_ : 0);
  for (const Span& span : spans_) longest = std::max<std::size_t>(longest, span.end - span.begin);
  const std::string where = absl::StrCat(name_, ":", line_);
  if (longest > options_.max_field_bytes + slack) {
    return absl::ResourceExhaustedError(absl::StrCat(
        where, ": a field of more than ", options_.max_field_bytes, " bytes",
        state_ == State::kQuoted ? "; is a quote opened there and not closed?" : "; is this a CSV file?"));
  }
  if (end - record_ > options_.max_record_bytes + slack) {
    return absl::ResourceExhaustedError(absl::StrCat(
        where, ": a record of more than ", options_.max_record_bytes, " bytes; is this a CSV file?"));
  }
  return absl::OkStatus();
}

// Whether the record's bytes are text in the stated encoding.
absl::Status CsvReader::CheckText() const {
  const absl::string_view text = raw();
  if (const auto at = text.find('\0'); at != absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat(name_, ":", line_ + LineBreaks(text.substr(0, at)),
                     ": a NUL byte; the file is damaged or no text. Export it again as \"CSV UTF-8\""));
  }
  if (options_.encoding != Encoding::kUtf8) return absl::OkStatus();
  const auto at = FirstInvalidUtf8(text);
  if (at == absl::string_view::npos) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      name_, ":", line_ + LineBreaks(text.substr(0, at)),
      ": not valid UTF-8; if the file was saved by Excel as \"CSV\" (Latin-1 or Windows-1252), set "
      "encoding = \"windows-1252\" for this source, or save it as \"CSV UTF-8\""));
}

absl::string_view CsvReader::malformed() const {
  switch (shape_) {
    case RowShape::kRegular:
      return "";
    case RowShape::kTooFewFields:
      return "fewer fields than the header has";
    case RowShape::kTooManyFields:
      return "more fields than the header has";
    case RowShape::kTextAfterQuote:
      return "text after a closing quote";
  }
  return "";
}

std::uint64_t CsvReader::hash() const {
  return absl::Hash<absl::string_view>{}(raw());
}

}  // namespace waymark::node
