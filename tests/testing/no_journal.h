// A journal that keeps nothing, for sessions whose nodes never die and never come back.
#ifndef WAYMARK_TESTS_TESTING_NO_JOURNAL_H_
#define WAYMARK_TESTS_TESTING_NO_JOURNAL_H_

#include <string>
#include <vector>

#include "crypto/secure_sum/journal.h"

namespace waymark::crypto {

class NoJournal : public Journal {
 public:
  absl::Status Begin(absl::string_view) override { return absl::OkStatus(); }
  absl::Status ConfirmCharged(absl::string_view) override { return absl::OkStatus(); }
  absl::StatusOr<LedgerHead> Head() override { return LedgerHead{}; }
  absl::StatusOr<std::vector<LedgerHead>> HeadsOf(absl::Span<const SessionMember* const> members) override {
    return std::vector<LedgerHead>(members.size());
  }
  absl::StatusOr<bool> Has(const LedgerHead&) override { return true; }
  absl::Status KeepMissing(const LedgerHead&) override { return absl::OkStatus(); }
  absl::Status SignContributors(absl::string_view, absl::string_view,
                                const std::vector<MemberHead>&) override {
    return absl::OkStatus();
  }
  absl::Status Unmask(absl::string_view, const std::vector<std::string>&) override {
    return absl::OkStatus();
  }
};

}  // namespace waymark::crypto

#endif  // WAYMARK_TESTS_TESTING_NO_JOURNAL_H_
