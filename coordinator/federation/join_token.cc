#include "coordinator/federation/join_token.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/secret.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kTokenBytes = 32;

}  // namespace

std::string TokenHash(absl::string_view token) {
  return crypto::Sha256(token);
}

absl::StatusOr<std::string> IssueToken(Store& store, absl::string_view council, absl::Time expires,
                                       crypto::RandomSource& random) {
  ASSIGN_OR_RETURN(const crypto::SecretBytes bytes, crypto::SecretBytes::Random(kTokenBytes, random));
  std::string token = absl::BytesToHexString(bytes.RevealSecretText());
  Token stored;
  stored.hash = TokenHash(token);
  stored.council = std::string(council);
  stored.expires_unix_s = absl::ToUnixSeconds(expires);
  RETURN_IF_ERROR(store.AddToken(stored));
  return token;
}

std::string JoinFileText(const Configuration& configuration, absl::string_view council,
                         absl::string_view token, absl::string_view authority_pem,
                         absl::string_view coordinator_key) {
  return absl::StrCat("# Lets one council's node join the federation \"", configuration.federation,
                      "\", once. Whoever holds this file can enrol as the council:\n"
                      "# hand it over by a trusted way, and delete it when the node has enrolled.\n",
                      "council = \"", council, "\"\n", "token = \"", token, "\"\n", "enrolment_address = \"",
                      configuration.public_enrolment_address, "\"\n", "address = \"",
                      configuration.public_address, "\"\n", OtherAddressesText(configuration),
                      "coordinator_key = \"", absl::BytesToHexString(coordinator_key), "\"\n",
                      "authority_pem = '''\n", authority_pem, "'''\n",
                      contract::GovernanceText(configuration.governance));
}

}  // namespace waymark::coordinator
