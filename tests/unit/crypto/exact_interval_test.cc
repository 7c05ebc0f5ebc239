#include "crypto/exact_interval.h"

#include <cmath>
#include <string>

#include "tests/testing/status_matchers.h"

namespace waymark::crypto {
namespace {

constexpr unsigned kPrecision = 200;

// Digits after the point, rounded down, of both ends where they agree.
std::string Digits(const ExactInterval& interval, unsigned count) {
  const cpp_int scale = boost::multiprecision::pow(cpp_int(10), count);
  const cpp_int low = (interval.low * scale) >> kPrecision;
  const cpp_int high = (interval.high * scale) >> kPrecision;
  return low == high ? low.str() : low.str() + " to " + high.str();
}

// Known digits (OEIS A068985, A002162, A002392, A016578 and the decimal module of Python).
TEST(ExactIntervalTest, HoldsKnownConstantsTightly) {
  EXPECT_EQ(Digits(ExpOfMinus(1, 1, kPrecision), 50), "36787944117144232159552377016146086744581113103176");
  EXPECT_EQ(Digits(ExpOfMinus(0, 1, kPrecision), 10).substr(0, 4), "9999");
  EXPECT_EQ(Digits(LogOf(2, 1, kPrecision), 50), "69314718055994530941723212145817656807550013436025");
  EXPECT_EQ(Digits(LogOf(10, 1, kPrecision), 50), "230258509299404568401799145468436420760110148862877");
  EXPECT_EQ(Digits(LogOf(3, 1, kPrecision), 50), "109861228866810969139524523692252570464749055782274");
}

// By the processor's floating point, of either sign and over many sizes.
TEST(ExactIntervalTest, AgreesWithFloatingPoint_ForManyFractions) {
  std::uint64_t state = 7;
  for (int i = 0; i < 500; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const std::uint64_t numerator = 1 + (state >> (24 + state % 30));
    const std::uint64_t denominator = 1 + ((state >> 8) & 0xFFFFFF);
    const long double x = static_cast<long double>(numerator) / static_cast<long double>(denominator);
    const ExactInterval log = LogOf(numerator, denominator, kPrecision);
    EXPECT_LE(log.low, log.high);
    EXPECT_LT(log.high - log.low, cpp_int(1) << 20);
    const auto middle = std::ldexp(static_cast<long double>(cpp_int(log.low + log.high)), -201);
    EXPECT_NEAR(static_cast<double>(middle), static_cast<double>(std::log(x)), 1e-15);
    if (x > 100) continue;
    const ExactInterval exp = ExpOfMinus(numerator, denominator, kPrecision);
    const auto found = std::ldexp(static_cast<long double>(cpp_int(exp.low + exp.high)), -201);
    EXPECT_NEAR(static_cast<double>(found / std::exp(-x)), 1, 1e-13);
  }
}

}  // namespace
}  // namespace waymark::crypto
