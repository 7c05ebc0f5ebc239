#include "node/ingest/sheet_cells.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "node/ingest/number_format.h"

namespace waymark::node {
namespace {

constexpr std::int64_t kMostRows = 1'048'576;
// Of one cell: Excel holds 32,767 characters.
constexpr std::size_t kMostCellBytes = std::size_t{1} << 20;

// "2020-09-16T00:00:00Z", as strict workbooks may write a date; a time of midnight is none.
std::string DateText(absl::string_view text) {
  if (text.size() > 10 && text[10] == 'T' && absl::StartsWith(text.substr(11), "00:00:00"))
    text = text.substr(0, 10);
  return std::string(text);
}

}  // namespace

std::optional<CellPlace> ParseCellPlace(absl::string_view text) {
  std::size_t letters = 0;
  std::size_t column = 0;
  while (letters < text.size() && letters < 4 &&
         absl::ascii_isupper(static_cast<unsigned char>(text[letters]))) {
    column = column * 26 + static_cast<std::size_t>(text[letters++] - 'A' + 1);
  }
  CellPlace place;
  if (column == 0 || column > kMostColumns || !absl::SimpleAtoi(text.substr(letters), &place.row) ||
      place.row < 1 || place.row > kMostRows) {
    return std::nullopt;
  }
  place.column = column - 1;
  return place;
}

SheetCells::SheetCells(const WorkbookParts& parts, const std::string& name, std::size_t most_record_bytes,
                       SheetRowTaker& taker, std::map<std::string, Tally>& notes)
    : parts_(parts), name_(name), most_record_bytes_(most_record_bytes), taker_(taker), notes_(notes) {}

void SheetCells::KeepColumns(std::size_t count) {
  columns_ = count;
  header_row_ = row_.number;
  noting_ = true;
}

absl::Status SheetCells::Damaged(absl::string_view what) const {
  return absl::InvalidArgumentError(absl::StrCat(
      name_, ":", row_.number, ": ", what, "; open the workbook in Excel or LibreOffice and save it again"));
}

void SheetCells::Note(absl::string_view what) {
  if (noting_) notes_[std::string(what)].Add(row_.number);
}

absl::Status SheetCells::Start(const XmlElement& element) {
  if (!IsSpreadsheet(element.name_space)) return absl::OkStatus();
  if (in_cell_) {
    StartInCell(element.name);
  } else if (in_row_) {
    if (element.name == "c") return StartCell(element);
  } else if (in_rows_) {
    if (element.name == "row") return StartRow(element);
  } else if (element.name == "sheetData") {
    in_rows_ = true;
  } else if (element.name == "mergeCell") {
    NoteMerged(element.Get("ref"));
  }
  return absl::OkStatus();
}

absl::Status SheetCells::StartRow(const XmlElement& element) {
  const std::int64_t last = row_.number;
  row_.number = last + 1;
  const absl::string_view number = element.Get("r");
  if (!number.empty() && (!absl::SimpleAtoi(number, &row_.number) || row_.number <= last)) {
    row_.number = last + 1;
    return Damaged("its rows are out of order");
  }
  if (row_.number > kMostRows) return Damaged("more rows than a sheet can have");
  in_row_ = true;
  next_column_ = 0;
  places_.clear();
  row_.own.clear();
  return absl::OkStatus();
}

absl::Status SheetCells::StartCell(const XmlElement& element) {
  static const auto* const types = new std::map<absl::string_view, Type>{
      {"", Type::kNumber},         {"n", Type::kNumber}, {"s", Type::kShared}, {"inlineStr", Type::kInline},
      {"str", Type::kFormulaText}, {"b", Type::kTruth},  {"e", Type::kError},  {"d", Type::kDate}};
  cell_.column = next_column_;
  if (const absl::string_view ref = element.Get("r"); !ref.empty()) {
    const std::optional<CellPlace> place = ParseCellPlace(ref);
    if (!place || place->column < next_column_) return Damaged("its cells are out of order");
    cell_.column = place->column;
  }
  if (cell_.column >= kMostColumns) return Damaged("more columns than a sheet can have");
  next_column_ = cell_.column + 1;
  const auto type = types->find(element.Get("t"));
  if (type == types->end()) return Damaged("a cell of a kind that is not known");
  cell_.type = type->second;
  std::size_t style = 0;
  const bool styled = absl::SimpleAtoi(element.Get("s"), &style) && style < parts_.date_styles.size();
  cell_.is_date = styled && parts_.date_styles[style];
  cell_.has_formula = cell_.has_value = false;
  cell_.text.clear();
  in_cell_ = true;
  in_aid_ = in_text_ = false;
  return absl::OkStatus();
}

void SheetCells::StartInCell(absl::string_view name) {
  if (name == "f") cell_.has_formula = true;
  if (name == "rPh") in_aid_ = true;
  in_text_ = name == "v" || (name == "t" && !in_aid_);
  cell_.has_value = cell_.has_value || in_text_;
}

absl::Status SheetCells::Text(absl::string_view text) {
  if (!in_text_) return absl::OkStatus();
  if (cell_.text.size() + text.size() > kMostCellBytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat(name_, ":", row_.number, ": a cell of more than 1 MiB; is it the right file?"));
  }
  cell_.text.append(text.data(), text.size());
  return absl::OkStatus();
}

