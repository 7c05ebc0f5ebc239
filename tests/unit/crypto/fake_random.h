// Random sources for tests alone: one that counts, one that fails.
#ifndef WAYMARK_TESTS_UNIT_CRYPTO_FAKE_RANDOM_H_
#define WAYMARK_TESTS_UNIT_CRYPTO_FAKE_RANDOM_H_

#include <cstdint>

#include "absl/status/status.h"
#include "crypto/random.h"

namespace waymark::testing {

// 0, 1, 2, …, 255, 0, …
class CountingRandom final : public crypto::RandomSource {
 public:
  absl::Status Fill(absl::Span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = next_++;
    return absl::OkStatus();
  }

 private:
  std::uint8_t next_ = 0;
};

// Gives `good_calls` fills of 0xAB and then fails, half of `out` filled.
class FailingRandom final : public crypto::RandomSource {
 public:
  explicit FailingRandom(int good_calls = 0) : good_calls_(good_calls) {}
  absl::Status Fill(absl::Span<std::uint8_t> out) override {
    const bool good = good_calls_-- > 0;
    for (std::uint8_t& byte : good ? out : out.first(out.size() / 2)) byte = 0xAB;
    return good ? absl::OkStatus() : absl::InternalError("the generator failed on purpose");
  }

 private:
  int good_calls_;
};

}  // namespace waymark::testing

#endif  // WAYMARK_TESTS_UNIT_CRYPTO_FAKE_RANDOM_H_
