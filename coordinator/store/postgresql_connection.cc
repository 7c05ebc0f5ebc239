#include "coordinator/store/postgresql_connection.h"

#include <poll.h>

#include <cerrno>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace waymark::coordinator {
namespace {

using Then = PostgresqlFailure::Then;

// The server's own pg_type.h: fixed numbers.
constexpr Oid kUnknownType = 0;
constexpr Oid kByteaType = 17;
constexpr Oid kInt8Type = 20;
constexpr Oid kTextType = 25;
constexpr int kBinary = 1;

// The server gives up a statement before this passes; a network that swallows packets never answers.
constexpr int kAnswerTimeoutMs = 20'000;

// So few that their answers fit into the network's buffers while we write.
constexpr int kMostSent = 64;

// What the place may say otherwise, and what it may not.
constexpr std::pair<const char*, const char*> kDefaults[] = {{"connect_timeout", "5"},
                                                             {"tcp_user_timeout", "10000"},
                                                             {"keepalives_idle", "5"},
                                                             {"keepalives_interval", "2"},
                                                             {"keepalives_count", "3"},
                                                             {"target_session_attrs", "read-write"},
                                                             {"application_name", "waymark-coordinator"}};

std::string OneLine(const char* text) {
  std::string line(absl::StripAsciiWhitespace(text == nullptr ? "" : text));
  for (char& c : line) c = c == '\n' || c == '\t' ? ' ' : c;
  return line;
}

// By the first two characters of the SQLSTATE (PostgreSQL's manual, appendix A), or all five.
struct ErrorClass {
  const char* state;
  absl::StatusCode code;
  Then then;
  const char* fix;
};
constexpr ErrorClass kErrorClasses[] = {
    // Whether it came about is not known: as a connection that is lost.
    {"40003", absl::StatusCode::kUnavailable, Then::kReconnect, "try again"},
    {"40", absl::StatusCode::kUnavailable, Then::kTryAgain, "too many at once: try again"},
    // Of two that wrote the same key at once, the second: it finds the first one's row when it is run again.
    {"23505", absl::StatusCode::kUnavailable, Then::kTryAgain, "too many at once: try again"},
    {"25006", absl::StatusCode::kUnavailable, Then::kReconnect,
     "the server is a standby: name the primary as well"},
    {"25P", absl::StatusCode::kUnavailable, Then::kReconnect, "try again"},
    {"57014", absl::StatusCode::kUnavailable, Then::kGiveUp, "the database is busy: try again"},
    {"57", absl::StatusCode::kUnavailable, Then::kReconnect,
     "the database is stopping or starting: try again"},
    {"08", absl::StatusCode::kUnavailable, Then::kReconnect, "try again"},
    {"55", absl::StatusCode::kUnavailable, Then::kGiveUp, "the database is busy: try again"},
    {"53100", absl::StatusCode::kResourceExhausted, Then::kGiveUp, "free some space"},
    {"53", absl::StatusCode::kUnavailable, Then::kReconnect,
     "the database is short of something: see its log"},
    {"58", absl::StatusCode::kUnavailable, Then::kGiveUp, "check the database's disk"},
    {"22", absl::StatusCode::kInvalidArgument, Then::kGiveUp, "a name holds what is no text"},
    {"42501", absl::StatusCode::kFailedPrecondition, Then::kGiveUp,
     "let the coordinator's user own the tables"},
    {"42P07", absl::StatusCode::kFailedPrecondition, Then::kGiveUp,
     "give the coordinator a schema of its own"},
    {"XX001", absl::StatusCode::kDataLoss, Then::kGiveUp, "the database is damaged: restore a backup"},
    {"XX002", absl::StatusCode::kDataLoss, Then::kGiveUp, "the database is damaged: restore a backup"},
};

}  // namespace

std::int64_t PostgresqlResult::changed() const {
  std::int64_t rows = 0;
  return absl::SimpleAtoi(PQcmdTuples(result_.get()), &rows) ? rows : 0;
}

