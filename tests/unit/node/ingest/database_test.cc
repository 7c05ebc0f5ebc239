// SQLite files and ODBC over them, made by each test. PostgreSQL is tested through the real program, in
// tests/integration/database_test.py.
#include "node/ingest/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "folder.h"
#include "node/ingest/database_connection.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::waymark::testing::StatusIs;

using Table = std::vector<std::vector<std::string>>;

// A SQLite file made by `sql`, and the ways to it.
class Databases : public ::testing::TestWithParam<std::string> {
 protected:
  void Make(const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(Path().c_str(), &database), SQLITE_OK);
    char* error = nullptr;
    ASSERT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << error;
    sqlite3_close(database);
  }
  std::string Path() const { return folder_.path() + "/records.db"; }
  std::string Connection() const {
    return GetParam() == "odbc" ? "odbc://Driver={SQLite3};Database=" + Path() : "sqlite3://" + Path();
  }
  absl::StatusOr<std::unique_ptr<Database>> Open() const {
    return Database::Open({.connection = Connection()});
  }

  // All rows; the first is the header.
  static absl::StatusOr<Table> Read(absl::StatusOr<std::unique_ptr<RowSource>> rows) {
    RETURN_IF_ERROR(rows.status());
    Table table = {(*rows)->header()};
    while (true) {
      ASSIGN_OR_RETURN(const bool any, (*rows)->Next());
      if (!any) return table;
      table.emplace_back();
      for (std::size_t i = 0; i < (*rows)->fields(); ++i) table.back().emplace_back((*rows)->field(i));
    }
  }

  testing::Folder folder_;
};

INSTANTIATE_TEST_SUITE_P(All, Databases, ::testing::Values("sqlite3", "odbc"));

TEST_P(Databases, ValuesAreText_WhateverTheirTypes) {
  Make(
      "CREATE TABLE t(\"a b\" INTEGER, c TEXT, d REAL, e DATE, f VARCHAR(4), g NUMERIC);"
      "INSERT INTO t VALUES (12, 'x', 0.1, '2024-01-02', 'ab', 7), (NULL, NULL, NULL, NULL, NULL, NULL),"
      "('text', 'Zoë “Ø” 𝒵', 1.5, '02/01/2024', 'ééééé longer than declared', '')");
  ASSERT_OK_AND_ASSIGN(const auto database, Open());
  ASSERT_OK_AND_ASSIGN(const Table table, Read(database->ReadTable("t")));
  EXPECT_THAT(
      table,
      ElementsAre(ElementsAre("a b", "c", "d", "e", "f", "g"),
                  ElementsAre("12", "x", "0.1", "2024-01-02", "ab", "7"), ElementsAre("", "", "", "", "", ""),
                  ElementsAre("text", "Zoë “Ø” 𝒵", "1.5", "02/01/2024", "ééééé longer than declared", "")));
}

TEST_P(Databases, AllRowsComeInOrder_OverManyBatches) {
  Make(
      "CREATE TABLE t(n INTEGER, long TEXT); WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r "
      "WHERE n < 1001) INSERT INTO t SELECT n, hex(zeroblob(n * 10)) FROM r");
  ASSERT_OK_AND_ASSIGN(const auto database, Open());
  ASSERT_OK_AND_ASSIGN(const Table table,
                       Read(database->ReadQuery("SELECT n, long FROM t ORDER BY n DESC;")));
  ASSERT_EQ(table.size(), 1002U);
  for (std::size_t i = 1; i < table.size(); ++i) {
    EXPECT_EQ(table[i][0], std::to_string(1002 - i));
    EXPECT_EQ(table[i][1], std::string((1002 - i) * 20, '0'));
  }
}

TEST_P(Databases, ATableWithoutRowsHasItsColumns) {
  Make("CREATE TABLE t(a TEXT, b INT)");
  ASSERT_OK_AND_ASSIGN(const auto database, Open());
  ASSERT_OK_AND_ASSIGN(const Table table, Read(database->ReadTable("T")));
  EXPECT_THAT(table, ElementsAre(ElementsAre("a", "b")));
}

TEST_P(Databases, TheTablesThereAreNamed_WhenTheOneAskedForIsNot) {
  Make("CREATE TABLE early_help(a TEXT); CREATE VIEW \"odd name\" AS SELECT 1 AS one");
  ASSERT_OK_AND_ASSIGN(const auto database, Open());
  EXPECT_THAT(database->ReadTable("earlyhelp").status(),
              StatusIs(absl::StatusCode::kNotFound, AllOf(HasSubstr("earlyhelp"), HasSubstr("early_help"))));
  ASSERT_OK_AND_ASSIGN(const Table table, Read(database->ReadTable("odd name")));
  EXPECT_THAT(table, ElementsAre(ElementsAre("one"), ElementsAre("1")));
}

