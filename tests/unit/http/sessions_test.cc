#include "http/sessions.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "crypto/random.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"

namespace waymark::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using waymark::testing::FakeClock;
using waymark::testing::StatusIs;

class SessionsTest : public ::testing::Test {
 protected:
  // A request with the cookie that the Set-Cookie header sets.
  static Request With(const std::string& set_cookie) {
    return {.path = "/", .cookie = set_cookie.substr(0, set_cookie.find(';'))};
  }
  std::string Begin(const std::string& holder, const Request& request = {.path = "/"}) {
    const absl::StatusOr<std::string> cookie = sessions_.Begin(holder, request);
    EXPECT_OK(cookie.status());
    return *cookie;
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  crypto::SystemRandom random_;
  Sessions sessions_{{.cookie = "waymark", .idle = absl::Minutes(30), .longest = absl::Hours(12), .most = 3},
                     clock_,
                     random_};
};

TEST_F(SessionsTest, KnowTheirHolder) {
  const std::string a = Begin("analyst"), b = Begin("lead");
  EXPECT_EQ(sessions_.Of(With(a))->holder, "analyst");
  EXPECT_EQ(sessions_.Of(With(b))->holder, "lead");
  EXPECT_NE(sessions_.Of(With(a))->form_token, sessions_.Of(With(b))->form_token);
  EXPECT_FALSE(sessions_.Of({.path = "/"}).has_value());
  EXPECT_FALSE(sessions_.Of({.path = "/", .cookie = "waymark="}).has_value());
  EXPECT_FALSE(sessions_.Of({.path = "/", .cookie = "waymark=" + std::string(64, '0')}).has_value());
}

TEST_F(SessionsTest, HaveACookieThatNoScriptReads) {
  const std::string plain = Begin("analyst");
  EXPECT_THAT(plain, HasSubstr("; Path=/; HttpOnly; SameSite=Strict"));
  EXPECT_THAT(plain, Not(HasSubstr("Secure")));
  EXPECT_EQ(plain.find(';'), std::string("waymark=").size() + 64);  // 256 random bits
  EXPECT_THAT(Begin("analyst", {.path = "/", .is_https = true}), HasSubstr("; Secure"));
}

TEST_F(SessionsTest, EndWithoutUse) {
  const Request request = With(Begin("analyst"));
  clock_.Advance(absl::Minutes(29));
  EXPECT_TRUE(sessions_.Of(request).has_value());
  clock_.Advance(absl::Minutes(29));
  EXPECT_TRUE(sessions_.Of(request).has_value());
  clock_.Advance(absl::Minutes(30));
  EXPECT_FALSE(sessions_.Of(request).has_value());
}

TEST_F(SessionsTest, EndAfterTwelveHours_HoweverMuchTheyAreUsed) {
  const Request request = With(Begin("analyst"));
  for (int i = 0; i < 47; ++i) {
    clock_.Advance(absl::Minutes(15));
    ASSERT_TRUE(sessions_.Of(request).has_value()) << i;
  }
  clock_.Advance(absl::Minutes(15));
  EXPECT_FALSE(sessions_.Of(request).has_value());
}

TEST_F(SessionsTest, EndWhenSignedOut) {
  const Request request = With(Begin("analyst"));
  EXPECT_THAT(sessions_.End(request), HasSubstr("waymark=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"));
  EXPECT_FALSE(sessions_.Of(request).has_value());
}

TEST_F(SessionsTest, AreNewWhenSignedInAgain) {
  const Request before = With(Begin("analyst"));
  const std::string after = Begin("lead", before);
  EXPECT_FALSE(sessions_.Of(before).has_value());
  EXPECT_EQ(sessions_.Of(With(after))->holder, "lead");
}

TEST_F(SessionsTest, GiveWayWhereTheyAreTooMany) {
  const Request first = With(Begin("1"));
  clock_.Advance(absl::Seconds(1));
  const Request second = With(Begin("2"));
  clock_.Advance(absl::Seconds(1));
  const Request third = With(Begin("3"));
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(sessions_.Of(first).has_value());  // so the second rested longest
  Begin("4");
  EXPECT_TRUE(sessions_.Of(first).has_value());
  EXPECT_FALSE(sessions_.Of(second).has_value());
  EXPECT_TRUE(sessions_.Of(third).has_value());
}

TEST_F(SessionsTest, TakeFormsOfTheirOwnPagesAlone) {
  const Session session = *sessions_.Of(With(Begin("analyst")));
  const Session other = *sessions_.Of(With(Begin("lead")));
  Request form{.path = "/", .is_post = true, .fetch_site = "same-origin"};
  const auto denied = StatusIs(absl::StatusCode::kPermissionDenied, ::testing::_);
  EXPECT_THAT(CheckForm(form, session), denied);
  form.form = {{kFormToken, other.form_token}};
  EXPECT_THAT(CheckForm(form, session), denied);
  form.form = {{kFormToken, session.form_token}};
  EXPECT_OK(CheckForm(form, session));
  form.form = {{kFormToken, session.form_token}, {kFormToken, session.form_token}};
  EXPECT_THAT(CheckForm(form, session), denied);
  form.form = {{kFormToken, session.form_token}};
  form.fetch_site = "cross-site";
  EXPECT_THAT(CheckForm(form, session), denied);
}

}  // namespace
}  // namespace waymark::http
