#include "crypto/key_agreement.h"

#include <openssl/err.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/crypto/fake_random.h"
#include "tests/unit/crypto/wycheproof.h"

namespace waymark::crypto {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

std::string Unhex(absl::string_view hex) {
  return absl::HexStringToBytes(hex);
}

std::string Hex(const SecretBytes& bytes) {
  return absl::BytesToHexString(bytes.RevealSecretText());
}

struct Agreement {
  const char* private_key;
  const char* peer;
  const char* shared;
};

// RFC 7748, section 5.2 (the second has a bit set that X25519 ignores) and section 6.1, both ways.
constexpr Agreement kRfc7748[] = {
    {"a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
     "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
     "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"},
    {"4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
     "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
     "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"},
    {"77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
     "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
     "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"},
    {"5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
     "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
     "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"},
};

TEST(AgreementKeyTest, EqualsRfc7748) {
  for (const Agreement& each : kRfc7748) {
    ASSERT_OK_AND_ASSIGN(const AgreementKey key,
                         AgreementKey::FromPrivate(SecretBytes(Unhex(each.private_key))));
    EXPECT_EQ(Hex(key.private_key()), each.private_key);
    ASSERT_OK_AND_ASSIGN(const SecretBytes shared, key.Agree(Unhex(each.peer)));
    EXPECT_EQ(Hex(shared), each.shared);
  }
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(AgreementKeyTest, DerivesThePublicKeysOfRfc7748) {
  ASSERT_OK_AND_ASSIGN(const AgreementKey alice,
                       AgreementKey::FromPrivate(SecretBytes(Unhex(kRfc7748[2].private_key))));
  ASSERT_OK_AND_ASSIGN(const AgreementKey bob,
                       AgreementKey::FromPrivate(SecretBytes(Unhex(kRfc7748[3].private_key))));
  EXPECT_EQ(absl::BytesToHexString(alice.public_key()), kRfc7748[3].peer);
  EXPECT_EQ(absl::BytesToHexString(bob.public_key()), kRfc7748[2].peer);
}

// RFC 7748, section 5.2: what comes out goes in again, a thousand times over.
TEST(AgreementKeyTest, EqualsRfc7748_AfterAThousandRounds) {
  SecretBytes k("\x09" + std::string(31, '\0'));
  std::string u(k.RevealSecretText());
  for (int round = 1; round <= 1000; ++round) {
    ASSERT_OK_AND_ASSIGN(const AgreementKey key, AgreementKey::FromPrivate(k));
    ASSERT_OK_AND_ASSIGN(SecretBytes shared, key.Agree(u));
    u = std::string(k.RevealSecretText());
    k = std::move(shared);
    if (round == 1) {
      EXPECT_EQ(Hex(k), "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
  }
  EXPECT_EQ(Hex(k), "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

TEST(AgreementKeyTest, AgreesWithWycheproof) {
  const auto vectors = LoadWycheproof("wycheproof_x25519.json");
  if (!vectors.has_value()) GTEST_SKIP() << "wycheproof_x25519.json is not beside the repository";
  int checked = 0;
  int refused = 0;
  for (const auto& group : vectors->at("testGroups")) {
    for (const auto& test : group.at("tests")) {
      ASSERT_OK_AND_ASSIGN(const AgreementKey key,
                           AgreementKey::FromPrivate(SecretBytes(HexField(test, "private"))));
      const auto shared = key.Agree(HexField(test, "public"));
      if (HexField(test, "shared") == std::string(kX25519KeyBytes, '\0')) {
        EXPECT_THAT(shared, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("small order")))
            << test.dump();
        ++refused;
      } else {
        ASSERT_OK(shared) << test.dump();
        EXPECT_EQ(shared->RevealSecretText(), HexField(test, "shared")) << test.dump();
      }
      ++checked;
    }
  }
  EXPECT_EQ(checked, vectors->at("numberOfTests").get<int>());
  EXPECT_GT(refused, 10);
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(AgreementKeyTest, TwoSidesAgree_AndAThirdDoesNot) {
  SystemRandom random;
  ASSERT_OK_AND_ASSIGN(const AgreementKey a, AgreementKey::Generate(random));
  ASSERT_OK_AND_ASSIGN(const AgreementKey b, AgreementKey::Generate(random));
  ASSERT_OK_AND_ASSIGN(AgreementKey c, AgreementKey::Generate(random));
  const AgreementKey moved = std::move(c);
  ASSERT_OK_AND_ASSIGN(const SecretBytes ab, a.Agree(b.public_key()));
  ASSERT_OK_AND_ASSIGN(const SecretBytes ba, b.Agree(a.public_key()));
  ASSERT_OK_AND_ASSIGN(const SecretBytes ca, moved.Agree(a.public_key()));
  EXPECT_EQ(ab.RevealSecretText(), ba.RevealSecretText());
  EXPECT_NE(ab.RevealSecretText(), ca.RevealSecretText());
}

TEST(AgreementKeyTest, RefusesOtherLengths) {
  testing::CountingRandom random;
  ASSERT_OK_AND_ASSIGN(const AgreementKey key, AgreementKey::Generate(random));
  for (const std::size_t size : {0u, 31u, 33u, 64u}) {
    EXPECT_THAT(AgreementKey::FromPrivate(SecretBytes(std::size_t{size})),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr(absl::StrCat("private key has 32 bytes, this has ", size))));
    EXPECT_THAT(key.Agree(std::string(size, '\x09')),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr(absl::StrCat("public key has 32 bytes, this has ", size))));
  }
}

// The five points of small order below p (RFC 7748, section 6.1, and Bernstein's list), and two above it.
TEST(AgreementKeyTest, RefusesEveryPeerOfSmallOrder) {
  const char* const kPoints[] = {
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  };
  testing::CountingRandom random;
  ASSERT_OK_AND_ASSIGN(const AgreementKey key, AgreementKey::Generate(random));
  for (const char* const point : kPoints) {
    EXPECT_THAT(key.Agree(Unhex(point)),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("small order")))
        << point;
  }
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(AgreementKeyTest, GeneratesClampedKeysBelowThePrime) {
  struct Draw {
    std::string bytes;
    bool good;
  };
  const std::string ones(30, '\xff');
  const Draw draws[] = {{std::string(32, '\0'), true},
                        {"\xef" + ones + "\xff", true},  // the greatest clamped key below p
                        {"\xf0" + ones + "\x3f", false},
                        {"\xff" + ones + "\xff", false},
                        {"\xff" + ones.substr(1) + "\xfe" + "\xff", true},
                        {"\xff" + ones + "\xbe", true}};
  for (const Draw& draw : draws) {
    testing::ScriptedRandom random(draw.bytes);
    const auto key = AgreementKey::Generate(random);
    if (!draw.good) {
      EXPECT_THAT(key, StatusIs(absl::StatusCode::kInternal, HasSubstr("generator")));
      continue;
    }
    ASSERT_OK(key);
    const auto bytes = key->private_key().RevealSecret();
    EXPECT_EQ(bytes[0] & 7, 0);
    EXPECT_EQ(bytes[31] & 0xC0, 0x40);
    EXPECT_EQ(bytes[0] & 0xF8, static_cast<std::uint8_t>(draw.bytes[0]) & 0xF8);
  }
}

TEST(AgreementKeyTest, PassesOnTheGeneratorsError) {
  testing::FailingRandom random;
  EXPECT_THAT(AgreementKey::Generate(random), StatusIs(absl::StatusCode::kInternal, HasSubstr("on purpose")));
}

struct Derivation {
  std::string key;
  std::string salt;
  std::string info;
  std::size_t bytes;
  const char* derived;
};

std::string Counting(int from, int to) {
  std::string bytes;
  for (int i = from; i <= to; ++i) bytes.push_back(static_cast<char>(i));
  return bytes;
}

// RFC 5869, appendix A.1 to A.3.
TEST(HkdfSha256Test, EqualsRfc5869) {
  const Derivation table[] = {
      {std::string(22, '\x0b'), Counting(0x00, 0x0c), Counting(0xf0, 0xf9), 42,
       "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
      {Counting(0x00, 0x4f), Counting(0x60, 0xaf), Counting(0xb0, 0xff), 82,
       "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
       "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
      {std::string(22, '\x0b'), "", "", 42,
       "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
  };
  for (const Derivation& each : table) {
    ASSERT_OK_AND_ASSIGN(const SecretBytes derived,
                         HkdfSha256(SecretBytes(each.key), each.salt, each.info, each.bytes));
    EXPECT_EQ(Hex(derived), each.derived);
  }
}

TEST(HkdfSha256Test, AgreesWithWycheproof) {
  const auto vectors = LoadWycheproof("wycheproof_hkdf_sha256.json");
  if (!vectors.has_value()) GTEST_SKIP() << "wycheproof_hkdf_sha256.json is not beside the repository";
  int checked = 0;
  for (const auto& group : vectors->at("testGroups")) {
    for (const auto& test : group.at("tests")) {
      const auto derived = HkdfSha256(SecretBytes(HexField(test, "ikm")), HexField(test, "salt"),
                                      HexField(test, "info"), test.at("size").get<std::size_t>());
      if (test.at("result") == "valid") {
        ASSERT_OK(derived) << test.dump();
        EXPECT_EQ(derived->RevealSecretText(), HexField(test, "okm")) << test.dump();
      } else {
        EXPECT_THAT(derived, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("gives 1 to 8160")))
            << test.dump();
      }
      ++checked;
    }
  }
  EXPECT_EQ(checked, vectors->at("numberOfTests").get<int>());
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(HkdfSha256Test, TakesOneTo8160Bytes_AndNoEmptyKey) {
  const SecretBytes key("k");
  EXPECT_THAT(HkdfSha256(key, "", "", 0),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("asked were 0")));
  EXPECT_THAT(HkdfSha256(key, "", "", 8161),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("asked were 8161")));
  EXPECT_THAT(HkdfSha256(SecretBytes(), "", "", 1),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("empty")));
  ASSERT_OK_AND_ASSIGN(const SecretBytes most, HkdfSha256(key, "", "", 8160));
  ASSERT_OK_AND_ASSIGN(const SecretBytes least, HkdfSha256(key, "", "", 1));
  EXPECT_EQ(least.RevealSecretText(), most.RevealSecretText().substr(0, 1));
}

}  // namespace
}  // namespace waymark::crypto
