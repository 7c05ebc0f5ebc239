#include "crypto/secret_sharing.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <sstream>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/crypto/fake_random.h"

namespace waymark::crypto {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

const std::string& Prime() {
  static const std::string prime = "\xed" + std::string(30, '\xff') + "\x7f";
  return prime;
}

// A number below 2^32, little-endian.
SecretBytes Number(std::uint32_t value) {
  SecretBytes bytes(kSharedSecretBytes);
  for (std::size_t i = 0; i < 4; ++i) bytes.MutableSecret()[i] = static_cast<std::uint8_t>(value >> (8 * i));
  return bytes;
}

std::string Hex(const SecretBytes& bytes) {
  return absl::BytesToHexString(bytes.RevealSecretText());
}

// What the shares at `chosen` of `points` give.
absl::StatusOr<SecretBytes> JoinAt(const std::vector<SecretBytes>& shares,
                                   const std::vector<std::uint32_t>& points,
                                   const std::vector<std::size_t>& chosen) {
  std::vector<std::uint32_t> at;
  std::vector<const SecretBytes*> given;
  for (const std::size_t i : chosen) {
    at.push_back(points[i]);
    given.push_back(&shares[i]);
  }
  const auto joiner = ShareJoiner::Create(at);
  if (!joiner.ok()) return joiner.status();
  return joiner->Join(given);
}

struct Case {
  std::string name;
  std::uint32_t threshold;
  std::string secret;
  std::string draws;
  std::vector<std::uint32_t> points;
  std::vector<std::string> shares;
};

std::vector<Case> ReadCases() {
  const auto text = ReadFile("tests/vectors/secret_sharing.txt", 1'000'000);
  EXPECT_OK(text);
  std::vector<Case> cases;
  std::istringstream lines(text.value_or(""));
  for (std::string line; std::getline(lines, line);) {
    if (line[0] == '#') continue;
    Case each;
    std::string secret, draws, points, shares;
    std::istringstream(line) >> each.name >> each.threshold >> secret >> draws >> points >> shares;
    each.secret = absl::HexStringToBytes(secret);
    if (draws != "-") each.draws = absl::HexStringToBytes(draws);
    for (const absl::string_view point : absl::StrSplit(points, ',')) {
      std::uint32_t value = 0;
      EXPECT_TRUE(absl::SimpleAtoi(point, &value));
      each.points.push_back(value);
    }
    each.shares = absl::StrSplit(shares, ',');
    cases.push_back(each);
  }
  return cases;
}

TEST(SplitSecretTest, EqualsPythonsIntegers) {
  const std::vector<Case> cases = ReadCases();
  ASSERT_EQ(cases.size(), 10u);
  for (const Case& each : cases) {
    testing::ScriptedRandom random(each.draws);
    ASSERT_OK_AND_ASSIGN(const std::vector<SecretBytes> shares,
                         SplitSecret(SecretBytes(each.secret), each.threshold, each.points, random));
    EXPECT_EQ(random.used(), each.draws.size());
    ASSERT_EQ(shares.size(), each.shares.size());
    for (std::size_t i = 0; i < shares.size(); ++i)
      EXPECT_EQ(Hex(shares[i]), each.shares[i]) << each.name << i;
  }
}

TEST(ShareJoinerTest, JoinsPythonsShares) {
  for (const Case& each : ReadCases()) {
    std::vector<SecretBytes> shares;
    for (const std::string& share : each.shares) shares.emplace_back(absl::HexStringToBytes(share));
    std::vector<std::size_t> chosen(each.threshold);
    std::iota(chosen.begin(), chosen.end(), shares.size() - each.threshold);
    ASSERT_OK_AND_ASSIGN(const SecretBytes secret, JoinAt(shares, each.points, chosen));
    EXPECT_EQ(secret.RevealSecretText(), each.secret) << each.name;
  }
}

// Every choice of t of n, for every t, in both orders; what more than t shares give, too.
TEST(ShareJoinerTest, GivesTheSecret_FromEveryTOfN) {
  SystemRandom random;
  const std::vector<std::uint32_t> points = {3, 1, 2147483647, 40, 7, 65536, 5};
  const SecretBytes secret = Number(123'456'789);
  for (std::uint32_t threshold = 1; threshold <= points.size(); ++threshold) {
    ASSERT_OK_AND_ASSIGN(const auto shares, SplitSecret(secret, threshold, points, random));
    for (unsigned chosen_bits = 0; chosen_bits < 1u << points.size(); ++chosen_bits) {
      std::vector<std::size_t> chosen;
      for (std::size_t i = 0; i < points.size(); ++i) {
        if ((chosen_bits >> i & 1) != 0) chosen.push_back(i);
      }
      if (chosen_bits % 2 == 1) std::reverse(chosen.begin(), chosen.end());
      if (chosen.empty()) continue;
      ASSERT_OK_AND_ASSIGN(const SecretBytes joined, JoinAt(shares, points, chosen));
      // Too few give another number, but for once in 2^255.
      EXPECT_EQ(Hex(joined) == Hex(secret), chosen.size() >= threshold) << threshold << " of " << chosen_bits;
    }
  }
}

TEST(ShareJoinerTest, JoinsManySecretsAtTheSamePoints_AtTheFederationsSize) {
  const std::uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 choice(seed);
  SystemRandom random;
  std::vector<std::uint32_t> points(152);
  std::iota(points.begin(), points.end(), 1);
  std::shuffle(points.begin(), points.end(), choice);
  const std::vector<std::uint32_t> first(points.begin(), points.begin() + 102);
  ASSERT_OK_AND_ASSIGN(const ShareJoiner joiner, ShareJoiner::Create(first));
  for (int round = 0; round < 5; ++round) {
    ASSERT_OK_AND_ASSIGN(SecretBytes secret, SecretBytes::Random(kSharedSecretBytes, random));
    secret.MutableSecret()[31] &= 0x3F;
    ASSERT_OK_AND_ASSIGN(const auto shares, SplitSecret(secret, 102, points, random));
    std::vector<const SecretBytes*> given;
    for (std::size_t i = 0; i < first.size(); ++i) given.push_back(&shares[i]);
    ASSERT_OK_AND_ASSIGN(const SecretBytes joined, joiner.Join(given));
    EXPECT_EQ(Hex(joined), Hex(secret));
  }
}

TEST(ShareJoinerTest, GivesSecretsAtTheEndsOfTheField) {
  SystemRandom random;
  std::string most = Prime();
  most[0] = static_cast<char>(0xEC);
  for (const std::string& secret : {std::string(32, '\0'), "\x01" + std::string(31, '\0'), most}) {
    ASSERT_OK_AND_ASSIGN(const auto shares, SplitSecret(SecretBytes(secret), 3, {2, 4, 9, 11}, random));
    ASSERT_OK_AND_ASSIGN(const SecretBytes joined, JoinAt(shares, {2, 4, 9, 11}, {3, 0, 2}));
    EXPECT_EQ(joined.RevealSecretText(), secret);
  }
}

// The closed form for t = 2: whatever share a node holds, every secret s has exactly one coefficient, (share
// − s)/x, with which it would hold the same. Here x = 1, so the coefficient is share − s.
TEST(SplitSecretTest, OneShareOfTwoFitsEverySecret) {
  constexpr std::uint32_t kShare = 1000;
  for (std::uint32_t secret = 0; secret <= kShare; secret += 50) {
    testing::ScriptedRandom random(std::string(Number(kShare - secret).RevealSecretText()));
    ASSERT_OK_AND_ASSIGN(const auto shares, SplitSecret(Number(secret), 2, {1, 2}, random));
    EXPECT_EQ(Hex(shares[0]), Hex(Number(kShare)));
    EXPECT_EQ(Hex(shares[1]), Hex(Number(2 * kShare - secret)));
  }
}

// From the other side, for t = 3: with two shares held fast, different third shares belong to different
// secrets. So the third share is one to one with the secret, and as uniform as the draws leave it.
TEST(ShareJoinerTest, EveryThirdShareBelongsToAnotherSecret) {
  SystemRandom random;
  ASSERT_OK_AND_ASSIGN(const auto shares, SplitSecret(Number(77), 3, {1, 2, 3}, random));
  std::vector<std::string> secrets;
  for (std::uint32_t third = 0; third < 50; ++third) {
    const SecretBytes guess = Number(third);
    ASSERT_OK_AND_ASSIGN(const ShareJoiner joiner, ShareJoiner::Create({1, 2, 3}));
    const SecretBytes* const given[] = {&shares[0], &shares[1], &guess};
    ASSERT_OK_AND_ASSIGN(const SecretBytes secret, joiner.Join(given));
    secrets.push_back(Hex(secret));
  }
  std::sort(secrets.begin(), secrets.end());
  EXPECT_EQ(std::adjacent_find(secrets.begin(), secrets.end()), secrets.end());
}

TEST(SplitSecretTest, RefusesSecretsThatAreNoElementsOfTheField) {
  testing::CountingRandom random;
  for (const std::size_t size : {0u, 31u, 33u}) {
    EXPECT_THAT(SplitSecret(SecretBytes(std::size_t{size}), 1, {1}, random),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(absl::StrCat("this has ", size))));
  }
  for (const std::string& secret : {Prime(), std::string(32, '\xff'), std::string(31, '\0') + "\x80"}) {
    EXPECT_THAT(SplitSecret(SecretBytes(secret), 1, {1}, random),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("below 2^255 - 19")));
  }
}

