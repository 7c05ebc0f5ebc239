#include "crypto/signature.h"

#include <sys/stat.h>

#include <filesystem>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/crypto/fake_random.h"
#include "tests/unit/crypto/wycheproof.h"

namespace waymark::crypto {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::StatusIs;

std::string Unhex(absl::string_view hex) {
  return absl::HexStringToBytes(hex);
}

struct Vector {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};

// RFC 8032, section 7.1: TEST 1, 2, 3 and SHA(abc).
constexpr Vector kRfc8032[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f"
     "0595b"
     "be24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2ea"
     "eb430"
     "2aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e"
     "9716e"
     "d28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d442"
     "3643c"
     "e80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179"
     "c138a"
     "c17ad9bef1177331a704"},
};

TEST(SigningKeyTest, EqualsRfc8032) {
  for (const Vector& each : kRfc8032) {
    ASSERT_OK_AND_ASSIGN(const SigningKey key, SigningKey::FromSeed(SecretBytes(Unhex(each.seed))));
    EXPECT_EQ(absl::BytesToHexString(key.public_key()), each.public_key);
    ASSERT_OK_AND_ASSIGN(const std::string signature, key.Sign(Unhex(each.message)));
    EXPECT_EQ(absl::BytesToHexString(signature), each.signature);
    EXPECT_OK(VerifySignature(Unhex(each.public_key), Unhex(each.message), Unhex(each.signature)));
  }
}

TEST(VerifySignatureTest, AgreesWithWycheproof) {
  const auto vectors = LoadWycheproof("wycheproof_ed25519.json");
  if (!vectors.has_value()) GTEST_SKIP() << "wycheproof_ed25519.json is not beside the repository";
  int checked = 0;
  for (const auto& group : vectors->at("testGroups")) {
    const std::string public_key = HexField(group.at("publicKey"), "pk");
    for (const auto& test : group.at("tests")) {
      const std::string signature = HexField(test, "sig");
      const absl::Status status = VerifySignature(public_key, HexField(test, "msg"), signature);
      const absl::StatusCode expected = signature.size() != kEd25519SignatureBytes
                                            ? absl::StatusCode::kInvalidArgument
                                        : test.at("result") == "valid" ? absl::StatusCode::kOk
                                                                       : absl::StatusCode::kUnauthenticated;
      EXPECT_EQ(status.code(), expected) << test.dump() << status;
      ++checked;
    }
  }
  EXPECT_EQ(checked, vectors->at("numberOfTests").get<int>());
}

TEST(VerifySignatureTest, RefusesEveryFlippedBit) {
  testing::CountingRandom random;
  ASSERT_OK_AND_ASSIGN(const SigningKey key, SigningKey::Generate(random));
  const std::string message = "a release";
  ASSERT_OK_AND_ASSIGN(const std::string signature, key.Sign(message));
  ASSERT_OK(VerifySignature(key.public_key(), message, signature));
  for (std::size_t bit = 0; bit < 8 * signature.size(); ++bit) {
    std::string changed = signature;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THAT(VerifySignature(key.public_key(), message, changed),
                StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("does not fit")));
  }
  EXPECT_THAT(VerifySignature(key.public_key(), "a releasf", signature),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("does not fit")));
  ASSERT_OK_AND_ASSIGN(const SigningKey other, SigningKey::Generate(random));
  EXPECT_THAT(VerifySignature(other.public_key(), message, signature),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("does not fit")));
}

TEST(VerifySignatureTest, RefusesWrongLengthsAndNoPoints) {
  const std::string key = Unhex(kRfc8032[0].public_key);
  const std::string signature = Unhex(kRfc8032[0].signature);
  EXPECT_THAT(VerifySignature(key.substr(1), "", signature),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("32 bytes, this has 31")));
  EXPECT_THAT(VerifySignature("", "", signature),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("has 0")));
  EXPECT_THAT(VerifySignature(key, "", signature + "x"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("64 bytes, this has 65")));
  EXPECT_THAT(VerifySignature(key, "", ""), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("has 0")));
  // y = 2 is on no point of the curve.
  EXPECT_THAT(VerifySignature("\x02" + std::string(31, '\0'), "", signature),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("does not fit")));
}

TEST(SigningKeyTest, RefusesSeedsOfOtherLengths) {
  for (const std::size_t size : {0u, 31u, 33u, 64u}) {
    EXPECT_THAT(SigningKey::FromSeed(SecretBytes(std::size_t{size})),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(absl::StrCat("this has ", size))));
  }
}

