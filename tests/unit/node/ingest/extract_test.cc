// Successive extracts as one history: the rules, and a random history cut into extracts that must come out
// whole.
#include "node/ingest/extract.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "folder.h"
#include "node/ingest/extract_store.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Carries kAll{.early_help = true, .social_care = true, .contacts = true};

FlatRecord Spell(const std::string& person, Day start, Day end, const std::string& id = "") {
  FlatRecord record;
  record.kind = FlatRecord::Kind::kEpisode;
  record.person = person;
  record.days = {start, end, kNoDay};
  if (!id.empty()) record.texts[0] = id;
  return record;
}

Extract Of(Day from, Day made, std::vector<FlatRecord> records) {
  Extract extract{.head = {.source = "s", .window = {.from = from, .extract = made}, .carries = kAll},
                  .records = std::move(records)};
  extract.head.records = static_cast<std::int64_t>(extract.records.size());
  return extract;
}

// "c1 10..20 id", a line each.
std::vector<std::string> Show(const std::vector<FlatRecord>& records) {
  std::vector<std::string> lines;
  for (const FlatRecord& r : records) {
    if (r.kind == FlatRecord::Kind::kPerson) continue;
    lines.push_back(absl::StrCat(r.person, " ", r.start(), "..",
                                 r.end() == kNoDay ? "" : absl::StrCat(r.end()), r.id() ? " " : "",
                                 r.id().value_or("")));
  }
  return lines;
}

TEST(Merge, TheLaterExtractHolds_WhateverTheOrderTheyComeIn) {
  const Extract first = Of(0, 100, {Spell("a", 10, 20), Spell("b", 50, kNoDay), Spell("c", 90, 95)});
  const Extract second = Of(80, 200, {Spell("b", 50, 150), Spell("c", 90, 96), Spell("d", 120, kNoDay)});
  for (const auto& extracts : {std::vector<Extract>{first, second}, std::vector<Extract>{second, first}}) {
    const ExtractHistory history = Merge(extracts);
    EXPECT_THAT(Show(history.records), ElementsAre("a 10..20", "b 50..150", "c 90..96", "d 120.."));
    ASSERT_EQ(history.extracts.size(), 2U);
    const ExtractReport& report = history.extracts[1];
    EXPECT_EQ(report.added, 1);
    EXPECT_EQ(report.closed, 1);
    EXPECT_EQ(report.changed, 1);
    EXPECT_EQ(report.deleted + report.lost, 0);
  }
}

TEST(Merge, AnIdKeepsItsEpisode_WhenItsFirstDayIsMended) {
  const ExtractHistory history =
      Merge({Of(0, 100, {Spell("a", 10, kNoDay, "e1")}), Of(50, 200, {Spell("a", 12, kNoDay, "e1")})});
  EXPECT_THAT(Show(history.records), ElementsAre("a 12.. e1"));
  EXPECT_EQ(history.extracts[1].changed, 1);
}

TEST(Merge, AnEpisodeIsDeleted_WhenALaterExtractOughtToHaveItAndHasNot) {
  // Ended before the second's window; ended on its first day; open.
  const ExtractHistory history =
      Merge({Of(0, 100, {Spell("a", 10, 79), Spell("b", 10, 80), Spell("c", 10, kNoDay)}), Of(80, 200, {})});
  EXPECT_THAT(Show(history.records), ElementsAre("a 10..79"));
  EXPECT_EQ(history.extracts[1].deleted, 2);
  EXPECT_EQ(history.examples.size(), 2U);
}

TEST(Merge, AnOpenEpisodeIsLost_WhenItEndedWhereNoExtractCovers) {
  const ExtractHistory history = Merge(
      {Of(0, 100, {Spell("a", 10, kNoDay), Spell("b", 10, kNoDay)}), Of(150, 200, {Spell("b", 10, 160)})});
  EXPECT_THAT(Show(history.records), ElementsAre("b 10..160"));
  EXPECT_EQ(history.extracts[1].lost, 1);
  EXPECT_EQ(history.extracts[1].deleted, 0);
}

TEST(Merge, NothingIsDeletedOfAKindThatTheLaterExtractDoesNotCarry) {
  Extract later = Of(80, 200, {});
  later.head.carries = {.early_help = false, .social_care = true, .contacts = true};
  EXPECT_THAT(Show(Merge({Of(0, 100, {Spell("a", 10, kNoDay)}), later}).records), ElementsAre("a 10.."));
}

TEST(Merge, RecordsThatAreAlikeStayAsManyAsThereAre) {
  const std::vector<FlatRecord> twice = {Spell("a", 10, 20), Spell("a", 10, 20)};
  EXPECT_EQ(Merge({Of(0, 100, twice), Of(0, 200, twice)}).records.size(), 2U);
  EXPECT_EQ(Merge({Of(0, 100, twice), Of(0, 200, {twice[0]})}).records.size(), 1U);
}

