#include "node/ingest/record_merger.h"

#include <malloc.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/synchronization/mutex.h"
#include "base/pages.h"
#include "base/threads.h"
#include "node/ingest/completeness.h"
#include "node/ingest/family_numbers.h"

namespace waymark::node {
namespace {

// Up to so many rows are one group.
constexpr std::size_t kMostInOneGroup = 100'000;
// Memory is given back to the system after so many groups.
constexpr std::size_t kTrimEvery = 64;

// By RowType.
using RowCounts = std::array<std::size_t, 4>;

class Merger {
 public:
  Merger(const GatheredParts& parts, bool episode_ids, QualityReport& report, Records& records)
      : parts_(parts),
        episode_ids_(episode_ids),
        report_(report),
        records_(records),
        codes_(parts, records.codes) {}

  MergedPersons Merge();

 private:
  // Returns how many rows there are.
  std::size_t ReserveRows();
  // Merges groups of `step` shards from `next` on until there are no more, and appends each in its turn.
  void MergeGroups(std::size_t step, std::atomic<std::size_t>& next);
  void TakePagesFor(const Records& part, std::size_t first) ABSL_LOCKS_EXCLUDED(mutex_);
  void Append(const MergedGroup& group, std::size_t groups) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const GatheredParts& parts_;
  const bool episode_ids_;
  QualityReport& report_;
  Records& records_;
  const JoinedCodes codes_;
  std::array<RowCounts, Gathered::kShards + 1> before_ = {};  // rows of all shards before
  absl::Mutex mutex_;
  std::size_t turn_ ABSL_GUARDED_BY(mutex_) = 0;   // the shard whose group is to be appended next
  bool given_up_ ABSL_GUARDED_BY(mutex_) = false;  // a thread has failed, and its turn will not pass
  std::vector<ShortText> families_ ABSL_GUARDED_BY(mutex_);  // of each person
  MergedPersons persons_ ABSL_GUARDED_BY(mutex_);
};

std::size_t Merger::ReserveRows() {
  RowCounts rows = {};
  for (std::size_t s = 0; s < Gathered::kShards; ++s) {
    for (const auto& part : parts_) {
      for (std::size_t type = 0; type < rows.size(); ++type) {
        rows[type] += part->rows(s).count(static_cast<RowType>(type));
      }
    }
    before_[s + 1] = rows;
  }
  records_.episodes.reserve(rows[0]);
  records_.referrals.reserve(rows[1]);
  records_.contacts.reserve(rows[2]);
  records_.steps.reserve(rows[3]);
  return rows[0] + rows[1] + rows[2] + rows[3];
}

// Appends rows whose persons and ids are counted from the group's first.
template <typename Row>
void AppendRows(const std::vector<Row>& rows, std::size_t persons, std::size_t ids, std::vector<Row>& all) {
  const std::size_t begin = all.size();
  all.insert(all.end(), rows.begin(), rows.end());
  for (std::size_t i = begin; i < all.size(); ++i) {
    all[i].person += static_cast<std::uint32_t>(persons);
    if (all[i].id != kNoRecordId) all[i].id += static_cast<RecordId>(ids);
  }
}

// Takes the pages that a group's rows are going to stand in, so that nobody waits for that while they are
// appended. Where that is hangs on how many rows the groups before will drop: it is about there.
void Merger::TakePagesFor(const Records& part, std::size_t first) {
  RowCounts begins;
  {
    absl::MutexLock lock(&mutex_);
    begins = {records_.episodes.size(), records_.referrals.size(), records_.contacts.size(),
              records_.steps.size()};
    for (std::size_t type = 0; type < begins.size(); ++type) {
      begins[type] += before_[first][type] - before_[turn_][type];
    }
  }
  const auto take = [&begins](RowType type, const auto& rows, auto& all) {
    TakePages(all.data() + begins[static_cast<std::size_t>(type)], rows.size() * sizeof(rows[0]));
  };
  take(RowType::kEpisode, part.episodes, records_.episodes);
  take(RowType::kReferral, part.referrals, records_.referrals);
  take(RowType::kContact, part.contacts, records_.contacts);
  take(RowType::kStep, part.steps, records_.steps);
}

// `groups`: how many there are, all of about the same size.
void Merger::Append(const MergedGroup& group, std::size_t groups) {
  const Records& part = group.records;
  const std::size_t persons = records_.persons.size();
  const std::size_t ids = records_.record_ids.size();
  if (persons == 0 && groups > 1) {
    const auto likely = [groups](std::size_t one) { return one * groups + one * groups / 8; };
    records_.persons.reserve(likely(part.persons.size()));
    families_.reserve(likely(group.families.size()));
    records_.person_ids.Reserve(likely(part.person_ids.size()), likely(part.person_ids.bytes()));
    records_.record_ids.Reserve(likely(part.record_ids.size()), likely(part.record_ids.bytes()));
  }
  AppendRows(part.episodes, persons, ids, records_.episodes);
  AppendRows(part.referrals, persons, ids, records_.referrals);
  AppendRows(part.contacts, persons, ids, records_.contacts);
  AppendRows(part.steps, persons, ids, records_.steps);
  records_.record_ids.Append(part.record_ids);
  records_.person_ids.Append(part.person_ids);
  if (records_.persons.capacity() - persons >= part.persons.size()) {
    TakePages(records_.persons.data() + persons, part.persons.size() * sizeof(Person));
  }
  records_.persons.insert(records_.persons.end(), part.persons.begin(), part.persons.end());
  families_.insert(families_.end(), group.families.begin(), group.families.end());
  AddFields(part.quality, records_.quality);
  persons_.unlisted += group.counts.unlisted;
  persons_.conflicts += group.counts.conflicts;
  persons_.died_before_birth += group.counts.died_before_birth;
  for (std::size_t level = 0; level < kLevels; ++level) {
    report_.episodes[level] += group.counts.episodes[level];
  }
  for (const MergedGroup::Duplicate& row : group.duplicates) {
    --report_.files[row.file].rows_used;
    report_.files[row.file].LeaveOut(kSameRow, row.line);
  }
}

void Merger::MergeGroups(std::size_t step, std::atomic<std::size_t>& next) {
  GroupMerger merger(parts_, codes_, records_, episode_ids_);
  // Nobody is to wait for ever where memory runs out here.
  absl::Cleanup give_up = [this] {
    absl::MutexLock lock(&mutex_);
    given_up_ = true;
  };
  for (std::size_t first = step * next++; first < Gathered::kShards; first = step * next++) {
    const MergedGroup& group = merger.Merge(first, first + step);
    TakePagesFor(group.records, first);
    const auto my_turn = [&] { return turn_ == first || given_up_; };
    absl::MutexLock lock(&mutex_, absl::Condition(&my_turn));
    if (given_up_) return;
    Append(group, Gathered::kShards / step);
    for (std::size_t s = first; s < first + step; ++s) {
      for (const auto& part : parts_) part->rows(s) = RowLog();
    }
    turn_ += step;
    if ((turn_ / step) % kTrimEvery == 0) ::malloc_trim(0);
  }
  std::move(give_up).Cancel();
}

MergedPersons Merger::Merge() {
  const std::size_t step = ReserveRows() <= kMostInOneGroup ? Gathered::kShards : 1;
  std::atomic<std::size_t> next = 0;
  InParallel(WorthwhileThreads(), [&](std::size_t) { MergeGroups(step, next); });
  absl::MutexLock lock(&mutex_);
  if (records_.made.families) {
    char bytes[8];
    for (const ShortText& family : NumberFamilies(families_, absl::MakeSpan(records_.persons))) {
      records_.family_ids.Add(family.Unpack(bytes));
    }
  }
  records_.in_order = true;
  return persons_;
}

}  // namespace

MergedPersons MergeGathered(const GatheredParts& parts, bool episode_ids, QualityReport& report,
                            Records& records) {
  const MergedPersons persons = Merger(parts, episode_ids, report, records).Merge();
  // What numbering families took.
  ::malloc_trim(0);
  return persons;
}

}  // namespace waymark::node
