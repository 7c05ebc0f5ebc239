// One table of a round over all councils: every council's own figures, and those of groups of councils.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_SERIES_COMBINER_H_
#define WAYMARK_COORDINATOR_BENCHMARK_SERIES_COMBINER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "catalogue/figures.h"
#include "coordinator/benchmark/cell_bounds.h"
#include "coordinator/benchmark/council_spread.h"
#include "coordinator/benchmark/estimate.h"
#include "coordinator/benchmark/expected_line.h"
#include "coordinator/benchmark/series.h"
#include "coordinator/benchmark/summed_row.h"
#include "proto/contract/release.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// A council as the item sees it.
struct Council {
  std::string code;
  std::string name;
  std::string region_code;
  std::string region_name;
  const contract::Release* release = nullptr;     // null: it did not answer
  v1::Absence absence = v1::ABSENCE_UNSPECIFIED;  // of this item; UNSPECIFIED where it gave tables
  std::uint32_t stands_for = 1;                   // councils; more for a part that was summed securely
  // Of a thresholded item.
  const TableBounds* bounds = nullptr;
  // Of a part that was summed securely: combine.h.
  const std::vector<contract::ProtectedTable>* bands = nullptr;
  const std::vector<contract::ProtectedTable>* moments = nullptr;
};

// Councils whose figures are summed.
struct Group {
  v1::GeographyLevel level;
  std::string code;
  std::string name;

  bool Has(const Council& council) const {
    return level == v1::GEOGRAPHY_LEVEL_ALL || council.region_code == code;
  }
};

// For one window, unit and breakdown of one item. Councils are given one after the other, in any order, and
// nothing of their tables is kept but sums: memory does not grow with their number, a group's list of the
// councils' own values (for quartiles) apart. Not thread-safe; the references must outlive it.
class SeriesCombiner {
 public:
  SeriesCombiner(const contract::RoundSpec& spec, const contract::RoundItem& item, const v1::Metric& metric,
                 Series series, const std::vector<Group>& groups, NoiseRadii& radii);

  // How a quantity of a council's row stands in a sum.
  enum class Standing { kIncluded, kSuppressed, kOutside };
  struct OwnValue {
    Standing standing = Standing::kOutside;
    v1::FigureStatus status = v1::FIGURE_STATUS_UNSPECIFIED;
    std::optional<double> value;
  };
  // What a council gave to this series, and what it comes to by itself.
  struct Given {
    const contract::ProtectedTable* table = nullptr;  // null: nothing
    absl::Span<const CellBounds> bounds{};            // of its cells, thresholded
    std::vector<OwnValue> values{};                   // by row and quantity
    std::vector<bool> has_figures{};                  // by row; false: no figure can be made of it
    double noise_left = 1;                            // reconcile.h
  };

  // Thread-safe, beside the other calls too. It points into the council's release and bounds.
  Given Prepare(const Council& council) const;
  // Adds the council to each group that has it. Its own figures, or that it is absent and why, go to `own`;
  // null: they are nobody's to know.
  void Add(const Council& council, const Given& given, Figures* own);
  std::size_t groups() const { return groups_.size(); }
  // The figures of a group's sums, for every row that any of its councils has. Each group once; no council
  // may be added any more.
  void AppendGroup(std::size_t group, Figures& out);

 private:
  // One council's row of one table.
  struct Part {
    const Council& council;
    const contract::ProtectedTable& given;
    std::size_t row = 0;
    absl::Span<const CellBounds> bounds{};  // thresholded
    bool is_bounded = false;
    absl::Span<const OwnValue> values{};  // as quantities_
    bool has_figures = false;
    double noise_left = 1;
  };
  // Quantities of one sum that stand alike, and the sum that they go on with.
  struct Way {
    std::size_t from = 0;
    Standing standing = Standing::kOutside;
    std::size_t to = 0;
  };

  // What only a secure round's parts bring.
  struct PartsOnly {
    explicit PartsOnly(NoiseRadii& radii) : spread(radii) {}
    CouncilSpread spread;
    ExpectedLine line;
  };
  // One quantity of one row over a group's councils so far.
  struct QuantitySum {
    std::size_t sum = 0;  // of RowSum::sums: quantities share one as long as the same councils are in it
    std::uint32_t contributing = 0;
    std::uint32_t included = 0;
    std::uint32_t unbounded = 0;
    std::unique_ptr<PartsOnly> parts_only;
  };
  struct RowSum {
    absl::InlinedVector<SummedRow, 1> sums;
    absl::InlinedVector<QuantitySum, 1> quantities;  // as quantities_; none: no council has this row
  };

  static Standing StandingInMix(const contract::Table& table, std::size_t row, std::size_t column);
  Standing StandingOf(const contract::Table& table, std::size_t row, std::size_t quantity,
                      v1::FigureStatus status) const;
  const contract::ProtectedTable* FindTable(const Council& council) const;
  bool IsOfThis(const contract::Table& table) const;
  v1::Absence AbsenceOf(const Council& council) const;
  // A new one, which says what it is a figure of.
  v1::Figure& Append(const Group& group, const std::string& row, std::size_t quantity, Figures& out) const;
  Part PartOf(const Council& council, const Given& given, std::size_t row) const;
  void AddPart(const Part& part, RowSum& to);
  void FindWays(const Part& part, RowSum& to);
  void AddPartsOnly(const Part& part, const std::string& quantity, QuantitySum& to) const;
  void AppendOwnRow(const Part& part, Figures& own) const;
  // Where the table's rows lie in `rows_`, in their order; new ones are put there.
  const std::vector<std::size_t>& PlacesOf(const contract::Table& table);
  void KeepOwnValues(const Given& given, const std::vector<std::size_t>& places,
                     const std::vector<std::size_t>& groups);
  std::vector<double> OwnValues(std::size_t group, std::size_t place, std::size_t quantity) const;
  void AppendGroupRow(std::size_t group, const std::string& row, std::size_t place, RowSum& sum,
                      Figures& out) const;
  void Fill(const Estimate* estimate, const QuantitySum& quantity, std::vector<double> own_values,
            v1::Figure& figure) const;

  const contract::RoundSpec& spec_;
  const contract::RoundItem& item_;
  const v1::Metric& metric_;
  const Series series_;
  const std::vector<Group>& groups_;
  NoiseRadii& radii_;
  const RowContext context_;
  const std::vector<std::string> quantities_;
  std::vector<std::uint32_t> absent_;                     // by group
  std::map<std::string, std::size_t, std::less<>> rows_;  // by name: its place
  std::vector<std::vector<RowSum>> sums_;  // by group and place: each council passes along two of them
  // The councils' own values, of which quartiles are taken, by place and quantity: NaN where there is none.
  // And whose they are, by group.
  std::vector<std::vector<double>> own_values_;
  std::vector<std::vector<std::size_t>> own_of_group_;
  // Used again for row after row, and council after council.
  std::vector<Way> ways_;
  std::vector<std::string> last_rows_;
  std::vector<std::size_t> last_places_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_SERIES_COMBINER_H_
