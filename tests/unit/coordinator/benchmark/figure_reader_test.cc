// Councils' own figures are made when they are asked for. Here they are held, byte for byte, against the way
// in which they were published before: all of them made by the combining of the round, and kept.
#include "coordinator/benchmark/figure_reader.h"

#include <iostream>
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "catalogue/columns.h"
#include "catalogue/item_tables.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/benchmark/query.h"
#include "coordinator/benchmark/stored.h"
#include "coordinator/benchmark/stored_answers.h"
#include "crypto/hash.h"
#include "crypto/merkle_tree.h"
#include "proto/contract/publication.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using testing::kCouncils;
using testing::Scene;

// By item and breakdown, by the code under which they are published: serialized, in order.
using Published =
    std::map<std::pair<std::int64_t, std::string>, std::map<std::string, std::vector<std::string>>>;

// A round over every kind of metric, in both modes, whose councils gave anything at all; without what the
// coordinator checks before it takes a release or opens a round, so that nothing depends on it.
class AnyRound {
 public:
  AnyRound(Scene& scene, std::uint32_t seed) : scene_(scene), random_(seed) {
    std::set<int> kinds;
    std::vector<contract::RoundItem> items;
    for (const v1::Metric& metric : scene.library().metrics()) {
      const std::vector<std::string> columns = catalogue::ColumnsOf(metric);
      if (columns.empty() || !kinds.insert(metric.kind()).second) continue;
      *definitions_.add_metrics() = metric;
      for (const v1::Mode mode : {v1::MODE_THRESHOLDED, v1::MODE_NOISED}) {
        contract::RoundItem item = scene.Item(metric.id(), mode, {"sex", "age_band|sex"});
        item.units = {v1::UNIT_EPISODES, v1::UNIT_CHILDREN};
        if (mode == v1::MODE_NOISED) item.period = "2024-25";
        items.push_back(item);
      }
    }
    spec_ = scene.Spec("autumn", std::move(items));
    v1::RoundSpec message;
    contract::RoundSpecToProto(spec_, message);
    Round round{.round_id = "autumn",
                .spec = message.SerializeAsString(),
                .spec_hash = crypto::Sha256(contract::CanonicalBytes(spec_)),
                .definitions = definitions_.SerializeAsString()};
    EXPECT_OK(scene.store().AddRound(round));
  }

  const contract::RoundSpec& spec() const { return spec_; }
  const v1::Catalogue& definitions() const { return definitions_; }

  void Answer(const std::string& council, const std::string& pseudonym) {
    contract::Release release = scene_.Release(council, spec_, {});
    release.pseudonym = pseudonym;
    for (std::uint32_t i = 0; i < spec_.items.size(); ++i) {
      if (Chance(0.1)) {
        release.absent.push_back({.item = i, .absence = v1::ABSENCE_NOT_COVERED});
        continue;
      }
      const v1::Metric& metric = *scene_.library().Find(spec_.items[i].metric);
      for (const Series& series : SeriesOf(spec_.items[i], metric)) {
        if (Chance(0.85)) release.tables.push_back(TableOf(spec_.items[i], metric, series));
      }
    }
    scene_.Sign(release);
    EXPECT_OK(scene_.store().AddRelease({.round_id = "autumn",
                                         .council = council,
                                         .bytes = BytesOf(release),
                                         .hash = crypto::Sha256(contract::CanonicalBytes(release)),
                                         .received_unix_s = 1}));
  }

 private:
  bool Chance(double p) { return std::bernoulli_distribution(p)(random_); }
  std::int64_t Number(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(random_);
  }

