#include "node/disclose/ledger.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing::StatusIs;

const BudgetLimits kCap{.epsilon = {.numerator = 4, .denominator = 1}};

Claim NoisedClaim(const std::string& metric, std::uint64_t above, std::uint64_t below) {
  return {.metric = metric,
          .version = 1,
          .linkage_group = absl::StrCat("group-", metric),
          .mode = v1::MODE_NOISED,
          .period = "2024-25",
          .data_version = 1,
          .epsilon = {above, below},
          .charge = *BudgetUnits({above, below}),
          .first_year = 2024,
          .last_year = 2025};
}

Claim ThresholdedClaim(const std::string& metric, const std::string& period = "2024-25") {
  return {.metric = metric,
          .version = 1,
          .linkage_group = absl::StrCat("group-", metric),
          .mode = v1::MODE_THRESHOLDED,
          .period = period,
          .data_version = 1};
}

std::string HashNamed(char c) {
  return std::string(32, c);
}

class LedgerTest : public ::testing::Test {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() {
    ledger_.reset();
    auto opened = Ledger::Open(path(), clock_);
    ASSERT_OK(opened);
    ledger_ = *std::move(opened);
  }
  std::string path() const { return folder_.Path("ledger.db"); }
  // Four entries, one of each kind.
  void Fill() {
    ASSERT_OK(ledger_->Charge("q1", HashNamed('a'), NoisedClaim("19", 1, 2), kCap));
    ASSERT_OK(ledger_->StoreItem("q1", HashNamed('a'), NoisedClaim("19", 1, 2), {}, "noised tables"));
    ASSERT_OK(ledger_->StoreRelease("q1", HashNamed('s'), [](std::uint64_t, const std::string&) {
      return absl::StatusOr<std::string>("release");
    }));
    ASSERT_OK(ledger_->Acknowledge("q1", HashNamed('r'), "receipt"));
    ASSERT_OK(ledger_->StoreItem("q2", HashNamed('b'), ThresholdedClaim("16"), {}, "tables"));
  }
  // What opening says after `sql` was run on the file by somebody else, its guards removed.
  absl::Status AfterTampering(const std::string& sql) {
    ledger_.reset();
    {
      SQLite::Database database(path(), SQLite::OPEN_READWRITE);
      database.exec(
          "DROP TRIGGER IF EXISTS no_update; DROP TRIGGER IF EXISTS no_delete;"
          "DROP INDEX IF EXISTS one_item_a_query; DROP INDEX IF EXISTS one_release_a_round;"
          "DROP INDEX IF EXISTS one_receipt_a_round");
      database.exec(sql);
    }
    return Ledger::Open(path(), clock_).status();
  }

  TemporaryFolder folder_;
  testing::FakeClock clock_{absl::FromUnixSeconds(1'780'000'000)};
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(LedgerTest, EntriesAreChainedInOrder) {
  Fill();
  ASSERT_OK_AND_ASSIGN(const auto entries, ledger_->Entries());
  ASSERT_THAT(entries, SizeIs(5));
  EXPECT_EQ(entries[0].previous, std::string(32, '\0'));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].sequence, i + 1);
    EXPECT_EQ(entries[i].hash, HashOf(entries[i]));
    if (i > 0) {
      EXPECT_EQ(entries[i].previous, entries[i - 1].hash);
    }
  }
  EXPECT_EQ(entries[2].kind, EntryKind::kRelease);
  EXPECT_EQ(entries[3].kind, EntryKind::kAcknowledged);
  EXPECT_OK(ledger_->Verify());
  Reopen();
  ASSERT_OK_AND_ASSIGN(const auto again, ledger_->Entries());
  EXPECT_THAT(again, SizeIs(5));
  EXPECT_OK(ledger_->FindItem(HashNamed('a')));
  EXPECT_EQ(**ledger_->FindItem(HashNamed('a')), "noised tables");
  EXPECT_EQ((*ledger_->FindRelease("q1"))->bytes, "release");
  EXPECT_TRUE(*ledger_->IsAcknowledged("q1"));
  EXPECT_FALSE(*ledger_->IsAcknowledged("q2"));
}

