#include "coordinator/cli/compare.h"

#include <array>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/text_table.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/cli/figure_output.h"
#include "coordinator/cli/figure_text.h"
#include "coordinator/cli/output.h"
#include "coordinator/cli/standing_text.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kNameWidth = 22;

// The figures of one quantity: council, region, participants.
using Row = std::array<const v1::Figure*, 3>;

struct Table {
  std::vector<std::string> quantities;  // in order
  std::map<std::string, Row> rows;
};

std::string PlaceLine(const char* column, const v1::Figure* figure) {
  if (figure == nullptr) return "";
  std::string line =
      absl::StrCat(column, ": ", Printable(figure->geography_name()), " (", figure->geography_code(), ")");
  if (figure->level() != v1::GEOGRAPHY_LEVEL_COUNCIL) {
    absl::StrAppend(&line, ", ", figure->contributors(), " councils");
  } else if (figure->status() == v1::FIGURE_STATUS_ABSENT) {
    absl::StrAppend(&line, ", [absent]: ", contract::NameOf(figure->absence()));
  }
  return line + "\n";
}

std::string DirectionNote(const v1::Metric* metric) {
  if (metric == nullptr) return "";
  switch (metric->direction()) {
    case v1::DIRECTION_HIGH_IS_BETTER:
      return "High is better.\n";
    case v1::DIRECTION_LOW_IS_BETTER:
      return "Low is better.\n";
    default:
      return "Neutral: neither high nor low is better, and it is never ranked.\n";
  }
}

}  // namespace

std::string ComparisonText(const v1::QueryResponse& response, const ComparedPlaces& places,
                           const v1::Metric* metric) {
  std::string text = HeadingText(response, metric);
  if (response.figures().empty()) return text;
  std::map<std::pair<std::uint32_t, int>, Table> tables;
  Notes notes;
  Row widest = {};
  for (const v1::Figure& figure : response.figures()) {
    const std::size_t place = figure.geography_code() == places.council                   ? 0
                              : figure.geography_code() == places.region                  ? 1
                              : figure.geography_code() == std::string(kParticipantsCode) ? 2
                                                                                          : 3;
    if (place == 3) continue;
    Table& table = tables[{figure.window_days(), figure.unit()}];
    if (!table.rows.contains(figure.quantity())) table.quantities.push_back(figure.quantity());
    table.rows[figure.quantity()][place] = &figure;
    if (widest[place] == nullptr || figure.contributors() > widest[place]->contributors())
      widest[place] = &figure;
    notes.See(figure);
  }
  absl::StrAppend(&text, PlaceLine("Council", widest[0]), PlaceLine("Region", widest[1]),
                  PlaceLine("All", widest[2]));
  bool stands = false;
  for (const auto& [key, table] : tables) {
    TextTable out({"Figure", ">Council", "95%", ">Region", "95%", ">All", "95%"});
    std::vector<const v1::Figure*> own;
    for (const std::string& quantity : table.quantities) {
      if (table.rows.at(quantity)[0] != nullptr) own.push_back(table.rows.at(quantity)[0]);
      std::vector<std::string> cells = {Shorten(quantity, kNameWidth)};
      for (const v1::Figure* figure : table.rows.at(quantity)) {
        cells.push_back(figure == nullptr ? "" : ValueText(*figure));
        cells.push_back(figure == nullptr ? "" : IntervalText(*figure));
      }
      out.AddRow(std::move(cells));
    }
    absl::StrAppend(&text, "\n", contract::NameOf(static_cast<v1::Unit>(key.second)),
                    key.first == 0 ? "" : absl::StrCat(", within ", key.first, " days"), "\n", out.Render(),
                    StandingOfCouncil(own));
    stands |= !own.empty() && own.front()->has_standing();
  }
  absl::StrAppend(&text, "\n", DirectionNote(metric), stands ? StandingNotes() : "", notes.Text(response));
  return text;
}

}  // namespace waymark::coordinator
