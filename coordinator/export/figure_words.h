// One figure as people read it, in a terminal and on a page: its value or the shorthand for why there is
// none, and its interval. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_EXPORT_FIGURE_WORDS_H_
#define WAYMARK_COORDINATOR_EXPORT_FIGURE_WORDS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// "23.4%", "112 days", "2.31"; "[c]", "[x]", "[absent]", … where it has no value.
std::string ValueText(const v1::Figure& figure);
// "21.0 to 25.1"; "21.0 or more" without an upper end; "" without an interval.
std::string IntervalText(const v1::Figure& figure);
// "21.0 to 25.1", with the decimals of the figure's own value.
std::string SpanText(const v1::Figure& figure, double lower, double upper);
// A count without decimals where it has none; "" where it is not there.
std::string CountText(bool present, double count);

// "better", "no clear change", …
absl::string_view TravelText(v1::Travel travel);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_EXPORT_FIGURE_WORDS_H_
