#include "node/ingest/csv_blocks.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr std::size_t kChunk = std::size_t{256} << 10;
// What a field or record that is still being read may have beside its text: two quotes and a carriage return.
constexpr std::size_t kUnfinished = 3;

struct Survey {
  std::int64_t line_feeds = 0;
  bool odd = false;  // NUL or a byte above 0x7F
};

Survey SurveyBytes(const char* at, std::size_t size) {
  Survey survey;
  std::size_t i = 0;
#if defined(__SSE2__)
  const __m128i zero = _mm_setzero_si128();
  const __m128i feed = _mm_set1_epi8('\n');
  __m128i odd = zero;
  while (size - i >= 16) {
    // As many as eight-bit sums can hold.
    const std::size_t stop = i + 16 * std::min<std::size_t>(255, (size - i) / 16);
    __m128i sums = zero;
    for (; i < stop; i += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
      sums = _mm_sub_epi8(sums, _mm_cmpeq_epi8(bytes, feed));
      odd = _mm_or_si128(odd, _mm_or_si128(bytes, _mm_cmpeq_epi8(bytes, zero)));
    }
    const __m128i both = _mm_sad_epu8(sums, zero);
    survey.line_feeds += _mm_cvtsi128_si64(both) + _mm_cvtsi128_si64(_mm_unpackhi_epi64(both, both));
  }
  survey.odd = _mm_movemask_epi8(odd) != 0;
#endif
  for (; i < size; ++i) {
    survey.line_feeds += at[i] == '\n' ? 1 : 0;
    survey.odd = survey.odd || at[i] == 0 || (static_cast<unsigned char>(at[i]) & 0x80U) != 0;
  }
  return survey;
}

// Finds the last record end in text that begins with a record and grows. A quote opens a quoted field only
// where a field begins, that is after a delimiter or a line feed; so whoever is outside quotes need look at
// nothing but quotes and what stands before them.
class RecordEnds {
 public:
  explicit RecordEnds(char delimiter) : delimiter_(delimiter) {}

  // `text` is what was given before and perhaps more; `whole`: there will be no more.
  void Look(absl::string_view text, bool whole) {
    while (true) {
      const std::size_t quote = text.find('"', at_);
      if (!inside_) NoteEnd(text.substr(0, quote));
      if (quote == absl::string_view::npos) {
        at_ = text.size();
        return;
      }
      if (inside_) {
        // Whether it closes the field or is the first of two, the next byte tells.
        if (quote + 1 == text.size() && !whole) {
          at_ = quote;
          return;
        }
        const bool doubled = quote + 1 < text.size() && text[quote + 1] == '"';
        inside_ = doubled;
        at_ = quote + (doubled ? 2 : 1);
      } else {
        inside_ = quote == 0 || text[quote - 1] == delimiter_ || text[quote - 1] == '\n';
        if (inside_) opened_ = quote;
        at_ = quote + 1;
      }
    }
  }

  std::size_t last() const { return last_; }      // just after the last record end; 0 if none has been seen
  bool inside() const { return inside_; }         // the text so far ends inside quotes,
  std::size_t opened() const { return opened_; }  // which were opened here

 private:
  void NoteEnd(absl::string_view before) {
    const std::size_t feed = before.substr(at_).rfind('\n');
    if (feed != absl::string_view::npos) last_ = at_ + feed + 1;
  }

  const char delimiter_;
  std::size_t at_ = 0;  // looked at as far as here
  std::size_t last_ = 0;
  std::size_t opened_ = 0;
  bool inside_ = false;
};

// The longest field of a record that has begun, with its quotes. `quoted`: the last one stands in open
// quotes.
std::size_t LongestField(absl::string_view record, char delimiter, bool& quoted) {
  std::size_t longest = 0;
  std::size_t field = 0;
  std::size_t closed = record.size();
  bool inside = false;
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (record[i] == '"') {
      if (inside) closed = i;
      // The second of two opens again what the first has closed.
      inside = !inside && (i == field || (i == closed + 1 && i > field + 1));
    } else if (record[i] == delimiter && !inside) {
      longest = std::max(longest, i - field);
      field = i + 1;
      closed = record.size();
    }
  }
  quoted = inside;
  return std::max(longest, record.size() - field);
}

}  // namespace

absl::Status CheckCsvLimits(const CsvOptions& options, absl::string_view name, std::int64_t line,
                            std::size_t longest_field, std::size_t record, bool quoted) {
  if (longest_field > options.max_field_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat(name, ":", line, ": a field of more than ", options.max_field_bytes, " bytes",
                     quoted ? "; is a quote opened there and not closed?" : "; is this a CSV file?"));
  }
  if (record > options.max_record_bytes) {
    return absl::ResourceExhaustedError(absl::StrCat(name, ":", line, ": a record of more than ",
                                                     options.max_record_bytes,
                                                     " bytes; is this a CSV file?"));
  }
  return absl::OkStatus();
}

CsvBlocks::CsvBlocks(std::unique_ptr<ByteSource> bytes, std::string name, const CsvOptions& options)
    : name_(std::move(name)), options_(options), bytes_(std::move(bytes)) {}

