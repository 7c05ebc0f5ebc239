// What secure sum costs beside the least it can cost, one core, one table: what, measured, bound, ratio.
// Times are the processor's. The bound of masking is OpenSSL's own AES-128-CTR over (k + 1) · 8m bytes, in
// turn with it. Ends with status 1 where a ratio is above its target.

#include <cstdint>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/text_table.h"
#include "crypto/counter_generator.h"
#include "crypto/key_agreement.h"
#include "crypto/polya.h"
#include "crypto/random.h"
#include "crypto/sealing.h"
#include "crypto/secret_sharing.h"
#include "crypto/signature.h"
#include "crypto/skellam.h"
#include "tests/bench/plain_cipher.h"
#include "tests/bench/timing.h"

namespace waymark::crypto {
namespace {

constexpr std::size_t kNodes = 152;
constexpr std::uint32_t kThreshold = 102;

class Report {
 public:
  // `bound`, `most`: 0 where there is none.
  void Add(const std::string& what, double seconds, double bound = 0, double most = 0) {
    const double ratio = bound > 0 ? seconds / bound : 0;
    const bool missed = most > 0 && ratio > most;
    failed_ = failed_ || missed;
    table_.AddRow({what, TimeText(seconds), bound > 0 ? TimeText(bound) : "",
                   bound > 0 ? absl::StrFormat("%.2f", ratio) : "",
                   most > 0 ? absl::StrFormat("%.2f%s", most, missed ? " missed" : "") : ""});
  }
  bool Print() const {
    std::fputs(table_.Render().c_str(), stdout);
    return !failed_;
  }

 private:
  TextTable table_{{"what", ">measured", ">bound", ">ratio", ">target"}};
  bool failed_ = false;
};

std::vector<SignedGenerator> Generators(std::size_t count, RandomSource& random) {
  std::vector<SignedGenerator> generators;
  for (std::size_t i = 0; i < count; ++i) {
    auto key = SecretBytes::Random(kGeneratorKeyBytes, random);
    Require(key.status());
    auto generator = CounterGenerator::Create(*key);
    Require(generator.status());
    generators.push_back({*std::move(generator), i % 2 == 0 ? MaskSign::kAdd : MaskSign::kSubtract});
  }
  return generators;
}

template <typename Word>
void Masking(Report& report, RandomSource& random) {
  std::vector<SignedGenerator> generators = Generators(kNodes, random);
  PlainCipher cipher;
  for (const std::size_t words : {100u, 1'000u, 10'000u, 100'000u, 1'000'000u}) {
    std::vector<Word> vector(words);
    const std::size_t bytes = (kNodes + 1) * sizeof(Word) * words;
    const LeastTimes least =
        LeastOfBoth([&] { return MaskAll(absl::MakeSpan(generators), absl::MakeSpan(vector)); },
                    [&] { return cipher.Encrypt(bytes); });
    report.Add(absl::StrFormat("mask %d words of %d bits by %d generators", words, 8 * sizeof(Word), kNodes),
               least.measured, least.bound,
               sizeof(Word) == 4 || words < 1'000 ? 0
               : words < 10'000                   ? 1.6
                                                  : 1.25);
    if (words == 100'000 && sizeof(Word) == 8) {
      std::printf("AES-128-CTR: %.2f GB/s on one core\n", 1e-9 * static_cast<double>(bytes) / least.bound);
    }
  }
}

void Sharing(Report& report, RandomSource& random) {
  std::vector<std::uint32_t> points(kNodes);
  std::iota(points.begin(), points.end(), 1);
  const SecretBytes secret(std::string(kSharedSecretBytes, '\x01'));
  std::vector<SecretBytes> shares;
  report.Add(absl::StrCat("split a secret, ", kThreshold, " of ", kNodes), Least([&] {
               auto split = SplitSecret(secret, kThreshold, points, random);
               if (split.ok()) shares = *std::move(split);
               return split.status();
             }));
  const std::vector<std::uint32_t> first(points.begin(), points.begin() + kThreshold);
  report.Add(absl::StrCat("weights for ", kThreshold, " points"),
             Least([&] { return ShareJoiner::Create(first).status(); }));
  const auto joiner = ShareJoiner::Create(first);
  Require(joiner.status());
  std::vector<const SecretBytes*> given;
  for (std::size_t i = 0; i < kThreshold; ++i) given.push_back(&shares[i]);
  report.Add(absl::StrCat("join ", kThreshold, " shares"),
             Least([&] { return joiner->Join(given).status(); }));
}

void Keys(Report& report, RandomSource& random) {
  const auto mine = AgreementKey::Generate(random);
  Require(mine.status());
  report.Add("make an X25519 key", Least([&] { return AgreementKey::Generate(random).status(); }));
  report.Add("agree by X25519", Least([&] { return mine->Agree(mine->public_key()).status(); }));
  const auto signing = SigningKey::Generate(random);
  Require(signing.status());
  report.Add("sign with Ed25519", Least([&] { return signing->Sign("message").status(); }));
  const auto signature = signing->Sign("message");
  Require(signature.status());
  report.Add("verify with Ed25519",
             Least([&] { return VerifySignature(signing->public_key(), "message", *signature); }));
  const SecretBytes key(std::string(kSealingKeyBytes, 'k'));
  report.Add("derive a key by HKDF",
             Least([&] { return HkdfSha256(key, key.RevealSecretText(), "mask", 32).status(); }));
  const SecretBytes shares(std::string(2 * kSharedSecretBytes, 's'));
  report.Add("seal two shares", Least([&] { return Seal(key, "from to", shares).status(); }));
  const auto sealed = Seal(key, "from to", shares);
  Require(sealed.status());
  report.Add("open two shares", Least([&] { return OpenSealed(key, "from to", *sealed).status(); }));
  report.Add("make a generator", Least([&] {
               return CounterGenerator::Create(SecretBytes(std::string(kGeneratorKeyBytes, 'g'))).status();
             }));
}

template <typename Share>
void Noise(Report& report, const std::string& what, const absl::StatusOr<Share>& share,
           RandomSource& random) {
  Require(share.status());
  std::vector<std::int64_t> samples(10'000);
  report.Add(what, Least([&] { return share->Sample(random, absl::MakeSpan(samples)); }));
}

int Run() {
  SystemRandom random;
  Report report;
  Masking<std::uint64_t>(report, random);
  Masking<std::uint32_t>(report, random);
  Sharing(report, random);
  Keys(report, random);
  Noise(report, "10,000 shares of Polya noise, scale 1, h = 52", PolyaShare::Create({1, 1, 1, 52}), random);
  Noise(report, "10,000 shares of Polya noise, scale 10, h = 52", PolyaShare::Create({1, 1, 10, 52}), random);
  Noise(report, "10,000 shares of Skellam noise, variance 20,449, h = 52",
        SkellamShare::Create({20'449, 1, 52}), random);
  return report.Print() ? 0 : 1;
}

}  // namespace
}  // namespace waymark::crypto

int main() {
  return waymark::crypto::Run();
}
