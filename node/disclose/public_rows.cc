#include "node/disclose/public_rows.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/measure/fields.h"

namespace waymark::node {
absl::StatusOr<std::vector<std::string>> PublicRows(const std::vector<std::string>& dimensions) {
  std::vector<std::string> rows = {""};
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    const std::optional<Field> field = FieldNamed(dimensions[i]);
    if (!field || FixedCategories(*field).empty()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the breakdown by ", dimensions[i],
                       " has no public list of codes, so which rows exist would tell who is in them; it can "
                       "leave thresholded only"));
    }
    std::vector<std::string> longer;
    for (const std::string& row : rows) {
      for (const std::string& code : FixedCategories(*field)) {
        longer.push_back(i == 0 ? code : absl::StrCat(row, "|", code));
      }
    }
    rows = std::move(longer);
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace waymark::node
