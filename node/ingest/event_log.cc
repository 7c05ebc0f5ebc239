#include "node/ingest/event_log.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "base/status.h"
#include "node/ingest/event_stages.h"
#include "node/ingest/read_together.h"
#include "node/ingest/row_fields.h"
#include "node/ingest/table_reader.h"

namespace waymark::node {
namespace {

struct Columns {
  Column person, family, birth, death, sex, ethnicity, disability;
  Column source, end_reason, need, area, team, service, worker, id;
  Column start = kNoColumn, end = kNoColumn, level = kNoColumn, kind = kNoColumn, date = kNoColumn;
  Column outcome = kNoColumn, nfa = kNoColumn, referral = kNoColumn;
  Column activity = kNoColumn, timestamp = kNoColumn;
};

Column Find(TableReader& table, const std::string& name) {
  return name.empty() ? kNoColumn : table.Required({name});
}

Columns FindColumns(TableReader& table, const EventLogMapping& m) {
  const auto find = [&](const std::string& name) { return Find(table, name); };
  return {.person = find(m.person),
          .family = find(m.family),
          .birth = find(m.birth),
          .death = find(m.death),
          .sex = find(m.sex),
          .ethnicity = find(m.ethnicity),
          .disability = find(m.disability),
          .source = find(m.source),
          .end_reason = find(m.end_reason),
          .need = find(m.need),
          .area = find(m.area),
          .team = find(m.team),
          .service = find(m.service),
          .worker = find(m.worker),
          .id = find(m.id),
          .start = find(m.start),
          .end = find(m.end),
          .level = find(m.level_column),
          .kind = find(m.kind_column),
          .date = find(m.date),
          .outcome = find(m.outcome),
          .nfa = find(m.nfa),
          .referral = find(m.referral),
          .activity = find(m.activity),
          .timestamp = find(m.timestamp)};
}

std::optional<Level> LevelOfCode(absl::string_view code) {
  if (code.empty()) return std::nullopt;
  if (code == "cin") return Level::kCin;
  if (code == "cp") return Level::kCp;
  return code == "cla" ? Level::kCla : Level::kEarlyHelp;
}

// What a code's text says, looked up once a code.
template <typename Value>
class ByCode {
 public:
  template <typename ValueOfText>
  const Value& Of(const Meaning& meaning, const ValueOfText& value_of) {
    if (meaning.code >= values_.size()) values_.resize(meaning.code + std::size_t{1});
    std::optional<Value>& value = values_[meaning.code];
    if (!value.has_value()) value = value_of(meaning.text);
    return *value;
  }

 private:
  std::vector<std::optional<Value>> values_;
};

// One file being read.
class EventLogReader {
 public:
  EventLogReader(const SourceConfig& config, const Columns& columns, TableReader& table,
                 RecordBuilder& builder, QualityReport& report, std::size_t file)
      : mapping_(config.mapping),
        extract_(config.extract_date),
        table_(table),
        builder_(builder),
        columns_(columns),
        file_(static_cast<std::uint16_t>(file)),
        fields_(config, table, builder, report, file_),
        rules_(config.mapping.stages) {}

  absl::Status Read() {
    while (true) {
      ASSIGN_OR_RETURN(const bool any, table_.Next(fields_.report()));
      if (!any) break;
      if (fields_.Text(columns_.person).empty()) {
        fields_.LeaveOut("no id of a person");
      } else if (mapping_.shape == EventLogMapping::Shape::kEvents) {
        ReadEvent();
      } else {
        ReadRecord();
        builder_.ForgetNumbers();
      }
    }
    if (mapping_.shape == EventLogMapping::Shape::kEvents) AddSpells();
    return absl::OkStatus();
  }

 private:
  // An event that opens or closes, on its way to a spell.
  struct Event {
    std::uint32_t person;
    Day day;
    std::uint32_t line;
    StageAction action;
    std::uint64_t hash;
    std::uint32_t details;  // index in details_; unused where nothing is mapped that belongs there
  };

  std::uint32_t TakePerson(const RowPlace& place) {
    const std::uint32_t person = builder_.PersonNumber(fields_.Text(columns_.person));
    PersonRow row{.birth = fields_.Date(columns_.birth),
                  .death = fields_.Date(columns_.death),
                  .family = {},
                  .sex = fields_.Coded(CodeField::kSex, columns_.sex),
                  .ethnicity = fields_.Coded(CodeField::kEthnicity, columns_.ethnicity),
                  .disability = fields_.Coded(CodeField::kDisability, columns_.disability)};
    if (columns_.family != kNoColumn) row.family = fields_.Text(columns_.family);
    builder_.AddPerson(person, row, place);
    return person;
  }

  // The fields of an episode beside its person, level and days.
  Episode Details(Level level) {
    return {.level = level,
            .source = fields_.Coded(CodeField::kSource, columns_.source),
            .end_reason = fields_.EndReason(level, columns_.end_reason),
            .need = fields_.Coded(CodeField::kNeed, columns_.need),
            .area = fields_.Named(NameField::kArea, columns_.area),
            .team = fields_.Named(NameField::kTeam, columns_.team),
            .service = fields_.Named(NameField::kService, columns_.service),
            .worker = fields_.Named(NameField::kWorker, columns_.worker),
            .id = fields_.Id(columns_.id)};
  }

