#include "node/ingest/csv_reader.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace waymark::node {
namespace {

static_assert(kMarksBytes <= CsvBlock::kSlack);
static_assert(RowSource::kReadable <= CsvBlock::kSlack);
constexpr std::size_t kMaxColumns = 4096;

std::int64_t LineBreaks(absl::string_view text) {
  return std::count(text.begin(), text.end(), '\n');
}

std::string DelimiterName(char delimiter) {
  return delimiter == '\t' ? "a tab" : absl::StrCat("\"", std::string(1, delimiter), "\"");
}

// "say ""so""" → say "so", in place.
absl::string_view WithoutDoubledQuotes(absl::string_view field, char* text) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < field.size(); ++i) {
    text[size++] = field[i];
    if (field[i] == '"') ++i;
  }
  return {text, size};
}

}  // namespace

absl::StatusOr<std::unique_ptr<CsvReader>> CsvReader::Open(std::unique_ptr<ByteSource> bytes,
                                                           const std::string& name,
                                                           const CsvOptions& options) {
  ASSIGN_OR_RETURN(auto blocks, CsvBlocks::Open(std::move(bytes), name, options));
  std::unique_ptr<CsvReader> reader(new CsvReader(std::move(blocks)));
  RETURN_IF_ERROR(reader->ReadHeader());
  return reader;
}

std::unique_ptr<RowSource> CsvReader::Another() const {
  std::unique_ptr<CsvReader> other(new CsvReader(blocks_));
  other->header_ = header_;
  other->fields_.resize(header_.size());
  return other;
}

absl::Status CsvReader::ReadHeader() {
  ASSIGN_OR_RETURN(const bool any, Next());
  if (!any) {
    return absl::InvalidArgumentError(
        absl::StrCat(blocks_->name(), " is empty; expected a line of column names and then the records"));
  }
  for (const absl::string_view name : row()) header_.emplace_back(absl::StripAsciiWhitespace(name));
  fields_.resize(header_.size());
  return CheckHeader();
}

absl::Status CsvReader::CheckHeader() const {
  const std::string& name = blocks_->name();
  const char delimiter = blocks_->options().delimiter;
  if (header_.size() > kMaxColumns) {
    return absl::ResourceExhaustedError(absl::StrCat(name, " has ", header_.size(), " columns; at most ",
                                                     kMaxColumns, " are read. Is it the right file?"));
  }
  if (shape_ == RowShape::kTextAfterQuote) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ":", line_, ": a column name goes on after its closing quote; mend the header"));
  }
  for (const std::string& column : header_) {
    if (column.find('\r') == std::string::npos) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(name, " ends its lines with carriage returns only; save it as \"CSV UTF-8\""));
  }
  if (header_.size() != 1) return absl::OkStatus();
  for (const char other : {';', '\t', '|', ','}) {
    const auto found = std::count(header_[0].begin(), header_[0].end(), other);
    if (other == delimiter || found == 0) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(name, " has one column only, and its name holds ", DelimiterName(other), " ", found,
                     found == 1 ? " time" : " times", ": the file seems to be delimited by it and not by ",
                     DelimiterName(delimiter), "; set delimiter = \"",
                     other == '\t' ? std::string("\\t") : std::string(1, other), "\" for this source"));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> CsvReader::Next() {
  absl::StatusOr<bool> any = NextRecord();
  if (!any.ok()) blocks_->Stop();
  return any;
}

absl::StatusOr<bool> CsvReader::NextRecord() {
  while (true) {
    line_ = next_line_;
    if (next_ == block_.size) {
      ASSIGN_OR_RETURN(const bool any, TakeBlock());
      if (!any) return false;
    }
    if (block_.quotes) {
      ScanQuoted();
    } else {
      ScanPlain();
    }
    if (check_text_) RETURN_IF_ERROR(CheckText());
    if (!raw_.empty()) break;
    ++blank_lines_;
  }
  if (raw_.size() > blocks_->options().max_field_bytes) RETURN_IF_ERROR(CheckLimits());
  if (shape_ == RowShape::kTextAfterQuote) return true;
  for (const std::size_t index : doubled_fields_) {
    const auto at = static_cast<std::size_t>(fields_[index].data() - block_.bytes.data());
    fields_[index] = WithoutDoubledQuotes(fields_[index], block_.bytes.data() + at);
  }
  return true;
}

