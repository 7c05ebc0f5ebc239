#include "node/ingest/family_numbers.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/threads.h"

namespace waymark::node {
namespace {

// Up to so many persons are one group.
constexpr std::size_t kMostInOneGroup = 100'000;
// So many that a group's table fits into a processor's cache.
constexpr std::size_t kGroups = 256;

// Persons by the group that their family is in, and in order in each. Those without a family are left out.
class Grouped {
 public:
  Grouped(absl::Span<const ShortText> families, std::size_t groups) : families_(families), groups_(groups) {
    const std::size_t shares = groups == 1 ? 1 : WorthwhileThreads();
    // By share of the persons and group: how many, then where the next one's place is.
    std::vector<std::uint32_t> next(shares * groups);
    InParallel(shares, [&](std::size_t share) {
      ForEachOf(share, shares, [&](std::uint32_t, std::size_t group) { ++next[share * groups_ + group]; });
    });
    std::uint32_t begin = 0;
    for (std::size_t group = 0; group < groups; ++group) {
      begins_.push_back(begin);
      for (std::size_t share = 0; share < shares; ++share) {
        const std::uint32_t count = next[share * groups + group];
        next[share * groups + group] = begin;
        begin += count;
      }
    }
    begins_.push_back(begin);
    persons_.resize(begin);
    InParallel(shares, [&](std::size_t share) {
      ForEachOf(share, shares, [&](std::uint32_t person, std::size_t group) {
        persons_[next[share * groups_ + group]++] = person;
      });
    });
  }

  absl::Span<const std::uint32_t> Persons(std::size_t group) const {
    return absl::MakeConstSpan(persons_).subspan(begins_[group], begins_[group + 1] - begins_[group]);
  }

 private:
  template <typename Visit>
  void ForEachOf(std::size_t share, std::size_t shares, const Visit& visit) const {
    const std::size_t end = (share + 1) * families_.size() / shares;
    for (std::size_t i = share * families_.size() / shares; i < end; ++i) {
      if (families_[i].empty()) continue;
      visit(static_cast<std::uint32_t>(i), static_cast<std::size_t>(families_[i].Hash() >> 32U) % groups_);
    }
  }

  absl::Span<const ShortText> families_;
  std::size_t groups_;
  std::vector<std::uint32_t> begins_;  // by group, and one more
  std::vector<std::uint32_t> persons_;
};

// Numbers the families of some persons as they come; returns their ids.
std::vector<ShortText> NumberGroup(absl::Span<const std::uint32_t> group,
                                   absl::Span<const ShortText> families, absl::Span<Person> persons) {
  std::vector<ShortText> met;
  std::vector<std::uint32_t> slots(std::bit_ceil(2 * group.size() + 1));  // number + 1, in open addressing
  const std::size_t mask = slots.size() - 1;
  for (const std::uint32_t person : group) {
    const ShortText family = families[person];
    std::size_t at = static_cast<std::size_t>(family.Hash()) & mask;
    while (slots[at] != 0 && !(met[slots[at] - 1] == family)) at = (at + 1) & mask;
    if (slots[at] == 0) {
      met.push_back(family);
      slots[at] = static_cast<std::uint32_t>(met.size());
    }
    persons[person].family = slots[at] - 1;
  }
  return met;
}

}  // namespace

std::vector<ShortText> NumberFamilies(absl::Span<const ShortText> families, absl::Span<Person> persons) {
  const std::size_t groups = families.size() <= kMostInOneGroup ? 1 : kGroups;
  const Grouped grouped(families, groups);
  std::vector<std::vector<ShortText>> met(groups);
  ForEachInParallel(groups,
                    [&](std::size_t g) { met[g] = NumberGroup(grouped.Persons(g), families, persons); });
  std::vector<ShortText> all;
  std::vector<std::uint32_t> before;  // in the groups before
  for (const std::vector<ShortText>& of_group : met) {
    before.push_back(static_cast<std::uint32_t>(all.size()));
    all.insert(all.end(), of_group.begin(), of_group.end());
  }
  ForEachInParallel(groups, [&](std::size_t g) {
    for (const std::uint32_t person : grouped.Persons(g)) persons[person].family += before[g];
  });
  return all;
}

}  // namespace waymark::node