std::string PostgresqlResult::GetString(int row, int column) const {
  return std::string(PQgetvalue(result_.get(), row, column),
                     static_cast<std::size_t>(PQgetlength(result_.get(), row, column)));
}

std::int64_t PostgresqlResult::GetInt(int row, int column) const {
  const std::string bytes = GetString(row, column);
  std::uint64_t value = !bytes.empty() && static_cast<signed char>(bytes[0]) < 0 ? ~std::uint64_t{0} : 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(value);
}

void PostgresqlParameters::Set(int position, Oid type, std::optional<std::string> bytes) {
  const auto index = static_cast<std::size_t>(position);
  if (types_.size() < index) {
    types_.resize(index);
    bytes_.resize(index);
  }
  types_[index - 1] = type;
  bytes_[index - 1] = std::move(bytes);
}

void PostgresqlParameters::SetText(int position, absl::string_view value) {
  Set(position, kTextType, std::string(value));
}

void PostgresqlParameters::SetBlob(int position, absl::string_view value) {
  Set(position, kByteaType, std::string(value));
}

void PostgresqlParameters::SetInt(int position, std::int64_t value) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> shift & 0xff));
  }
  Set(position, kInt8Type, std::move(bytes));
}

void PostgresqlParameters::SetNull(int position) {
  Set(position, kUnknownType, std::nullopt);
}

PostgresqlConnection::PostgresqlConnection(const std::string& place) : connection_(nullptr, &PQfinish) {
  std::vector<const char*> keys;
  std::vector<const char*> values;
  const auto add = [&](const char* key, const char* value) {
    keys.push_back(key);
    values.push_back(value);
  };
  for (const auto& [key, value] : kDefaults) add(key, value);
  add("dbname", place.c_str());
  add("client_encoding", "UTF8");
  add(nullptr, nullptr);
  connection_.reset(PQconnectdbParams(keys.data(), values.data(), 1));
  if (connection_ == nullptr || PQstatus(connection_.get()) != CONNECTION_OK) throw Lost();
  PQsetNoticeReceiver(connection_.get(), &OnNotice, this);
}

void PostgresqlConnection::OnNotice(void* self, const PGresult* notice) {
  const char* const severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity != nullptr && absl::string_view(severity) == "WARNING") {
    static_cast<PostgresqlConnection*>(self)->warned_ = true;
  }
}

PostgresqlFailure PostgresqlConnection::Lost() const {
  return {.status = absl::UnavailableError(absl::StrCat(
              "PostgreSQL: ",
              connection_ == nullptr ? "out of memory" : OneLine(PQerrorMessage(connection_.get())),
              "; check that the database runs, and [store] postgresql")),
          .then = Then::kReconnect};
}

PostgresqlFailure PostgresqlConnection::FailureOf(const PGresult* result) const {
  const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  if (state == nullptr || PQstatus(connection_.get()) != CONNECTION_OK) return Lost();
  // Never the detail: that holds values.
  const std::string text = absl::StrCat(
      "PostgreSQL: ", OneLine(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)), " (", state, ")");
  for (const ErrorClass& each : kErrorClasses) {
    if (absl::StartsWith(state, each.state)) {
      return {.status = absl::Status(each.code, absl::StrCat(text, "; ", each.fix)), .then = each.then};
    }
  }
  return {.status = absl::InternalError(text), .then = Then::kGiveUp};
}

