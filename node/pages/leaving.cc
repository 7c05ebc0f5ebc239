#include "node/pages/leaving.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "node/disclose/approval.h"
#include "node/disclose/clamping.h"
#include "node/pages/context.h"
#include "node/site/awaiting.h"
#include "node/site/preview_json.h"
#include "node/site/workplace.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

std::string TableCaption(const contract::Table& table) {
  return absl::StrCat(
      std::string(contract::NameOf(table.unit)),
      table.window_days > 0 ? absl::StrCat(", followed for ", table.window_days, " days") : "",
      table.dimensions.empty() ? ", all" : absl::StrCat(", by ", absl::StrJoin(table.dimensions, " and ")));
}

std::string CategoryName(const std::string& category) {
  return category.empty() ? "all" : category;
}

PageTable CellsTable(const ItemPreview::ThresholdedPreview& preview, const ThresholdRule& limits) {
  PageTable table{.caption = TableCaption(preview.exact),
                  .header = {"Category", "Part", ">Exact, stays here", ">Would leave", "What the rule did",
                             "What an attacker could still know"}};
  for (std::size_t row = 0; row < preview.exact.rows.size(); ++row) {
    for (std::size_t column = 0; column < preview.exact.columns.size(); ++column) {
      const std::size_t cell = preview.exact.Index(row, column);
      table.rows.push_back({CategoryName(preview.exact.rows[row]), preview.exact.columns[column],
                            CellText(preview.exact, cell), CellText(preview.released.table, cell),
                            DescribeRule(preview.released.rules[cell], limits), KnownText(preview, cell)});
    }
  }
  return table;
}

PageTable SummedTable(const contract::Table& summed) {
  PageTable table{.caption = absl::StrCat(TableCaption(summed), ": into the sum, under masks"),
                  .header = {"Category", "Part", ">Into the sum"}};
  for (std::size_t row = 0; row < summed.rows.size(); ++row) {
    for (std::size_t column = 0; column < summed.columns.size(); ++column) {
      table.rows.push_back(
          {CategoryName(summed.rows[row]), summed.columns[column], std::to_string(summed.At(row, column))});
    }
  }
  return table;
}

// A council's answers, as they would be published.
PageTable StatedTable(const contract::Table& stated) {
  PageTable table{.caption = absl::StrCat(TableCaption(stated), ": as stated"),
                  .header = {"Category", "Stated"}};
  for (std::size_t row = 0; row < stated.rows.size(); ++row) {
    table.rows.push_back({CategoryName(stated.rows[row]), StatedIn(stated, row)});
  }
  return table;
}

void AddNoised(const ItemPreview& item, PageSection& section) {
  const ItemPreview::NoisedPreview& noised = *item.noised;
  section.paragraphs.push_back(absl::StrCat(
      noised.cells, " cells would ",
      item.summed.empty()
          ? "leave with noise, which is drawn once, after the charge. The exact cells stay here."
          : "go into the region's sum under masks, with a share of its noise. Nobody outside sees them."));
  section.paragraphs.push_back(absl::StrCat(
      "Charge: ", DescribeCharge(noised.claim),
      " to each financial year whose records count. A family moves all cells together by at most ",
      noised.sensitivity, "."));
  section.paragraphs.push_back(absl::StrCat("Expected error of one cell: standard deviation ",
                                            NumberText(noised.error.standard_deviation, 1),
                                            "; 95% of the time within ", noised.error.radius_95, "."));
  PageTable budget{.caption = "What would be left of the budget",
                   .header = {"Financial year", "Of", ">Epsilon spent after it", ">Left after it"}};
  for (const YearBudget& year : noised.budget) {
    budget.rows.push_back({NameOfYear(year.year), year.family.empty() ? "everything noised" : year.family,
                           FormatSpent(year), FormatUnits(year.left)});
  }
  section.tables.push_back(std::move(budget));
}

std::string DeadlineText(const contract::RoundSpec& spec) {
  return MomentText(absl::FromUnixSeconds(spec.deadline_unix_s));
}

// Who refused it; where that cannot be read, it counts as refused.
absl::StatusOr<RoundRefusal> RefusalFor(const Site& site, const std::string& round) {
  ASSIGN_OR_RETURN(const auto refusal, RefusalOf(site.configuration, round));
  return refusal.value_or(RoundRefusal());
}

}  // namespace

