#include "coordinator/benchmark/series_combiner.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "coordinator/benchmark/extreme_rows.h"
#include "statistics/quartiles.h"

namespace waymark::coordinator {
namespace {

// Figures above a council are rounded to this where the mode is thresholded (disclosure rules: regional and
// national to the nearest 10).
constexpr double kWideRounding = 10;

void SetIf(const std::optional<double>& value, v1::Figure& figure, void (v1::Figure::*set)(double)) {
  if (value) (figure.*set)(*value);
}

void SetNumbers(const Estimate& estimate, v1::Figure& figure) {
  figure.set_status(estimate.status);
  SetIf(estimate.numerator, figure, &v1::Figure::set_numerator);
  SetIf(estimate.denominator, figure, &v1::Figure::set_denominator);
  SetIf(estimate.value, figure, &v1::Figure::set_value);
  SetIf(estimate.lower, figure, &v1::Figure::set_lower);
  SetIf(estimate.upper, figure, &v1::Figure::set_upper);
  SetIf(estimate.sampling_lower, figure, &v1::Figure::set_sampling_lower);
  SetIf(estimate.sampling_upper, figure, &v1::Figure::set_sampling_upper);
}

// Rounds the counts of a figure above a council; a count that was not zero and would be shown as zero is
// [low].
void RoundWide(v1::Figure& figure) {
  const auto rounded = [](double count) {
    return kWideRounding * static_cast<double>(static_cast<std::int64_t>(count / kWideRounding + 0.5));
  };
  if (figure.has_denominator()) figure.set_denominator(rounded(figure.denominator()));
  if (!figure.has_numerator()) return;
  const double numerator = figure.numerator();
  figure.set_numerator(rounded(numerator));
  if (numerator > 0 && figure.numerator() == 0 && figure.status() == v1::FIGURE_STATUS_SHOWN) {
    figure.set_status(v1::FIGURE_STATUS_LOW);
    figure.clear_value();
  }
}

}  // namespace

SeriesCombiner::SeriesCombiner(const contract::RoundSpec& spec, const contract::RoundItem& item,
                               const v1::Metric& metric, Series series, const std::vector<Group>& groups,
                               NoiseRadii& radii)
    : spec_(spec),
      item_(item),
      metric_(metric),
      series_(std::move(series)),
      groups_(groups),
      radii_(radii),
      context_(metric, item.period, item.mode),
      quantities_(context_.figures.Quantities()),
      absent_(groups.size()) {
  if (series_.dimensions.empty()) rows_[""].resize(groups.size());  // a group of nobody has this row too
}

void SeriesCombiner::Add(const Council& council, Figures* own) {
  const contract::ProtectedTable* given = FindTable(council);
  if (given == nullptr) {
    for (std::size_t i = 0; i < groups_.size(); ++i) absent_[i] += groups_[i].Has(council) ? 1 : 0;
    if (own == nullptr) return;
    const Group alone{v1::GEOGRAPHY_LEVEL_COUNCIL, council.code, council.name};
    for (std::size_t i = 0; i < quantities_.size(); ++i) {
      v1::Figure& figure = Append(alone, "", i, *own);
      figure.set_status(v1::FIGURE_STATUS_ABSENT);
      figure.set_absence(AbsenceOf(council));
    }
    return;
  }
  for (std::size_t row = 0; row < given->table.rows.size(); ++row) {
    const Part part = PartOf(council, *given, row);
    std::vector<Standing> standings;
    for (std::size_t i = 0; i < quantities_.size(); ++i) standings.push_back(StandingOf(part, i));
    if (own != nullptr) AppendOwnRow(part, standings, *own);
    std::vector<RowSum>& sums = rows_[given->table.rows[row]];
    sums.resize(groups_.size());
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      if (groups_[i].Has(council)) AddPart(part, standings, sums[i]);
    }
  }
}

