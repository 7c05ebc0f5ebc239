#include "tests/unit/coordinator/testing/postgresql_server.h"

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"

namespace waymark::coordinator::testing {
namespace {

// The newest installed; "" for none.
std::string Programs() {
  std::string newest;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", error)) {
    const std::string bin = entry.path().string() + "/bin";
    if (std::filesystem::exists(bin + "/initdb") && bin > newest) newest = bin;
  }
  return newest;
}

// The server refuses to run as root.
const passwd* OtherUser() {
  return geteuid() == 0 ? getpwnam("postgres") : nullptr;
}

// Ends with this process.
pid_t Start(const std::vector<std::string>& words, const std::string& folder) {
  const passwd* const user = OtherUser();
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  if (user != nullptr &&
      (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) {
    _exit(126);
  }
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (getppid() != parent || chdir(folder.c_str()) != 0) _exit(126);
  const int log = open((folder + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  _exit(127);
}

std::unique_ptr<PGconn, decltype(&PQfinish)> Connect(const std::string& place) {
  return {PQconnectdb(place.c_str()), &PQfinish};
}

}  // namespace

std::string PostgresqlServer::Missing() {
  if (Programs().empty()) return "PostgreSQL is not installed (Debian: postgresql-15)";
  if (geteuid() == 0 && OtherUser() == nullptr)
    return "PostgreSQL does not run as root, and there is no user postgres";
  return "";
}

PostgresqlServer& PostgresqlServer::Get() {
  static PostgresqlServer server;
  return server;
}

PostgresqlServer::PostgresqlServer() {
  std::string pattern = ::testing::TempDir() + "waymark-pg-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  if (const passwd* const user = OtherUser(); user != nullptr) {
    if (chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("cannot chown");
  }
  const std::string data = folder_ + "/data";
  int status = 0;
  const pid_t made = Start({Programs() + "/initdb", "-D", data, "-U", "waymark", "-A", "trust", "-E", "UTF8",
                            "--locale=C.UTF-8", "--no-sync"},
                           folder_);
  if (waitpid(made, &status, 0) != made || status != 0)
    throw std::runtime_error("initdb failed; see " + folder_);
  pid_ = Start(
      {Programs() + "/postgres", "-D", data, "-k", folder_, "-c", "listen_addresses=", "-c", "fsync=off"},
      folder_);
  base_ = absl::StrCat("host=", folder_, " user=waymark dbname=postgres");
  const SystemClock clock;
  for (int tries = 0; PQping(base_.c_str()) != PQPING_OK; ++tries) {
    if (tries == 600) throw std::runtime_error("the server does not start; see " + folder_);
    clock.Sleep(absl::Milliseconds(50));
  }
}

PostgresqlServer::~PostgresqlServer() {
  kill(pid_, SIGQUIT);
  waitpid(pid_, nullptr, 0);
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
}

std::string PostgresqlServer::EmptyPlace() {
  const std::string schema = absl::StrCat("s", ++schemas_);
  Sql(base_, "CREATE SCHEMA " + schema);
  return absl::StrCat(base_, " options=-csearch_path=", schema);
}

std::string PostgresqlServer::Sql(const std::string& place, const std::string& statements) {
  const auto connection = Connect(place);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), statements.c_str()),
                                                             &PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    throw std::runtime_error(PQerrorMessage(connection.get()));
  }
  return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

}  // namespace waymark::coordinator::testing
