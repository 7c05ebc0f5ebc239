#include "statistics/agreement.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/status.h"

namespace waymark::statistics {
namespace {

// Shares that are the same number are so whatever the order in which they were reckoned.
constexpr double kSame = 1e-12;

// How much the members of groupings agree, one grouping after another.
class Pairs {
 public:
  explicit Pairs(const Answers& answers) : answers_(answers) {
    int most = 0;
    for (const std::vector<int>& one : answers) {
      for (const int answer : one) most = std::max(most, answer);
    }
    counts_.resize(static_cast<std::size_t>(most) + 1);
  }

  // Nothing where no two members answered one question.
  std::optional<double> AgreementOf(absl::Span<const std::size_t> members) {
    std::uint64_t same = 0;
    std::uint64_t all = 0;
    const std::size_t questions = answers_.empty() ? 0 : answers_.front().size();
    for (std::size_t question = 0; question < questions; ++question) {
      std::fill(counts_.begin(), counts_.end(), 0);
      std::uint64_t answered = 0;
      for (const std::size_t member : members) {
        const int answer = answers_[member][question];
        if (answer < 0) continue;
        same += counts_[static_cast<std::size_t>(answer)]++;
        all += answered++;
      }
    }
    if (all == 0) return std::nullopt;
    return static_cast<double>(same) / static_cast<double>(all);
  }

 private:
  const Answers& answers_;
  std::vector<std::uint64_t> counts_;  // used again and again
};

// C(n, k), or just above kMostGroupings where it is more.
std::uint64_t Groupings(std::size_t n, std::size_t k) {
  std::uint64_t groupings = 1;
  k = std::min(k, n - k);
  for (std::size_t i = 1; i <= k; ++i) {
    groupings = groupings * (n - k + i) / i;
    if (groupings > kMostGroupings) return kMostGroupings + 1;
  }
  return groupings;
}

// The next choice of rising places out of n; false after the last.
bool Next(std::vector<std::size_t>& chosen, std::size_t n) {
  for (std::size_t i = chosen.size(); i-- > 0;) {
    if (chosen[i] == n - chosen.size() + i) continue;
    ++chosen[i];
    for (std::size_t j = i + 1; j < chosen.size(); ++j) chosen[j] = chosen[j - 1] + 1;
    return true;
  }
  return false;
}

// The first `size` places of `all` become a choice of it at random (Fisher and Yates).
absl::Status Shuffle(std::vector<std::size_t>& all, std::size_t size, const Draw& draw) {
  for (std::size_t i = 0; i < size; ++i) {
    ASSIGN_OR_RETURN(const std::uint64_t more, draw(all.size() - i));
    std::swap(all[i], all[i + static_cast<std::size_t>(more)]);
  }
  return absl::OkStatus();
}

// What groupings agree beside the group's own.
class Tally {
 public:
  Tally(Pairs& pairs, double own) : pairs_(pairs), own_(own) {}

  void Add(absl::Span<const std::size_t> members) {
    // A grouping in which nobody answered together agrees in nothing.
    const double agreement = pairs_.AgreementOf(members).value_or(0);
    sum_ += agreement;
    as_much_ += agreement >= own_ - kSame ? 1 : 0;
    ++groupings_;
  }

  Agreement Result(bool exact) const {
    const double all = static_cast<double>(groupings_);
    return {.within = own_,
            .expected = sum_ / all,
            .p = static_cast<double>(as_much_) / all,
            .groupings = groupings_,
            .exact = exact};
  }

 private:
  Pairs& pairs_;
  const double own_;
  double sum_ = 0;
  std::uint64_t as_much_ = 0;
  std::uint64_t groupings_ = 0;
};

absl::Status Check(const Answers& answers, absl::Span<const std::size_t> group) {
  for (const std::vector<int>& one : answers) {
    if (one.size() != answers.front().size()) {
      return absl::InvalidArgumentError("answers: every member has one, or none, to each question");
    }
  }
  std::vector<std::size_t> sorted(group.begin(), group.end());
  std::sort(sorted.begin(), sorted.end());
  const bool twice = std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
  if (twice || (!sorted.empty() && sorted.back() >= answers.size())) {
    return absl::InvalidArgumentError("group: expected different members of those who answered");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::optional<Agreement>> AgreementOf(const Answers& answers,
                                                     absl::Span<const std::size_t> group, const Draw& draw) {
  RETURN_IF_ERROR(Check(answers, group));
  const std::size_t members = answers.size();
  if (group.size() < 2 || group.size() >= members) return std::nullopt;
  Pairs pairs(answers);
  const std::optional<double> own = pairs.AgreementOf(group);
  if (!own) return std::nullopt;
  Tally tally(pairs, *own);
  const bool exact = Groupings(members, group.size()) <= kMostGroupings;
  if (exact) {
    std::vector<std::size_t> chosen(group.size());
    std::iota(chosen.begin(), chosen.end(), std::size_t{0});
    do {
      tally.Add(chosen);
    } while (Next(chosen, members));
    return tally.Result(exact);
  }
  tally.Add(group);
  std::vector<std::size_t> all(members);
  std::iota(all.begin(), all.end(), std::size_t{0});
  for (std::uint64_t i = 1; i < kMostGroupings; ++i) {
    RETURN_IF_ERROR(Shuffle(all, group.size(), draw));
    tally.Add(absl::MakeConstSpan(all).subspan(0, group.size()));
  }
  return tally.Result(exact);
}

std::vector<double> HolmAdjusted(absl::Span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double before = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    before = std::max(before, std::min(1.0, static_cast<double>(order.size() - i) * p[order[i]]));
    adjusted[order[i]] = before;
  }
  return adjusted;
}

double SignTest(std::uint64_t up, std::uint64_t down) {
  const std::uint64_t moved = up + down;
  const std::uint64_t fewer = std::min(up, down);
  const auto n = static_cast<double>(moved);
  double tail = 0;
  for (std::uint64_t i = 0; i <= fewer; ++i) {
    const auto k = static_cast<double>(i);
    tail += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) - n * std::log(2.0));
  }
  return std::min(1.0, 2 * tail);
}

}  // namespace waymark::statistics
