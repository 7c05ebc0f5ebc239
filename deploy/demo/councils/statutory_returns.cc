#include "deploy/demo/councils/statutory_returns.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/file.h"
#include "base/status.h"

namespace waymark::demo {
namespace {

constexpr int kLaNumber = 991;  // given to no authority

// One child's cases: numbers in Council::records.
struct Cases {
  std::vector<std::size_t> referrals;
  std::vector<std::size_t> plans;
};

std::map<std::size_t, Cases> CasesByChild(const Council& council) {
  std::map<std::size_t, Cases> cases;
  for (std::size_t i = 0; i < council.records.size(); ++i) {
    const Record& record = council.records[i];
    if (record.kind == RecordKind::kReferral) cases[record.child].referrals.push_back(i);
    if (record.kind == RecordKind::kCp) cases[record.child].plans.push_back(i);
  }
  return cases;
}

std::string Element(const char* name, const std::string& value) {
  return value.empty() ? "" : absl::StrCat("<", name, ">", value, "</", name, ">\n");
}

std::string DateElement(const char* name, Day day, Day known_until) {
  return day > known_until ? "" : Element(name, FormatDay(day));
}

const char* SexNumber(absl::string_view sex) {
  return sex == "M" ? "1" : sex == "F" ? "2" : "9";
}

// What a census of the year to `last` says.
class Year {
 public:
  Year(const Council& council, Day first, Day last) : council_(council), first_(first), last_(last) {}

  std::string Text(const std::map<std::size_t, Cases>& cases) const {
    const int year = CivilDateOf(last_).year;
    std::string xml = absl::StrCat(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Message>\n<Header>\n<CollectionDetails>\n"
        "<Collection>CIN</Collection>\n<Year>",
        year, "</Year>\n<ReferenceDate>", FormatDay(last_),
        "</ReferenceDate>\n</CollectionDetails>\n<Source>\n<SourceLevel>L</SourceLevel>\n<LEA>", kLaNumber,
        "</LEA>\n<SoftwareCode>made up</SoftwareCode>\n</Source>\n</Header>\n<Children>\n");
    for (const auto& [child, own] : cases) AppendChild(council_.children[child], own, xml);
    return xml + "</Children>\n</Message>\n";
  }

 private:
  bool IsOpenInYear(const Record& record) const { return record.start <= last_ && record.end >= first_; }

  void AppendChild(const Child& child, const Cases& cases, std::string& xml) const {
    std::string details;
    for (const std::size_t number : cases.referrals) {
      const Record& referral = council_.records[number];
      if (IsOpenInYear(referral)) AppendCase(referral, cases, details);
    }
    if (details.empty()) return;
    absl::StrAppend(&xml, "<Child>\n<ChildIdentifiers>\n", Element("LAchildID", child.id));
    if (child.birth_recorded) xml += Element("PersonBirthDate", FormatDay(child.birth));
    absl::StrAppend(&xml, Element("GenderCurrent", SexNumber(child.sex)),
                    "</ChildIdentifiers>\n<ChildCharacteristics>\n",
                    Element("Ethnicity", std::string(child.ethnicity)), "</ChildCharacteristics>\n", details,
                    "</Child>\n");
  }

  void AppendCase(const Record& referral, const Cases& cases, std::string& xml) const {
    absl::StrAppend(&xml, "<CINdetails>\n", Element("CINreferralDate", FormatDay(referral.start)),
                    Element("ReferralSource", std::string(referral.source)),
                    Element("PrimaryNeedCode", std::string(referral.need)),
                    DateElement("CINclosureDate", referral.end, last_));
    if (referral.end <= last_) xml += Element("ReasonForClosure", std::string(referral.reason));
    xml += Element("ReferralNFA", referral.outcome == "nfa" ? "true" : "false");
    // A plan stands in the last case that had begun when it started.
    for (const std::size_t number : cases.plans) {
      const Record& plan = council_.records[number];
      if (plan.start < referral.start || plan.start > referral.end || !IsOpenInYear(plan)) continue;
      absl::StrAppend(&xml, "<ChildProtectionPlans>\n", Element("CPPstartDate", FormatDay(plan.start)),
                      DateElement("CPPendDate", plan.end, last_),
                      "<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>\n</ChildProtectionPlans>\n");
    }
    xml += "</CINdetails>\n";
  }

  const Council& council_;
  Day first_;
  Day last_;
};

std::string BritishDate(Day day) {
  if (day == kNoDay) return "";
  const CivilDate date = CivilDateOf(day);
  return absl::StrFormat("%02d/%02d/%04d", date.day, date.month, date.year);
}

}  // namespace

absl::Status WriteCensus(const Council& council, const std::string& folder) {
  RETURN_IF_ERROR(MakeDirectories(folder, 0755));
  const std::map<std::size_t, Cases> cases = CasesByChild(council);
  for (int year = CivilDateOf(CoveredFrom()).year;; ++year) {
    const Day first = DayOf({year, 4, 1}).value_or(kNoDay);
    if (first > ExtractDate()) return absl::OkStatus();
    const Day last = std::min(DayOf({year + 1, 3, 31}).value_or(kNoDay), ExtractDate());
    RETURN_IF_ERROR(WriteFileAtomically(PathUnder(folder, absl::StrCat("census-", year + 1, ".xml")),
                                        Year(council, first, last).Text(cases), 0644));
  }
}

absl::Status WriteLookedAfter(const Council& council, const std::string& folder) {
  RETURN_IF_ERROR(MakeDirectories(folder, 0755));
  std::string header = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n";
  std::string episodes =
      "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n";
  std::set<std::size_t> children;
  for (const Record& record : council.records) {
    if (record.kind != RecordKind::kCla) continue;
    const Child& child = council.children[record.child];
    if (children.insert(record.child).second) {
      absl::StrAppend(&header, child.id, ",", SexNumber(child.sex), ",",
                      child.birth_recorded ? BritishDate(child.birth) : "", ",", child.ethnicity, ",,,\n");
    }
    absl::StrAppend(&episodes, child.id, ",", BritishDate(record.start), ",S,C2,", record.need, ",U4,PR1,",
                    BritishDate(record.end), ",", record.reason, ",,,,\n");
  }
  RETURN_IF_ERROR(WriteFileAtomically(PathUnder(folder, "header.csv"), header, 0644));
  return WriteFileAtomically(PathUnder(folder, "episodes.csv"), episodes, 0644);
}

}  // namespace waymark::demo
