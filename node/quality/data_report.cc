#include "node/quality/data_report.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "node/quality/ingest_sections.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

std::string Number(const std::optional<double>& number, v1::FigureStatus status) {
  if (number.has_value()) return absl::StrFormat("%.1f", *number);
  return std::string(contract::ShorthandOf(status));
}

PageSection FindingSection(const DataReport& report) {
  PageSection section{.id = "records", .heading = "Records that contradict one another"};
  PageTable table{.caption = "Checks over all records that were read",
                  .header = {"Check", "Kind", ">Found", ">Of", "What is made of them"}};
  for (const Finding& finding : report.findings) {
    table.rows.push_back({finding.what, finding.group, absl::StrCat(finding.count), absl::StrCat(finding.of),
                          finding.count == 0 ? "" : finding.effect});
  }
  section.tables.push_back(std::move(table));
  return section;
}

PageSection FurtherFieldSection(const DataReport& report) {
  return {.id = "further-fields",
          .heading = "Completeness of further fields",
          .tables = {FieldTable("Fields that no metric requires", report.further_fields)}};
}

PageSection MetricSection(const DataReport& report) {
  PageSection section{.id = "metrics", .heading = "What the metrics can be computed for"};
  PageTable table{.caption = "Metrics that are not whole, or lack a part, and why",
                  .header = {"Metric", "Title", "Period", ">Window, days", "State", "Why"}};
  std::size_t whole = 0;
  for (const MetricState& state : report.metrics) {
    if (state.completeness == Completeness::kComplete && state.without.empty()) {
      ++whole;
      continue;
    }
    std::vector<std::string> why;
    if (!state.reason.empty()) why.push_back(state.reason);
    if (!state.without.empty())
      why.push_back(absl::StrCat("cannot tell: ", absl::StrJoin(state.without, "; ")));
    table.rows.push_back({state.metric, state.title, state.period,
                          state.window_days == 0 ? "" : absl::StrCat(state.window_days),
                          std::string(NameOf(state.completeness)), absl::StrJoin(why, "; ")});
  }
  if (!report.metrics.empty()) {
    section.paragraphs.push_back(absl::StrCat(whole, " of ", report.metrics.size(),
                                              " (metrics by window and period) can be computed whole."));
  }
  if (!report.metrics_note.empty()) section.paragraphs.push_back(report.metrics_note);
  section.tables.push_back(std::move(table));
  return section;
}

PageSection ReconciliationSection(const DataReport& report) {
  PageSection section{.id = "published-figures", .heading = "Our figures and those published for us"};
  PageTable table{
      .caption = "The same year by our own records and as published",
      .header = {"Metric", "Figure", "Year", ">Ours", ">Published", ">Difference", "Remarks", "Source"}};
  for (const Reconciled& row : report.reconciled) {
    table.rows.push_back(
        {row.metric, absl::StrCat(row.title, ", ", row.unit), row.year,
         Number(row.ours, v1::FIGURE_STATUS_NOT_AVAILABLE), Number(row.published, row.published_status),
         row.difference.has_value() ? absl::StrFormat("%+.1f", *row.difference) : "",
         absl::StrJoin(row.remarks, "; "), row.file.empty() ? "" : absl::StrCat(row.file, ":", row.line)});
  }
  section.tables.push_back(std::move(table));
  return section;
}

PageSection PublishedSection(const DataReport& report) {
  PageSection section{.id = "published-files", .heading = "Published files"};
  PageTable files{
      .caption = "What was read of each",
      .header = {"File", "Read as", ">Rows", ">Cells", ">Values", "Without a value, or left out"}};
  for (const published::FileRead& file : report.published_files) {
    files.rows.push_back({file.path,
                          file.layout.empty() ? "no layout that is known: left alone" : file.layout,
                          absl::StrCat(file.rows), absl::StrCat(file.cells), absl::StrCat(file.values),
                          absl::StrJoin(published::NotTaken(file), "; ")});
  }
  section.tables.push_back(std::move(files));
  PageTable rejected{.caption = "Published values that are not believed", .header = {"Value and reason"}};
  for (const std::string& text : report.rejected) rejected.rows.push_back({text});
  section.tables.push_back(std::move(rejected));
  return section;
}

