// `waymark-node position` asks for the whole benchmark and says nothing of its own: against a coordinator
// that writes down what it is asked, by a council of few children and by one of many.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/file.h"
#include "node/cli/commands.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"
#include "tests/unit/node/link/fake_coordinator.h"

namespace waymark::node {
namespace {

constexpr double kAverage = 40;

class PositionTest : public ::testing::Test {
 protected:
  static void Write(const std::string& path, const std::string& text) {
    EXPECT_OK(WriteFileAtomically(path, text, 0600));
  }
  // A council's folder with so many children, each with one episode of which every `each`-th is followed by
  // another; it has joined.
  std::string Council(const std::string& name, int children, int each) {
    const std::string folder = folder_.Path(name);
    EXPECT_OK(MakeDirectories(folder + "/ssd", 0700));
    std::string persons = "pers_person_id,pers_sex,pers_ethnicity,pers_dob,pers_death_date\n";
    std::string episodes =
        "earl_episode_id,earl_person_id,earl_episode_start_date,earl_episode_end_date,earl_episode_reason,"
        "earl_episode_end_reason,earl_episode_organisation,earl_episode_worker_id\n";
    for (int i = 0; i < children; ++i) {
      absl::StrAppend(&persons, "P", i, ",Female,WBRI,2015-02-03,\n");
      absl::StrAppend(&episodes, "E", i, ",P", i, ",2022-05-01,2022-08-01,N4,outcomes met,,\n");
      if (i % each == 0) {
        absl::StrAppend(&episodes, "F", i, ",P", i, ",2022-11-01,2022-12-01,N4,outcomes met,,\n");
      }
    }
    Write(folder + "/ssd/ssd_person.csv", persons);
    Write(folder + "/ssd/ssd_early_help_episodes.csv", episodes);
    Write(folder + "/join", FakeCoordinator::JoinText(coordinator_.Join(kCouncil, name)));
    Write(folder + "/policy.toml", PolicyText());
    const std::string config = folder + "/node.toml";
    Write(config, absl::StrCat("[council]\ncode = \"", kCouncil, "\"\nname = \"", name,
                               "\"\n[node]\nstate = \"state\"\npolicy = \"policy.toml\"\ncatalogue = \"",
                               std::filesystem::absolute("catalogue").string(),
                               "\"\n[scope]\nincludes_delivered = true\nnote = \"made up\"\n",
                               "[[source]]\nformat = \"ssd\"\npath = \"ssd\"\ncovered_from = 2021-04-01\n",
                               "extract_date = 2025-06-30\n"));
    EXPECT_OK(EnrolCommand({.config = config}, folder + "/join", clock_));
    return config;
  }

  TemporaryFolder folder_;
  testing::FakeClock clock_{absl::FromUnixSeconds(1'780'000'000)};
  FakeCoordinator coordinator_;
};

TEST_F(PositionTest, SendsTheSameQuestion_WhateverTheCouncilsOwnFiguresAre) {
  absl::Mutex mutex;
  std::vector<std::string> asked;
  coordinator_.on_query = [&](const v1::QueryRequest& in, v1::QueryResponse& out) {
    absl::MutexLock lock(&mutex);
    asked.push_back(in.SerializeAsString());
    v1::Figure* const figure = out.add_figures();
    figure->set_period("2022-23");
    figure->set_window_days(365);
    figure->set_unit(v1::UNIT_EPISODES);
    figure->set_level(v1::GEOGRAPHY_LEVEL_ALL);
    figure->set_quantity("any");
    figure->set_status(v1::FIGURE_STATUS_SHOWN);
    figure->set_value(kAverage);
    figure->set_expected_at_zero(kAverage);
    figure->set_expected_slope(1);
    return grpc::Status::OK;
  };
  std::vector<double> ours;
  FigureOptions figures;
  figures.metric = "1";
  for (const std::string& config : {Council("few", 40, 2), Council("many", 300, 5)}) {
    const int before = coordinator_.calls;
    ::testing::internal::CaptureStdout();
    const absl::Status done = PositionCommand({.config = config, .json = true}, figures, clock_);
    const std::string out = ::testing::internal::GetCapturedStdout();
    ASSERT_OK(done) << out;
    EXPECT_EQ(coordinator_.calls, before + 1) << "the question for the benchmark, and no other call";
    const auto rows = nlohmann::ordered_json::parse(out);
    ASSERT_EQ(rows.size(), 1u) << out;
    ours.push_back(rows[0]["ours"]);
    EXPECT_DOUBLE_EQ(rows[0]["participants"]["gap"], ours.back() - kAverage);
  }
  EXPECT_NE(ours[0], ours[1]) << "each has its own";
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_EQ(asked[0], asked[1]);
}

}  // namespace
}  // namespace waymark::node
