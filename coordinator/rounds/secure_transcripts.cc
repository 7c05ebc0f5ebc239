// SecureRounds' part that serves who holds the coordinator to its sums.
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/rounds/secure_rounds.h"
#include "crypto/merkle_tree.h"
#include "crypto/secure_sum/masks.h"

namespace waymark::coordinator {

absl::StatusOr<v1::SummedPart> SecureRounds::Summed(absl::string_view round_id, absl::string_view part) {
  ASSIGN_OR_RETURN(const std::optional<Round> round, store_.FindRound(round_id));
  if (round && round->state == RoundState::kWithdrawn) {
    return absl::FailedPreconditionError(absl::StrCat("round ", round_id, " was withdrawn"));
  }
  ASSIGN_OR_RETURN(const std::vector<StoredSum> sums, store_.Sums(round_id));
  for (const StoredSum& sum : sums) {
    if (sum.part != part) continue;
    v1::SummedPart message;
    if (message.ParseFromString(sum.bytes)) return message;
    return absl::DataLossError("a stored sum is damaged; restore a backup");
  }
  return absl::NotFoundError(absl::StrCat("round ", round_id, " has no sum of part ", part));
}

absl::StatusOr<v1::TranscriptResponse> SecureRounds::TranscriptOf(absl::string_view round_id,
                                                                  absl::string_view part) {
  ASSIGN_OR_RETURN(v1::SummedPart summed, Summed(round_id, part));
  ASSIGN_OR_RETURN(const std::optional<Round> round, store_.FindRound(round_id));
  if (!round || !summed.mutable_transcript()->mutable_spec()->ParseFromString(round->spec)) {
    return absl::DataLossError(absl::StrCat("round ", round_id, ": the stored spec is damaged"));
  }
  return std::move(*summed.mutable_transcript());
}

absl::StatusOr<v1::BlockResponse> SecureRounds::Block(absl::string_view round_id, absl::string_view part,
                                                      std::size_t block) {
  ASSIGN_OR_RETURN(const v1::SummedPart summed, Summed(round_id, part));
  const std::uint32_t word_bits = summed.transcript().word_bits();
  ASSIGN_OR_RETURN(const crypto::RingVector sum,
                   crypto::RingVector::FromValues(
                       word_bits, std::vector<std::int64_t>(summed.cells().begin(), summed.cells().end())));
  const std::size_t blocks = (sum.bytes().size() + crypto::kInputBlockBytes - 1) / crypto::kInputBlockBytes;
  if (block >= blocks) return absl::InvalidArgumentError(absl::StrCat("block: there are ", blocks));
  const std::unique_ptr<crypto::InputStore> store = InputsOf(summed.session());
  v1::BlockResponse response;
  response.set_sum(
      std::string(sum.bytes().substr(block * crypto::kInputBlockBytes, crypto::kInputBlockBytes)));
  for (const v1::OpenedSecret& seed : summed.transcript().seeds()) {
    v1::BlockResponse::Input* input = response.add_inputs();
    std::vector<std::string> hashes;
    for (std::size_t i = 0; i < blocks; ++i) {
      ASSIGN_OR_RETURN(std::string bytes, store->Get(seed.member(), i));
      hashes.push_back(
          crypto::InputBlockHash(absl::HexStringToBytes(summed.session()), seed.member(), i, bytes));
      if (i == block) input->set_bytes(std::move(bytes));
    }
    for (std::string& hash : crypto::MerkleProof(hashes, block)) input->add_proof(std::move(hash));
  }
  return response;
}

}  // namespace waymark::coordinator
