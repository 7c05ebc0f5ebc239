// Real case logs of five municipalities, where they are at hand: counted here by a few lines that share
// nothing with the reader (the files have no quotes).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "folder.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

constexpr char kFolder[] = "../shared/data/municipal-cases";

struct Counted {
  std::int64_t events = 0;
  std::int64_t cases = 0;
  std::int64_t cases_that_open = 0;
  std::map<std::string, std::int64_t> activities;
  std::map<std::string, std::string> first;  // case → moment of its first main activity
};

Counted Count(const std::string& path) {
  Counted counted;
  std::set<std::string> cases;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const std::vector<std::string> fields = absl::StrSplit(line, ',');
    ++counted.events;
    cases.insert(fields[0]);
    ++counted.activities[fields[2]];
    if (!absl::StartsWith(fields[2], "01_HOOFD_")) continue;
    std::string& first = counted.first[fields[0]];
    if (first.empty() || fields[3] < first) first = fields[3];
  }
  counted.cases = static_cast<std::int64_t>(cases.size());
  counted.cases_that_open = static_cast<std::int64_t>(counted.first.size());
  return counted;
}

std::string Toml(const std::string& path, const std::string& zone) {
  return absl::StrCat(R"([[source]]
format = "event-log"
covered_from = 2009-01-01
extract_date = 2016-01-01
path = ")",
                      path, R"("
[source.mapping]
shape = "events"
person = "trace_id"
activity = "activity"
timestamp = "timestamp"
date_format = "%Y-%m-%d %H:%M:%S%z"
local_zone = ")",
                      zone, R"("
end_at_last_event = true
[source.mapping.stages]
"01_HOOFD_*" = "early_help"
)");
}

TEST(Municipal, HasAsManyCasesAndEvents_AsCountedApart) {
  if (!std::filesystem::exists(kFolder)) GTEST_SKIP() << "skipped: the municipal cases are not at hand";
  testing::Folder folder;
  for (int number = 1; number <= 5; ++number) {
    const std::string path = std::filesystem::absolute(absl::StrCat(kFolder, "/BPIC15_", number, ".csv"))
                                 .lexically_normal()
                                 .string();
    const Counted counted = Count(path);
    ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Toml(path, "UTC")));
    const FileReport& file = read.report.files[0];
    EXPECT_EQ(file.rows_read, counted.events);
    EXPECT_EQ(static_cast<std::int64_t>(read.records.persons.size()), counted.cases_that_open);
    EXPECT_LE(counted.cases_that_open, counted.cases);
    EXPECT_EQ(static_cast<std::int64_t>(read.records.episodes.size()), counted.cases_that_open);
    std::int64_t listed = 0;
    for (const auto& [activity, count] : counted.activities) {
      if (absl::StartsWith(activity, "01_HOOFD_")) {
        listed += count;
      } else {
        EXPECT_EQ(file.unknown_codes.at({"activity", activity}), count);
      }
    }
    EXPECT_EQ(file.rows_used, listed);
    for (const Episode& episode : read.records.episodes) {
      ASSERT_EQ(FormatDay(episode.start),
                counted.first.at(std::string(read.records.person_ids.Text(episode.person))).substr(0, 10));
      ASSERT_NE(episode.end, kNoDay);
    }
  }
}

}  // namespace
}  // namespace waymark::node