  contract::ProtectedTable TableOf(const contract::RoundItem& item, const v1::Metric& metric,
                                   const Series& series) {
    const std::vector<std::string> columns = catalogue::ColumnsOf(metric);
    contract::ProtectedTable given =
        scene_.Table(item, series.window_days, std::vector<std::int64_t>(columns.size()));
    given.table.unit = series.unit;
    given.table.dimensions = series.dimensions;
    if (!series.dimensions.empty()) {
      given.table.rows.clear();
      for (const char* sex : {"f", "m", "u"}) {
        if (Chance(0.8))
          given.table.rows.push_back(series.dimensions.size() == 2 ? absl::StrCat("0-4|", sex) : sex);
      }
      if (given.table.rows.empty()) given.table.rows.push_back(series.dimensions.size() == 2 ? "5-9|f" : "x");
    }
    given.table.Resize();
    for (std::size_t at = 0; at < given.table.values.size(); ++at) {
      const bool is_last = at % columns.size() + 1 == columns.size();
      if (item.mode == v1::MODE_NOISED) {
        given.table.values[at] = Number(-5, 60);
      } else if (Chance(0.8)) {
        given.table.values[at] = 5 * Number(0, is_last ? 80 : 20);
      } else {
        const v1::CellStatus hidden[] = {v1::CELL_STATUS_SUPPRESSED, v1::CELL_STATUS_LOW,
                                         v1::CELL_STATUS_NOT_AVAILABLE, v1::CELL_STATUS_NOT_APPLICABLE};
        given.table.status[at] = hidden[Number(0, 3)];
      }
    }
    return given;
  }

  Scene& scene_;
  std::mt19937 random_;
  v1::Catalogue definitions_;
  contract::RoundSpec spec_;
};

// What was published before: every council's own figures, then those of groups, all made at once.
Published AllMaterialised(Scene& scene, const AnyRound& round,
                          const std::map<std::string, std::string>& codes,
                          const std::set<std::string>& hidden, std::vector<std::string> members) {
  const StoredAnswers answers(scene.store(),
                              ReleasesIn(*scene.store().FindRound("autumn").value(), scene.store()).value());
  const std::vector<std::string> answered = scene.store().Answered("autumn").value();
  const AnswerHeads heads = answers.Heads(round.spec().items, answered).value();
  Published published;
  const FigureSink sink = [&](std::size_t item, Figures& figures) {
    for (v1::Figure& figure : figures) {
      if (hidden.contains(figure.geography_code())) continue;
      if (const auto code = codes.find(figure.geography_code()); code != codes.end()) {
        figure.set_geography_code(code->second);
        figure.set_geography_name("A council that is not named");
      }
      published[{item, absl::StrJoin(figure.dimensions(), "|")}][figure.geography_code()].push_back(
          figure.SerializeAsString());
    }
    return absl::OkStatus();
  };
  EXPECT_OK(Combine({.spec = round.spec(),
                     .definitions = round.definitions(),
                     .library = scene.library(),
                     .members = members,
                     .heads = heads,
                     .answers = answers.source(),
                     .sums = {}},
                    sink)
                .status());
  return published;
}

std::vector<std::string> Serialized(const std::vector<v1::Figure>& figures) {
  std::vector<std::string> bytes;
  for (const v1::Figure& figure : figures) bytes.push_back(figure.SerializeAsString());
  return bytes;
}

class FigureReaderTest : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  FigureReaderTest() {
    for (const std::string& council : kCouncils) scene.Join(council);
  }
  Scene scene;
};

