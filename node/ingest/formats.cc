#include "node/ingest/formats.h"

#include "node/ingest/event_log.h"
#include "node/ingest/sql.h"
#include "node/ingest/ssd.h"

namespace waymark::node {
namespace {

constexpr Format kFormats[] = {
    {"event-log", ConfigureEventLog, EventLogCarries, ReadEventLog},
    {"ssd", ConfigureSsd, SsdCarries, ReadSsd, Place::kEither},
    {"sql", ConfigureSql, EventLogCarries, ReadSql, Place::kDatabase},
};

}  // namespace

const Format* FormatNamed(absl::string_view name) {
  for (const Format& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

std::vector<std::string> FormatNames() {
  std::vector<std::string> names;
  for (const Format& format : kFormats) names.emplace_back(format.name);
  return names;
}

}  // namespace waymark::node