TEST_F(LedgerTest, FileIsItsOwnersAlone) {
  struct stat facts {};
  ASSERT_EQ(stat(path().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

TEST_F(LedgerTest, FirstStoredItemStays) {
  ASSERT_OK(ledger_->StoreItem("q1", HashNamed('b'), ThresholdedClaim("16"), {}, "first"));
  ASSERT_OK_AND_ASSIGN(const auto second,
                       ledger_->StoreItem("q2", HashNamed('b'), ThresholdedClaim("16"), {}, "second"));
  EXPECT_EQ(second.payload, "first");
  ASSERT_OK_AND_ASSIGN(const auto entries, ledger_->Entries());
  EXPECT_THAT(entries, SizeIs(1));
}

TEST_F(LedgerTest, FirstStoredReleaseStays) {
  Fill();
  ASSERT_OK_AND_ASSIGN(const auto again,
                       ledger_->StoreRelease("q1", HashNamed('t'), [](std::uint64_t, const std::string&) {
                         return absl::StatusOr<std::string>("another");
                       }));
  EXPECT_EQ(again.bytes, "release");
  EXPECT_EQ(again.spec_hash, HashNamed('s'));
}

TEST_F(LedgerTest, NothingIsStored_WhenTheReleaseCannotBeMade) {
  EXPECT_THAT(ledger_->StoreRelease("q1", HashNamed('s'),
                                    [](std::uint64_t, const std::string&) {
                                      return absl::StatusOr<std::string>(absl::InternalError("no key"));
                                    }),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("no key")));
  ASSERT_OK_AND_ASSIGN(const auto entries, ledger_->Entries());
  EXPECT_THAT(entries, SizeIs(0));
}

TEST_F(LedgerTest, UnchargedNoisedItemIsNeverStored) {
  EXPECT_THAT(ledger_->StoreItem("q1", HashNamed('a'), NoisedClaim("19", 1, 2), {}, "tables"),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("without a charge")));
  EXPECT_THAT(ledger_->Charge("q1", HashNamed('a'), ThresholdedClaim("16"), kCap),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("only a noised query")));
}

TEST_F(LedgerTest, CapHoldsForEveryYearOfTheCharge) {
  Claim early = NoisedClaim("19", 3, 1);
  early.first_year = early.last_year = 2024;
  ASSERT_OK_AND_ASSIGN(auto refusal, ledger_->Charge("q1", HashNamed('a'), early, kCap));
  EXPECT_FALSE(refusal.has_value());
  // 2023 and 2025 have room; 2024 has 1 left.
  Claim wide = NoisedClaim("19", 1'000'001, 1'000'000);
  wide.first_year = 2023;
  ASSERT_OK_AND_ASSIGN(refusal, ledger_->Charge("q2", HashNamed('b'), wide, kCap));
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->rule, "yearly budget");
  EXPECT_THAT(refusal->explanation, HasSubstr("2024-25"));
  EXPECT_THAT(refusal->explanation, HasSubstr("3 is spent"));
  wide = NoisedClaim("19", 1, 1);
  wide.first_year = 2023;
  ASSERT_OK_AND_ASSIGN(refusal, ledger_->Charge("q2", HashNamed('b'), wide, kCap));
  EXPECT_FALSE(refusal.has_value());
  ASSERT_OK_AND_ASSIGN(const auto budget, ledger_->Budget(kCap));
  ASSERT_THAT(budget, SizeIs(3));
  EXPECT_EQ(budget[0].year, 2023);
  EXPECT_EQ(budget[1].spent, 4 * kBudgetUnits);
  EXPECT_EQ(budget[1].left, 0u);
  EXPECT_EQ(budget[2].left, 3 * kBudgetUnits);
}

