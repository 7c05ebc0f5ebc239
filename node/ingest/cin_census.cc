#include "node/ingest/cin_census.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/numbers.h"
#include "base/status.h"
#include "node/ingest/byte_source.h"
#include "node/ingest/census_xml.h"
#include "node/ingest/census_years.h"
#include "node/ingest/later_wins.h"
#include "node/ingest/value_reader.h"

namespace waymark::node {
namespace {

using Field = CensusField;

// Everything that a record is known by. `referral` and `start` are kNoDay where it has none.
struct RecordKey {
  enum class Kind : std::uint8_t { kPerson, kReferral, kAssessment, kEnquiry, kNeedPlan, kProtectionPlan };

  std::uint32_t person = 0;
  Kind kind = Kind::kPerson;
  int fact = 0;  // of kPerson: 0 for the person, else one by one
  Day referral = kNoDay;
  Day start = kNoDay;

  bool operator==(const RecordKey&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const RecordKey& key) {
    return H::combine(std::move(h), key.person, key.kind, key.fact, key.referral, key.start);
  }
};
using Kind = RecordKey::Kind;

// One referral being read, with what holds for all in it.
struct Referred {
  std::uint32_t person = 0;
  const CensusReferral& xml;
  DateReading day = {};
  bool nfa = false;
  bool closed_after_assessment = false;
  Day conference = kNoDay;  // of the referral as a whole
};

class CensusRecords final : public CensusSink {
 public:
  CensusRecords(const SourceConfig& config, RecordBuilder& builder, QualityReport& report,
                LaterWins<RecordKey>& later, bool earlier_than_another)
      : builder_(builder),
        values_(config, report, static_cast<std::uint16_t>(report.files.size() - 1)),
        later_(later),
        earlier_than_another_(earlier_than_another) {}

  absl::Status Header(const CensusRow&) override { return absl::OkStatus(); }

  absl::Status Child(const CensusChild& child) override {
    const absl::string_view id = child.row.Get(Field::kChildId);
    if (id.empty()) {
      LeaveOutAll(child, "no id of a child (LAchildID)");
      return absl::OkStatus();
    }
    const std::uint32_t person = builder_.PersonNumber(id);
    if (child.referrals.empty()) {
      values_.report().LeaveOut("a child without a referral (CINdetails)", child.row.line);
      return absl::OkStatus();
    }
    AddPerson(person, child.row);
    for (const CensusReferral& referral : child.referrals) AddReferral(person, referral);
    return absl::OkStatus();
  }

 private:
  void LeaveOutAll(const CensusChild& child, absl::string_view reason) {
    values_.report().LeaveOut(reason, child.row.line);
    for (const CensusReferral& referral : child.referrals) {
      values_.report().LeaveOut(reason, referral.row.line);
      for (const auto* rows :
           {&referral.assessments, &referral.enquiries, &referral.need_plans, &referral.protection_plans}) {
        for (const CensusRow& row : *rows) values_.report().LeaveOut(reason, row.line);
      }
    }
  }

  RowPlace Place(const CensusRow& row) const {
    return {.hash = row.hash, .line = static_cast<std::uint32_t>(row.line), .file = values_.file()};
  }

  // Whether a later census has the record; the row is then left out.
  bool Superseded(const RecordKey& key, const CensusRow& row) {
    if (!later_.Told(key, values_.file())) return false;
    values_.report().LeaveOut(kLaterFileHasIt, row.line);
    return true;
  }

  // Fact by fact: a blank in the later census does not hide what an earlier one says.
  void AddPerson(std::uint32_t person, const CensusRow& row) {
    bool any = false;
    const auto fresh = [&](int fact) {
      if (later_.Told({.person = person, .fact = fact}, values_.file())) return false;
      any = true;
      return true;
    };
    const auto coded = [&](int fact, absl::string_view code) {
      const bool says = !code.empty() && code != "not known";
      return says && !fresh(fact) ? kNoCode : builder_.Text(code);
    };
    PersonRow facts;
    const absl::string_view born = row.Get(Field::kBirth);
    const DateReading birth = values_.Date(born.empty() ? row.Get(Field::kExpectedBirth) : born);
    const DateReading death = values_.Date(row.Get(Field::kDeath));
    if (birth.impossible || (birth.day != kNoDay && fresh(1))) facts.birth = birth;
    if (death.impossible || (death.day != kNoDay && fresh(2))) facts.death = death;
    facts.sex = coded(3, values_.CodeText(CodeField::kSex, row.Get(Field::kSex), row.line));
    facts.ethnicity = coded(4, values_.CodeText(CodeField::kEthnicity, row.Get(Field::kEthnicity), row.line));
    facts.disability = coded(5, Disability(row));
    builder_.AddPerson(person, facts, Place(row));
    if (later_.Told({.person = person}, values_.file()) && !any) {
      values_.report().LeaveOut(kLaterFileHasIt, row.line);
    } else {
      ++values_.report().rows_used;
    }
  }

