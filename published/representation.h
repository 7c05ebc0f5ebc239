// How like the authorities of a region, or of England, those are that take part in something: by the measures
// of catalogue/published/scorecard.textproto, so that nobody takes a benchmark of some for one of all.
#ifndef WAYMARK_PUBLISHED_REPRESENTATION_H_
#define WAYMARK_PUBLISHED_REPRESENTATION_H_

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "published/figures.h"
#include "waymark/v1/scorecard.pb.h"

namespace waymark::published {

// `participants`: ONS codes of authorities. `place`: a region's code, or any other: the nation. Each measure
// is of the latest year that at least half of the place's authorities have a value for; without one it has no
// numbers. A mean over authorities is weighted as the catalogue says, over those that have both the value and
// the weight of that year or of the latest before it. Pure; thread-safe.
v1::Representation RepresentationOf(const Sources& sources, const std::set<std::string>& participants,
                                    absl::string_view place);

}  // namespace waymark::published

#endif  // WAYMARK_PUBLISHED_REPRESENTATION_H_