TEST_F(LedgerTest, AwkwardDenominatorsNeitherOverflowNorComeCheaper) {
  // Primes near 10^9 whose common denominator would pass 128 bits after four charges.
  const std::vector<std::uint64_t> primes = {999'999'937, 999'999'929, 999'999'893, 999'999'883,
                                             999'999'797, 999'999'761, 999'999'757, 999'999'751};
  char name = 'a';
  for (const std::uint64_t prime : primes) {
    ASSERT_OK_AND_ASSIGN(const auto refusal,
                         ledger_->Charge("q", HashNamed(name++), NoisedClaim("19", prime / 2, prime), kCap));
    EXPECT_FALSE(refusal.has_value());
  }
  ASSERT_OK_AND_ASSIGN(const auto budget, ledger_->Budget(kCap));
  EXPECT_LE(budget[0].spent, 4 * kBudgetUnits);
  EXPECT_GE(budget[0].spent, 4 * kBudgetUnits - 10'000);
  ASSERT_OK_AND_ASSIGN(const auto refusal,
                       ledger_->Charge("q", HashNamed('z'), NoisedClaim("19", 1, 1000), kCap));
  EXPECT_TRUE(refusal.has_value());
}

TEST_F(LedgerTest, ModesExcludeEachOther_WhicheverComesFirst) {
  ASSERT_OK(ledger_->Charge("q1", HashNamed('a'), NoisedClaim("19", 1, 2), kCap));
  Claim linked = ThresholdedClaim("20", "2024-25-Q3");
  linked.linkage_group = "group-19";
  ASSERT_OK_AND_ASSIGN(const auto refused, ledger_->StoreItem("q2", HashNamed('b'), linked, {}, "tables"));
  ASSERT_TRUE(refused.refusal.has_value());
  EXPECT_EQ(refused.refusal->rule, "one mode");
  EXPECT_THAT(refused.refusal->explanation, HasSubstr("entry 1"));
  EXPECT_EQ(refused.payload, "");
  ASSERT_OK(ledger_->StoreItem("q3", HashNamed('c'), ThresholdedClaim("16"), {}, "tables"));
  Claim other = NoisedClaim("17", 1, 2);
  other.linkage_group = "group-16";
  ASSERT_OK_AND_ASSIGN(const auto refusal, ledger_->Charge("q4", HashNamed('d'), other, kCap));
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->rule, "one mode");
}

TEST_F(LedgerTest, SpentNeverFalls_AsEntriesComeAndProcessesGo) {
  std::uint64_t before = 0;
  for (int i = 0; i < 8; ++i) {
    ASSERT_OK(ledger_->Charge("q", HashNamed(static_cast<char>('a' + i)), NoisedClaim("19", 1, 2), kCap));
    Reopen();
    ASSERT_OK_AND_ASSIGN(const auto budget, ledger_->Budget(kCap));
    EXPECT_GT(budget[0].spent, before);
    before = budget[0].spent.value_or(0);
  }
  EXPECT_EQ(before, 4 * kBudgetUnits);
}

TEST_F(LedgerTest, EveryChangedFieldIsFound) {
  Fill();
  ledger_.reset();
  ASSERT_OK_AND_ASSIGN(const std::string whole, ReadFile(path(), 1 << 24));
  const std::vector<std::string> columns = {"kind = 3 - kind % 2",
                                            "unix_s = unix_s + 1",
                                            "round_id = round_id || 'x'",
                                            "subject = x'00'",
                                            "metric = metric || 'x'",
                                            "version = version + 1",
                                            "linkage_group = 'other'",
                                            "mode = mode + 1",
                                            "period = '2020-21'",
                                            "data_version = 9",
                                            "epsilon_numerator = 9",
                                            "epsilon_denominator = 99",
                                            "charge = 1",
                                            "rho_numerator = 1",
                                            "rho_denominator = 9",
                                            "rho_charge = 1",
                                            "first_year = 2000",
                                            "last_year = 2099",
                                            "delta = 77",
                                            "payload_bytes = 3",
                                            "payload_hash = x'01'",
                                            "previous = x'02'",
                                            "hash = x'03'",
                                            "payload = x'04'"};
  for (int entry = 1; entry <= 5; ++entry) {
    for (const std::string& change : columns) {
      ASSERT_OK(WriteFileAtomically(path(), whole, 0600));
      EXPECT_THAT(AfterTampering(absl::StrCat("UPDATE entry SET ", change, " WHERE sequence = ", entry)),
                  StatusIs(absl::StatusCode::kDataLoss, AnyOf(HasSubstr(absl::StrCat("entry ", entry)),
                                                              HasSubstr(absl::StrCat("entry ", entry + 1)))))
          << change << " in entry " << entry;
    }
  }
}

