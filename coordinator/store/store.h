// What the coordinator keeps, behind one interface: members, join tokens, accesses, rosters, rounds,
// releases, absences, published figures, and the log of what was decided. It knows no rule of the domain
// beyond its keys: what may be stored is decided in federation/ and rounds/. Messages are kept as the exact
// bytes that were given.
//
// Each call is one transaction: after it returns OK its effect is on disk, and after a crash it is there
// wholly or not at all. Every call but AddFigures may be made again with the same arguments. Errors:
// UNAVAILABLE (busy, disk trouble), RESOURCE_EXHAUSTED (disk full), DATA_LOSS (the file is damaged), and
// those named below. Thread-safe.
#ifndef WAYMARK_COORDINATOR_STORE_STORE_H_
#define WAYMARK_COORDINATOR_STORE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

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
  std::string record;       // serialized v1::Publication, for the log
  std::string record_hash;  // 32 bytes
  // Of a later edition, in place of the releases that were combined: the release_id and council of each
  // revision that is new in it.
  std::uint32_t edition = 1;
  std::vector<std::pair<std::string, std::string>> revisions{};
};

class Store {
 public:
  virtual ~Store() = default;

  virtual absl::Status AddToken(const Token& token) = 0;
  virtual absl::StatusOr<std::vector<Token>> TokensOf(absl::string_view council) = 0;
  // Marks the token as used up by this member and request, and puts the member in (in place of an earlier one
  // of the same council). FAILED_PRECONDITION where the token is not there or used up.
  virtual absl::Status UseToken(absl::string_view token_hash, absl::string_view request_hash,
                                const Member& member) = 0;
  // Keeps a certificate as the member's next one, and returns it; where this request has one already, that
  // one. NOT_FOUND: no such member.
  virtual absl::StatusOr<std::string> RenewMember(absl::string_view council, absl::string_view request_hash,
                                                  absl::string_view certificate_pem) = 0;
  // The member's next certificate, where it is this one, takes the place of the one before.
  virtual absl::Status TakeUpCertificate(absl::string_view council, absl::string_view certificate_pem) = 0;
  // Not a member any more, for the calls below; its tokens that were not used are void. NOT_FOUND: it is none
  // and has none.
  virtual absl::Status RevokeMember(absl::string_view council, std::int64_t now_unix_s) = 0;
  virtual absl::StatusOr<std::optional<Member>> FindMember(absl::string_view council) = 0;
  // Sorted by council.
  virtual absl::StatusOr<std::vector<Member>> Members() = 0;

  // ALREADY_EXISTS where the name or the hash is taken, by what was revoked too.
  virtual absl::Status AddAccess(const StoredAccess& access) = 0;
  virtual absl::StatusOr<std::optional<StoredAccess>> FindAccess(absl::string_view hash) = 0;
  // Sorted by name; revoked ones too.
  virtual absl::StatusOr<std::vector<StoredAccess>> Accesses() = 0;
  // One that was revoked before stays as it was. NOT_FOUND: no such.
  virtual absl::Status RevokeAccess(absl::string_view name, std::int64_t now_unix_s) = 0;
  // An earlier use than the one that is known changes nothing.
  virtual absl::Status NoteAccessUse(absl::string_view name, std::int64_t used_unix_s) = 0;

  // Appends it to the log. ALREADY_EXISTS where the epoch is taken, whatever by.
  virtual absl::Status AddRoster(const StoredRoster& roster) = 0;
  virtual absl::StatusOr<std::optional<StoredRoster>> NewestRoster() = 0;
  // At most `most` of those after the one with this hash, lowest epoch first; nothing where none has it. 32
  // zero bytes: all from the first on.
  virtual absl::StatusOr<std::optional<std::vector<StoredRoster>>> RostersAfter(absl::string_view hash,
                                                                                std::size_t most) = 0;
  // Appends it to the log. ALREADY_EXISTS where the number is taken, whatever by.
  virtual absl::Status AddCatalogue(const StoredCatalogue& catalogue) = 0;
  virtual absl::StatusOr<std::optional<StoredCatalogue>> NewestCatalogue() = 0;

  // Appends its spec to the log. ALREADY_EXISTS where the id is taken, whatever by.
  virtual absl::Status AddRound(const Round& round) = 0;
  virtual absl::StatusOr<std::optional<Round>> FindRound(absl::string_view round_id) = 0;
  // In order of opening; of one state, or all. FindRound finds editions too; Rounds has none.
  virtual absl::StatusOr<std::vector<Round>> Rounds(std::optional<RoundState> state) = 0;

