// Vectors of whole numbers modulo 2^32 or 2^64, cleansed when let go.
#ifndef WAYMARK_CRYPTO_SECURE_SUM_RING_VECTOR_H_
#define WAYMARK_CRYPTO_SECURE_SUM_RING_VECTOR_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "crypto/counter_generator.h"
#include "crypto/secret.h"

namespace waymark::crypto {

// Move-only. Its bytes are the words one after the other, little-endian. Not thread-safe.
class RingVector {
 public:
  // Zeros. `word_bits` 32 or 64.
  RingVector(std::uint32_t word_bits, std::size_t words);

  // OUT_OF_RANGE where a value does not fit into a signed word.
  static absl::StatusOr<RingVector> FromValues(std::uint32_t word_bits,
                                               absl::Span<const std::int64_t> values);

  std::uint32_t word_bits() const { return word_bits_; }
  std::size_t words() const { return words_; }
  absl::string_view bytes() const { return bytes_.RevealSecretText(); }
  // The words as numbers of either sign, from −2^(w−1) to 2^(w−1) − 1.
  std::vector<std::int64_t> ToValues() const;

  // Adds word by word. INVALID_ARGUMENT where widths or lengths differ.
  absl::Status Add(const RingVector& other);
  // The same with the words that lie in `bytes`, from byte `from` of this vector on. INVALID_ARGUMENT where
  // either is no whole number of words, or they go beyond its end.
  absl::Status AddBytes(std::size_t from, absl::string_view bytes);
  // Adds or subtracts each generator's next words.
  absl::Status Mask(absl::Span<SignedGenerator> generators);

 private:
  // The memory as words: it comes from operator new, so it is aligned for both widths.
  absl::Span<std::uint32_t> Words32();
  absl::Span<std::uint64_t> Words64();

  std::uint32_t word_bits_;
  std::size_t words_;
  SecretBytes bytes_;
};

// The width for sums over `members` of values whose magnitude is at most `bound` each, noise included: 32
// where they fit with a factor of four to spare, else 64. INVALID_ARGUMENT where they do not fit into 64.
absl::StatusOr<std::uint32_t> WordBitsFor(std::uint64_t members, std::uint64_t bound);

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECURE_SUM_RING_VECTOR_H_
