#include "node/quality/reconciliation.h"

#include <filesystem>
#include <fstream>

#include "tests/testing/status_matchers.h"
#include "tests/unit/node/journey/records_builder.h"
#include "tests/unit/published/files.h"

namespace waymark::node {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::HasSubstr;

class ReconciliationTest : public published::PublishedTest {
 protected:
  // Ten referrals in 2023-24 and in 2024-25, of which so many ended in no further action.
  static Journeys Referrals(int nfa_first, int nfa_second) {
    RecordsBuilder records("2025-06-30");
    for (int i = 0; i < 10; ++i) {
      const std::string child = "child" + std::to_string(i);
      records.Referral(child, "2023-05-01", "1A", i < nfa_first ? "yes" : "no");
      records.Referral(child, "2024-05-01", "1A", i < nfa_second ? "yes" : "no");
    }
    return records.Build();
  }
  std::vector<Reconciled> Run(const Journeys& journeys, const std::string& rows) {
    const std::string path = Write("c1.csv",
                                   "time_period,geographic_level,new_la_code,referral_count,rereferral_count,"
                                   "no_further_action_percent\n" +
                                       rows);
    auto collection = published::Collection::Read({path}, mapping_);
    EXPECT_OK(collection.status());
    collection_ = *std::move(collection);
    auto all = Reconcile(journeys, {.library = library_, .mapping = mapping_, .collection = collection_},
                         published::kBarnet);
    EXPECT_OK(all.status());
    return all.ok() ? *std::move(all) : std::vector<Reconciled>();
  }
  static std::vector<Reconciled> Of(const std::vector<Reconciled>& all, const std::string& measure) {
    std::vector<Reconciled> some;
    for (const Reconciled& row : all) {
      if (row.measure == measure) some.push_back(row);
    }
    return some;
  }

  published::Collection collection_;
};

TEST_F(ReconciliationTest, SetsOursBesideThePublished_OfTheSameYear) {
  const auto rows =
      Of(Run(Referrals(2, 3),
             "2024,Local authority,E09000003,10,1,20\n2025,Local authority,E09000003,10,1,25\n"),
         "referrals_nfa_percent");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].year, "2023-24");
  EXPECT_EQ(rows[0].ours, 20.0);
  EXPECT_EQ(rows[0].published, 20.0);
  EXPECT_EQ(rows[0].difference, 0.0);
  EXPECT_THAT(rows[0].remarks, Contains(HasSubstr("the same")));
  EXPECT_EQ(rows[1].ours, 30.0);
  EXPECT_EQ(rows[1].difference, 5.0);
  EXPECT_EQ(rows[1].line, 3);
  EXPECT_THAT(rows[1].remarks, Contains(HasSubstr("after the council sent its return")));
}

TEST_F(ReconciliationTest, SaysWhyThereIsNoDifference) {
  const auto rows = Of(
      Run(Referrals(2, 3), "2009,Local authority,E09000003,10,1,20\n2026,Local authority,E09000003,10,1,c\n"),
      "referrals_nfa_percent");
  ASSERT_EQ(rows.size(), 1u);  // 2008-09 is before our records, and not the latest
  EXPECT_EQ(rows[0].year, "2025-26");
  EXPECT_EQ(rows[0].published_status, v1::FIGURE_STATUS_SUPPRESSED);
  EXPECT_FALSE(rows[0].difference.has_value());
  EXPECT_THAT(rows[0].remarks, Contains(HasSubstr("ours: ")));
}

TEST_F(ReconciliationTest, NamesMeasuresThatNoFileHas) {
  for (const Reconciled& row : Run(Referrals(0, 0), "2025,Local authority,E06000001,10,1,20\n")) {
    EXPECT_EQ(row.year, "") << row.measure;
    EXPECT_THAT(row.remarks, Contains(HasSubstr("none of the published files has it for this council")))
        << row.measure;
  }
}

}  // namespace
}  // namespace waymark::node
