#include "proto/rpc/identity_files.h"

#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <set>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "base/file.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/rpc/test_server.h"

namespace waymark::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::StatusIs;

constexpr char kUri[] = "waymark://demo/operator/anna";
using Files = std::map<std::string, std::string>;

class IdentityFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = absl::StrCat(::testing::TempDir(), "identity-",
                              ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(directory_);
    ASSERT_OK(MakeDirectories(directory_, 0700));
    const Identity first = authority_.Member(kUri);
    Write("authority.pem", first.authority_pem);
    Write("certificate.pem", first.certificate_pem);
    Write("key.pem", first.private_key_pem);
    held_ = first.certificate_pem;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string Path(const std::string& name) const { return absl::StrCat(directory_, "/", name); }
  void Write(const std::string& name, const std::string& text) {
    ASSERT_OK(WriteFileAtomically(Path(name), text, 0600));
  }
  std::string File(const std::string& name) const { return ReadFile(Path(name), 1 << 20).value_or(""); }
  std::set<std::string> Pending() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      const std::string name = entry.path().filename();
      if (name.find("pending") != std::string::npos) names.insert(name);
    }
    return names;
  }
  // As a coordinator gives it: the same request again, the same certificate.
  absl::StatusOr<std::string> Issue(const std::string& request_pem, const std::string& uri = kUri) {
    const absl::MutexLock lock(&mutex_);
    std::string& given = given_[request_pem];
    if (!given.empty()) return given;
    const SystemClock clock;
    const absl::Time now = clock.Now();
    absl::StatusOr<std::string> issued = crypto::IssueClientCertificate(
        authority_.authority(), request_pem, uri,
        {.not_before = now - absl::Hours(1), .not_after = now + absl::Hours(12)});
    if (issued.ok()) given = *issued;
    return issued;
  }
  absl::Status Renew() {
    return RenewIdentity(directory_, held_, [this](const std::string& request) { return Issue(request); });
  }

  TestAuthority authority_;
  std::string directory_;
  std::string held_;
  absl::Mutex mutex_;
  std::map<std::string, std::string> given_ ABSL_GUARDED_BY(mutex_);
};

TEST_F(IdentityFilesTest, ANewPairTakesThePlaceOfTheOld_AndIsItsOwnersAlone) {
  const std::string key = File("key.pem");
  ASSERT_OK(Renew());
  EXPECT_NE(File("certificate.pem"), held_);
  EXPECT_NE(File("key.pem"), key);
  EXPECT_OK(OpenIdentity(directory_).status());
  EXPECT_THAT(Pending(), IsEmpty());
  for (const char* name : {"key.pem", "certificate.pem"}) {
    struct stat info {};
    ASSERT_EQ(::stat(Path(name).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777u, 0600u) << name;
  }
}

TEST_F(IdentityFilesTest, ACallThatFailed_IsMadeAgainWithTheSameRequest) {
  const auto lost = [this](const std::string& request) -> absl::StatusOr<std::string> {
    EXPECT_OK(Issue(request).status());
    return absl::UnavailableError("the answer was lost");
  };
  EXPECT_THAT(RenewIdentity(directory_, held_, lost),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("lost")));
  EXPECT_EQ(File("certificate.pem"), held_);
  EXPECT_EQ(OpenIdentity(directory_)->certificate_pem, held_) << "good still";
  ASSERT_OK(Renew());
  EXPECT_NE(File("certificate.pem"), held_);
  const absl::MutexLock lock(&mutex_);
  EXPECT_THAT(given_, SizeIs(1));
}

TEST_F(IdentityFilesTest, WhatIsNotThisOnesCertificate_TakesNobodysPlace) {
  const std::string key = File("key.pem");
  const TestAuthority another("Another");
  const auto refused = [&](AskForCertificate give, const std::string& why) {
    EXPECT_THAT(RenewIdentity(directory_, held_, give),
                StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(why)));
    EXPECT_EQ(File("certificate.pem"), held_);
    EXPECT_EQ(File("key.pem"), key);
    const absl::MutexLock lock(&mutex_);
    given_.clear();
  };
  const auto with_uri = [&](const char* uri, const std::string& why) {
    refused([&](const std::string& request) { return Issue(request, uri); }, why);
  };
  refused([](const std::string&) { return "no certificate"; }, "cannot be read");
  refused([&](const std::string&) { return held_; }, "another private key");
  refused([&](const std::string&) { return std::string(kMaxPemBytes + 1, 'x'); }, "larger than any");
  with_uri("waymark://demo/operator/berta", "does not name operator anna alone");
  with_uri("waymark://demo/auditor/anna", "does not name operator anna alone");
  with_uri("waymark://south/operator/anna", "of another federation than demo");
  refused(
      [&](const std::string& request) {
        const SystemClock clock;
        return crypto::IssueClientCertificate(
            another.authority(), request, kUri,
            {.not_before = clock.Now(), .not_after = clock.Now() + absl::Hours(1)});
      },
      "not issued by this authority");
}

