#include "node/disclose/sum_session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/canonical.h"
#include "base/log.h"
#include "base/status.h"
#include "catalogue/secure_layout.h"
#include "crypto/hash.h"
#include "crypto/secure_sum/journal.h"
#include "node/disclose/decline.h"
#include "proto/contract/secure_session.h"

namespace waymark::node {
namespace {

absl::Status Refused(absl::string_view metric, const ItemRefusal& refusal) {
  return Declined(ReasonOfRule(refusal.rule, refusal.absence),
                  absl::FailedPreconditionError(absl::StrCat("this council takes no part: metric ", metric,
                                                             ": ", refusal.rule, ": ", refusal.explanation)));
}

absl::StatusOr<catalogue::SecureLayout> LayoutOf(const contract::RoundSpec& spec,
                                                 const catalogue::Library& library) {
  std::vector<const v1::Metric*> metrics;
  for (const contract::RoundItem& item : spec.items) {
    const v1::Metric* const metric = library.Find(item.metric);
    if (metric == nullptr) {
      return Declined(v1::ABSENCE_UNKNOWN_DEFINITION,
                      absl::FailedPreconditionError(absl::StrCat(
                          "this council takes no part: its catalogue has no metric ", item.metric)));
    }
    metrics.push_back(metric);
  }
  return catalogue::LayOut(spec, metrics);
}

absl::StatusOr<crypto::Session> SessionOf(const SumSeat& seat, const contract::RoundSpec& spec,
                                          const SumOffer& offer, const catalogue::SecureLayout& layout) {
  const contract::RosterPart* const part = contract::FindPartOf(seat.roster, seat.council);
  if (part == nullptr || seat.roster.epoch != offer.roster_epoch) {
    return absl::FailedPreconditionError(absl::StrCat("the session is of roster epoch ", offer.roster_epoch,
                                                      ", this node holds epoch ", seat.roster.epoch));
  }
  const std::string spec_hash = crypto::Sha256(contract::CanonicalBytes(spec));
  return contract::SecureSessionOf(seat.roster, *part, spec.least_contributors,
                                   catalogue::VectorOf(spec_hash, part->code, layout), offer.nonce);
}

absl::Status BelowFloors(absl::string_view how) {
  return Declined(v1::ABSENCE_BELOW_FLOORS,
                  absl::FailedPreconditionError(absl::StrCat("this council takes no part: ", how)));
}

absl::Status CheckFloors(const Floors& floors, const crypto::SessionParameters& session) {
  if (session.members.size() < floors.least_members) {
    return BelowFloors(absl::StrCat("the part has ", session.members.size(),
                                    " councils; floors.least_members is ", floors.least_members));
  }
  if (session.threshold < floors.least_signatures) {
    return BelowFloors(absl::StrCat(session.threshold, " contributors must sign; floors.least_signatures is ",
                                    floors.least_signatures));
  }
  return absl::OkStatus();
}

// Who contributed, for ever.
std::string ContributorsPayload(absl::string_view session, const std::vector<std::string>& contributors) {
  CanonicalWriter out("waymark/v1/secure-sum-released");
  out.Text(session).Count(contributors.size());
  for (const std::string& council : contributors) out.Text(council);
  return std::move(out).bytes();
}

}  // namespace

class SumSession::LedgerJournal final : public crypto::Journal {
 public:
  LedgerJournal(const SumSeat& seat, std::string round_id, const std::vector<SummedItem>& items)
      : ledger_(seat.parts.ledger),
        limits_(seat.parts.policy.budget()),
        self_({.id = seat.council, .signing_key = seat.parts.signing_key.public_key()}),
        round_id_(std::move(round_id)) {
    for (const SummedItem& item : items) sums_.push_back(item.sum);
  }

  absl::Status Begin(absl::string_view session) override {
    absl::Status begun = ledger_.BeginSession(round_id_, session);
    return absl::IsFailedPrecondition(begun) ? Declined(v1::ABSENCE_NOT_RELEASED, std::move(begun)) : begun;
  }
  absl::Status ConfirmCharged(absl::string_view) override {
    ASSIGN_OR_RETURN(const auto refusal, ledger_.ChargeSums(round_id_, sums_, limits_));
    if (!refusal) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(refusal->rule, ": ", refusal->explanation));
  }
  absl::StatusOr<crypto::LedgerHead> Head() override { return ledger_.Head(); }
  absl::StatusOr<std::vector<crypto::LedgerHead>> HeadsOf(
      absl::Span<const crypto::SessionMember* const> members) override {
    return ledger_.HeadsOf(members);
  }
  absl::StatusOr<bool> Has(const crypto::LedgerHead& own) override { return ledger_.Has(own); }
  absl::Status KeepMissing(const crypto::LedgerHead& own) override {
    return ledger_.KeepHead({.member = &self_, .head = own});
  }
  absl::Status SignContributors(absl::string_view session, absl::string_view hash,
                                const std::vector<crypto::MemberHead>& heads) override {
    return ledger_.SignContributors(round_id_, session, hash, heads);
  }
  absl::Status Unmask(absl::string_view session, const std::vector<std::string>& contributors) override {
    return ledger_.ReleaseSums(round_id_, sums_, ContributorsPayload(session, contributors));
  }
  absl::Status CheckRules() const {
    ASSIGN_OR_RETURN(const auto refusal, ledger_.CheckSums(sums_, limits_));
    if (!refusal) return absl::OkStatus();
    return Declined(ReasonOfRule(refusal->rule, v1::ABSENCE_NOT_RELEASED),
                    absl::FailedPreconditionError(absl::StrCat("this council takes no part: ", refusal->rule,
                                                               ": ", refusal->explanation)));
  }

