#include "node/ingest/census_xml.h"

#include <set>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/ingest/xml_reader.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMostBytesOfAChild = std::size_t{16} << 20;
constexpr std::size_t kBytesOfAnElement = 64;     // what an element costs beside its text, about
constexpr std::size_t kMostUnknownElements = 50;  // named one by one in the report

// What an element is: a group of others, a record, or a leaf.
enum class Node : std::uint8_t {
  kOutside,
  kMessage,
  kHeader,
  kCollectionDetails,
  kHeaderSource,
  kChildren,
  kChild,
  kIdentifiers,
  kCharacteristics,
  kDisabilities,
  kReferral,
  kAssessment,
  kFactors,
  kNeedPlan,
  kEnquiry,
  kProtectionPlan,
  kReviews,
  kLeaf,     // its text is a value of the record around it
  kUnused,   // of the census, and used by no metric
  kUnknown,  // not of the census
};

struct Rule {
  Node parent;
  absl::string_view name;
  Node node;
  CensusField field = {};  // of kLeaf
};

// The census guide's modules, 2009 to 2025; GenderCurrent became Sex.
constexpr Rule kRules[] = {
    {Node::kOutside, "Message", Node::kMessage},
    {Node::kMessage, "Header", Node::kHeader},
    {Node::kHeader, "CollectionDetails", Node::kCollectionDetails},
    {Node::kCollectionDetails, "Collection", Node::kLeaf, CensusField::kCollection},
    {Node::kCollectionDetails, "Year", Node::kLeaf, CensusField::kYear},
    {Node::kCollectionDetails, "ReferenceDate", Node::kLeaf, CensusField::kReferenceDate},
    {Node::kHeader, "Source", Node::kHeaderSource},
    {Node::kHeaderSource, "LEA", Node::kLeaf, CensusField::kCouncil},
    {Node::kHeaderSource, "LACode", Node::kLeaf, CensusField::kCouncil},
    {Node::kHeaderSource, "DateTime", Node::kLeaf, CensusField::kMade},
    {Node::kHeaderSource, "SourceLevel", Node::kUnused},
    {Node::kHeaderSource, "SoftwareCode", Node::kUnused},
    {Node::kHeaderSource, "Release", Node::kUnused},
    {Node::kHeaderSource, "SerialNo", Node::kUnused},
    {Node::kHeader, "Content", Node::kUnused},
    {Node::kMessage, "Children", Node::kChildren},
    {Node::kChildren, "Child", Node::kChild},

    {Node::kChild, "ChildIdentifiers", Node::kIdentifiers},
    {Node::kIdentifiers, "LAchildID", Node::kLeaf, CensusField::kChildId},
    {Node::kIdentifiers, "PersonBirthDate", Node::kLeaf, CensusField::kBirth},
    {Node::kIdentifiers, "ExpectedPersonBirthDate", Node::kLeaf, CensusField::kExpectedBirth},
    {Node::kIdentifiers, "PersonDeathDate", Node::kLeaf, CensusField::kDeath},
    {Node::kIdentifiers, "GenderCurrent", Node::kLeaf, CensusField::kSex},
    {Node::kIdentifiers, "Sex", Node::kLeaf, CensusField::kSex},
    {Node::kIdentifiers, "UPN", Node::kUnused},
    {Node::kIdentifiers, "FormerUPN", Node::kUnused},
    {Node::kIdentifiers, "UPNunknown", Node::kUnused},
    {Node::kChild, "ChildCharacteristics", Node::kCharacteristics},
    {Node::kCharacteristics, "Ethnicity", Node::kLeaf, CensusField::kEthnicity},
    {Node::kCharacteristics, "Disabilities", Node::kDisabilities},
    {Node::kDisabilities, "Disability", Node::kLeaf, CensusField::kDisability},

    {Node::kChild, "CINdetails", Node::kReferral},
    {Node::kReferral, "CINreferralDate", Node::kLeaf, CensusField::kReferralDate},
    {Node::kReferral, "ReferralSource", Node::kLeaf, CensusField::kSource},
    {Node::kReferral, "PrimaryNeedCode", Node::kLeaf, CensusField::kNeed},
    {Node::kReferral, "ReferralNFA", Node::kLeaf, CensusField::kNfa},
    {Node::kReferral, "CINclosureDate", Node::kLeaf, CensusField::kClosureDate},
    {Node::kReferral, "ReasonForClosure", Node::kLeaf, CensusField::kClosureReason},
    {Node::kReferral, "DateOfInitialCPC", Node::kLeaf, CensusField::kConference},

    {Node::kReferral, "Assessments", Node::kAssessment},
    {Node::kAssessment, "AssessmentActualStartDate", Node::kLeaf, CensusField::kStart},
    {Node::kAssessment, "AssessmentAuthorisationDate", Node::kLeaf, CensusField::kEnd},
    {Node::kAssessment, "AssessmentInternalReviewDate", Node::kUnused},
    {Node::kAssessment, "FactorsIdentifiedAtAssessment", Node::kFactors},
    {Node::kFactors, "AssessmentFactors", Node::kUnused},

    {Node::kReferral, "CINPlanDates", Node::kNeedPlan},
    {Node::kNeedPlan, "CINPlanStartDate", Node::kLeaf, CensusField::kStart},
    {Node::kNeedPlan, "CINPlanEndDate", Node::kLeaf, CensusField::kEnd},

    {Node::kReferral, "Section47", Node::kEnquiry},
    {Node::kEnquiry, "S47ActualStartDate", Node::kLeaf, CensusField::kStart},
    {Node::kEnquiry, "DateOfInitialCPC", Node::kLeaf, CensusField::kConference},
    {Node::kEnquiry, "ICPCnotRequired", Node::kLeaf, CensusField::kConferenceNotRequired},
    {Node::kEnquiry, "InitialCPCtarget", Node::kUnused},

    {Node::kReferral, "ChildProtectionPlans", Node::kProtectionPlan},
    {Node::kProtectionPlan, "CPPstartDate", Node::kLeaf, CensusField::kStart},
    {Node::kProtectionPlan, "CPPendDate", Node::kLeaf, CensusField::kEnd},
    {Node::kProtectionPlan, "NumberOfPreviousCPP", Node::kLeaf, CensusField::kPreviousPlans},
    {Node::kProtectionPlan, "InitialCategoryOfAbuse", Node::kUnused},
    {Node::kProtectionPlan, "LatestCategoryOfAbuse", Node::kUnused},
    {Node::kProtectionPlan, "Reviews", Node::kReviews},
    {Node::kReviews, "CPPreviewDate", Node::kUnused},
};

