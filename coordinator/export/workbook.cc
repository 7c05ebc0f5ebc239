#include "coordinator/export/workbook.h"

#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <deque>
#include <filesystem>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/file.h"
#include "coordinator/export/cells.h"
#include "coordinator/export/figure_cells.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr lxw_row_t kHeaderRow = 2;  // under the title and what the sheet holds
constexpr std::size_t kMostSheetName = 31;
constexpr double kNarrow = 14;
constexpr double kWide = 30;

// What differs from row to row; the rest stands on the cover.
constexpr const char* kShown[] = {"time_period",
                                  "time_identifier",
                                  "geographic_level",
                                  "region_code",
                                  "region_name",
                                  "new_la_code",
                                  "la_name",
                                  "window_days",
                                  "counted",
                                  "category",
                                  "quantity",
                                  "quantity_label",
                                  "value",
                                  "unit",
                                  "lower",
                                  "upper",
                                  "numerator",
                                  "denominator",
                                  "status",
                                  "absence",
                                  "contributors",
                                  "suppressed_parts",
                                  "absent",
                                  "day",
                                  "standardised_value",
                                  "standardised_lower",
                                  "standardised_upper"};

std::vector<const FigureColumn*> ShownColumns() {
  std::vector<const FigureColumn*> columns;
  for (const char* name : kShown) {
    for (const FigureColumn& column : FigureColumns()) {
      if (std::strcmp(column.name, name) == 0) columns.push_back(&column);
    }
  }
  return columns;
}

// "geographic_level": "Geographic level".
std::string HeaderOf(const FigureColumn& column) {
  std::string header = absl::StrReplaceAll(column.name, {{"_", " "}});
  header[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(header[0])));
  return header;
}

bool IsText(const FigureColumn& column) {
  return std::strcmp(column.datatype, "string") == 0;
}

// Why a cell has nothing in it: nothing may be blank. A figure without a value says why in all its numbers.
std::string WhyEmpty(const FigureColumn& column, const v1::Figure& figure) {
  const bool is_of_value = std::strcmp(column.name, "value") == 0 || std::strcmp(column.name, "lower") == 0 ||
                           std::strcmp(column.name, "upper") == 0 ||
                           std::strcmp(column.name, "numerator") == 0 ||
                           std::strcmp(column.name, "denominator") == 0;
  if (!is_of_value) return "[z]";
  const std::string shorthand(contract::ShorthandOf(figure.status()));
  return shorthand.empty() ? "[x]" : shorthand;
}

std::string ByText(const std::string& breakdown) {
  return breakdown.empty()
             ? "all together"
             : absl::StrCat("by ", absl::StrReplaceAll(breakdown, {{"|", " and "}, {"_", " "}}));
}

}  // namespace

struct FigureWorkbook::State {
  State(std::string to, const catalogue::Library& known) : path(std::move(to)), library(known) {}
  ~State() {
    if (book != nullptr) workbook_close(book);  // without Finish: the file goes
    std::error_code ignored;
    if (!unfinished.empty()) std::filesystem::remove(unfinished, ignored);
  }

  struct Sheet {
    std::string breakdown;
    std::string name;
    std::string table_name;
    lxw_worksheet* sheet = nullptr;
    lxw_row_t next = kHeaderRow + 1;
  };

  // The cover and the notes come first, and are filled when it is known what follows.
  void Begin(const PublishedTable& part) {
    unfinished = path + ".part";
    lxw_workbook_options options = {};
    book = workbook_new_opt(unfinished.c_str(), &options);
    first = part.figures.front();
    round_id = part.round_id;
    published_unix_s = part.published_unix_s;
    bold = workbook_add_format(book);
    format_set_bold(bold);
    header = workbook_add_format(book);
    format_set_bold(header);
    format_set_text_wrap(header);
    wrapped = workbook_add_format(book);
    format_set_text_wrap(wrapped);
    decimals = workbook_add_format(book);
    format_set_num_format(decimals, "0.0");
    cover = workbook_add_worksheet(book, "Cover");
    notes = workbook_add_worksheet(book, "Notes");
    lxw_doc_properties properties = {};
    std::string title = TitleText();
    properties.title = title.data();
    properties.created = static_cast<time_t>(published_unix_s);
    workbook_set_properties(book, &properties);
  }

  std::string TitleText() const {
    const v1::Metric* const metric = library.Find(first.metric());
    return absl::StrCat("Metric ", first.metric(),
                        metric == nullptr ? "" : absl::StrCat(": ", metric->title()), ", ", first.period());
  }

  bool Begun(const std::string& breakdown) const {
    return std::any_of(sheets.begin(), sheets.end(),
                       [&](const Sheet& sheet) { return sheet.breakdown == breakdown; });
  }
  bool IsLeftOut(const std::string& breakdown) const {
    return std::find(left_out.begin(), left_out.end(), breakdown) != left_out.end();
  }

