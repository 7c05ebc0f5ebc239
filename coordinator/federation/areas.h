// Councils and geographies by code, with a helpful answer for a wrong one.
#ifndef WAYMARK_COORDINATOR_FEDERATION_AREAS_H_
#define WAYMARK_COORDINATOR_FEDERATION_AREAS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "catalogue/library.h"

namespace waymark::coordinator {

// Today's area with this ONS code. NOT_FOUND names the nearest by code, or by name where `code` is rather a
// name; of a former one, what became of it.
absl::StatusOr<const v1::Area*> RequireArea(const catalogue::Library& library, absl::string_view code);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_FEDERATION_AREAS_H_
