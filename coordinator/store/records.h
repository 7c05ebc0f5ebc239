// What the store keeps, as it is given to it and read from it (store.h).
#ifndef WAYMARK_COORDINATOR_STORE_RECORDS_H_
#define WAYMARK_COORDINATOR_STORE_RECORDS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace waymark::coordinator {

struct Member {
  std::string council;
  std::string signing_key;  // Ed25519, 32 bytes
  std::string certificate_pem;
  std::int64_t enrolled_unix_s = 0;
  // Of a renewal that is not taken up yet: good beside certificate_pem.
  std::string next_certificate_pem{};
};

// A join token. The token itself is never stored.
struct Token {
  std::string hash;  // SHA-256 of the token
  std::string council;
  std::int64_t expires_unix_s = 0;
  // Set by the enrolment that used it up.
  std::optional<std::int64_t> used_unix_s;
  std::string signing_key;
  std::string request_hash;  // SHA-256 of the certificate request
  std::string certificate_pem;
};

// What lets a person or program in that is no council: a certificate, or a bearer token, of which only the
// hash is kept.
struct StoredAccess {
  std::string name;  // for ever its own
  std::string role;
  bool by_token = false;
  std::string hash;  // SHA-256 of the certificate's DER, or of the token
  std::vector<std::string> regions{};
  std::vector<std::string> metrics{};
  std::int64_t granted_unix_s = 0;
  std::int64_t expires_unix_s = 0;
  std::int64_t revoked_unix_s = 0;  // 0: it was not
  std::int64_t used_unix_s = 0;     // 0: never
  // Of a certificate: how long each is good, and what no renewal reaches beyond; 0: good until it is revoked.
  int valid_days = 0;
  std::int64_t ends_unix_s = 0;
  // Found by the certificate of a renewal that is not taken up yet: hash and expires_unix_s are that one's.
  bool is_next = false;
};

// Another certificate for an access, for who holds the one with the hash `held`.
struct StoredAccessRenewal {
  std::string name;
  std::string held;
  std::string request_hash;  // SHA-256 of the certificate request
  std::string hash;
  std::string certificate_pem;
  std::int64_t expires_unix_s = 0;
};

// A version of the catalogue that the officers signed.
struct StoredCatalogue {
  std::uint64_t number = 0;
  std::string hash;   // 32 bytes
  std::string bytes;  // serialized v1::SignedCatalogue
};

// A roster epoch that the officers signed.
struct StoredRoster {
  std::uint64_t epoch = 0;
  std::string hash;   // 32 bytes
  std::string bytes;  // serialized v1::SignedRoster
};

enum class RoundState : int { kOpen = 1, kPublished = 2, kWithdrawn = 3 };

struct Round {
  std::string round_id;
  std::string spec;       // serialized v1::RoundSpec
  std::string spec_hash;  // 32 bytes
  std::string
      definitions;  // serialized v1::Catalogue: the entries that the spec names, as they were at the opening
  RoundState state = RoundState::kOpen;
  std::int64_t published_unix_s = 0;
  std::string withdrawal{};  // serialized v1::Withdrawal; "": it is not withdrawn
  // Of a later edition of what a round published: that round, whose spec it has.
  std::string revises{};
  std::uint32_t edition = 1;
  std::int64_t late_until_unix_s = 0;  // of a round that takes late and corrected releases
};

// A release that came when the round was over, and changes what was published.
struct StoredRevision {
  std::string round_id;
  std::string release_id;  // its own: the round's for a late one, another for each correction
  std::string council;
  int reason = 0;     // v1::RevisionReason
  std::string bytes;  // serialized v1::Release
  std::string hash;
  std::int64_t received_unix_s = 0;
  std::uint32_t edition = 0;  // the first that has it; 0: it waits
};

struct StoredEdition {
  std::string round_id;  // its own
  std::uint32_t number = 1;
  std::int64_t published_unix_s = 0;
  std::vector<int> reasons{};  // v1::RevisionReason, rising
};

// One council's answer to one round.
struct StoredRelease {
  std::string round_id;
  std::string council;
  std::string bytes;  // serialized v1::Release
  std::string hash;   // SHA-256 of its canonical encoding
  std::int64_t received_unix_s = 0;
};

// The furthest that is known of a council's ledger, by the key that it signs with.
struct StoredHead {
  std::string council;
  std::string signing_key;  // Ed25519, 32 bytes
  std::string bytes;        // crypto/secure_sum/ledger_head.h
};

