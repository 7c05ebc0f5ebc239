// Randomness behind an interface. Production code gets SystemRandom from main; nothing else in a release
// build makes random numbers (`make lint` sees to that), and there is no seeded source outside tests/.
#ifndef WAYMARK_CRYPTO_RANDOM_H_
#define WAYMARK_CRYPTO_RANDOM_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace waymark::crypto {

// Thread safety is stated by each implementation.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  // Fills `out` with uniformly random bytes. INTERNAL where the generator failed: `out` must not be used.
  virtual absl::Status Fill(absl::Span<std::uint8_t> out) = 0;
};

// OpenSSL's private generator (RAND_priv_bytes), buffered; the buffer is cleansed as it is used up. Safe
// across fork: a child, which it knows by its process id, throws the inherited buffer away. Not thread-safe:
// one a thread.
class SystemRandom final : public RandomSource {
 public:
  SystemRandom();
  ~SystemRandom() override;
  SystemRandom(const SystemRandom&) = delete;
  SystemRandom& operator=(const SystemRandom&) = delete;
  absl::Status Fill(absl::Span<std::uint8_t> out) override;

 private:
  static constexpr std::size_t kBufferBytes = 4096;
  std::uint8_t buffer_[kBufferBytes];
  std::size_t used_ = kBufferBytes;
  pid_t process_;  // whose bytes the buffer holds
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_RANDOM_H_
