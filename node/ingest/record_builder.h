// Gathers rows from all sources, applies the rules that hold for every format, and hands out Records.
#ifndef WAYMARK_NODE_INGEST_RECORD_BUILDER_H_
#define WAYMARK_NODE_INGEST_RECORD_BUILDER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "node/ingest/gathered.h"
#include "node/ingest/links.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_merger.h"
#include "node/ingest/source.h"
#include "node/journey/records.h"

namespace waymark::node {

// A date as a row has it.
struct DateReading {
  Day day = kNoDay;  // kNoDay: blank or impossible
  bool impossible = false;
};

// Where a row stands, for the report, and a hash of the whole row.
struct RowPlace {
  std::uint64_t hash = 0;
  std::uint32_t line = 0;
  std::uint16_t file = 0;  // index in QualityReport::files
  // False for a second record made of the same row: what happens to it is a note, and does not count the row
  // again.
  bool counts = true;
};

// What any row may tell of its person. Codes are numbers given by Code(); kNoCode where the row has no such
// field.
struct PersonRow {
  DateReading birth = {};
  DateReading death = {};
  std::optional<absl::string_view> family = {};  // "": blank
  Code sex = kNoCode;
  Code ethnicity = kNoCode;
  Code disability = kNoCode;
};

// Not thread-safe. Rows may come in any order.
class RecordBuilder {
 public:
  // Coverage is known beforehand: a record is held against the extract date of its kind.
  RecordBuilder(const Coverage& early_help, const Coverage& social_care, const Coverage& contact,
                const Coverage& early_help_assessment, QualityReport& report);

  // For another thread, with a report of its own: a builder whose rows go into the Records too. It must not
  // outlive this one, and is not to be used once Finish is called.
  RecordBuilder& Beside(QualityReport& report);

  // The number of a text. Numbers of persons, codes and ids are those of this builder, not of the Records.
  std::uint32_t PersonNumber(absl::string_view id) { return gathered_->PersonNumber(LinkedId(id)); }
  Code Text(absl::string_view text) { return gathered_->codes().Intern(text); }
  RecordId Id(absl::string_view id) {
    if (id.empty()) return kNoRecordId;
    ids_.append(id.data(), id.size());
    id_ends_.push_back(ids_.size());
    return static_cast<RecordId>(id_ends_.size() - 1);
  }
  // The numbers that PersonNumber and Id have given are not asked for any more.
  void ForgetNumbers() {
    gathered_->ForgetPersons();
    ids_.clear();
    id_ends_.clear();
  }

  // Persons from here on are known by the ids to which `links` links them; null: by their own. It outlives
  // the builder.
  void LinkPersons(SourceLinks* links) { links_ = links; }

  // The id by which such a person is known. The view lives as long as `id` and the links.
  absl::string_view LinkedId(absl::string_view id) { return links_ == nullptr ? id : links_->Linked(id); }

  // Episodes keep their ids in the Records, which nothing but a store of extracts needs: many records, many
  // ids.
  void KeepEpisodeIds() { keep_episode_ids_ = true; }

  // Nobody looks at what is not among these.
  void Make(const Extras& extras) { make_ = extras; }

  // What a row tells of `person`. Where rows differ, the earliest date, the smallest family and the smallest
  // code in use win, whatever the order, and the difference is reported.
  void AddPerson(std::uint32_t person, const PersonRow& row, const RowPlace& place);
  // `person` stands in a source's list of persons.
  void ListPerson(std::uint32_t person);

  // Each counts its row as used and returns true, or leaves it out with a reason. Days are those of the
  // readings. (Records are not copied: one that has just been filled in field by field is slow to copy.)
  bool AddEpisode(const Episode& episode, const DateReading& start, const DateReading& end,
                  const RowPlace& place);
  bool AddReferral(const Referral& referral, const DateReading& day, const RowPlace& place);
  bool AddContact(const Contact& contact, const DateReading& day, const RowPlace& place);
  // An `end` that cannot be read, or lies before the start, leaves the row out; one after the extract date is
  // not there yet. `step.referral` is the caller's to set.
  bool AddStep(const Step& step, const DateReading& start, const DateReading& end, const RowPlace& place);

  // Rows of the CSV templates, which Finish hands on as they are.
  Templates& templates() { return templates_; }

  // Once: sorts, drops duplicates, numbers anew, fills the report's totals and completeness.
  // RESOURCE_EXHAUSTED where there are more different codes and names than are kept apart.
  absl::StatusOr<Records> Finish();

 private:
  bool LeaveOut(absl::string_view reason, const RowPlace& place);  // always false
  // Whether a record may begin on `start`; leaves the row out otherwise.
  bool MayStart(const DateReading& start, const Coverage& coverage, const RowPlace& place);
  // Whether an end can be: not impossible and not before the start; leaves the row out otherwise. One after
  // the extract date becomes kNoDay, with a note.
  bool TakeEnd(const DateReading& end, Day start, const Coverage& coverage, const RowPlace& place,
               Day& taken);
  const Coverage& CoverageOf(Level level) const;
  // The date as it is used; kNoDay where it is not.
  Day BirthOf(const DateReading& birth, const RowPlace& place);
  Day DeathOf(const DateReading& death, const RowPlace& place);
  absl::string_view IdText(RecordId id) const {
    const std::size_t begin = id == 0 ? 0 : id_ends_[id - 1];
    return absl::string_view(ids_).substr(begin, id_ends_[id] - begin);
  }
  // Notes what became of `person`'s row.
  void Add(std::uint32_t person, RecordId id, LoggedRow& row, const RowPlace& place);
  void ReportPersons(Records& records, MergedPersons persons);

  QualityReport& report_;
  SourceLinks* links_ = nullptr;
  Coverage early_help_, social_care_, contact_, early_help_assessment_;
  Day last_extract_ = kNoDay;
  std::unique_ptr<Gathered> gathered_ = std::make_unique<Gathered>();
  std::string ids_;  // of records, one behind the other,
  std::vector<std::size_t> id_ends_;
  std::vector<std::unique_ptr<RecordBuilder>> beside_;
  Templates templates_;
  bool has_families_ = false;
  bool keep_episode_ids_ = false;
  Extras make_;
  bool has_person_list_ = false;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_RECORD_BUILDER_H_
