// Which definitions rounds may ask for, signed by the federation's officers (governance.h) where they do
// that: so that nobody changes what is asked quietly. Versions are a chain, as rosters are. Thread-safe.
#ifndef WAYMARK_PROTO_CONTRACT_CATALOGUE_VERSION_H_
#define WAYMARK_PROTO_CONTRACT_CATALOGUE_VERSION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/contract/governance.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/transparency.pb.h"

namespace waymark::contract {

inline constexpr std::size_t kMaxDefinitions = 10'000;

struct SignedDefinition {
  std::string metric;
  std::uint32_t version = 0;
  std::string hash;  // of the entry's canonical text, 32 bytes
  friend bool operator==(const SignedDefinition&, const SignedDefinition&) = default;
};

struct CatalogueVersion {
  std::string federation;
  std::uint64_t number = 0;                   // from 1, without gaps
  std::string previous_hash;                  // CatalogueHash of number - 1; 32 zero bytes at 1
  std::vector<SignedDefinition> definitions;  // sorted by metric and version, each once
  friend bool operator==(const CatalogueVersion&, const CatalogueVersion&) = default;
};

struct SignedCatalogue {
  CatalogueVersion catalogue;
  std::vector<OfficerSignature> signatures;
  friend bool operator==(const SignedCatalogue&, const SignedCatalogue&) = default;
};

// INVALID_ARGUMENT with the field's name where a bound of transparency.proto is broken.
absl::StatusOr<SignedCatalogue> SignedCatalogueFromProto(const v1::SignedCatalogue& message);
void SignedCatalogueToProto(const SignedCatalogue& catalogue, v1::SignedCatalogue& message);

// What officers sign, under the label "waymark/v1/catalogue"; and its SHA-256.
std::string CanonicalBytes(const CatalogueVersion& catalogue);
std::string CatalogueHash(const CatalogueVersion& catalogue);

// As CheckOfficers.
absl::Status VerifyCatalogue(const SignedCatalogue& catalogue, const Governance& governance);

// As of rosters.
absl::StatusOr<bool> Follows(const CatalogueVersion& catalogue, const std::optional<CatalogueVersion>& held);

// FAILED_PRECONDITION, naming the metric, where the round asks for a definition that is not in it.
absl::Status CheckDefinitions(const RoundSpec& spec, const CatalogueVersion& catalogue);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_CATALOGUE_VERSION_H_
