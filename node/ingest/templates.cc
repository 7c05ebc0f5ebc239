#include "node/ingest/templates.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/status.h"
#include "node/ingest/table_reader.h"
#include "node/ingest/template_tables.h"

namespace waymark::node {
namespace {

constexpr std::int64_t kThousand = 1000;
constexpr std::int64_t kLargest = 1'000'000'000;  // of a score, a number of staff or a cost, in whole units
constexpr std::int64_t kMostDays = 3660;

// A decimal number in units of 1 / `per` (10, 100, 1000); nothing where it is none, has more decimals, or is
// out of range. "1,234.5" is none: a comma may stand for either.
std::optional<std::int64_t> Scaled(absl::string_view text, std::int64_t per) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const absl::string_view whole = text.substr(0, point);
  const absl::string_view rest = point < text.size() ? text.substr(point + 1) : absl::string_view();
  const auto digits = [](absl::string_view part) {
    return std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  std::int64_t value = 0;
  if (!digits(whole) || !digits(rest) || whole.size() + rest.size() == 0) return std::nullopt;
  if (!whole.empty() && (!absl::SimpleAtoi(whole, &value) || value > kLargest)) return std::nullopt;
  value *= per;
  for (const char c : rest) {
    per /= 10;
    if (per == 0 && c != '0') return std::nullopt;
    value += per * (c - '0');
  }
  return negative ? -value : value;
}

std::optional<bool> YesNo(absl::string_view text) {
  for (const char* const yes : {"yes", "y", "true", "1"}) {
    if (absl::EqualsIgnoreCase(text, yes)) return true;
  }
  for (const char* const no : {"no", "n", "false", "0"}) {
    if (absl::EqualsIgnoreCase(text, no)) return false;
  }
  return std::nullopt;
}

std::optional<std::int64_t> OneOf(absl::string_view text, std::initializer_list<absl::string_view> words) {
  std::int64_t number = 0;
  for (const absl::string_view word : words) {
    if (absl::EqualsIgnoreCase(text, word)) return number;
    ++number;
  }
  return std::nullopt;
}

// One field of a row as its type reads it.
struct Value {
  std::string text;         // of kId and kText; "": blank
  Day day = kNoDay;         // of kDate; kNoDay: blank
  std::int64_t number = 0;  // of the others: thousandths, pence, days, 0 or 1, the place in the list of words
  bool filled = false;
};

class Row {
 public:
  Row(const TemplateTable& table, const std::vector<Value>& values) : table_(table), values_(values) {}

  const Value& operator[](absl::string_view name) const {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (table_.columns[i].name == name) return values_[i];
    }
    static const auto* const none = new Value();
    return *none;
  }

 private:
  const TemplateTable& table_;
  const std::vector<Value>& values_;
};

// Reads the current row of a table by its columns' types.
class RowReader {
 public:
  RowReader(const SourceConfig& config, const TemplateTable& table, TableReader& reader)
      : config_(config), table_(table), reader_(reader) {
    for (const TemplateColumn& column : table.columns) {
      const std::vector<std::string> names = {std::string(column.name)};
      columns_.push_back(column.required ? reader.Required(names) : reader.Optional(names));
    }
  }

  // Why the row cannot be used; "" where `values` are all read.
  std::string Read(std::vector<Value>& values) const {
    values.assign(columns_.size(), {});
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const TemplateColumn& column = table_.columns[i];
      const absl::string_view text = reader_.Get(columns_[i]);
      if (text.empty()) {
        if (column.required) return absl::StrCat(column.name, ": blank");
        continue;
      }
      values[i].filled = true;
      if (!Take(column, text, values[i])) {
        return absl::StrCat(column.name, ": expected ", TypeInWords(column.type));
      }
    }
    return "";
  }

 private:
  bool Take(const TemplateColumn& column, absl::string_view text, Value& value) const {
    switch (column.type) {
      case TemplateType::kId:
        value.text = std::string(text);
        return true;
      case TemplateType::kText:
        value.text = Renamed(column.name, text);
        return true;
      case TemplateType::kDate:
        return TakeDay(text, value.day);
      case TemplateType::kDecimal:
        return TakeNumber(Scaled(text, kThousand), value);
      case TemplateType::kMoney:
        return TakeNumber(Scaled(text, 100), value) && value.number >= 0;
      case TemplateType::kDays:
        return TakeNumber(Scaled(text, 1), value) && value.number >= 1 && value.number <= kMostDays;
      case TemplateType::kOutcome:
        value.number = OutcomeNumber(text);
        return value.number != 0;
      case TemplateType::kYesNo: {
        const std::optional<bool> yes = YesNo(text);
        value.number = yes.value_or(false) ? 1 : 0;
        return yes.has_value();
      }
      case TemplateType::kDirection:
        return TakeNumber(OneOf(text, {"low", "high"}), value);
      case TemplateType::kResponse:
        return TakeNumber(OneOf(text, {"", "positive", "neutral", "negative"}), value);
    }
    return false;
  }

