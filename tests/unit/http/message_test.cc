#include "http/message.h"

#include "http/routes.h"
#include "http/target.h"
#include "tests/testing/status_matchers.h"

namespace waymark::http {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using waymark::testing::StatusIs;

TEST(Cookie, IsTheOneOfItsName) {
  const Request request{.path = "/", .cookie = "a=1; waymark=abc ;waymarks=x"};
  EXPECT_EQ(CookieNamed(request, "waymark"), "abc");
  EXPECT_EQ(CookieNamed(request, "a"), "1");
  EXPECT_EQ(CookieNamed(request, "b"), "");
}

TEST(Cookie, IsNone_WhereTwoHaveTheName) {
  EXPECT_EQ(CookieNamed({.path = "/", .cookie = "waymark=abc; waymark=def"}, "waymark"), "");
}

TEST(OwnPage, IsByTheBrowsersWord_ElseByOrigin) {
  EXPECT_TRUE(IsFromOwnPage({.path = "/", .fetch_site = "same-origin"}));
  for (const char* site : {"cross-site", "same-site", "none", "Same-Origin"})
    EXPECT_FALSE(
        IsFromOwnPage({.path = "/", .host = "here:80", .origin = "http://here:80", .fetch_site = site}))
        << site;
  EXPECT_TRUE(IsFromOwnPage({.path = "/", .host = "here:80", .origin = "http://here:80"}));
  EXPECT_TRUE(IsFromOwnPage({.path = "/", .host = "here", .origin = "https://here", .is_https = true}));
  EXPECT_FALSE(IsFromOwnPage({.path = "/", .host = "here", .origin = "http://here", .is_https = true}));
  EXPECT_FALSE(IsFromOwnPage({.path = "/", .host = "here:80", .origin = "http://here:81"}));
  EXPECT_FALSE(IsFromOwnPage({.path = "/", .host = "here:80", .origin = "null"}));
  EXPECT_FALSE(IsFromOwnPage({.path = "/", .host = "here:80"}));
  EXPECT_FALSE(IsFromOwnPage({.path = "/"}));
}

TEST(Gzip, IsTaken_WhereTheHeaderSaysSo) {
  for (const char* header : {"gzip", "deflate, gzip", "br;q=1, GZip;q=0.5"})
    EXPECT_TRUE(TakesGzip({.path = "/", .accept_encoding = header})) << header;
  for (const char* header : {"", "br", "gzip;q=0", "x-gzip-not"})
    EXPECT_FALSE(TakesGzip({.path = "/", .accept_encoding = header})) << header;
}

TEST(ParseForm, TakesNewLinesInValuesAlone) {
  ASSERT_OK_AND_ASSIGN(const Words words, ParseForm("note=one%0D%0Atwo&a+b=%26"));
  EXPECT_THAT(words, ElementsAre(Pair("a b", "&"), Pair("note", "one\r\ntwo")));
  for (const char* bad : {"a%0Ab=c", "a=%00", "a=%7F", "a=%", "a=%1"})
    EXPECT_THAT(ParseForm(bad), StatusIs(absl::StatusCode::kInvalidArgument, ::testing::_)) << bad;
}

TEST(OneOf, RefusesAValueThatIsGivenTwice) {
  EXPECT_EQ(*OneOf({{"a", "1"}}, "a"), "1");
  EXPECT_EQ(*OneOf({{"a", "1"}}, "b"), "");
  EXPECT_THAT(OneOf({{"a", "1"}, {"a", "2"}}, "a"),
              StatusIs(absl::StatusCode::kInvalidArgument, ::testing::_));
}

TEST(OwnAddress, LeadsNowhereElse) {
  EXPECT_EQ(OwnAddress("/metrics/1?period=2024-25&x=%2F"), "/metrics/1?period=2024-25&x=%2F");
  for (const char* other : {"", "metrics", "//elsewhere.example", "/\\elsewhere", "https://elsewhere.example",
                            "javascript:alert(1)", "/a\r\nSet-Cookie: x", "/\t/elsewhere"})
    EXPECT_EQ(OwnAddress(other), "/") << other;
}

TEST(Routes, HaveOneVariable) {
  EXPECT_EQ(VariableIn("/metrics/22-contacts", "/metrics/{metric}"), "22-contacts");
  EXPECT_EQ(VariableIn("/", "/"), "");
  EXPECT_EQ(VariableIn("/metrics/a/b", "/metrics/{metric}"), std::nullopt);
  EXPECT_EQ(VariableIn("/metrics/", "/metrics/{metric}"), std::nullopt);
}

TEST(Routes, RefuseWordsThatNobodyKnows) {
  EXPECT_OK(CheckWords({{"period", "x"}}, {"period"}));
  EXPECT_THAT(CheckWords({{"perido", "x"}}, {"period"}),
              StatusIs(absl::StatusCode::kInvalidArgument, ::testing::HasSubstr("period")));
  EXPECT_THAT(CheckWords({{"period", "x"}, {"period", "y"}}, {"period"}),
              StatusIs(absl::StatusCode::kInvalidArgument, ::testing::HasSubstr("twice")));
}

TEST(EncodeForAddress, KeepsWhatIsPlain) {
  EXPECT_EQ(EncodeForAddress("aZ0-._~"), "aZ0-._~");
  EXPECT_EQ(EncodeForAddress("a b&c/é\""), "a%20b%26c%2F%C3%A9%22");
}

}  // namespace
}  // namespace waymark::http
