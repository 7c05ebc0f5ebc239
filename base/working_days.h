// Working days in England: not Saturdays, Sundays and bank holidays.
//
// Bank holidays are data (catalogue/bank-holidays.txt), for the years that the file lists. A calendar says
// nothing about other years: whoever asks learns that it does not know, never a guess.
#ifndef WAYMARK_BASE_WORKING_DAYS_H_
#define WAYMARK_BASE_WORKING_DAYS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/day.h"

namespace waymark {

// Immutable; thread-safe. Four bytes a day that it knows.
class WorkingDays {
 public:
  // Knows no year.
  WorkingDays() = default;

  // Reads a file of lines "2025-12-25 Christmas Day", by date; blank lines and those that begin with # are
  // passed over. It knows every year from the first date's to the last's. INVALID_ARGUMENT, with file and
  // line, on a line that is not so, dates that do not rise, and a year of fewer than eight bank holidays:
  // England has had eight since 1978, so one is missing. As ReadFile where the file cannot be read.
  static absl::StatusOr<WorkingDays> Load(const std::string& path);
  // The same from its text; `name` stands in messages.
  static absl::StatusOr<WorkingDays> Parse(absl::string_view text, absl::string_view name);

  // The days it knows: first() to last(), whole years; kNoDay and 0 where it knows none.
  Day first() const { return first_; }
  Day last() const { return first_ == kNoDay ? 0 : first_ + static_cast<Day>(before_.size()) - 2; }
  bool Knows(Day day) const { return day >= first_ && day <= last(); }

  // Whether a day is one; nothing beyond what it knows.
  std::optional<bool> IsWorkingDay(Day day) const;

  // Working days from `start` to `end` as the Department for Education counts them: the day after `start` is
  // day 1 and `end` counts, so one that ends on the day it starts took 0 and from a Friday to the next Monday
  // is 1. Nothing where `end` is before `start` or one of them lies beyond what it knows.
  std::optional<std::int32_t> Between(Day start, Day end) const;

  // "1995 to 2027"; "no year".
  std::string YearsInWords() const;

 private:
  Day first_ = kNoDay;
  std::vector<std::int32_t> before_;  // [i]: working days from first_ to the day before first_ + i
};

}  // namespace waymark

#endif  // WAYMARK_BASE_WORKING_DAYS_H_