  // Null where it is blank or not known. (An optional that has just been written piece by piece is slow to
  // read.)
  const RowKind* KindOfRow() {
    if (columns_.kind == kNoColumn) return &mapping_.kind;
    const auto& kind = kinds_.Of(fields_.MeaningOf(CodeField::kKind, columns_.kind), RowKindNamed);
    return kind.has_value() ? &*kind : nullptr;
  }

  void ReadRecord() {
    const RowKind* const kind = KindOfRow();
    if (kind == nullptr) return fields_.LeaveOut("kind of record blank or not known");
    const RowPlace place = fields_.Place(fields_.Text(columns_.id).empty());
    switch (*kind) {
      case RowKind::kEpisode:
        return ReadEpisode(place);
      case RowKind::kReferral:
        return ReadReferral(place);
      case RowKind::kContact:
        builder_.AddContact({.person = TakePerson(place),
                             .source = fields_.Coded(CodeField::kSource, columns_.source),
                             .outcome = Outcome(CodeField::kOutcome),
                             .area = fields_.Named(NameField::kArea, columns_.area),
                             .id = fields_.Id(columns_.id)},
                            fields_.Date(columns_.date), place);
        return;
      case RowKind::kPerson:
        builder_.ListPerson(TakePerson(place));
        ++fields_.report().rows_used;
        return;
      case RowKind::kEarlyHelpAssessment:
        ReadStep(StepKind::kEarlyHelpAssessment, kNoCode, place);
        return;
      case RowKind::kAssessment:
        ReadStep(StepKind::kAssessment, Outcome(CodeField::kAssessmentOutcome), place);
        return;
      case RowKind::kSection47:
        ReadStep(StepKind::kEnquiry, Outcome(CodeField::kSection47Outcome), place);
        return;
      case RowKind::kPlan:
        return ReadPlan(place);
    }
  }

  // Its person last: the codes have then settled when they are read together.
  void ReadReferral(const RowPlace& place) {
    Referral referral{.source = fields_.Coded(CodeField::kSource, columns_.source),
                      .nfa = Nfa(),
                      .outcome = Outcome(CodeField::kReferralOutcome),
                      .area = fields_.Named(NameField::kArea, columns_.area),
                      .team = fields_.Named(NameField::kTeam, columns_.team),
                      .id = fields_.Id(columns_.id)};
    referral.person = TakePerson(place);
    builder_.AddReferral(referral, fields_.Date(columns_.date), place);
  }

  // Where rows are of several kinds, a blank does not tell that the column is of this kind too.
  Code Outcome(CodeField codes) {
    if (columns_.kind != kNoColumn && fields_.Text(columns_.outcome).empty()) return kNoCode;
    return fields_.Coded(codes, columns_.outcome);
  }

  void ReadStep(StepKind kind, Code outcome, const RowPlace& place) {
    const DateReading referral = fields_.Date(columns_.referral);
    if (referral.impossible) {
      fields_.report().Note("the referral's day impossible or in another format: not used", place.line);
    }
    builder_.AddStep({.person = TakePerson(place),
                      .kind = kind,
                      .referral = referral.day,
                      .outcome = outcome,
                      .area = fields_.Named(NameField::kArea, columns_.area),
                      .team = fields_.Named(NameField::kTeam, columns_.team),
                      .id = fields_.Id(columns_.id)},
                     fields_.Date(columns_.start), fields_.Date(columns_.end), place);
  }

  void ReadPlan(RowPlace place) {
    Episode episode = Details(Level::kCp);
    episode.person = TakePerson(place);
    if (!builder_.AddEpisode(episode, fields_.Date(columns_.start), fields_.Date(columns_.end), place))
      return;
    place.counts = false;
    ReadStep(StepKind::kPlan, Outcome(CodeField::kPlanOutcome), place);
  }

  // Blank is "no" where there is a column that could have said "yes".
  Code Nfa() {
    if (columns_.nfa == kNoColumn) return kNoCode;
    const Meaning& meaning = fields_.MeaningOf(CodeField::kNfa, columns_.nfa);
    if (meaning.text == "yes") return meaning.code;
    if (no_ == kNoCode) no_ = builder_.Text("no");
    return no_;
  }

  void ReadEpisode(const RowPlace& place) {
    Level level = mapping_.level.value_or(Level::kEarlyHelp);
    if (columns_.level != kNoColumn) {
      const std::optional<Level>& of_row =
          levels_.Of(fields_.MeaningOf(CodeField::kLevel, columns_.level), LevelOfCode);
      if (!of_row) return fields_.LeaveOut("level blank or not known");
      level = *of_row;
    }
    Episode episode = Details(level);
    episode.person = TakePerson(place);
    builder_.AddEpisode(episode, fields_.Date(columns_.start), fields_.Date(columns_.end), place);
  }

