#include "node/ingest/workbook.h"

#include <algorithm>
#include <deque>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "node/ingest/sheet_cells.h"
#include "node/ingest/table_reader.h"
#include "node/ingest/xml_reader.h"

namespace waymark::node {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{64} << 10;

class StreamedSheet final : public SheetRows, private SheetRowTaker {
 public:
  StreamedSheet(std::string name, std::shared_ptr<const WorkbookParts> parts,
                std::unique_ptr<ByteSource> bytes, const WorkbookLimits& limits)
      : name_(std::move(name)),
        parts_(std::move(parts)),
        bytes_(std::move(bytes)),
        limits_(limits),
        cells_(*parts_, name_, limits.record_bytes, *this, notes_),
        block_(kBlockBytes) {}

  // Reads as far as the header.
  absl::Status Begin(const std::vector<std::vector<std::string>>& needed) {
    needed_ = &needed;
    ASSIGN_OR_RETURN(xml_, XmlReader::Open(name_, cells_));
    while (!has_header_ && !at_end_) RETURN_IF_ERROR(ReadBlock());
    needed_ = nullptr;
    if (has_header_) return absl::OkStatus();
    if (rows_above_ == 0) return absl::NotFoundError(absl::StrCat(name_, " is blank"));
    return NoHeader();
  }

  const std::string& name() const override { return name_; }
  const std::vector<std::string>& header() const override { return header_; }

  absl::StatusOr<bool> Next() override {
    while (next_ == held_) {
      if (at_end_) return false;
      next_ = held_ = 0;
      RETURN_IF_ERROR(ReadBlock());
    }
    current_ = next_++;
    return true;
  }

  absl::string_view malformed() const override { return ""; }
  std::size_t fields() const override { return header_.size(); }
  absl::string_view field(std::size_t index) const override { return rows_[current_].values[index]; }
  absl::Span<const absl::string_view> row() override { return rows_[current_].values; }
  std::int64_t line() const override { return rows_[current_].number; }
  std::uint64_t hash() const override {
    return absl::Hash<std::vector<absl::string_view>>{}(rows_[current_].values);
  }
  const std::map<std::string, Tally>& notes() const override { return notes_; }

 private:
  absl::Status ReadBlock() {
    ASSIGN_OR_RETURN(const std::size_t count, bytes_->Read(block_.data(), block_.size()));
    if (count > 0) return xml_->Push({block_.data(), count});
    at_end_ = true;
    return xml_->Finish();
  }

  absl::Status Take(SheetRow& row) override {
    if (has_header_) {
      row.values.resize(header_.size());
      if (rows_.size() == held_) rows_.emplace_back();
      std::swap(rows_[held_++], row);
      return absl::OkStatus();
    }
    std::vector<std::string> names;
    for (const absl::string_view value : row.values) names.emplace_back(absl::StripAsciiWhitespace(value));
    while (!names.empty() && names.back().empty()) names.pop_back();
    if (names.empty()) return absl::OkStatus();
    std::vector<std::string> missing = Missing(names);
    if (missing.empty()) {
      has_header_ = true;
      header_ = std::move(names);
      cells_.KeepColumns(header_.size());
      return absl::OkStatus();
    }
    if (rows_above_ == 0 || missing.size() < missing_.size()) {
      missing_ = std::move(missing);
      nearest_row_ = row.number;
    }
    return ++rows_above_ > limits_.rows_above_header ? NoHeader() : absl::OkStatus();
  }

  // The first name of each needed column that is not among `names`.
  std::vector<std::string> Missing(const std::vector<std::string>& names) const {
    std::vector<std::string> missing;
    const auto filled =
        std::count_if(names.begin(), names.end(), [](const std::string& n) { return !n.empty(); });
    if (needed_->empty() && filled < 2) missing.push_back("a second column");
    for (const std::vector<std::string>& column : *needed_) {
      if (std::none_of(column.begin(), column.end(), [&](const std::string& wanted) {
            return std::any_of(names.begin(), names.end(),
                               [&](const std::string& name) { return LooseName(name) == LooseName(wanted); });
          })) {
        missing.push_back(column.front());
      }
    }
    return missing;
  }

  absl::Status NoHeader() const {
    return absl::InvalidArgumentError(absl::StrCat(
        name_, ": none of its first rows has the names of all columns that are needed; row ", nearest_row_,
        ", the nearest, lacks ", absl::StrJoin(missing_, ", "), ". Mend the names in the header"));
  }

  std::string name_;
  std::shared_ptr<const WorkbookParts> parts_;
  std::unique_ptr<ByteSource> bytes_;
  WorkbookLimits limits_;
  std::map<std::string, Tally> notes_;
  SheetCells cells_;
  std::unique_ptr<XmlReader> xml_;
  std::vector<char> block_;

  const std::vector<std::vector<std::string>>* needed_ = nullptr;  // until the header is found
  bool has_header_ = false;
  std::vector<std::string> header_;
  int rows_above_ = 0;
  std::int64_t nearest_row_ = 0;
  std::vector<std::string> missing_;

  // Rows of the block last read: [0, held_), of which [0, next_) were handed out. The rest is to be used
  // again.
  std::deque<SheetRow> rows_;
  std::size_t held_ = 0;
  std::size_t next_ = 0;
  std::size_t current_ = 0;
  bool at_end_ = false;
};

}  // namespace

bool IsWorkbookName(absl::string_view path) {
  return absl::EndsWithIgnoreCase(path, ".xlsx") || absl::EndsWithIgnoreCase(path, ".xlsm");
}

absl::StatusOr<Workbook> Workbook::Open(const std::string& path, const WorkbookLimits& limits) {
  ASSIGN_OR_RETURN(ZipArchive archive, ZipArchive::Open(path, limits.zip));
  return Over(std::move(archive), limits);
}

absl::StatusOr<Workbook> Workbook::Over(ZipArchive archive, const WorkbookLimits& limits) {
  ASSIGN_OR_RETURN(WorkbookParts parts, ReadWorkbookParts(archive));
  return Workbook(std::move(archive), limits, std::make_shared<WorkbookParts>(std::move(parts)));
}

absl::StatusOr<std::unique_ptr<SheetRows>> Workbook::OpenSheet(
    std::size_t sheet, const std::vector<std::vector<std::string>>& needed) {
  RETURN_IF_ERROR(ReadSharedTexts(archive_, limits_.text_bytes, *parts_));
  const WorkbookSheet& wanted = sheets()[sheet];
  ASSIGN_OR_RETURN(auto bytes, archive_.OpenEntry(wanted.part));
  auto rows = std::make_unique<StreamedSheet>(absl::StrCat(name(), ", sheet ", wanted.name), parts_,
                                              std::move(bytes), limits_);
  RETURN_IF_ERROR(rows->Begin(needed));
  return rows;
}

}  // namespace waymark::node
