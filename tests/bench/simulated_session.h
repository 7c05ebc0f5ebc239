// One session of the secure sum in one process, for what it costs. The coordinator's side is the real one and
// does all its work. Of the members a few are real too, and are timed; the others send what the coordinator
// needs by the cheapest means:
// - what they seal for one another is never opened, so it is zeros of that length;
// - masks between two of them that both contribute cancel, and are left out;
// - they check nothing, and take U3 and the shares that they hold from the simulation's own memory.
// Keys, signatures, shares, commitments, self-masks and the masks of those that leave are real, so the sum is
// compared with plain addition at the end.
#ifndef WAYMARK_TESTS_BENCH_SIMULATED_SESSION_H_
#define WAYMARK_TESTS_BENCH_SIMULATED_SESSION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "crypto/secure_sum/coordinator_steps.h"

namespace waymark::crypto {

struct SimulatedSize {
  std::size_t members = 0;
  std::uint64_t cells = 0;
  std::size_t leaving = 0;   // after their shares, before their input
  std::uint32_t degree = 0;  // 0: the complete graph
  std::uint32_t share_threshold = 0;
  std::uint32_t word_bits = 64;
  std::size_t real = 1;  // members that are real; the least time of them counts
};

inline constexpr std::size_t kSessionSteps = 5;

struct StepCost {
  double node_seconds = 0;        // of one real member, processor time
  double server_seconds = 0;      // for all members
  std::size_t node_receives = 0;  // bytes of messages before it, without transport
  std::size_t node_sends = 0;
  std::size_t server_sends = 0;  // to all members
  std::size_t server_receives = 0;
};

struct SimulatedCosts {
  std::array<StepCost, kSessionSteps> steps;
  double make_session = 0;  // every node, and the server
  double commitments = 0;   // the server's, of the input step: blocks hashed and stored
  double finish = 0;        // the server's, of the last step: processor time of all threads
  double finish_wall = 0;
};

struct SimulatedOutcome {
  SimulatedCosts costs;
  std::unique_ptr<Session> session;
  SecureSum sum;
};

// Ends the program with status 2 where the session fails or its sum is not that of plain addition.
SimulatedOutcome Simulate(const SimulatedSize& size);

}  // namespace waymark::crypto

#endif  // WAYMARK_TESTS_BENCH_SIMULATED_SESSION_H_
