// Nobody's answer follows from what is published of councils without a name, whatever else is published.
#include "coordinator/rounds/unnamed_answers.h"

#include <functional>
#include <optional>

#include "coordinator/benchmark/query.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using testing::kCouncils;
using testing::Scene;

using World = std::vector<std::vector<std::uint32_t>>;  // by region and answer: how many unnamed councils

std::string RegionNamed(std::size_t region) {
  return std::string(1, static_cast<char>('A' + region));
}

// What is published of it: of each region, and last of all, the distribution or nothing.
using View = std::vector<std::optional<std::vector<std::uint32_t>>>;

View ViewOf(const World& world, std::uint32_t least) {
  std::map<std::string, AnswerCounts> by_region;
  std::vector<std::uint32_t> all(world.front().size());
  for (std::size_t region = 0; region < world.size(); ++region) {
    for (std::size_t answer = 0; answer < all.size(); ++answer) {
      all[answer] += world[region][answer];
      by_region[RegionNamed(region)][std::to_string(answer)] = world[region][answer];
    }
  }
  const std::set<std::string> hidden = HiddenGeographies(by_region, least);
  View view;
  for (std::size_t region = 0; region < world.size(); ++region) {
    if (hidden.contains(RegionNamed(region))) {
      view.emplace_back();
    } else {
      view.emplace_back(world[region]);
    }
  }
  if (hidden.contains("participants")) {
    view.emplace_back();
  } else {
    view.emplace_back(all);
  }
  return view;
}

// Every way in which so many councils can be spread over so many answers.
std::vector<std::vector<std::uint32_t>> Spreads(std::uint32_t councils, std::size_t answers) {
  if (answers == 1) return {{councils}};
  std::vector<std::vector<std::uint32_t>> all;
  for (std::uint32_t first = 0; first <= councils; ++first) {
    for (std::vector<std::uint32_t>& rest : Spreads(councils - first, answers - 1)) {
      rest.insert(rest.begin(), first);
      all.push_back(std::move(rest));
    }
  }
  return all;
}

std::map<View, std::vector<World>> WorldsByView(const std::vector<std::uint32_t>& sizes, std::size_t answers,
                                                std::uint32_t least) {
  std::vector<World> worlds = {{}};
  for (const std::uint32_t size : sizes) {
    std::vector<World> longer;
    for (const World& world : worlds) {
      for (const auto& spread : Spreads(size, answers)) {
        longer.push_back(world);
        longer.back().push_back(spread);
      }
    }
    worlds = std::move(longer);
  }
  std::map<View, std::vector<World>> by_view;
  for (World& world : worlds) by_view[ViewOf(world, least)].push_back(std::move(world));
  return by_view;
}

// Whether all of a region's councils, but for somebody's own, gave one answer in every one of these worlds.
bool IsCertain(const std::vector<World>& worlds, std::size_t region, std::size_t answer,
               std::optional<std::pair<std::size_t, std::size_t>> own) {
  const bool is_own_region = own && own->first == region;
  for (const World& world : worlds) {
    if (own && world[own->first][own->second] == 0) continue;  // not so to whoever knows its own answer
    std::uint32_t all = 0;
    for (const std::uint32_t count : world[region]) all += count;
    const std::uint32_t gave = world[region][answer] - (is_own_region && own->second == answer ? 1 : 0);
    if (gave < all - (is_own_region ? 1 : 0)) return false;
  }
  return true;
}

// No answer is certain: to an outsider who knows the rule and how many unnamed councils each region has, and
// to an unnamed council that knows its own answer.
void ExpectNothingIsCertain(const std::vector<std::uint32_t>& sizes, std::size_t answers) {
  for (const auto& [view, worlds] : WorldsByView(sizes, answers, 3)) {
    for (std::size_t region = 0; region < sizes.size(); ++region) {
      for (std::size_t answer = 0; answer < answers; ++answer) {
        EXPECT_FALSE(IsCertain(worlds, region, answer, std::nullopt)) << ::testing::PrintToString(sizes);
        for (std::size_t home = 0; home < sizes.size(); ++home) {
          if (home == region && sizes[region] == 1) continue;  // there is no other
          for (std::size_t said = 0; said < answers; ++said) {
            const bool can_be = std::any_of(worlds.begin(), worlds.end(),
                                            [&](const World& world) { return world[home][said] > 0; });
            if (!can_be) continue;
            EXPECT_FALSE(IsCertain(worlds, region, answer, std::make_pair(home, said)))
                << ::testing::PrintToString(sizes) << " to one in region " << home;
          }
        }
      }
    }
  }
}

TEST(HiddenGeographies, LeaveNoAnswerCertain_WhateverWasAnswered) {
  for (const std::size_t answers : {2u, 3u, 5u}) {
    const std::uint32_t most = answers == 5 ? 4 : 5;
    for (std::uint32_t a = 1; a <= most + 1; ++a) {
      ExpectNothingIsCertain({a}, answers);
      for (std::uint32_t b = 1; b <= most; ++b) {
        ExpectNothingIsCertain({a, b}, answers);
        for (std::uint32_t c = 1; answers < 5 && a <= 4 && c <= std::min(b, 4u); ++c) {
          ExpectNothingIsCertain({a, b, c}, answers);
        }
      }
    }
  }
}

