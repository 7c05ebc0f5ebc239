// Who this node is to the transparency log. For the .cc files of this folder only.
#ifndef WAYMARK_NODE_CLI_LOG_READER_H_
#define WAYMARK_NODE_CLI_LOG_READER_H_

#include "node/link/coordinator_link.h"
#include "node/link/log_watch.h"
#include "node/site/workplace.h"

namespace waymark::node {

// Other councils are known by the roster that the ledger holds. All three outlive what uses it.
LogReader LogReaderOf(const Site& site, Workplace& workplace, const CoordinatorLink& link);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_CLI_LOG_READER_H_
