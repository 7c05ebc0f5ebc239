// The generator of secure sum's masks: AES-128 in counter mode (NIST SP 800-38A, section 6.5) over zeros,
// from the counter 0 on. A key is for one stream: whoever uses it for two vectors gives their difference
// away.
#ifndef WAYMARK_CRYPTO_COUNTER_GENERATOR_H_
#define WAYMARK_CRYPTO_COUNTER_GENERATOR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "crypto/secret.h"

struct evp_cipher_ctx_st;  // OpenSSL's cipher context

namespace waymark::crypto {

inline constexpr std::size_t kGeneratorKeyBytes = 16;

enum class MaskSign { kAdd, kSubtract };

// Move-only. Not thread-safe. A call that fails (INTERNAL, OpenSSL) leaves its output not to be used.
class CounterGenerator {
 public:
  // INVALID_ARGUMENT on another length than 16 bytes. The key is cleansed with the generator.
  static absl::StatusOr<CounterGenerator> Create(const SecretBytes& key);

  // Goes on at byte `byte` of the stream, a multiple of 16; INVALID_ARGUMENT otherwise.
  absl::Status Seek(std::uint64_t byte);

  // Goes on at the block whose counter is `counter`, its most significant byte first.
  absl::Status SeekCounter(const std::array<std::uint8_t, 16>& counter);

  // The next bytes of the stream.
  absl::Status Fill(absl::Span<std::uint8_t> out);

  // words[i] += or -= the next words of the stream, little-endian, modulo 2^32 or 2^64.
  absl::Status Mask(MaskSign sign, absl::Span<std::uint32_t> words);
  absl::Status Mask(MaskSign sign, absl::Span<std::uint64_t> words);

 private:
  struct FreeContext {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  using Context = std::unique_ptr<evp_cipher_ctx_st, FreeContext>;
  explicit CounterGenerator(Context context);
  Context context_;
};

struct SignedGenerator {
  CounterGenerator generator;
  MaskSign sign;
};

// What Mask by each generator in turn gives, in an order that reads and writes the words from cache: a block
// of them is masked by all generators before the next.
absl::Status MaskAll(absl::Span<SignedGenerator> generators, absl::Span<std::uint32_t> words);
absl::Status MaskAll(absl::Span<SignedGenerator> generators, absl::Span<std::uint64_t> words);

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_COUNTER_GENERATOR_H_