absl::StatusOr<std::shared_ptr<CsvBlocks>> CsvBlocks::Open(std::unique_ptr<ByteSource> bytes,
                                                           std::string name, const CsvOptions& options) {
  std::shared_ptr<CsvBlocks> blocks(new CsvBlocks(std::move(bytes), std::move(name), options));
  absl::MutexLock lock(&blocks->mutex_);
  while (blocks->rest_.size < 6 && !blocks->at_end_) RETURN_IF_ERROR(blocks->ReadMore(blocks->rest_));
  RETURN_IF_ERROR(blocks->CheckStart());
  CsvBlock& rest = blocks->rest_;
  if (rest.text().substr(0, 3) == "\xEF\xBB\xBF") {
    rest.size -= 3;
    std::memmove(rest.bytes.data(), rest.bytes.data() + 3, rest.size);
  }
  return blocks;
}

absl::Status CsvBlocks::CheckStart() const {
  const absl::string_view start = rest_.text();
  const absl::string_view two = start.substr(0, 2);
  const absl::string_view four = start.substr(0, 4);
  if (two == "\xFF\xFE" || two == "\xFE\xFF") {
    return absl::InvalidArgumentError(
        absl::StrCat(name_, " is UTF-16 (\"Unicode text\"); save it as \"CSV UTF-8\""));
  }
  if (options_.encoding == Encoding::kWindows1252 && start.substr(0, 6) == "\xC3\xAF\xC2\xBB\xC2\xBF") {
    return absl::InvalidArgumentError(
        absl::StrCat(name_, " begins with UTF-8's byte-order mark; remove encoding = \"windows-1252\""));
  }
  if (four == absl::string_view("PK\x03\x04", 4) || two == "\x1F\x8B" || four == "\xD0\xCF\x11\xE0") {
    return absl::InvalidArgumentError(
        absl::StrCat(name_, " is a workbook or an archive, not CSV; unpack it or save it as \"CSV UTF-8\""));
  }
  return absl::OkStatus();
}

void CsvBlocks::Stop() {
  absl::MutexLock lock(&mutex_);
  stopped_ = true;
}

absl::StatusOr<bool> CsvBlocks::Take(CsvBlock& block) {
  absl::MutexLock lock(&mutex_);
  block.size = 0;
  block.first_line = line_;
  if (stopped_) return false;
  absl::StatusOr<bool> taken = TakeLocked(block);
  stopped_ = !taken.ok();
  return taken;
}

absl::StatusOr<bool> CsvBlocks::TakeLocked(CsvBlock& block) {
  block.bytes.resize(std::max(block.bytes.size(), rest_.size + kChunk + CsvBlock::kSlack));
  std::memcpy(block.bytes.data(), rest_.bytes.data(), rest_.size);
  block.size = std::exchange(rest_.size, 0);
  RecordEnds ends(options_.delimiter);
  ends.Look(block.text(), at_end_);
  while (ends.last() == 0 && !at_end_) {
    RETURN_IF_ERROR(CheckUnfinished(block.text()));
    RETURN_IF_ERROR(ReadMore(block));
    ends.Look(block.text(), at_end_);
  }
  std::size_t end = ends.last();
  if (end == 0) {
    if (ends.inside()) return NeverClosed(block.text().substr(0, ends.opened()));
    end = block.size;
  }
  if (end < block.size) {
    rest_.size = block.size - end;
    rest_.bytes.resize(std::max(rest_.bytes.size(), rest_.size));
    std::memcpy(rest_.bytes.data(), block.bytes.data() + end, rest_.size);
  }
  block.size = end;
  const Survey survey = SurveyBytes(block.bytes.data(), end);
  line_ += survey.line_feeds;
  block.odd = survey.odd;
  block.quotes = block.text().find('"') != absl::string_view::npos;
  return end > 0;
}

// Appends to `block`, which grows where it must.
absl::Status CsvBlocks::ReadMore(CsvBlock& block) {
  if (block.bytes.size() < block.size + kChunk + CsvBlock::kSlack) {
    block.bytes.resize(std::max(2 * block.bytes.size(), block.size + kChunk + CsvBlock::kSlack));
  }
  char* const to = block.bytes.data() + block.size;
  if (options_.encoding == Encoding::kUtf8) {
    ASSIGN_OR_RETURN(const std::size_t got, bytes_->Read(to, kChunk));
    block.size += got;
    at_end_ = got == 0;
    if (options_.on_read) options_.on_read(got);
    return absl::OkStatus();
  }
  raw_.resize(kChunk / 3);
  ASSIGN_OR_RETURN(const std::size_t got, bytes_->Read(raw_.data(), raw_.size()));
  std::string converted;
  AppendWindows1252AsUtf8({raw_.data(), got}, converted);
  std::memcpy(to, converted.data(), converted.size());
  block.size += converted.size();
  at_end_ = got == 0;
  if (options_.on_read) options_.on_read(got);
  return absl::OkStatus();
}

// Of a record whose end has not been read.
absl::Status CsvBlocks::CheckUnfinished(absl::string_view record) const {
  if (record.size() <= options_.max_field_bytes + kUnfinished) return absl::OkStatus();
  bool quoted = false;
  const std::size_t longest = LongestField(record, options_.delimiter, quoted);
  return CheckCsvLimits(options_, name_, line_, longest - std::min(longest, kUnfinished),
                        record.size() - kUnfinished, quoted);
}

absl::Status CsvBlocks::NeverClosed(absl::string_view before) const {
  return absl::InvalidArgumentError(
      absl::StrCat(name_, ":", line_ + std::count(before.begin(), before.end(), '\n'),
                   ": a quote opened on this line is never closed; mend it, and export again"));
}

}  // namespace waymark::node
