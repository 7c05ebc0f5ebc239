// What the contribution bound left out of a noised or summed item, and what that changed: for the council
// alone, in no release. Pure; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_CLAMPING_H_
#define WAYMARK_NODE_DISCLOSE_CLAMPING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "node/measure/measurer.h"
#include "proto/contract/table.h"

namespace waymark::node {

// Of all tables of an item with one window.
struct Clamping {
  std::uint32_t window_days = 0;
  LeftOut left_out;
  // Beside the same tables without the bound (MarkChanges); 0 before.
  std::size_t cells = 0;  // that hold another count
  std::int64_t most = 0;  // by how much the one that differs most
};

// Windows of which anything was left out.
std::vector<Clamping> ClampingOf(absl::Span<const Measured> bounded);

// Fills `cells` and `most` from the item's tables with the bound and without it; tables that only one side
// has are not compared.
void MarkChanges(absl::Span<const contract::Table> bounded, absl::Span<const Measured> unbounded,
                 std::vector<Clamping>& clamping);

// "3 families have more than 2 members in the period; 4 members are left out, by a choice that depends on no
// value", members that are followed for less long, and the changes where they are known; "" where nothing was
// left out.
std::string DescribeClamping(absl::Span<const Clamping> clamping, std::uint32_t bound);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_CLAMPING_H_
