#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/program.h"
#include "base/status.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/installed_catalogue.h"
#include "coordinator/cli/officer_key.h"
#include "coordinator/cli/output.h"
#include "coordinator/federation/catalogues.h"
#include "coordinator/federation/roster_file.h"
#include "coordinator/federation/state_directory.h"
#include "crypto/hash.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

absl::StatusOr<contract::SignedCatalogue> ReadCatalogue(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxRosterFileBytes));
  return ParseCatalogueFile(text, path);
}

// `more` is said to people, `facts` to programs.
void PrintCatalogue(const contract::SignedCatalogue& catalogue, const OperatorOptions& options,
                    const std::string& more, const Json& facts = Json::object()) {
  const contract::CatalogueVersion& version = catalogue.catalogue;
  const std::string hash = absl::BytesToHexString(contract::CatalogueHash(version));
  if (options.json) {
    Json json = {{"federation", version.federation},
                 {"number", version.number},
                 {"hash", hash},
                 {"definitions", version.definitions.size()},
                 {"signatures", catalogue.signatures.size()}};
    json.update(facts);
    Print(json.dump(2) + "\n");
    return;
  }
  Print(absl::StrCat("Catalogue of the federation ", version.federation, ", version ", version.number, ": ",
                     version.definitions.size(), " definitions, ", catalogue.signatures.size(),
                     " signatures.\nIts hash: ", hash, "\n", more));
}

// What the officer's own library says otherwise, or has not, a line each: that is what to ask about before
// signing. Nothing where none is installed; one that is there, or is named, and cannot be loaded is an error.
absl::StatusOr<std::optional<std::string>> AgainstOwn(const contract::CatalogueVersion& proposed,
                                                      const std::string& folder) {
  if (folder.empty() && !FileExists(ShareDirectory() + "/catalogue")) return std::nullopt;
  ASSIGN_OR_RETURN(const catalogue::Library library, LoadLibrary(folder));
  contract::CatalogueVersion own;
  for (const v1::Metric& metric : library.metrics()) {
    own.definitions.push_back({.metric = metric.id(),
                               .version = metric.version(),
                               .hash = crypto::Sha256(catalogue::CanonicalDefinition(metric))});
  }
  return CatalogueChanges(own, proposed);
}

std::string InWords(const std::optional<std::string>& changes) {
  if (!changes) return "There is no catalogue here to compare it with; name one by --catalogue.\n";
  return changes->empty() ? "It is the catalogue that is installed here.\n"
                          : absl::StrCat("Against the catalogue that is installed here:\n", *changes);
}

Json AsFacts(const std::optional<std::string>& changes, bool is_signed) {
  Json lines;  // null where there was nothing to compare with
  if (changes) lines = std::vector<std::string>(absl::StrSplit(*changes, '\n', absl::SkipEmpty()));
  return {{"changes", lines}, {"signed", is_signed}};
}

}  // namespace

absl::Status CatalogueProposeCommand(const OperatorOptions& options, const CatalogueOptions& catalogue) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  RETURN_IF_ERROR(contract::RequireGovernance(configuration.governance));
  ASSIGN_OR_RETURN(const catalogue::Library library,
                   catalogue::Library::Load(configuration.catalogue_directory));
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenStore(StoreOf(configuration)));
  contract::SignedCatalogue proposed;
  ASSIGN_OR_RETURN(proposed.catalogue, ProposeCatalogue(*store, library, configuration.federation));
  RETURN_IF_ERROR(WriteFileAtomically(catalogue.file, CatalogueFileText(proposed), 0644));
  PrintCatalogue(proposed, options,
                 absl::StrCat(catalogue.file, ": now ", configuration.governance.threshold, " of ",
                              configuration.governance.officers.size(),
                              " officers sign it with `waymark-coordinator catalogue sign --key KEY ",
                              catalogue.file, "`.\n"));
  return absl::OkStatus();
}

absl::Status CatalogueSignCommand(const OperatorOptions& options, const CatalogueOptions& catalogue) {
  ASSIGN_OR_RETURN(contract::SignedCatalogue proposed, ReadCatalogue(catalogue.file));
  ASSIGN_OR_RETURN(const auto changes, AgainstOwn(proposed.catalogue, catalogue.catalogue));
  // Before anything is signed, and before a PIN is asked for.
  if (!options.json) Print(InWords(changes));
  const bool signs = catalogue.key.is_named();
  if (signs) {
    RETURN_IF_ERROR(AddOfficerSignature(contract::CanonicalBytes(proposed.catalogue), catalogue.key,
                                        proposed.signatures));
    RETURN_IF_ERROR(WriteFileAtomically(catalogue.file, CatalogueFileText(proposed), 0644));
  }
  PrintCatalogue(proposed, options,
                 signs ? "Signed.\n" : "Nothing was signed: that takes --key or --pkcs11.\n",
                 AsFacts(changes, signs));
  return absl::OkStatus();
}

absl::Status CataloguePublishCommand(const OperatorOptions& options, const CatalogueOptions& catalogue) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenStore(StoreOf(configuration)));
  ASSIGN_OR_RETURN(const contract::SignedCatalogue made, ReadCatalogue(catalogue.file));
  ASSIGN_OR_RETURN(const bool now, PublishCatalogue(*store, configuration, made));
  PrintCatalogue(made, options,
                 now ? "Published: rounds may ask for its definitions.\n"
                     : "It was published before; nothing changed.\n");
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
