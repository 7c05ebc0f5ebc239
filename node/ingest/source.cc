#include "node/ingest/source.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"

namespace waymark::node {
namespace {

constexpr absl::string_view kDefaultZone = "Europe/London";

// What database tools write for a date; %d/%m/%Y is not among them, since it could be %m/%d/%Y.
const std::vector<std::string>& DefaultDateFormats() {
  static const auto* const formats = new std::vector<std::string>{
      "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%dT%H:%M:%S%z"};
  return *formats;
}

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

void ReadCsvOptions(ConfigTable& source, CsvOptions& csv) {
  const std::string delimiter = source.StringOr("delimiter", ",");
  if (delimiter == "tab") {
    csv.delimiter = '\t';
  } else if (delimiter.size() != 1 || delimiter == "\"" || delimiter == "\n" || delimiter == "\r" ||
             delimiter[0] == '\0' || (static_cast<unsigned char>(delimiter[0]) & 0x80U) != 0) {
    source.Fail("delimiter", "expected one character, as \",\", \";\", \"|\" or \"\\t\"");
  } else {
    csv.delimiter = delimiter[0];
  }
  const std::string encoding =
      source.OneOf("encoding", {"utf-8", "windows-1252", "latin-1", "iso-8859-1"}, "utf-8");
  csv.encoding = encoding == "utf-8" ? Encoding::kUtf8 : Encoding::kWindows1252;
}

void ReadDays(ConfigTable& source, SourceConfig& config) {
  config.covered_from = source.DayOr("covered_from", kNoDay);
  config.extract_date = source.DayOr("extract_date", kNoDay);
  if (!source.Has("covered_from")) {
    source.Fail("covered_from", "missing; set the day from which these records are whole, as 2020-04-01");
  }
  if (!source.Has("extract_date")) {
    source.Fail("extract_date", "missing; set the day whose state these records show, as 2025-03-31");
  }
  if (config.covered_from != kNoDay && config.extract_date != kNoDay &&
      config.covered_from > config.extract_date) {
    source.Fail("covered_from", "is after extract_date; exchange them or mend one");
  }
}

void ReadCarries(ConfigTable& source, SourceConfig& config) {
  if (!source.Has("carries")) return;
  Carries carries;
  for (const std::string& kind : source.Strings("carries")) {
    if (kind == "early_help") {
      carries.early_help = true;
    } else if (kind == "social_care") {
      carries.social_care = true;
    } else if (kind == "contacts") {
      carries.contacts = true;
    } else {
      source.Fail("carries", absl::StrCat("\"", kind, "\" is none of early_help, social_care, contacts"));
    }
  }
  config.carries = carries;
}

void ReadDateFormats(ConfigTable& mapping, bool required, SourceConfig& config) {
  std::vector<std::string> formats;
  if (mapping.Has("date_format")) {
    formats.push_back(mapping.String("date_format", "set it as \"%Y-%m-%d\""));
  } else if (required) {
    formats = {"%Y-%m-%d"};
  } else {
    formats = DefaultDateFormats();
  }
  const std::string local_zone = mapping.StringOr("local_zone", kDefaultZone);
  const std::string time_zone = mapping.StringOr("time_zone", local_zone);
  for (const std::string& format : formats) {
    auto compiled = DateFormat::Compile(format, time_zone, local_zone);
    if (compiled.ok()) {
      config.dates.push_back(*std::move(compiled));
    } else {
      const bool zone = absl::StrContains(compiled.status().message(), "time zone");
      mapping.Fail(zone ? (mapping.Has("time_zone") ? "time_zone" : "local_zone") : "date_format",
                   compiled.status().message());
    }
  }
}

// [source.mapping.codes.FIELD] tables.
void ReadCodes(ConfigTable& mapping, SourceConfig& config) {
  if (!mapping.Has("codes")) return;
  ConfigTable codes = mapping.Table("codes");
  for (const CodeField field : AllCodeFields()) {
    const absl::string_view name = CodeFieldName(field);
    if (!codes.Has(name)) continue;
    ConfigTable table = codes.Table(name);
    CodeMap map = table.StringMap();
    const std::vector<std::string>& known = CanonicalCodes(field);
    for (const auto& [value, code] : map) {
      if (std::find(known.begin(), known.end(), code) != known.end()) continue;
      table.Fail(value, absl::StrCat("\"", code, "\" is no code of ", name, "; expected one of ",
                                     absl::StrJoin(known, ", ")));
    }
    config.codes[field] = std::move(map);
  }
  for (const char* const name : {"area", "team", "service"}) {
    if (codes.Has(name)) config.renames[name] = codes.Table(name).StringMap();
  }
}

void ReadCommonColumns(ConfigTable& mapping, EventLogMapping& out) {
  out.person = mapping.String("person", "set the column with the child's id");
  const std::pair<const char*, std::string EventLogMapping::*> columns[] = {
      {"family", &EventLogMapping::family},
      {"birth", &EventLogMapping::birth},
      {"death", &EventLogMapping::death},
      {"sex", &EventLogMapping::sex},
      {"ethnicity", &EventLogMapping::ethnicity},
      {"disability", &EventLogMapping::disability},
      {"source", &EventLogMapping::source},
      {"end_reason", &EventLogMapping::end_reason},
      {"need", &EventLogMapping::need},
      {"area", &EventLogMapping::area},
      {"team", &EventLogMapping::team},
      {"service", &EventLogMapping::service},
      {"id", &EventLogMapping::id}};
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

void ReadEventLog(ConfigTable& source, SourceConfig& config) {
  ConfigTable mapping = source.Table("mapping");
  if (!source.Has("mapping")) {
    source.Fail("mapping", "missing; add [source.mapping] with shape, person and the other columns");
    return;
  }
  ReadCommonColumns(mapping, config.mapping);
  ReadDateFormats(mapping, /*required=*/true, config);
  if (mapping.OneOf("shape", {"episodes", "events"}, "") == "events") {
    ReadEvents(mapping, config.mapping);
  } else {
    ReadEpisodes(mapping, config.mapping);
  }
  ReadCodes(mapping, config);
}

void ReadSsd(ConfigTable& source, SourceConfig& config) {
  ConfigTable mapping = source.Table("mapping");
  ReadDateFormats(mapping, /*required=*/false, config);
  ReadCodes(mapping, config);
}

}  // namespace

std::vector<SourceConfig> ReadSources(ConfigTable& root, const std::string& config_directory) {
  std::vector<SourceConfig> sources;
  std::vector<ConfigTable> tables = root.Tables("source");
  if (!root.Has("source")) {
    root.Fail("source", "missing; add a [[source]] table with format, path, covered_from and extract_date");
  }
  for (ConfigTable& table : tables) {
    SourceConfig config;
    config.where = table.Where("format");
    const std::string format =
        table.OneOf("format", {"event-log", "ssd", "annex-a", "cin-census", "ssda903", "sql"}, "");
    if (format != "event-log" && format != "ssd") {
      if (table.Has("format") &&
          (format == "annex-a" || format == "cin-census" || format == "ssda903" || format == "sql")) {
        table.Fail("format", absl::StrCat("\"", format,
                                          "\" is not read yet by this version; it reads event-log and ssd"));
      }
      // Its other keys are another version's to judge.
      table.AllowAll();
      continue;
    }
    config.path = PathUnder(config_directory, table.String("path", "set the file or folder to read"));
    ReadCsvOptions(table, config.csv);
    ReadDays(table, config);
    ReadCarries(table, config);
    if (format == "ssd") {
      config.format = SourceFormat::kSsd;
      ReadSsd(table, config);
    } else {
      ReadEventLog(table, config);
    }
    sources.push_back(std::move(config));
  }
  return sources;
}

}  // namespace waymark::node
