// Rows of the CSV templates as members of a cohort, with their fields in words.
#ifndef WAYMARK_NODE_MEASURE_TEMPLATE_MEMBERS_H_
#define WAYMARK_NODE_MEASURE_TEMPLATE_MEMBERS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/period.h"
#include "node/journey/journeys.h"
#include "node/measure/availability.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

struct TemplateMember {
  // Category in each breakdown ("tool", "age_band") and code in each field that a test may ask ("met").
  std::map<std::string, std::string> fields;
  std::string child;                    // unique; of an unknown child too
  std::string family;                   // the same
  std::int64_t change_thousandths = 0;  // SCORE_CHANGE: better is positive
};

// The rows of the entry's base in the period, in the order of the template.
std::vector<TemplateMember> TemplateMembersOf(const Journeys& journeys, const v1::Metric& metric,
                                              const Period& period);

// Whether a source has the template, and how far it reaches.
Availability TemplateReach(const Journeys& journeys, const v1::Metric& metric, const Period& period);

// Every category of a breakdown that has a fixed list; empty where it has those that occur.
std::vector<std::string> TemplateCategories(const std::string& dimension);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_TEMPLATE_MEMBERS_H_
