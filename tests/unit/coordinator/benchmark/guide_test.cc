// Answers combined of published figures: what was asked for, what each state looks like, who moved and who is
// alike.
#include "coordinator/benchmark/guide.h"

#include <cstring>

#include "coordinator/benchmark/guide_answers.h"
#include "coordinator/export/guide_table.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kCouncils;
using testing::Scene;
using waymark::testing::StatusIs;

// By question: by council, the answer's number, or kNoAnswer.
using Year = std::map<std::string, std::vector<int>>;

v1::Figure FigureOf(v1::GeographyLevel level, const std::string& code, const std::string& question,
                    const std::string& answer) {
  v1::Figure figure;
  figure.set_level(level);
  figure.set_geography_code(code);
  figure.set_geography_name(code);
  figure.set_category(question);
  figure.set_quantity(answer);
  figure.set_status(v1::FIGURE_STATUS_SHOWN);
  return figure;
}

// Publishes years of metric 42 as a coordinator answers queries about them, the councils being kCouncils in
// turn.
class Published {
 public:
  explicit Published(const catalogue::Library& library)
      : questionnaire_(*library.FindQuestionnaire("data_maturity")) {}

  void Add(const std::string& period, const Year& year) { years_[period] = year; }
  GuideSource Source() {
    return [this](const v1::QueryRequest& request) { return Answer(request); };
  }
  std::vector<v1::QueryRequest> asked;
  std::set<std::string> hidden;  // questions

 private:
  absl::StatusOr<v1::QueryResponse> Answer(const v1::QueryRequest& request) {
    asked.push_back(request);
    const auto year = request.period().empty() ? std::prev(years_.end()) : years_.find(request.period());
    if (year == years_.end()) return absl::NotFoundError("nothing is published of it");
    v1::QueryResponse response;
    response.set_version(1);
    response.set_period(year->first);
    response.set_round_id("r" + year->first);
    const std::size_t councils = year->second.begin()->second.size();
    for (std::size_t i = 0; i < councils; ++i) response.add_coverage()->set_council(kCouncils[i]);
    response.add_coverage()->set_absence(v1::ABSENCE_NO_RESPONSE);
    for (const auto& [question, answers] : year->second) {
      for (int i = 0; i < questionnaire_.answers_size(); ++i) Add(request, question, answers, i, response);
    }
    return response;
  }
  void Add(const v1::QueryRequest& request, const std::string& question, const std::vector<int>& answers,
           int answer, v1::QueryResponse& response) const {
    const std::string id = questionnaire_.answers(answer).id();
    for (int i = 0; i < request.geographies_size(); ++i) {
      const auto at = static_cast<std::size_t>(i);
      v1::Figure& own = *response.add_figures();
      own = FigureOf(v1::GEOGRAPHY_LEVEL_COUNCIL, kCouncils[at], question, id);
      own.set_numerator(answers[at] == answer ? 1 : 0);
      own.set_denominator(answers[at] < 0 ? 0 : 1);
    }
    if (request.geographies_size() > 0) return;
    v1::Figure& all = *response.add_figures();
    all = FigureOf(v1::GEOGRAPHY_LEVEL_ALL, "participants", question, id);
    all.set_contributors(static_cast<std::uint32_t>(answers.size()));
    all.set_absent(1);
    if (hidden.contains(question)) return all.set_status(v1::FIGURE_STATUS_SUPPRESSED);
    const auto answered = std::count_if(answers.begin(), answers.end(), [](int one) { return one >= 0; });
    all.set_numerator(static_cast<double>(std::count(answers.begin(), answers.end(), answer)));
    all.set_denominator(static_cast<double>(answered));
    if (answered == 0) all.set_status(v1::FIGURE_STATUS_NOT_AVAILABLE);
    v1::Figure& region = *response.add_figures();
    region = all;
    region.set_level(v1::GEOGRAPHY_LEVEL_REGION);
    region.set_geography_code("E12000001");
  }

  const v1::Questionnaire& questionnaire_;
  std::map<std::string, Year> years_;
};

class GuideTest : public ::testing::Test {
 protected:
  absl::StatusOr<Guide> Make(const std::string& metric = "42", bool alike = false) {
    return GuideOf(
        {.metric = metric, .period = "", .alike = alike}, scene_.library(), published_.Source(),
        [](std::uint64_t) -> absl::StatusOr<std::uint64_t> { return absl::InternalError("drawn"); });
  }
  static const GuideQuestion& At(const Guide& guide, const std::string& id) {
    for (const GuideQuestion& one : guide.questions) {
      if (one.question->id() == id) return one;
    }
    ADD_FAILURE() << id;
    return guide.questions.front();
  }

