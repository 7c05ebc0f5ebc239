#include "node/ingest/extract_store.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "node/sqlite/sqlite_status.h"

namespace waymark::node {
namespace {

constexpr int kApplicationId = 0x574D4558;  // "WMEX"
constexpr int kSchemaVersion = 1;

// Days are those of base/day.h, NULL where there is none; texts as FlatRecord has them.
constexpr char kSchema[] = R"sql(
CREATE TABLE extract(
  number INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  covered_from INTEGER NOT NULL,
  extract_date INTEGER NOT NULL,
  carries INTEGER NOT NULL,
  UNIQUE (source, extract_date)
) STRICT;
CREATE TABLE record(
  extract INTEGER NOT NULL REFERENCES extract(number) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 4),
  person TEXT NOT NULL,
  sub INTEGER NOT NULL CHECK (sub BETWEEN 0 AND 3),
  day0 INTEGER, day1 INTEGER, day2 INTEGER,
  text0 TEXT, text1 TEXT, text2 TEXT, text3 TEXT, text4 TEXT, text5 TEXT, text6 TEXT, text7 TEXT, text8 TEXT,
  PRIMARY KEY (extract, position)
) STRICT, WITHOUT ROWID;
)sql";
static_assert(FlatRecord::kDays == 3 && FlatRecord::kTexts == 9);

// Bits of the column `carries`.
constexpr bool Carries::*kCarries[] = {&Carries::early_help, &Carries::social_care, &Carries::contacts,
                                       &Carries::early_help_assessments};

template <typename Body>
auto Guarded(const std::string& path, const Body& body) -> decltype(body()) {
  try {
    return body();
  } catch (const SQLite::Exception& error) {
    return FromSqlite(error, absl::StrCat("store of extracts ", path), "It holds what it held before");
  }
}

ExtractHead HeadOf(SQLite::Statement& row) {
  ExtractHead head{.source = row.getColumn(1).getString(),
                   .window = {.from = row.getColumn(2).getInt(), .extract = row.getColumn(3).getInt()},
                   .carries = {},
                   .records = row.getColumn(5).getInt64()};
  unsigned bit = 1;
  for (bool Carries::*const kind : kCarries) {
    head.carries.*kind = (static_cast<unsigned>(row.getColumn(4).getInt()) & bit) != 0;
    bit <<= 1U;
  }
  return head;
}

constexpr char kHeads[] =
    "SELECT number, source, covered_from, extract_date, carries, "
    "(SELECT count(*) FROM record WHERE extract = number AND kind > 0) FROM extract ";

FlatRecord RecordOf(SQLite::Statement& row) {
  FlatRecord record{.kind = static_cast<FlatRecord::Kind>(row.getColumn(0).getInt()),
                    .person = row.getColumn(1).getString(),
                    .sub = row.getColumn(2).getInt()};
  int column = 3;
  for (Day& day : record.days) {
    const SQLite::Column value = row.getColumn(column++);
    if (!value.isNull()) day = value.getInt();
  }
  for (auto& text : record.texts) {
    const SQLite::Column value = row.getColumn(column++);
    if (!value.isNull()) text = value.getString();
  }
  return record;
}

void Insert(SQLite::Statement& insert, std::int64_t extract, std::int64_t position,
            const FlatRecord& record) {
  insert.reset();
  insert.clearBindings();
  insert.bind(1, extract);
  insert.bind(2, position);
  insert.bind(3, static_cast<int>(record.kind));
  insert.bind(4, record.person);
  insert.bind(5, record.sub);
  int column = 6;
  for (const Day day : record.days) {
    if (day != kNoDay) insert.bind(column, day);
    ++column;
  }
  for (const auto& text : record.texts) {
    if (text) insert.bind(column, *text);
    ++column;
  }
  insert.exec();
}

// Opens `path` for its owner only, so that SQLite, which takes a journal's mode from the file, makes no
// other.
absl::Status MakeFile(const std::string& path) {
  RETURN_IF_ERROR(MakeDirectories(DirectoryOf(path), 0700));
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "store of extracts ", path, ": cannot be opened; this user must be able to read and write it"));
  }
  close(file);
  return absl::OkStatus();
}

}  // namespace

struct ExtractStore::Connection {
  std::string path;
  SQLite::Database database;

  explicit Connection(const std::string& file)
      : path(file), database(file, SQLite::OPEN_READWRITE, kBusyTimeoutMs) {}

  std::vector<std::pair<std::int64_t, ExtractHead>> Heads(const std::string& condition,
                                                          absl::string_view source) {
    SQLite::Statement rows(database, absl::StrCat(kHeads, condition, " ORDER BY source, extract_date"));
    if (!condition.empty()) rows.bind(1, std::string(source));
    std::vector<std::pair<std::int64_t, ExtractHead>> heads;
    while (rows.executeStep()) heads.emplace_back(rows.getColumn(0).getInt64(), HeadOf(rows));
    return heads;
  }

  std::vector<FlatRecord> Records(std::int64_t extract) {
    SQLite::Statement rows(
        database,
        "SELECT kind, person, sub, day0, day1, day2, text0, text1, text2, text3, text4, text5, text6, "
        "text7, text8 FROM record WHERE extract = ? ORDER BY position");
    rows.bind(1, extract);
    std::vector<FlatRecord> records;
    while (rows.executeStep()) records.push_back(RecordOf(rows));
    return records;
  }

