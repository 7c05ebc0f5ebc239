#include "coordinator/benchmark/series_combiner.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "coordinator/benchmark/extreme_rows.h"
#include "coordinator/benchmark/reconcile.h"
#include "proto/contract/modes.h"
#include "statistics/quartiles.h"

namespace waymark::coordinator {
namespace {

// Figures above a council are rounded to this where the mode is thresholded (disclosure rules: regional and
// national to the nearest 10).
constexpr double kWideRounding = 10;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

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

// Rounds the counts of a figure above a council, and its value where that is one; a count that was not zero
// and would be shown as zero is [low].
void RoundWide(bool is_count, v1::Figure& figure) {
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
  } else if (is_count && figure.has_value()) {
    figure.set_value(figure.numerator());
    if (figure.has_lower()) figure.set_lower(std::min(figure.lower(), figure.value()));
    if (figure.has_upper()) figure.set_upper(std::max(figure.upper(), figure.value()));
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
      absent_(groups.size()),
      sums_(groups.size()),
      own_of_group_(groups.size()) {
  if (series_.dimensions.empty()) rows_[""] = 0;  // a group of nobody has this row too
}

SeriesCombiner::Given SeriesCombiner::Prepare(const Council& council) const {
  Given given{.table = FindTable(council)};
  if (given.table == nullptr) return given;
  if (council.bounds != nullptr) given.bounds = council.bounds->at(given.table);
  if (contract::HasNoise(item_.mode))
    given.noise_left = VarianceLeft(item_, council.release->tables, *given.table);
  const contract::Table& table = given.table->table;
  const std::size_t width = table.columns.size();
  const bool is_of_metric = width == context_.figures.columns().size();
  given.values.resize(table.rows.size() * quantities_.size());
  given.has_figures.resize(table.rows.size());
  std::vector<catalogue::RowFigure> figures;
  std::vector<std::int64_t> possible;
  for (std::size_t row = 0; is_of_metric && row < table.rows.size(); ++row) {
    const std::size_t begin = table.Index(row, 0);
    absl::Span<const std::int64_t> values = absl::MakeConstSpan(table.values).subspan(begin, width);
    // Possible counts where noise made impossible ones.
    if (contract::HasNoise(item_.mode)) {
      possible = PossibleCounts(metric_, values);
      values = possible;
    }
    figures.clear();
    context_.figures.Append(values, absl::MakeConstSpan(table.status).subspan(begin, width), 0, figures);
    given.has_figures[row] = !figures.empty();
    for (std::size_t i = 0; i < std::min(figures.size(), quantities_.size()); ++i) {
      given.values[row * quantities_.size() + i] = {.standing = StandingOf(table, row, i, figures[i].status),
                                                    .status = figures[i].status,
                                                    .value = figures[i].value};
    }
  }
  return given;
}

void SeriesCombiner::Add(const Council& council, const Given& given, Figures* own) {
  if (given.table == nullptr) {
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
  std::vector<std::size_t> in;  // groups that have the council
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    if (groups_[i].Has(council)) in.push_back(i);
  }
  const std::size_t rows = given.table->table.rows.size();
  for (std::size_t row = 0; own != nullptr && row < rows; ++row) {
    AppendOwnRow(PartOf(council, given, row), *own);
  }
  if (in.empty()) return;
  const std::vector<std::size_t>& places = PlacesOf(given.table->table);
  for (const std::size_t group : in) {
    std::vector<RowSum>& sums = sums_[group];
    sums.resize(rows_.size());
    for (std::size_t row = 0; row < rows; ++row) AddPart(PartOf(council, given, row), sums[places[row]]);
  }
  if (item_.mode != v1::MODE_SECURE_SUM) KeepOwnValues(given, places, in);
}

const std::vector<std::size_t>& SeriesCombiner::PlacesOf(const contract::Table& table) {
  if (last_rows_ == table.rows) return last_places_;  // most councils have the same
  last_places_.clear();
  for (const std::string& row : table.rows) {
    last_places_.push_back(rows_.try_emplace(row, rows_.size()).first->second);
  }
  last_rows_ = table.rows;
  return last_places_;
}

void SeriesCombiner::KeepOwnValues(const Given& given, const std::vector<std::size_t>& places,
                                   const std::vector<std::size_t>& groups) {
  for (const std::size_t group : groups) own_of_group_[group].push_back(own_values_.size());
  const std::size_t width = quantities_.size();
  std::vector<double>& values = own_values_.emplace_back(rows_.size() * width, kNone);
  for (std::size_t at = 0; at < given.values.size(); ++at) {
    const OwnValue& own = given.values[at];
    const bool counts = own.standing == Standing::kIncluded && own.status == v1::FIGURE_STATUS_SHOWN;
    if (counts && own.value) values[places[at / width] * width + at % width] = *own.value;
  }
}

std::vector<double> SeriesCombiner::OwnValues(std::size_t group, std::size_t place,
                                              std::size_t quantity) const {
  std::vector<double> values;
  const std::size_t at = place * quantities_.size() + quantity;
  for (const std::size_t council : own_of_group_[group]) {
    const std::vector<double>& own = own_values_[council];
    if (at < own.size() && !std::isnan(own[at])) values.push_back(own[at]);
  }
  return values;
}

void SeriesCombiner::AppendGroup(std::size_t group, Figures& out) {
  std::vector<RowSum> sums = std::move(sums_[group]);  // not needed any more
  sums.resize(rows_.size());
  for (const auto& [row, place] : rows_) {
    RowSum& sum = sums[place];
    if (sum.quantities.empty() && !series_.dimensions.empty()) continue;
    sum.quantities.resize(quantities_.size());
    AppendGroupRow(group, row, place, sum, out);
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

SeriesCombiner::Part SeriesCombiner::PartOf(const Council& council, const Given& given,
                                            std::size_t row) const {
  Part part{.council = council, .given = *given.table, .row = row};
  const contract::Table& table = given.table->table;
  if (!given.bounds.empty()) {
    part.bounds = given.bounds.subspan(table.Index(row, 0), table.columns.size());
    part.is_bounded = IsBounded(part.bounds);
  }
  part.values = absl::MakeConstSpan(given.values).subspan(row * quantities_.size(), quantities_.size());
  part.has_figures = given.has_figures[row];
  part.noise_left = given.noise_left;
  return part;
}

// Which sum each quantity goes on with: where quantities of one sum part ways here, each way goes on from a
// copy of it.
void SeriesCombiner::FindWays(const Part& part, RowSum& to) {
  ways_.clear();
  for (std::size_t i = 0; i < quantities_.size(); ++i) {
    std::size_t& sum = to.quantities[i].sum;
    const Standing standing = part.values[i].standing;
    bool goes_on = false;
    auto way = ways_.begin();
    for (; way != ways_.end() && (way->from != sum || way->standing != standing); ++way) {
      goes_on |= way->from == sum;
    }
    if (way == ways_.end()) {
      way = ways_.insert(way, Way{.from = sum, .standing = standing, .to = goes_on ? to.sums.size() : sum});
      if (goes_on) to.sums.push_back(SummedRow(to.sums[sum]));
    }
    sum = way->to;
  }
}

void SeriesCombiner::AddPart(const Part& part, RowSum& to) {
  if (to.quantities.empty()) {
    to.quantities.resize(quantities_.size());
    to.sums.emplace_back(part.given.table.columns.size(), radii_);
  }
  FindWays(part, to);
  for (std::size_t i = 0; i < quantities_.size(); ++i) {
    QuantitySum& quantity = to.quantities[i];
    const OwnValue& own = part.values[i];
    if (own.standing == Standing::kOutside) continue;
    quantity.contributing += part.council.stands_for;
    if (own.standing == Standing::kSuppressed) {
      if (!part.is_bounded) quantity.unbounded += part.council.stands_for;
      continue;
    }
    quantity.included += part.council.stands_for;
    if (item_.mode == v1::MODE_SECURE_SUM) AddPartsOnly(part, quantities_[i], quantity);
  }
  for (const Way& way : ways_) {
    SummedRow& sum = to.sums[way.to];
    if (way.standing == Standing::kIncluded) sum.AddValues(part.given, part.row, part.noise_left);
    // What is in the sum must be in its interval, known or not; of what is not in it, what is known.
    const bool has_bounds =
        way.standing == Standing::kIncluded || (way.standing == Standing::kSuppressed && part.is_bounded);
    if (has_bounds && item_.mode == v1::MODE_THRESHOLDED) sum.AddBounds(part.bounds);
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

void SeriesCombiner::AppendOwnRow(const Part& part, Figures& own) const {
  if (!part.has_figures) return;
  const Group alone{v1::GEOGRAPHY_LEVEL_COUNCIL, part.council.code, part.council.name};
  SummedRow sum(part.given.table.columns.size(), radii_);
  sum.AddValues(part.given, part.row, part.noise_left);
  if (item_.mode == v1::MODE_THRESHOLDED) sum.AddBounds(part.bounds);
  const std::vector<Estimate> estimates = EstimatesOf(context_, sum);
  for (std::size_t i = 0; i < std::min(estimates.size(), part.values.size()); ++i) {
    v1::Figure& figure = Append(alone, part.given.table.rows[part.row], i, own);
    // A mix's class is shown in sums where its own cell is, but here its denominator would be missing.
    const v1::FigureStatus status = part.values[i].status;
    const bool has_numbers = status == v1::FIGURE_STATUS_SHOWN || status == v1::FIGURE_STATUS_NOT_AVAILABLE;
    if (has_numbers && part.values[i].standing == Standing::kIncluded) SetNumbers(estimates[i], figure);
    figure.set_status(status);
  }
}

void SeriesCombiner::AppendGroupRow(std::size_t group, const std::string& row, std::size_t place, RowSum& sum,
                                    Figures& out) const {
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
      Fill(i < known.size() ? &known[i] : nullptr, quantity, OwnValues(group, place, i), figure);
    }
  }
}

void SeriesCombiner::Fill(const Estimate* estimate, const QuantitySum& quantity,
                          std::vector<double> own_values, v1::Figure& figure) const {
  if (estimate != nullptr) SetNumbers(*estimate, figure);
  if (item_.mode == v1::MODE_THRESHOLDED) RoundWide(metric_.kind() == v1::METRIC_KIND_COUNT, figure);
  if (quantity.parts_only != nullptr) {
    quantity.parts_only->spread.Fill(figure);
    quantity.parts_only->line.Fill(figure);
  }
  // One answer of a council has no quartiles.
  if (item_.mode == v1::MODE_STATED || own_values.size() < spec_.least_contributors) return;
  const std::optional<statistics::Quartiles> quartiles = statistics::QuartilesOf(std::move(own_values));
  if (!quartiles) return;
  figure.set_lowest_quartile(quartiles->lowest);
  figure.set_middle_quartile(quartiles->middle);
  figure.set_highest_quartile(quartiles->highest);
}

// A class of a mix: its own cell must be shown, and the other classes known well enough to stand under it.
SeriesCombiner::Standing SeriesCombiner::StandingInMix(const contract::Table& table, std::size_t row,
                                                       std::size_t column) {
  bool positive_shown = false;
  bool suppressed = false;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const v1::CellStatus status = table.status[table.Index(row, i)];
    if (status == v1::CELL_STATUS_NOT_APPLICABLE || status == v1::CELL_STATUS_NOT_AVAILABLE)
      return Standing::kOutside;
    suppressed |= status == v1::CELL_STATUS_SUPPRESSED;
    positive_shown |= table.At(row, i) > 0;
  }
  if (table.status[table.Index(row, column)] == v1::CELL_STATUS_SUPPRESSED) return Standing::kSuppressed;
  return suppressed && !positive_shown ? Standing::kSuppressed : Standing::kIncluded;
}

SeriesCombiner::Standing SeriesCombiner::StandingOf(const contract::Table& table, std::size_t row,
                                                    std::size_t quantity, v1::FigureStatus status) const {
  if (metric_.kind() == v1::METRIC_KIND_MIX)
    return StandingInMix(table, row, quantity);  // its classes are columns
  switch (status) {
    case v1::FIGURE_STATUS_SHOWN:
    case v1::FIGURE_STATUS_LOW:
      return Standing::kIncluded;
    case v1::FIGURE_STATUS_SUPPRESSED:
      return Standing::kSuppressed;
    case v1::FIGURE_STATUS_NOT_AVAILABLE: {
      // A rate over nobody, or a median that is not reached, is a whole part of a sum; a cell that the
      // council does not have is none.
      for (std::size_t column = 0; column < table.columns.size(); ++column) {
        if (table.status[table.Index(row, column)] != v1::CELL_STATUS_SHOWN) return Standing::kOutside;
      }
      return Standing::kIncluded;
    }
    default:
      return Standing::kOutside;
  }
}

}  // namespace waymark::coordinator