TEST(Merge, WhatIsKnownOfAChildIsTheLatestThatTellsAnything) {
  FlatRecord before;
  before.person = "a";
  before.days[0] = 5;
  before.texts = {"f1", "female", "white", std::nullopt};
  FlatRecord after = before;
  after.days[0] = kNoDay;
  after.texts = {"", "male", "not known", "yes"};
  const ExtractHistory history = Merge({Of(0, 100, {before}), Of(0, 200, {after})});
  ASSERT_EQ(history.records.size(), 1U);
  EXPECT_EQ(history.records[0].days[0], 5);
  EXPECT_EQ(history.records[0].texts[0], "f1");
  EXPECT_EQ(history.records[0].texts[1], "male");
  EXPECT_EQ(history.records[0].texts[2], "white");
  EXPECT_EQ(history.records[0].texts[3], "yes");
}

TEST(WholeWindow, ReachesBackAsLongAsExtractsTouch) {
  const auto head = [](Day from, Day made) { return Of(from, made, {}).head; };
  const auto whole = [](const std::vector<ExtractHead>& heads) {
    const Coverage window = WholeWindow(heads, &Carries::early_help);
    return std::pair(window.from, window.extract);
  };
  EXPECT_EQ(whole({head(0, 100), head(101, 200)}), std::pair(0, 200));
  EXPECT_EQ(whole({head(0, 100), head(102, 200)}), std::pair(102, 200));
  EXPECT_EQ(whole({head(150, 300), head(0, 100), head(90, 200)}), std::pair(0, 300));
  EXPECT_EQ(whole({}), std::pair(kNoDay, kNoDay));
}

// What an extract of [from, made] shows of true spells.
std::vector<FlatRecord> Cut(const std::vector<FlatRecord>& truth, Day from, Day made) {
  std::vector<FlatRecord> seen;
  for (FlatRecord record : truth) {
    if (record.start() > made || record.end() < from) continue;
    if (record.end() > made) record.days[1] = kNoDay;
    seen.push_back(std::move(record));
  }
  return seen;
}

TEST(Merge, ExtractsOfATrueHistoryGiveItBack) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const auto up_to = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  for (int round = 0; round < 200; ++round) {
    std::map<std::string, FlatRecord> truth;  // by key: no two alike
    const bool ids = up_to(1) == 1;
    for (int i = 0; i < 60; ++i) {
      const Day start = up_to(900);
      FlatRecord record =
          Spell(absl::StrCat("c", up_to(15)), start, start + up_to(300), ids ? absl::StrCat("e", i) : "");
      truth.emplace(ids ? absl::StrCat(i) : absl::StrCat(record.person, " ", start), std::move(record));
    }
    std::vector<FlatRecord> spells;
    for (const auto& [key, record] : truth) spells.push_back(record);
    std::vector<Extract> extracts;
    Day made = 100;
    Day from = 0;
    while (made < 1000) {
      extracts.push_back(Of(from, made, Cut(spells, from, made)));
      from = made + 1 - up_to(90);  // each begins no later than the day after the one before was made
      made += 1 + up_to(180);
    }
    const Day last = extracts.back().head.window.extract;
    std::vector<std::string> expected = Show(Cut(spells, 0, last));
    std::shuffle(extracts.begin(), extracts.end(), random);
    const ExtractHistory history = Merge(extracts);
    std::vector<std::string> merged = Show(history.records);
    std::sort(expected.begin(), expected.end());
    std::sort(merged.begin(), merged.end());
    ASSERT_EQ(merged, expected);
    for (const ExtractReport& report : history.extracts)
      ASSERT_EQ(report.deleted + report.lost + report.changed, 0);
  }
}

constexpr char kSource[] = R"([[source]]
name = "eh"
format = "event-log"
path = "a.csv"
accumulate = true
covered_from = $0
extract_date = $1
[source.mapping]
shape = "episodes"
person = "child"
start = "from"
end = "to"
level = "early_help"
id = "id"
sex = "sex"
)";

class Accumulating : public ::testing::Test {
 protected:
  // Reads the file as the extract of these days.
  absl::StatusOr<IngestResult> Read(const std::string& csv, const std::string& from,
                                    const std::string& made) const {
    folder_.Write("a.csv", csv);
    ASSIGN_OR_RETURN(std::vector<SourceConfig> sources,
                     folder_.Sources(absl::Substitute(kSource, from, made)));
    for (SourceConfig& source : sources) source.store = Store();
    return Ingest(sources);
  }
  std::string Store() const { return folder_.path() + "/state/extracts.db"; }

  testing::Folder folder_;
};

constexpr char kFirst[] =
    "child,from,to,id,sex\na,2024-01-05,2024-02-01,1,f\nb,2024-05-01,,2,m\nc,2024-06-01,2024-06-20,3,\n";
