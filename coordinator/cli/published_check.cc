#include "coordinator/cli/published_check.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/merkle_tree.h"
#include "proto/contract/protected_table.h"
#include "proto/contract/publication.h"
#include "proto/contract/revision.h"

namespace waymark::coordinator {
namespace {

using Item = v1::Publication::Item;
using Place = std::pair<std::string, int>;             // a round and the index of an item
using Trees = std::vector<crypto::MerkleAccumulator>;  // by item

absl::Status NotAsLogged(const v1::Publication& publication, const Item& item, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("round ", publication.round_id(), ", metric ", item.metric(),
                                          " for ", item.period(), ": ", what,
                                          " not what the log says was published; tell the other councils"));
}

template <typename Texts>
bool Equal(const Texts& a, const Texts& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

std::string HashOf(const google::protobuf::RepeatedPtrField<v1::QueryResponse::Contributor>& coverage) {
  return contract::CoverageHash({coverage.begin(), coverage.end()});
}

class PublishedCheck {
 public:
  PublishedCheck(Connection& connection, const std::vector<v1::Publication>& publications)
      : connection_(connection) {
    for (const v1::Publication& one : publications) publications_.emplace(one.round_id(), &one);
  }

  // Asks for everything that is listed, and keeps which figures came.
  absl::Status AskForListed() {
    ASSIGN_OR_RETURN(const v1::ListPublishedResponse listed, connection_.ListPublished());
    for (const v1::ListPublishedResponse::Entry& entry : listed.entries()) {
      ASSIGN_OR_RETURN(const Place place,
                       Find(entry.round_id(), entry.metric(), entry.version(), entry.period()));
      const Item& item = ItemAt(place);
      if (HasLater(place.first)) {
        return NotAsLogged(*publications_.at(place.first), item,
                           "there is a later edition, and so its place in the list is");
      }
      if (item.mode() != entry.mode() || !Equal(item.breakdowns(), entry.breakdowns()) ||
          !Equal(item.geographies(), entry.geographies())) {
        return NotAsLogged(*publications_.at(place.first), item, "its entry in the list is");
      }
      RETURN_IF_ERROR(AskFor(entry, ""));
      for (const std::string& breakdown : entry.breakdowns()) RETURN_IF_ERROR(AskFor(entry, breakdown));
      listed_.insert({entry.metric(), entry.version(), entry.period()});
      ++checked_.benchmarks;
    }
    return CheckNoneIsHidden();
  }

  // Reads every figure of every round once.
  absl::StatusOr<PublishedChecked> ReadAll() {
    for (const auto& [round_id, publication] : publications_) RETURN_IF_ERROR(Read(*publication));
    return checked_;
  }

 private:
  using Benchmark = std::tuple<std::string, std::uint32_t, std::string>;  // metric, version, period

  absl::Status CheckNoneIsHidden() const {
    for (const auto& [round_id, publication] : publications_) {
      for (const Item& item : publication->items()) {
        if (listed_.contains({item.metric(), item.version(), item.period()})) continue;
        return NotAsLogged(*publication, item, "it is in no list of what is published, and so that list is");
      }
    }
    return absl::OkStatus();
  }

  bool HasLater(const std::string& id) const {
    const auto edition = contract::ParseEditionId(id);
    const std::uint32_t number = edition ? edition->number : 1;
    return publications_.contains(contract::EditionId(contract::RoundOf(id), number + 1));
  }

  const Item& ItemAt(const Place& place) const { return publications_.at(place.first)->items(place.second); }

  absl::StatusOr<Place> Find(const std::string& round_id, const std::string& metric, std::uint32_t version,
                             const std::string& period) const {
    const auto publication = publications_.find(round_id);
    const int items = publication == publications_.end() ? 0 : publication->second->items_size();
    for (int i = 0; i < items; ++i) {
      const Item& item = publication->second->items(i);
      if (item.metric() == metric && item.version() == version && item.period() == period) {
        return Place(round_id, i);
      }
    }
    return absl::DataLossError(absl::StrCat("metric ", metric, " for ", period, " is published as of round ",
                                            round_id, ", and the log has no such publication"));
  }

  absl::Status AskFor(const v1::ListPublishedResponse::Entry& entry, const std::string& breakdown) {
    v1::QueryRequest request;
    request.set_metric(entry.metric());
    request.set_version(entry.version());
    request.set_period(entry.period());
    request.set_breakdown(breakdown);
    ASSIGN_OR_RETURN(const v1::QueryResponse response, connection_.Query(request));
    ASSIGN_OR_RETURN(const Place place,
                     Find(response.round_id(), entry.metric(), entry.version(), entry.period()));
    const v1::Publication& publication = *publications_.at(place.first);
    if (response.published_unix_s() != publication.published_unix_s() ||
        HashOf(response.coverage()) != ItemAt(place).coverage_hash()) {
      return NotAsLogged(publication, ItemAt(place), "when it was published, or who took part, is");
    }
    for (const v1::Figure& figure : response.figures()) {
      queried_[place].insert(contract::FigureLeafHash(figure));
    }
    return absl::OkStatus();
  }

  absl::Status Read(const v1::Publication& publication) {
    Trees trees(static_cast<std::size_t>(publication.items_size()));
    Trees councils(trees.size());
    v1::PublishedFiguresRequest request;
    request.set_round_id(publication.round_id());
    do {
      ASSIGN_OR_RETURN(const v1::PublishedFiguresResponse page, connection_.PublishedFigures(request));
      if (request.after() == 0) RETURN_IF_ERROR(CheckCoverage(publication, page));
      RETURN_IF_ERROR(AddPage(publication, page, trees));
      RETURN_IF_ERROR(AddTables(publication, page, councils));
      if (page.last() != 0 && page.last() <= request.after()) {
        return absl::DataLossError(
            absl::StrCat("round ", publication.round_id(), ": its figures are given out of order"));
      }
      request.set_after(page.last());
    } while (request.after() != 0);
    for (int i = 0; i < publication.items_size(); ++i) {
      const Item& item = publication.items(i);
      const crypto::MerkleAccumulator& tree = trees[static_cast<std::size_t>(i)];
      if (tree.size() != item.figures() || tree.Root() != item.figures_root()) {
        return NotAsLogged(publication, item, "its figures are");
      }
      const crypto::MerkleAccumulator& given = councils[static_cast<std::size_t>(i)];
      const bool has_councils = !item.councils_root().empty();
      if (given.size() != item.councils() || (has_councils && given.Root() != item.councils_root())) {
        return NotAsLogged(publication, item, "what councils' own figures follow from is");
      }
      const auto queried = queried_.find({publication.round_id(), i});
      if (queried != queried_.end() && !queried->second.empty()) {
        return NotAsLogged(publication, item, "a figure that a query gives is");
      }
      if (queried == queried_.end()) continue;
      if (left_out_.contains({publication.round_id(), i})) {
        return NotAsLogged(publication, item, "a query leaves figures out, and so what it gives is");
      }
    }
    return absl::OkStatus();
  }

  static absl::Status CheckCoverage(const v1::Publication& publication,
                                    const v1::PublishedFiguresResponse& page) {
    for (int i = 0; i < publication.items_size(); ++i) {
      if (i < page.coverage_size() &&
          HashOf(page.coverage(i).contributors()) == publication.items(i).coverage_hash()) {
        continue;
      }
      return NotAsLogged(publication, publication.items(i), "who took part is");
    }
    return absl::OkStatus();
  }

  absl::Status AddPage(const v1::Publication& publication, const v1::PublishedFiguresResponse& page,
                       Trees& trees) {
    for (int i = 0; i < page.figures_size(); ++i) {
      const std::uint32_t item = i < page.items_size() ? page.items(i) : 0;
      if (i >= page.items_size() || item >= trees.size()) {
        return absl::DataLossError(
            absl::StrCat("round ", publication.round_id(), ": a figure is of no item that it asked for"));
      }
      std::string leaf = contract::FigureLeafHash(page.figures(i));
      const Place place(publication.round_id(), static_cast<int>(item));
      if (const auto queried = queried_.find(place); queried != queried_.end() &&
                                                     page.figures(i).level() != v1::GEOGRAPHY_LEVEL_COUNCIL &&
                                                     queried->second.erase(leaf) == 0) {
        left_out_.insert(place);
      }
      trees[item].Append(std::move(leaf));
      ++checked_.figures;
    }
    return absl::OkStatus();
  }

  absl::Status AddTables(const v1::Publication& publication, const v1::PublishedFiguresResponse& page,
                         Trees& trees) {
    for (const v1::PublishedFiguresResponse::Council& council : page.councils()) {
      if (council.item() >= trees.size()) {
        return absl::DataLossError(absl::StrCat("round ", publication.round_id(), ": what ",
                                                council.council(), " gave is of no item that it asked for"));
      }
      std::vector<contract::ProtectedTable> tables;
      for (const v1::ProtectedTable& message : council.tables()) {
        ASSIGN_OR_RETURN(contract::ProtectedTable table, contract::ProtectedTableFromProto(message));
        tables.push_back(std::move(table));
      }
      std::vector<const contract::ProtectedTable*> given;
      for (const contract::ProtectedTable& table : tables) given.push_back(&table);
      trees[council.item()].Append(contract::CouncilLeafHash(council.council(), given));
      checked_.tables += tables.size();
    }
    return absl::OkStatus();
  }

  Connection& connection_;
  std::map<std::string, const v1::Publication*> publications_;  // by round
  std::set<Benchmark> listed_;
  std::map<Place, std::set<std::string>> queried_;  // leaf hashes that queries gave, until they are found
  std::set<Place> left_out_;                        // of which queries did not give every figure
  PublishedChecked checked_;
};

}  // namespace

absl::StatusOr<PublishedChecked> CheckPublished(Connection& connection,
                                                const std::vector<v1::Publication>& publications) {
  PublishedCheck check(connection, publications);
  RETURN_IF_ERROR(check.AskForListed());
  return check.ReadAll();
}

}  // namespace waymark::coordinator
