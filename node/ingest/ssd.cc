#include "node/ingest/ssd.h"

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/ingest/person_table.h"
#include "node/ingest/table_set.h"

namespace waymark::node {
namespace {

// Flags of ssd_contacts' and ssd_cin_episodes' outcomes, by what they stand for. In order: the first that is
// set tells.
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

struct SsdTable : PersonTable {
  using PersonTable::PersonTable;

  // For tables of records: remarks on persons that ssd_person does not have.
  template <typename Row>
  absl::Status ForEachRecord(Column person, const Row& row) {
    return ForEach(person, [&](std::uint32_t number, const RowPlace& place) {
      if (builder.has_person_list() && !builder.IsListed(number)) {
        fields.report().Note("a person that ssd_person does not have", place.line);
      }
      row(number, place);
    });
  }
};

absl::Status ReadPersons(SsdTable& t) {
  const Column person = t.reader.Required({"pers_person_id"});
  const Column birth = t.reader.Optional({"pers_dob"});
  const Column expected = t.reader.Optional({"pers_expected_dob"});
  const Column death = t.reader.Optional({"pers_death_date"});
  const Column sex = t.reader.Optional({"pers_sex"});
  const Column gender = t.reader.Optional({"pers_gender"});
  const Column ethnicity = t.reader.Optional({"pers_ethnicity"});
  return t.ForEach(person, [&](std::uint32_t number, const RowPlace& place) {
    PersonRow row{.birth = t.fields.Date(t.fields.Text(birth).empty() ? expected : birth),
                  .death = t.fields.Date(death),
                  .family = {},
                  .sex = t.fields.Coded(CodeField::kSex,
                                        t.fields.Text(sex).empty() && gender != kNoColumn ? gender : sex),
                  .ethnicity = t.fields.Coded(CodeField::kEthnicity, ethnicity)};
    t.builder.AddPerson(number, row, place);
    t.builder.ListPerson(number);
    ++t.fields.report().rows_used;
  });
}

absl::Status ReadFamilies(SsdTable& t) {
  const Column person = t.reader.Required({"fami_person_id"});
  const Column family = t.reader.Required({"fami_family_id"});
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    if (t.fields.Text(family).empty()) return t.fields.LeaveOut("no id of a family");
    t.builder.AddPerson(number, {.family = t.fields.Text(family)}, place);
    ++t.fields.report().rows_used;
  });
}

// A child may have several rows, one a disability; NONE says that there is none.
absl::Status ReadDisabilities(SsdTable& t) {
  const Column person = t.reader.Required({"disa_person_id"});
  const Column code = t.reader.Required({"disa_disability_code"});
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    const absl::string_view value = t.fields.Text(code);
    if (value.empty()) return t.fields.LeaveOut("no disability code");
    t.builder.AddPerson(number, {.disability = t.builder.Text(t.fields.values().Disability(value))}, place);
    ++t.fields.report().rows_used;
  });
}

absl::Status ReadEarlyHelp(SsdTable& t) {
  const Column person = t.reader.Required({"earl_person_id"});
  const Column start = t.reader.Required({"earl_episode_start_date"});
  const Column end = t.reader.Required({"earl_episode_end_date"});
  const Column id = t.reader.Optional({"earl_episode_id"});
  const Column reason = t.reader.Optional({"earl_episode_reason"});
  const Column end_reason = t.reader.Optional({"earl_episode_end_reason"});
  const Column organisation = t.reader.Optional({"earl_episode_organisation"});
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    t.builder.AddEpisode({.person = number,
                          .level = Level::kEarlyHelp,
                          .end_reason = t.fields.EndReason(Level::kEarlyHelp, end_reason),
                          .need = t.fields.Coded(CodeField::kNeed, reason),
                          .service = t.fields.Named("service", organisation),
                          .id = t.fields.Id(id)},
                         t.fields.Date(start), t.fields.Date(end), place);
  });
}

// kNoCode where nothing tells.
Code ContactOutcome(SsdTable& t, Column outcome) {
  if (outcome == kNoColumn) return kNoCode;
  const absl::string_view text = t.fields.Text(outcome);
  if (!IsJson(text)) return t.fields.Coded(CodeField::kOutcome, outcome);
  bool any = false;
  for (const OutcomeFlag& flag : kOutcomeFlags) {
    const std::optional<bool> set = JsonFlag(text, flag.suffix);
    any = any || set.has_value();
    if (set.value_or(false)) return t.builder.Text(flag.outcome);
  }
  if (!any) t.fields.report().Note("outcome: JSON without a flag that is known", t.reader.line());
  return t.builder.Text("");
}

