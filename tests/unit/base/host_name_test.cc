#include "base/host_name.h"

#include <gtest/gtest.h>

#include <string>

namespace waymark {
namespace {

TEST(HostName, IsAName_NoPort_NoAddress) {
  for (const char* good : {"localhost", "early-help.council.example", "EARLYHELP", "1.example"})
    EXPECT_TRUE(IsHostName(good)) << good;
  for (const char* bad :
       {"", "a:80", "127.0.0.1", "[::1]", ".a", "a.", "a b", "a/b", "a,b", "*.example", "https://a"})
    EXPECT_FALSE(IsHostName(bad)) << bad;
  EXPECT_TRUE(IsHostName(std::string(253, 'a')));
  EXPECT_FALSE(IsHostName(std::string(254, 'a')));
}

TEST(LoopbackHost, IsAnAddressOfThisMachine_OrLocalhost) {
  for (const char* own : {"localhost", "LocalHost", "127.0.0.1", "127.1.2.3", "[::1]", "[0:0:0:0:0:0:0:1]"})
    EXPECT_TRUE(IsLoopbackHost(own)) << own;
  for (const char* other :
       {"", "here", "127.evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "127.1",
        "0.0.0.0", "10.0.0.1", "::1", "[::2]", "[::]", "[127.0.0.1]", "[", "[]", "2130706433"})
    EXPECT_FALSE(IsLoopbackHost(other)) << other;
}

}  // namespace
}  // namespace waymark
