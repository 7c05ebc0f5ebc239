#include "node/disclose/decline.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/cord.h"

namespace waymark::node {
namespace {

constexpr absl::string_view kReason = "waymark/decline";
// Those by which what left before keeps something back. That a budget is spent is not told.
constexpr std::array<absl::string_view, 6> kLedgerRules = {"differencing",   "reconciliation", "one mode",
                                                           "one secure sum", "one roster",     "succession"};

}  // namespace

absl::Status Declined(v1::Absence reason, absl::Status error) {
  error.SetPayload(kReason, absl::Cord(v1::Absence_Name(reason)));
  return error;
}

std::optional<v1::Absence> DeclineOf(const absl::Status& error) {
  const auto name = error.GetPayload(kReason);
  v1::Absence reason = v1::ABSENCE_UNSPECIFIED;
  if (!name || !v1::Absence_Parse(std::string(*name), &reason)) return std::nullopt;
  return reason;
}

v1::Absence ReasonOfRule(absl::string_view rule, v1::Absence absence) {
  if (absence != v1::ABSENCE_NOT_RELEASED) return absence;
  if (rule == "policy") return v1::ABSENCE_NOT_ALLOWED;
  const bool is_ledgers = std::find(kLedgerRules.begin(), kLedgerRules.end(), rule) != kLedgerRules.end();
  return is_ledgers ? v1::ABSENCE_ALREADY_RELEASED : absence;
}

}  // namespace waymark::node
