#include "coordinator/store/import.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/canonical.h"
#include "base/status.h"
#include "coordinator/store/postgresql_database.h"
#include "coordinator/store/sqlite_database.h"
#include "crypto/hash.h"

namespace waymark::coordinator {
namespace {

constexpr std::int64_t kFetchedAtOnce = 500;
constexpr char kMaskedInputs[] = "masked_inputs";

struct Column {
  std::string name;
  bool is_int = false;
  bool is_blob = false;
};

struct Table {
  std::string name;
  std::vector<Column> columns;
  std::vector<std::string> key;
  bool has_sequence = false;

  std::string ColumnNames() const {
    return absl::StrJoin(columns, ", ",
                         [](std::string* out, const Column& column) { absl::StrAppend(out, column.name); });
  }
  std::string Select() const {
    return absl::StrCat("SELECT ", ColumnNames(), " FROM ", name, " ORDER BY ", absl::StrJoin(key, ", "));
  }
  std::string Insert() const {
    std::vector<std::string> places;
    for (std::size_t i = 1; i <= columns.size(); ++i) places.push_back(absl::StrCat("$", i));
    return absl::StrCat("INSERT INTO ", name, "(", ColumnNames(), ") VALUES (", absl::StrJoin(places, ", "),
                        ")");
  }
};

// Those of a SQLite store, in the order in which they were made: what refers to another comes after it.
std::vector<Table> TablesIn(SqlTransaction& sqlite) {
  std::vector<Table> tables;
  Query names(
      sqlite,
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
  while (names.Next()) tables.push_back({.name = names.GetString(0), .columns = {}, .key = {}});
  for (Table& table : tables) {
    Query columns(sqlite, "SELECT name, type FROM pragma_table_info($1) ORDER BY cid");
    columns.Text(table.name);
    while (columns.Next()) {
      const std::string type = columns.GetString(1);
      table.columns.push_back(
          {.name = columns.GetString(0), .is_int = type == "INTEGER", .is_blob = type == "BLOB"});
      table.has_sequence |= table.columns.back().name == "sequence";
    }
    Query key(sqlite, "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk");
    key.Text(table.name);
    while (key.Next()) table.key.push_back(key.GetString(0));
  }
  return tables;
}

void AddRow(const Table& table, Query& row, TableContent& content) {
  CanonicalWriter writer("waymark/import/row");
  writer.Text(content.hash);
  for (int i = 0; const Column& column : table.columns) {
    writer.Bool(row.IsNull(i));
    if (!row.IsNull(i) && column.is_int) writer.Signed(row.GetInt(i));
    if (!row.IsNull(i) && !column.is_int) writer.Text(row.GetString(i));
    ++i;
  }
  ++content.rows;
  content.hash = crypto::Sha256(writer.bytes());
}

void PutRow(const Table& table, Query& row, Query& insert) {
  insert.Again();
  for (int i = 0; const Column& column : table.columns) {
    if (row.IsNull(i)) {
      insert.Null();
    } else if (column.is_int) {
      insert.Int(row.GetInt(i));
    } else if (column.is_blob) {
      insert.Blob(row.GetString(i));
    } else {
      insert.Text(row.GetString(i));
    }
    ++i;
  }
  insert.RunLater();
}

TableContent Copy(const Table& table, SqlTransaction& from, SqlTransaction& to) {
  TableContent content{.table = table.name, .hash = ""};
  Query(to, absl::StrCat("DELETE FROM ", table.name)).Run();  // what making the tables put in
  Query insert(to, table.Insert());
  for (Query row(from, table.Select()); row.Next();) {
    AddRow(table, row, content);
    PutRow(table, row, insert);
  }
  if (table.has_sequence) {
    // What is numbered next comes after all that there is.
    Query(to, absl::StrCat("SELECT setval(pg_get_serial_sequence('", table.name,
                           "', 'sequence'), coalesce(max(sequence), 0) + 1, false) FROM ", table.name))
        .Next();
  }
  return content;
}

// In portions, so that a large table is never in memory as a whole.
TableContent ReadBack(const Table& table, SqlTransaction& postgresql) {
  TableContent content{.table = table.name, .hash = ""};
  Query(postgresql, absl::StrCat("DECLARE rows_back CURSOR FOR ", table.Select())).Run();
  const std::string fetch = absl::StrCat("FETCH ", kFetchedAtOnce, " FROM rows_back");
  for (std::int64_t before = -1; before < content.rows;) {
    before = content.rows;
    for (Query row(postgresql, fetch); row.Next();) AddRow(table, row, content);
  }
  Query(postgresql, "CLOSE rows_back").Run();
  return content;
}

absl::StatusOr<std::vector<TableContent>> CopyAll(SqlTransaction& from, SqlTransaction& to) {
  std::vector<TableContent> contents;
  for (const Table& table : TablesIn(from)) {
    contents.push_back(Copy(table, from, to));
    const TableContent back = ReadBack(table, to);
    if (back != contents.back()) {
      return absl::DataLossError(absl::StrCat("table ", table.name, ": ", contents.back().rows,
                                              " rows were put in, and ", back.rows,
                                              " came back, not the same; nothing was imported"));
    }
  }
  return contents;
}

// Counts them to their table's rows, and hashes them after those.
absl::Status CopyMasked(MaskedBlocks masked, SqlTransaction& to, std::vector<TableContent>& contents) {
  auto table = std::find_if(contents.begin(), contents.end(),
                            [](const TableContent& content) { return content.table == kMaskedInputs; });
  if (table == contents.end()) table = contents.insert(table, {.table = kMaskedInputs, .hash = ""});
  return masked([&](absl::string_view session, std::uint32_t member, std::size_t block,
                    absl::string_view bytes) -> absl::Status {
    const auto place = static_cast<std::int64_t>(block);
    Query(to, "INSERT INTO masked_inputs(session, member, block, bytes) VALUES ($1, $2, $3, $4)")
        .Text(session)
        .Int(member)
        .Int(place)
        .Blob(bytes)
        .Run();
    Query back(to, "SELECT bytes FROM masked_inputs WHERE session = $1 AND member = $2 AND block = $3");
    back.Text(session).Int(member).Int(place);
    if (!back.Next() || back.GetString(0) != bytes) {
      return absl::DataLossError("a masked input came back not as it was put in; nothing was imported");
    }
    ++table->rows;
    CanonicalWriter row("waymark/import/masked");
    row.Text(table->hash).Text(session).Unsigned(member).Unsigned(block).Text(bytes);
    table->hash = crypto::Sha256(row.bytes());
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<std::vector<TableContent>> ImportStore(const std::string& sqlite_path,
                                                      const std::string& postgresql, MaskedBlocks masked) {
  ASSIGN_OR_RETURN(const std::unique_ptr<SqlDatabase> source, OpenSqliteDatabaseToRead(sqlite_path));
  absl::StatusOr<std::vector<TableContent>> contents = absl::InternalError("nothing was copied");
  const absl::Status done = source->Transact(SqlAccess::kRead, [&](SqlTransaction& from) -> absl::Status {
    Query version(from, "SELECT user_version FROM pragma_user_version");
    version.Next();
    return CreatePostgresqlDatabase(
        postgresql, static_cast<int>(version.GetInt(0)),
        [&](SqlTransaction& to) {
          contents = CopyAll(from, to);
          return contents.status();
        },
        [&](SqlTransaction& to) { return CopyMasked(masked, to, *contents); });
  });
  if (!done.ok()) return done;
  return contents;
}

}  // namespace waymark::coordinator
