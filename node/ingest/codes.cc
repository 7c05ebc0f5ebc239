#include "node/ingest/codes.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "node/ingest/code_table.h"

namespace waymark::node {
namespace {

using VariantTable = std::map<CodeField, absl::flat_hash_map<std::string, absl::string_view>>;

const VariantTable& Variants() {
  static const VariantTable* const table = [] {
    auto* made = new VariantTable();
    for (const CodeRow& row : CodeTable()) {
      auto& field = (*made)[row.field];
      field.emplace(NormaliseCode(row.code), row.code);
      for (const absl::string_view variant : absl::StrSplit(row.variants, '|', absl::SkipEmpty())) {
        field.emplace(std::string(variant), row.code);
      }
    }
    return made;
  }();
  return *table;
}

absl::string_view CodeForUnknown(CodeField field) {
  switch (field) {
    case CodeField::kEndReason:
      return "unknown";
    case CodeField::kSex:
    case CodeField::kEthnicity:
    case CodeField::kDisability:
      return "not known";
    default:
      return "";
  }
}

// "a) male" → "male": one or two letters and a bracket, as Annex A writes its choices.
absl::string_view WithoutLetter(absl::string_view value) {
  const auto bracket = value.find(')');
  if (bracket == absl::string_view::npos || bracket == 0 || bracket > 2) return value;
  for (const char c : value.substr(0, bracket)) {
    if (!absl::ascii_isalpha(static_cast<unsigned char>(c))) return value;
  }
  return absl::StripLeadingAsciiWhitespace(value.substr(bracket + 1));
}

// "n1 - abuse or neglect" → "n1", "6: police" → "6"; the whole where there is no such code in front. A dash
// with no blank before it may belong to a word ("x-ray"), and a code that nothing separates is told from a
// word by being letters and then a number ("rc1 adopted", not "3a high street").
absl::string_view CodeInFront(absl::string_view value) {
  constexpr absl::string_view kDash = "\xE2\x80\x93";
  const auto end = std::min(value.find_first_of(":- "), value.find(kDash));
  if (end == absl::string_view::npos || end > 4) return value;
  const absl::string_view code = value.substr(0, end);
  const bool digit = std::any_of(code.begin(), code.end(), absl::ascii_isdigit);
  const bool letter_first = !code.empty() && absl::ascii_isalpha(static_cast<unsigned char>(code[0]));
  const absl::string_view rest = absl::StripLeadingAsciiWhitespace(value.substr(end));
  const bool blank_before = rest.size() < value.size() - end;
  const bool dash = absl::StartsWith(rest, "-") || absl::StartsWith(rest, kDash);
  const bool separated =
      absl::StartsWith(rest, ":") || (dash && (blank_before || digit)) || (digit && letter_first);
  return separated ? code : value;
}

}  // namespace

absl::string_view CodeFieldName(CodeField field) {
  switch (field) {
    case CodeField::kSource:
      return "source";
    case CodeField::kEndReason:
      return "end_reason";
    case CodeField::kNeed:
      return "need";
    case CodeField::kSex:
      return "sex";
    case CodeField::kEthnicity:
      return "ethnicity";
    case CodeField::kDisability:
      return "disability";
    case CodeField::kNfa:
      return "nfa";
    case CodeField::kOutcome:
      return "outcome";
    case CodeField::kLevel:
      return "level";
    case CodeField::kKind:
      return "kind";
    case CodeField::kAnswer:
      return "answer";
    case CodeField::kAssessmentOutcome:
      return "assessment_outcome";
    case CodeField::kReferralOutcome:
      return "referral_outcome";
    case CodeField::kSection47Outcome:
      return "section_47_outcome";
    case CodeField::kPlanOutcome:
      return "plan_outcome";
  }
  return "";
}

const std::vector<CodeField>& AllCodeFields() {
  static const auto* const fields = new std::vector<CodeField>{CodeField::kSource,
                                                               CodeField::kEndReason,
                                                               CodeField::kNeed,
                                                               CodeField::kSex,
                                                               CodeField::kEthnicity,
                                                               CodeField::kDisability,
                                                               CodeField::kNfa,
                                                               CodeField::kOutcome,
                                                               CodeField::kLevel,
                                                               CodeField::kKind,
                                                               CodeField::kAnswer,
                                                               CodeField::kAssessmentOutcome,
                                                               CodeField::kReferralOutcome,
                                                               CodeField::kSection47Outcome,
                                                               CodeField::kPlanOutcome};
  return *fields;
}

const std::vector<std::string>& CanonicalCodes(CodeField field) {
  static const auto* const codes = [] {
    auto* made = new std::map<CodeField, std::vector<std::string>>();
    for (const CodeRow& row : CodeTable()) (*made)[row.field].emplace_back(row.code);
    return made;
  }();
  return codes->at(field);
}

// "rc8", "RC8 - Case closed after assessment", "g) RC8": the code in front.
bool ClosedAfterAssessment(absl::string_view reason) {
  const std::string normal = NormaliseCode(reason);
  const absl::string_view bare = WithoutLetter(normal);
  return absl::StartsWith(bare, "rc8") &&
         (bare.size() == 3 || !absl::ascii_isalnum(static_cast<unsigned char>(bare[3])));
}

std::string NormaliseCode(absl::string_view value) {
  // Spreadsheets write blanks that do not break.
  std::string normal = absl::StrReplaceAll(absl::AsciiStrToLower(value), {{"\xC2\xA0", " "}});
  absl::RemoveExtraAsciiWhitespace(&normal);
  return normal;
}

CodeReader::CodeReader(CodeField field, const CodeMap& own) : field_(field) {
  const auto& variants = Variants().at(field);
  for (const auto& [value, code] : own) {
    // Only canonical codes come here (ReadSources checks), and those live as long as the program.
    const auto found = variants.find(NormaliseCode(code));
    if (found != variants.end()) own_.emplace(NormaliseCode(value), found->second);
  }
}

CodeReading CodeReader::Read(absl::string_view value) {
  if (const auto found = read_.find(value); found != read_.end()) return found->second;
  const CodeReading reading = Find(value);
  // A column of free text must not fill the memory.
  if (read_.size() < 10'000) read_.emplace(std::string(value), reading);
  return reading;
}

CodeReading CodeReader::Find(absl::string_view value) const {
  const std::string normal = NormaliseCode(value);
  if (normal.empty()) return {"", true};
  if (const auto found = own_.find(normal); found != own_.end()) return {found->second, true};
  const auto& variants = Variants().at(field_);
  const absl::string_view bare = WithoutLetter(normal);
  for (const absl::string_view candidate : {absl::string_view(normal), bare, CodeInFront(bare)}) {
    if (const auto found = variants.find(candidate); found != variants.end()) return {found->second, true};
  }
  return {CodeForUnknown(field_), false};
}

}  // namespace waymark::node
