// The readers of the secure sum's messages on any bytes, signed by the member that they name, since unsigned
// ones are refused before anything is read: what is read is written again as the same bytes.
//
// The first byte says which message the rest is: modulo 5, the step. Where the rest does not begin as a
// message does, it is taken for what stands after session and sender.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/canonical.h"
#include "crypto/hash.h"
#include "crypto/secure_sum/messages.h"

namespace waymark::crypto {
namespace {

constexpr const char* kLabels[] = {"waymark/v1/secure-sum-keys", "waymark/v1/secure-sum-shares",
                                   "waymark/v1/secure-sum-input", "waymark/v1/secure-sum-consistency",
                                   "waymark/v1/secure-sum-unmask"};

SigningKey KeyOf(int member) {
  return *SigningKey::FromSeed(SecretBytes(Sha256("member " + std::to_string(member))));
}

const Session& FuzzedSession() {
  static const Session session = [] {
    SessionParameters p;
    p.roster_hash = p.spec_hash = p.nonce = Sha256("fuzz");
    for (int i = 0; i < 5; ++i) p.members.push_back({"E" + std::to_string(i), KeyOf(i).public_key()});
    p.threshold = p.least_contributors = 4;
    p.cells = 3;
    return *Session::Create(p);
  }();
  return session;
}

template <typename Message>
void Check(const absl::StatusOr<Message>& read, const SignedMessage& message, const SigningKey& key) {
  if (!read.ok()) return;
  if (read->sender != 1) std::abort();
  const auto again = Sign(FuzzedSession(), *read, key);
  if (!again.ok() || again->body != message.body) std::abort();
}

}  // namespace
}  // namespace waymark::crypto

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace waymark::crypto;
  if (size == 0) return 0;
  static const SigningKey key = KeyOf(1);
  const Session& session = FuzzedSession();
  const int step = data[0] % 5;
  const std::string rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  waymark::CanonicalWriter header(kLabels[step]);
  header.Text(session.id()).Unsigned(1);
  const bool is_whole = rest.compare(0, 8, header.bytes(), 0, 8) == 0;
  SignedMessage message{.body = is_whole ? rest : header.bytes() + rest, .signature = ""};
  message.signature = *key.Sign(message.body);
  Check(ReadKeys(session, message), message, key);
  Check(ReadShares(session, message), message, key);
  Check(ReadInput(session, message), message, key);
  Check(ReadConsistency(session, message), message, key);
  Check(ReadUnmask(session, message), message, key);
  return 0;
}
