#include "node/ingest/suggest.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/status.h"
#include "node/ingest/encoding.h"
#include "node/ingest/formats.h"
#include "node/ingest/suggest_mapping.h"
#include "node/ingest/suggest_names.h"
#include "node/ingest/suggest_values.h"
#include "node/ingest/workbook.h"

namespace waymark::node {
namespace {

constexpr std::int64_t kSampleRows = 20'000;
constexpr std::size_t kSampleBytes = std::size_t{1} << 20U;

// Formats with columns of their own: any of these in a header tells.
struct Known {
  absl::string_view format;
  std::vector<absl::string_view> columns;  // as PlainName writes them
};
const std::vector<Known>& KnownFormats() {
  static const auto* const known = new std::vector<Known>{
      {"ssd",
       {"pers person id", "earl person id", "cine person id", "cppl person id", "clae person id",
        "cont person id", "fami person id", "disa person id"}},
      {"annex-a", {"child unique id"}},
      {"ssda903", {"decom", "mc dob"}},
  };
  return *known;
}

absl::string_view FormatOf(const std::vector<std::string>& header) {
  for (const Known& known : KnownFormats()) {
    for (const std::string& column : header) {
      const std::string plain = PlainName(column);
      if (std::find(known.columns.begin(), known.columns.end(), plain) != known.columns.end())
        return known.format;
    }
  }
  return "";
}

std::string Head(absl::string_view format, absl::string_view where) {
  return absl::StrCat("[[source]]\nformat = ", TomlText(format), "\n", where);
}

// covered_from and extract_date, which no file states.
std::string Days(const Sample& sample, const Mapping& mapping) {
  const std::string where =
      sample.rows < kSampleRows ? "in it" : absl::StrCat("in its first ", kSampleRows, " rows");
  return absl::StrCat("covered_from = ", FormatDay(mapping.first_day),
                      "   # check: the day from which the records are whole; this is the first ", where,
                      "\nextract_date = ", FormatDay(mapping.last_day),
                      "   # check: the day whose state the records show; this is the last ", where, "\n");
}

// Of a format that needs no mapping but of its dates, where they are not written as it expects.
absl::StatusOr<std::string> Whole(absl::string_view format, const std::string& where,
                                  absl::string_view date_format = "") {
  if (FormatNamed(format) == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("this is of format \"", format, "\", which this version of Waymark does not read"));
  }
  const std::vector<std::string> usual = IsoDateFormats();
  const bool is_usual = date_format.empty() || format != "ssd" ||
                        std::find(usual.begin(), usual.end(), date_format) != usual.end();
  return absl::StrCat(
      Head(format, where),
      "covered_from = 2020-04-01   # check: the day from which the records are whole\n"
      "extract_date = 2025-03-31   # check: the day whose state the records show\n",
      is_usual ? "" : absl::StrCat("[source.mapping]\ndate_format = ", TomlText(date_format), "\n"));
}

absl::StatusOr<Sample> SampleOf(RowSource& rows) {
  Sample sample{.header = rows.header(), .columns = {}};
  sample.columns.resize(sample.header.size());
  std::int64_t read = 0;
  while (read < kSampleRows) {
    ASSIGN_OR_RETURN(const bool any, rows.Next());
    if (!any) break;
    ++read;
    if (!rows.malformed().empty()) {
      ++sample.malformed;
      continue;
    }
    for (std::size_t i = 0; i < sample.columns.size(); ++i) {
      sample.columns[i].emplace_back(absl::StripAsciiWhitespace(rows.field(i)));
    }
  }
  sample.rows = read;
  return sample;
}

std::string MappedText(absl::string_view format, const std::string& where, const Sample& sample,
                       absl::string_view name) {
  const Mapping mapping = MapColumns(sample, name);
  return absl::StrCat(Head(format, where), Days(sample, mapping), mapping.text);
}

// The whole beginning of a file, up to kSampleBytes.
absl::StatusOr<std::string> Beginning(const std::string& path) {
  ASSIGN_OR_RETURN(const auto bytes, OpenFile(path));
  std::string text(kSampleBytes, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    ASSIGN_OR_RETURN(const std::size_t more, bytes->Read(text.data() + size, text.size() - size));
    if (more == 0) break;
    size += more;
  }
  text.resize(size);
  return text;
}

struct CsvWay {
  CsvOptions options;
  Sample sample;
  std::string text;  // of the keys
};

// The encoding and delimiter under which most rows have as many fields as the header, and it the most.
absl::StatusOr<CsvWay> ReadCsv(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string beginning, Beginning(path));
  // A character may be cut in two at the end.
  const std::size_t invalid = FirstInvalidUtf8(beginning);
  const bool utf8 =
      invalid == absl::string_view::npos || (beginning.size() == kSampleBytes && invalid + 4 > kSampleBytes);
  std::optional<CsvWay> best;
  double best_score = 0;
  absl::Status error;
  for (const char delimiter : {',', ';', '\t', '|'}) {
    CsvWay way;
    way.options.delimiter = delimiter;
    way.options.encoding = utf8 ? Encoding::kUtf8 : Encoding::kWindows1252;
    ASSIGN_OR_RETURN(auto bytes, OpenFile(path));
    auto csv = CsvReader::Open(std::move(bytes), path, way.options);
    if (!csv.ok()) {
      error.Update(csv.status());
      continue;
    }
    auto sample = SampleOf(**csv);
    if (!sample.ok()) {
      error.Update(sample.status());
      continue;
    }
    way.sample = *std::move(sample);
    const auto rows = static_cast<double>(std::max<std::int64_t>(way.sample.rows, 1));
    const double score = static_cast<double>(way.sample.header.size() - 1) *
                         (1 - static_cast<double>(way.sample.malformed) / rows);
    if (score <= best_score) continue;
    best_score = score;
    if (delimiter != ',')
      way.text = delimiter == '\t' ? "delimiter = \"tab\"\n"
                                   : absl::StrCat("delimiter = \"", std::string(1, delimiter), "\"\n");
    if (!utf8) absl::StrAppend(&way.text, "encoding = \"windows-1252\"\n");
    best = std::move(way);
  }
  if (best) return *std::move(best);
  if (!error.ok()) return error;
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": has one column under each of , ; | and tab; expected a table with a header"));
}

