// What the columns of a table are, by their names and values: the [source.mapping] of suggest.h.
#ifndef WAYMARK_NODE_INGEST_SUGGEST_MAPPING_H_
#define WAYMARK_NODE_INGEST_SUGGEST_MAPPING_H_

#include <string>

#include "absl/strings/string_view.h"
#include "base/day.h"
#include "node/ingest/suggest_columns.h"

namespace waymark::node {

struct Mapping {
  std::string text;  // [source.mapping] and what is below it
  Day first_day = 0;
  Day last_day = 0;
};

// The format of most of its columns of dates; "" where none holds dates.
absl::string_view DateFormatOf(const Sample& sample);

// Why the table cannot be one of episodes or events: no rows, no column of dates; "" where it can.
std::string MissingFor(const Sample& sample);

// `name`: of the file or table, which may tell the level. The sample is one for which nothing is missing.
Mapping MapColumns(const Sample& sample, absl::string_view name);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_SUGGEST_MAPPING_H_