TEST_P(FigureReaderTest, GivesWhatWasStoredBefore_ByteForByte) {
  AnyRound round(scene, GetParam());
  // Three without their names in the North East, enough to be shown; one in London, who is not.
  const std::map<std::string, std::string> codes = {{kCouncils[1], "a000000000000001"},
                                                    {kCouncils[2], "a000000000000000"},
                                                    {kCouncils[4], "0000000000000002"},
                                                    {kCouncils[5], "0000000000000003"}};
  for (std::size_t i = 0; i + 1 < kCouncils.size(); ++i) {  // the last one gives nothing
    const auto code = codes.find(kCouncils[i]);
    round.Answer(kCouncils[i], code == codes.end() ? "" : code->second);
  }
  ASSERT_OK(scene.rounds().Close("autumn"));
  const Published before = AllMaterialised(scene, round, codes, {kCouncils[5]}, kCouncils);
  ASSERT_OK_AND_ASSIGN(const std::vector<PublishedItem> items, scene.store().PublishedItems());
  FigureReader reader(scene.store());
  std::size_t compared = 0;
  for (const PublishedItem& item : items) {
    for (const std::string breakdown : {"", "sex", "age_band|sex"}) {
      std::vector<std::string> above;
      std::vector<std::string> all_places;
      std::vector<std::string> of_all_places;
      const auto at = before.find({item.item, breakdown});
      if (breakdown.empty() && !catalogue::HasTableOfAll(*scene.library().Find(item.metric))) continue;
      ASSERT_NE(at, before.end());
      for (const auto& [place, figures] : at->second) {
        ASSERT_OK_AND_ASSIGN(const std::vector<v1::Figure> now, reader.Of(item, breakdown, {place}));
        EXPECT_EQ(Serialized(now), figures) << item.metric << " by " << breakdown << " of " << place;
        all_places.push_back(place);
        of_all_places.insert(of_all_places.end(), figures.begin(), figures.end());
        compared += figures.size();
      }
      ASSERT_OK_AND_ASSIGN(const std::vector<v1::Figure> whole, reader.Of(item, breakdown, all_places));
      EXPECT_EQ(Serialized(whole), of_all_places);
      for (const char* const region : {"E12000001", "E12000007", "participants"}) {
        const auto figures = at->second.find(region);
        if (figures != at->second.end())
          above.insert(above.end(), figures->second.begin(), figures->second.end());
      }
      ASSERT_OK_AND_ASSIGN(std::vector<v1::Figure> stored, reader.Of(item, breakdown, {}));
      std::vector<std::string> sorted = Serialized(stored);
      std::sort(sorted.begin(), sorted.end());
      std::sort(above.begin(), above.end());
      EXPECT_EQ(sorted, above);
      // Who has no name is not found by it, nor is one shown who would be found by elimination.
      for (const std::string& nobody : {kCouncils[1], kCouncils[5], std::string("0000000000000003")}) {
        EXPECT_TRUE(reader.Of(item, breakdown, {nobody}).value().empty());
      }
    }
  }
  EXPECT_GT(compared, 1000u);
  std::cout << compared << " figures of " << items.size() << " items\n";
}

// The log commits to what they follow from.
TEST_P(FigureReaderTest, TheLogHasTheTablesOfEveryCouncilThatIsShown) {
  AnyRound round(scene, GetParam());
  const std::string hidden = kCouncils[0];
  for (std::size_t i = 0; i < 4; ++i) round.Answer(kCouncils[i], i == 0 ? "0000000000000003" : "");
  ASSERT_OK(scene.rounds().Close("autumn"));
  ASSERT_OK_AND_ASSIGN(const auto entries, scene.store().LogEntries(0, 10));
  v1::Publication record;
  ASSERT_TRUE(record.ParseFromString(entries.back().content));
  EXPECT_OK(contract::CheckPublication(record));
  for (int i = 0; i < record.items_size(); ++i) {
    crypto::MerkleAccumulator tree;
    for (const std::string& council : kCouncils) {
      if (council == hidden) continue;
      ASSERT_OK_AND_ASSIGN(const auto stored, scene.store().FindRelease("autumn", council));
      contract::Release release;
      if (stored) release = ReleaseOf(*stored).value();
      std::vector<const contract::ProtectedTable*> tables;
      for (const contract::ProtectedTable& given : release.tables) {
        if (IsOfItem(given.table, round.spec().items[static_cast<std::size_t>(i)])) tables.push_back(&given);
      }
      tree.Append(contract::CouncilLeafHash(council, tables));
    }
    EXPECT_EQ(record.items(i).councils(), kCouncils.size() - 1);
    EXPECT_EQ(record.items(i).councils_root(), tree.Root());
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, FigureReaderTest, ::testing::Values(1, 2, 3));

}  // namespace
}  // namespace waymark::coordinator
