#include "statistics/survival.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"

namespace waymark::statistics {
namespace {

// One half is often reached exactly, and by rounding a hair above.
constexpr double kRounding = 1e-12;

std::optional<Interval> LogLogInterval(double survival, double greenwood) {
  if (!(survival > 0 && survival < 1)) return std::nullopt;
  const double reach = kZ95 * std::sqrt(greenwood) / std::log(survival);  // below 0
  return Interval{.lower = std::pow(survival, std::exp(-reach)),
                  .upper = std::pow(survival, std::exp(reach))};
}

absl::Status CheckShape(absl::Span<const std::uint32_t> edges,
                        absl::Span<const std::vector<std::int64_t>> events,
                        absl::Span<const std::int64_t> censored) {
  if (edges.empty() || events.empty() || censored.size() != edges.size() + 1) {
    return absl::InvalidArgumentError(absl::StrCat("censored: expected one more than the edges (",
                                                   edges.size(), ", at least 1) and at least one kind of ",
                                                   "event, got ", censored.size(), " and ", events.size()));
  }
  for (const std::vector<std::int64_t>& kind : events) {
    if (kind.size() != censored.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("events: expected ", censored.size(), " counts a kind, got ", kind.size()));
    }
  }
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (edges[i] <= (i == 0 ? 0 : edges[i - 1])) {
      return absl::InvalidArgumentError(
          absl::StrCat("upper_edges: expected rising days from above 0, got ", edges[i], " at position ", i));
    }
  }
  return absl::OkStatus();
}

double EndedIn(absl::Span<const std::vector<std::int64_t>> events, absl::Span<const std::int64_t> censored,
               std::size_t bin) {
  double ended = static_cast<double>(censored[bin]);
  for (const std::vector<std::int64_t>& kind : events) ended += static_cast<double>(kind[bin]);
  return ended;
}

}  // namespace

double SurvivalCurve::KindSums::Variance(double greenwood) const {
  const double after = incidence * incidence * greenwood - 2 * incidence * g_f + g_ff;
  return std::max(0.0, after + own - 2 * (incidence * cross - cross_f));
}

void SurvivalCurve::Add(std::uint32_t day, double at_risk, const std::vector<double>& events,
                        double at_risk_after) {
  Step step;
  if (!steps_.empty()) step = steps_.back();
  const double before = step.survival;
  const double total = std::accumulate(events.begin(), events.end(), 0.0);
  // More events than members at risk is what noise alone can make: all of them had one.
  const double scale = total > at_risk ? at_risk / total : 1;
  const double g = total > 0 && total < at_risk ? total / (at_risk * (at_risk - total)) : 0;
  const std::size_t size = kinds_sums_.size();
  for (std::size_t kind = 0; kind < kinds_; ++kind) {
    KindSums sums = steps_.empty() ? KindSums() : kinds_sums_[size - kinds_ + kind];
    const double share = events[kind] * scale / at_risk;
    sums.incidence += before * share;
    sums.events += events[kind];
    sums.g_f += g * sums.incidence;
    sums.g_ff += g * sums.incidence * sums.incidence;
    sums.own += before * before * share * (1 - share) / at_risk;
    sums.cross += before * share / at_risk;
    sums.cross_f += before * share / at_risk * sums.incidence;
    kinds_sums_.push_back(sums);
  }
  step.survival = before * std::max(0.0, 1 - total / at_risk);
  step.greenwood += g;
  step.day = day;
  step.at_risk_after = at_risk_after;
  steps_.push_back(step);
}

absl::StatusOr<SurvivalCurve> SurvivalCurve::FromDays(absl::Span<const FollowUp> members, std::size_t kinds) {
  for (const FollowUp& member : members) {
    if (member.days < 0 || member.members < 0 || member.kind < kCensoredFollowUp ||
        member.kind >= static_cast<std::int32_t>(kinds)) {
      return absl::InvalidArgumentError(
          absl::StrCat("follow-up: expected days and members from 0 and a kind of -1 to ",
                       static_cast<std::int64_t>(kinds) - 1, ", got ", member.days, ", ", member.members,
                       " and ", member.kind));
    }
  }
  const auto is_before = [](const FollowUp& a, const FollowUp& b) { return a.days < b.days; };
  std::vector<FollowUp> put_in_order;
  if (!std::is_sorted(members.begin(), members.end(), is_before)) {
    put_in_order.assign(members.begin(), members.end());
    std::sort(put_in_order.begin(), put_in_order.end(), is_before);
    members = put_in_order;
  }
  return FromSorted(members, kinds);
}

