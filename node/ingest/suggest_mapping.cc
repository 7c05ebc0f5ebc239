#include "node/ingest/suggest_mapping.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "node/ingest/codes.h"
#include "node/ingest/suggest_names.h"
#include "node/ingest/suggest_values.h"

namespace waymark::node {
namespace {

// A value that fewer rows share could be a person's.
constexpr std::int64_t kShared = 5;
constexpr std::size_t kMostValues = 60;

bool IsNamed(const Sample& sample, std::size_t column) {
  return !absl::StripAsciiWhitespace(sample.header[column]).empty();
}

// "" too for a column without a name, which no mapping can speak of.
absl::string_view FormatOfNamed(const Sample& sample, std::size_t column) {
  return IsNamed(sample, column) ? FormatOfColumn(sample.columns[column]) : absl::string_view();
}

class Mapper {
 public:
  Mapper(const Sample& sample, absl::string_view name) : sample_(sample), name_(name) {
    for (std::size_t i = 0; i < sample.columns.size(); ++i) formats_.push_back(FormatOfNamed(sample, i));
    date_format_ = MostUsed(formats_);
    GiveColumns();
  }

  Mapping Map() {
    const bool events =
        columns_.count("activity") != 0 && columns_.count("end") == 0 && HasDates("timestamp");
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
  // Whether a column's values speak against the field.
  bool MayBe(const FieldNames& field, std::size_t column) const {
    const std::vector<std::string>& values = sample_.columns[column];
    if (field.is_date)
      return formats_[column] == date_format_ || (Counts(values).empty() && field.key != "start");
    return formats_[column].empty() || formats_[column] != date_format_;
  }

  // How well the values fit the codes of the field.
  double CodesKnown(const FieldNames& field, std::size_t column) const {
    if (!field.codes) return 0;
    CodeReader reader(*field.codes, {});
    return Share(sample_.columns[column], [&](const std::string& value) { return reader.Read(value).known; })
        .value_or(0);
  }

  // Gives each field the free column that fits best: by whole name first, then by words in it.
  void GiveColumns() {
    std::vector<bool> taken(sample_.header.size());
    for (const bool whole : {true, false}) {
      for (const FieldNames& field : AllFieldNames()) {
        if (columns_.count(field.key) != 0) continue;
        double best = 0;
        std::size_t chosen = 0;
        for (std::size_t i = 0; i < sample_.header.size(); ++i) {
          const int fit = NameFit(field, sample_.header[i]);
          if (taken[i] || fit == 0 || (fit > 1) != whole || !MayBe(field, i)) continue;
          const double score = fit + 100 * CodesKnown(field, i);
          if (score > best) {
            best = score;
            chosen = i;
          }
        }
        if (best == 0) continue;
        columns_[field.key] = chosen;
        taken[chosen] = true;
        if (!whole) doubtful_.insert(std::string(field.key));
      }
    }
    if (columns_.count("person") == 0) columns_["person"] = GuessPerson(taken);
    // A plain word may stand for any of these.
    if (columns_.count("start") == 0 && columns_.count("end") != 0 && columns_.count("date") != 0) {
      columns_["start"] = columns_["date"];
      columns_.erase("date");
    }
  }

  // The free column without dates that has the most different values, but not one in every row.
  std::size_t GuessPerson(std::vector<bool>& taken) {
    doubtful_.insert("person");
    std::size_t best = 0, most = 0;
    for (std::size_t i = 0; i < sample_.header.size(); ++i) {
      if (taken[i] || !formats_[i].empty() || !IsNamed(sample_, i)) continue;
      const std::size_t different = Counts(sample_.columns[i]).size();
      if (different <= most || (different == sample_.columns[i].size() && most > 0)) continue;
      most = different;
      best = i;
    }
    taken[best] = true;
    return best;
  }

  bool HasDates(absl::string_view key) {
    if (columns_.count(key) != 0) return true;
    for (const absl::string_view other : {"date", "start"}) {
      if (columns_.count(other) == 0) continue;
      columns_[key] = columns_[other];
      columns_.erase(other);
      return true;
    }
    return FirstDate(key);
  }

  // Takes the first column of dates that has no other field.
  bool FirstDate(absl::string_view key) {
    for (std::size_t i = 0; i < formats_.size(); ++i) {
      const bool free =
          std::none_of(columns_.begin(), columns_.end(), [&](const auto& c) { return c.second == i; });
      if (!free || formats_[i] != date_format_) continue;
      columns_[key] = i;
      doubtful_.insert(std::string(key));
      return true;
    }
    return false;
  }

  void Line(absl::string_view key, absl::string_view value, absl::string_view comment = "") {
    absl::StrAppend(&text_, key, " = ", TomlText(value), comment.empty() ? "" : "   # ", comment, "\n");
  }

  void Column(absl::string_view key) {
    const auto found = columns_.find(key);
    if (found == columns_.end()) return;
    Line(key, sample_.header[found->second],
         doubtful_.count(std::string(key)) != 0 ? "check: not sure that it is this column" : "");
  }

  void DateFormatLine() {
    std::string comment;
    const absl::string_view month_first = MonthFirst(date_format_);
    if (!month_first.empty() && EveryDateFits(month_first))
      comment = absl::StrCat("check: no day is over 12, so that it could be ", month_first, " too");
    Line("date_format", date_format_, comment);
  }

  bool EveryDateFits(absl::string_view format) const {
    for (std::size_t i = 0; i < formats_.size(); ++i) {
      if (formats_[i] == date_format_ && DateShare(sample_.columns[i], format).value_or(1) < kMostly)
        return false;
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
      if (field.codes && columns_.count(field.key) != 0 &&
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
    for (const auto& [value, count] : Counts(sample_.columns[columns_[field.key]])) {
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
    std::map<std::string, std::int64_t> activities = Counts(sample_.columns[columns_["activity"]]);
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
    const bool has_kind = columns_.count("kind") != 0 && Recognised("kind");
    const bool spells = columns_.count("end") != 0 || has_kind;
    if (has_kind) {
      Column("kind");
    } else if (columns_.count("kind") != 0 && spells) {
      absl::StrAppend(&text_, "# kind = ", TomlText(sample_.header[columns_["kind"]]),
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
      if (columns_.count("start") == 0) HasStart();
      Column("start");
      if (columns_.count("end") != 0) Column("end");
      if (columns_.count("end") == 0)
        Line("end", sample_.header[columns_["start"]], "check: no column of an end was found");
      LevelLine();
    }
    if (!spells && columns_.count("date") == 0 && columns_.count("start") != 0)
      columns_["date"] = columns_["start"];
    if (!spells && columns_.count("date") == 0) FirstDate("date");
    if (columns_.count("date") != 0) Column("date");
    DateFormatLine();
    Column("outcome");
    Column("nfa");
    Common(/*with_id=*/true);
  }

  void HasStart() {
    if (columns_.count("date") != 0) {
      columns_["start"] = columns_["date"];
      columns_.erase("date");
    } else if (!FirstDate("start")) {
      columns_["start"] = columns_["end"];
      doubtful_.insert("start");
    }
  }

  // Whether most of a column's values are codes that are known.
  bool Recognised(absl::string_view key) const {
    for (const FieldNames& field : AllFieldNames()) {
      if (field.key == key) return CodesKnown(field, columns_.at(key)) > 0.5;
    }
    return false;
  }

  void LevelLine() {
    if (columns_.count("level") != 0 && (Recognised("level") || columns_.count("kind") != 0))
      return Column("level");
    absl::string_view level = LevelInName(name_);
    std::string comment = "check: by the name of the file or table";
    if (level.empty() || level == "close") {
      level = "early_help";
      comment = "check: nothing tells; early_help, cin, cp, cla, or the column that says which";
    }
    if (columns_.count("level") != 0)
      absl::StrAppend(&comment, "; perhaps ", TomlText(sample_.header[columns_["level"]]));
    Line("level", level, comment);
  }

  void FindDays(Mapping& mapping) const {
    const DateFormat format = CompiledFormat(date_format_);
    std::vector<Day> days;
    for (const char* const key : {"start", "date", "timestamp"}) {
      const auto found = columns_.find(key);
      if (found == columns_.end()) continue;
      for (const std::string& value : sample_.columns[found->second]) {
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
  std::vector<absl::string_view> formats_;  // by column; "" where it is no dates
  absl::string_view date_format_;
  std::map<absl::string_view, std::size_t> columns_;
  std::set<std::string> doubtful_;
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