absl::Status ReadContacts(SsdTable& t) {
  const Column person = t.reader.Required({"cont_person_id"});
  const Column date = t.reader.Required({"cont_contact_date", "cont_contact_start"});
  const Column id = t.reader.Optional({"cont_contact_id"});
  const Column source = t.reader.Optional({"cont_contact_source_code", "cont_contact_source"});
  const Column outcome = t.reader.Optional({"cont_contact_outcome_json", "cont_contact_outcome"});
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    t.builder.AddContact({.person = number,
                          .source = t.fields.Coded(CodeField::kSource, source),
                          .outcome = ContactOutcome(t, outcome),
                          .id = t.fields.Id(id)},
                         t.fields.Date(date), place);
  });
}

// "yes", "no", or "" where neither column is there. From the flag; blank: from the outcome; blank too: no.
absl::string_view Nfa(SsdTable& t, Column flag, Column outcome) {
  if (flag == kNoColumn && outcome == kNoColumn) return "";
  if (const auto said = t.fields.CodeText(CodeField::kNfa, t.fields.Text(flag)); !said.empty()) return said;
  const absl::string_view text = t.fields.Text(outcome);
  if (text.empty()) return "no";
  if (IsJson(text)) return JsonFlag(text, "NFA_FLAG").value_or(false) ? "yes" : "no";
  return t.fields.values().IsKnown(CodeField::kNfa, text) ? t.fields.CodeText(CodeField::kNfa, text) : "no";
}

// A row is a referral, and an episode that starts with it unless it ended in no further action or with RC8.
absl::Status ReadChildrenInNeed(SsdTable& t) {
  const Column person = t.reader.Required({"cine_person_id"});
  const Column date = t.reader.Required({"cine_referral_date"});
  const Column closed = t.reader.Required({"cine_close_date"});
  const Column id = t.reader.Optional({"cine_referral_id"});
  const Column need = t.reader.Optional({"cine_cin_primary_need_code", "cine_cin_primary_need"});
  const Column source = t.reader.Optional({"cine_referral_source_code", "cine_referral_source"});
  const Column outcome = t.reader.Optional({"cine_referral_outcome_json", "cine_referral_outcome"});
  const Column nfa = t.reader.Optional({"cine_referral_nfa"});
  const Column reason = t.reader.Optional({"cine_close_reason"});
  const Column team = t.reader.Optional({"cine_referral_team", "cine_referral_team_name"});
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    const absl::string_view said = Nfa(t, nfa, outcome);
    const Code source_code = t.fields.Coded(CodeField::kSource, source);
    const Code team_code = t.fields.Named("team", team);
    const RecordId id_code = t.fields.Id(id);
    const bool referred = t.builder.AddReferral({.person = number,
                                                 .source = source_code,
                                                 .nfa = said.empty() ? kNoCode : t.builder.Text(said),
                                                 .team = team_code,
                                                 .id = id_code},
                                                t.fields.Date(date), place);
    if (!referred || said == "yes" || ClosedAfterAssessment(t.fields.Text(reason))) return;
    RowPlace same_row = place;
    same_row.counts = false;
    t.builder.AddEpisode({.person = number,
                          .level = Level::kCin,
                          .source = source_code,
                          .end_reason = t.fields.EndReason(Level::kCin, reason),
                          .need = t.fields.Coded(CodeField::kNeed, need),
                          .team = team_code,
                          .id = id_code},
                         t.fields.Date(date), t.fields.Date(closed), same_row);
  });
}

absl::Status ReadProtectionPlans(SsdTable& t) {
  const Column person = t.reader.Required({"cppl_person_id"});
  const Column start = t.reader.Required({"cppl_cp_plan_start_date"});
  const Column end = t.reader.Required({"cppl_cp_plan_end_date"});
  const Column id = t.reader.Optional({"cppl_cp_plan_id"});
  const Column team = t.reader.Optional({"cppl_cp_plan_team"});
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    t.builder.AddEpisode(
        {.person = number, .level = Level::kCp, .team = t.fields.Named("team", team), .id = t.fields.Id(id)},
        t.fields.Date(start), t.fields.Date(end), place);
  });
}