PostgresqlResult PostgresqlConnection::Next() {
  PGconn* const connection = connection_.get();
  while (PQisBusy(connection) != 0) {
    pollfd waited{.fd = PQsocket(connection), .events = POLLIN, .revents = 0};
    const int ready = poll(&waited, 1, kAnswerTimeoutMs);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) {
      throw PostgresqlFailure{
          .status = absl::UnavailableError("PostgreSQL does not answer; check the network"),
          .then = Then::kReconnect};
    }
    if (ready < 0 || PQconsumeInput(connection) == 0) throw Lost();
  }
  PostgresqlResult next(PQgetResult(connection));
  switch (next.get() == nullptr ? PGRES_COMMAND_OK : PQresultStatus(next.get())) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_PIPELINE_SYNC:
    case PGRES_PIPELINE_ABORTED:  // not run, because of one before it
      return next;
    default:
      throw FailureOf(next.get());
  }
}

PostgresqlResult PostgresqlConnection::Await(bool sent) {
  if (!sent) throw Lost();
  PostgresqlResult last(nullptr);
  while (true) {
    PostgresqlResult next = Next();
    if (next.get() == nullptr) return last;
    last = std::move(next);
  }
}

bool PostgresqlConnection::Pass(const std::string& sql, const PostgresqlParameters& parameters) {
  std::vector<const char*> values;
  std::vector<int> lengths;
  for (const std::optional<std::string>& bytes : parameters.bytes_) {
    values.push_back(bytes ? bytes->data() : nullptr);
    lengths.push_back(bytes ? static_cast<int>(bytes->size()) : 0);
  }
  const std::vector<int> formats(values.size(), kBinary);
  return PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()),
                           parameters.types_.data(), values.data(), lengths.data(), formats.data(),
                           kBinary) != 0;
}

void PostgresqlConnection::Send(const std::string& sql, const PostgresqlParameters& parameters) {
  if (sent_ == 0 && PQenterPipelineMode(connection_.get()) == 0) throw Lost();
  if (!Pass(sql, parameters)) throw Lost();
  if (++sent_ == kMostSent) AwaitSent();
}

void PostgresqlConnection::AwaitSent() {
  if (sent_ == 0) return;
  if (PQpipelineSync(connection_.get()) == 0) throw Lost();
  std::optional<PostgresqlFailure> first;
  // Each statement's result and its end, then the one of PQpipelineSync, which has none.
  for (; sent_ > 0; --sent_) {
    try {
      if (Next().get() != nullptr) Next();
    } catch (const PostgresqlFailure& failure) {
      if (failure.then == Then::kReconnect) throw;
      if (!first) first = failure;
      Next();
    }
  }
  Next();
  if (PQexitPipelineMode(connection_.get()) == 0) throw Lost();
  if (first) throw *first;
}

PostgresqlResult PostgresqlConnection::Run(const std::string& sql, const PostgresqlParameters& parameters) {
  AwaitSent();
  return Await(Pass(sql, parameters));
}

PostgresqlResult PostgresqlConnection::Script(const std::string& statements) {
  AwaitSent();
  return Await(PQsendQuery(connection_.get(), statements.c_str()) != 0);
}

void PostgresqlConnection::Commit() {
  warned_ = false;
  const PostgresqlResult result = Script("COMMIT");
  // A server that stops waiting for its synchronous standby says so in a warning alone: what is committed
  // might be lost in a fail-over.
  if (warned_ || !result.is("COMMIT")) {
    throw PostgresqlFailure{
        .status = absl::UnavailableError("PostgreSQL did not say that the change is safe; try again"),
        .then = Then::kReconnect};
  }
}

absl::Status CheckPostgresqlPlace(const std::string& place) {
  char* error = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(place.c_str(), &error), &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> message(error, &PQfreemem);
  if (options == nullptr) {
    // libpq's own message may show a part of it.
    return absl::InvalidArgumentError(
        "expected a connection string as libpq reads it, as \"host=db.example dbname=waymark user=waymark\"");
  }
  for (const PQconninfoOption* each = options.get(); each->keyword != nullptr; ++each) {
    if (absl::string_view(each->keyword) == "password" && each->val != nullptr) {
      return absl::InvalidArgumentError(
          "a password does not belong here; put it into a file of mode 0600 and name it, as "
          "passfile=/etc/waymark/pgpass");
    }
  }
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
