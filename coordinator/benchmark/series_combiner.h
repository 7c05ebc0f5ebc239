// One table of a round over all councils: every council's own figures, and those of groups of councils.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_SERIES_COMBINER_H_
#define WAYMARK_COORDINATOR_BENCHMARK_SERIES_COMBINER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

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

  // Adds the council to each group that has it. Its own figures, or that it is absent and why, go to `own`;
  // null: they are nobody's to know.
  void Add(const Council& council, Figures* own);
  // The figures of each group's sums, for every row that any of its councils has.
  void AppendGroups(Figures& out);

 private:
  // One council's row of one table.
  struct Part {
    const contract::ProtectedTable& given;
    const Council& council;
    std::size_t row = 0;
    std::vector<CellBounds> bounds;             // thresholded
    std::vector<catalogue::RowFigure> figures;  // as quantities_, or none
  };
  enum class Standing { kIncluded, kSuppressed, kOutside };

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
    std::vector<double> values;  // the councils' own
    std::unique_ptr<PartsOnly> parts_only;
  };
  struct RowSum {
    std::vector<SummedRow> sums;
    std::vector<QuantitySum> quantities;  // as quantities_; none: no council has this row
  };

  static Standing StandingInMix(const Part& part, std::size_t column);
  Standing StandingOf(const Part& part, std::size_t quantity) const;
  const contract::ProtectedTable* FindTable(const Council& council) const;
  bool IsOfThis(const contract::Table& table) const;
  v1::Absence AbsenceOf(const Council& council) const;
  // A new one, which says what it is a figure of.
  v1::Figure& Append(const Group& group, const std::string& row, std::size_t quantity, Figures& out) const;
  Part PartOf(const Council& council, const contract::ProtectedTable& given, std::size_t row) const;
  void AddPart(const Part& part, const std::vector<Standing>& standings, RowSum& to) const;
  void AddPartsOnly(const Part& part, const std::string& quantity, QuantitySum& to) const;
  void AppendOwnRow(const Part& part, const std::vector<Standing>& standings, Figures& own) const;
  void AppendGroup(std::size_t group, const std::string& row, RowSum& sum, Figures& out) const;
  void Fill(const Estimate* estimate, QuantitySum& quantity, v1::Figure& figure) const;

  const contract::RoundSpec& spec_;
  const contract::RoundItem& item_;
  const v1::Metric& metric_;
  const Series series_;
  const std::vector<Group>& groups_;
  NoiseRadii& radii_;
  const RowContext context_;
  const std::vector<std::string> quantities_;
  std::vector<std::uint32_t> absent_;                             // by group
  std::map<std::string, std::vector<RowSum>, std::less<>> rows_;  // by name; by group
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_SERIES_COMBINER_H_