constexpr char kSecond[] = "child,from,to,id,sex\nb,2024-05-01,2024-09-01,2,m\nd,2024-08-01,,4,f\n";

TEST_F(Accumulating, LastQuartersFileIsStillThere_WhenThisOnesIsRead) {
  ASSERT_OK_AND_ASSIGN(const IngestResult first, Read(kFirst, "2024-01-01", "2024-06-30"));
  EXPECT_EQ(first.records.episodes.size(), 3U);
  ASSERT_OK_AND_ASSIGN(const IngestResult second, Read(kSecond, "2024-06-25", "2024-12-31"));
  EXPECT_THAT(testing::Show(second.records),
              ElementsAre("a early_help 2024-01-05..2024-02-01", "b early_help 2024-05-01..2024-09-01",
                          "c early_help 2024-06-01..2024-06-20", "d early_help 2024-08-01.."));
  EXPECT_EQ(FormatDay(second.records.early_help.from), "2024-01-01");
  EXPECT_EQ(FormatDay(second.records.early_help.extract), "2024-12-31");
  ASSERT_EQ(second.report.extracts.size(), 2U);
  EXPECT_EQ(second.report.extracts[1].closed, 1);
  EXPECT_EQ(testing::TextOf(second.records, second.records.persons[0].sex), "female");
}

TEST_F(Accumulating, TheSameExtractTwiceChangesNothing) {
  ASSERT_OK(Read(kFirst, "2024-01-01", "2024-06-30").status());
  ASSERT_OK_AND_ASSIGN(const IngestResult once, Read(kSecond, "2024-06-25", "2024-12-31"));
  const auto written = std::filesystem::last_write_time(Store());
  ASSERT_OK_AND_ASSIGN(const IngestResult again, Read(kSecond, "2024-06-25", "2024-12-31"));
  EXPECT_EQ(testing::Dump(again.records), testing::Dump(once.records));
  EXPECT_EQ(std::filesystem::last_write_time(Store()), written);
}

TEST_F(Accumulating, GivesWhatOneReadingGives_WhenThereIsOneExtractOnly) {
  ASSERT_OK_AND_ASSIGN(const IngestResult held, Read(kFirst, "2024-01-01", "2024-06-30"));
  std::string toml = absl::Substitute(kSource, "2024-01-01", "2024-06-30");
  toml.replace(toml.find("accumulate = true"), 17, "");
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder_.Read(toml));
  EXPECT_EQ(testing::Dump(held.records), testing::Dump(read.records));
}

TEST_F(Accumulating, AnExtractOfWhichNothingCanBeUsedIsNotKept) {
  ASSERT_OK(Read(kFirst, "2024-01-01", "2024-06-30").status());
  ASSERT_OK_AND_ASSIGN(const IngestResult bad,
                       Read("child,from,to,id,sex\nb,01/05/2024,,2,m\n", "2024-06-25", "2024-12-31"));
  EXPECT_TRUE(bad.report.HasErrors());
  ASSERT_OK_AND_ASSIGN(const auto store, ExtractStore::Open(Store()));
  ASSERT_OK_AND_ASSIGN(const auto heads, store->List());
  ASSERT_EQ(heads.size(), 1U);
  EXPECT_EQ(heads[0].records, 3);
}

TEST_F(Accumulating, AnExtractOfTheSameDayTakesTheOthersPlace) {
  ASSERT_OK(Read(kFirst, "2024-01-01", "2024-06-30").status());
  ASSERT_OK_AND_ASSIGN(const IngestResult mended, Read("child,from,to,id,sex\na,2024-01-06,2024-02-01,1,f\n",
                                                       "2024-01-01", "2024-06-30"));
  EXPECT_THAT(testing::Show(mended.records), ElementsAre("a early_help 2024-01-06..2024-02-01"));
}

TEST_F(Accumulating, AGapIsReported) {
  ASSERT_OK(Read(kFirst, "2024-01-01", "2024-06-30").status());
  ASSERT_OK_AND_ASSIGN(const IngestResult second, Read(kSecond, "2024-07-15", "2024-12-31"));
  EXPECT_EQ(FormatDay(second.records.early_help.from), "2024-07-15");
  const auto about_gap = [](const Issue& issue) {
    return issue.message.find("no extract covers") != std::string::npos;
  };
  EXPECT_TRUE(std::any_of(second.report.issues.begin(), second.report.issues.end(), about_gap));
}

TEST_F(Accumulating, NeedsANameAndAnEpisodeInEachRow) {
  std::string toml = absl::Substitute(kSource, "2024-01-01", "2024-06-30");
  toml.replace(toml.find("name = \"eh\""), 11, "");
  EXPECT_THAT(folder_.Sources(toml).status(),
              ::waymark::testing::StatusIs(absl::StatusCode::kInvalidArgument,
                                           ::testing::HasSubstr("source[1].name")));
}

}  // namespace
}  // namespace waymark::node
