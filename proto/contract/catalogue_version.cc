#include "proto/contract/catalogue_version.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/canonical.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "proto/contract/chain.h"
#include "proto/contract/checks.h"
#include "proto/contract/release.h"
#include "proto/contract/unknown_fields.h"

namespace waymark::contract {
namespace {

constexpr ChainWords kWords = {.what = "catalogue", .numbered = "version"};

bool Before(const SignedDefinition& a, const SignedDefinition& b) {
  return std::tie(a.metric, a.version) < std::tie(b.metric, b.version);
}

}  // namespace

absl::StatusOr<SignedCatalogue> SignedCatalogueFromProto(const v1::SignedCatalogue& message) {
  RETURN_IF_ERROR(CheckAllKnown("catalogue", message));
  const v1::CatalogueVersion& given = message.catalogue();
  SignedCatalogue made;
  ASSIGN_OR_RETURN(made.signatures, SignaturesFromProto(message.signatures()));
  RETURN_IF_ERROR(CheckLink(kWords, {.federation = given.federation(),
                                     .number = given.number(),
                                     .hash = "",
                                     .previous_hash = given.previous_hash()}));
  RETURN_IF_ERROR(CheckLength("catalogue.definitions", static_cast<std::size_t>(given.definitions_size()), 1,
                              kMaxDefinitions));
  made.catalogue = {.federation = given.federation(),
                    .number = given.number(),
                    .previous_hash = given.previous_hash(),
                    .definitions = {}};
  for (const v1::CatalogueVersion::Definition& one : given.definitions()) {
    RETURN_IF_ERROR(CheckIdentifier("catalogue.definition.metric", one.metric()));
    RETURN_IF_ERROR(CheckLength("catalogue.definition.hash", one.hash().size(), kHashBytes, kHashBytes));
    SignedDefinition definition{.metric = one.metric(), .version = one.version(), .hash = one.hash()};
    if (!made.catalogue.definitions.empty() && !Before(made.catalogue.definitions.back(), definition)) {
      return absl::InvalidArgumentError(
          "catalogue.definitions: expected to be sorted by metric and version, each once");
    }
    made.catalogue.definitions.push_back(std::move(definition));
  }
  return made;
}

void SignedCatalogueToProto(const SignedCatalogue& catalogue, v1::SignedCatalogue& message) {
  v1::CatalogueVersion& out = *message.mutable_catalogue();
  out.set_federation(catalogue.catalogue.federation);
  out.set_number(catalogue.catalogue.number);
  out.set_previous_hash(catalogue.catalogue.previous_hash);
  for (const SignedDefinition& definition : catalogue.catalogue.definitions) {
    v1::CatalogueVersion::Definition& made = *out.add_definitions();
    made.set_metric(definition.metric);
    made.set_version(definition.version);
    made.set_hash(definition.hash);
  }
  SignaturesToProto(catalogue.signatures, *message.mutable_signatures());
}

std::string CanonicalBytes(const CatalogueVersion& catalogue) {
  CanonicalWriter out("waymark/v1/catalogue");
  out.Text(catalogue.federation).Unsigned(catalogue.number).Text(catalogue.previous_hash);
  out.Count(catalogue.definitions.size());
  for (const SignedDefinition& one : catalogue.definitions) {
    out.Text(one.metric).Unsigned(one.version).Text(one.hash);
  }
  return std::move(out).bytes();
}

std::string CatalogueHash(const CatalogueVersion& catalogue) {
  return crypto::Sha256(CanonicalBytes(catalogue));
}

absl::Status VerifyCatalogue(const SignedCatalogue& catalogue, const Governance& governance) {
  return CheckOfficers(absl::StrCat("the catalogue of version ", catalogue.catalogue.number),
                       CanonicalBytes(catalogue.catalogue), catalogue.signatures, governance);
}

absl::StatusOr<bool> Follows(const CatalogueVersion& catalogue, const std::optional<CatalogueVersion>& held) {
  const auto link = [](const CatalogueVersion& one) {
    return ChainLink{.federation = one.federation,
                     .number = one.number,
                     .hash = CatalogueHash(one),
                     .previous_hash = one.previous_hash};
  };
  return FollowsInChain(kWords, link(catalogue), held ? std::make_optional(link(*held)) : std::nullopt);
}

absl::Status CheckDefinitions(const RoundSpec& spec, const CatalogueVersion& catalogue) {
  for (const RoundItem& item : spec.items) {
    const SignedDefinition asked{
        .metric = item.metric, .version = item.version, .hash = item.definition_hash};
    const auto found =
        std::lower_bound(catalogue.definitions.begin(), catalogue.definitions.end(), asked, Before);
    if (found != catalogue.definitions.end() && *found == asked) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "round ", spec.round_id, " asks for a definition of metric ", item.metric, ", version ", item.version,
        ", that the officers did not sign in version ", catalogue.number, " of the catalogue"));
  }
  return absl::OkStatus();
}

}  // namespace waymark::contract
