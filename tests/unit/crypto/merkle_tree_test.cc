#include "crypto/merkle_tree.h"

#include <algorithm>
#include <sstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "crypto/hash.h"
#include "tests/testing/status_matchers.h"

namespace waymark::crypto {
namespace {

struct Proof {
  std::size_t size;
  std::size_t index;
  std::vector<std::string> hashes;
};

struct Vectors {
  std::vector<std::string> leaf_hashes;
  std::vector<std::string> roots;  // [size]
  std::vector<Proof> proofs;
};

Vectors ReadVectors() {
  const auto text = ReadFile("tests/vectors/merkle_tree.txt", 1'000'000);
  EXPECT_OK(text);
  Vectors vectors;
  std::istringstream lines(text.value_or(""));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind, hex;
    std::size_t size = 0;
    words >> kind;
    if (kind == "leaf") {
      words >> hex;
      vectors.leaf_hashes.push_back(MerkleLeafHash(hex == "-" ? "" : absl::HexStringToBytes(hex)));
    } else if (kind == "root") {
      words >> size >> hex;
      EXPECT_EQ(size, vectors.roots.size());
      vectors.roots.push_back(absl::HexStringToBytes(hex));
    } else if (kind == "proof") {
      Proof proof;
      words >> proof.size >> proof.index >> hex;
      for (const absl::string_view each : absl::StrSplit(hex, ',')) {
        if (each != "-") proof.hashes.push_back(absl::HexStringToBytes(each));
      }
      vectors.proofs.push_back(proof);
    }
  }
  EXPECT_EQ(vectors.leaf_hashes.size(), 33u);
  EXPECT_EQ(vectors.roots.size(), 34u);
  EXPECT_EQ(vectors.proofs.size(), 45u + 16 + 17 + 31 + 33);
  return vectors;
}

class MerkleTreeTest : public ::testing::Test {
 protected:
  absl::Span<const std::string> First(std::size_t size) const {
    return absl::MakeSpan(vectors_.leaf_hashes).first(size);
  }
  bool Fits(const Proof& proof) const {
    return IsInMerkleTree(vectors_.roots[proof.size], vectors_.leaf_hashes[proof.index], proof.index,
                          proof.size, proof.hashes);
  }
  const Vectors vectors_ = ReadVectors();
};

TEST_F(MerkleTreeTest, EqualsTheIndependentTree) {
  for (std::size_t size = 0; size < vectors_.roots.size(); ++size)
    EXPECT_EQ(MerkleRoot(First(size)), vectors_.roots[size]) << size;
  for (const Proof& each : vectors_.proofs) {
    EXPECT_EQ(MerkleProof(First(each.size), each.index), each.hashes) << each.size << " " << each.index;
    EXPECT_TRUE(Fits(each)) << each.size << " " << each.index;
  }
}

// The root over the eight leaves that implementations of Certificate Transparency (RFC 6962, the same tree)
// test with, as they publish it.
TEST_F(MerkleTreeTest, EqualsTheKnownRootOfEightLeaves) {
  EXPECT_EQ(absl::BytesToHexString(MerkleRoot(First(8))),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST_F(MerkleTreeTest, RefusesEveryChangeOfAProof) {
  for (const Proof& good : vectors_.proofs) {
    for (std::size_t i = 0; i < good.hashes.size(); ++i) {
      Proof changed = good;
      changed.hashes[i][5] = static_cast<char>(changed.hashes[i][5] ^ 1);
      EXPECT_FALSE(Fits(changed)) << good.size << " " << good.index;
      changed = good;
      changed.hashes.erase(changed.hashes.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_FALSE(Fits(changed)) << good.size << " " << good.index;
      changed = good;
      changed.hashes[i].push_back('x');
      EXPECT_FALSE(Fits(changed)) << good.size << " " << good.index;
    }
    Proof longer = good;
    longer.hashes.push_back(std::string(kSha256Bytes, '\0'));
    EXPECT_FALSE(Fits(longer)) << good.size << " " << good.index;
  }
}

TEST_F(MerkleTreeTest, RefusesAnotherPlaceLeafSizeOrRoot) {
  for (const Proof& good : vectors_.proofs) {
    const std::string& root = vectors_.roots[good.size];
    const std::string& leaf = vectors_.leaf_hashes[good.index];
    for (std::size_t index = 0; index <= good.size; ++index) {
      EXPECT_EQ(IsInMerkleTree(root, leaf, index, good.size, good.hashes), index == good.index);
    }
    for (std::size_t i = 0; i < vectors_.leaf_hashes.size(); ++i) {
      EXPECT_EQ(IsInMerkleTree(root, vectors_.leaf_hashes[i], good.index, good.size, good.hashes),
                i == good.index);
    }
    for (std::size_t size = 0; size < vectors_.roots.size(); ++size) {
      EXPECT_EQ(IsInMerkleTree(vectors_.roots[size], leaf, good.index, good.size, good.hashes),
                size == good.size);
    }
    EXPECT_FALSE(IsInMerkleTree("", leaf, good.index, good.size, good.hashes));
    EXPECT_FALSE(IsInMerkleTree(root, leaf.substr(1), good.index, good.size, good.hashes));
    EXPECT_FALSE(IsInMerkleTree(root, leaf, ~std::uint64_t{0}, ~std::uint64_t{0}, good.hashes));
  }
}

// An inner node's two children, given as a leaf, do not pass for it, as they would without the first byte.
TEST_F(MerkleTreeTest, TellsLeavesFromInnerNodes) {
  const std::string children = vectors_.leaf_hashes[0] + vectors_.leaf_hashes[1];
  EXPECT_NE(MerkleLeafHash(children), MerkleRoot(First(2)));
  EXPECT_FALSE(IsInMerkleTree(vectors_.roots[2], MerkleLeafHash(children), 0, 1, {}));
}

TEST_F(MerkleTreeTest, GivesNoProof_WhenThereIsNoSuchLeaf) {
  EXPECT_TRUE(MerkleProof(First(0), 0).empty());
  EXPECT_TRUE(MerkleProof(First(5), 5).empty());
  EXPECT_FALSE(IsInMerkleTree(vectors_.roots[0], vectors_.leaf_hashes[0], 0, 0, {}));
}

// The definitions of RFC 9162 in other words: a tree as a set of its subtrees' roots, found by splitting
// ranges of leaves, with which the proofs' verifier is confronted.
std::string RootOf(absl::Span<const std::string> leaves) {
  if (leaves.empty()) return Sha256("");
  if (leaves.size() == 1) return leaves[0];
  std::size_t half = 1;
  while (half * 2 < leaves.size()) half *= 2;
  return Sha256("\x01" + RootOf(leaves.first(half)) + RootOf(leaves.subspan(half)));
}

// The full subtrees that `from` to `to` falls into, where a list of leaves ends at `to`: ranges that begin at
// a multiple of their size, as in a binary numeral.
std::vector<std::string> Ranges(absl::Span<const std::string> leaves, std::size_t from, std::size_t to) {
  std::vector<std::string> roots;
  while (from < to) {
    std::size_t size = 1;
    while (from % (size * 2) == 0 && from + size * 2 <= to) size *= 2;
    roots.push_back(RootOf(leaves.subspan(from, size)));
    from += size;
  }
  return roots;
}

// The same ranges as a proof of consistency holds, by what each of them is for: the old list's own, of which
// its smallest is the beginning, and those that were added to it up to each power of two.
std::vector<std::string> ConsistencyByRanges(absl::Span<const std::string> leaves, std::size_t old_size) {
  std::vector<std::string> own = Ranges(leaves, 0, old_size);
  std::size_t low = 1;  // of the old list's smallest subtree
  while (old_size % (low * 2) == 0) low *= 2;
  std::vector<std::string> proof;
  if (own.size() > 1) proof.push_back(own.back());
  own.pop_back();
  std::size_t reached = old_size;  // leaves [.., reached) are joined
  for (std::size_t size = low; reached < leaves.size() || !own.empty(); size *= 2) {
    if ((old_size - low) & size) {
      proof.push_back(own.back());
      own.pop_back();
    } else if (reached < leaves.size()) {
      const std::size_t end = std::min(reached + size, leaves.size());
      proof.push_back(RootOf(leaves.subspan(reached, end - reached)));
      reached = end;
    }
  }
  return proof;
}

TEST_F(MerkleTreeTest, EqualsTheRfcsDefinitions_ForAllSizes) {
  MerkleAccumulator accumulator;
  for (std::size_t size = 0; size <= vectors_.leaf_hashes.size(); ++size) {
    EXPECT_EQ(MerkleRoot(First(size)), RootOf(First(size)));
    EXPECT_EQ(accumulator.Root(), RootOf(First(size)));
    EXPECT_EQ(accumulator.size(), size);
    if (size < vectors_.leaf_hashes.size()) accumulator.Append(vectors_.leaf_hashes[size]);
    for (std::size_t index = 0; index < size; ++index) {
      EXPECT_TRUE(IsInMerkleTree(RootOf(First(size)), vectors_.leaf_hashes[index], index, size,
                                 MerkleProof(First(size), index)));
    }
    for (std::size_t old_size = 1; old_size < size; ++old_size) {
      const std::vector<std::string> proof = MerkleConsistency(First(size), old_size);
      EXPECT_EQ(proof, ConsistencyByRanges(First(size), old_size)) << old_size << " " << size;
      EXPECT_TRUE(IsMerkleExtension(RootOf(First(old_size)), old_size, RootOf(First(size)), size, proof));
    }
  }
}

// What implementations of Certificate Transparency test with, as they publish it, over the eight leaves.
TEST_F(MerkleTreeTest, EqualsTheKnownProofsOfConsistency) {
  const auto hex = [](const std::vector<std::string>& proof) {
    std::vector<std::string> texts;
    for (const std::string& hash : proof) texts.push_back(absl::BytesToHexString(hash));
    return texts;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(hex(MerkleConsistency(First(1), 1)), Texts());
  EXPECT_EQ(hex(MerkleConsistency(First(8), 1)),
            (Texts{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                   "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                   "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(hex(MerkleConsistency(First(8), 6)),
            (Texts{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                   "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                   "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(hex(MerkleConsistency(First(5), 2)),
            (Texts{"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                   "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}));
}

TEST_F(MerkleTreeTest, RefusesEveryChangeOfAProofOfConsistency) {
  for (std::size_t size = 1; size <= 17; ++size) {
    for (std::size_t old_size = 1; old_size <= size; ++old_size) {
      const std::string& old_root = vectors_.roots[old_size];
      const std::string& root = vectors_.roots[size];
      const std::vector<std::string> good = MerkleConsistency(First(size), old_size);
      for (std::size_t i = 0; i < good.size(); ++i) {
        std::vector<std::string> changed = good;
        changed[i][5] = static_cast<char>(changed[i][5] ^ 1);
        EXPECT_FALSE(IsMerkleExtension(old_root, old_size, root, size, changed)) << old_size << " " << size;
        changed = good;
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_FALSE(IsMerkleExtension(old_root, old_size, root, size, changed)) << old_size << " " << size;
        changed = good;
        changed[i].pop_back();
        EXPECT_FALSE(IsMerkleExtension(old_root, old_size, root, size, changed)) << old_size << " " << size;
      }
      for (const std::size_t more : {std::size_t{1}, std::size_t{64}, std::size_t{10'000}}) {
        std::vector<std::string> longer = good;
        longer.resize(good.size() + more, std::string(kSha256Bytes, '\0'));
        EXPECT_FALSE(IsMerkleExtension(old_root, old_size, root, size, longer)) << old_size << " " << size;
      }
    }
  }
}

TEST_F(MerkleTreeTest, RefusesOtherSizesAndRootsOfAProofOfConsistency) {
  constexpr std::size_t kMost = 17;
  for (std::size_t size = 1; size <= kMost; ++size) {
    for (std::size_t old_size = 1; old_size <= size; ++old_size) {
      const std::vector<std::string> proof = MerkleConsistency(First(size), old_size);
      for (std::size_t other = 0; other <= kMost; ++other) {
        // Another old root, another new root: of whichever list, the sizes as they are.
        EXPECT_EQ(IsMerkleExtension(vectors_.roots[other], old_size, vectors_.roots[size], size, proof),
                  other == old_size);
        EXPECT_EQ(IsMerkleExtension(vectors_.roots[old_size], old_size, vectors_.roots[other], size, proof),
                  other == size);
      }
      EXPECT_FALSE(IsMerkleExtension("", old_size, vectors_.roots[size], size, proof));
      EXPECT_FALSE(IsMerkleExtension(vectors_.roots[old_size], old_size, "", size, proof));
      // A list does not become a shorter one.
      EXPECT_FALSE(
          IsMerkleExtension(vectors_.roots[size], size, vectors_.roots[old_size], old_size - 1, proof));
      EXPECT_FALSE(IsMerkleExtension(vectors_.roots[old_size], ~std::uint64_t{0}, vectors_.roots[size],
                                     ~std::uint64_t{0} - 1, proof));
    }
  }
}

// A list that was changed below what it began with, and one that lost its end, extend the earlier one by no
// hashes that there are.
TEST_F(MerkleTreeTest, RefusesAListThatWasChanged) {
  for (std::size_t old_size = 1; old_size <= 9; ++old_size) {
    for (std::size_t changed = 0; changed < old_size; ++changed) {
      std::vector<std::string> leaves(vectors_.leaf_hashes.begin(), vectors_.leaf_hashes.begin() + 12);
      leaves[changed] = MerkleLeafHash("another");
      EXPECT_FALSE(IsMerkleExtension(vectors_.roots[old_size], old_size, MerkleRoot(leaves), leaves.size(),
                                     MerkleConsistency(leaves, old_size)))
          << old_size << " " << changed;
    }
  }
}

TEST_F(MerkleTreeTest, KnowsThatAListBeginsItselfAndTheEmptyOneEveryOne) {
  for (std::size_t size = 0; size <= 9; ++size) {
    EXPECT_TRUE(IsMerkleExtension(vectors_.roots[size], size, vectors_.roots[size], size, {}));
    EXPECT_TRUE(IsMerkleExtension(vectors_.roots[0], 0, vectors_.roots[size], size, {}));
    EXPECT_EQ(IsMerkleExtension(vectors_.roots[1], 0, vectors_.roots[size], size, {}), false);
    EXPECT_TRUE(MerkleConsistency(First(size), 0).empty());
    EXPECT_TRUE(MerkleConsistency(First(size), size).empty());
    EXPECT_TRUE(MerkleConsistency(First(size), size + 1).empty());
  }
}

}  // namespace
}  // namespace waymark::crypto
