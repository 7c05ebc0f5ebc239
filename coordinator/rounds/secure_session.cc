#include "coordinator/rounds/secure_session.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"

namespace waymark::coordinator {
namespace {

constexpr std::array<const char*, kSumSteps> kStepNames = {"keys", "shares", "input", "consistency",
                                                           "unmask"};

void WarnUnless(const absl::Status& removed) {
  if (removed.ok()) return;
  Log(LogLevel::kWarning, "masked inputs that no sum needs were not removed",
      {{"error", std::string(removed.message())}});
}

}  // namespace

absl::string_view NameOf(SumStep step) {
  return kStepNames[static_cast<std::size_t>(step)];
}

SecureSession::SecureSession(crypto::Session session, std::shared_ptr<crypto::InputStore> store,
                             const StepLimits& limits)
    : session_(std::move(session)),
      store_(std::move(store)),
      each_further_(limits.each_further),
      step_ends_(limits.keys_until),
      state_(crypto::CoordinatorKeysStep(session_)) {}

absl::Status SecureSession::Resume(const crypto::OpeningSum& kept, absl::Time until) {
  ASSIGN_OR_RETURN(auto step, crypto::CoordinatorUnmaskStep::Resume(session_, kept, *store_));
  constexpr auto kInput = static_cast<std::size_t>(SumStep::kInput);
  constexpr auto kConsistency = static_cast<std::size_t>(SumStep::kConsistency);
  for (const crypto::SignedMessage& message : kept.inputs) {
    ASSIGN_OR_RETURN(const crypto::InputMessage input, crypto::ReadInput(session_, message));
    answered_[kInput].insert(input.sender);
  }
  for (const crypto::SignedMessage& message : kept.signatures) {
    ASSIGN_OR_RETURN(const crypto::ConsistencyMessage read, crypto::ReadConsistency(session_, message));
    answered_[kConsistency].insert(read.sender);
  }
  inputs_ = kept.inputs;
  signatures_ = kept.signatures;
  step_ends_ = until;
  state_ = std::move(step);
  return absl::OkStatus();
}

absl::Status SecureSession::TakeKept(const crypto::SignedMessage& shares) {
  ASSIGN_OR_RETURN(const crypto::UnmaskMessage read, crypto::ReadUnmask(session_, shares));
  RETURN_IF_ERROR(Add(shares));
  answered_[static_cast<std::size_t>(SumStep::kUnmask)].insert(read.sender);
  return absl::OkStatus();
}

std::optional<crypto::OpeningSum> SecureSession::Opening() const {
  const auto* const unmask = std::get_if<crypto::CoordinatorUnmaskStep>(&state_);
  if (unmask == nullptr || sum_) return std::nullopt;
  return unmask->Kept();
}

absl::StatusOr<StepAnswer> SecureSession::Take(std::uint32_t member, SumStep step,
                                               const crypto::SignedMessage& message, absl::Time now) {
  Tick(now);
  if (!failure_.ok()) return absl::AbortedError(failure_.message());
  const auto index = static_cast<std::size_t>(step);
  if (index > at()) {
    return absl::FailedPreconditionError(absl::StrCat("secure sum: the session is at the step ",
                                                      kStepNames[at()], ", not yet at ", kStepNames[index]));
  }
  if (index == at() && !sum_) {
    if (step == SumStep::kInput && !IsOnDisk(member)) {
      return absl::UnavailableError("secure sum: the input is not on disk yet; send its message again");
    }
    RETURN_IF_ERROR(Add(message));
    answered_[index].insert(member);
    if (AllAnswered()) GoOn(now);
    if (!failure_.ok()) return absl::AbortedError(failure_.message());
  }
  // Who brings the shares that open the sum after it is open has nothing left to do.
  if (sum_ && step == SumStep::kUnmask) return StepAnswer{.ready = true};
  if (!answered_[index].contains(member)) {
    return absl::AbortedError(absl::StrCat("secure sum: the session went on from the step ",
                                           kStepNames[index], " without this member"));
  }
  return AnswerFor(member, step);
}

absl::Status SecureSession::Add(const crypto::SignedMessage& message) {
  return std::visit([&](auto& step) { return step.Add(message); }, state_);
}

bool SecureSession::AllAnswered() const {
  return std::visit([](const auto& step) { return step.answered() == step.expected(); }, state_);
}

absl::Status SecureSession::PutBlock(std::uint32_t member, std::size_t block, absl::string_view bytes) {
  if (!failure_.ok()) return absl::AbortedError(failure_.message());
  auto* const inputs = std::get_if<crypto::CoordinatorInputStep>(&state_);
  if (inputs == nullptr) {
    // Late, or again after an answer that was lost.
    return answered_[static_cast<std::size_t>(SumStep::kInput)].contains(member)
               ? absl::OkStatus()
               : absl::AbortedError("secure sum: the session takes no input now");
  }
  ++blocks_[member].put;
  return inputs->PutBlock(member, block, bytes);
}

std::size_t SecureSession::BlocksPut(std::uint32_t member) const {
  const auto found = blocks_.find(member);
  return found == blocks_.end() ? 0 : found->second.put;
}

bool SecureSession::IsOnDisk(std::uint32_t member) const {
  const auto found = blocks_.find(member);
  return found == blocks_.end() || found->second.on_disk == found->second.put;
}

void SecureSession::OnDisk(std::uint32_t member, std::size_t blocks_put) {
  std::size_t& known = blocks_[member].on_disk;
  known = std::max(known, blocks_put);
}

void SecureSession::Tick(absl::Time now) {
  // All have answered already only where what was kept was taken up again.
  if (sum_ || !failure_.ok() || (now < step_ends_ && !AllAnswered())) return;
  GoOn(now);
}

void SecureSession::GoOn(absl::Time now) {
  failure_ = Next();
  step_ends_ = now + each_further_;
  if (!failure_.ok() && step() != SumStep::kUnmask) Forget();
}

void SecureSession::Forget() {
  WarnUnless(store_->Clear());
}

// Blocks whose message did not come in time are in no sum.
void SecureSession::DropLate() {
  const std::set<std::uint32_t>& contributors = answered_[static_cast<std::size_t>(SumStep::kInput)];
  for (const auto& [member, blocks] : blocks_) {
    if (!contributors.contains(member)) WarnUnless(store_->Drop(member));
  }
}

absl::Status SecureSession::Next() {
  if (auto* keys = std::get_if<crypto::CoordinatorKeysStep>(&state_)) {
    ASSIGN_OR_RETURN(auto next, crypto::CoordinatorSharesStep::From(std::move(*keys)));
    for (const std::uint32_t member : answered_[0]) keys_[member] = next.KeysFor(member);
    state_ = std::move(next);
  } else if (auto* shares = std::get_if<crypto::CoordinatorSharesStep>(&state_)) {
    ASSIGN_OR_RETURN(auto next, crypto::CoordinatorInputStep::From(std::move(*shares), *store_));
    for (const std::uint32_t member : answered_[1]) shares_[member] = next.SharesFor(member);
    state_ = std::move(next);
  } else if (auto* inputs = std::get_if<crypto::CoordinatorInputStep>(&state_)) {
    ASSIGN_OR_RETURN(auto next, crypto::CoordinatorConsistencyStep::From(std::move(*inputs)));
    inputs_ = next.Inputs();
    state_ = std::move(next);
    DropLate();
  } else if (auto* consistency = std::get_if<crypto::CoordinatorConsistencyStep>(&state_)) {
    ASSIGN_OR_RETURN(auto next, crypto::CoordinatorUnmaskStep::From(std::move(*consistency)));
    signatures_ = next.Signatures();
    state_ = std::move(next);
  } else {
    ASSIGN_OR_RETURN(sum_, std::move(std::get<crypto::CoordinatorUnmaskStep>(state_)).Finish());
  }
  return absl::OkStatus();
}

StepAnswer SecureSession::AnswerFor(std::uint32_t member, SumStep step) const {
  StepAnswer answer{.ready = sum_.has_value() || static_cast<std::size_t>(step) < at()};
  if (!answer.ready) return answer;
  switch (step) {
    case SumStep::kKeys:
      answer.messages = keys_.at(member);
      break;
    case SumStep::kShares:
      answer.shares = shares_.at(member);
      break;
    case SumStep::kInput:
      answer.messages = inputs_;
      break;
    case SumStep::kConsistency:
      answer.messages = signatures_;
      break;
    case SumStep::kUnmask:
      break;
  }
  return answer;
}

}  // namespace waymark::coordinator
