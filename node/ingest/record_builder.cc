#include "node/ingest/record_builder.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "node/ingest/completeness.h"
#include "node/ingest/logged_record.h"

namespace waymark::node {
namespace {

// A birth further after the extract than a pregnancy lasts is a typing error and not an unborn child.
constexpr Day kLongestPregnancy = 300;

}  // namespace

RecordBuilder::RecordBuilder(const Coverage& early_help, const Coverage& social_care, const Coverage& contact,
                             const Coverage& early_help_assessment, QualityReport& report)
    : report_(report),
      early_help_(early_help),
      social_care_(social_care),
      contact_(contact),
      early_help_assessment_(early_help_assessment.from == kNoDay ? early_help : early_help_assessment) {
  for (const Coverage* coverage : {&early_help_, &social_care_, &contact_, &early_help_assessment_}) {
    if (coverage->extract == kNoDay) continue;
    last_extract_ = last_extract_ == kNoDay ? coverage->extract : std::max(last_extract_, coverage->extract);
  }
}

RecordBuilder& RecordBuilder::Beside(QualityReport& report) {
  auto builder =
      std::make_unique<RecordBuilder>(early_help_, social_care_, contact_, early_help_assessment_, report);
  builder->LinkPersons(links_);
  builder->Make(make_);
  return *beside_.emplace_back(std::move(builder));
}

bool RecordBuilder::LeaveOut(absl::string_view reason, const RowPlace& place) {
  FileReport& file = report_.files[place.file];
  if (place.counts) {
    file.LeaveOut(reason, place.line);
  } else {
    file.Note(absl::StrCat("no episode made of it: ", reason), place.line);
  }
  return false;
}

Day RecordBuilder::BirthOf(const DateReading& birth, const RowPlace& place) {
  if (birth.impossible) {
    report_.files[place.file].Note("birth date impossible or in another format: not used", place.line);
  }
  if (birth.day == kNoDay || birth.day <= last_extract_) return birth.day;
  FileReport& file = report_.files[place.file];
  if (birth.day - last_extract_ > kLongestPregnancy) {
    file.Note("birth date more than 300 days after the extract date: not used", place.line);
    return kNoDay;
  }
  file.Note("birth date after the extract date: taken for an unborn child", place.line);
  return birth.day;
}

Day RecordBuilder::DeathOf(const DateReading& death, const RowPlace& place) {
  if (death.impossible) {
    report_.files[place.file].Note("death date impossible or in another format: not used", place.line);
  }
  if (death.day == kNoDay || death.day <= last_extract_) return death.day;
  report_.files[place.file].Note("death date after the extract date: not used", place.line);
  return kNoDay;
}

void RecordBuilder::AddPerson(std::uint32_t person, const PersonRow& row, const RowPlace& place) {
  PersonFacts facts{.birth = BirthOf(row.birth, place),
                    .death = DeathOf(row.death, place),
                    .sex = row.sex,
                    .ethnicity = row.ethnicity,
                    .disability = row.disability};
  if (row.family) {
    has_families_ = true;
    if (make_.families) facts.family = ShortText(*row.family, gathered_->room());
  }
  gathered_->Add(person, facts);
}

void RecordBuilder::ListPerson(std::uint32_t person) {
  has_person_list_ = true;
  gathered_->Add(person, PersonFacts{.listed = true});
}

const Coverage& RecordBuilder::CoverageOf(Level level) const {
  return level == Level::kEarlyHelp ? early_help_ : social_care_;
}

bool RecordBuilder::MayStart(const DateReading& start, const Coverage& coverage, const RowPlace& place) {
  if (coverage.from == kNoDay) {
    return LeaveOut("of a kind that this source does not carry (see `carries`)", place);
  }
  if (start.impossible) return LeaveOut("date impossible or in another format", place);
  if (start.day == kNoDay) return LeaveOut("no date", place);
  if (start.day > coverage.extract) return LeaveOut("date after the extract date", place);
  return true;
}

bool RecordBuilder::TakeEnd(const DateReading& end, Day start, const Coverage& coverage,
                            const RowPlace& place, Day& taken) {
  if (end.impossible) return LeaveOut("end date impossible or in another format", place);
  if (end.day < start) return LeaveOut("ends before it starts", place);
  taken = end.day;
  if (end.day != kNoDay && end.day > coverage.extract) {
    report_.files[place.file].Note("ends after the extract date: taken as open", place.line);
    taken = kNoDay;
  }
  return true;
}

void RecordBuilder::Add(std::uint32_t person, RecordId id, LoggedRow& row, const RowPlace& place) {
  if (id != kNoRecordId) row.id = IdText(id);
  row.hash = place.hash;
  row.line = place.line;
  row.file = place.file;
  row.counts = place.counts;
  gathered_->Add(person, row);
  if (place.counts) ++report_.files[place.file].rows_used;
}

bool RecordBuilder::AddEpisode(const Episode& episode, const DateReading& start, const DateReading& end,
                               const RowPlace& place) {
  const Coverage& coverage = CoverageOf(episode.level);
  if (!MayStart(start, coverage, place)) return false;
  LoggedRow row = Logged(episode);
  row.start = start.day;
  if (!TakeEnd(end, start.day, coverage, place, row.end)) return false;
  Code& end_reason = row.codes[kEndReasonCode];
  if (row.end != end.day && end_reason != kNoCode) end_reason = Text("");
  Add(episode.person, episode.id, row, place);
  return true;
}

bool RecordBuilder::AddReferral(const Referral& referral, const DateReading& day, const RowPlace& place) {
  if (!MayStart(day, social_care_, place)) return false;
  LoggedRow row = Logged(referral);
  row.start = day.day;
  Add(referral.person, referral.id, row, place);
  return true;
}

bool RecordBuilder::AddContact(const Contact& contact, const DateReading& day, const RowPlace& place) {
  if (!MayStart(day, contact_, place)) return false;
  LoggedRow row = Logged(contact);
  row.start = day.day;
  Add(contact.person, contact.id, row, place);
  return true;
}

bool RecordBuilder::AddStep(const Step& step, const DateReading& start, const DateReading& end,
                            const RowPlace& place) {
  const Coverage& coverage =
      step.kind == StepKind::kEarlyHelpAssessment ? early_help_assessment_ : social_care_;
  LoggedRow row = Logged(step);
  if (!MayStart(start, coverage, place) || !TakeEnd(end, start.day, coverage, place, row.end)) return false;
  row.start = start.day;
  Add(step.person, step.id, row, place);
  return true;
}

void RecordBuilder::ReportPersons(Records& records, MergedPersons persons) {
  const std::int64_t unlinked = has_person_list_ ? persons.unlisted : 0;
  const auto warn = [&](std::int64_t count, absl::string_view message) {
    if (count > 0) report_.issues.push_back({Severity::kWarning, "", 0, absl::StrCat(count, " ", message)});
  };
  warn(unlinked,
       "children have records but do not stand in the list of persons; their age, sex and ethnicity are not "
       "known");
  warn(persons.conflicts,
       "children have different dates of birth or death, sex, ethnicity or disability in different rows; "
       "the earliest date and the first code in the alphabet were taken");
  warn(persons.died_before_birth, "children have a death date before their birth date; it is not used");
  if (!records.made.quality) return;
  const auto all = static_cast<std::int64_t>(records.persons.size());
  records.quality = FinishFields(std::move(records.quality), all, has_person_list_ ? all - unlinked : -1);
  report_.fields = records.quality;
}

absl::StatusOr<Records> RecordBuilder::Finish() {
  Records records;
  records.early_help = early_help_;
  records.social_care = social_care_;
  records.contact = contact_;
  records.early_help_assessment = early_help_assessment_;
  std::vector<std::unique_ptr<Gathered>> parts;
  parts.push_back(std::move(gathered_));
  for (const auto& other : beside_) {
    parts.push_back(std::move(other->gathered_));
    has_families_ = has_families_ || other->has_families_;
    has_person_list_ = has_person_list_ || other->has_person_list_;
  }
  records.has_families = has_families_;
  records.made = make_;
  ReportPersons(records, MergeGathered(parts, keep_episode_ids_, report_, records));
  if (records.codes.is_full()) {
    return absl::ResourceExhaustedError(absl::StrCat("the sources have ", records.codes.size(),
                                                     " different codes and names of areas, teams, services "
                                                     "and case holders or more; is one of these columns "
                                                     "mapped to a column of free text or of ids?"));
  }
  records.templates = std::move(templates_);
  return records;
}

}  // namespace waymark::node
