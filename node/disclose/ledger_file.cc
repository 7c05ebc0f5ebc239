#include "node/disclose/ledger_file.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/disclose/ledger_schema.h"
#include "node/disclose/sqlite_status.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMaxPayloadBytes = 64 << 20;
constexpr absl::string_view kFields =
    "sequence, kind, unix_s, round_id, subject, metric, version, linkage_group, mode, period, data_version, "
    "epsilon_numerator, epsilon_denominator, charge, rho_numerator, rho_denominator, rho_charge, first_year, "
    "last_year, delta, payload_bytes, payload_hash, previous, hash";
constexpr int kPayloadColumn = 24;  // after them

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
      .rho = {.numerator = UnsignedOf(row.getColumn(14)), .denominator = UnsignedOf(row.getColumn(15))},
      .rho_charge = UnsignedOf(row.getColumn(16)),
      .first_year = row.getColumn(17).getInt(),
      .last_year = row.getColumn(18).getInt(),
      .delta = UnsignedOf(row.getColumn(19))};
  entry.payload_bytes = UnsignedOf(row.getColumn(20));
  entry.payload_hash = BytesOf(row.getColumn(21));
  entry.previous = BytesOf(row.getColumn(22));
  entry.hash = BytesOf(row.getColumn(23));
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

absl::Status BadEntry(const LedgerEntry& entry, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("ledger: ", Describe(entry), ": ", what,
                                          ". Nothing is released until the ledger is put right"));
}

// Keeps what several queries read of one moment, whatever other processes write meanwhile; within a
// transaction too.
class Snapshot {
 public:
  explicit Snapshot(SQLite::Database& database) : database_(database) {
    database_.exec("SAVEPOINT snapshot");
  }
  ~Snapshot() { database_.tryExec("RELEASE snapshot"); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  SQLite::Database& database_;
};

absl::Status CopyLedger(SQLite::Database& database, const std::string& copy) {
  if (FileExists(copy)) {
    return absl::FailedPreconditionError(
        absl::StrCat(copy, " is there already; move it away, then migrate again. Nothing was changed"));
  }
  // An empty file, which SQLite fills, so that it is at no moment readable to others.
  RETURN_IF_ERROR(WriteFileAtomically(copy, "", 0600));
  SQLite::Statement write(database, "VACUUM INTO ?");
  write.bind(1, copy);
  write.exec();
  return absl::OkStatus();
}

}  // namespace

struct LedgerFile::Connection {
  std::string path;
  mutable SQLite::Database database;
};

