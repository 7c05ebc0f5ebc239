#include "node/measure/walk.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/threads.h"
#include "node/measure/candidates.h"
#include "node/measure/contribution.h"

namespace waymark::node {
namespace {

constexpr PersonIndex kChunk = 1 << 14;  // persons that a thread takes at a time
constexpr unsigned kMaxThreads = 2;
// Candidates that are brought into the tables together: as many as fit into a processor's nearest cache. Days
// go into tables that do not, period by period, and wait for more of the same period.
constexpr std::size_t kBatch = 512;
constexpr std::size_t kDaysBatch = 1 << 14;
constexpr PersonIndex kNoPerson = 0xFFFFFFFF;

// Who is of one family: each person leads to the next of the family, in order.
class Families {
 public:
  Families(const Journeys& journeys, bool grouped) {
    if (!grouped) return;
    const std::size_t persons = journeys.persons();
    next_.assign(persons, kNoPerson);
    is_first_.assign(persons, true);
    std::vector<PersonIndex> first(journeys.records().family_ids.size(), kNoPerson);
    for (PersonIndex i = journeys.persons(); i-- > 0;) {
      const std::uint32_t family = journeys.person(i).family;
      if (family == kNoFamily) continue;
      next_[i] = first[family];
      if (next_[i] != kNoPerson) is_first_[next_[i]] = false;
      first[family] = i;
    }
  }

  bool IsFirst(PersonIndex person) const { return is_first_.empty() || is_first_[person]; }
  PersonIndex Next(PersonIndex person) const { return next_.empty() ? kNoPerson : next_[person]; }

 private:
  std::vector<PersonIndex> next_;
  std::vector<bool> is_first_;
};

// One thread's part of the walk.
class alignas(kApart) Walker {
 public:
  Walker(const Journeys& journeys, const Plan& plan, LocalNames& names)
      : journeys_(journeys), plan_(plan), categories_(journeys, names), members_(plan.jobs.size()) {
    for (const Job& job : plan.jobs) {
      counts_.tallies.emplace_back(job.shape);
      counts_.left_out.emplace_back(job.measured.size());
    }
    for (const Work& work : plan.work) {
      counts_.rows.emplace_back(work.breakdowns.begin(), work.breakdowns.end());
      rows_.emplace_back();
      flushed_.push_back(0);
    }
  }

  void Walk(const Families& families, PersonIndex begin, PersonIndex end) {
    for (PersonIndex first = begin; first < end; ++first) {
      if (!families.IsFirst(first)) continue;
      family_.clear();
      for (PersonIndex i = first; i != kNoPerson; i = families.Next(i)) family_.emplace_back(journeys_, i);
      for (std::size_t w = 0; w < plan_.work.size(); ++w) Collect(w);
    }
  }

  void Finish() {
    for (std::size_t w = 0; w < plan_.work.size(); ++w) Flush(w, true);
    for (TableTally& tally : counts_.tallies) tally.Finish();
  }
  Counts& counts() { return counts_; }
  const Job* without_class() const { return without_class_; }

 private:
  absl::Span<const std::uint32_t> SlotsOf(const Work& work, const Candidate& candidate) const {
    if (candidate.period == kByEvent) return work.by_day.On(candidate.event);
    return {&candidate.period, 1};
  }

  // One family's members of one kind of thing.
  void Collect(std::size_t w) {
    const Work& work = plan_.work[w];
    FindCandidates(work);
    if (candidates_.empty() && whole_.empty()) return;
    for (const WholePeriods& whole : whole_) CountWhole(w, whole);
    const std::size_t first = rows_[w].size();
    const bool alone = AreAlone(work);
    for (std::uint32_t c = 0; c < candidates_.size(); ++c) {
      const History& history = HistoryOf(candidates_[c]);
      Judge(work, history,
            {.number = c, .rows = static_cast<std::uint32_t>(rows_[w].size()), .alone = alone});
      AppendRows(w, history, candidates_[c]);
    }
    if (!alone) CountTogether(w, first);
    if (rows_[w].size() - flushed_[w] >= kBatch * work.breakdowns.size()) Flush(w, false);
  }

