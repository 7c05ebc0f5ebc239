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
#include "coordinator/store/records.h"

namespace waymark::coordinator {

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
  // Keeps it beside the access's own, in place of one that was not taken up, and returns its certificate; or
  // that which is kept for the same request. NOT_FOUND: the access is revoked, or its own is not `held`.
  virtual absl::StatusOr<std::string> RenewAccess(const StoredAccessRenewal& renewal) = 0;
  // From now on the renewal's certificate is the access's own, and the one before is nobody's. NOT_FOUND: the
  // access has neither as its own nor as its next one that hash, or is revoked.
  virtual absl::Status TakeUpAccess(absl::string_view name, absl::string_view hash) = 0;
  // With its renewal. One that was revoked before stays as it was. NOT_FOUND: no such.
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
  // By council. Of others the own figures are stored, or there are none.
  virtual absl::StatusOr<std::vector<StoredSource>> FigureSources(absl::string_view round_id) = 0;
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
