// What the national pages have in common: what each is made from, and what stands on all of them.
#ifndef WAYMARK_COORDINATOR_WEB_PAGE_H_
#define WAYMARK_COORDINATOR_WEB_PAGE_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/published_board.h"
#include "coordinator/benchmark/query.h"
#include "coordinator/serve/access.h"
#include "http/message.h"

namespace waymark::coordinator {

// All outlive the pages.
struct PageParts {
  const catalogue::Library& library;
  BenchmarkQuery& query;
  PublishedBoard& published;
};

struct PageAsked {
  const http::Request& request;
  const Caller& caller;
  std::string variable;  // what stands in the address's braces
};

// A page's context but for the layout's; "title" and "template" are always there.
using PageMaker = absl::StatusOr<nlohmann::ordered_json> (*)(const PageParts& parts, const PageAsked& asked);

// "?a=1&b=2" of those that are not empty, encoded.
std::string AddressWords(const std::vector<std::pair<std::string, std::string>>& words);
// "23 November 2025"
std::string DayText(std::int64_t unix_s);

// The pages, each in a file of its own.
absl::StatusOr<nlohmann::ordered_json> MetricListPage(const PageParts& parts, const PageAsked& asked);
absl::StatusOr<nlohmann::ordered_json> MetricPage(const PageParts& parts, const PageAsked& asked);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_WEB_PAGE_H_
