// Checks shared by the conversions from messages. For the .cc files of this folder only.
#ifndef WAYMARK_PROTO_CONTRACT_CHECKS_H_
#define WAYMARK_PROTO_CONTRACT_CHECKS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace waymark::contract {

inline absl::Status CheckLength(absl::string_view field, std::size_t length, std::size_t least,
                                std::size_t most) {
  if (length >= least && length <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": expected a length of ", least, " to ", most, ", got ", length));
}

// [a-z0-9_-], 1 to 64 bytes.
inline absl::Status CheckIdentifier(absl::string_view field, absl::string_view value) {
  if (absl::Status status = CheckLength(field, value.size(), 1, 64); !status.ok()) return status;
  for (char c : value) {
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_') {
      return absl::InvalidArgumentError(absl::StrCat(field, ": expected only a-z, 0-9, '-' and '_'"));
    }
  }
  return absl::OkStatus();
}

// A fraction of whole numbers from 1 to 10^9.
inline bool IsPrivacyFraction(std::uint64_t numerator, std::uint64_t denominator) {
  constexpr std::uint64_t kMost = 1'000'000'000;
  return numerator >= 1 && numerator <= kMost && denominator >= 1 && denominator <= kMost;
}

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_CHECKS_H_
