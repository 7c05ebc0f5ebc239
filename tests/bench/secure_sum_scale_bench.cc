// What a secure sum of 10,000 words on the sparse graph costs a node and the coordinator as members grow, 10%
// of them leaving, and by which power of n. One process, processor time. Who is simulated, and how:
// simulated_session.h. `secure_sum_scale_bench 1000` stops at 1,000 members.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/text_table.h"
#include "tests/bench/simulated_session.h"
#include "tests/bench/timing.h"

namespace waymark::crypto {
namespace {

constexpr std::uint64_t kWords = 10'000;
constexpr std::size_t kReal = 3;

struct Size {
  std::size_t members;
  std::uint32_t degree;
  std::uint32_t share_threshold;
};
// Corrupt .1, leaving .1 (docs/secure-sum.md): 100 takes the pair of 152; 300 and 3,000 lie between the
// table's sizes by the logarithm of n, upwards.
constexpr Size kSizes[] = {
    {100, 44, 30}, {300, 64, 44}, {1'000, 96, 67}, {3'000, 110, 76}, {10'000, 122, 85}};

// The exponent a of the least-squares line log y = a log n + b.
double Exponent(const std::vector<double>& n, const std::vector<double>& y) {
  double mean_x = 0;
  double mean_y = 0;
  const auto count = static_cast<double>(n.size());
  for (std::size_t i = 0; i < n.size(); ++i) {
    mean_x += std::log(n[i]) / count;
    mean_y += std::log(y[i]) / count;
  }
  double above = 0;
  double below = 0;
  for (std::size_t i = 0; i < n.size(); ++i) {
    above += (std::log(n[i]) - mean_x) * (std::log(y[i]) - mean_y);
    below += (std::log(n[i]) - mean_x) * (std::log(n[i]) - mean_x);
  }
  return below > 0 ? above / below : 0;
}

using Figure = std::function<double(const SimulatedCosts&)>;

double OfAllSteps(const SimulatedCosts& costs, const std::function<double(const StepCost&)>& figure) {
  double sum = 0;
  for (const StepCost& step : costs.steps) sum += figure(step);
  return sum;
}

std::string BytesText(double bytes) {
  if (bytes < 1e6) return absl::StrFormat("%.1f kB", bytes / 1e3);
  return bytes < 1e9 ? absl::StrFormat("%.2f MB", bytes / 1e6) : absl::StrFormat("%.2f GB", bytes / 1e9);
}

class Growth {
 public:
  Growth() : table_(Columns()) {}
  void Add(const Size& size) {
    sizes_.push_back(static_cast<double>(size.members));
    outcomes_.push_back(Simulate({.members = size.members,
                                  .cells = kWords,
                                  .leaving = size.members / 10,
                                  .degree = size.degree,
                                  .share_threshold = size.share_threshold,
                                  .real = kReal})
                            .costs);
  }
  void Print() {
    static constexpr const char* kNames[] = {"keys", "shares", "input", "consistency", "unmask"};
    const auto time = [&](const std::string& what, const Figure& figure) { Row(what, figure, TimeText); };
    const auto bytes = [&](const std::string& what, const Figure& figure) { Row(what, figure, BytesText); };
    for (std::size_t i = 0; i < kSessionSteps; ++i) {
      time(absl::StrFormat("node %d %s", i + 1, kNames[i]),
           [i](const auto& c) { return c.steps[i].node_seconds; });
    }
    time("node in all, with the session made", [](const auto& c) {
      return c.make_session + OfAllSteps(c, [](auto& s) { return s.node_seconds; });
    });
    bytes("node sends", [](const auto& c) {
      return OfAllSteps(c, [](auto& s) { return static_cast<double>(s.node_sends); });
    });
    bytes("node receives", [](const auto& c) {
      return OfAllSteps(c, [](auto& s) { return static_cast<double>(s.node_receives); });
    });
    for (std::size_t i = 0; i < kSessionSteps; ++i) {
      time(absl::StrFormat("server %d %s", i + 1, kNames[i]),
           [i](const auto& c) { return c.steps[i].server_seconds; });
    }
    time("server in all",
         [](const auto& c) { return OfAllSteps(c, [](auto& s) { return s.server_seconds; }); });
    time("of that, opening the sum", [](const auto& c) { return c.finish; });
    bytes("server receives", [](const auto& c) {
      return OfAllSteps(c, [](auto& s) { return static_cast<double>(s.server_receives); });
    });
    bytes("server sends, steps 1 and 2", [](const auto& c) {
      return static_cast<double>(c.steps[1].server_sends + c.steps[2].server_sends);
    });
    bytes("server sends, steps 3 and 4", [](const auto& c) {
      return static_cast<double>(c.steps[3].server_sends + c.steps[4].server_sends);
    });
    std::fputs(table_.Render().c_str(), stdout);
  }

 private:
  static std::vector<std::string> Columns() {
    std::vector<std::string> columns = {"members"};
    for (const Size& size : kSizes) columns.push_back(absl::StrFormat(">%d", size.members));
    columns.push_back(">n^");
    return columns;
  }
  void Row(const std::string& what, const Figure& figure, const std::function<std::string(double)>& text) {
    std::vector<std::string> row = {what};
    std::vector<double> values;
    for (const SimulatedCosts& costs : outcomes_) values.push_back(figure(costs));
    for (const double value : values) row.push_back(text(value));
    row.resize(std::size(kSizes) + 1);
    row.push_back(absl::StrFormat("%.2f", Exponent(sizes_, values)));
    table_.AddRow(row);
  }

  TextTable table_;
  std::vector<double> sizes_;
  std::vector<SimulatedCosts> outcomes_;
};

}  // namespace
}  // namespace waymark::crypto

int main(int argc, char** argv) {
  std::uint32_t most = 10'000;
  if (argc > 2 || (argc == 2 && !absl::SimpleAtoi(argv[1], &most))) {
    std::fprintf(stderr, "usage: secure_sum_scale_bench [most members]\n");
    return 2;
  }
  waymark::crypto::Growth growth;
  for (const auto& size : waymark::crypto::kSizes) {
    if (size.members <= most) growth.Add(size);
  }
  growth.Print();
  return 0;
}