TEST(SigningKeyTest, PassesOnTheGeneratorsError) {
  testing::FailingRandom random;
  EXPECT_THAT(SigningKey::Generate(random), StatusIs(absl::StatusCode::kInternal, HasSubstr("on purpose")));
}

class KeyFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = absl::StrCat(::testing::TempDir(), "waymark_key_file_test_",
                           ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    ASSERT_OK(MakeDirectories(folder_, 0700));
    path_ = folder_ + "/signing.key";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // The message must name the file, and must not hold the seed.
  void ExpectRefused(const std::string& content, absl::string_view why) {
    ASSERT_OK(WriteFileAtomically(path_, content, 0600));
    EXPECT_THAT(SigningKey::LoadOrCreate(path_, random_),
                StatusIs(absl::StatusCode::kDataLoss,
                         AllOf(HasSubstr(path_), HasSubstr(std::string(why)),
                               HasSubstr("restore it from a backup"), Not(HasSubstr("000102030405")))));
    ASSERT_OK_AND_ASSIGN(const std::string after, ReadFile(path_, 10'000));
    EXPECT_EQ(after, content);  // never overwritten
  }

  testing::CountingRandom random_;
  std::string folder_;
  std::string path_;
};

TEST_F(KeyFileTest, MakesAFileForItsOwnerAlone_AndReadsTheSameKeyAgain) {
  ASSERT_OK_AND_ASSIGN(const SigningKey made, SigningKey::LoadOrCreate(path_, random_));
  struct stat info {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777u, 0600u);
  ASSERT_OK_AND_ASSIGN(const SigningKey again, SigningKey::LoadOrCreate(path_, random_));
  EXPECT_EQ(again.public_key(), made.public_key());
  ASSERT_OK_AND_ASSIGN(const std::string signature, again.Sign("m"));
  EXPECT_OK(VerifySignature(made.public_key(), "m", signature));
}

// The format is fixed: a later version must read what this one wrote. The seed is TEST 1 of RFC 8032.
TEST_F(KeyFileTest, ReadsTheDocumentedFormat) {
  ASSERT_OK(WriteFileAtomically(
      path_, absl::StrCat("waymark ed25519 key 1\n", kRfc8032[0].seed, "\n", kRfc8032[0].public_key, "\n"),
      0600));
  ASSERT_OK_AND_ASSIGN(const SigningKey key, SigningKey::LoadOrCreate(path_, random_));
  EXPECT_EQ(absl::BytesToHexString(key.public_key()), kRfc8032[0].public_key);
}

TEST_F(KeyFileTest, RefusesADamagedFile) {
  ASSERT_OK(SigningKey::LoadOrCreate(path_, random_).status());
  ASSERT_OK_AND_ASSIGN(const std::string good, ReadFile(path_, 10'000));
  ExpectRefused("", "first line");
  ExpectRefused("-----BEGIN PRIVATE KEY-----\n", "first line");
  ExpectRefused(good.substr(0, good.size() - 1), "bytes, found");
  ExpectRefused(good + "\n", "bytes, found");
  std::string changed = good;
  changed[30] = changed[30] == '1' ? '2' : '1';  // a digit of the seed
  ExpectRefused(changed, "do not belong together");
  changed[30] = 'x';
  ExpectRefused(changed, "no hexadecimal digit");
}

TEST_F(KeyFileTest, RefusesAFileThatOthersCanRead) {
  ASSERT_OK(SigningKey::LoadOrCreate(path_, random_).status());
  for (const mode_t mode : {0640, 0604, 0620, 0644}) {
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    EXPECT_THAT(
        SigningKey::LoadOrCreate(path_, random_),
        StatusIs(absl::StatusCode::kPermissionDenied, AllOf(HasSubstr("chmod 600"), HasSubstr(path_))));
  }
}

TEST_F(KeyFileTest, RefusesWhatIsNoFile) {
  EXPECT_THAT(SigningKey::LoadOrCreate(folder_, random_),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no regular file")));
  EXPECT_THAT(SigningKey::LoadOrCreate(folder_ + "/none/signing.key", random_),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
  ASSERT_OK(WriteFileAtomically(path_, std::string(5000, 'x'), 0600));
  EXPECT_THAT(SigningKey::LoadOrCreate(path_, random_),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("is it the right file?")));
}

TEST_F(KeyFileTest, LeavesNoFile_WhenTheGeneratorFails) {
  testing::FailingRandom failing;
  EXPECT_THAT(SigningKey::LoadOrCreate(path_, failing),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("on purpose")));
  EXPECT_FALSE(FileExists(path_));
}

}  // namespace
}  // namespace waymark::crypto
