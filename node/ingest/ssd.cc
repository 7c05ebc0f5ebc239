#include "node/ingest/ssd.h"

#include <array>
#include <memory>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/ingest/ssd_table.h"
#include "node/ingest/table_set.h"
#include "node/ingest/unused_table.h"

namespace waymark::node {
namespace {

struct Table {
  absl::string_view name;
  absl::Status (*read)(SsdTable&);
  absl::string_view without;  // what is lost where it is not there
  bool episodes = false;
};

// Persons first, so that the others can tell who is not among them; conferences before the enquiries that led
// to them, and all that is found about a referral before the referrals.
constexpr std::array<Table, 13> kTables = {{
    {"ssd_person", ReadSsdPersons, "ages, sex and ethnicity"},
    {"ssd_family", ReadSsdFamilies, "families: every child counts as a family of one"},
    {"ssd_disability", ReadSsdDisabilities, "disability"},
    {"ssd_early_help_episodes", ReadSsdEarlyHelp, "early help", true},
    {"ssd_contacts", ReadSsdContacts, "contacts"},
    {"ssd_involvements", ReadSsdInvolvements, "workers of cases but those at the referral"},
    {"ssd_cin_assessments", ReadSsdAssessments, "social-care assessments"},
    {"ssd_initial_cp_conference", ReadSsdConferences, "initial conferences"},
    {"ssd_s47_enquiry", ReadSsdEnquiries, "section 47 enquiries"},
    {"ssd_cin_plans", ReadSsdNeedPlans, "child in need plans"},
    {"ssd_cp_plans", ReadSsdProtectionPlans, "child protection plans", true},
    {"ssd_cin_episodes", ReadSsdReferrals, "referrals and children in need", true},
    {"ssd_cla_episodes", ReadSsdLookedAfter, "children looked after", true},
}};

// Counted where the files are there; a database is not asked for them. Metric 30 takes workers from
// staffing.csv: ssd_professionals has full-time equivalents of one day, of everybody, whether they hold
// early-help cases or not.
constexpr std::array<absl::string_view, 31> kUnused = {"ssd_professionals",
                                                       "ssd_address",
                                                       "ssd_immigration_status",
                                                       "ssd_mother",
                                                       "ssd_legal_status",
                                                       "ssd_cin_visits",
                                                       "ssd_assessment_factors",
                                                       "ssd_cp_visits",
                                                       "ssd_cp_reviews",
                                                       "ssd_cla_convictions",
                                                       "ssd_cla_health",
                                                       "ssd_cla_immunisations",
                                                       "ssd_cla_substance_misuse",
                                                       "ssd_cla_placement",
                                                       "ssd_cla_reviews",
                                                       "ssd_cla_visits",
                                                       "ssd_cla_previous_permanence",
                                                       "ssd_cla_care_plan",
                                                       "ssd_sdq_scores",
                                                       "ssd_missing",
                                                       "ssd_care_leavers",
                                                       "ssd_permanence",
                                                       "ssd_send",
                                                       "ssd_sen_need",
                                                       "ssd_ehcp_requests",
                                                       "ssd_ehcp_assessment",
                                                       "ssd_ehcp_named_plan",
                                                       "ssd_ehcp_active_plans",
                                                       "ssd_pre_proceedings",
                                                       "ssd_voice_of_child",
                                                       "ssd_department"};

absl::Status ReadTable(const Table& table, const SourceConfig& config, TableSet& tables, SsdLinks& links,
                       RecordBuilder& builder, QualityReport& report) {
  report.files.push_back({.file = tables.NameOf(table.name)});
  ASSIGN_OR_RETURN(TableReader reader, tables.Read(table.name));
  SsdTable being_read(config, reader, builder, report, links);
  return table.read(being_read);
}

void CountTable(absl::string_view name, TableSet& tables, QualityReport& report) {
  report.files.push_back({.file = tables.NameOf(name)});
  absl::StatusOr<TableReader> reader = tables.Read(name);
  const absl::Status counted = reader.ok() ? CountUnused(*reader, report) : reader.status();
  if (!counted.ok()) WarnOfUnused(counted, report);
}

}  // namespace

void ConfigureSsd(ConfigTable& source, SourceConfig& config) {
  ConfigTable mapping = source.Table("mapping");
  ReadDateFormats(mapping, IsoDateFormats(), config);
  ReadCodes(mapping, config);
}

Carries SsdCarries(const SourceConfig& config) {
  const auto tables = TableSet::Open(config);
  if (!tables.ok()) return config.carries.value_or(Carries());  // ReadSsd says why
  Levels levels = 0;
  for (const auto& [table, level] :
       {std::pair("ssd_early_help_episodes", Level::kEarlyHelp), std::pair("ssd_cin_episodes", Level::kCin),
        std::pair("ssd_cp_plans", Level::kCp), std::pair("ssd_cla_episodes", Level::kCla)}) {
    if ((*tables)->Has(table)) levels |= Only(level);
  }
  Carries carries = config.carries.value_or(Carries{.early_help = (levels & Only(Level::kEarlyHelp)) != 0,
                                                    .social_care = (levels & ~Only(Level::kEarlyHelp)) != 0,
                                                    .contacts = (*tables)->Has("ssd_contacts")});
  carries.levels = levels;
  return carries;
}

absl::Status ReadSsd(const SourceConfig& config, RecordBuilder& builder, QualityReport& report) {
  ASSIGN_OR_RETURN(const std::unique_ptr<TableSet> tables, TableSet::Open(config));
  SsdLinks links;
  bool any_episodes = false;
  ErrorList errors;
  for (const Table& table : kTables) {
    if (!tables->Has(table.name)) {
      report.issues.push_back({Severity::kWarning, tables->NameOf(table.name), 0,
                               absl::StrCat("not there; without it: no ", table.without)});
      continue;
    }
    any_episodes = any_episodes || table.episodes;
    errors.Add(ReadTable(table, config, *tables, links, builder, report));
  }
  for (const absl::string_view name : kUnused) {
    if (!config.database && tables->Has(name)) CountTable(name, *tables, report);
  }
  RETURN_IF_ERROR(errors.Joined());
  AddSsdSteps(links, builder);
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
