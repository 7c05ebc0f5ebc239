#include "node/ingest/suggest_mapping.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "node/ingest/codes.h"
#include "node/ingest/suggest_columns.h"
#include "node/ingest/suggest_names.h"
#include "node/ingest/suggest_values.h"

namespace waymark::node {
namespace {

// A value that fewer rows share could be a person's.
constexpr std::int64_t kShared = 5;
constexpr std::size_t kMostValues = 60;

class Mapper {
 public:
  Mapper(const Sample& sample, absl::string_view name) : sample_(sample), name_(name), columns_(sample) {}

  Mapping Map() {
    const bool events = columns_.Has("activity") && !columns_.Has("end") && columns_.FindDates("timestamp");
    if (events) {
      MapEvents();
    } else {
      MapEpisodes();
    }
    Mapping mapping{.text = absl::StrCat("[source.mapping]\n", text_, tables_)};
    FindDays(mapping);
    return mapping;
  }

 private:
  void Line(absl::string_view key, absl::string_view value, absl::string_view comment = "") {
    absl::StrAppend(&text_, key, " = ", TomlText(value), comment.empty() ? "" : "   # ", comment, "\n");
  }

  // Of the column that a field has.
  const std::string& NameOf(absl::string_view key) const { return sample_.header[columns_.Of(key)]; }
  const std::vector<std::string>& ValuesOf(absl::string_view key) const {
    return sample_.columns[columns_.Of(key)];
  }

  void Column(absl::string_view key) {
    if (!columns_.Has(key)) return;
    Line(key, NameOf(key), columns_.IsDoubtful(key) ? "check: not sure that it is this column" : "");
  }

  void DateFormatLine() {
    std::string comment;
    const absl::string_view month_first = MonthFirst(columns_.date_format());
    if (!month_first.empty() && EveryDateFits(month_first))
      comment = absl::StrCat("check: no day is over 12, so that it could be ", month_first, " too");
    Line("date_format", columns_.date_format(), comment);
  }

  bool EveryDateFits(absl::string_view format) const {
    for (std::size_t i = 0; i < sample_.columns.size(); ++i) {
      if (columns_.IsOfDates(i) && DateShare(sample_.columns[i], format).value_or(1) < kMostly) return false;
    }
    return true;
  }

  void Common(bool with_id) {
    if (with_id) Column("id");
    for (const char* const key : {"family", "birth", "death", "sex", "ethnicity", "disability", "source",
                                  "need", "end_reason", "area", "team", "service", "worker"}) {
      Column(key);
    }
    for (const FieldNames& field : AllFieldNames()) {
      if (field.codes && columns_.Has(field.key) &&
          text_.find(absl::StrCat("\n", field.key, " = ")) != std::string::npos) {
        UnknownCodes(field);
      }
    }
  }

  // Codes that many rows have and no rule knows, as lines to be filled in.
  void UnknownCodes(const FieldNames& field) {
    CodeReader reader(*field.codes, {});
    std::string lines;
    std::size_t shown = 0, different = 0;
    for (const auto& [value, count] : Counts(ValuesOf(field.key))) {
      if (reader.Read(value).known) continue;
      ++different;
      if (count < kShared || shown == kMostValues) continue;
      ++shown;
      absl::StrAppend(&lines, "# ", TomlText(value), " = \"\"\n");
    }
    if (different == 0) return;
    absl::StrAppend(&tables_, "# [source.mapping.codes.", field.key, "]   # ", different,
                    " values are not known; take the # away and write what they mean: ",
                    absl::StrJoin(CanonicalCodes(*field.codes), ", "), "\n",
                    different > kMostValues ? "" : lines);
  }

  void MapEvents() {
    Line("shape", "events");
    Column("person");
    Column("activity");
    Column("timestamp");
    DateFormatLine();
    text_ += "end_at_last_event = false   # check: true where a case without a closing event has ended\n";
    Common(/*with_id=*/false);  // an event's id is none of an episode
    MapStages();
  }

