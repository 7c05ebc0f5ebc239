#include "node/disclose/clamping.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "catalogue/item_tables.h"

namespace waymark::node {

std::vector<Clamping> ClampingOf(absl::Span<const Measured> bounded) {
  std::vector<Clamping> clamping;
  for (const Measured& one : bounded) {
    const bool is_known = std::any_of(clamping.begin(), clamping.end(), [&](const Clamping& known) {
      return known.window_days == one.table.window_days;
    });
    // All tables of a window have the same members.
    if (is_known || !one.left_out.any()) continue;
    clamping.push_back({.window_days = one.table.window_days, .left_out = one.left_out});
  }
  return clamping;
}

void MarkChanges(absl::Span<const contract::Table> bounded, absl::Span<const Measured> unbounded,
                 std::vector<Clamping>& clamping) {
  for (Clamping& window : clamping) {
    for (const contract::Table& table : bounded) {
      if (table.window_days != window.window_days) continue;
      const auto whole = std::find_if(unbounded.begin(), unbounded.end(), [&](const Measured& one) {
        return catalogue::KeyOf(one.table) == catalogue::KeyOf(table) && one.table.rows == table.rows;
      });
      if (whole == unbounded.end()) continue;
      for (std::size_t at = 0; at < table.values.size(); ++at) {
        const std::int64_t change = std::abs(whole->table.values[at] - table.values[at]);
        window.cells += change > 0 ? 1 : 0;
        window.most = std::max(window.most, change);
      }
    }
  }
}

std::string DescribeClamping(absl::Span<const Clamping> clamping, std::uint32_t bound) {
  std::vector<std::string> windows;
  for (const Clamping& one : clamping) {
    std::vector<std::string> parts;
    if (one.left_out.families > 0) {
      parts.push_back(
          absl::StrCat(one.left_out.families, one.left_out.families == 1 ? " family has" : " families have",
                       " more than ", bound, bound == 1 ? " member" : " members", " in the period; ",
                       one.left_out.members, one.left_out.members == 1 ? " member is" : " members are",
                       " left out, by a choice that depends on no value"));
    }
    if (one.left_out.cut_short > 0) {
      parts.push_back(absl::StrCat(one.left_out.cut_short,
                                   one.left_out.cut_short == 1 ? " member moves" : " members move",
                                   " more often than is counted, followed to the day before that"));
    }
    std::string text =
        absl::StrCat(one.window_days == 0 ? "" : absl::StrCat("window of ", one.window_days, " days: "),
                     absl::StrJoin(parts, "; "));
    if (one.cells > 0) {
      absl::StrAppend(&text, ", which changes ", one.cells,
                      one.cells == 1 ? " cell by " : " cells by at most ", one.most);
    }
    windows.push_back(std::move(text));
  }
  return absl::StrJoin(windows, "; ");
}

}  // namespace waymark::node
