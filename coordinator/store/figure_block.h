// Figures that stand in one row of the store: those that follow each other and are of the same item,
// breakdown and geography. A row for each would be most of the work of publishing.
#ifndef WAYMARK_COORDINATOR_STORE_FIGURE_BLOCK_H_
#define WAYMARK_COORDINATOR_STORE_FIGURE_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "coordinator/store/store.h"

namespace waymark::coordinator {

// How many of `figures`, from the first, go into one row: at least one, where there is any.
std::size_t FiguresOfBlock(absl::Span<const StoredFigure> figures);

// Each one's bytes after how many they are (four bytes, the most significant first).
std::string PackFigures(absl::Span<const StoredFigure> figures);

// The bytes of each of the row's `count` figures; a row of before there were blocks has a count of 0, and its
// bytes are one figure's. DATA_LOSS where they are not as many.
absl::StatusOr<std::vector<std::string>> UnpackFigures(absl::string_view bytes, std::int64_t count);

// OrderedFigure::sequence of the figure at `index` of the row with this sequence, and back. They rise in the
// order published.
struct FigurePlace {
  std::int64_t row = 0;
  std::int64_t index = 0;

  static FigurePlace Of(std::int64_t sequence);
  std::int64_t sequence() const;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_FIGURE_BLOCK_H_
