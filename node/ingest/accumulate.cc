#include "node/ingest/accumulate.h"

#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "node/ingest/extract_store.h"
#include "node/ingest/formats.h"

namespace waymark::node {
namespace {

// Reads the source alone.
absl::StatusOr<Extract> ReadExtract(const SourceConfig& source, QualityReport& report) {
  Extract extract{.head = HeadOf(source), .records = {}};
  const auto coverage = [&](bool Carries::*kind) {
    return extract.head.carries.*kind ? extract.head.window : Coverage();
  };
  QualityReport own;
  RecordBuilder builder(coverage(&Carries::early_help), coverage(&Carries::social_care),
                        coverage(&Carries::contacts), coverage(&Carries::early_help_assessments), own);
  builder.KeepEpisodeIds();
  RETURN_IF_ERROR(source.format->read(source, builder, own));
  ASSIGN_OR_RETURN(const Records records, builder.Finish());
  extract.records = Flatten(records);
  extract.head.records = static_cast<std::int64_t>(extract.records.size() - records.persons.size());
  std::move(own.files.begin(), own.files.end(), std::back_inserter(report.files));
  std::move(own.issues.begin(), own.issues.end(), std::back_inserter(report.issues));
  return extract;
}

void ReportGap(const SourceConfig& source, const std::vector<ExtractHead>& heads, const Reach& reach,
               QualityReport& report) {
  for (const Coverage* const whole :
       {&reach.early_help, &reach.social_care, &reach.contacts, &reach.early_help_assessments}) {
    if (whole->from == kNoDay) continue;
    for (const ExtractHead& head : heads) {
      if (head.window.from >= whole->from) continue;
      report.issues.push_back(
          {Severity::kWarning, source.name, 0,
           absl::StrCat("no extract covers the day before ", FormatDay(whole->from),
                        ": the history begins there, and "
                        "extracts of before count for nothing but what they tell of a child. Add the extract "
                        "that is missing")});
      return;
    }
  }
}

}  // namespace

ExtractHead HeadOf(const SourceConfig& source) {
  return {.source = source.name,
          .window = {.from = source.covered_from, .extract = source.extract_date},
          .carries = source.format->carries(source)};
}

Reach ReachOf(const std::vector<ExtractHead>& extracts) {
  return {.early_help = WholeWindow(extracts, &Carries::early_help),
          .social_care = WholeWindow(extracts, &Carries::social_care),
          .contacts = WholeWindow(extracts, &Carries::contacts),
          .early_help_assessments = WholeWindow(extracts, &Carries::early_help_assessments),
          .levels = extracts.empty() ? Levels{} : extracts.back().carries.levels};
}

absl::StatusOr<std::vector<ExtractHead>> ExtractsOf(const SourceConfig& source) {
  std::vector<ExtractHead> heads;
  if (source.accumulate && FileExists(source.store)) {
    ASSIGN_OR_RETURN(const auto store, ExtractStore::Open(source.store));
    ASSIGN_OR_RETURN(heads, store->List(source.name));
  }
  heads.push_back(HeadOf(source));
  return heads;
}

absl::StatusOr<Accumulated> Accumulate(const SourceConfig& source, QualityReport& report) {
  ASSIGN_OR_RETURN(const Extract extract, ReadExtract(source, report));
  ASSIGN_OR_RETURN(const auto store, ExtractStore::Open(source.store));
  if (extract.head.records > 0) {
    RETURN_IF_ERROR(store->Keep(extract));
  } else {
    report.issues.push_back(
        {Severity::kError, source.name, 0,
         "no record of this extract could be used, so it is not kept and those of before stand; "
         "are the path, the mapping and the date format right?"});
  }
  ASSIGN_OR_RETURN(std::vector<Extract> extracts, store->Load(source.name));
  std::vector<ExtractHead> heads;
  for (const Extract& held : extracts) heads.push_back(held.head);
  Accumulated accumulated{.reach = ReachOf(heads), .history = Merge(std::move(extracts))};
  accumulated.reach.levels = extract.head.carries.levels;  // the store does not have them
  ReportGap(source, heads, accumulated.reach, report);
  const std::vector<ExtractReport>& merged = accumulated.history.extracts;
  if (!merged.empty() && merged.back().deleted > merged.back().records) {
    report.issues.push_back(
        {Severity::kWarning, source.name, 0,
         absl::StrCat("the latest extract lacks ", merged.back().deleted,
                      " records that it ought to have, more than it holds: is it whole, and is "
                      "covered_from right?")});
  }
  report.extracts.insert(report.extracts.end(), accumulated.history.extracts.begin(),
                         accumulated.history.extracts.end());
  return accumulated;
}

void AddHistory(const SourceConfig& source, Accumulated accumulated, RecordBuilder& builder,
                QualityReport& report) {
  report.files.push_back({.file = absl::StrCat("extracts of ", source.name)});
  RowPlace place{.file = static_cast<std::uint16_t>(report.files.size() - 1)};
  for (const FlatRecord& record : accumulated.history.records) {
    // Each is a record of its own, however like another.
    ++place.line;
    ++place.hash;
    if (record.kind != FlatRecord::Kind::kPerson) ++report.files.back().rows_read;
    Add(record, place, builder);
  }
}

}  // namespace waymark::node
