#include "node/disclose/ledger_file.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/disclose/ledger_schema.h"

namespace waymark::node {
namespace {

constexpr int kBusyTimeoutMs = 10'000;
constexpr std::size_t kMaxPayloadBytes = 64 << 20;
constexpr absl::string_view kSqliteMagic("SQLite format 3\0", 16);
constexpr absl::string_view kFields =
    "sequence, kind, unix_s, round_id, subject, metric, version, linkage_group, mode, period, data_version, "
    "epsilon_numerator, epsilon_denominator, charge, first_year, last_year, delta, payload_bytes, "
    "payload_hash, previous, hash";

absl::Status FromSqlite(const SQLite::Exception& error, absl::string_view path) {
  const std::string what = absl::StrCat("ledger ", path, ": ", error.what());
  switch (error.getErrorCode()) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return absl::ResourceExhaustedError(
          absl::StrCat(what,
                       "; the disk is full or cannot be written. Nothing was released. Make room and "
                       "try again"));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::UnavailableError(absl::StrCat(what, "; another process holds it. Try again"));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::DataLossError(
          absl::StrCat(what, "; the file is damaged. Nothing is released until it is put right"));
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return absl::PermissionDeniedError(
          absl::StrCat(what, "; this user must be able to read and write the file and its folder"));
    case SQLITE_CONSTRAINT:
      return absl::AlreadyExistsError(what);
    default:
      return absl::InternalError(what);
  }
}

// Runs `body` and turns SQLite's exceptions into statuses.
template <typename Body>
auto Guarded(absl::string_view path, const Body& body) -> decltype(body()) {
  try {
    return body();
  } catch (const SQLite::Exception& error) {
    return FromSqlite(error, path);
  }
}

std::string BytesOf(const SQLite::Column& column) {
  const int size = column.getBytes();
  if (size <= 0) return "";
  return std::string(static_cast<const char*>(column.getBlob()), static_cast<std::size_t>(size));
}

std::uint64_t UnsignedOf(const SQLite::Column& column) {
  return static_cast<std::uint64_t>(column.getInt64());
}

LedgerEntry EntryOf(SQLite::Statement& row) {
  LedgerEntry entry;
  entry.sequence = UnsignedOf(row.getColumn(0));
  entry.kind = static_cast<EntryKind>(row.getColumn(1).getInt());
  entry.unix_s = row.getColumn(2).getInt64();
  entry.round_id = BytesOf(row.getColumn(3));
  entry.subject = BytesOf(row.getColumn(4));
  entry.claim = {
      .metric = BytesOf(row.getColumn(5)),
      .version = static_cast<std::uint32_t>(row.getColumn(6).getInt64()),
      .linkage_group = BytesOf(row.getColumn(7)),
      .mode = static_cast<v1::Mode>(row.getColumn(8).getInt()),
      .period = BytesOf(row.getColumn(9)),
      .data_version = static_cast<std::uint32_t>(row.getColumn(10).getInt64()),
      .epsilon = {.numerator = UnsignedOf(row.getColumn(11)), .denominator = UnsignedOf(row.getColumn(12))},
      .charge = UnsignedOf(row.getColumn(13)),
      .first_year = row.getColumn(14).getInt(),
      .last_year = row.getColumn(15).getInt(),
      .delta = UnsignedOf(row.getColumn(16))};
  entry.payload_bytes = UnsignedOf(row.getColumn(17));
  entry.payload_hash = BytesOf(row.getColumn(18));
  entry.previous = BytesOf(row.getColumn(19));
  entry.hash = BytesOf(row.getColumn(20));
  return entry;
}

// Binds parameters in order.
class Binder {
 public:
  explicit Binder(SQLite::Statement& statement) : statement_(statement) {}
  Binder& Number(std::uint64_t value) {
    statement_.bind(++index_, static_cast<std::int64_t>(value));
    return *this;
  }
  Binder& Signed(std::int64_t value) {
    statement_.bind(++index_, value);
    return *this;
  }
  Binder& Text(const std::string& value) {
    statement_.bind(++index_, value);
    return *this;
  }
  Binder& Blob(absl::string_view value) {
    // A null pointer would be NULL, not an empty blob.
    statement_.bind(++index_, value.empty() ? "" : value.data(), static_cast<int>(value.size()));
    return *this;
  }

 private:
  SQLite::Statement& statement_;
  int index_ = 0;
};

// Makes a whole ledger beside `path` and links it there, so that no half-made one is ever found under that
// name, nor one of two processes' overwritten by the other's.
absl::Status Create(const std::string& path) {
  if (FileExists(absl::StrCat(path, "-wal"))) {
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

// Refuses a file that is no whole SQLite file, without opening it as one.
absl::Status CheckHeader(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat("ledger ", path, ": expected a file"));
  }
  if (facts.st_size == 0) {
    return absl::DataLossError(absl::StrCat("ledger ", path,
                                            ": the file is empty, so what was released is not known; put it "
                                            "back from a backup"));
  }
  std::string head(kSqliteMagic.size(), '\0');
  FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) {
    return absl::PermissionDeniedError(
        absl::StrCat("ledger ", path, ": cannot be read: ", std::strerror(errno)));
  }
  const std::size_t read = std::fread(head.data(), 1, head.size(), file);
  std::fclose(file);
  if (read != head.size() || head != kSqliteMagic) {
    return absl::FailedPreconditionError(
        absl::StrCat("ledger ", path, ": is not a Waymark ledger; check the state directory"));
  }
  return absl::OkStatus();
}

