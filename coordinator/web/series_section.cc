#include "coordinator/web/series_section.h"

#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "catalogue/wording.h"
#include "coordinator/web/figure_section.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {

using Json = nlohmann::ordered_json;

std::string QuantityHeading(const v1::Figure& figure, const v1::Metric* metric, bool says_unit) {
  std::string title = metric == nullptr ? absl::StrReplaceAll(figure.quantity(), {{"_", " "}, {">", " to "}})
                                        : catalogue::QuantityTitle(*metric, figure.quantity());
  if (!title.empty()) title[0] = absl::ascii_toupper(static_cast<unsigned char>(title[0]));
  if (figure.window_days() > 0) absl::StrAppend(&title, ", within ", figure.window_days(), " days");
  if (says_unit) absl::StrAppend(&title, ", of ", contract::NameOf(figure.unit()));
  return title;
}

Json SeriesSection(const SeriesTable& table) {
  Json rows = Json::array();
  for (const SeriesRow& row : table.rows) {
    Json cells = Json::array();
    for (const v1::Figure* figure : row.figures) {
      cells.push_back(figure == nullptr ? Json{{"value_text", ""},
                                               {"value", ""},
                                               {"low", ""},
                                               {"high", ""},
                                               {"interval", ""},
                                               {"is_shown", false},
                                               {"state", ""}}
                                        : FigureCells(*figure));
    }
    rows.push_back({{"row_label", row.label},
                    {"row_x", row.x},
                    {"row_break", row.is_after},
                    {"series_cells", std::move(cells)}});
  }
  Json columns = Json::array();
  for (const std::string& name : table.columns) columns.push_back({{"series_name", name}});
  return {{"id", table.id},
          {"heading", table.heading},
          {"unit", table.unit},
          {"chart", table.chart},
          {"row_heading", table.row_heading},
          {"summary", table.summary},
          {"file", table.file},
          {"series_columns", std::move(columns)},
          {"series_rows", std::move(rows)}};
}

}  // namespace waymark::coordinator