absl::StatusOr<bool> CsvReader::TakeBlock() {
  next_ = 0;
  const absl::StatusOr<bool> any = blocks_->Take(block_);
  line_ = next_line_ = block_.first_line;
  scanned_ = 0;
  mask_ = 0;
  place_ = places_end_ = 0;
  // Blocks are valid as a whole, but for the one whose error is looked for record by record.
  check_text_ = block_.odd && (block_.text().find('\0') != absl::string_view::npos ||
                               FirstInvalidUtf8(block_.text()) != absl::string_view::npos);
  return any;
}

// Of the 64 bytes from `at` on, those that are of the block.
inline std::uint64_t CsvReader::CountedFrom(std::size_t at) const {
  const std::size_t left = block_.size - at;
  return left < kMarksBytes ? ~std::uint64_t{0} >> (kMarksBytes - left) : ~std::uint64_t{0};
}

// Looks at the next 64 bytes; false at the block's end.
inline bool CsvReader::LookAhead() {
  if (scanned_ >= block_.size) return false;
  mask_ = Marks(block_.bytes.data() + scanned_, blocks_->options().delimiter) & CountedFrom(scanned_);
  mask_at_ = scanned_;
  scanned_ += kMarksBytes;
  return true;
}

// The place of the next delimiter, quote or line feed; the block's size if there is none.
inline std::size_t CsvReader::NextMark() {
  while (mask_ == 0) {
    if (!LookAhead()) return block_.size;
  }
  const std::size_t at = mask_at_ + static_cast<std::size_t>(std::countr_zero(mask_));
  mask_ &= mask_ - 1;
  return at;
}

inline void CsvReader::AddField(std::size_t begin, std::size_t end) {
  if (field_count_ == fields_.size()) {
    if (!header_.empty()) {
      ++further_fields_;
      longest_further_ = std::max(longest_further_, end - begin);
      return;
    }
    fields_.emplace_back();
  }
  fields_[field_count_++] = {block_.bytes.data() + begin, end - begin};
}

// Finds more places, as many as there is room for.
void CsvReader::FindPlaces() {
  std::copy(places_.begin() + static_cast<std::ptrdiff_t>(place_),
            places_.begin() + static_cast<std::ptrdiff_t>(places_end_), places_.begin());
  places_end_ -= std::exchange(place_, 0);
  while (places_end_ + kMarksBytes <= kMostPlaces && scanned_ < block_.size) {
    places_end_ +=
        write_places_(block_.bytes.data() + scanned_, blocks_->options().delimiter, CountedFrom(scanned_),
                      static_cast<std::uint32_t>(scanned_), places_.data() + places_end_);
    scanned_ += kMarksBytes;
  }
}

// The place of the next delimiter or line feed; the block's size if there is none.
inline std::size_t CsvReader::NextPlace() {
  if (place_ == places_end_) FindPlaces();
  return place_ == places_end_ ? block_.size : places_[place_++];
}

// A record of a block without quotes.
void CsvReader::ScanPlain() {
  doubled_fields_.clear();
  further_fields_ = longest_further_ = 0;
  text_after_quote_ = false;
  breaks_ = 0;
  if (TakeWholePlain()) return;
  field_count_ = 0;
  std::size_t begin = next_;
  while (true) {
    const std::size_t at = NextPlace();
    if (at == block_.size || block_.bytes[at] == '\n') return FinishPlain(begin, at);
    AddField(begin, at);
    begin = at + 1;
  }
}

