// What figures would be had every place the standard's mix, as a table for a terminal. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_CLI_STANDARDISED_TEXT_H_
#define WAYMARK_COORDINATOR_CLI_STANDARDISED_TEXT_H_

#include <string>

#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// A table for each window and unit, then what the standard is and what could not be standardised; "" where
// nothing was.
std::string StandardisedText(const v1::QueryResponse& response);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_STANDARDISED_TEXT_H_
