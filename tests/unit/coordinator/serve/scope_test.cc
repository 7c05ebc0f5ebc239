// What a caller who may make a call sees in its answer.
#include <grpcpp/grpcpp.h>

#include "tests/unit/coordinator/serve/roles_fixture.h"
#include "waymark/v1/benchmark.grpc.pb.h"
#include "waymark/v1/round.grpc.pb.h"
#include "waymark/v1/schedule.grpc.pb.h"

namespace waymark::coordinator {
namespace {

using testing::Call;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kCouncils;
using Expect = absl::StatusCode;

// A round of everyone, one of the North East alone, one of London alone, and a schedule of each.
class ScopeTest : public testing::RolesFixture {
 protected:
  ScopeTest() {
    for (std::size_t i = 1; i < 9; ++i) {
      if (i != 4) scene.Join(kCouncils[i]);  // so that there are four of each
    }
    const std::vector<std::pair<std::string, std::vector<std::string>>> asked = {
        {"all", {}}, {"north-east", {"E12000001"}}, {"london", {"E12000007"}}};
    for (const auto& [id, geographies] : asked) {
      contract::RoundSpec spec = scene.Spec(id, {scene.Item("19", v1::MODE_THRESHOLDED)});
      spec.geographies = geographies;
      EXPECT_OK(scene.rounds().Open(spec));
      EXPECT_OK(schedules.Add(ScheduleOf(id, geographies)));
    }
  }

  static v1::Schedule ScheduleOf(const std::string& name, const std::vector<std::string>& geographies) {
    v1::Schedule schedule;
    schedule.set_name(name);
    schedule.set_cron("0 6 15 1,4,7,10 *");
    schedule.set_period(v1::PERIOD_RULE_PREVIOUS_QUARTER);
    schedule.set_open_hours(24);
    schedule.set_least_contributors(3);
    schedule.set_data_version(1);
    for (const std::string& code : geographies) schedule.add_geographies(code);
    v1::RoundItem& item = *schedule.add_items();
    item.set_metric("19");
    item.set_mode(v1::MODE_THRESHOLDED);
    return schedule;
  }

  v1::ListRoundsResponse RoundsOf(Role role) {
    const auto stub = v1::Admin::NewStub(ChannelOf(role));
    v1::ListRoundsResponse response;
    EXPECT_EQ(Code([&](auto* context) { return stub->ListRounds(context, {}, &response); }), Expect::kOk);
    return response;
  }

  // Of a query by a token. Nothing comes with a refusal.
  Expect CodeOf(const std::string& token, const std::string& metric, const std::string& geography) {
    v1::QueryRequest request;
    request.set_metric(metric);
    if (!geography.empty()) request.add_geographies(geography);
    grpc::ClientContext context;
    rpc::SetDeadline(context, absl::Seconds(20));
    context.AddMetadata("authorization", token);
    v1::QueryResponse response;
    const auto stub = v1::Benchmarks::NewStub(TokenPort());
    const absl::Status status = rpc::FromGrpc(stub->Query(&context, request, &response));
    EXPECT_TRUE(status.ok() || response.ByteSizeLong() == 0);
    return status.code();
  }
};

TEST_F(ScopeTest, ALead_SeesTheRoundsAndSchedulesOfItsRegion_AndItsCouncilsInThem) {
  std::vector<std::string> rounds;
  const v1::ListRoundsResponse listed = RoundsOf(Role::kRegionalLead);
  for (const v1::RoundStatus& round : listed.rounds()) {
    rounds.push_back(round.spec().round_id());
    EXPECT_EQ(round.councils_size(), 4);
    for (const auto& council : round.councils()) {
      EXPECT_EQ(scene.library().FindArea(council.code())->region_code(), "E12000001");
    }
  }
  EXPECT_THAT(rounds, ElementsAre("all", "north-east"));
  const auto stub = v1::Schedules::NewStub(ChannelOf(Role::kRegionalLead));
  v1::ListSchedulesResponse planned;
  EXPECT_EQ(Code([&](auto* context) { return stub->ListSchedules(context, {}, &planned); }), Expect::kOk);
  std::vector<std::string> names;
  for (const v1::ScheduleStatus& status : planned.schedules()) names.push_back(status.schedule().name());
  EXPECT_THAT(names, ElementsAre("all", "north-east"));
}

TEST_F(ScopeTest, AnAuditor_SeesWhatEveryRoundAsks_AndNoCouncil_AnOperatorBoth) {
  const v1::ListRoundsResponse seen = RoundsOf(Role::kAuditor);
  ASSERT_EQ(seen.rounds_size(), 3);
  for (const v1::RoundStatus& round : seen.rounds()) {
    EXPECT_EQ(round.spec().items_size(), 1);
    EXPECT_THAT(round.councils(), IsEmpty());
  }
  const v1::ListRoundsResponse whole = RoundsOf(Role::kOperator);
  ASSERT_EQ(whole.rounds_size(), 3);
  EXPECT_EQ(whole.rounds(0).councils_size(), 8);
}

TEST_F(ScopeTest, AToken_AsksWithinItsScopeAlone) {
  for (const char* id : {"all", "london"}) ASSERT_OK(scene.rounds().Close(id));
  const std::string lead = TokenOf(Role::kRegionalLead);
  for (const std::string& place : {std::string(), std::string("E12000001"), kCouncils[0]}) {
    EXPECT_EQ(CodeOf(lead, "19", place), Expect::kOk) << place;
  }
  for (const std::string& place : {std::string("E12000007"), kCouncils[5], std::string("E12000002")}) {
    EXPECT_EQ(CodeOf(lead, "19", place), Expect::kPermissionDenied) << place;
  }
  const std::string analyst = TokenOf(Role::kNationalAnalyst);
  EXPECT_EQ(CodeOf(analyst, "19", "E12000007"), Expect::kOk);
  EXPECT_EQ(CodeOf(analyst, "19", kCouncils[5]), Expect::kOk);
  const std::string narrow =
      TokenOf(Role::kNationalAnalyst, [](StoredAccess& entry) { entry.metrics = {"16"}; });
  EXPECT_EQ(CodeOf(narrow, "19", ""), Expect::kPermissionDenied);
  EXPECT_EQ(CodeOf(narrow, "16", ""), Expect::kNotFound);
  EXPECT_EQ(Call(TokenPort(), "/waymark.v1.Log/PublishedFigures", {narrow}).code(),
            Expect::kPermissionDenied);
  // One that was granted no region, whatever let that happen.
  const std::string none = TokenOf(Role::kRegionalLead, [](StoredAccess& entry) { entry.regions.clear(); });
  EXPECT_EQ(CodeOf(none, "19", "E12000001"), Expect::kPermissionDenied);
  EXPECT_EQ(CodeOf(none, "19", ""), Expect::kNotFound);
}

}  // namespace
}  // namespace waymark::coordinator