 private:
  Ledger& ledger_;
  const BudgetLimits limits_;
  const crypto::SessionMember self_;
  const std::string round_id_;
  std::vector<Ledger::SumClaim> sums_;
};

SumSession::SumSession(Made made, crypto::RandomSource& random, crypto::NodeKeysStep first)
    : made_(std::move(made)), random_(random), state_(std::move(first)) {}

SumSession::~SumSession() = default;

absl::StatusOr<std::unique_ptr<SumSession>> SumSession::Begin(const SumSeat& seat, const ItemAnswerer& items,
                                                              const contract::RoundSpec& spec,
                                                              const SumOffer& offer, ItemTables& tables) {
  if (!contract::IsSecure(spec)) return absl::InvalidArgumentError("the round asks for no secure sum");
  ASSIGN_OR_RETURN(const catalogue::SecureLayout cells, LayoutOf(spec, seat.parts.library));
  ASSIGN_OR_RETURN(crypto::Session session, SessionOf(seat, spec, offer, cells));
  RETURN_IF_ERROR(CheckFloors(seat.parts.policy.floors(), session.parameters()));
  const SumLayout layout{.cells = cells,
                         .honest_shares = crypto::HonestShares(session.parameters()),
                         .deprivation = contract::FindMember(seat.roster, seat.council)->deprivation};
  Made made{.round_id = spec.round_id,
            .session = std::make_unique<const crypto::Session>(std::move(session)),
            .items = {},
            .journal = nullptr};
  for (std::size_t i = 0; i < spec.items.size(); ++i) {
    ASSIGN_OR_RETURN(SummedItem one, items.PrepareSum(spec, i, layout, tables));
    if (one.refusal) return Refused(spec.items[i].metric, *one.refusal);
    if (one.clamped > 0) {
      Log(LogLevel::kWarning, "counts beyond the declared bound were cut to it",
          {{"metric", spec.items[i].metric}, {"cells", absl::StrCat(one.clamped)}});
    }
    one.sum.roster_hash = made.session->parameters().roster_hash;
    made.items.push_back(std::move(one));
  }
  const auto& members = made.session->parameters().members;
  const auto self = std::find_if(members.begin(), members.end(), [&](const crypto::SessionMember& member) {
    return member.id == seat.council;
  });
  made.journal = std::make_unique<LedgerJournal>(seat, spec.round_id, made.items);
  RETURN_IF_ERROR(made.journal->CheckRules());
  ASSIGN_OR_RETURN(crypto::NodeKeysStep first,
                   crypto::NodeKeysStep::Start({.session = made.session.get(),
                                                .self = static_cast<std::uint32_t>(self - members.begin()),
                                                .key = &seat.parts.signing_key,
                                                .random = &seat.parts.random,
                                                .journal = made.journal.get()}));
  return std::unique_ptr<SumSession>(new SumSession(std::move(made), seat.parts.random, std::move(first)));
}

const crypto::SignedMessage& SumSession::message() const {
  return std::visit([](const auto& step) -> const crypto::SignedMessage& { return step.message(); }, state_);
}

absl::string_view SumSession::masked() const {
  const auto* const input = std::get_if<crypto::NodeInputStep>(&state_);
  return input == nullptr ? absl::string_view() : input->masked();
}

absl::StatusOr<crypto::RingVector> SumSession::NoisedInput() {
  std::vector<std::int64_t> values;
  for (const SummedItem& item : made_.items) {
    for (const UnmaskedCells& cells : item.cells) {
      std::vector<std::int64_t> noise(cells.counts.size());
      RETURN_IF_ERROR(cells.noise.Sample(random_, absl::MakeSpan(noise)));
      for (std::size_t i = 0; i < noise.size(); ++i) values.push_back(cells.counts[i] + noise[i]);
    }
  }
  return crypto::RingVector::FromValues(made_.session->parameters().word_bits, values);
}

absl::Status SumSession::GoOn(SumReply reply) {
  if (auto* keys = std::get_if<crypto::NodeKeysStep>(&state_)) {
    ASSIGN_OR_RETURN(auto next, crypto::NodeSharesStep::From(std::move(*keys), reply.messages));
    state_.emplace<1>(std::move(next));
  } else if (auto* shares = std::get_if<crypto::NodeSharesStep>(&state_)) {
    // The charge is on disk before any noise is drawn.
    ASSIGN_OR_RETURN(auto next, crypto::NodeInputStep::From(std::move(*shares), std::move(reply.shares),
                                                            [this] { return NoisedInput(); }));
    state_.emplace<2>(std::move(next));
  } else if (auto* input = std::get_if<crypto::NodeInputStep>(&state_)) {
    ASSIGN_OR_RETURN(auto next, crypto::NodeConsistencyStep::From(std::move(*input), reply.messages));
    state_.emplace<3>(std::move(next));
  } else if (auto* consistency = std::get_if<crypto::NodeConsistencyStep>(&state_)) {
    ASSIGN_OR_RETURN(auto next, crypto::NodeUnmaskStep::From(std::move(*consistency), reply.messages));
    state_.emplace<4>(std::move(next));
  } else {
    return absl::FailedPreconditionError("secure sum: the session is done");
  }
  return absl::OkStatus();
}

}  // namespace waymark::node
