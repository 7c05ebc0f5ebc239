#include "absl/strings/str_cat.h"
#include "base/day.h"
#include "base/status.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/installed_catalogue.h"
#include "coordinator/cli/output.h"
#include "coordinator/cli/scorecard_text.h"
#include "coordinator/export/scorecard_table.h"
#include "published/scorecard.h"

namespace waymark::coordinator {
namespace {

absl::StatusOr<v1::Scorecard> FromFiles(const QueryOptions& options, const ScorecardOptions& scorecard,
                                        Day until) {
  ASSIGN_OR_RETURN(const catalogue::Library library, LoadLibrary(options.catalogue));
  ASSIGN_OR_RETURN(const published::Mapping mapping, LoadMapping(options.catalogue, library));
  ASSIGN_OR_RETURN(const published::Collection collection,
                   published::Collection::Read(scorecard.published, mapping));
  return published::ScorecardFor({.library = library, .mapping = mapping, .collection = collection},
                                 scorecard.authority, until);
}

absl::StatusOr<v1::Scorecard> FromCoordinator(const QueryOptions& options,
                                              const ScorecardOptions& scorecard) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  v1::ScorecardRequest request;
  request.set_authority(scorecard.authority);
  request.set_until(scorecard.until);
  return connection->Scorecard(request);
}

}  // namespace

absl::Status ScorecardCommand(const QueryOptions& options, const ScorecardOptions& scorecard) {
  Day until = kNoDay;
  if (!scorecard.until.empty()) {
    const std::optional<Day> day = ParseIsoDay(scorecard.until);
    if (!day.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--until \"", scorecard.until, "\": expected a day as 2025-03-31"));
    }
    until = *day;
  }
  ASSIGN_OR_RETURN(const v1::Scorecard card, scorecard.published.empty()
                                                 ? FromCoordinator(options, scorecard)
                                                 : FromFiles(options, scorecard, until));
  Print(options.json ? ScorecardJson(card) : options.csv ? ScorecardCsv(card) : ScorecardText(card));
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
