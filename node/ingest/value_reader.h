// Reads values as days and codes, in the way that one source is configured, and notes in one file's report
// what it could not read.
#ifndef WAYMARK_NODE_INGEST_VALUE_READER_H_
#define WAYMARK_NODE_INGEST_VALUE_READER_H_

#include <cstdint>
#include <map>

#include "absl/strings/string_view.h"
#include "node/ingest/codes.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/source.h"

namespace waymark::node {

// Not thread-safe.
class ValueReader {
 public:
  // `file` is the index of the FileReport in `report`. All three must outlive it.
  ValueReader(const SourceConfig& config, QualityReport& report, std::uint16_t file);

  DateReading Date(absl::string_view value) const;
  // The canonical code: "" for blank. `line` is where the value stands.
  absl::string_view CodeText(CodeField field, absl::string_view value, std::int64_t line);
  // Whether a value is a code that is known (or blank).
  bool IsKnown(CodeField field, absl::string_view value);
  // Why an episode of `level` ended: "other" is a reason of social care only, in early help it is "unknown".
  absl::string_view EndReason(Level level, absl::string_view value, std::int64_t line);
  // Of a disability code: "yes" for any but those that say there is none or none is known; "" for blank.
  absl::string_view Disability(absl::string_view value);

  FileReport& report() { return report_.files[file_]; }
  std::uint16_t file() const { return file_; }
  const SourceConfig& config() const { return config_; }

 private:
  DateReading DateInAnyFormat(absl::string_view value) const;

  const SourceConfig& config_;
  QualityReport& report_;
  std::uint16_t file_;
  bool iso_first_;  // the first date format is "%Y-%m-%d"
  std::map<CodeField, CodeReader> readers_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_VALUE_READER_H_
