#include "coordinator/cli/compare.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/nearest.h"
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

void AddOnce(const std::string& text, std::vector<std::string>& texts) {
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
}

void AddSuccessions(const std::string& council, const contract::Successions& successions,
                    std::vector<std::string>& texts) {
  for (const contract::Succession* one :
       {contract::BeginningOf(successions, council), contract::EndOf(successions, council)}) {
    if (one != nullptr) AddOnce(contract::Describe(*one), texts);
  }
}

}  // namespace

std::vector<std::string> SuccessionsCompared(const v1::QueryResponse& response, const std::string& council,
                                             const contract::Successions& successions) {
  std::vector<std::string> texts;
  AddSuccessions(council, successions, texts);
  for (const auto& other : response.coverage()) {
    if (other.absence() == v1::ABSENCE_UNSPECIFIED) AddSuccessions(other.council(), successions, texts);
  }
  return texts;
}

std::string ComparisonJson(const v1::QueryResponse& response, const std::vector<std::string>& successions) {
  auto json = nlohmann::ordered_json::parse(FigureJson(response));
  json["successions"] = successions;
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

absl::StatusOr<std::string> RegionCompared(const v1::RosterResponse& roster,
                                           const contract::Successions& successions,
                                           const std::string& council) {
  std::vector<std::string> codes;
  for (const v1::Member& member : roster.members()) {
    if (member.council() == council) return member.region_code();
    codes.push_back(member.council());
  }
  if (const contract::Succession* const end = contract::EndOf(successions, council)) {
    for (const std::string& after : end->after) {
      absl::StatusOr<std::string> region = RegionCompared(roster, successions, after);
      if (region.ok()) return region;
    }
  }
  const std::string nearest = Nearest(council, codes);
  return absl::NotFoundError(
      absl::StrCat("no member has the code \"", council, "\"",
                   nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?"),
                   " Members: ", absl::StrJoin(codes, ", ")));
}

std::string ComparisonText(const v1::QueryResponse& response, const ComparedPlaces& places,
                           const v1::Metric* metric, const std::vector<std::string>& successions) {
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
  if (!successions.empty()) {
    absl::StrAppend(&text, "\n",
                    Wrap(absl::StrCat("Councils changed: ", absl::StrJoin(successions, "; "), ".")));
  }
  absl::StrAppend(&text, "\n", DirectionNote(metric), stands ? StandingNotes() : "", notes.Text(response));
  return text;
}

}  // namespace waymark::coordinator
