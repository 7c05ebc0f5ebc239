#include "node/quality/record_checks.h"

#include <map>

#include "node/quality/further_fields.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/journey/records_builder.h"

namespace waymark::node {
namespace {

// "count/of" by id.
std::map<std::string, std::string> Found(const Records& records) {
  std::map<std::string, std::string> found;
  for (const Finding& finding : CheckRecords(records))
    found[finding.id] = std::to_string(finding.count) + "/" + std::to_string(finding.of);
  return found;
}

TEST(RecordChecksTest, CountsEpisodesThatOverlapAnEarlierOneOfTheLevel) {
  RecordsBuilder records;
  records.EarlyHelp("a", "2020-01-01", "2020-06-01")
      .EarlyHelp("a", "2020-02-01", "2020-03-01")  // inside the first
      .EarlyHelp("a", "2020-05-31", "2020-07-01")  // overlaps the first, though not the second
      .EarlyHelp("a", "2020-07-01", "")            // touches
      .EarlyHelp("a", "2021-01-01", "2021-02-01")  // the one before is open
      .EarlyHelp("b", "2020-02-01", "2020-03-01")  // another child
      .Cin("a", "2020-02-01", "2020-03-01");       // another level
  const auto found = Found(records.records());
  EXPECT_EQ(found.at("overlap.early_help"), "3/6");
  EXPECT_EQ(found.at("overlap.cin"), "0/1");
  EXPECT_FALSE(found.contains("overlap.cla"));
}

TEST(RecordChecksTest, CountsImpossibleDates) {
  RecordsBuilder records;
  records.Person("unborn", {.birth = "2020-06-01"})
      .Person("later", {.birth = "2020-06-01"})
      .Person("adult", {.birth = "1980-01-01"})
      .Person("dead", {.birth = "2015-01-01", .death = "2019-01-01"})
      .Person("odd", {.birth = "2015-01-01", .death = "2014-01-01"})
      .EarlyHelp("unborn", "2019-12-01", "2020-07-01")
      .EarlyHelp("later", "2018-01-01", "2018-02-01")
      .Cin("adult", "2020-01-01", "")
      .Cin("dead", "2018-01-01", "")
      .EarlyHelp("dead", "2019-05-01", "2019-06-01")
      .EarlyHelp("odd", "2013-01-01", "2013-06-01");
  const auto found = Found(records.records());
  EXPECT_EQ(found.at("dates.before_birth"), "2/6");  // later, odd
  EXPECT_EQ(found.at("dates.over_25"), "1/6");
  EXPECT_EQ(found.at("dates.after_death"), "1/6");
  EXPECT_EQ(found.at("dates.open_after_death"), "1/6");
  EXPECT_EQ(found.at("dates.open_adult"), "1/6");
  EXPECT_EQ(found.at("dates.death_before_birth"), "1/2");
}

TEST(RecordChecksTest, CountsOrphans) {
  RecordsBuilder records;
  records.Cin("a", "2020-01-01", "2020-06-01")
      .Episode("a", Level::kCp, "2020-02-01", "2020-05-01")
      .Cin("b", "2020-01-01", "2020-02-01")
      .Episode("b", Level::kCp, "2020-02-02", "2020-05-01")  // the day after counts as joined
      .Cin("c", "2020-01-01", "2020-02-01")
      .Episode("c", Level::kCp, "2020-02-03", "2020-05-01");  // a day later does not
  records.records().quality = {{.field = "person.linked", .records = 3, .complete = 2}};
  records.records().steps.push_back({.person = 0, .kind = StepKind::kAssessment, .start = D("2020-01-01")});
  records.records().steps.push_back(
      {.person = 0, .kind = StepKind::kAssessment, .start = D("2020-01-01"), .referral = D("2020-01-01")});
  const auto found = Found(records.records());
  EXPECT_EQ(found.at("orphan.plan"), "1/3");
  EXPECT_EQ(found.at("orphan.person"), "1/3");
  EXPECT_EQ(found.at("orphan.assessment"), "1/2");
  EXPECT_FALSE(found.contains("orphan.enquiry"));
}

TEST(FurtherFieldsTest, CountWhatMetric43DoesNot) {
  RecordsBuilder records;
  records.EarlyHelp("a", "2020-01-01", "2020-06-01", {.end_reason = "unknown", .area = "North", .team = "-"})
      .EarlyHelp("b", "2020-01-01", "", {.area = ""})
      .Cin("a", "2020-01-01", "2020-02-01", {.end_reason = "other"});
  records.records().quality = {{.field = "early_help.end_reason", .records = 1, .complete = 0}};
  std::map<std::string, std::string> fields;
  for (const FieldQuality& field : FurtherFields(records.records()))
    fields[field.field] = std::to_string(field.complete) + "/" + std::to_string(field.records);
  EXPECT_FALSE(fields.contains("early_help.end_reason"));
  EXPECT_EQ(fields.at("early_help.area"), "1/2");
  EXPECT_EQ(fields.at("early_help.team"), "0/2");
  EXPECT_EQ(fields.at("social_care.end_reason"), "1/1");
  EXPECT_FALSE(fields.contains("referral.area"));  // there are none
}

}  // namespace
}  // namespace waymark::node