std::vector<PageSection> OwnSections(const DataReport& report) {
  std::vector<PageSection> sections = {FindingSection(report), FurtherFieldSection(report),
                                       MetricSection(report)};
  if (!report.has_published) return sections;
  sections.push_back(ReconciliationSection(report));
  sections.push_back(PublishedSection(report));
  return sections;
}

Json ToJson(const published::FileRead& file) {
  Json without = Json::object();
  for (const auto& [meaning, cells] : file.without_value) without[meaning] = cells;
  Json left_out = Json::array();
  for (const auto& [reason, cells] : file.left_out)
    left_out.push_back({{"reason", reason}, {"cells", cells.count}, {"lines", cells.lines}});
  Json rows = Json::array();
  for (const auto& [reason, count] : file.rows_left_out)
    rows.push_back({{"reason", reason}, {"rows", count}});
  return {{"file", file.path},    {"layout", file.layout}, {"rows", file.rows},
          {"cells", file.cells},  {"values", file.values}, {"without_value", without},
          {"left_out", left_out}, {"rows_left_out", rows}};
}

Json ToJson(const Reconciled& row) {
  const auto number = [](const std::optional<double>& value) {
    return value.has_value() ? Json(*value) : Json(nullptr);
  };
  return {{"metric", row.metric},
          {"measure", row.measure},
          {"title", row.title},
          {"unit", row.unit},
          {"year", row.year},
          {"ours", number(row.ours)},
          {"published", number(row.published)},
          {"published_status", std::string(contract::NameOf(row.published_status))},
          {"difference", number(row.difference)},
          {"remarks", row.remarks},
          {"file", row.file},
          {"line", row.line}};
}

}  // namespace

Page PageOf(const DataReport& report) {
  Page page{
      .title = absl::StrCat("Data quality: ", report.council_name),
      .paragraphs = {absl::StrCat("Council ", report.council_code,
                                  ". Exact counts of the council's own records: for the council alone.")},
      .sections = IngestSections(report.ingest)};
  for (PageSection& section : OwnSections(report)) page.sections.push_back(std::move(section));
  return page;
}

std::string ReportText(const DataReport& report) {
  const Page own{.title = "", .paragraphs = {}, .sections = OwnSections(report)};
  return absl::StrCat(report.ingest.Text(), PageText(own));
}

std::string ReportJson(const DataReport& report) {
  Json json = Json::parse(report.ingest.Json(), nullptr, false);
  json["findings"] = Json::array();
  for (const Finding& finding : report.findings) {
    json["findings"].push_back({{"id", finding.id},
                                {"group", finding.group},
                                {"what", finding.what},
                                {"count", finding.count},
                                {"of", finding.of},
                                {"effect", finding.effect}});
  }
  json["further_fields"] = Json::array();
  for (const FieldQuality& field : report.further_fields)
    json["further_fields"].push_back(
        {{"field", field.field}, {"records", field.records}, {"complete", field.complete}});
  json["metrics"] = Json::array();
  for (const MetricState& state : report.metrics) {
    json["metrics"].push_back(
        {{"metric", state.metric},
         {"title", state.title},
         {"window_days", state.window_days == 0 ? Json(nullptr) : Json(state.window_days)},
         {"period", state.period},
         {"completeness", std::string(NameOf(state.completeness))},
         {"reason", state.reason},
         {"without", state.without}});
  }
  if (report.has_published) {
    json["published"]["files"] = Json::array();
    for (const published::FileRead& file : report.published_files)
      json["published"]["files"].push_back(ToJson(file));
    json["published"]["rejected"] = report.rejected;
    json["reconciliation"] = Json::array();
    for (const Reconciled& row : report.reconciled) json["reconciliation"].push_back(ToJson(row));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace waymark::node