  static bool TakeNumber(const std::optional<std::int64_t>& number, Value& value) {
    value.number = number.value_or(0);
    return number.has_value();
  }

  bool TakeDay(absl::string_view text, Day& day) const {
    for (const DateFormat& format : config_.dates) {
      if (const auto read = format.Parse(text)) {
        day = *read;
        return true;
      }
    }
    return false;
  }

  std::string Renamed(absl::string_view column, absl::string_view text) const {
    const auto renames = config_.renames.find(std::string(column));
    if (renames == config_.renames.end()) return std::string(text);
    const auto renamed = renames->second.find(std::string(text));
    return renamed == renames->second.end() ? std::string(text) : renamed->second;
  }

  const SourceConfig& config_;
  const TemplateTable& table_;
  TableReader& reader_;
  std::vector<Column> columns_;
};

constexpr absl::string_view kAfterExtract = "date after the extract date";
constexpr absl::string_view kEndsBefore = "ends before it starts";

// Each gives a reason where the row says something that cannot be; "" where `out` is made.
absl::string_view Make(const Row& row, Day extract, Score& out) {
  if (row["end"].filled != row["end_score"].filled)
    return "a second score without its day, or a day without its score";
  if (row["start"].day > extract) return kAfterExtract;
  out = {.person = row["person"].text,
         .tool = row["tool"].text,
         .high_is_better = row["better"].number == 1,
         .start = row["start"].day,
         .start_thousandths = row["start_score"].number,
         .end = row["end"].day,
         .end_thousandths = row["end_score"].number,
         .service = row["service"].text};
  if (out.end < out.start) return kEndsBefore;
  return out.end != kNoDay && out.end > extract ? kAfterExtract : "";
}

absl::string_view Make(const Row& row, Day extract, Need& out) {
  if (row["start"].day > extract) return kAfterExtract;
  out = {.person = row["person"].text,
         .outcome = static_cast<int>(row["outcome"].number),
         .start = row["start"].day,
         .present = row["present"].number == 1,
         .end = row["end"].day,
         .met = std::nullopt,
         .service = row["service"].text};
  if (row["met"].filled) out.met = row["met"].number == 1;
  if (out.met.has_value() && out.end == kNoDay) return "met or not without the day on which help ended";
  if (out.end < out.start) return kEndsBefore;
  return out.end != kNoDay && out.end > extract ? kAfterExtract : "";
}

absl::string_view Make(const Row& row, Day extract, View& out) {
  if (row["date"].day > extract) return kAfterExtract;
  out = {.survey = row["survey"].text,
         .person = row["person"].text,
         .family = row["family"].text,
         .day = row["date"].day,
         .asked = !row["asked"].filled || row["asked"].number == 1,
         .answered = row["answered"].number == 1,
         .response = static_cast<Response>(row["response"].number),
         .service = row["service"].text};
  if (out.answered && !out.asked) return "answered, but not asked";
  return !out.answered && out.response != Response::kNone ? "a response without an answer" : "";
}

absl::string_view Make(const Row& row, Day, Staffing& out) {
  out = {.from = row["from"].day,
         .to = row["to"].day,
         .team = row["team"].text,
         .worker = row["worker"].text,
         .fte_thousandths = row["fte"].number};
  if (out.fte_thousandths < 0) return "fte: negative";
  return out.to < out.from ? kEndsBefore : "";
}

absl::string_view Make(const Row& row, Day, Cost& out) {
  out = {.service = row["service"].text,
         .from = row["from"].day,
         .to = row["to"].day,
         .pence = row["cost"].number};
  return out.to < out.from ? kEndsBefore : "";
}

absl::string_view Make(const Row& row, Day, Standard& out) {
  out = {.metric = row["metric"].text, .days = static_cast<std::int32_t>(row["days"].number)};
  return "";
}

template <typename Record>
absl::Status ReadTable(const SourceConfig& config, const TemplateTable& table, TableReader reader,
                       TemplateRows<Record>& out, FileReport& report) {
  const RowReader rows(config, table, reader);
  RETURN_IF_ERROR(reader.FinishColumns());
  std::set<Record> seen(out.rows.begin(), out.rows.end());
  std::vector<Value> values;
  while (true) {
    ASSIGN_OR_RETURN(const bool any, reader.Next(report));
    if (!any) break;
    std::string reason = rows.Read(values);
    Record record;
    if (reason.empty()) reason = std::string(Make(Row(table, values), config.extract_date, record));
    if (reason.empty() && NamesItsSubject(record) && !seen.insert(record).second)
      reason = std::string(kSameRow);
    if (reason.empty()) {
      ++report.rows_used;
      out.rows.push_back(std::move(record));
    } else {
      report.LeaveOut(reason, reader.line());
    }
  }
  std::sort(out.rows.begin(), out.rows.end());
  out.covered_from = out.carried() ? std::max(out.covered_from, config.covered_from) : config.covered_from;
  out.extract = std::min(out.extract, config.extract_date);
  return absl::OkStatus();
}