  // "yes" if any of a child's codes says so.
  absl::string_view Disability(const CensusRow& row) {
    absl::string_view said;
    for (const auto& [field, value] : row.values) {
      if (field != Field::kDisability) continue;
      const absl::string_view code = values_.Disability(value);
      if (said.empty() || code == "yes") said = code;
    }
    return said;
  }

  void AddReferral(std::uint32_t person, const CensusReferral& xml) {
    const CensusRow& row = xml.row;
    Referred referred{.person = person, .xml = xml, .day = values_.Date(row.Get(Field::kReferralDate))};
    referred.nfa = values_.CodeText(CodeField::kNfa, row.Get(Field::kNfa), row.line) == "yes";
    referred.closed_after_assessment = ClosedAfterAssessment(row.Get(Field::kClosureReason));
    for (const CensusRow& each : xml.assessments) AddAssessment(referred, each);
    AddEnquiries(referred);
    for (const CensusRow& each : xml.need_plans) AddNeedPlan(referred, each);
    for (const CensusRow& each : xml.protection_plans) AddProtectionPlan(referred, each);
    const RecordKey key{.person = person, .kind = Kind::kReferral, .referral = referred.day.day};
    if (!Superseded(key, row)) AddReferralItself(referred);
  }

  void AddReferralItself(const Referred& referred) {
    const CensusRow& row = referred.xml.row;
    const Code source =
        builder_.Text(values_.CodeText(CodeField::kSource, row.Get(Field::kSource), row.line));
    const bool added = builder_.AddReferral({.person = referred.person,
                                             .source = source,
                                             .nfa = builder_.Text(referred.nfa ? "yes" : "no"),
                                             .outcome = builder_.Text(Outcome(referred))},
                                            referred.day, Place(row));
    if (!added || referred.closed_after_assessment) return;
    if (referred.nfa) {
      const bool worked_on = !referred.xml.assessments.empty() || !referred.xml.need_plans.empty() ||
                             !referred.xml.protection_plans.empty();
      if (worked_on) {
        values_.report().Note(
            "a referral marked as no further action, with an assessment or a plan: no episode", row.line);
      }
      return;
    }
    const DateReading closed = values_.Date(row.Get(Field::kClosureDate));
    if (earlier_than_another_ && closed.day == kNoDay && !closed.impossible) {
      values_.report().Note("open here and not in any later census: taken as still open", row.line);
    }
    RowPlace same_row = Place(row);
    same_row.counts = false;
    builder_.AddEpisode(
        {.person = referred.person,
         .level = Level::kCin,
         .source = source,
         .end_reason =
             builder_.Text(values_.EndReason(Level::kCin, row.Get(Field::kClosureReason), row.line)),
         .need = builder_.Text(values_.CodeText(CodeField::kNeed, row.Get(Field::kNeed), row.line))},
        referred.day, closed, same_row);
  }

  // "in_need" once an assessment is authorised or there is a plan, and it was not closed as RC8.
  absl::string_view Outcome(const Referred& referred) const {
    if (referred.nfa) return "nfa";
    if (referred.closed_after_assessment) return "not_in_need";
    const bool planned = !referred.xml.need_plans.empty() || !referred.xml.protection_plans.empty();
    const bool assessed =
        std::any_of(referred.xml.assessments.begin(), referred.xml.assessments.end(),
                    [&](const CensusRow& each) { return values_.Date(each.Get(Field::kEnd)).day != kNoDay; });
    return planned || assessed ? "in_need" : "";
  }

  void AddStep(const Referred& referred, const CensusRow& row, StepKind kind, const DateReading& end,
               Code outcome) {
    builder_.AddStep(
        {.person = referred.person, .kind = kind, .referral = referred.day.day, .outcome = outcome},
        values_.Date(row.Get(Field::kStart)), end, Place(row));
  }

  RecordKey KeyOf(const Referred& referred, Kind kind, const CensusRow& row) const {
    return {.person = referred.person,
            .kind = kind,
            .referral = referred.day.day,
            .start = values_.Date(row.Get(Field::kStart)).day};
  }

  void AddAssessment(const Referred& referred, const CensusRow& row) {
    if (Superseded(KeyOf(referred, Kind::kAssessment, row), row)) return;
    AddStep(referred, row, StepKind::kAssessment, values_.Date(row.Get(Field::kEnd)), kNoCode);
  }

