// What is gathered while rows are read: packed and unpacked again, spread over threads, merged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "folder.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/row_log.h"
#include "node/ingest/short_text.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

constexpr unsigned kSeed = 20261122;

int Number(std::mt19937& random, int least, int most) {
  return std::uniform_int_distribution<int>(least, most)(random);
}

std::string RandomText(std::mt19937& random) {
  std::string text(static_cast<std::size_t>(Number(random, 0, 20)), ' ');
  for (char& c : text) c = "ab\0\xFF\xC3z"[Number(random, 0, 5)];
  return text;
}

TEST(TextRoom, KeepsATextOnce) {
  TextRoom room;
  std::map<std::string, const char*> places;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = absl::StrCat("a text of more than eight bytes ", i % 3'000);
    const auto [known, fresh] = places.emplace(text, room.Put(text));
    ASSERT_EQ(known->second, room.Put(text)) << text;
    ASSERT_EQ(fresh, i < 3'000);
  }
}

TEST(ShortText, IsTheTextAgain_AndOrdersAsBytes) {
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  TextRoom room;
  for (int i = 0; i < 20'000; ++i) {
    const std::string a = RandomText(random);
    const std::string b = Number(random, 0, 3) == 0 ? a : RandomText(random);
    const ShortText packed_a(a, room);
    const ShortText packed_b(b, room);
    char bytes[8];
    ASSERT_EQ(packed_a.Unpack(bytes), a);
    ASSERT_EQ(packed_a.empty(), a.empty());
    ASSERT_EQ(packed_a == packed_b, a == b);
    ASSERT_EQ(packed_a < packed_b, a < b);
    ASSERT_EQ(packed_a.Is(b), a == b);
    ASSERT_EQ(packed_a.Hash(), HashOf(a));
    ASSERT_TRUE(ShortText::OfWord(packed_a.word()) == packed_a);
    if (a == b) {
      ASSERT_EQ(HashOf(a), HashOf(b));
    }
  }
}

// The order of persons rests on it: what it is must not change unnoticed.
TEST(HashOf, IsTheSameInEveryRun) {
  EXPECT_EQ(HashOf("P00001"), 0xC8E76B5AAC1E145BU);
  EXPECT_EQ(HashOf("child-of-the-council-7"), 0x3C9812F132603841U);
  std::set<std::uint64_t> highest;
  for (int i = 0; i < 10'000; ++i) highest.insert(HashOf(absl::StrCat("a-rather-long-id-", i)) >> 56U);
  EXPECT_EQ(highest.size(), 256U) << "ids that differ little are to be spread well";
}

LoggedRow RandomRow(std::mt19937& random) {
  LoggedRow row{.type = static_cast<RowType>(Number(random, 0, 3))};
  row.part = static_cast<std::uint8_t>(Number(random, 0, 3));
  row.start = Number(random, -43'000, 66'000);
  if (Number(random, 0, 1) == 0) row.end = row.start + Number(random, 0, 60'000);
  if (Number(random, 0, 3) == 0) row.referral = Number(random, -43'000, 66'000);
  const int codes[] = {7, 5, 3, 3};
  const int greatest = Number(random, 0, 1) == 0 ? kNoCode : 300;
  for (int i = 0; i < codes[static_cast<int>(row.type)]; ++i) {
    row.codes[static_cast<std::size_t>(i)] =
        Number(random, 0, 9) == 0 ? kNoCode : static_cast<Code>(Number(random, 0, greatest));
  }
  row.line = static_cast<std::uint32_t>(random());
  row.file = static_cast<std::uint16_t>(Number(random, 0, 3) == 0 ? Number(random, 0, 65'535) : 7);
  row.counts = Number(random, 0, 1) == 0;
  return row;
}

PersonFacts RandomFacts(std::mt19937& random, TextRoom& room) {
  const auto day = [&] { return Number(random, 0, 1) == 0 ? kNoDay : Number(random, -43'000, 66'000); };
  const int greatest = Number(random, 0, 1) == 0 ? kNoCode : 300;
  const auto code = [&] {
    return static_cast<Code>(Number(random, 0, 2) == 0 ? kNoCode : Number(random, 0, greatest));
  };
  return {.family = ShortText(RandomText(random), room),
          .birth = day(),
          .death = day(),
          .sex = code(),
          .ethnicity = code(),
          .disability = code(),
          .listed = Number(random, 0, 1) == 0};
}

// An entry of a log: a row, or facts.
struct Entry {
  ShortText person = {};
  std::string id = {};
  std::optional<LoggedRow> row = {};
  PersonFacts facts = {};
};

struct ExpectEntries {
  const std::vector<Entry>& entries;
  std::size_t& at;
  LoggedRow read = {};

  const Entry& Next(ShortText person) const {
    const Entry& entry = entries.at(at++);
    EXPECT_TRUE(entry.person == person) << "entry " << at - 1;
    return entry;
  }
  LoggedRow& Room() {
    read = {};
    return read;
  }
  void operator()(ShortText person) const {
    const Entry& entry = Next(person);
    ASSERT_TRUE(entry.row) << "entry " << at - 1;
    const auto fields = [](const LoggedRow& r) {
      return std::tie(r.type, r.part, r.start, r.end, r.referral, r.codes, r.id, r.hash, r.line, r.file,
                      r.counts);
    };
    EXPECT_TRUE(fields(read) == fields(*entry.row)) << "entry " << at - 1;
  }
  void operator()(ShortText person, const PersonFacts& facts) const {
    const Entry& entry = Next(person);
    ASSERT_FALSE(entry.row) << "entry " << at - 1;
    const auto fields = [](const PersonFacts& f) {
      return std::tie(f.family, f.birth, f.death, f.sex, f.ethnicity, f.disability, f.listed);
    };
    EXPECT_TRUE(fields(facts) == fields(entry.facts)) << "entry " << at - 1;
  }
};

TEST(RowLog, GivesBackWhatWasAdded) {
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  TextRoom room;
  std::vector<Entry> entries;
  for (int i = 0; i < 10'000; ++i) {
    Entry entry{.person = i == 0 || Number(random, 0, 1) == 0 ? ShortText(RandomText(random), room)
                                                              : entries.back().person};
    if (Number(random, 0, 1) == 0) {
      entry.facts = RandomFacts(random, room);
    } else {
      entry.row = RandomRow(random);
      if (Number(random, 0, 1) == 0) {
        entry.id = std::string(
            static_cast<std::size_t>(Number(random, 0, 1'000) == 0 ? 300'000 : Number(random, 1, 40)), 'i');
      } else {
        entry.row->hash = random();
      }
    }
    entries.push_back(entry);
  }
  RowLog log;
  for (Entry& entry : entries) {
    if (!entry.row) {
      log.Add(entry.person, entry.facts);
      continue;
    }
    entry.row->id = entry.id;
    log.Add(entry.person, *entry.row);
  }
  std::size_t at = 0;
  ExpectEntries expect{.entries = entries, .at = at};
  log.ForEach(expect);
  EXPECT_EQ(at, entries.size());
}

TEST(RowLog, FactsAreWrittenOnce_WhenThePersonsRowsRepeatThem) {
  TextRoom room;
  const ShortText ann("P1", room);
  const ShortText ben("P2", room);
  const PersonFacts born{.birth = 15'000};
  const PersonFacts female{.birth = 15'000, .sex = 1};
  // Ann's are repeated once, then others follow, and then come after Ben's rows.
  const std::vector<std::pair<ShortText, PersonFacts>> told = {{ann, born}, {ann, born}, {ann, female},
                                                               {ann, born}, {ben, born}, {ann, born}};
  RowLog log;
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < told.size(); ++i) {
    log.Add(told[i].first, told[i].second);
    log.Add(told[i].first, LoggedRow{.line = static_cast<std::uint32_t>(i)});
    if (i != 1) entries.push_back({.person = told[i].first, .facts = told[i].second});
    entries.push_back({.person = told[i].first, .row = LoggedRow{.line = static_cast<std::uint32_t>(i)}});
  }
  std::size_t at = 0;
  ExpectEntries expect{.entries = entries, .at = at};
  log.ForEach(expect);
  EXPECT_EQ(at, entries.size());
}

// What a row says, to be added to any builder.
struct Said {
  std::string person, id, family, sex, need;
  Day birth = kNoDay;
  Day start = 0;
  bool referral = false;
  std::uint64_t hash = 0;
  std::uint32_t line = 0;
};

void Add(const Said& said, RecordBuilder& builder) {
  const RowPlace place{.hash = said.hash, .line = said.line};
  const std::uint32_t person = builder.PersonNumber(said.person);
  builder.AddPerson(
      person, {.birth = {.day = said.birth}, .family = said.family, .sex = builder.Text(said.sex)}, place);
  if (said.referral) {
    builder.AddReferral({.person = person, .id = builder.Id(said.id)}, {.day = said.start}, place);
  } else {
    builder.AddEpisode({.person = person, .need = builder.Text(said.need), .id = builder.Id(said.id)},
                       {.day = said.start}, {}, place);
  }
}

// What becomes of `rows`, each added to one of `threads` builders at random.
std::pair<std::string, FileReport> Merged(const std::vector<Said>& rows, int threads, std::mt19937& random) {
  const Coverage coverage{.from = 0, .extract = 20'000};
  QualityReport report;
  report.files.resize(1);
  RecordBuilder builder(coverage, coverage, coverage, coverage, report);
  std::vector<std::unique_ptr<QualityReport>> reports;
  std::vector<RecordBuilder*> builders = {&builder};
  for (int i = 1; i < threads; ++i) {
    reports.push_back(std::make_unique<QualityReport>());
    reports.back()->files.resize(1);
    builders.push_back(&builder.Beside(*reports.back()));
  }
  for (const Said& said : rows)
    Add(said, *builders[static_cast<std::size_t>(Number(random, 0, threads - 1))]);
  for (const auto& other : reports) report.files[0].Take(other->files[0]);
  const absl::StatusOr<Records> records = builder.Finish();
  EXPECT_OK(records);
  std::string dump = records.ok() ? testing::Dump(*records) : "";
  for (const Issue& issue : report.issues) absl::StrAppend(&dump, issue.message, "\n");
  return {dump, report.files[0]};
}

TEST(RecordBuilder, ComesToTheSame_WhateverTheOrderAndTheThreads) {
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  for (const int persons : {3, 40, 90'000}) {
    std::vector<Said> rows;
    for (int i = 0; i < 2 * persons + 50; ++i) {
      const int person = Number(random, 0, persons - 1);
      Said said{
          .person = person % 2 == 0 ? absl::StrCat("p", person) : absl::StrCat("a-long-number-", person),
          .id = Number(random, 0, 2) == 0 ? "" : absl::StrCat("case ", Number(random, 0, 3)),
          .family = absl::StrCat("f", person / 3),
          .sex = std::vector<std::string>{"female", "male", "", "not known"}[random() % 4],
          .need = absl::StrCat("N", Number(random, 0, 2)),
          .birth = Number(random, 0, 1) * 300,
          .start = Number(random, 0, 3) * 100,
          .referral = Number(random, 0, 1) == 0};
      said.line = static_cast<std::uint32_t>(i + 2);
      said.hash = static_cast<std::uint64_t>(Number(random, 0, 1));
      rows.push_back(said);
    }
    const auto [expected, notes] = Merged(rows, 1, random);
    // Counted here once more: rows are the same by all fields, and by id or hash.
    std::set<std::string> different;
    for (const Said& said : rows) {
      different.insert(absl::StrCat(said.person, "|", said.id, "|", said.referral ? "referral" : said.need,
                                    "|", said.start, "|", said.id.empty() ? said.hash : 0));
    }
    ASSERT_EQ(notes.rows_used, static_cast<std::int64_t>(different.size()));
    ASSERT_EQ(testing::CountOf(notes.left_out, std::string(kSameRow)),
              static_cast<std::int64_t>(rows.size()) - notes.rows_used);
    for (const int threads : {1, 2, 3}) {
      std::shuffle(rows.begin(), rows.end(), random);
      const auto [dump, other] = Merged(rows, threads, random);
      ASSERT_TRUE(dump == expected) << persons << " persons, " << threads << " threads";
      EXPECT_EQ(other.rows_used, notes.rows_used);
    }
  }
}

TEST(RecordBuilder, Refuses_WhenAColumnOfNamesIsOneOfIds) {
  const Coverage coverage{.from = 0, .extract = 20'000};
  QualityReport report;
  report.files.resize(1);
  RecordBuilder builder(coverage, coverage, coverage, coverage, report);
  for (int i = 0; i < 70'000; ++i) builder.Text(absl::StrCat("team ", i));
  EXPECT_THAT(builder.Finish(), ::waymark::testing::StatusIs(absl::StatusCode::kResourceExhausted,
                                                             ::testing::HasSubstr("65535")));
}

TEST(RecordBuilder, MakesNoMoreThanIsAskedFor) {
  const auto finish = [](const Extras& extras) {
    const Coverage coverage{.from = 0, .extract = 20'000};
    QualityReport report;
    report.files.resize(1);
    RecordBuilder builder(coverage, coverage, coverage, coverage, report);
    builder.Make(extras);
    for (const char* id : {"b", "a"}) {
      const std::uint32_t person = builder.PersonNumber(id);
      builder.AddPerson(person, {.birth = {.day = 5}, .family = "f"}, {});
      builder.AddReferral({.person = person, .id = builder.Id("r")}, {.day = 100}, {});
    }
    return builder.Finish();
  };
  ASSERT_OK_AND_ASSIGN(const Records all, finish({}));
  EXPECT_EQ(all.person_ids.Text(0), "a");
  EXPECT_EQ(all.persons[0].family, all.persons[1].family);
  EXPECT_EQ(all.record_ids.size(), 2U);
  ASSERT_OK_AND_ASSIGN(const Records few, finish({.ids = false, .families = false, .quality = false}));
  EXPECT_TRUE(few.has_families) << "that sources tell of families is known all the same";
  EXPECT_EQ(few.person_ids.size() + few.family_ids.size() + few.record_ids.size() + few.quality.size(), 0U);
  ASSERT_EQ(few.persons.size(), 2U);
  EXPECT_EQ(few.persons[0].birth, 5);
  EXPECT_EQ(few.persons[0].family, kNoFamily);
  ASSERT_EQ(few.referrals.size(), 2U);
  EXPECT_EQ(few.referrals[1].person, 1U);
  EXPECT_EQ(few.referrals[1].id, kNoRecordId);
}

}  // namespace
}  // namespace waymark::node
