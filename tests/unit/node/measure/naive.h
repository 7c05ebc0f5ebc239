// The metric library read once more, slowly: sets of days, one day after another, straight from the records
// and the words of docs/metrics.md. It shares nothing with node/journey and node/measure but the records'
// shape, and knows nothing of the catalogue's entries beyond their ids and bins: what they mean is written
// here by hand.
#ifndef WAYMARK_TESTS_UNIT_NODE_MEASURE_NAIVE_H_
#define WAYMARK_TESTS_UNIT_NODE_MEASURE_NAIVE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/day.h"
#include "base/period.h"
#include "node/journey/records.h"

namespace waymark::node::naive {

using Texts = std::map<std::string, std::string>;

// A merged episode or spell, a referral, a contact or a step.
struct Run {
  Day start = 0;
  Day end = kNoDay;
  Texts fields = {};
  Day referral = kNoDay;  // of a step
};

struct Child {
  std::string id = {};
  std::string family = {};
  Day birth = kNoDay;
  Day death = kNoDay;
  Texts fields = {};
  std::vector<Run> early_help = {}, cin = {}, cp = {}, cla = {}, social_care = {}, referrals = {},
                   contacts = {};
  std::map<StepKind, std::vector<Run>> steps = {};
};

std::vector<Child> ChildrenOf(const Records& records);

struct Ask {
  std::string metric = {};
  Period period = {};
  int window = 0;
  std::vector<int> bins = {};
  std::string breakdown = {};  // "", "sex", "sex|age_band"
  std::string unit = {};       // "episodes", "children", "families"
};

enum class Verdict { kComplete, kPartial, kNotYet, kNotCovered, kNotAvailable };

struct Answer {
  Verdict verdict = Verdict::kComplete;
  std::map<std::string, std::map<std::string, std::int64_t>> cells =
      {};                                  // row → column → count; zeros may be missing
  std::set<std::string> unavailable = {};  // columns
  // Row → quantity → value, of durations and survival; nothing where there is no value.
  std::map<std::string, std::map<std::string, std::optional<double>>> figures = {};
};

Answer AnswerTo(const Records& records, const std::vector<Child>& children, const Ask& ask);

}  // namespace waymark::node::naive

#endif  // WAYMARK_TESTS_UNIT_NODE_MEASURE_NAIVE_H_
