// When a schedule fires: a line of five fields, as cron(5) has them, read on the clocks of a time zone.
#ifndef WAYMARK_COORDINATOR_SCHEDULE_CRON_H_
#define WAYMARK_COORDINATOR_SCHEDULE_CRON_H_

#include <bitset>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace waymark::coordinator {

// Minute, hour, day of the month, month, day of the week. Each: `*`, a number, a range `a-b`, either with a
// step `/n`, or several of these joined by commas; months also jan to dec, days of the week sun to sat, 0 and
// 7 both Sunday. Where both days are restricted one of them is enough, as in cron(5).
//
// Where the clocks go forward, what is due in the hour that is left out is due at the change; where they go
// back, what is due in the hour that comes twice is due the first time alone. Every due time is an instant,
// so none comes twice. Thread-safe.
class Cron {
 public:
  // INVALID_ARGUMENT names the field and what it may hold; also where no day is ever meant ("0 6 31 2 *").
  static absl::StatusOr<Cron> Parse(absl::string_view line);

  // The first due instant later than `after`, on a whole minute.
  absl::Time Next(absl::Time after, const absl::TimeZone& zone) const;

  // On a day that it means.
  std::size_t times_a_day() const { return minutes_.count() * hours_.count(); }

  const std::string& line() const { return line_; }

 private:
  Cron() = default;
  bool HasDay(absl::CivilDay day) const;
  bool CanFire() const;

  std::string line_;  // its fields, one blank between them
  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;     // 1 to 31
  std::bitset<13> months_;   // 1 to 12
  std::bitset<7> weekdays_;  // 0: Sunday
  bool any_day_ = false;     // the field is "*"
  bool any_weekday_ = false;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_SCHEDULE_CRON_H_
