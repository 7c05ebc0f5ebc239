// The reading of dates where there are millions.
#ifndef WAYMARK_BASE_ISO_DAY_H_
#define WAYMARK_BASE_ISO_DAY_H_

#include "absl/strings/string_view.h"
#include "base/day.h"

namespace waymark {

// As ParseIsoDay, kNoDay for nothing. (The two parts of an std::optional are written apart and read as one,
// for which the processor has to wait.) Thread-safe.
Day IsoDayOrNone(absl::string_view text);

}  // namespace waymark

#endif  // WAYMARK_BASE_ISO_DAY_H_
