// A PostgreSQL server of Debian's package in a temporary folder, on a socket of its own: one a test process,
// started when it is first asked for, gone with the process however that ends.
#ifndef WAYMARK_TESTS_UNIT_COORDINATOR_TESTING_POSTGRESQL_SERVER_H_
#define WAYMARK_TESTS_UNIT_COORDINATOR_TESTING_POSTGRESQL_SERVER_H_

#include <string>

namespace waymark::coordinator::testing {

class PostgresqlServer {
 public:
  // "" where there is one to test with, else why there is none.
  static std::string Missing();
  static PostgresqlServer& Get();

  // A connection string for a schema of its own, empty.
  std::string EmptyPlace();
  // Runs statements as the superuser; the first value of the last, "" where it gives none.
  std::string Sql(const std::string& place, const std::string& statements);

 private:
  PostgresqlServer();
  ~PostgresqlServer();
  std::string folder_;
  std::string base_;
  int pid_ = 0;
  int schemas_ = 0;
};

}  // namespace waymark::coordinator::testing

#endif  // WAYMARK_TESTS_UNIT_COORDINATOR_TESTING_POSTGRESQL_SERVER_H_
