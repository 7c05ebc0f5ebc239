// What may be shown of councils that are published without a name: whose own figures, and of what councils
// state of themselves (contract mode "stated") which distributions.
//
// A named council's answers are public, so whoever takes them away from a distribution has that of the
// unnamed councils alone, and an answer that all of those gave is known of each. The distribution of all
// participants is shown where the unnamed councils are at least the round's least contributors, and no answer
// (none given is one too) is that of all of them or of all but one: the one that differs would know the
// others'. Of regions, those without unnamed councils are shown, and one that has all of them, where all
// participants are.
//
// Other regions are not shown, whatever they answered. Were they shown where they pass the same rule, a
// region that is not would tell by that what it answered: with the sums around it sometimes for certain. As
// it is, all that is shown would be the same had any two unnamed councils changed their answers with each
// other.
#ifndef WAYMARK_COORDINATOR_ROUNDS_UNNAMED_ANSWERS_H_
#define WAYMARK_COORDINATOR_ROUNDS_UNNAMED_ANSWERS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "coordinator/benchmark/series.h"

namespace waymark::coordinator {

// How many unnamed councils gave each answer.
using AnswerCounts = std::map<std::string, std::uint32_t>;

// The codes of the regions, and kParticipantsCode, at which a question is not shown, by the rule above.
// Regions without unnamed councils are not among `by_region`; "" stands for councils that are in none.
std::set<std::string> HiddenGeographies(const std::map<std::string, AnswerCounts>& by_region,
                                        std::uint32_t least);

// Takes a round's figures as they are combined: every council's own before any of a group's. Not thread-safe.
class UnnamedAnswers {
 public:
  // `regions`: of every unnamed council, its region's code. `shown`: those whose own figures are shown, but
  // for what they state of themselves, which never is.
  UnnamedAnswers(std::map<std::string, std::string> regions, std::set<std::string> shown, std::uint32_t least)
      : regions_(std::move(regions)), shown_(std::move(shown)), least_(least) {}

  // Takes away and hides what may not be shown. Figures have councils' own codes.
  void ApplyTo(std::size_t item, Figures& figures);

 private:
  struct Question {
    std::map<std::string, std::string> said;      // by council; "": nothing
    std::optional<std::set<std::string>> hidden;  // once all have been heard
  };
  void Hear(std::size_t item, const v1::Figure& own);
  bool IsHidden(std::size_t item, const v1::Figure& figure);

  const std::map<std::string, std::string> regions_;
  const std::set<std::string> shown_;
  const std::uint32_t least_;
  std::map<std::pair<std::size_t, std::string>, Question> questions_;  // by item and category
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_UNNAMED_ANSWERS_H_
