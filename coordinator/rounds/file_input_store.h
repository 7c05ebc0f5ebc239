// Masked inputs in files, one a member, for as long as members may hold the coordinator to its sums.
#ifndef WAYMARK_COORDINATOR_ROUNDS_FILE_INPUT_STORE_H_
#define WAYMARK_COORDINATOR_ROUNDS_FILE_INPUT_STORE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "crypto/secure_sum/input_store.h"

namespace waymark::coordinator {

// UNAVAILABLE, RESOURCE_EXHAUSTED where the disk fails or is full. Not thread-safe for one member.
class FileInputStore final : public crypto::InputStore {
 public:
  // Makes `directory` with mode 0700 at the first block.
  explicit FileInputStore(std::string directory) : directory_(std::move(directory)) {}
  absl::Status Put(std::uint32_t member, std::size_t block, absl::string_view bytes) override;
  absl::StatusOr<std::string> Get(std::uint32_t member, std::size_t block) const override;
  // The member's file, and the folders that it is in.
  absl::Status Sync(std::uint32_t member) override;
  absl::Status Drop(std::uint32_t member) override;
  absl::Status Clear() override;

 private:
  std::string PathOf(std::uint32_t member) const;
  const std::string directory_;
};

// Where a session's masked inputs lie under the coordinator's state directory; `session` in hexadecimal.
std::string MaskedDirectory(absl::string_view state_directory, absl::string_view session);
// The sessions of which there are some, sorted.
absl::StatusOr<std::vector<std::string>> MaskedSessions(const std::string& state_directory);
// Every block of every session, by session, member and block.
using MaskedBlock = absl::FunctionRef<absl::Status(absl::string_view session, std::uint32_t member,
                                                   std::size_t block, absl::string_view bytes)>;
absl::Status ForEachMaskedBlock(const std::string& state_directory, MaskedBlock give);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_FILE_INPUT_STORE_H_
