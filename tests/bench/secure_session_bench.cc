// Whole sessions of 152 members on the complete graph, vectors of 100 to 1,000,000 words, 0, 15 and 45
// members leaving before their input: a node's time and bytes, and what the coordinator's work on vectors
// costs beside the least it can. Processor time, but for the parallel efficiency. Bounds are measured in the
// same run: OpenSSL's AES-128-CTR, and plain addition. Ends with status 1 where a ratio is above its target.
#include <sched.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/text_table.h"
#include "base/threads.h"
#include "crypto/key_agreement.h"
#include "tests/bench/plain_cipher.h"
#include "tests/bench/simulated_session.h"
#include "tests/bench/timing.h"

namespace waymark::crypto {
namespace {

constexpr std::size_t kMembers = 152;

// What one word, or one pair of members, costs at the least.
struct Bounds {
  double mask = 0;  // a word
  double add = 0;
  double agree = 0;  // a pair
};

Bounds MeasureBounds(std::size_t words) {
  PlainCipher cipher;
  std::vector<std::uint64_t> sum(words);
  std::vector<std::uint64_t> input(words, 1);
  const LeastTimes vectors =
      LeastOfBoth([&] { return cipher.Encrypt(8 * words); },
                  [&] {
                    for (std::size_t i = 0; i < words; ++i) sum[i] += input[i];
                    // What is never read is never added.
                    return sum[words / 2] == 0 ? absl::InternalError("no sum") : absl::OkStatus();
                  });
  SystemRandom random;
  const AgreementKey key = Must(AgreementKey::Generate(random));
  const auto count = static_cast<double>(words);
  return {.mask = vectors.measured / count,
          .add = vectors.bound / count,
          .agree = Least([&] { return key.Agree(key.public_key()).status(); })};
}

struct Ratio {
  double measured = 0;
  double bound = 0;
  double most = 0;  // 0: no target
  std::string Text() const { return absl::StrFormat("%.2f%s", measured / bound, missed() ? " missed" : ""); }
  bool missed() const { return most > 0 && measured / bound > most; }
};

// The least processor time, and the least wall time, of taking all masks off.
struct Unmasking {
  double processor = 1e9;
  double wall = 1e9;
};
Unmasking TimeUnmasking(const SimulatedOutcome& outcome) {
  const auto checked = Must(CheckedTranscript::Check(*outcome.session, outcome.sum.transcript));
  const SessionParameters& parameters = outcome.session->parameters();
  RingVector words(parameters.word_bits, parameters.cells);
  Unmasking least;
  const double begin = WallSeconds();
  for (int round = 0; round < 3 || WallSeconds() - begin < 1; ++round) {
    const double processor = ProcessSeconds();
    const double wall = WallSeconds();
    Require(checked.Unmask(*outcome.session, 0, words));
    least.processor = std::min(least.processor, ProcessSeconds() - processor);
    least.wall = std::min(least.wall, WallSeconds() - wall);
  }
  return least;
}

// Runs `call` with all of this process's threads on one core.
Unmasking OnOneCore(const SimulatedOutcome& outcome) {
  cpu_set_t all;
  cpu_set_t one;
  CPU_ZERO(&one);
  if (sched_getaffinity(0, sizeof all, &all) != 0) Require(absl::InternalError("sched_getaffinity"));
  CPU_SET(static_cast<std::size_t>(sched_getcpu()), &one);
  if (sched_setaffinity(0, sizeof one, &one) != 0) Require(absl::InternalError("sched_setaffinity"));
  const Unmasking least = TimeUnmasking(outcome);
  if (sched_setaffinity(0, sizeof all, &all) != 0) Require(absl::InternalError("sched_setaffinity"));
  return least;
}

double ServerSeconds(const SimulatedCosts& costs) {
  double seconds = 0;
  for (const StepCost& step : costs.steps) seconds += step.server_seconds;
  return seconds;
}

class Report {
 public:
  void Add(std::uint64_t words, std::size_t leaving) {
    const Bounds bounds = MeasureBounds(words);
    const SimulatedOutcome outcome =
        Simulate({.members = kMembers, .cells = words, .leaving = leaving, .real = 3});
    const auto masks = static_cast<double>((kMembers - leaving) * (leaving + 1) * words);
    const auto inputs = static_cast<double>((kMembers - leaving) * words);
    const double pairs = static_cast<double>((kMembers - leaving) * leaving);
    const Unmasking one = OnOneCore(outcome);
    const Unmasking all = TimeUnmasking(outcome);
    const SimulatedCosts& costs = outcome.costs;
    // Adding up, as the coordinator does it: its own work of the input step without commitments.
    const double add = costs.steps[2].server_seconds - costs.commitments;
    const bool is_large = words >= 1'000'000;
    const Ratio sum{.measured = add + one.processor,
                    .bound = inputs * (bounds.add + bounds.mask),
                    .most = leaving == 0 && is_large ? 1.5 : 0};
    const Ratio recovery{
        .measured = one.processor, .bound = masks * bounds.mask, .most = leaving > 0 && is_large ? 1.3 : 0};
    const double threads = static_cast<double>(WorthwhileThreads());
    const Ratio efficiency{.measured = threads * all.wall,
                           .bound = one.processor,
                           .most = leaving > 0 && is_large ? 1 / 0.8 : 0};
    failed_ = failed_ || sum.missed() || recovery.missed() || efficiency.missed();
    server_.AddRow({absl::StrFormat("%d", words), absl::StrFormat("%d", leaving), TimeText(costs.commitments),
                    TimeText(add), TimeText(one.processor), leaving == 0 ? sum.Text() : "",
                    leaving > 0 ? recovery.Text() : "",
                    leaving > 0
                        ? absl::StrFormat("%.2f", recovery.measured / (recovery.bound + pairs * bounds.agree))
                        : "",
                    absl::StrFormat("%.2f%s", 1 / (efficiency.measured / efficiency.bound),
                                    efficiency.missed() ? " missed" : ""),
                    TimeText(ServerSeconds(costs))});
    AddNode(words, leaving, costs);
  }

