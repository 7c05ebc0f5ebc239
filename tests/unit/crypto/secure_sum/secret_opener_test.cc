#include "crypto/secure_sum/secret_opener.h"

#include <numeric>

#include "crypto/random.h"
#include "tests/testing/status_matchers.h"

namespace waymark::crypto {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

class SecretOpenerTest : public ::testing::Test {
 protected:
  // Shares of a new secret for the holders 0 to `holders` − 1.
  SecretOpener::Shares Split(std::uint32_t holders, std::uint32_t threshold) {
    secret_ = SecretBytes(std::string(32, '\x21'));
    std::vector<std::uint32_t> points(holders);
    std::iota(points.begin(), points.end(), 1u);
    std::vector<SecretBytes> split = *SplitSecret(secret_, threshold, points, random_);
    SecretOpener::Shares shares;
    for (std::uint32_t holder = 0; holder < holders; ++holder) shares[holder] = std::move(split[holder]);
    return shares;
  }
  void Spoil(SecretOpener::Shares& shares, const std::vector<std::uint32_t>& liars) {
    for (const std::uint32_t liar : liars) {
      shares[liar] = *SecretBytes::Random(32, random_);
      shares[liar].MutableSecret().back() &= 0x3F;  // a number of the field
    }
  }
  // Whether the secret was opened; counts the secrets that were looked at.
  bool Opens(SecretOpener& opener, const SecretOpener::Shares& shares) {
    tries_ = 0;
    const auto opened = opener.Open(shares, [&](const SecretBytes& each) {
      ++tries_;
      return each.RevealSecretText() == secret_.RevealSecretText();
    });
    if (opened.ok()) {
      EXPECT_EQ(opened->RevealSecretText(), secret_.RevealSecretText());
    } else {
      EXPECT_THAT(opened, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("wrong")));
    }
    return opened.ok();
  }

  SystemRandom random_;
  SecretBytes secret_;
  int tries_ = 0;
};

TEST_F(SecretOpenerTest, OpensAtOnce_WhenNobodyLies) {
  SecretOpener opener(5);
  EXPECT_TRUE(Opens(opener, Split(5, 5)));
  EXPECT_EQ(tries_, 1);
  EXPECT_TRUE(Opens(opener, Split(9, 5)));
  EXPECT_EQ(tries_, 1);
  EXPECT_FALSE(Opens(opener, Split(4, 4)));  // too few for this threshold
}

TEST_F(SecretOpenerTest, BearsAnyOneTwoOrThreeLiars_WhenAsManySharesAreToSpare) {
  constexpr std::uint32_t kHolders = 8;
  for (unsigned set = 1; set < 1u << kHolders; ++set) {
    std::vector<std::uint32_t> liars;
    for (std::uint32_t holder = 0; holder < kHolders; ++holder) {
      if ((set >> holder & 1u) != 0) liars.push_back(holder);
    }
    SecretOpener opener(5);
    SecretOpener::Shares shares = Split(kHolders, 5);
    Spoil(shares, liars);
    EXPECT_EQ(Opens(opener, shares), liars.size() <= 3) << "set " << set;
  }
}

TEST_F(SecretOpenerTest, TakesFewTries_WhenManySharesAreToSpare) {
  const std::pair<std::vector<std::uint32_t>, int> cases[] = {
      {{0}, 4}, {{77}, 4}, {{5, 60}, 25}, {{90, 101}, 25}, {{1, 50, 99}, 145}};
  for (const auto& [liars, most] : cases) {
    SecretOpener opener(102);
    SecretOpener::Shares shares = Split(152, 102);
    Spoil(shares, liars);
    EXPECT_TRUE(Opens(opener, shares));
    EXPECT_LE(tries_, most + 2);
    // Who lied once is left out from then on.
    SecretOpener::Shares more = Split(152, 102);
    Spoil(more, liars);
    EXPECT_TRUE(Opens(opener, more));
    EXPECT_EQ(tries_, 1);
  }
}

TEST_F(SecretOpenerTest, LooksAgainAmongAll_WhenAnotherLies) {
  SecretOpener opener(5);
  for (const std::uint32_t liar : {0u, 5u, 2u}) {
    SecretOpener::Shares shares = Split(6, 5);
    Spoil(shares, {liar});
    EXPECT_TRUE(Opens(opener, shares)) << liar;
  }
  EXPECT_TRUE(Opens(opener, Split(5, 5)));  // of whom one was left out before
}

TEST_F(SecretOpenerTest, TakesAShareThatIsNoNumberOfTheFieldForAWrongOne) {
  SecretOpener opener(5);
  SecretOpener::Shares shares = Split(6, 5);
  shares[1] = SecretBytes(std::string(32, '\xFF'));
  EXPECT_TRUE(Opens(opener, shares));
}

TEST_F(SecretOpenerTest, GivesUpAfterABoundedNumberOfTries) {
  SecretOpener opener(20);
  int all = 0;
  for (int secret = 0; secret < 3; ++secret) {
    SecretOpener::Shares shares = Split(40, 20);
    std::vector<std::uint32_t> liars(40);
    std::iota(liars.begin(), liars.end(), 0u);
    Spoil(shares, liars);
    EXPECT_FALSE(Opens(opener, shares));
    all += tries_;
  }
  EXPECT_LE(all, SecretOpener::kMostTries + 6);
}

}  // namespace
}  // namespace waymark::crypto
