#include "crypto/secure_sum/messages.h"

#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/canonical.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/key_agreement.h"
#include "crypto/merkle_tree.h"
#include "crypto/secret_sharing.h"

namespace waymark::crypto {
namespace {

constexpr absl::string_view kKeys = "waymark/v1/secure-sum-keys";
constexpr absl::string_view kShares = "waymark/v1/secure-sum-shares";
constexpr absl::string_view kInput = "waymark/v1/secure-sum-input";
constexpr absl::string_view kConsistency = "waymark/v1/secure-sum-consistency";
constexpr absl::string_view kUnmask = "waymark/v1/secure-sum-unmask";

CanonicalWriter Begin(absl::string_view label, const Session& session, std::uint32_t sender) {
  CanonicalWriter out(label);
  out.Text(session.id()).Unsigned(sender);
  return out;
}

absl::StatusOr<SignedMessage> Finish(CanonicalWriter out, const SigningKey& key) {
  SignedMessage message{.body = std::move(out).bytes(), .signature = ""};
  ASSIGN_OR_RETURN(message.signature, key.Sign(message.body));
  return message;
}

// A message's fields after its header, and whose it is. The signature is checked first of all.
class Body {
 public:
  static absl::StatusOr<Body> Open(absl::string_view label, const Session& session,
                                   const SignedMessage& message) {
    Body body(message.body, label);
    const absl::string_view id = body.in.Fixed(kSha256Bytes);
    const std::uint64_t sender = body.in.Unsigned(std::numeric_limits<std::uint64_t>::max());
    if (id != session.id() || sender >= session.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat(label, ": of another session, of no member of it, or malformed"));
    }
    body.sender = static_cast<std::uint32_t>(sender);
    const SessionMember& member = session.parameters().members[body.sender];
    const absl::Status is_signed = VerifySignature(member.signing_key, message.body, message.signature);
    if (!is_signed.ok()) {
      return absl::UnauthenticatedError(absl::StrCat(label, ": not signed by ", member.id));
    }
    return body;
  }

  std::uint32_t Member(const Session& session) {
    return static_cast<std::uint32_t>(in.Unsigned(session.size() - 1));
  }

  CanonicalReader in;
  std::uint32_t sender = 0;

 private:
  Body(absl::string_view bytes, absl::string_view label) : in(bytes, label) {}
};

// Members rise, so that no list names one twice.
template <typename Entry>
absl::Status CheckRising(const std::vector<Entry>& entries) {
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (entries[i].member <= entries[i - 1].member) {
      return absl::InvalidArgumentError("secure-sum message: members must rise, and none stand twice");
    }
  }
  return absl::OkStatus();
}

void WriteHeld(const std::vector<HeldShare>& shares, CanonicalWriter& out) {
  out.Count(shares.size());
  for (const HeldShare& held : shares) out.Unsigned(held.member).Text(held.share.RevealSecretText());
}

std::vector<HeldShare> ReadHeld(const Session& session, Body& body) {
  std::vector<HeldShare> shares(body.in.Count(session.size()));
  for (HeldShare& held : shares) {
    held.member = body.Member(session);
    held.share = SecretBytes(body.in.Fixed(kSharedSecretBytes));
  }
  return shares;
}

std::string HashMembers(absl::string_view label, const Session& session,
                        const std::vector<std::uint32_t>& members) {
  CanonicalWriter out(label);
  out.Text(session.id()).Count(members.size());
  for (const std::uint32_t member : members) out.Unsigned(member);
  return Sha256(out.bytes());
}

}  // namespace

absl::StatusOr<SignedMessage> Sign(const Session& session, const KeysMessage& message,
                                   const SigningKey& key) {
  CanonicalWriter out = Begin(kKeys, session, message.sender);
  out.Text(message.mask_key).Text(message.sealing_key);
  return Finish(std::move(out), key);
}

absl::StatusOr<KeysMessage> ReadKeys(const Session& session, const SignedMessage& message) {
  ASSIGN_OR_RETURN(Body body, Body::Open(kKeys, session, message));
  KeysMessage keys{.sender = body.sender,
                   .mask_key = std::string(body.in.Fixed(kX25519KeyBytes)),
                   .sealing_key = std::string(body.in.Fixed(kX25519KeyBytes))};
  RETURN_IF_ERROR(body.in.Finish());
  return keys;
}

absl::StatusOr<SignedMessage> Sign(const Session& session, const SharesMessage& message,
                                   const SigningKey& key) {
  CanonicalWriter out = Begin(kShares, session, message.sender);
  out.Count(message.shares.size());
  for (const SealedShares& entry : message.shares) out.Unsigned(entry.member).Text(entry.sealed);
  return Finish(std::move(out), key);
}

