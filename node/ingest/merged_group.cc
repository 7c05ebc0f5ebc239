#include "node/ingest/merged_group.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <tuple>

#include "node/ingest/completeness.h"
#include "node/ingest/logged_record.h"

namespace waymark::node {
namespace {

constexpr std::size_t kFirstSlots = std::size_t{1} << 14;
constexpr std::uint32_t kNobody = 0xFFFFFFFF;
// How many rows ahead memory is asked for: that of the row, and then that of its id.
constexpr std::size_t kRowAhead = 16;
constexpr std::size_t kIdAhead = 8;
constexpr std::uint8_t kTellsSomething = 3;

std::uint8_t WeightOf(const std::string& text) {
  if (text.empty()) return 1;
  return text == "not known" ? 2 : kTellsSomething;
}

// The type, level or kind and first day of a row: what rows of one person are put in order by, at first.
std::uint64_t DaysOf(const LoggedRow& r) {
  const auto type = static_cast<std::uint64_t>(r.type);
  const auto biased = static_cast<std::uint64_t>(std::int64_t{r.start} + (std::int64_t{1} << 31U));
  return type << 40U | std::uint64_t{r.part} << 36U | biased;
}

// Of rows whose DaysOf is the same. Codes are in the order of their texts.
auto Fields(const LoggedRow& r) {
  return std::tie(r.id, r.end, r.referral, r.codes);
}
bool IsBefore(const LoggedRow& a, const LoggedRow& b) {
  if (Fields(a) != Fields(b)) return Fields(a) < Fields(b);
  return std::tie(a.hash, a.file, a.line) < std::tie(b.hash, b.file, b.line);
}
bool AreSame(const LoggedRow& a, const LoggedRow& b) {
  return Fields(a) == Fields(b) && (!a.id.empty() || a.hash == b.hash);
}

void TakeEarliest(Day day, Day& held, bool& conflict) {
  if (day == kNoDay || day == held) return;
  conflict = conflict || held != kNoDay;
  held = std::min(held, day);
}

}  // namespace

JoinedCodes::JoinedCodes(const GatheredParts& parts, Dictionary& codes) {
  std::vector<std::string> texts;
  for (const auto& part : parts) {
    for (std::size_t i = 0; i < part->codes().size(); ++i) {
      texts.push_back(part->codes().Text(static_cast<Code>(i)));
    }
  }
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  for (const std::string& text : texts) {
    codes.Intern(text);
    weights_.push_back(WeightOf(text));
  }
  numbers_.resize(parts.size());
  for (std::size_t p = 0; p < parts.size(); ++p) {
    numbers_[p].push_back(kNoCode);
    for (std::size_t i = 0; i < parts[p]->codes().size(); ++i) {
      numbers_[p].push_back(codes.Intern(parts[p]->codes().Text(static_cast<Code>(i))));
    }
  }
}

Code JoinedCodes::Better(Code held, Code code, bool& conflict) const {
  if (held == code) return held;
  const int held_weight = Weight(held);
  const int weight = Weight(code);
  if (held_weight != weight) return held_weight > weight ? held : code;
  conflict = conflict || weight == kTellsSomething;
  return std::min(held, code);
}

void MergedGroup::Clear() {
  records.persons.clear();
  records.episodes.clear();
  records.referrals.clear();
  records.contacts.clear();
  records.steps.clear();
  records.person_ids.Clear();
  records.record_ids.Clear();
  families.clear();
  duplicates.clear();
  counts = {};
}

const MergedGroup& GroupMerger::Merge(std::size_t first, std::size_t last) {
  group_.Clear();
  ids_.clear();
  met_.clear();
  rows_.clear();
  slots_.assign(kFirstSlots, 0);
  for (std::size_t s = first; s < last; ++s) {
    for (std::size_t p = 0; p < parts_.size(); ++p) Read(p, parts_[p]->rows(s));
  }
  AddPersons();
  AddRows();
  if (whole_.made.quality) group_.records.quality = Completeness(group_.records, whole_);
  return group_;
}

// Entries of one person follow each other: facts, and a record.
struct GroupMerger::Visitor {
  GroupMerger& merger;
  JoinedCodes::OfPart codes;
  std::uint64_t last = 0;
  std::uint32_t number = kNobody;

