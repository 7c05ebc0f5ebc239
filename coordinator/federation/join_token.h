// One-time join tokens: made by the operator for one council, handed over by a trusted way, used up by
// enrolment.
#ifndef WAYMARK_COORDINATOR_FEDERATION_JOIN_TOKEN_H_
#define WAYMARK_COORDINATOR_FEDERATION_JOIN_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "coordinator/federation/configuration.h"
#include "coordinator/store/store.h"
#include "crypto/random.h"

namespace waymark::coordinator {

// Makes a token (32 random bytes, as 64 hexadecimal digits), stores its SHA-256 with the time at which it
// expires, and returns it. The caller has checked the council.
absl::StatusOr<std::string> IssueToken(Store& store, absl::string_view council, absl::Time expires,
                                       crypto::RandomSource& random);

// The hash under which a token is stored.
std::string TokenHash(absl::string_view token);

// The join file: TOML with council, token, enrolment_address, address, authority_pem, coordinator_key
// (hexadecimal), and [governance] where the configuration has it.
std::string JoinFileText(const Configuration& configuration, absl::string_view council,
                         absl::string_view token, absl::string_view authority_pem,
                         absl::string_view coordinator_key);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_FEDERATION_JOIN_TOKEN_H_