SurvivalCurve SurvivalCurve::FromSorted(absl::Span<const FollowUp> members, std::size_t kinds) {
  const auto first_at_risk =
      std::find_if(members.begin(), members.end(), [](const FollowUp& member) { return member.days > 0; });
  const absl::Span<const FollowUp> sorted =
      members.subspan(static_cast<std::size_t>(first_at_risk - members.begin()));
  SurvivalCurve curve;
  curve.kinds_ = kinds;
  std::int64_t at_risk = 0;
  for (const FollowUp& member : sorted) {
    at_risk += member.members;
    if (member.members > 0) curve.last_follow_up_ = static_cast<std::uint32_t>(member.days);
  }
  curve.members_ = static_cast<double>(at_risk);
  curve.steps_.reserve(sorted.size());
  curve.kinds_sums_.reserve(sorted.size() * kinds);
  std::vector<double> events;
  for (std::size_t i = 0; i < sorted.size();) {
    const std::int32_t day = sorted[i].days;
    const std::int64_t before = at_risk;
    events.assign(kinds, 0);
    for (; i < sorted.size() && sorted[i].days == day; ++i) {
      at_risk -= sorted[i].members;
      if (sorted[i].kind == kCensoredFollowUp) continue;
      events[static_cast<std::size_t>(sorted[i].kind)] += static_cast<double>(sorted[i].members);
    }
    if (at_risk == before) continue;  // nobody has this day
    curve.Add(static_cast<std::uint32_t>(day), static_cast<double>(before), events,
              static_cast<double>(at_risk));
  }
  return curve;
}

absl::StatusOr<SurvivalCurve> SurvivalCurve::FromBins(absl::Span<const std::uint32_t> upper_edges,
                                                      absl::Span<const std::vector<std::int64_t>> events,
                                                      absl::Span<const std::int64_t> censored) {
  if (absl::Status status = CheckShape(upper_edges, events, censored); !status.ok()) return status;
  SurvivalCurve curve;
  curve.binned_ = true;
  curve.kinds_ = events.size();
  double above = 0;  // members whose time is above the bin's lower edge
  for (std::size_t bin = 0; bin < censored.size(); ++bin) above += EndedIn(events, censored, bin);
  curve.members_ = above;
  for (std::size_t bin = 0; bin < upper_edges.size(); ++bin) {
    const double after = above - EndedIn(events, censored, bin);
    const double at_risk = above - static_cast<double>(censored[bin]) / 2;
    if (after <= 0 || at_risk <= 0) break;
    std::vector<double> ended(curve.kinds_);
    for (std::size_t kind = 0; kind < curve.kinds_; ++kind)
      ended[kind] = static_cast<double>(events[kind][bin]);
    curve.Add(upper_edges[bin], at_risk, ended, after);
    curve.last_follow_up_ = upper_edges[bin];
    above = after;
  }
  return curve;
}

std::optional<SurvivalEstimate> SurvivalCurve::At(std::uint32_t day) const {
  if (members_ <= 0 || day > last_follow_up_) return std::nullopt;
  const auto next = std::upper_bound(steps_.begin(), steps_.end(), day,
                                     [](std::uint32_t value, const Step& step) { return value < step.day; });
  SurvivalEstimate estimate;
  estimate.incidence.assign(kinds_, 0);
  estimate.incidence_variance.assign(kinds_, 0);
  estimate.incidence_interval.assign(kinds_, std::nullopt);
  estimate.events.assign(kinds_, 0);
  estimate.at_risk_after = members_;
  if (next == steps_.begin()) return estimate;
  const Step& step = *(next - 1);
  const std::size_t first = static_cast<std::size_t>(&step - steps_.data()) * kinds_;
  estimate.survival = std::clamp(step.survival, 0.0, 1.0);
  estimate.variance = estimate.survival * estimate.survival * step.greenwood;
  estimate.interval = LogLogInterval(estimate.survival, step.greenwood);
  estimate.at_risk_after = step.at_risk_after;
  for (std::size_t kind = 0; kind < kinds_; ++kind) {
    const KindSums& sums = kinds_sums_[first + kind];
    estimate.events[kind] = sums.events;
    const double incidence = std::clamp(sums.incidence, 0.0, 1.0);
    estimate.incidence[kind] = incidence;
    const double variance = sums.Variance(step.greenwood);
    estimate.incidence_variance[kind] = variance;
    if (incidence > 0)
      estimate.incidence_interval[kind] = LogLogInterval(incidence, variance / (incidence * incidence));
  }
  return estimate;
}

std::optional<std::uint32_t> SurvivalCurve::Median() const {
  double before = 1;
  std::uint32_t low = 0;
  for (const Step& step : steps_) {
    if (step.survival <= 0.5 + kRounding) {
      if (!binned_) return step.day;
      const double days = step.day - low;
      const double day = std::ceil((before - 0.5) / (before - step.survival) * days);
      return low + static_cast<std::uint32_t>(std::clamp(day, 1.0, days));
    }
    before = step.survival;
    low = step.day;
  }
  return std::nullopt;
}

}  // namespace waymark::statistics
