#include "proto/contract/protected_table.h"

#include <cstdint>

#include "base/status.h"
#include "proto/contract/checks.h"

namespace waymark::contract {
namespace {

constexpr std::uint64_t kMaxSensitivity = 1'000'000'000;

absl::StatusOr<Protection> ProtectionFromProto(const v1::Protection& message) {
  if (message.mode() != v1::MODE_THRESHOLDED && message.mode() != v1::MODE_NOISED &&
      message.mode() != v1::MODE_STATED) {
    return absl::InvalidArgumentError("protection.mode: expected thresholded, noised or stated");
  }
  const bool says_more = message.suppressed_to() != 0 || message.rounded_to() != 0 ||
                         message.epsilon_numerator() != 0 || message.sensitivity() != 0;
  if (message.mode() == v1::MODE_STATED && says_more) {
    return absl::InvalidArgumentError("protection: a stated table is neither suppressed, rounded nor noised");
  }
  if (message.mode() == v1::MODE_THRESHOLDED && message.rounded_to() == 0) {
    return absl::InvalidArgumentError("protection.rounded_to: expected at least 1");
  }
  const bool rho = message.rho_numerator() != 0;
  const bool noise = rho ? message.epsilon_numerator() == 0 &&
                               IsPrivacyFraction(message.rho_numerator(), message.rho_denominator())
                         : IsPrivacyFraction(message.epsilon_numerator(), message.epsilon_denominator());
  if (message.mode() == v1::MODE_NOISED &&
      (!noise || message.sensitivity() == 0 || message.sensitivity() > kMaxSensitivity)) {
    return absl::InvalidArgumentError(
        "protection: either epsilon or rho must be there, and it and the sensitivity must be 1 to 10^9");
  }
  if (message.mode() != v1::MODE_NOISED && rho) {
    return absl::InvalidArgumentError("protection.rho: only a noised table has one");
  }
  if (!v1::Unit_IsValid(message.privacy_unit()))
    return absl::InvalidArgumentError("protection.privacy_unit: unknown");
  return Protection{.mode = message.mode(),
                    .suppressed_to = message.suppressed_to(),
                    .rounded_to = message.rounded_to(),
                    .epsilon_numerator = message.epsilon_numerator(),
                    .epsilon_denominator = message.epsilon_denominator(),
                    .sensitivity = message.sensitivity(),
                    .privacy_unit = message.privacy_unit(),
                    .rho_numerator = message.rho_numerator(),
                    .rho_denominator = rho ? message.rho_denominator() : 1};
}

void ProtectionToProto(const Protection& protection, v1::Protection& message) {
  message.set_mode(protection.mode);
  message.set_suppressed_to(protection.suppressed_to);
  message.set_rounded_to(protection.rounded_to);
  message.set_epsilon_numerator(protection.epsilon_numerator);
  message.set_epsilon_denominator(protection.epsilon_denominator);
  message.set_sensitivity(protection.sensitivity);
  message.set_privacy_unit(protection.privacy_unit);
  if (protection.rho_numerator == 0) return;
  message.set_rho_numerator(protection.rho_numerator);
  message.set_rho_denominator(protection.rho_denominator);
}

}  // namespace

absl::StatusOr<ProtectedTable> ProtectedTableFromProto(const v1::ProtectedTable& message) {
  ProtectedTable made;
  ASSIGN_OR_RETURN(made.table, TableFromProto(message.table()));
  ASSIGN_OR_RETURN(made.protection, ProtectionFromProto(message.protection()));
  return made;
}

void ProtectedTableToProto(const ProtectedTable& given, v1::ProtectedTable& message) {
  TableToProto(given.table, *message.mutable_table());
  ProtectionToProto(given.protection, *message.mutable_protection());
}

void WriteCanonical(const ProtectedTable& given, CanonicalWriter& out) {
  WriteCanonical(given.table, out);
  const Protection& p = given.protection;
  out.Unsigned(static_cast<std::uint64_t>(p.mode)).Unsigned(p.suppressed_to).Unsigned(p.rounded_to);
  out.Unsigned(p.epsilon_numerator).Unsigned(p.epsilon_denominator).Unsigned(p.sensitivity);
  out.Unsigned(static_cast<std::uint64_t>(p.privacy_unit));
  // A noised table without ε has a ρ, so what was signed before there was one keeps its bytes.
  if (p.rho_numerator != 0) out.Unsigned(p.rho_numerator).Unsigned(p.rho_denominator);
}

}  // namespace waymark::contract