absl::Status SheetCells::End(absl::string_view name) {
  if (in_cell_) {
    in_text_ = false;
    if (name == "rPh") in_aid_ = false;
    if (name != "c") return absl::OkStatus();
    in_cell_ = false;
    return EndCell();
  }
  if (in_row_ && name == "row") {
    in_row_ = false;
    return EndRow();
  }
  if (name == "sheetData") in_rows_ = false;
  return absl::OkStatus();
}

absl::Status SheetCells::EndCell() {
  if (cell_.text.empty()) {
    if (cell_.has_formula && !cell_.has_value) {
      Note("a formula without the value it gives: taken as blank (open the workbook in Excel and save it)");
    }
    return absl::OkStatus();
  }
  switch (cell_.type) {
    case Type::kShared:
      return KeepShared(cell_.text);
    case Type::kInline:
    case Type::kFormulaText:
      return KeepOwn(DecodeText(cell_.text));
    case Type::kTruth:
      return KeepOwn(cell_.text == "1" || cell_.text == "true" ? "TRUE" : "FALSE");
    case Type::kError:
      Note("an error in a cell (as #N/A or #REF!): taken as blank");
      return absl::OkStatus();
    case Type::kDate:
      return KeepOwn(DateText(cell_.text));
    case Type::kNumber:
      break;
  }
  double serial = 0;
  if (cell_.is_date && absl::SimpleAtod(cell_.text, &serial)) {
    if (const auto date = SerialDate(serial, parts_.from_1904)) return KeepOwn(*date);
  }
  return KeepOwn(NumberText(cell_.text));
}

SheetCells::Place* SheetCells::Room() {
  if (cell_.column >= columns_) {
    Note("a value to the right of the last column name: not used");
    return nullptr;
  }
  places_.resize(cell_.column + 1);
  return &places_.back();
}

absl::Status SheetCells::KeepShared(absl::string_view index) {
  std::size_t number = 0;
  if (!absl::SimpleAtoi(index, &number) || number >= parts_.texts.size()) {
    return Damaged("a cell whose text is not in the workbook");
  }
  if (parts_.texts.Get(number).empty()) return absl::OkStatus();
  if (Place* const place = Room()) *place = {.shared = true, .at = number};
  return absl::OkStatus();
}

absl::Status SheetCells::KeepOwn(absl::string_view value) {
  Place* const place = Room();
  if (place == nullptr || value.empty()) return absl::OkStatus();
  if (row_.own.size() + value.size() > most_record_bytes_) {
    return absl::ResourceExhaustedError(absl::StrCat(name_, ":", row_.number, ": a row of more than ",
                                                     most_record_bytes_, " bytes; is it the right file?"));
  }
  *place = {.shared = false, .at = row_.own.size(), .size = value.size()};
  row_.own.insert(row_.own.end(), value.begin(), value.end());
  return absl::OkStatus();
}

absl::Status SheetCells::EndRow() {
  row_.values.clear();
  if (places_.empty()) return absl::OkStatus();
  for (const Place& place : places_) {
    row_.values.push_back(place.shared ? parts_.texts.Get(place.at)
                                       : absl::string_view(row_.own.data() + place.at, place.size));
  }
  const std::int64_t number = row_.number;
  const absl::Status status = taker_.Take(row_);
  row_.number = number;
  return status;
}

// "A1:C1". What is merged above the records does not matter.
void SheetCells::NoteMerged(absl::string_view range) {
  const std::pair<absl::string_view, absl::string_view> ends = absl::StrSplit(range, absl::MaxSplits(':', 1));
  const std::optional<CellPlace> first = ParseCellPlace(ends.first);
  const std::optional<CellPlace> last = ParseCellPlace(ends.second);
  if (!noting_ || !first || !last || last->row <= header_row_ || first->column >= columns_) return;
  notes_["merged cells: the first has the value, the others are blank"].Add(first->row);
}

}  // namespace waymark::node
