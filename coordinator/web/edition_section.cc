#include "coordinator/web/edition_section.h"

#include <nlohmann/json.hpp>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "coordinator/web/figure_section.h"
#include "coordinator/web/series_section.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

auto KeyOf(const v1::Figure& figure) {
  return std::tuple(figure.quantity(), figure.window_days(), figure.unit(), figure.category());
}

const v1::Figure* TheSame(const std::vector<v1::Figure>& figures, const v1::Figure& as) {
  for (const v1::Figure& figure : figures) {
    if (KeyOf(figure) == KeyOf(as)) return &figure;
  }
  return nullptr;
}

Json CellOf(const v1::Figure* figure) {
  if (figure != nullptr) return FigureCells(*figure);
  return {
      {"value_text", "not published"}, {"value", ""}, {"interval", ""}, {"is_shown", false}, {"state", ""}};
}

const char* ChangeOf(const Json& earlier, const Json& later, const v1::Figure* before,
                     const v1::Figure* after) {
  const bool was_shown = earlier["is_shown"].get<bool>(), is_shown = later["is_shown"].get<bool>();
  if (was_shown != is_shown) return is_shown ? "shown now" : "shown no longer";
  if (!is_shown) return earlier["state"] == later["state"] ? "the same" : "not shown for another reason";
  if (before->value() != after->value()) return before->value() < after->value() ? "higher" : "lower";
  return earlier == later ? "the same" : "the same, of other counts";
}

Json RowOf(const v1::Figure* before, const v1::Figure* after, const v1::Metric* metric) {
  const v1::Figure& figure = after == nullptr ? *before : *after;
  const Json earlier = CellOf(before), later = CellOf(after);
  return {{"name", absl::StrCat(figure.category().empty() ? "" : absl::StrCat(figure.category(), ": "),
                                QuantityHeading(figure, metric, /*says_unit=*/true))},
          {"edition_cells", Json::array({earlier, later})},
          {"change", ChangeOf(earlier, later, before, after)}};
}

}  // namespace

Json EditionRows(const std::vector<v1::Figure>& earlier, const std::vector<v1::Figure>& later,
                 const v1::Metric* metric) {
  Json rows = Json::array();
  for (const v1::Figure& figure : later) rows.push_back(RowOf(TheSame(earlier, figure), &figure, metric));
  for (const v1::Figure& figure : earlier) {
    if (TheSame(later, figure) == nullptr) rows.push_back(RowOf(&figure, nullptr, metric));
  }
  return rows;
}

}  // namespace waymark::coordinator
