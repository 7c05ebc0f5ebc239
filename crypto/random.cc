#include "crypto/random.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "crypto/openssl_raii.h"

namespace waymark::crypto {
namespace {

// RAND_priv_bytes takes an int; OpenSSL itself splits what is more than its generator gives at once.
constexpr std::size_t kMostAtOnce = std::size_t{1} << 20;

absl::Status FillFromOpenssl(absl::Span<std::uint8_t> out) {
  while (!out.empty()) {
    const std::size_t count = std::min(out.size(), kMostAtOnce);
    if (RAND_priv_bytes(out.data(), static_cast<int>(count)) != 1) {
      return internal::OpensslError("draw random bytes");
    }
    out.remove_prefix(count);
  }
  return absl::OkStatus();
}

}  // namespace

SystemRandom::SystemRandom() : process_(::getpid()) {
  std::memset(buffer_, 0, kBufferBytes);
}

SystemRandom::~SystemRandom() {
  OPENSSL_cleanse(buffer_, kBufferBytes);
}

absl::Status SystemRandom::Fill(absl::Span<std::uint8_t> out) {
  // A child process inherits the buffer and would hand out the bytes that its parent hands out. OpenSSL's
  // generator reseeds itself after a fork; the buffer is thrown away here.
  if (const pid_t now = ::getpid(); now != process_) {
    OPENSSL_cleanse(buffer_, kBufferBytes);
    used_ = kBufferBytes;
    process_ = now;
  }
  const absl::Span<std::uint8_t> whole = out;
  while (!out.empty()) {
    if (used_ == kBufferBytes) {
      // What is larger than the buffer would only be copied through it.
      const bool direct = out.size() >= kBufferBytes;
      if (absl::Status status = FillFromOpenssl(direct ? out : absl::MakeSpan(buffer_)); !status.ok()) {
        OPENSSL_cleanse(buffer_, kBufferBytes);
        OPENSSL_cleanse(whole.data(), whole.size());
        return status;
      }
      if (direct) return absl::OkStatus();
      used_ = 0;
    }
    const std::size_t count = std::min(out.size(), kBufferBytes - used_);
    std::memcpy(out.data(), buffer_ + used_, count);
    OPENSSL_cleanse(buffer_ + used_, count);
    used_ += count;
    out.remove_prefix(count);
  }
  return absl::OkStatus();
}

}  // namespace waymark::crypto
