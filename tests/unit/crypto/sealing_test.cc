#include "crypto/sealing.h"

#include <openssl/err.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "crypto/chacha20_poly1305.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/crypto/wycheproof.h"

namespace waymark::crypto {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

internal::ChachaNonce NonceOf(const std::string& bytes) {
  internal::ChachaNonce nonce = {};
  std::copy_n(bytes.begin(), std::min(bytes.size(), nonce.size()), nonce.begin());
  return nonce;
}

std::string Unhex(absl::string_view hex) {
  return absl::HexStringToBytes(hex);
}

// RFC 8439, section 2.8.2.
TEST(ChaCha20Poly1305Test, EqualsRfc8439) {
  const SecretBytes key(Unhex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"));
  const internal::ChachaNonce nonce = NonceOf(Unhex("070000004041424344454647"));
  const std::string associated = Unhex("50515253c0c1c2c3c4c5c6c7");
  const std::string plain =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen "
      "would be it.";
  const std::string expected =
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b"
      "1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
      "3ff4def08e4b7a9de576d26586cec64b6116"
      "1ae10b594f09e26a7e902ecbd0600691";
  ASSERT_OK_AND_ASSIGN(const std::string sealed,
                       internal::SealWithNonce(key, nonce, associated, SecretBytes(plain)));
  EXPECT_EQ(absl::BytesToHexString(sealed), expected);
  ASSERT_OK_AND_ASSIGN(const SecretBytes opened, internal::OpenWithNonce(key, nonce, associated, sealed));
  EXPECT_EQ(opened.RevealSecretText(), plain);
}

TEST(ChaCha20Poly1305Test, AgreesWithWycheproof) {
  const auto vectors = LoadWycheproof("wycheproof_chacha20_poly1305.json");
  if (!vectors.has_value()) GTEST_SKIP() << "wycheproof_chacha20_poly1305.json is not beside the repository";
  int checked = 0;
  int other_nonces = 0;
  for (const auto& group : vectors->at("testGroups")) {
    for (const auto& test : group.at("tests")) {
      const SecretBytes key(HexField(test, "key"));
      const std::string nonce = HexField(test, "iv");
      if (nonce.size() != internal::ChachaNonce().size()) {
        EXPECT_EQ(test.at("result"), "invalid");
        ++other_nonces;  // cannot be said in this interface
        continue;
      }
      const std::string sealed = HexField(test, "ct") + HexField(test, "tag");
      const auto opened = internal::OpenWithNonce(key, NonceOf(nonce), HexField(test, "aad"), sealed);
      if (test.at("result") == "valid") {
        ASSERT_OK(opened) << test.dump();
        EXPECT_EQ(opened->RevealSecretText(), HexField(test, "msg"));
        const auto made = internal::SealWithNonce(key, NonceOf(nonce), HexField(test, "aad"),
                                                  SecretBytes(HexField(test, "msg")));
        ASSERT_OK(made);
        EXPECT_EQ(*made, sealed);
      } else {
        EXPECT_THAT(opened, StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("cannot be opened")))
            << test.dump();
      }
      ++checked;
    }
  }
  EXPECT_EQ(checked + other_nonces, vectors->at("numberOfTests").get<int>());
  EXPECT_GT(checked, 300);
  EXPECT_EQ(ERR_peek_error(), 0u);
}

class SealingTest : public ::testing::Test {
 protected:
  const SecretBytes key_ = SecretBytes(std::string(32, 'k'));
  const SecretBytes plain_ = SecretBytes("two shares");
};

TEST_F(SealingTest, SealsUnderTheZeroNonce) {
  ASSERT_OK_AND_ASSIGN(const std::string sealed, Seal(key_, "a", plain_));
  ASSERT_OK_AND_ASSIGN(const std::string expected, internal::SealWithNonce(key_, {}, "a", plain_));
  EXPECT_EQ(sealed, expected);
  EXPECT_EQ(sealed.size(), plain_.size() + kSealingOverheadBytes);
}

TEST_F(SealingTest, OpensWhatWasSealed_AlsoEmpty) {
  for (const std::string text : {"", "x", "two shares"}) {
    for (const std::string associated : {"", "from to"}) {
      ASSERT_OK_AND_ASSIGN(const std::string sealed, Seal(key_, associated, SecretBytes(text)));
      ASSERT_OK_AND_ASSIGN(const SecretBytes opened, OpenSealed(key_, associated, sealed));
      EXPECT_EQ(opened.RevealSecretText(), text);
    }
  }
}

TEST_F(SealingTest, RefusesEveryFlippedBitAndEveryCut) {
  ASSERT_OK_AND_ASSIGN(const std::string sealed, Seal(key_, "from to", plain_));
  const auto refused = StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("cannot be opened"));
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THAT(OpenSealed(key_, "from to", changed), refused) << bit;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_THAT(OpenSealed(key_, "from to", sealed.substr(0, size)), refused) << size;
  }
  EXPECT_THAT(OpenSealed(key_, "from to", sealed + "x"), refused);
  EXPECT_THAT(OpenSealed(key_, "to from", sealed), refused);
  EXPECT_THAT(OpenSealed(key_, "", sealed), refused);
  EXPECT_THAT(OpenSealed(SecretBytes(std::string(32, 'l')), "from to", sealed), refused);
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST_F(SealingTest, RefusesOtherKeyLengths) {
  for (const std::size_t size : {0u, 16u, 31u, 33u}) {
    const SecretBytes key(std::size_t{size});
    const auto refused = StatusIs(absl::StatusCode::kInvalidArgument,
                                  HasSubstr(absl::StrCat("has 32 bytes, this has ", size)));
    EXPECT_THAT(Seal(key, "", plain_), refused);
    EXPECT_THAT(OpenSealed(key, "", std::string(40, 'x')), refused);
  }
}

TEST_F(SealingTest, RefusesMoreThan16MiB) {
  const std::string most(kMostSealingBytes, 'm');
  ASSERT_OK_AND_ASSIGN(const std::string sealed, Seal(key_, most, SecretBytes(most)));
  ASSERT_OK_AND_ASSIGN(const SecretBytes opened, OpenSealed(key_, most, sealed));
  EXPECT_TRUE(opened.RevealSecretText() == most);
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("at most 16777216"));
  EXPECT_THAT(Seal(key_, most + "x", plain_), refused);
  EXPECT_THAT(Seal(key_, "", SecretBytes(most + "x")), refused);
  EXPECT_THAT(OpenSealed(key_, most + "x", sealed), refused);
  EXPECT_THAT(OpenSealed(key_, most, sealed + "x"), refused);
}

}  // namespace
}  // namespace waymark::crypto
