#include "proto/contract/chain.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "proto/contract/checks.h"
#include "proto/contract/release.h"

namespace waymark::contract {
namespace {

constexpr std::uint64_t kMostNumber = 1'000'000'000;

std::string None() {
  return std::string(kHashBytes, '\0');
}

}  // namespace

absl::Status CheckLink(const ChainWords& words, const ChainLink& link) {
  RETURN_IF_ERROR(CheckIdentifier(absl::StrCat(words.what, ".federation"), link.federation));
  if (link.number == 0 || link.number > kMostNumber) {
    return absl::InvalidArgumentError(
        absl::StrCat(words.what, ".", words.numbered, ": expected 1 to ", kMostNumber));
  }
  const std::string field = absl::StrCat(words.what, ".previous_hash");
  RETURN_IF_ERROR(CheckLength(field, link.previous_hash.size(), kHashBytes, kHashBytes));
  if ((link.previous_hash == None()) == (link.number == 1)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": expected zeros at ", words.numbered, " 1, and only there"));
}

absl::StatusOr<bool> FollowsInChain(const ChainWords& words, const ChainLink& link,
                                    const std::optional<ChainLink>& held) {
  const std::uint64_t held_number = held ? held->number : 0;
  const auto refused = [&](absl::string_view why) {
    return absl::FailedPreconditionError(
        absl::StrCat("the ", words.what, " of ", words.numbered, " ", link.number, " is refused: ", why));
  };
  if (held && link.federation != held->federation) return refused("it is another federation's");
  if (link.number < held_number) {
    return refused(
        absl::StrCat(words.numbered, " ", held_number, " is held already, and there is no way back"));
  }
  if (link.number == held_number) {
    if (link.hash == held->hash) return false;
    return refused(absl::StrCat("another ", words.what, " of that ", words.numbered,
                                " is held, also signed; tell the officers"));
  }
  if (link.number > held_number + 1) {
    return refused(
        absl::StrCat(words.numbered, "s ", held_number + 1, " to ", link.number - 1, " are missing"));
  }
  if (link.previous_hash != (held ? held->hash : None())) {
    return refused(absl::StrCat("it does not follow from the ", words.what, " of ", words.numbered, " ",
                                held_number, " that is held"));
  }
  return true;
}

}  // namespace waymark::contract
