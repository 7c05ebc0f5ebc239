// What was read from a council's files and what was not, and why: for the analyst who mends the extract or
// maps odd codes. It names files, line numbers, columns and unknown codes, and never the value of a field
// that could identify a person; it stays in the council.
#ifndef WAYMARK_NODE_INGEST_QUALITY_REPORT_H_
#define WAYMARK_NODE_INGEST_QUALITY_REPORT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "node/journey/records.h"

namespace waymark::node {

// Why rows of a table are left out that is read only to be counted.
inline constexpr absl::string_view kUsedByNoMetric = "of a table that no metric uses";
// RC8 is a referral and no episode; for a table of episodes.
inline constexpr absl::string_view kNoEpisodeAfterAssessment = "closed after assessment (RC8): no episode";

enum class Severity { kInfo, kWarning, kError };

struct Issue {
  Severity severity = Severity::kInfo;
  std::string file;
  std::int64_t line = 0;  // 0: of the file as a whole
  std::string message;
};

// How often something happened, and where first.
class Tally {
 public:
  static constexpr std::size_t kExampleLines = 20;

  void Add(std::int64_t line);
  // All that `other` has counted.
  void Take(const Tally& other);
  std::int64_t count() const { return count_; }
  const std::vector<std::int64_t>& lines() const { return lines_; }  // the first few, in order

 private:
  std::int64_t count_ = 0;
  std::vector<std::int64_t> lines_;
};

// One file. rows_read = rows_used + all of left_out. Not thread-safe.
struct FileReport {
  std::string file;
  std::int64_t rows_read = 0;
  std::int64_t rows_used = 0;
  std::map<std::string, Tally> left_out = {};  // reason → rows not used at all
  std::map<std::string, Tally> notes = {};     // a value was not used, or was read in a particular way
  // (field, value) → rows, of codes that neither the common table nor the council's mapping knows.
  std::map<std::pair<std::string, std::string>, std::int64_t> unknown_codes = {};
  // Different unknown values of one field beyond which it is taken for free text, which is not to be shown.
  static constexpr int kMostUnknownCodes = 200;

  void LeaveOut(absl::string_view reason, std::int64_t line) { left_out[std::string(reason)].Add(line); }
  void Note(absl::string_view what, std::int64_t line) { notes[std::string(what)].Add(line); }
  void UnknownCode(absl::string_view field, absl::string_view value, std::int64_t rows = 1);
  // All that another has noted about the same file.
  void Take(const FileReport& other);
};

// One extract of a source that accumulates them: what it did to the records of those before it.
struct ExtractReport {
  std::string source;
  Coverage window;
  std::int64_t records = 0;
  std::int64_t added = 0;    // not in any extract before
  std::int64_t closed = 0;   // open before
  std::int64_t changed = 0;  // in another way
  std::int64_t deleted = 0;  // it ought to have them and has not
  std::int64_t lost = 0;     // open before, and ended in a time that no extract covers
};

// An unknown code as it may be shown: cut short, without control characters.
struct ShownCode {
  std::string field;
  std::optional<std::string> value;  // nothing: the field has too many, and is taken for free text
  std::int64_t rows = 0;             // where there is a value
};
std::vector<ShownCode> CodesToShow(const FileReport& file);

absl::string_view NameOf(Severity severity);  // "info", "warning", "error"

struct QualityReport {
  std::vector<FileReport> files;        // in the order of the configuration
  std::vector<Issue> issues;            // files that are missing or could hardly be used, conflicts
  std::vector<ExtractReport> extracts;  // of sources that accumulate them, oldest first
  std::vector<FieldQuality> fields;
  std::int64_t persons = 0;
  std::int64_t families = 0;
  std::int64_t episodes[kLevels] = {};
  std::int64_t referrals = 0;
  std::int64_t contacts = 0;
  std::int64_t steps[kStepKinds] = {};
  Coverage early_help, social_care, contact, early_help_assessment;

  // Some file yielded nothing that can be measured: no figure should leave before that is mended.
  bool HasErrors() const;
  // For a terminal.
  std::string Text() const;
  // One JSON object with the members files, issues, fields, totals and coverage.
  std::string Json() const;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_QUALITY_REPORT_H_
