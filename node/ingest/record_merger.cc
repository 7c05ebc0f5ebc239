#include "node/ingest/record_merger.h"

#include <malloc.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "node/ingest/logged_record.h"
#include "node/ingest/threads.h"

namespace waymark::node {
namespace {

using Parts = std::vector<std::unique_ptr<Gathered>>;

// Up to so many persons are one group.
constexpr std::size_t kMostInOneGroup = 65'536;
constexpr std::uint32_t kNobody = 0xFFFFFFFF;
// Memory is given back to the system after so many groups.
constexpr std::size_t kTrimEvery = 16;

// What rows of one person are put in order by. Codes are in the order of their texts by now.
auto Fields(const LoggedRow& r) {
  return std::tie(r.type, r.part, r.start, r.id, r.end, r.referral, r.codes);
}
bool IsBefore(const LoggedRow& a, const LoggedRow& b) {
  const auto days = [](const LoggedRow& r) { return std::tie(r.type, r.part, r.start); };
  if (days(a) != days(b)) return days(a) < days(b);
  if (Fields(a) != Fields(b)) return Fields(a) < Fields(b);
  return std::tie(a.hash, a.file, a.line) < std::tie(b.hash, b.file, b.line);
}
bool AreSame(const LoggedRow& a, const LoggedRow& b) {
  return Fields(a) == Fields(b) && (!a.id.empty() || a.hash == b.hash);
}

// Every text of every part, sorted; returns each part's number → the number in `codes`.
std::vector<std::vector<Code>> JoinCodes(const Parts& parts, Dictionary& codes) {
  std::vector<std::string> texts;
  for (const auto& part : parts) {
    for (std::size_t i = 0; i < part->codes().size(); ++i) {
      texts.push_back(part->codes().Text(static_cast<Code>(i)));
    }
  }
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  for (const std::string& text : texts) codes.Intern(text);
  std::vector<std::vector<Code>> numbers(parts.size());
  for (std::size_t p = 0; p < parts.size(); ++p) {
    for (std::size_t i = 0; i < parts[p]->codes().size(); ++i) {
      numbers[p].push_back(codes.Intern(parts[p]->codes().Text(static_cast<Code>(i))));
    }
  }
  return numbers;
}

Code Renumbered(const std::vector<Code>& numbers, Code code) {
  return code == kNoCode ? kNoCode : numbers[code];
}

// The persons of one shard that have records.
struct MergedShard {
  std::vector<GatheredPerson> persons;  // by id
  std::vector<std::vector<std::uint32_t>>
      places;  // part, number in its shard → place in `persons`, or kNobody
};

// The records of one group, in order; `person` counts from the group's first.
struct Group {
  std::vector<GatheredPerson> persons;
  std::vector<LoggedRow> rows;
  std::vector<LoggedRow> duplicates;
};

// Numbers families in the order in which they come.
class FamilyNumbers {
 public:
  std::uint32_t Number(ShortText family) {
    if (4 * (families_.size() + 1) > 3 * slots_.size()) Grow();
    std::size_t at = SlotOf(family);
    while (slots_[at] != 0 && !(families_[slots_[at] - 1] == family)) at = (at + 1) & (slots_.size() - 1);
    if (slots_[at] == 0) {
      families_.push_back(family);
      slots_[at] = static_cast<std::uint32_t>(families_.size());
    }
    return slots_[at] - 1;
  }
  // Soon to be asked for.
  void Expect(ShortText family) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[SlotOf(family)]);
  }
  const std::vector<ShortText>& families() const { return families_; }

 private:
  std::size_t SlotOf(ShortText family) const {
    char bytes[8];
    return static_cast<std::size_t>(HashOf(family.Unpack(bytes))) & (slots_.size() - 1);
  }
  void Grow() {
    slots_.assign(std::max<std::size_t>(1024, 2 * slots_.size()), 0);
    for (std::size_t i = 0; i < families_.size(); ++i) {
      std::size_t at = SlotOf(families_[i]);
      while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = static_cast<std::uint32_t>(i + 1);
    }
  }

  std::vector<ShortText> families_;
  std::vector<std::uint32_t> slots_;
};

class Merger {
 public:
  Merger(const Parts& parts, bool episode_ids, QualityReport& report, Records& records)
      : parts_(parts),
        episode_ids_(episode_ids),
        report_(report),
        records_(records),
        codes_(JoinCodes(parts, records.codes)) {}

  MergedPersons Merge();

