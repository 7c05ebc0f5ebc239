// What an item asks for, read against the definition and the policy: the tables it names, whether it may be
// answered at all, and the facts by which the ledger knows it. Nothing here sees a count. Pure; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_REQUEST_H_
#define WAYMARK_NODE_DISCLOSE_REQUEST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/day.h"
#include "catalogue/item_tables.h"
#include "catalogue/library.h"
#include "node/disclose/ledger_entry.h"
#include "node/disclose/policy.h"
#include "proto/contract/round_spec.h"
#include "proto/contract/table.h"
#include "waymark/v1/catalogue.pb.h"
#include "waymark/v1/release.pb.h"

namespace waymark::node {

using catalogue::KeyOf;
using catalogue::LinkageGroupOf;
using catalogue::TableKey;
using catalogue::TablesOf;
using catalogue::WindowsOf;

// Why an item is not answered: the word that leaves, and the words for the council.
struct ItemRefusal {
  v1::Absence absence = v1::ABSENCE_NOT_RELEASED;
  std::string rule;         // "definition", "policy", …
  std::string explanation;  // what is so, and what to change to have it otherwise
};

// The catalogue's entry for the item, or the refusal: an entry, version or definition hash that this
// catalogue does not hold; what the definition does not have (mode, window, unit, breakdown); what the policy
// does not name.
struct ItemCheck {
  const v1::Metric* metric = nullptr;  // set where there is no refusal
  std::optional<ItemRefusal> refusal;
};
ItemCheck CheckItem(const contract::RoundItem& item, const catalogue::Library& library, const Policy& policy);

// Why tables that were protected before may not leave now: the policy has been narrowed since, or its floors
// raised. Nothing where they may.
std::optional<ItemRefusal> RefusedNow(const v1::Release& stored, const Policy& policy);

// The days whose records can alter the item: from the period's first day less the look-back (contacts that
// are asked for a missing source, levels that must not have been open before) to its last day plus the
// follow-up. A merged episode is one record, of the day that puts it into the cohort. SURVIVAL follows up to
// the extract, so to `today`.
struct DaySpan {
  Day first = 0;
  Day last = 0;
};
absl::StatusOr<DaySpan> RecordsThatCount(const v1::Metric& metric, const contract::RoundItem& item,
                                         Day today);

// The item's facts for the ledger; for a noised item with its charge and the financial years of
// RecordsThatCount. `delta` as Claim::delta. INVALID_ARGUMENT where ε or ρ is out of range.
absl::StatusOr<Claim> ClaimOf(const v1::Metric& metric, const contract::RoundItem& item,
                              std::uint32_t data_version, Day today, std::uint64_t delta);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_REQUEST_H_