TEST(SplitSecretTest, RefusesThresholdsAndPointsThatDoNotShare) {
  testing::CountingRandom random;
  const SecretBytes secret = Number(1);
  const auto split = [&](std::uint32_t threshold, std::vector<std::uint32_t> points) {
    return SplitSecret(secret, threshold, points, random).status();
  };
  const auto refused = [](const char* why) {
    return StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(why));
  };
  EXPECT_THAT(split(0, {1, 2}), refused("but is 0"));
  EXPECT_THAT(split(3, {1, 2}), refused("from 1 to the 2 points, but is 3"));
  EXPECT_THAT(split(~std::uint32_t{0}, {1, 2}), refused("but is 4294967295"));
  EXPECT_THAT(split(1, {}), refused("there is none"));
  EXPECT_THAT(split(1, {0, 1}), refused("lies outside"));
  EXPECT_THAT(split(1, {1, 0x80000000u}), refused("lies outside"));
  EXPECT_THAT(split(2, {5, 1, 5}), refused("5 is there twice"));
  EXPECT_OK(split(2, {1, 0x7FFFFFFFu}));
  EXPECT_THAT(ShareJoiner::Create({}), refused("there is none"));
  EXPECT_THAT(ShareJoiner::Create({1, 0}), refused("lies outside"));
  EXPECT_THAT(ShareJoiner::Create({1, 0x80000000u}), refused("lies outside"));
  EXPECT_THAT(ShareJoiner::Create({2, 2}), refused("2 is there twice"));
}

TEST(ShareJoinerTest, RefusesSharesThatDoNotFit) {
  ASSERT_OK_AND_ASSIGN(const ShareJoiner joiner, ShareJoiner::Create({1, 2}));
  const SecretBytes good = Number(1);
  const SecretBytes cut(std::size_t{31});
  const SecretBytes prime{absl::string_view(Prime())};
  const auto join = [&](std::vector<const SecretBytes*> shares) { return joiner.Join(shares).status(); };
  EXPECT_OK(join({&good, &good}));
  EXPECT_THAT(join({&good}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("2 points, and shares for 1")));
  EXPECT_THAT(join({&good, &good, &good}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("shares for 3")));
  EXPECT_THAT(join({}), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("shares for 0")));
  EXPECT_THAT(join({&good, &cut}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("32 bytes, this has 31")));
  EXPECT_THAT(join({&prime, &good}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("below 2^255 - 19")));
}

TEST(SplitSecretTest, PassesOnTheGeneratorsError) {
  testing::FailingRandom random;
  EXPECT_THAT(SplitSecret(Number(1), 2, {1, 2}, random),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("on purpose")));
}

}  // namespace
}  // namespace waymark::crypto
