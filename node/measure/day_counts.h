// How many members have each of some whole numbers (days): small rows as a list, large ones as counts of a
// byte each, since there are many and they are added to in no order.
#ifndef WAYMARK_NODE_MEASURE_DAY_COUNTS_H_
#define WAYMARK_NODE_MEASURE_DAY_COUNTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace waymark::node {

struct DayCount {
  std::uint32_t number = 0;
  std::uint32_t count = 0;
};

// Not thread-safe.
class DayCounts {
 public:
  void Add(std::uint32_t number) {
    if (number < counts_.size()) {
      if (++counts_[number] == 0) full_.push_back(number);
    } else {
      AddElsewhere(number);
    }
  }

  // Asks for the memory in which `number` is counted, for an Add soon.
  void Prefetch(std::uint32_t number) const {
    if (number < counts_.size()) __builtin_prefetch(counts_.data() + number, 1);
  }

  void Add(const DayCounts& other) {
    if (empty()) {
      *this = other;
      return;
    }
    for (const std::uint32_t number : other.list_) Add(number);
    if (other.counts_.empty()) return;
    Convert(other.counts_.size());
    for (std::size_t first = 0; first < other.counts_.size(); first += kTogether)
      AddSome(first, other.counts_);
    full_.insert(full_.end(), other.full_.begin(), other.full_.end());
  }

  bool empty() const { return list_.empty() && counts_.empty(); }

  // By number, in place of what `sorted` has; no count is 0.
  void Sort(std::vector<DayCount>& sorted) const {
    sorted.clear();
    std::vector<std::uint32_t> list = list_.empty() ? full_ : list_;
    std::sort(list.begin(), list.end());
    auto next = list.begin();
    const auto times = [&](std::uint32_t number) {
      const auto first = next;
      while (next != list.end() && *next == number) ++next;
      return static_cast<std::uint32_t>(next - first);
    };
    if (counts_.empty()) {
      while (next != list.end()) {
        const std::uint32_t number = *next;
        sorted.push_back({.number = number, .count = times(number)});
      }
      return;
    }
    sorted.resize(counts_.size());
    std::size_t size = 0;
    for (std::uint32_t number = 0; number < counts_.size(); ++number) {
      const std::uint32_t count = kFull * times(number) + counts_[number];
      sorted[size] = {.number = number, .count = count};
      size += count > 0 ? 1 : 0;
    }
    sorted.resize(size);
  }

 private:
  // In the list, or beyond the counts.
  void AddElsewhere(std::uint32_t number) {
    if (!counts_.empty()) {
      counts_.resize(std::size_t{number} + 1);
      ++counts_[number];
      return;
    }
    largest_ = std::max(largest_, number);
    list_.push_back(number);
    if (list_.size() > std::max(kShortList, largest_ / kListShare)) Convert(0);
  }

  // The counts of kTogether numbers from `first` on, or of as many as there are: all at once where none of
  // the sums can be more than a byte holds.
  void AddSome(std::size_t first, const std::vector<std::uint8_t>& counts) {
    constexpr std::uint64_t kHighBits = 0x8080808080808080;
    std::uint64_t sums = 0;
    std::uint64_t more = 0;
    if (counts.size() - first >= kTogether) {
      std::memcpy(&sums, counts_.data() + first, sizeof sums);
      std::memcpy(&more, counts.data() + first, sizeof more);
      if (((sums | more) & kHighBits) == 0) {
        sums += more;
        std::memcpy(counts_.data() + first, &sums, sizeof sums);
        return;
      }
    }
    for (std::size_t i = first; i < std::min(first + kTogether, counts.size()); ++i) {
      const unsigned sum = unsigned{counts_[i]} + counts[i];
      if (sum >= kFull) full_.push_back(static_cast<std::uint32_t>(i));
      counts_[i] = static_cast<std::uint8_t>(sum);
    }
  }

  // To counts, of at least so many numbers.
  void Convert(std::size_t numbers) {
    if (!list_.empty()) numbers = std::max(numbers, std::size_t{largest_} + 1);
    if (counts_.size() < numbers) counts_.resize(numbers);
    const std::vector<std::uint32_t> listed = std::move(list_);
    list_ = {};
    for (const std::uint32_t number : listed) Add(number);
  }

  // A list may be this part of the counts' length, since it is slow to sort; a short one stays, since there
  // may be very many.
  static constexpr std::uint32_t kListShare = 16;
  static constexpr std::uint32_t kShortList = 16;
  static constexpr unsigned kFull = 256;
  static constexpr std::size_t kTogether = sizeof(std::uint64_t);

  std::vector<std::uint32_t> list_;   // while it is shorter than the counts would be
  std::vector<std::uint8_t> counts_;  // then: by number, less what has gone into
  std::vector<std::uint32_t> full_;   // a number for each kFull of it
  std::uint32_t largest_ = 0;         // of the list
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_DAY_COUNTS_H_
