#include "node/ingest/odbc_cursor.h"

#include <sql.h>
#include <sqlext.h>

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr std::size_t kPieceUnits = 4096;
constexpr SQLSMALLINT kNameUnits = 512;

static_assert(sizeof(SQLWCHAR) == sizeof(char16_t));

bool Failed(SQLRETURN code) {
  return code != SQL_SUCCESS && code != SQL_SUCCESS_WITH_INFO;
}

void AppendUtf8(std::uint32_t c, std::string& out) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0U | (c >> 6U));
    put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    put(0xE0U | (c >> 12U));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | (c >> 18U));
    put(0x80U | ((c >> 12U) & 0x3FU));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  }
}

// A surrogate without its other half becomes U+FFFD.
std::string ToUtf8(const std::u16string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint32_t unit = text[i];
    const std::uint32_t next = i + 1 < text.size() ? text[i + 1] : 0;
    if (unit < 0xD800 || unit > 0xDFFF) {
      AppendUtf8(unit, out);
    } else if (unit < 0xDC00 && next >= 0xDC00 && next <= 0xDFFF) {
      AppendUtf8(0x10000 + ((unit - 0xD800) << 10U) + (next - 0xDC00), out);
      ++i;
    } else {
      AppendUtf8(0xFFFD, out);
    }
  }
  return out;
}

// A number where other attributes have an address.
SQLPOINTER NumberAttribute(int number) {
  return reinterpret_cast<SQLPOINTER>(static_cast<SQLULEN>(number));
}

// What the driver says of the last call, its first record, on one line.
std::string Said(OdbcHandle statement) {
  SQLCHAR state[6] = {};
  SQLCHAR text[1024] = {};
  SQLINTEGER native = 0;
  SQLSMALLINT length = 0;
  if (Failed(SQLGetDiagRec(SQL_HANDLE_STMT, statement, 1, state, &native, text, sizeof text, &length))) {
    return "the ODBC driver gives no reason";
  }
  return absl::StrCat(absl::StrReplaceAll(reinterpret_cast<const char*>(text), {{"\n", " "}, {"\r", ""}}),
                      " (SQL state ", reinterpret_cast<const char*>(state), ")");
}

}  // namespace

absl::StatusOr<std::vector<std::string>> OdbcCursor::Columns() {
  SQLSMALLINT count = 0;
  if (Failed(SQLNumResultCols(statement_, &count))) return absl::InvalidArgumentError(Said(statement_));
  std::vector<std::string> names;
  for (SQLSMALLINT i = 1; i <= count; ++i) {
    std::u16string name(kNameUnits, u'\0');
    SQLSMALLINT length = 0;
    if (Failed(SQLDescribeColW(statement_, static_cast<SQLUSMALLINT>(i),
                               reinterpret_cast<SQLWCHAR*>(name.data()), kNameUnits, &length, nullptr,
                               nullptr, nullptr, nullptr))) {
      return absl::InvalidArgumentError(Said(statement_));
    }
    name.resize(static_cast<std::size_t>(std::clamp<SQLSMALLINT>(length, 0, kNameUnits - 1)));
    names.push_back(ToUtf8(name));
  }
  columns_ = names.size();
  return names;
}

absl::Status OdbcCursor::Get(std::size_t column, std::size_t max_field_bytes, std::string& value) {
  std::u16string whole;
  piece_.resize(kPieceUnits);
  while (true) {
    SQLLEN left = 0;  // bytes before this piece was taken, or SQL_NO_TOTAL
    const SQLRETURN code =
        SQLGetData(statement_, static_cast<SQLUSMALLINT>(column + 1), SQL_C_WCHAR, piece_.data(),
                   static_cast<SQLLEN>(kPieceUnits * sizeof(char16_t)), &left);
    if (code == SQL_NO_DATA) break;
    if (Failed(code)) return absl::UnavailableError(Said(statement_));
    if (left == SQL_NULL_DATA) break;
    const bool cut = left == SQL_NO_TOTAL || left >= static_cast<SQLLEN>(kPieceUnits * sizeof(char16_t));
    // A piece that is not the last fills the buffer but for its final zero.
    whole.append(piece_, 0, cut ? kPieceUnits - 1 : static_cast<std::size_t>(left) / sizeof(char16_t));
    if (whole.size() > max_field_bytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat("a value of column ", column + 1, " has over ", max_field_bytes, " characters"));
    }
    if (!cut) break;
  }
  value = ToUtf8(whole);
  return absl::OkStatus();
}

absl::StatusOr<bool> OdbcCursor::Next(std::size_t max_field_bytes, std::vector<std::string>& row) {
  const SQLRETURN code = SQLFetch(statement_);
  if (code == SQL_NO_DATA) return false;
  if (Failed(code)) return absl::UnavailableError(Said(statement_));
  row.resize(columns_);
  for (std::size_t i = 0; i < columns_; ++i) RETURN_IF_ERROR(Get(i, max_field_bytes, row[i]));
  return true;
}

void OdbcSetTimeout(OdbcHandle statement, int seconds) {
  static_cast<void>(
      SQLSetStmtAttr(statement, SQL_ATTR_QUERY_TIMEOUT, NumberAttribute(seconds), SQL_IS_UINTEGER));
}

void OdbcSetConnectionTimeout(OdbcHandle connection, int seconds) {
  static_cast<void>(
      SQLSetConnectAttr(connection, SQL_ATTR_CONNECTION_TIMEOUT, NumberAttribute(seconds), SQL_IS_UINTEGER));
}

absl::StatusOr<std::vector<TableName>> OdbcTables(OdbcHandle statement) {
  constexpr std::size_t kSchema = 1, kName = 2, kType = 3;
  if (Failed(SQLTables(statement, nullptr, 0, nullptr, 0, nullptr, 0, nullptr, 0))) {
    return absl::InvalidArgumentError(Said(statement));
  }
  OdbcCursor cursor(statement);
  RETURN_IF_ERROR(cursor.Columns().status());
  std::vector<TableName> tables;
  std::vector<std::string> row;
  while (true) {
    ASSIGN_OR_RETURN(const bool any, cursor.Next(std::size_t{1} << 16U, row));
    if (!any) return tables;
    if (row.size() <= kType || (row[kType] != "TABLE" && row[kType] != "VIEW")) continue;
    if (row[kSchema] == "INFORMATION_SCHEMA" || row[kSchema] == "sys") continue;
    tables.push_back({row[kSchema], row[kName]});
  }
}

std::string OdbcQuote(OdbcHandle connection) {
  SQLCHAR quote[8] = {};
  SQLSMALLINT length = 0;
  if (Failed(SQLGetInfo(connection, SQL_IDENTIFIER_QUOTE_CHAR, quote, sizeof quote, &length))) return "";
  const std::string text = reinterpret_cast<const char*>(quote);
  return text == " " ? "" : text;
}

}  // namespace waymark::node
