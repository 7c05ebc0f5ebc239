#include "node/journey/row_begins.h"

#include <algorithm>
#include <array>
#include <utility>

namespace waymark::node {

RowBegins::RowBegins(std::size_t persons) : offsets_(persons + 1), many_(std::make_unique<Many>()) {}

void RowBegins::SetCount(std::size_t person, std::size_t count) {
  if (count < kMany) {
    offsets_[person] = static_cast<std::uint8_t>(count);
    return;
  }
  offsets_[person] = kMany;
  absl::MutexLock lock(&many_->mutex);
  many_->counts[person] = count;
}

void RowBegins::Finish() {
  std::size_t begin = 0;
  std::size_t first = 0;
  for (bool fits = many_->counts.empty(); fits && first < offsets_.size(); first += kBlock) {
    const std::size_t size = std::min(kBlock, offsets_.size() - first);
    std::array<std::uint8_t, kBlock> offsets{};
    std::size_t offset = 0;
    for (std::size_t i = 0; i < size; ++i) {
      fits = fits && offset < kMany;
      offsets[i] = static_cast<std::uint8_t>(offset);
      offset += offsets_[first + i];
    }
    if (!fits) break;
    std::copy_n(offsets.begin(), size, offsets_.begin() + static_cast<std::ptrdiff_t>(first));
    blocks_.push_back(static_cast<std::uint32_t>(begin));
    begin += offset;
  }
  if (first < offsets_.size()) Widen(first, begin);
  many_.reset();
}

// Where places up to before `first`, whose rows begin at `begin`, are known.
void RowBegins::Widen(std::size_t first, std::size_t begin) {
  std::vector<std::uint32_t> wide;
  wide.reserve(offsets_.size());
  for (std::size_t person = 0; person < first; ++person)
    wide.push_back(static_cast<std::uint32_t>(Of(person)));
  for (std::size_t person = first; person < offsets_.size(); ++person) {
    wide.push_back(static_cast<std::uint32_t>(begin));
    begin += offsets_[person] < kMany ? offsets_[person] : many_->counts.at(person);
  }
  wide_ = std::move(wide);
  offsets_ = {};
  blocks_ = {};
}

}  // namespace waymark::node