TEST_P(Databases, ATableNameIsNoSql) {
  Make("CREATE TABLE t(a TEXT); CREATE TABLE \"x\"\"; DROP TABLE t; --\"(b TEXT)");
  ASSERT_OK_AND_ASSIGN(const auto database, Open());
  ASSERT_OK_AND_ASSIGN(const Table table, Read(database->ReadTable("x\"; DROP TABLE t; --")));
  EXPECT_THAT(table, ElementsAre(ElementsAre("b")));
  EXPECT_FALSE(database->ReadTable("t; DROP TABLE t").ok());
  EXPECT_OK(Read(database->ReadTable("t")).status());
}

TEST_P(Databases, AWrongQueryIsNamedWithWhatTheDatabaseSays) {
  Make("CREATE TABLE t(a TEXT)");
  ASSERT_OK_AND_ASSIGN(const auto database, Open());
  EXPECT_THAT(Read(database->ReadQuery("SELECT nothing FROM t")).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("nothing")));
}

TEST(Database, ASqliteFileIsReadOnly) {
  testing::Folder folder;
  const std::string path = folder.path() + "/a.db";
  sqlite3* file = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &file), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(file, "CREATE TABLE t(a TEXT)", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(file);
  ASSERT_OK_AND_ASSIGN(const auto database, Database::Open({.connection = "sqlite3://" + path}));
  EXPECT_FALSE(database->ReadQuery("INSERT INTO t VALUES (1)").ok());
  EXPECT_OK(database->ReadTable("t").status());
}

TEST(Database, AFileThatIsNotThereIsNotMade) {
  testing::Folder folder;
  const std::string path = folder.path() + "/none.db";
  EXPECT_THAT(Database::Open({.connection = "sqlite3://" + path}).status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none.db")));
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Database, AFileThatIsNoDatabaseIsAnError) {
  testing::Folder folder;
  const std::string path = folder.Write("text.db", "child,start\nc1,2024-01-02\n" + std::string(2000, 'x'));
  auto database = Database::Open({.connection = "sqlite3://" + path});
  const absl::Status status = database.ok() ? (*database)->Tables().status() : database.status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable, HasSubstr("not a database")));
}

TEST(Database, BytesThatAreNoTextAreAnError) {
  testing::Folder folder;
  const std::string path = folder.path() + "/a.db";
  sqlite3* file = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &file), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(file, "CREATE TABLE t(a TEXT); INSERT INTO t VALUES ('x'), (x'ff00')", nullptr,
                         nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(file);
  ASSERT_OK_AND_ASSIGN(const auto database, Database::Open({.connection = "sqlite3://" + path}));
  ASSERT_OK_AND_ASSIGN(const auto rows, database->ReadTable("t"));
  ASSERT_OK_AND_ASSIGN(const bool any, rows->Next());
  EXPECT_TRUE(any);
  EXPECT_THAT(rows->Next().status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("row 2"), HasSubstr("column a"), HasSubstr("UTF-8"))));
}

TEST(Database, AMissingOdbcDriverSaysWhatToInstall) {
  EXPECT_THAT(Database::Open({.connection = "odbc://Driver={No Such};Server=x"}).status(),
              StatusIs(absl::StatusCode::kNotFound, AllOf(HasSubstr("No Such"), HasSubstr("odbcinst"))));
}

TEST(PasswordFile, IsRefused_WhenOthersMayReadIt) {
  testing::Folder folder;
  const std::string path = folder.Write("password", "se'cret\n");
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  EXPECT_THAT(
      ReadPasswordFile(path).status(),
      StatusIs(absl::StatusCode::kFailedPrecondition, AllOf(HasSubstr("chmod 600"), Not(HasSubstr("cret")))));
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  ASSERT_OK_AND_ASSIGN(const std::string password, ReadPasswordFile(path));
  EXPECT_EQ(password, "se'cret");
}

TEST(Connection, APasswordIsQuoted_AsEachBackEndAsks) {
  ASSERT_OK_AND_ASSIGN(const Connection postgresql,
                       Connection::Parse("postgresql://host=db dbname = 'a \\'b' connect_timeout=3"));
  EXPECT_THAT(postgresql.SociParameters("a'b\\c d&é"),
              AllOf(HasSubstr("&host=db&dbname=a%20%27b&connect_timeout=3&"),
                    ::testing::EndsWith("&password=a%27b%5cc%20d%26%c3%a9")));
  ASSERT_OK_AND_ASSIGN(const Connection odbc, Connection::Parse("odbc://Driver={X};UID=me"));
  EXPECT_EQ(odbc.SociParameters("a}b;c"), "Driver={X};UID=me;PWD={a}}b;c}");
}

