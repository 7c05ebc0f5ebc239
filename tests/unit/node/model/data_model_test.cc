#include "node/model/data_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "catalogue/vocabulary.h"
#include "node/ingest/ingest.h"
#include "node/ingest/template_tables.h"
#include "node/model/fields.h"
#include "node/model/scope.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class DataModelTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK_AND_ASSIGN(library_, catalogue::Library::Load("catalogue")); }
  std::vector<std::string> Uses(absl::string_view record, absl::string_view field) const {
    return MetricsThatUse(library_, record, field);
  }
  catalogue::Library library_;
};

TEST_F(DataModelTest, DocumentIsCurrent) {
  ASSERT_OK_AND_ASSIGN(const std::string written, ReadFile("docs/data-model.md", 4 << 20));
  EXPECT_TRUE(written == DataModelMarkdown(library_))
      << "docs/data-model.md is old; run waymark-document-data-model catalogue > docs/data-model.md";
}

TEST_F(DataModelTest, MetricsUseWhatTheyReadAndNothingElse) {
  EXPECT_THAT(Uses("episode", "end_reason"), Contains("16"));
  EXPECT_THAT(Uses("episode", "end_reason"), Not(Contains("22-contacts")));
  EXPECT_THAT(Uses("contact", "source"), Contains("22-contacts"));
  EXPECT_THAT(Uses("contact", "source"), Contains("1"));  // by its look-up
  EXPECT_THAT(Uses("contact", "source"), Not(Contains("10")));
  EXPECT_THAT(Uses("referral", "nfa"), Contains("19"));
  EXPECT_THAT(Uses("person", "family"), Contains("1"));
  EXPECT_THAT(Uses("episode", "worker"), ElementsAre("30"));
  EXPECT_THAT(Uses("person", "id"), Not(Contains("41")));
  // By what they look back to.
  EXPECT_THAT(Uses("step", "outcome"), ElementsAre("25"));
  EXPECT_THAT(Uses("person", "family"), Contains("26"));
  EXPECT_THAT(Uses("episode", "level"), Contains("32"));
  EXPECT_THAT(Uses("contact", "outcome"), Contains("14"));
}

TEST_F(DataModelTest, EveryFieldThatAnEntryMayNeedIsInTheModel) {
  std::set<std::string> names;
  for (const ModelRecord& record : ModelRecords()) {
    for (const ModelField& field : record.fields) names.insert(std::string(field.name));
  }
  for (const absl::string_view needed : catalogue::NeededFields()) {
    const std::vector<std::string> parts = absl::StrSplit(needed, '.');
    if (parts.size() == 2) {
      EXPECT_THAT(names, Contains(parts[1])) << needed;
    }
  }
}

TEST_F(DataModelTest, EveryFieldOfTheScopeHasItsWords) {
  EXPECT_EQ(ScopeFields().size(), 7u);
  for (const ScopeField& field : ScopeFields()) EXPECT_THAT(field.meaning, Not(IsEmpty())) << field.name;
}

TEST_F(DataModelTest, TemplatesNameOutcomesAsTheCatalogueDoes) {
  const auto outcomes = catalogue::SupportingFamiliesOutcomes();
  ASSERT_EQ(OutcomeNames().size(), outcomes.size());
  for (std::size_t i = 0; i < outcomes.size(); ++i) EXPECT_EQ(OutcomeNames()[i], outcomes[i].id);
}

TEST_F(DataModelTest, TemplatesNameMetricsOfTheLibrary) {
  for (const TemplateTable& table : TemplateTables()) {
    for (const std::string& id : std::vector<std::string>(absl::StrSplit(std::string(table.metrics), ", "))) {
      if (table.name == "standards") continue;  // of an entry that another stage brings
      EXPECT_NE(library_.Find(id), nullptr) << table.name << " " << id;
    }
  }
}

TEST_F(DataModelTest, ExamplesOfTheTemplatesAreUsedWhole) {
  ASSERT_OK_AND_ASSIGN(ConfigTable root,
                       ConfigTable::Parse("[[source]]\nformat = \"templates\"\npath = \"docs/templates\"\n"
                                          "covered_from = 2024-04-01\nextract_date = 2025-06-30\n",
                                          "node.toml"));
  const std::vector<SourceConfig> sources = ReadSources(root, ".");
  ASSERT_OK(root.Finish());
  ASSERT_OK_AND_ASSIGN(const IngestResult result, Ingest(sources));
  ASSERT_EQ(result.report.files.size(), TemplateTables().size());
  for (const FileReport& file : result.report.files) {
    EXPECT_GT(file.rows_read, 0) << file.file;
    EXPECT_EQ(file.rows_used, file.rows_read) << file.file;
  }
  for (const TemplateTable& table : TemplateTables()) {
    ASSERT_OK_AND_ASSIGN(const std::string text,
                         ReadFile(absl::StrCat("docs/templates/", table.name, ".csv"), 1 << 20));
    std::string header = HeaderLine(table);
    EXPECT_EQ(text.substr(0, text.find('\n')), header.substr(0, header.find('\r'))) << table.name;
  }
}

}  // namespace
}  // namespace waymark::node
