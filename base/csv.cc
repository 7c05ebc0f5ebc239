#include "base/csv.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "base/status.h"

namespace waymark {
namespace {

// Goes through a text record by record.
class Scanner {
 public:
  Scanner(absl::string_view text, absl::string_view file) : text_(text), file_(file) {}

  bool AtEnd() const { return at_ == text_.size(); }

  absl::StatusOr<CsvTable::Row> Record() {
    CsvTable::Row row{.line = line_, .fields = {}};
    while (true) {
      ASSIGN_OR_RETURN(std::string field, Field());
      row.fields.push_back(std::move(field));
      if (!AtEnd() && text_[at_] == ',') {
        ++at_;
        continue;
      }
      if (!AtEnd() && text_[at_] == '\r') ++at_;
      if (!AtEnd() && text_[at_] == '\n') ++at_;
      ++line_;
      return row;
    }
  }

  absl::Status Wrong(std::int64_t line, absl::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat(file_, ":", line, ": ", what));
  }

 private:
  // Up to the comma or line end behind it.
  absl::StatusOr<std::string> Field() {
    if (AtEnd() || text_[at_] != '"') {
      const std::size_t begin = at_;
      at_ = std::min(text_.find_first_of(",\r\n", at_), text_.size());
      return std::string(text_.substr(begin, at_ - begin));
    }
    const std::int64_t began = line_;
    std::string field;
    for (++at_; !AtEnd(); ++at_) {
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] != '"') {
        field.push_back(text_[at_]);
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        field.push_back(text_[at_++]);
      } else {
        ++at_;
        if (AtEnd() || absl::StrContains(",\r\n", text_[at_])) return field;
        return Wrong(line_, "text follows a closing quote; double the quotes inside a quoted field");
      }
    }
    return Wrong(began, "a quoted field that begins here does not end");
  }

  absl::string_view text_;
  absl::string_view file_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
};

}  // namespace

std::size_t CsvTable::Column(absl::string_view name) const {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (absl::EqualsIgnoreCase(header[i], name)) return i;
  }
  return kNoColumn;
}

absl::StatusOr<CsvTable> ParseCsv(absl::string_view text, absl::string_view file) {
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  Scanner scanner(text, file);
  if (absl::StrContains(text, '\0')) {
    return scanner.Wrong(1, "holds NUL bytes: this is no CSV file in UTF-8; save it as \"CSV UTF-8\"");
  }
  CsvTable table;
  if (scanner.AtEnd()) return scanner.Wrong(1, "is empty: expected a header");
  ASSIGN_OR_RETURN(CsvTable::Row header, scanner.Record());
  for (const std::string& name : header.fields) table.header.emplace_back(absl::StripAsciiWhitespace(name));
  while (!scanner.AtEnd()) {
    ASSIGN_OR_RETURN(CsvTable::Row row, scanner.Record());
    if (row.fields.size() == 1 && row.fields[0].empty()) continue;
    if (row.fields.size() != table.header.size()) {
      return scanner.Wrong(row.line, absl::StrCat("expected ", table.header.size(),
                                                  " fields as in the header, got ", row.fields.size()));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string CsvField(absl::string_view text) {
  if (text.find_first_of(",\"\r\n") == absl::string_view::npos) return std::string(text);
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

}  // namespace waymark