void SeriesCombiner::AppendGroups(Figures& out) {
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    for (auto& [row, sums] : rows_) {
      RowSum& sum = sums[group];
      if (sum.quantities.empty() && !series_.dimensions.empty()) continue;
      sum.quantities.resize(quantities_.size());
      AppendGroup(group, row, sum, out);
    }
  }
}

const contract::ProtectedTable* SeriesCombiner::FindTable(const Council& council) const {
  if (council.release == nullptr) return nullptr;
  for (const contract::ProtectedTable& given : council.release->tables) {
    if (IsOfThis(given.table)) return &given;
  }
  return nullptr;
}

bool SeriesCombiner::IsOfThis(const contract::Table& table) const {
  return IsOfItem(table, item_) && series_.Matches(table);
}

// A council that gave other tables of the item lacks this one because its follow-up has not ended (another
// window), or because it does not hold the breakdown or unit.
v1::Absence SeriesCombiner::AbsenceOf(const Council& council) const {
  if (council.absence != v1::ABSENCE_UNSPECIFIED) return council.absence;
  const bool has_window =
      std::any_of(council.release->tables.begin(), council.release->tables.end(),
                  [&](const contract::ProtectedTable& given) {
                    return IsOfItem(given.table, item_) && given.table.window_days == series_.window_days;
                  });
  return has_window ? v1::ABSENCE_NOT_AVAILABLE : v1::ABSENCE_NOT_YET_COMPLETE;
}

v1::Figure& SeriesCombiner::Append(const Group& group, const std::string& row, std::size_t quantity,
                                   Figures& out) const {
  v1::Figure& figure = *out.Add();
  figure.set_metric(item_.metric);
  figure.set_version(item_.version);
  figure.set_period(item_.period);
  figure.set_window_days(series_.window_days);
  figure.set_unit(series_.unit);
  figure.set_level(group.level);
  figure.set_geography_code(group.code);
  figure.set_geography_name(group.name);
  figure.mutable_dimensions()->Assign(series_.dimensions.begin(), series_.dimensions.end());
  figure.set_category(row);
  figure.set_quantity(quantities_[quantity]);
  figure.set_display_unit(catalogue::DisplayUnitOf(metric_, quantities_[quantity]));
  figure.set_mode(item_.mode);
  figure.set_round_id(spec_.round_id);
  return figure;
}

SeriesCombiner::Part SeriesCombiner::PartOf(const Council& council, const contract::ProtectedTable& given,
                                            std::size_t row) const {
  Part part{.given = given, .council = council, .row = row, .bounds = {}, .figures = {}};
  if (council.bounds != nullptr) {
    const auto first =
        council.bounds->at(&given).begin() + static_cast<std::ptrdiff_t>(given.table.Index(row, 0));
    part.bounds.assign(first, first + static_cast<std::ptrdiff_t>(given.table.columns.size()));
  }
  const std::size_t width = given.table.columns.size();
  if (width != context_.figures.columns().size()) return part;  // no table of this metric
  const std::size_t begin = given.table.Index(row, 0);
  absl::Span<const std::int64_t> values = absl::MakeConstSpan(given.table.values).subspan(begin, width);
  // Possible counts where noise made impossible ones.
  std::vector<std::int64_t> possible;
  if (item_.mode != v1::MODE_THRESHOLDED) {
    possible = PossibleCounts(metric_, {values.begin(), values.end()});
    values = possible;
  }
  context_.figures.Append(values, absl::MakeConstSpan(given.table.status).subspan(begin, width), 0,
                          part.figures);
  return part;
}

