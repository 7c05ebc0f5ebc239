// Colluders who subtract from the published sum all that they know of it: their own vectors and their own
// shares of the noise. What is left of the noise must still be what was stated, even where as few contribute
// as may and as many of them are corrupt as may be.
#include <cmath>

#include "crypto/polya.h"
#include "crypto/skellam.h"
#include "tests/statistical/laws.h"
#include "tests/unit/crypto/secure_sum/federation.h"

namespace waymark::crypto {
namespace {

constexpr std::size_t kMembers = 12;  // t = u_min = 9, of whom 3 may be corrupt
constexpr std::uint64_t kCells = 60'000;

class NoiseAttack : public ::testing::Test {
 protected:
  // A session in which u_min members contribute a noised vector of known counts; the published sum, less the
  // counts, and less the noise of `colluders` of the contributors.
  template <typename Share>
  std::vector<std::int64_t> NoiseLeft(const Share& share, SessionParameters parameters,
                                      std::uint32_t colluders) {
    parameters.nonce = Sha256("colluders: " + std::to_string(colluders));
    const std::uint32_t contributors = parameters.least_contributors;
    std::vector<std::vector<std::int64_t>> values(kMembers, std::vector<std::int64_t>(kCells));
    std::vector<std::int64_t> known(kCells);
    for (std::uint32_t member = 0; member < contributors; ++member) {
      EXPECT_OK(share.Sample(random_, absl::MakeSpan(values[member])));
      for (std::size_t cell = 0; cell < kCells; ++cell) {
        const auto count = static_cast<std::int64_t>(cell % 7 + member);
        known[cell] += count + (member < colluders ? values[member][cell] : 0);
        values[member][cell] += count;
      }
    }
    Silent late;
    for (std::uint32_t member = contributors; member < kMembers; ++member) late.insert(member);
    TestRound round(members_, std::move(parameters), random_);
    round.Keys();
    EXPECT_OK(round.Shares());
    EXPECT_OK(round.Inputs(values, late));
    EXPECT_OK(round.Consistency());
    EXPECT_OK(round.Unmask());
    std::vector<std::int64_t> left = round.unmask->Finish()->sum.ToValues();
    for (std::size_t cell = 0; cell < kCells; ++cell) left[cell] -= known[cell];
    return left;
  }

  // That the noise left has this law where |C| collude, and is less where one more does: the test can tell.
  template <typename Share>
  void ExpectLawIsLeft(const Share& share, const SessionParameters& parameters,
                       const testing::ExactLaw& law) {
    const std::uint32_t most = MostCorrupt(kMembers);
    const testing::Fit fit = testing::ChiSquared(law, NoiseLeft(share, parameters, most));
    EXPECT_LT(fit.statistic, fit.limit) << fit.degrees << " degrees";
    const testing::Fit less = testing::ChiSquared(law, NoiseLeft(share, parameters, most + 1));
    EXPECT_GT(less.statistic, 2 * less.limit) << less.degrees << " degrees";
  }

  // As the session of a round has them.
  SessionParameters Parameters() {
    std::vector<SessionMember> members = ParametersOf(members_, kCells).members;
    SessionParameters parameters = SafeParameters(std::move(members), 3, kCells, 1'000'000);
    parameters.roster_hash = Sha256("roster");
    parameters.spec_hash = Sha256("spec");
    return parameters;
  }

  using Silent = std::set<std::uint32_t>;
  SystemRandom random_;
  std::vector<std::unique_ptr<TestMember>> members_ = MakeMembers(kMembers, random_);
};

// False-failure rate: 10^−6 each.
TEST_F(NoiseAttack, AsManyAsMayBeCorruptLeaveDiscreteLaplaceNoise) {
  const SessionParameters parameters = Parameters();
  ASSERT_OK_AND_ASSIGN(const PolyaShare share,
                       PolyaShare::Create({.epsilon_numerator = 1,
                                           .epsilon_denominator = 1,
                                           .sensitivity = 3,
                                           .honest_shares = HonestShares(parameters)}));
  ExpectLawIsLeft(share, parameters, testing::DiscreteLaplaceLaw(std::exp(-1.0 / 3)));
}

TEST_F(NoiseAttack, AsManyAsMayBeCorruptLeaveSkellamNoise) {
  const SessionParameters parameters = Parameters();
  ASSERT_OK_AND_ASSIGN(
      const SkellamShare share,
      SkellamShare::Create(
          {.variance_numerator = 40, .variance_denominator = 1, .honest_shares = HonestShares(parameters)}));
  ExpectLawIsLeft(share, parameters, testing::SkellamLaw(40));
}

}  // namespace
}  // namespace waymark::crypto
