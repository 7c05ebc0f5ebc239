// Councils' own words for things, read to the canonical codes of node/journey/records.h.
#ifndef WAYMARK_NODE_INGEST_CODES_H_
#define WAYMARK_NODE_INGEST_CODES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace waymark::node {

enum class CodeField {
  kSource,
  kEndReason,
  kNeed,
  kSex,
  kEthnicity,
  kDisability,
  kNfa,
  kOutcome,
  kLevel,
  kKind,
  kAnswer,
  kAssessmentOutcome,
  kReferralOutcome,
  kSection47Outcome,
  kPlanOutcome,
};

// "source", "end_reason", …: the name under [source.mapping.codes].
absl::string_view CodeFieldName(CodeField field);
const std::vector<CodeField>& AllCodeFields();
// The canonical codes of a field, in order.
const std::vector<std::string>& CanonicalCodes(CodeField field);

// A council's own value → canonical code, for one field.
using CodeMap = std::map<std::string, std::string>;

// What a value means. `code` is empty for a blank one. `known` is false where neither the council's map nor
// the common table has the value; `code` is then the field's code for "not known" ("unknown", "not known"),
// or empty.
struct CodeReading {
  absl::string_view code;
  bool known = true;
};

// Reads one field of one source: first the council's own map, then the table of common ways to write it.
// Upper and lower case and repeated blanks do not matter; "a) Male" and "q) 6: Police" are read without their
// letter, "N1 - Abuse or neglect" and "6: Police" by their code. Remembers what it has read. Not thread-safe.
class CodeReader {
 public:
  CodeReader(CodeField field, const CodeMap& own);

  // The views in the result live as long as the program.
  CodeReading Read(absl::string_view value);

 private:
  CodeReading Find(absl::string_view value) const;

  CodeField field_;
  absl::flat_hash_map<std::string, absl::string_view> own_;
  absl::flat_hash_map<std::string, CodeReading> read_;
};

// Whether a reason for closure is RC8, "case closed after assessment": no episode then, but a referral.
bool ClosedAfterAssessment(absl::string_view reason);

// A value as codes are compared: lower case, without blanks at its ends, single blanks within.
std::string NormaliseCode(absl::string_view value);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_CODES_H_
