// A folder of made-up files for one test, and the way from a [[source]] table to Records.
#ifndef WAYMARK_TESTS_UNIT_NODE_INGEST_FOLDER_H_
#define WAYMARK_TESTS_UNIT_NODE_INGEST_FOLDER_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/configuration.h"
#include "base/status.h"
#include "node/ingest/ingest.h"

namespace waymark::node::testing {

class Folder {
 public:
  Folder() {
    std::string pattern = ::testing::TempDir() + "/waymark_ingest_XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  std::string Write(const std::string& name, const std::string& text) const {
    const std::string file = absl::StrCat(path_, "/", name);
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

  // Reads the sources of `toml`, whose paths are names in this folder.
  absl::StatusOr<std::vector<SourceConfig>> Sources(const std::string& toml) const {
    ASSIGN_OR_RETURN(ConfigTable root, ConfigTable::Parse(toml, "node.toml"));
    std::vector<SourceConfig> sources = ReadSources(root, path_);
    RETURN_IF_ERROR(root.Finish());
    return sources;
  }
  absl::StatusOr<IngestResult> Read(const std::string& toml) const {
    ASSIGN_OR_RETURN(const std::vector<SourceConfig> sources, Sources(toml));
    return Ingest(sources);
  }

 private:
  std::string path_;
};

// "" for a field that the source does not carry.
inline std::string TextOf(const Records& records, Code code) {
  return code == kNoCode ? "" : records.codes.Text(code);
}

// "" for none.
inline std::string IdOf(const Records& records, RecordId id) {
  return id == kNoRecordId ? "" : std::string(records.record_ids.Text(id));
}

// "c1 early_help 2024-01-02..2024-02-03", a line each: episodes by person, start and level, then the rest.
inline std::vector<std::string> Show(const Records& records) {
  constexpr const char* kNames[] = {"early_help", "cin", "cp", "cla"};
  std::vector<std::string> lines;
  std::vector<Episode> episodes = records.episodes;
  std::stable_sort(episodes.begin(), episodes.end(), [](const Episode& a, const Episode& b) {
    return std::tie(a.person, a.start, a.level) < std::tie(b.person, b.start, b.level);
  });
  for (const Episode& e : episodes) {
    lines.push_back(absl::StrCat(records.person_ids.Text(e.person), " ", kNames[static_cast<int>(e.level)],
                                 " ", FormatDay(e.start), "..", FormatDay(e.end)));
  }
  for (const Referral& r : records.referrals) {
    lines.push_back(absl::StrCat(records.person_ids.Text(r.person), " referral ", FormatDay(r.day),
                                 " nfa=", TextOf(records, r.nfa)));
  }
  for (const Contact& c : records.contacts) {
    lines.push_back(absl::StrCat(records.person_ids.Text(c.person), " contact ", FormatDay(c.day), " ",
                                 TextOf(records, c.outcome)));
  }
  constexpr const char* kSteps[] = {"early_help_assessment", "assessment", "enquiry", "plan"};
  for (const Step& s : records.steps) {
    lines.push_back(absl::StrCat(records.person_ids.Text(s.person), " ", kSteps[static_cast<int>(s.kind)],
                                 " ", FormatDay(s.start), "..", FormatDay(s.end), " of ",
                                 FormatDay(s.referral), " ", TextOf(records, s.outcome)));
  }
  return lines;
}

// Everything in the records, for comparing two readings whole.
inline std::string Dump(const Records& records) {
  std::string out;
  for (std::size_t i = 0; i < records.persons.size(); ++i) {
    const Person& p = records.persons[i];
    absl::StrAppend(&out, records.person_ids.Text(static_cast<std::uint32_t>(i)), " ", FormatDay(p.birth),
                    " ", FormatDay(p.death), " ",
                    p.family == kNoFamily ? "-" : std::string(records.family_ids.Text(p.family)), " ", p.sex,
                    " ", p.ethnicity, " ", p.disability, "\n");
  }
  const auto line = [&out](const auto&... values) {
    const auto append = [&out](const auto& value) { absl::StrAppend(&out, value, " "); };
    (append(values), ...);
    out += "\n";
  };
  for (const Episode& e : records.episodes) {
    line(e.person, static_cast<int>(e.level), e.start, e.end, e.source, e.end_reason, e.need, e.area, e.team,
         e.service, e.worker);
  }
  for (const Referral& r : records.referrals) {
    line(r.person, r.day, r.source, r.nfa, r.outcome, r.area, r.team, IdOf(records, r.id));
  }
  for (const Contact& c : records.contacts) {
    line(c.person, c.day, c.source, c.outcome, c.area, IdOf(records, c.id));
  }
  for (const Step& s : records.steps) {
    line(s.person, static_cast<int>(s.kind), s.start, s.end, s.referral, s.outcome, s.area, s.team);
  }
  for (Code i = 0; i < records.codes.size(); ++i) absl::StrAppend(&out, records.codes.Text(i), "|");
  for (const FieldQuality& f : records.quality)
    absl::StrAppend(&out, f.field, " ", f.complete, "/", f.records, "\n");
  return out;
}

inline std::int64_t CountOf(const std::map<std::string, Tally>& tallies, const std::string& reason) {
  const auto found = tallies.find(reason);
  return found == tallies.end() ? 0 : found->second.count();
}

}  // namespace waymark::node::testing

#endif  // WAYMARK_TESTS_UNIT_NODE_INGEST_FOLDER_H_
