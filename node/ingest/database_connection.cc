#include "node/ingest/database_connection.h"

#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "base/file.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMaxPasswordBytes = 4096;

constexpr BackEnd kBackEnds[] = {
    {Dialect::kSqlite, "sqlite3", "libsoci_sqlite3.so.4.0", "libsoci-sqlite3-4.0"},
    {Dialect::kPostgresql, "postgresql", "libsoci_postgresql.so.4.0", "libsoci-postgresql4.0"},
    {Dialect::kOdbc, "odbc", "libsoci_odbc.so.4.0", "libsoci-odbc4.0"},
};

bool HoldsPassword(absl::string_view connection) {
  std::string text = absl::AsciiStrToLower(connection);
  text.erase(std::remove_if(text.begin(), text.end(), absl::ascii_isspace), text.end());
  return absl::StrContains(text, "password=") || absl::StrContains(text, "pwd=");
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

// libpq's "key=value key = 'a value' …", with its quotes and backslashes (PostgreSQL documentation,
// "Keyword/Value Connection Strings"). Nothing where it is not that.
std::optional<Pairs> KeywordValues(absl::string_view text) {
  Pairs pairs;
  while (true) {
    text = absl::StripLeadingAsciiWhitespace(text);
    if (text.empty()) return pairs;
    const auto equals = text.find('=');
    if (equals == absl::string_view::npos) return std::nullopt;
    const absl::string_view key = absl::StripAsciiWhitespace(text.substr(0, equals));
    if (key.empty() || absl::StrContains(key, ' ')) return std::nullopt;
    text = absl::StripLeadingAsciiWhitespace(text.substr(equals + 1));
    const bool quoted = absl::ConsumePrefix(&text, "'");
    std::string value;
    bool closed = false;
    while (!text.empty() && !closed &&
           (quoted || !absl::ascii_isspace(static_cast<unsigned char>(text[0])))) {
      closed = quoted && text[0] == '\'';
      if (text[0] == '\\' && text.size() > 1) text.remove_prefix(1);
      if (!closed) value.push_back(text[0]);
      text.remove_prefix(1);
    }
    if (quoted && !closed) return std::nullopt;
    pairs.emplace_back(key, value);
  }
}

// As a URI, because SOCI takes keyword-value strings apart at every blank. Of a key that stands there twice
// the last counts.
std::string PostgresqlUri(const Pairs& pairs) {
  std::string uri = "postgresql:///?";
  for (const auto& [key, value] : pairs) {
    absl::StrAppend(&uri, absl::EndsWith(uri, "?") ? "" : "&", key, "=");
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      if (absl::ascii_isalnum(byte)) {
        uri.push_back(c);
      } else {
        absl::StrAppend(&uri, "%", absl::Hex(byte, absl::kZeroPad2));
      }
    }
  }
  return uri;
}

}  // namespace

absl::StatusOr<Connection> Connection::Parse(absl::string_view text) {
  const auto at = text.find("://");
  const auto* const found =
      std::find_if(std::begin(kBackEnds), std::end(kBackEnds),
                   [&](const BackEnd& each) { return text.substr(0, at) == each.name; });
  if (at == absl::string_view::npos || found == std::end(kBackEnds)) {
    return absl::InvalidArgumentError(
        "expected sqlite3://FILE, postgresql://host=… dbname=… user=… or "
        "odbc://Driver={…};Server=…;Database=…");
  }
  if (HoldsPassword(text)) {
    return absl::InvalidArgumentError(
        "holds a password; write it in a file of its own, which only its owner may read, and name that as "
        "password_file");
  }
  const absl::string_view parameters = text.substr(at + 3);
  if (parameters.empty()) return absl::InvalidArgumentError("names no database after ://");
  if (found->dialect == Dialect::kSqlite && absl::StrContains(parameters, '"')) {
    return absl::InvalidArgumentError("has a double quote in the file's name; rename the file");
  }
  if (found->dialect == Dialect::kPostgresql && !KeywordValues(parameters)) {
    return absl::InvalidArgumentError(
        "expected key=value pairs with quotes around values that hold blanks, as "
        "postgresql://host=db.example dbname=records");
  }
  return Connection{found, std::string(parameters)};
}

