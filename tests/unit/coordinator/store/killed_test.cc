// A process killed (SIGKILL) in the middle of a large publication leaves all of it or nothing.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status.h"
#include "coordinator/store/open_store.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using testing::TemporaryFolder;

constexpr std::size_t kFigures = 20'000;
constexpr std::size_t kBatch = 5'000;
constexpr int kKills = 15;

Publication LargePublication() {
  Publication publication;
  publication.round_id = "r";
  publication.published_unix_s = 9;
  for (int i = 0; i < 1000; ++i) {
    publication.absences.push_back({.council = absl::StrCat("E", i), .item = kWholeRelease, .absence = 1});
  }
  return publication;
}

std::vector<StoredFigure> Batch() {
  std::vector<StoredFigure> figures;
  for (std::size_t i = 0; i < kBatch; ++i) {
    figures.push_back({.item = 0,
                       .breakdown = "",
                       .geography = "all",
                       .above_council = true,
                       .bytes = std::string(100, static_cast<char>('a' + i % 26))});
  }
  return figures;
}

// Publishes as rounds/publication.h does: whatever an attempt before left is dropped first.
absl::Status PublishAll(Store& store, const Publication& publication) {
  RETURN_IF_ERROR(store.DropFigures("r"));
  for (std::size_t i = 0; i < kFigures / kBatch; ++i) RETURN_IF_ERROR(store.AddFigures("r", Batch()));
  return store.Publish(publication).status();
}

[[noreturn]] void PublishAndExit(const std::string& path, const Publication& publication) {
  auto store = OpenStore({.sqlite_path = path});
  if (!store.ok()) _exit(1);
  _exit(PublishAll(**store, publication).ok() ? 0 : 2);
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
    ASSERT_OK(CreateStore({.sqlite_path = path}));
    {
      ASSERT_OK_AND_ASSIGN(const auto store, OpenStore({.sqlite_path = path}));
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
    ASSERT_OK_AND_ASSIGN(const auto store, OpenStore({.sqlite_path = path}));
    ASSERT_OK_AND_ASSIGN(const auto round, store->FindRound("r"));
    ASSERT_OK_AND_ASSIGN(const std::vector<std::string> figures, store->Figures("r", 0, "", {}));
    const bool published = round->state == RoundState::kPublished;
    EXPECT_EQ(store->Absences("r").value().size(), published ? 1000u : 0u);
    EXPECT_EQ(figures.size() % kBatch, 0u);
    if (published) {
      EXPECT_EQ(figures.size(), kFigures);
    } else {
      EXPECT_OK(PublishAll(*store, publication));
    }
    EXPECT_EQ(store->Figures("r", 0, "", {}).value().size(), kFigures);
  }
  EXPECT_GT(cut_off, 0) << "no kill came in time to cut a publication off";
}

}  // namespace
}  // namespace waymark::coordinator
