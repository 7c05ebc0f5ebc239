// Merkle trees over SHA-256 (RFC 9162, section 2.1): a root commits to a list, and a proof of about log2(n)
// hashes shows that an entry stands at its place in it, or that a list is what an earlier one became by
// appending. Leaves and inner nodes are hashed under different first bytes, so that neither passes for the
// other. Thread-safe.
#ifndef WAYMARK_CRYPTO_MERKLE_TREE_H_
#define WAYMARK_CRYPTO_MERKLE_TREE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace waymark::crypto {

// SHA-256(0x00 ‖ leaf), 32 bytes.
std::string MerkleLeafHash(absl::string_view leaf);

// The root over MerkleLeafHash of each leaf; of none, SHA-256 of nothing (section 2.1.1).
std::string MerkleRoot(absl::Span<const std::string> leaf_hashes);

// The hashes that lead from leaf `index` to the root, the lowest first (section 2.1.3.1). Nothing where there
// is no such leaf.
std::vector<std::string> MerkleProof(absl::Span<const std::string> leaf_hashes, std::size_t index);

// Whether `proof` leads from `leaf_hash` at `index` of `size` leaves to `root` (section 2.1.3.2). All of it
// may come from a peer.
bool IsInMerkleTree(absl::string_view root, absl::string_view leaf_hash, std::uint64_t index,
                    std::uint64_t size, absl::Span<const std::string> proof);

// The hashes that lead from the root of the first `old_size` leaves to that of all (section 2.1.4.1). Nothing
// where `old_size` is 0, all, or more.
std::vector<std::string> MerkleConsistency(absl::Span<const std::string> leaf_hashes, std::size_t old_size);

// Whether `proof` shows that the list of `size` leaves with `root` begins with that of `old_size` leaves with
// `old_root` (section 2.1.4.2). The empty list begins every one, and a list begins itself: with no proof. All
// of it may come from a peer.
bool IsMerkleExtension(absl::string_view old_root, std::uint64_t old_size, absl::string_view root,
                       std::uint64_t size, absl::Span<const std::string> proof);

// The root of a list that is too long to be held: of n leaves some log2(n) hashes are.
class MerkleAccumulator {
 public:
  void Append(std::string leaf_hash);
  std::uint64_t size() const { return size_; }
  std::string Root() const;

 private:
  std::uint64_t size_ = 0;
  // Of the full subtrees that the leaves make, the largest first: one for each bit of size_ that is set.
  std::vector<std::string> roots_;
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_MERKLE_TREE_H_
