// What a round may ask for, in a federation whose officers sign that too: the coordinator can ask for nothing
// else.
#ifndef WAYMARK_NODE_LINK_ASKED_DEFINITIONS_H_
#define WAYMARK_NODE_LINK_ASKED_DEFINITIONS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
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
  // `federation` is this node's own; `fetch` asks the coordinator for the newest signed catalogue.
  AskedDefinitions(contract::Governance governance, std::string federation, LogWatch& log, Fetch fetch)
      : governance_(std::move(governance)),
        federation_(std::move(federation)),
        log_(log),
        fetch_(std::move(fetch)) {}

  // OK where the pinned officers do not sign the catalogue, or the round asks for nothing but what they
  // signed last, as the coordinator says when the log has grown. NOT_FOUND where it asks for anything else,
  // or the coordinator has no catalogue that they signed for this federation, that is in its log, and that is
  // neither older than the one taken before nor another of its number or with another predecessor. Such a one
  // is logged, once for as long as it is shown; nothing is OK meanwhile. Other errors are the calls'.
  absl::Status Check(const contract::RoundSpec& spec);

 private:
  absl::Status TakeNewest();
  absl::Status CheckTaken(const contract::SignedCatalogue& shown) const;

  const contract::Governance governance_;
  const std::string federation_;
  LogWatch& log_;
  const Fetch fetch_;
  std::optional<contract::CatalogueVersion> newest_;
  std::uint64_t size_asked_at_ = 0;  // of the log, when `newest_` was asked for
  std::string last_refused_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_LINK_ASKED_DEFINITIONS_H_
