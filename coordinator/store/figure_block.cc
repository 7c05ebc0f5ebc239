#include "coordinator/store/figure_block.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kMostBytes = 64 << 10;
constexpr std::int64_t kMostFigures = 1 << 10;
constexpr std::size_t kLengthBytes = 4;

bool BelongTogether(const StoredFigure& a, const StoredFigure& b) {
  return a.item == b.item && a.above_council == b.above_council && a.breakdown == b.breakdown &&
         a.geography == b.geography;
}

absl::Status Damaged() {
  return absl::DataLossError("stored figures are damaged; restore a backup");
}

}  // namespace

std::size_t FiguresOfBlock(absl::Span<const StoredFigure> figures) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (const StoredFigure& figure : figures) {
    bytes += kLengthBytes + figure.bytes.size();
    const bool is_full = bytes > kMostBytes || count == static_cast<std::size_t>(kMostFigures);
    if (count > 0 && (is_full || !BelongTogether(figures.front(), figure))) break;
    ++count;
  }
  return count;
}

std::string PackFigures(absl::Span<const StoredFigure> figures) {
  std::string packed;
  for (const StoredFigure& figure : figures) {
    const std::size_t size = figure.bytes.size();
    for (std::size_t i = kLengthBytes; i-- > 0;) packed += static_cast<char>(size >> (8 * i));
    packed += figure.bytes;
  }
  return packed;
}

absl::StatusOr<std::vector<std::string>> UnpackFigures(absl::string_view bytes, std::int64_t count) {
  if (count == 0) return std::vector<std::string>{std::string(bytes)};
  std::vector<std::string> figures;
  while (!bytes.empty()) {
    if (bytes.size() < kLengthBytes) return Damaged();
    std::size_t size = 0;
    for (const char byte : bytes.substr(0, kLengthBytes)) size = size << 8 | static_cast<unsigned char>(byte);
    bytes.remove_prefix(kLengthBytes);
    if (size > bytes.size()) return Damaged();
    figures.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  if (static_cast<std::int64_t>(figures.size()) != count) return Damaged();
  return figures;
}

FigurePlace FigurePlace::Of(std::int64_t sequence) {
  return {.row = sequence / kMostFigures, .index = sequence % kMostFigures};
}

std::int64_t FigurePlace::sequence() const {
  return row * kMostFigures + index;
}

}  // namespace waymark::coordinator
