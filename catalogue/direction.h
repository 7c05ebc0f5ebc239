// Which way of a metric's quantity is the better one.
#ifndef WAYMARK_CATALOGUE_DIRECTION_H_
#define WAYMARK_CATALOGUE_DIRECTION_H_

#include "absl/strings/string_view.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// The entry's direction where the quantity is what the entry is named after. Neutral: of a survival, the
// incidences by kind; of a score change, all but the share that improved; of a proportion, an outcome that
// counts returns from some sources alone (that more families come back of their own accord is no worse); all
// classes of a mix. Pure; thread-safe.
v1::Direction DirectionOf(const v1::Metric& metric, absl::string_view quantity);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_DIRECTION_H_
