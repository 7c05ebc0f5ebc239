// A correction's query, and those of what it corrects. For the .cc files of this folder only.
#ifndef WAYMARK_NODE_DISCLOSE_ITEM_REVISION_H_
#define WAYMARK_NODE_DISCLOSE_ITEM_REVISION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/contract/release.h"
#include "proto/contract/round_spec.h"

namespace waymark::node {

// Hashes of the queries that earlier versions of the round's items answered; none where it is no correction.
std::vector<std::string> RevisedQueries(const contract::RoundSpec& spec);
std::vector<std::string> RevisedQueries(const contract::RoundSpec& spec, const contract::RoundItem& item);

// The thresholded tables of an item as the ledger has them.
absl::StatusOr<std::vector<contract::ProtectedTable>> TablesIn(const v1::Release& stored);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_ITEM_REVISION_H_