  bool Print() const {
    std::puts("Node. Steps 3 to 5: target at 100,000 words 60 ms. Sent, beside 8 bytes a word.");
    std::fputs(node_.Render().c_str(), stdout);
    std::puts(
        "\nServer, one core. Summing: (adding + unmasking) / (plain sum + self-masks), target 1.5. "
        "Recovery:\n"
        "unmasking / (d + 1)(n - d) masks, target 1.3; + keys: with one X25519 agreement a pair in the "
        "bound.\n"
        "Efficiency: of all threads, target 0.8. Targets hold at 1,000,000 words.");
    std::fputs(server_.Render().c_str(), stdout);
    return !failed_;
  }

 private:
  void AddNode(std::uint64_t words, std::size_t leaving, const SimulatedCosts& costs) {
    std::size_t sent = 0;
    double last_three = 0;
    std::vector<std::string> row = {absl::StrFormat("%d", words), absl::StrFormat("%d", leaving)};
    for (std::size_t step = 0; step < kSessionSteps; ++step) {
      sent += costs.steps[step].node_sends;
      if (step >= 2) last_three += costs.steps[step].node_seconds;
      row.push_back(TimeText(costs.steps[step].node_seconds));
    }
    const Ratio upload{.measured = static_cast<double>(sent),
                       .bound = 8.0 * static_cast<double>(words),
                       .most = words >= 1'000'000 ? 1.01 : 0};
    const Ratio compute{.measured = last_three, .bound = 0.06, .most = words == 100'000 ? 1.0 : 0.0};
    failed_ = failed_ || upload.missed() || compute.missed();
    row.push_back(TimeText(last_three) + (compute.missed() ? " missed" : ""));
    row.push_back(absl::StrFormat("%d", sent));
    row.push_back(
        absl::StrFormat("%.4f%s", upload.measured / upload.bound, upload.missed() ? " missed" : ""));
    node_.AddRow(row);
  }

  TextTable node_{{">words", ">leave", ">1 keys", ">2 shares", ">3 input", ">4 consistency", ">5 unmask",
                   ">3 to 5", ">bytes sent", ">ratio"}};
  TextTable server_{{">words", ">leave", ">commitments", ">adding", ">unmasking", ">summing", ">recovery",
                     ">+ keys", ">efficiency", ">all steps"}};
  bool failed_ = false;
};

int Run() {
  Report report;
  for (const std::uint64_t words : {100u, 1'000u, 10'000u, 100'000u, 1'000'000u}) {
    for (const std::size_t leaving : {0u, 15u, 45u}) report.Add(words, leaving);
  }
  return report.Print() ? 0 : 1;
}

// Processor seconds of one node's steps and of the coordinator's, and the bytes that a node sends, for other
// programs to read.
int PrintOne(const SimulatedSize& size) {
  double node = 1e9;
  double server = 1e9;
  std::size_t sent = 0;
  for (int run = 0; run < 3; ++run) {
    const SimulatedCosts costs = Simulate(size).costs;
    double steps = 0;
    sent = 0;
    for (const StepCost& step : costs.steps) {
      steps += step.node_seconds;
      sent += step.node_sends;
    }
    node = std::min(node, steps);
    server = std::min(server, ServerSeconds(costs));
  }
  std::printf("%.6f %.6f %zu\n", node, server, sent);
  return 0;
}

}  // namespace
}  // namespace waymark::crypto

int main(int argc, char** argv) {
  std::uint32_t members = 0;
  std::uint32_t words = 0;
  std::uint32_t bits = 0;
  std::uint32_t leaving = 0;
  if ((argc == 4 || (argc == 5 && absl::SimpleAtoi(argv[4], &leaving))) &&
      absl::SimpleAtoi(argv[1], &members) && absl::SimpleAtoi(argv[2], &words) &&
      absl::SimpleAtoi(argv[3], &bits)) {
    return waymark::crypto::PrintOne(
        {.members = members, .cells = words, .leaving = leaving, .word_bits = bits, .real = 3});
  }
  if (argc == 1) return waymark::crypto::Run();
  std::fputs("usage: secure_session_bench [MEMBERS WORDS BITS [LEAVING]]\n", stderr);
  return 2;
}
