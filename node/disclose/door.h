// The only door out of a council. A round's spec comes in; what the definition, the policy and the ledger
// allow of it goes out, protected, as one signed release; the rest is absent for a reason from a fixed list
// that depends on no count. Whoever sent the spec may be hostile. What leaves the council without a policy is
// nothing.
#ifndef WAYMARK_NODE_DISCLOSE_DOOR_H_
#define WAYMARK_NODE_DISCLOSE_DOOR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "catalogue/library.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "crypto/signature.h"
#include "node/disclose/item_tables.h"
#include "node/disclose/ledger.h"
#include "node/disclose/noise.h"
#include "node/disclose/outgoing_release.h"
#include "node/disclose/policy.h"
#include "node/disclose/request.h"
#include "node/disclose/threshold.h"
#include "proto/contract/release.h"
#include "proto/contract/round_spec.h"

namespace waymark::node {

// What a rule did with an item; for the council's eyes only.
struct Explanation {
  std::uint32_t item = 0;  // index in the spec
  std::string metric;
  std::string rule;  // "released", "replayed", "policy", "differencing", "completeness", …
  std::string text;
};

struct Answered {
  OutgoingRelease release;
  bool replayed = false;                  // the stored bytes of an earlier answer to this round
  std::vector<Explanation> explanations;  // empty where replayed
};

// One item as it would be answered now.
struct ItemPreview {
  std::uint32_t item = 0;
  contract::RoundItem asked;
  std::optional<ItemRefusal> refusal{};  // nothing of the item would leave
  bool stored = false;                 // answered before: those bytes would leave again, without a charge
  // Thresholded: each exact table, what would leave, and the rule for each cell.
  struct ThresholdedPreview {
    contract::Table exact;
    ThresholdedTable released;
  };
  std::vector<ThresholdedPreview> thresholded{};
  // Noised: the query and its charge; no noise is drawn for a preview.
  struct NoisedPreview {
    Claim claim;
    std::uint64_t sensitivity = 0;
    std::uint64_t cells = 0;
    ExpectedError error;             // of one cell
    std::vector<YearBudget> budget{};  // of the years it would be charged to, as they stand before it
  };
  std::optional<NoisedPreview> noised{};
};

// All outlive the door.
struct DoorParts {
  const Policy& policy;
  const catalogue::Library& library;
  Ledger& ledger;
  const crypto::SigningKey& signing_key;
  crypto::RandomSource& random;
  const Clock& clock;
};

// Not thread-safe; several doors, in several processes, may share one ledger.
class Door {
 public:
  // `observer` hears the door's own steps ("noise drawn"), as the ledger's hears the ledger's.
  Door(const DoorParts& parts, std::string council, contract::ScopeDeclaration scope,
       StepObserver observer = {});

  // The release for a round. It is in the ledger, and a second answer for the round is the same bytes.
  // PERMISSION_DENIED where the policy lets nothing leave, or asks for more contributors than the round;
  // FAILED_PRECONDITION after the deadline; INVALID_ARGUMENT where the spec breaks a bound; ALREADY_EXISTS
  // where another spec was answered under this round's id; the ledger's and the measures' errors otherwise.
  // On every error nothing may leave.
  absl::StatusOr<Answered> Answer(const contract::RoundSpec& spec, ItemTables& tables);

  // The stored release of a round, to send it again; nothing if there is none.
  absl::StatusOr<std::optional<OutgoingRelease>> Stored(absl::string_view round_id) const;

  // What Answer would do with each item, without a trace: nothing is charged, drawn or stored. The errors of
  // Answer for the round as a whole.
  absl::StatusOr<std::vector<ItemPreview>> Preview(const contract::RoundSpec& spec, ItemTables& tables) const;

 private:
  struct ItemAnswer;
  // An item's exact tables that are complete; the first reason why others are missing.
  struct Complete {
    std::vector<contract::Table> tables;
    std::optional<ItemRefusal> missing;
  };
  // A noised item before its noise: all from public facts.
  struct PreparedNoise {
    NoisePlan plan;
    crypto::DiscreteLaplace noise;
    Claim claim;
  };
  absl::Status CheckRound(const contract::RoundSpec& spec) const;
  absl::StatusOr<Ledger::StoredRelease> StoreSigned(const contract::RoundSpec& spec, v1::Release release);
  absl::StatusOr<PreparedNoise> PrepareNoise(const contract::RoundSpec& spec, const contract::RoundItem& item,
                                             const v1::Metric& metric) const;
  absl::StatusOr<ItemAnswer> AnswerItem(const contract::RoundSpec& spec, const contract::RoundItem& item,
                                        ItemTables& tables);
  absl::StatusOr<ItemAnswer> AnswerThresholded(const contract::RoundSpec& spec,
                                               const contract::RoundItem& item, const v1::Metric& metric,
                                               ItemTables& tables);
  absl::StatusOr<ItemAnswer> AnswerNoised(const contract::RoundSpec& spec, const contract::RoundItem& item,
                                          const v1::Metric& metric, ItemTables& tables);
  absl::Status PreviewThresholded(const contract::RoundSpec& spec, const v1::Metric& metric,
                                  ItemTables& tables, ItemPreview& preview) const;
  absl::Status PreviewNoised(const contract::RoundSpec& spec, const v1::Metric& metric, ItemTables& tables,
                             ItemPreview& preview) const;
  absl::StatusOr<Complete> MeasureItem(const v1::Metric& metric, const contract::RoundItem& item,
                                       ItemTables& tables) const;
  absl::StatusOr<OutgoingRelease> Outgoing(std::string bytes) const;
  ThresholdRule threshold() const;
  Day Today() const;
  void Reached(absl::string_view step) const;

  const DoorParts parts_;
  const std::string council_;
  const contract::ScopeDeclaration scope_;
  const StepObserver observer_;
  const crypto::SecretBytes contribution_key_;  // ranks the members of a family; derived from the signing key
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_DOOR_H_