TEST(Connection, IsRefused_WhenItHoldsAPasswordOrNamesNoBackEnd) {
  for (const char* const text : {"postgresql://host=db password=x", "postgresql://host=db PASSWORD = 'x'",
                                 "odbc://Driver={X};PWD=x", "odbc://Driver={X};Pwd = x"}) {
    EXPECT_THAT(Connection::Parse(text).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("password_file")))
        << text;
  }
  for (const char* const text :
       {"", "x.db", "mysql://host=x", "sqlite3://", "postgresql://someone@host/db", "postgresql://host='x"}) {
    EXPECT_THAT(Connection::Parse(text).status(), StatusIs(absl::StatusCode::kInvalidArgument, ::testing::_))
        << text;
  }
}

TEST(FindTable, AnExactNameGoesFirst_AndSeveralAreAnError) {
  const std::vector<TableName> tables = {{"a", "T"}, {"a", "t"}, {"b", "t"}};
  ASSERT_OK_AND_ASSIGN(const TableName exact, FindTable(tables, "a.t", ""));
  EXPECT_EQ(exact.Full(), "a.t");
  ASSERT_OK_AND_ASSIGN(const TableName by_schema, FindTable(tables, "T", "B"));
  EXPECT_EQ(by_schema.Full(), "b.t");
  EXPECT_THAT(FindTable(tables, "t", "").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("a.T, a.t, b.t")));
}

constexpr char kSqlSource[] = R"([[source]]
format = "sql"
connection = "sqlite3://records.db"
table = "episodes"
covered_from = 2020-01-01
extract_date = 2025-01-01
[source.mapping]
shape = "episodes"
person = "child"
start = "from"
end = "to"
level = "early_help"
)";

TEST(SqlSource, GivesTheRecordsOfTheSameRowsAsCsv) {
  testing::Folder folder;
  std::string csv = "child,from,to\n";
  std::string sql = "BEGIN; CREATE TABLE episodes(child TEXT, \"from\" DATE, \"to\" DATETIME);";
  for (int i = 0; i < 300; ++i) {
    const std::string day = absl::StrCat("202", i % 5, "-0", 1 + i % 9, "-1", i % 7);
    absl::StrAppend(&csv, "c", i % 50, ",", day, ",\n");
    absl::StrAppend(&sql, "INSERT INTO episodes VALUES ('c", i % 50, "','", day, "',NULL);");
  }
  folder.Write("a.csv", csv);
  sqlite3* file = nullptr;
  ASSERT_EQ(sqlite3_open((folder.path() + "/records.db").c_str(), &file), SQLITE_OK);
  sql += "COMMIT";
  ASSERT_EQ(sqlite3_exec(file, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(file);
  ASSERT_OK_AND_ASSIGN(const IngestResult from_sql, folder.Read(kSqlSource));
  std::string toml = kSqlSource;
  toml.replace(toml.find("format"), toml.find("covered_from") - toml.find("format"),
               "format = \"event-log\"\npath = \"a.csv\"\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult from_csv, folder.Read(toml));
  EXPECT_EQ(testing::Dump(from_sql.records), testing::Dump(from_csv.records));
  EXPECT_EQ(from_sql.records.persons.size(), 50U);
}

TEST(SqlSource, IsRefused_WhenItsKeysDoNotFit) {
  testing::Folder folder;
  const auto read = [&](absl::string_view old, absl::string_view now) {
    std::string toml = kSqlSource;
    toml.replace(toml.find(std::string(old)), old.size(), std::string(now));
    return folder.Sources(toml).status();
  };
  EXPECT_THAT(read("table = \"episodes\"", "query = \"DELETE FROM x\""),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("SELECT")));
  EXPECT_THAT(read("table = \"episodes\"", ""),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("table")));
  EXPECT_THAT(read("table = \"episodes\"", "table = \"a\"\nquery = \"SELECT 1\""),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not both")));
  EXPECT_THAT(read("sqlite3://records.db", "postgresql://host=x password=geheim"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("password_file"), Not(HasSubstr("geheim")))));
  EXPECT_THAT(read("format = \"sql\"", "format = \"event-log\""),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("format = \"sql\"")));
}

}  // namespace
}  // namespace waymark::node
