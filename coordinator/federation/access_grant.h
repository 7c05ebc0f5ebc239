// Lets persons and programs in that are no council: a certificate or a bearer token each, entered in the
// store under a name that is used once.
#ifndef WAYMARK_COORDINATOR_FEDERATION_ACCESS_GRANT_H_
#define WAYMARK_COORDINATOR_FEDERATION_ACCESS_GRANT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "catalogue/library.h"
#include "coordinator/federation/access_book.h"
#include "coordinator/federation/authority.h"
#include "coordinator/federation/configuration.h"
#include "coordinator/store/store.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace waymark::coordinator {

inline constexpr int kMostValidDays = 366;

struct Grant {
  std::string name;                    // [a-z0-9-], at most 40 bytes
  std::string role;                    // a word of kRoles
  std::vector<std::string> regions{};  // of a role that is of regions
  std::vector<std::string> metrics{};  // whose figures alone it sees; none: all
  int valid_days = 0;                  // of a certificate: each of them, where it is renewed
  std::int64_t ends_unix_s = 0;        // what it and no renewal reaches beyond; 0: until it is revoked
};

// Of the certificate or token that is made now.
inline absl::Time EndOf(const Grant& grant, absl::Time now) {
  return EndFrom(now, grant.valid_days, grant.ends_unix_s);
}

struct GrantedCertificate {
  std::string certificate_pem;
  crypto::SecretBytes private_key_pem;
};
// INVALID_ARGUMENT: the role is none that is granted, the name or the days are out of bounds, the end has
// passed, regions are missing or in the wrong place, or regions or metrics are not the catalogue's.
// ALREADY_EXISTS: the name.
absl::StatusOr<GrantedCertificate> GrantCertificate(Store& store, const catalogue::Library& library,
                                                    const Authority& authority, const Grant& grant,
                                                    absl::Time now);

// The token: 256 random bits, of which the store gets the hash; it is never renewed. Errors as above, and
// INVALID_ARGUMENT where the role takes a certificate.
absl::StatusOr<std::string> GrantToken(Store& store, const catalogue::Library& library, const Grant& grant,
                                       absl::Time now, crypto::RandomSource& random);

// What `waymark --token-file` reads: TOML with address, token, authority_pem, and the keys of client.toml.
std::string TokenFileText(const Configuration& configuration, absl::string_view name, absl::string_view token,
                          absl::string_view authority_pem, absl::string_view coordinator_key);

// Enters the operator's certificate that `init` made, where that has not been done.
absl::Status EnterFirstOperator(Store& store, const Configuration& configuration, absl::Time now);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_FEDERATION_ACCESS_GRANT_H_