  absl::Status CheckSchema() {
    if (database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0) {
      SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
      // Another process may have been first.
      if (database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0) {
        database.exec(kSchema);
        database.exec(absl::StrCat("PRAGMA application_id=", kApplicationId));
        database.exec(absl::StrCat("PRAGMA user_version=", kSchemaVersion));
      }
      transaction.commit();
    }
    const int application = database.execAndGet("PRAGMA application_id").getInt();
    const int version = database.execAndGet("PRAGMA user_version").getInt();
    if (application == kApplicationId && version == kSchemaVersion) return absl::OkStatus();
    return absl::FailedPreconditionError(
        absl::StrCat("store of extracts ", path,
                     application != kApplicationId
                         ? ": is another program's database; check the state directory"
                         : absl::StrCat(": has schema ", version, ", this program knows ", kSchemaVersion,
                                        "; it was written by another version of Waymark")));
  }
};

ExtractStore::ExtractStore(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
ExtractStore::~ExtractStore() = default;

absl::StatusOr<std::unique_ptr<ExtractStore>> ExtractStore::Open(const std::string& path) {
  RETURN_IF_ERROR(MakeFile(path));
  return Guarded(path, [&]() -> absl::StatusOr<std::unique_ptr<ExtractStore>> {
    auto connection = std::make_unique<Connection>(path);
    RETURN_IF_ERROR(connection->CheckSchema());
    connection->database.exec("PRAGMA foreign_keys=ON");
    connection->database.exec("PRAGMA secure_delete=ON");
    connection->database.exec("PRAGMA synchronous=FULL");
    return std::unique_ptr<ExtractStore>(new ExtractStore(std::move(connection)));
  });
}

template <typename Body>
absl::Status ExtractStore::Write(const Body& body) {
  return Guarded(connection_->path, [&]() -> absl::Status {
    SQLite::Transaction transaction(connection_->database, SQLite::TransactionBehavior::IMMEDIATE);
    RETURN_IF_ERROR(body(connection_->database));
    transaction.commit();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<ExtractHead>> ExtractStore::List() const {
  return Guarded(connection_->path, [&]() -> absl::StatusOr<std::vector<ExtractHead>> {
    std::vector<ExtractHead> heads;
    for (auto& [number, head] : connection_->Heads("", "")) heads.push_back(std::move(head));
    return heads;
  });
}

absl::StatusOr<std::vector<ExtractHead>> ExtractStore::List(absl::string_view source) const {
  ASSIGN_OR_RETURN(std::vector<ExtractHead> heads, List());
  heads.erase(std::remove_if(heads.begin(), heads.end(),
                             [&](const ExtractHead& head) { return head.source != source; }),
              heads.end());
  return heads;
}

absl::StatusOr<std::vector<Extract>> ExtractStore::Load(absl::string_view source) const {
  return Guarded(connection_->path, [&]() -> absl::StatusOr<std::vector<Extract>> {
    // One moment for all of them.
    const SQLite::Transaction transaction(connection_->database);
    std::vector<Extract> extracts;
    for (auto& [number, head] : connection_->Heads("WHERE source = ?", source)) {
      extracts.push_back({std::move(head), connection_->Records(number)});
    }
    return extracts;
  });
}

absl::Status ExtractStore::Keep(const Extract& extract) {
  const ExtractHead& head = extract.head;
  int carries = 0;
  for (std::size_t i = 0; i < std::size(kCarries); ++i) carries |= head.carries.*kCarries[i] ? 1 << i : 0;
  return Write([&](SQLite::Database& database) -> absl::Status {
    for (const auto& [number, held] : connection_->Heads("WHERE source = ?", head.source)) {
      if (held.window.extract != head.window.extract) continue;
      const bool same_head = held.window.from == head.window.from && held.records == head.records;
      if (same_head && connection_->Records(number) == extract.records) return absl::OkStatus();
      SQLite::Statement remove(database, "DELETE FROM extract WHERE number = ?");
      remove.bind(1, number);
      remove.exec();
    }
    SQLite::Statement insert(
        database, "INSERT INTO extract(source, covered_from, extract_date, carries) VALUES (?, ?, ?, ?)");
    insert.bind(1, head.source);
    insert.bind(2, head.window.from);
    insert.bind(3, head.window.extract);
    insert.bind(4, carries);
    insert.exec();
    const std::int64_t number = database.getLastInsertRowid();
    SQLite::Statement record(database,
                             "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    std::int64_t position = 0;
    for (const FlatRecord& flat : extract.records) Insert(record, number, ++position, flat);
    return absl::OkStatus();
  });
}

absl::StatusOr<bool> ExtractStore::Remove(absl::string_view source, Day extract_date) {
  bool removed = false;
  RETURN_IF_ERROR(Write([&](SQLite::Database& database) -> absl::Status {
    SQLite::Statement remove(database, "DELETE FROM extract WHERE source = ? AND extract_date = ?");
    remove.bind(1, std::string(source));
    remove.bind(2, extract_date);
    removed = remove.exec() > 0;
    return absl::OkStatus();
  }));
  return removed;
}

}  // namespace waymark::node
