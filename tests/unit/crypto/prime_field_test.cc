#include "crypto/prime_field.h"

#include <sstream>
#include <string>

#include "absl/strings/escaping.h"
#include "base/file.h"
#include "tests/testing/status_matchers.h"

namespace waymark::crypto::internal {
namespace {

absl::Span<const std::uint8_t> Span(const std::string& bytes) {
  return absl::MakeSpan(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

FieldElement Element(const std::string& hex) {
  return FieldFromBytes(Span(absl::HexStringToBytes(hex)));
}

std::string Hex(const FieldElement& element) {
  std::string bytes(kFieldBytes, '\0');
  FieldToBytes(element, absl::MakeSpan(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()));
  return absl::BytesToHexString(bytes);
}

// The edges of words, digits and field, and numbers between them; operands also as operations leave them.
TEST(PrimeFieldTest, EqualsPythonsIntegers) {
  ASSERT_OK_AND_ASSIGN(const std::string text, ReadFile("tests/vectors/prime_field.txt", 1'000'000));
  std::istringstream lines(text);
  int rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line[0] == '#') continue;
    std::string a_hex, b_hex, sum, product, small_product, negative, inverse;
    std::uint32_t small = 0;
    std::istringstream(line) >> a_hex >> b_hex >> small >> sum >> product >> small_product >> negative >>
        inverse;
    const FieldElement zero;
    for (const FieldElement& a :
         {Element(a_hex), FieldNegate(FieldNegate(Element(a_hex))), FieldAdd(Element(a_hex), zero)}) {
      const FieldElement b = Element(b_hex);
      EXPECT_EQ(Hex(a), a_hex);
      EXPECT_EQ(Hex(FieldAdd(a, b)), sum) << line;
      EXPECT_EQ(Hex(FieldMultiply(a, b)), product) << line;
      EXPECT_EQ(Hex(FieldMultiplySmall(a, small)), small_product) << line;
      EXPECT_EQ(Hex(FieldNegate(a)), negative) << line;
      EXPECT_EQ(Hex(FieldInvert(a)), inverse) << line;
    }
    ++rows;
  }
  EXPECT_EQ(rows, 204);
}

// The greatest digits that the operations take, in every place: all of them 2^52 − 1.
TEST(PrimeFieldTest, TakesEveryDigitAtItsGreatest) {
  FieldElement most;
  most.digits.fill((std::uint64_t{1} << 52) - 1);
  const FieldElement reduced = Element(Hex(most));
  EXPECT_EQ(Hex(FieldMultiply(most, most)), Hex(FieldMultiply(reduced, reduced)));
  EXPECT_EQ(Hex(FieldMultiplySmall(most, ~std::uint32_t{0})),
            Hex(FieldMultiplySmall(reduced, ~std::uint32_t{0})));
  EXPECT_EQ(Hex(FieldAdd(most, most)), Hex(FieldAdd(reduced, reduced)));
}

TEST(PrimeFieldTest, TellsNumbersBelowThePrime) {
  const std::string ones(30, '\xff');
  const std::pair<std::string, bool> table[] = {
      {std::string(32, '\0'), true},           {"\xec" + ones + "\x7f", true},
      {"\xed" + ones + "\x7f", false},         {"\xff" + ones + "\x7f", false},
      {std::string(31, '\0') + "\x80", false}, {"\xff" + ones + "\xff", false},
      {"\xff" + ones + "\x7e", true},
  };
  for (const auto& [bytes, below] : table) {
    EXPECT_EQ(IsFieldElement(Span(bytes)), below ? 1u : 0u) << absl::BytesToHexString(bytes);
  }
}

// The number p itself and those above are read modulo p, and the top bit is left out.
TEST(PrimeFieldTest, ReducesWhatItReads) {
  const std::string ones(60, 'f');
  EXPECT_EQ(Hex(Element("ed" + ones + "7f")), std::string(64, '0'));
  EXPECT_EQ(Hex(Element("ff" + ones + "7f")), "12" + std::string(62, '0'));
  EXPECT_EQ(Hex(Element("ff" + ones + "ff")), "12" + std::string(62, '0'));
}

}  // namespace
}  // namespace waymark::crypto::internal
