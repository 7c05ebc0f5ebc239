// A process killed (SIGKILL) in the middle of a large publication leaves all of it or nothing.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/clock.h"
#include "coordinator/store/sqlite_store.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using testing::TemporaryFolder;
using waymark::testing::IsOk;

constexpr std::size_t kFigures = 20'000;
constexpr int kKills = 15;

Publication LargePublication() {
  Publication publication;
  publication.round_id = "r";
  publication.published_unix_s = 9;
  for (std::size_t i = 0; i < kFigures; ++i) {
    publication.figures.push_back({.item = 0,
                                   .breakdown = "",
                                   .geography = "all",
                                   .above_council = true,
                                   .bytes = std::string(100, static_cast<char>('a' + i % 26))});
  }
  return publication;
}

[[noreturn]] void PublishAndExit(const std::string& path, const Publication& publication) {
  auto store = SqliteStore::Open(path);
  if (!store.ok()) _exit(1);
  _exit((*store)->Publish(publication).ok() ? 0 : 2);
}

TEST(KilledStore, HoldsAWholePublicationOrNone) {
  TemporaryFolder folder;
  const std::string path = folder.path() + "/waymark.db";
  const Publication publication = LargePublication();
  const SystemClock clock;
  int cut_off = 0;
  for (int kill_number = 0; kill_number < kKills; ++kill_number) {
    ASSERT_EQ(unlink(path.c_str()) == 0 || kill_number == 0, true);
    unlink((path + "-wal").c_str());
    unlink((path + "-shm").c_str());
    ASSERT_OK(SqliteStore::Create(path));
    {
      ASSERT_OK_AND_ASSIGN(const auto store, SqliteStore::Open(path));
      Round round;
      round.round_id = "r";
      round.spec_hash = "h";
      ASSERT_OK(store->AddRound(round));
    }
    const pid_t child = fork();
    if (child == 0) PublishAndExit(path, publication);
    clock.Sleep(absl::Milliseconds(3 + 12 * kill_number));
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    cut_off += WIFSIGNALED(status) ? 1 : 0;
    ASSERT_OK_AND_ASSIGN(const auto store, SqliteStore::Open(path));
    ASSERT_OK_AND_ASSIGN(const auto round, store->FindRound("r"));
    ASSERT_OK_AND_ASSIGN(const std::vector<std::string> figures, store->Figures("r", 0, "", {}));
    EXPECT_EQ(figures.size(), round->state == RoundState::kPublished ? kFigures : 0u);
    EXPECT_OK(store->Publish(publication));
    EXPECT_EQ(store->Figures("r", 0, "", {}).value().size(), kFigures);
  }
  EXPECT_GT(cut_off, 0) << "no kill came in time to cut a publication off";
}

}  // namespace
}  // namespace waymark::coordinator
