#include "node/ingest/ingest.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/ingest/event_log.h"
#include "node/ingest/formats.h"
#include "node/ingest/later_wins.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/ssda903.h"
#include "node/ingest/templates.h"

namespace waymark::node {
namespace {

// The least reach: the latest beginning, the earliest extract.
void Narrow(Coverage& coverage, const SourceConfig& source) {
  if (coverage.from == kNoDay) {
    coverage = {.from = source.covered_from, .extract = source.extract_date};
  } else {
    coverage.from = std::max(coverage.from, source.covered_from);
    coverage.extract = std::min(coverage.extract, source.extract_date);
  }
}

bool IsNoMistake(absl::string_view reason) {
  return reason == kSameRow || reason == kLaterFileHasIt || reason == kUsedByNoMetric ||
         reason == kShortBreak || reason == kNoEpisodeAfterAssessment;
}

// Files of which hardly anything could be used: more likely a wrong mapping or date format than bad rows.
void JudgeFiles(QualityReport& report) {
  for (const FileReport& file : report.files) {
    if (file.rows_read == 0) {
      report.issues.push_back({Severity::kWarning, file.file, 0, "has a header and no records"});
      continue;
    }
    // What was ignored on purpose or is twice there is nobody's mistake.
    std::int64_t lost = 0;
    std::int64_t deliberate = 0;
    const std::pair<const std::string, Tally>* worst = nullptr;
    for (const auto& left : file.left_out) {
      if (IsNoMistake(left.first)) {
        deliberate += left.second.count();
        continue;
      }
      if (left.first == kUnlistedActivity) continue;
      lost += left.second.count();
      if (worst == nullptr || left.second.count() > worst->second.count()) worst = &left;
    }
    if (worst == nullptr || 2 * lost < file.rows_read) {
      if (file.rows_used > 0 || deliberate == file.rows_read) continue;
    }
    const std::string reason = worst == nullptr ? "no activity is listed in [source.mapping.stages]"
                                                : absl::StrCat("most often: ", worst->first);
    report.issues.push_back({file.rows_used == 0 ? Severity::kError : Severity::kWarning, file.file, 0,
                             absl::StrCat(file.rows_used, " of ", file.rows_read, " rows could be used (",
                                          reason, "); are the mapping and the date format right?")});
  }
}

void FillTotals(const Records& records, QualityReport& report) {
  report.persons = static_cast<std::int64_t>(records.persons.size());
  report.families = static_cast<std::int64_t>(records.family_ids.size()) +
                    std::count_if(records.persons.begin(), records.persons.end(),
                                  [](const Person& person) { return person.family == kNoFamily; });
  for (const Episode& episode : records.episodes) ++report.episodes[static_cast<int>(episode.level)];
  report.referrals = static_cast<std::int64_t>(records.referrals.size());
  report.contacts = static_cast<std::int64_t>(records.contacts.size());
  report.early_help = records.early_help;
  report.social_care = records.social_care;
  report.contact = records.contact;
}

}  // namespace

absl::StatusOr<IngestResult> Ingest(const std::vector<SourceConfig>& sources) {
  if (sources.empty()) {
    return absl::InvalidArgumentError("no sources; add a [[source]] table to the configuration");
  }
  Coverage early_help, social_care, contact, early_help_assessment;
  for (const SourceConfig& source : sources) {
    const Carries carries = source.format->carries(source);
    if (carries.early_help) Narrow(early_help, source);
    if (carries.social_care) Narrow(social_care, source);
    if (carries.contacts) Narrow(contact, source);
    if (carries.early_help_assessments) Narrow(early_help_assessment, source);
  }
  IngestResult result;
  RecordBuilder builder(early_help, social_care, contact, early_help_assessment, result.report);
  ErrorList errors;
  for (const SourceConfig& source : sources) {
    errors.Add(source.format->read(source, builder, result.report));
  }
  RETURN_IF_ERROR(errors.Joined());
  result.records = builder.Finish();
  ReportStrangers(result.records, result.report);
  JudgeFiles(result.report);
  FillTotals(result.records, result.report);
  return result;
}

}  // namespace waymark::node
