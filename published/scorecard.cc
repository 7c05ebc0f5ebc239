#include "published/scorecard.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/nearest.h"
#include "base/status.h"
#include "published/scorecard_figure.h"
#include "statistics/ranking.h"

namespace waymark::published {
namespace {

constexpr int kTrendYears = 10;

absl::StatusOr<const v1::Area*> AuthorityNamed(const Sources& sources, absl::string_view authority) {
  const PublishedArea* known = sources.mapping.FindArea(authority);
  std::vector<std::string> names;
  for (const v1::Area& area : sources.library.areas()) {
    if ((known != nullptr && area.code() == known->code) || absl::EqualsIgnoreCase(area.name(), authority))
      return &area;
    names.push_back(area.name());
  }
  const std::string nearest = Nearest(std::string(authority), names);
  return absl::NotFoundError(
      absl::StrCat("\"", authority, "\" is no local authority of today",
                   nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?"),
                   " Give its name, its ONS code (E06000001) or its number in the Department for Education's "
                   "files (805)"));
}

v1::PlaceFigure PlaceOf(const ScorecardFigure& figure, const LineValue& at) {
  v1::PlaceFigure place;
  place.set_status(at.status);
  place.set_note(at.note);
  if (!at.value.has_value()) return place;
  place.set_value(*at.value);
  if (const auto interval = figure.IntervalOf(at, statistics::kZ95); interval.has_value()) {
    place.set_lower(interval->lower);
    place.set_upper(interval->upper);
  }
  return place;
}

// One line for one authority.
class RowMaker {
 public:
  RowMaker(const Sources& sources, const v1::Area& own, const v1::ScorecardLine& line, Day until)
      : sources_(sources),
        own_(own),
        metric_(*sources.library.Find(line.metric())),
        figure_(sources, metric_, own.code(), until) {
    for (const v1::Area& area : sources.library.areas()) values_[area.code()] = figure_.Of(area.code());
    row_.set_heading(line.heading());
    row_.set_metric(metric_.id());
    row_.set_version(metric_.version());
    row_.set_title(metric_.title());
    row_.set_unit(metric_.display_unit());
    row_.set_direction(metric_.direction());
    row_.set_is_partial(figure_.is_partial());
  }

  v1::ScorecardRow Make(const std::string& nation) {
    Explain();
    *row_.mutable_own() = PlaceOf(figure_, figure_.Own());
    SetNeighbours();
    *row_.mutable_region() = Above(own_.region_code(), [this](const v1::Area& area) {
      return area.region_code() == own_.region_code();
    });
    *row_.mutable_nation() = Above(nation, [](const v1::Area&) { return true; });
    SetNationGap(*row_.mutable_nation());
    SetStanding();
    SetTrend();
    return std::move(row_);
  }

 private:
  void Explain() {
    const Answer answer = figure_.Explained();
    row_.set_period(answer.period);
    row_.set_note(answer.note);
    for (const std::string& missing : answer.missing) row_.add_missing(missing);
    for (const Input& from : answer.inputs) {
      v1::ScorecardInput& input = *row_.add_inputs();
      input.set_term(from.term);
      input.set_title(from.title);
      input.set_unit(from.unit);
      input.set_year(from.year);
      input.set_status(from.status);
      if (from.value.has_value()) input.set_value(*from.value);
      input.set_note(from.note);
      input.set_substitute(from.substitute);
      input.set_file(from.file);
      input.set_line(from.line);
    }
  }

  void SetNeighbours() {
    v1::PlaceFigure& place = *row_.mutable_neighbours();
    place.set_status(v1::FIGURE_STATUS_NOT_AVAILABLE);
    double sum = 0, least = 0, greatest = 0;
    std::uint32_t used = 0;
    const std::vector<Neighbour>& neighbours = sources_.collection.NeighboursOf(own_.code());
    for (const Neighbour& neighbour : neighbours) {
      const auto at = values_.find(neighbour.area);
      if (at == values_.end() || !at->second.value.has_value()) continue;
      const double value = *at->second.value;
      least = used == 0 ? value : std::min(least, value);
      greatest = used == 0 ? value : std::max(greatest, value);
      sum += value;
      ++used;
    }
    place.set_of(static_cast<std::uint32_t>(neighbours.size()));
    if (neighbours.empty()) place.set_note("no file of statistical neighbours");
    if (used == 0) return;
    place.set_status(v1::FIGURE_STATUS_SHOWN);
    place.set_authorities(used);
    place.set_value(sum / used);
    row_.set_neighbours_least(least);
    row_.set_neighbours_greatest(greatest);
  }

