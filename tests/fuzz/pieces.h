// Bytes handed out a few at a time: what is read must not depend on it.
#ifndef WAYMARK_TESTS_FUZZ_PIECES_H_
#define WAYMARK_TESTS_FUZZ_PIECES_H_

#include <algorithm>
#include <cstring>

#include "node/ingest/byte_source.h"

namespace waymark::node {

// At most `piece` bytes at a time.
class Pieces final : public ByteSource {
 public:
  Pieces(absl::string_view text, std::size_t piece) : rest_(text), piece_(piece) {}
  absl::StatusOr<std::size_t> Read(char* to, std::size_t most) override {
    const std::size_t count = std::min({most, piece_, rest_.size()});
    if (count > 0) std::memcpy(to, rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  absl::string_view rest_;
  std::size_t piece_;
};

}  // namespace waymark::node

#endif  // WAYMARK_TESTS_FUZZ_PIECES_H_
