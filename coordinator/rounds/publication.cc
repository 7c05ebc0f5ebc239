#include "coordinator/rounds/publication.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "coordinator/benchmark/stored_answers.h"
#include "coordinator/rounds/figure_writer.h"
#include "coordinator/rounds/publication_record.h"
#include "coordinator/rounds/unnamed_answers.h"
#include "crypto/merkle_tree.h"
#include "proto/contract/publication.h"

namespace waymark::coordinator {
namespace {

void AppendAbsences(const std::vector<std::string>& members, const std::vector<contract::Release>& answers,
                    const Given& given, Publication& publication) {
  std::set<std::string> answered;
  for (const SummedPart& sum : given.sums) answered.insert(sum.contributors.begin(), sum.contributors.end());
  for (const contract::Release& answer : answers) {
    answered.insert(answer.council);
    for (const contract::AbsentItem& one : answer.absent) {
      publication.absences.push_back(
          StoredAbsence{.council = answer.council, .item = one.item, .absence = one.absence});
    }
  }
  for (const std::string& member : members) {
    if (answered.contains(member)) continue;
    const auto declined = given.declines.find(member);
    publication.absences.push_back(StoredAbsence{
        .council = member,
        .item = kWholeRelease,
        .absence = declined == given.declines.end() ? v1::ABSENCE_NO_RESPONSE : declined->second});
  }
}

// Puts pseudonyms in the place of the councils that asked for one. One council without a name among named
// ones would be found by elimination, since who takes part is public: below `least` of them in a region their
// own figures are not shown, and they count in the sums alone. In a region, since its figure less its named
// councils', or a round that asks fewer regions, would single out one that is alone in its own.
class Pseudonyms {
 public:
  Pseudonyms(const std::vector<contract::Release>& answers, std::uint32_t least,
             const catalogue::Library& library) {
    std::map<std::string, std::vector<std::string>> by_region;
    for (const contract::Release& answer : answers) {
      if (answer.pseudonym.empty()) continue;
      pseudonyms_[answer.council] = answer.pseudonym;
      const v1::Area* const area = library.FindAreaEver(answer.council);
      regions_[answer.council] = area == nullptr ? "" : area->region_code();
      by_region[regions_[answer.council]].push_back(answer.council);
    }
    for (const auto& [region, councils] : by_region) {
      if (councils.size() < least) alone_.insert(councils.begin(), councils.end());
    }
  }

  // Members in the order of the codes by which they are published: in the order of their own a pseudonym
  // would stand where its council stood.
  std::vector<std::string> InOrder(std::vector<std::string> members) const {
    const auto published = [&](const std::string& council) -> const std::string& {
      const auto found = pseudonyms_.find(council);
      return found == pseudonyms_.end() ? council : found->second;
    };
    std::sort(members.begin(), members.end(),
              [&](const auto& a, const auto& b) { return published(a) < published(b); });
    return members;
  }

  bool IsNamed(const std::string& council) const { return !pseudonyms_.contains(council); }
  // Every council without a name, with its region's code ("": in none).
  const std::map<std::string, std::string>& Regions() const { return regions_; }
  std::set<std::string> Unnamed() const {
    std::set<std::string> unnamed;
    for (const auto& [council, pseudonym] : pseudonyms_) unnamed.insert(council);
    return unnamed;
  }
  // Councils whose own figures are shown under a pseudonym.
  std::set<std::string> Shown() const {
    std::set<std::string> shown;
    for (const auto& [council, pseudonym] : pseudonyms_) {
      if (!alone_.contains(council)) shown.insert(council);
    }
    return shown;
  }

  void ApplyTo(Figures& figures) const {
    if (pseudonyms_.empty()) return;
    for (v1::Figure& figure : figures) {
      if (figure.level() != v1::GEOGRAPHY_LEVEL_COUNCIL) continue;
      const auto found = pseudonyms_.find(figure.geography_code());
      if (found == pseudonyms_.end()) continue;
      figure.set_geography_code(found->second);
      figure.set_geography_name(kName);
    }
  }

  void ApplyTo(CombinedItem& item) const {
    for (v1::QueryResponse::Contributor& contributor : item.coverage) {
      const auto found = pseudonyms_.find(contributor.council());
      if (found == pseudonyms_.end()) continue;
      contributor.set_council(found->second);
      contributor.set_name(kName);
      contributor.clear_scope();  // its note may say who it is
    }
  }

