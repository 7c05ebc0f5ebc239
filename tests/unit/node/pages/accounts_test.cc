#include "node/pages/accounts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "node/pages/tries.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using crypto::SecretBytes;
using ::testing::HasSubstr;
using testing::StatusIs;

constexpr crypto::ScryptCost kQuick{.log_n = 4, .r = 1, .p = 1};
constexpr char kPassword[] = "a quiet garden";
constexpr char kPassphrase[] = "five green bottles";

class AccountsTest : public ::testing::Test {
 protected:
  Accounts Open() { return Accounts(path_, random_, kQuick); }
  void AddBoth() {
    Accounts accounts = Open();
    ASSERT_OK(accounts.AddViewer("mary", SecretBytes(kPassword)));
    ASSERT_OK_AND_ASSIGN(const crypto::SigningKey key, crypto::SigningKey::Generate(random_));
    public_key_ = key.public_key();
    ASSERT_OK(accounts.AddApprover("ig", SecretBytes(kPassword), SecretBytes(kPassphrase), key));
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.Path("accounts.json");
  crypto::SystemRandom random_;
  std::string public_key_;
};

TEST_F(AccountsTest, KnowsWhoSignsIn_ByThePasswordAlone) {
  AddBoth();
  Accounts accounts = Open();
  ASSERT_OK_AND_ASSIGN(const Account mary, accounts.CheckPassword("mary", SecretBytes(kPassword)));
  EXPECT_EQ(mary.role, Role::kViewer);
  EXPECT_EQ(mary.public_key, "");
  for (const auto& [name, password] :
       std::vector<std::pair<std::string, std::string>>{{"mary", "a quiet gardem"},
                                                        {"mary", ""},
                                                        {"mary", std::string(kPassword) + " "},
                                                        {"nobody", kPassword},
                                                        {"", kPassword},
                                                        {"Mary", kPassword}}) {
    EXPECT_THAT(accounts.CheckPassword(name, SecretBytes(password)).status(),
                StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("do not go together")))
        << name << " " << password;
  }
}

TEST_F(AccountsTest, OpensTheKey_ByItsPassphraseAlone) {
  AddBoth();
  Accounts accounts = Open();
  ASSERT_OK_AND_ASSIGN(const crypto::SigningKey key, accounts.OpenKey("ig", SecretBytes(kPassphrase)));
  EXPECT_EQ(key.public_key(), public_key_);
  EXPECT_THAT(accounts.OpenKey("ig", SecretBytes(kPassword)).status(),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("does not open")));
  EXPECT_THAT(accounts.OpenKey("mary", SecretBytes(kPassphrase)).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("no approval key")));
}

TEST_F(AccountsTest, KeepsNoSecretInTheFile_AndLetsNobodyElseReadIt) {
  AddBoth();
  ASSERT_OK_AND_ASSIGN(const std::string text, ReadFile(path_, 1 << 20));
  Accounts accounts = Open();
  ASSERT_OK_AND_ASSIGN(const crypto::SigningKey key, accounts.OpenKey("ig", SecretBytes(kPassphrase)));
  for (const std::string& secret :
       {std::string(kPassword), std::string(kPassphrase), std::string(key.seed().RevealSecretText()),
        absl::BytesToHexString(key.seed().RevealSecretText())}) {
    EXPECT_THAT(text, ::testing::Not(HasSubstr(secret)));
  }
  struct stat info {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  ASSERT_EQ(::chmod(path_.c_str(), 0640), 0);
  EXPECT_THAT(accounts.List().status(), StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr(path_)));
}

TEST_F(AccountsTest, ASealedKeyOpensForNoOtherAccount) {
  AddBoth();
  ASSERT_OK_AND_ASSIGN(std::string text, ReadFile(path_, 1 << 20));
  const std::size_t at = text.find("\"ig\"");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 4, "\"it\"");
  ASSERT_OK(WriteFileAtomically(path_, text, 0600));
  EXPECT_THAT(Open().OpenKey("it", SecretBytes(kPassphrase)).status(),
              StatusIs(absl::StatusCode::kUnauthenticated, ::testing::_));
}

TEST_F(AccountsTest, TakesNamesAndSecretsThatAreSome) {
  Accounts accounts = Open();
  for (const char* name : {"", "a b", "<script>", "né", "x/../y",
                           "0123456789012345678901234567890123456789012345678901234567890123456"}) {
    EXPECT_THAT(accounts.AddViewer(name, SecretBytes(kPassword)),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("a name is")))
        << name;
  }
  EXPECT_THAT(accounts.AddViewer("mary", SecretBytes("short")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("12 to 1024")));
  ASSERT_OK_AND_ASSIGN(const crypto::SigningKey key, crypto::SigningKey::Generate(random_));
  EXPECT_THAT(accounts.AddApprover("ig", SecretBytes(kPassword), SecretBytes(kPassword), key),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("another than the password")));
  AddBoth();
  EXPECT_THAT(accounts.AddViewer("mary", SecretBytes(kPassword)),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("mary")));
}

TEST_F(AccountsTest, WhoIsRemovedIsOut) {
  AddBoth();
  Accounts accounts = Open(), another = Open();
  ASSERT_OK(another.Remove("ig"));
  ASSERT_OK_AND_ASSIGN(const std::optional<Account> gone, accounts.Find("ig"));
  EXPECT_FALSE(gone.has_value());
  EXPECT_THAT(accounts.Remove("ig"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("ig")));
}

TEST_F(AccountsTest, SaysWhatIsWrong_WithADamagedFile) {
  for (const char* text : {"", "{", "[]", "{\"format\": \"waymark accounts 1\"}",
                           "{\"format\": \"waymark accounts 2\", \"accounts\": []}",
                           "{\"format\": \"waymark accounts 1\", \"accounts\": [{\"name\": \"a\"}]}"}) {
    ASSERT_OK(WriteFileAtomically(path_, text, 0600));
    EXPECT_THAT(Open().List().status(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("put a copy back")))
        << text;
  }
}

TEST(TriesTest, StopsGuessing_AfterFive_AndForgetsInTime) {
  testing::FakeClock clock(absl::FromUnixSeconds(1'780'000'000));
  Tries tries(clock);
  for (int i = 0; i < 5; ++i) EXPECT_OK(tries.Begin("mary"));
  EXPECT_THAT(tries.Begin("mary"), StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("wait")));
  EXPECT_OK(tries.Begin("ig"));
  clock.Advance(Tries::kWithin - absl::Seconds(1));
  EXPECT_THAT(tries.Begin("mary"), StatusIs(absl::StatusCode::kResourceExhausted, ::testing::_));
  clock.Advance(absl::Seconds(1));
  EXPECT_OK(tries.Begin("mary"));
}

TEST(TriesTest, ARightOneForgetsTheWrongOnes) {
  testing::FakeClock clock(absl::FromUnixSeconds(1'780'000'000));
  Tries tries(clock);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 5; ++i) EXPECT_OK(tries.Begin("mary"));
    tries.Succeeded("mary");
  }
}

TEST(TriesTest, ManyNamesAreBoundedTogether) {
  testing::FakeClock clock(absl::FromUnixSeconds(1'780'000'000));
  Tries tries(clock);
  for (int i = 0; i < 100; ++i) EXPECT_OK(tries.Begin(absl::StrCat("name", i)));
  EXPECT_THAT(tries.Begin("another"), StatusIs(absl::StatusCode::kResourceExhausted, ::testing::_));
}

}  // namespace
}  // namespace waymark::node