absl::Status ReadLookedAfter(SsdTable& t) {
  const Column person = t.reader.Required({"clae_person_id"});
  const Column start = t.reader.Required({"clae_cla_episode_start_date", "clae_cla_episode_start"});
  const Column end = t.reader.Required({"clae_cla_episode_ceased_date", "clae_cla_episode_ceased"});
  const Column id = t.reader.Optional({"clae_cla_episode_id"});
  const Column reason =
      t.reader.Optional({"clae_cla_episode_ceased_reason", "clae_cla_episode_cease_reason"});
  const Column need = t.reader.Optional({"clae_cla_primary_need_code", "clae_cla_primary_need"});
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    t.builder.AddEpisode({.person = number,
                          .level = Level::kCla,
                          .end_reason = t.fields.EndReason(Level::kCla, reason),
                          .need = t.fields.Coded(CodeField::kNeed, need),
                          .id = t.fields.Id(id)},
                         t.fields.Date(start), t.fields.Date(end), place);
  });
}

struct Table {
  absl::string_view name;
  absl::Status (*read)(SsdTable&);
  absl::string_view without;  // what is lost where it is not there
};

// Persons first, so that the others can tell who is not among them.
constexpr std::array<Table, 8> kTables = {{
    {"ssd_person", ReadPersons, "ages, sex and ethnicity"},
    {"ssd_family", ReadFamilies, "families: every child counts as a family of one"},
    {"ssd_disability", ReadDisabilities, "disability"},
    {"ssd_early_help_episodes", ReadEarlyHelp, "early help"},
    {"ssd_contacts", ReadContacts, "contacts"},
    {"ssd_cin_episodes", ReadChildrenInNeed, "referrals and children in need"},
    {"ssd_cp_plans", ReadProtectionPlans, "child protection plans"},
    {"ssd_cla_episodes", ReadLookedAfter, "children looked after"},
}};

absl::Status ReadTable(const Table& table, const SourceConfig& config, TableSet& tables,
                       RecordBuilder& builder, QualityReport& report) {
  report.files.push_back({.file = tables.NameOf(table.name)});
  ASSIGN_OR_RETURN(TableReader reader, tables.Read(table.name));
  SsdTable being_read(config, reader, builder, report);
  return table.read(being_read);
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
    const bool set = value == "y" || value == "yes" || value == "true" || value == "1";
    result = result.value_or(false) || set;
  }
  return result;
}

void ConfigureSsd(ConfigTable& source, SourceConfig& config) {
  ConfigTable mapping = source.Table("mapping");
  ReadDateFormats(mapping, IsoDateFormats(), config);
  ReadCodes(mapping, config);
}

Carries SsdCarries(const SourceConfig& config) {
  if (config.carries) return *config.carries;
  const auto tables = TableSet::Open(config);
  if (!tables.ok()) return {};  // ReadSsd says why
  const auto has = [&](absl::string_view table) { return (*tables)->Has(table); };
  return {.early_help = has("ssd_early_help_episodes"),
          .social_care = has("ssd_cin_episodes") || has("ssd_cp_plans") || has("ssd_cla_episodes"),
          .contacts = has("ssd_contacts")};
}

absl::Status ReadSsd(const SourceConfig& config, RecordBuilder& builder, QualityReport& report) {
  ASSIGN_OR_RETURN(const std::unique_ptr<TableSet> tables, TableSet::Open(config));
  bool any_episodes = false;
  ErrorList errors;
  for (const Table& table : kTables) {
    if (!tables->Has(table.name)) {
      report.issues.push_back({Severity::kWarning, tables->NameOf(table.name), 0,
                               absl::StrCat("not there; without it: no ", table.without)});
      continue;
    }
    any_episodes = any_episodes || (table.read != ReadPersons && table.read != ReadFamilies &&
                                    table.read != ReadDisabilities && table.read != ReadContacts);
    errors.Add(ReadTable(table, config, *tables, builder, report));
  }
  RETURN_IF_ERROR(errors.Joined());
  if (any_episodes) return absl::OkStatus();
  if (config.database) {
    return absl::NotFoundError(absl::StrCat(
        config.database->connection,
        " has no table with episodes that this user may see; expected ssd_early_help_episodes, "
        "ssd_cin_episodes, ssd_cp_plans or ssd_cla_episodes. Check `schema` and the user's rights"));
  }
  return absl::NotFoundError(
      absl::StrCat(config.path,
                   " holds no table with episodes; expected a folder with ssd_early_help_episodes.csv, "
                   "ssd_cin_episodes.csv, ssd_cp_plans.csv or ssd_cla_episodes.csv"));
}

}  // namespace waymark::node
