// Made-up histories for comparing the engine with the naive reading: few persons, crowded dates. Days are
// drawn so that the edges of the definitions are met often: same days, one and two days apart, 183 and 365
// days apart and one more, leap days, 18th birthdays, open ends, ends before starts, days after the extract.
#ifndef WAYMARK_TESTS_UNIT_NODE_MEASURE_RANDOM_HISTORIES_H_
#define WAYMARK_TESTS_UNIT_NODE_MEASURE_RANDOM_HISTORIES_H_

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "base/day.h"
#include "node/journey/records.h"

namespace waymark::node {

class RandomHistories {
 public:
  explicit RandomHistories(std::uint64_t seed) : generator_(seed) {}

  Records Draw();

  // A number from `least` to `most`.
  int Number(int least, int most) { return std::uniform_int_distribution<int>(least, most)(generator_); }
  bool Chance(int percent) { return Number(1, 100) <= percent; }
  template <typename T>
  const T& OneOf(const std::vector<T>& choices) {
    return choices[static_cast<std::size_t>(Number(0, static_cast<int>(choices.size()) - 1))];
  }
  template <typename T>
  void Shuffle(std::vector<T>& rows) {
    std::shuffle(rows.begin(), rows.end(), generator_);
  }

 private:
  Day NewDay();
  Day EndOf(Day start);
  Code Text(const std::vector<std::string>& choices, bool carried);
  void DrawPerson(std::uint32_t number);
  void MoveBirthday(std::uint32_t person);
  void DrawEpisodes(std::uint32_t person);
  void DrawStepDowns(std::uint32_t person);
  void DrawEvents(std::uint32_t person);
  void DrawSteps(std::uint32_t person);

  std::mt19937_64 generator_;
  Records records_;
  std::vector<Day> used_;  // the days of the person being drawn
  bool carries_source_ = true;
  bool carries_end_reason_ = true;
  bool carries_contact_source_ = true;
  bool carries_outcome_ = true;
  bool carries_nfa_ = true;
  bool carries_team_ = true;
  bool carries_sex_ = true;
  bool carries_referral_outcome_ = true;
  bool carries_plan_number_ = true;
  bool carries_steps_referral_ = true;
};

// The same records with rows, persons, families and dictionary numbers in another order.
Records Reordered(const Records& records, RandomHistories& random);

}  // namespace waymark::node

#endif  // WAYMARK_TESTS_UNIT_NODE_MEASURE_RANDOM_HISTORIES_H_
