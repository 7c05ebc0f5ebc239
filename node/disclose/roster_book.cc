#include "node/disclose/roster_book.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace waymark::node {

namespace {

absl::StatusOr<contract::RosterEpoch> RosterFromBytes(const std::string& bytes) {
  v1::SignedRoster message;
  if (!message.ParseFromString(bytes)) {
    return absl::DataLossError("ledger: the roster that is held cannot be read");
  }
  ASSIGN_OR_RETURN(contract::SignedRoster held, contract::SignedRosterFromProto(message));
  return std::move(held.roster);
}

}  // namespace

absl::StatusOr<std::optional<contract::RosterEpoch>> HeldRoster(const Ledger& ledger) {
  ASSIGN_OR_RETURN(const auto bytes, ledger.NewestRoster());
  if (!bytes) return std::nullopt;
  return RosterFromBytes(*bytes);
}

absl::StatusOr<std::optional<contract::RosterEpoch>> RosterBook::Held() const {
  ASSIGN_OR_RETURN(const auto bytes, ledger_.NewestRoster());
  if (!bytes) return std::nullopt;
  absl::MutexLock lock(&mutex_);
  if (!held_ || held_bytes_ != *bytes) {
    ASSIGN_OR_RETURN(held_, RosterFromBytes(*bytes));
    held_bytes_ = *bytes;
  }
  return held_;
}

RosterBook::RosterBook(Ledger& ledger, contract::Governance governance, std::string federation,
                       contract::RosterMember self)
    : ledger_(ledger),
      governance_(std::move(governance)),
      federation_(std::move(federation)),
      self_(std::move(self)) {}

absl::StatusOr<bool> RosterBook::Accept(const contract::SignedRoster& roster) {
  RETURN_IF_ERROR(contract::VerifyRoster(roster, governance_));
  // The first one that is held follows none, and officers may serve two federations.
  if (roster.roster.federation != federation_) {
    return absl::FailedPreconditionError(absl::StrCat("the roster is of the federation ",
                                                      roster.roster.federation, ", and this node joined ",
                                                      federation_));
  }
  ASSIGN_OR_RETURN(const auto held, Held());
  ASSIGN_OR_RETURN(const bool next, contract::Follows(roster.roster, held));
  if (!next) return false;
  v1::SignedRoster message;
  contract::SignedRosterToProto(roster, message);
  // What it follows was checked, so the ledger takes it only where that is still the newest.
  RETURN_IF_ERROR(ledger_.KeepRoster(roster.roster.previous_hash, contract::RosterHash(roster.roster),
                                     message.SerializeAsString()));
  return true;
}

absl::StatusOr<std::string> RosterBook::HeldHash() const {
  ASSIGN_OR_RETURN(const auto held, Held());
  return held ? contract::RosterHash(*held) : std::string(kEntryHashBytes, '\0');
}

absl::StatusOr<contract::RosterEpoch> RosterBook::Current(absl::Time now) const {
  RETURN_IF_ERROR(contract::RequireGovernance(governance_));
  ASSIGN_OR_RETURN(auto held, Held());
  if (!held) {
    return absl::FailedPreconditionError(
        "no roster is held yet: the coordinator has published none that the officers signed");
  }
  RETURN_IF_ERROR(contract::CheckUnexpired(*held, now));
  const contract::RosterMember* self = contract::FindMember(*held, self_.council);
  if (self == nullptr || self->signing_key != self_.signing_key) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the roster of epoch ", held->epoch,
        self == nullptr ? " does not name this council, " : " names another key for this council, ",
        self_.council, "; ask the officers for a new one"));
  }
  return *std::move(held);
}

}  // namespace waymark::node
