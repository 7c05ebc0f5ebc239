#include "crypto/merkle_tree.h"

#include <bit>

#include "absl/strings/str_cat.h"
#include "crypto/hash.h"

namespace waymark::crypto {
namespace {

constexpr absl::string_view kLeaf("\x00", 1);
constexpr absl::string_view kInner("\x01", 1);

std::string InnerHash(absl::string_view left, absl::string_view right) {
  return Sha256(absl::StrCat(kInner, left, right));
}

// How many leaves the left half of `size` > 1 leaves has: the largest power of two below.
std::size_t LeftLeaves(std::size_t size) {
  return std::bit_floor(size - 1);
}

}  // namespace

std::string MerkleLeafHash(absl::string_view leaf) {
  return Sha256(absl::StrCat(kLeaf, leaf));
}

// The recursion is as deep as the tree is high.
std::string MerkleRoot(absl::Span<const std::string> leaf_hashes) {
  if (leaf_hashes.empty()) return Sha256("");
  if (leaf_hashes.size() == 1) return leaf_hashes.front();
  const std::size_t left = LeftLeaves(leaf_hashes.size());
  return InnerHash(MerkleRoot(leaf_hashes.first(left)), MerkleRoot(leaf_hashes.subspan(left)));
}

std::vector<std::string> MerkleProof(absl::Span<const std::string> leaf_hashes, std::size_t index) {
  if (index >= leaf_hashes.size() || leaf_hashes.size() == 1) return {};
  const std::size_t left = LeftLeaves(leaf_hashes.size());
  const bool in_left = index < left;
  const auto mine = in_left ? leaf_hashes.first(left) : leaf_hashes.subspan(left);
  const auto other = in_left ? leaf_hashes.subspan(left) : leaf_hashes.first(left);
  std::vector<std::string> proof = MerkleProof(mine, in_left ? index : index - left);
  proof.push_back(MerkleRoot(other));
  return proof;
}

bool IsInMerkleTree(absl::string_view root, absl::string_view leaf_hash, std::uint64_t index,
                    std::uint64_t size, absl::Span<const std::string> proof) {
  if (index >= size || leaf_hash.size() != kSha256Bytes) return false;
  std::uint64_t place = index;     // fn of the RFC: of the node reached, in its level
  std::uint64_t last = size - 1;   // sn: of the level's last node
  std::string reached(leaf_hash);  // r
  for (const std::string& hash : proof) {
    if (last == 0 || hash.size() != kSha256Bytes) return false;
    if (place % 2 == 1 || place == last) {
      reached = InnerHash(hash, reached);
      // A last node without a sibling goes up unchanged until it has one.
      while (place % 2 == 0 && place != 0) {
        place /= 2;
        last /= 2;
      }
    } else {
      reached = InnerHash(reached, hash);
    }
    place /= 2;
    last /= 2;
  }
  return last == 0 && ConstantTimeEqual(reached, root);
}

}  // namespace waymark::crypto