  Scene scene_;
  Published published_{scene_.library()};
};

// yes, mostly yes, mostly no, no: 0 to 3. M3 is reversed.
TEST_F(GuideTest, SaysWhatChanged_ForAllAndForThoseInBothYears) {
  published_.Add("2023-24", {{"S1", {3, 3, 2, 1, 0, -1}}, {"M3", {0, 0, 1, 2, 3, 3}}});
  published_.Add("2024-25", {{"S1", {0, 1, 1, 1, 1, 0}}, {"M3", {1, 3, 1, 1, -1, 3}}});
  ASSERT_OK_AND_ASSIGN(const Guide guide, Make());
  EXPECT_EQ(guide.period, "2024-25");
  EXPECT_EQ(guide.before_period, "2023-24");
  EXPECT_EQ(guide.before_round_id, "r2023-24");
  const GuideQuestion& s1 = At(guide, "S1");
  EXPECT_THAT(s1.counts.back().answered, ElementsAre(2, 4, 0, 0));
  EXPECT_EQ(s1.counts.back().unanswered, 0u);
  EXPECT_THAT(s1.before.answered, ElementsAre(1, 1, 1, 2));
  EXPECT_EQ(s1.before.unanswered, 1u);
  EXPECT_DOUBLE_EQ(*MatureShare(*guide.questionnaire, *s1.question, s1.before), 40);
  ASSERT_TRUE(s1.moves.has_value());
  EXPECT_EQ(s1.moves->up, 3u);
  EXPECT_EQ(s1.moves->down, 1u);
  EXPECT_EQ(s1.moves->same, 1u);
  EXPECT_DOUBLE_EQ(s1.moves->p, 0.625);
  EXPECT_DOUBLE_EQ(s1.moves->p_together, 1);
  const GuideQuestion& m3 = At(guide, "M3");
  ASSERT_TRUE(m3.moves.has_value());
  EXPECT_EQ(m3.moves->up, 2u) << "from yes, by hand, to less of it";
  EXPECT_EQ(m3.moves->down, 1u);
  EXPECT_DOUBLE_EQ(*MatureShare(*guide.questionnaire, *m3.question, m3.before), 50);
  EXPECT_FALSE(At(guide, "S2").moves.has_value());
}

TEST_F(GuideTest, StatesNeverLookAlike) {
  published_.Add("2024-25", {{"S1", {0, 0, -1}}, {"S2", {-1, -1, -1}}, {"S3", {0, 1, 2}}});
  published_.hidden = {"S3"};
  ASSERT_OK_AND_ASSIGN(const Guide guide, Make());
  EXPECT_EQ(guide.before_period, "2023-24");
  EXPECT_EQ(guide.before_round_id, "");
  const auto counts = [&](const char* id) { return At(guide, id).counts.back(); };
  EXPECT_EQ(counts("S1").status, v1::FIGURE_STATUS_SHOWN);
  EXPECT_THAT(counts("S1").answered, ElementsAre(2, 0, 0, 0));
  EXPECT_EQ(counts("S1").unanswered, 1u);
  EXPECT_EQ(counts("S1").absent, 1u);
  EXPECT_EQ(counts("S2").status, v1::FIGURE_STATUS_SHOWN) << "every count of it is known";
  EXPECT_THAT(counts("S2").answered, ElementsAre(0, 0, 0, 0));
  EXPECT_EQ(counts("S2").unanswered, 3u);
  EXPECT_EQ(counts("S3").status, v1::FIGURE_STATUS_SUPPRESSED);
  EXPECT_TRUE(counts("S3").answered.empty());
  EXPECT_EQ(counts("S4").status, v1::FIGURE_STATUS_NOT_AVAILABLE);
  std::set<std::string> lines;
  for (const char* id : {"S1", "S2", "S3", "S4"}) {
    const std::string csv = GuideCsv(guide);
    const std::string start = absl::StrCat(",", id, ",");
    const std::size_t at = csv.rfind(start);
    const std::size_t from = csv.find(",no,No,", at);
    lines.insert(csv.substr(from, csv.find('\n', from) - from));
  }
  EXPECT_EQ(lines.size(), 4u) << ::testing::PrintToString(lines);
  EXPECT_THAT(GuideCsv(guide), HasSubstr(",no,No,[c],hidden,[c],3,1,"));
  EXPECT_THAT(GuideCsv(guide), HasSubstr(",no,No,[x],not asked,[x],[x],[x],"));
  EXPECT_THAT(GuideCsv(guide), HasSubstr(",no,No,0,shown,1,3,1,"));
}

