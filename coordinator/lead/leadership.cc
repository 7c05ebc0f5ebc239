#include "coordinator/lead/leadership.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"

namespace waymark::coordinator {
namespace {

constexpr int kRenewalsALease = 3;
// By how much of it we let go of the lease before the database does: what was begun in time is under way by
// then.
constexpr int kMarginShare = 5;

void LogError(const char* what, const absl::Status& status) {
  if (!status.ok()) Log(LogLevel::kError, what, {{"error", std::string(status.message())}});
}

}  // namespace

Leadership::Leadership(LeaderLease* lease, const Clock& clock, Changes changes)
    : lease_(lease), clock_(clock), changes_(std::move(changes)) {}

absl::StatusOr<std::unique_ptr<Leadership>> Leadership::Start(LeaderLease* lease, const Clock& clock,
                                                              Changes changes) {
  std::unique_ptr<Leadership> leadership(new Leadership(lease, clock, std::move(changes)));
  if (lease == nullptr) {
    RETURN_IF_ERROR(leadership->changes_.begin());
  } else {
    leadership->thread_ = std::thread([raw = leadership.get()] { raw->Watch(); });
  }
  return leadership;
}

Leadership::~Leadership() {
  if (!thread_.joinable()) return;
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

bool Leadership::Leads() const {
  if (lease_ == nullptr) return true;
  const absl::MutexLock lock(&mutex_);
  return lease_->term() != 0 && clock_.Now() < until_;
}

std::int64_t Leadership::term() const {
  return lease_ == nullptr ? 0 : lease_->term();
}

absl::StatusOr<Leadership::Work> Leadership::Begin() {
  if (Leads()) {
    auto work = std::make_unique<absl::ReaderMutexLock>(&working_);
    if (Leads()) return work;
  }
  const absl::MutexLock lock(&mutex_);
  return absl::UnavailableError(absl::StrCat("this coordinator does not lead",
                                             leader_.empty() ? "" : "; the one that does is at ", leader_));
}

void Leadership::Watch() {
  while (true) {
    if (lease_->term() != 0) Renew();
    if (lease_->term() == 0) Take();
    const absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), lease_->length() / kRenewalsALease);
    if (stopping_) break;
  }
  if (lease_->term() == 0) return;
  LogError("giving the lease up failed", lease_->GiveUp());
}

void Leadership::Renew() {
  const absl::Time asked = clock_.Now();
  const absl::StatusOr<bool> renewed = lease_->Renew();
  LogError("renewing the lease failed", renewed.status());
  if (renewed.ok() && !*renewed) return StepDown();
  const absl::MutexLock lock(&mutex_);
  if (renewed.ok()) until_ = asked + lease_->length() - lease_->length() / kMarginShare;
}

void Leadership::StepDown() {
  lease_->StepDown();
  Log(LogLevel::kWarning, "this coordinator leads no more");
  const absl::WriterMutexLock nobody_works(&working_);
  changes_.end();
}

void Leadership::Take() {
  const absl::WriterMutexLock nobody_works(&working_);
  const absl::Time asked = clock_.Now();
  const absl::StatusOr<bool> taken = lease_->Take();
  LogError("taking the lease failed", taken.status());
  if (!taken.ok() || !*taken) {
    absl::StatusOr<std::string> leader = lease_->LeaderAddress();
    const absl::MutexLock lock(&mutex_);
    leader_ = leader.ok() ? *std::move(leader) : "";
    return;
  }
  if (const absl::Status begun = changes_.begin(); !begun.ok()) {
    LogError("beginning to lead failed", begun);
    LogError("giving the lease up failed", lease_->GiveUp());
    return changes_.end();
  }
  Log(LogLevel::kInfo, "this coordinator leads", {{"term", absl::StrCat(lease_->term())}});
  const absl::MutexLock lock(&mutex_);
  until_ = asked + lease_->length() - lease_->length() / kMarginShare;
}

}  // namespace waymark::coordinator
