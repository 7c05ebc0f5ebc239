#include "node/ingest/templates.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/status.h"
#include "node/ingest/table_reader.h"
#include "node/ingest/template_fields.h"
#include "node/ingest/template_tables.h"

namespace waymark::node {
namespace {

constexpr absl::string_view kAfterExtract = "date after the extract date";
constexpr absl::string_view kEndsBefore = "ends before it starts";

// Each gives a reason where the row says something that cannot be; "" where `out` is made.
absl::string_view Make(const TemplateRow& row, Day extract, Score& out) {
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

absl::string_view Make(const TemplateRow& row, Day extract, Need& out) {
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

absl::string_view Make(const TemplateRow& row, Day extract, View& out) {
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

absl::string_view Make(const TemplateRow& row, Day, Staffing& out) {
  out = {.from = row["from"].day,
         .to = row["to"].day,
         .team = row["team"].text,
         .worker = row["worker"].text,
         .fte_thousandths = row["fte"].number};
  if (out.fte_thousandths < 0) return "fte: negative";
  return out.to < out.from ? kEndsBefore : "";
}

absl::string_view Make(const TemplateRow& row, Day, Cost& out) {
  out = {.service = row["service"].text,
         .from = row["from"].day,
         .to = row["to"].day,
         .pence = row["cost"].number};
  return out.to < out.from ? kEndsBefore : "";
}

absl::string_view Make(const TemplateRow& row, Day, Standard& out) {
  out = {.metric = row["metric"].text, .days = static_cast<std::int32_t>(row["days"].number)};
  return "";
}

// One file being read.
struct TemplateFile {
  const SourceConfig& config;
  const TemplateTable& table;
  TableReader& reader;
  const TemplateFields& fields;
  FileReport& report;
};

template <typename Record>
absl::Status ReadRows(const TemplateFile& file, TemplateRows<Record>& out) {
  const auto& [config, table, reader, fields, report] = file;
  std::set<Record> seen(out.rows.begin(), out.rows.end());
  std::vector<TemplateValue> values;
  while (true) {
    ASSIGN_OR_RETURN(const bool any, reader.Next(report));
    if (!any) break;
    std::string reason = fields.Read(values);
    Record record;
    if (reason.empty()) reason = std::string(Make(TemplateRow(table, values), config.extract_date, record));
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

absl::Status ReadTable(const SourceConfig& config, const TemplateTable& table, const std::string& path,
                       RecordBuilder& builder, FileReport& report) {
  ASSIGN_OR_RETURN(TableReader reader, TableReader::Open(path, config.csv));
  const TemplateFields fields(config, table, reader, builder);
  RETURN_IF_ERROR(reader.FinishColumns());
  const TemplateFile file = {config, table, reader, fields, report};
  Templates& out = builder.templates();
  if (table.name == "scores") return ReadRows(file, out.scores);
  if (table.name == "needs") return ReadRows(file, out.needs);
  if (table.name == "views") return ReadRows(file, out.views);
  if (table.name == "staffing") return ReadRows(file, out.staffing);
  if (table.name == "costs") return ReadRows(file, out.costs);
  return ReadRows(file, out.standards);
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
    errors.Add(ReadTable(config, table, path, builder, file));
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
