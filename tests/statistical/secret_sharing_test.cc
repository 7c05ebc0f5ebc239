// That the time of sharing a secret, and of joining one, does not tell it: the two secrets whose arithmetic
// differs most, 0 and p − 1, at random, and the correlation of which it was with the time. Without a
// connection the correlation over 400,000 calls has a standard deviation of .0016, and the limit is six of
// them: false-failure rate 2 · 10^−9 each.
#include "crypto/secret_sharing.h"

#include <cmath>
#include <iostream>
#include <string>

#include "base/status.h"
#include "tests/statistical/laws.h"
#include "tests/testing/status_matchers.h"

namespace waymark::crypto {
namespace {

constexpr std::size_t kCalls = 400'000;

void ExpectTimeTellsNothing(const testing::Draw& draw) {
  ASSERT_OK_AND_ASSIGN(const testing::Timing timing, testing::MeasureTiming(draw, kCalls));
  std::cout << "correlation of the secret and time " << timing.correlation << ", median time "
            << timing.median_ns << " ns\n";
  EXPECT_LT(std::abs(timing.correlation), 0.01);
}

class SecretSharingTimingTest : public ::testing::Test {
 protected:
  // Draws which of the two it is, so that the processor cannot foresee it, and writes it to the one place
  // from which it is read (two places would differ in time themselves). 0 or 1.
  absl::StatusOr<std::int64_t> DrawSecret(RandomSource& random) {
    std::uint8_t which = 0;
    RETURN_IF_ERROR(random.Fill(absl::MakeSpan(&which, 1)));
    which &= 1u;
    const auto mask = static_cast<std::uint8_t>(-which);
    const absl::Span<std::uint8_t> bytes = secret_.MutableSecret();
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(last_[i]) & mask;
    return which;
  }
  const std::string last_ = "\xec" + std::string(30, '\xff') + "\x7f";  // p − 1
  SecretBytes secret_{kSharedSecretBytes};
};

TEST_F(SecretSharingTimingTest, SplittingDoesNotTellTheSecret) {
  ExpectTimeTellsNothing([this](RandomSource& random, absl::Span<std::int64_t> out) -> absl::Status {
    ASSIGN_OR_RETURN(out[0], DrawSecret(random));
    return SplitSecret(secret_, 3, {1, 2, 3, 4, 5}, random).status();
  });
}

TEST_F(SecretSharingTimingTest, JoiningDoesNotTellTheShares) {
  ASSERT_OK_AND_ASSIGN(const ShareJoiner joiner, ShareJoiner::Create({1, 2, 3}));
  ExpectTimeTellsNothing([&](RandomSource& random, absl::Span<std::int64_t> out) -> absl::Status {
    ASSIGN_OR_RETURN(out[0], DrawSecret(random));
    return joiner.Join({&secret_, &secret_, &secret_}).status();
  });
}

}  // namespace
}  // namespace waymark::crypto
