#include "crypto/threshold_table.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

#include "crypto/wide_registers.h"

namespace waymark::crypto::internal {
namespace {

constexpr std::size_t kLanes = ThresholdTable::kLanes;

// A block's halves side by side. Comparing vectors gives masks and never a branch. Vector registers compare
// signed numbers only, so all are moved by 2^63, which keeps their order.
using Lanes [[gnu::vector_size(32)]] = std::int64_t;
constexpr std::size_t kRegisters = kLanes * sizeof(std::int64_t) / sizeof(Lanes);
constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

// Drawn for many samples at once; also what one call leaves on the stack to cleanse.
constexpr std::size_t kBatchBytes = 16 * 1024;

}  // namespace

ThresholdTable::ThresholdTable(std::vector<Uint128Parts> thresholds) : thresholds_(std::move(thresholds)) {
  for (Uint128Parts& threshold : thresholds_) {
    threshold.high ^= kSign;
    threshold.low ^= kSign;
  }
}

void ThresholdTable::CountReached(const std::uint8_t* uniform, std::uint64_t* counts) const {
  RunWide([ this, uniform, counts ]() __attribute__((always_inline)) {
    Lanes high[kRegisters];
    Lanes low[kRegisters];
    std::memcpy(high, uniform, sizeof high);
    std::memcpy(low, uniform + sizeof high, sizeof low);
    for (std::size_t i = 0; i < kRegisters; ++i) {
      high[i] ^= static_cast<std::int64_t>(kSign);
      low[i] ^= static_cast<std::int64_t>(kSign);
    }
    Lanes below[kRegisters] = {};
    for (const Uint128Parts& threshold : thresholds_) {
      const auto at_high = static_cast<std::int64_t>(threshold.high);
      const auto at_low = static_cast<std::int64_t>(threshold.low);
      for (std::size_t i = 0; i < kRegisters; ++i) {
        below[i] += (at_high > high[i]) | ((at_high == high[i]) & (at_low > low[i]));  // true is -1
      }
    }
    for (Lanes& some : below) some += static_cast<std::int64_t>(thresholds_.size());
    std::memcpy(counts, below, sizeof below);
  });
}

absl::Status SampleBlocks(RandomSource& random, std::size_t block_bytes, BlockSampler sample,
                          absl::Span<std::int64_t> out) {
  const std::size_t blocks_in_batch = kBatchBytes / block_bytes;
  std::uint8_t batch[kBatchBytes];
  std::int64_t block[kLanes];
  std::size_t most_blocks = 0;
  const absl::Span<std::int64_t> whole = out;
  absl::Status status;
  while (!out.empty()) {
    const std::size_t blocks = std::min(blocks_in_batch, (out.size() + kLanes - 1) / kLanes);
    most_blocks = std::max(most_blocks, blocks);
    status = random.Fill(absl::MakeSpan(batch, blocks * block_bytes));
    if (!status.ok()) break;
    for (std::size_t i = 0; i < blocks; ++i) {
      sample(batch + i * block_bytes, block);
      const std::size_t count = std::min(kLanes, out.size());
      std::copy_n(block, count, out.begin());
      out.remove_prefix(count);
    }
  }
  OPENSSL_cleanse(batch, most_blocks * block_bytes);
  OPENSSL_cleanse(block, sizeof block);
  // No half of the samples is left to be taken for the whole: the caller must look at the status.
  if (!status.ok() && !whole.empty()) OPENSSL_cleanse(whole.data(), whole.size() * sizeof(std::int64_t));
  return status;
}

absl::Status SampleDifferences(const ThresholdTable& table, RandomSource& random,
                               absl::Span<std::int64_t> out) {
  const auto sample = [&table](const std::uint8_t* uniform, std::int64_t* block) {
    std::uint64_t above[kLanes];
    std::uint64_t below[kLanes];
    table.CountReached(uniform, above);
    table.CountReached(uniform + ThresholdTable::kBlockBytes, below);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      block[lane] = static_cast<std::int64_t>(above[lane]) - static_cast<std::int64_t>(below[lane]);
    }
  };
  return SampleBlocks(random, 2 * ThresholdTable::kBlockBytes, sample, out);
}

// Threshold k falls short of the exact one by e_k in [0, 1) · 2^−128, so a count of k is e_(k−1) − e_k too
// likely, and the last count takes besides what is beyond it, at most 2^−128. The distance is the sum of
// these where they are positive: 2^−128, and the falls of a sequence that starts at 0 and has an e for each
// of the K thresholds, and for the leading thresholds of 0 that a table leaves out (there e_k is P(X ≤ k)
// itself, so it rises all along, and this is one rise more). A fall needs a rise before it, so that is at
// most 2^−128 · (1 + (K + 2)/2). The distance of two independent counts, and so that of their difference, is
// at most the sum of theirs.
std::uint64_t DistanceOfDifference(const ThresholdTable& table) {
  return static_cast<std::uint64_t>(table.size()) + 4;
}

}  // namespace waymark::crypto::internal
