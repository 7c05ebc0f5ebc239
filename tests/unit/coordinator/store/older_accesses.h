// Accesses as version 18 of the schema had them, and what becomes of them.
#ifndef WAYMARK_TESTS_UNIT_COORDINATOR_STORE_OLDER_ACCESSES_H_
#define WAYMARK_TESTS_UNIT_COORDINATOR_STORE_OLDER_ACCESSES_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/store/store.h"
#include "tests/testing/status_matchers.h"

namespace waymark::coordinator::testing {

inline StoredAccess OlderAccess(const std::string& name, const std::string& role, int days) {
  StoredAccess access{.name = name, .role = role, .hash = absl::StrCat("hash of ", name)};
  access.granted_unix_s = 1'000'000;
  access.expires_unix_s = access.granted_unix_s + days * 86'400;
  return access;
}

inline void AddOlderAccesses(Store& store) {
  EXPECT_OK(store.AddAccess(OlderAccess("operator", "operator", 362)));
  EXPECT_OK(store.AddAccess(OlderAccess("north", "regional-lead", 30)));
}

// What was granted ends when it was said to; the first operator, whom `init` made, has no end.
inline void ExpectOlderAccesses(Store& store) {
  const absl::StatusOr<std::vector<StoredAccess>> all = store.Accesses();
  ASSERT_OK(all.status());
  ASSERT_EQ(all->size(), 2u);
  const StoredAccess& north = all->at(0);
  EXPECT_EQ(north.valid_days, 30);
  EXPECT_EQ(north.ends_unix_s, north.expires_unix_s);
  const StoredAccess& first = all->at(1);
  EXPECT_EQ(first.name, "operator");
  EXPECT_EQ(first.valid_days, 365);
  EXPECT_EQ(first.ends_unix_s, 0);
  EXPECT_EQ(first.expires_unix_s, 1'000'000 + 362 * 86'400);
  StoredAccessRenewal renewal;
  renewal.name = first.name;
  renewal.held = first.hash;
  renewal.certificate_pem = "next";
  EXPECT_EQ(store.RenewAccess(renewal).value(), "next");
}

}  // namespace waymark::coordinator::testing

#endif  // WAYMARK_TESTS_UNIT_COORDINATOR_STORE_OLDER_ACCESSES_H_
