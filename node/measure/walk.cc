#include "node/measure/walk.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "node/measure/candidates.h"
#include "node/measure/contribution.h"

namespace waymark::node {
namespace {

constexpr PersonIndex kChunk = 1 << 14;  // persons that a thread takes at a time
constexpr unsigned kMaxThreads = 2;
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
class Walker {
 public:
  Walker(const Journeys& journeys, const Plan& plan, LocalNames& names)
      : journeys_(journeys),
        plan_(plan),
        categories_(journeys, names),
        candidates_(plan.work.size()),
        members_(plan.jobs.size()) {
    for (const Job& job : plan.jobs) tallies_.emplace_back(job.shape);
  }

  void Walk(const Families& families, PersonIndex begin, PersonIndex end) {
    for (PersonIndex first = begin; first < end; ++first) {
      if (!families.IsFirst(first)) continue;
      family_.clear();
      for (PersonIndex i = first; i != kNoPerson; i = families.Next(i)) {
        const History history(journeys_, i);
        for (std::size_t w = 0; w < plan_.work.size(); ++w) Collect(history, w);
        family_.push_back(i);
      }
      for (std::size_t w = 0; w < plan_.work.size(); ++w) CollectSpells(w);
      for (std::size_t w = 0; w < plan_.work.size(); ++w) Count(w);
    }
  }

  void Finish() {
    for (TableTally& tally : tallies_) tally.Flush();
  }
  std::vector<TableTally>& tallies() { return tallies_; }
  const Job* without_class() const { return without_class_; }

 private:
  // One person's members of one kind of thing.
  void Collect(const History& history, std::size_t w) {
    const Work& work = plan_.work[w];
    std::vector<Candidate>& candidates = candidates_[w];
    const std::size_t before = candidates.size();
    AppendCandidates(history, work.counting, work.span, work.periods, candidates);
    for (std::size_t c = before; c < candidates.size(); ++c) Judge(history, w, c);
  }

  // One family's spells, where these are what is counted.
  void CollectSpells(std::size_t w) {
    const Work& work = plan_.work[w];
    if (work.counting.base != v1::Cohort::BASE_FAMILY_SPELLS_STARTED) return;
    AppendFamilySpells(journeys_, family_, work.span, candidates_[w]);
    for (std::size_t c = 0; c < candidates_[w].size(); ++c) {
      Judge(History(journeys_, candidates_[w][c].person), w, c);
    }
  }

  // What the jobs over one kind of thing make of a candidate.
  void Judge(const History& history, std::size_t w, std::size_t c) {
    const Work& work = plan_.work[w];
    Candidate& candidate = candidates_[w][c];
    SetCategories(work.counting, work.tested, candidate);
    bool counts = false;
    for (const std::size_t j : work.jobs) counts |= Evaluate(history, candidate, c, j);
    if (counts) SetCategories(work.counting, work.rows, candidate);
  }

  void SetCategories(const Counting& counting, const std::vector<Field>& fields, Candidate& candidate) {
    for (const Field field : fields) {
      candidate.category[static_cast<std::size_t>(field)] = categories_.Of(field, counting, candidate);
    }
  }

  bool Evaluate(const History& history, const Candidate& candidate, std::size_t place, std::size_t j) {
    const Job& job = plan_.jobs[j];
    const absl::Span<const std::uint32_t> slots = job.SlotsOf(candidate);
    if (slots.empty()) return false;
    Member member{.candidate = static_cast<std::uint32_t>(place), .slot = 0, .effect = {}};
    const Evaluation::Verdict verdict =
        job.evaluation->Evaluate(history, candidate, categories_, member.effect);
    if (verdict == Evaluation::Verdict::kNoClass) without_class_ = &job;
    if (verdict != Evaluation::Verdict::kMember) return false;
    for (const std::uint32_t slot : slots) {
      member.slot = slot;
      members_[j].push_back(member);
    }
    return true;
  }

  // Adds a family's members of one kind of thing to the tallies.
  void Count(std::size_t w) {
    const Work& work = plan_.work[w];
    if (candidates_[w].empty()) return;
    for (const std::size_t j : work.jobs) {
      std::vector<Member>& members = members_[j];
      if (members.empty()) continue;
      const std::optional<ContributionLimit>& limit = plan_.jobs[j].ask->limit;
      if (limit.has_value()) LimitContributions(journeys_, work.counting, *limit, candidates_[w], members);
      tallies_[j].Add(candidates_[w], members);
      members.clear();
    }
    candidates_[w].clear();
  }

  const Journeys& journeys_;
  const Plan& plan_;
  Categories categories_;
  std::vector<PersonIndex> family_;
  std::vector<std::vector<Candidate>> candidates_;  // of one family; by work
  std::vector<std::vector<Member>> members_;        // of one family; by job
  std::vector<TableTally> tallies_;
  const Job* without_class_ = nullptr;
};

}  // namespace

absl::StatusOr<std::vector<TableTally>> CountAll(const Journeys& journeys, const Plan& plan,
                                                 LocalNames& names) {
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

  std::vector<TableTally>& tallies = walkers[0].tallies();
  for (unsigned i = 0; i < threads; ++i) {
    if (const Job* job = walkers[i].without_class(); job != nullptr) {
      return absl::FailedPreconditionError(absl::StrCat(
          "metric ", job->ask->metric->id(), ": its classes do not cover every code of their field"));
    }
    for (std::size_t j = 0; i > 0 && j < tallies.size(); ++j) tallies[j].Add(walkers[i].tallies()[j]);
  }
  return std::move(tallies);
}

}  // namespace waymark::node
