#include "http/target.h"

#include <string>

#include "http/server.h"
#include "tests/testing/status_matchers.h"

namespace waymark::http {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using waymark::testing::StatusIs;

TEST(ParseTarget, DecodesPathAndParameters) {
  ASSERT_OK_AND_ASSIGN(const Request request,
                       ParseTarget("/api/v1/scorecards/St%20Helens+.csv?until=2025-03-31&a+b=c%2Bd+e&bare"));
  EXPECT_EQ(request.path, "/api/v1/scorecards/St Helens+.csv");  // in a path a plus is a plus
  EXPECT_THAT(request.query,
              ElementsAre(Pair("a b", "c+d e"), Pair("bare", ""), Pair("until", "2025-03-31")));
  ASSERT_OK_AND_ASSIGN(const Request plain, ParseTarget("/?"));
  EXPECT_EQ(plain.path, "/");
  EXPECT_THAT(plain.query, IsEmpty());
  ASSERT_OK_AND_ASSIGN(const Request twice, ParseTarget("/x?a=1&&a=2"));
  EXPECT_EQ(twice.query.count("a"), 2u);
}

TEST(ParseTarget, RefusesWhatIsNotWellFormed) {
  for (const std::string& target :
       {std::string(), std::string("api"), std::string("http://host/"), std::string("*"), std::string("/%"),
        std::string("/%4"), std::string("/%zz"), std::string("/%00"), std::string("/?a=%0a"),
        std::string("/\x01"), std::string("/a\0b", 4)}) {
    EXPECT_THAT(ParseTarget(target), StatusIs(absl::StatusCode::kInvalidArgument, ::testing::_)) << target;
  }
  std::string many = "/?";
  for (int i = 0; i < 64; ++i) many += "a=b&";
  EXPECT_OK(ParseTarget(many).status());
  EXPECT_THAT(ParseTarget(many + "a=b"), StatusIs(absl::StatusCode::kInvalidArgument, ::testing::_));
}

TEST(Server, ServesThisMachineAlone) {
  const Server::Handler handler = [](const Request&) { return Response{}; };
  for (const char* address : {"0.0.0.0:0", "192.0.2.1:0", "[::]:0", "example.org:80", "127.0.0.1",
                              "127.0.0.1:70000", "127.0.0.1:x", ""}) {
    EXPECT_THAT(Server::Start({.address = address}, handler),
                StatusIs(absl::StatusCode::kInvalidArgument, ::testing::_))
        << address;
  }
  ASSERT_OK_AND_ASSIGN(const auto server, Server::Start({.address = "127.0.0.1:0"}, handler));
  EXPECT_THAT(Server::Start({.address = server->local_address()}, handler),
              StatusIs(absl::StatusCode::kUnavailable, ::testing::_));
}

}  // namespace
}  // namespace waymark::http
