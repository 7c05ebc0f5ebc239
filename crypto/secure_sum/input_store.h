// Where the coordinator keeps masked inputs: they are looked at again when members check the published sum,
// and a coordinator's memory must not grow with members times cells. Implementations say whether they are
// thread-safe.
#ifndef WAYMARK_CRYPTO_SECURE_SUM_INPUT_STORE_H_
#define WAYMARK_CRYPTO_SECURE_SUM_INPUT_STORE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace waymark::crypto {

class InputStore {
 public:
  virtual ~InputStore() = default;
  // The same block again replaces what was there.
  virtual absl::Status Put(std::uint32_t member, std::size_t block, absl::string_view bytes) = 0;
  // NOT_FOUND where it was never put.
  virtual absl::StatusOr<std::string> Get(std::uint32_t member, std::size_t block) const = 0;
  // When it returns, what was put of the member before outlives a loss of power. May be called beside
  // anything else.
  virtual absl::Status Sync(std::uint32_t member) = 0;
  // Lets what was put of the member go.
  virtual absl::Status Drop(std::uint32_t member) = 0;
  // Lets all that was put go.
  virtual absl::Status Clear() = 0;
};

// In memory: for small sessions. Not thread-safe.
class MemoryInputStore final : public InputStore {
 public:
  absl::Status Put(std::uint32_t member, std::size_t block, absl::string_view bytes) override {
    blocks_[{member, block}] = std::string(bytes);
    return absl::OkStatus();
  }
  absl::StatusOr<std::string> Get(std::uint32_t member, std::size_t block) const override {
    const auto found = blocks_.find({member, block});
    if (found == blocks_.end()) return absl::NotFoundError("a block of a masked input that was never sent");
    return found->second;
  }
  absl::Status Sync(std::uint32_t) override { return absl::OkStatus(); }  // nothing here outlives anything
  absl::Status Drop(std::uint32_t member) override {
    std::erase_if(blocks_, [&](const auto& entry) { return entry.first.first == member; });
    return absl::OkStatus();
  }
  absl::Status Clear() override {
    blocks_.clear();
    return absl::OkStatus();
  }

 private:
  std::map<std::pair<std::uint32_t, std::size_t>, std::string> blocks_;
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECURE_SUM_INPUT_STORE_H_
