#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/configuration.h"
#include "node/ingest/event_log.h"
#include "node/ingest/source.h"

namespace waymark::node {
namespace {

std::optional<Level> LevelOf(absl::string_view code) {
  if (code == "early_help") return Level::kEarlyHelp;
  if (code == "cin") return Level::kCin;
  if (code == "cp") return Level::kCp;
  if (code == "cla") return Level::kCla;
  return std::nullopt;
}

std::optional<RowKind> KindOf(absl::string_view code) {
  if (code == "episode") return RowKind::kEpisode;
  if (code == "referral") return RowKind::kReferral;
  if (code == "contact") return RowKind::kContact;
  if (code == "person") return RowKind::kPerson;
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
  if (const auto constant = KindOf(kind)) {
    out.kind = *constant;
  } else {
    out.kind_column = kind;
  }
  out.start = mapping.StringOr("start", "");
  out.end = mapping.StringOr("end", "");
  out.date = mapping.StringOr("date", out.start);
  out.outcome = mapping.StringOr("outcome", "");
  out.nfa = mapping.StringOr("nfa", "");
  const std::string level = mapping.StringOr("level", "");
  out.level = LevelOf(level);
  if (!out.level) out.level_column = level;

  const bool has_episodes = !out.kind_column.empty() || out.kind == RowKind::kEpisode;
  if (has_episodes && out.start.empty())
    mapping.Fail("start", "missing; set the column with an episode's first day");
  if (has_episodes && out.end.empty())
    mapping.Fail("end", "missing; set the column with an episode's last day");
  if (has_episodes && level.empty()) {
    mapping.Fail("level", "missing; set early_help, cin, cp or cla, or the column that tells which");
  }
  if (!has_episodes && out.kind != RowKind::kPerson && out.date.empty()) {
    mapping.Fail("date", absl::StrCat("missing; set the column with the day of the ", kind));
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

void ConfigureEventLog(ConfigTable& source, SourceConfig& config) {
  ConfigTable mapping = source.Table("mapping");
  if (!source.Has("mapping")) {
    source.Fail("mapping", "missing; add [source.mapping] with shape, person and the other columns");
    return;
  }
  ReadCommonColumns(mapping, config.mapping);
  // A database writes its dates one way; a file may hold any.
  ReadDateFormats(mapping, config.database ? IsoDateFormats() : std::vector<std::string>{"%Y-%m-%d"}, config);
  if (mapping.OneOf("shape", {"episodes", "events"}, "") == "events") {
    ReadEvents(mapping, config.mapping);
  } else {
    ReadEpisodes(mapping, config.mapping);
  }
  ReadCodes(mapping, config);
}

}  // namespace waymark::node