absl::StatusOr<SharesMessage> ReadShares(const Session& session, const SignedMessage& message) {
  ASSIGN_OR_RETURN(Body body, Body::Open(kShares, session, message));
  SharesMessage shares{.sender = body.sender, .shares = {}};
  shares.shares.resize(body.in.Count(session.size()));
  for (SealedShares& entry : shares.shares) {
    entry.member = body.Member(session);
    entry.sealed = std::string(body.in.Fixed(kSealedSharesBytes));
  }
  RETURN_IF_ERROR(body.in.Finish());
  RETURN_IF_ERROR(CheckRising(shares.shares));
  return shares;
}

absl::StatusOr<SignedMessage> Sign(const Session& session, const InputMessage& message,
                                   const SigningKey& key) {
  CanonicalWriter out = Begin(kInput, session, message.sender);
  out.Text(message.root).Text(message.seed_commitment).Text(message.peers_hash).Text(BytesOf(message.head));
  return Finish(std::move(out), key);
}

absl::StatusOr<InputMessage> ReadInput(const Session& session, const SignedMessage& message) {
  ASSIGN_OR_RETURN(Body body, Body::Open(kInput, session, message));
  InputMessage input{.sender = body.sender,
                     .root = std::string(body.in.Fixed(kSha256Bytes)),
                     .seed_commitment = std::string(body.in.Fixed(kSha256Bytes)),
                     .peers_hash = std::string(body.in.Fixed(kSha256Bytes))};
  const absl::string_view head = body.in.Fixed(kLedgerHeadBytes);
  RETURN_IF_ERROR(body.in.Finish());
  input.head = LedgerHeadFrom(head);
  return input;
}

absl::StatusOr<SignedMessage> Sign(const Session& session, const ConsistencyMessage& message,
                                   const SigningKey& key) {
  CanonicalWriter out = Begin(kConsistency, session, message.sender);
  out.Text(message.contributors_hash).Text(message.root);
  return Finish(std::move(out), key);
}

absl::StatusOr<ConsistencyMessage> ReadConsistency(const Session& session, const SignedMessage& message) {
  ASSIGN_OR_RETURN(Body body, Body::Open(kConsistency, session, message));
  ConsistencyMessage consistency{.sender = body.sender,
                                 .contributors_hash = std::string(body.in.Fixed(kSha256Bytes)),
                                 .root = std::string(body.in.Fixed(kSha256Bytes))};
  RETURN_IF_ERROR(body.in.Finish());
  return consistency;
}

absl::StatusOr<SignedMessage> Sign(const Session& session, const UnmaskMessage& message,
                                   const SigningKey& key) {
  CanonicalWriter out = Begin(kUnmask, session, message.sender);
  WriteHeld(message.seed_shares, out);
  WriteHeld(message.mask_key_shares, out);
  return Finish(std::move(out), key);
}

absl::StatusOr<UnmaskMessage> ReadUnmask(const Session& session, const SignedMessage& message) {
  ASSIGN_OR_RETURN(Body body, Body::Open(kUnmask, session, message));
  UnmaskMessage unmask;
  unmask.sender = body.sender;
  unmask.seed_shares = ReadHeld(session, body);
  unmask.mask_key_shares = ReadHeld(session, body);
  RETURN_IF_ERROR(body.in.Finish());
  RETURN_IF_ERROR(CheckRising(unmask.seed_shares));
  RETURN_IF_ERROR(CheckRising(unmask.mask_key_shares));
  return unmask;
}

std::string SeedCommitment(const Session& session, std::uint32_t member, const SecretBytes& seed) {
  // Hashed under the seed as a key, so that no copy of it passes through a plain text.
  return HmacSha256(seed, Begin("waymark/v1/secure-sum-seed", session, member).bytes());
}

std::string ContributorsHash(const Session& session, const std::vector<std::uint32_t>& members) {
  return HashMembers("waymark/v1/secure-sum-contributors", session, members);
}

std::string PeersHash(const Session& session, const std::vector<std::uint32_t>& members) {
  return HashMembers("waymark/v1/secure-sum-peers", session, members);
}

std::string InputsRoot(const Session& session, const std::vector<InputMessage>& inputs) {
  std::vector<std::string> leaves;
  leaves.reserve(inputs.size());
  for (const InputMessage& input : inputs) {
    CanonicalWriter leaf = Begin("waymark/v1/secure-sum-leaf", session, input.sender);
    leaf.Text(input.root);
    leaves.push_back(MerkleLeafHash(leaf.bytes()));
  }
  return MerkleRoot(leaves);
}

}  // namespace waymark::crypto
