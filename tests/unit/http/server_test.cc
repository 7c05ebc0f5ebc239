// Connections that hold on to what they have: others are answered all the same.
#include "http/server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/testing/status_matchers.h"

namespace waymark::http {
namespace {

constexpr std::size_t kBigBytes = std::size_t{64} << 20;  // beyond what two sockets' buffers hold

// A blocking client on this machine.
class Client {
 public:
  Client(const std::string& address, int receive_bytes = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_bytes > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    int port = 0;
    EXPECT_TRUE(absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port));
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void Ask(const std::string& path) {
    Send(absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  }
  void Send(const std::string& text) {
    EXPECT_EQ(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  // The next bytes, at most so many; "" at the end.
  std::string Take(std::size_t most) {
    std::string bytes(most, '\0');
    const ssize_t taken = ::recv(socket_, bytes.data(), most, 0);
    bytes.resize(taken > 0 ? static_cast<std::size_t>(taken) : 0);
    return bytes;
  }
  // A whole small answer.
  std::string Answer() {
    std::string answer;
    while (!absl::EndsWith(answer, "small")) {
      const std::string more = Take(4096);
      if (more.empty()) break;
      answer += more;
    }
    return answer;
  }
  bool HasSomething() const {
    pollfd wait{.fd = socket_, .events = POLLIN, .revents = 0};
    return ::poll(&wait, 1, 0) == 1;
  }

 private:
  const int socket_;
};

class ServerTest : public ::testing::Test {
 protected:
  void Start(int connections, std::chrono::milliseconds to_take = std::chrono::seconds(60)) {
    auto started = Server::Start(
        {.address = "127.0.0.1:0",
         .threads = 2,
         .connections = connections,
         .to_send = std::chrono::seconds(60),
         .to_take = to_take},
        [big = Body(std::string(kBigBytes, 'x')), small = Body("small")](const Request& request) {
          Response response;
          response.body = request.path == "/big" ? big : small;
          return response;
        });
    ASSERT_OK(started.status());
    server_ = *std::move(started);
  }
  std::string address() const { return server_->local_address(); }

  std::unique_ptr<Server> server_;
};

// `reads` bytes are taken of the big answer each time that somebody else has been answered.
void ExpectLetGo(const std::string& address, std::size_t reads) {
  Client slow(address, 4096);
  slow.Ask("/big");
  std::size_t taken = slow.Take(1).size();  // it is under way
  Client other(address);
  // There is no place for this one until the slow one is let go.
  Client waiting(address);
  waiting.Ask("/small");
  while (!waiting.HasSomething()) {
    other.Ask("/small");
    ASSERT_THAT(other.Answer(), ::testing::HasSubstr("200 OK"));
    if (reads > 0) taken += slow.Take(reads).size();
  }
  EXPECT_THAT(waiting.Answer(), ::testing::HasSubstr("200 OK"));
  // What was on its way still comes, and then the end.
  for (std::string more = slow.Take(1 << 20); !more.empty(); more = slow.Take(1 << 20)) taken += more.size();
  EXPECT_LT(taken, kBigBytes);
}

TEST_F(ServerTest, LetsGoOfOneWhoReadsNothing_WhileOthersAreAnswered) {
  Start(2, std::chrono::milliseconds(300));
  ExpectLetGo(address(), 0);
}

TEST_F(ServerTest, LetsGoOfOneWhoReadsByteByByte_WhileOthersAreAnswered) {
  Start(2, std::chrono::milliseconds(300));
  ExpectLetGo(address(), 1);
}

TEST_F(ServerTest, TakesFurtherConnections_AsOthersEnd) {
  Start(3);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(std::make_unique<Client>(address()));
    clients.back()->Ask("/small");
  }
  for (std::size_t i = 0; i < 3; ++i) EXPECT_THAT(clients[i]->Answer(), ::testing::HasSubstr("200 OK")) << i;
  for (std::size_t i = 3; i < 6; ++i) {
    EXPECT_FALSE(clients[i]->HasSomething()) << i;
    clients[i - 3].reset();
    EXPECT_THAT(clients[i]->Answer(), ::testing::HasSubstr("200 OK")) << i;
  }
}

TEST_F(ServerTest, AnswersMoreThanItsConnections_OneAfterTheOther) {
  Start(Server::Options().connections);
  constexpr std::size_t kClients = 300;
  std::vector<std::unique_ptr<Client>> clients;
  for (std::size_t i = 0; i < kClients; ++i) {
    clients.push_back(std::make_unique<Client>(address()));
    clients.back()->Ask("/small");
  }
  for (std::size_t i = 0; i < kClients; ++i) {
    ASSERT_THAT(clients[i]->Answer(), ::testing::HasSubstr("200 OK")) << i;
    clients[i].reset();
  }
  Client after(address());
  after.Ask("/small");
  EXPECT_THAT(after.Answer(), ::testing::HasSubstr("200 OK"));
}

// What a server answers to a request that ends the connection; it says what it read.
std::string AnswerTo(const std::string& request, bool takes_forms) {
  const auto server = Server::Start(
      {.address = "127.0.0.1:0", .takes_forms = takes_forms, .names = {"proxy.example"}},
      [](const Request& read) {
        Response response{.body =
                              Body(absl::StrCat(read.is_post ? "form" : "read", " of ", read.host, " from ",
                                                read.origin, read.fetch_site, " with ", read.cookie))};
        for (const auto& [name, value] : read.form) {
          if (name.size() < 100) response.headers["X-" + name] = value;
        }
        return response;
      });
  EXPECT_OK(server.status());
  Client client((*server)->local_address());
  client.Send(request);
  std::string answer;
  for (std::string more = client.Take(4096); !more.empty(); more = client.Take(4096)) answer += more;
  return answer;
}

std::string Post(const std::string& type, const std::string& body) {
  return absl::StrCat(
      "POST /x HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nCookie: a=b\r\nConnection: "
      "close\r\n",
      "Content-Type: ", type, "\r\nContent-Length: ", body.size(), "\r\n\r\n", body);
}
constexpr char kForm[] = "application/x-www-form-urlencoded";

TEST(ServerForms, AreReadWithWhatTellsWhereTheyStood) {
  const std::string answer = AnswerTo(Post(kForm, "one=1%202&two=%C3%A9"), true);
  EXPECT_THAT(answer, ::testing::HasSubstr("form of localhost from http://localhost with a=b"));
  EXPECT_THAT(answer, ::testing::HasSubstr("X-one: 1 2"));
  EXPECT_THAT(AnswerTo(Post("Application/X-WWW-Form-Urlencoded; charset=UTF-8", "one=1"), true),
              ::testing::HasSubstr("X-one: 1"));
}

TEST(ServerForms, AreRefused_WhereTheyAreNotWanted_OrOfAnotherKind_OrTooLarge) {
  EXPECT_THAT(AnswerTo(Post(kForm, ""), false), ::testing::HasSubstr(" 405 "));
  EXPECT_THAT(AnswerTo(Post(kForm, "a=b"), false), ::testing::HasSubstr(" 413 "));
  EXPECT_THAT(AnswerTo(Post("text/plain", "a=b"), true), ::testing::HasSubstr(" 415 "));
  EXPECT_THAT(AnswerTo(Post("application/json", "{}"), true), ::testing::HasSubstr(" 415 "));
  EXPECT_THAT(AnswerTo(Post(kForm, "a=%"), true), ::testing::HasSubstr(" 400 "));
  EXPECT_THAT(AnswerTo(Post(kForm, std::string(65536, 'a')), true), ::testing::HasSubstr(" 200 "));
  EXPECT_THAT(AnswerTo(Post(kForm, std::string(65537, 'a')), true), ::testing::HasSubstr(" 413 "));
}

TEST(ServerForms, HaveABodyAlone) {
  const std::string request =
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx";
  EXPECT_THAT(AnswerTo(request, true), ::testing::HasSubstr(" 413 "));
}

// A name that leads here, of which nothing is known here: another site's, which would read what is answered
// (DNS rebinding).
TEST(ServerNames, OthersAreNotAnswered) {
  const auto ask = [](const std::string& hosts) {
    return AnswerTo(absl::StrCat("GET / HTTP/1.1\r\n", hosts, "Connection: close\r\n\r\n"), true);
  };
  EXPECT_THAT(ask("Host: 127.0.0.1:8090\r\n"), ::testing::HasSubstr(" 200 "));
  EXPECT_THAT(ask("Host: proxy.example\r\n"), ::testing::HasSubstr(" 200 "));
  for (const char* hosts : {"", "Host:\r\n", "Host: evil.example\r\n", "Host: evil.example:8090\r\n",
                            "Host: localhost\r\nHost: evil.example\r\n"}) {
    const std::string answer = ask(hosts);
    EXPECT_THAT(answer, ::testing::HasSubstr(" 421 ")) << hosts;
    EXPECT_THAT(answer, ::testing::Not(::testing::HasSubstr("form of"))) << hosts;
  }
  EXPECT_THAT(
      AnswerTo("POST /x HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
               true),
      ::testing::HasSubstr(" 421 "));
}

TEST(ServerHeaders, KeepABrowserFromWhatNoPageAsksFor) {
  for (const std::string& request :
       {std::string("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), Post(kForm, "a=%"),
        std::string("no HTTP at all\r\n\r\n")}) {
    const std::string answer = AnswerTo(request, true);
    for (const char* header :
         {"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
          "data:; "
          "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'\r\n",
          "X-Content-Type-Options: nosniff\r\n", "Referrer-Policy: same-origin\r\n",
          "Cross-Origin-Opener-Policy: same-origin\r\n", "Cross-Origin-Resource-Policy: same-origin\r\n"})
      EXPECT_THAT(answer, ::testing::HasSubstr(header)) << request;
  }
}

}  // namespace
}  // namespace waymark::http
