// One table of a round over all councils: every council's own figures, and those of groups of councils.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_SERIES_COMBINER_H_
#define WAYMARK_COORDINATOR_BENCHMARK_SERIES_COMBINER_H_

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "catalogue/figures.h"
#include "coordinator/benchmark/cell_bounds.h"
#include "coordinator/benchmark/estimate.h"
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
  // Of such a part: combine.h.
  const std::vector<contract::ProtectedTable>* bands = nullptr;
  const std::vector<contract::ProtectedTable>* moments = nullptr;
};

// A set of councils whose figures are summed.
struct Group {
  v1::GeographyLevel level;
  std::string code;
  std::string name;
  std::vector<std::size_t> councils;
};

// For one window, unit and breakdown of one item. Not thread-safe; the references must outlive it.
class SeriesCombiner {
 public:
  SeriesCombiner(const contract::RoundSpec& spec, const contract::RoundItem& item, const v1::Metric& metric,
                 const Series& series, const std::vector<Council>& councils, NoiseRadii& radii);

  // Each council's own figures, or that it is absent and why.
  void AppendCouncils(std::vector<v1::Figure>& out);
  // The figures of the group's sums, for every row that any of its councils has.
  void AppendGroup(const Group& group, std::vector<v1::Figure>& out);

 private:
  // One council's row of one table.
  struct Part {
    const contract::ProtectedTable* given = nullptr;
    std::size_t row = 0;
    const Council* council = nullptr;
    std::vector<CellBounds> bounds;                       // thresholded
    std::map<std::string, catalogue::RowFigure> figures;  // by quantity
  };
  using Parts = std::vector<const Part*>;
  enum class Standing { kIncluded, kSuppressed, kOutside };

  static std::uint32_t CouncilsIn(const Parts& parts);
  static Standing StandingInMix(const Part& part, std::size_t column);
  Standing StandingOf(const Part& part, const std::string& quantity) const;
  const contract::ProtectedTable* FindTable(const Council& council) const;
  v1::Absence AbsenceOf(const Council& council) const;
  v1::Figure Blank(const Group& group, const std::string& row, const std::string& quantity) const;
  const Part* FindPart(std::size_t council, const std::string& row);
  const Part& PartOf(std::size_t council, std::size_t row);
  contract::Table OneRow(const Part& part) const;
  SummedRow Sum(const Parts& included, const Parts& contributing) const;
  void AppendCouncilRow(std::size_t council, std::size_t row, const Group& alone,
                        std::vector<v1::Figure>& out);
  std::vector<v1::Figure> CombineRow(const Group& group, const std::string& row, const Parts& parts) const;
  void Fill(const Parts& included, const std::string& quantity, const std::vector<Estimate>& estimates,
            v1::Figure& figure) const;
  bool IsOfThis(const contract::Table& table) const;
  void FillSpread(const Parts& included, const std::string& quantity, v1::Figure& figure) const;
  void FillExpected(const Parts& included, const std::string& quantity, v1::Figure& figure) const;

  const contract::RoundSpec& spec_;
  const contract::RoundItem& item_;
  const v1::Metric& metric_;
  const Series& series_;
  const std::vector<Council>& councils_;
  NoiseRadii& radii_;
  const RowContext context_;
  int period_days_ = 0;
  std::vector<std::string> quantities_;
  std::vector<const contract::ProtectedTable*> tables_;        // by council; null: none
  std::map<std::pair<std::size_t, std::size_t>, Part> parts_;  // by council and row
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_SERIES_COMBINER_H_
