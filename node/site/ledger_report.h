// The ledger as people read it: what was released about whom, under which charge, what remains; and the same
// as a signed file that stands by itself. Not thread-safe.
#ifndef WAYMARK_NODE_SITE_LEDGER_REPORT_H_
#define WAYMARK_NODE_SITE_LEDGER_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "catalogue/library.h"
#include "crypto/signature.h"
#include "node/disclose/budget.h"
#include "node/disclose/ledger.h"

namespace waymark::node {

// One query that was answered, or only paid for.
struct ReleasedRow {
  std::uint64_t sequence = 0;  // of its tables, or of the charge
  std::string when;            // UTC
  std::string round;
  std::string metric;      // id and version
  std::string title;       // of the catalogue; "" where it has the entry no more
  std::string about_whom;  // "families and children, all and by sex"
  std::string period;
  std::string mode;
  std::string charge;      // "epsilon 1/2"; "" where thresholded
  std::string charged_to;  // "2023-24 to 2025-26"
  std::string receipt;     // the day of the coordinator's receipt; "" where there is none yet
};

// The row's texts, in order, by their names in JSON.
std::vector<std::pair<std::string, std::string>> FieldsOf(const ReleasedRow& row);

// Oldest first. A charge whose noise was never released (the node was stopped between) is a row of its own.
absl::StatusOr<std::vector<ReleasedRow>> ReleasedRows(const Ledger& ledger,
                                                      const catalogue::Library& library);

// "2024-25", or "2023-24 to 2025-26"; "" of what is charged to no year.
std::string YearsText(const Claim& claim);

// A JSON document: the council, the limits, every entry (without the stored bytes, whose hashes it has), the
// rows above and the budget, signed by the node's key under the label "waymark/v1/ledger-report".
absl::StatusOr<std::string> MakeLedgerReport(const Ledger& ledger, const BudgetLimits& limits,
                                             const catalogue::Library& library, absl::string_view council,
                                             const crypto::SigningKey& key, const Clock& clock);

// Checks a report by nothing but itself and the council's public key: signature, chain, that every noised
// table was charged before, and that the budget is the sum of the charges. UNAUTHENTICATED where the
// signature is not that key's; DATA_LOSS where it contradicts itself; INVALID_ARGUMENT where it is no report.
struct CheckedReport {
  std::string council;
  std::string made;
  std::size_t entries = 0;
  std::vector<LedgerEntry> list;  // all of them
};
// Whose it says that it is, nothing checked; INVALID_ARGUMENT as below.
absl::StatusOr<std::string> CouncilOfReport(const std::string& text);
absl::StatusOr<CheckedReport> CheckLedgerReport(const std::string& text, absl::string_view public_key);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_LEDGER_REPORT_H_
