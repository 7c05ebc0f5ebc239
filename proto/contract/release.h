// A release: what one council answers to one round. Signed over CanonicalBytes.
#ifndef WAYMARK_PROTO_CONTRACT_RELEASE_H_
#define WAYMARK_PROTO_CONTRACT_RELEASE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/contract/table.h"
#include "waymark/v1/release.pb.h"

namespace waymark::contract {

inline constexpr std::size_t kMaxTables = 10'000;
inline constexpr std::size_t kMaxItems = 1'000;
inline constexpr std::size_t kHashBytes = 32;
inline constexpr std::size_t kSignatureBytes = 64;
inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::size_t kPseudonymDigits = 16;

struct ScopeDeclaration {
  bool includes_universal = false;
  bool includes_partner_led = false;
  bool includes_signposted = false;
  bool includes_commissioned = false;
  bool includes_delivered = false;
  bool family_help_joined = false;
  std::string note;
  friend bool operator==(const ScopeDeclaration&, const ScopeDeclaration&) = default;
};

struct Protection {
  v1::Mode mode = v1::MODE_UNSPECIFIED;
  std::uint32_t suppressed_to = 0;
  std::uint32_t rounded_to = 0;
  std::uint64_t epsilon_numerator = 0;
  std::uint64_t epsilon_denominator = 1;
  std::uint64_t sensitivity = 0;
  v1::Unit privacy_unit = v1::UNIT_UNSPECIFIED;  // so in a sum, to which each council brings its own
  std::uint64_t rho_numerator = 0;
  std::uint64_t rho_denominator = 1;
  // Of a securely summed table, which stands for so many councils and is never part of a release.
  std::uint32_t contributors = 0;
  std::uint32_t honest_shares = 0;
  std::uint64_t variance = 0;  // with ρ: of the Skellam noise that the honest shares make together
  friend bool operator==(const Protection&, const Protection&) = default;
};

struct ProtectedTable {
  Table table;
  Protection protection;
  friend bool operator==(const ProtectedTable&, const ProtectedTable&) = default;
};

struct AbsentItem {
  std::uint32_t item = 0;
  v1::Absence absence = v1::ABSENCE_UNSPECIFIED;
  friend bool operator==(const AbsentItem&, const AbsentItem&) = default;
};

struct Release {
  std::string round_id;
  std::string spec_hash;  // 32 bytes
  std::string council;
  std::vector<ProtectedTable> tables;
  std::vector<AbsentItem> absent;
  ScopeDeclaration scope;
  std::uint64_t ledger_sequence = 0;
  std::string ledger_head;  // 32 bytes
  std::string pseudonym;    // 16 hexadecimal digits; "": published under the council's code
  std::string signature;    // 64 bytes
  friend bool operator==(const Release&, const Release&) = default;
};

// INVALID_ARGUMENT with the field's name where a bound of release.proto is broken.
absl::StatusOr<Release> ReleaseFromProto(const v1::Release& message);
void ReleaseToProto(const Release& release, v1::Release& message);
void ScopeToProto(const ScopeDeclaration& scope, v1::ScopeDeclaration& message);
absl::StatusOr<ScopeDeclaration> ScopeFromProto(const v1::ScopeDeclaration& message);

// What is signed and hashed: every field but the signature, under the label "waymark/v1/release".
std::string CanonicalBytes(const Release& release);

// "E06000001": a letter and eight digits.
absl::Status CheckCouncilCode(absl::string_view field, absl::string_view code);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_RELEASE_H_
