// What is odd about a council's records once they are read: contradictions between records that are each
// well-formed. Rows that could not be read, or not wholly, are in node/ingest's report.
#ifndef WAYMARK_NODE_QUALITY_RECORD_CHECKS_H_
#define WAYMARK_NODE_QUALITY_RECORD_CHECKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "node/journey/records.h"

namespace waymark::node {

// One check over all records of a kind. It names no person.
struct Finding {
  std::string id;     // "overlap.early_help"
  std::string group;  // "overlaps", "impossible dates", "orphans"
  std::string what;   // in words
  std::int64_t count = 0;
  std::int64_t of = 0;      // records looked at
  std::string effect = {};  // what is made of them
};

// Every check whose records the sources carry, in a fixed order, those that found nothing included.
std::vector<Finding> CheckRecords(const Records& records);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_QUALITY_RECORD_CHECKS_H_