TEST_F(IdentityFilesTest, AnIdentityThatAnotherProgramRenewed_IsNotRenewedAgain) {
  ASSERT_OK(Renew());
  const std::string renewed = File("certificate.pem");
  ASSERT_OK(RenewIdentity(directory_, held_, [](const std::string&) -> absl::StatusOr<std::string> {
    return absl::InternalError("nobody is asked");
  }));
  EXPECT_EQ(File("certificate.pem"), renewed);
}

// In the order in which RenewIdentity leaves files behind, each a place where it may be killed.
TEST_F(IdentityFilesTest, WhatWasBegunIsEnded_WhereverItWasKilled) {
  const std::string old_key = File("key.pem");
  Files pending;
  ASSERT_OK(RenewIdentity(directory_, held_, [&](const std::string& request) {
    for (const std::string& name : Pending()) pending[name] = File(name);
    return Issue(request);
  }));
  ASSERT_THAT(pending, SizeIs(2));
  const std::string key = File("key.pem");
  const std::string certificate = File("certificate.pem");
  ASSERT_EQ(pending["pending-key.pem"], key);
  const std::string request = pending["pending-request.pem"];
  const Files old = {{"key.pem", old_key}, {"certificate.pem", held_}};
  const auto state = [&](const Files& more) {
    Files files = more;
    files.insert(old.begin(), old.end());
    return files;
  };
  const std::vector<Files> states = {
      state({{"pending-key.pem", key}}),
      state({{"pending-key.pem", key}, {"pending-request.pem.new", request.substr(0, 9)}}),
      state({{"pending-key.pem", key}, {"pending-request.pem", request}}),
      state({{"pending-key.pem", key},
             {"pending-request.pem", request},
             {"pending-certificate.pem.new", certificate.substr(0, 99)}}),
      state({{"pending-key.pem", key},
             {"pending-request.pem", request},
             {"pending-certificate.pem", certificate}}),
      state({{"pending-key.pem", key},
             {"pending-request.pem", request},
             {"pending-certificate.pem", certificate},
             {"key.pem", key}}),
      state({{"pending-key.pem", key},
             {"pending-request.pem", request},
             {"pending-certificate.pem", certificate},
             {"key.pem", key},
             {"certificate.pem", certificate}}),
      state({{"pending-key.pem", key},
             {"pending-request.pem", request},
             {"key.pem", key},
             {"certificate.pem", certificate}}),
      state({{"pending-key.pem", key}, {"key.pem", key}, {"certificate.pem", certificate}})};
  for (std::size_t i = 0; i < states.size(); ++i) {
    SCOPED_TRACE(i);
    for (const std::string& name : Pending()) std::remove(Path(name).c_str());
    for (const auto& [name, text] : states[i]) Write(name, text);
    // Whatever there is, it can be connected with, and be renewed.
    ASSERT_OK_AND_ASSIGN(const Identity opened, OpenIdentity(directory_));
    EXPECT_EQ(opened.certificate_pem, i < 4 ? held_ : certificate);
    ASSERT_OK(RenewIdentity(directory_, opened.certificate_pem,
                            [this](const std::string& asked) { return Issue(asked); }));
    ASSERT_OK_AND_ASSIGN(const Identity renewed, OpenIdentity(directory_));
    EXPECT_NE(renewed.certificate_pem, opened.certificate_pem);
    for (const std::string& name : Pending()) EXPECT_THAT(name, HasSubstr(".new"));
  }
}

// Threads stand for programs: the lock is the folder's, whoever opens it.
TEST_F(IdentityFilesTest, ManyProgramsAtOnce_AlwaysHaveAPairThatFits) {
  constexpr int kPrograms = 6;
  std::atomic<int> failed = 0;
  std::vector<std::thread> programs;
  for (int i = 0; i < kPrograms; ++i) {
    programs.emplace_back([&] {
      for (int times = 0; times < 10; ++times) {
        const absl::StatusOr<Identity> identity = OpenIdentity(directory_);
        if (!identity.ok()) {
          ADD_FAILURE() << identity.status();
          return;
        }
        const absl::Status renewed = RenewIdentity(directory_, identity->certificate_pem,
                                                   [this](const std::string& asked) { return Issue(asked); });
        if (!renewed.ok()) ++failed;  // its request was another's by then
      }
    });
  }
  for (std::thread& program : programs) program.join();
  EXPECT_OK(OpenIdentity(directory_).status());
  EXPECT_LT(failed, kPrograms * 10);
  EXPECT_NE(File("certificate.pem"), held_);
}

}  // namespace
}  // namespace waymark::rpc
