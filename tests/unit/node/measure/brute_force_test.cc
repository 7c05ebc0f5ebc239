// The engine against the naive reading, on thousands of random histories: every entry of the catalogue, every
// window and unit, and breakdowns, completeness and reasons included.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "catalogue/library.h"
#include "node/measure/measurer.h"
#include "node/measure/unwalked.h"
#include "proto/contract/names.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/measure/naive.h"
#include "tests/unit/node/measure/random_histories.h"

namespace waymark::node {
namespace {

constexpr std::uint64_t kSeeds[] = {20'240'229, 20'240'301, 20'250'401, 20'260'331};
constexpr std::uint64_t kOrderSeed = 20'230'228;
constexpr int kCouncils = 300;  // a seed; of 1 to 12 persons

// Mostly those whose follow-up has ended by most extract dates (March 2024 to April 2025).
const std::vector<std::string> kPeriods = {
    "2022-23", "2022-23",    "2022",       "2022",       "2022-23-Q2", "2022-02-28..2023-06-30",
    "2023-24", "2023-24-Q1", "2023-24-Q3", "2024-25-Q1", "2024-25",    "2024-02-29..2024-02-29"};

naive::Verdict VerdictOf(Completeness completeness) {
  switch (completeness) {
    case Completeness::kComplete:
      return naive::Verdict::kComplete;
    case Completeness::kPartial:
      return naive::Verdict::kPartial;
    case Completeness::kNotYet:
      return naive::Verdict::kNotYet;
    case Completeness::kNotCovered:
      return naive::Verdict::kNotCovered;
    default:
      return naive::Verdict::kNotAvailable;
  }
}

// How often each verdict and column was met, so that the comparison cannot be an empty one.
using Tally = std::map<std::string, std::int64_t>;

void ExpectSameCells(const Measured& measured, const naive::Answer& answer, Tally& tally) {
  const contract::Table& table = measured.table;
  std::vector<std::string> rows;
  for (const auto& [row, cells] : answer.cells) rows.push_back(row);
  ASSERT_EQ(table.rows, rows);
  ASSERT_EQ(table.values.size(), table.rows.size() * table.columns.size());
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    std::map<std::string, std::int64_t> left = answer.cells.at(table.rows[row]);
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      const std::string& name = table.columns[column];
      const bool available = !answer.unavailable.contains(name);
      EXPECT_EQ(table.At(row, column), available ? left[name] : 0)
          << "row " << table.rows[row] << ", column " << name;
      EXPECT_EQ(table.status[table.Index(row, column)],
                available ? v1::CELL_STATUS_SHOWN : v1::CELL_STATUS_NOT_AVAILABLE);
      tally[absl::StrCat(table.metric, " ", name)] += left[name];
      left.erase(name);
    }
    for (const auto& [name, count] : left) EXPECT_EQ(count, 0) << "no column " << name;
  }
}

void ExpectSameFigures(const Measured& measured, const naive::Answer& answer, Tally& tally) {
  std::size_t compared = 0;
  for (const catalogue::RowFigure& figure : measured.figures) {
    const auto row = answer.figures.find(measured.table.rows[figure.row]);
    if (row == answer.figures.end() || !row->second.contains(figure.quantity)) continue;
    const std::optional<double> expected = row->second.at(figure.quantity);
    ASSERT_EQ(figure.value.has_value(), expected.has_value())
        << "row " << measured.table.rows[figure.row] << ", " << figure.quantity;
    if (expected.has_value()) {
      EXPECT_NEAR(*figure.value, *expected, 1e-9) << figure.quantity;
      ++tally[absl::StrCat(measured.table.metric, " figure ", figure.quantity)];
    }
    ++compared;
  }
  std::size_t expected = 0;
  for (const auto& [row, figures] : answer.figures) expected += figures.size();
  EXPECT_EQ(compared, expected);
}

// One council's records, read in both ways.
struct Council {
  Records records;
  Journeys journeys;
  std::vector<naive::Child> children;
};

