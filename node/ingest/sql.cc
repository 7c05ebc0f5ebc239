#include "node/ingest/sql.h"

#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "base/status.h"
#include "node/ingest/database.h"
#include "node/ingest/event_log.h"

namespace waymark::node {

void ConfigureSql(ConfigTable& source, SourceConfig& config) {
  config.table = source.StringOr("table", "");
  config.query = source.StringOr("query", "");
  if (config.table.empty() == config.query.empty()) {
    source.Fail(config.table.empty() ? "table" : "query",
                "set either table = \"…\" or query = \"SELECT …\", not both");
  }
  const absl::string_view query = absl::StripLeadingAsciiWhitespace(config.query);
  if (!query.empty() && !absl::StartsWithIgnoreCase(query, "select") &&
      !absl::StartsWithIgnoreCase(query, "with")) {
    source.Fail("query", "begins with neither SELECT nor WITH; a node only reads");
  }
  ConfigureEventLog(source, config);
}

absl::Status ReadSql(const SourceConfig& config, RecordBuilder& builder, QualityReport& report) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, Database::Open(*config.database));
  ASSIGN_OR_RETURN(std::unique_ptr<RowSource> rows, config.query.empty() ? database->ReadTable(config.table)
                                                                         : database->ReadQuery(config.query));
  TableReader table(std::move(rows));
  return ReadEventLogRows(config, table, builder, report);
}

}  // namespace waymark::node
