// The formats that a [[source]] may have. A new one is a pair of files and a line in formats.cc.
#ifndef WAYMARK_NODE_INGEST_FORMATS_H_
#define WAYMARK_NODE_INGEST_FORMATS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/configuration.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/source.h"

namespace waymark::node {

// Where a format's records may be: at `path`, in the database at `connection`, or either.
enum class Place { kFiles, kDatabase, kEither };

struct Format {
  absl::string_view name;  // "annex-a"
  // Reads the keys that only this format has, [source.mapping] included; errors are recorded in `source`.
  void (*configure)(ConfigTable& source, SourceConfig& config);
  // What the source is the whole account of: as configured, else by what is there.
  Carries (*carries)(const SourceConfig& config);
  // Reads everything into `builder`, with a FileReport in `report.files` for each file. An error is what
  // keeps a whole file from being read.
  absl::Status (*read)(const SourceConfig& config, RecordBuilder& builder, QualityReport& report);
  Place place = Place::kFiles;
};

// Never null for a format that ReadSources accepted; null for a name that is none.
const Format* FormatNamed(absl::string_view name);
std::vector<std::string> FormatNames();

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_FORMATS_H_
