#include "node/ingest/unused_table.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status.h"

namespace waymark::node {

absl::Status CountUnused(TableReader& table, QualityReport& report) {
  FileReport& file = report.files.back();
  RETURN_IF_ERROR(table.FinishColumns());
  while (true) {
    ASSIGN_OR_RETURN(const bool any, table.Next(file));
    if (!any) break;
    file.LeaveOut(kUsedByNoMetric, table.line());
  }
  for (const auto& [reason, rows] : std::exchange(file.left_out, {})) {
    file.left_out[std::string(kUsedByNoMetric)].Take(rows);
    if (reason == kUsedByNoMetric) continue;
    file.notes[reason].Take(rows);
    report.issues.push_back({Severity::kWarning, file.file, rows.lines().front(),
                             absl::StrCat(rows.count(), " of ", file.rows_read, " rows: ", reason,
                                          "; no metric uses this table")});
  }
  return absl::OkStatus();
}

void WarnOfUnused(const absl::Status& why, QualityReport& report) {
  Issue issue;
  issue.severity = Severity::kWarning;
  issue.file = std::move(report.files.back().file);
  report.files.pop_back();
  absl::string_view text = why.message();  // "FILE:LINE: what is wrong", or "FILE is wrong"
  absl::ConsumePrefix(&text, issue.file);
  if (absl::ConsumePrefix(&text, ":")) {
    const std::pair<absl::string_view, absl::string_view> place =
        absl::StrSplit(text, absl::MaxSplits(": ", 1));
    if (std::int64_t line = 0; absl::SimpleAtoi(place.first, &line)) {
      issue.line = line;
      text = place.second;
    }
  }
  issue.message = absl::StrCat("not counted, no metric uses it: ", absl::StripPrefix(text, " "));
  report.issues.push_back(std::move(issue));
}

}  // namespace waymark::node