 private:
  MergedShard MergePersons(std::size_t shard) const;
  std::size_t Reserve();
  // Of the shards from `first` to before `last`.
  Group MakeGroup(std::size_t first, std::size_t last);
  void FillRows(std::size_t first, std::size_t last, const std::vector<std::uint32_t>& ranks,
                Group& group) const;
  void Append(const Group& group);
  void AppendRow(LoggedRow row);

  const Parts& parts_;
  const bool episode_ids_;
  QualityReport& report_;
  Records& records_;
  const std::vector<std::vector<Code>> codes_;
  std::vector<MergedShard> shards_;
  FamilyNumbers families_;
  MergedPersons persons_;
};

MergedShard Merger::MergePersons(std::size_t shard) const {
  struct Met {
    GatheredPerson person;
    std::uint32_t part;
    std::uint32_t number;
  };
  std::vector<Met> met;
  MergedShard merged;
  merged.places.resize(parts_.size());
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    Gathered::Shard& from = parts_[p]->shard(shard);
    merged.places[p].assign(from.persons, kNobody);
    for (std::size_t i = 0; i < from.persons; ++i) {
      GatheredPerson person = from.person(i);
      for (Code GatheredPerson::*code :
           {&GatheredPerson::sex, &GatheredPerson::ethnicity, &GatheredPerson::disability}) {
        person.*code = Renumbered(codes_[p], person.*code);
      }
      met.push_back({person, static_cast<std::uint32_t>(p), static_cast<std::uint32_t>(i)});
    }
    from.ForgetPersons();
  }
  std::sort(met.begin(), met.end(), [](const Met& a, const Met& b) { return a.person.id < b.person.id; });
  merged.persons.reserve(met.size());
  for (std::size_t first = 0, last = 0; first < met.size(); first = last) {
    GatheredPerson& person = met[first].person;
    for (last = first + 1; last < met.size() && met[last].person.id == person.id; ++last) {
      person.Take(met[last].person, records_.codes);
    }
    if (!person.used) continue;
    for (std::size_t i = first; i < last; ++i) {
      merged.places[met[i].part][met[i].number] = static_cast<std::uint32_t>(merged.persons.size());
    }
    merged.persons.push_back(person);
  }
  return merged;
}

// Returns how many persons there are.
std::size_t Merger::Reserve() {
  std::size_t persons = 0;
  std::array<std::size_t, 4> rows = {};
  for (std::size_t s = 0; s < Gathered::kShards; ++s) {
    persons += shards_[s].persons.size();
    for (const auto& part : parts_) {
      for (std::size_t type = 0; type < rows.size(); ++type) {
        rows[type] += part->shard(s).rows.count(static_cast<RowType>(type));
      }
    }
  }
  records_.persons.reserve(persons);
  records_.episodes.reserve(rows[0]);
  records_.referrals.reserve(rows[1]);
  records_.contacts.reserve(rows[2]);
  records_.steps.reserve(rows[3]);
  return persons;
}

// Decodes the rows of the shards and puts them in order; `ranks`: place in the shards' persons → in the
// group's.
void Merger::FillRows(std::size_t first, std::size_t last, const std::vector<std::uint32_t>& ranks,
                      Group& group) const {
  std::vector<LoggedRow> read;
  std::vector<std::uint32_t> begins(group.persons.size() + 1, 0);
  std::size_t offset = 0;
  for (std::size_t s = first; s < last; ++s) {
    for (std::size_t p = 0; p < parts_.size(); ++p) {
      parts_[p]->shard(s).rows.ForEach([&](LoggedRow row) {
        const std::size_t place = offset + shards_[s].places[p][row.person];
        row.person = ranks.empty() ? static_cast<std::uint32_t>(place) : ranks[place];
        for (Code& code : row.codes) code = Renumbered(codes_[p], code);
        ++begins[row.person + std::size_t{1}];
        read.push_back(row);
      });
    }
    offset += shards_[s].persons.size();
  }
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  std::vector<std::uint32_t> order(read.size());
  std::vector<std::uint32_t> next = begins;
  for (std::size_t i = 0; i < read.size(); ++i) order[next[read[i].person]++] = static_cast<std::uint32_t>(i);
  group.rows.reserve(read.size());
  for (std::size_t person = 0; person < group.persons.size(); ++person) {
    const auto begin = order.begin() + begins[person];
    const auto end = order.begin() + begins[person + 1];
    std::sort(begin, end, [&read](std::uint32_t a, std::uint32_t b) { return IsBefore(read[a], read[b]); });
    for (auto at = begin; at != end; ++at) {
      const bool same = at != begin && AreSame(read[*(at - 1)], read[*at]);
      (same ? group.duplicates : group.rows).push_back(read[*at]);
    }
  }
}