void SeriesCombiner::AddPart(const Part& part, const std::vector<Standing>& standings, RowSum& to) const {
  if (to.quantities.empty()) {
    to.quantities.resize(quantities_.size());
    to.sums.emplace_back(part.given.table.columns.size(), radii_);
  }
  // Where quantities of one sum part ways here, each way goes on from a copy of it.
  std::map<std::pair<std::size_t, Standing>, std::size_t> ways;
  std::vector<bool> goes_on(to.sums.size());
  for (std::size_t i = 0; i < quantities_.size(); ++i) {
    QuantitySum& quantity = to.quantities[i];
    const auto [way, is_new] = ways.try_emplace({quantity.sum, standings[i]}, quantity.sum);
    if (is_new && goes_on[quantity.sum]) {
      way->second = to.sums.size();
      to.sums.push_back(to.sums[quantity.sum]);
    }
    goes_on[quantity.sum] = true;
    quantity.sum = way->second;
    if (standings[i] == Standing::kOutside) continue;
    quantity.contributing += part.council.stands_for;
    if (standings[i] == Standing::kSuppressed) {
      if (!IsBounded(part.bounds)) quantity.unbounded += part.council.stands_for;
      continue;
    }
    quantity.included += part.council.stands_for;
    if (item_.mode == v1::MODE_SECURE_SUM) {
      AddPartsOnly(part, quantities_[i], quantity);
    } else {
      const catalogue::RowFigure& own = part.figures[i];
      if (own.status == v1::FIGURE_STATUS_SHOWN && own.value) quantity.values.push_back(*own.value);
    }
  }
  for (const auto& [way, sum] : ways) {
    if (way.second == Standing::kIncluded) to.sums[sum].AddValues(part.given, part.row);
    // What is in the sum must be in its interval, known or not; of what is not in it, what is known.
    const bool has_bounds =
        way.second == Standing::kIncluded || (way.second == Standing::kSuppressed && IsBounded(part.bounds));
    if (has_bounds && item_.mode == v1::MODE_THRESHOLDED) to.sums[sum].AddBounds(part.bounds);
  }
}

// Nobody knows a single council's value of a secure sum.
void SeriesCombiner::AddPartsOnly(const Part& part, const std::string& quantity, QuantitySum& to) const {
  if (part.council.bands == nullptr || part.council.moments == nullptr) return;
  if (to.parts_only == nullptr) to.parts_only = std::make_unique<PartsOnly>(radii_);
  for (const contract::ProtectedTable& bands : *part.council.bands) {
    const std::vector<std::string>& rows = bands.table.rows;
    const auto row = std::find(rows.begin(), rows.end(), quantity);
    if (!IsOfThis(bands.table) || row == rows.end()) continue;
    to.parts_only->spread.Add(bands, static_cast<std::size_t>(row - rows.begin()));
  }
  for (const contract::ProtectedTable& moments : *part.council.moments) {
    if (IsOfThis(moments.table)) to.parts_only->line.Add(part.given, moments, quantity);
  }
}

void SeriesCombiner::AppendOwnRow(const Part& part, const std::vector<Standing>& standings,
                                  Figures& own) const {
  const Group alone{v1::GEOGRAPHY_LEVEL_COUNCIL, part.council.code, part.council.name};
  SummedRow sum(part.given.table.columns.size(), radii_);
  sum.AddValues(part.given, part.row);
  if (item_.mode == v1::MODE_THRESHOLDED) sum.AddBounds(part.bounds);
  const std::vector<Estimate> estimates = EstimatesOf(context_, sum);
  for (std::size_t i = 0; i < std::min(estimates.size(), part.figures.size()); ++i) {
    v1::Figure& figure = Append(alone, part.given.table.rows[part.row], i, own);
    // A mix's class is shown in sums where its own cell is, but here its denominator would be missing.
    const v1::FigureStatus status = part.figures[i].status;
    const bool has_numbers = status == v1::FIGURE_STATUS_SHOWN || status == v1::FIGURE_STATUS_NOT_AVAILABLE;
    if (has_numbers && standings[i] == Standing::kIncluded) SetNumbers(estimates[i], figure);
    figure.set_status(status);
  }
}

