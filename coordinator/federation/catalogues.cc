#include "coordinator/federation/catalogues.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "proto/contract/release.h"

namespace waymark::coordinator {
namespace {

using Definitions = std::map<std::pair<std::string, std::uint32_t>, std::string>;  // hashes

Definitions ByName(const contract::CatalogueVersion& catalogue) {
  Definitions definitions;
  for (const contract::SignedDefinition& one : catalogue.definitions) {
    definitions[{one.metric, one.version}] = one.hash;
  }
  return definitions;
}

}  // namespace

absl::StatusOr<std::optional<contract::SignedCatalogue>> NewestCatalogue(Store& store) {
  ASSIGN_OR_RETURN(const std::optional<StoredCatalogue> newest, store.NewestCatalogue());
  if (!newest) return std::nullopt;
  v1::SignedCatalogue message;
  if (!message.ParseFromString(newest->bytes)) {
    return absl::DataLossError(
        absl::StrCat("the stored catalogue of version ", newest->number, " cannot be read"));
  }
  ASSIGN_OR_RETURN(contract::SignedCatalogue catalogue, contract::SignedCatalogueFromProto(message));
  return catalogue;
}

absl::StatusOr<contract::CatalogueVersion> ProposeCatalogue(Store& store, const catalogue::Library& library,
                                                            const std::string& federation) {
  ASSIGN_OR_RETURN(const auto newest, NewestCatalogue(store));
  const Definitions before = newest ? ByName(newest->catalogue) : Definitions();
  Definitions definitions = before;
  for (const v1::Metric& metric : library.metrics()) {
    definitions[{metric.id(), metric.version()}] = crypto::Sha256(catalogue::CanonicalDefinition(metric));
  }
  if (definitions == before) {
    return absl::FailedPreconditionError(absl::StrCat("the catalogue has nothing but what version ",
                                                      newest ? newest->catalogue.number : 0,
                                                      " has, which the officers signed"));
  }
  contract::CatalogueVersion proposed{.federation = federation,
                                      .number = newest ? newest->catalogue.number + 1 : 1,
                                      .previous_hash = newest ? contract::CatalogueHash(newest->catalogue)
                                                              : std::string(contract::kHashBytes, '\0'),
                                      .definitions = {}};
  for (const auto& [name, hash] : definitions) {
    proposed.definitions.push_back({.metric = name.first, .version = name.second, .hash = hash});
  }
  return proposed;
}

absl::StatusOr<bool> PublishCatalogue(Store& store, const Configuration& configuration,
                                      const contract::SignedCatalogue& catalogue) {
  RETURN_IF_ERROR(contract::VerifyCatalogue(catalogue, configuration.governance));
  if (catalogue.catalogue.federation != configuration.federation) {
    return absl::FailedPreconditionError(absl::StrCat("the catalogue is of the federation ",
                                                      catalogue.catalogue.federation, ", and this is ",
                                                      configuration.federation));
  }
  ASSIGN_OR_RETURN(const auto newest, NewestCatalogue(store));
  ASSIGN_OR_RETURN(
      const bool next,
      contract::Follows(catalogue.catalogue, newest ? std::make_optional(newest->catalogue) : std::nullopt));
  if (!next) return false;
  v1::SignedCatalogue message;
  contract::SignedCatalogueToProto(catalogue, message);
  RETURN_IF_ERROR(store.AddCatalogue({.number = catalogue.catalogue.number,
                                      .hash = contract::CatalogueHash(catalogue.catalogue),
                                      .bytes = message.SerializeAsString()}));
  return true;
}

std::string CatalogueChanges(const contract::CatalogueVersion& before,
                             const contract::CatalogueVersion& after) {
  const Definitions earlier = ByName(before);
  const Definitions later = ByName(after);
  std::string lines;
  const auto add = [&lines](const auto& name, absl::string_view what) {
    absl::StrAppend(&lines, name.first, ", version ", name.second, ": ", what, "\n");
  };
  for (const auto& [name, hash] : earlier) {
    if (!later.contains(name)) add(name, "removed");
  }
  for (const auto& [name, hash] : later) {
    const auto found = earlier.find(name);
    if (found == earlier.end()) {
      add(name, "added");
    } else if (found->second != hash) {
      add(name, "another definition under the same version");
    }
  }
  return lines;
}

}  // namespace waymark::coordinator
