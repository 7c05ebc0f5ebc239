#include "node/quality/ingest_sections.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/day.h"

namespace waymark::node {
namespace {

PageSection IssueSection(const QualityReport& report) {
  PageSection section{.id = "issues", .heading = "What to mend first"};
  PageTable table{.caption = "Files that are missing or could hardly be used, and contradictions",
                  .header = {"Severity", "Where", "What"}};
  for (const Issue& issue : report.issues) {
    table.rows.push_back({std::string(NameOf(issue.severity)),
                          absl::StrCat(issue.file, issue.line > 0 ? absl::StrCat(":", issue.line) : ""),
                          issue.message});
  }
  section.tables.push_back(std::move(table));
  return section;
}

PageSection TotalSection(const QualityReport& report) {
  PageSection section{.id = "totals", .heading = "What was read"};
  section.tables.push_back({.caption = "Records in all",
                            .header = {"Kind", ">Records"},
                            .rows = {{"children", absl::StrCat(report.persons)},
                                     {"families", absl::StrCat(report.families)},
                                     {"early-help episodes", absl::StrCat(report.episodes[0])},
                                     {"episodes of children in need", absl::StrCat(report.episodes[1])},
                                     {"child protection episodes", absl::StrCat(report.episodes[2])},
                                     {"episodes of looked-after children", absl::StrCat(report.episodes[3])},
                                     {"referrals", absl::StrCat(report.referrals)},
                                     {"contacts", absl::StrCat(report.contacts)},
                                     {"early-help assessments", absl::StrCat(report.steps[0])},
                                     {"social-care assessments", absl::StrCat(report.steps[1])},
                                     {"section 47 enquiries", absl::StrCat(report.steps[2])},
                                     {"child protection plans", absl::StrCat(report.steps[3])}}});
  PageTable coverage{.caption = "From which day the records are whole, and the day whose state they show",
                     .header = {"Kind", "Whole from", "As at"}};
  const auto add = [&coverage](const char* name, const Coverage& reach) {
    const bool carried = reach.from != kNoDay;
    coverage.rows.push_back({name, carried ? FormatDay(reach.from) : "not carried by any source",
                             carried ? FormatDay(reach.extract) : ""});
  };
  add("early help", report.early_help);
  add("early-help assessments", report.early_help_assessment);
  add("social care", report.social_care);
  add("contacts", report.contact);
  section.tables.push_back(std::move(coverage));
  return section;
}

void AddTallies(const FileReport& file, const std::map<std::string, Tally>& tallies, PageTable& table) {
  for (const auto& [what, tally] : tallies) {
    table.rows.push_back(
        {what, file.file, absl::StrCat(tally.count()),
         absl::StrCat(absl::StrJoin(tally.lines(), " "),
                      tally.count() > static_cast<std::int64_t>(tally.lines().size()) ? " …" : "")});
  }
}

PageSection RowSection(const QualityReport& report) {
  PageSection section{.id = "rows", .heading = "Rows"};
  PageTable files{.caption = "Rows of each file", .header = {"File", ">Read", ">Used", ">Left out"}};
  PageTable left_out{
      .caption = "Why rows were left out: impossible and future dates, duplicates and the like",
      .header = {"Reason", "File", ">Rows", "Lines, the first few"}};
  PageTable notes{.caption = "Values that were not used, or were read in a particular way",
                  .header = {"Remark", "File", ">Rows", "Lines, the first few"}};
  for (const FileReport& file : report.files) {
    files.rows.push_back({file.file, absl::StrCat(file.rows_read), absl::StrCat(file.rows_used),
                          absl::StrCat(file.rows_read - file.rows_used)});
    AddTallies(file, file.left_out, left_out);
    AddTallies(file, file.notes, notes);
  }
  section.tables = {std::move(files), std::move(left_out), std::move(notes)};
  return section;
}

PageSection CodeSection(const QualityReport& report) {
  PageSection section{.id = "codes", .heading = "Codes that no rule knows"};
  PageTable table{
      .caption = "Map them under [source.mapping.codes.FIELD], activities under [source.mapping.stages]",
      .header = {"Value", "Field", "File", ">Rows"}};
  for (const FileReport& file : report.files) {
    for (const ShownCode& code : CodesToShow(file)) {
      table.rows.push_back({code.value.value_or(absl::StrCat(
                                FileReport::kMostUnknownCodes,
                                " different values or more, not shown: is this a column of codes?")),
                            code.field, file.file, code.value.has_value() ? absl::StrCat(code.rows) : ""});
    }
  }
  section.tables.push_back(std::move(table));
  return section;
}

}  // namespace

PageTable FieldTable(std::string caption, const std::vector<FieldQuality>& fields) {
  PageTable table{
      .caption = std::move(caption), .header = {"Field", ">Complete", ">Records", ">%"}, .rows = {}};
  for (const FieldQuality& field : fields) {
    table.rows.push_back({field.field, absl::StrCat(field.complete), absl::StrCat(field.records),
                          field.records == 0
                              ? "[z]"
                              : absl::StrFormat("%.1f", 100.0 * static_cast<double>(field.complete) /
                                                            static_cast<double>(field.records))});
  }
  return table;
}

std::vector<PageSection> IngestSections(const QualityReport& report) {
  return {IssueSection(report),
          TotalSection(report),
          RowSection(report),
          CodeSection(report),
          {.id = "completeness",
           .heading = "Completeness of required fields",
           .tables = {FieldTable("Filled in and understood: metric 43", report.fields)}}};
}

}  // namespace waymark::node
