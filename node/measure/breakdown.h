// The rows of a table: categories of one field, or of two crossed.
//
// Fields with a fixed code list (age band, sex, ethnicity, disability, need, source) have every category of
// the list, whether or not anybody is in it, so that a row tells nothing by being there; local fields (area,
// team, service) have the categories that occur, "not known" where none does; quarters are those that the
// period touches. Crossed fields have every pair of the two.
#ifndef WAYMARK_NODE_MEASURE_BREAKDOWN_H_
#define WAYMARK_NODE_MEASURE_BREAKDOWN_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "base/period.h"
#include "node/measure/categories.h"
#include "node/measure/fields.h"
#include "node/measure/member.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

struct Breakdown {
  std::vector<std::string> dimensions;  // names, 0 to 2
  std::vector<Field> fields;            // the same
  friend bool operator==(const Breakdown&, const Breakdown&) = default;
};

// "" is all members; "sex"; "sex|age_band". INVALID_ARGUMENT where the entry does not list it, naming those
// it lists.
absl::StatusOr<Breakdown> ParseBreakdown(const v1::Metric& metric, const std::string& text);

// The rows of one breakdown by number while members are counted: a field's own category numbers; pairs as
// they are met. Not thread-safe.
class RowNumbers {
 public:
  explicit RowNumbers(const Breakdown& breakdown) : fields_(breakdown.fields) {}

  // Of whoever has these categories in the breakdown's fields.
  std::uint32_t Of(const FieldCategories& categories) {
    if (fields_.empty()) return 0;
    const std::uint32_t first = categories[static_cast<std::size_t>(fields_[0])];
    if (fields_.size() == 1) return first;
    return OfPair(Pair(first, categories[static_cast<std::size_t>(fields_[1])]));
  }
  // The number here of another's row of the same breakdown.
  std::uint32_t Of(const RowNumbers& other, std::uint32_t row);
  // The row's category in each field.
  std::vector<std::uint32_t> CategoriesOf(std::uint32_t row) const;
  // The row of a pair of categories; nothing where it was not met.
  std::uint32_t Find(const std::vector<std::uint32_t>& categories) const;

 private:
  static constexpr int kCategoryBits = 32;

  static std::uint64_t Pair(std::uint32_t first, std::uint32_t second) {
    return std::uint64_t{first} << kCategoryBits | second;
  }
  std::uint32_t OfPair(std::uint64_t pair);

  std::vector<Field> fields_;
  std::unordered_map<std::uint64_t, std::uint32_t> numbers_;
  std::vector<std::uint64_t> pairs_;
};

// A row that nobody is in.
inline constexpr std::uint32_t kNobody = 0xFFFFFFFF;

struct NamedRow {
  std::string name;
  std::uint32_t number = kNobody;
};

// What tells a table's rows, beside who is in them.
struct RowsAsked {
  const v1::Metric& metric;
  const Breakdown& breakdown;
  const Period& period;
};

// The rows of a table by name, where `seen` are the numbers of those that somebody is in. RESOURCE_EXHAUSTED
// above contract::kMaxRows rows.
absl::StatusOr<std::vector<NamedRow>> RowsOf(const RowsAsked& asked, const RowNumbers& numbers,
                                             const std::vector<std::uint32_t>& seen, const LocalNames& names);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_BREAKDOWN_H_
