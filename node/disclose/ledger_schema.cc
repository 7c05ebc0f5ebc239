#include "node/disclose/ledger_schema.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "node/disclose/sqlite_status.h"

namespace waymark::node {
namespace {

constexpr int kLedgerApplicationId = 0x574D4C47;  // "WMLG"
constexpr int kLedgerSchemaVersion = 7;
constexpr std::size_t kShortestPage = 512;  // of SQLite: no database is shorter
constexpr absl::string_view kSqliteMagic("SQLite format 3\0", 16);
// Of every version.
constexpr absl::string_view kFields =
    "sequence, kind, unix_s, round_id, subject, metric, version, linkage_group, mode, period, data_version, "
    "epsilon_numerator, epsilon_denominator, charge, first_year, last_year, delta, payload_bytes, "
    "payload_hash, previous, hash, payload";

// AUTOINCREMENT keeps the highest number ever given, so entries cut off at the end are missed too.
constexpr char kLedgerSchema[] = R"sql(
CREATE TABLE entry(
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 14),
  unix_s INTEGER NOT NULL,
  round_id TEXT NOT NULL,
  subject BLOB NOT NULL,
  metric TEXT NOT NULL,
  version INTEGER NOT NULL,
  linkage_group TEXT NOT NULL,
  mode INTEGER NOT NULL,
  period TEXT NOT NULL,
  data_version INTEGER NOT NULL,
  epsilon_numerator INTEGER NOT NULL,
  epsilon_denominator INTEGER NOT NULL,
  charge INTEGER NOT NULL CHECK (charge >= 0),
  rho_numerator INTEGER NOT NULL,
  rho_denominator INTEGER NOT NULL,
  rho_charge INTEGER NOT NULL CHECK (rho_charge >= 0),
  first_year INTEGER NOT NULL,
  last_year INTEGER NOT NULL,
  delta INTEGER NOT NULL CHECK (delta >= 0),
  payload_bytes INTEGER NOT NULL,
  payload_hash BLOB NOT NULL,
  previous BLOB NOT NULL UNIQUE,
  hash BLOB NOT NULL UNIQUE,
  payload BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_item_a_query ON entry(subject) WHERE kind = 2;
CREATE UNIQUE INDEX one_release_a_round ON entry(round_id) WHERE kind = 3;
CREATE UNIQUE INDEX one_receipt_a_round ON entry(round_id) WHERE kind = 4;
CREATE UNIQUE INDEX one_session ON entry(subject) WHERE kind = 8;
CREATE UNIQUE INDEX one_signature_a_session ON entry(subject) WHERE kind = 9;
CREATE TABLE peer_head(
  council TEXT NOT NULL,
  signing_key BLOB NOT NULL,
  head BLOB NOT NULL,
  PRIMARY KEY (council, signing_key)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER no_update BEFORE UPDATE ON entry
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_delete BEFORE DELETE ON entry
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
)sql";

// Version 1 knew no approvals (kind 5), versions 1 and 2 no ρ (0/1 since) and no reconciliations (kind 6),
// no version before 4 rosters (kind 7), none before 5 sessions (kinds 8 and 9), none before 6 what peers
// say of their ledgers, and none before 7 other councils' ledgers (kinds 10 to 14). SQLite cannot change a
// CHECK, so the table is written anew; the chain covers every field, so what is not copied as it was is found
// out.
void FromOlderVersion(SQLite::Database& database, int from) {
  constexpr absl::string_view kRhoFields = "rho_numerator, rho_denominator, rho_charge";
  database.exec("ALTER TABLE entry RENAME TO entry_old");
  if (from >= 6) database.exec("ALTER TABLE peer_head RENAME TO peer_head_old");
  for (const absl::string_view gone :
       {"INDEX IF EXISTS one_item_a_query", "INDEX IF EXISTS one_release_a_round",
        "INDEX IF EXISTS one_receipt_a_round", "INDEX IF EXISTS one_session",
        "INDEX IF EXISTS one_signature_a_session", "TRIGGER IF EXISTS no_update",
        "TRIGGER IF EXISTS no_delete"}) {
    database.exec(absl::StrCat("DROP ", gone));
  }
  database.exec(kLedgerSchema);
  database.exec(absl::StrCat("INSERT INTO entry(", kFields, ", ", kRhoFields, ") SELECT ", kFields, ", ",
                             from < 3 ? "0, 1, 0" : kRhoFields, " FROM entry_old ORDER BY sequence"));
  // The highest number ever given goes with it, so that entries cut off before this are still missed. Where
  // nothing was ever written there is none.
  database.exec(
      "DELETE FROM sqlite_sequence WHERE name = 'entry'; "
      "UPDATE sqlite_sequence SET name = 'entry' WHERE name = 'entry_old'");
  database.exec("DROP TABLE entry_old");
  if (from < 6) return;
  database.exec("INSERT INTO peer_head SELECT council, signing_key, head FROM peer_head_old");
  database.exec("DROP TABLE peer_head_old");
}

}  // namespace

// Makes a whole ledger beside `path` and links it there, so that no half-made one is ever found under that
// name, nor one of two processes' overwritten by the other's.
absl::Status MakeLedgerFile(const std::string& path) {
  // Asked in this order, since another process may link the ledger and begin its journal at any moment: a
  // journal whose ledger is still missing afterwards is left over from one that was lost.
  if (FileExists(absl::StrCat(path, "-wal")) && !FileExists(path)) {
    return absl::DataLossError(absl::StrCat("ledger ", path, ": the file is missing, and its journal ", path,
                                            "-wal is there; put the file back, from a backup if need be"));
  }
  const std::string made = absl::StrCat(path, ".new.", getpid());
  unlink(made.c_str());
  RETURN_IF_ERROR(Guarded(path, [&]() -> absl::Status {
    SQLite::Database database(made, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyTimeoutMs);
    chmod(made.c_str(), S_IRUSR | S_IWUSR);
    database.exec("PRAGMA synchronous=FULL");
    database.exec("BEGIN");
    database.exec(absl::StrCat("PRAGMA application_id=", kLedgerApplicationId));
    database.exec(absl::StrCat("PRAGMA user_version=", kLedgerSchemaVersion));
    database.exec(kLedgerSchema);
    database.exec("COMMIT");
    database.exec("PRAGMA journal_mode=WAL");
    return absl::OkStatus();
  }));
  const int linked = link(made.c_str(), path.c_str());
  const int error = errno;
  unlink(made.c_str());
  if (linked == 0 || error == EEXIST) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat("ledger ", path, ": cannot be made there: ", std::strerror(error)));
}