Group Merger::MakeGroup(std::size_t first, std::size_t last) {
  Group group;
  std::vector<std::uint32_t> ranks;
  if (last - first == 1) {
    group.persons = std::move(shards_[first].persons);
  } else {
    for (std::size_t s = first; s < last; ++s) {
      group.persons.insert(group.persons.end(), shards_[s].persons.begin(), shards_[s].persons.end());
    }
    std::vector<std::uint32_t> order(group.persons.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return group.persons[a].id < group.persons[b].id; });
    std::vector<GatheredPerson> sorted;
    ranks.resize(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
      ranks[order[i]] = i;
      sorted.push_back(group.persons[order[i]]);
    }
    group.persons = std::move(sorted);
  }
  FillRows(first, last, ranks, group);
  return group;
}

void Merger::AppendRow(LoggedRow row) {
  row.person += static_cast<std::uint32_t>(records_.persons.size());
  const auto id = [&] { return row.id.empty() ? kNoRecordId : records_.record_ids.Add(row.id); };
  switch (row.type) {
    case RowType::kEpisode:
      records_.episodes.push_back(EpisodeOf(row));
      if (episode_ids_) records_.episodes.back().id = id();
      return;
    case RowType::kReferral:
      records_.referrals.push_back(ReferralOf(row));
      records_.referrals.back().id = id();
      return;
    case RowType::kContact:
      records_.contacts.push_back(ContactOf(row));
      records_.contacts.back().id = id();
      return;
    case RowType::kStep:
      records_.steps.push_back(StepOf(row));
      records_.steps.back().id = id();
      return;
  }
}

void Merger::Append(const Group& group) {
  constexpr std::size_t kAhead = 16;
  for (const LoggedRow& row : group.rows) AppendRow(row);
  for (const LoggedRow& row : group.duplicates) {
    if (!row.counts) continue;
    --report_.files[row.file].rows_used;
    report_.files[row.file].LeaveOut(kSameRow, row.line);
  }
  for (std::size_t i = 0; i < group.persons.size(); ++i) {
    if (i + kAhead < group.persons.size()) families_.Expect(group.persons[i + kAhead].family);
    const GatheredPerson& person = group.persons[i];
    char bytes[8];
    records_.person_ids.Add(person.id.Unpack(bytes));
    records_.persons.push_back({.birth = person.birth,
                                .death = person.death,
                                .family = person.family.empty() ? kNoFamily : families_.Number(person.family),
                                .sex = person.sex,
                                .ethnicity = person.ethnicity,
                                .disability = person.disability,
                                .listed = person.listed});
    if (!person.listed) ++persons_.unlisted;
    if (person.conflict) ++persons_.conflicts;
  }
}

MergedPersons Merger::Merge() {
  const std::size_t threads = WorthwhileThreads();
  shards_.resize(Gathered::kShards);
  std::atomic<std::size_t> next_shard = 0;
  InParallel(threads, [&](std::size_t) {
    for (std::size_t s = next_shard++; s < shards_.size(); s = next_shard++) shards_[s] = MergePersons(s);
  });
  const std::size_t step = Reserve() <= kMostInOneGroup ? Gathered::kShards : 1;
  std::atomic<std::size_t> next_group = 0;
  absl::Mutex mutex;
  std::size_t turn = 0;  // the group that is to be appended next
  InParallel(threads, [&](std::size_t) {
    for (std::size_t first = step * next_group++; first < Gathered::kShards; first = step * next_group++) {
      const Group group = MakeGroup(first, first + step);
      const auto my_turn = [&] { return turn == first; };
      absl::MutexLock lock(&mutex, absl::Condition(&my_turn));
      Append(group);
      for (std::size_t s = first; s < first + step; ++s) {
        shards_[s] = {};
        for (const auto& part : parts_) part->shard(s).rows = RowLog();
      }
      turn += step;
      if ((turn / step) % kTrimEvery == 0) ::malloc_trim(0);
    }
  });
  char bytes[8];
  for (const ShortText& family : families_.families()) records_.family_ids.Add(family.Unpack(bytes));
  records_.in_order = true;
  return persons_;
}

}  // namespace

MergedPersons MergeGathered(const std::vector<std::unique_ptr<Gathered>>& parts, bool episode_ids,
                            QualityReport& report, Records& records) {
  return Merger(parts, episode_ids, report, records).Merge();
}

}  // namespace waymark::node
