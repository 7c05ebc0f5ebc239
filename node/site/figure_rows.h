// A council's own figures as rows that people and programs read: text, JSON and CSV have the same content.
#ifndef WAYMARK_NODE_SITE_FIGURE_ROWS_H_
#define WAYMARK_NODE_SITE_FIGURE_ROWS_H_

#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "catalogue/figures.h"
#include "node/measure/measurer.h"
#include "published/figures.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// One figure, or (quantity "") the reason why a table has none.
struct FigureRow {
  std::string metric;
  std::uint32_t version = 0;
  std::string title;
  std::string period;
  std::uint32_t window_days = 0;
  v1::Unit counted = v1::UNIT_EPISODES;
  std::vector<std::pair<std::string, std::string>> breakdown;  // dimension, category
  catalogue::RowFigure figure;
  std::string unit;  // the metric's display unit
  Completeness completeness = Completeness::kComplete;
  std::string reason;
  std::vector<published::Input> inputs = {};  // published values that the figure uses
  std::string note = {};
};

void AppendRows(const v1::Metric& metric, const Measured& measured, std::vector<FigureRow>& rows);

enum class RowFormat {
  kText,  // a table a metric and period
  kJson,  // an array of objects, docs/node.md lists the keys
  kCsv,   // RFC 4180, the same keys as columns
};

// Writes rows as they come. Not thread-safe, but uses several threads.
class RowWriter {
 public:
  static constexpr std::size_t kMostWaitingBytes = std::size_t{16} << 20;

  // `file` must outlive it.
  RowWriter(RowFormat format, std::FILE* file) : format_(format), file_(file) {}

  // All rows of one metric and period.
  void Write(const std::vector<FigureRow>& rows);
  // The rows of `count` of them, in order. Several threads call `rows_of`, once with each number below
  // `count`. What is made before its turn waits as text, up to kMostWaitingBytes; then the threads wait.
  void WriteEach(std::size_t count, const std::function<std::vector<FigureRow>(std::size_t)>& rows_of);
  // Once, after the last row. UNAVAILABLE where something could not be written: a full disk, a closed pipe.
  absl::Status Finish();

 private:
  std::string TextOf(const std::vector<FigureRow>& rows) const;
  void WriteText(absl::string_view text);

  RowFormat format_;
  std::FILE* file_;
  bool is_first_ = true;
};

// A number with at most `decimals` decimals, without trailing zeros; "" where there is none.
std::string NumberText(const std::optional<double>& number, int decimals);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_FIGURE_ROWS_H_
