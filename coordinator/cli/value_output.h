// The value calculator's answer, with every assumption that it rests on. Pure functions; thread-safe.
#ifndef WAYMARK_COORDINATOR_CLI_VALUE_OUTPUT_H_
#define WAYMARK_COORDINATOR_CLI_VALUE_OUTPUT_H_

#include <string>

#include "coordinator/benchmark/value_model.h"

namespace waymark::coordinator {

// At most 100 columns wide.
std::string ValueText(const ValueAssumptions& assumptions);
// A line a scenario, in pounds.
std::string ValueCsv(const ValueAssumptions& assumptions);
std::string ValueJson(const ValueAssumptions& assumptions);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_VALUE_OUTPUT_H_
