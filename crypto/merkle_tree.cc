#include "crypto/merkle_tree.h"

#include <bit>
#include <utility>

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

// SUBPROOF of section 2.1.4.1: `known` where the old tree's root is that of these leaves' own, which the
// verifier has.
std::vector<std::string> Subproof(absl::Span<const std::string> leaf_hashes, std::size_t old_size,
                                  bool known) {
  if (old_size == leaf_hashes.size()) {
    return known ? std::vector<std::string>() : std::vector<std::string>{MerkleRoot(leaf_hashes)};
  }
  const std::size_t left = LeftLeaves(leaf_hashes.size());
  const bool in_left = old_size <= left;
  std::vector<std::string> proof = in_left ? Subproof(leaf_hashes.first(left), old_size, known)
                                           : Subproof(leaf_hashes.subspan(left), old_size - left, false);
  proof.push_back(MerkleRoot(in_left ? leaf_hashes.subspan(left) : leaf_hashes.first(left)));
  return proof;
}

// Goes up from a node to the one that joins it with the next hash of a proof; whether that stands to the
// left.
bool GoUp(std::uint64_t& place, std::uint64_t& last) {
  const bool from_left = place % 2 == 1 || place == last;
  // A last node without a sibling goes up unchanged until it has one.
  while (from_left && place % 2 == 0 && place != 0) {
    place /= 2;
    last /= 2;
  }
  place /= 2;
  last /= 2;
  return from_left;
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
    reached = GoUp(place, last) ? InnerHash(hash, reached) : InnerHash(reached, hash);
  }
  return last == 0 && ConstantTimeEqual(reached, root);
}

std::vector<std::string> MerkleConsistency(absl::Span<const std::string> leaf_hashes, std::size_t old_size) {
  if (old_size == 0 || old_size >= leaf_hashes.size()) return {};
  return Subproof(leaf_hashes, old_size, true);
}

bool IsMerkleExtension(absl::string_view old_root, std::uint64_t old_size, absl::string_view root,
                       std::uint64_t size, absl::Span<const std::string> proof) {
  if (old_size > size || old_root.size() != kSha256Bytes || root.size() != kSha256Bytes) return false;
  if (old_size == size) return proof.empty() && ConstantTimeEqual(old_root, root);
  if (old_size == 0) return proof.empty() && ConstantTimeEqual(old_root, MerkleRoot({}));
  std::uint64_t place = old_size - 1;  // fn of the RFC
  std::uint64_t last = size - 1;       // sn
  while (place % 2 == 1) {
    place /= 2;
    last /= 2;
  }
  // An old tree that is a full subtree of the new one is where the way begins, and not sent.
  const bool is_subtree = place == 0;
  if (proof.empty() && !is_subtree) return false;
  std::string old_reached(is_subtree ? old_root : absl::string_view(proof.front()));  // fr
  if (old_reached.size() != kSha256Bytes) return false;
  std::string reached = old_reached;  // sr
  for (const std::string& hash : is_subtree ? proof : proof.subspan(1)) {
    if (last == 0 || hash.size() != kSha256Bytes) return false;
    const bool from_left = GoUp(place, last);
    if (from_left) old_reached = InnerHash(hash, old_reached);
    reached = from_left ? InnerHash(hash, reached) : InnerHash(reached, hash);
  }
  return last == 0 && ConstantTimeEqual(old_reached, old_root) && ConstantTimeEqual(reached, root);
}

void MerkleAccumulator::Append(std::string leaf_hash) {
  // As one is added to a number: a subtree as large as the new one joins it to one twice as large.
  for (std::uint64_t carry = size_; carry % 2 == 1; carry /= 2) {
    leaf_hash = InnerHash(roots_.back(), leaf_hash);
    roots_.pop_back();
  }
  roots_.push_back(std::move(leaf_hash));
  ++size_;
}

std::string MerkleAccumulator::Root() const {
  if (roots_.empty()) return MerkleRoot({});
  std::string root = roots_.back();
  for (std::size_t i = roots_.size() - 1; i-- > 0;) root = InnerHash(roots_[i], root);
  return root;
}

}  // namespace waymark::crypto
