#include "node/ingest/extract_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "folder.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::waymark::testing::StatusIs;

Extract Made(const std::string& source, Day day, int records) {
  Extract extract{.head = {.source = source, .window = {.from = day - 180, .extract = day}, .carries = {}},
                  .records = {}};
  extract.head.carries.early_help_assessments = true;
  extract.head.records = records;
  for (int i = 0; i < records; ++i) {
    FlatRecord record;
    record.kind = static_cast<FlatRecord::Kind>(1 + i % 4);
    record.person = absl::StrCat("child-", i);
    record.sub = i % 4;
    record.days = {day - i, i % 3 == 0 ? kNoDay : day, i % 5 == 0 ? day - 3 : kNoDay};
    for (std::size_t t = 0; t < FlatRecord::kTexts; ++t) {
      if ((static_cast<std::size_t>(i) + t) % 3 != 0)
        record.texts[t] = t == 4 ? "" : absl::StrCat("text ", i, " é ", t);
    }
    extract.records.push_back(record);
  }
  return extract;
}

class ExtractStoreTest : public ::testing::Test {
 protected:
  std::string Path() const { return folder_.path() + "/state/extracts.db"; }
  std::unique_ptr<ExtractStore> Open() const {
    auto store = ExtractStore::Open(Path());
    EXPECT_OK(store.status());
    return store.ok() ? *std::move(store) : nullptr;
  }
  testing::Folder folder_;
};

TEST_F(ExtractStoreTest, GivesBackWhatItWasGiven) {
  const Extract extract = Made("a", 20000, 50);
  ASSERT_OK(Open()->Keep(extract));
  ASSERT_OK(Open()->Keep(Made("b", 20000, 3)));
  ASSERT_OK_AND_ASSIGN(const auto held, Open()->Load("a"));
  ASSERT_THAT(held, SizeIs(1));
  EXPECT_EQ(held[0].head.window.from, 19820);
  EXPECT_EQ(held[0].head.window.extract, 20000);
  EXPECT_EQ(held[0].head.records, 50);
  EXPECT_TRUE(held[0].head.carries.early_help_assessments);
  EXPECT_FALSE(held[0].head.carries.early_help);
  EXPECT_TRUE(held[0].records == extract.records);
}

TEST_F(ExtractStoreTest, IsItsOwnersOnly) {
  ASSERT_OK(Open()->Keep(Made("a", 20000, 5)));
  struct stat facts {};
  ASSERT_EQ(stat(Path().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

TEST_F(ExtractStoreTest, WhatIsTakenOutIsGoneFromTheFile) {
  ASSERT_OK(Open()->Keep(Made("a", 20000, 500)));
  ASSERT_OK(Open()->Keep(Made("a", 20100, 5)));
  ASSERT_OK_AND_ASSIGN(const bool removed, Open()->Remove("a", 20000));
  EXPECT_TRUE(removed);
  ASSERT_OK_AND_ASSIGN(const bool again, Open()->Remove("a", 20000));
  EXPECT_FALSE(again);
  ASSERT_OK_AND_ASSIGN(const auto heads, Open()->List());
  ASSERT_THAT(heads, SizeIs(1));
  EXPECT_EQ(heads[0].window.extract, 20100);
  std::ifstream file(Path(), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_NE(bytes.find("child-4"), std::string::npos);
  EXPECT_EQ(bytes.find("child-321"), std::string::npos);
}

TEST_F(ExtractStoreTest, HoldsWhatItHeld_WhenItsWriterIsKilled) {
  ASSERT_OK(Open()->Keep(Made("a", 20000, 1000)));
  for (const int microseconds : {500, 2000, 5000, 10'000, 20'000, 40'000, 80'000}) {
    const pid_t child = fork();
    if (child == 0) {
      auto store = ExtractStore::Open(Path());
      if (store.ok()) (void)(*store)->Keep(Made("a", 20000, 20'000));
      _exit(0);
    }
    usleep(static_cast<useconds_t>(microseconds));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    ASSERT_OK_AND_ASSIGN(const auto held, Open()->Load("a"));
    ASSERT_THAT(held, SizeIs(1));
    // The old one whole, or the new one whole.
    if (held[0].records.size() == 20'000U) break;
    EXPECT_TRUE(held[0].records == Made("a", 20000, 1000).records);
  }
}

TEST_F(ExtractStoreTest, HoldsWhatItHeld_WhenTheDiskIsFull) {
  ASSERT_OK(Open()->Keep(Made("a", 20000, 1000)));
  // In a process of its own: no file of it may grow beyond a little more than there is.
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{400'000, 400'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    auto store = ExtractStore::Open(Path());
    const absl::Status status = store.ok() ? (*store)->Keep(Made("a", 20100, 50'000)) : store.status();
    const bool clear = status.code() == absl::StatusCode::kResourceExhausted &&
                       status.message().find("It holds what it held before") != absl::string_view::npos;
    _exit(clear ? 0 : 1);
  }
  int result = -1;
  waitpid(child, &result, 0);
  EXPECT_EQ(result, 0);
  ASSERT_OK_AND_ASSIGN(const auto held, Open()->Load("a"));
  ASSERT_THAT(held, SizeIs(1));
  EXPECT_TRUE(held[0].records == Made("a", 20000, 1000).records);
}

TEST_F(ExtractStoreTest, AnotherProgramsFileIsRefused) {
  folder_.Write("state/extracts.db", "child,start\n" + std::string(1000, 'x'));
  EXPECT_THAT(ExtractStore::Open(Path()).status(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("extracts.db")));
  ASSERT_OK(ExtractStore::Open(folder_.path() + "/other.db").status());
}

}  // namespace
}  // namespace waymark::node