  std::uint32_t NumberOf(ShortText id) {
    if (number == kNobody || id.word() != last) number = merger.PersonNumber(id);
    last = id.word();
    return number;
  }
  void operator()(ShortText id, const PersonFacts& facts) {
    merger.Take(facts, codes, merger.met_[NumberOf(id)]);
  }
  LoggedRow& Room() { return merger.rows_.emplace_back().row; }
  void operator()(ShortText id) {
    Row& row = merger.rows_.back();
    for (Code& code : row.row.codes) code = codes.Of(code);
    row.person = NumberOf(id);
    merger.met_[row.person].used = true;
  }
};

void GroupMerger::Read(std::size_t part, RowLog& log) {
  Visitor visitor{.merger = *this, .codes = codes_.Part(part)};
  log.ForEach(visitor);
}

std::uint32_t GroupMerger::PersonNumber(ShortText id) {
  if (4 * (met_.size() + 1) > 3 * slots_.size()) GrowSlots();
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = static_cast<std::size_t>(id.Hash()) & mask;
  while (slots_[at] != 0 && !(ids_[slots_[at] - 1] == id)) at = (at + 1) & mask;
  if (slots_[at] == 0) {
    ids_.push_back(id);
    met_.emplace_back();
    slots_[at] = static_cast<std::uint32_t>(met_.size());
  }
  return slots_[at] - 1;
}

void GroupMerger::GrowSlots() {
  slots_.assign(2 * slots_.size(), 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < met_.size(); ++i) {
    std::size_t at = static_cast<std::size_t>(ids_[i].Hash()) & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = static_cast<std::uint32_t>(i + 1);
  }
}

void GroupMerger::Take(const PersonFacts& facts, JoinedCodes::OfPart codes, Met& met) const {
  Person& person = met.person;
  TakeEarliest(facts.birth, person.birth, met.conflict);
  TakeEarliest(facts.death, person.death, met.conflict);
  person.sex = codes_.Better(person.sex, codes.Of(facts.sex), met.conflict);
  person.ethnicity = codes_.Better(person.ethnicity, codes.Of(facts.ethnicity), met.conflict);
  person.disability = codes_.Better(person.disability, codes.Of(facts.disability), met.conflict);
  if (met.family.empty() || (!facts.family.empty() && facts.family < met.family)) met.family = facts.family;
  person.listed = person.listed || facts.listed;
}

// Ids that are all short are in the order of their words: by one byte after the other from the last on,
// leaving out bytes in which all ids are alike.
void GroupMerger::SortById() {
  std::uint64_t differ = 0;
  bool all_short = true;
  for (const auto& [id, number] : by_id_) {
    differ |= id.word() ^ by_id_.front().first.word();
    all_short &= id.is_short();
  }
  if (!all_short) {
    std::sort(by_id_.begin(), by_id_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return;
  }
  sorted_.resize(by_id_.size());
  for (unsigned shift = 0; shift < 64; shift += 8) {
    if ((differ >> shift & 0xFFU) == 0) continue;
    const auto byte_of = [shift](const auto& person) { return person.first.word() >> shift & 0xFFU; };
    std::array<std::size_t, 256> next{};
    for (const auto& person : by_id_) ++next[byte_of(person)];
    std::exclusive_scan(next.begin(), next.end(), next.begin(), std::size_t{0});
    for (const auto& person : by_id_) sorted_[next[byte_of(person)]++] = person;
    by_id_.swap(sorted_);
  }
}

void GroupMerger::AddPersons() {
  by_id_.clear();
  for (std::uint32_t i = 0; i < met_.size(); ++i) {
    if (met_[i].used) by_id_.emplace_back(ids_[i], i);
  }
  SortById();
  for (const auto& [id, number] : by_id_) {
    Met& met = met_[number];
    Person& person = met.person;
    char bytes[8];
    if (whole_.made.ids) group_.records.person_ids.Add(id.Unpack(bytes));
    if (whole_.made.families) {
      group_.families.push_back(met.family);
      // Numbers come later; for now that there is one.
      person.family = met.family.empty() ? kNoFamily : 0;
    }
    if (person.death != kNoDay && person.birth != kNoDay && person.death < person.birth) {
      ++group_.counts.died_before_birth;
      person.death = kNoDay;
    }
    if (!person.listed) ++group_.counts.unlisted;
    if (met.conflict) ++group_.counts.conflicts;
    group_.records.persons.push_back(person);
  }
}

void GroupMerger::AddRows() {
  begins_.assign(met_.size(), 0);
  for (const Row& row : rows_) ++begins_[row.person];
  std::uint32_t begin = 0;
  for (const auto& [id, number] : by_id_) begin += std::exchange(begins_[number], begin);
  order_.resize(rows_.size());
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    order_[begins_[rows_[i].person]++] = {DaysOf(rows_[i].row), i};
  }
  // Each person's beginning is now where the rows end.
  const auto row_at = [this](std::size_t at) -> const LoggedRow& { return rows_[order_[at].row].row; };
  std::uint32_t person = 0;
  std::size_t last = 0;
  for (const auto& [id, number] : by_id_) {
    const std::size_t first = std::exchange(last, begins_[number]);
    std::sort(order_.begin() + static_cast<std::ptrdiff_t>(first),
              order_.begin() + static_cast<std::ptrdiff_t>(last), [this](const Ordered& a, const Ordered& b) {
                if (a.days != b.days) return a.days < b.days;
                return IsBefore(rows_[a.row].row, rows_[b.row].row);
              });
    for (std::size_t at = first; at < last; ++at) {
      const LoggedRow& row = row_at(at);
      if (at + kRowAhead < order_.size()) __builtin_prefetch(&row_at(at + kRowAhead));
      if (at + kIdAhead < order_.size()) __builtin_prefetch(row_at(at + kIdAhead).id.data());
      if (at == first || order_[at].days != order_[at - 1].days || !AreSame(row_at(at - 1), row)) {
        AddRow(row, person);
      } else if (row.counts) {
        group_.duplicates.push_back({row.line, row.file});
      }
    }
    ++person;
  }
}

void GroupMerger::AddRow(const LoggedRow& row, std::uint32_t person) {
  Records& records = group_.records;
  const auto add = [&](auto& rows, bool with_id = true) {
    auto& record = rows.emplace_back();
    Fill(row, record);
    record.person = person;
    if (with_id && whole_.made.ids && !row.id.empty()) record.id = records.record_ids.Add(row.id);
  };
  switch (row.type) {
    case RowType::kEpisode:
      ++group_.counts.episodes[row.part];
      return add(records.episodes, episode_ids_);
    case RowType::kReferral:
      return add(records.referrals);
    case RowType::kContact:
      return add(records.contacts);
    case RowType::kStep:
      return add(records.steps);
  }
}

}  // namespace waymark::node
