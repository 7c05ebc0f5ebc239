#include "node/ingest/annex_a.h"

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "node/ingest/annex_a_lists.h"
#include "node/ingest/annex_a_rows.h"
#include "node/ingest/folder_files.h"
#include "node/ingest/workbook.h"

namespace waymark::node {
namespace {

// The council's tables by list, 1 to 11.
struct Tables {
  struct Table {
    std::string name;        // of the sheet or the file
    std::size_t number = 0;  // of the sheet
  };
  std::optional<Workbook> workbook;  // else CSV files
  std::array<std::optional<Table>, kAnnexALists + 1> lists;
  std::vector<std::string> others;  // names of tables that are no list
};

absl::Status Place(const std::string& path, const std::string& name, Tables::Table table, Tables& tables) {
  const int list = AnnexAListNamed(name);
  if (list == 0) {
    tables.others.push_back(table.name);
    return absl::OkStatus();
  }
  auto& held = tables.lists[static_cast<std::size_t>(list)];
  if (held) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": both ", held->name, " and ", table.name, " are ",
                                                   AnnexAListTitle(list), "; remove or rename one"));
  }
  held = std::move(table);
  return absl::OkStatus();
}

absl::StatusOr<Tables> FindTables(const std::string& path) {
  Tables tables;
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored) || absl::EndsWithIgnoreCase(path, ".csv")) {
    const absl::StatusOr<std::vector<std::string>> files = FilesAt(path, ".csv");
    if (absl::IsNotFound(files.status())) {
      return absl::NotFoundError(absl::StrCat(
          files.status().message(), "; where the lists are in a workbook, name the workbook itself"));
    }
    RETURN_IF_ERROR(files.status());
    for (const std::string& file : *files) {
      RETURN_IF_ERROR(Place(path, std::filesystem::path(file).stem().string(), {file}, tables));
    }
  } else {
    ASSIGN_OR_RETURN(tables.workbook, Workbook::Open(path));
    const std::vector<WorkbookSheet>& sheets = tables.workbook->sheets();
    for (std::size_t i = 0; i < sheets.size(); ++i) {
      RETURN_IF_ERROR(Place(path, sheets[i].name, {absl::StrCat("sheet ", sheets[i].name), i}, tables));
    }
  }
  return tables;
}

bool Has(const Tables& tables, int list) {
  return tables.lists[static_cast<std::size_t>(list)].has_value();
}

// What is lost where a list is not there; "" where nothing is.
absl::string_view Without(int list) {
  constexpr std::array<absl::string_view, kAnnexALists + 1> kLost = {
      "",
      "contacts",
      "early-help assessments",
      "referrals",
      "social-care assessments, and outcomes of referrals",
      "section 47 enquiries",
      "children in need",
      "child protection plans",
      "children looked after",
      "",
      "",
      ""};
  return kLost[static_cast<std::size_t>(list)];
}

absl::Status ReadCsv(int list, const SourceConfig& config, RecordBuilder& builder, AnnexAReferrals& referrals,
                     QualityReport& report) {
  ASSIGN_OR_RETURN(TableReader reader, TableReader::Open(report.files.back().file, config.csv));
  return ReadAnnexAList(list, config, reader, builder, referrals, report);
}

absl::Status ReadSheet(int list, std::unique_ptr<SheetRows> rows, const SourceConfig& config,
                       RecordBuilder& builder, AnnexAReferrals& referrals, QualityReport& report) {
  const SheetRows& sheet = *rows;
  TableReader reader(std::move(rows));
  const absl::Status status = ReadAnnexAList(list, config, reader, builder, referrals, report);
  for (const auto& [what, tally] : sheet.notes()) report.files.back().notes.emplace(what, tally);
  return status;
}

