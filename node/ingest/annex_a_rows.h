// The rows of Annex A's lists to records: what each column means. README.md tells how each list is read.
#ifndef WAYMARK_NODE_INGEST_ANNEX_A_ROWS_H_
#define WAYMARK_NODE_INGEST_ANNEX_A_ROWS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/source.h"
#include "node/ingest/table_reader.h"

namespace waymark::node {

// For each column that a list must have, the names it may go by.
const std::vector<std::vector<std::string>>& AnnexANeeded(int list);

// Referrals (list 3) and the assessments that followed them (list 4): a referral's outcome is known only when
// both lists have been read. Not thread-safe.
class AnnexAReferrals {
 public:
  void AddReferral(Referral referral, const DateReading& day, bool nfa, const RowPlace& place);
  void AddAssessment(Step step, const DateReading& start, const DateReading& end, const RowPlace& place);
  // There is a list 4, with or without rows.
  void HasAssessments() { has_assessments_ = true; }

  // Joins them and hands them to `builder`. An assessment belongs to the child's latest referral that did not
  // end in no further action, on its first day or before and after the first day of the child's assessment
  // before it; `referral` of its step is that day. Such a referral's outcome is the assessment's (of several
  // that began on one day "in_need" if any says so), blank where none followed. Without a list 4 only "nfa"
  // is known.
  void Finish(RecordBuilder& builder);

 private:
  struct PendingReferral {
    Referral referral;
    DateReading day;
    bool nfa;
    RowPlace place;
  };
  struct PendingAssessment {
    Step step;
    DateReading start;
    DateReading end;
    RowPlace place;
  };
  // By child, day → what the assessments that belong to its referral of that day say.
  using Outcomes = std::map<std::uint32_t, std::map<Day, Code>>;

  Outcomes Join(Code in_need, Code blank);

  std::vector<PendingReferral> referrals_;
  std::vector<PendingAssessment> assessments_;
  bool has_assessments_ = false;
};

// Reads the rows of `list` from `table`, whose FileReport is the last of `report.files`.
absl::Status ReadAnnexAList(int list, const SourceConfig& config, TableReader& table, RecordBuilder& builder,
                            AnnexAReferrals& referrals, QualityReport& report);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_ANNEX_A_ROWS_H_