const Rule* FindRule(Node parent, absl::string_view name) {
  for (const Rule& rule : kRules) {
    if (rule.parent == parent && rule.name == name) return &rule;
  }
  return nullptr;
}

class CensusReader final : public XmlHandler {
 public:
  CensusReader(const std::string& name, CensusSink& sink, FileReport& report)
      : name_(name), sink_(sink), report_(report) {}

  absl::Status Start(const XmlElement& element) override {
    const Node parent = open_.empty() ? Node::kOutside : open_.back().node;
    const Rule* rule = FindRule(parent, element.name);
    if (open_.empty() && rule == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(name_, ":", element.line,
                       ": the outermost element is not <Message>: this is no Children "
                       "in Need census; name the XML that was made for the census"));
    }
    open_.push_back({rule == nullptr ? Node::kUnknown : rule->node,
                     rule == nullptr ? CensusField{} : rule->field, element.line});
    if (open_.back().node == Node::kLeaf) text_.clear();
    if (rule == nullptr) {
      // Below an element that is used by nothing, or unknown, all is.
      if (parent != Node::kUnused && parent != Node::kUnknown) NoteUnknown(element.name, element.line);
    } else if (rule->node == Node::kUnused && header_seen_) {
      report_.Note(absl::StrCat("<", rule->name, ">: used by no metric"), element.line);
    }
    return Open(open_.back());
  }

  absl::Status Text(absl::string_view text) override {
    const absl::string_view value = absl::StripAsciiWhitespace(text);
    if (value.empty()) return absl::OkStatus();
    const Node node = open_.back().node;
    if (node == Node::kLeaf) {
      text_.append(value.data(), value.size());
    } else if (node != Node::kUnused && node != Node::kUnknown) {
      report_.Note("text between elements: not read", open_.back().line);
    }
    if (!rows_.empty()) rows_.back()->hash = absl::HashOf(rows_.back()->hash, static_cast<int>(node), value);
    return Grow(value.size());
  }

  absl::Status End(absl::string_view) override {
    const Element closed = open_.back();
    open_.pop_back();
    switch (closed.node) {
      case Node::kLeaf:
        TakeValue(closed);
        return absl::OkStatus();
      case Node::kHeader:
        rows_.pop_back();
        header_seen_ = true;
        return sink_.Header(header_);
      case Node::kChild:
        rows_.pop_back();
        return sink_.Child(child_);
      default:
        if (IsRecord(closed.node)) rows_.pop_back();
        return absl::OkStatus();
    }
  }

 private:
  struct Element {
    Node node;
    CensusField field;
    std::int64_t line;
  };

  static bool IsRecord(Node node) {
    switch (node) {
      case Node::kHeader:
      case Node::kChild:
      case Node::kReferral:
      case Node::kAssessment:
      case Node::kNeedPlan:
      case Node::kEnquiry:
      case Node::kProtectionPlan:
        return true;
      default:
        return false;
    }
  }

  // Makes room for what an element may hold. A record stays where it is until it is closed: no element of
  // its kind can be inside it.
  absl::Status Open(const Element& element) {
    if (element.node == Node::kChild) {
      child_ = {};
      child_bytes_ = 0;
    }
    if ((element.node == Node::kChildren && !header_seen_) ||
        (element.node == Node::kHeader && header_seen_)) {
      return absl::InvalidArgumentError(
          absl::StrCat(name_, ":", element.line,
                       ": expected one <Header>, which tells the census' year, and then "
                       "<Children>; export the census whole"));
    }
    if (IsRecord(element.node)) {
      CensusRow& row = NewRow(element.node);
      row.line = element.line;
      rows_.push_back(&row);
      if (element.node != Node::kHeader) ++report_.rows_read;
    }
    return Grow(kBytesOfAnElement);
  }

  CensusRow& NewRow(Node node) {
    switch (node) {
      case Node::kHeader:
        return header_;
      case Node::kChild:
        return child_.row;
      case Node::kReferral:
        return child_.referrals.emplace_back().row;
      case Node::kAssessment:
        return child_.referrals.back().assessments.emplace_back();
      case Node::kNeedPlan:
        return child_.referrals.back().need_plans.emplace_back();
      case Node::kEnquiry:
        return child_.referrals.back().enquiries.emplace_back();
      default:
        return child_.referrals.back().protection_plans.emplace_back();
    }
  }

  void TakeValue(const Element& leaf) {
    CensusRow& row = *rows_.back();
    if (text_.empty()) return;
    if (leaf.field != CensusField::kDisability && !row.Get(leaf.field).empty()) {
      report_.Note("an element that stands twice where it may stand once: the first is read", leaf.line);
      return;
    }
    row.values.emplace_back(leaf.field, std::move(text_));
    text_.clear();
  }

  // Children are kept one at a time, so one child must not be boundless.
  absl::Status Grow(std::size_t bytes) {
    child_bytes_ += bytes;
    if (child_bytes_ <= kMostBytesOfAChild) return absl::OkStatus();
    return absl::ResourceExhaustedError(absl::StrCat(name_, ":", open_.back().line,
                                                     ": the header or one child takes more than ",
                                                     kMostBytesOfAChild >> 20, " MiB; is this a census?"));
  }

  void NoteUnknown(absl::string_view name, std::int64_t line) {
    const bool room = unknown_.size() < kMostUnknownElements || unknown_.contains(std::string(name));
    if (room) unknown_.emplace(name);
    report_.Note(absl::StrCat(room ? absl::StrCat("<", name, ">") : "further elements",
                              ": not of the census; not read"),
                 line);
  }

  const std::string& name_;
  CensusSink& sink_;
  FileReport& report_;
  std::vector<Element> open_;
  std::vector<CensusRow*> rows_;  // the records that are open, outermost first
  std::string text_;              // of the leaf that is open
  CensusRow header_;
  CensusChild child_;
  std::size_t child_bytes_ = 0;
  bool header_seen_ = false;
  std::set<std::string> unknown_;
};

}  // namespace

absl::string_view CensusRow::Get(CensusField field) const {
  for (const auto& [held, value] : values) {
    if (held == field) return value;
  }
  return "";
}

absl::Status ReadCensus(ByteSource& bytes, const std::string& name, CensusSink& sink, FileReport& report) {
  CensusReader reader(name, sink, report);
  return ReadXml(bytes, name, reader);
}

}  // namespace waymark::node
