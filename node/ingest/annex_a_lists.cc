#include "node/ingest/annex_a_lists.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"

namespace waymark::node {
namespace {

struct ListName {
  int list;
  absl::string_view title;
  absl::string_view aliases;  // as LooseName has them
};

constexpr ListName kLists[kAnnexALists] = {
    {1, "list 1 (contacts)", "contacts|contact"},
    {2, "list 2 (early help)", "earlyhelp|earlyhelpassessments|earlyhelpassessment|eha"},
    {3, "list 3 (referrals)", "referrals|referral"},
    {4, "list 4 (assessments)",
     "assessments|assessment|continuousassessments|singleassessments|socialcareassessments"},
    {5, "list 5 (section 47 enquiries)", "section47|section47s|section47enquiries|s47|s47s|s47enquiries"},
    {6, "list 6 (children in need)", "childreninneed|childinneed|cin|cins"},
    {7, "list 7 (child protection)", "childprotection|childprotectionplans|childprotectionplan|cp|cpp|cpps"},
    {8, "list 8 (children looked after)",
     "lookedafter|childrenlookedafter|lookedafterchildren|childrenincare|cla|lac|cic"},
    {9, "list 9 (care leavers)", "careleavers|careleaver|leavingcare"},
    {10, "list 10 (adoption)", "adoption|adoptions|childrenforadoption"},
    {11, "list 11 (adopters)", "adopters|prospectiveadopters"},
};

// Runs of letters and runs of digits, in lower case: "List_01 b" → "list", "01", "b".
std::vector<std::string> Runs(absl::string_view name) {
  enum class Kind { kOther, kLetter, kDigit };
  std::vector<std::string> runs;
  Kind last = Kind::kOther;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const Kind kind = absl::ascii_isalpha(byte)   ? Kind::kLetter
                      : absl::ascii_isdigit(byte) ? Kind::kDigit
                                                  : Kind::kOther;
    if (kind != Kind::kOther && kind != last) runs.emplace_back();
    if (kind != Kind::kOther) runs.back().push_back(absl::ascii_tolower(byte));
    last = kind;
  }
  return runs;
}

int NumberOf(absl::string_view run) {
  int number = 0;
  return absl::SimpleAtoi(run, &number) && number >= 1 && number <= kAnnexALists ? number : 0;
}

bool IsAlias(const ListName& list, absl::string_view name, bool beginning) {
  for (const absl::string_view alias : absl::StrSplit(list.aliases, '|')) {
    if (beginning ? absl::StartsWith(name, alias) : name == alias) return true;
  }
  return false;
}

}  // namespace

int AnnexAListNamed(absl::string_view name) {
  const std::vector<std::string> runs = Runs(name);
  for (std::size_t i = 0; i + 1 < runs.size(); ++i) {
    if (runs[i] == "list" && absl::ascii_isdigit(static_cast<unsigned char>(runs[i + 1][0]))) {
      return NumberOf(runs[i + 1]);
    }
  }
  if (runs.empty()) return 0;
  if (const int number = NumberOf(runs[0]); number != 0) {
    const std::string rest = absl::StrJoin(runs.begin() + 1, runs.end(), "");
    return rest.empty() || IsAlias(kLists[number - 1], rest, true) ? number : 0;
  }
  std::string whole = absl::StrJoin(runs, "");
  if (absl::StartsWith(whole, "annexa")) whole.erase(0, 6);
  for (const ListName& list : kLists) {
    if (IsAlias(list, whole, false)) return list.list;
  }
  return 0;
}

absl::string_view AnnexAListTitle(int list) {
  return kLists[list - 1].title;
}

}  // namespace waymark::node
