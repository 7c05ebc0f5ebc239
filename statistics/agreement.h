// Whether members of a group answer alike, and whether answers moved one way: for questionnaires, where each
// answers each question once. Pure but for the draws that come in; thread-safe.
//
// - Agreement: of all pairs of the group's members and all questions that both answered, the share that gave
// the
//   same answer (Fleiss, "Measuring nominal scale agreement among many raters", 1971: observed agreement).
// - Its test is a permutation test (Fisher, "The Design of Experiments", 1935): were it chance alone who is
// in the
//   group, every group of that size of all members would be as likely. p is the share of such groupings that
//   agree at least as much; of up to kMostGroupings by going through all of them, else by as many drawn at
//   random, the group's own among them (Phipson and Smyth, 2010: so that p is never 0, and the test never
//   claims too much).
// - Several tests are judged together by Holm's step-down procedure (1979).
// - The sign test (Arbuthnot 1710): of those that moved, as many up as down were it chance alone.
#ifndef WAYMARK_STATISTICS_AGREEMENT_H_
#define WAYMARK_STATISTICS_AGREEMENT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace waymark::statistics {

inline constexpr int kNoAnswer = -1;
inline constexpr std::uint64_t kMostGroupings = 10'000;

// By member and question, each member as many: the answer's number, at least 0, or kNoAnswer.
using Answers = std::vector<std::vector<int>>;

// A number from 0 to `below` − 1, each as likely.
using Draw = std::function<absl::StatusOr<std::uint64_t>(std::uint64_t below)>;

struct Agreement {
  double within = 0;    // 0 to 1, of the group
  double expected = 0;  // mean over the groupings that were looked at
  double p = 1;         // one-sided: alike more than groups of that size are
  std::uint64_t groupings = 0;
  bool exact = true;  // all of them were looked at
};

// Nothing where the group has fewer than two members, or all of them, or no question was answered by two of
// it. INVALID_ARGUMENT where a member of the group is none of those who answered, or is named twice, or
// members answered unlike numbers of questions. Errors of `draw`.
absl::StatusOr<std::optional<Agreement>> AgreementOf(const Answers& answers,
                                                     absl::Span<const std::size_t> group, const Draw& draw);

// Each p as it stands when all are judged together: below 0.05 means that the chance of any false one among
// those below is at most that. In the order given.
std::vector<double> HolmAdjusted(absl::Span<const double> p);

// Two-sided: how likely so uneven a split is by chance alone. 1 where nobody moved.
double SignTest(std::uint64_t up, std::uint64_t down);

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_AGREEMENT_H_
