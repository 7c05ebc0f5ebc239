#include "proto/rpc/tls.h"

#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "proto/rpc/channel.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/rpc/raw_client.h"
#include "tests/unit/rpc/test_server.h"

namespace waymark::rpc {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using testing::StatusIs;

class Tls13Test : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_OK(RequireTls13()); }
  void TearDown() override { EXPECT_EQ(ERR_peek_error(), 0u); }
  TestAuthority authority_;
};

TEST_F(Tls13Test, GrpcRefusesTls12AndTakesTls13) {
  const TestServer server(authority_.Server());
  const Identity member = authority_.Member();
  EXPECT_THAT(RawHandshake(server.port(), TLS1_2_VERSION, &member), StartsWith("refused"));
  EXPECT_THAT(RawHandshake(server.port(), TLS1_1_VERSION, &member), StartsWith("refused"));
  EXPECT_EQ(RawHandshake(server.port(), TLS1_3_VERSION, &member), "TLSv1.3");
  EXPECT_OK(CheckTls12IsRefused(server.address()));
  EXPECT_OK(CheckTls12IsRefused(absl::StrCat("127.0.0.1:", server.port())));
}

TEST_F(Tls13Test, TheEnrolmentPortRefusesTls12Too) {
  const TestServer server(authority_.Server(), {.enrolment = true, .limits = {}});
  EXPECT_THAT(RawHandshake(server.port(), TLS1_2_VERSION, nullptr), StartsWith("refused"));
  EXPECT_EQ(RawHandshake(server.port(), TLS1_3_VERSION, nullptr), "TLSv1.3");
  EXPECT_OK(CheckTls12IsRefused(server.address()));
}

TEST_F(Tls13Test, HoldsForClientsAndWhenCalledAgain) {
  ASSERT_OK(RequireTls13());
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  EXPECT_NE(SSL_CTX_get_options(context) & SSL_OP_NO_TLSv1_2, 0u);
  EXPECT_EQ(SSL_CTX_get_options(context) & SSL_OP_NO_TLSv1_3, 0u);
  SSL_CTX_free(context);
}

// The command that people use to look at it; it shares neither this process's settings nor its code. (At the
// enrolment port, for it has no certificate to show.)
TEST_F(Tls13Test, TheOpensslCommandAgrees) {
  const TestServer server(authority_.Server(), {.enrolment = true, .limits = {}});
  const auto connect = [&](const char* version) {
    return std::system(absl::StrCat("openssl s_client -connect 127.0.0.1:", server.port(), " ", version,
                                    " -alpn h2 </dev/null >/dev/null 2>&1")
                           .c_str());
  };
  if (std::system("openssl version >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "there is no openssl command";
  }
  EXPECT_NE(connect("-tls1_2"), 0);
  EXPECT_EQ(connect("-tls1_3"), 0);
}

// A listener that answers every connection with `answer` and closes it, for as many connections as there are.
class FixedAnswer {
 public:
  FixedAnswer(int connections, std::string answer) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(fd_, 5), 0);
    EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, connections, answer = std::move(answer)] {
      for (int i = 0; i < connections; ++i) {
        const int peer = ::accept(fd_, nullptr, nullptr);
        if (peer < 0) return;
        char greeting[2048];
        EXPECT_GT(::recv(peer, greeting, sizeof greeting, 0), 0);
        EXPECT_EQ(::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(answer.size()));
        ::close(peer);
      }
    });
  }
  ~FixedAnswer() {
    ::shutdown(fd_, SHUT_RDWR);  // ends a wait for connections that never came
    thread_.join();
    ::close(fd_);
  }
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

 private:
  int fd_;
  int port_ = 0;
  std::thread thread_;
};

TEST_F(Tls13Test, TheCheckIsNotFooled_ByWhatIsNoTlsServer) {
  const FixedAnswer plain(2, "HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_THAT(CheckTls12IsRefused(plain.address()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("does not speak TLS")));
  const FixedAnswer deaf(2, "");
  EXPECT_THAT(CheckTls12IsRefused(deaf.address()),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("refuses TLS 1.3 as well")));
  const FixedAnswer alert(2, std::string("\x15\x03\x03\x00\x02\x02\x46", 7));
  EXPECT_THAT(CheckTls12IsRefused(alert.address()),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("refuses TLS 1.3 as well")));
}

