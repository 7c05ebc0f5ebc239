// waymark-demo-truth: sets benchmarks of the demonstration beside the true figures that waymark-demo-councils
// wrote; with --search, looks through what the coordinator stored. Exit status 1 where a true figure lies
// outside its benchmark's interval.
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/status.h"
#include "base/text_table.h"

namespace waymark::demo {
namespace {

using Json = nlohmann::json;
constexpr std::size_t kMaxBytes = 64 << 20;

// The benchmark's figure and the truth's parts that it stands for.
struct Pair {
  const char* metric;
  const char* quantity;
  int window_days;
  const char* words;
  const char* numerator;  // keys in truth.json; of the window's object where there is a window
  const char* denominator;
};
constexpr Pair kPairs[] = {
    {"1", "any", 365, "came back to early help within a year", "returned", "followed_up"},
    {"2", "any", 365, "referred to social care within a year", "referred", "followed_up_not_in_social_care"},
    {"16", "outcomes_met", 0, "closed with outcomes met", "outcomes_met", "early_help_closures"},
    {"19-contacts", "nfa", 0, "contacts without further action", "contacts_nfa", "contacts"},
    {"19", "nfa", 0, "referrals without further action", "referrals_nfa", "referrals"},
};

absl::StatusOr<Json> ReadJson(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxBytes));
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return absl::InvalidArgumentError(absl::StrCat(path, ": not JSON"));
  return json;
}

// Percent over the councils that contributed.
double TrueRate(const Json& truth, const std::set<std::string>& contributors, const Pair& pair) {
  std::int64_t numerator = 0;
  std::int64_t denominator = 0;
  for (const Json& council : truth.at("councils")) {
    if (!contributors.contains(council.at("code").get<std::string>())) continue;
    const Json* counts = &council;
    for (const Json& window : council.at("windows")) {
      if (window.at("days").get<int>() == pair.window_days) counts = &window;
    }
    numerator += counts->at(pair.numerator).get<std::int64_t>();
    denominator += counts->at(pair.denominator).get<std::int64_t>();
  }
  return 100.0 * static_cast<double>(numerator) / static_cast<double>(denominator);
}

const Json* FindFigure(const Json& benchmark, const Pair& pair) {
  for (const Json& figure : benchmark.at("figures")) {
    if (figure.at("metric") == pair.metric && figure.at("quantity") == pair.quantity &&
        figure.at("counted") == "episodes" && figure.at("breakdown").empty() &&
        (pair.window_days == 0 || figure.at("window_days") == pair.window_days)) {
      return &figure;
    }
  }
  return nullptr;
}

std::set<std::string> Contributors(const Json& benchmark) {
  std::set<std::string> codes;
  for (const Json& council : benchmark.at("coverage")) {
    if (council.at("absence") == "") codes.insert(council.at("council").get<std::string>());
  }
  return codes;
}

// False where the truth lies far outside.
bool AddRow(const Json& truth, const Json& benchmark, const Pair& pair, TextTable& table) {
  const Json* figure = FindFigure(benchmark, pair);
  if (figure == nullptr || !figure->at("value").is_number()) {
    table.AddRow({pair.metric, pair.words, "", "", "", "FAR OUTSIDE: no figure"});
    return false;
  }
  const std::set<std::string> contributors = Contributors(benchmark);
  const double rate = TrueRate(truth, contributors, pair);
  const double lower = figure->at("lower").get<double>();
  const double upper = figure->at("upper").get<double>();
  const double half = (upper - lower) / 2;
  const double off = std::fabs(rate - (lower + upper) / 2);
  const bool far = off > 2 * half;
  const char* where = off <= half ? "inside" : far ? "FAR OUTSIDE" : "just outside";
  table.AddRow(
      {pair.metric, pair.words, absl::StrFormat("%.2f%%", rate),
       absl::StrFormat("%.2f%%", figure->at("value").get<double>()),
       absl::StrFormat("%.1f to %.1f", lower, upper),
       absl::StrCat(where, ", ", contributors.size(), " councils, ", figure->at("mode").get<std::string>())});
  return !far;
}

