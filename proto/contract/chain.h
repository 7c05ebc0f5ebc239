// Things that officers sign one after another, each naming the hash of the one before. For the .cc files of
// this folder only.
#ifndef WAYMARK_PROTO_CONTRACT_CHAIN_H_
#define WAYMARK_PROTO_CONTRACT_CHAIN_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace waymark::contract {

struct ChainWords {
  absl::string_view what;      // "roster"
  absl::string_view numbered;  // "epoch"
};

struct ChainLink {
  std::string federation;
  std::uint64_t number = 0;   // from 1 to 10^9
  std::string hash;           // 32 bytes
  std::string previous_hash;  // 32 bytes; zeros at 1
};

// INVALID_ARGUMENT where federation, number or previous_hash is none of a chain.
absl::Status CheckLink(const ChainWords& words, const ChainLink& link);

// Where one stands beside the one that is held (nothing: none is). True: it is the next of the chain. False:
// it is the held one itself. FAILED_PRECONDITION: a lower number, the same with other content, one further
// ahead than the next, one that names another predecessor, or one of another federation.
absl::StatusOr<bool> FollowsInChain(const ChainWords& words, const ChainLink& link,
                                    const std::optional<ChainLink>& held);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_CHAIN_H_
