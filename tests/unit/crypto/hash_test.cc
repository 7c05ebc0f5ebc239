#include "crypto/hash.h"

#include "absl/strings/escaping.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/crypto/wycheproof.h"

namespace waymark::crypto {
namespace {

std::string Hex(absl::string_view bytes) {
  return absl::BytesToHexString(bytes);
}

SecretBytes Key(absl::string_view hex) {
  return SecretBytes(absl::HexStringToBytes(hex));
}

// The examples of FIPS 180-4's companion document ("SHA256.pdf"), and the empty message.
TEST(Sha256Test, EqualsPublishedDigests) {
  EXPECT_EQ(Hex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(Sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Hex(Sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, HashesNulBytes_LikeAnyOther) {
  EXPECT_NE(Sha256(absl::string_view("a\0b", 3)), Sha256("a"));
  EXPECT_EQ(Sha256(absl::string_view()), Sha256(""));
}

struct HmacCase {
  const char* key_hex;
  std::string message;
  const char* mac_hex;
};

// RFC 4231, section 4 (test case 5 truncates, which we do not).
TEST(HmacSha256Test, EqualsRfc4231) {
  const std::string long_key(262, 'a');  // 131 bytes 0xaa, in hexadecimal
  const HmacCase cases[] = {
      {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"4a656665", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {"0102030405060708090a0b0c0d0e0f10111213141516171819", std::string(50, '\xcd'),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {long_key.c_str(), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {long_key.c_str(),
       "This is a test using a larger than block-size key and a larger than block-size data. The key needs "
       "to "
       "be hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const HmacCase& each : cases) {
    EXPECT_EQ(Hex(HmacSha256(Key(each.key_hex), each.message)), each.mac_hex) << each.message;
  }
}

TEST(HmacSha256Test, TakesAnEmptyKeyAndMessage) {
  // An empty key is padded with zeros (RFC 2104), so it equals a key of zeros.
  EXPECT_EQ(Hex(HmacSha256(SecretBytes(), "")),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  EXPECT_EQ(HmacSha256(SecretBytes(), "x"), HmacSha256(SecretBytes(std::size_t{64}), "x"));
}

TEST(HmacSha256Test, AgreesWithWycheproof) {
  const auto vectors = LoadWycheproof("wycheproof_hmac_sha256.json");
  if (!vectors.has_value()) GTEST_SKIP() << "wycheproof_hmac_sha256.json is not beside the repository";
  int checked = 0;
  for (const auto& group : vectors->at("testGroups")) {
    const std::size_t tag_bytes = group.at("tagSize").get<std::size_t>() / 8;
    for (const auto& test : group.at("tests")) {
      const std::string mac =
          HmacSha256(SecretBytes(HexField(test, "key")), HexField(test, "msg")).substr(0, tag_bytes);
      EXPECT_EQ(ConstantTimeEqual(mac, HexField(test, "tag")), test.at("result") == "valid") << test.dump();
      ++checked;
    }
  }
  EXPECT_EQ(checked, vectors->at("numberOfTests").get<int>());
}

TEST(ConstantTimeEqualTest, ComparesLengthAndBytes) {
  EXPECT_TRUE(ConstantTimeEqual("", ""));
  EXPECT_TRUE(ConstantTimeEqual("same", "same"));
  EXPECT_FALSE(ConstantTimeEqual("same", "samf"));
  EXPECT_FALSE(ConstantTimeEqual("same", "tame"));
  EXPECT_FALSE(ConstantTimeEqual("same", "same "));
  EXPECT_FALSE(ConstantTimeEqual("", "x"));
  EXPECT_FALSE(ConstantTimeEqual(absl::string_view("a\0b", 3), absl::string_view("a\0c", 3)));
}

}  // namespace
}  // namespace waymark::crypto
