#include "node/site/preview_json.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "node/disclose/clamping.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

Json CellsToJson(const ItemPreview::ThresholdedPreview& preview, const ThresholdRule& limits) {
  Json cells = Json::array();
  for (std::size_t row = 0; row < preview.exact.rows.size(); ++row) {
    for (std::size_t column = 0; column < preview.exact.columns.size(); ++column) {
      const std::size_t cell = preview.exact.Index(row, column);
      cells.push_back({{"category", preview.exact.rows[row]},
                       {"part", preview.exact.columns[column]},
                       {"exact", preview.exact.values[cell]},
                       {"would_leave", CellText(preview.released.table, cell)},
                       {"rule", DescribeRule(preview.released.rules[cell], limits)}});
      if (cell < preview.known.size() && preview.known[cell]) {
        const statistics::KnownInterval& known = *preview.known[cell];
        cells.back()["attacker_knows"] = {{"from", known.interval.low}, {"best", known.best}};
        if (known.interval.high < statistics::kMostCount)
          cells.back()["attacker_knows"]["to"] = known.interval.high;
      }
    }
  }
  return {{"window_days", preview.exact.window_days},
          {"counted", std::string(contract::NameOf(preview.exact.unit))},
          {"breakdown", preview.exact.dimensions},
          {"cells", cells}};
}

Json StatedToJson(const contract::Table& table) {
  Json answers = Json::object();
  for (std::size_t row = 0; row < table.rows.size(); ++row) answers[table.rows[row]] = StatedIn(table, row);
  return {{"breakdown", table.dimensions}, {"answers", answers}};
}

Json SummedToJson(const contract::Table& table) {
  return {{"window_days", table.window_days}, {"counted", std::string(contract::NameOf(table.unit))},
          {"breakdown", table.dimensions},    {"categories", table.rows},
          {"parts", table.columns},           {"cells", table.values}};
}

}  // namespace

std::string StatedIn(const contract::Table& table, std::size_t row) {
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    if (table.At(row, column) != 0) return table.columns[column];
  }
  return "";
}

std::string CellText(const contract::Table& table, std::size_t cell) {
  if (table.status[cell] == v1::CELL_STATUS_SHOWN) return std::to_string(table.values[cell]);
  return std::string(contract::ShorthandOf(contract::FigureStatusOf(table.status[cell])));
}

std::string KnownText(const ItemPreview::ThresholdedPreview& preview, std::size_t cell) {
  if (cell >= preview.known.size() || !preview.known[cell]) return "";
  const statistics::Range& range = preview.known[cell]->interval;
  const std::string about = preview.known[cell]->best ? "" : "about ";
  if (range.high >= statistics::kMostCount) return absl::StrCat(about, range.low, " or more");
  return absl::StrCat(about, range.low, " to ", range.high);
}

nlohmann::ordered_json PreviewJson(const ItemPreview& item, const ThresholdRule& limits) {
  Json object = {{"metric", item.asked.metric},
                 {"version", item.asked.version},
                 {"period", item.asked.period},
                 {"mode", std::string(contract::NameOf(item.asked.mode))},
                 {"already_released", item.stored}};
  if (item.refusal)
    object["refused"] = {{"rule", item.refusal->rule}, {"explanation", item.refusal->explanation}};
  for (const auto& table : item.thresholded) object["tables"].push_back(CellsToJson(table, limits));
  if (!item.note.empty()) object["note"] = item.note;
  for (const contract::Table& table : item.stated) object["states"].push_back(StatedToJson(table));
  for (const contract::Table& table : item.summed) object["into_the_sum"].push_back(SummedToJson(table));
  if (item.noised) {
    const Claim& claim = item.noised->claim;
    object["charge"] = FormatUnits(claim.rho_charge > 0 ? claim.rho_charge : claim.charge);
    object["charged_in"] = claim.rho_charge > 0 ? "rho" : "epsilon";
    object["sensitivity"] = item.noised->sensitivity;
    object["cells"] = item.noised->cells;
    object["standard_deviation"] = item.noised->error.standard_deviation;
    object["radius_95"] = item.noised->error.radius_95;
    object["cut_cells"] = item.cut_cells;
    object["left_out"] = Json::array();
    for (const Clamping& one : item.clamping) {
      object["left_out"].push_back({{"window_days", one.window_days},
                                    {"families", one.left_out.families},
                                    {"members", one.left_out.members},
                                    {"cut_short", one.left_out.cut_short},
                                    {"cells_changed", one.cells},
                                    {"largest_change", one.most}});
    }
  }
  return object;
}

}  // namespace waymark::node
