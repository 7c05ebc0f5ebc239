// Officers of a made-up federation, and rosters for them to sign.
#ifndef WAYMARK_TESTS_TESTING_OFFICERS_H_
#define WAYMARK_TESTS_TESTING_OFFICERS_H_

#include <optional>
#include <string>
#include <vector>

#include "crypto/random.h"
#include "proto/contract/roster.h"

namespace waymark::testing {

// Three, of whom two must sign.
class Officers {
 public:
  Officers() {
    crypto::SystemRandom random;
    for (int i = 0; i < 3; ++i) keys_.push_back(crypto::SigningKey::Generate(random).value());
  }
  contract::Governance governance() const {
    contract::Governance made{.officers = {}, .threshold = 2};
    for (const crypto::SigningKey& key : keys_) made.officers.push_back(key.public_key());
    return made;
  }
  // By the first `count` of them.
  std::vector<contract::OfficerSignature> SignBytes(absl::string_view bytes, std::size_t count) const {
    std::vector<contract::OfficerSignature> signatures;
    for (std::size_t i = 0; i < count; ++i) {
      signatures.push_back(contract::SignAsOfficer(bytes, keys_[i]).value());
    }
    return signatures;
  }
  contract::SignedRoster Sign(const contract::RosterEpoch& roster, std::size_t count) const {
    return {.roster = roster, .signatures = SignBytes(contract::CanonicalBytes(roster), count)};
  }

 private:
  std::vector<crypto::SigningKey> keys_;
};

// The epoch after `previous` (the first where there is none), of `council` and another, valid for a year.
inline contract::RosterEpoch NextRoster(const std::optional<contract::RosterEpoch>& previous,
                                        const std::string& council, const std::string& signing_key,
                                        absl::Time now) {
  return {.federation = "north",
          .epoch = previous ? previous->epoch + 1 : 1,
          .expires_unix_s = absl::ToUnixSeconds(now + absl::Hours(24 * 365)),
          .previous_hash = previous ? contract::RosterHash(*previous) : std::string(32, '\0'),
          .parts = {{.code = "E12000001", .members = {{.council = council, .signing_key = signing_key}}},
                    {.code = "E12000007",
                     .members = {{.council = "E09000001", .signing_key = std::string(32, 'o')}}}}};
}

}  // namespace waymark::testing

#endif  // WAYMARK_TESTS_TESTING_OFFICERS_H_