void Compare(const Council& council, const MeasureRequest& request, Tally& tally) {
  const v1::Metric& metric = *request.metric;
  ASSERT_OK_AND_ASSIGN(const std::vector<Measured> all, Measure(council.journeys, request));
  for (const Measured& measured : all) {
    const contract::Table& table = measured.table;
    naive::Ask ask{
        .metric = metric.id(), .period = request.period, .window = static_cast<int>(table.window_days)};
    ask.bins.assign(metric.bins().begin(), metric.bins().end());
    ask.breakdown = absl::StrJoin(table.dimensions, "|");
    ask.unit = std::string(contract::NameOf(table.unit));
    SCOPED_TRACE(absl::StrCat("metric ", metric.id(), ", ", request.period.label, ", window ", ask.window,
                              ", by ", ask.breakdown, ", ", ask.unit));
    const naive::Answer answer = naive::AnswerTo(council.records, council.children, ask);
    ASSERT_EQ(VerdictOf(measured.completeness), answer.verdict) << measured.reason;
    ++tally[absl::StrCat(metric.id(), " verdict ", static_cast<int>(answer.verdict))];
    EXPECT_EQ(measured.reason.empty(), answer.verdict == naive::Verdict::kComplete) << measured.reason;
    ExpectSameCells(measured, answer, tally);
    ExpectSameFigures(measured, answer, tally);
  }
}

std::vector<std::string> SomeBreakdowns(const v1::Metric& metric, RandomHistories& random) {
  std::vector<std::string> breakdowns(metric.breakdowns().begin(), metric.breakdowns().end());
  random.Shuffle(breakdowns);
  breakdowns.resize(std::min<std::size_t>(breakdowns.size(), 2));
  return breakdowns;
}

// The other entries are not counted from journeys: templates and surveys have their tests in
// made_at_home_test.cc, published figures in tests/unit/published.
bool IsOfJourneys(const v1::Metric& metric) {
  return metric.kind() == v1::METRIC_KIND_QUALITY ||
         (metric.kind() != v1::METRIC_KIND_PUBLISHED && !IsUnwalked(metric));
}

void ExpectEverythingMet(const catalogue::Library& library, const Tally& tally) {
  for (const v1::Metric& metric : library.metrics()) {
    if (!IsOfJourneys(metric)) continue;
    EXPECT_TRUE(tally.contains(absl::StrCat(metric.id(), " verdict 0")));
    for (const v1::Outcome& outcome : metric.outcomes()) {
      if (metric.kind() == v1::METRIC_KIND_SURVIVAL) continue;
      const auto met = tally.find(absl::StrCat(metric.id(), " ", outcome.id()));
      ASSERT_NE(met, tally.end()) << metric.id() << " " << outcome.id();
      EXPECT_GT(met->second, 5) << metric.id() << " " << outcome.id();
    }
  }
  for (const char* met : {"1 verdict 1",
                          "1 verdict 2",
                          "1 verdict 4",
                          "2 verdict 3",
                          "5 verdict 3",
                          "9 figure survival_365",
                          "9 figure median",
                          "9-social-care figure survival_183",
                          "10 figure median",
                          "31 none>early_help",
                          "31 none>social_care",
                          "31 early_help>none",
                          "31 early_help>social_care",
                          "31 social_care>none",
                          "31 social_care>early_help",
                          "31 days:none",
                          "43 records",
                          "11 verdict 2",
                          "26 verdict 3",
                          "3 verdict 3",
                          "12 verdict 4",
                          "14 <91",
                          "14 figure median",
                          "33-section-47 count",
                          "33-cla count"}) {
    const auto at = tally.find(met);
    EXPECT_TRUE(at != tally.end() && at->second > 5) << met;
  }
}

class EngineFromSeed : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(EngineFromSeed, EqualsTheNaiveReading_OnRandomHistories) {
  ASSERT_OK_AND_ASSIGN(const catalogue::Library library, catalogue::Library::Load("catalogue"));
  std::printf("seed %llu\n", static_cast<unsigned long long>(GetParam()));
  RandomHistories random(GetParam());
  Tally tally;
  for (int i = 0; i < kCouncils && !HasFailure(); ++i) {
    SCOPED_TRACE(absl::StrCat("seed ", GetParam(), ", council ", i));
    const Records records = random.Draw();
    ASSERT_OK_AND_ASSIGN(Journeys journeys, BuildJourneys(records));
    const Council council{records, std::move(journeys), naive::ChildrenOf(records)};
    for (const v1::Metric& metric : library.metrics()) {
      if (!IsOfJourneys(metric)) continue;
      ASSERT_OK_AND_ASSIGN(const Period period, ParsePeriod(random.OneOf(kPeriods)));
      Compare(council,
              {.metric = &metric,
               .period = period,
               .breakdowns = SomeBreakdowns(metric, random),
               .calendar = &library.working_days()},
              tally);
    }
  }
  if (!HasFailure()) ExpectEverythingMet(library, tally);
}

