#include "node/ingest/completeness.h"

#include <algorithm>
#include <string>

namespace waymark::node {
namespace {

class Counter {
 public:
  explicit Counter(const Dictionary& codes) {
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const std::string& text = codes.Text(static_cast<Code>(i));
      told_.push_back(!text.empty() && text != "unknown" && text != "not known");
    }
  }

  bool Told(Code code) const { return code != kNoCode && told_[code]; }

  // Counts one field over those records that `is_asked`.
  template <typename Record, typename IsAsked, typename IsComplete>
  static FieldQuality Count(const std::string& field, const std::vector<Record>& records,
                            const IsAsked& is_asked, const IsComplete& is_complete) {
    FieldQuality quality{.field = field};
    for (const Record& record : records) {
      if (!is_asked(record)) continue;
      ++quality.records;
      quality.complete += is_complete(record) ? 1 : 0;
    }
    return quality;
  }
  template <typename Record, typename IsAsked = bool (*)(const Record&)>
  FieldQuality CountCode(
      const std::string& field, const std::vector<Record>& records, Code Record::*code,
      const IsAsked& is_asked = [](const Record&) { return true; }) const {
    return Count(field, records, is_asked, [&](const Record& record) { return Told(record.*code); });
  }

 private:
  std::vector<bool> told_;
};

}  // namespace

std::vector<FieldQuality> Completeness(const Records& part, const Records& whole) {
  const Counter counter(whole.codes);
  const auto is_any = [](const Person&) { return true; };
  const auto is_early_help = [](const Episode& e) { return e.level == Level::kEarlyHelp; };
  const auto is_social_care = [](const Episode& e) { return e.level != Level::kEarlyHelp; };
  const auto is_ended = [](const Episode& e) { return e.level == Level::kEarlyHelp && e.end != kNoDay; };

  std::vector<FieldQuality> fields;
  fields.push_back(Counter::Count("person.birth", part.persons, is_any,
                                  [](const Person& p) { return p.birth != kNoDay; }));
  fields.push_back(counter.CountCode("person.sex", part.persons, &Person::sex));
  fields.push_back(counter.CountCode("person.ethnicity", part.persons, &Person::ethnicity));
  fields.push_back(counter.CountCode("person.disability", part.persons, &Person::disability));
  fields.push_back(Counter::Count("person.family", part.persons, is_any,
                                  [](const Person& p) { return p.family != kNoFamily; }));
  const auto of_episodes = [&](const std::string& field, Code Episode::*code, const auto& is_asked) {
    fields.push_back(counter.CountCode(field, part.episodes, code, is_asked));
  };
  if (whole.early_help.from != kNoDay) {
    of_episodes("early_help.source", &Episode::source, is_early_help);
    of_episodes("early_help.need", &Episode::need, is_early_help);
    of_episodes("early_help.end_reason", &Episode::end_reason, is_ended);
  }
  if (whole.social_care.from != kNoDay) {
    of_episodes("social_care.need", &Episode::need, is_social_care);
    fields.push_back(counter.CountCode("referral.source", part.referrals, &Referral::source));
    fields.push_back(counter.CountCode("referral.nfa", part.referrals, &Referral::nfa));
  }
  if (whole.contact.from != kNoDay) {
    fields.push_back(counter.CountCode("contact.source", part.contacts, &Contact::source));
    fields.push_back(counter.CountCode("contact.outcome", part.contacts, &Contact::outcome));
  }
  return fields;
}

void AddFields(const std::vector<FieldQuality>& more, std::vector<FieldQuality>& fields) {
  if (fields.empty()) fields.resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i) {
    fields[i].field = more[i].field;
    fields[i].records += more[i].records;
    fields[i].complete += more[i].complete;
  }
}

std::vector<FieldQuality> FinishFields(std::vector<FieldQuality> fields, std::int64_t persons,
                                       std::int64_t persons_listed) {
  if (persons_listed >= 0) {
    fields.push_back({.field = "person.linked", .records = persons, .complete = persons_listed});
  }
  std::sort(fields.begin(), fields.end(),
            [](const FieldQuality& a, const FieldQuality& b) { return a.field < b.field; });
  return fields;
}

}  // namespace waymark::node
