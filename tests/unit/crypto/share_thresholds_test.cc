#include "crypto/share_thresholds.h"

#include <sstream>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "crypto/hash.h"
#include "crypto/polya.h"
#include "crypto/skellam.h"
#include "tests/testing/status_matchers.h"

namespace waymark::crypto {
namespace {

struct Expected {
  std::string law;
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::uint32_t shares;
  std::size_t count;
  std::string thresholds;  // or their SHA-256
  double distance;         // of one count, in multiples of 2^−128
  std::string name() const { return absl::StrCat(law, " ", numerator, "/", denominator, " of ", shares); }
};

std::vector<Expected> ReadTable() {
  const auto text = ReadFile("tests/vectors/share_thresholds.txt", 1'000'000);
  EXPECT_OK(text);
  std::vector<Expected> table;
  std::istringstream lines(text.value_or(""));
  for (std::string line; std::getline(lines, line);) {
    if (line[0] == '#') continue;
    Expected row;
    std::istringstream(line) >> row.law >> row.numerator >> row.denominator >> row.shares >> row.count >>
        row.thresholds >> row.distance;
    table.push_back(row);
  }
  return table;
}

TEST(ShareThresholdsTest, EqualPythonsDecimals_ToTheLastBit) {
  const std::vector<Expected> table = ReadTable();
  ASSERT_EQ(table.size(), 25u);
  for (const Expected& row : table) {
    ASSERT_OK_AND_ASSIGN(const auto found,
                         row.law == "polya"
                             ? internal::PolyaThresholds(row.numerator, row.denominator, row.shares)
                             : internal::PoissonThresholds(row.numerator, row.denominator, 2 * row.shares));
    std::string text = absl::StrJoin(found, ",", [](std::string* out, const internal::Uint128Parts& parts) {
      absl::StrAppendFormat(out, "%016x%016x", parts.high, parts.low);
    });
    if (text.empty()) text = "-";
    if (row.thresholds.size() == 64) text = absl::BytesToHexString(Sha256(text));
    EXPECT_EQ(found.size(), row.count) << row.name();
    EXPECT_EQ(text, row.thresholds) << row.name();
  }
}

// Two counts make a sample. The bound must hold, and must not be so wide that it costs anything.
TEST(ShareThresholdsTest, TheStatedDistanceBoundsTheExactOne) {
  for (const Expected& row : ReadTable()) {
    std::uint64_t bound = 0;
    if (row.law == "polya") {
      ASSERT_OK_AND_ASSIGN(const PolyaShare share,
                           PolyaShare::Create({row.numerator, row.denominator, 1, row.shares}));
      bound = share.delta_units_of_2_to_minus_128();
    } else {
      ASSERT_OK_AND_ASSIGN(const SkellamShare share,
                           SkellamShare::Create({row.numerator, row.denominator, row.shares}));
      bound = share.delta_units_of_2_to_minus_128();
    }
    EXPECT_GE(static_cast<double>(bound), 2 * row.distance) << row.name();
    EXPECT_EQ(bound, row.count + 4) << row.name();
  }
}

}  // namespace
}  // namespace waymark::crypto
