#include "node/ingest/table_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"

namespace waymark::node {
namespace {

bool IsBlankRow(const RowSource& rows) {
  for (std::size_t i = 0; i < rows.fields(); ++i) {
    if (!absl::StripAsciiWhitespace(rows.field(i)).empty()) return false;
  }
  return true;
}

}  // namespace

std::string LooseName(absl::string_view name) {
  std::string loose;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    if (absl::StartsWith(name.substr(i), "\xC2\xA0")) {
      ++i;
    } else if (byte == 0xE2 && (absl::StartsWith(name.substr(i), "\xE2\x80") ||
                                absl::StartsWith(name.substr(i), "\xE2\x81"))) {
      i += 2;  // U+2000 to U+207F: blanks, dashes, quotes
    } else if (absl::ascii_isalnum(byte) || byte >= 0x80) {
      loose.push_back(absl::ascii_tolower(byte));
    }
  }
  return loose;
}

absl::string_view TableReader::Cleaned(absl::string_view value) {
  value = absl::StripAsciiWhitespace(value);
  return absl::EqualsIgnoreCase(value, "null") ? absl::string_view() : value;
}

absl::StatusOr<TableReader> TableReader::Open(const std::string& path, const CsvOptions& options) {
  ASSIGN_OR_RETURN(auto bytes, OpenFile(path));
  ASSIGN_OR_RETURN(auto csv, CsvReader::Open(std::move(bytes), path, options));
  return TableReader(std::move(csv));
}

Column TableReader::Optional(const std::vector<std::string>& names) {
  const std::vector<std::string>& header = rows_->header();
  const auto exact = [](const std::string& a, const std::string& b) { return absl::EqualsIgnoreCase(a, b); };
  const auto loose = [](const std::string& a, const std::string& b) {
    return !LooseName(b).empty() && LooseName(a) == LooseName(b);
  };
  const auto find = [&](const auto& same) {
    for (const std::string& name : names) {
      const auto is_it = [&](const std::string& column) { return same(column, name); };
      const auto found = std::find_if(header.begin(), header.end(), is_it);
      if (found == header.end()) continue;
      if (std::find_if(found + 1, header.end(), is_it) != header.end()) twice_.push_back(name);
      return static_cast<Column>(found - header.begin());
    }
    return kNoColumn;
  };
  const Column column = find(exact);
  return column == kNoColumn ? find(loose) : column;
}

Column TableReader::Required(const std::vector<std::string>& names) {
  const Column column = Optional(names);
  if (column == kNoColumn) missing_.push_back(absl::StrJoin(names, " or "));
  return column;
}

absl::Status TableReader::FinishColumns() const {
  if (!missing_.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(rows_->name(), " lacks the column", missing_.size() == 1 ? " " : "s ",
                     absl::StrJoin(missing_, ", "), "; it has ", absl::StrJoin(rows_->header(), ", ")));
  }
  if (!twice_.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(rows_->name(), " has the column ",
                                                   absl::StrJoin(twice_, ", "),
                                                   " twice; rename or remove one of each"));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> TableReader::Next(FileReport& report) {
  while (true) {
    ASSIGN_OR_RETURN(const bool any, rows_->Next());
    if (!any) return false;
    if (rows_->malformed().empty()) {
      row_ = rows_->row();
      if (row_[0].empty() && IsBlankRow(*rows_)) continue;
      ++report.rows_read;
      return true;
    }
    if (IsBlankRow(*rows_)) continue;
    ++report.rows_read;
    report.LeaveOut(rows_->malformed(), rows_->line());
  }
}

std::optional<TableReader> TableReader::Another() const {
  std::unique_ptr<RowSource> rows = rows_->Another();
  if (rows == nullptr) return std::nullopt;
  return TableReader(std::move(rows));
}

}  // namespace waymark::node
