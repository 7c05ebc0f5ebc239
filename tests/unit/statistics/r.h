// R as a judge that shares no code with ours: runs a script on numbers and reads numbers back. Where Rscript
// or a package is missing, tests say what they skip and pass.
#ifndef WAYMARK_TESTS_UNIT_STATISTICS_R_H_
#define WAYMARK_TESTS_UNIT_STATISTICS_R_H_

#include <optional>
#include <string>
#include <vector>

namespace waymark::statistics {

// Whether Rscript is there and loads `package`.
bool HasR(const std::string& package);

// Runs `script`, in which `input` is the numeric vector given, and returns all numbers that it wrote to
// standard output, a number a word. Nothing where R failed.
std::optional<std::vector<double>> RunR(const std::string& script, const std::vector<double>& input);

}  // namespace waymark::statistics

#endif  // WAYMARK_TESTS_UNIT_STATISTICS_R_H_
