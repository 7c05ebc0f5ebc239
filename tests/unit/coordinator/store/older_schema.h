// A store as an older program left it.
#ifndef WAYMARK_TESTS_UNIT_COORDINATOR_STORE_OLDER_SCHEMA_H_
#define WAYMARK_TESTS_UNIT_COORDINATOR_STORE_OLDER_SCHEMA_H_

#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "coordinator/store/schema.h"

namespace waymark::coordinator::testing {

// What takes back step i + 2 of the schema (coordinator/store/schema.cc); in words that SQLite and PostgreSQL
// both know.
inline constexpr std::array<const char*, kSchemaVersion - 1> kTakenBack = {
    "DROP TABLE rosters; ",
    "DROP TABLE sums; ",
    "DROP TABLE ledger_heads; ",
    "DROP TABLE firings; DROP TABLE schedules; ",
    "ALTER TABLE members DROP COLUMN next_certificate_pem; "
    "ALTER TABLE members DROP COLUMN next_request_hash; ALTER TABLE members DROP COLUMN revoked_unix_s; ",
    "DROP TABLE declines; ",
    "DROP TABLE opening_shares; DROP TABLE openings; ",
    "DROP TABLE log; DROP TABLE witnesses; ALTER TABLE rounds DROP COLUMN publication; ",
    "DROP TABLE withdrawals; ",
    "DROP TABLE leader; ",
    "DROP TABLE masked_inputs; DROP INDEX release_council; ",
    "DROP TABLE access; ",
    "DROP TABLE published_files; ",
    "DROP TABLE catalogues; ",
    "ALTER TABLE figures DROP COLUMN count; ",
    "DROP TABLE sum_tries; ",
    "DROP TABLE revisions; DROP TABLE contacts; DROP INDEX round_revises; DROP INDEX round_late; "
    "ALTER TABLE rounds DROP COLUMN revises; ALTER TABLE rounds DROP COLUMN edition; "
    "ALTER TABLE rounds DROP COLUMN late_until_unix_s; ",
    "DROP TABLE figure_sources; ",
    "DROP TABLE access_renewals; ALTER TABLE access DROP COLUMN valid_days; "
    "ALTER TABLE access DROP COLUMN ends_unix_s; ",
};

// Brings a store's tables back to what they were in this version; the caller sets the version that is
// recorded.
inline std::string BackTo(int version) {
  std::string sql;
  for (int step = kSchemaVersion; step > version; --step) {
    absl::StrAppend(&sql, kTakenBack[static_cast<std::size_t>(step) - 2]);
  }
  return sql;
}

// A SQLite store's file.
inline std::string FileBackTo(int version) {
  return absl::StrCat(BackTo(version), "PRAGMA user_version=", version, ";");
}

}  // namespace waymark::coordinator::testing

#endif  // WAYMARK_TESTS_UNIT_COORDINATOR_STORE_OLDER_SCHEMA_H_
