#include "node/ingest/ssda903.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/ingest/folder_files.h"
#include "node/ingest/later_wins.h"
#include "node/ingest/person_table.h"
#include "node/ingest/unused_table.h"

namespace waymark::node {
namespace {

enum class Use { kPersons, kEpisodes, kNone };

// A table is the first all of whose columns a file has, beside CHILD.
struct Table {
  absl::string_view name;
  std::vector<absl::string_view> columns;
  Use use = Use::kNone;
};

const std::vector<Table>& Tables() {
  static const auto* const tables =
      new std::vector<Table>{{"header", {"SEX", "DOB", "ETHNIC"}, Use::kPersons},
                             {"episodes", {"DECOM", "RNE", "LS"}, Use::kEpisodes},
                             {"uasc", {"DUC"}},
                             {"reviews", {"REVIEW"}},
                             {"oc2", {"SDQ_REASON"}},
                             {"oc2", {"CONVICTED"}},
                             {"oc3", {"IN_TOUCH"}},
                             {"ad1", {"DATE_INT"}},
                             {"placed for adoption", {"DATE_PLACED"}},
                             {"missing", {"MISSING", "MIS_START"}},
                             {"previous permanence", {"PREV_PERM"}},
                             {"social workers", {"SW_DECOM"}}};
  return *tables;
}

bool Has(const std::vector<std::string>& header, absl::string_view column) {
  return std::any_of(header.begin(), header.end(),
                     [&](const std::string& each) { return absl::EqualsIgnoreCase(each, column); });
}

const Table* Recognise(const std::vector<std::string>& header) {
  if (!Has(header, "CHILD")) return nullptr;
  for (const Table& table : Tables()) {
    if (std::all_of(table.columns.begin(), table.columns.end(),
                    [&](absl::string_view column) { return Has(header, column); })) {
      return &table;
    }
  }
  return nullptr;
}

struct File {
  std::string path;
  const Table* table = nullptr;
  Day reaches = 0;  // of episodes: the last day that it tells of
};

class Returns {
 public:
  Returns(const SourceConfig& config, RecordBuilder& builder, QualityReport& report)
      : config_(config), builder_(builder), report_(report) {}

  absl::Status Find() {
    ASSIGN_OR_RETURN(const std::vector<std::string> paths, FilesAt(config_.path, ".csv"));
    ErrorList errors;
    for (const std::string& path : paths) errors.Add(Look(path));
    RETURN_IF_ERROR(errors.Joined());
    const auto has = [&](Use use) {
      return std::any_of(files_.begin(), files_.end(),
                         [&](const File& file) { return file.table->use == use; });
    };
    if (!has(Use::kEpisodes)) {
      return absl::NotFoundError(absl::StrCat(
          config_.path,
          " holds no file of episodes; expected a CSV with the columns CHILD, DECOM, RNE, LS, CIN, "
          "DEC and REC"));
    }
    has_persons_ = has(Use::kPersons);
    if (!has_persons_) {
      Warn("no file with CHILD, SEX, DOB and ETHNIC (header.csv): ages, sex and ethnicity are not known");
    }
    Warn(
        "has children looked after alone; referrals, children in need and protection plans are missing "
        "unless "
        "another source has them");
    return absl::OkStatus();
  }

  // Persons first, so that the episodes can tell who is not among them; then the latest episodes.
  absl::Status Read() {
    std::sort(files_.begin(), files_.end(), [](const File& a, const File& b) {
      return std::tuple(a.table->use, -a.reaches, b.path) < std::tuple(b.table->use, -b.reaches, a.path);
    });
    ErrorList errors;
    bool earlier = false;
    for (const File& file : files_) {
      errors.Add(ReadFile(file, earlier));
      earlier = file.table->use == Use::kEpisodes;
    }
    return errors.Joined();
  }

 private:
  void Warn(absl::string_view message) {
    report_.issues.push_back({Severity::kWarning, config_.path, 0, std::string(message)});
  }

  // Recognises a file and looks how far it reaches.
  absl::Status Look(const std::string& path) {
    ASSIGN_OR_RETURN(TableReader reader, TableReader::Open(path, config_.csv));
    File file{.path = path, .table = Recognise(reader.header())};
    if (file.table == nullptr) {
      report_.issues.push_back(
          {Severity::kWarning, path, 0, "its columns are those of no table of the return: not read"});
      return absl::OkStatus();
    }
    if (file.table->use == Use::kEpisodes) {
      QualityReport ignored;
      ignored.files.push_back({.file = path});
      PersonTable table(config_, reader, builder_, ignored);
      const Column dates[] = {reader.Optional({"DECOM"}), reader.Optional({"DEC"})};
      const Column child = reader.Required({"CHILD"});
      RETURN_IF_ERROR(table.ForEach(child, [&](std::uint32_t, const RowPlace&) {
        for (const Column date : dates) {
          const Day day = table.fields.Date(date).day;
          // A date in the future is a typing error and says nothing about the file.
          if (day <= config_.extract_date) file.reaches = std::max(file.reaches, day);
        }
      }));
    }
    files_.push_back(std::move(file));
    return absl::OkStatus();
  }

