#include "node/ingest/database.h"

#include <soci/odbc/soci-odbc.h>
#include <soci/soci.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/status.h"
#include "node/ingest/database_connection.h"
#include "node/ingest/encoding.h"
#include "node/ingest/odbc_cursor.h"

namespace waymark::node {
namespace {

constexpr std::size_t kBatchRows = 200;
constexpr std::size_t kMaxFieldBytes = std::size_t{1} << 20U;

struct Session {
  soci::session sql;
  Dialect dialect = Dialect::kSqlite;
  std::string label;   // the connection, for messages
  std::string secret;  // never in one
  int cursors = 0;
};

std::string WithoutSecret(const Session& session, absl::string_view message) {
  if (session.secret.empty()) return std::string(message);
  return absl::StrReplaceAll(message, {{session.secret, "…"}});
}

// What a database says, on one line.
std::string Said(const Session& session, const std::exception& error) {
  const auto* soci_error = dynamic_cast<const soci::soci_error*>(&error);
  const std::string whole = soci_error != nullptr ? soci_error->get_error_message() : error.what();
  std::vector<std::string> lines;
  for (absl::string_view line : absl::StrSplit(whole, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    // PostgreSQL repeats the statement with a mark below it.
    if (absl::StartsWith(line, "LINE ")) break;
    if (!line.empty()) lines.emplace_back(line);
  }
  return WithoutSecret(session, absl::StrJoin(lines, " "));
}

// The same while rows are read: the text of an error may then quote a value, after a colon.
std::string SaidOfRows(const Session& session, const std::exception& error) {
  const std::string said = Said(session, error);
  return said.substr(0, std::min(said.find(": \""), said.find(" DETAIL:")));
}

// Runs `body`; what SOCI throws becomes `code`.
template <typename Body>
auto Guarded(const Session& session, absl::StatusCode code, const Body& body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::exception& error) {
    return absl::Status(code, absl::StrCat(session.label, ": ", Said(session, error)));
  }
}

std::string Quoted(absl::string_view name, absl::string_view quote) {
  if (quote.empty()) return std::string(name);
  return absl::StrCat(quote, absl::StrReplaceAll(name, {{quote, absl::StrCat(quote, quote)}}), quote);
}

std::vector<std::string> TextsOf(Session& session, const std::string& query) {
  const soci::rowset<std::string> rows = (session.sql.prepare << query);
  return {rows.begin(), rows.end()};
}

// What every row source of a database has.
class DatabaseRows : public RowSource {
 public:
  DatabaseRows(std::shared_ptr<Session> session, std::string name, std::vector<std::string> header)
      : session_(std::move(session)), name_(std::move(name)), header_(std::move(header)) {}

  const std::string& name() const override { return name_; }
  const std::vector<std::string>& header() const override { return header_; }
  absl::string_view malformed() const override { return ""; }
  std::size_t fields() const override { return header_.size(); }
  std::int64_t line() const override { return row_; }
  std::uint64_t hash() const override {
    std::uint64_t hash = 0;
    for (std::size_t i = 0; i < fields(); ++i) hash = absl::HashOf(hash, field(i));
    return hash;
  }

 protected:
  absl::Status Lost(absl::string_view said) const {
    return absl::UnavailableError(absl::StrCat(
        name_, ": ", said, "; ", row_,
        " rows had been read and none of them is used. See that the database can be reached, then try again",
        absl::StrContains(said, "statement timeout") ? ", or set timeout_seconds higher" : ""));
  }
  absl::Status CheckField(absl::string_view value, std::size_t column) const {
    if (value.size() > kMaxFieldBytes) {
      return absl::ResourceExhaustedError(absl::StrCat(name_, ": row ", row_, ": column ", header_[column],
                                                       " has a value over 1 MiB; leave the column out by a "
                                                       "query"));
    }
    if (FirstInvalidUtf8(value) != absl::string_view::npos || absl::StrContains(value, '\0')) {
      return absl::InvalidArgumentError(absl::StrCat(name_, ": row ", row_, ": column ", header_[column],
                                                     " holds bytes that are not UTF-8 text; leave the column "
                                                     "out by a query, or mend the database"));
    }
    return absl::OkStatus();
  }