TEST_F(Tls13Test, TheCheckSaysWhereNothingListens) {
  int free_port = 0;
  {
    const TestServer server(authority_.Server());
    free_port = server.port();
  }
  EXPECT_THAT(CheckTls12IsRefused(absl::StrCat("127.0.0.1:", free_port)),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cannot connect")));
  EXPECT_THAT(CheckTls12IsRefused("no-such-host.invalid:1"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cannot find")));
  for (const char* bad : {"", "localhost", ":443", "localhost:"}) {
    EXPECT_THAT(CheckTls12IsRefused(bad),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("host:port")));
  }
}

// A configuration of the system that allows TLS 1.2 must not win. OpenSSL reads it at its first use, so this
// takes a process that has not used OpenSSL: this very program, started anew for the one test below.
TEST(OpensslConfTest, DoesNotBringTls12Back) {
  const std::string path = ::testing::TempDir() + "waymark_openssl_" + std::to_string(::getpid()) + ".cnf";
  ASSERT_OK(WriteFileAtomically(path,
                                "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\n"
                                "MinProtocol = TLSv1.2\nProtocol = ALL\n",
                                0600));
  const std::string program = std::filesystem::read_symlink("/proc/self/exe");
  const std::string command =
      absl::StrCat("OPENSSL_CONF=", path, " ", program,
                   " --gtest_filter=Tls13Test.GrpcRefusesTls12AndTakesTls13 >/dev/null 2>&1");
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::filesystem::remove(path);
}

class LoadIdentityTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = absl::StrCat(::testing::TempDir(), "waymark_identity_", ::getpid());
    std::filesystem::remove_all(folder_);
    ASSERT_OK(MakeDirectories(folder_, 0700));
    identity_ = authority_.Member();
    Write("authority.pem", identity_.authority_pem);
    Write("certificate.pem", identity_.certificate_pem);
    Write("key.pem", identity_.private_key_pem);
  }
  void TearDown() override {
    std::filesystem::remove_all(folder_);
    EXPECT_EQ(ERR_peek_error(), 0u);
  }
  std::string Path(const std::string& name) { return folder_ + "/" + name; }
  void Write(const std::string& name, const std::string& text) {
    ASSERT_OK(WriteFileAtomically(Path(name), text, 0600));
  }

  TestAuthority authority_;
  Identity identity_;
  std::string folder_;
};

TEST_F(LoadIdentityTest, ReadsTheThreeFiles) {
  ASSERT_OK_AND_ASSIGN(const Identity read, LoadIdentity(folder_));
  EXPECT_EQ(read.authority_pem, identity_.authority_pem);
  EXPECT_EQ(read.certificate_pem, identity_.certificate_pem);
  EXPECT_EQ(read.private_key_pem, identity_.private_key_pem);
}

TEST_F(LoadIdentityTest, NamesTheMissingFileAndTheFix) {
  for (const char* name : {"authority.pem", "certificate.pem", "key.pem"}) {
    std::filesystem::rename(Path(name), Path("aside"));
    EXPECT_THAT(LoadIdentity(folder_),
                StatusIs(absl::StatusCode::kNotFound, AllOf(HasSubstr(Path(name)), HasSubstr("enrol"))));
    std::filesystem::rename(Path("aside"), Path(name));
  }
  ASSERT_OK(LoadIdentity(folder_));
}

TEST_F(LoadIdentityTest, NamesTheDamagedFile_AndNeverShowsTheKey) {
  const std::string secret_line = identity_.private_key_pem.substr(40, 40);
  for (const char* name : {"authority.pem", "certificate.pem", "key.pem"}) {
    ASSERT_OK_AND_ASSIGN(const std::string good, ReadFile(Path(name), 100'000));
    for (const std::string& bad : {std::string(), std::string("hello"), good.substr(0, good.size() / 2)}) {
      Write(name, bad);
      EXPECT_THAT(LoadIdentity(folder_),
                  StatusIs(absl::StatusCode::kInvalidArgument,
                           AllOf(HasSubstr(Path(name)), Not(HasSubstr(secret_line)), HasSubstr("restore"))));
    }
    Write(name, good);
  }
}

TEST_F(LoadIdentityTest, RefusesAKeyThatBelongsToAnotherCertificate) {
  Write("key.pem", authority_.Member().private_key_pem);
  EXPECT_THAT(LoadIdentity(folder_), StatusIs(absl::StatusCode::kFailedPrecondition,
                                              AllOf(HasSubstr(Path("key.pem")),
                                                    HasSubstr(Path("certificate.pem")), HasSubstr("enrol"))));
}

TEST_F(LoadIdentityTest, RefusesAKeyThatOthersCanRead) {
  ASSERT_EQ(::chmod(Path("key.pem").c_str(), 0644), 0);
  EXPECT_THAT(LoadIdentity(folder_), StatusIs(absl::StatusCode::kPermissionDenied,
                                              AllOf(HasSubstr("chmod 600"), HasSubstr(Path("key.pem")))));
}

TEST_F(LoadIdentityTest, RefusesAFolderThatIsNone) {
  EXPECT_THAT(LoadIdentity(folder_ + "/none"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
}

}  // namespace
}  // namespace waymark::rpc
