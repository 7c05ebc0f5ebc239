#include "node/ingest/database_rows.h"

#include <soci/odbc/soci-odbc.h>
#include <soci/soci.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "node/ingest/encoding.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMaxFieldBytes = std::size_t{1} << 20U;

std::string WithoutSecret(const DatabaseSession& session, absl::string_view message) {
  if (session.secret.empty()) return std::string(message);
  return absl::StrReplaceAll(message, {{session.secret, "…"}});
}

// The same while rows are read: the text of an error may then quote a value, after a colon.
std::string SaidOfRows(const DatabaseSession& session, const std::exception& error) {
  const std::string said = Said(session, error);
  return said.substr(0, std::min(said.find(": \""), said.find(" DETAIL:")));
}

// What every row source of a database has.
class DatabaseRows : public RowSource {
 public:
  DatabaseRows(std::shared_ptr<DatabaseSession> session, std::string name, std::vector<std::string> header)
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
  absl::Status Lost(absl::string_view said) const { return LostInMidRead(name_, said, row_); }
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

  std::shared_ptr<DatabaseSession> session_;
  std::string name_;
  std::vector<std::string> header_;
  std::int64_t row_ = 0;
};

// Of SQLite and PostgreSQL, in batches. `declare` is run once before the first, `fetch` for every batch where
// there is a cursor, else once.
class BatchRows final : public DatabaseRows {
 public:
  BatchRows(std::shared_ptr<DatabaseSession> session, std::string name, std::vector<std::string> header,
            BatchStatements statements)
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
    if (first && !statements_.declare.empty()) *session_->sql << statements_.declare;
    for (auto& column : texts_) column.resize(kBatchRows);
    for (auto& column : indicators_) column.resize(kBatchRows);
    if (first) {
      statement_ = std::make_unique<soci::statement>(*session_->sql);
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

  BatchStatements statements_;
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
  OdbcRows(std::shared_ptr<DatabaseSession> session, std::string name, std::vector<std::string> header,
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

}  // namespace

std::string Said(const DatabaseSession& session, const std::exception& error) {
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

absl::Status LostInMidRead(absl::string_view name, absl::string_view said, std::int64_t rows) {
  const auto has = [&](absl::string_view text) { return absl::StrContains(said, text); };
  const bool too_slow = has("statement timeout") || has("HYT0") || has("timeout_seconds");
  return absl::UnavailableError(absl::StrCat(
      name, ": ", said, "; ", rows,
      " rows had been read and none of them is used. See that the database can be reached, then try again",
      too_slow ? ", or set timeout_seconds higher" : ""));
}

std::unique_ptr<RowSource> BatchRowsOf(std::shared_ptr<DatabaseSession> session, std::string name,
                                       std::vector<std::string> header, BatchStatements statements) {
  return std::make_unique<BatchRows>(std::move(session), std::move(name), std::move(header),
                                     std::move(statements));
}

std::unique_ptr<soci::statement> Prepared(DatabaseSession& session, const std::string& query) {
  auto statement = std::make_unique<soci::statement>(*session.sql);
  statement->alloc();
  if (!query.empty()) statement->prepare(query);
  return statement;
}

OdbcHandle HandleOf(soci::statement& statement) {
  return static_cast<soci::odbc_statement_backend*>(statement.get_backend())->hstmt_;
}

absl::StatusOr<std::unique_ptr<RowSource>> OdbcRowsOf(std::shared_ptr<DatabaseSession> session,
                                                      std::string name, const std::string& query) {
  auto statement = Prepared(*session, query);
  OdbcSetTimeout(HandleOf(*statement), session->timeout_seconds);
  statement->define_and_bind();
  statement->execute(/*withDataExchange=*/false);
  OdbcCursor cursor(HandleOf(*statement));
  ASSIGN_OR_RETURN(std::vector<std::string> columns, cursor.Columns());
  return std::make_unique<OdbcRows>(std::move(session), std::move(name), std::move(columns),
                                    std::move(statement), std::move(cursor));
}

}  // namespace waymark::node
