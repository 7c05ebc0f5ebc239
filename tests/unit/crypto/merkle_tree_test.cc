#include "crypto/merkle_tree.h"

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

}  // namespace
}  // namespace waymark::crypto
