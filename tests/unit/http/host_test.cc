#include "http/host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace waymark::http {
namespace {

TEST(OwnHost, IsLoopback_OrAConfiguredName_WithAnyPort) {
  const std::vector<std::string> names = {"Early-Help.council.example", "earlyhelp"};
  for (const char* own : {"localhost", "localhost:8090", "127.0.0.1:9000", "[::1]", "[::1]:8090",
                          "early-help.council.example", "EARLYHELP:443"})
    EXPECT_TRUE(IsOwnHost(own, names)) << own;
  for (const char* other :
       {"", ":8090", "evil.example", "evil.example:8090", "127.0.0.1.evil.example", "127.evil.example:8090",
        "localhost:8090.evil.example", "localhost:80:80", "localhost:x", "[::1", "[::1]x", "[::1]:x",
        "x.earlyhelp", "earlyhelp.", "council.example"})
    EXPECT_FALSE(IsOwnHost(other, names)) << other;
  EXPECT_FALSE(IsOwnHost("earlyhelp", {}));
}

TEST(MisdirectedTest, IsAPageThatNamesNobody) {
  const Response response = Misdirected();
  EXPECT_EQ(response.status, 421);
  EXPECT_THAT(*response.body, ::testing::HasSubstr("<h1>Nothing is served under this name</h1>"));
  EXPECT_EQ(response.headers.at("Cache-Control"), "no-store");
}

}  // namespace
}  // namespace waymark::http