  std::shared_ptr<Session> session_;
  std::string name_;
  std::vector<std::string> header_;
  std::int64_t row_ = 0;
};

// Of SQLite and PostgreSQL, in batches. `declare` is run once before the first, `fetch` for every batch where
// there is a cursor, else once.
class BatchRows final : public DatabaseRows {
 public:
  struct Statements {
    std::string declare;
    std::string fetch;
  };
  BatchRows(std::shared_ptr<Session> session, std::string name, std::vector<std::string> header,
            Statements statements)
      : DatabaseRows(std::move(session), std::move(name), std::move(header)),
        statements_(std::move(statements)),
        texts_(header_.size()),
        indicators_(header_.size()) {}

  absl::StatusOr<bool> Next() override {
    if (++at_ >= rows_) {
      if (ended_) return false;
      try {
        rows_ = Fetch();
      } catch (const std::exception& error) {
        ended_ = true;
        return Lost(SaidOfRows(*session_, error));
      }
      at_ = 0;
      ended_ = rows_ == 0;
      if (ended_) return false;
    }
    ++row_;
    for (std::size_t i = 0; i < header_.size(); ++i) {
      if (indicators_[i][at_] == soci::i_null) texts_[i][at_].clear();
      RETURN_IF_ERROR(CheckField(texts_[i][at_], i));
    }
    return true;
  }

  absl::string_view field(std::size_t i) const override { return texts_[i][at_]; }

 private:
  // How many rows the next batch has.
  std::size_t Fetch() {
    const bool first = statement_ == nullptr;
    if (first && !statements_.declare.empty()) session_->sql << statements_.declare;
    for (auto& column : texts_) column.resize(kBatchRows);
    for (auto& column : indicators_) column.resize(kBatchRows);
    if (first) {
      statement_ = std::make_unique<soci::statement>(session_->sql);
      for (std::size_t i = 0; i < texts_.size(); ++i) {
        statement_->exchange(soci::into(texts_[i], indicators_[i]));
      }
      statement_->alloc();
      statement_->prepare(statements_.fetch);
      statement_->define_and_bind();
    }
    const bool again = first || !statements_.declare.empty();
    const bool any = again ? statement_->execute(/*withDataExchange=*/true) : statement_->fetch();
    return any ? texts_[0].size() : 0;
  }

  Statements statements_;
  std::vector<std::vector<std::string>> texts_;  // by column, then row of the batch
  std::vector<std::vector<soci::indicator>> indicators_;
  std::unique_ptr<soci::statement> statement_;
  std::size_t at_ = 0;
  std::size_t rows_ = 0;
  bool ended_ = false;
};

// Of ODBC: SOCI connects and executes, OdbcCursor reads.
class OdbcRows final : public DatabaseRows {
 public:
  OdbcRows(std::shared_ptr<Session> session, std::string name, std::vector<std::string> header,
           std::unique_ptr<soci::statement> statement, OdbcCursor cursor)
      : DatabaseRows(std::move(session), std::move(name), std::move(header)),
        statement_(std::move(statement)),
        cursor_(std::move(cursor)) {}

  absl::StatusOr<bool> Next() override {
    if (ended_) return false;
    absl::StatusOr<bool> any = cursor_.Next(kMaxFieldBytes, fields_);
    if (!any.ok()) {
      ended_ = true;
      return Lost(WithoutSecret(*session_, any.status().message()));
    }
    ended_ = !*any;
    if (ended_) return false;
    ++row_;
    for (std::size_t i = 0; i < fields_.size(); ++i) RETURN_IF_ERROR(CheckField(fields_[i], i));
    return true;
  }

  absl::string_view field(std::size_t i) const override { return fields_[i]; }

 private:
  std::unique_ptr<soci::statement> statement_;
  OdbcCursor cursor_;
  std::vector<std::string> fields_;
  bool ended_ = false;
};

std::unique_ptr<soci::statement> Prepared(Session& session, const std::string& query) {
  auto statement = std::make_unique<soci::statement>(session.sql);
  statement->alloc();
  if (!query.empty()) statement->prepare(query);
  return statement;
}

OdbcHandle HandleOf(soci::statement& statement) {
  return static_cast<soci::odbc_statement_backend*>(statement.get_backend())->hstmt_;
}

class SociDatabase final : public Database {
 public:
  SociDatabase(std::shared_ptr<Session> session, std::string schema)
      : session_(std::move(session)), schema_(std::move(schema)) {}

