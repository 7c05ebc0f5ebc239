#include "crypto/counter_generator.h"

#include <openssl/err.h>

#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/crypto/wycheproof.h"

namespace waymark::crypto {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

SecretBytes KeyOf(char letter) {
  return SecretBytes(std::string(kGeneratorKeyBytes, letter));
}

CounterGenerator GeneratorOf(char letter) {
  return *CounterGenerator::Create(KeyOf(letter));
}

std::string Stream(CounterGenerator& generator, std::size_t bytes) {
  std::string stream(bytes, '\xAA');
  EXPECT_OK(generator.Fill(absl::MakeSpan(reinterpret_cast<std::uint8_t*>(stream.data()), bytes)));
  return stream;
}

std::array<std::uint8_t, 16> CounterOf(const std::string& bytes) {
  std::array<std::uint8_t, 16> counter = {};
  std::memcpy(counter.data(), bytes.data(), counter.size());
  return counter;
}

// NIST SP 800-38A, F.5.1: the output blocks, which are the stream.
TEST(CounterGeneratorTest, EqualsSp80038a) {
  ASSERT_OK_AND_ASSIGN(
      CounterGenerator generator,
      CounterGenerator::Create(SecretBytes(absl::HexStringToBytes("2b7e151628aed2a6abf7158809cf4f3c"))));
  ASSERT_OK(generator.SeekCounter(CounterOf(absl::HexStringToBytes("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"))));
  EXPECT_EQ(absl::BytesToHexString(Stream(generator, 64)),
            "ec8cdf7398607cb0f2d21675ea9ea1e4362b7c3c6773516318a077d7fc5073ae"
            "6a2cc3787889374fbeb4c81b17ba6c44e89c399ff0f198c6d40a31db156cabfe");
}

// AES-128 of the counters 0, 1, 2 under the key 0: test cases 1 and 2 of "The Galois/Counter Mode of
// Operation" (McGrew, Viega), where they are H, E(K, Y0) of another start, and the stream.
TEST(CounterGeneratorTest, CountsFromZero) {
  ASSERT_OK_AND_ASSIGN(CounterGenerator generator, CounterGenerator::Create(SecretBytes(kGeneratorKeyBytes)));
  EXPECT_EQ(
      absl::BytesToHexString(Stream(generator, 48)),
      "66e94bd4ef8a2c3b884cfa59ca342b2e58e2fccefa7e3061367f1d57a4e7455a0388dace60b6a392f328c2b971b2fe78");
}

// In GCM with a nonce of 96 bits the message is encrypted from the counter nonce ‖ 2 on (SP 800-38D,
// section 7.1).
TEST(CounterGeneratorTest, AgreesWithWycheproofsGcm) {
  const auto vectors = LoadWycheproof("wycheproof_aes_gcm.json");
  if (!vectors.has_value()) GTEST_SKIP() << "wycheproof_aes_gcm.json is not beside the repository";
  int checked = 0;
  for (const auto& group : vectors->at("testGroups")) {
    if (group.at("keySize") != 128 || group.at("ivSize") != 96) continue;
    for (const auto& test : group.at("tests")) {
      if (test.at("result") != "valid") continue;
      ASSERT_OK_AND_ASSIGN(CounterGenerator generator,
                           CounterGenerator::Create(SecretBytes(HexField(test, "key"))));
      ASSERT_OK(generator.SeekCounter(CounterOf(HexField(test, "iv") + std::string("\0\0\0\x02", 4))));
      const std::string message = HexField(test, "msg");
      std::string sealed = Stream(generator, message.size());
      for (std::size_t i = 0; i < sealed.size(); ++i) sealed[i] = static_cast<char>(sealed[i] ^ message[i]);
      EXPECT_EQ(sealed, HexField(test, "ct")) << test.dump();
      ++checked;
    }
  }
  EXPECT_GT(checked, 20);
}

TEST(CounterGeneratorTest, GivesTheSameStream_HoweverItIsAskedFor) {
  CounterGenerator whole = GeneratorOf('a');
  const std::string expected = Stream(whole, 100'000);
  CounterGenerator pieces = GeneratorOf('a');
  std::string joined;
  for (std::size_t piece = 0; joined.size() < expected.size(); piece = piece * 2 + 1) {
    joined += Stream(pieces, std::min(piece, expected.size() - joined.size()));
  }
  EXPECT_TRUE(joined == expected);
}

TEST(CounterGeneratorTest, SeekEqualsSkipping) {
  CounterGenerator skipping = GeneratorOf('a');
  const std::string expected = Stream(skipping, 70'000);
  CounterGenerator seeking = GeneratorOf('a');
  for (const std::size_t byte : {65'536u, 16u, 0u, 4096u, 4080u, 69'968u}) {
    ASSERT_OK(seeking.Seek(byte));
    EXPECT_EQ(Stream(seeking, 16), expected.substr(byte, 16)) << byte;
    // The next seek is from within a block of the cipher.
    EXPECT_EQ(Stream(seeking, 3), expected.substr(byte + 16, 3)) << byte;
  }
}

// Where the counter's lower bytes wrap: the far end of what Seek can say is its counter in full.
TEST(CounterGeneratorTest, SeeksAsFarAsTheNumberGoes) {
  CounterGenerator generator = GeneratorOf('a');
  for (const std::uint64_t byte : {std::uint64_t{0x12345678'9ABCDEF0}, ~std::uint64_t{15}}) {
    ASSERT_OK(generator.Seek(byte));
    const std::string there = Stream(generator, 32);
    std::string counter(16, '\0');
    for (int i = 0; i < 8; ++i)
      counter[static_cast<std::size_t>(15 - i)] = static_cast<char>(byte / 16 >> (8 * i));
    ASSERT_OK(generator.SeekCounter(CounterOf(counter)));
    EXPECT_EQ(Stream(generator, 32), there);
  }
}

TEST(CounterGeneratorTest, RefusesOddPlacesAndOtherKeyLengths) {
  CounterGenerator generator = GeneratorOf('a');
  for (const std::uint64_t byte : {1u, 8u, 15u, 17u}) {
    EXPECT_THAT(generator.Seek(byte),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(absl::StrCat("not to ", byte))));
  }
  for (const std::size_t size : {0u, 15u, 17u, 32u}) {
    EXPECT_THAT(CounterGenerator::Create(SecretBytes(std::size_t{size})),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr(absl::StrCat("has 16 bytes, this has ", size))));
  }
  EXPECT_EQ(ERR_peek_error(), 0u);
}

template <typename Word>
class MaskTest : public ::testing::Test {
 protected:
  static std::vector<Word> Words(std::size_t count) {
    std::vector<Word> words;
    for (std::size_t i = 0; i < count; ++i) words.push_back(static_cast<Word>(i * 0x9E3779B97F4A7C15u));
    return words;
  }
  // The stream's words, put together byte by byte.
  static std::vector<Word> StreamWords(char letter, std::size_t count) {
    CounterGenerator generator = GeneratorOf(letter);
    const std::string stream = Stream(generator, count * sizeof(Word));
    std::vector<Word> words(count);
    for (std::size_t i = 0; i < stream.size(); ++i) {
      words[i / sizeof(Word)] |=
          static_cast<Word>(Word{static_cast<std::uint8_t>(stream[i])} << (8 * (i % sizeof(Word))));
    }
    return words;
  }
  // Lengths about the batch's 16 KiB and the cipher's block.
  static constexpr std::size_t kCounts[] = {0, 1, 3, 4, 5, 2047, 2048, 2049, 4095, 4096, 4097, 10'001};
};

using WordTypes = ::testing::Types<std::uint32_t, std::uint64_t>;
TYPED_TEST_SUITE(MaskTest, WordTypes);

TYPED_TEST(MaskTest, AddsTheStreamsWordsOrSubtractsThem) {
  for (const std::size_t count : this->kCounts) {
    const auto stream = this->StreamWords('a', count);
    for (const MaskSign sign : {MaskSign::kAdd, MaskSign::kSubtract}) {
      auto words = this->Words(count);
      auto expected = words;
      for (std::size_t i = 0; i < count; ++i) {
        expected[i] = static_cast<TypeParam>(sign == MaskSign::kAdd ? expected[i] + stream[i]
                                                                    : expected[i] - stream[i]);
      }
      CounterGenerator generator = GeneratorOf('a');
      ASSERT_OK(generator.Mask(sign, absl::MakeSpan(words)));
      EXPECT_TRUE(words == expected) << count;
    }
  }
}

TYPED_TEST(MaskTest, GoesOnWhereItWas) {
  auto words = this->Words(10'000);
  auto expected = words;
  CounterGenerator whole = GeneratorOf('a');
  ASSERT_OK(whole.Mask(MaskSign::kAdd, absl::MakeSpan(expected)));
  CounterGenerator pieces = GeneratorOf('a');
  const auto span = absl::MakeSpan(words);
  for (std::size_t from = 0, size = 0; from < words.size(); from += size, size = size * 2 + 1) {
    ASSERT_OK(pieces.Mask(MaskSign::kAdd, span.subspan(from, size)));
  }
  EXPECT_TRUE(words == expected);
}

TYPED_TEST(MaskTest, AllEqualsOneAfterTheOther) {
  const std::string letters = "abcdefg";
  for (const std::size_t count : this->kCounts) {
    auto words = this->Words(count);
    auto expected = words;
    std::vector<SignedGenerator> all;
    for (std::size_t i = 0; i < letters.size(); ++i) {
      const MaskSign sign = i % 3 == 0 ? MaskSign::kSubtract : MaskSign::kAdd;
      all.push_back({GeneratorOf(letters[i]), sign});
      CounterGenerator one = GeneratorOf(letters[i]);
      ASSERT_OK(one.Mask(sign, absl::MakeSpan(expected)));
    }
    ASSERT_OK(MaskAll(absl::MakeSpan(all), absl::MakeSpan(words)));
    EXPECT_TRUE(words == expected) << count;
    // And each generator stands at the end of what it gave.
    CounterGenerator one = GeneratorOf(letters[0]);
    Stream(one, count * sizeof(TypeParam));
    EXPECT_EQ(Stream(all[0].generator, 16), Stream(one, 16)) << count;
  }
}

TYPED_TEST(MaskTest, LeavesTheWords_WhenMasksCancelOrThereIsNone) {
  auto words = this->Words(3000);
  const auto before = words;
  std::vector<SignedGenerator> all;
  ASSERT_OK(MaskAll(absl::MakeSpan(all), absl::MakeSpan(words)));
  EXPECT_TRUE(words == before);
  all.push_back({GeneratorOf('a'), MaskSign::kAdd});
  all.push_back({GeneratorOf('a'), MaskSign::kSubtract});
  ASSERT_OK(MaskAll(absl::MakeSpan(all), absl::MakeSpan(words)));
  EXPECT_TRUE(words == before);
}

}  // namespace
}  // namespace waymark::crypto
