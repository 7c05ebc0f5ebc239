// A thresholded table beside an earlier one of the same cells, which left before the council corrected its
// data: what somebody who has both can tell.
//
// The two are about different data, so neither says what the other's hidden counts are; but most families are
// in both, and whoever supposes that a cell did not change may put the two together. So:
//
// - What the earlier one hid, the new one hides, and nothing else: a cell that is hidden in one and shown in
// the
//   other would be read from that one.
// - Where what is shown changed, the two roundings together tell the change to within a few; it must be that
//   nothing changed, or that more than t families did: a change of 1 to t (10 that becomes 15 may be one
//   family) would isolate those that were added or taken away. The same of what the numerators leave of their
//   groups, and of what a breakdown's shown rows leave of their whole.
// - Two roundings of one hidden group's surroundings are narrower than each. The audit of the new tables
//   therefore takes the counts that changed as known exactly: with those, the earlier table's sums over what
//   did not change tell nothing that the new one's do not.
//
// These are judged by what is public alone, so that being refused tells the council's data to nobody, and
// being let through tells no more than the tables do. A third version is held against both before it.
// Sources: Dinur and Nissim (2003), for why two answers are not two; the differencing rule of ledger.h. Pure;
// thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_REVISION_H_
#define WAYMARK_NODE_DISCLOSE_REVISION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/disclose/linked_cells.h"
#include "proto/contract/release.h"

namespace waymark::node {

// Hides in `released` what the earlier table hid.
void HideAsBefore(const contract::Table& before, ThresholdedTable& released);

// Marks the cells whose shown value is another than the earlier table's as known.
void MarkChanged(const contract::Table& before, LinkedTable& now);

// Why the tables of one item (`now`) may not leave after those of `before`, in words for the council; nothing
// where they may. A table that only one of the two has is not looked at, but for its margins.
absl::StatusOr<std::optional<std::string>> Isolates(const std::vector<contract::ProtectedTable>& before,
                                                    const std::vector<contract::ProtectedTable>& now,
                                                    const v1::Metric& metric);

// Whether all that is shown is the same.
bool ShowsTheSame(const std::vector<contract::ProtectedTable>& before,
                  const std::vector<contract::ProtectedTable>& now);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_REVISION_H_