 private:
  static constexpr char kName[] = "A council that is not named";
  std::map<std::string, std::string> pseudonyms_;  // by council
  std::map<std::string, std::string> regions_;     // by council
  std::set<std::string> alone_;                    // those whose own figures are not shown
};

void AppendItem(std::size_t index, const contract::RoundItem& item, const CombinedItem& combined,
                Publication& publication) {
  const auto number = static_cast<std::int64_t>(index);
  publication.items.push_back(PublishedItem{.round_id = publication.round_id,
                                            .item = number,
                                            .metric = item.metric,
                                            .version = item.version,
                                            .period = item.period,
                                            .entry = combined.entry.SerializeAsString(),
                                            .published_unix_s = publication.published_unix_s});
  for (const auto& contributor : combined.coverage) {
    publication.contributors.push_back(StoredContributor{
        .item = number, .council = contributor.council(), .bytes = contributor.SerializeAsString()});
  }
}

// Where the own figures of named councils come from, when they are asked for, and the trees that commit to
// it. Of a council under no name more would be told by its tables than by its figures, so these are stored.
class OwnSources {
 public:
  OwnSources(const Pseudonyms& pseudonyms, std::size_t items) : pseudonyms_(pseudonyms), trees_(items) {}

  void AddGiven(std::size_t item, const std::string& council,
                absl::Span<const contract::ProtectedTable* const> tables) {
    if (pseudonyms_.IsNamed(council)) trees_[item].Append(contract::CouncilLeafHash(council, tables));
  }

  const crypto::MerkleAccumulator& tree(std::size_t item) const { return trees_[item]; }

  std::vector<StoredSource> Of(const std::vector<std::string>& members,
                               const std::map<std::string, std::string>& releases) const {
    std::vector<StoredSource> sources;
    for (const std::string& council : members) {
      if (!pseudonyms_.IsNamed(council)) continue;
      const auto release = releases.find(council);
      sources.push_back({.council = council, .release_id = release == releases.end() ? "" : release->second});
    }
    return sources;
  }

 private:
  const Pseudonyms& pseudonyms_;
  std::vector<crypto::MerkleAccumulator> trees_;  // by item
};

}  // namespace

absl::StatusOr<Publication> MakePublication(const Round& round, const catalogue::Library& library,
                                            const std::vector<std::string>& members, const Given& given,
                                            std::int64_t now_unix_s, Store& store) {
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, SpecOf(round));
  ASSIGN_OR_RETURN(const v1::Catalogue definitions, DefinitionsOf(round));
  const StoredAnswers stored(store, given.releases);
  std::vector<std::string> answered;
  for (const auto& [council, release] : given.releases) answered.push_back(council);
  ASSIGN_OR_RETURN(const AnswerHeads heads, stored.Heads(spec.items, answered));
  const Pseudonyms pseudonyms(heads.releases, spec.least_contributors, library);
  RETURN_IF_ERROR(store.DropFigures(round.round_id));
  PublicationRecord record;
  FigureWriter writer(store, round.round_id, record);
  const std::vector<std::string> in_order = pseudonyms.InOrder(members);
  const std::set<std::string> unnamed = pseudonyms.Unnamed();
  UnnamedAnswers answers(pseudonyms.Regions(), pseudonyms.Shown(), spec.least_contributors);
  OwnSources own(pseudonyms, spec.items.size());
  ASSIGN_OR_RETURN(std::vector<CombinedItem> combined,
                   Combine({.spec = spec,
                            .definitions = definitions,
                            .library = library,
                            .members = in_order,
                            .heads = heads,
                            .answers = stored.source(),
                            .sums = given.sums,
                            .declines = given.declines,
                            .own = &unnamed,
                            .given = [&](std::size_t item, const std::string& council,
                                         auto tables) { own.AddGiven(item, council, tables); }},
                           [&](std::size_t item, Figures& figures) {
                             answers.ApplyTo(item, figures);
                             pseudonyms.ApplyTo(figures);
                             return writer.Add(item, figures);
                           }));
  RETURN_IF_ERROR(writer.Finish());
  Publication publication;
  publication.round_id = round.round_id;
  publication.published_unix_s = now_unix_s;
  publication.releases = heads.releases.size();
  AppendAbsences(members, heads.releases, given, publication);
  const bool has_own = !contract::IsSecure(spec);
  if (has_own) publication.sources = own.Of(in_order, given.releases);
  for (std::size_t i = 0; i < combined.size(); ++i) {
    pseudonyms.ApplyTo(combined[i]);
    AppendItem(i, spec.items[i], combined[i], publication);
    record.AddItem(combined[i].entry, combined[i].coverage, has_own ? &own.tree(i) : nullptr);
  }
  if (given.revised != nullptr) {
    publication.edition = round.edition;
    for (const StoredRevision& one : given.revised->revisions) {
      publication.revisions.emplace_back(one.release_id, one.council);
    }
    record.Revise(round, given.revised->reasons);
  }
  record.FinishInto(publication);
  return publication;
}

}  // namespace waymark::coordinator
