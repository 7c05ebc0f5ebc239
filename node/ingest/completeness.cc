#include "node/ingest/completeness.h"

#include <algorithm>
#include <string>

namespace waymark::node {
namespace {

// Counts one field over a list of records.
template <typename Record, typename IsComplete>
FieldQuality Count(const std::string& field, const std::vector<Record>& list, const IsComplete& is_complete) {
  FieldQuality quality{.field = field, .records = static_cast<std::int64_t>(list.size())};
  quality.complete = std::count_if(list.begin(), list.end(), is_complete);
  return quality;
}

}  // namespace

std::vector<FieldQuality> Completeness(const Records& records, std::int64_t persons_listed) {
  const auto told = [&](Code code) {
    if (code == kNoCode) return false;
    const std::string& text = records.codes.Text(code);
    return !text.empty() && text != "unknown" && text != "not known";
  };
  std::vector<Episode> early_help, ended, social_care;
  for (const Episode& episode : records.episodes) {
    if (episode.level != Level::kEarlyHelp) {
      social_care.push_back(episode);
      continue;
    }
    early_help.push_back(episode);
    if (episode.end != kNoDay) ended.push_back(episode);
  }

  std::vector<FieldQuality> fields;
  fields.push_back(Count("person.birth", records.persons, [](const Person& p) { return p.birth != kNoDay; }));
  fields.push_back(Count("person.sex", records.persons, [&](const Person& p) { return told(p.sex); }));
  fields.push_back(
      Count("person.ethnicity", records.persons, [&](const Person& p) { return told(p.ethnicity); }));
  fields.push_back(
      Count("person.disability", records.persons, [&](const Person& p) { return told(p.disability); }));
  fields.push_back(
      Count("person.family", records.persons, [](const Person& p) { return p.family != kNoFamily; }));
  if (persons_listed >= 0) {
    fields.push_back({.field = "person.linked",
                      .records = static_cast<std::int64_t>(records.persons.size()),
                      .complete = persons_listed});
  }
  if (records.early_help.from != kNoDay) {
    fields.push_back(
        Count("early_help.source", early_help, [&](const Episode& e) { return told(e.source); }));
    fields.push_back(Count("early_help.need", early_help, [&](const Episode& e) { return told(e.need); }));
    fields.push_back(
        Count("early_help.end_reason", ended, [&](const Episode& e) { return told(e.end_reason); }));
  }
  if (records.social_care.from != kNoDay) {
    fields.push_back(Count("social_care.need", social_care, [&](const Episode& e) { return told(e.need); }));
    fields.push_back(
        Count("referral.source", records.referrals, [&](const Referral& r) { return told(r.source); }));
    fields.push_back(
        Count("referral.nfa", records.referrals, [&](const Referral& r) { return told(r.nfa); }));
  }
  if (records.contact.from != kNoDay) {
    fields.push_back(
        Count("contact.source", records.contacts, [&](const Contact& c) { return told(c.source); }));
    fields.push_back(
        Count("contact.outcome", records.contacts, [&](const Contact& c) { return told(c.outcome); }));
  }
  std::sort(fields.begin(), fields.end(),
            [](const FieldQuality& a, const FieldQuality& b) { return a.field < b.field; });
  return fields;
}

}  // namespace waymark::node
