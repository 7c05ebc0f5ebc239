// The years of published files.
#ifndef WAYMARK_PUBLISHED_YEARS_H_
#define WAYMARK_PUBLISHED_YEARS_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "base/period.h"
#include "waymark/v1/published.pb.h"

namespace waymark::published {

// What "2025", "202425", "2024/25", "2024-25" or "2016-17 (OT)" stands for in a file of such years; nothing
// where it is none of these, or names two years that do not follow each other. Labels: "2024-25" (financial),
// "2024/25" (academic), "2024" (calendar), "31 March 2025", "30 June 2024", "year to 30 September 2025". Of a
// year that spans two, or ends on a day, a single number is the later.
std::optional<Period> YearOf(absl::string_view text, v1::PublishedMeasure::Year year);

}  // namespace waymark::published

#endif  // WAYMARK_PUBLISHED_YEARS_H_
