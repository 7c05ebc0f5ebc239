// One published figure as cells under the columns of the flat table. For the .cc files of this folder, and
// for what shares their words. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_EXPORT_FIGURE_CELLS_H_
#define WAYMARK_COORDINATOR_EXPORT_FIGURE_CELLS_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "coordinator/export/cells.h"
#include "coordinator/export/figure_table.h"

namespace waymark::coordinator {

// What the row of a figure is made of.
struct FigureRow {
  const v1::Figure& figure;
  const PublishedTable& table;
  const v1::Metric* metric;  // null: not of that version any more
  const v1::Area* area;      // of a council; null for others
};
FigureRow RowOfFigure(const v1::Figure& figure, const PublishedTable& table,
                      const catalogue::Library& library);

struct FigureColumn {
  const char* name;
  const char* datatype;  // of CSV on the Web
  const char* description;
  ExportCell (*cell)(const FigureRow&);
};
// In order; they keep it from version to version.
absl::Span<const FigureColumn> FigureColumns();

// "[c] suppressed: …", what a status' shorthand means; "" of a shown figure.
absl::string_view MeaningOf(v1::FigureStatus status);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_EXPORT_FIGURE_CELLS_H_