TEST_F(LedgerTest, MissingEntriesAreFound) {
  Fill();
  ledger_.reset();
  ASSERT_OK_AND_ASSIGN(const std::string whole, ReadFile(path(), 1 << 24));
  for (int entry = 1; entry <= 5; ++entry) {
    ASSERT_OK(WriteFileAtomically(path(), whole, 0600));
    EXPECT_THAT(AfterTampering(absl::StrCat("DELETE FROM entry WHERE sequence = ", entry)),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("missing")));
  }
  ASSERT_OK(WriteFileAtomically(path(), whole, 0600));
  EXPECT_THAT(AfterTampering("UPDATE entry SET sequence = sequence + 1 WHERE sequence = 5"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("missing")));
}

TEST_F(LedgerTest, EntryThatWasMadeUpIsFound) {
  Fill();
  EXPECT_THAT(AfterTampering("INSERT INTO entry SELECT 6, kind, unix_s, 'q9', x'09', metric, version, "
                             "linkage_group, mode, period, data_version, epsilon_numerator, "
                             "epsilon_denominator, charge, rho_numerator, rho_denominator, rho_charge, "
                             "first_year, last_year, delta, payload_bytes, "
                             "payload_hash, x'10', x'11', payload FROM entry WHERE sequence = 5"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("entry 6")));
}

TEST_F(LedgerTest, UpdateAndDeleteAreRefusedByTheFileItself) {
  Fill();
  ledger_.reset();
  SQLite::Database database(path(), SQLite::OPEN_READWRITE);
  EXPECT_THROW(database.exec("UPDATE entry SET charge = 0"), SQLite::Exception);
  EXPECT_THROW(database.exec("DELETE FROM entry"), SQLite::Exception);
}

TEST_F(LedgerTest, NoFlippedByteGoesUnnoticedOrCrashes) {
  Fill();
  ASSERT_OK_AND_ASSIGN(const auto entries, ledger_->Entries());
  ledger_.reset();
  ASSERT_OK_AND_ASSIGN(const std::string whole, ReadFile(path(), 1 << 24));
  int refused = 0;
  for (std::size_t at = 0; at < whole.size(); at += 61) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x15);
    std::filesystem::remove(path() + "-wal");
    std::filesystem::remove(path() + "-shm");
    ASSERT_OK(WriteFileAtomically(path(), changed, 0600));
    const auto opened = Ledger::Open(path(), clock_);
    if (!opened.ok()) {
      ++refused;
      continue;
    }
    // A byte that no entry uses: then nothing that counts may have changed.
    ASSERT_OK_AND_ASSIGN(const auto now, (*opened)->Entries());
    ASSERT_EQ(now.size(), entries.size()) << at;
    EXPECT_EQ(now.back().hash, entries.back().hash) << at;
  }
  EXPECT_GT(refused, 20);
}

TEST_F(LedgerTest, FilesThatAreNoLedgerAreRefusedUntouched) {
  ledger_.reset();
  const auto refuse = [&](const std::string& bytes, absl::StatusCode code, const std::string& what) {
    const std::string other = folder_.Path("other.db");
    ASSERT_OK(WriteFileAtomically(other, bytes, 0600));
    EXPECT_THAT(Ledger::Open(other, clock_), StatusIs(code, HasSubstr(what)));
    ASSERT_OK_AND_ASSIGN(const std::string after, ReadFile(other, 1 << 24));
    EXPECT_EQ(after, bytes);
  };
  refuse("", absl::StatusCode::kDataLoss, "is empty");
  refuse("some notes", absl::StatusCode::kFailedPrecondition, "is not a Waymark ledger");
  ASSERT_OK_AND_ASSIGN(const std::string whole, ReadFile(path(), 1 << 24));
  refuse(whole.substr(0, 16), absl::StatusCode::kDataLoss, "");
  refuse(whole.substr(0, 5000), absl::StatusCode::kDataLoss, "");
  EXPECT_THAT(Ledger::Open(folder_.path(), clock_),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("expected a file")));
  EXPECT_FALSE(Ledger::Open(folder_.Path("no/such/folder/ledger.db"), clock_).ok());
}

