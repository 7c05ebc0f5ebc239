// Figures for a terminal: the notes that explain them (their words: export/figure_words.h), and text that
// fits.
#ifndef WAYMARK_COORDINATOR_CLI_FIGURE_TEXT_H_
#define WAYMARK_COORDINATOR_CLI_FIGURE_TEXT_H_

#include <cstddef>
#include <set>
#include <string>

#include "coordinator/export/figure_words.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// Tables and text for a terminal are no wider.
inline constexpr std::size_t kMostColumns = 100;

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
