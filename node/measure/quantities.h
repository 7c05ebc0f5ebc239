// What the two sides of a RATIO are made of.
#ifndef WAYMARK_NODE_MEASURE_QUANTITIES_H_
#define WAYMARK_NODE_MEASURE_QUANTITIES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/period.h"
#include "node/journey/journeys.h"
#include "node/measure/availability.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// One early-help episode.
struct Case {
  PersonIndex person = 0;
  std::string service;  // as categories: "not known"
  std::string team;
  std::string worker;  // "": not known
};

// Whether a quantity counts cases, and is no amount.
bool CountsCases(v1::Ratio::Quantity quantity);

// ratio.h says which.
std::vector<Case> CasesOf(const Journeys& journeys, v1::Ratio::Quantity quantity, const Period& period);

// An amount by category, in its smallest units.
std::map<std::string, std::int64_t> AmountsOf(const Journeys& journeys, v1::Ratio::Quantity quantity,
                                              const Period& period);

// Workers whom the staffing template has in force on the day with more than 0.
std::vector<std::string> WorkersOn(const Templates& templates, Day day);

// How far the records reach that the quantity is made of; not available too where a field of theirs is
// missing.
Availability ReachOfQuantity(const Journeys& journeys, v1::Ratio::Quantity quantity, const Period& period);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_QUANTITIES_H_
