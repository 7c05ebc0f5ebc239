#include "proto/rpc/grpc_log.h"

#include <grpc/grpc.h>
#include <grpc/support/log.h>

#include "tests/testing/status_matchers.h"

namespace waymark::rpc {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class GrpcLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    grpc_init();  // gRPC says nothing before
    LogGrpcAsJson();
  }
  void TearDown() override {
    gpr_set_log_function(nullptr);
    grpc_shutdown();
  }
};

TEST_F(GrpcLogTest, BecomesAJsonLine_WithoutWhatAPeerMayHavePutIn) {
  ::testing::internal::CaptureStderr();
  gpr_log("src/core/some file.cc", 7, GPR_LOG_SEVERITY_ERROR, "handshake failed: \"%s\"\n", "a\x1b[31mb");
  const std::string line = ::testing::internal::GetCapturedStderr();
  ASSERT_FALSE(line.empty());
  EXPECT_THAT(line, AllOf(HasSubstr(R"("level":"warning")"), HasSubstr(R"("gRPC")"),
                          HasSubstr(R"(handshake failed: \"a?[31mb\")"), HasSubstr("some file.cc:7")));
  EXPECT_THAT(line, Not(HasSubstr("\x1b")));
  EXPECT_EQ(line.front(), '{');
  EXPECT_EQ(line.substr(line.size() - 2), "}\n");
}

TEST_F(GrpcLogTest, LeavesOutWhatIsForDebugging) {
  ::testing::internal::CaptureStderr();
  gpr_log("a.cc", 1, GPR_LOG_SEVERITY_DEBUG, "noise");
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), IsEmpty());
}

}  // namespace
}  // namespace waymark::rpc
