#include "crypto/exact_interval.h"

namespace waymark::crypto {
namespace {

// 100/256 < 1/2, so that the terms of exp's series fall fast.
constexpr unsigned kHalvings = 8;

// exp(−numerator/denominator) for a fraction of at most 1/2: it lies between consecutive partial sums of
// Σ (−r)^j/j!, whose terms fall.
ExactInterval ExpOfSmall(const cpp_int& numerator, const cpp_int& denominator, unsigned precision) {
  ExactInterval term{cpp_int(1) << precision, cpp_int(1) << precision};
  ExactInterval sum = term;
  for (unsigned j = 1; term.high > 1; ++j) {
    const cpp_int divisor = denominator * j;
    term.low = term.low * numerator / divisor;
    term.high = DivideUp(term.high * numerator, divisor);
    if (j % 2 == 1) {
      sum.low -= term.high;
      sum.high -= term.low;
    } else {
      sum.low += term.low;
      sum.high += term.high;
    }
  }
  // What is left of an alternating series with falling terms is at most the last term taken, which is at most
  // 2^−F.
  sum.low -= 1;
  sum.high += 1;
  return sum;
}

// ln(x) for x = numerator/denominator from 1 to 2: 2·Σ z^(2j+1)/(2j+1) with z = (x − 1)/(x + 1) ≤ 1/3. Each
// term is at most a ninth of the one before, so what is left is less than the last one taken.
ExactInterval LogOfSmall(const cpp_int& numerator, const cpp_int& denominator, unsigned precision) {
  const cpp_int above = numerator - denominator;
  const cpp_int below = numerator + denominator;
  ExactInterval power{(above << precision) / below, DivideUp(above << precision, below)};
  const ExactInterval square = Multiply(power, power, precision);
  ExactInterval sum{0, 0};
  for (unsigned j = 0; power.high > 1; ++j) {
    sum.low += power.low / (2 * j + 1);
    sum.high += DivideUp(power.high, 2 * j + 1);
    power = Multiply(power, square, precision);
  }
  return {2 * sum.low, 2 * (sum.high + 1)};
}

}  // namespace

cpp_int DivideUp(const cpp_int& a, const cpp_int& b) {
  return (a + b - 1) / b;
}

ExactInterval Multiply(const ExactInterval& a, const ExactInterval& b, unsigned precision) {
  return {(a.low * b.low) >> precision, (a.high * b.high + (cpp_int(1) << precision) - 1) >> precision};
}

ExactInterval ExpOfMinus(const cpp_int& numerator, const cpp_int& denominator, unsigned precision) {
  ExactInterval result = ExpOfSmall(numerator, denominator << kHalvings, precision);
  for (unsigned i = 0; i < kHalvings; ++i) result = Multiply(result, result, precision);
  return result;
}

ExactInterval LogOf(const cpp_int& numerator, const cpp_int& denominator, unsigned precision) {
  if (numerator < denominator) {
    const ExactInterval inverse = LogOf(denominator, numerator, precision);
    return {-inverse.high, -inverse.low};
  }
  unsigned doublings = 0;
  while (numerator > (denominator << (doublings + 1))) ++doublings;
  ExactInterval result = LogOfSmall(numerator, denominator << doublings, precision);
  if (doublings > 0) {
    const ExactInterval two = LogOfSmall(2, 1, precision);
    result.low += doublings * two.low;
    result.high += doublings * two.high;
  }
  return result;
}

}  // namespace waymark::crypto
