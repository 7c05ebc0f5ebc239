// The words an entry may use: breakdowns, fields of records and their codes. A word that is not here is an
// error when the catalogue is loaded, so that a misspelt field never silently matches nothing.
#ifndef WAYMARK_CATALOGUE_VOCABULARY_H_
#define WAYMARK_CATALOGUE_VOCABULARY_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// Breakdowns that the members of a cohort can have: "area", "team", "service", "age_band", "sex",
// "ethnicity", "disability", "need", "source", and "quarter": the financial quarter of the member's day;
// persons' days only those of a person; QUALITY only "field". Early help also "earlier_social_care": whether
// social care was open on any of the kEarlierSocialCareDays before the day early help started ("not known"
// where it was not and the records do not show all of those days).
std::vector<absl::string_view> BreakdownsOf(v1::Cohort::Base base);

// Of a RATIO's quantity: an entry's breakdown must be one of both its quantities.
std::vector<absl::string_view> BreakdownsOf(v1::Ratio::Quantity quantity);

// Fields that a FieldTest can test in the members of a cohort: "source", "end_reason", "need", "nfa",
// "outcome", "step_down".
std::vector<absl::string_view> FieldsOf(v1::Cohort::Base base);

// The canonical codes of such a field, in order; "" stands for a field that the source has and left blank.
// Of "outcome", which differs from record to record: those of `base`'s, or of all where it is not given.
// Empty for an unknown field.
std::vector<absl::string_view> CodesOf(absl::string_view field,
                                       v1::Cohort::Base base = v1::Cohort::BASE_UNSPECIFIED);

// Every category that a breakdown by a field with a public code list can have, "not known" included, in order
// of their bytes. Empty for fields whose codes are a council's own (area, team, service), for quarters, and
// for a name that is no field.
const std::vector<std::string>& CategoriesOf(absl::string_view field);
inline constexpr absl::string_view kNotKnown = "not known";
inline constexpr int kEarlierSocialCareDays = 365;

// What `fields_needed` may name: kinds of record ("early_help", "social_care", "referral", "contact", a kind
// of step as "enquiry"; "family": who is whose), or a field of one ("early_help.end_reason").
std::vector<absl::string_view> NeededFields();

// The ten outcomes of the Supporting Families programme, in its order; the templates number them from 1.
struct SupportingFamiliesOutcome {
  absl::string_view
      id;  // "early_years"; also the field of BASE_NEEDS_ASSESSED that says whether it was a need
  absl::string_view title;
};
absl::Span<const SupportingFamiliesOutcome> SupportingFamiliesOutcomes();

// The five questions of the discovery that an entry may help to answer: "target", … and each one's words.
std::vector<absl::string_view> QuestionNames();
absl::string_view QuestionText(absl::string_view name);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_VOCABULARY_H_
