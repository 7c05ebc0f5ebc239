// The configuration's reader on any text: it ends, and what it accepts reads rows without a fault. The
// proposal for an unknown table of the same bytes is one that it accepts.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/configuration.h"
#include "node/ingest/csv_reader.h"
#include "node/ingest/event_log.h"
#include "node/ingest/formats.h"
#include "node/ingest/source.h"
#include "node/ingest/suggest_mapping.h"
#include "node/ingest/table_reader.h"

namespace waymark::node {
namespace {

constexpr char kRows[] =
    "id,from,to,what,when,n\nc1,2024-01-02,2024-02-03,01_a,2024-01-02,x\nc2,01/02/2024,,b,2024-01-02 "
    "10:00:00,1A\n"
    "c1,2024-03-02,,close,2024-04-02,Female\n";

void ReadBy(const std::string& toml) {
  auto root = ConfigTable::Parse(toml, "f.toml");
  if (!root.ok()) return;
  const std::vector<SourceConfig> sources = ReadSources(*root, "/nowhere");
  if (!root->Finish().ok()) return;
  for (const SourceConfig& source : sources) {
    if (source.format->name != "event-log") continue;
    auto rows = CsvReader::Open(OverText(kRows), "f", source.csv);
    if (!rows.ok()) continue;
    QualityReport report;
    const Coverage coverage{.from = source.covered_from, .extract = source.extract_date};
    RecordBuilder builder(coverage, coverage, coverage, coverage, report);
    TableReader table(*std::move(rows));
    if (ReadEventLogRows(source, table, builder, report).ok()) (void)builder.Finish();
  }
}

void Propose(absl::string_view text) {
  auto rows = CsvReader::Open(OverText(text), "f", {});
  if (!rows.ok()) return;
  Sample sample{.header = (*rows)->header(), .columns = {}};
  sample.columns.resize(sample.header.size());
  while (true) {
    const auto any = (*rows)->Next();
    if (!any.ok() || !*any) break;
    if (!(*rows)->malformed().empty()) continue;
    ++sample.rows;
    for (std::size_t i = 0; i < sample.columns.size(); ++i) sample.columns[i].emplace_back((*rows)->field(i));
  }
  if (!MissingFor(sample).empty()) return;
  const std::string toml = absl::StrCat(
      "[[source]]\nformat = \"event-log\"\npath = \"a\"\ncovered_from = 2020-01-01\nextract_date = "
      "2025-01-01\n",
      MapColumns(sample, "table").text);
  auto root = ConfigTable::Parse(toml, "f.toml");
  if (!root.ok()) std::abort();
  (void)ReadSources(*root, "/nowhere");
  if (!root->Finish().ok()) std::abort();
}

}  // namespace
}  // namespace waymark::node

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  waymark::node::ReadBy(text);
  waymark::node::Propose(text);
  return 0;
}
