#include "proto/rpc/protocol.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace waymark::rpc {

std::string ProtocolsSpoken() {
  return absl::StrCat(kOldestProtocol, "-", kNewestProtocol);
}

void StateProtocols(grpc::ClientContext& context) {
  context.AddMetadata(kProtocolKey, ProtocolsSpoken());
}

absl::StatusOr<std::uint32_t> AgreeOnProtocol(const std::vector<std::string>& stated) {
  std::uint32_t oldest = 1;
  std::uint32_t newest = 1;
  if (!stated.empty()) {
    const std::vector<std::string> ends = absl::StrSplit(stated.front(), '-');
    const bool is_range = stated.size() == 1 && ends.size() == 2 && absl::SimpleAtoi(ends[0], &oldest) &&
                          absl::SimpleAtoi(ends[1], &newest) && oldest >= 1 && oldest <= newest;
    if (!is_range) {
      return absl::InvalidArgumentError(
          absl::StrCat(kProtocolKey, ": expected the oldest and newest version spoken, as \"1-2\", once"));
    }
  }
  const std::uint32_t agreed = std::min(newest, kNewestProtocol);
  if (agreed >= std::max(oldest, kOldestProtocol)) return agreed;
  return absl::FailedPreconditionError(absl::StrCat(
      "the caller speaks protocol versions ", oldest, " to ", newest, ", the coordinator ", kOldestProtocol,
      " to ", kNewestProtocol, ": upgrade the ", newest < kOldestProtocol ? "caller" : "coordinator"));
}

}  // namespace waymark::rpc