TEST(HiddenGeographies, ShowWhatIsSafe) {
  const auto hidden = [](std::map<std::string, AnswerCounts> by_region) {
    return HiddenGeographies(by_region, 3);
  };
  using Codes = std::set<std::string>;
  const AnswerCounts mixed = {{"yes", 2}, {"no", 2}};
  EXPECT_EQ(hidden({}), Codes{});
  EXPECT_EQ(hidden({{"A", mixed}}), Codes{}) << "all less the others is that region";
  EXPECT_EQ(hidden({{"", mixed}}), Codes{});
  EXPECT_EQ(hidden({{"A", mixed}, {"B", mixed}}), (Codes{"A", "B"}));
  EXPECT_EQ(hidden({{"A", {{"yes", 1}}}, {"B", {{"no", 2}}}}), (Codes{"A", "B", "participants"}));
  EXPECT_EQ(hidden({{"A", {{"yes", 1}}}, {"B", {{"yes", 1}, {"no", 2}}}}), (Codes{"A", "B"}));
  EXPECT_EQ(hidden({{"A", {{"yes", 3}, {"no", 1}}}}), (Codes{"A", "participants"}));
  EXPECT_EQ(hidden({{"A", {{"yes", 1}, {"no", 1}}}}), (Codes{"A", "participants"}));
}

// A round of metric 41 of which the first question was answered so; a council whose place is in `unnamed` has
// no name. "": without an answer.
v1::QueryResponse Published(Scene& scene, const std::vector<std::string>& answers,
                            const std::set<int>& unnamed, std::vector<v1::Figure>& own) {
  for (std::size_t i = 0; i < answers.size(); ++i) scene.Join(kCouncils[i]);
  const contract::RoundSpec spec = scene.Spec("guide", {scene.Item("41", v1::MODE_STATED, {"question"})});
  EXPECT_OK(scene.rounds().Open(spec));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    contract::ProtectedTable given = scene.Table(spec.items[0], 0, {0, 0, 0, 0, 0});
    given.table.dimensions = {"question"};
    given.table.rows = {"F1"};
    const std::vector<std::string>& columns = given.table.columns;
    const std::string column = answers[i].empty() ? "unanswered" : answers[i];
    given.table.values[static_cast<std::size_t>(std::find(columns.begin(), columns.end(), column) -
                                                columns.begin())] = 1;
    given.protection = {.mode = v1::MODE_STATED};
    contract::Release release = scene.Release(kCouncils[i], spec, {given});
    if (unnamed.contains(static_cast<int>(i))) release.pseudonym = absl::StrCat("00000000000000a", i);
    scene.Sign(release);
    EXPECT_OK(scene.rounds().Submit(kCouncils[i], release));
  }
  EXPECT_EQ(*scene.rounds().CloseDue(), 1);
  v1::QueryRequest request;
  request.set_metric("41");
  request.set_breakdown("question");
  BenchmarkQuery query(scene.store(), scene.library());
  const auto all = query.Answer(request, Scope::Everything());
  EXPECT_OK(all);
  for (const auto& council : all->coverage()) request.add_geographies(council.council());
  const auto councils = query.Answer(request, Scope::Everything());
  EXPECT_OK(councils);
  own.assign(councils->figures().begin(), councils->figures().end());
  return *all;
}

const v1::Figure& FigureAt(const v1::QueryResponse& response, const std::string& code,
                           const std::string& quantity) {
  for (const v1::Figure& figure : response.figures()) {
    if (figure.geography_code() == code && figure.quantity() == quantity) return figure;
  }
  ADD_FAILURE() << code << " " << quantity;
  return response.figures(0);
}

TEST(UnnamedAnswers, ArePublishedInDistributionsAlone) {
  Scene scene;
  std::vector<v1::Figure> own;
  const v1::QueryResponse all = Published(scene, {"yes", "yes", "no", "", "no"}, {0, 1, 2, 3}, own);
  const v1::Figure& yes = FigureAt(all, "E12000001", "yes");
  EXPECT_EQ(yes.status(), v1::FIGURE_STATUS_SHOWN);
  EXPECT_EQ(yes.numerator(), 2);
  EXPECT_EQ(yes.denominator(), 4);
  EXPECT_EQ(yes.value(), 50);
  EXPECT_EQ(yes.contributors(), 5u);
  EXPECT_FALSE(yes.has_lower());
  EXPECT_FALSE(yes.has_middle_quartile());
  EXPECT_EQ(FigureAt(all, "participants", "no").numerator(), 2);
  std::set<std::string> codes;
  for (const v1::Figure& figure : own) codes.insert(figure.geography_code());
  EXPECT_EQ(codes, std::set<std::string>{kCouncils[4]}) << "the one with a name";
}

// All but one said the same, and that one, too few to be shown in London, is in the sums all the same.
TEST(UnnamedAnswers, AreHidden_WhereTheyAreAlikeOrFew) {
  Scene scene;
  std::vector<v1::Figure> own;
  const v1::QueryResponse all =
      Published(scene, {"yes", "yes", "yes", "yes", "no", "no", "no", "no"}, {0, 1, 2, 3, 5}, own);
  for (const char* code : {"E12000001", "E12000007", "participants"}) {
    const v1::Figure& figure = FigureAt(all, code, "yes");
    EXPECT_EQ(figure.status(), v1::FIGURE_STATUS_SUPPRESSED) << code;
    EXPECT_FALSE(figure.has_numerator() || figure.has_denominator() || figure.has_value()) << code;
    EXPECT_GT(figure.contributors(), 0u) << code;
  }
  EXPECT_EQ(own.size(), 3 * 4u) << "of the councils with a name, one a possible answer";
}

TEST(UnnamedAnswers, OfARegionOfNamedCouncilsAreNone) {
  Scene scene;
  std::vector<v1::Figure> own;
  const v1::QueryResponse all =
      Published(scene, {"yes", "yes", "no", "no", "no", "yes", "yes", "yes"}, {0, 1, 2, 3}, own);
  EXPECT_EQ(FigureAt(all, "E12000007", "yes").numerator(), 3);
  EXPECT_EQ(FigureAt(all, "E12000001", "yes").numerator(), 2);
}

}  // namespace
}  // namespace waymark::coordinator
