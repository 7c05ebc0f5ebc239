// Random sources for tests alone: one that counts, one that fails, one that gives what it was told.
#ifndef WAYMARK_TESTS_UNIT_CRYPTO_FAKE_RANDOM_H_
#define WAYMARK_TESTS_UNIT_CRYPTO_FAKE_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <utility>

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

// The same bytes for the same seed: whoever knows it knows all that was drawn.
class SeededRandom final : public crypto::RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) : numbers_(seed) {}
  absl::Status Fill(absl::Span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(numbers_());
    return absl::OkStatus();
  }

 private:
  std::mt19937_64 numbers_;
};

// Gives the bytes it was made with, then fails.
class ScriptedRandom final : public crypto::RandomSource {
 public:
  explicit ScriptedRandom(std::string bytes) : bytes_(std::move(bytes)) {}
  absl::Status Fill(absl::Span<std::uint8_t> out) override {
    if (out.size() > bytes_.size() - used_) return absl::InternalError("the script is over");
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(bytes_[used_++]);
    return absl::OkStatus();
  }
  std::size_t used() const { return used_; }

 private:
  std::string bytes_;
  std::size_t used_ = 0;
};

// A uniform 128-bit integer as the samplers read it: the high half first, each half in the machine's order.
inline std::string Bytes(std::uint64_t high, std::uint64_t low) {
  std::string bytes(16, '\0');
  std::memcpy(bytes.data(), &high, 8);
  std::memcpy(bytes.data() + 8, &low, 8);
  return bytes;
}

}  // namespace waymark::testing

#endif  // WAYMARK_TESTS_UNIT_CRYPTO_FAKE_RANDOM_H_