  void MapStages() {
    std::map<std::string, std::int64_t> activities = Counts(ValuesOf("activity"));
    if (activities.size() > kMostValues) {
      // Grouped by what stands before the first underscore or blank.
      std::map<std::string, std::int64_t> groups;
      for (const auto& [activity, count] : activities) {
        const auto cut = activity.find_first_of("_ ");
        groups[cut == std::string::npos ? activity : absl::StrCat(activity.substr(0, cut + 1), "*")] += count;
      }
      activities = std::move(groups);
    }
    const bool opens = std::any_of(activities.begin(), activities.end(), [](const auto& activity) {
      const absl::string_view level = LevelInName(activity.first);
      return activity.second >= kShared && !level.empty() && level != "close";
    });
    tables_ += "[source.mapping.stages]   # check each: early_help, cin, cp, cla, close or ignore\n";
    if (!opens) {
      tables_ +=
          "# No activity's name tells that it opens a level: this line stands for all, so that there is "
          "one.\n"
          "\"*\" = \"early_help\"\n";
    }
    std::size_t shown = 0;
    for (const auto& [activity, count] : activities) {
      const bool is_key = !absl::StrContains(activity.substr(0, activity.size() - 1), '*');
      if (count < kShared || shown == kMostValues || !is_key) continue;
      ++shown;
      const absl::string_view level = LevelInName(activity);
      absl::StrAppend(&tables_, opens || !level.empty() ? "" : "# ", TomlText(activity), " = ",
                      TomlText(level.empty() ? "ignore" : level), "\n");
    }
    if (shown < activities.size()) {
      absl::StrAppend(&tables_, "# ", activities.size() - shown,
                      " further activities are rare or too many to be shown here\n");
    }
  }

  void MapEpisodes() {
    Line("shape", "episodes");
    Column("person");
    const bool has_kind = columns_.Has("kind") && columns_.IsRecognised("kind");
    const bool spells = columns_.Has("end") || has_kind;
    if (has_kind) {
      Column("kind");
    } else if (columns_.Has("kind") && spells) {
      absl::StrAppend(&text_, "# kind = ", TomlText(NameOf("kind")),
                      "   # check: where this says whether a row is an episode, referral or contact, map its "
                      "values below\n");
      for (const FieldNames& field : AllFieldNames()) {
        if (field.key == "kind") UnknownCodes(field);
      }
    } else if (!spells) {
      const bool contact = absl::StrContains(absl::AsciiStrToLower(name_), "contact");
      Line("kind", contact ? "contact" : "referral",
           "check: no column of an end, so that these are no episodes");
    }
    if (spells) {
      columns_.FindStart();
      Column("start");
      Column("end");
      if (!columns_.Has("end")) Line("end", NameOf("start"), "check: no column of an end was found");
      LevelLine();
    }
    if (!spells) columns_.FindDate();
    Column("date");
    DateFormatLine();
    Column("outcome");
    Column("nfa");
    Common(/*with_id=*/true);
  }

  void LevelLine() {
    if (columns_.Has("level") && (columns_.IsRecognised("level") || columns_.Has("kind")))
      return Column("level");
    absl::string_view level = LevelInName(name_);
    std::string comment = "check: by the name of the file or table";
    if (level.empty() || level == "close") {
      level = "early_help";
      comment = "check: nothing tells; early_help, cin, cp, cla, or the column that says which";
    }
    if (columns_.Has("level")) absl::StrAppend(&comment, "; perhaps ", TomlText(NameOf("level")));
    Line("level", level, comment);
  }

  void FindDays(Mapping& mapping) const {
    const DateFormat format = CompiledFormat(columns_.date_format());
    std::vector<Day> days;
    for (const char* const key : {"start", "date", "timestamp"}) {
      if (!columns_.Has(key)) continue;
      for (const std::string& value : ValuesOf(key)) {
        const std::optional<Day> day = format.Parse(value);
        if (day && *day != kFarFuture) days.push_back(*day);
      }
    }
    if (days.empty()) return;
    std::sort(days.begin(), days.end());
    // A few stray ones are typing errors.
    const std::size_t stray = days.size() / 200;
    mapping.first_day = days[stray];
    mapping.last_day = days[days.size() - 1 - stray];
  }

  const Sample& sample_;
  const std::string name_;
  ColumnChoice columns_;
  std::string text_, tables_;
};

}  // namespace

absl::string_view DateFormatOf(const Sample& sample) {
  std::vector<absl::string_view> formats;
  for (const auto& values : sample.columns) formats.push_back(FormatOfColumn(values));
  return MostUsed(formats);
}

std::string MissingFor(const Sample& sample) {
  if (sample.rows == sample.malformed) return "has a header and no rows; there is nothing to go by";
  bool dates = false, others = false;
  for (std::size_t i = 0; i < sample.columns.size(); ++i) {
    const bool has_dates = !FormatOfNamed(sample, i).empty();
    dates = dates || has_dates;
    others = others || (!has_dates && IsNamed(sample, i));
  }
  if (!dates) {
    return "no column with a name holds dates in a form that is known, so that it is no table of episodes or "
           "events";
  }
  return others ? "" : "no column with a name could hold the children's ids";
}

Mapping MapColumns(const Sample& sample, absl::string_view name) {
  return Mapper(sample, name).Map();
}

}  // namespace waymark::node