Json ItemSection(const ItemPreview& item, std::size_t number, const catalogue::Library& library,
                 const ThresholdRule& limits) {
  const v1::Metric* metric = library.Find(item.asked.metric);
  PageSection section{
      .id = absl::StrCat("item-", number),
      .heading = absl::StrCat("Metric ", item.asked.metric, metric == nullptr ? "" : ": ",
                              metric == nullptr ? "" : metric->title(), ", ", item.asked.period, ", ",
                              std::string(contract::NameOf(item.asked.mode)))};
  if (item.refusal) {
    section.paragraphs.push_back(absl::StrCat("Would not leave, by the rule \"", item.refusal->rule,
                                              "\": ", item.refusal->explanation));
  }
  if (item.stored) {
    section.paragraphs.push_back("Left before: the same bytes would leave again, without a charge.");
  }
  for (const auto& table : item.thresholded) section.tables.push_back(CellsTable(table, limits));
  if (!item.note.empty()) section.paragraphs.push_back(item.note);
  if (item.noised) AddNoised(item, section);
  for (const contract::Table& table : item.stated) section.tables.push_back(StatedTable(table));
  for (const contract::Table& table : item.summed) section.tables.push_back(SummedTable(table));
  if (!item.clamping.empty()) {
    section.paragraphs.push_back(
        absl::StrCat("For you alone: ",
                     DescribeClamping(item.clamping, metric == nullptr ? 0 : metric->contribution_bound())));
  }
  if (item.cut_cells > 0) {
    section.paragraphs.push_back(
        absl::StrCat("For you alone: ", item.cut_cells, " cells are cut to ", catalogue::kMostSummedCount));
  }
  return SectionContext(section);
}

absl::StatusOr<Json> LeavingContext(const Site& site, const Clock& clock) {
  ASSIGN_OR_RETURN(const std::vector<contract::RoundSpec> specs, ListAwaiting(site.configuration));
  Policy policy;
  if (!site.configuration.policy_path.empty()) {
    ASSIGN_OR_RETURN(policy, Policy::Load(site.configuration.policy_path, site.library));
  }
  Json rounds = Json::array();
  std::unique_ptr<Workplace> workplace;
  if (!specs.empty()) {
    ASSIGN_OR_RETURN(workplace, Workplace::Open(site, clock));
  }
  for (const contract::RoundSpec& spec : specs) {
    ASSIGN_OR_RETURN(const std::size_t given, workplace->door().ApprovalsGiven(spec.round_id));
    ASSIGN_OR_RETURN(const RoundRefusal refusal, RefusalFor(site, spec.round_id));
    rounds.push_back({{"id", spec.round_id},
                      {"round_title", spec.title},
                      {"deadline", DeadlineText(spec)},
                      {"items", spec.items.size()},
                      {"given", given},
                      {"needed", policy.approvals_needed()},
                      {"refused_by", refusal.by},
                      {"href", absl::StrCat("/leaving/", spec.round_id)}});
  }
  return Json{{"has_rounds", !rounds.empty()},
              {"rounds", std::move(rounds)},
              {"is_automatic", policy.releases() && policy.approvals_needed() == 0},
              {"closed", policy.releases() ? "" : std::string(policy.closed_because())}};
}

absl::StatusOr<Json> RoundContext(const Site& site, const Snapshot& snapshot, const Clock& clock,
                                  const std::string& round) {
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, LoadAwaiting(site.configuration, round));
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  JourneyTables tables(site.library, snapshot.data().journeys, snapshot.data().answers);
  ASSIGN_OR_RETURN(const std::vector<ItemPreview> items, workplace->door().Preview(spec, tables));
  const Floors& floors = workplace->policy().floors();
  const ThresholdRule limits{.threshold = floors.threshold, .rounding = floors.rounding};
  Json sections = Json::array();
  for (std::size_t i = 0; i < items.size(); ++i)
    sections.push_back(ItemSection(items[i], i + 1, site.library, limits));
  ASSIGN_OR_RETURN(const std::size_t given, workplace->door().ApprovalsGiven(spec.round_id));
  ASSIGN_OR_RETURN(const RoundRefusal refusal, RefusalFor(site, spec.round_id));
  return Json{{"round", spec.round_id},
              {"round_title", spec.title},
              {"deadline", DeadlineText(spec)},
              {"is_over", absl::FromUnixSeconds(spec.deadline_unix_s) <= clock.Now()},
              {"proposal", NameOf(workplace->door().Propose(spec, items))},
              {"given", given},
              {"needed", workplace->policy().approvals_needed()},
              {"refused_by", refusal.by},
              {"refused_at", refusal.by.empty() ? "" : MomentText(absl::FromUnixSeconds(refusal.unix_s))},
              {"sections", std::move(sections)}};
}

}  // namespace waymark::node
