#include "node/quality/data_report.h"

#include <nlohmann/json.hpp>

#include "node/measure/measurer.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/measure/measuring.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

DataReport Example() {
  DataReport report;
  report.council_code = "E06000001";
  report.council_name = "<Hartle & pool>";
  FileReport file{.file = "a\"b.csv", .rows_read = 5, .rows_used = 3};
  file.LeaveOut("the start is impossible: <b>", 2);
  file.LeaveOut("the same as another row", 3);
  file.UnknownCode("source", "<script>alert(1)</script>");
  report.ingest.files.push_back(std::move(file));
  report.ingest.issues.push_back({Severity::kWarning, "a.csv", 7, "something < odd"});
  report.ingest.fields = {{.field = "early_help.need", .records = 4, .complete = 1}};
  report.findings = {{.id = "overlap.cin",
                      .group = "overlaps",
                      .what = "overlaps",
                      .count = 2,
                      .of = 9,
                      .effect = "merged"}};
  report.further_fields = {{.field = "early_help.area", .records = 4, .complete = 4}};
  report.metrics = {{.metric = "16",
                     .title = "Successful closure",
                     .period = "2024-25",
                     .completeness = Completeness::kNotAvailable,
                     .reason = "no source carries the field \"end_reason\""},
                    {.metric = "1", .title = "Returns", .window_days = 183, .period = "2024-25"}};
  report.has_published = true;
  Reconciled row;
  row.metric = "3";
  row.title = "re-referrals";
  row.year = "2024-25";
  row.ours = 21.25;
  row.published = 20;
  row.difference = 1.25;
  report.reconciled = {row};
  report.rejected = {"x.csv:3: impossible"};
  return report;
}

TEST(DataReportTest, JsonHasEveryPart) {
  const Json json = Json::parse(ReportJson(Example()));
  EXPECT_EQ(json["files"][0]["rows_read"], 5);
  EXPECT_EQ(json["fields"][0]["complete"], 1);
  EXPECT_EQ(json["findings"][0]["count"], 2);
  EXPECT_EQ(json["further_fields"][0]["field"], "early_help.area");
  EXPECT_EQ(json["metrics"][0]["completeness"], "not available");
  EXPECT_TRUE(json["metrics"][0]["window_days"].is_null());
  EXPECT_EQ(json["metrics"][1]["window_days"], 183);
  EXPECT_EQ(json["reconciliation"][0]["difference"], 1.25);
  EXPECT_EQ(json["published"]["rejected"][0], "x.csv:3: impossible");
}

TEST(DataReportTest, PageAndTextSayTheSame_AndNothingBecomesMarkup) {
  const DataReport report = Example();
  const std::string html = PageHtml(PageOf(report));
  const std::string text = ReportText(report);
  for (const char* part : {"overlaps", "merged", "early_help.area", "Successful closure", "re-referrals",
                           "+1.2", "x.csv:3: impossible", "1 of 2 (metrics by window and period)"}) {
    EXPECT_THAT(html, HasSubstr(part));
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(html, HasSubstr("Data quality: &lt;Hartle &amp; pool&gt;"));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)"));
  EXPECT_THAT(html, HasSubstr("a&quot;b.csv"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
}

// The report's completeness figures are metric 43's.
TEST(DataReportTest, CompletenessIsMetric43) {
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-05-01", "2024-08-01", {.end_reason = "unknown"});
  records.records().quality = {{.field = "early_help.end_reason", .records = 1, .complete = 0},
                               {.field = "person.birth", .records = 3, .complete = 2}};
  DataReport report;
  report.ingest.fields = records.records().quality;
  const Json json = Json::parse(ReportJson(report));
  const Measured measured = MeasureOne(records.Build(), "43", {.breakdown = "field"});
  ASSERT_EQ(measured.table.rows.size(), json["fields"].size());
  for (const Json& field : json["fields"]) {
    const std::string name = field["field"];
    EXPECT_EQ(Cell(measured, "complete", name), field["complete"].get<std::int64_t>()) << name;
    EXPECT_EQ(Cell(measured, "records", name), field["records"].get<std::int64_t>()) << name;
  }
}

TEST(MetricStatesTest, SayWhatIsMissing) {
  ASSERT_OK_AND_ASSIGN(const catalogue::Library library, catalogue::Library::Load("catalogue"));
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-05-01", "2024-08-01", {.end_reason = "-"});
  ASSERT_OK_AND_ASSIGN(const Period year, ParsePeriod("2024-25"));
  bool found = false;
  for (const MetricState& state : MetricStates(records.Build(), library, {year})) {
    EXPECT_NE(state.metric, "34");
    if (state.metric != "16") continue;
    found = true;
    EXPECT_EQ(state.completeness, Completeness::kNotAvailable);
    EXPECT_THAT(state.reason, HasSubstr("end_reason"));
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace waymark::node
