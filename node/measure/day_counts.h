// How many members have each of some whole numbers (days): small rows as a list, large ones as counts.
#ifndef WAYMARK_NODE_MEASURE_DAY_COUNTS_H_
#define WAYMARK_NODE_MEASURE_DAY_COUNTS_H_

#include <algorithm>
#include <cstdint>
#include <vector>

namespace waymark::node {

struct DayCount {
  std::uint32_t number = 0;
  std::uint32_t count = 0;
};

// Not thread-safe.
class DayCounts {
 public:
  void Add(std::uint32_t number, std::uint32_t times = 1) {
    if (number < counts_.size()) {
      counts_[number] += times;
    } else {
      AddElsewhere(number, times);
    }
  }

  void Add(const DayCounts& other) {
    for (const std::uint32_t number : other.list_) Add(number);
    if (other.counts_.empty()) return;
    Convert(other.counts_.size());
    for (std::size_t number = 0; number < other.counts_.size(); ++number) {
      counts_[number] += other.counts_[number];
    }
  }

  bool empty() const { return list_.empty() && counts_.empty(); }

  // By number; no count is 0.
  std::vector<DayCount> Sorted() const {
    std::vector<DayCount> sorted;
    std::vector<std::uint32_t> list = list_;
    std::sort(list.begin(), list.end());
    for (const std::uint32_t number : list) {
      if (sorted.empty() || sorted.back().number != number) sorted.push_back({.number = number, .count = 0});
      ++sorted.back().count;
    }
    for (std::uint32_t number = 0; number < counts_.size(); ++number) {
      if (counts_[number] > 0) sorted.push_back({.number = number, .count = counts_[number]});
    }
    return sorted;
  }

 private:
  // In the list, or beyond the counts.
  void AddElsewhere(std::uint32_t number, std::uint32_t times) {
    if (!counts_.empty()) {
      counts_.resize(std::size_t{number} + 1);
      counts_[number] += times;
      return;
    }
    largest_ = std::max(largest_, number);
    list_.insert(list_.end(), times, number);
    if (list_.size() > std::max(kShortList, largest_ / kListShare)) Convert(0);
  }

  // To counts, of at least so many numbers.
  void Convert(std::size_t numbers) {
    if (!list_.empty()) numbers = std::max(numbers, std::size_t{largest_} + 1);
    if (counts_.size() < numbers) counts_.resize(numbers);
    for (const std::uint32_t listed : list_) ++counts_[listed];
    list_ = {};
  }

  // A list may be this part of the counts' length, since it is slow to sort; a short one stays, since there
  // may be very many.
  static constexpr std::uint32_t kListShare = 4;
  static constexpr std::uint32_t kShortList = 16;

  std::vector<std::uint32_t> list_;    // while it is much shorter than the counts would be
  std::vector<std::uint32_t> counts_;  // then: by number
  std::uint32_t largest_ = 0;          // of the list
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_DAY_COUNTS_H_
