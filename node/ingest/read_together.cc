#include "node/ingest/read_together.h"

#include <deque>
#include <utility>
#include <vector>

#include "base/threads.h"

namespace waymark::node {

absl::Status ReadTogether(TableReader& table, RecordBuilder& builder, QualityReport& report,
                          const TableWork& work) {
  struct alignas(kApart) Share {
    TableReader table;
    QualityReport report;
  };
  std::deque<Share> shares;  // which stay where they are
  std::vector<RecordBuilder*> builders = {&builder};
  for (std::size_t i = 1; i < WorthwhileThreads(); ++i) {
    std::optional<TableReader> another = table.Another();
    if (!another) break;
    shares.push_back({.table = *std::move(another), .report = {}});
    // Files have the same numbers in all reports.
    shares.back().report.files.resize(report.files.size());
    builders.push_back(&builder.Beside(shares.back().report));
  }
  std::vector<absl::Status> statuses(builders.size());
  InParallel(builders.size(), [&](std::size_t i) {
    TableReader& rows = i == 0 ? table : shares[i - 1].table;
    statuses[i] = work(rows, *builders[i], i == 0 ? report : shares[i - 1].report);
  });
  absl::Status first = statuses[0];
  std::int64_t line = table.line();
  for (std::size_t i = 1; i < statuses.size(); ++i) {
    const Share& share = shares[i - 1];
    report.files.back().Take(share.report.files.back());
    if (statuses[i].ok() || (!first.ok() && line <= share.table.line())) continue;
    first = statuses[i];
    line = share.table.line();
  }
  return first;
}

}  // namespace waymark::node
