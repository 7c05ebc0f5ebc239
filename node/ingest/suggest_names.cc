#include "node/ingest/suggest_names.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace waymark::node {

const std::vector<FieldNames>& AllFieldNames() {
  static const auto* const fields = new std::vector<FieldNames>{
      {"person",
       false,
       {},
       {"child id",
        "person id",
        "child unique id",
        "client id",
        "pid",
        "childs ref",
        "child ref",
        "child reference",
        "child number",
        "person reference",
        "person ref",
        "liquidlogic id",
        "lcs id",
        "eis id",
        "ehm id",
        "mosaic id",
        "mosaic person id",
        "person no",
        "person number",
        "carefirst id",
        "azeus id",
        "subject id",
        "trace id",
        "case child",
        "child",
        "la child id",
        "lachildid",
        "upn",
        "young person id",
        "yp id",
        "service user id",
        "individual id",
        "id person",
        "case id",
        "ref child"}},
      {"family",
       false,
       {},
       {"family id", "household", "household id", "household ref", "fid", "family ref", "family",
        "family number", "group id", "family reference"}},
      {"birth",
       true,
       {},
       {"dob", "date of birth", "birth date", "born", "birthdate", "child dob", "person dob"}},
      {"death", true, {}, {"date of death", "death date", "dod", "died"}},
      {"end",
       true,
       {},
       {"end date",
        "closed",
        "date closed",
        "closure date",
        "episode end date",
        "to dt",
        "end",
        "date ended",
        "close date",
        "closed date",
        "case closed",
        "finish date",
        "date to",
        "to",
        "to date",
        "ended",
        "involvement end date",
        "service end date",
        "plan end date",
        "date of closure",
        "end dt",
        "closed on",
        "date end"}},
      {"start",
       true,
       {},
       {"start date",
        "opened",
        "date opened",
        "open date",
        "episode start date",
        "from dt",
        "start",
        "date started",
        "opened date",
        "case opened",
        "begin date",
        "date from",
        "from",
        "from date",
        "started",
        "involvement start date",
        "service start date",
        "plan start date",
        "allocated date",
        "start dt",
        "opened on",
        "date start"}},
      {"date",
       true,
       {},
       {"date", "contact date", "date of contact", "referral date", "date of referral", "received on",
        "date received", "received date", "received"}},
      {"timestamp",
       true,
       {},
       {"timestamp", "when", "event date", "activity date", "event time", "date time", "datetime",
        "completed on", "event dt", "time"}},
      {"activity",
       false,
       {},
       {"activity", "what", "event", "event type", "step", "status", "workflow step", "action",
        "activity name", "concept name", "event name", "task"}},
      {"end_reason",
       false,
       CodeField::kEndReason,
       {"end reason", "closure reason", "why closed", "reason for closure", "close reason", "close rsn",
        "outcome code", "reason closed", "closing reason", "reason ended", "end outcome", "reason for ending",
        "closure outcome", "outcome", "result", "exit reason"}},
      {"outcome",
       false,
       CodeField::kOutcome,
       {"contact outcome", "led to", "contact result", "outcome", "result", "decision", "contact decision"}},
      {"source",
       false,
       CodeField::kSource,
       {"source", "referral source", "referred by", "contact source", "came from", "src", "from whom",
        "referrer", "source of referral", "referrer type", "referring agency", "agency"}},
      {"need",
       false,
       CodeField::kNeed,
       {"need", "primary need", "primary need code", "main issue", "need code", "presenting issue",
        "presenting need", "main need", "reason", "referral reason"}},
      {"nfa", false, CodeField::kNfa, {"nfa", "nfa flag", "no further action", "referral nfa"}},
      {"sex", false, CodeField::kSex, {"sex", "gender", "gender current", "child gender"}},
      {"ethnicity",
       false,
       CodeField::kEthnicity,
       {"ethnicity", "ethnic group", "ethnic origin", "ethnic code", "ethnicity code", "ethnic"}},
      {"disability",
       false,
       CodeField::kDisability,
       {"disability", "disabled", "has disability", "does the child have a disability", "disability status",
        "send"}},
      {"level",
       false,
       CodeField::kLevel,
       {"level", "stage", "tier", "level of need", "plan type", "episode type", "service level", "threshold",
        "case type"}},
      {"kind",
       false,
       CodeField::kKind,
       {"record type", "rectype", "kind", "type", "row type", "entry type", "type of record"}},
      {"area",
       false,
       {},
       {"area", "ward", "locality", "patch", "district", "neighbourhood", "cluster", "hub"}},
      {"team", false, {}, {"team", "held by", "allocated team", "team name", "organisation", "org team"}},
      {"service",
       false,
       {},
       {"service", "service type", "service name", "provider", "programme", "intervention"}},
      {"worker",
       false,
       {},
       {"allocated worker", "worker id", "case worker", "caseworker", "lead practitioner", "worker"}},
      {"id",
       false,
       {},
       {"episode id", "record id", "recno", "ref", "case id", "case ref", "case number", "episode number",
        "record no", "plan id", "involvement id", "reference", "event id", "id"}},
  };
  return *fields;
}

std::string PlainName(absl::string_view name) {
  std::string plain;
  char before = ' ';
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || c == '\'') continue;  // "Child’s"
    const bool begins = absl::ascii_isupper(byte) && absl::ascii_islower(static_cast<unsigned char>(before));
    if (!absl::ascii_isalnum(byte) || begins) {
      if (!plain.empty() && plain.back() != ' ') plain.push_back(' ');
    }
    if (absl::ascii_isalnum(byte)) plain.push_back(absl::ascii_tolower(byte));
    before = c;
  }
  absl::StripTrailingAsciiWhitespace(&plain);
  return plain;
}

int NameFit(const FieldNames& field, absl::string_view name) {
  const std::string plain = PlainName(name);
  const std::string spaced = absl::StrCat(" ", plain, " ");
  int rank = static_cast<int>(field.names.size());
  int within = 0;
  for (const absl::string_view known : field.names) {
    if (plain == known) return 1 + rank;
    // A single short word says too little within a longer name.
    if (known.size() > 4 && absl::StrContains(spaced, absl::StrCat(" ", known, " "))) within = 1;
    --rank;
  }
  return within;
}

absl::string_view LevelInName(absl::string_view name) {
  struct Word {
    absl::string_view word;
    absl::string_view level;
  };
  constexpr Word kWords[] = {
      {" clos", "close"},
      {" ended ", "close"},
      {" case end", "close"},
      {" exit", "close"},
      {" looked after", "cla"},
      {" cla ", "cla"},
      {" lac ", "cla"},
      {" in care", "cla"},
      {" child protection", "cp"},
      {" cpp ", "cp"},
      {" cp ", "cp"},
      {" conference", "cp"},
      {" child in need", "cin"},
      {" children in need", "cin"},
      {" cin ", "cin"},
      {" social care", "cin"},
      {" early help", "early_help"},
      {" eh ", "early_help"},
      {" eha ", "early_help"},
      {" caf ", "early_help"},
      {" tac ", "early_help"},
      {" taf ", "early_help"},
      {" family help", "early_help"},
      {" family support", "early_help"},
      {" targeted", "early_help"},
      {" plan ", "early_help"},
  };
  const std::string spaced = absl::StrCat(" ", PlainName(name), " ");
  for (const Word& word : kWords) {
    if (absl::StrContains(spaced, word.word)) return word.level;
  }
  return "";
}

}  // namespace waymark::node