  // Those that take late and corrected releases at that time, and are not withdrawn; in order of opening.
  virtual absl::StatusOr<std::vector<Round>> RoundsTakingLate(std::int64_t now_unix_s) = 0;

  // FAILED_PRECONDITION where the round is not open; ALREADY_EXISTS where the council has answered, whatever
  // with.
  virtual absl::Status AddRelease(const StoredRelease& release) = 0;
  // By the release's own id, a revision's too.
  virtual absl::StatusOr<std::optional<StoredRelease>> FindRelease(absl::string_view release_id,
                                                                   absl::string_view council) = 0;
  // FAILED_PRECONDITION where the round is withdrawn; ALREADY_EXISTS where the council has given a release of
  // that id, whatever it is.
  virtual absl::Status AddRevision(const StoredRevision& revision) = 0;
  // Of a round, in the order they came, without their bytes.
  virtual absl::StatusOr<std::vector<StoredRevision>> Revisions(absl::string_view round_id) = 0;
  // When the earliest revision came that is in no edition yet, by round; of rounds that are not withdrawn.
  virtual absl::StatusOr<std::vector<std::pair<std::string, std::int64_t>>> WaitingRevisions() = 0;
  // Makes room for an edition of a round, under that id; again it changes nothing. It is open then, as a
  // round is, for DropFigures, AddFigures and Publish. NOT_FOUND: no such round.
  virtual absl::Status BeginEdition(absl::string_view round_id, std::uint32_t number,
                                    absl::string_view edition_id) = 0;
  // What a round published, in order; empty where it has published nothing.
  virtual absl::StatusOr<std::vector<StoredEdition>> Editions(absl::string_view round_id) = 0;
  // When a council was last heard of; an earlier time than the one that is known changes nothing. Contacts:
  // by council.
  virtual absl::Status NoteContact(absl::string_view council, std::int64_t unix_s) = 0;
  virtual absl::StatusOr<std::vector<std::pair<std::string, std::int64_t>>> Contacts() = 0;
  // In place of the council's earlier one; nothing where that is of a later time.
  virtual absl::Status PutDecline(const StoredDecline& decline) = 0;
  // By council.
  virtual absl::StatusOr<std::vector<StoredDecline>> Declines(absl::string_view round_id) = 0;
  // In place of the part's earlier one, and its shares. AddOpeningShares: the same member again changes
  // nothing. Openings: all of open rounds.
  virtual absl::Status PutOpening(const StoredOpening& opening) = 0;
  virtual absl::Status AddOpeningShares(absl::string_view round_id, absl::string_view part,
                                        const StoredShares& shares) = 0;
  virtual absl::StatusOr<std::vector<StoredOpening>> Openings() = 0;
  virtual absl::Status DropOpening(absl::string_view round_id, absl::string_view part) = 0;
  // Counts one more try of the part's sum; the roster that is kept is that of the first.
  virtual absl::Status AddTry(absl::string_view round_id, absl::string_view part,
                              absl::string_view roster) = 0;
  virtual absl::StatusOr<SumTries> TriesOf(absl::string_view round_id, absl::string_view part) = 0;
  // Masked inputs of a session (its identifier in hexadecimal), by member and block; the same block again
  // replaces what was there. MaskedInput: NOT_FOUND where it was never put.
  virtual absl::Status PutMaskedInput(absl::string_view session, std::uint32_t member, std::size_t block,
                                      absl::string_view bytes) = 0;
  virtual absl::StatusOr<std::string> MaskedInput(absl::string_view session, std::uint32_t member,
                                                  std::size_t block) = 0;
  // The sessions of which there are some, sorted.
  virtual absl::StatusOr<std::vector<std::string>> MaskedSessions() = 0;
  virtual absl::Status DropMaskedInputs(absl::string_view session) = 0;
  virtual absl::Status DropMaskedInput(absl::string_view session, std::uint32_t member) = 0;
  // ALREADY_EXISTS where the part's sum is there, whatever it is; FAILED_PRECONDITION where the round is not
  // open. Lets the part's opening go.
  virtual absl::Status AddSum(const StoredSum& sum) = 0;
  // By part.
  virtual absl::StatusOr<std::vector<StoredSum>> Sums(absl::string_view round_id) = 0;
  // The bytes of a council's head; "" where none is known.
  virtual absl::StatusOr<std::string> LedgerHead(absl::string_view council,
                                                 absl::string_view signing_key) = 0;
  // The councils that have answered, sorted.
  virtual absl::StatusOr<std::vector<std::string>> Answered(absl::string_view round_id) = 0;
  // The ids of a council's releases, revisions among them, the earliest first.
  virtual absl::StatusOr<std::vector<std::string>> AnsweredBy(absl::string_view council) = 0;