// The first five councils are the North East's; the others are London's.
TEST_F(GuideTest, FindsTheThemeInWhichARegionIsAlike) {
  Year year;
  int question = 0;
  for (const v1::Section& section : scene_.library().FindQuestionnaire("data_maturity")->sections()) {
    for (const v1::Question& one : section.questions()) {
      std::vector<int>& answers = year[one.id()];
      for (int council = 0; council < 9; ++council) {
        const bool is_alike =
            section.id() == scene_.library().FindQuestionnaire("data_maturity")->sections(0).id() &&
            council < 5;
        answers.push_back(is_alike ? 1 : (council + question) % 4);
      }
      ++question;
    }
  }
  published_.Add("2024-25", year);
  ASSERT_OK_AND_ASSIGN(const Guide guide, Make("42", true));
  ASSERT_EQ(guide.alike.size(), 5u) << "one region is published";
  const GuideAlike& first = guide.alike.front();
  EXPECT_EQ(first.councils, 5u);
  ASSERT_TRUE(first.agreement.has_value());
  EXPECT_EQ(first.agreement->within, 1);
  EXPECT_DOUBLE_EQ(first.agreement->p, 1.0 / 126) << "of C(9, 5) groups";
  EXPECT_DOUBLE_EQ(first.p_together, 5.0 / 126);
  EXPECT_TRUE(first.agreement->exact);
  for (const v1::QueryRequest& request : published_.asked) EXPECT_EQ(request.breakdown(), "question");
}

TEST_F(GuideTest, AsksTheYearBefore_InTheSameDefinition) {
  for (const auto& [period, before] : std::map<std::string, std::string>{{"2024-25", "2023-24"},
                                                                         {"2024-25-Q2", "2023-24-Q2"},
                                                                         {"2024", "2023"},
                                                                         {"2024-01-01..2024-02-15", ""}}) {
    Published published(scene_.library());
    published.Add(period, {{"S1", {0, 1, 2}}});
    ASSERT_OK_AND_ASSIGN(const Guide guide, GuideOf({.metric = "42", .period = period}, scene_.library(),
                                                    published.Source(), nullptr));
    EXPECT_EQ(guide.before_period, before);
    EXPECT_EQ(published.asked.size(), before.empty() ? 2u : 3u);
    if (before.empty()) continue;
    EXPECT_EQ(published.asked.back().period(), before);
    EXPECT_EQ(published.asked.back().version(), 1u);
    EXPECT_EQ(published.asked.back().round_id(), "");
  }
}

TEST_F(GuideTest, IsOfQuestionnairesAlone) {
  published_.Add("2024-25", {{"S1", {0, 1, 2}}});
  EXPECT_THAT(Make("19"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("those are 41, 41-enablers")));
  EXPECT_THAT(Make("none"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("41")));
  EXPECT_TRUE(published_.asked.empty());
}

// Gives the bytes of these numbers, one after another.
class Numbers final : public crypto::RandomSource {
 public:
  explicit Numbers(std::vector<std::uint64_t> numbers) : numbers_(std::move(numbers)) {}
  absl::Status Fill(absl::Span<std::uint8_t> out) override {
    if (next_ == numbers_.size() || out.size() != sizeof(std::uint64_t))
      return absl::InternalError("no more");
    std::memcpy(out.data(), &numbers_[next_++], out.size());
    return absl::OkStatus();
  }

 private:
  std::vector<std::uint64_t> numbers_;
  std::size_t next_ = 0;
};

TEST(DrawFrom, TakesNoNumberThatWouldMakeSmallOnesLikelier) {
  constexpr std::uint64_t kMost = ~std::uint64_t{0};
  Numbers numbers({7, kMost, kMost - 1, 12, 3});
  const statistics::Draw draw = DrawFrom(numbers);
  EXPECT_EQ(*draw(5), 2u);
  EXPECT_EQ(*draw(10), 2u) << "2^64 − 1 and 2^64 − 2 lie above the last whole ten";
  EXPECT_EQ(*draw(1), 0u);
  EXPECT_THAT(draw(2), StatusIs(absl::StatusCode::kInternal, HasSubstr("no more")));
  EXPECT_THAT(draw(0), StatusIs(absl::StatusCode::kInternal, HasSubstr("nothing")));
}

}  // namespace
}  // namespace waymark::coordinator
