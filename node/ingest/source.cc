#include "node/ingest/source.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "node/ingest/database_connection.h"
#include "node/ingest/formats.h"

namespace waymark::node {
namespace {

constexpr absl::string_view kDefaultZone = "Europe/London";

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

void ReadDatabase(ConfigTable& source, const std::string& config_directory, SourceConfig& config) {
  DatabaseConfig database;
  database.connection = ConnectionUnder(
      config_directory,
      source.String("connection",
                    "set it as \"sqlite3://FILE\", \"postgresql://host=… dbname=… user=…\" or "
                    "\"odbc://Driver={…};Server=…;Database=…\""));
  if (!database.connection.empty()) {
    if (const absl::Status status = Connection::Parse(database.connection).status(); !status.ok()) {
      source.Fail("connection", status.message());
    }
  }
  const std::string password_file = source.StringOr("password_file", "");
  if (!password_file.empty()) database.password_file = PathUnder(config_directory, password_file);
  database.schema = source.StringOr("schema", "");
  database.timeout_seconds = static_cast<int>(source.IntOr("timeout_seconds", 300, 1, 86400));
  config.database = std::move(database);
}

void ReadPlace(ConfigTable& source, const std::string& config_directory, SourceConfig& config) {
  const Place place = config.format->place;
  if (place == Place::kDatabase || (place == Place::kEither && source.Has("connection"))) {
    if (source.Has("path")) source.Fail("path", "is not for a database; remove it, or remove `connection`");
    return ReadDatabase(source, config_directory, config);
  }
  if (source.Has("connection")) {
    source.Fail("connection",
                "this format reads files; use format = \"sql\" (with table or query) or \"ssd\"");
  }
  config.path = PathUnder(config_directory, source.String("path", "set the file or folder to read"));
  ReadCsvOptions(source, config.csv);
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

void ReadAccumulate(ConfigTable& source, SourceConfig& config) {
  config.accumulate = source.BoolOr("accumulate", false);
  if (!config.accumulate) return;
  if (config.name.empty())
    source.Fail("name", "missing; a source that accumulates needs one that stays the same");
  if (config.mapping.shape == EventLogMapping::Shape::kEvents) {
    source.Fail(
        "accumulate",
        "is for extracts with an episode in each row; give a log of events whole, since an episode may begin "
        "in one extract and end in another");
  }
}

std::optional<LinksConfig> ReadLinksConfig(ConfigTable& root, const std::string& config_directory) {
  if (!root.Has("links")) return std::nullopt;
  ConfigTable table = root.Table("links");
  LinksConfig links;
  links.path = PathUnder(config_directory, table.String("path", "set the CSV with the links"));
  links.source = table.StringOr("source", "source");
  links.person = table.StringOr("person", "person_id");
  links.linked = table.StringOr("linked", "linked_id");
  ReadCsvOptions(table, links.csv);
  return links;
}

}  // namespace

std::vector<std::string> IsoDateFormats() {
  return {"%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%dT%H:%M:%S%z"};
}

void ReadDateFormats(ConfigTable& mapping, std::vector<std::string> formats, SourceConfig& config) {
  if (mapping.Has("date_format")) formats = {mapping.String("date_format", "set it as \"%Y-%m-%d\"")};
  AddDateFormats(mapping, formats, config);
}

void AddDateFormats(ConfigTable& mapping, const std::vector<std::string>& formats, SourceConfig& config) {
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

std::vector<SourceConfig> ReadSources(ConfigTable& root, const std::string& config_directory) {
  std::vector<SourceConfig> sources;
  std::vector<ConfigTable> tables = root.Tables("source");
  if (!root.Has("source")) {
    root.Fail("source", "missing; add a [[source]] table with format, path, covered_from and extract_date");
  }
  std::set<std::string> names;
  const std::optional<LinksConfig> links = ReadLinksConfig(root, config_directory);
  for (ConfigTable& table : tables) {
    SourceConfig config;
    config.links = links;
    config.where = table.Where("format");
    config.format = FormatNamed(table.OneOf("format", FormatNames(), ""));
    if (config.format == nullptr) {
      table.AllowAll();  // Its other keys mean nothing before it has a format.
      continue;
    }
    config.name = table.StringOr("name", "");
    if (!config.name.empty() && !names.insert(config.name).second) {
      table.Fail("name", "is another source's name too; give each its own");
    }
    ReadPlace(table, config_directory, config);
    ReadDays(table, config);
    ReadCarries(table, config);
    config.format->configure(table, config);
    ReadAccumulate(table, config);
    config.ids_of = table.StringOr("ids_of", config.name);
    sources.push_back(std::move(config));
  }
  for (ConfigTable& table : tables) {
    if (table.Has("ids_of") && !names.contains(table.StringOr("ids_of", "")))
      table.Fail("ids_of", "is the name of no [[source]]");
  }
  return sources;
}

}  // namespace waymark::node
