// The metric library, the questionnaires and the table of local authorities, read from text protos and
// checked whole.
#ifndef WAYMARK_CATALOGUE_LIBRARY_H_
#define WAYMARK_CATALOGUE_LIBRARY_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/working_days.h"
#include "proto/contract/succession.h"
#include "waymark/v1/catalogue.pb.h"
#include "waymark/v1/questionnaire.pb.h"

namespace waymark::catalogue {

// Immutable once loaded; thread-safe.
class Library {
 public:
  // Reads DIR/metrics/*.textproto, DIR/areas.textproto and, where they are there, DIR/former_areas.textproto,
  // DIR/questionnaires/*.textproto and DIR/bank-holidays.txt. INVALID_ARGUMENT with every error found, a line
  // each: "DIR/metrics/early_help.textproto:12: …". NOT_FOUND and the like where a file cannot be read.
  static absl::StatusOr<Library> Load(const std::string& directory);

  // In order of number, then id.
  const std::vector<v1::Metric>& metrics() const { return metrics_; }
  // In order of code: today's.
  const std::vector<v1::Area>& areas() const { return areas_; }
  // In order of code: those that ended; and what became of them, as far as it is public knowledge. In a
  // federation with officers that counts when they have signed it (proto/contract/roster.h).
  const std::vector<v1::Area>& former_areas() const { return former_areas_; }
  const contract::Successions& successions() const { return successions_; }

  // Knows no year where the catalogue has no bank-holidays.txt.
  const WorkingDays& working_days() const { return working_days_; }

  // In order of id.
  const std::vector<v1::Questionnaire>& questionnaires() const { return questionnaires_; }

  // Null where there is none.
  const v1::Metric* Find(absl::string_view id) const;
  const v1::Area* FindArea(absl::string_view code) const;
  // Today's or a former one: for what was published.
  const v1::Area* FindAreaEver(absl::string_view code) const;
  const v1::Questionnaire* FindQuestionnaire(absl::string_view id) const;

  // The entries that `selector` names, in the library's order: "1,22-contacts": an id, or a number for all
  // entries of that number ("22": 22, 22-contacts and 22-starts); "all". NOT_FOUND names the unknown one and
  // the nearest known.
  absl::StatusOr<std::vector<const v1::Metric*>> Select(absl::string_view selector) const;

 private:
  std::vector<v1::Metric> metrics_;
  std::vector<v1::Area> areas_;
  std::vector<v1::Area> former_areas_;
  contract::Successions successions_;
  std::vector<v1::Questionnaire> questionnaires_;
  WorkingDays working_days_;
};

// The entry's canonical encoding, over which a round spec's definition_hash is made (SHA-256): under the
// label "waymark/v1/definition", the number of fields that are set, then for each in order of number its
// number and value; a repeated field as a list, an enumeration as its number, a message in the same way
// (base/canonical.h). Two entries that differ in any field differ here; a field that a later
// contract adds changes nothing where it is not set.
std::string CanonicalDefinition(const v1::Metric& metric);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_LIBRARY_H_
