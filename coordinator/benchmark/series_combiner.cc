#include "coordinator/benchmark/series_combiner.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/period.h"
#include "coordinator/benchmark/council_spread.h"
#include "coordinator/benchmark/expected_line.h"
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
                               const v1::Metric& metric, const Series& series,
                               const std::vector<Council>& councils, NoiseRadii& radii)
    : spec_(spec),
      item_(item),
      metric_(metric),
      series_(series),
      councils_(councils),
      radii_(radii),
      context_{.metric = metric, .series = series, .period = item.period, .mode = item.mode} {
  const absl::StatusOr<Period> period = ParsePeriod(item.period);
  period_days_ = period.ok() ? period->days() : 0;
  quantities_ = QuantitiesOf(context_);
  tables_.resize(councils.size());
  for (std::size_t i = 0; i < councils.size(); ++i) tables_[i] = FindTable(councils[i]);
}

void SeriesCombiner::AppendCouncils(std::vector<v1::Figure>& out) {
  for (std::size_t i = 0; i < councils_.size(); ++i) {
    const Group alone{v1::GEOGRAPHY_LEVEL_COUNCIL, councils_[i].code, councils_[i].name, {i}};
    if (tables_[i] == nullptr) {
      for (const std::string& quantity : quantities_) {
        v1::Figure figure = Blank(alone, "", quantity);
        figure.set_status(v1::FIGURE_STATUS_ABSENT);
        figure.set_absence(AbsenceOf(councils_[i]));
        out.push_back(std::move(figure));
      }
      continue;
    }
    for (std::size_t row = 0; row < tables_[i]->table.rows.size(); ++row)
      AppendCouncilRow(i, row, alone, out);
  }
}

