// What the tables of the Standard Safeguarding Dataset share while they are read, one after another.
#ifndef WAYMARK_NODE_INGEST_SSD_TABLE_H_
#define WAYMARK_NODE_INGEST_SSD_TABLE_H_

#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "node/ingest/person_table.h"

namespace waymark::node {

// What rows tell of other tables' rows, by their ids.
struct SsdLinks {
  struct Conference {
    DateReading day;
    absl::string_view outcome;  // "plan", "no_plan", ""
  };
  // Who holds a case: the greatest of a referral's involvements counts.
  struct Holder {
    bool allocated = false;  // by the name of the role
    bool open = false;
    Day since = 0;
    std::string worker;

    bool operator<(const Holder& other) const {
      return std::tie(allocated, open, since, worker) <
             std::tie(other.allocated, other.open, other.since, other.worker);
    }
  };
  // A step waits for the day of its referral, whose table is read later.
  struct Waiting {
    Step step;
    DateReading start, end;
    RowPlace place;
    std::string referral;
  };

  absl::flat_hash_map<std::string, Conference>
      conferences;                                   // by section 47 enquiry; those of none are taken out
  absl::flat_hash_map<std::string, Holder> holders;  // by referral
  absl::flat_hash_map<std::string, bool> in_need;    // by referral: what assessments and plans found
  absl::flat_hash_map<std::string, Day> referrals;
  absl::flat_hash_set<std::uint32_t> listed;  // persons in ssd_person
  std::vector<Waiting> steps;

  // A referral's child was found in need, or not; in need wins. Nothing for a blank id.
  void Found(absl::string_view referral, bool need) {
    if (!referral.empty()) in_need[referral] = in_need[referral] || need;
  }
};

struct SsdTable : PersonTable {
  SsdTable(const SourceConfig& config, TableReader& table, RecordBuilder& records, QualityReport& report,
           SsdLinks& shared)
      : PersonTable(config, table, records, report), links(shared) {}

  // As ForEach, for tables of records: remarks on persons that ssd_person does not have.
  template <typename Row>
  absl::Status ForEachRecord(Column person, const Row& row) {
    return ForEach(person, [&](std::uint32_t number, const RowPlace& place) {
      if (!links.listed.empty() && !links.listed.contains(number)) {
        fields.report().Note("a person that ssd_person does not have", place.line);
      }
      row(number, place);
    });
  }

  SsdLinks& links;
};

// One function a table. Column names are those of the dataset's published versions, newest first.
absl::Status ReadSsdPersons(SsdTable& t);
absl::Status ReadSsdFamilies(SsdTable& t);
absl::Status ReadSsdDisabilities(SsdTable& t);
absl::Status ReadSsdEarlyHelp(SsdTable& t);
absl::Status ReadSsdContacts(SsdTable& t);
absl::Status ReadSsdInvolvements(SsdTable& t);
absl::Status ReadSsdAssessments(SsdTable& t);
absl::Status ReadSsdConferences(SsdTable& t);
absl::Status ReadSsdEnquiries(SsdTable& t);
absl::Status ReadSsdNeedPlans(SsdTable& t);
absl::Status ReadSsdProtectionPlans(SsdTable& t);
absl::Status ReadSsdReferrals(SsdTable& t);
absl::Status ReadSsdLookedAfter(SsdTable& t);

// After all tables: the steps that waited.
void AddSsdSteps(SsdLinks& links, RecordBuilder& builder);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_SSD_TABLE_H_
