// The record of a publication that the transparency log commits to, made while figures go to the store: so
// that none has to be held or read again. Not thread-safe.
#ifndef WAYMARK_COORDINATOR_ROUNDS_PUBLICATION_RECORD_H_
#define WAYMARK_COORDINATOR_ROUNDS_PUBLICATION_RECORD_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/store/store.h"
#include "crypto/merkle_tree.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/transparency.pb.h"

namespace waymark::coordinator {

class PublicationRecord {
 public:
  // In the order in which they are published.
  void AddFigure(std::size_t item, const v1::Figure& figure);
  // Items in the order of the spec, each once, after its figures. `councils`: over contract::CouncilLeafHash
  // of those whose own figures are not among these; null where councils' own figures are, or nobody has any.
  void AddItem(const v1::ListPublishedResponse::Entry& entry,
               const std::vector<v1::QueryResponse::Contributor>& coverage,
               const crypto::MerkleAccumulator* councils);
  // Says that it is of an edition after the first one, and why.
  void Revise(const Round& edition, const std::vector<v1::RevisionReason>& reasons);
  // Into the publication, whose round and time it takes.
  void FinishInto(Publication& publication);

 private:
  std::map<std::size_t, crypto::MerkleAccumulator> figures_;  // by item
  v1::Publication record_;
};

// Gives the log the records of rounds that were published before there was one, in order of opening, from
// what is stored of them. Call when a coordinator starts; again it changes nothing.
absl::Status RecordEarlierPublications(Store& store);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_PUBLICATION_RECORD_H_
