// A made-up council for the tests of the door: a catalogue, a policy, a round and exact tables.
#ifndef WAYMARK_TESTS_UNIT_NODE_DISCLOSE_MADE_UP_H_
#define WAYMARK_TESTS_UNIT_NODE_DISCLOSE_MADE_UP_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "catalogue/library.h"
#include "crypto/random.h"
#include "node/disclose/door.h"
#include "tests/testing/fake_clock.h"

namespace waymark::node {

inline constexpr char kCouncil[] = "E06000001";

// A folder of its own, removed with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  std::string Path(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// The catalogue as it stands in the repository.
const catalogue::Library& TestLibrary();
const v1::Metric& EntryNamed(const std::string& id);

// An item that asks for one unit (the entry's first) and one window (its first, if it has any).
contract::RoundItem ItemFor(const std::string& metric, v1::Mode mode,
                            std::vector<std::string> breakdowns = {});
// With discrete Gaussian noise.
contract::RoundItem RhoItem(const std::string& metric, std::uint64_t rho_numerator,
                            std::uint64_t rho_denominator, std::vector<std::string> breakdowns = {});

contract::RoundItem NoisedItem(const std::string& metric, std::uint64_t epsilon_numerator = 1,
                               std::uint64_t epsilon_denominator = 2,
                               std::vector<std::string> breakdowns = {});
contract::RoundSpec SpecOf(const std::string& round_id, std::vector<contract::RoundItem> items);

// Allows 1, 2, 10, 16, 22, 31, 43 thresholded, and 19, 19-contacts noised, with a yearly epsilon of 4.
std::string PolicyText();
Policy TestPolicy();

// Fills one exact table, whose rows and columns are set and whose values are 0.
using Filler = std::function<void(contract::Table&)>;

// Exact tables of any item, by `fill`; `adjust` may then change what is said of each.
class MadeUpTables final : public ItemTables {
 public:
  MadeUpTables();
  explicit MadeUpTables(Filler fill) : fill_(std::move(fill)) {}
  absl::StatusOr<std::vector<Measured>> Exact(const contract::RoundItem& item,
                                              const std::optional<ContributionLimit>& limit) override;
  bool HasFamilies() const override { return has_families; }

  bool has_families = true;
  std::function<void(Measured&)> adjust;
  int asked = 0;
  std::optional<ContributionLimit> last_limit;

 private:
  Filler fill_;
};

// Everything that a door needs, over a ledger in a folder of its own.
class MadeUpCouncil {
 public:
  explicit MadeUpCouncil(std::string policy_text = PolicyText());

  // Opens the ledger (again); other processes' writes show.
  absl::Status Open(StepObserver observer = {});
  Door MakeDoor(StepObserver observer = {});
  Ledger& ledger() { return *ledger_; }
  std::string ledger_path() const { return folder.Path("ledger.db"); }
  const crypto::SigningKey& key() const { return *key_; }
  const Policy& policy() const { return policy_; }

  TemporaryFolder folder;
  testing::FakeClock clock;

 private:
  Policy policy_;
  std::unique_ptr<crypto::SigningKey> key_;
  crypto::SystemRandom random_;
  std::unique_ptr<Ledger> ledger_;
};

// The release as a reader has it, checked.
contract::Release Read(const OutgoingRelease& release);

}  // namespace waymark::node

#endif  // WAYMARK_TESTS_UNIT_NODE_DISCLOSE_MADE_UP_H_
