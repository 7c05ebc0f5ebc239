#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "base/text_table.h"
#include "crypto/hash.h"
#include "node/cli/commands.h"
#include "node/site/awaiting.h"
#include "node/site/figure_request.h"
#include "node/site/preview_json.h"
#include "node/site/workplace.h"
#include "proto/contract/modes.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

// A round as it might come, asking what the options name; nothing of it is stored.
absl::StatusOr<contract::RoundSpec> SpecOf(const Site& site, const FigureOptions& figures,
                                           const PreviewOptions& preview, const Clock& clock) {
  const auto mode = contract::ModeNamed(preview.mode);
  if (!mode) {
    return absl::InvalidArgumentError(absl::StrCat("--mode ", preview.mode, ": expected one of ",
                                                   absl::StrJoin(contract::ModeNames(), ", ")));
  }
  const bool gaussian = !preview.rho.empty();
  ASSIGN_OR_RETURN(const Fraction epsilon, ParseFraction(gaussian ? "0" : preview.epsilon));
  ASSIGN_OR_RETURN(const Fraction rho, ParseFraction(gaussian ? preview.rho : "0"));
  ASSIGN_OR_RETURN(const auto requests, FigureRequests(site, figures));
  contract::RoundSpec spec{.round_id = "preview",
                           .title = "preview",
                           .opens_unix_s = absl::ToUnixSeconds(clock.Now()),
                           .deadline_unix_s = absl::ToUnixSeconds(clock.Now()) + 3600,
                           .least_contributors = 10'000,
                           .data_version = preview.data_version,
                           .items = {}};
  const bool noised = contract::HasNoise(*mode);
  for (const MeasureRequest& request : requests) {
    spec.items.push_back({.metric = request.metric->id(),
                          .version = request.metric->version(),
                          .definition_hash = crypto::Sha256(catalogue::CanonicalDefinition(*request.metric)),
                          .period = request.period.label,
                          .mode = *mode,
                          .breakdowns = request.breakdowns,
                          .window_days = request.window_days,
                          .units = request.units,
                          .epsilon_numerator = noised ? epsilon.numerator : 0,
                          .epsilon_denominator = noised ? epsilon.denominator : 1,
                          .rho_numerator = noised ? rho.numerator : 0,
                          .rho_denominator = noised ? rho.denominator : 1});
  }
  return spec;
}

std::string TableName(const contract::Table& table) {
  return absl::StrCat("metric ", table.metric, ", ", table.period,
                      table.window_days > 0 ? absl::StrCat(", window of ", table.window_days, " days") : "",
                      ", ", std::string(contract::NameOf(table.unit)));
}

void PrintThresholded(const ItemPreview::ThresholdedPreview& preview, const ThresholdRule& limits) {
  TextTable out({"category", "part", ">exact", ">would leave", "rule", "an attacker knows"});
  for (std::size_t row = 0; row < preview.exact.rows.size(); ++row) {
    for (std::size_t column = 0; column < preview.exact.columns.size(); ++column) {
      const std::size_t cell = preview.exact.Index(row, column);
      out.AddRow({preview.exact.rows[row].empty() ? "all" : preview.exact.rows[row],
                  preview.exact.columns[column], CellText(preview.exact, cell),
                  CellText(preview.released.table, cell), DescribeRule(preview.released.rules[cell], limits),
                  KnownText(preview, cell)});
    }
  }
  std::printf("\n%s\n%s", TableName(preview.exact).c_str(), out.Render().c_str());
}

// A council's answers, as they would be published.
void PrintStated(const contract::Table& table) {
  TextTable out({"category", "stated"});
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    out.AddRow({table.rows[row], StatedIn(table, row)});
  }
  std::printf("\n%s\n%s", TableName(table).c_str(), out.Render().c_str());
}

void PrintSummed(const ItemPreview& item) {
  for (const contract::Table& table : item.summed) {
    TextTable out({"category", "part", ">into the sum"});
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      for (std::size_t column = 0; column < table.columns.size(); ++column) {
        out.AddRow({table.rows[row].empty() ? "all" : table.rows[row], table.columns[column],
                    std::to_string(table.At(row, column))});
      }
    }
    std::printf("\n%s\n%s", TableName(table).c_str(), out.Render().c_str());
  }
}