absl::Status ReadTable(int list, Tables& tables, const SourceConfig& config, RecordBuilder& builder,
                       AnnexAReferrals& referrals, QualityReport& report) {
  const Tables::Table& table = *tables.lists[static_cast<std::size_t>(list)];
  if (!tables.workbook) {
    report.files.push_back({.file = table.name});
    return ReadCsv(list, config, builder, referrals, report);
  }
  const std::string name = absl::StrCat(config.path, ", ", table.name);
  auto rows = tables.workbook->OpenSheet(table.number, AnnexANeeded(list));
  if (absl::IsNotFound(rows.status())) {
    report.issues.push_back({Severity::kWarning, name, 0, "is blank"});
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(rows.status());
  report.files.push_back({.file = name});
  return ReadSheet(list, *std::move(rows), config, builder, referrals, report);
}

void ReportLists(const Tables& tables, const SourceConfig& config, QualityReport& report) {
  const auto tell = [&](Severity severity, const std::string& message) {
    report.issues.push_back({severity, config.path, 0, message});
  };
  for (int list = 1; list <= kAnnexALists; ++list) {
    if (Has(tables, list) || Without(list).empty()) continue;
    tell(Severity::kWarning,
         absl::StrCat("has no ", AnnexAListTitle(list), "; without it: no ", Without(list)));
  }
  for (const std::string& other : tables.others) {
    tell(Severity::kInfo, absl::StrCat(other, " is none of Annex A's lists by its name, and was not read"));
  }
  if (!Has(tables, 2)) return;
  tell(Severity::kInfo,
       config.assessment_ends_early_help
           ? "early-help episodes were made of list 2's assessments and end on the day the assessment was "
             "completed "
             "(early_help_end): a proxy, since the list has no closures; it has no end reasons either"
           : "list 2 has assessments but no closures, outcomes or reasons, so it gives no early-help "
             "episodes, and "
             "what needs them is not available from it; to take the completion of an assessment for the end, "
             "set "
             "early_help_end = \"assessment_completion\" in [source.mapping]");
}

}  // namespace

void ConfigureAnnexA(ConfigTable& source, SourceConfig& config) {
  ConfigTable mapping = source.Table("mapping");
  ReadDateFormats(mapping, {"%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S"}, config);
  // As dates of a workbook's cells come, whatever its texts look like.
  AddDateFormats(mapping, IsoDateFormats(), config);
  ReadCodes(mapping, config);
  config.assessment_ends_early_help =
      mapping.OneOf("early_help_end", {"none", "assessment_completion"}, "none") != "none";
}

Carries AnnexACarries(const SourceConfig& config) {
  Carries carries;
  Levels levels = 0;
  // Where there is an error, reading reports it.
  if (const absl::StatusOr<Tables> tables = FindTables(config.path); tables.ok()) {
    carries.contacts = Has(*tables, 1);
    carries.early_help = Has(*tables, 2);
    for (int list = 3; list <= 8; ++list) carries.social_care |= Has(*tables, list);
    for (const auto& [list, level] : {std::pair(2, Level::kEarlyHelp), std::pair(6, Level::kCin),
                                      std::pair(7, Level::kCp), std::pair(8, Level::kCla)}) {
      if (Has(*tables, list)) levels |= Only(level);
    }
  }
  if (config.carries) carries = *config.carries;
  carries.levels = levels;
  carries.early_help_assessments = carries.early_help;
  carries.early_help &= config.assessment_ends_early_help;
  return carries;
}

absl::Status ReadAnnexA(const SourceConfig& config, RecordBuilder& builder, QualityReport& report) {
  ASSIGN_OR_RETURN(Tables tables, FindTables(config.path));
  AnnexAReferrals referrals;
  ErrorList errors;
  bool any = false;
  for (int list = 1; list <= kAnnexALists; ++list) {
    if (!Has(tables, list)) continue;
    any = true;
    errors.Add(ReadTable(list, tables, config, builder, referrals, report));
  }
  RETURN_IF_ERROR(errors.Joined());
  if (!any) {
    return absl::NotFoundError(absl::StrCat(
        config.path, " has none of Annex A's lists; expected ", tables.workbook ? "sheets" : "CSV files",
        " named as \"List 1\" or \"Contacts\"; it has ", absl::StrJoin(tables.others, ", ")));
  }
  referrals.Finish(builder);
  ReportLists(tables, config, report);
  return absl::OkStatus();
}

}  // namespace waymark::node
