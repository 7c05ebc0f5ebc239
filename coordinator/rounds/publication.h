// From a combined round to what the store writes, and back to a round's status. For the .cc files of this
// folder only.
#ifndef WAYMARK_COORDINATOR_ROUNDS_PUBLICATION_H_
#define WAYMARK_COORDINATOR_ROUNDS_PUBLICATION_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/benchmark/stored.h"
#include "coordinator/store/store.h"
#include "proto/contract/release.h"
#include "proto/contract/round_spec.h"

namespace waymark::coordinator {

// Of an edition after the first one.
struct Revised {
  std::vector<StoredRevision> revisions;      // that are new in it
  std::vector<v1::RevisionReason> reasons{};  // theirs, rising
};

// What the councils gave: releases, or of a secure round sums.
struct Given {
  const std::map<std::string, std::string>& releases;  // by council: the id of the stored release that counts
  const std::vector<SummedPart>& sums;
  const std::map<std::string, v1::Absence>& declines;  // by council: why it gave nothing, where it is known
  const Revised* revised = nullptr;
};

// Combines the answers, reading one release at a time from `store`, and puts the figures there as they are
// ready, in place of any that an earlier attempt left. Returns everything else that the publication writes.
// `members` are councils' codes; each of them that gave no answer is absent (NO_RESPONSE, or as it declined),
// and each item that an answer leaves out has the answer's reason.
absl::StatusOr<Publication> MakePublication(const Round& round, const catalogue::Library& library,
                                            const std::vector<std::string>& members, const Given& given,
                                            std::int64_t now_unix_s, Store& store);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_PUBLICATION_H_
