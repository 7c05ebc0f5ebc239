#include "catalogue/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "catalogue/columns.h"
#include "catalogue/wording.h"
#include "tests/testing/status_matchers.h"

namespace waymark::catalogue {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

class ExplainTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK_AND_ASSIGN(library_, Library::Load("catalogue")); }
  Library library_;
};

// Without line breaks and indents, so that wrapping hides nothing.
std::string Unwrapped(const std::string& text) {
  std::string out;
  for (const absl::string_view word : absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
    absl::StrAppend(&out, out.empty() ? "" : " ", word);
  }
  return out;
}

TEST_F(ExplainTest, ListHasALineForEveryEntry) {
  const std::string list = ListText(library_);
  for (const v1::Metric& metric : library_.metrics()) {
    EXPECT_THAT(list, HasSubstr("\n" + metric.id() + " ")) << metric.id();
    EXPECT_THAT(list, HasSubstr(metric.title()));
  }
  EXPECT_THAT(list, HasSubstr("waymark metrics ID"));
}

TEST_F(ExplainTest, ExplanationHoldsEverythingThatTheEntrySays) {
  for (const v1::Metric& metric : library_.metrics()) {
    const std::string text = Unwrapped(ExplainText(metric));
    std::vector<std::string> wanted = {metric.id(),
                                       metric.title(),
                                       metric.definition(),
                                       metric.display_unit(),
                                       metric.source(),
                                       metric.linkage_group(),
                                       DenominatorInWords(metric),
                                       DirectionInWords(metric.direction())};
    wanted.insert(wanted.end(), metric.caveats().begin(), metric.caveats().end());
    wanted.insert(wanted.end(), metric.breakdowns().begin(), metric.breakdowns().end());
    wanted.insert(wanted.end(), metric.fields_needed().begin(), metric.fields_needed().end());
    for (const std::string& mode : ModeNamesOf(metric)) wanted.push_back(mode);
    for (const std::string& unit : UnitNamesOf(metric)) wanted.push_back(unit);
    for (const v1::Outcome& outcome : metric.outcomes()) {
      wanted.push_back(
          absl::StrCat(outcome.id(), ": ", outcome.title(), " (", OutcomeInWords(metric, outcome), ")"));
    }
    for (const std::string& words : wanted) EXPECT_THAT(text, HasSubstr(Unwrapped(words))) << metric.id();
  }
}

TEST_F(ExplainTest, ExplanationIsAtMost100ColumnsWide) {
  for (const v1::Metric& metric : library_.metrics()) {
    for (const absl::string_view line : absl::StrSplit(ExplainText(metric), '\n')) {
      EXPECT_LE(line.size(), 100u) << metric.id() << ": " << line;
      EXPECT_FALSE(absl::EndsWith(line, " ")) << metric.id() << ": " << line;
    }
  }
}

TEST_F(ExplainTest, RulesAreMadeFromTheFields) {
  const v1::Metric& step_up = *library_.Find("5");
  EXPECT_EQ(OutcomeInWords(step_up, step_up.outcomes(2)),
            "a child protection start later than 1 day after the end and at most the window after the end");
  EXPECT_EQ(CohortInWords(step_up),
            "early-help episodes that ended in the period; no social care open on the end up to 1 day after "
            "the end; "
            "followed for the whole window, without deaths, moves out and 18th birthdays inside it");
  const v1::Metric& closed = *library_.Find("16-known");
  EXPECT_THAT(CohortInWords(closed), HasSubstr("end reason is one of outcomes_met, step_up"));
  const v1::Metric& sources = *library_.Find("22");
  EXPECT_THAT(OutcomeInWords(sources, sources.outcomes(13)), HasSubstr("source is none of 1A, 1B"));
}

TEST_F(ExplainTest, QuantitiesHaveWords) {
  EXPECT_EQ(QuantityTitle(*library_.Find("5"), "cla"), "the child became looked after");
  EXPECT_EQ(QuantityTitle(*library_.Find("9"), "survival_183"), "without an event after 183 days");
  EXPECT_EQ(QuantityTitle(*library_.Find("9"), "incidence_early_help_365"),
            "a new early-help start came first, within 365 days");
  EXPECT_EQ(QuantityTitle(*library_.Find("9"), "median"), "the time by which half have had an event");
  EXPECT_EQ(QuantityTitle(*library_.Find("10"), "lower_quartile"), "lower quartile");
  EXPECT_EQ(QuantityTitle(*library_.Find("31"), "none>early_help"), "moves from none to early help");
  EXPECT_EQ(QuantityTitle(*library_.Find("43"), "complete"), "filled in and understood");
}

TEST_F(ExplainTest, JsonListsAndExplains) {
  const Json list = Json::parse(ListJson(library_));
  ASSERT_EQ(list.size(), library_.metrics().size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    const v1::Metric& metric = library_.metrics()[i];
    EXPECT_EQ(list[i]["id"], metric.id());
    EXPECT_EQ(list[i]["number"], metric.number());
    EXPECT_EQ(list[i]["window_days"].size(), static_cast<std::size_t>(metric.window_days_size()));
    const Json one = Json::parse(ExplainJson(metric));
    EXPECT_EQ(one["definition"], metric.definition());
    EXPECT_EQ(one["columns"], ColumnsOf(metric));
    EXPECT_EQ(one["outcomes"].size(), static_cast<std::size_t>(metric.outcomes_size()));
    EXPECT_EQ(one["caveats"].size(), static_cast<std::size_t>(metric.caveats_size()));
    EXPECT_EQ(one["contribution_bound"], metric.contribution_bound());
  }
}

TEST_F(ExplainTest, JsonReplacesBytesThatAreNoText) {
  v1::Metric metric = *library_.Find("1");
  metric.set_title(
      "a\xFF"
      "b");
  EXPECT_EQ(Json::parse(ExplainJson(metric))["title"],
            "a\xEF\xBF\xBD"
            "b");
}

TEST_F(ExplainTest, DocumentHasASectionForEveryEntry) {
  const std::string document = MetricsMarkdown(library_);
  for (const v1::Metric& metric : library_.metrics()) {
    EXPECT_THAT(document, HasSubstr(absl::StrCat("\n## ", metric.id(), ": ", metric.title(), "\n")));
    EXPECT_THAT(document, HasSubstr(absl::StrCat("<a id=\"metric-", metric.id(), "\"></a>")));
  }
  EXPECT_THAT(document, HasSubstr("## Decided readings"));
  EXPECT_TRUE(absl::EndsWith(document, "\n"));
  EXPECT_FALSE(absl::EndsWith(document, "\n\n"));
}

TEST_F(ExplainTest, DocumentIsCurrent) {
  ASSERT_OK_AND_ASSIGN(const std::string written, ReadFile("docs/metrics.md", 4 << 20));
  EXPECT_TRUE(written == MetricsMarkdown(library_)) << "docs/metrics.md is not what the catalogue makes; run "
                                                       "waymark-document-metrics catalogue > docs/metrics.md";
}

}  // namespace
}  // namespace waymark::catalogue
