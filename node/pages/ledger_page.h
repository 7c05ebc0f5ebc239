// What has left, under which charge, and what remains: what `ledger show` prints.
#ifndef WAYMARK_NODE_PAGES_LEDGER_PAGE_H_
#define WAYMARK_NODE_PAGES_LEDGER_PAGE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "node/quality/page.h"
#include "node/site/site.h"

namespace waymark::node {

// The ledger's errors; without a ledger a section that says that nothing has left.
absl::StatusOr<std::vector<PageSection>> LedgerSections(const Site& site, const Clock& clock);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_PAGES_LEDGER_PAGE_H_