  bool HasDetails() const {
    return columns_.source != kNoColumn || columns_.end_reason != kNoColumn || columns_.need != kNoColumn ||
           columns_.area != kNoColumn || columns_.team != kNoColumn || columns_.service != kNoColumn ||
           columns_.worker != kNoColumn || columns_.id != kNoColumn;
  }

  void ReadEvent() {
    const absl::string_view activity = fields_.Text(columns_.activity);
    const std::optional<StageAction> action = rules_.Find(activity);
    if (!action) {
      if (!activity.empty()) fields_.report().UnknownCode("activity", activity);
      return fields_.LeaveOut(kUnlistedActivity);
    }
    const DateReading date = fields_.Date(columns_.timestamp);
    if (date.impossible) return fields_.LeaveOut("date impossible or in another format");
    if (date.day == kNoDay) return fields_.LeaveOut("no date");
    if (date.day > extract_) return fields_.LeaveOut("date after the extract date");
    const RowPlace place = fields_.Place();
    const std::uint32_t person = TakePerson(place);
    ++fields_.report().rows_used;
    if (action->kind == StageAction::Kind::kIgnore) return;
    std::uint32_t details = 0;
    if (HasDetails()) {
      details = static_cast<std::uint32_t>(details_.size());
      details_.push_back(Details(action->level));
    }
    events_.push_back({person, date.day, place.line, *action, place.hash, details});
  }

  void AddSpells() {
    std::sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
      return std::tie(a.person, a.day, a.line) < std::tie(b.person, b.day, b.line);
    });
    for (std::size_t first = 0; first < events_.size();) {
      std::size_t last = first;
      while (last < events_.size() && events_[last].person == events_[first].person) ++last;
      AddSpellsOf(first, last);
      first = last;
    }
  }

  // Of one person: events_[first, last).
  void AddSpellsOf(std::size_t first, std::size_t last) {
    DropDuplicates(first, last);
    std::vector<StageEvent> events;
    for (std::size_t i = first; i < last; ++i) events.push_back({events_[i].day, events_[i].action});
    for (const StageSpell& spell : SpellsOf(events, mapping_.inactivity_days, mapping_.end_at_last_event)) {
      const Event& opener = events_[first + spell.opened_by];
      Episode episode = details_.empty() ? Episode{} : details_[opener.details];
      // Why it ended stands with the event that ended it.
      episode.end_reason = kNoCode;
      if (columns_.end_reason != kNoColumn) {
        episode.end_reason = spell.closed_by ? details_[events_[first + *spell.closed_by].details].end_reason
                                             : builder_.Text("");
      }
      episode.person = opener.person;
      episode.level = spell.level;
      builder_.AddEpisode(episode, {.day = spell.start}, {.day = spell.end},
                          {.hash = opener.hash, .line = opener.line, .file = file_, .counts = false});
    }
  }

  // Of rows that are the same byte for byte the first stays; `last` moves forward by as many as are dropped.
  void DropDuplicates(std::size_t first, std::size_t& last) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> rows;
    for (std::size_t i = first; i < last; ++i) rows.emplace_back(events_[i].hash, events_[i].line);
    std::sort(rows.begin(), rows.end());
    absl::flat_hash_set<std::uint32_t> dropped;
    for (std::size_t i = 1; i < rows.size(); ++i) {
      if (rows[i].first != rows[i - 1].first) continue;
      dropped.insert(rows[i].second);
      --fields_.report().rows_used;
      fields_.report().LeaveOut(kSameRow, rows[i].second);
    }
    const auto begin = events_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = events_.begin() + static_cast<std::ptrdiff_t>(last);
    const auto kept =
        std::remove_if(begin, end, [&](const Event& event) { return dropped.contains(event.line); });
    last = static_cast<std::size_t>(kept - events_.begin());
  }

  const EventLogMapping& mapping_;
  const Day extract_;
  TableReader& table_;
  RecordBuilder& builder_;
  const Columns columns_;
  const std::uint16_t file_;
  RowFields fields_;
  ByCode<std::optional<RowKind>> kinds_;
  ByCode<std::optional<Level>> levels_;
  Code no_ = kNoCode;  // once it has been asked for
  StageRules rules_;
  std::vector<Event> events_;
  std::vector<Episode> details_;
};

}  // namespace

absl::Status ReadEventLogRows(const SourceConfig& config, TableReader& table, RecordBuilder& builder,
                              QualityReport& report) {
  report.files.push_back({.file = table.name()});
  const std::size_t file = report.files.size() - 1;
  const Columns columns = FindColumns(table, config.mapping);
  RETURN_IF_ERROR(table.FinishColumns());
  const auto read = [&](TableReader& rows, RecordBuilder& into, QualityReport& notes) {
    return EventLogReader(config, columns, rows, into, notes, file).Read();
  };
  // Events are gathered whole before spells are made of them: one thread reads them.
  if (config.mapping.shape == EventLogMapping::Shape::kEvents) return read(table, builder, report);
  return ReadTogether(table, builder, report, read);
}

}  // namespace waymark::node