std::string Connection::SociParameters(absl::string_view password) const {
  switch (back_end->dialect) {
    case Dialect::kSqlite:
      return absl::StrCat("db=\"", parameters, "\" readonly=1 timeout=10");
    case Dialect::kPostgresql: {
      Pairs pairs = {{"connect_timeout", "15"},
                     {"tcp_user_timeout", "60000"},
                     {"keepalives_idle", "30"},
                     {"application_name", "waymark-node"}};
      const Pairs given = KeywordValues(parameters).value_or(Pairs());
      pairs.insert(pairs.end(), given.begin(), given.end());
      pairs.emplace_back("client_encoding", "UTF8");
      if (!password.empty()) pairs.emplace_back("password", std::string(password));
      return PostgresqlUri(pairs);
    }
    case Dialect::kOdbc:
      if (password.empty()) return parameters;
      return absl::StrCat(parameters, absl::EndsWith(parameters, ";") ? "" : ";", "PWD={",
                          absl::StrReplaceAll(password, {{"}", "}}"}}), "}");
  }
  return "";
}

std::string ConnectionUnder(absl::string_view directory, absl::string_view connection) {
  constexpr absl::string_view kFile = "sqlite3://";
  if (!absl::StartsWith(connection, kFile) || connection == kFile) return std::string(connection);
  return absl::StrCat(kFile, PathUnder(directory, connection.substr(kFile.size())));
}

absl::StatusOr<std::string> ReadPasswordFile(const std::string& path) {
  if (path.empty()) return "";
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) {
    return absl::NotFoundError(
        absl::StrCat(path, ": there is no such password file; write the password there and chmod 600 it"));
  }
  if (!S_ISREG(facts.st_mode) || (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": others than its owner may use this password file; chmod 600 it"));
  }
  ASSIGN_OR_RETURN(std::string password, ReadFile(path, kMaxPasswordBytes));
  absl::StripTrailingAsciiWhitespace(&password);
  if (password.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": the password file is empty"));
  }
  return password;
}

absl::Status ConnectionRefused(absl::string_view connection, absl::string_view said) {
  const auto has = [&](absl::string_view text) { return absl::StrContains(said, text); };
  const std::string message = absl::StrCat(connection, ": ", said);
  if (has("authentication failed") || has("no password supplied") || has("28000") || has("28P01")) {
    return absl::UnauthenticatedError(
        absl::StrCat(message, "; check the user in `connection` and the password in `password_file`"));
  }
  if (has("Can't open lib") || has("IM002") || has("IM003")) {
    return absl::NotFoundError(
        absl::StrCat(message,
                     "; name an installed driver in Driver={…}: `odbcinst -q -d` lists "
                     "them, Debian has odbc-postgresql, tdsodbc and libsqliteodbc"));
  }
  return absl::UnavailableError(absl::StrCat(message, "; check `connection` and that the database runs"));
}

absl::StatusOr<TableName> FindTable(const std::vector<TableName>& tables, absl::string_view asked,
                                    absl::string_view schema) {
  std::vector<TableName> found;
  for (const TableName& table : tables) {
    if (table.Full() == asked) return table;
    const bool in_schema = schema.empty() || absl::EqualsIgnoreCase(table.schema, schema);
    if (absl::EqualsIgnoreCase(table.Full(), asked) ||
        (in_schema && absl::EqualsIgnoreCase(table.name, asked))) {
      found.push_back(table);
    }
  }
  if (found.size() == 1) return found[0];
  std::vector<std::string> names;
  for (const TableName& table : found.empty() ? tables : found) names.push_back(table.Full());
  std::sort(names.begin(), names.end());
  if (!found.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("\"", asked, "\" may be any of ",
                                                   absl::StrJoin(names, ", "),
                                                   "; write the schema too, and the case as it is"));
  }
  return absl::NotFoundError(
      absl::StrCat("there is no table or view \"", asked, "\" that this user may see",
                   schema.empty() ? "" : absl::StrCat(" in schema ", schema), "; there ",
                   names.empty() ? "is none at all" : absl::StrCat("are ", absl::StrJoin(names, ", "))));
}

}  // namespace waymark::node