  Sheet& SheetOf(const std::string& breakdown) {
    for (Sheet& known : sheets) {
      if (known.breakdown == breakdown) return known;
    }
    Sheet& sheet = sheets.emplace_back();
    sheet.breakdown = breakdown;
    sheet.name = breakdown.empty()
                     ? "All together"
                     : absl::StrCat("By ", absl::StrReplaceAll(breakdown, {{"|", " and "}, {"_", " "}}));
    sheet.name = sheet.name.substr(0, kMostSheetName);
    sheet.table_name = breakdown.empty()
                           ? "Figures_all_together"
                           : absl::StrCat("Figures_by_", absl::StrReplaceAll(breakdown, {{"|", "_and_"}}));
    sheet.sheet = workbook_add_worksheet(book, sheet.name.c_str());
    return sheet;
  }

  void AddRow(const v1::Figure& figure, const PublishedTable& part, Sheet& sheet) {
    const FigureRow row = RowOfFigure(figure, part, library);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto at = static_cast<lxw_col_t>(i);
      const ExportCell cell = columns[i]->cell(row);
      if (const auto* const whole = std::get_if<std::int64_t>(&cell)) {
        worksheet_write_number(sheet.sheet, sheet.next, at, static_cast<double>(*whole), nullptr);
        continue;
      }
      if (const auto* const number = std::get_if<double>(&cell)) {
        worksheet_write_number(sheet.sheet, sheet.next, at, *number, decimals);
        continue;
      }
      const auto* const given = std::get_if<std::string>(&cell);
      std::string text = given == nullptr ? "" : *given;
      if (text.empty()) text = WhyEmpty(*columns[i], figure);
      worksheet_write_string(sheet.sheet, sheet.next, at, text.c_str(), nullptr);
    }
    ++sheet.next;
    ++rows;
  }

  // Title, what is on it, then the marked-up table with its header row.
  void FinishSheet(Sheet& sheet) {
    const std::string title = absl::StrCat(TitleText(), ", ", ByText(sheet.breakdown));
    worksheet_write_string(sheet.sheet, 0, 0, title.c_str(), bold);
    worksheet_write_string(
        sheet.sheet, 1, 0,
        "This worksheet contains one table. The worksheet Notes explains the shorthand in square "
        "brackets, and the columns.",
        nullptr);
    std::vector<std::string> headers;
    for (const FigureColumn* column : columns) headers.push_back(HeaderOf(*column));
    AddTable(sheet.sheet, kHeaderRow, sheet.next - 1, sheet.table_name, headers);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto at = static_cast<lxw_col_t>(i);
      worksheet_set_column(sheet.sheet, at, at, IsText(*columns[i]) ? kWide : kNarrow, nullptr);
    }
    worksheet_freeze_panes(sheet.sheet, kHeaderRow + 1, 0);
  }

  void AddTable(lxw_worksheet* sheet, lxw_row_t from, lxw_row_t to, const std::string& name,
                std::vector<std::string>& headers) {
    std::vector<lxw_table_column> described(headers.size());
    std::vector<lxw_table_column*> pointers;
    for (std::size_t i = 0; i < headers.size(); ++i) {
      described[i].header = headers[i].data();
      described[i].header_format = header;
      pointers.push_back(&described[i]);
    }
    pointers.push_back(nullptr);
    std::string own = name;
    lxw_table_options options = {};
    options.name = own.data();
    options.columns = pointers.data();
    worksheet_add_table(sheet, from, 0, to, static_cast<lxw_col_t>(headers.size() - 1), &options);
  }

  void FillCover() {
    std::vector<std::string> lines = {TitleText()};
    const v1::Metric* const metric = library.Find(first.metric());
    if (metric != nullptr && metric->version() == first.version()) lines.push_back(metric->definition());
    lines.push_back(absl::StrCat("Definition version: ", first.version()));
    lines.push_back(absl::StrCat("Unit: ", first.display_unit()));
    lines.push_back(absl::StrCat("Protection: ", contract::NameOf(first.mode())));
    lines.push_back(absl::StrCat("Round: ", round_id, ", published ", UtcText(published_unix_s),
                                 ". What a round published never changes, though a round may be withdrawn."));
    if (metric != nullptr) {
      for (const std::string& caveat : metric->caveats()) lines.push_back(absl::StrCat("Caution: ", caveat));
    }
    lines.push_back("Notes: the worksheet Notes explains shorthand and columns.");
    for (const Sheet& sheet : sheets)
      lines.push_back(absl::StrCat("Worksheet ", sheet.name, ": figures ", ByText(sheet.breakdown), "."));
    for (const std::string& breakdown : left_out) {
      lines.push_back(absl::StrCat("Left out, as too many rows for a workbook: figures ", ByText(breakdown),
                                   ". The CSV has them."));
    }
    for (std::size_t i = 0; i < lines.size(); ++i)
      worksheet_write_string(cover, static_cast<lxw_row_t>(i), 0, lines[i].c_str(), i == 0 ? bold : wrapped);
    worksheet_set_column(cover, 0, 0, 100, nullptr);
  }

  void FillNotes() {
    worksheet_write_string(notes, 0, 0, "Notes", bold);
    worksheet_write_string(
        notes, 1, 0,
        "This worksheet contains one table: what shorthand and columns of the other worksheets "
        "mean. Intervals are 95%, of chance together with noise, rounding and suppression.",
        nullptr);
    lxw_row_t row = kHeaderRow + 1;
    const auto add = [&](const std::string& what, const std::string& meaning) {
      worksheet_write_string(notes, row, 0, what.c_str(), nullptr);
      worksheet_write_string(notes, row, 1, meaning.c_str(), wrapped);
      ++row;
    };
    for (int status = v1::FIGURE_STATUS_SHOWN; status <= v1::FigureStatus_MAX; ++status) {
      const auto each = static_cast<v1::FigureStatus>(status);
      const std::string shorthand(contract::ShorthandOf(each));
      if (!shorthand.empty()) add(shorthand, std::string(MeaningOf(each).substr(shorthand.size() + 1)));
    }
    for (const FigureColumn* column : columns) add(HeaderOf(*column), column->description);
    std::vector<std::string> headers = {"Shorthand or column", "Meaning"};
    AddTable(notes, kHeaderRow, row - 1, "Notes_shorthand_and_columns", headers);
    worksheet_set_column(notes, 0, 0, kWide, nullptr);
    worksheet_set_column(notes, 1, 1, 100, nullptr);
  }

  const std::string path;
  const catalogue::Library& library;
  const std::vector<const FigureColumn*> columns = ShownColumns();
  std::string unfinished;
  lxw_workbook* book = nullptr;
  lxw_format* bold = nullptr;
  lxw_format* header = nullptr;
  lxw_format* wrapped = nullptr;
  lxw_format* decimals = nullptr;
  lxw_worksheet* cover = nullptr;
  lxw_worksheet* notes = nullptr;
  v1::Figure first;
  std::string round_id;
  std::int64_t published_unix_s = 0;
  std::deque<Sheet> sheets;
  std::vector<std::string> left_out;
  std::size_t rows = 0;
};

