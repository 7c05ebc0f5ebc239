#include <memory>
#include <string>

#include "base/status.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/installed_catalogue.h"
#include "coordinator/cli/journeys_text.h"
#include "coordinator/cli/output.h"
#include "coordinator/cli/selection.h"
#include "coordinator/export/journey_table.h"

namespace waymark::coordinator {

absl::Status JourneysCommand(const QueryOptions& options, const FigureSelection& selection,
                             const std::string& geography) {
  v1::JourneysRequest request;
  request.set_metric(selection.metric);
  request.set_version(selection.version);
  request.set_period(selection.period);
  request.set_geography(geography);
  request.set_breakdown(selection.breakdown);
  ASSIGN_OR_RETURN(const v1::Unit unit, UnitOf(selection));
  request.set_unit(unit);
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  ASSIGN_OR_RETURN(const v1::JourneysResponse journeys, connection->Journeys(request));
  if (options.json) {
    Print(JourneysJson(journeys));
  } else if (options.csv) {
    Print(JourneysCsv(journeys));
  } else {
    const absl::StatusOr<catalogue::Library> library = LoadLibrary(options.catalogue);
    Print(JourneysText(journeys, library.ok() ? library->Find(selection.metric) : nullptr));
  }
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
