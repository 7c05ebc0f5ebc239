// Real numbers held between two whole multiples of 2^−F, the lower always rounded down and the upper always
// rounded up, so that no step needs an error analysis of its own. For computing what must be right to the
// last bit (thresholds of noise) or never too small (charges). Internal to whoever computes with it: it
// brings Boost.Multiprecision. Pure functions; thread-safe.
#ifndef WAYMARK_CRYPTO_EXACT_INTERVAL_H_
#define WAYMARK_CRYPTO_EXACT_INTERVAL_H_

#include <boost/multiprecision/cpp_int.hpp>

namespace waymark::crypto {

using boost::multiprecision::cpp_int;

// A real number x with low ≤ x·2^F ≤ high.
struct ExactInterval {
  cpp_int low;
  cpp_int high;
};

// a/b rounded up; a ≥ 0, b > 0.
cpp_int DivideUp(const cpp_int& a, const cpp_int& b);

// a·b; both at least 0.
ExactInterval Multiply(const ExactInterval& a, const ExactInterval& b, unsigned precision);

// exp(−numerator/denominator); numerator ≥ 0, denominator > 0, and their ratio at most 100.
ExactInterval ExpOfMinus(const cpp_int& numerator, const cpp_int& denominator, unsigned precision);

// ln(numerator/denominator), of either sign; both > 0.
ExactInterval LogOf(const cpp_int& numerator, const cpp_int& denominator, unsigned precision);

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_EXACT_INTERVAL_H_