  absl::StatusOr<std::vector<std::string>> Tables() override {
    return Guarded(*session_, absl::StatusCode::kUnavailable,
                   [&]() -> absl::StatusOr<std::vector<std::string>> {
                     ASSIGN_OR_RETURN(const std::vector<TableName> tables, List());
                     std::vector<std::string> names;
                     for (const TableName& table : tables) names.push_back(table.Full());
                     std::sort(names.begin(), names.end());
                     return names;
                   });
  }

  absl::StatusOr<std::unique_ptr<RowSource>> ReadTable(absl::string_view table) override {
    return Guarded(*session_, absl::StatusCode::kUnavailable,
                   [&]() -> absl::StatusOr<std::unique_ptr<RowSource>> {
                     ASSIGN_OR_RETURN(const std::vector<TableName> tables, List());
                     const absl::StatusOr<TableName> named = FindTable(tables, table, schema_);
                     if (!named.ok()) return WithContext(named.status(), session_->label);
                     const TableName& found = *named;
                     const std::string quote = QuoteMark();
                     const std::string schema =
                         found.schema.empty() ? "" : absl::StrCat(Quoted(found.schema, quote), ".");
                     return Rows(absl::StrCat("SELECT * FROM ", schema, Quoted(found.name, quote)),
                                 absl::StrCat(session_->label, " table ", found.Full()));
                   });
  }

  absl::StatusOr<std::unique_ptr<RowSource>> ReadQuery(absl::string_view query) override {
    query = absl::StripAsciiWhitespace(query);
    if (absl::EndsWith(query, ";")) query.remove_suffix(1);
    return Guarded(*session_, absl::StatusCode::kInvalidArgument,
                   [&]() -> absl::StatusOr<std::unique_ptr<RowSource>> {
                     return Rows(std::string(query), absl::StrCat(session_->label, " query"));
                   });
  }

 private:
  std::string QuoteMark() const {
    if (session_->dialect != Dialect::kOdbc) return "\"";
    return OdbcQuote(static_cast<soci::odbc_session_backend*>(session_->sql.get_backend())->hdbc_);
  }

  absl::StatusOr<std::vector<TableName>> List() {
    std::vector<TableName> tables;
    switch (session_->dialect) {
      case Dialect::kSqlite:
        for (std::string& name : TextsOf(*session_,
                                         "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND "
                                         "name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")) {
          tables.push_back({"", std::move(name)});
        }
        return tables;
      case Dialect::kPostgresql: {
        constexpr const char* kFrom =
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN "
            "('r', 'v', 'm', 'f', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' "
            "ORDER BY c.oid";
        const auto schemas = TextsOf(*session_, absl::StrCat("SELECT CAST(n.nspname AS text)", kFrom));
        const auto names = TextsOf(*session_, absl::StrCat("SELECT CAST(c.relname AS text)", kFrom));
        for (std::size_t i = 0; i < std::min(names.size(), schemas.size()); ++i) {
          tables.push_back({schemas[i], names[i]});
        }
        return tables;
      }
      case Dialect::kOdbc:
        return OdbcTables(HandleOf(*Prepared(*session_, "")));
    }
    return tables;
  }

  // A query's columns, by a way that works whatever their types.
  std::vector<std::string> ColumnsOf(const std::string& query) {
    if (session_->dialect == Dialect::kPostgresql) {
      // SOCI cannot describe an enumeration; as JSON every column has its name.
      std::vector<std::string> names = TextsOf(
          *session_, absl::StrCat("SELECT json_object_keys(row_to_json(waymark_row)) FROM (SELECT * FROM "
                                  "(VALUES (1)) AS waymark_one(waymark_one) LEFT JOIN (SELECT * FROM (",
                                  query,
                                  "\n) AS waymark_rows LIMIT 0) AS waymark_none ON true) AS "
                                  "waymark_row"));
      names.erase(names.begin());
      return names;
    }
    const auto statement =
        Prepared(*session_, absl::StrCat("SELECT * FROM (", query, "\n) AS waymark_rows LIMIT 0"));
    std::vector<std::string> names(
        static_cast<std::size_t>(statement->get_backend()->prepare_for_describe()));
    for (std::size_t i = 0; i < names.size(); ++i) {
      soci::data_type ignored = soci::dt_string;
      statement->get_backend()->describe_column(static_cast<int>(i + 1), ignored, names[i]);
    }
    return names;
  }