void SeriesCombiner::AppendGroup(std::size_t group, const std::string& row, RowSum& sum, Figures& out) const {
  std::vector<std::vector<Estimate>> estimates(sum.sums.size());  // once a sum
  for (std::size_t i = 0; i < quantities_.size(); ++i) {
    QuantitySum& quantity = sum.quantities[i];
    v1::Figure& figure = Append(groups_[group], row, i, out);
    figure.set_contributors(quantity.contributing);
    figure.set_suppressed_parts(quantity.contributing - quantity.included);
    figure.set_unbounded_parts(quantity.unbounded);
    figure.set_absent(absent_[group]);
    if (quantity.contributing < spec_.least_contributors) {
      figure.set_status(v1::FIGURE_STATUS_TOO_FEW);
    } else if (quantity.included < spec_.least_contributors) {
      // What is shown would be a figure over too few councils.
      figure.set_status(v1::FIGURE_STATUS_SUPPRESSED);
    } else {
      std::vector<Estimate>& known = estimates[quantity.sum];
      if (known.empty()) known = EstimatesOf(context_, sum.sums[quantity.sum]);
      Fill(i < known.size() ? &known[i] : nullptr, quantity, figure);
    }
  }
}

void SeriesCombiner::Fill(const Estimate* estimate, QuantitySum& quantity, v1::Figure& figure) const {
  if (estimate != nullptr) SetNumbers(*estimate, figure);
  if (item_.mode == v1::MODE_THRESHOLDED) RoundWide(figure);
  if (quantity.parts_only != nullptr) {
    quantity.parts_only->spread.Fill(figure);
    quantity.parts_only->line.Fill(figure);
  }
  if (quantity.values.size() < spec_.least_contributors) return;
  const std::optional<statistics::Quartiles> quartiles = statistics::QuartilesOf(std::move(quantity.values));
  if (!quartiles) return;
  figure.set_lowest_quartile(quartiles->lowest);
  figure.set_middle_quartile(quartiles->middle);
  figure.set_highest_quartile(quartiles->highest);
}

// A class of a mix: its own cell must be shown, and the other classes known well enough to stand under it.
SeriesCombiner::Standing SeriesCombiner::StandingInMix(const Part& part, std::size_t column) {
  const contract::Table& table = part.given.table;
  bool positive_shown = false;
  bool suppressed = false;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const v1::CellStatus status = table.status[table.Index(part.row, i)];
    if (status == v1::CELL_STATUS_NOT_APPLICABLE || status == v1::CELL_STATUS_NOT_AVAILABLE)
      return Standing::kOutside;
    suppressed |= status == v1::CELL_STATUS_SUPPRESSED;
    positive_shown |= table.At(part.row, i) > 0;
  }
  if (table.status[table.Index(part.row, column)] == v1::CELL_STATUS_SUPPRESSED) return Standing::kSuppressed;
  return suppressed && !positive_shown ? Standing::kSuppressed : Standing::kIncluded;
}

SeriesCombiner::Standing SeriesCombiner::StandingOf(const Part& part, std::size_t quantity) const {
  if (quantity >= part.figures.size()) return Standing::kOutside;
  if (metric_.kind() == v1::METRIC_KIND_MIX) return StandingInMix(part, quantity);  // its classes are columns
  switch (part.figures[quantity].status) {
    case v1::FIGURE_STATUS_SHOWN:
    case v1::FIGURE_STATUS_LOW:
      return Standing::kIncluded;
    case v1::FIGURE_STATUS_SUPPRESSED:
      return Standing::kSuppressed;
    case v1::FIGURE_STATUS_NOT_AVAILABLE: {
      // A rate over nobody, or a median that is not reached, is a whole part of a sum; a cell that the
      // council does not have is none.
      const contract::Table& table = part.given.table;
      for (std::size_t column = 0; column < table.columns.size(); ++column) {
        if (table.status[table.Index(part.row, column)] != v1::CELL_STATUS_SHOWN) return Standing::kOutside;
      }
      return Standing::kIncluded;
    }
    default:
      return Standing::kOutside;
  }
}

}  // namespace waymark::coordinator
