// What the commands that release something work with: policy, ledger, keys and the door between them.
#ifndef WAYMARK_NODE_SITE_WORKPLACE_H_
#define WAYMARK_NODE_SITE_WORKPLACE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "crypto/random.h"
#include "crypto/secure_sum/session.h"
#include "crypto/signature.h"
#include "node/disclose/door.h"
#include "node/disclose/item_tables.h"
#include "node/site/site.h"

namespace waymark::node {

// The council's journeys, and what it answered of itself, as the door asks for them.
class JourneyTables final : public ItemTables {
 public:
  using Answers = std::map<std::string, SurveyAnswers>;  // by questionnaire

  // What the items need of what the council has: what it answered needs no records. `site` outlives it.
  // Errors of the sources, and of the files with answers.
  static absl::StatusOr<JourneyTables> Load(const Site& site, const std::vector<contract::RoundItem>& items);
  // What was read already. All outlive it.
  JourneyTables(const catalogue::Library& library, const Journeys& journeys, const Answers& answers)
      : library_(&library), journeys_(&journeys), answers_(&answers) {}

  absl::StatusOr<std::vector<Measured>> Exact(const contract::RoundItem& item,
                                              const std::optional<ContributionLimit>& limit) override;
  bool HasFamilies() const override { return journeys_->has_families(); }

 private:
  struct Read {
    Journeys journeys;
    Answers answers;
  };
  JourneyTables(const catalogue::Library& library, std::unique_ptr<const Read> own)
      : JourneyTables(library, own->journeys, own->answers) {
    own_ = std::move(own);
  }

  std::unique_ptr<const Read> own_;  // null of what others hold
  const catalogue::Library* library_;
  const Journeys* journeys_;
  const Answers* answers_;
};

// Not thread-safe. `site` and `clock` outlive it.
class Workplace {
 public:
  // Opens the policy, the ledger (made where there is none; its chain is checked) and the signing key, and
  // reads what is published of the council, where the configuration names files.
  static absl::StatusOr<std::unique_ptr<Workplace>> Open(const Site& site, const Clock& clock);

  const Policy& policy() const { return policy_; }
  Ledger& ledger() { return *ledger_; }
  Door& door() { return *door_; }
  const crypto::SigningKey& signing_key() const { return *signing_key_; }
  // The council that this is, as the members of a secure session know it.
  const crypto::SessionMember& self() const { return self_; }

 private:
  Workplace() = default;
  Policy policy_;
  std::vector<PublishedFigure> published_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<crypto::SigningKey> signing_key_;
  crypto::SessionMember self_;
  crypto::SystemRandom random_;
  std::unique_ptr<Door> door_;
};

// Under the state directory.
std::string LedgerPath(const Configuration& configuration);
std::string SigningKeyPath(const Configuration& configuration);
std::string IdentityDirectory(const Configuration& configuration);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_WORKPLACE_H_
