#include <algorithm>

#include "proto/rpc/channel.h"
#include "proto/rpc/printable.h"
#include "tests/testing/status_matchers.h"

namespace waymark::rpc {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

TEST(StatusMappingTest, MapsEveryCodeOneToOne) {
  EXPECT_OK(FromGrpc(grpc::Status::OK));
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  const std::pair<grpc::StatusCode, absl::StatusCode> codes[] = {
      {grpc::CANCELLED, absl::StatusCode::kCancelled},
      {grpc::UNKNOWN, absl::StatusCode::kUnknown},
      {grpc::INVALID_ARGUMENT, absl::StatusCode::kInvalidArgument},
      {grpc::DEADLINE_EXCEEDED, absl::StatusCode::kDeadlineExceeded},
      {grpc::NOT_FOUND, absl::StatusCode::kNotFound},
      {grpc::ALREADY_EXISTS, absl::StatusCode::kAlreadyExists},
      {grpc::PERMISSION_DENIED, absl::StatusCode::kPermissionDenied},
      {grpc::UNAUTHENTICATED, absl::StatusCode::kUnauthenticated},
      {grpc::RESOURCE_EXHAUSTED, absl::StatusCode::kResourceExhausted},
      {grpc::FAILED_PRECONDITION, absl::StatusCode::kFailedPrecondition},
      {grpc::ABORTED, absl::StatusCode::kAborted},
      {grpc::OUT_OF_RANGE, absl::StatusCode::kOutOfRange},
      {grpc::UNIMPLEMENTED, absl::StatusCode::kUnimplemented},
      {grpc::INTERNAL, absl::StatusCode::kInternal},
      {grpc::UNAVAILABLE, absl::StatusCode::kUnavailable},
      {grpc::DATA_LOSS, absl::StatusCode::kDataLoss},
  };
  EXPECT_EQ(std::size(codes), 16u);
  for (const auto& [grpc_code, absl_code] : codes) {
    EXPECT_THAT(FromGrpc(grpc::Status(grpc_code, "why")), StatusIs(absl_code, HasSubstr("why")));
    EXPECT_EQ(ToGrpc(absl::Status(absl_code, "why")).error_code(), grpc_code);
    EXPECT_EQ(ToGrpc(absl::Status(absl_code, "why")).error_message(), "why");
  }
}

TEST(StatusMappingTest, CallsACodeThatDoesNotExistUnknown) {
  for (const int code : {-1, 17, 31}) {
    EXPECT_THAT(FromGrpc(grpc::Status(static_cast<grpc::StatusCode>(code), "why")),
                StatusIs(absl::StatusCode::kUnknown, HasSubstr("why")));
  }
}

TEST(PrintableTest, KeepsTextAndReplacesTheRest) {
  const std::pair<std::string, std::string> cases[] = {
      {"", ""},
      {"plain text, 100%", "plain text, 100%"},
      {"ε ≤ 4 – Ynys Môn 𝛿", "ε ≤ 4 – Ynys Môn 𝛿"},
      {"two\nlines\tand\r", "two lines and "},
      {std::string("nul\0", 4), "nul?"},
      {"\x1b[31mred", "?[31mred"},  // a terminal's colour
      {"\x7f\x01", "??"},           // control characters
      {"\xc2\x9b"
       "31m",
       "?31m"},  // U+009B, the one-character form of ESC [
      {"a\xe2\x80\xae"
       "b",
       "a?b"},  // U+202E turns the direction
      {"a\xe2\x80\x8b"
       "b",
       "a?b"},  // U+200B is invisible
      {"a\xef\xbb\xbf"
       "b",
       "a?b"},                       // U+FEFF
      {"\xc0\xaf", "??"},            // overlong
      {"\xe0\x80\xaf", "???"},       // overlong
      {"\xed\xa0\x80", "???"},       // a surrogate
      {"\xf4\x90\x80\x80", "????"},  // beyond U+10FFFF
      {"\xff\xfe", "??"},            // no UTF-8 at all
      {"cut \xe2\x82", "cut ??"},    // broken off
      {"\x80", "?"},
  };
  for (const auto& [in, out] : cases) EXPECT_EQ(Printable(in), out);
}

TEST(PrintableTest, CutsAtAThousandBytes_AtACharactersEnd) {
  EXPECT_EQ(Printable(std::string(5000, 'x')), std::string(1000, 'x'));
  std::string pounds;
  for (int i = 0; i < 600; ++i) pounds += "£";
  EXPECT_EQ(Printable("x" + pounds).size(), 999u);
  EXPECT_EQ(FromGrpc(grpc::Status(grpc::INTERNAL, std::string(5000, 'x'))).message().size(), 1000u);
  EXPECT_EQ(ToGrpc(absl::InternalError(std::string(5000, 'x'))).error_message().size(), 1000u);
}

}  // namespace
}  // namespace waymark::rpc
