// What a round may ask for, in a federation whose officers sign that too: the coordinator can ask for nothing
// else.
#ifndef WAYMARK_NODE_LINK_ASKED_DEFINITIONS_H_
#define WAYMARK_NODE_LINK_ASKED_DEFINITIONS_H_

#include <functional>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/link/log_watch.h"
#include "proto/contract/catalogue_version.h"

namespace waymark::node {

// Not thread-safe. `log` outlives this.
class AskedDefinitions {
 public:
  using Fetch = std::function<absl::StatusOr<std::optional<contract::SignedCatalogue>>()>;
  // `fetch` asks the coordinator for the newest signed catalogue.
  AskedDefinitions(contract::Governance governance, LogWatch& log, Fetch fetch)
      : governance_(std::move(governance)), log_(log), fetch_(std::move(fetch)) {}

  // OK where the pinned officers do not sign the catalogue, or the round asks for nothing but what they
  // signed. NOT_FOUND where it asks for anything else, or the coordinator has no catalogue that they signed,
  // that is in its log, and that is not older than the one seen before. Other errors are the calls'.
  absl::Status Check(const contract::RoundSpec& spec);

 private:
  absl::Status TakeNewest();

  const contract::Governance governance_;
  LogWatch& log_;
  const Fetch fetch_;
  std::optional<contract::CatalogueVersion> newest_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_LINK_ASKED_DEFINITIONS_H_
