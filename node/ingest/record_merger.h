// Puts what has been gathered in order: joins people that several threads met, drops rows that are there
// twice, numbers everything anew, and fills Records.
#ifndef WAYMARK_NODE_INGEST_RECORD_MERGER_H_
#define WAYMARK_NODE_INGEST_RECORD_MERGER_H_

#include "absl/strings/string_view.h"
#include "node/ingest/merged_group.h"
#include "node/ingest/quality_report.h"
#include "node/journey/records.h"

namespace waymark::node {

inline constexpr absl::string_view kSameRow = "the same as another row";

// Fills records.persons, their ids and families, codes and rows, counts their fields in records.quality (see
// FinishFields), and sets in_order; the coverage is there already; takes rows that are there
// twice back from `report`. Rows are the same when all fields read from them are equal and either an id is
// among these or the whole rows are equal: two contacts on one day that differ in a column nobody mapped are
// two. Episodes keep their ids where `episode_ids` is set.
//
// Persons stand group by group, and in a group by id; a council of a few thousand rows is one group. Which
// group a person is in depends on the id and on how many rows there are. Groups are put in order in several
// threads, and what they were made of is given back as soon as each is done. The result depends neither on
// the threads nor on how rows were spread over `parts`.
MergedPersons MergeGathered(const GatheredParts& parts, bool episode_ids, QualityReport& report,
                            Records& records);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_RECORD_MERGER_H_
