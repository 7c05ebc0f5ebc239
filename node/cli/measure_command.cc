#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "node/cli/commands.h"
#include "node/cli/figure_request.h"
#include "node/cli/figure_rows.h"
#include "node/cli/site.h"

namespace waymark::node {

absl::Status MeasureCommand(const CommonOptions& common, const FigureOptions& figures) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  ASSIGN_OR_RETURN(const auto requests, FigureRequests(site, figures));
  ASSIGN_OR_RETURN(const Journeys journeys, LoadJourneys(site.configuration));
  ASSIGN_OR_RETURN(const auto measured, MeasureAll(journeys, requests));
  RowWriter writer(common.json ? RowFormat::kJson : figures.csv ? RowFormat::kCsv : RowFormat::kText, stdout);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    std::vector<FigureRow> rows;
    for (const Measured& table : measured[i]) AppendRows(*requests[i].metric, table, rows);
    writer.Write(rows);
  }
  return writer.Finish();
}

}  // namespace waymark::node
