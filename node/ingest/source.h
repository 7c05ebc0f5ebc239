// A node's [[source]] tables: where a council's records are and how to read them. README.md shows them all.
#ifndef WAYMARK_NODE_INGEST_SOURCE_H_
#define WAYMARK_NODE_INGEST_SOURCE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/configuration.h"
#include "base/day.h"
#include "node/ingest/codes.h"
#include "node/ingest/csv_reader.h"
#include "node/ingest/database.h"
#include "node/ingest/date_format.h"
#include "node/journey/records.h"

namespace waymark::node {

struct Format;  // formats.h

// Which kinds of record a source is the council's whole account of.
struct Carries {
  bool early_help = false;
  bool social_care = false;
  bool contacts = false;
  bool early_help_assessments = false;  // without being the whole account of early-help episodes
  // Whose episodes it has, of the kinds above. Where each row tells its own level, those that are met count.
  Levels levels = 0;
};

// What a row of shape = "episodes" is.
enum class RowKind {
  kEpisode,
  kReferral,
  kContact,
  kPerson,
  kEarlyHelpAssessment,
  kAssessment,
  kSection47,
  kPlan,  // an episode of child protection, and the plan as a step
};

// What one event of shape = "events" does.
struct StageAction {
  enum class Kind { kOpen, kClose, kIgnore };
  Kind kind = Kind::kIgnore;
  Level level = Level::kEarlyHelp;  // of kOpen
};

// Column names of an event log; empty where not mapped.
struct EventLogMapping {
  enum class Shape { kEpisodes, kEvents };
  Shape shape = Shape::kEpisodes;

  // Both shapes.
  std::string person;
  std::string family, birth, death, sex, ethnicity, disability;
  std::string source, end_reason, need, area, team, service, worker, id;

  // Episodes.
  std::string start, end;
  std::optional<Level> level;  // the same for all rows, or
  std::string level_column;
  RowKind kind = RowKind::kEpisode;  // of all rows, where there is no
  std::string kind_column;
  std::string date;      // of referrals and contacts; `start` where not mapped
  std::string outcome;   // in the codes of the row's kind
  std::string nfa;       // of referrals
  std::string referral;  // of steps: the day of the referral that each belongs to

  // Events.
  std::string activity, timestamp;
  std::map<std::string, StageAction> stages;  // exact activity, or a prefix with a trailing '*'
  std::optional<int> inactivity_days;
  bool end_at_last_event = false;
};

// [links]: a CSV whose lines say which id of which source stands for which child.
struct LinksConfig {
  std::string path;
  std::string source, person, linked;  // column names
  CsvOptions csv;
};

struct SourceConfig {
  const Format* format = nullptr;  // never null in what ReadSources returns
  std::string name;                // "" where it has none; no two are the same
  std::string ids_of;              // the name of the source whose lines in [links] hold for its ids
  std::string path;                // a file, or a folder of them; or
  std::string sheet;               // of a workbook; "": its only one
  std::optional<DatabaseConfig> database;
  std::string table, query;          // of the database: one of the two, for one table's rows
  std::string where;                 // "node.toml:12", for messages
  std::optional<LinksConfig> links;  // the same for all sources
  bool accumulate = false;           // extracts read before count too: those in the store, a file
  std::string store;
  CsvOptions csv;
  std::int64_t la_code = 0;  // of a census: the council's three-digit number; 0: not set
  Day covered_from = kNoDay;
  Day extract_date = kNoDay;
  std::optional<Carries> carries;           // absent: for ssd, by the files that are there
  std::vector<DateFormat> dates;            // the first that matches is used
  EventLogMapping mapping;                  // of kEventLog
  std::map<CodeField, CodeMap> codes;       // the council's own; canonical codes only
  bool assessment_ends_early_help = false;  // of annex-a
  std::map<std::string, CodeMap> renames;   // of "area", "team", "service": own value → the name to show
};

// For the formats' own configuration. Dates, in [source.mapping]: `formats` where it has no date_format.
void ReadDateFormats(ConfigTable& mapping, std::vector<std::string> formats, SourceConfig& config);
// `formats` besides, whatever date_format says.
void AddDateFormats(ConfigTable& mapping, const std::vector<std::string>& formats, SourceConfig& config);
// What database tools write for a date, with or without a time; %d/%m/%Y is not among them, since it could be
// %m/%d/%Y.
std::vector<std::string> IsoDateFormats();
// [source.mapping.codes.FIELD] tables.
void ReadCodes(ConfigTable& mapping, SourceConfig& config);

// Reads every [[source]] of `root`; paths are taken under `config_directory`. Errors are recorded in `root`,
// whose Finish the caller asks; what is returned is of use only if that is OK.
std::vector<SourceConfig> ReadSources(ConfigTable& root, const std::string& config_directory);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_SOURCE_H_