absl::StatusOr<bool> Compare(const std::string& truth_path, const std::vector<std::string>& benchmark_paths) {
  ASSIGN_OR_RETURN(const Json truth, ReadJson(truth_path));
  TextTable table(
      {"metric", "families and children who", ">truth", ">benchmark", ">95% interval", "the truth is"});
  bool none_far = true;
  for (const std::string& path : benchmark_paths) {
    ASSIGN_OR_RETURN(const Json benchmark, ReadJson(path));
    for (const Pair& pair : kPairs) {
      if (benchmark.at("figures").empty() || benchmark.at("figures")[0].at("metric") != pair.metric) continue;
      none_far = AddRow(truth, benchmark, pair, table) && none_far;
    }
  }
  std::fputs(table.Render().c_str(), stdout);
  return none_far;
}

// A whole number as protobuf writes a sint64.
std::string Varint(std::int64_t value) {
  std::uint64_t rest = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  std::string bytes;
  while (rest >= 0x80) {
    bytes += static_cast<char>(rest | 0x80);
    rest >>= 7;
  }
  return bytes + static_cast<char>(rest);
}

// A count and the rest of its group, as they would stand side by side in a stored table.
std::string Cells(std::int64_t nfa, std::int64_t all) {
  return Varint(nfa) + Varint(all - nfa);
}

// Whether the coordinator's files hold the sum of referrals, and no council's own. Each council's pair of
// counts takes four bytes or more, so that a chance hit is one in billions.
absl::StatusOr<bool> Search(const std::string& truth_path, const std::string& benchmark_path,
                            const std::string& folder) {
  ASSIGN_OR_RETURN(const Json truth, ReadJson(truth_path));
  ASSIGN_OR_RETURN(const Json benchmark, ReadJson(benchmark_path));
  const Json* const sum = FindFigure(benchmark, kPairs[std::size(kPairs) - 1]);
  if (sum == nullptr || !sum->at("numerator").is_number()) return false;
  const std::string summed =
      Cells(sum->at("numerator").get<std::int64_t>(), sum->at("denominator").get<std::int64_t>());
  bool has_sum = false;
  std::size_t bytes = 0;
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    ASSIGN_OR_RETURN(const std::string content, ReadFile(entry.path().string(), kMaxBytes));
    bytes += content.size();
    has_sum = has_sum || content.find(summed) != std::string::npos;
    for (const Json& council : truth.at("councils")) {
      const std::string own =
          Cells(council.at("referrals_nfa").get<std::int64_t>(), council.at("referrals").get<std::int64_t>());
      if (content.find(own) != std::string::npos) found.push_back(council.at("code").get<std::string>());
    }
  }
  std::printf(
      "Searched %zu bytes of the coordinator's files: the sum is %s; councils whose own referrals are there: "
      "%s.\n",
      bytes, has_sum ? "there" : "NOT there", found.empty() ? "none" : absl::StrJoin(found, ", ").c_str());
  return has_sum && found.empty();
}

}  // namespace
}  // namespace waymark::demo

int main(int argc, char** argv) {
  CLI::App app{"Sets the demonstration's benchmarks beside the truth.", "waymark-demo-truth"};
  std::string truth;
  std::string search;
  std::vector<std::string> benchmarks;
  app.add_option("--truth", truth, "truth.json of waymark-demo-councils")->required();
  app.add_option("--search", search,
                 "the coordinator's folder: look whether it holds a council's own referrals");
  app.add_option("benchmarks", benchmarks, "files of 'waymark benchmark --json'")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    const absl::StatusOr<bool> near = search.empty()
                                          ? waymark::demo::Compare(truth, benchmarks)
                                          : waymark::demo::Search(truth, benchmarks.front(), search);
    if (near.ok()) return *near ? 0 : 1;
    std::fprintf(stderr, "waymark-demo-truth: %s\n", std::string(near.status().message()).c_str());
  } catch (const nlohmann::json::exception& error) {
    std::fprintf(stderr, "waymark-demo-truth: a file has not the shape expected: %s\n", error.what());
  }
  return 1;
}
