// A council that was renamed goes on with its ledger; one that merged or split begins a ledger of its own,
// and what those before it released counts as released: by their signed ledgers where those are imported, and
// until then everything that they may have. So no change of name, and no fresh folder, gives a council's
// records a second first release. Who succeeded whom is the officers' to say (proto/contract/roster.h); the
// coordinator may add only what restrains more.
#ifndef WAYMARK_NODE_DISCLOSE_SUCCESSION_H_
#define WAYMARK_NODE_DISCLOSE_SUCCESSION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "node/disclose/ledger.h"
#include "node/disclose/rollback.h"
#include "proto/contract/succession.h"

namespace waymark::node {

// What the coordinator has of a council's ledger that this node's council succeeded.
struct SeenPredecessor {
  std::string council;
  std::vector<Countersigned> releases;
};

struct Lineage {
  std::string council;      // this node's
  std::string signing_key;  // public half, 32 bytes
  contract::Successions successions{};
  // Whether all that `successions` names took part: so where officers signed them. Else those that `seen`
  // names.
  bool all_took_part = false;
  std::vector<SeenPredecessor> seen{};
};

// Makes the ledger that council's, and writes into it what it takes over. FAILED_PRECONDITION where it is
// another's, which did not become this one alone; where it, or what was imported, lacks a release of a
// council before that `seen` names: then nothing may be released. To be called before anything is, and
// whenever the lineage is another; what is known is not written again.
absl::Status TakeOver(Ledger& ledger, const Lineage& lineage, const Clock& clock);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_SUCCESSION_H_
