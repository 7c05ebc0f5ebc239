#include "crypto/passphrase.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "tests/testing/status_matchers.h"

namespace waymark::crypto {
namespace {

using testing::StatusIs;

std::string HexOf(const std::string& passphrase, const std::string& salt, const ScryptCost& cost) {
  const auto key = KeyOfPassphrase(SecretBytes(passphrase), salt, cost, 64);
  EXPECT_OK(key.status());
  return key.ok() ? absl::BytesToHexString(key->RevealSecretText()) : "";
}

// RFC 7914, section 12.
TEST(PassphraseTest, EqualsRfc7914) {
  EXPECT_EQ(HexOf("", "", {.log_n = 4, .r = 1, .p = 1}),
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
            "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
  EXPECT_EQ(HexOf("password", "NaCl", {.log_n = 10, .r = 8, .p = 16}),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
            "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
  EXPECT_EQ(HexOf("pleaseletmein", "SodiumChloride", {.log_n = 14, .r = 8, .p = 1}),
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887");
}

TEST(PassphraseTest, RefusesCosts_ThatAreNoneOrTooMuch) {
  const SecretBytes passphrase("correct horse");
  for (const ScryptCost& cost :
       {ScryptCost{.log_n = 0}, ScryptCost{.log_n = 10, .r = 0}, ScryptCost{.log_n = 10, .r = 8, .p = 0},
        ScryptCost{.log_n = 10, .r = 8, .p = 17}, ScryptCost{.log_n = 19, .r = 8},
        ScryptCost{.log_n = 63, .r = 8}, ScryptCost{.log_n = 10, .r = 0xFFFFFFFF}}) {
    EXPECT_THAT(KeyOfPassphrase(passphrase, "salt", cost, 32).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, ::testing::HasSubstr("scrypt")));
  }
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{65}}) {
    EXPECT_THAT(KeyOfPassphrase(passphrase, "salt", {.log_n = 4}, bytes).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, ::testing::_));
  }
}

}  // namespace
}  // namespace waymark::crypto