TEST_F(LedgerTest, WhatAnotherProcessWritesMeanwhileIsNoDamage) {
  ASSERT_OK_AND_ASSIGN(const auto other, Ledger::Open(path(), clock_));
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 200; ++i) EXPECT_OK(other->Approve("q1", HashNamed('p'), std::to_string(i)));
    done = true;
  });
  while (!done) EXPECT_OK(ledger_->Verify());
  writer.join();
}

TEST_F(LedgerTest, OtherProgramsAndOtherSchemasAreRefused) {
  EXPECT_THAT(AfterTampering("PRAGMA application_id = 7"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another program")));
  EXPECT_THAT(AfterTampering("PRAGMA application_id = 1464683591; PRAGMA user_version = 8"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("newer Waymark")));
  EXPECT_THAT(AfterTampering("PRAGMA user_version = 0"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("older Waymark")));
}

// Makes the closed ledger one of an older version: 1 knew no approvals, 1 and 2 no ρ and no reconciliations,
// 3 no rosters, 4 no sessions, 5 nothing of peers' ledgers, 6 nothing of those that were taken over.
void MakeVersion(int version, const std::string& path) {
  SQLite::Database database(path, SQLite::OPEN_READWRITE);
  if (version < 3) {
    for (const char* column : {"rho_numerator", "rho_denominator", "rho_charge"}) {
      database.exec(absl::StrCat("ALTER TABLE entry DROP COLUMN ", column));
    }
  }
  if (version < 6) database.exec("DROP TABLE peer_head");
  database.exec(
      absl::StrCat("PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = replace(sql, 'kind BETWEEN 1 "
                   "AND 14', 'kind "
                   "BETWEEN 1 AND ",
                   version >= 5   ? 9
                   : version == 4 ? 7
                   : version == 3 ? 6
                                  : version + 3,
                   "') WHERE name = 'entry'; PRAGMA writable_schema = 0; PRAGMA user_version = ", version));
}

class OlderLedgerTest : public LedgerTest, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Versions, OlderLedgerTest, ::testing::Values(1, 2, 3, 4, 5, 6));

TEST_P(OlderLedgerTest, IsRefusedUntilMigratedAndThenHoldsTheSameChain) {
  Fill();
  const crypto::SessionMember known{.id = "E06000003", .signing_key = HashNamed('m')};
  crypto::LedgerHead kept;
  kept.sequence = 7;
  if (GetParam() >= 6) {
    ASSERT_OK(ledger_->KeepHead({.member = &known, .head = kept}));
  }
  ASSERT_OK_AND_ASSIGN(const auto before, ledger_->Entries());
  ledger_.reset();
  MakeVersion(GetParam(), path());
  EXPECT_THAT(Ledger::Open(path(), clock_),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("waymark-node ledger migrate")));
  ASSERT_OK_AND_ASSIGN(const LedgerFile::Migrated done, LedgerFile::Migrate(path()));
  EXPECT_EQ(done.from, GetParam());
  EXPECT_EQ(done.to, 7);
  EXPECT_TRUE(FileExists(done.copy));
  Reopen();
  ASSERT_OK_AND_ASSIGN(const auto after, ledger_->Entries());
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_EQ(after[i].hash, before[i].hash);
  EXPECT_EQ(ledger_->HeadOf(known)->sequence, GetParam() >= 6 ? 7u : 0u);
  ASSERT_OK(ledger_->Approve("q9", HashNamed('p'), "signed"));  // what version 1 did not take
  Claim claim = NoisedClaim("9", 1, 2);                         // what version 2 did not take
  claim.epsilon = {};
  claim.charge = 0;
  claim.rho = {1, 100};
  claim.rho_charge = *BudgetUnits({1, 100});
  ASSERT_OK_AND_ASSIGN(const auto refusal, ledger_->Charge("q3", HashNamed('c'), claim, kCap));
  EXPECT_FALSE(refusal.has_value());
  ASSERT_OK(ledger_->KeepRoster(std::string(32, '\0'), HashNamed('r'), "roster"));  // nor version 3
  const crypto::SessionMember peer{.id = "E06000002", .signing_key = HashNamed('k')};
  crypto::LedgerHead head;
  head.sequence = 3;
  ASSERT_OK(ledger_->KeepHead({.member = &peer, .head = head}));  // nor version 5
  ASSERT_OK(ledger_->KeepOwner("E06000001"));                     // nor version 6
  EXPECT_OK(ledger_->Verify());
  ledger_.reset();
  ASSERT_OK_AND_ASSIGN(const LedgerFile::Migrated again, LedgerFile::Migrate(path()));
  EXPECT_EQ(again.from, again.to);
  SQLite::Database database(path(), SQLite::OPEN_READWRITE);
  EXPECT_THROW(database.exec("DELETE FROM entry"), SQLite::Exception);  // the triggers are there again
}

