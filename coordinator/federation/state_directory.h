// The coordinator's state directory: what `waymark-coordinator init` makes and `run` reads.
//
//   waymark.db                                     members, rounds, releases, figures; with [store]
//                                                  postgresql they are kept there instead
//   authority/{authority,key}.pem                  the federation's authority
//   server/{authority,certificate,key}.pem         the server's identity
//   coordinator.key                                Ed25519 seed that signs receipts
//   operator/{authority,certificate,key}.pem, client.toml   an operator's identity, for `waymark --identity`
//   lock                                           held by a running coordinator
#ifndef WAYMARK_COORDINATOR_FEDERATION_STATE_DIRECTORY_H_
#define WAYMARK_COORDINATOR_FEDERATION_STATE_DIRECTORY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "coordinator/federation/authority.h"
#include "coordinator/federation/configuration.h"
#include "coordinator/store/open_store.h"
#include "crypto/random.h"
#include "crypto/signature.h"

namespace waymark::coordinator {

StorePlace StoreOf(const Configuration& configuration);
std::string ServerIdentityDirectory(const Configuration& configuration);
std::string OperatorIdentityDirectory(const Configuration& configuration);

// A folder for `waymark --identity`: the four files of operator/ above, each its owner's alone.
struct ClientIdentity {
  const std::string& authority_pem;
  const std::string& certificate_pem;
  const crypto::SecretBytes& private_key_pem;
  const std::string& coordinator_key;  // public
};
absl::Status WriteClientIdentity(const Configuration& configuration, const std::string& directory,
                                 const ClientIdentity& identity);
// The keys by which `waymark log verify` goes, in TOML.
std::string PinnedKeysText(const Configuration& configuration, absl::string_view coordinator_key);

// Makes the directory (mode 0700) and everything in it, or nothing: it is filled beside and renamed.
// ALREADY_EXISTS where it is there: a federation's keys are never overwritten.
absl::Status InitialiseState(const Configuration& configuration, const Clock& clock,
                             crypto::RandomSource& random);

// NOT_FOUND names `waymark-coordinator init`.
// Makes the server's certificate and key anew where less than a third of its time is left, or where they do
// not belong together (a renewal that was cut off). Whether it did. A server takes it up when it starts.
absl::StatusOr<bool> RenewServerCertificate(const Configuration& configuration, const Clock& clock);

absl::StatusOr<Authority> LoadAuthority(const Configuration& configuration);
absl::StatusOr<crypto::SigningKey> LoadCoordinatorKey(const Configuration& configuration,
                                                      crypto::RandomSource& random);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_FEDERATION_STATE_DIRECTORY_H_