  absl::StatusOr<std::unique_ptr<RowSource>> Rows(const std::string& query, std::string name) {
    if (session_->dialect == Dialect::kOdbc) return OdbcRowsOf(query, std::move(name));
    std::vector<std::string> columns = ColumnsOf(query);
    if (columns.empty()) return absl::InvalidArgumentError(absl::StrCat(name, " has no columns"));
    std::string select = "SELECT ";
    for (std::size_t i = 0; i < columns.size(); ++i) {
      absl::StrAppend(&select, i == 0 ? "" : ", ", "CAST(", Quoted(columns[i], "\""), " AS text)");
    }
    absl::StrAppend(&select, " FROM (", query, "\n) AS waymark_rows");
    BatchRows::Statements statements{"", select};
    if (session_->dialect == Dialect::kPostgresql) {
      // Without a cursor libpq holds the whole result.
      const std::string cursor = absl::StrCat("waymark_", ++session_->cursors);
      statements = {absl::StrCat("DECLARE ", cursor, " NO SCROLL CURSOR FOR ", select),
                    absl::StrCat("FETCH FORWARD ", kBatchRows, " FROM ", cursor)};
    }
    return std::make_unique<BatchRows>(session_, std::move(name), std::move(columns), std::move(statements));
  }

  absl::StatusOr<std::unique_ptr<RowSource>> OdbcRowsOf(const std::string& query, std::string name) {
    auto statement = Prepared(*session_, query);
    statement->define_and_bind();
    statement->execute(/*withDataExchange=*/false);
    OdbcCursor cursor(HandleOf(*statement));
    ASSIGN_OR_RETURN(std::vector<std::string> columns, cursor.Columns());
    return std::make_unique<OdbcRows>(session_, std::move(name), std::move(columns), std::move(statement),
                                      std::move(cursor));
  }

  std::shared_ptr<Session> session_;
  std::string schema_;
};

absl::Status LoadBackEnd(const BackEnd& back_end) {
  const std::string name(back_end.name);
  try {
    const std::vector<std::string> loaded = soci::dynamic_backends::list_all();
    if (std::find(loaded.begin(), loaded.end(), name) == loaded.end()) {
      soci::dynamic_backends::register_backend(name, back_end.library);
    }
    return absl::OkStatus();
  } catch (const std::exception&) {
    return absl::NotFoundError(absl::StrCat("the driver for ", name, ":// (", back_end.library,
                                            ") is not installed; install Debian's package ",
                                            back_end.package));
  }
}

// A read-only transaction, in which every table shows the same moment.
void Begin(Session& session, int timeout_seconds) {
  if (session.dialect == Dialect::kSqlite) session.sql << "BEGIN";
  if (session.dialect != Dialect::kPostgresql) return;
  session.sql << absl::StrCat("SET statement_timeout = ", timeout_seconds * 1000LL);
  session.sql << "SET DateStyle = 'ISO, YMD'";
  session.sql << "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const DatabaseConfig& config) {
  absl::StatusOr<Connection> connection = Connection::Parse(config.connection);
  if (!connection.ok()) return WithContext(connection.status(), "connection");
  auto session = std::make_shared<Session>();
  session->dialect = connection->back_end->dialect;
  session->label = config.connection;
  ASSIGN_OR_RETURN(session->secret, ReadPasswordFile(config.password_file));
  if (session->dialect == Dialect::kSqlite && !FileExists(connection->parameters)) {
    return absl::NotFoundError(absl::StrCat(session->label, ": there is no such file"));
  }
  RETURN_IF_ERROR(LoadBackEnd(*connection->back_end));
  try {
    soci::connection_parameters parameters(std::string(connection->back_end->name),
                                           connection->SociParameters(session->secret));
    parameters.set_option("odbc.driver_complete", "0");  // nobody is there to be asked
    session->sql.open(parameters);
    Begin(*session, config.timeout_seconds);
  } catch (const std::exception& error) {
    return ConnectionRefused(session->label, Said(*session, error));
  }
  return std::make_unique<SociDatabase>(std::move(session), config.schema);
}

}  // namespace waymark::node
