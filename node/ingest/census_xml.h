// The Children in Need census as the Department for Education's guide lays it out in XML, child by child.
// Only what stands in the file: what it means is cin_census.h's to say.
#ifndef WAYMARK_NODE_INGEST_CENSUS_XML_H_
#define WAYMARK_NODE_INGEST_CENSUS_XML_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "node/ingest/byte_source.h"
#include "node/ingest/quality_report.h"

namespace waymark::node {

// The elements whose text is read. All others are counted: those of the census as used by no metric, any
// other as not of the census. A pupil number is not even kept.
enum class CensusField : std::uint8_t {
  // Header
  kCollection,
  kYear,
  kReferenceDate,
  kCouncil,
  kMade,
  // Child
  kChildId,
  kBirth,
  kExpectedBirth,
  kDeath,
  kSex,
  kEthnicity,
  kDisability,  // may stand several times
  // CINdetails
  kReferralDate,
  kSource,
  kNeed,
  kNfa,
  kClosureDate,
  kClosureReason,
  kConference,  // also of Section47
  // Assessments, Section47, CINPlanDates and ChildProtectionPlans
  kStart,
  kEnd,
  kConferenceNotRequired,
  kPreviousPlans,
};

// One element that is a record, or the header.
struct CensusRow {
  std::int64_t line = 0;
  std::uint64_t hash = 0;  // of all that it holds
  std::vector<std::pair<CensusField, std::string>> values = {};

  // Without blanks around it; the first where there are several; "" where there is none.
  absl::string_view Get(CensusField field) const;
};

struct CensusReferral {
  CensusRow row;
  std::vector<CensusRow> assessments = {};
  std::vector<CensusRow> enquiries = {};
  std::vector<CensusRow> need_plans = {};
  std::vector<CensusRow> protection_plans = {};
};

struct CensusChild {
  CensusRow row;
  std::vector<CensusReferral> referrals = {};
};

// What is made of a census. Errors end the reading and are returned as they are.
class CensusSink {
 public:
  virtual ~CensusSink() = default;
  virtual absl::Status Header(const CensusRow& header) = 0;  // once, before any child
  virtual absl::Status Child(const CensusChild& child) = 0;
};

// Reads the whole of `bytes`. Every child, referral, assessment, section 47 enquiry and plan is a row of
// `report`, which is also told of elements that nothing uses. Errors as ReadXml; INVALID_ARGUMENT where it is
// no census, RESOURCE_EXHAUSTED where one child takes more than 16 MiB.
absl::Status ReadCensus(ByteSource& bytes, const std::string& name, CensusSink& sink, FileReport& report);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_CENSUS_XML_H_
