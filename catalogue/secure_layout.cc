#include "catalogue/secure_layout.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/canonical.h"
#include "base/status.h"
#include "proto/contract/table.h"

namespace waymark::catalogue {

absl::StatusOr<SecureLayout> LayOut(const contract::RoundSpec& spec,
                                    absl::Span<const v1::Metric* const> definitions) {
  SecureLayout layout;
  for (std::size_t i = 0; i < spec.items.size(); ++i) {
    ASSIGN_OR_RETURN(NoisePlan plan, PlanNoise(*definitions[i], spec.items[i]));
    layout.cells += plan.cells;
    layout.items.push_back(std::move(plan));
  }
  if (layout.cells > kMostSummedCells) {
    return absl::FailedPreconditionError(absl::StrCat("the round asks for ", layout.cells, " cells, at most ",
                                                      kMostSummedCells, " are summed at once"));
  }
  return layout;
}

std::string CanonicalBytes(absl::string_view spec_hash, absl::string_view part, const SecureLayout& layout) {
  CanonicalWriter out("waymark/v1/secure-sum-spec");
  out.Text(spec_hash).Text(part).Count(layout.items.size());
  for (const NoisePlan& plan : layout.items) {
    out.Unsigned(plan.sensitivity).Count(plan.tables.size());
    for (const contract::Table& table : plan.tables) contract::WriteCanonical(table, out);
  }
  return std::move(out).bytes();
}

absl::StatusOr<std::vector<std::vector<contract::Table>>> TablesFromCells(
    const SecureLayout& layout, absl::Span<const v1::Metric* const> definitions,
    absl::Span<const std::int64_t> cells) {
  if (cells.size() != layout.cells) {
    return absl::InvalidArgumentError(
        absl::StrCat("a sum of ", cells.size(), " cells, expected ", layout.cells));
  }
  std::vector<std::vector<contract::Table>> items;
  auto next = cells.begin();
  for (std::size_t i = 0; i < layout.items.size(); ++i) {
    std::vector<contract::Table>& tables = items.emplace_back(layout.items[i].tables);
    for (contract::Table& table : tables) {
      std::copy_n(next, table.values.size(), table.values.begin());
      next += static_cast<std::ptrdiff_t>(table.values.size());
      RETURN_IF_ERROR(RestoreTotals(*definitions[i], table));
    }
  }
  return items;
}

}  // namespace waymark::catalogue
