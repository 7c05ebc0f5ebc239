// OpenSSL's AES-128-CTR itself, over bytes in the first cache: the least that a mask can cost.
#ifndef WAYMARK_TESTS_BENCH_PLAIN_CIPHER_H_
#define WAYMARK_TESTS_BENCH_PLAIN_CIPHER_H_

#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "tests/bench/timing.h"

namespace waymark {

class PlainCipher {
 public:
  PlainCipher() : context_(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free), bytes_(16 * 1024) {
    if (EVP_EncryptInit_ex(context_.get(), EVP_aes_128_ctr(), nullptr, bytes_.data(), bytes_.data()) != 1) {
      Require(absl::InternalError("OpenSSL has no AES-128-CTR"));
    }
  }
  absl::Status Encrypt(std::size_t count) {
    while (count > 0) {
      const std::size_t now = std::min(count, bytes_.size());
      int written = 0;
      if (EVP_EncryptUpdate(context_.get(), bytes_.data(), &written, bytes_.data(), static_cast<int>(now)) !=
          1) {
        return absl::InternalError("OpenSSL cannot encrypt");
      }
      count -= now;
    }
    return absl::OkStatus();
  }

 private:
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context_;
  std::vector<unsigned char> bytes_;
};

}  // namespace waymark

#endif  // WAYMARK_TESTS_BENCH_PLAIN_CIPHER_H_
