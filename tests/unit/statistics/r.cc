#include "tests/unit/statistics/r.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iomanip>

namespace waymark::statistics {
namespace {

std::optional<std::string> OutputOf(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string output;
  char buffer[4096];
  for (std::size_t read = 0; (read = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    output.append(buffer, read);
  return pclose(pipe) == 0 ? std::optional<std::string>(output) : std::nullopt;
}

}  // namespace

bool HasR(const std::string& package) {
  return OutputOf("Rscript --vanilla -e 'library(" + package + ")' 2>/dev/null").has_value();
}

std::optional<std::vector<double>> RunR(const std::string& script, const std::vector<double>& input) {
  const std::string stem = ::testing::TempDir() + "waymark_r_" + std::to_string(getpid());
  {
    std::ofstream numbers(stem + ".txt");
    for (const double number : input) numbers << std::setprecision(17) << number << "\n";
    std::ofstream(stem + ".R") << "input <- scan('" << stem << ".txt', quiet = TRUE)\n" << script;
  }
  const std::optional<std::string> output = OutputOf("Rscript --vanilla " + stem + ".R 2>/dev/null");
  std::remove((stem + ".txt").c_str());
  std::remove((stem + ".R").c_str());
  if (!output.has_value()) return std::nullopt;
  std::vector<double> numbers;
  const char* at = output->c_str();
  for (char* end = nullptr;; at = end) {
    const double number = std::strtod(at, &end);
    if (end == at) break;
    numbers.push_back(number);
  }
  return numbers;
}

}  // namespace waymark::statistics