FigureWorkbook::FigureWorkbook(std::string path, const catalogue::Library& library)
    : state_(std::make_unique<State>(std::move(path), library)) {}
FigureWorkbook::~FigureWorkbook() = default;

void FigureWorkbook::Add(const PublishedTable& part) {
  State& state = *state_;
  for (const v1::Figure& figure : part.figures) {
    if (state.book == nullptr) state.Begin(part);
    const std::string breakdown = absl::StrJoin(figure.dimensions(), "|");
    if (state.IsLeftOut(breakdown)) continue;
    // Half a breakdown would be taken for the whole.
    if (state.rows >= kMostWorkbookRows && !state.Begun(breakdown)) {
      state.left_out.push_back(breakdown);
      continue;
    }
    state.AddRow(figure, part, state.SheetOf(breakdown));
  }
}

const std::vector<std::string>& FigureWorkbook::left_out() const {
  return state_->left_out;
}

std::size_t FigureWorkbook::rows() const {
  return state_->rows;
}

absl::Status FigureWorkbook::Finish() {
  State& state = *state_;
  if (state.book == nullptr) return absl::FailedPreconditionError("a workbook of no figures");
  state.FillCover();
  state.FillNotes();
  for (State::Sheet& sheet : state.sheets) state.FinishSheet(sheet);
  const lxw_error error = workbook_close(std::exchange(state.book, nullptr));
  std::error_code renamed;
  if (error == LXW_NO_ERROR) std::filesystem::rename(state.unfinished, state.path, renamed);
  if (error != LXW_NO_ERROR || renamed) {
    return absl::UnavailableError(absl::StrCat(
        state.path, ": cannot be written (", error == LXW_NO_ERROR ? renamed.message() : lxw_strerror(error),
        "); is the disk full, the folder yours?"));
  }
  state.unfinished.clear();
  return absl::OkStatus();
}

absl::StatusOr<std::string> FigureWorkbookBytes(const PublishedTable& table,
                                                const catalogue::Library& library) {
  std::error_code error;
  std::string folder = std::filesystem::temp_directory_path(error).string() + "/waymark-workbook-XXXXXX";
  if (error || mkdtemp(folder.data()) == nullptr)
    return absl::UnavailableError("no temporary folder for a workbook; is the disk full?");
  const std::string path = folder + "/figures.xlsx";
  FigureWorkbook workbook(path, library);
  workbook.Add(table);
  absl::Status status = workbook.Finish();
  if (status.ok() && !workbook.left_out().empty()) {
    status =
        absl::InvalidArgumentError(absl::StrCat("breakdown: more than ", kMostWorkbookRows,
                                                " rows are too many for a workbook; name a breakdown, or "
                                                "geographies, or read the CSV"));
  }
  absl::StatusOr<std::string> bytes = status.ok() ? ReadFile(path, kMostBytes) : status;
  std::filesystem::remove_all(folder, error);
  return bytes;
}

}  // namespace waymark::coordinator