TEST_F(LedgerTest, MigrationOfADamagedLedgerChangesNothing) {
  Fill();
  ledger_.reset();
  MakeVersion(1, path());
  {
    SQLite::Database database(path(), SQLite::OPEN_READWRITE);
    database.exec(
        "DROP TRIGGER no_update; UPDATE entry SET charge = charge - 1 WHERE kind = 1; "
        "CREATE TRIGGER no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'x'); END");
  }
  EXPECT_THAT(LedgerFile::Migrate(path()), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("changed")));
  SQLite::Database database(path(), SQLite::OPEN_READONLY);
  EXPECT_EQ(database.execAndGet("PRAGMA user_version").getInt(), 1);
  EXPECT_THAT(LedgerFile::Migrate(path()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("is there already")));
}

TEST_F(LedgerTest, JournalWithoutItsFileIsRefused) {
  Fill();
  ledger_.reset();
  ASSERT_OK(WriteFileAtomically(path() + "-wal", "what is left", 0600));
  ASSERT_EQ(std::remove(path().c_str()), 0);
  EXPECT_THAT(Ledger::Open(path(), clock_), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("is missing")));
}

TEST_F(LedgerTest, UnreadableFileIsRefused) {
  ledger_.reset();
  ASSERT_EQ(chmod(path().c_str(), 0), 0);
  ASSERT_EQ(chmod(folder_.path().c_str(), 0755), 0);
  // The superuser reads every file, so a child without its rights tries.
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && setuid(65534) != 0) _exit(2);
    _exit(absl::IsPermissionDenied(Ledger::Open(path(), clock_).status()) ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

// Whether SQLite's shared lock on the file is held, as another process sees it.
bool IsLockedForOthers(const std::string& path) {
  const pid_t child = ::fork();
  if (child == 0) {
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = 0x40000002;  // SQLite's SHARED_FIRST and SHARED_SIZE
    lock.l_len = 510;
    const bool asked = file >= 0 && ::fcntl(file, F_GETLK, &lock) == 0;
    ::_exit(asked && lock.l_type != F_UNLCK ? 0 : 1);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// `run` and the pages that it serves have a ledger open each.
TEST(LedgerLockTest, OpeningItAgainInTheSameProcess_KeepsTheFirstOnesLock) {
  MadeUpCouncil council;
  ASSERT_OK(council.Open());
  ASSERT_OK(council.ledger().Approve("q1", HashNamed('p'), "signed"));
  ASSERT_TRUE(IsLockedForOthers(council.ledger_path()));
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK_AND_ASSIGN(const auto again, Ledger::Open(council.ledger_path(), council.clock));
    EXPECT_TRUE(IsLockedForOthers(council.ledger_path()));
  }
  EXPECT_TRUE(IsLockedForOthers(council.ledger_path()));
}

}  // namespace
}  // namespace waymark::node