absl::Status CheckSchema(SQLite::Database& database, const std::string& path) {
  const int application = database.execAndGet("PRAGMA application_id").getInt();
  const int version = database.execAndGet("PRAGMA user_version").getInt();
  if (application != kLedgerApplicationId) {
    return absl::FailedPreconditionError(
        absl::StrCat("ledger ", path, ": is another program's database; check the state directory"));
  }
  if (version != kLedgerSchemaVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat("ledger ", path, ": has schema ", version, ", this program knows ", kLedgerSchemaVersion,
                     version > kLedgerSchemaVersion ? "; it was written by a newer Waymark: upgrade this one"
                                                    : "; it was written by an older Waymark: migrate it"));
  }
  return absl::OkStatus();
}

absl::Status BadEntry(const LedgerEntry& entry, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("ledger: ", Describe(entry), ": ", what,
                                          ". Nothing is released until the ledger is put right"));
}

}  // namespace

struct LedgerFile::Connection {
  std::string path;
  mutable SQLite::Database database;
};

LedgerFile::LedgerFile(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
LedgerFile::~LedgerFile() = default;

absl::StatusOr<std::unique_ptr<LedgerFile>> LedgerFile::Open(const std::string& path) {
  if (!FileExists(path)) RETURN_IF_ERROR(Create(path));
  RETURN_IF_ERROR(CheckHeader(path));
  return Guarded(path, [&]() -> absl::StatusOr<std::unique_ptr<LedgerFile>> {
    auto connection = std::unique_ptr<Connection>(
        new Connection{.path = path, .database = {path, SQLite::OPEN_READWRITE, kBusyTimeoutMs}});
    RETURN_IF_ERROR(CheckSchema(connection->database, path));
    connection->database.exec("PRAGMA synchronous=FULL");
    const std::string journal = connection->database.execAndGet("PRAGMA journal_mode=WAL").getString();
    if (journal != "wal") {
      return absl::FailedPreconditionError(absl::StrCat(
          "ledger ", path, ": the file system does not take SQLite's WAL mode; use a local disk"));
    }
    return std::unique_ptr<LedgerFile>(new LedgerFile(std::move(connection)));
  });
}

absl::Status LedgerFile::Transact(const std::function<absl::Status()>& body,
                                  const std::function<void()>& before_commit) {
  const std::string& path = connection_->path;
  RETURN_IF_ERROR(Guarded(path, [&]() -> absl::Status {
    connection_->database.exec("BEGIN IMMEDIATE");
    return absl::OkStatus();
  }));
  absl::Status done = body();
  if (done.ok()) {
    before_commit();
    done = Guarded(path, [&]() -> absl::Status {
      connection_->database.exec("COMMIT");
      return absl::OkStatus();
    });
  }
  if (!done.ok()) {
    // SQLite may have rolled back by itself; then this says that there is no transaction, which is as good.
    connection_->database.tryExec("ROLLBACK");
  }
  return done;
}

absl::StatusOr<std::vector<LedgerEntry>> LedgerFile::Entries() const {
  return Guarded(connection_->path, [&]() -> absl::StatusOr<std::vector<LedgerEntry>> {
    SQLite::Statement query(connection_->database,
                            absl::StrCat("SELECT ", kFields, " FROM entry ORDER BY sequence"));
    std::vector<LedgerEntry> entries;
    while (query.executeStep()) entries.push_back(EntryOf(query));
    return entries;
  });
}

absl::StatusOr<std::optional<LedgerEntry>> LedgerFile::FindOne(const std::string& condition, EntryKind kind,
                                                               absl::string_view value, bool blob) const {
  return Guarded(connection_->path, [&]() -> absl::StatusOr<std::optional<LedgerEntry>> {
    SQLite::Statement query(
        connection_->database,
        absl::StrCat("SELECT ", kFields, " FROM entry WHERE kind = ? AND ", condition, " ORDER BY sequence"));
    Binder binder(query);
    binder.Signed(static_cast<int>(kind));
    if (blob) {
      binder.Blob(value);
    } else {
      binder.Text(std::string(value));
    }
    if (!query.executeStep()) return std::nullopt;
    return EntryOf(query);
  });
}

absl::StatusOr<std::optional<LedgerEntry>> LedgerFile::FindSubject(EntryKind kind,
                                                                   absl::string_view subject) const {
  return FindOne("subject = ?", kind, subject, true);
}

absl::StatusOr<std::optional<LedgerEntry>> LedgerFile::FindRound(EntryKind kind,
                                                                 absl::string_view round_id) const {
  return FindOne("round_id = ?", kind, round_id, false);
}

absl::StatusOr<std::string> LedgerFile::Payload(std::uint64_t sequence) const {
  return Guarded(connection_->path, [&]() -> absl::StatusOr<std::string> {
    SQLite::Statement query(connection_->database,
                            "SELECT payload, payload_hash FROM entry WHERE sequence = ?");
    Binder(query).Number(sequence);
    if (!query.executeStep()) {
      return absl::DataLossError(
          absl::StrCat("ledger ", connection_->path, ": entry ", sequence, " is missing"));
    }
    std::string payload = BytesOf(query.getColumn(0));
    if (crypto::Sha256(payload) != BytesOf(query.getColumn(1))) {
      return absl::DataLossError(absl::StrCat("ledger ", connection_->path, ": entry ", sequence,
                                              ": the stored bytes were changed"));
    }
    return payload;
  });
}

absl::StatusOr<LedgerFile::Head> LedgerFile::ReadHead() const {
  return Guarded(connection_->path, [&]() -> absl::StatusOr<Head> {
    SQLite::Statement query(connection_->database,
                            "SELECT sequence, hash FROM entry ORDER BY sequence DESC LIMIT 1");
    if (!query.executeStep()) return Head{.sequence = 0, .hash = std::string(kEntryHashBytes, '\0')};
    return Head{.sequence = UnsignedOf(query.getColumn(0)), .hash = BytesOf(query.getColumn(1))};
  });
}

absl::Status LedgerFile::Append(LedgerEntry& entry, absl::string_view payload) {
  if (payload.size() > kMaxPayloadBytes) {
    return absl::ResourceExhaustedError(absl::StrCat("ledger: expected at most ", kMaxPayloadBytes,
                                                     " bytes in an entry, got ", payload.size(),
                                                     "; ask for fewer tables in a round"));
  }
  ASSIGN_OR_RETURN(const Head head, ReadHead());
  entry.sequence = head.sequence + 1;
  entry.previous = head.hash;
  entry.payload_bytes = payload.size();
  entry.payload_hash = crypto::Sha256(payload);
  entry.hash = HashOf(entry);
  return Guarded(connection_->path, [&]() -> absl::Status {
    SQLite::Statement insert(connection_->database,
                             absl::StrCat("INSERT INTO entry(", kFields,
                                          ", payload) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
    const Claim& claim = entry.claim;
    Binder binder(insert);
    binder.Number(entry.sequence).Signed(static_cast<int>(entry.kind)).Signed(entry.unix_s);
    binder.Text(entry.round_id).Blob(entry.subject).Text(claim.metric).Number(claim.version);
    binder.Text(claim.linkage_group).Signed(claim.mode).Text(claim.period).Number(claim.data_version);
    binder.Number(claim.epsilon.numerator).Number(claim.epsilon.denominator).Number(claim.charge);
    binder.Signed(claim.first_year).Signed(claim.last_year).Number(claim.delta);
    binder.Number(entry.payload_bytes).Blob(entry.payload_hash).Blob(entry.previous).Blob(entry.hash);
    binder.Blob(payload);
    insert.exec();
    return absl::OkStatus();
  });
}

absl::Status LedgerFile::Verify() const {
  return Guarded(connection_->path, [&]() -> absl::Status {
    SQLite::Statement query(connection_->database,
                            absl::StrCat("SELECT ", kFields, ", payload FROM entry ORDER BY sequence"));
    std::uint64_t last = 0;
    std::string hash(kEntryHashBytes, '\0');
    while (query.executeStep()) {
      const LedgerEntry entry = EntryOf(query);
      const std::string payload = BytesOf(query.getColumn(21));
      if (entry.sequence != last + 1) {
        return BadEntry(entry, absl::StrCat("comes after entry ", last, "; those between are missing"));
      }
      if (entry.previous != hash) return BadEntry(entry, "does not follow from the entry before it");
      if (entry.payload_bytes != payload.size() || entry.payload_hash != crypto::Sha256(payload)) {
        return BadEntry(entry, "its stored bytes were changed");
      }
      if (entry.hash != HashOf(entry)) return BadEntry(entry, "its fields were changed");
      last = entry.sequence;
      hash = entry.hash;
    }
    SQLite::Statement highest(connection_->database, "SELECT seq FROM sqlite_sequence WHERE name = 'entry'");
    const std::uint64_t given = highest.executeStep() ? UnsignedOf(highest.getColumn(0)) : 0;
    if (given != last) {
      return absl::DataLossError(absl::StrCat("ledger ", connection_->path, ": the last entry is ", last,
                                              ", but ", given, " were written; entries are missing"));
    }
    const std::string whole = connection_->database.execAndGet("PRAGMA integrity_check(1)").getString();
    if (whole != "ok") {
      return absl::DataLossError(
          absl::StrCat("ledger ", connection_->path, ": SQLite finds damage: ", whole.substr(0, 200)));
    }
    return absl::OkStatus();
  });
}

}  // namespace waymark::node
