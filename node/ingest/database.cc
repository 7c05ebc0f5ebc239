#include "node/ingest/database.h"

#include <soci/odbc/soci-odbc.h>
#include <soci/soci.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "base/status.h"
#include "node/ingest/database_connection.h"
#include "node/ingest/database_rows.h"
#include "node/ingest/odbc_cursor.h"
#include "node/ingest/watched_database.h"

namespace waymark::node {
namespace {

// A statement that takes too long is to say so itself; only then is the server taken for one that has
// stopped.
constexpr int kAnswerSeconds = 10;

// Runs `body`; what SOCI throws becomes `code`.
template <typename Body>
auto Guarded(const DatabaseSession& session, absl::StatusCode code, const Body& body) -> decltype(body()) {
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

std::vector<std::string> TextsOf(DatabaseSession& session, const std::string& query) {
  const soci::rowset<std::string> rows = (session.sql->prepare << query);
  return {rows.begin(), rows.end()};
}

OdbcHandle ConnectionOf(DatabaseSession& session) {
  return static_cast<soci::odbc_session_backend*>(session.sql->get_backend())->hdbc_;
}

class SociDatabase final : public Database {
 public:
  SociDatabase(std::shared_ptr<DatabaseSession> session, std::string schema)
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
    return session_->dialect == Dialect::kOdbc ? OdbcQuote(ConnectionOf(*session_)) : "\"";
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
    if (session_->dialect == Dialect::kOdbc) return OdbcRowsOf(session_, std::move(name), query);
    std::vector<std::string> columns = ColumnsOf(query);
    if (columns.empty()) return absl::InvalidArgumentError(absl::StrCat(name, " has no columns"));
    std::string select = "SELECT ";
    for (std::size_t i = 0; i < columns.size(); ++i) {
      absl::StrAppend(&select, i == 0 ? "" : ", ", "CAST(", Quoted(columns[i], "\""), " AS text)");
    }
    absl::StrAppend(&select, " FROM (", query, "\n) AS waymark_rows");
    BatchStatements statements{"", select};
    if (session_->dialect == Dialect::kPostgresql) {
      // Without a cursor libpq holds the whole result.
      const std::string cursor = absl::StrCat("waymark_", ++session_->cursors);
      statements = {absl::StrCat("DECLARE ", cursor, " NO SCROLL CURSOR FOR ", select),
                    absl::StrCat("FETCH FORWARD ", kBatchRows, " FROM ", cursor)};
    }
    return BatchRowsOf(session_, std::move(name), std::move(columns), std::move(statements));
  }

  std::shared_ptr<DatabaseSession> session_;
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
void Begin(DatabaseSession& session) {
  if (session.dialect == Dialect::kSqlite) *session.sql << "BEGIN";
  if (session.dialect == Dialect::kOdbc)
    OdbcSetConnectionTimeout(ConnectionOf(session), session.timeout_seconds + kAnswerSeconds);
  if (session.dialect != Dialect::kPostgresql) return;
  *session.sql << absl::StrCat("SET statement_timeout = ", session.timeout_seconds * 1000LL);
  *session.sql << "SET DateStyle = 'ISO, YMD'";
  *session.sql << "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
}

absl::StatusOr<std::unique_ptr<Database>> OpenSession(const DatabaseConfig& config,
                                                      const Connection& connection) {
  auto session = std::make_shared<DatabaseSession>();
  session->sql = std::make_unique<soci::session>();
  session->dialect = connection.back_end->dialect;
  session->label = config.connection;
  session->timeout_seconds = config.timeout_seconds;
  ASSIGN_OR_RETURN(session->secret, ReadPasswordFile(config.password_file));
  if (session->dialect == Dialect::kSqlite && !FileExists(connection.parameters)) {
    return absl::NotFoundError(absl::StrCat(session->label, ": there is no such file"));
  }
  RETURN_IF_ERROR(LoadBackEnd(*connection.back_end));
  try {
    soci::connection_parameters parameters(std::string(connection.back_end->name),
                                           connection.SociParameters(session->secret));
    parameters.set_option("odbc.driver_complete", "0");  // nobody is there to be asked
    session->sql->open(parameters);
    Begin(*session);
  } catch (const std::exception& error) {
    return ConnectionRefused(session->label, Said(*session, error));
  }
  return std::make_unique<SociDatabase>(std::move(session), config.schema);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const DatabaseConfig& config) {
  absl::StatusOr<Connection> connection = Connection::Parse(config.connection);
  if (!connection.ok()) return WithContext(connection.status(), "connection");
  if (connection->back_end->dialect == Dialect::kSqlite) return OpenSession(config, *connection);
  return OpenWatched(config.connection, absl::Seconds(config.timeout_seconds + kAnswerSeconds),
                     [config, connection = *connection] { return OpenSession(config, connection); });
}

}  // namespace waymark::node
