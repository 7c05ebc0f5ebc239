// Dates as a council's files write them, read to whole days. A format is compiled once.
#ifndef WAYMARK_NODE_INGEST_DATE_FORMAT_H_
#define WAYMARK_NODE_INGEST_DATE_FORMAT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/day.h"

namespace waymark::node {

// A real date after 2150, which systems write for "no end" (9999-12-31). Later than every extract date.
inline constexpr Day kFarFuture = kNoDay - 1;

// Reads one format. A subset of strptime's: %Y %m %d %H %M %S %b (Jan, January) %y (00–49: 20xx, 50–99: 19xx)
// %z (Z, +0100, +01:00, +01) %%; a blank stands for any number of blanks; %S takes a fraction too. Month and
// day may have one digit unless digits follow at once. The whole text must match.
//
// A format without %H is a date and passes through no time zone. One with %H is a moment: in the zone that %z
// gives, else in `time_zone`; its day is the calendar day there is in `local_zone`. Thread-safe.
class DateFormat {
 public:
  // INVALID_ARGUMENT where a directive or a zone is not known, or year, month or day is missing.
  static absl::StatusOr<DateFormat> Compile(absl::string_view format, absl::string_view time_zone,
                                            absl::string_view local_zone);

  // Nothing where the text does not match or there is no such date. Blank text is no date either.
  std::optional<Day> Parse(absl::string_view text) const;

  bool has_time() const { return has_time_; }

 private:
  struct Token {
    char directive;  // 0: the literal
    char literal;
  };
  struct Moment;

  DateFormat() = default;
  bool Match(const Token& token, bool tight, absl::string_view& text, Moment& moment) const;
  std::optional<Day> DayOfMoment(const Moment& moment) const;

  std::vector<Token> tokens_;
  bool has_time_ = false;
  bool has_zone_ = false;
  bool iso_date_ = false;   // "%Y-%m-%d", by the short way
  bool same_zone_ = false;  // time_zone = local_zone
  absl::TimeZone time_zone_;
  absl::TimeZone local_zone_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_DATE_FORMAT_H_
