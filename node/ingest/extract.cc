#include "node/ingest/extract.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMostExamples = 20;

bool Carried(const FlatRecord& record, const Carries& carries) {
  switch (record.kind) {
    case FlatRecord::Kind::kEpisode:
      return record.sub == static_cast<int>(Level::kEarlyHelp) ? carries.early_help : carries.social_care;
    case FlatRecord::Kind::kReferral:
      return carries.social_care;
    case FlatRecord::Kind::kContact:
      return carries.contacts;
    case FlatRecord::Kind::kStep:
      return record.sub == static_cast<int>(StepKind::kEarlyHelpAssessment)
                 ? carries.early_help || carries.early_help_assessments
                 : carries.social_care;
    case FlatRecord::Kind::kPerson:
      return false;
  }
  return false;
}

std::string KeyOf(const FlatRecord& record) {
  const std::string who = absl::StrCat(static_cast<int>(record.kind), " ", record.sub, " ",
                                       record.person.size(), " ", record.person);
  if (record.id() && !record.id()->empty()) return absl::StrCat(who, " id ", *record.id());
  return absl::StrCat(who, " ", record.start());
}

bool Tells(const std::optional<std::string>& text) {
  return text.has_value() && !text->empty() && *text != "not known";
}

class Merger {
 public:
  void Take(Extract extract) {
    ExtractReport report{
        .source = extract.head.source, .window = extract.head.window, .records = extract.head.records};
    ++round_;
    examples_.clear();
    // Records of one key within one extract: the first meets the first, and so on.
    absl::flat_hash_map<std::string, int> seen;
    for (FlatRecord& record : extract.records) {
      if (record.kind == FlatRecord::Kind::kPerson) {
        TakePerson(std::move(record));
        continue;
      }
      const std::string key = KeyOf(record);
      TakeRecord(absl::StrCat(key, " #", seen[key]++), std::move(record), report);
    }
    DropMissing(extract.head, report);
    reports_.push_back(std::move(report));
  }

  ExtractHistory Finish() {
    ExtractHistory history;
    history.extracts = std::move(reports_);
    history.examples = std::move(examples_);
    for (auto& [key, held] : persons_) history.records.push_back(std::move(held));
    for (auto& [key, held] : held_) history.records.push_back(std::move(held.record));
    std::sort(history.records.begin(), history.records.end(), [](const FlatRecord& a, const FlatRecord& b) {
      return std::tie(a.kind, a.person, a.days, a.sub, a.texts) <
             std::tie(b.kind, b.person, b.days, b.sub, b.texts);
    });
    return history;
  }

 private:
  struct Held {
    FlatRecord record;
    int round = 0;         // of the last extract that has it
    Day seen_at = kNoDay;  // the day whose state that shows
  };

  void TakePerson(FlatRecord&& person) {
    const auto [at, is_new] = persons_.try_emplace(person.person, person);
    if (is_new) return;
    FlatRecord& held = at->second;
    held.sub = std::max(held.sub, person.sub);
    for (std::size_t i = 0; i < held.days.size(); ++i) {
      if (person.days[i] != kNoDay) held.days[i] = person.days[i];
    }
    for (std::size_t i = 0; i < held.texts.size(); ++i) {
      if (Tells(person.texts[i]) || !held.texts[i]) held.texts[i] = std::move(person.texts[i]);
    }
  }

  void TakeRecord(const std::string& key, FlatRecord&& record, ExtractReport& report) {
    const auto [at, is_new] = held_.try_emplace(key);
    Held& held = at->second;
    if (is_new) {
      ++report.added;
    } else if (!(held.record == record)) {
      const bool closes = record.IsSpell() && held.record.end() == kNoDay && record.end() != kNoDay;
      ++(closes ? report.closed : report.changed);
      if (!closes) AddExample(Change::kChanged, std::move(held.record));
    }
    held = {std::move(record), round_, report.window.extract};
  }

  // Takes away what the extract of `head` ought to have and has not.
  void DropMissing(const ExtractHead& head, ExtractReport& report) {
    for (auto at = held_.begin(); at != held_.end();) {
      Held& held = at->second;
      const bool missing = held.round != round_ && Carried(held.record, head.carries);
      const bool deleted = missing && Expected(held, head.window);
      const bool lost = missing && !deleted && held.record.IsSpell() && held.record.end() == kNoDay;
      if (!deleted && !lost) {
        ++at;
        continue;
      }
      ++(deleted ? report.deleted : report.lost);
      AddExample(deleted ? Change::kDeleted : Change::kLost, std::move(held.record));
      at = held_.erase(at);
    }
  }

  // Whether an extract of `window` has the record, if it is still as it was.
  static bool Expected(const Held& held, const Coverage& window) {
    const FlatRecord& record = held.record;
    if (record.start() > window.extract) return false;
    if (!record.IsSpell()) return record.start() >= window.from;
    // An open one was open when it was last seen.
    const Day last = record.end() == kNoDay ? held.seen_at : record.end();
    return last >= window.from;
  }

  void AddExample(Change change, FlatRecord&& record) {
    const auto same = [&](const auto& example) { return example.first == change; };
    if (std::count_if(examples_.begin(), examples_.end(), same) >= static_cast<std::ptrdiff_t>(kMostExamples))
      return;
    examples_.emplace_back(change, std::move(record));
  }

  int round_ = 0;
  std::map<std::string, FlatRecord> persons_;
  std::map<std::string, Held> held_;
  std::vector<ExtractReport> reports_;
  std::vector<std::pair<Change, FlatRecord>> examples_;
};

bool Earlier(const ExtractHead& a, const ExtractHead& b) {
  return std::tie(a.window.extract, a.window.from) < std::tie(b.window.extract, b.window.from);
}

}  // namespace

ExtractHistory Merge(std::vector<Extract> extracts) {
  std::sort(extracts.begin(), extracts.end(),
            [](const Extract& a, const Extract& b) { return Earlier(a.head, b.head); });
  Merger merger;
  for (Extract& extract : extracts) merger.Take(std::move(extract));
  return merger.Finish();
}

Coverage WholeWindow(const std::vector<ExtractHead>& extracts, bool Carries::*kind) {
  std::vector<ExtractHead> heads;
  for (const ExtractHead& head : extracts) {
    if (head.carries.*kind) heads.push_back(head);
  }
  if (heads.empty()) return {};
  std::sort(heads.begin(), heads.end(), Earlier);
  Coverage whole = heads.back().window;
  // Backwards, as long as the one before was made no earlier than the day before the window so far begins.
  for (auto at = heads.rbegin(); at != heads.rend(); ++at) {
    if (at->window.extract + 1 >= whole.from) whole.from = std::min(whole.from, at->window.from);
  }
  return whole;
}

}  // namespace waymark::node
