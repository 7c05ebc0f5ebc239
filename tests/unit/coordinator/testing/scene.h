// A federation without servers: the real catalogue, a store in a folder of its own, a clock that stands
// still, councils whose keys the test holds.
#ifndef WAYMARK_TESTS_UNIT_COORDINATOR_TESTING_SCENE_H_
#define WAYMARK_TESTS_UNIT_COORDINATOR_TESTING_SCENE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "catalogue/library.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/rounds/rounds.h"
#include "coordinator/store/open_store.h"
#include "crypto/random.h"
#include "crypto/signature.h"
#include "proto/contract/release.h"
#include "proto/contract/round_spec.h"
#include "tests/testing/fake_clock.h"

namespace waymark::coordinator::testing {

// A folder that is removed with everything in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Codes of councils in the North East (E12000001: the first five) and in London (E12000007: the others).
extern const std::vector<std::string> kCouncils;

// An item's published parts with its figures.
struct WholeItem : CombinedItem {
  std::vector<v1::Figure> figures;
};

class Scene {
 public:
  // With the metrics of a folder.
  explicit Scene(const std::string& catalogue = "catalogue");

  const catalogue::Library& library() const { return *library_; }
  Store& store() { return *store_; }
  Rounds& rounds() { return *rounds_; }
  const crypto::SigningKey& key() const { return *key_; }
  waymark::testing::FakeClock& clock() { return clock_; }
  const std::string& folder() const { return folder_.path(); }
  const crypto::SigningKey& key_of(const std::string& council) const { return *keys_.at(council); }

  // Puts the council on the roster, with a signing key of its own.
  void Join(const std::string& council);

  // An item as an operator's file would make it.
  contract::RoundItem Item(const std::string& metric, v1::Mode mode,
                           std::vector<std::string> breakdowns = {}) const;
  // Open now, for an hour.
  contract::RoundSpec Spec(const std::string& id, std::vector<contract::RoundItem> items) const;

  // A table of the metric with its columns, without dimensions; `values` is its one row.
  contract::ProtectedTable Table(const contract::RoundItem& item, std::uint32_t window_days,
                                 std::vector<std::int64_t> values) const;

  // The library has no mix yet: its metric 22 as one, with its first classes.
  v1::Metric Mix(int classes) const;
  contract::ProtectedTable MixTable(const contract::RoundItem& item, std::vector<std::int64_t> values) const;

  // What the answers or sums of the scene's councils combine to.
  std::vector<WholeItem> CombineAll(const contract::RoundSpec& spec, const v1::Catalogue& definitions,
                                    const std::vector<contract::Release>& answers,
                                    const std::vector<SummedPart>& sums = {}) const;

  contract::Release Release(const std::string& council, const contract::RoundSpec& spec,
                            std::vector<contract::ProtectedTable> tables) const;
  // Signs it again, with the council's key.
  void Sign(contract::Release& release) const;

 private:
  TemporaryFolder folder_;
  waymark::testing::FakeClock clock_;
  mutable crypto::SystemRandom random_;
  std::unique_ptr<catalogue::Library> library_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<crypto::SigningKey> key_;
  std::map<std::string, std::unique_ptr<crypto::SigningKey>> keys_;
  std::unique_ptr<Rounds> rounds_;
};

}  // namespace waymark::coordinator::testing

#endif  // WAYMARK_TESTS_UNIT_COORDINATOR_TESTING_SCENE_H_
