// The table behind codes.h: how each canonical code is commonly written. Data only.
#ifndef WAYMARK_NODE_INGEST_CODE_TABLE_H_
#define WAYMARK_NODE_INGEST_CODE_TABLE_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "node/ingest/codes.h"

namespace waymark::node {

// `variants` are separated by '|', written as NormaliseCode does. The code itself need not be among them.
struct CodeRow {
  CodeField field;
  absl::string_view code;
  absl::string_view variants;
};

// Codes of one field stand together, in their canonical order.
absl::Span<const CodeRow> CodeTable();

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_CODE_TABLE_H_
