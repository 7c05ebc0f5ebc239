// Internal to crypto: samples of a law on the whole numbers, by comparing uniform 128-bit integers with its
// cumulative thresholds. Every threshold is compared with every integer, in vector registers and without a
// branch, so the time says nothing of a sample.
#ifndef WAYMARK_CRYPTO_THRESHOLD_TABLE_H_
#define WAYMARK_CRYPTO_THRESHOLD_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "crypto/borrow.h"
#include "crypto/random.h"

namespace waymark::crypto::internal {

// Thread-safe once made.
class ThresholdTable {
 public:
  // Samples are made in blocks of eight, whose comparisons the compiler lays side by side in vector
  // registers.
  static constexpr std::size_t kLanes = 8;
  // A block's uniform integers: the high halves, then the low halves, in the machine's order of bytes.
  static constexpr std::size_t kBlockBytes = 2 * kLanes * sizeof(std::uint64_t);

  // `thresholds`: rising.
  explicit ThresholdTable(std::vector<Uint128Parts> thresholds);

  std::size_t size() const { return thresholds_.size(); }

  // counts[lane]: how many thresholds the block's integer `lane` reaches.
  void CountReached(const std::uint8_t* uniform, std::uint64_t* counts) const;

 private:
  std::vector<Uint128Parts> thresholds_;  // each half moved by 2^63
};

// Makes kLanes samples from a block's random bytes.
using BlockSampler = absl::FunctionRef<void(const std::uint8_t* uniform, std::int64_t* block)>;

// Fills `out` by blocks of `block_bytes` random bytes each, at most 1 KiB. The error of `random` where it
// fails: `out` is then all zeros and must not be used.
absl::Status SampleBlocks(RandomSource& random, std::size_t block_bytes, BlockSampler sample,
                          absl::Span<std::int64_t> out);

// Fills `out` with differences of two independent counts.
absl::Status SampleDifferences(const ThresholdTable& table, RandomSource& random,
                               absl::Span<std::int64_t> out);

// How far a difference is from its exact law at most, as a multiple of 2^−128.
std::uint64_t DistanceOfDifference(const ThresholdTable& table);

}  // namespace waymark::crypto::internal

#endif  // WAYMARK_CRYPTO_THRESHOLD_TABLE_H_