  void FindCandidates(const Work& work) {
    candidates_.clear();
    whole_.clear();
    switch (work.counting.base) {
      case v1::Cohort::BASE_FAMILY_SPELLS_STARTED:
        return AppendFamilySpells(family_, work.span, candidates_);
      case v1::Cohort::BASE_PERSON_TIME: {
        // Whole periods are for those who are alone in their family.
        absl::Span<const Day> may_be_whole = work.whole_days;
        if (family_.size() > 1) may_be_whole = {};
        for (const History& history : family_) {
          AppendPersonTime(history, work.periods, may_be_whole, candidates_, whole_);
        }
        return;
      }
      default:
        for (const History& history : family_) {
          AppendCandidates(history, work.counting, work.span, work.periods, candidates_);
        }
    }
  }

  // What needs no judging.
  void CountWhole(std::size_t w, const WholePeriods& whole) {
    const auto rows = static_cast<std::uint32_t>(rows_[w].size());
    for (const std::size_t j : plan_.work[w].jobs) {
      counts_.tallies[j].AddWhole(rows, whole.candidate.period, whole.end, whole.state);
    }
    AppendRows(w, HistoryOf(whole.candidate), whole.candidate);
  }

  // Whether no two candidates share a period: then nothing hangs on their being of one family.
  bool AreAlone(const Work& work) {
    const bool by_person = work.counting.base == v1::Cohort::BASE_PERSON_TIME;  // one a person and period
    if (candidates_.size() <= 1 || (by_person && family_.size() == 1)) return true;
    in_slot_.assign(work.periods.size(), 0);
    bool alone = true;
    for (const Candidate& candidate : candidates_) {
      for (const std::uint32_t slot : SlotsOf(work, candidate)) alone &= ++in_slot_[slot] == 1;
    }
    return alone;
  }

  const History& HistoryOf(const Candidate& candidate) const {
    const History* history = family_.data();
    while (history->index() != candidate.person) ++history;
    return *history;
  }

  // A candidate's place.
  struct InFamily {
    std::uint32_t number;  // among the family's
    std::uint32_t rows;    // where its rows will begin in the batch
    bool alone;
  };

  // What the jobs over one kind of thing make of a candidate.
  void Judge(const Work& work, const History& history, const InFamily& place) {
    Candidate& candidate = candidates_[place.number];
    for (const CountedField& field : work.tested) {
      candidate.tested[static_cast<std::size_t>(field.field)] =
          static_cast<std::uint8_t>(categories_.Of(field, history, candidate));
    }
    const absl::Span<const std::uint32_t> slots = SlotsOf(work, candidate);
    std::optional<bool> is_member;  // of the cohort of the jobs at hand
    for (const std::size_t j : work.jobs) {
      const Job& job = plan_.jobs[j];
      if (!job.same_members) is_member.reset();
      const auto is_measured = [&job](std::uint32_t slot) { return job.measured.data()[slot] != 0; };
      if (candidate.event > job.last_event || std::none_of(slots.begin(), slots.end(), is_measured)) continue;
      if (!is_member.has_value()) is_member = job.evaluation->IsMember(history, candidate);
      if (!*is_member) continue;
      effect_.Clear();
      const Evaluation::Verdict verdict = job.evaluation->Evaluate(history, candidate, categories_, effect_);
      if (verdict == Evaluation::Verdict::kNoClass) without_class_ = &job;
      if (verdict != Evaluation::Verdict::kMember) continue;
      for (const std::uint32_t slot : slots) {
        if (!is_measured(slot)) continue;
        if (effect_.cut_short) ++counts_.left_out[j][slot].cut_short;
        if (place.alone) {
          counts_.tallies[j].AddAlone(place.rows, slot, effect_);
        } else {
          members_[j].push_back({.candidate = place.number, .slot = slot, .effect = effect_});
        }
      }
    }
  }

  void AppendRows(std::size_t w, const History& history, const Candidate& candidate) {
    for (const CountedField& field : plan_.work[w].row_fields) {
      row_fields_[static_cast<std::size_t>(field.field)] = categories_.Of(field, history, candidate);
    }
    BatchRows& rows = rows_[w];
    for (RowNumbers& numbers : counts_.rows[w]) rows.push_back(numbers.Of(row_fields_));
  }