// The proposal for one sheet; INVALID_ARGUMENT where it is no table of episodes or events.
absl::StatusOr<std::string> SuggestForSheet(Workbook& workbook, std::size_t number) {
  ASSIGN_OR_RETURN(const std::unique_ptr<SheetRows> rows, workbook.OpenSheet(number, {}));
  ASSIGN_OR_RETURN(const Sample sample, SampleOf(*rows));
  if (const absl::string_view format = FormatOf(sample.header); !format.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("is of format \"", format, "\"; save its sheets as CSV files"));
  }
  if (std::string missing = MissingFor(sample); !missing.empty()) return absl::InvalidArgumentError(missing);
  const std::string& name = workbook.sheets()[number].name;
  return MappedText("event-log",
                    absl::StrCat("path = ", TomlText(workbook.name()), "\nsheet = ", TomlText(name), "\n"),
                    sample, name);
}

// A [[source]] for each sheet that is a table of episodes or events; what the others lack stands in comments.
absl::StatusOr<std::string> SuggestForWorkbook(const std::string& path) {
  ASSIGN_OR_RETURN(Workbook workbook, Workbook::Open(path));
  std::vector<std::string> proposals, others;
  for (std::size_t i = 0; i < workbook.sheets().size(); ++i) {
    if (workbook.OpenSheet(i, {{"Child Unique ID"}}).ok()) {
      return Whole("annex-a", absl::StrCat("path = ", TomlText(path), "\n"));
    }
    absl::StatusOr<std::string> proposal = SuggestForSheet(workbook, i);
    if (proposal.ok()) {
      proposals.push_back(*std::move(proposal));
    } else {
      others.push_back(
          absl::StrCat("sheet ", TomlText(workbook.sheets()[i].name), ": ", proposal.status().message()));
    }
  }
  if (proposals.empty())
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", absl::StrJoin(others, "; ")));
  for (const std::string& other : others) proposals.push_back(absl::StrCat("# Not read: ", other, "\n"));
  return absl::StrJoin(proposals, "\n");
}

