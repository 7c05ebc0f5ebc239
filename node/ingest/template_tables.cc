#include "node/ingest/template_tables.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace waymark::node {
namespace {

using enum TemplateType;

constexpr absl::string_view kPerson = "the child's id, as in the other sources";
constexpr absl::string_view kService = "the service's name, as in the other sources";

std::vector<TemplateTable> MadeTables() {
  return {
      {"costs",
       "What a service cost from one day to another, both included. A cost of a longer time counts by its "
       "days.",
       "39",
       {{"service", kText, true, kService},
        {"from", kDate, true, "first day"},
        {"to", kDate, true, "last day"},
        {"cost", kMoney, true, "in pounds"}}},
      {"needs",
       "One of the ten Supporting Families outcomes for one child, when help began and when it ended.",
       "23-outcomes, 28",
       {{"person", kChild, true, kPerson},
        {"outcome", kOutcome, true, "which of the ten"},
        {"start", kDate, true, "the day on which needs were recorded when help began"},
        {"present", kYesNo, true, "whether it was a need then"},
        {"end", kDate, false, "the day on which help ended; blank where it goes on"},
        {"met", kYesNo, false, "whether the need was met then; blank where nothing was recorded"},
        {"service", kText, false, kService}}},
      {"scores",
       "One tool's score of one child, when help began and when it ended.",
       "27, 27-coverage",
       {{"person", kChild, true, kPerson},
        {"tool", kText, true, "the tool's name and version: only scores of the same tool compare"},
        {"better", kDirection, true, "whether high or low scores of the tool are better"},
        {"start", kDate, true, "the day of the first score"},
        {"start_score", kDecimal, true, "the first score"},
        {"end", kDate, false, "the day of the second score; blank where there is none"},
        {"end_score", kDecimal, false, "the second score; filled in where `end` is"},
        {"service", kText, false, kService}}},
      {"staffing",
       "Full-time equivalents that hold early-help cases, from one day to another.",
       "30",
       {{"from", kDate, true, "first day"},
        {"to", kDate, false, "last day; blank where it goes on"},
        {"team", kText, false, "the team's name, as in the other sources"},
        {"worker", kId, false, "the worker's id, as in the other sources; blank for a team as a whole"},
        {"fte", kDecimal, true, "case-holding full-time equivalents, as 0.8"}}},
      {"standards",
       "The council's own standard beside a metric's, in working days. It is not compared with other "
       "councils.",
       "12, 13, 13-referral, 15",
       {{"metric", kText, true, "the metric's id, as 12"},
        {"days", kDays, true, "the council's standard, in working days"}}},
      {"views",
       "One family asked in one survey.",
       "29, 29-response",
       {{"survey", kText, true, "the survey's name: only answers to the same survey compare"},
        {"date", kDate, true, "the day on which the family was asked"},
        {"person", kChild, false, kPerson},
        {"family", kId, false, "the family's id, as in the other sources"},
        {"asked", kYesNo, false, "no for a family that was to be asked and was not; blank is yes"},
        {"answered", kYesNo, true, "whether the family answered"},
        {"response", kResponse, false, "how the answer was; blank where it does not say"},
        {"service", kText, false, kService}}},
  };
}

}  // namespace

const std::vector<TemplateTable>& TemplateTables() {
  static const auto* const tables = new std::vector<TemplateTable>(MadeTables());
  return *tables;
}

absl::string_view TypeInWords(TemplateType type) {
  switch (type) {
    case kChild:
    case kId:
      return "id";
    case kText:
      return "text";
    case kDate:
      return "date";
    case kDecimal:
      return "number with at most three decimals";
    case kMoney:
      return "number with at most two decimals, not negative";
    case kDays:
      return "whole number from 1 to 3660";
    case kOutcome:
      return "number from 1 to 10, or the outcome's name";
    case kYesNo:
      return "yes or no";
    case kDirection:
      return "high or low";
    case kResponse:
      return "positive, neutral or negative";
  }
  return "";
}

std::string HeaderLine(const TemplateTable& table) {
  return absl::StrCat(absl::StrJoin(table.columns, ",",
                                    [](std::string* out, const TemplateColumn& column) {
                                      absl::StrAppend(out, column.name);
                                    }),
                      "\r\n");
}

const std::vector<absl::string_view>& OutcomeNames() {
  static const auto* const names =
      new std::vector<absl::string_view>{"education",     "early_years",          "health",
                                         "substance_use", "family_relationships", "abuse_and_exploitation",
                                         "crime",         "domestic_abuse",       "housing",
                                         "finances"};
  return *names;
}

int OutcomeNumber(absl::string_view text) {
  const std::vector<absl::string_view>& names = OutcomeNames();
  int number = 0;
  if (absl::SimpleAtoi(text, &number))
    return number >= 1 && number <= static_cast<int>(names.size()) ? number : 0;
  const auto found = std::find_if(names.begin(), names.end(), [text](absl::string_view name) {
    return absl::EqualsIgnoreCase(name, text);
  });
  return found == names.end() ? 0 : static_cast<int>(found - names.begin()) + 1;
}

}  // namespace waymark::node
