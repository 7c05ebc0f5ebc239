// A made-up council's social care as its statutory returns have it: the Children in Need census, a file a
// year, and SSDA903 for children looked after.
#ifndef WAYMARK_DEPLOY_DEMO_COUNCILS_STATUTORY_RETURNS_H_
#define WAYMARK_DEPLOY_DEMO_COUNCILS_STATUTORY_RETURNS_H_

#include <string>

#include "absl/status/status.h"
#include "deploy/demo/councils/council.h"

namespace waymark::demo {

// census-2022.xml and so on: in each every case that was open in the year to 31 March, as it stood at the
// year's end; the last goes to ExtractDate().
absl::Status WriteCensus(const Council& council, const std::string& folder);

// header.csv and episodes.csv.
absl::Status WriteLookedAfter(const Council& council, const std::string& folder);

}  // namespace waymark::demo

#endif  // WAYMARK_DEPLOY_DEMO_COUNCILS_STATUTORY_RETURNS_H_
