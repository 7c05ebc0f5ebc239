#include "node/ingest/census_years.h"

#include <algorithm>
#include <memory>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/ingest/byte_source.h"
#include "node/ingest/census_xml.h"
#include "node/ingest/folder_files.h"

namespace waymark::node {
namespace {

using Field = CensusField;

constexpr Day kLongestYear = 366;

// Takes the header and stops.
class HeaderOnly final : public CensusSink {
 public:
  absl::Status Header(const CensusRow& header) override {
    row = header;
    seen = true;
    return absl::CancelledError("the header is all that was wanted");
  }
  absl::Status Child(const CensusChild&) override { return absl::OkStatus(); }

  CensusRow row;
  bool seen = false;
};

absl::StatusOr<Day> ReferenceDay(const std::string& path, const CensusRow& header) {
  if (const auto day = ParseIsoDay(header.Get(Field::kReferenceDate).substr(0, 10))) return *day;
  std::int32_t year = 0;
  if (absl::SimpleAtoi(header.Get(Field::kYear), &year)) {
    if (const auto day = DayOf({.year = year, .month = 3, .day = 31})) return *day;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(path, ":", header.line,
                   ": the header has neither a <ReferenceDate> as 2025-03-31 nor a "
                   "<Year>, so it cannot be told which census is the later; mend it"));
}

absl::StatusOr<Census> ReadHeader(const std::string& path, std::int64_t expected_council) {
  HeaderOnly header;
  FileReport ignored{.file = path};
  ASSIGN_OR_RETURN(const std::unique_ptr<ByteSource> bytes, OpenFile(path));
  const absl::Status status = ReadCensus(*bytes, path, header, ignored);
  if (!header.seen) {
    return !status.ok()
               ? status
               : absl::InvalidArgumentError(absl::StrCat(
                     path, " has no <Header>, so it is not known whose census it is; export it whole"));
  }
  const absl::string_view collection = header.row.Get(Field::kCollection);
  if (!absl::EqualsIgnoreCase(collection, "CIN")) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ":", header.row.line, ": the header names ",
                     collection.empty() ? "no collection" : "another collection",
                     "; expected <Collection>CIN</Collection>"));
  }
  Census census{.path = path, .made = std::string(header.row.Get(Field::kMade))};
  ASSIGN_OR_RETURN(census.reference, ReferenceDay(path, header.row));
  if (!absl::SimpleAtoi(header.row.Get(Field::kCouncil), &census.council)) census.council = 0;
  if (expected_council != 0 && census.council != expected_council) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, ":", header.row.line, ": a census of ",
        census.council == 0 ? std::string("no council that is named (<LEA>)")
                            : absl::StrCat("council ", census.council),
        "; expected council ", expected_council, " (la_code): remove the file, or mend la_code"));
  }
  return census;
}

}  // namespace

absl::StatusOr<std::vector<Census>> FindCensuses(const SourceConfig& config) {
  ASSIGN_OR_RETURN(const std::vector<std::string> paths, FilesAt(config.path, ".xml"));
  std::vector<Census> censuses;
  ErrorList errors;
  for (const std::string& path : paths) {
    absl::StatusOr<Census> census = ReadHeader(path, config.la_code);
    if (census.ok()) {
      censuses.push_back(*std::move(census));
    } else {
      errors.Add(census.status());
    }
  }
  RETURN_IF_ERROR(errors.Joined());
  std::sort(censuses.begin(), censuses.end(), [](const Census& a, const Census& b) {
    return std::tie(a.reference, a.made, a.path) > std::tie(b.reference, b.made, b.path);
  });
  for (const Census& census : censuses) {
    if (census.council == censuses.front().council) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(census.path, " is a census of council ", census.council, " and ", censuses.front().path,
                     " of council ", censuses.front().council,
                     "; leave one council's files there, or set la_code to its number"));
  }
  return censuses;
}

void JudgeYears(const SourceConfig& config, const std::vector<Census>& censuses, QualityReport& report) {
  for (const Census& census : censuses) {
    report.issues.push_back({Severity::kInfo, census.path, 0,
                             absl::StrCat("the census of ",
                                          census.council == 0 ? std::string("a council that it does not name")
                                                              : absl::StrCat("council ", census.council),
                                          " at ", FormatDay(census.reference))});
  }
  const auto warn = [&](absl::string_view message) {
    report.issues.push_back({Severity::kWarning, config.path, 0, std::string(message)});
  };
  if (censuses.front().reference < config.extract_date) {
    warn(absl::StrCat(
        "the latest census is of ", FormatDay(censuses.front().reference),
        ", before extract_date: what happened since is not known; set extract_date to that day"));
  }
  for (std::size_t i = 1; i < censuses.size(); ++i) {
    if (censuses[i - 1].reference - censuses[i].reference <= kLongestYear) continue;
    warn(absl::StrCat("no census between ", FormatDay(censuses[i].reference), " and ",
                      FormatDay(censuses[i - 1].reference), ": cases of that time are missing"));
  }
  if (config.covered_from < censuses.back().reference - kLongestYear) {
    warn(absl::StrCat("covered_from is before the year of the earliest census, which ended on ",
                      FormatDay(censuses.back().reference), ": set it to the first day of that year"));
  }
}

}  // namespace waymark::node