// A session whose members may open its sum, until that is there.
struct StoredShares {
  std::uint32_t member = 0;
  std::string body;  // crypto/secure_sum/messages.h, step 5
  std::string signature;
};
struct StoredOpening {
  std::string round_id;
  std::string part;
  std::string bytes;                   // serialized v1::OpeningSum
  std::vector<StoredShares> shares{};  // by member
};

// How often a part's sum was tried, and the roster of the first time (serialized v1::RosterEpoch).
struct SumTries {
  int count = 0;
  std::string roster;
};

// What a round's councils of one part of the roster summed securely: one a round and part, for ever.
struct StoredSum {
  std::string round_id;
  std::string part;
  std::string bytes;                // serialized v1::SummedPart
  std::vector<StoredHead> heads{};  // to be kept with it; Sums gives none
};

// Rounds that open by themselves.
struct StoredSchedule {
  std::string name;
  std::string bytes;  // serialized v1::Schedule
  std::int64_t added_unix_s = 0;
  std::int64_t removed_unix_s = 0;  // 0: it runs
};

// One due time of a schedule, once and for ever.
struct StoredFiring {
  std::string schedule;
  std::int64_t due_unix_s = 0;
  int state = 0;  // v1::FiringState
  std::string round_id;
  std::string note;
  std::string items;  // serialized v1::Firing with its items alone
};

// Why a council gives nothing to a round, in its own signed word.
struct StoredDecline {
  std::string round_id;
  std::string council;
  std::int64_t declined_unix_s = 0;
  std::string bytes;  // serialized v1::DeclineRequest
};

inline constexpr std::int64_t kWholeRelease = -1;

struct StoredAbsence {
  std::string council;
  std::int64_t item = kWholeRelease;  // index in the spec's items
  int absence = 0;                    // v1::Absence
};

struct StoredWithdrawal {
  std::string round_id;
  std::string bytes;  // serialized v1::Withdrawal
  std::string hash;   // of its canonical encoding, 32 bytes
};

struct StoredFigure {
  std::int64_t item = 0;
  std::string breakdown;  // dimensions joined by '|'; "" for all
  std::string geography;
  bool above_council = false;
  std::string bytes;  // serialized v1::Figure
};

struct StoredContributor {
  std::int64_t item = 0;
  std::string council;
  std::string bytes;  // serialized v1::QueryResponse::Contributor
};

// What a council's own figures follow from: they are not stored themselves.
struct StoredSource {
  std::string council;
  std::string release_id;  // "": it gave nothing
};

struct PublishedItem {
  std::string round_id;
  std::int64_t item = 0;
  std::string metric;
  std::uint32_t version = 0;
  std::string period;
  std::string entry;  // serialized v1::ListPublishedResponse::Entry
  std::int64_t published_unix_s = 0;
  bool is_withdrawn = false;  // its round is, since
  std::string revises{};      // of a later edition: the round
};

// An entry of the transparency log (proto/contract/transparency.h). Its content stands where it is kept.
enum class LogKind : int { kRoster = 1, kCatalogue = 2, kRound = 3, kPublication = 4, kWithdrawal = 5 };
struct StoredLogEntry {
  LogKind kind = LogKind::kRoster;
  std::string subject;
  std::string hash;     // 32 bytes
  std::string content;  // "": it is not kept
};

// The furthest head of the log that a council said it was shown.
struct StoredWitness {
  std::string council;
  std::uint64_t size = 0;
  std::string bytes;  // serialized v1::WitnessedHead
};

// A file of published statistics, as it is.
struct StoredPublishedFile {
  std::string name;  // without its folder; one of a name
  std::string hash;  // SHA-256 of its bytes
  std::string bytes;
  std::int64_t imported_unix_s = 0;
};

struct OrderedFigure {
  std::int64_t sequence = 0;  // from 1
  std::int64_t item = 0;
  std::string bytes;  // serialized v1::Figure
};

// Everything that a round's publication writes, beside the figures that were put in before it.
struct Publication {
  std::string round_id;
  std::int64_t published_unix_s = 0;
  std::size_t releases = 0;  // how many were combined
  std::vector<StoredAbsence> absences;
  std::vector<PublishedItem> items;
  std::vector<StoredContributor> contributors;
  std::vector<StoredSource> sources;  // of councils' own figures that are not stored
  std::string record;                 // serialized v1::Publication, for the log
  std::string record_hash;            // 32 bytes
  // Of a later edition, in place of the releases that were combined: the release_id and council of each
  // revision that is new in it.
  std::uint32_t edition = 1;
  std::vector<std::pair<std::string, std::string>> revisions{};
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_RECORDS_H_
