#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/configuration.h"
#include "node/ingest/event_log.h"
#include "node/ingest/source.h"
#include "node/ingest/workbook.h"

namespace waymark::node {
namespace {

std::optional<Level> LevelOf(absl::string_view code) {
  if (code == "early_help") return Level::kEarlyHelp;
  if (code == "cin") return Level::kCin;
  if (code == "cp") return Level::kCp;
  if (code == "cla") return Level::kCla;
  return std::nullopt;
}

void ReadCommonColumns(ConfigTable& mapping, EventLogMapping& out) {
  out.person = mapping.String("person", "set the column with the child's id");
  const std::pair<const char*, std::string EventLogMapping::*> columns[] = {
      {"family", &EventLogMapping::family},       {"birth", &EventLogMapping::birth},
      {"death", &EventLogMapping::death},         {"sex", &EventLogMapping::sex},
      {"ethnicity", &EventLogMapping::ethnicity}, {"disability", &EventLogMapping::disability},
      {"source", &EventLogMapping::source},       {"end_reason", &EventLogMapping::end_reason},
      {"need", &EventLogMapping::need},           {"area", &EventLogMapping::area},
      {"team", &EventLogMapping::team},           {"service", &EventLogMapping::service},
      {"worker", &EventLogMapping::worker},       {"id", &EventLogMapping::id}};
  for (const auto& [key, member] : columns) out.*member = mapping.StringOr(key, "");
}

void ReadEpisodes(ConfigTable& mapping, EventLogMapping& out) {
  out.shape = EventLogMapping::Shape::kEpisodes;
  const std::string kind = mapping.StringOr("kind", "episode");
  if (const auto constant = RowKindNamed(kind)) {
    out.kind = *constant;
  } else {
    out.kind_column = kind;
  }
  out.start = mapping.StringOr("start", "");
  out.end = mapping.StringOr("end", "");
  out.date = mapping.StringOr("date", out.start);
  out.outcome = mapping.StringOr("outcome", "");
  out.nfa = mapping.StringOr("nfa", "");
  out.referral = mapping.StringOr("referral", "");
  const std::string level = mapping.StringOr("level", "");
  out.level = LevelOf(level);
  if (!out.level) out.level_column = level;

  const bool has_episodes = !out.kind_column.empty() || out.kind == RowKind::kEpisode;
  const bool has_days = out.kind == RowKind::kReferral || out.kind == RowKind::kContact;
  const bool has_spells = has_episodes || (!has_days && out.kind != RowKind::kPerson);
  const absl::string_view what = has_episodes ? "episode" : absl::string_view(kind);
  if (has_spells && out.start.empty())
    mapping.Fail("start", absl::StrCat("missing; set the column with the first day of the ", what));
  if (has_spells && out.end.empty())
    mapping.Fail("end", absl::StrCat("missing; set the column with the last day of the ", what));
  if (has_episodes && level.empty()) {
    mapping.Fail("level", "missing; set early_help, cin, cp or cla, or the column that tells which");
  }
  if (has_days && out.date.empty()) {
    mapping.Fail("date", absl::StrCat("missing; set the column with the day of the ", what));
  }
}

void ReadEvents(ConfigTable& mapping, EventLogMapping& out) {
  out.shape = EventLogMapping::Shape::kEvents;
  out.activity = mapping.String("activity", "set the column with what happened");
  out.timestamp = mapping.String("timestamp", "set the column with when it happened");
  if (mapping.Has("inactivity_days")) {
    out.inactivity_days = static_cast<int>(mapping.IntOr("inactivity_days", 1, 1, 3650));
  }
  out.end_at_last_event = mapping.BoolOr("end_at_last_event", false);
  if (!mapping.Has("stages")) {
    mapping.Fail("stages",
                 "missing; add [source.mapping.stages] with lines as \"Plan agreed\" = \"early_help\"");
    return;
  }
  ConfigTable stages = mapping.Table("stages");
  bool opens = false;
  for (const auto& [activity, action] : stages.StringMap()) {
    StageAction stage;
    if (const auto level = LevelOf(action)) {
      stage = {StageAction::Kind::kOpen, *level};
      opens = true;
    } else if (action == "close") {
      stage.kind = StageAction::Kind::kClose;
    } else if (action != "ignore") {
      stages.Fail(activity,
                  absl::StrCat("is \"", action, "\"; expected early_help, cin, cp, cla, close or ignore"));
    }
    const auto star = activity.find('*');
    if (star != std::string::npos && star + 1 != activity.size()) {
      stages.Fail(activity, "a * may stand at the end only");
    }
    out.stages.emplace(activity, stage);
  }
  if (!opens)
    mapping.Fail("stages", "no activity opens a level; map at least one to early_help, cin, cp or cla");
}

}  // namespace

std::optional<RowKind> RowKindNamed(absl::string_view code) {
  constexpr std::pair<absl::string_view, RowKind> kKinds[] = {
      {"episode", RowKind::kEpisode},
      {"referral", RowKind::kReferral},
      {"contact", RowKind::kContact},
      {"person", RowKind::kPerson},
      {"early_help_assessment", RowKind::kEarlyHelpAssessment},
      {"assessment", RowKind::kAssessment},
      {"section_47", RowKind::kSection47},
      {"plan", RowKind::kPlan}};
  for (const auto& [name, kind] : kKinds) {
    if (name == code) return kind;
  }
  return std::nullopt;
}

namespace {

Carries CarriedByMapping(const EventLogMapping& mapping) {
  Carries carries;
  const auto add = [&](Level level) {
    (level == Level::kEarlyHelp ? carries.early_help : carries.social_care) = true;
    carries.levels |= Only(level);
  };
  if (mapping.shape == EventLogMapping::Shape::kEvents) {
    for (const auto& [activity, action] : mapping.stages) {
      if (action.kind == StageAction::Kind::kOpen) add(action.level);
    }
    return carries;
  }
  if (!mapping.kind_column.empty()) return {.early_help = true, .social_care = true, .contacts = true};
  switch (mapping.kind) {
    case RowKind::kEpisode:
      if (mapping.level) {
        add(*mapping.level);
      } else {
        carries.early_help = carries.social_care = true;
      }
      return carries;
    case RowKind::kContact:
      return {.contacts = true};
    case RowKind::kPerson:
      return {};
    case RowKind::kEarlyHelpAssessment:
      return {.early_help_assessments = true};
    case RowKind::kReferral:
    case RowKind::kAssessment:
    case RowKind::kSection47:
      return {.social_care = true};
    case RowKind::kPlan:
      add(Level::kCp);
      return carries;
  }
  return carries;
}

}  // namespace

Carries EventLogCarries(const SourceConfig& config) {
  const Carries by_mapping = CarriedByMapping(config.mapping);
  Carries carries = config.carries.value_or(by_mapping);
  carries.levels = by_mapping.levels;
  return carries;
}

void ConfigureEventLog(ConfigTable& source, SourceConfig& config) {
  ConfigTable mapping = source.Table("mapping");
  if (!source.Has("mapping")) {
    source.Fail("mapping", "missing; add [source.mapping] with shape, person and the other columns");
    return;
  }
  ReadCommonColumns(mapping, config.mapping);
  // A database writes its dates one way; a file may hold any.
  ReadDateFormats(mapping, config.database ? IsoDateFormats() : std::vector<std::string>{"%Y-%m-%d"}, config);
  if (IsWorkbookName(config.path)) {
    config.sheet = source.StringOr("sheet", "");
    // As dates of a workbook's cells come, whatever its texts look like.
    AddDateFormats(mapping, IsoDateFormats(), config);
  }
  if (mapping.OneOf("shape", {"episodes", "events"}, "") == "events") {
    ReadEvents(mapping, config.mapping);
  } else {
    ReadEpisodes(mapping, config.mapping);
  }
  ReadCodes(mapping, config);
}

}  // namespace waymark::node
