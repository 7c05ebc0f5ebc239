#include "crypto/secure_sum/ring_vector.h"

#include <cstdint>
#include <limits>
#include <random>

#include "absl/strings/str_cat.h"
#include "crypto/random.h"
#include "tests/testing/status_matchers.h"

namespace waymark::crypto {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::StatusIs;

constexpr std::int64_t kLeast32 = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kMost32 = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kLeast64 = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost64 = std::numeric_limits<std::int64_t>::max();

RingVector Vector(std::uint32_t word_bits, const std::vector<std::int64_t>& values) {
  return *RingVector::FromValues(word_bits, values);
}

TEST(RingVectorTest, KeepsValuesOfEitherSign) {
  EXPECT_THAT(Vector(32, {0, -1, kLeast32, kMost32}).ToValues(), ElementsAre(0, -1, kLeast32, kMost32));
  EXPECT_THAT(Vector(64, {0, -1, kLeast64, kMost64}).ToValues(), ElementsAre(0, -1, kLeast64, kMost64));
  EXPECT_THAT(Vector(64, {}).ToValues(), ElementsAre());
  EXPECT_THAT(RingVector(32, 3).ToValues(), ElementsAre(0, 0, 0));
}

TEST(RingVectorTest, RefusesAValueThatDoesNotFitAndTellsItsPlaceAlone) {
  for (const std::int64_t outside : {kLeast32 - 1, kMost32 + 1}) {
    const absl::Status status = RingVector::FromValues(32, {{7, outside}}).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("cell 1 ")));
    EXPECT_THAT(status, Not(StatusIs(absl::StatusCode::kOutOfRange, HasSubstr(absl::StrCat(outside)))));
  }
}

TEST(RingVectorTest, LiesInBytesLittleEndian) {
  EXPECT_EQ(Vector(32, {0x01020304, -2}).bytes(), absl::string_view("\x04\x03\x02\x01\xFE\xFF\xFF\xFF", 8));
  EXPECT_EQ(Vector(64, {0x0102}).bytes(), absl::string_view("\x02\x01\0\0\0\0\0\0", 8));
  const RingVector vector = Vector(64, {1, -5, kMost64});
  RingVector again(64, 3);
  ASSERT_OK(again.AddBytes(0, vector.bytes()));
  EXPECT_EQ(again.ToValues(), vector.ToValues());
}

TEST(RingVectorTest, AddsBytesWhereTheyBelong) {
  const std::string bytes("?\x01\0\0\0\x02\0\0\0", 9);  // the words begin at an odd address
  RingVector narrow = Vector(32, {10, 20, 30});
  ASSERT_OK(narrow.AddBytes(4, absl::string_view(bytes).substr(1)));
  EXPECT_THAT(narrow.ToValues(), ElementsAre(10, 21, 32));
  ASSERT_OK(narrow.AddBytes(12, ""));
  RingVector wide = Vector(64, {10, 20});
  ASSERT_OK(wide.AddBytes(8, Vector(64, {-1}).bytes()));
  EXPECT_THAT(wide.ToValues(), ElementsAre(10, 19));
}

TEST(RingVectorTest, RefusesBytesThatAreNoWordsOfIt) {
  RingVector narrow(32, 3);
  for (const std::size_t bytes : {1u, 3u, 5u, 7u, 9u, 16u}) {
    EXPECT_THAT(narrow.AddBytes(0, std::string(bytes, 'x')),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("words of 4")));
  }
  for (const std::size_t from : {2u, 12u, 16u}) {
    EXPECT_THAT(narrow.AddBytes(from, "1234"),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(absl::StrCat("byte ", from))));
  }
  RingVector wide(64, 1);
  EXPECT_THAT(wide.AddBytes(0, "1234"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("of 8")));
  EXPECT_THAT(wide.ToValues(), ElementsAre(0));
}

TEST(RingVectorTest, AddsAroundTheRing) {
  RingVector sum = Vector(32, {kMost32, 5, -7});
  ASSERT_OK(sum.Add(Vector(32, {1, -9, -8})));
  EXPECT_THAT(sum.ToValues(), ElementsAre(kLeast32, -4, -15));
  RingVector wide = Vector(64, {kMost64, kLeast64});
  ASSERT_OK(wide.Add(Vector(64, {1, -1})));
  EXPECT_THAT(wide.ToValues(), ElementsAre(kLeast64, kMost64));
}

TEST(RingVectorTest, RefusesToAddAnotherShape) {
  RingVector sum(64, 4);
  EXPECT_THAT(sum.Add(RingVector(64, 3)), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("3 words")));
  EXPECT_THAT(sum.Add(RingVector(32, 4)), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("32 bits")));
  EXPECT_THAT(sum.Add(RingVector(32, 8)), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("32 bits")));
}

// Against the generator's own stream, added by plain arithmetic.
TEST(RingVectorTest, MasksByTheGeneratorsStream) {
  SystemRandom random;
  const SecretBytes key = *SecretBytes::Random(kGeneratorKeyBytes, random);
  for (const std::uint32_t word_bits : {32u, 64u}) {
    const std::size_t words = 5'001;
    std::vector<std::uint8_t> stream(words * word_bits / 8);
    ASSERT_OK(CounterGenerator::Create(key)->Fill(absl::MakeSpan(stream)));
    RingVector masked(word_bits, words);
    std::vector<SignedGenerator> generators;
    generators.push_back({*CounterGenerator::Create(key), MaskSign::kAdd});
    ASSERT_OK(masked.Mask(absl::MakeSpan(generators)));
    EXPECT_EQ(masked.bytes(), absl::string_view(reinterpret_cast<const char*>(stream.data()), stream.size()));
    std::vector<SignedGenerator> back;
    back.push_back({*CounterGenerator::Create(key), MaskSign::kSubtract});
    ASSERT_OK(masked.Mask(absl::MakeSpan(back)));
    EXPECT_EQ(masked.bytes(), std::string(stream.size(), '\0'));
  }
}

TEST(WordBitsForTest, LeavesAFactorOfFour) {
  EXPECT_EQ(*WordBitsFor(152, 1'000'000), 32u);
  EXPECT_EQ(*WordBitsFor(1, (1u << 29) - 1), 32u);
  EXPECT_EQ(*WordBitsFor(1, 1u << 29), 64u);
  EXPECT_EQ(*WordBitsFor(1, (std::uint64_t{1} << 61) - 1), 64u);
  EXPECT_THAT(WordBitsFor(1, std::uint64_t{1} << 61),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("64 bits")));
  // Beyond what 64 bits, and four times what 128 bits hold in between.
  EXPECT_THAT(WordBitsFor(std::uint64_t{1} << 40, std::uint64_t{1} << 40),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("64 bits")));
  EXPECT_THAT(WordBitsFor(std::uint64_t{1} << 63, std::uint64_t{1} << 63),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("64 bits")));
  EXPECT_EQ(*WordBitsFor(0, 5), 32u);
}

}  // namespace
}  // namespace waymark::crypto
