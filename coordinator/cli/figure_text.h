// One figure as people read it: its value or the shorthand for why there is none, its interval, and the notes
// that explain both.
#ifndef WAYMARK_COORDINATOR_CLI_FIGURE_TEXT_H_
#define WAYMARK_COORDINATOR_CLI_FIGURE_TEXT_H_

#include <cstddef>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// Tables and text for a terminal are no wider.
inline constexpr std::size_t kMostColumns = 100;

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

// Collects what notes a table needs.
class Notes {
 public:
  void See(const v1::Figure& figure);
  // Lines under the table: how many councils, who is absent and why, the meaning of the shorthand that was
  // seen, of the interval, and of the way of protection. Wrapped at 100 columns.
  std::string Text(const v1::QueryResponse& response) const;

 private:
  std::set<v1::FigureStatus> seen_;
  bool suppressed_parts_ = false;
  bool unbounded_parts_ = false;
  bool intervals_ = false;
  v1::Mode mode_ = v1::MODE_UNSPECIFIED;
};

// `text` if it has at most `width` characters (UTF-8), else its beginning and its end with "…" between: names
// that differ at their end ("…_183", "…_365") still do.
std::string Shorten(const std::string& text, std::size_t width);

// Of the widest line, in characters (UTF-8).
std::size_t WidthOf(const std::string& rendered);

// `text` in lines of at most 100 characters, those after the first indented by two blanks.
std::string Wrap(const std::string& text);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_FIGURE_TEXT_H_