LedgerFile::LedgerFile(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
LedgerFile::~LedgerFile() = default;

absl::StatusOr<std::unique_ptr<LedgerFile>> LedgerFile::Open(const std::string& path) {
  if (!FileExists(path)) RETURN_IF_ERROR(MakeLedgerFile(path));
  RETURN_IF_ERROR(CheckLedgerHeader(path));
  return Guarded(path, [&]() -> absl::StatusOr<std::unique_ptr<LedgerFile>> {
    auto connection = std::unique_ptr<Connection>(
        new Connection{.path = path, .database = {path, SQLite::OPEN_READWRITE, kBusyTimeoutMs}});
    RETURN_IF_ERROR(CheckLedgerSchema(connection->database, path));
    connection->database.exec("PRAGMA synchronous=FULL");
    const std::string journal = connection->database.execAndGet("PRAGMA journal_mode=WAL").getString();
    if (journal != "wal") {
      return absl::FailedPreconditionError(absl::StrCat(
          "ledger ", path, ": the file system does not take SQLite's WAL mode; use a local disk"));
    }
    return std::unique_ptr<LedgerFile>(new LedgerFile(std::move(connection)));
  });
}

absl::StatusOr<LedgerFile::Migrated> LedgerFile::Migrate(const std::string& path) {
  RETURN_IF_ERROR(CheckLedgerHeader(path));
  return Guarded(path, [&]() -> absl::StatusOr<Migrated> {
    LedgerFile file(std::unique_ptr<Connection>(
        new Connection{.path = path, .database = {path, SQLite::OPEN_READWRITE, kBusyTimeoutMs}}));
    SQLite::Database& database = file.connection_->database;
    database.exec("PRAGMA synchronous=FULL");
    ASSIGN_OR_RETURN(const int from, LedgerSchemaOf(database, path));
    if (!LedgerMigratesFrom(from)) {
      RETURN_IF_ERROR(CheckLedgerSchema(database, path));
      return Migrated{.from = from, .to = from, .copy = {}};
    }
    const std::string copy = absl::StrCat(path, ".schema-", from);
    RETURN_IF_ERROR(CopyLedger(database, copy));
    RETURN_IF_ERROR(file.Transact(
        [&] {
          return Guarded(path, [&] {
            MigrateLedgerSchema(database, from);
            return file.Verify();
          });
        },
        [] {}));
    ASSIGN_OR_RETURN(const int to, LedgerSchemaOf(database, path));
    return Migrated{.from = from, .to = to, .copy = copy};
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

absl::StatusOr<std::optional<LedgerEntry>> LedgerFile::Newest(EntryKind kind) const {
  return Guarded(connection_->path, [&]() -> absl::StatusOr<std::optional<LedgerEntry>> {
    SQLite::Statement query(
        connection_->database,
        absl::StrCat("SELECT ", kFields, " FROM entry WHERE kind = ? ORDER BY sequence DESC LIMIT 1"));
    Binder(query).Signed(static_cast<int>(kind));
    if (!query.executeStep()) return std::nullopt;
    return EntryOf(query);
  });
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

absl::StatusOr<std::vector<std::string>> LedgerFile::RoundPayloads(EntryKind kind,
                                                                   absl::string_view round_id) const {
  ASSIGN_OR_RETURN(const std::vector<LedgerEntry> entries, Entries());
  std::vector<std::string> payloads;
  for (const LedgerEntry& entry : entries) {
    if (entry.kind != kind || entry.round_id != round_id) continue;
    ASSIGN_OR_RETURN(std::string payload, Payload(entry.sequence));
    payloads.push_back(std::move(payload));
  }
  return payloads;
}

absl::StatusOr<LedgerFile::Head> LedgerFile::ReadHead() const {
  return Guarded(connection_->path, [&]() -> absl::StatusOr<Head> {
    SQLite::Statement query(connection_->database,
                            "SELECT sequence, hash, (SELECT count(*) FROM entry WHERE kind = ?) FROM entry "
                            "ORDER BY sequence DESC LIMIT 1");
    Binder(query).Signed(static_cast<int>(EntryKind::kReconciled));
    if (!query.executeStep()) return Head{.hash = std::string(kEntryHashBytes, '\0')};
    return Head{.losses = UnsignedOf(query.getColumn(2)),
                .sequence = UnsignedOf(query.getColumn(0)),
                .hash = BytesOf(query.getColumn(1))};
  });
}

absl::StatusOr<std::string> LedgerFile::HashAt(std::uint64_t sequence) const {
  return Guarded(connection_->path, [&]() -> absl::StatusOr<std::string> {
    SQLite::Statement query(connection_->database, "SELECT hash FROM entry WHERE sequence = ?");
    Binder(query).Number(sequence);
    return query.executeStep() ? BytesOf(query.getColumn(0)) : "";
  });
}

absl::StatusOr<std::vector<std::string>> LedgerFile::PeerHeads(
    absl::Span<const crypto::SessionMember* const> members) const {
  return Guarded(connection_->path, [&]() -> absl::StatusOr<std::vector<std::string>> {
    SQLite::Statement query(connection_->database,
                            "SELECT head FROM peer_head WHERE council = ? AND signing_key = ?");
    std::vector<std::string> heads;
    for (const crypto::SessionMember* member : members) {
      query.reset();
      Binder(query).Text(member->id).Blob(member->signing_key);
      heads.push_back(query.executeStep() ? BytesOf(query.getColumn(0)) : "");
    }
    return heads;
  });
}

absl::Status LedgerFile::PutPeerHeads(absl::Span<const crypto::MemberHead> heads) {
  return Guarded(connection_->path, [&]() -> absl::Status {
    SQLite::Statement write(connection_->database,
                            "INSERT OR REPLACE INTO peer_head(council, signing_key, head) VALUES (?, ?, ?)");
    for (const crypto::MemberHead& head : heads) {
      write.reset();
      Binder(write).Text(head.member->id).Blob(head.member->signing_key).Blob(crypto::BytesOf(head.head));
      write.exec();
    }
    return absl::OkStatus();
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
    SQLite::Statement insert(
        connection_->database,
        absl::StrCat("INSERT INTO entry(", kFields,
                     ", payload) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
    const Claim& claim = entry.claim;
    Binder binder(insert);
    binder.Number(entry.sequence).Signed(static_cast<int>(entry.kind)).Signed(entry.unix_s);
    binder.Text(entry.round_id).Blob(entry.subject).Text(claim.metric).Number(claim.version);
    binder.Text(claim.linkage_group).Signed(claim.mode).Text(claim.period).Number(claim.data_version);
    binder.Number(claim.epsilon.numerator).Number(claim.epsilon.denominator).Number(claim.charge);
    binder.Number(claim.rho.numerator).Number(claim.rho.denominator).Number(claim.rho_charge);
    binder.Signed(claim.first_year).Signed(claim.last_year).Number(claim.delta);
    binder.Number(entry.payload_bytes).Blob(entry.payload_hash).Blob(entry.previous).Blob(entry.hash);
    binder.Blob(payload);
    insert.exec();
    return absl::OkStatus();
  });
}

absl::Status LedgerFile::Verify() const {
  return Guarded(connection_->path, [&]() -> absl::Status {
    const Snapshot snapshot(connection_->database);
    SQLite::Statement query(connection_->database,
                            absl::StrCat("SELECT ", kFields, ", payload FROM entry ORDER BY sequence"));
    std::uint64_t last = 0;
    std::string hash(kEntryHashBytes, '\0');
    while (query.executeStep()) {
      const LedgerEntry entry = EntryOf(query);
      const std::string payload = BytesOf(query.getColumn(kPayloadColumn));
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