void SeriesCombiner::AppendGroup(const Group& group, std::vector<v1::Figure>& out) {
  std::set<std::string> rows;
  std::uint32_t absent = 0;
  for (const std::size_t i : group.councils) {
    if (tables_[i] == nullptr) {
      ++absent;
    } else {
      rows.insert(tables_[i]->table.rows.begin(), tables_[i]->table.rows.end());
    }
  }
  if (series_.dimensions.empty()) rows.insert("");
  for (const std::string& row : rows) {
    Parts parts;
    for (const std::size_t i : group.councils) {
      if (const Part* part = FindPart(i, row)) parts.push_back(part);
    }
    for (v1::Figure& figure : CombineRow(group, row, parts)) {
      figure.set_absent(absent);
      out.push_back(std::move(figure));
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
  return table.metric == item_.metric && table.version == item_.version && table.period == item_.period &&
         series_.Matches(table);
}

// A council that gave other tables of the item lacks this one because its follow-up has not ended (another
// window), or because it does not hold the breakdown or unit.
v1::Absence SeriesCombiner::AbsenceOf(const Council& council) const {
  if (council.absence != v1::ABSENCE_UNSPECIFIED) return council.absence;
  const bool has_window = std::any_of(council.release->tables.begin(), council.release->tables.end(),
                                      [&](const contract::ProtectedTable& given) {
                                        return given.table.metric == item_.metric &&
                                               given.table.period == item_.period &&
                                               given.table.window_days == series_.window_days;
                                      });
  return has_window ? v1::ABSENCE_NOT_AVAILABLE : v1::ABSENCE_NOT_YET_COMPLETE;
}

v1::Figure SeriesCombiner::Blank(const Group& group, const std::string& row,
                                 const std::string& quantity) const {
  v1::Figure figure;
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
  figure.set_quantity(quantity);
  figure.set_display_unit(catalogue::DisplayUnitOf(metric_, quantity));
  figure.set_mode(item_.mode);
  figure.set_round_id(spec_.round_id);
  return figure;
}

const SeriesCombiner::Part* SeriesCombiner::FindPart(std::size_t council, const std::string& row) {
  const contract::ProtectedTable* given = tables_[council];
  if (given == nullptr) return nullptr;
  const auto& rows = given->table.rows;
  const auto at = std::lower_bound(rows.begin(), rows.end(), row);
  if (at == rows.end() || *at != row) return nullptr;
  return &PartOf(council, static_cast<std::size_t>(at - rows.begin()));
}

const SeriesCombiner::Part& SeriesCombiner::PartOf(std::size_t council, std::size_t row) {
  Part& part = parts_[{council, row}];
  if (part.given != nullptr) return part;
  part.given = tables_[council];
  part.row = row;
  part.council = &councils_[council];
  if (item_.mode == v1::MODE_THRESHOLDED) part.bounds = BoundsOfRow(metric_, *part.given, row, period_days_);
  for (catalogue::RowFigure& figure : catalogue::FiguresOf(metric_, OneRow(part))) {
    std::string quantity = figure.quantity;
    part.figures.emplace(std::move(quantity), std::move(figure));
  }
  return part;
}

// The part's row as a table, possible counts where noise made impossible ones.
contract::Table SeriesCombiner::OneRow(const Part& part) const {
  const contract::Table& whole = part.given->table;
  contract::Table table;
  table.metric = whole.metric;
  table.version = whole.version;
  table.period = whole.period;
  table.window_days = whole.window_days;
  table.unit = whole.unit;
  table.rows = {""};
  table.columns = whole.columns;
  const auto first = static_cast<std::ptrdiff_t>(whole.Index(part.row, 0));
  const auto width = static_cast<std::ptrdiff_t>(whole.columns.size());
  table.values.assign(whole.values.begin() + first, whole.values.begin() + first + width);
  table.status.assign(whole.status.begin() + first, whole.status.begin() + first + width);
  if (item_.mode != v1::MODE_THRESHOLDED) table.values = PossibleCounts(metric_, std::move(table.values));
  return table;
}

SummedRow SeriesCombiner::Sum(const Parts& included, const Parts& contributing) const {
  SummedRow sum(contributing.front()->given->table.columns.size(), radii_);
  for (const Part* part : included) sum.AddValues(*part->given, part->row);
  if (item_.mode == v1::MODE_THRESHOLDED) {
    for (const Part* part : contributing) sum.AddBounds(part->bounds);
  }
  return sum;
}

void SeriesCombiner::AppendCouncilRow(std::size_t council, std::size_t row, const Group& alone,
                                      std::vector<v1::Figure>& out) {
  const Part& part = PartOf(council, row);
  const std::vector<Estimate> estimates = EstimatesOf(context_, Sum({&part}, {&part}));
  for (const Estimate& estimate : estimates) {
    v1::Figure figure = Blank(alone, part.given->table.rows[row], estimate.quantity);
    const auto own = part.figures.find(estimate.quantity);
    if (own == part.figures.end()) continue;
    // A mix's class is shown in sums where its own cell is, but here its denominator would be missing.
    const v1::FigureStatus status = own->second.status;
    const bool has_numbers = status == v1::FIGURE_STATUS_SHOWN || status == v1::FIGURE_STATUS_NOT_AVAILABLE;
    if (has_numbers && StandingOf(part, estimate.quantity) == Standing::kIncluded)
      SetNumbers(estimate, figure);
    figure.set_status(status);
    out.push_back(std::move(figure));
  }
}

std::vector<v1::Figure> SeriesCombiner::CombineRow(const Group& group, const std::string& row,
                                                   const Parts& parts) const {
  std::vector<v1::Figure> figures;
  // Quantities whose sums run over the same councils share one sum.
  std::map<std::pair<Parts, Parts>, std::vector<Estimate>> known;
  for (const std::string& quantity : quantities_) {
    Parts included;
    Parts contributing;
    for (const Part* part : parts) {
      const Standing standing = StandingOf(*part, quantity);
      if (standing == Standing::kIncluded) included.push_back(part);
      if (standing != Standing::kOutside) contributing.push_back(part);
    }
    v1::Figure figure = Blank(group, row, quantity);
    figure.set_contributors(CouncilsIn(contributing));
    figure.set_suppressed_parts(CouncilsIn(contributing) - CouncilsIn(included));
    if (CouncilsIn(contributing) < spec_.least_contributors) {
      figure.set_status(v1::FIGURE_STATUS_TOO_FEW);
    } else if (CouncilsIn(included) < spec_.least_contributors) {
      // What is shown would be a figure over too few councils.
      figure.set_status(v1::FIGURE_STATUS_SUPPRESSED);
    } else {
      auto& estimates = known[{included, contributing}];
      if (estimates.empty()) estimates = EstimatesOf(context_, Sum(included, contributing));
      Fill(included, quantity, estimates, figure);
    }
    figures.push_back(std::move(figure));
  }
  return figures;
}

void SeriesCombiner::Fill(const Parts& included, const std::string& quantity,
                          const std::vector<Estimate>& estimates, v1::Figure& figure) const {
  for (const Estimate& estimate : estimates) {
    if (estimate.quantity == quantity) SetNumbers(estimate, figure);
  }
  if (item_.mode == v1::MODE_THRESHOLDED) RoundWide(figure);
  // Nobody knows a single council's value of a secure sum.
  if (item_.mode == v1::MODE_SECURE_SUM) {
    FillSpread(included, quantity, figure);
    FillExpected(included, quantity, figure);
    return;
  }
  std::vector<double> values;
  for (const Part* part : included) {
    const catalogue::RowFigure& own = part->figures.at(quantity);
    if (own.status == v1::FIGURE_STATUS_SHOWN && own.value) values.push_back(*own.value);
  }
  if (values.size() < spec_.least_contributors) return;
  const std::optional<statistics::Quartiles> quartiles = statistics::QuartilesOf(std::move(values));
  if (!quartiles) return;
  figure.set_lowest_quartile(quartiles->lowest);
  figure.set_middle_quartile(quartiles->middle);
  figure.set_highest_quartile(quartiles->highest);
}

void SeriesCombiner::FillSpread(const Parts& included, const std::string& quantity,
                                v1::Figure& figure) const {
  CouncilSpread spread(radii_);
  for (const Part* part : included) {
    if (part->council->bands == nullptr) return;
    for (const contract::ProtectedTable& bands : *part->council->bands) {
      const std::vector<std::string>& rows = bands.table.rows;
      const auto row = std::find(rows.begin(), rows.end(), quantity);
      if (!IsOfThis(bands.table) || row == rows.end()) continue;
      spread.Add(bands, static_cast<std::size_t>(row - rows.begin()));
    }
  }
  spread.Fill(figure);
}

void SeriesCombiner::FillExpected(const Parts& included, const std::string& quantity,
                                  v1::Figure& figure) const {
  ExpectedLine line;
  for (const Part* part : included) {
    if (part->council->moments == nullptr) return;
    for (const contract::ProtectedTable& moments : *part->council->moments) {
      if (IsOfThis(moments.table)) line.Add(*part->given, moments, quantity);
    }
  }
  line.Fill(figure);
}

std::uint32_t SeriesCombiner::CouncilsIn(const Parts& parts) {
  std::uint32_t councils = 0;
  for (const Part* part : parts) councils += part->council->stands_for;
  return councils;
}

// A class of a mix: its own cell must be shown, and the other classes known well enough to stand under it.
SeriesCombiner::Standing SeriesCombiner::StandingInMix(const Part& part, std::size_t column) {
  const contract::Table& table = part.given->table;
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

SeriesCombiner::Standing SeriesCombiner::StandingOf(const Part& part, const std::string& quantity) const {
  if (metric_.kind() == v1::METRIC_KIND_MIX) {
    const auto& columns = part.given->table.columns;
    const auto column = std::find(columns.begin(), columns.end(), quantity);
    if (column == columns.end()) return Standing::kOutside;
    return StandingInMix(part, static_cast<std::size_t>(column - columns.begin()));
  }
  const auto found = part.figures.find(quantity);
  if (found == part.figures.end()) return Standing::kOutside;
  switch (found->second.status) {
    case v1::FIGURE_STATUS_SHOWN:
    case v1::FIGURE_STATUS_LOW:
      return Standing::kIncluded;
    case v1::FIGURE_STATUS_SUPPRESSED:
      return Standing::kSuppressed;
    case v1::FIGURE_STATUS_NOT_AVAILABLE: {
      // A rate over nobody, or a median that is not reached, is a whole part of a sum; a cell that the
      // council does not have is none.
      const contract::Table& table = part.given->table;
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
