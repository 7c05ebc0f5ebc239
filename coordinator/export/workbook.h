// Published figures as a workbook for people, by the rules of "Releasing statistics in spreadsheets"
// (Government Analysis Function): a cover, notes that explain the shorthand, then a worksheet a breakdown;
// each worksheet has its title in A1 and one marked-up table with a meaningful name, one header row, no
// merged cells, no blank rows or columns, and no empty cell within it. Numbers are numbers; everything else
// is text, never a formula.
#ifndef WAYMARK_COORDINATOR_EXPORT_WORKBOOK_H_
#define WAYMARK_COORDINATOR_EXPORT_WORKBOOK_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalogue/library.h"
#include "coordinator/export/figure_table.h"

namespace waymark::coordinator {

// Marked-up tables are held in memory until the end. No breakdown is begun beyond so many rows.
inline constexpr std::size_t kMostWorkbookRows = 100'000;

// Of one publication: one metric, version and period of one round. Not thread-safe.
class FigureWorkbook {
 public:
  // `library` outlives it. The file is there once Finish has returned OK.
  FigureWorkbook(std::string path, const catalogue::Library& library);
  ~FigureWorkbook();

  // Figures of one breakdown follow each other. One that would begin beyond the most rows is left out whole.
  void Add(const PublishedTable& part);
  // What was left out: "sex|age_band".
  const std::vector<std::string>& left_out() const;
  std::size_t rows() const;

  // UNAVAILABLE where the file cannot be written.
  absl::Status Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The same as bytes, through a file in the system's temporary folder. INVALID_ARGUMENT where a breakdown had
// to be left out.
absl::StatusOr<std::string> FigureWorkbookBytes(const PublishedTable& table,
                                                const catalogue::Library& library);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_EXPORT_WORKBOOK_H_
