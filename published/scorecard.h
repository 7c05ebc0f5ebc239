// The scorecard of one authority: the lines of catalogue/published/scorecard.textproto, each beside its
// statistical neighbours, its region and England, with its standing among all authorities and its trend.
//
// Places are compared in the same years and with the same parts as the authority's own figure. A region's or
// nation's figure is that of what is published for it; where that is not published it is made of its
// authorities' (a rate: the sum of all numerators over the sum of all denominators; a gap: the mean, weighted
// as the line is), and says so. The nation's gap is 0 by construction, but for what is rounded or published
// for it otherwise than for its authorities: it has no interval, and says so. The neighbours' is the
// unweighted mean of those that have one, as in the Department for Education's own tool. Ranks carry the
// range that chance leaves them (statistics/ranking.h) where the figure is one of counted people or events.
#ifndef WAYMARK_PUBLISHED_SCORECARD_H_
#define WAYMARK_PUBLISHED_SCORECARD_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/day.h"
#include "published/figures.h"
#include "waymark/v1/scorecard.pb.h"

namespace waymark::published {

// The note of the nation's gap.
inline constexpr absl::string_view kNationGap =
    "0 by construction: the line of what is expected goes through the nation's own mean";

// Of the authority with this ONS code, Department for Education's number, or name (in any case), from values
// of years that ended on or before `until` (kNoDay: the latest). NOT_FOUND where it is no authority of today,
// with the nearest name. Pure; thread-safe.
absl::StatusOr<v1::Scorecard> ScorecardFor(const Sources& sources, absl::string_view authority, Day until);

}  // namespace waymark::published

#endif  // WAYMARK_PUBLISHED_SCORECARD_H_
