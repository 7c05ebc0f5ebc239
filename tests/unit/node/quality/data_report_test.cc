#include "node/quality/data_report.h"

#include <map>
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

// The first state of each metric, of a council without published files.
std::map<std::string, MetricState> StatesOf(const Journeys& journeys, const catalogue::Library& library,
                                            const std::map<std::string, SurveyAnswers>& answers) {
  const published::Mapping mapping;
  const published::Collection collection;
  const MetricSources sources = {
      .journeys = journeys,
      .answers = answers,
      .published = {.library = library, .mapping = mapping, .collection = collection},
      .area = "E06000001"};
  std::map<std::string, MetricState> first;
  const auto states = MetricStates(sources, {ParsePeriod("2024-25").value()});
  EXPECT_OK(states.status());
  if (!states.ok()) return first;
  for (const MetricState& state : *states) first.emplace(state.metric, state);
  return first;
}

TEST(MetricStatesTest, SayOfEveryMetricWhatIsMissing) {
  ASSERT_OK_AND_ASSIGN(const catalogue::Library library, catalogue::Library::Load("catalogue"));
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-05-01", "2024-08-01", {.end_reason = "-"});
  const auto states = StatesOf(records.Build(), library, {});
  EXPECT_EQ(states.size(), static_cast<std::size_t>(library.metrics().size()));
  const auto expect_missing = [&](const char* metric, const char* why) {
    EXPECT_EQ(states.at(metric).completeness, Completeness::kNotAvailable) << metric;
    EXPECT_THAT(states.at(metric).reason, HasSubstr(why)) << metric;
  };
  expect_missing("16", "end_reason");
  expect_missing("27", "scores.csv");
  expect_missing("28", "needs.csv");
  expect_missing("30", "staffing.csv");
  expect_missing("34", "no published file is configured");
  expect_missing("41", "no answers");
  EXPECT_EQ(states.at("10").completeness, Completeness::kComplete);
  EXPECT_THAT(states.at("33-early-help-starts").without.at(0), HasSubstr("a rate: no published file"));
}

TEST(MetricStatesTest, AreThoseOfTheAnswersPeriod_WhenASurveyIsAnswered) {
  ASSERT_OK_AND_ASSIGN(const catalogue::Library library, catalogue::Library::Load("catalogue"));
  const v1::Questionnaire& guide = *library.FindQuestionnaire("system_guide");
  std::size_t questions = 0;
  for (const v1::Section& section : guide.sections())
    questions += static_cast<std::size_t>(section.questions_size());
  const std::map<std::string, SurveyAnswers> answers = {
      {"system_guide",
       {.questionnaire = &guide,
        .period = ParsePeriod("2025-26").value(),
        .now = std::vector<std::int8_t>(questions, 0),
        .in_a_year = std::vector<std::int8_t>(questions, 0)}}};
  const auto states = StatesOf(RecordsBuilder().EarlyHelp("a", "2024-05-01", "").Build(), library, answers);
  EXPECT_EQ(states.at("41").period, "2025-26");
  EXPECT_EQ(states.at("41").completeness, Completeness::kComplete);
  EXPECT_EQ(states.at("42").completeness, Completeness::kNotAvailable);
}

TEST(StandardsTest, AreUnused_WhenTheirMetricSetsNone) {
  ASSERT_OK_AND_ASSIGN(const catalogue::Library library, catalogue::Library::Load("catalogue"));
  Templates templates;
  templates.standards.rows = {{"1", 20}, {"12", 30}, {"15", 10}, {"twelve", 30}};
  EXPECT_EQ(UnusedStandards(templates, library), (std::vector<std::string>{"1", "twelve"}));
}

}  // namespace
}  // namespace waymark::node
