#include "node/ingest/formats.h"

#include "node/ingest/annex_a.h"
#include "node/ingest/cin_census.h"
#include "node/ingest/event_log.h"
#include "node/ingest/sql.h"
#include "node/ingest/ssd.h"
#include "node/ingest/ssda903.h"
#include "node/ingest/templates.h"

namespace waymark::node {
namespace {

constexpr Format kFormats[] = {
    {"annex-a", ConfigureAnnexA, AnnexACarries, ReadAnnexA},
    {"cin-census", ConfigureCinCensus, CinCensusCarries, ReadCinCensus},
    {"event-log", ConfigureEventLog, EventLogCarries, ReadEventLog},
    {"sql", ConfigureSql, EventLogCarries, ReadSql, Place::kDatabase},
    {"ssd", ConfigureSsd, SsdCarries, ReadSsd, Place::kEither},
    {"ssda903", ConfigureSsda903, Ssda903Carries, ReadSsda903},
    {"templates", ConfigureTemplates, TemplatesCarry, ReadTemplates},
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
