#include "crypto/secure_sum/masks.h"

#include <algorithm>
#include <utility>

#include "base/canonical.h"
#include "base/status.h"
#include "crypto/merkle_tree.h"
#include "crypto/sealing.h"

namespace waymark::crypto {

absl::StatusOr<SignedGenerator> PairMask(const Session& session, std::uint32_t own,
                                         const AgreementKey& own_key, std::uint32_t peer,
                                         absl::string_view peer_key) {
  ASSIGN_OR_RETURN(const SecretBytes agreed, own_key.Agree(peer_key));
  const std::string info = CanonicalWriter("waymark/v1/secure-sum-pair-mask")
                               .Unsigned(std::min(own, peer))
                               .Unsigned(std::max(own, peer))
                               .bytes();
  ASSIGN_OR_RETURN(const SecretBytes key, HkdfSha256(agreed, session.id(), info, kGeneratorKeyBytes));
  ASSIGN_OR_RETURN(CounterGenerator generator, CounterGenerator::Create(key));
  return SignedGenerator{.generator = std::move(generator),
                         .sign = own < peer ? MaskSign::kAdd : MaskSign::kSubtract};
}

absl::StatusOr<SignedGenerator> SelfMask(const Session& session, std::uint32_t member,
                                         const SecretBytes& seed) {
  const std::string info = CanonicalWriter("waymark/v1/secure-sum-self-mask").Unsigned(member).bytes();
  ASSIGN_OR_RETURN(const SecretBytes key, HkdfSha256(seed, session.id(), info, kGeneratorKeyBytes));
  ASSIGN_OR_RETURN(CounterGenerator generator, CounterGenerator::Create(key));
  return SignedGenerator{.generator = std::move(generator), .sign = MaskSign::kAdd};
}

SignedGenerator Undo(SignedGenerator generator) {
  generator.sign = generator.sign == MaskSign::kAdd ? MaskSign::kSubtract : MaskSign::kAdd;
  return generator;
}

std::string SealingData(const Session& session, const SealingEnds& ends) {
  return CanonicalWriter("waymark/v1/secure-sum-sealing")
      .Text(session.id())
      .Unsigned(ends.from)
      .Unsigned(ends.to)
      .Text(ends.from_key)
      .Text(ends.to_key)
      .bytes();
}

absl::StatusOr<SecretBytes> SealingKey(const Session& session, const AgreementKey& own,
                                       const SealingEnds& ends) {
  const bool is_sender = own.public_key() == ends.from_key;
  ASSIGN_OR_RETURN(const SecretBytes agreed, own.Agree(is_sender ? ends.to_key : ends.from_key));
  return HkdfSha256(agreed, session.id(), SealingData(session, ends), kSealingKeyBytes);
}

std::size_t InputBytes(const Session& session) {
  return session.parameters().cells * (session.parameters().word_bits / 8);
}

std::size_t InputBlocks(const Session& session) {
  return (InputBytes(session) + kInputBlockBytes - 1) / kInputBlockBytes;
}

std::size_t InputBlockBytes(const Session& session, std::size_t index) {
  return std::min(kInputBlockBytes, InputBytes(session) - index * kInputBlockBytes);
}

std::string InputBlockHash(absl::string_view session_id, std::uint32_t member, std::size_t index,
                           absl::string_view block) {
  return MerkleLeafHash(CanonicalWriter("waymark/v1/secure-sum-block")
                            .Text(session_id)
                            .Unsigned(member)
                            .Unsigned(index)
                            .Text(block)
                            .bytes());
}

std::string InputBlockHash(const Session& session, std::uint32_t member, std::size_t index,
                           absl::string_view block) {
  return InputBlockHash(session.id(), member, index, block);
}

std::vector<std::string> InputBlockHashes(const Session& session, std::uint32_t member,
                                          absl::string_view bytes) {
  std::vector<std::string> hashes;
  for (std::size_t at = 0; at < bytes.size(); at += kInputBlockBytes) {
    hashes.push_back(InputBlockHash(session, member, hashes.size(), bytes.substr(at, kInputBlockBytes)));
  }
  return hashes;
}

}  // namespace waymark::crypto
