// Matchers for absl::Status and absl::StatusOr (Debian's Abseil has none).
#ifndef WAYMARK_TESTS_TESTING_STATUS_MATCHERS_H_
#define WAYMARK_TESTS_TESTING_STATUS_MATCHERS_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/status.h"

namespace waymark::testing {

inline const absl::Status& GetStatus(const absl::Status& status) {
  return status;
}
template <typename T>
const absl::Status& GetStatus(const absl::StatusOr<T>& status) {
  return status.status();
}

// Of ASSERT_OK: no matcher, which would be compiled for every type that a StatusOr has.
inline ::testing::AssertionResult IsOk(const char* expression, const absl::Status& status) {
  if (status.ok()) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << expression << " is " << status.ToString();
}

// The code, and what the message must hold: ::testing::HasSubstr("line 3").
MATCHER_P2(StatusIs, code, message_matcher,
           std::string("has the code ") + absl::StatusCodeToString(code) + " and a message that " +
               ::testing::DescribeMatcher<std::string>(message_matcher, negation)) {
  const absl::Status& status = GetStatus(arg);
  *result_listener << status.ToString();
  return status.code() == code &&
         ::testing::ExplainMatchResult(message_matcher, std::string(status.message()), result_listener);
}

}  // namespace waymark::testing

#define ASSERT_OK(expr) ASSERT_PRED_FORMAT1(::waymark::testing::IsOk, ::waymark::testing::GetStatus(expr))
#define EXPECT_OK(expr) EXPECT_PRED_FORMAT1(::waymark::testing::IsOk, ::waymark::testing::GetStatus(expr))
// ASSERT_OK_AND_ASSIGN(auto x, F());
#define ASSERT_OK_AND_ASSIGN(lhs, expr) \
  ASSERT_OK_AND_ASSIGN_INNER(WAYMARK_CONCAT(test_status_or_, __LINE__), lhs, expr)
#define ASSERT_OK_AND_ASSIGN_INNER(name, lhs, expr) \
  auto name = (expr);                               \
  ASSERT_OK(name);                                  \
  lhs = *std::move(name)

#endif  // WAYMARK_TESTS_TESTING_STATUS_MATCHERS_H_
