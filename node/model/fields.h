// The fields of a council's records as data, for docs/data-model.md: what node/journey/records.h holds, in
// words, and where each of the national formats carries it.
#ifndef WAYMARK_NODE_MODEL_FIELDS_H_
#define WAYMARK_NODE_MODEL_FIELDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace waymark::node {

struct ModelField {
  absl::string_view name;
  absl::string_view type;
  bool required;
  absl::string_view meaning;
  // Where it stands; "" where the format does not carry it.
  absl::string_view annex_a;
  absl::string_view ssd;
  absl::string_view census;   // Children in Need census
  absl::string_view ssda903;  // looked-after children
};

struct ModelRecord {
  absl::string_view name;  // "episode"
  absl::string_view meaning;
  std::vector<ModelField> fields;
};

const std::vector<ModelRecord>& ModelRecords();

// The codes that a field may have, in order; empty where it has no list.
std::vector<std::string> CodesOfField(absl::string_view record, absl::string_view field);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MODEL_FIELDS_H_