  // A conference that only the referral names belongs to the last enquiry that began by then and has none of
  // its own.
  void AddEnquiries(const Referred& referred) {
    const DateReading conference = values_.Date(referred.xml.row.Get(Field::kConference));
    const CensusRow* holder = nullptr;
    bool told = conference.day == kNoDay;
    Day held_from = kNoDay;
    for (const CensusRow& each : referred.xml.enquiries) {
      const DateReading own = values_.Date(each.Get(Field::kConference));
      const Day start = values_.Date(each.Get(Field::kStart)).day;
      told = told || own.day == conference.day;
      if (own.day != kNoDay || own.impossible || NotRequired(each) || start > conference.day) continue;
      if (holder == nullptr || start > held_from) {
        holder = &each;
        held_from = start;
      }
    }
    if (told) holder = nullptr;
    if (!told && holder == nullptr) {
      values_.report().Note("an initial conference (DateOfInitialCPC) without an enquiry before it: not used",
                            referred.xml.row.line);
    }
    for (const CensusRow& each : referred.xml.enquiries) {
      if (Superseded(KeyOf(referred, Kind::kEnquiry, each), each)) continue;
      const DateReading end = &each == holder ? conference : values_.Date(each.Get(Field::kConference));
      AddStep(referred, each, StepKind::kEnquiry, end, builder_.Text(EnquiryOutcome(referred, each, end)));
    }
  }

  bool NotRequired(const CensusRow& enquiry) {
    return values_.CodeText(CodeField::kNfa, enquiry.Get(Field::kConferenceNotRequired), enquiry.line) ==
           "yes";
  }

  // A plan begins on the day of the conference that decided on it.
  absl::string_view EnquiryOutcome(const Referred& referred, const CensusRow& row,
                                   const DateReading& conference) {
    if (conference.day == kNoDay) return NotRequired(row) ? "not_required" : "";
    const auto& plans = referred.xml.protection_plans;
    const bool planned = std::any_of(plans.begin(), plans.end(), [&](const CensusRow& plan) {
      return values_.Date(plan.Get(Field::kStart)).day == conference.day;
    });
    return planned ? "plan" : "";
  }

  // Counted, and tells that the child was found to be in need; no metric follows these plans.
  void AddNeedPlan(const Referred& referred, const CensusRow& row) {
    if (!Superseded(KeyOf(referred, Kind::kNeedPlan, row), row)) ++values_.report().rows_used;
  }

  void AddProtectionPlan(const Referred& referred, const CensusRow& row) {
    // Not by referral: a plan may be moved to another one.
    RecordKey key = KeyOf(referred, Kind::kProtectionPlan, row);
    key.referral = kNoDay;
    if (Superseded(key, row)) return;
    const DateReading start = values_.Date(row.Get(Field::kStart));
    const DateReading end = values_.Date(row.Get(Field::kEnd));
    if (!builder_.AddEpisode({.person = referred.person, .level = Level::kCp}, start, end, Place(row)))
      return;
    builder_.AddStep({.person = referred.person,
                      .kind = StepKind::kPlan,
                      .referral = referred.day.day,
                      .outcome = builder_.Text(PlanOutcome(row))},
                     start, end, SameRow(row));
  }

  RowPlace SameRow(const CensusRow& row) const {
    RowPlace place = Place(row);
    place.counts = false;
    return place;
  }

  absl::string_view PlanOutcome(const CensusRow& row) {
    const absl::string_view text = row.Get(Field::kPreviousPlans);
    if (text.empty()) return "";
    std::int32_t previous = 0;
    if (!absl::SimpleAtoi(text, &previous) || previous < 0) {
      values_.report().Note("NumberOfPreviousCPP is not a number: not used", row.line);
      return "";
    }
    return previous == 0 ? "first" : "repeat";
  }

  RecordBuilder& builder_;
  ValueReader values_;
  LaterWins<RecordKey>& later_;
  bool earlier_than_another_;
};

}  // namespace

void ConfigureCinCensus(ConfigTable& source, SourceConfig& config) {
  config.la_code = source.IntOr("la_code", 0, 1, 999);
  ConfigTable mapping = source.Table("mapping");
  ReadDateFormats(mapping, IsoDateFormats(), config);
  ReadCodes(mapping, config);
}

Carries CinCensusCarries(const SourceConfig& config) {
  Carries carries = config.carries.value_or(Carries{.social_care = true});
  carries.levels = Only(Level::kCin) | Only(Level::kCp);
  return carries;
}

absl::Status ReadCinCensus(const SourceConfig& config, RecordBuilder& builder, QualityReport& report) {
  ASSIGN_OR_RETURN(const std::vector<Census> censuses, FindCensuses(config));
  LaterWins<RecordKey> later;
  ErrorList errors;
  for (const Census& census : censuses) {
    report.files.push_back({.file = census.path});
    absl::StatusOr<std::unique_ptr<ByteSource>> bytes = OpenFile(census.path);
    if (!bytes.ok()) {
      errors.Add(bytes.status());
      continue;
    }
    CensusRecords records(config, builder, report, later, &census != &censuses.front());
    errors.Add(ReadCensus(**bytes, census.path, records, report.files.back()));
  }
  JudgeYears(config, censuses, report);
  return errors.Joined();
}

}  // namespace waymark::node
