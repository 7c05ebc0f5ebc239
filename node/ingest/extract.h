// Successive extracts of one source, each covering some months, as one history.
#ifndef WAYMARK_NODE_INGEST_EXTRACT_H_
#define WAYMARK_NODE_INGEST_EXTRACT_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "node/ingest/flat_record.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/source.h"
#include "node/journey/records.h"

namespace waymark::node {

// What is known of an extract without its records.
struct ExtractHead {
  std::string source;  // the source's `name`
  Coverage window;     // its covered_from and extract_date
  Carries carries;
  std::int64_t records = 0;  // persons apart
};

struct Extract {
  ExtractHead head;
  std::vector<FlatRecord> records;
};

// What became of a record of earlier extracts.
enum class Change : std::uint8_t { kChanged, kDeleted, kLost };

struct ExtractHistory {
  std::vector<FlatRecord> records;
  // By extract, oldest first: what each did to those before it.
  std::vector<ExtractReport> extracts;
  // The records that the latest extract changed, deleted or lost, as they were before; at most 20 of each.
  std::vector<std::pair<Change, FlatRecord>> examples;
};

// One history of `extracts`, which are of one source, in any order. A record is the same as an earlier one
// where kind, level and child are, and the id (where the source has one) or else the first day; the later
// extract (by extract date) then holds in every field. A record that an extract ought to have, because it
// lies in its window, and has not, is deleted. One that was open in an extract and is not in the next, which
// begins later than the other was made, is lost: it ended in between, nobody knows when; it is left out. What
// is known of a child is the latest that tells anything.
ExtractHistory Merge(std::vector<Extract> extracts);

// From when to when `extracts` cover the kinds of record that `carries` picks, without a gap, up to the last;
// Coverage() where none carries it.
Coverage WholeWindow(const std::vector<ExtractHead>& extracts, bool Carries::*kind);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_EXTRACT_H_
