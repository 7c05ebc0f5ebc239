#include "tests/unit/node/measure/naive_parts.h"

#include <algorithm>

namespace waymark::node::naive {

bool IsOpen(const Run& run, Day day) {
  if (run.start == run.end) return day == run.start;
  return run.start <= day && day < run.end;
}
bool AnyOpen(const std::vector<Run>& runs, Day day) {
  return std::any_of(runs.begin(), runs.end(), [day](const Run& run) { return IsOpen(run, day); });
}
bool AnyStarts(const std::vector<Run>& runs, Day day) {
  return std::any_of(runs.begin(), runs.end(), [day](const Run& run) { return run.start == day; });
}
bool AnyEndsWith(const Child& child, Day day, const std::string& reason) {
  for (const auto* runs : {&child.early_help, &child.social_care}) {
    for (const Run& run : *runs) {
      if (run.end == day && run.fields.at("end_reason") == reason) return true;
    }
  }
  return false;
}

bool TurnsEighteen(const Child& child, Day day) {
  if (child.birth == kNoDay) return false;
  const CivilDate birth = CivilDateOf(child.birth);
  const CivilDate today = CivilDateOf(day);
  if (today.year != birth.year + 18) return false;
  const bool leap = today.year % 4 == 0;
  if (birth.month == 2 && birth.day == 29 && !leap) return today.month == 3 && today.day == 1;
  return today.month == birth.month && today.day == birth.day;
}

int Age(Day birth, Day on) {
  const CivilDate b = CivilDateOf(birth);
  const CivilDate t = CivilDateOf(on);
  const bool before_birthday = t.month < b.month || (t.month == b.month && t.day < b.day);
  return t.year - b.year - (before_birthday ? 1 : 0);
}

bool IsLeftOut(const Child& child, Day end, int window) {
  if (child.death <= end + window) return true;
  for (Day day = end; day <= end + window; ++day) {
    if (AnyEndsWith(child, day, "moved")) return true;
    if (day > end && TurnsEighteen(child, day)) return true;
  }
  return false;
}

std::string BinOf(int days, const std::vector<int>& bins, bool upper_included) {
  for (const int edge : bins) {
    if (days < edge || (upper_included && days == edge))
      return (upper_included ? "<=" : "<") + std::to_string(edge);
  }
  return "+";
}

}  // namespace waymark::node::naive