  // A round's figures, put in while it is combined: nobody sees them before Publish. FAILED_PRECONDITION
  // where the round is not open. AddFigures puts them after those that are there, each time it is called.
  virtual absl::Status DropFigures(absl::string_view round_id) = 0;
  virtual absl::Status AddFigures(absl::string_view round_id, const std::vector<StoredFigure>& figures) = 0;
  // ALREADY_EXISTS where the name is taken, by a removed one too.
  virtual absl::Status AddSchedule(const StoredSchedule& schedule) = 0;
  // One that was removed before stays as it was. Firings that were pending fail with it. NOT_FOUND: no such.
  virtual absl::Status RemoveSchedule(absl::string_view name, std::int64_t now_unix_s) = 0;
  // In order of adding, removed ones too.
  virtual absl::StatusOr<std::vector<StoredSchedule>> Schedules() = 0;
  // ALREADY_EXISTS where the schedule has one that is due then.
  virtual absl::Status AddFiring(const StoredFiring& firing) = 0;
  // Where it is pending (it may stay so, with another note); one that is settled stays as it was.
  virtual absl::Status SettleFiring(absl::string_view schedule, std::int64_t due_unix_s, int state,
                                    absl::string_view note) = 0;
  // The latest first, at most so many.
  virtual absl::StatusOr<std::vector<StoredFiring>> Firings(absl::string_view schedule, std::size_t most) = 0;
  // The items of all its firings that are pending or have opened a round.
  virtual absl::StatusOr<std::vector<std::string>> AskedBy(absl::string_view schedule) = 0;

  // Each in place of an earlier one of its name. With `alone`, all others go.
  virtual absl::Status PutPublishedFiles(const std::vector<StoredPublishedFile>& files, bool alone) = 0;
  // By name. ListPublishedFiles: without their bytes.
  virtual absl::StatusOr<std::vector<StoredPublishedFile>> PublishedFiles() = 0;
  virtual absl::StatusOr<std::vector<StoredPublishedFile>> ListPublishedFiles() = 0;

  // Writes the publication, sets the round's state and appends the record to the log, at once. True: done
  // now; false: the round was published before, and stays as it was. ABORTED where the number of releases is
  // no longer the stated one, or a revision is in another edition: combine again. NOT_FOUND: no round.
  virtual absl::StatusOr<bool> Publish(const Publication& publication) = 0;
  // For ever, whether it was published or not, and into the log. True: now; false: it was withdrawn before,
  // and stays as it was. NOT_FOUND: no round.
  virtual absl::StatusOr<bool> Withdraw(const StoredWithdrawal& withdrawal) = 0;
  virtual absl::StatusOr<std::vector<StoredAbsence>> Absences(absl::string_view round_id) = 0;

  // Another text whenever PublishedItems, Contributors or Figures may give something else than before.
  virtual absl::StatusOr<std::string> PublishedMark() = 0;
  // Oldest publication first; an edition follows the one before it.
  virtual absl::StatusOr<std::vector<PublishedItem>> PublishedItems() = 0;
  virtual absl::StatusOr<std::vector<StoredContributor>> Contributors(absl::string_view round_id,
                                                                      std::int64_t item) = 0;
  // Serialized figures of one item and breakdown, in the order published: of `geographies`, or where that is
  // empty of every level above a council.
  virtual absl::StatusOr<std::vector<std::string>> Figures(absl::string_view round_id, std::int64_t item,
                                                           absl::string_view breakdown,
                                                           const std::vector<std::string>& geographies) = 0;
  // At most `most` of a round's figures after the one with this sequence, in the order published.
  virtual absl::StatusOr<std::vector<OrderedFigure>> FiguresAfter(absl::string_view round_id,
                                                                  std::int64_t sequence,
                                                                  std::size_t most) = 0;

  // At most `most` entries of the log from the one with this index (from 0) on.
  virtual absl::StatusOr<std::vector<StoredLogEntry>> LogEntries(std::uint64_t from, std::size_t most) = 0;
  // Appends the record of a round that was published before there was a log; where it has one, changes
  // nothing.
  virtual absl::Status RecordPublication(absl::string_view round_id, absl::string_view record,
                                         absl::string_view record_hash) = 0;
  // In place of the council's earlier one, where that is not of a larger log. Witnesses: by council.
  virtual absl::Status PutWitness(const StoredWitness& witness) = 0;
  virtual absl::StatusOr<std::vector<StoredWitness>> Witnesses() = 0;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_STORE_H_