// Nearly all records have as many fields as the header; false where this one has not, or may not have.
bool CsvReader::TakeWholePlain() {
  const std::size_t count = header_.size();
  if (places_end_ - place_ < count) FindPlaces();
  if (count == 0 || places_end_ - place_ < count) return false;
  const std::uint32_t* const places = places_.data() + place_;
  const char* const bytes = block_.bytes.data();
  if (bytes[places[count - 1]] != '\n') return false;
  absl::string_view* const fields = fields_.data();
  std::size_t begin = next_;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    const std::size_t at = places[i];
    if (bytes[at] == '\n') return false;
    fields[i] = {bytes + begin, at - begin};
    begin = at + 1;
  }
  place_ += count;
  field_count_ = count - 1;
  FinishPlain(begin, places[count - 1]);
  return true;
}

// Its last field begins at `begin`.
void CsvReader::FinishPlain(std::size_t begin, std::size_t end) {
  AddField(begin, end > begin && block_.bytes[end - 1] == '\r' ? end - 1 : end);
  FinishRecord(end);
}

void CsvReader::ScanQuoted() {
  field_count_ = further_fields_ = longest_further_ = 0;
  doubled_fields_.clear();
  doubled_ = text_after_quote_ = false;
  field_ = next_;
  state_ = State::kUnquoted;
  breaks_ = 0;
  while (true) {
    const std::size_t at = NextMark();
    if (at == block_.size) EndQuotableField(at, true);
    if (at == block_.size || TakeMark(at)) return FinishRecord(at);
  }
}

// One delimiter, quote or line feed; true if it ends the record.
inline bool CsvReader::TakeMark(std::size_t at) {
  const char c = block_.bytes[at];
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
  EndQuotableField(at, c == '\n');
  field_ = at + 1;
  return c == '\n';
}

inline void CsvReader::EndQuotableField(std::size_t at, bool line_end) {
  std::size_t begin = field_;
  std::size_t end = at;
  const bool cut = line_end && at > field_ && block_.bytes[at - 1] == '\r';
  if (state_ == State::kUnquoted) {
    if (cut) --end;
  } else if (state_ == State::kMaybeClosed && close_ + (cut ? 2 : 1) == at) {
    begin = field_ + 1;
    end = close_;
  } else {
    text_after_quote_ = true;
  }
  if (doubled_ && (header_.empty() || field_count_ < header_.size())) doubled_fields_.push_back(field_count_);
  AddField(begin, end);
  doubled_ = false;
  state_ = State::kUnquoted;
}

void CsvReader::FinishRecord(std::size_t end) {
  const std::size_t begin = next_;
  next_ = std::min(end + 1, block_.size);
  next_line_ = line_ + breaks_ + 1;
  const bool cut = end > begin && block_.bytes[end - 1] == '\r';
  raw_ = {block_.bytes.data() + begin, end - begin - (cut ? 1 : 0)};
  if (text_after_quote_) {
    shape_ = RowShape::kTextAfterQuote;
  } else if (header_.empty() || (field_count_ == header_.size() && further_fields_ == 0)) {
    shape_ = RowShape::kRegular;
  } else {
    shape_ = further_fields_ == 0 ? RowShape::kTooFewFields : RowShape::kTooManyFields;
  }
}

absl::Status CsvReader::CheckLimits() const {
  std::size_t longest = longest_further_;
  for (const absl::string_view field : absl::MakeConstSpan(fields_).first(field_count_))
    longest = std::max(longest, field.size());
  return CheckCsvLimits(blocks_->options(), blocks_->name(), line_, longest, raw_.size(), false);
}

// Whether the record's bytes are text in the stated encoding.
absl::Status CsvReader::CheckText() const {
  const absl::string_view text = raw_;
  if (const auto at = text.find('\0'); at != absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat(blocks_->name(), ":", line_ + LineBreaks(text.substr(0, at)),
                     ": a NUL byte; the file is damaged or no text. Export it again as \"CSV UTF-8\""));
  }
  if (blocks_->options().encoding != Encoding::kUtf8) return absl::OkStatus();
  const auto at = FirstInvalidUtf8(text);
  if (at == absl::string_view::npos) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      blocks_->name(), ":", line_ + LineBreaks(text.substr(0, at)),
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
