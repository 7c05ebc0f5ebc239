// Importing published files, and scorecards of what was imported.
#include "coordinator/benchmark/published_board.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Scene;
using waymark::testing::StatusIs;

constexpr char kTool[] = "measure,period,la_number,value\n";

class PublishedBoardTest : public ::testing::Test {
 protected:
  void SetUp() override {
    mapping = published::Mapping::Load("catalogue", scene.library()).value();
    folder = ::testing::TempDir() + "published_board_" + std::to_string(getpid());
    std::filesystem::create_directories(folder + "/other");
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  std::string Write(const std::string& name, const std::string& text) const {
    EXPECT_OK(WriteFileAtomically(folder + "/" + name, text, 0600));
    return folder + "/" + name;
  }
  absl::Status Import(const std::vector<std::string>& paths, bool alone = false) {
    return ImportPublished(paths, alone, mapping, scene.clock(), scene.store()).status();
  }
  absl::StatusOr<v1::Scorecard> Card(const std::string& authority, const std::string& until = "",
                                     const Scope& scope = Scope::Everything()) {
    v1::ScorecardRequest request;
    request.set_authority(authority);
    request.set_until(until);
    return board.Scorecard(request, scope);
  }
  static double Development(const v1::Scorecard& card) {
    for (const v1::ScorecardRow& row : card.rows()) {
      if (row.metric() == "40") return row.own().value();
    }
    return -1;
  }

  Scene scene;
  published::Mapping mapping;
  std::string folder;
  PublishedBoard board{scene.store(), scene.library(), mapping};
};

TEST_F(PublishedBoardTest, ShowsWhatWasImported_AlsoWhatIsImportedLater) {
  EXPECT_THAT(Card("Hartlepool"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("import-published")));
  const std::string path = Write("tool.csv", absl::StrCat(kTool, "FSP_NEW_GOODDEV,2024/25,805,65\n"));
  ASSERT_OK(Import({path}));
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard first, Card("Hartlepool"));
  EXPECT_EQ(Development(first), 65);
  Write("tool.csv", absl::StrCat(kTool, "FSP_NEW_GOODDEV,2024/25,805,66\n"));
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard same, Card("Hartlepool"));
  EXPECT_EQ(Development(same), 65) << "a file that changes after its import changes nothing";
  ASSERT_OK(Import({path}));
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard revised, Card("Hartlepool"));
  EXPECT_EQ(Development(revised), 66);
}

TEST_F(PublishedBoardTest, KeepsOthers_UnlessTheyAreToGo) {
  const std::string tool = Write("tool.csv", absl::StrCat(kTool, "FSP_NEW_GOODDEV,2024/25,805,65\n"));
  const std::string more = Write("more.csv", absl::StrCat(kTool, "TotPermEx,2023/24,805,0.1\n"));
  ASSERT_OK(Import({tool}));
  ASSERT_OK(Import({more}));
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard both, Card("805"));
  EXPECT_EQ(Development(both), 65);
  ASSERT_OK(Import({more}, /*alone=*/true));
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard one, Card("805"));
  EXPECT_EQ(Development(one), 0);
}

TEST_F(PublishedBoardTest, ChangesNothing_WhereAFileIsBad) {
  const std::string tool = Write("tool.csv", absl::StrCat(kTool, "FSP_NEW_GOODDEV,2024/25,805,65\n"));
  const std::string torn = Write("torn.csv", absl::StrCat(kTool, "FSP_NEW_GOODDEV,2024/25,805\n"));
  const std::string strange = Write("strange.csv", "a,b\n1,2\n");
  const std::string twin = Write("other/tool.csv", absl::StrCat(kTool, "TotPermEx,2023/24,805,0.1\n"));
  EXPECT_THAT(Import({tool, torn}), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("torn.csv:2")));
  EXPECT_THAT(Import({tool, strange}), StatusIs(absl::StatusCode::kInvalidArgument,
                                                HasSubstr("strange.csv: this file does not have")));
  EXPECT_THAT(Import({tool, twin}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("each is kept by its name")));
  EXPECT_THAT(Import({tool, folder + "/none.csv"}), StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
  ASSERT_OK_AND_ASSIGN(const auto files, scene.store().ListPublishedFiles());
  EXPECT_THAT(files, IsEmpty());
}

TEST_F(PublishedBoardTest, TellsHowLikeAllTheyAreThatTakePart_OfTheScopesRegionsAlone) {
  ASSERT_OK(Import({Write("ages.csv",
                          "time_period,geographic_level,new_la_code,age_group,population_estimate\n"
                          "2024,Local authority,E06000001,Children aged 0 to 17 years,1000\n"
                          "2024,Local authority,E06000002,Children aged 0 to 17 years,3000\n")}));
  v1::QueryResponse answer;
  answer.set_round_id("r");
  answer.add_coverage()->set_council("E06000001");
  v1::QueryResponse::Contributor& absent = *answer.add_coverage();
  absent.set_council("E06000002");
  absent.set_absence(v1::ABSENCE_NO_RESPONSE);
  ASSERT_OK_AND_ASSIGN(const v1::RepresentationResponse all, board.Represented(answer, Scope::Everything()));
  ASSERT_EQ(all.places_size(), 2);
  EXPECT_EQ(all.places(0).code(), "E92000001");
  EXPECT_EQ(all.places(1).code(), "E12000001");
  EXPECT_EQ(all.places(1).participants(), 1u);
  const Scope lead{.regions = std::vector<std::string>{"E12000001"}, .metrics = std::nullopt};
  ASSERT_OK_AND_ASSIGN(const v1::RepresentationResponse some, board.Represented(answer, lead));
  ASSERT_EQ(some.places_size(), 1);
  EXPECT_EQ(some.places(0).code(), "E12000001");
  answer.add_coverage()->set_council("council-7");
  EXPECT_THAT(board.Represented(answer, Scope::Everything()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("does not name its councils")));
}

TEST_F(PublishedBoardTest, ShowsTheMetricsOfTheScope_AndNamesABadField) {
  ASSERT_OK(Import({Write("tool.csv", absl::StrCat(kTool, "FSP_NEW_GOODDEV,2024/25,805,65\n"))}));
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard card, Card("Hartlepool", "",
                                                      {.regions = std::vector<std::string>{"E12000007"},
                                                       .metrics = std::vector<std::string>{"40", "38"}}));
  ASSERT_EQ(card.rows_size(), 2);
  EXPECT_EQ(card.rows(0).metric(), "38");
  EXPECT_EQ(card.rows(1).metric(), "40");
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard none, Card("Hartlepool", "", Scope()));
  EXPECT_EQ(none.rows_size(), 0);
  EXPECT_THAT(Card(""), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("authority")));
  EXPECT_THAT(Card(std::string(1000, 'x')),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("authority")));
  EXPECT_THAT(Card("Hartlepool", "soon"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("until")));
  EXPECT_THAT(Card("Nowhere-upon-Sea"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("Nowhere-upon-Sea")));
}

}  // namespace
}  // namespace waymark::coordinator