absl::Status ReadTable(const SourceConfig& config, const TemplateTable& table, TableReader reader,
                       Templates& out, FileReport& report) {
  if (table.name == "scores") return ReadTable(config, table, std::move(reader), out.scores, report);
  if (table.name == "needs") return ReadTable(config, table, std::move(reader), out.needs, report);
  if (table.name == "views") return ReadTable(config, table, std::move(reader), out.views, report);
  if (table.name == "staffing") return ReadTable(config, table, std::move(reader), out.staffing, report);
  if (table.name == "costs") return ReadTable(config, table, std::move(reader), out.costs, report);
  return ReadTable(config, table, std::move(reader), out.standards, report);
}

std::string FileNames() {
  return absl::StrJoin(TemplateTables(), ", ", [](std::string* out, const TemplateTable& table) {
    absl::StrAppend(out, table.name, ".csv");
  });
}

// A tool of which some rows say that high is better, and some that low is.
void ReportTools(const Templates& templates, QualityReport& report) {
  std::set<std::pair<std::string, bool>> directions;
  for (const Score& score : templates.scores.rows) directions.emplace(score.tool, score.high_is_better);
  std::int64_t torn = 0;
  for (const auto& [tool, high] : directions) torn += high && directions.contains({tool, false}) ? 1 : 0;
  if (torn == 0) return;
  report.issues.push_back({Severity::kWarning, "scores.csv", 0,
                           absl::StrCat(torn,
                                        " tool(s) have rows with better = high and others with low; "
                                        "each row counts as it says: mend the column, or name two tools")});
}

template <typename Rows, typename Known>
void ReportStrangersOf(const char* file, const Rows& rows, const Known& known, QualityReport& report) {
  std::set<absl::string_view> strangers;
  for (const auto& row : rows) {
    if (!row.person.empty() && !known.contains(row.person)) strangers.insert(row.person);
  }
  if (strangers.empty()) return;
  report.issues.push_back(
      {Severity::kWarning, file, 0,
       absl::StrCat(
           strangers.size(),
           " children are in no other source; their rows count, without age, sex, ethnicity and family")});
}

}  // namespace

void ConfigureTemplates(ConfigTable& source, SourceConfig& config) {
  if (config.accumulate) {
    source.Fail("accumulate", "templates are kept whole by the council itself; leave this out");
  }
  ConfigTable mapping = source.Table("mapping");
  ReadDateFormats(mapping, IsoDateFormats(), config);
  ReadCodes(mapping, config);
}

Carries TemplatesCarry(const SourceConfig&) {
  return {};
}

absl::Status ReadTemplates(const SourceConfig& config, RecordBuilder& builder, QualityReport& report) {
  ErrorList errors;
  bool any = false;
  for (const TemplateTable& table : TemplateTables()) {
    const std::string path = PathUnder(config.path, absl::StrCat(table.name, ".csv"));
    if (!FileExists(path)) continue;
    any = true;
    FileReport& file = report.files.emplace_back();
    file.file = path;
    absl::StatusOr<TableReader> reader = TableReader::Open(path, config.csv);
    errors.Add(reader.ok() ? ReadTable(config, table, *std::move(reader), builder.templates(), file)
                           : reader.status());
  }
  if (!any) {
    return absl::NotFoundError(absl::StrCat(config.path, ": none of ", FileNames(),
                                            " is there; `waymark-node templates` writes blank ones"));
  }
  ReportTools(builder.templates(), report);
  return errors.Joined();
}

void ReportStrangers(const Records& records, QualityReport& report) {
  const Templates& templates = records.templates;
  if (templates.needs.rows.empty() && templates.scores.rows.empty() && templates.views.rows.empty()) return;
  absl::flat_hash_set<absl::string_view> known;
  for (std::uint32_t i = 0; i < records.person_ids.size(); ++i) known.insert(records.person_ids.Text(i));
  ReportStrangersOf("needs.csv", templates.needs.rows, known, report);
  ReportStrangersOf("scores.csv", templates.scores.rows, known, report);
  ReportStrangersOf("views.csv", templates.views.rows, known, report);
}

}  // namespace waymark::node
