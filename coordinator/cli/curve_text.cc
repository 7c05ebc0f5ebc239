#include "coordinator/cli/curve_text.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/text_table.h"
#include "coordinator/cli/figure_output.h"
#include "coordinator/cli/figure_text.h"
#include "coordinator/cli/output.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kColumnWidth = 22;

// "incidence_social_care_7": what, and on which day; nothing of the median.
struct Reading {
  std::string what;
  std::uint32_t day = 0;
};
std::optional<Reading> ReadingOf(const std::string& quantity) {
  const std::size_t from = quantity.rfind('_');
  Reading reading;
  if (from == std::string::npos || !absl::SimpleAtoi(quantity.substr(from + 1), &reading.day))
    return std::nullopt;
  reading.what = quantity.substr(0, from);
  return reading;
}

struct Curves {
  const v1::Figure* first = nullptr;
  const v1::Figure* median = nullptr;
  std::vector<std::string> kinds;  // "survival", "incidence_social_care", …
  std::map<std::uint32_t, std::map<std::string, const v1::Figure*>> days;

  void Add(const v1::Figure& figure) {
    if (first == nullptr) first = &figure;
    const std::optional<Reading> reading = ReadingOf(figure.quantity());
    if (!reading) {
      median = &figure;
      return;
    }
    if (std::find(kinds.begin(), kinds.end(), reading->what) == kinds.end()) kinds.push_back(reading->what);
    days[reading->day][reading->what] = &figure;
  }
};

std::string Title(const std::string& kind) {
  if (kind == "survival") return "No event";
  const std::string name = kind.substr(kind.find('_') + 1);
  return Shorten(absl::StrReplaceAll(name, {{"_", " "}}), kColumnWidth);
}

std::string TableOf(const Curves& curves) {
  std::vector<std::string> header = {">Day", ">Followed"};
  for (const std::string& kind : curves.kinds) {
    header.push_back(absl::StrCat(">", Title(kind)));
    header.emplace_back("95%");
  }
  TextTable table(std::move(header));
  // Days after the last that has a number say no more than that one does.
  std::uint32_t last = curves.days.empty() ? 0 : curves.days.begin()->first;
  for (const auto& [day, kinds] : curves.days) {
    for (const auto& [kind, figure] : kinds) {
      if (figure->status() != v1::FIGURE_STATUS_NOT_AVAILABLE) last = day;
    }
  }
  for (const auto& [day, kinds] : curves.days) {
    if (day > last) break;
    const auto survival = kinds.find("survival");
    std::vector<std::string> cells = {
        absl::StrCat(day), survival == kinds.end()
                               ? ""
                               : CountText(survival->second->has_numerator(), survival->second->numerator())};
    for (const std::string& kind : curves.kinds) {
      const auto found = kinds.find(kind);
      cells.push_back(found == kinds.end() ? "" : ValueText(*found->second));
      cells.push_back(found == kinds.end() ? "" : IntervalText(*found->second));
    }
    table.AddRow(std::move(cells));
  }
  return table.Render();
}

}  // namespace

std::string CurveTables(const v1::QueryResponse& response, const v1::Metric* metric) {
  std::string text = HeadingText(response, metric);
  if (response.figures().empty()) return text;
  std::map<std::tuple<int, std::string, int, std::string>, Curves> all;
  Notes notes;
  for (const v1::Figure& figure : response.figures()) {
    all[{figure.level(), figure.geography_code(), figure.unit(), figure.category()}].Add(figure);
    notes.See(figure);
  }
  for (const auto& [key, curves] : all) {
    const v1::Figure& first = *curves.first;
    const bool is_council = first.level() == v1::GEOGRAPHY_LEVEL_COUNCIL;
    absl::StrAppend(&text, "\n", Printable(first.geography_name()), " (", first.geography_code(), ")",
                    is_council ? "" : absl::StrCat(", ", first.contributors(), " councils"), ", ",
                    contract::NameOf(first.unit()),
                    first.dimensions_size() == 0 ? "" : absl::StrCat(", ", Printable(first.category())),
                    "\n");
    if (first.status() == v1::FIGURE_STATUS_ABSENT) {
      absl::StrAppend(&text, "[absent]: ", contract::NameOf(first.absence()), "\n");
      continue;
    }
    text += TableOf(curves);
    if (curves.median != nullptr)
      absl::StrAppend(&text, "Half have had an event by: ", ValueText(*curves.median), "\n");
  }
  absl::StrAppend(
      &text, "\n",
      Wrap("Each day: the share without an event so far (Kaplan-Meier), and with each kind first "
           "(Aalen-Johansen); they add up to 100%. Followed: still without an event and followed beyond "
           "that day. Bands hold day by day, not for the whole curve at once."),
      notes.Text(response));
  return text;
}

}  // namespace waymark::coordinator
