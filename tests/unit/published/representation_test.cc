#include "published/representation.h"

#include "absl/strings/str_cat.h"
#include "tests/unit/published/files.h"

namespace waymark::published {
namespace {

class RepresentationTest : public PublishedTest {
 protected:
  struct Authority {
    std::string code;
    int children = 0;
    std::string low_income;  // of 2024-25; "c": suppressed
  };

  // All 12 authorities of the North East have children; some have the rest.
  void Read(const std::vector<Authority>& authorities) {
    std::string ages = "time_period,geographic_level,new_la_code,age_group,population_estimate\n";
    std::string tool = "measure,period,la_number,value\n";
    for (const Authority& each : authorities) {
      absl::StrAppend(&ages, "2024,Local authority,", each.code, ",Children aged 0 to 17 years,",
                      each.children, "\n");
      absl::StrAppend(&tool, "ChildPov,2025,", library_.FindArea(each.code)->old_code(), ",", each.low_income,
                      "\n");
      // Of a later year there are few.
      if (each.code == kHartlepool)
        absl::StrAppend(&tool, "ChildPov,2026,", library_.FindArea(each.code)->old_code(), ",99\n");
    }
    ASSERT_OK_AND_ASSIGN(collection_,
                         Collection::ReadTexts({{"ages.csv", ages}, {"tool.csv", tool}}, mapping_));
  }
  v1::Representation Of(const std::set<std::string>& participants, const std::string& place) const {
    return RepresentationOf({.library = library_, .mapping = mapping_, .collection = collection_},
                            participants, place);
  }
  static const v1::RepresentationRow& Row(const v1::Representation& representation,
                                          const std::string& measure) {
    for (const v1::RepresentationRow& row : representation.rows()) {
      if (row.measure() == measure) return row;
    }
    ADD_FAILURE() << measure;
    return v1::RepresentationRow::default_instance();
  }

  std::vector<Authority> NorthEast() const {
    std::vector<Authority> authorities;
    for (const v1::Area& area : library_.areas()) {
      const int n = static_cast<int>(authorities.size());
      if (area.region_code() == "E12000001")
        authorities.push_back({area.code(), 1000 * (n + 1), absl::StrCat(10 + 2 * n)});
    }
    return authorities;
  }

  Collection collection_;
};

TEST_F(RepresentationTest, IsTheShareOfChildren_AndMeansWeightedByThem) {
  const std::vector<Authority> all = NorthEast();
  Read(all);
  const std::set<std::string> participants = {all[0].code, all[3].code, all[7].code, kBarnet};
  const v1::Representation region = Of(participants, "E12000001");
  EXPECT_EQ(region.name(), "North East");
  EXPECT_EQ(region.participants(), 3u);  // Barnet is of London
  EXPECT_EQ(region.authorities(), all.size());
  double children = 0, taking_part = 0, low = 0, low_taking_part = 0;
  for (const Authority& each : all) {
    children += each.children;
    low += each.children * std::stod(each.low_income);
    if (!participants.contains(each.code)) continue;
    taking_part += each.children;
    low_taking_part += each.children * std::stod(each.low_income);
  }
  const v1::RepresentationRow& share = Row(region, "population_0_17");
  EXPECT_TRUE(share.is_share());
  EXPECT_EQ(share.place(), children);
  EXPECT_NEAR(share.participants(), 100 * taking_part / children, 1e-9);
  const v1::RepresentationRow& mean = Row(region, "child_low_income_percent");
  EXPECT_EQ(mean.year(), "2024-25");  // of 2025-26 there is one alone
  EXPECT_NEAR(mean.place(), low / children, 1e-9);
  EXPECT_NEAR(mean.participants(), low_taking_part / taking_part, 1e-9);
  EXPECT_EQ(mean.participants_with_value(), 3u);
  EXPECT_EQ(mean.authorities_with_value(), 12u);
}

TEST_F(RepresentationTest, LeavesOutThoseWithoutAValue_AndSaysHowMany) {
  std::vector<Authority> all = NorthEast();
  all[0].low_income = "c";
  Read(all);
  const v1::RepresentationRow row =
      Row(Of({all[0].code, all[1].code}, "E12000001"), "child_low_income_percent");
  EXPECT_NEAR(row.participants(), 12, 1e-9);
  EXPECT_EQ(row.participants_with_value(), 1u);
  EXPECT_EQ(row.authorities_with_value(), 11u);
  const v1::RepresentationRow none = Row(Of({all[0].code}, "E12000001"), "child_low_income_percent");
  EXPECT_FALSE(none.has_participants());
  EXPECT_TRUE(none.has_place());
}

TEST_F(RepresentationTest, HasNoNumbers_WhereHalfOfThePlaceHasNone) {
  Read(NorthEast());  // twelve of all of England's
  const v1::Representation nation = Of({kHartlepool}, "E92000001");
  EXPECT_EQ(nation.name(), "England");
  EXPECT_EQ(nation.authorities(), library_.areas().size());
  EXPECT_EQ(nation.participants(), 1u);
  for (const v1::RepresentationRow& row : nation.rows()) {
    EXPECT_FALSE(row.has_participants()) << row.measure();
    EXPECT_FALSE(row.has_place()) << row.measure();
  }
}

}  // namespace
}  // namespace waymark::published
