#include "node/pages/ledger_page.h"

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "node/site/ledger_report.h"
#include "node/site/workplace.h"

namespace waymark::node {

absl::StatusOr<std::vector<PageSection>> LedgerSections(const Site& site, const Clock& clock) {
  PageSection released{.id = "released", .heading = "What has left"};
  PageSection budget{.id = "budget", .heading = "The budget of noised releases"};
  // Looking makes no ledger.
  if (!FileExists(LedgerPath(site.configuration))) {
    released.paragraphs.push_back("Nothing has left: this node has no ledger yet.");
    return std::vector<PageSection>{released};
  }
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  ASSIGN_OR_RETURN(const auto rows, ReleasedRows(workplace->ledger(), site.library));
  ASSIGN_OR_RETURN(const auto years, workplace->ledger().Budget(workplace->policy().budget()));
  PageTable table{.caption = "Every figure that left, oldest first",
                  .header = {"Released (UTC)", "Round", "Metric", "What", "About whom", "Period", "Mode",
                             "Charge", "Charged to", "Receipt"}};
  for (const ReleasedRow& row : rows) {
    table.rows.push_back({row.when, row.round, row.metric, row.title, row.about_whom, row.period, row.mode,
                          row.charge, row.charged_to, row.receipt});
  }
  if (rows.empty()) released.paragraphs.push_back("Nothing has been released.");
  released.tables.push_back(std::move(table));
  PageTable left{.caption = "By financial year",
                 .header = {"Financial year", "Of", ">Epsilon limit", ">Spent", ">Left"}};
  for (const YearBudget& year : years) {
    left.rows.push_back({NameOfYear(year.year), year.family.empty() ? "everything noised" : year.family,
                         FormatFraction(year.limit), FormatSpent(year), FormatUnits(year.left)});
  }
  if (years.empty()) budget.paragraphs.push_back("Nothing has been charged to any year.");
  budget.tables.push_back(std::move(left));
  return std::vector<PageSection>{released, budget};
}

}  // namespace waymark::node
