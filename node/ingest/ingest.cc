#include "node/ingest/ingest.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/ingest/accumulate.h"
#include "node/ingest/event_log.h"
#include "node/ingest/formats.h"
#include "node/ingest/later_wins.h"
#include "node/ingest/links.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/ssda903.h"
#include "node/ingest/templates.h"

namespace waymark::node {
namespace {

// The least reach: the latest beginning, the earliest extract.
void Narrow(Coverage& coverage, const Coverage& source) {
  if (source.from == kNoDay) return;
  coverage.from = coverage.from == kNoDay ? source.from : std::max(coverage.from, source.from);
  coverage.extract = std::min(coverage.extract, source.extract);
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
    std::int64_t understood = file.rows_used;
    const std::pair<const std::string, Tally>* worst = nullptr;
    for (const auto& left : file.left_out) {
      if (IsNoMistake(left.first)) {
        understood += left.second.count();
        continue;
      }
      if (left.first == kUnlistedActivity) continue;
      lost += left.second.count();
      if (worst == nullptr || left.second.count() > worst->second.count()) worst = &left;
    }
    if ((worst == nullptr || 2 * lost < file.rows_read) && understood > 0) continue;
    const std::string reason = worst == nullptr ? "no activity is listed in [source.mapping.stages]"
                                                : absl::StrCat("most often: ", worst->first);
    report.issues.push_back({understood == 0 ? Severity::kError : Severity::kWarning, file.file, 0,
                             absl::StrCat(file.rows_used, " of ", file.rows_read, " rows could be used (",
                                          reason, "); are the mapping and the date format right?")});
  }
}

// A person without one is a family alone.
std::int64_t FamiliesOf(const Records& records) {
  return static_cast<std::int64_t>(records.family_ids.size()) +
         std::count_if(records.persons.begin(), records.persons.end(),
                       [](const Person& person) { return person.family == kNoFamily; });
}

void FillTotals(const Records& records, QualityReport& report) {
  report.persons = static_cast<std::int64_t>(records.persons.size());
  if (records.made.families) report.families = FamiliesOf(records);
  report.referrals = static_cast<std::int64_t>(records.referrals.size());
  report.contacts = static_cast<std::int64_t>(records.contacts.size());
  for (const Step& step : records.steps) ++report.steps[static_cast<int>(step.kind)];
  report.early_help = records.early_help;
  report.social_care = records.social_care;
  report.contact = records.contact;
  // Records have it as early help is reached where nothing else is said.
  const Coverage& assessments = records.early_help_assessment;
  if (report.steps[0] > 0 || assessments.from != records.early_help.from)
    report.early_help_assessment = assessments;
}

// Of a file, or of the files in a folder; 0 where there is neither (a database).
std::uint64_t BytesOf(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error)) return std::filesystem::file_size(path, error);
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    if (entry.is_regular_file(error)) bytes += entry.file_size(error);
  }
  return bytes;
}

absl::StatusOr<Links> LinksOf(const std::vector<SourceConfig>& sources) {
  if (!sources[0].links) return Links();
  std::set<std::string> names;
  for (const SourceConfig& source : sources) {
    if (!source.name.empty()) names.insert(source.name);
  }
  return ReadLinks(*sources[0].links, names);
}

// Ids that the table of links does not have: an issue each source, and less in metric 43.
void ReportLinks(const LinksConfig& config, const Links& links, IngestResult& result) {
  std::int64_t unlinked = 0;
  for (const auto& [source, of_source] : links) {
    if (of_source.unlinked() == 0) continue;
    unlinked += of_source.unlinked();
    result.report.issues.push_back(
        {Severity::kWarning, config.path, 0,
         absl::StrCat(of_source.unlinked(), " ids of ", source,
                      " have no line here: they keep their own id, and join with no other source")});
  }
  const auto persons = static_cast<std::int64_t>(result.records.persons.size());
  std::vector<FieldQuality>& fields = result.records.quality;
  constexpr absl::string_view kField = "person.linked";
  auto at =
      std::lower_bound(fields.begin(), fields.end(), kField,
                       [](const FieldQuality& field, absl::string_view name) { return field.field < name; });
  if (at == fields.end() || at->field != kField) {
    at = fields.insert(at, {.field = std::string(kField), .records = persons, .complete = persons});
  }
  at->complete = std::max<std::int64_t>(0, at->complete - unlinked);
  result.report.fields = fields;
}

}  // namespace

absl::StatusOr<IngestResult> Ingest(const std::vector<SourceConfig>& sources, const ReadProgress& progress,
                                    const Extras& make) {
  if (sources.empty()) {
    return absl::InvalidArgumentError("no sources; add a [[source]] table to the configuration");
  }
  IngestResult result;
  ErrorList errors;
  std::vector<std::optional<Accumulated>> histories(sources.size());
  Reach reach;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (sources[i].accumulate) {
      absl::StatusOr<Accumulated> history = Accumulate(sources[i], result.report);
      errors.Add(history.status());
      if (!history.ok()) continue;
      histories[i] = *std::move(history);
    }
    const Reach of_source = histories[i] ? histories[i]->reach : ReachOf({HeadOf(sources[i])});
    Narrow(reach.early_help, of_source.early_help);
    Narrow(reach.social_care, of_source.social_care);
    Narrow(reach.contacts, of_source.contacts);
    Narrow(reach.early_help_assessments, of_source.early_help_assessments);
    reach.levels |= of_source.levels;
  }
  RecordBuilder builder(reach.early_help, reach.social_care, reach.contacts, reach.early_help_assessments,
                        result.report);
  builder.Make(make);
  absl::StatusOr<Links> links = LinksOf(sources);
  errors.Add(links.status());
  if (!links.ok()) return errors.Joined();
  std::uint64_t total = 0;
  for (const SourceConfig& source : sources) total += BytesOf(source.path);
  std::uint64_t before = 0;  // of the sources that are done
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto linked = links->find(sources[i].ids_of);
    builder.LinkPersons(linked == links->end() ? nullptr : &linked->second);
    if (histories[i]) {
      AddHistory(sources[i], *std::move(histories[i]), builder, result.report);
    } else if (!sources[i].accumulate) {
      SourceConfig source = sources[i];
      std::uint64_t done = before;
      if (progress) {
        source.csv.on_read = [&](std::size_t bytes) { progress(done += bytes, total); };
      }
      errors.Add(source.format->read(source, builder, result.report));
    }
    before += BytesOf(sources[i].path);
  }
  RETURN_IF_ERROR(errors.Joined());
  ASSIGN_OR_RETURN(result.records, builder.Finish());
  if (make.ids) ReportStrangers(result.records, result.report);
  JudgeFiles(result.report);
  if (sources[0].links && make.quality) ReportLinks(*sources[0].links, *links, result);
  FillTotals(result.records, result.report);
  result.records.levels = reach.levels;
  for (int level = 0; level < kLevels; ++level) {
    if (result.report.episodes[level] > 0) result.records.levels |= Only(static_cast<Level>(level));
  }
  return result;
}

}  // namespace waymark::node