  // Adds members of one family that share periods to the tallies.
  void CountTogether(std::size_t w, std::size_t first) {
    const Work& work = plan_.work[w];
    for (const std::size_t j : work.jobs) {
      std::vector<Member>& members = members_[j];
      if (members.empty()) continue;
      const std::optional<ContributionLimit>& limit = plan_.jobs[j].ask->limit;
      if (limit.has_value()) {
        LimitContributions(journeys_, work.counting, *limit, candidates_, members,
                           absl::MakeSpan(counts_.left_out[j]));
      }
      counts_.tallies[j].Add({candidates_, rows_[w], first, work.breakdowns.size()}, members);
      members.clear();
    }
  }

  // Everything where there is no more to come.
  void Flush(std::size_t w, bool everything) {
    const Work& work = plan_.work[w];
    const auto may_wait = [this](std::size_t j) { return counts_.tallies[j].has_days(); };
    const bool any_waits = std::any_of(work.jobs.begin(), work.jobs.end(), may_wait) && !everything &&
                           rows_[w].size() < kDaysBatch * work.breakdowns.size();
    for (const std::size_t j : work.jobs) {
      if (!any_waits || !may_wait(j)) counts_.tallies[j].Flush(rows_[w]);
    }
    if (!any_waits) rows_[w].clear();
    flushed_[w] = rows_[w].size();
  }

  const Journeys& journeys_;
  const Plan& plan_;
  Categories categories_;
  std::vector<History> family_;
  std::vector<Candidate> candidates_;         // of one family and kind of thing
  Effect effect_;                             // of the one that is judged
  FieldCategories row_fields_{};              // those that its work's breakdowns need
  std::vector<WholePeriods> whole_;           // the same
  std::vector<std::uint32_t> in_slot_;        // how many of them
  std::vector<std::vector<Member>> members_;  // of one family; by job
  std::vector<BatchRows> rows_;               // of candidates that wait; by work
  std::vector<std::size_t> flushed_;          // how many of these rows only days wait for; by work
  Counts counts_;
  const Job* without_class_ = nullptr;
};

}  // namespace

absl::StatusOr<Counts> CountAll(const Journeys& journeys, const Plan& plan, LocalNames& names) {
  const Families families(journeys, plan.by_family);
  const PersonIndex persons = plan.work.empty() ? 0 : journeys.persons();
  const unsigned useful = persons / kChunk + 1;
  const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1U, std::min(useful, kMaxThreads));
  std::vector<Walker> walkers;
  for (unsigned i = 0; i < threads; ++i) walkers.emplace_back(journeys, plan, names);
  std::atomic<PersonIndex> next = 0;
  const auto walk = [&](Walker& walker) {
    for (PersonIndex begin = next.fetch_add(kChunk); begin < persons; begin = next.fetch_add(kChunk)) {
      walker.Walk(families, begin, std::min(begin + kChunk, persons));
    }
    walker.Finish();
  };
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < threads; ++i) others.emplace_back(walk, std::ref(walkers[i]));
  walk(walkers[0]);
  others.clear();  // joins

  Counts& counts = walkers[0].counts();
  for (unsigned i = 0; i < threads; ++i) {
    if (const Job* job = walkers[i].without_class(); job != nullptr) {
      return absl::FailedPreconditionError(absl::StrCat(
          "metric ", job->ask->metric->id(), ": its classes do not cover every code of their field"));
    }
    Counts& other = walkers[i].counts();
    for (std::size_t j = 0; i > 0 && j < plan.jobs.size(); ++j) {
      for (std::size_t slot = 0; slot < counts.left_out[j].size(); ++slot) {
        counts.left_out[j][slot].families += other.left_out[j][slot].families;
        counts.left_out[j][slot].members += other.left_out[j][slot].members;
        counts.left_out[j][slot].cut_short += other.left_out[j][slot].cut_short;
      }
    }
    for (std::size_t w = 0; i > 0 && w < plan.work.size(); ++w) {
      for (const std::size_t j : plan.work[w].jobs) {
        counts.tallies[j].Add(other.tallies[j], other.rows[w], absl::MakeSpan(counts.rows[w]));
      }
    }
  }
  return std::move(counts);
}

}  // namespace waymark::node
