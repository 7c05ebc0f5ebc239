#include "crypto/counter_generator.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/openssl_raii.h"
#include "crypto/wide_registers.h"

namespace waymark::crypto {
namespace {

using internal::ErrorQueueGuard;
using internal::OpensslError;

static_assert(std::endian::native == std::endian::little, "masks are little-endian words");

constexpr std::size_t kCipherBlockBytes = 16;
// Bytes of the stream made at once: enough that OpenSSL's cost a call vanishes, little enough that they, the
// zeros they are made from and the words they go to stay in the processor's first cache.
constexpr std::size_t kBatchBytes = 16 * 1024;
alignas(64) constexpr std::uint8_t kZeros[kBatchBytes] = {};

// The stream's bytes before they are added; cleansed on leaving the scope.
class Batch {
 public:
  Batch() = default;
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch() { OPENSSL_cleanse(bytes_, used_); }
  absl::Span<std::uint8_t> First(std::size_t bytes) {
    used_ = std::max(used_, bytes);
    return absl::MakeSpan(bytes_, bytes);
  }

 private:
  alignas(64) std::uint8_t bytes_[kBatchBytes];
  std::size_t used_ = 0;
};

// Fetched once: looking it up costs more than a short mask. Never freed, like SHA-256 in hash.cc.
const EVP_CIPHER* Algorithm() {
  static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-128-CTR", nullptr);
  return algorithm;
}

// In wide registers it takes half the time, which is a tenth of all that masking takes.
template <typename Word>
void Add(MaskSign sign, const Word* masks, absl::Span<Word> words) {
  internal::RunWide([=]() __attribute__((always_inline)) {
    if (sign == MaskSign::kAdd) {
      for (std::size_t i = 0; i < words.size(); ++i) words[i] += masks[i];
    } else {
      for (std::size_t i = 0; i < words.size(); ++i) words[i] -= masks[i];
    }
  });
}

// At most a batch of words.
template <typename Word>
absl::Status MaskBlock(CounterGenerator& generator, MaskSign sign, absl::Span<Word> words, Batch& batch) {
  const absl::Span<std::uint8_t> masks = batch.First(words.size() * sizeof(Word));
  RETURN_IF_ERROR(generator.Fill(masks));
  Add(sign, reinterpret_cast<const Word*>(masks.data()), words);
  return absl::OkStatus();
}

template <typename Word>
absl::Status MaskByAll(absl::Span<SignedGenerator> generators, absl::Span<Word> words) {
  Batch batch;
  constexpr std::size_t kBatchWords = kBatchBytes / sizeof(Word);
  for (std::size_t from = 0; from < words.size(); from += kBatchWords) {
    for (SignedGenerator& each : generators) {
      RETURN_IF_ERROR(MaskBlock(each.generator, each.sign, words.subspan(from, kBatchWords), batch));
    }
  }
  return absl::OkStatus();
}

template <typename Word>
absl::Status MaskByOne(CounterGenerator& generator, MaskSign sign, absl::Span<Word> words) {
  Batch batch;
  constexpr std::size_t kBatchWords = kBatchBytes / sizeof(Word);
  for (std::size_t from = 0; from < words.size(); from += kBatchWords) {
    RETURN_IF_ERROR(MaskBlock(generator, sign, words.subspan(from, kBatchWords), batch));
  }
  return absl::OkStatus();
}

}  // namespace

void CounterGenerator::FreeContext::operator()(evp_cipher_ctx_st* context) const {
  EVP_CIPHER_CTX_free(context);
}

CounterGenerator::CounterGenerator(Context context) : context_(std::move(context)) {}

absl::StatusOr<CounterGenerator> CounterGenerator::Create(const SecretBytes& key) {
  if (key.size() != kGeneratorKeyBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a generator's key has ", kGeneratorKeyBytes, " bytes, this has ", key.size()));
  }
  const ErrorQueueGuard guard;
  Context context(EVP_CIPHER_CTX_new());
  if (context == nullptr ||
      EVP_EncryptInit_ex2(context.get(), Algorithm(), key.RevealSecret().data(), kZeros, nullptr) != 1) {
    return OpensslError("begin AES-128-CTR");
  }
  return CounterGenerator(std::move(context));
}

absl::Status CounterGenerator::Seek(std::uint64_t byte) {
  if (byte % kCipherBlockBytes != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("a generator seeks to a multiple of ", kCipherBlockBytes, " bytes, not to ", byte));
  }
  std::array<std::uint8_t, kCipherBlockBytes> counter = {};
  std::uint64_t block = byte / kCipherBlockBytes;
  for (std::size_t i = kCipherBlockBytes; block != 0; block >>= 8)
    counter[--i] = static_cast<std::uint8_t>(block);
  return SeekCounter(counter);
}

absl::Status CounterGenerator::SeekCounter(const std::array<std::uint8_t, kCipherBlockBytes>& counter) {
  const ErrorQueueGuard guard;
  if (EVP_EncryptInit_ex2(context_.get(), nullptr, nullptr, counter.data(), nullptr) != 1) {
    return OpensslError("seek in AES-128-CTR");
  }
  return absl::OkStatus();
}

absl::Status CounterGenerator::Fill(absl::Span<std::uint8_t> out) {
  while (!out.empty()) {
    const std::size_t count = std::min(out.size(), kBatchBytes);
    int written = 0;
    if (EVP_EncryptUpdate(context_.get(), out.data(), &written, kZeros, static_cast<int>(count)) != 1 ||
        written != static_cast<int>(count)) {
      return OpensslError("run AES-128-CTR");
    }
    out.remove_prefix(count);
  }
  return absl::OkStatus();
}

absl::Status CounterGenerator::Mask(MaskSign sign, absl::Span<std::uint32_t> words) {
  return MaskByOne(*this, sign, words);
}

absl::Status CounterGenerator::Mask(MaskSign sign, absl::Span<std::uint64_t> words) {
  return MaskByOne(*this, sign, words);
}

absl::Status MaskAll(absl::Span<SignedGenerator> generators, absl::Span<std::uint32_t> words) {
  return MaskByAll(generators, words);
}

absl::Status MaskAll(absl::Span<SignedGenerator> generators, absl::Span<std::uint64_t> words) {
  return MaskByAll(generators, words);
}

}  // namespace waymark::crypto