INSTANTIATE_TEST_SUITE_P(Seeds, EngineFromSeed, ::testing::ValuesIn(kSeeds));

TEST(Engine, GivesTheSameTables_WhateverTheOrderOfRows) {
  ASSERT_OK_AND_ASSIGN(const catalogue::Library library, catalogue::Library::Load("catalogue"));
  std::printf("seed %llu\n", static_cast<unsigned long long>(kOrderSeed));
  RandomHistories random(kOrderSeed);
  for (int council = 0; council < 60; ++council) {
    SCOPED_TRACE(absl::StrCat("seed ", kOrderSeed, ", council ", council));
    const Records records = random.Draw();
    ASSERT_OK_AND_ASSIGN(const Journeys one, BuildJourneys(records));
    ASSERT_OK_AND_ASSIGN(const Journeys other, BuildJourneys(Reordered(records, random)));
    for (const v1::Metric& metric : library.metrics()) {
      if (!IsOfJourneys(metric)) continue;
      ASSERT_OK_AND_ASSIGN(const Period period, ParsePeriod(random.OneOf(kPeriods)));
      MeasureRequest request{.metric = &metric,
                             .period = period,
                             .breakdowns = SomeBreakdowns(metric, random),
                             .calendar = &library.working_days()};
      if (random.Chance(50)) {
        request.limit = ContributionLimit{
            1, [](absl::string_view text) { return std::hash<std::string>()(std::string(text)); }};
      }
      ASSERT_OK_AND_ASSIGN(const std::vector<Measured> first, Measure(one, request));
      ASSERT_OK_AND_ASSIGN(const std::vector<Measured> second, Measure(other, request));
      ASSERT_EQ(first.size(), second.size());
      for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(first[i].table, second[i].table) << metric.id();
        EXPECT_EQ(first[i].reason, second[i].reason);
      }
    }
  }
}

// What one pass over all of them gives is what each gives by itself, periods that overlap included.
TEST(Engine, GivesTheSameTables_WhetherAskedTogetherOrOneByOne) {
  ASSERT_OK_AND_ASSIGN(const catalogue::Library library, catalogue::Library::Load("catalogue"));
  std::printf("seed %llu\n", static_cast<unsigned long long>(kOrderSeed));
  RandomHistories random(kOrderSeed);
  for (int council = 0; council < 10; ++council) {
    SCOPED_TRACE(absl::StrCat("seed ", kOrderSeed, ", council ", council));
    ASSERT_OK_AND_ASSIGN(const Journeys journeys, BuildJourneys(random.Draw()));
    std::vector<MeasureRequest> requests;
    for (const v1::Metric& metric : library.metrics()) {
      if (!IsOfJourneys(metric)) continue;
      MeasureRequest request{.metric = &metric,
                             .period = {},
                             .breakdowns = SomeBreakdowns(metric, random),
                             .calendar = &library.working_days()};
      for (const std::string& period : kPeriods) {
        ASSERT_OK_AND_ASSIGN(request.period, ParsePeriod(period));
        requests.push_back(request);
      }
      request.limit = ContributionLimit{1, [](absl::string_view text) { return text.size(); }};
      requests.push_back(request);
    }
    random.Shuffle(requests);
    ASSERT_OK_AND_ASSIGN(const auto together, MeasureAll(journeys, requests));
    ASSERT_EQ(together.size(), requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      ASSERT_OK_AND_ASSIGN(const std::vector<Measured> alone, Measure(journeys, requests[i]));
      ASSERT_EQ(together[i].size(), alone.size());
      for (std::size_t t = 0; t < alone.size(); ++t) {
        EXPECT_EQ(together[i][t].table, alone[t].table) << requests[i].metric->id();
        EXPECT_EQ(together[i][t].reason, alone[t].reason);
        ASSERT_EQ(together[i][t].figures.size(), alone[t].figures.size());
        for (std::size_t f = 0; f < alone[t].figures.size(); ++f) {
          EXPECT_EQ(together[i][t].figures[f].value, alone[t].figures[f].value);
        }
      }
    }
  }
}

}  // namespace
}  // namespace waymark::node