  absl::Status ReadFile(const File& file, bool earlier) {
    report_.files.push_back({.file = file.path});
    ASSIGN_OR_RETURN(TableReader reader, TableReader::Open(file.path, config_.csv));
    PersonTable table(config_, reader, builder_, report_);
    switch (file.table->use) {
      case Use::kPersons:
        return ReadPersons(table);
      case Use::kEpisodes:
        return ReadEpisodes(table, earlier);
      case Use::kNone:
        break;
    }
    if (const absl::Status counted = CountUnused(reader, report_); !counted.ok()) {
      WarnOfUnused(counted, report_);
    }
    return absl::OkStatus();
  }

  absl::Status ReadPersons(PersonTable& t) {
    const Column child = t.reader.Required({"CHILD"});
    const Column birth = t.reader.Required({"DOB"});
    const Column sex = t.reader.Required({"SEX"});
    const Column ethnicity = t.reader.Required({"ETHNIC"});
    return t.ForEach(child, [&](std::uint32_t person, const RowPlace& place) {
      t.builder.AddPerson(person,
                          {.birth = t.fields.Date(birth),
                           .sex = t.fields.Coded(CodeField::kSex, sex),
                           .ethnicity = t.fields.Coded(CodeField::kEthnicity, ethnicity)},
                          place);
      listed_.insert(person);
      ++t.fields.report().rows_used;
    });
  }

  // A row is a piece of a child's being looked after: a placement, or a legal status. Pieces that follow each
  // other become one where all records' do.
  absl::Status ReadEpisodes(PersonTable& t, bool earlier) {
    const Column child = t.reader.Required({"CHILD"});
    const Column start = t.reader.Required({"DECOM"});
    const Column end = t.reader.Required({"DEC"});
    const Column reason = t.reader.Required({"REC"});
    const Column status = t.reader.Required({"LS"});
    const Column need = t.reader.Required({"CIN"});
    return t.ForEach(child, [&](std::uint32_t person, const RowPlace& place) {
      FileReport& file = t.fields.report();
      const DateReading began = t.fields.Date(start);
      const DateReading ended = t.fields.Date(end);
      if (later_.Told({person, began.day}, place.file)) return t.fields.LeaveOut(kLaterFileHasIt);
      const absl::string_view legal = t.fields.Text(status);
      if (absl::EqualsIgnoreCase(legal, "V3") || absl::EqualsIgnoreCase(legal, "V4"))
        return t.fields.LeaveOut(kShortBreak);
      if (has_persons_ && !listed_.contains(person)) file.Note("a child that no header file has", place.line);
      const bool open = t.fields.Text(end).empty();
      if (open && !t.fields.Text(reason).empty())
        file.Note("a reason for ceasing (REC) without a day (DEC): taken as open", place.line);
      if (open && earlier) file.Note("open here and not in any later file: taken as still open", place.line);
      t.builder.AddEpisode({.person = person,
                            .level = Level::kCla,
                            .end_reason = open ? t.builder.Text("") : t.fields.EndReason(Level::kCla, reason),
                            .need = t.fields.Coded(CodeField::kNeed, need)},
                           began, ended, place);
    });
  }

  const SourceConfig& config_;
  RecordBuilder& builder_;
  QualityReport& report_;
  std::vector<File> files_;
  absl::flat_hash_set<std::uint32_t> listed_;
  LaterWins<std::pair<std::uint32_t, Day>> later_;
  bool has_persons_ = false;
};

}  // namespace

void ConfigureSsda903(ConfigTable& source, SourceConfig& config) {
  ConfigTable mapping = source.Table("mapping");
  ReadDateFormats(mapping, {"%d/%m/%Y", "%Y-%m-%d"}, config);
  ReadCodes(mapping, config);
}

Carries Ssda903Carries(const SourceConfig& config) {
  Carries carries = config.carries.value_or(Carries{.social_care = true});
  carries.levels = Only(Level::kCla);
  return carries;
}

absl::Status ReadSsda903(const SourceConfig& config, RecordBuilder& builder, QualityReport& report) {
  Returns returns(config, builder, report);
  RETURN_IF_ERROR(returns.Find());
  return returns.Read();
}

}  // namespace waymark::node