absl::StatusOr<std::string> SuggestForCsv(const std::string& path) {
  ASSIGN_OR_RETURN(const CsvWay way, ReadCsv(path));
  const absl::string_view format = FormatOf(way.sample.header);
  if (!format.empty()) {
    return Whole(format,
                 absl::StrCat("path = ", TomlText(DirectoryOf(path)), "   # the folder with all its files\n",
                              way.text),
                 DateFormatOf(way.sample));
  }
  const std::string name = std::filesystem::path(path).stem().string();
  if (const std::string missing = MissingFor(way.sample); !missing.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", missing));
  }
  return MappedText("event-log", absl::StrCat("path = ", TomlText(path), "\n", way.text), way.sample, name);
}

absl::StatusOr<std::string> SuggestForFolder(const std::string& path) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    if (absl::EqualsIgnoreCase(entry.path().extension().string(), ".csv"))
      files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    const auto way = ReadCsv(file);
    const absl::string_view format = way.ok() ? FormatOf(way->sample.header) : "";
    if (!format.empty())
      return Whole(format, absl::StrCat("path = ", TomlText(path), "\n", way->text),
                   DateFormatOf(way->sample));
  }
  return absl::InvalidArgumentError(
      files.empty()
          ? absl::StrCat(path, ": holds no CSV file")
          : absl::StrCat(path, ": its files are of no format that is known as a whole; ask for each: ",
                         absl::StrJoin(files, ", ")));
}

}  // namespace

absl::StatusOr<std::string> SuggestForFile(const std::string& place) {
  std::error_code error;
  if (std::filesystem::is_directory(place, error)) return SuggestForFolder(place);
  if (IsWorkbookName(place)) return SuggestForWorkbook(place);
  ASSIGN_OR_RETURN(const std::string beginning, Beginning(place));
  if (absl::StartsWith(absl::StripLeadingAsciiWhitespace(beginning), "<") ||
      absl::EndsWithIgnoreCase(place, ".xml")) {
    if (absl::StrContains(beginning, "<CINdetails") || absl::StrContains(beginning, "<ChildIdentifiers")) {
      return Whole("cin-census", absl::StrCat("path = ", TomlText(place), "\n"));
    }
    return absl::InvalidArgumentError(
        absl::StrCat(place, ": XML, but no Children in Need census; that has <CINdetails>"));
  }
  return SuggestForCsv(place);
}

absl::StatusOr<std::string> SuggestForDatabase(const DatabaseConfig& config, const std::string& table) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, Database::Open(config));
  ASSIGN_OR_RETURN(const std::vector<std::string> tables, database->Tables());
  std::string where = absl::StrCat("connection = ", TomlText(config.connection), "\n");
  if (!config.password_file.empty())
    absl::StrAppend(&where, "password_file = ", TomlText(config.password_file), "\n");
  const bool is_ssd = std::any_of(tables.begin(), tables.end(), [](const std::string& name) {
    return absl::EndsWithIgnoreCase(name, "ssd_person") ||
           absl::EndsWithIgnoreCase(name, "ssd_early_help_episodes");
  });
  if (table.empty() && is_ssd) return Whole("ssd", where);
  if (table.empty() && tables.size() != 1) {
    return absl::InvalidArgumentError(absl::StrCat(config.connection, ": name one table with --table; there ",
                                                   tables.empty()
                                                       ? "is none that this user may see"
                                                       : absl::StrCat("are ", absl::StrJoin(tables, ", "))));
  }
  const std::string& name = table.empty() ? tables[0] : table;
  ASSIGN_OR_RETURN(const std::unique_ptr<RowSource> rows, database->ReadTable(name));
  ASSIGN_OR_RETURN(const Sample sample, SampleOf(*rows));
  if (const std::string missing = MissingFor(sample); !missing.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(rows->name(), ": ", missing));
  }
  return MappedText("sql", absl::StrCat(where, "table = ", TomlText(name), "\n"), sample, name);
}

}  // namespace waymark::node
