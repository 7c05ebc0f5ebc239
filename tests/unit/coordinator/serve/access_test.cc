// The table of who may call what, call by call. The services' own descriptors say which calls there are, so
// that a new one without a line here fails.
#include "coordinator/serve/access.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/testing/status_matchers.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/federation.pb.h"
#include "waymark/v1/round.pb.h"
#include "waymark/v1/schedule.pb.h"
#include "waymark/v1/secure_sum.pb.h"
#include "waymark/v1/transparency.pb.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using waymark::testing::IsOk;
using waymark::testing::StatusIs;

struct Expected {
  bool anyone;
  bool council;
  bool an_operator;
};
const std::map<std::string, Expected> kExpected = {
    {"/waymark.v1.Federation/Enrol", {true, false, false}},
    {"/waymark.v1.Membership/Roster", {false, true, true}},
    {"/waymark.v1.Membership/Renew", {false, true, false}},
    {"/waymark.v1.Rounds/Watch", {false, true, false}},
    {"/waymark.v1.Rounds/Decline", {false, true, false}},
    {"/waymark.v1.Rounds/Submit", {false, true, false}},
    {"/waymark.v1.Admin/OpenRound", {false, false, true}},
    {"/waymark.v1.Admin/ListRounds", {false, false, true}},
    {"/waymark.v1.Admin/CloseRound", {false, false, true}},
    {"/waymark.v1.Admin/WithdrawRound", {false, false, true}},
    {"/waymark.v1.SecureSum/Join", {false, true, false}},
    {"/waymark.v1.SecureSum/Step", {false, true, false}},
    {"/waymark.v1.SecureSum/PutBlock", {false, true, false}},
    {"/waymark.v1.SecureSum/Transcript", {false, true, true}},
    {"/waymark.v1.SecureSum/Block", {false, true, true}},
    {"/waymark.v1.Schedules/AddSchedule", {false, false, true}},
    {"/waymark.v1.Schedules/RemoveSchedule", {false, false, true}},
    {"/waymark.v1.Schedules/ListSchedules", {false, false, true}},
    {"/waymark.v1.Benchmarks/Query", {false, true, true}},
    {"/waymark.v1.Benchmarks/ListPublished", {false, true, true}},
    {"/waymark.v1.Log/Head", {false, true, true}},
    {"/waymark.v1.Log/Consistency", {false, true, true}},
    {"/waymark.v1.Log/Inclusion", {false, true, true}},
    {"/waymark.v1.Log/Entries", {false, true, true}},
    {"/waymark.v1.Log/Witness", {false, true, false}},
    {"/waymark.v1.Log/PublishedFigures", {false, true, true}},
};

TEST(Access, OfEveryCall_IsAsTheTableSays) {
  std::size_t calls = 0;
  for (const google::protobuf::FileDescriptor* file :
       {v1::EnrolRequest::descriptor()->file(), v1::RoundSpec::descriptor()->file(),
        v1::Figure::descriptor()->file(), v1::Schedule::descriptor()->file(),
        v1::JoinSessionRequest::descriptor()->file(), v1::LogHead::descriptor()->file()}) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j, ++calls) {
        const std::string method =
            absl::StrCat("/", file->service(i)->full_name(), "/", file->service(i)->method(j)->name());
        SCOPED_TRACE(method);
        ASSERT_TRUE(kExpected.contains(method)) << "a call without a decision";
        const Expected& expected = kExpected.at(method);
        EXPECT_EQ(NeedsNoCertificate(method), expected.anyone);
        EXPECT_EQ(CheckAccess(method, Role::kCouncil).ok(), expected.council);
        EXPECT_EQ(CheckAccess(method, Role::kOperator).ok(), expected.an_operator);
      }
    }
  }
  EXPECT_EQ(calls, kExpected.size());
}

TEST(Access, IsDenied_ToWhatIsNotInTheTable) {
  for (const char* method :
       {"", "/waymark.v1.Admin/DropEverything", "/waymark.v1.Benchmarks/query", "Query"}) {
    EXPECT_THAT(CheckAccess(method, Role::kOperator),
                StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("")));
    EXPECT_FALSE(NeedsNoCertificate(method));
  }
}

TEST(Caller, IsReadFromTheUri) {
  ASSERT_OK_AND_ASSIGN(const Caller council, CallerFromUri("north", "waymark://north/council/E06000001"));
  EXPECT_EQ(council.role, Role::kCouncil);
  EXPECT_EQ(council.name, "E06000001");
  ASSERT_OK_AND_ASSIGN(const Caller an_operator, CallerFromUri("north", "waymark://north/operator/operator"));
  EXPECT_EQ(an_operator.role, Role::kOperator);
}

TEST(Caller, IsDenied_WhereTheUriIsAnothers) {
  for (const char* uri :
       {"", "waymark://south/council/E06000001", "https://north/council/E06000001",
        "waymark://north/council/E0600001", "waymark://north/council/E06000001/x", "waymark://north/council/",
        "waymark://north/admin/operator", "waymark://north/operator/", "waymark://north/operator/O O",
        "waymark://north/Council/E06000001", "waymark://northern/council/E06000001",
        "waymark://north//council/E06000001"}) {
    SCOPED_TRACE(uri);
    EXPECT_THAT(CallerFromUri("north", uri),
                StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("north")));
  }
}

}  // namespace
}  // namespace waymark::coordinator
