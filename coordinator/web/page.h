// What the national pages have in common: what each is made from, and what stands on all of them.
#ifndef WAYMARK_COORDINATOR_WEB_PAGE_H_
#define WAYMARK_COORDINATOR_WEB_PAGE_H_

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/published_board.h"
#include "coordinator/benchmark/query.h"
#include "coordinator/rounds/rounds.h"
#include "coordinator/web/callers.h"
#include "http/message.h"

namespace waymark::coordinator {

// All outlive the pages.
struct PageParts {
  const catalogue::Library& library;
  BenchmarkQuery& query;
  PublishedBoard& published;
  Rounds& rounds;
};

// A page's context but for the layout's; "title" and "template" are always there.
using PageMaker = absl::StatusOr<nlohmann::ordered_json> (*)(const PageParts& parts, const Asked& asked);

// "?a=1&b=2" of those that are not empty, encoded.
std::string AddressWords(const std::vector<std::pair<std::string, std::string>>& words);
// "23 November 2025"
std::string DayText(std::int64_t unix_s);

// The entry that the address names. NOT_FOUND with the nearest.
absl::StatusOr<const v1::Metric*> MetricNamed(const PageParts& parts, const Asked& asked);
// "?geography=…&window=…&unit=…", as the address has them: what goes on from view to view of a metric.
std::string KeptWords(const http::Words& words);
// The pages of a metric that make sense for it, for the row of links on each of them; `view` is the one that
// is open: "", "trend", "councils", "curve", "journeys". They keep what KeptWords says.
nlohmann::ordered_json MetricViews(const v1::Metric& metric, absl::string_view view,
                                   const http::Words& words);
// A form's choices of window and unit, each where the figures are of several; `asked` is what is chosen.
// `takes_all`: whether the page shows several together.
nlohmann::ordered_json NarrowingOptions(const v1::QueryResponse& all, const v1::QueryRequest& asked,
                                        bool takes_all);
// What asks for all of a published entry.
v1::QueryRequest QueryOf(const v1::ListPublishedResponse::Entry& entry);
// A choice of a form.
nlohmann::ordered_json PageOption(const std::string& value, const std::string& label, bool is_chosen);
// Regions and councils of those that were asked, as a form's choices; `chosen` is a code, or that of all
// participants.
nlohmann::ordered_json PlaceOptions(const v1::QueryResponse& response, const catalogue::Library& library,
                                    const std::string& chosen);
// Who is in it, who is not, and why.
nlohmann::ordered_json CoverageWords(const v1::QueryResponse& response);
// A region's or council's, or all participants', name as figures have it; the code where none does.
std::string PlaceNameIn(const std::vector<v1::Figure>& figures, const std::string& code);

// The pages, each in a file of its own.
absl::StatusOr<nlohmann::ordered_json> MetricListPage(const PageParts& parts, const Asked& asked);
absl::StatusOr<nlohmann::ordered_json> MetricPage(const PageParts& parts, const Asked& asked);
absl::StatusOr<nlohmann::ordered_json> TrendPage(const PageParts& parts, const Asked& asked);
absl::StatusOr<nlohmann::ordered_json> CouncilsPage(const PageParts& parts, const Asked& asked);
absl::StatusOr<nlohmann::ordered_json> CurvePage(const PageParts& parts, const Asked& asked);
absl::StatusOr<nlohmann::ordered_json> JourneysPage(const PageParts& parts, const Asked& asked);
absl::StatusOr<nlohmann::ordered_json> ReportPage(const PageParts& parts, const Asked& asked);
absl::StatusOr<nlohmann::ordered_json> ReportListPage(const PageParts& parts, const Asked& asked);
absl::StatusOr<nlohmann::ordered_json> ScorecardPage(const PageParts& parts, const Asked& asked);
absl::StatusOr<nlohmann::ordered_json> ScorecardListPage(const PageParts& parts, const Asked& asked);
absl::StatusOr<nlohmann::ordered_json> RoundsPage(const PageParts& parts, const Asked& asked);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_WEB_PAGE_H_
