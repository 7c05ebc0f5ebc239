// Children in Need censuses put together from pieces.
#ifndef WAYMARK_TESTS_UNIT_NODE_INGEST_CENSUS_MADE_UP_H_
#define WAYMARK_TESTS_UNIT_NODE_INGEST_CENSUS_MADE_UP_H_

#include <string>

#include "absl/strings/str_cat.h"

namespace waymark::node::testing {

inline constexpr char kCensusToml[] = R"([[source]]
format = "cin-census"
path = "census"
covered_from = 2021-04-01
extract_date = 2022-03-31
)";

// "<name>text</name>", or nothing for no text.
inline std::string Leaf(const std::string& name, const std::string& text) {
  return text.empty() ? "" : absl::StrCat("<", name, ">", text, "</", name, ">");
}

// A whole census at `reference`, with `children` in it.
inline std::string CensusXml(const std::string& reference, const std::string& children,
                             const std::string& council = "330",
                             const std::string& made = "2022-05-01T10:00:00") {
  return absl::StrCat(
      "<?xml version=\"1.0\"?>\n<Message><Header><CollectionDetails><Collection>CIN</Collection>",
      Leaf("Year", reference.substr(0, 4)), Leaf("ReferenceDate", reference),
      "</CollectionDetails><Source><SourceLevel>L</SourceLevel>", Leaf("LEA", council),
      Leaf("DateTime", made), "</Source></Header>\n<Children>", children, "</Children></Message>\n");
}

inline std::string ChildXml(const std::string& id, const std::string& details,
                            const std::string& identifiers = "<PersonBirthDate>2012-03-04</PersonBirthDate>",
                            const std::string& characteristics = "") {
  return absl::StrCat("<Child><ChildIdentifiers>", Leaf("LAchildID", id), identifiers, "</ChildIdentifiers>",
                      "<ChildCharacteristics>", characteristics, "</ChildCharacteristics>\n", details,
                      "</Child>\n");
}

// A referral from the police for N1; `more` stands inside it.
inline std::string ReferralXml(const std::string& day, const std::string& closed = "",
                               const std::string& reason = "", const std::string& more = "",
                               const std::string& nfa = "0") {
  return absl::StrCat("<CINdetails>", Leaf("CINreferralDate", day),
                      "<ReferralSource>6</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode>",
                      Leaf("CINclosureDate", closed), Leaf("ReasonForClosure", reason), more,
                      Leaf("ReferralNFA", nfa), "</CINdetails>\n");
}

inline std::string AssessmentXml(const std::string& start, const std::string& authorised) {
  return absl::StrCat("<Assessments>", Leaf("AssessmentActualStartDate", start),
                      Leaf("AssessmentAuthorisationDate", authorised), "</Assessments>");
}

inline std::string EnquiryXml(const std::string& start, const std::string& conference,
                              const std::string& not_required = "false") {
  return absl::StrCat("<Section47>", Leaf("S47ActualStartDate", start), Leaf("DateOfInitialCPC", conference),
                      Leaf("ICPCnotRequired", not_required), "</Section47>");
}

inline std::string PlanXml(const std::string& start, const std::string& end, const std::string& previous) {
  return absl::StrCat("<ChildProtectionPlans>", Leaf("CPPstartDate", start), Leaf("CPPendDate", end),
                      Leaf("NumberOfPreviousCPP", previous), "</ChildProtectionPlans>");
}

}  // namespace waymark::node::testing

#endif  // WAYMARK_TESTS_UNIT_NODE_INGEST_CENSUS_MADE_UP_H_
