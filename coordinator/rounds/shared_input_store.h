// The masked inputs of one session in the store, where several coordinators share it: whichever leads next
// can open the sum.
#ifndef WAYMARK_COORDINATOR_ROUNDS_SHARED_INPUT_STORE_H_
#define WAYMARK_COORDINATOR_ROUNDS_SHARED_INPUT_STORE_H_

#include <string>
#include <utility>

#include "coordinator/store/store.h"
#include "crypto/secure_sum/input_store.h"

namespace waymark::coordinator {

// Thread-safe. The store outlives this.
class SharedInputStore final : public crypto::InputStore {
 public:
  // `session` is its identifier in hexadecimal.
  SharedInputStore(Store& store, std::string session) : store_(store), session_(std::move(session)) {}
  absl::Status Put(std::uint32_t member, std::size_t block, absl::string_view bytes) override {
    return store_.PutMaskedInput(session_, member, block, bytes);
  }
  absl::StatusOr<std::string> Get(std::uint32_t member, std::size_t block) const override {
    return store_.MaskedInput(session_, member, block);
  }
  absl::Status Sync(std::uint32_t) override { return absl::OkStatus(); }  // each Put is a transaction
  absl::Status Drop(std::uint32_t member) override { return store_.DropMaskedInput(session_, member); }
  absl::Status Clear() override { return store_.DropMaskedInputs(session_); }

 private:
  Store& store_;
  const std::string session_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_SHARED_INPUT_STORE_H_
