// Records for tests, from dates as text. Every kind of record is covered from 2010 to the extract date unless
// a test says otherwise.
#ifndef WAYMARK_TESTS_UNIT_NODE_JOURNEY_RECORDS_BUILDER_H_
#define WAYMARK_TESTS_UNIT_NODE_JOURNEY_RECORDS_BUILDER_H_

#include <string>
#include <utility>

#include "base/day.h"
#include "node/journey/journeys.h"
#include "node/journey/records.h"

namespace waymark::node {

// "" is no date. A text that is no date ends the test.
inline Day D(const std::string& iso) {
  return iso.empty() ? kNoDay : ParseIsoDay(iso).value();
}

// What an episode has beside its dates; "-" where its source does not carry the field.
struct EpisodeFields {
  std::string source = "";
  std::string end_reason = "";
  std::string need = "";
  std::string area = "";
  std::string team = "";
  std::string service = "";
  std::string id = "";
};

struct PersonFields {
  std::string birth = "2012-06-15";
  std::string death = "";
  std::string family = "";  // "": none
  std::string sex = "female";
  std::string ethnicity = "white";
  std::string disability = "no";
};

class RecordsBuilder {
 public:
  explicit RecordsBuilder(const std::string& extract = "2026-12-31") {
    records_.early_help = records_.social_care =
        records_.contact = {.from = D("2010-01-01"), .extract = D(extract)};
    records_.levels = kAllLevels;
  }

  RecordsBuilder& Person(const std::string& id, const PersonFields& fields = {}) {
    const std::uint32_t number = records_.person_ids.Intern(id);
    if (number == records_.persons.size()) records_.persons.emplace_back();
    node::Person& person = records_.persons[number];
    person = {.birth = D(fields.birth),
              .death = D(fields.death),
              .sex = CodeOf(fields.sex),
              .ethnicity = CodeOf(fields.ethnicity),
              .disability = CodeOf(fields.disability)};
    if (!fields.family.empty()) {
      person.family = records_.family_ids.Intern(fields.family);
      records_.has_families = true;
    }
    return *this;
  }

  RecordsBuilder& Episode(const std::string& person, Level level, const std::string& start,
                          const std::string& end, const EpisodeFields& fields = {}) {
    records_.episodes.push_back({.person = Known(person),
                                 .start = D(start),
                                 .end = D(end),
                                 .level = level,
                                 .source = CodeOf(fields.source),
                                 .end_reason = CodeOf(fields.end_reason),
                                 .need = CodeOf(fields.need),
                                 .area = CodeOf(fields.area),
                                 .team = CodeOf(fields.team),
                                 .service = CodeOf(fields.service),
                                 .id = IdOf(fields.id)});
    return *this;
  }
  RecordsBuilder& EarlyHelp(const std::string& person, const std::string& start, const std::string& end,
                            const EpisodeFields& fields = {}) {
    return Episode(person, Level::kEarlyHelp, start, end, fields);
  }
  RecordsBuilder& Cin(const std::string& person, const std::string& start, const std::string& end,
                      const EpisodeFields& fields = {}) {
    return Episode(person, Level::kCin, start, end, fields);
  }

  RecordsBuilder& Referral(const std::string& person, const std::string& day, const std::string& source = "",
                           const std::string& nfa = "", const std::string& id = "",
                           const std::string& outcome = "") {
    records_.referrals.push_back({.person = Known(person),
                                  .day = D(day),
                                  .source = CodeOf(source),
                                  .nfa = CodeOf(nfa),
                                  .outcome = CodeOf(outcome),
                                  .id = IdOf(id)});
    return *this;
  }
  RecordsBuilder& Contact(const std::string& person, const std::string& day, const std::string& source = "",
                          const std::string& outcome = "", const std::string& id = "") {
    records_.contacts.push_back({.person = Known(person),
                                 .day = D(day),
                                 .source = CodeOf(source),
                                 .outcome = CodeOf(outcome),
                                 .id = IdOf(id)});
    return *this;
  }

  RecordsBuilder& Step(const std::string& person, StepKind kind, const std::string& start,
                       const std::string& end, const std::string& outcome = "",
                       const std::string& referral = "") {
    records_.steps.push_back({.person = Known(person),
                              .kind = kind,
                              .start = D(start),
                              .end = D(end),
                              .referral = D(referral),
                              .outcome = CodeOf(outcome)});
    return *this;
  }

  Records& records() { return records_; }
  Journeys Build() { return BuildJourneys(records_).value(); }

 private:
  Code CodeOf(const std::string& text) { return text == "-" ? kNoCode : records_.codes.Intern(text); }
  RecordId IdOf(const std::string& text) {
    return text.empty() ? kNoRecordId : records_.record_ids.Intern(text);
  }
  std::uint32_t Known(const std::string& person) {
    const std::uint32_t number = records_.person_ids.Intern(person);
    if (number == records_.persons.size()) Person(person);
    return number;
  }

  Records records_;
};

// The index of the person with this id.
inline PersonIndex IndexOf(const Journeys& journeys, const std::string& id) {
  PersonIndex index = 0;
  while (index < journeys.persons() && journeys.person_id(index) != id) ++index;
  return index;
}

}  // namespace waymark::node

#endif  // WAYMARK_TESTS_UNIT_NODE_JOURNEY_RECORDS_BUILDER_H_