// It does not open the file: to close it again would take from this process every lock that SQLite holds on
// it (fcntl), and another process could remove the log under a ledger that is open here.
absl::Status CheckLedgerHeader(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat("ledger ", path, ": expected a file"));
  }
  if (facts.st_size == 0) {
    return absl::DataLossError(absl::StrCat("ledger ", path,
                                            ": the file is empty, so what was released is not known; put it "
                                            "back from a backup"));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> LedgerSchemaOf(SQLite::Database& database, const std::string& path) {
  try {
    if (database.execAndGet("PRAGMA application_id").getInt() != kLedgerApplicationId) {
      return absl::FailedPreconditionError(
          absl::StrCat("ledger ", path, ": is another program's database; check the state directory"));
    }
  } catch (const SQLite::Exception& error) {
    if (error.getErrorCode() != SQLITE_NOTADB) throw;
    // No ledger is open here in this file, so it may be looked into.
    const absl::StatusOr<std::string> all = ReadFile(path, kShortestPage);
    if (all.ok() && absl::StartsWith(*all, kSqliteMagic)) {
      return absl::DataLossError(absl::StrCat(
          "ledger ", path,
          ": the file is cut off, so what was released is not known; put it back from a backup"));
    }
    return absl::FailedPreconditionError(
        absl::StrCat("ledger ", path, ": is not a Waymark ledger; check the state directory"));
  }
  return database.execAndGet("PRAGMA user_version").getInt();
}

absl::Status CheckLedgerSchema(SQLite::Database& database, const std::string& path) {
  ASSIGN_OR_RETURN(const int version, LedgerSchemaOf(database, path));
  if (version == kLedgerSchemaVersion) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "ledger ", path, ": has schema ", version, ", this program knows ", kLedgerSchemaVersion,
      version > kLedgerSchemaVersion
          ? "; it was written by a newer Waymark: upgrade this one"
          : "; it was written by an older Waymark: stop the node and run `waymark-node ledger migrate`"));
}

bool LedgerMigratesFrom(int schema) {
  return schema >= 1 && schema < kLedgerSchemaVersion;
}

void MigrateLedgerSchema(SQLite::Database& database, int from) {
  FromOlderVersion(database, from);
  database.exec(absl::StrCat("PRAGMA user_version=", kLedgerSchemaVersion));
}

}  // namespace waymark::node