  template <typename IsIn>
  v1::PlaceFigure Above(const std::string& code, IsIn is_in) const {
    const LineValue published = figure_.Of(code);
    if (published.value.has_value()) return PlaceOf(figure_, published);
    std::vector<LineValue> within;
    for (const v1::Area& area : sources_.library.areas()) {
      if (is_in(area)) within.push_back(values_.at(area.code()));
    }
    std::size_t used = 0;
    const LineValue joined = figure_.Joined(within, used);
    if (!joined.value.has_value()) return PlaceOf(figure_, published);
    v1::PlaceFigure place = PlaceOf(figure_, joined);
    place.set_authorities(static_cast<std::uint32_t>(used));
    place.set_of(static_cast<std::uint32_t>(within.size()));
    place.set_note(published.note);
    return place;
  }

  void SetNationGap(v1::PlaceFigure& nation) const {
    if (!figure_.is_gap() || !nation.has_value()) return;
    nation.clear_lower();
    nation.clear_upper();
    if (nation.note().empty()) nation.set_note(std::string(kNationGap));
  }

  void SetStanding() {
    const LineValue own = figure_.Own();
    const bool high = metric_.direction() == v1::DIRECTION_HIGH_IS_BETTER;
    if (!own.value.has_value() || (!high && metric_.direction() != v1::DIRECTION_LOW_IS_BETTER)) return;
    std::uint32_t of = 0, better = 0;
    std::vector<LineValue> ranked;
    std::size_t place = 0;
    for (const auto& [code, at] : values_) {
      if (!at.value.has_value()) continue;
      if (code == own_.code()) place = ranked.size();
      ranked.push_back(at);
      ++of;
      better += (high ? *at.value > *own.value : *at.value < *own.value) ? 1 : 0;
    }
    v1::Standing& standing = *row_.mutable_standing();
    standing.set_rank(better + 1);
    standing.set_of(of);
    standing.set_quartile(1 + 4 * better / of);
    SetRankRange(ranked, place, high, standing);
  }

  void SetRankRange(const std::vector<LineValue>& ranked, std::size_t place, bool high,
                    v1::Standing& standing) const {
    const auto z = statistics::JointZ(ranked.size());
    if (!z.ok()) return;
    std::vector<statistics::Interval> intervals;
    for (const LineValue& at : ranked) {
      const auto interval = figure_.IntervalOf(at, *z);
      if (!interval.has_value()) return;
      intervals.push_back(*interval);
    }
    const auto ranges = statistics::RankRanges(intervals);
    if (!ranges.ok()) return;
    const auto [first, last] = (*ranges)[place];
    standing.set_best(static_cast<std::uint32_t>(high ? ranked.size() + 1 - last : first));
    standing.set_worst(static_cast<std::uint32_t>(high ? ranked.size() + 1 - first : last));
  }

  void SetTrend() {
    if (figure_.last_day() == kNoDay) return;
    std::vector<v1::TrendPoint> points;
    for (int back = 0; back < kTrendYears; ++back) {
      // Each input as many years earlier: they keep the distance that they have in the latest.
      const ScorecardFigure earlier(sources_, metric_, own_.code(), Birthday(figure_.latest_day(), -back));
      if (earlier.last_day() != Birthday(figure_.last_day(), -back)) break;
      v1::TrendPoint point;
      point.set_period(earlier.Explained().period);
      *point.mutable_own() = PlaceOf(earlier, earlier.Own());
      point.set_is_otherwise_made(!earlier.IsMadeLike(figure_, back));
      points.push_back(std::move(point));
    }
    while (!points.empty() && points.back().own().status() == v1::FIGURE_STATUS_NOT_AVAILABLE)
      points.pop_back();
    for (auto point = points.rbegin(); point != points.rend(); ++point) *row_.add_trend() = *point;
  }

  const Sources& sources_;
  const v1::Area& own_;
  const v1::Metric& metric_;
  const ScorecardFigure figure_;
  std::map<std::string, LineValue> values_;  // of every authority
  v1::ScorecardRow row_;
};

}  // namespace

absl::StatusOr<v1::Scorecard> ScorecardFor(const Sources& sources, absl::string_view authority, Day until) {
  ASSIGN_OR_RETURN(const v1::Area* own, AuthorityNamed(sources, authority));
  v1::Scorecard card;
  card.set_code(own->code());
  card.set_name(own->name());
  card.set_region_code(own->region_code());
  card.set_region_name(own->region_name());
  for (const Neighbour& from : sources.collection.NeighboursOf(own->code())) {
    v1::ScorecardNeighbour& neighbour = *card.add_neighbours();
    neighbour.set_code(from.area);
    const PublishedArea* area = sources.mapping.FindArea(from.area);
    neighbour.set_name(area == nullptr ? "" : area->name);
    neighbour.set_closeness(from.closeness);
  }
  for (const v1::ScorecardLine& line : sources.mapping.scorecard())
    *card.add_rows() = RowMaker(sources, *own, line, until).Make(sources.mapping.Nation());
  return card;
}

}  // namespace waymark::published
