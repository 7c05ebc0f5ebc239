#include "coordinator/cli/standing_text.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/text_table.h"
#include "catalogue/direction.h"
#include "coordinator/cli/figure_output.h"
#include "coordinator/cli/figure_text.h"
#include "coordinator/cli/output.h"
#include "proto/contract/names.h"
#include "statistics/funnel.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kNameWidth = 22;

std::string RankText(const v1::CouncilStanding& standing) {
  if (standing.rank_from() == 0) return "";
  const std::string span = standing.rank_from() == standing.rank_to()
                               ? absl::StrCat(standing.rank_from())
                               : absl::StrCat(standing.rank_from(), " to ", standing.rank_to());
  return absl::StrCat(span, " of ", standing.councils());
}

absl::string_view QuarterText(const v1::CouncilStanding& standing) {
  static constexpr absl::string_view kQuarters[] = {"", "best", "2nd", "3rd", "worst"};
  return standing.quarter() < std::size(kQuarters) ? kQuarters[standing.quarter()] : "";
}

std::string WarningText(const v1::Figure& figure) {
  const v1::CouncilStanding& standing = figure.standing();
  return standing.has_target() ? SpanText(figure, standing.warning_lower(), standing.warning_upper()) : "";
}

std::string AlarmText(const v1::Figure& figure) {
  const v1::CouncilStanding& standing = figure.standing();
  return standing.has_target() ? SpanText(figure, standing.alarm_lower(), standing.alarm_upper()) : "";
}

std::string ShortPlaceOf(const v1::Figure& figure) {
  return std::string(absl::StripSuffix(FunnelPlaceOf(figure), " limits"));
}

std::string AmongText(const v1::CouncilStanding& standing) {
  std::string text = absl::StrCat("Among ", standing.councils(), " councils that are named and shown");
  if (standing.suppressed() > 0)
    absl::StrAppend(&text, "; ", standing.suppressed(), " suppressed, in no rank");
  if (standing.has_dispersion()) {
    const long rounded = std::lround(10 * standing.dispersion());
    absl::StrAppend(&text, "; they differ ", rounded / 10, ".", rounded % 10,
                    " times as much as chance alone would have them");
  }
  return Wrap(absl::StrCat(text, "."));
}

// Figures with a value first, the better of them before the worse.
void PutInOrder(bool low_first, std::vector<const v1::Figure*>& figures) {
  std::stable_sort(figures.begin(), figures.end(), [&](const v1::Figure* a, const v1::Figure* b) {
    if (a->has_value() != b->has_value()) return a->has_value();
    return low_first ? a->value() < b->value() : a->value() > b->value();
  });
}

std::string CouncilsTable(const std::vector<const v1::Figure*>& figures) {
  TextTable table({"Council", ">Value", "95% interval", ">Rank", "Quarter", "95% limits", "Place"});
  for (const v1::Figure* figure : figures) {
    table.AddRow({Shorten(Printable(figure->geography_name()), kNameWidth), ValueText(*figure),
                  figure->status() == v1::FIGURE_STATUS_ABSENT
                      ? std::string(contract::NameOf(figure->absence()))
                      : IntervalText(*figure),
                  RankText(figure->standing()), std::string(QuarterText(figure->standing())),
                  WarningText(*figure), ShortPlaceOf(*figure)});
  }
  return table.Render();
}

}  // namespace

absl::string_view FunnelPlaceOf(const v1::Figure& figure) {
  const v1::CouncilStanding& standing = figure.standing();
  if (!standing.has_target()) return "";
  return statistics::PlaceInFunnel(figure.value(),
                                   {.lower = standing.warning_lower(), .upper = standing.warning_upper()},
                                   {.lower = standing.alarm_lower(), .upper = standing.alarm_upper()});
}

std::string StandingTables(const v1::QueryResponse& response, const v1::Metric* metric) {
  std::string text = HeadingText(response, metric);
  using Key = std::tuple<std::uint32_t, int, std::string, std::string>;
  std::map<Key, std::vector<const v1::Figure*>> tables;
  Notes notes;
  for (const v1::Figure& figure : response.figures()) {
    notes.See(figure);
    tables[{figure.window_days(), figure.unit(), figure.category(), figure.quantity()}].push_back(&figure);
  }
  for (auto& [key, figures] : tables) {
    const auto& [window, unit, category, quantity] = key;
    const bool low_first =
        metric != nullptr && catalogue::DirectionOf(*metric, quantity) == v1::DIRECTION_LOW_IS_BETTER;
    PutInOrder(low_first, figures);
    absl::StrAppend(&text, "\n", quantity, ", ", contract::NameOf(static_cast<v1::Unit>(unit)),
                    window == 0 ? "" : absl::StrCat(", within ", window, " days"),
                    category.empty() ? "" : absl::StrCat(", ", Printable(category)), "\n",
                    CouncilsTable(figures));
    const auto ranked = std::find_if(figures.begin(), figures.end(),
                                     [](const v1::Figure* figure) { return figure->has_standing(); });
    if (ranked != figures.end()) absl::StrAppend(&text, AmongText((*ranked)->standing()));
  }
  if (!response.figures().empty()) absl::StrAppend(&text, "\n", StandingNotes(), notes.Text(response));
  return text;
}

std::string StandingOfCouncil(const std::vector<const v1::Figure*>& figures) {
  TextTable table({"Figure", ">Rank", "Quarter", "95% limits", "99.8% limits", "Place"});
  const v1::CouncilStanding* among = nullptr;
  for (const v1::Figure* figure : figures) {
    if (!figure->has_standing() || figure->standing().councils() == 0) continue;
    among = &figure->standing();
    table.AddRow({Shorten(figure->quantity(), kNameWidth), RankText(*among), std::string(QuarterText(*among)),
                  WarningText(*figure), AlarmText(*figure), ShortPlaceOf(*figure)});
  }
  return among == nullptr ? "" : absl::StrCat("\n", table.Render(), AmongText(*among));
}

std::string StandingNotes() {
  return Wrap(
      "Rank: 1 is the best; all that the councils' intervals leave open, together with 95%. Limits: between "
      "which 95% (99.8%) of councils of this size lie whose difference is chance, noise and what sets "
      "councils "
      "apart anyway.");
}

}  // namespace waymark::coordinator
