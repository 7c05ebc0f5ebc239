// What is in no table, and callers' names. Every call by every role: roles_test.cc.
#include "coordinator/serve/access.h"

#include <string>

#include "tests/testing/status_matchers.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using waymark::testing::StatusIs;

TEST(Access, IsDenied_ToWhatIsNotInTheTable) {
  for (const char* method :
       {"", "/waymark.v1.Admin/DropEverything", "/waymark.v1.Benchmarks/query", "Query"}) {
    for (std::size_t role = 0; role < kRoleCount; ++role) {
      EXPECT_THAT(CheckAccess(method, {.role = static_cast<Role>(role), .name = ""}),
                  StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("may not call")));
    }
    EXPECT_FALSE(NeedsNoCertificate(method));
  }
}

TEST(Caller, IsReadFromTheUri) {
  ASSERT_OK_AND_ASSIGN(const Caller council, CallerFromUri("north", "waymark://north/council/E06000001"));
  EXPECT_EQ(council.role, Role::kCouncil);
  EXPECT_EQ(council.name, "E06000001");
  ASSERT_OK_AND_ASSIGN(const Caller an_operator, CallerFromUri("north", "waymark://north/operator/operator"));
  EXPECT_EQ(an_operator.role, Role::kOperator);
  ASSERT_OK_AND_ASSIGN(const Caller lead, CallerFromUri("north", "waymark://north/regional-lead/north-east"));
  EXPECT_EQ(lead.role, Role::kRegionalLead);
  EXPECT_EQ(lead.name, "north-east");
  EXPECT_FALSE(lead.scope.SeesMetric("1")) << "a URI says nothing of what its bearer sees";
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
