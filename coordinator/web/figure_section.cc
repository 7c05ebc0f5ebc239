#include "coordinator/web/figure_section.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "catalogue/direction.h"
#include "catalogue/wording.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/export/figure_cells.h"
#include "coordinator/export/figure_words.h"
#include "coordinator/web/series_section.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

std::string NumberText(bool is_there, double number) {
  return is_there ? Json(number).dump() : "";
}

// "North: 23.4% (21.0 to 25.1)", or why there is none.
std::string Said(const v1::Figure& figure, const std::string& name) {
  if (figure.status() != v1::FIGURE_STATUS_SHOWN || !figure.has_value()) {
    const absl::string_view meaning = MeaningOf(figure.status());
    return absl::StrCat(
        name, " has no figure",
        meaning.empty() ? "" : absl::StrCat(" (", meaning.substr(meaning.find(']') + 2), ")"));
  }
  const std::string interval = IntervalText(figure);
  return absl::StrCat(name, ": ", ValueText(figure),
                      interval.empty() ? "" : absl::StrCat(" (95% interval ", interval, ")"));
}

// Whether the figures' intervals lie apart; nothing is said of those that do not, which proves nothing.
std::string Apart(const v1::Figure& own, const v1::Figure& all) {
  if (!own.has_upper() || !all.has_upper()) return "";
  if (own.lower() > all.upper()) return " Its interval lies wholly above that of all participants.";
  if (own.upper() < all.lower()) return " Its interval lies wholly below that of all participants.";
  return " The intervals overlap, so the figures alone do not show a difference.";
}

std::string Summary(const std::vector<const v1::Figure*>& figures, absl::string_view own, RowName row_name) {
  if (row_name == RowName::kCategory) {
    const v1::Figure *least = nullptr, *most = nullptr;
    for (const v1::Figure* figure : figures) {
      if (!figure->has_value()) continue;
      if (least == nullptr || figure->value() < least->value()) least = figure;
      if (most == nullptr || figure->value() > most->value()) most = figure;
    }
    if (least == nullptr) return "No group has a figure that can be shown.";
    if (least == most)
      return absl::StrCat("Only one group has a figure: ", Said(*most, most->category()), ".");
    return absl::StrCat("Highest: ", Said(*most, most->category()),
                        ". Lowest: ", Said(*least, least->category()), ".");
  }
  const v1::Figure *mine = nullptr, *all = nullptr;
  for (const v1::Figure* figure : figures) {
    if (figure->geography_code() == own) mine = figure;
    if (figure->geography_code() == kParticipantsCode) all = figure;
  }
  std::string text = mine == nullptr ? "" : absl::StrCat(Said(*mine, mine->geography_name()), ".");
  if (all != nullptr && all != mine) {
    absl::StrAppend(&text, " ", Said(*all, all->geography_name()), ".");
    if (mine != nullptr && mine->has_value()) absl::StrAppend(&text, Apart(*mine, *all));
  }
  return text.empty() ? "There is no figure of this place." : text;
}

}  // namespace

Json FigureCells(const v1::Figure& figure) {
  const absl::string_view meaning = MeaningOf(figure.status());
  const bool is_shown = figure.status() == v1::FIGURE_STATUS_SHOWN && figure.has_value();
  return {{"value_text", ValueText(figure)},
          {"value", is_shown ? NumberText(true, figure.value()) : ""},
          {"low", is_shown ? NumberText(figure.has_lower(), figure.lower()) : ""},
          {"high", is_shown ? NumberText(figure.has_upper(), figure.upper()) : ""},
          {"interval", IntervalText(figure)},
          {"is_shown", is_shown},
          {"state", is_shown ? "" : std::string(meaning.substr(0, meaning.find(':')))},
          {"numerator", CountText(figure.has_numerator(), figure.numerator())},
          {"denominator", CountText(figure.has_denominator(), figure.denominator())},
          {"councils",
           figure.level() == v1::GEOGRAPHY_LEVEL_COUNCIL
               ? ""
               : absl::StrCat(figure.contributors(), " of ", figure.contributors() + figure.absent())}};
}

Json FigureSections(const std::vector<v1::Figure>& figures, const v1::Metric* metric, absl::string_view own,
                    RowName row_name) {
  using Key = std::tuple<std::string, std::uint32_t, int>;
  std::vector<Key> order;
  std::map<Key, std::vector<const v1::Figure*>> by;
  for (const v1::Figure& figure : figures) {
    const Key key(figure.quantity(), figure.window_days(), figure.unit());
    auto& list = by[key];
    if (list.empty()) order.push_back(key);
    list.push_back(&figure);
  }
  const bool says_unit = HasSeveralUnits(figures);
  Json sections = Json::array();
  for (const Key& key : order) {
    const std::vector<const v1::Figure*>& list = by[key];
    const v1::Figure& first = *list.front();
    Json rows = Json::array();
    for (const v1::Figure* figure : list) {
      Json& row = rows.emplace_back(FigureCells(*figure));
      row["name"] = row_name == RowName::kPlace ? figure->geography_name() : figure->category();
      row["code"] = figure->geography_code();
      row["own"] = row_name == RowName::kPlace && figure->geography_code() == own;
      row["councils_shown"] = row_name == RowName::kPlace;
    }
    const std::string id = absl::StrCat("section-", sections.size() + 1);
    const v1::Direction direction =
        metric == nullptr ? v1::DIRECTION_UNSPECIFIED : catalogue::DirectionOf(*metric, first.quantity());
    sections.push_back({{"id", id},
                        {"heading", QuantityHeading(first, metric, says_unit)},
                        {"unit", first.display_unit()},
                        {"counted", std::string(contract::NameOf(first.unit()))},
                        {"direction", catalogue::DirectionInWords(direction)},
                        {"row_heading", row_name == RowName::kPlace ? "Place" : "Group"},
                        {"has_councils", row_name == RowName::kPlace},
                        {"summary", Summary(list, own, row_name)},
                        {"figure_rows", std::move(rows)}});
  }
  return sections;
}

std::vector<std::string> FigureNotes(const std::vector<v1::Figure>& figures) {
  std::set<v1::FigureStatus> seen;
  std::set<v1::Mode> modes;
  bool has_interval = false;
  for (const v1::Figure& figure : figures) {
    seen.insert(figure.status());
    modes.insert(figure.mode());
    has_interval |= figure.has_lower();
  }
  std::vector<std::string> notes;
  for (const v1::FigureStatus status : seen) {
    if (!MeaningOf(status).empty()) notes.push_back(absl::StrCat(MeaningOf(status), "."));
  }
  if (has_interval)
    notes.emplace_back(
        "The interval is of 95%: chance in sampling joined with what protection hides. Figures whose "
        "intervals "
        "overlap may differ by chance alone.");
  for (const v1::Mode mode : modes) {
    if (mode == v1::MODE_THRESHOLDED)
      notes.emplace_back(
          "Thresholded: small counts were suppressed and others rounded before they left a council; counts "
          "above a council are rounded to the nearest 10.");
    if (mode == v1::MODE_NOISED)
      notes.emplace_back("Noised: random noise was added to every council's counts before they left it.");
    if (mode == v1::MODE_SECURE_SUM)
      notes.emplace_back(
          "Secure sum: councils added up their counts under masks, so that nobody saw one council's; each "
          "added a share of random noise. There are no figures of single councils.");
  }
  return notes;
}

}  // namespace waymark::coordinator
