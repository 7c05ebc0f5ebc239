// Two systems of one council, joined by its table of links.
#include "node/ingest/links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "folder.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::waymark::testing::StatusIs;

constexpr char kSources[] = R"([links]
path = "links.csv"
[[source]]
name = "early help"
format = "event-log"
path = "eh.csv"
covered_from = 2020-01-01
extract_date = 2025-01-01
[source.mapping]
shape = "episodes"
person = "id"
start = "from"
end = "to"
level = "early_help"
[[source]]
name = "social care"
format = "event-log"
path = "sc.csv"
covered_from = 2020-01-01
extract_date = 2025-01-01
[source.mapping]
shape = "episodes"
person = "id"
start = "from"
end = "to"
level = "cin"
)";

class LinksTest : public ::testing::Test {
 protected:
  LinksTest() {
    folder_.Write("eh.csv", "id,from,to\nE1,2024-01-02,2024-02-02\nE2,2024-01-03,2024-02-02\n");
    folder_.Write("sc.csv", "id,from,to\nS1,2024-03-04,\nE2,2024-03-05,\nS9,2024-03-06,\n");
  }
  absl::StatusOr<IngestResult> Read(const std::string& links) const {
    folder_.Write("links.csv", links);
    return folder_.Read(kSources);
  }
  testing::Folder folder_;
};

constexpr char kTemplates[] = R"([[source]]
format = "templates"
path = "t"
covered_from = 2020-01-01
extract_date = 2025-01-01
)";

TEST_F(LinksTest, TemplatesNameTheLinkedChild_WhenTheySayWhoseIdsTheyUse) {
  folder_.Write("links.csv", "source,person_id,linked_id\nearly help,E1,child 7\nsocial care,S1,child 7\n");
  folder_.Write("t/needs.csv", "person,outcome,start,present\nE1,1,2024-01-02,yes\n");
  folder_.Write("t/scores.csv", "person,tool,better,start,start_score\nE1,star,high,2024-01-02,3\n");
  folder_.Write("t/views.csv", "survey,person,date,answered\nexit,E1,2024-02-02,no\nexit,E8,2024-02-02,no\n");
  folder_.Write("t/costs.csv", "service,from,to,cost\nHub,2024-01-01,2024-03-31,100\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read,
                       folder_.Read(absl::StrCat(kSources, kTemplates, "ids_of = \"early help\"\n")));
  const Templates& templates = read.records.templates;
  EXPECT_EQ(templates.needs.rows[0].person, "child 7");
  EXPECT_EQ(templates.scores.rows[0].person, "child 7");
  EXPECT_EQ(templates.views.rows[0].person, "E8");  // has no line
  EXPECT_EQ(templates.views.rows[1].person, "child 7");
  EXPECT_EQ(templates.costs.rows[0].service, "Hub");
  const auto is_stranger = [](const Issue& issue) {
    return issue.message.find("children are in no other source") != std::string::npos;
  };
  EXPECT_EQ(std::count_if(read.report.issues.begin(), read.report.issues.end(), is_stranger), 1);
}

TEST_F(LinksTest, Refuses_WhenIdsAreOfNoSource) {
  folder_.Write("t/costs.csv", "service,from,to,cost\nHub,2024-01-01,2024-03-31,100\n");
  EXPECT_THAT(
      folder_.Read(absl::StrCat(kSources, kTemplates, "ids_of = \"housing\"\n")),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("ids_of: is the name of no [[source]]")));
}

TEST_F(LinksTest, SourcesJoinByTheLinkedId_AndOthersKeepTheirOwn) {
  ASSERT_OK_AND_ASSIGN(const IngestResult result,
                       Read("source,person_id,linked_id\nearly help,E1,S1\nsocial care,E2,X2\n"
                            "early help,E1,S1\n"));
  EXPECT_THAT(testing::Show(result.records),
              ElementsAre("E2 early_help 2024-01-03..2024-02-02", "S1 early_help 2024-01-02..2024-02-02",
                          "S1 cin 2024-03-04..", "S9 cin 2024-03-06..", "X2 cin 2024-03-05.."));
  const auto linked = std::find_if(result.records.quality.begin(), result.records.quality.end(),
                                   [](const FieldQuality& field) { return field.field == "person.linked"; });
  ASSERT_NE(linked, result.records.quality.end());
  // E2 of early help; S1 and S9 of social care.
  EXPECT_EQ(linked->records, 4);
  EXPECT_EQ(linked->complete, 1);
  EXPECT_THAT(result.report.Text(), AllOf(HasSubstr("1 ids of early help have no line"),
                                          HasSubstr("2 ids of social care have no line")));
}

TEST_F(LinksTest, ASourceThatTheTableDoesNotHaveNeedsNoLines) {
  ASSERT_OK_AND_ASSIGN(const IngestResult result,
                       Read("source,person_id,linked_id\nearly help,E1,S1\nearly help,E2,S2\n"));
  EXPECT_THAT(result.report.Text(), Not(HasSubstr("have no line")));
}

TEST_F(LinksTest, AnIdLinkedToTwoPeopleIsAnErrorThatNamesTheLine) {
  EXPECT_THAT(
      Read("source,person_id,linked_id\nearly help,E1,S1\nsocial care,E1,S2\nearly help,E1,S3\n").status(),
      StatusIs(absl::StatusCode::kInvalidArgument, AllOf(HasSubstr("links.csv:4"), Not(HasSubstr("E1")))));
}

TEST_F(LinksTest, WhatIsWrongWithTheTableIsNamedWithItsLine) {
  EXPECT_THAT(Read("source,person_id,linked_id\nearly help,,S1\n").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("links.csv:2: a blank")));
  EXPECT_THAT(Read("source,person_id,linked_id\nEH,E1,S1\n").status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("links.csv:2"), HasSubstr("early help, social care"))));
  EXPECT_THAT(Read("source,person,linked_id\n").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("person_id")));
  EXPECT_THAT(Read("source,person_id,linked_id\nearly help,E1\n").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("links.csv:2")));
}

}  // namespace
}  // namespace waymark::node
