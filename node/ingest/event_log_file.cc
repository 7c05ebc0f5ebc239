// The files that hold an event log: a CSV, or a sheet of a workbook.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "node/ingest/event_log.h"
#include "node/ingest/workbook.h"

namespace waymark::node {
namespace {

// The place among the workbook's sheets of the one that is configured.
absl::StatusOr<std::size_t> SheetOf(const SourceConfig& config, const Workbook& workbook) {
  const std::vector<WorkbookSheet>& sheets = workbook.sheets();
  if (config.sheet.empty() && sheets.size() == 1) return 0;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    if (sheets[i].name == config.sheet) return i;
    names.push_back(sheets[i].name);
  }
  const std::string there = absl::StrCat("its sheets are ", absl::StrJoin(names, ", "));
  if (config.sheet.empty())
    return absl::InvalidArgumentError(absl::StrCat(config.path, ": name one with `sheet`; ", there));
  return absl::NotFoundError(absl::StrCat(config.path, ": has no sheet ", config.sheet, "; ", there));
}

absl::Status ReadSheet(const SourceConfig& config, RecordBuilder& builder, QualityReport& report) {
  ASSIGN_OR_RETURN(Workbook workbook, Workbook::Open(config.path));
  ASSIGN_OR_RETURN(const std::size_t number, SheetOf(config, workbook));
  const EventLogMapping& mapping = config.mapping;
  std::vector<std::vector<std::string>> needed;
  for (const std::string* column : {&mapping.person, &mapping.start, &mapping.date, &mapping.timestamp}) {
    if (!column->empty()) needed.push_back({*column});
  }
  ASSIGN_OR_RETURN(std::unique_ptr<SheetRows> rows, workbook.OpenSheet(number, needed));
  const SheetRows& sheet = *rows;
  TableReader table(std::move(rows));
  const absl::Status status = ReadEventLogRows(config, table, builder, report);
  for (const auto& [what, tally] : sheet.notes()) report.files.back().notes.emplace(what, tally);
  return status;
}

}  // namespace

absl::Status ReadEventLog(const SourceConfig& config, RecordBuilder& builder, QualityReport& report) {
  if (IsWorkbookName(config.path)) return ReadSheet(config, builder, report);
  ASSIGN_OR_RETURN(TableReader table, TableReader::Open(config.path, config.csv));
  return ReadEventLogRows(config, table, builder, report);
}

}  // namespace waymark::node