void PrintNoised(const ItemPreview& item) {
  const ItemPreview::NoisedPreview& noised = *item.noised;
  std::printf("\nmetric %s, %s: %llu cells would %s\n", item.asked.metric.c_str(), item.asked.period.c_str(),
              static_cast<unsigned long long>(noised.cells),
              item.summed.empty() ? "leave with noise, drawn once after the charge"
                                  : "go into the region's sum under masks, with a share of its noise; nobody "
                                    "outside sees them");
  std::printf(
      "  charge: %s to each financial year whose records count; a family moves all cells by at most %llu\n",
      DescribeCharge(noised.claim).c_str(), static_cast<unsigned long long>(noised.sensitivity));
  std::printf("  expected error of one cell: standard deviation %.1f; 95%% of the time within %lld\n",
              noised.error.standard_deviation, static_cast<long long>(noised.error.radius_95));
  for (const YearBudget& year : noised.budget) {
    std::printf("  %s%s: epsilon %s spent, %s left after it\n", NameOfYear(year.year).c_str(),
                year.family.empty() ? "" : absl::StrCat(", ", year.family).c_str(), FormatSpent(year).c_str(),
                FormatUnits(year.left).c_str());
  }
}

void PrintClamping(const ItemPreview& item, std::uint32_t bound) {
  if (!item.clamping.empty()) {
    std::printf("  for you alone: %s\n", DescribeClamping(item.clamping, bound).c_str());
  }
  if (item.cut_cells > 0) {
    std::printf("  for you alone: %zu cells are cut to %lld\n", item.cut_cells,
                static_cast<long long>(catalogue::kMostSummedCount));
  }
}

void PrintItem(const ItemPreview& item, const ThresholdRule& limits, std::uint32_t bound) {
  if (item.refusal) {
    std::printf("\nmetric %s, %s: would not leave (%s): %s\n", item.asked.metric.c_str(),
                item.asked.period.c_str(), item.refusal->rule.c_str(), item.refusal->explanation.c_str());
  }
  if (item.stored) {
    std::printf("\nmetric %s, %s: released before; the same bytes would leave again, without a charge\n",
                item.asked.metric.c_str(), item.asked.period.c_str());
  }
  for (const auto& table : item.thresholded) PrintThresholded(table, limits);
  for (const contract::Table& table : item.stated) PrintStated(table);
  if (!item.note.empty()) std::printf("  %s\n", item.note.c_str());
  PrintSummed(item);
  if (item.noised) PrintNoised(item);
  PrintClamping(item, bound);
}

}  // namespace

absl::Status PreviewCommand(const CommonOptions& common, const FigureOptions& figures,
                            const PreviewOptions& preview, const Clock& clock) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, preview.round.empty()
                                                       ? SpecOf(site, figures, preview, clock)
                                                       : LoadAwaiting(site.configuration, preview.round));
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  ASSIGN_OR_RETURN(JourneyTables tables, JourneyTables::Load(site, spec.items));
  ASSIGN_OR_RETURN(const std::vector<ItemPreview> items, workplace->door().Preview(spec, tables));
  const Floors& floors = workplace->policy().floors();
  const ThresholdRule limits{.threshold = floors.threshold, .rounding = floors.rounding};
  bool all_refused = true;
  Json array = Json::array();
  for (const ItemPreview& item : items) {
    all_refused = all_refused && item.refusal.has_value();
    if (common.json) {
      array.push_back(PreviewJson(item, limits));
    } else {
      const v1::Metric* metric = site.library.Find(item.asked.metric);
      PrintItem(item, limits, metric == nullptr ? 0 : metric->contribution_bound());
    }
  }
  const std::string proposal = NameOf(workplace->door().Propose(spec, items));
  if (common.json && preview.round.empty()) {
    std::printf("%s\n", array.dump(1).c_str());
  } else if (common.json) {
    const Json object = {{"round", spec.round_id}, {"proposal", proposal}, {"items", array}};
    std::printf("%s\n", object.dump(1).c_str());
  } else if (!preview.round.empty()) {
    std::printf(
        "\nThis is the proposal %s. To let it leave, and nothing else:\n"
        "  waymark-node approve --config %s --round %s --proposal %s --key FILE\n",
        proposal.c_str(), common.config.c_str(), spec.round_id.c_str(), proposal.c_str());
  }
  if (all_refused && !items.empty() && preview.round.empty()) {
    return absl::PermissionDeniedError(absl::StrCat("nothing of this would leave, by the ",
                                                    items.front().refusal->rule,
                                                    " rule: ", items.front().refusal->explanation));
  }
  return absl::OkStatus();
}

}  // namespace waymark::node
