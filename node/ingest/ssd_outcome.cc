#include "node/ingest/ssd_outcome.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace waymark::node {
namespace {

// Flags of contacts' outcomes, by what they stand for. In order: the first that is set tells.
struct OutcomeFlag {
  absl::string_view suffix;
  absl::string_view outcome;
};
constexpr OutcomeFlag kOutcomeFlags[] = {{"NEW_REFERRAL_FLAG", "social_care"},
                                         {"EXISTING_REFERRAL_FLAG", "social_care"},
                                         {"CP_ENQUIRY_FLAG", "social_care"},
                                         {"OLA_CP_FLAG", "social_care"},
                                         {"EARLY_HELP_FLAG", "early_help"},
                                         {"EARLY_HELP_REFERRAL_FLAG", "early_help"},
                                         {"NFA_FLAG", "nfa"},
                                         {"ADVICE_FLAG", "other"},
                                         {"NON_AGENCY_ADOPTION_FLAG", "other"},
                                         {"PRIVATE_FOSTERING_FLAG", "other"},
                                         {"MISSING_FLAG", "other"},
                                         {"OTHER_OUTCOMES_EXIST_FLAG", "other"}};

bool IsJson(absl::string_view text) {
  return !text.empty() && (text[0] == '{' || text[0] == '[');
}

// A flag's value in JSON, whose name has just been passed: after ':' and blanks, with or without quotes.
absl::string_view FlagValue(absl::string_view after_name) {
  absl::string_view rest = absl::StripLeadingAsciiWhitespace(after_name);
  if (rest.empty() || rest[0] != ':') return "";
  rest = absl::StripLeadingAsciiWhitespace(rest.substr(1));
  if (!rest.empty() && rest[0] == '"') rest.remove_prefix(1);
  return absl::StripAsciiWhitespace(rest.substr(0, rest.find_first_of("\",}]")));
}

}  // namespace

std::optional<bool> JsonFlag(absl::string_view json, absl::string_view suffix) {
  const std::string name = absl::StrCat(suffix, "\"");
  std::optional<bool> result;
  for (auto at = json.find(name); at != absl::string_view::npos; at = json.find(name, at + 1)) {
    // "…NON_AGENCY_ADOPTION_FLAG" ends in no shorter name here: a name begins after a quote or an underscore.
    if (at == 0 || (json[at - 1] != '"' && json[at - 1] != '_')) continue;
    const std::string value = absl::AsciiStrToLower(FlagValue(json.substr(at + name.size())));
    if (value.empty() || value == "null") continue;
    const bool set = value == "y" || value == "yes" || value == "t" || value == "true" || value == "1";
    result = result.value_or(false) || set;
  }
  return result;
}

absl::string_view SsdContactOutcome(RowFields& fields, Column outcome) {
  const absl::string_view text = fields.Text(outcome);
  if (!IsJson(text)) return fields.CodeText(CodeField::kOutcome, text);
  bool any = false;
  for (const OutcomeFlag& flag : kOutcomeFlags) {
    const std::optional<bool> set = JsonFlag(text, flag.suffix);
    any = any || set.has_value();
    if (set.value_or(false)) return flag.outcome;
  }
  if (!any) fields.report().Note("outcome: JSON without a flag that is known", fields.Place().line);
  return "";
}

absl::string_view SsdNfa(RowFields& fields, Column flag, Column outcome) {
  if (const auto said = fields.CodeText(CodeField::kNfa, fields.Text(flag)); !said.empty()) return said;
  const absl::string_view text = fields.Text(outcome);
  if (IsJson(text)) {
    const std::optional<bool> set = JsonFlag(text, "NFA_FLAG");
    return !set ? "" : *set ? "yes" : "no";
  }
  return fields.values().IsKnown(CodeField::kNfa, text) ? fields.CodeText(CodeField::kNfa, text) : "";
}

}  // namespace waymark::node
