// A disk that fills up: what cannot be recorded is not released.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>

#include "base/file.h"
#include "node/disclose/door.h"
#include "tests/attacks/release/forked.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

constexpr int kNoMount = 50;

contract::RoundSpec BigSpec(const std::string& round) {
  return SpecOf(round, {NoisedItem("19", 1, 2, {"sex"}), ItemFor("16", v1::MODE_THRESHOLDED, {"sex"}),
                        ItemFor("22-starts", v1::MODE_THRESHOLDED, {"sex"})});
}

// A limit on the size of files stands in for the full disk: SQLite's writes fail from there on. The child
// lowers it further and further, so that each write of an answer is the failing one in its turn.
TEST(FullDiskTest, NothingIsReleased_WhenAWriteFails) {
  int failed = 0;
  int answered = 0;
  for (rlim_t bytes = 40'000; bytes < 400'000; bytes += 12'000) {
    MadeUpCouncil council;
    const int result = testing::Forked([&] {
      if (!council.Open().ok()) return 1;
      signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};
      if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 3;
      MadeUpTables tables;
      const auto first = council.MakeDoor().Answer(BigSpec("q1"), tables);
      if (first.ok()) return 0;
      if (!absl::IsResourceExhausted(first.status())) {
        std::fprintf(stderr, "%s\n", first.status().ToString().c_str());
        return 4;
      }
      // Room again: the same process goes on.
      const rlimit room{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
      if (setrlimit(RLIMIT_FSIZE, &room) != 0) return 3;
      return council.MakeDoor().Answer(BigSpec("q1"), tables).ok() ? 10 : 5;
    });
    ASSERT_TRUE(result == 0 || result == 10) << result << " at " << bytes;
    failed += result == 10 ? 1 : 0;
    answered += result == 0 ? 1 : 0;
    ASSERT_OK(council.Open());
    ASSERT_OK_AND_ASSIGN(const auto entries, council.ledger().Entries());
    std::size_t releases = 0;
    for (const LedgerEntry& entry : entries) releases += entry.kind == EntryKind::kRelease ? 1 : 0;
    EXPECT_EQ(releases, 1u);
  }
  EXPECT_GT(failed, 0);
  EXPECT_GT(answered, 0);
}

// A real full disk, where this machine lets us mount a small one (in a mount namespace of the child's own).
TEST(FullDiskTest, NothingIsReleased_OnASmallFileSystem) {
  const int result = testing::Forked([] {
    MadeUpCouncil council;
    if (unshare(CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", council.folder.path().c_str(), "tmpfs", 0, "size=512k") != 0) {
      return kNoMount;
    }
    if (!council.Open().ok()) return 1;
    MadeUpTables tables;
    if (!council.MakeDoor().Answer(SpecOf("q0", {NoisedItem("19", 1, 2)}), tables).ok()) return 2;
    const std::string filler = council.folder.Path("filler");
    {
      std::ofstream file(filler);
      const std::string block(1024, 'x');
      while (file.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
      }
    }
    const auto answered = council.MakeDoor().Answer(BigSpec("q1"), tables);
    if (answered.ok()) return 3;
    if (!absl::IsResourceExhausted(answered.status())) return 4;
    const auto entries = council.ledger().Entries();
    if (!entries.ok()) return 5;
    for (const LedgerEntry& entry : *entries) {
      if (entry.kind == EntryKind::kRelease && entry.round_id == "q1") return 6;
    }
    std::remove(filler.c_str());
    if (!council.MakeDoor().Answer(BigSpec("q1"), tables).ok()) return 7;
    if (!council.Open().ok()) return 8;
    umount2(council.folder.path().c_str(), MNT_DETACH);
    return 0;
  });
  if (result == kNoMount) GTEST_SKIP() << "no permission to mount a small file system here";
  EXPECT_EQ(result, 0);
}

}  // namespace
}  // namespace waymark::node
