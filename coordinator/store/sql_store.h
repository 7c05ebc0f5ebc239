// The store in a database that speaks SQL: every call's statements, written once for SQLite and PostgreSQL.
#ifndef WAYMARK_COORDINATOR_STORE_SQL_STORE_H_
#define WAYMARK_COORDINATOR_STORE_SQL_STORE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/store/kept_reads.h"
#include "coordinator/store/sql_database.h"
#include "coordinator/store/store.h"

namespace waymark::coordinator {

class SqlStore final : public Store {
 public:
  explicit SqlStore(std::shared_ptr<SqlDatabase> database) : database_(std::move(database)) {}

  absl::Status AddToken(const Token& token) override;
  absl::StatusOr<std::vector<Token>> TokensOf(absl::string_view council) override;
  absl::Status UseToken(absl::string_view token_hash, absl::string_view request_hash,
                        const Member& member) override;
  absl::StatusOr<std::string> RenewMember(absl::string_view council, absl::string_view request_hash,
                                          absl::string_view certificate_pem) override;
  absl::Status TakeUpCertificate(absl::string_view council, absl::string_view certificate_pem) override;
  absl::Status RevokeMember(absl::string_view council, std::int64_t now_unix_s) override;
  absl::StatusOr<std::optional<Member>> FindMember(absl::string_view council) override;
  absl::StatusOr<std::vector<Member>> Members() override;
  absl::Status AddAccess(const StoredAccess& access) override;
  absl::StatusOr<std::optional<StoredAccess>> FindAccess(absl::string_view hash) override;
  absl::StatusOr<std::vector<StoredAccess>> Accesses() override;
  absl::StatusOr<std::string> RenewAccess(const StoredAccessRenewal& renewal) override;
  absl::Status TakeUpAccess(absl::string_view name, absl::string_view hash) override;
  absl::Status RevokeAccess(absl::string_view name, std::int64_t now_unix_s) override;
  absl::Status NoteAccessUse(absl::string_view name, std::int64_t used_unix_s) override;
  absl::Status PutPublishedFiles(const std::vector<StoredPublishedFile>& files, bool alone) override;
  absl::StatusOr<std::vector<StoredPublishedFile>> PublishedFiles() override;
  absl::StatusOr<std::vector<StoredPublishedFile>> ListPublishedFiles() override;
  absl::Status AddRoster(const StoredRoster& roster) override;
  absl::StatusOr<std::optional<StoredRoster>> NewestRoster() override;
  absl::StatusOr<std::optional<std::vector<StoredRoster>>> RostersAfter(absl::string_view hash,
                                                                        std::size_t most) override;
  absl::Status AddCatalogue(const StoredCatalogue& catalogue) override;
  absl::StatusOr<std::optional<StoredCatalogue>> NewestCatalogue() override;
  absl::Status AddRound(const Round& round) override;
  absl::StatusOr<std::optional<Round>> FindRound(absl::string_view round_id) override;
  absl::StatusOr<std::vector<Round>> Rounds(std::optional<RoundState> state) override;
  absl::StatusOr<std::vector<Round>> RoundsTakingLate(std::int64_t now_unix_s) override;
  absl::Status AddRelease(const StoredRelease& release) override;
  absl::StatusOr<std::optional<StoredRelease>> FindRelease(absl::string_view release_id,
                                                           absl::string_view council) override;
  absl::Status AddRevision(const StoredRevision& revision) override;
  absl::StatusOr<std::vector<StoredRevision>> Revisions(absl::string_view round_id) override;
  absl::StatusOr<std::vector<std::pair<std::string, std::int64_t>>> WaitingRevisions() override;
  absl::Status BeginEdition(absl::string_view round_id, std::uint32_t number,
                            absl::string_view edition_id) override;
  absl::StatusOr<std::vector<StoredEdition>> Editions(absl::string_view round_id) override;
  absl::Status NoteContact(absl::string_view council, std::int64_t unix_s) override;
  absl::StatusOr<std::vector<std::pair<std::string, std::int64_t>>> Contacts() override;
  absl::Status PutDecline(const StoredDecline& decline) override;
  absl::StatusOr<std::vector<StoredDecline>> Declines(absl::string_view round_id) override;
  absl::Status PutOpening(const StoredOpening& opening) override;
  absl::Status AddOpeningShares(absl::string_view round_id, absl::string_view part,
                                const StoredShares& shares) override;
  absl::StatusOr<std::vector<StoredOpening>> Openings() override;
  absl::Status DropOpening(absl::string_view round_id, absl::string_view part) override;
  absl::Status AddTry(absl::string_view round_id, absl::string_view part, absl::string_view roster) override;
  absl::StatusOr<SumTries> TriesOf(absl::string_view round_id, absl::string_view part) override;
  absl::Status PutMaskedInput(absl::string_view session, std::uint32_t member, std::size_t block,
                              absl::string_view bytes) override;
  absl::StatusOr<std::string> MaskedInput(absl::string_view session, std::uint32_t member,
                                          std::size_t block) override;
  absl::StatusOr<std::vector<std::string>> MaskedSessions() override;
  absl::Status DropMaskedInputs(absl::string_view session) override;
  absl::Status DropMaskedInput(absl::string_view session, std::uint32_t member) override;
  absl::Status AddSum(const StoredSum& sum) override;
  absl::StatusOr<std::vector<StoredSum>> Sums(absl::string_view round_id) override;
  absl::StatusOr<std::string> LedgerHead(absl::string_view council, absl::string_view signing_key) override;
  absl::StatusOr<std::vector<std::string>> Answered(absl::string_view round_id) override;
  absl::StatusOr<std::vector<std::string>> AnsweredBy(absl::string_view council) override;
  absl::Status DropFigures(absl::string_view round_id) override;
  absl::Status AddFigures(absl::string_view round_id, const std::vector<StoredFigure>& figures) override;
  absl::Status AddSchedule(const StoredSchedule& schedule) override;
  absl::Status RemoveSchedule(absl::string_view name, std::int64_t now_unix_s) override;
  absl::StatusOr<std::vector<StoredSchedule>> Schedules() override;
  absl::Status AddFiring(const StoredFiring& firing) override;
  absl::Status SettleFiring(absl::string_view schedule, std::int64_t due_unix_s, int state,
                            absl::string_view note) override;
  absl::StatusOr<std::vector<StoredFiring>> Firings(absl::string_view schedule, std::size_t most) override;
  absl::StatusOr<std::vector<std::string>> AskedBy(absl::string_view schedule) override;
  absl::StatusOr<bool> Publish(const Publication& publication) override;
  absl::StatusOr<bool> Withdraw(const StoredWithdrawal& withdrawal) override;
  absl::StatusOr<std::vector<StoredAbsence>> Absences(absl::string_view round_id) override;
  absl::StatusOr<std::string> PublishedMark() override;
  absl::StatusOr<std::vector<PublishedItem>> PublishedItems() override;
  absl::StatusOr<std::vector<StoredContributor>> Contributors(absl::string_view round_id,
                                                              std::int64_t item) override;
  absl::StatusOr<std::vector<StoredSource>> FigureSources(absl::string_view round_id) override;
  absl::StatusOr<std::vector<std::string>> Figures(absl::string_view round_id, std::int64_t item,
                                                   absl::string_view breakdown,
                                                   const std::vector<std::string>& geographies) override;
  absl::StatusOr<std::vector<OrderedFigure>> FiguresAfter(absl::string_view round_id, std::int64_t sequence,
                                                          std::size_t most) override;
  absl::StatusOr<std::vector<StoredLogEntry>> LogEntries(std::uint64_t from, std::size_t most) override;
  absl::Status RecordPublication(absl::string_view round_id, absl::string_view record,
                                 absl::string_view record_hash) override;
  absl::Status PutWitness(const StoredWitness& witness) override;
  absl::StatusOr<std::vector<StoredWitness>> Witnesses() override;

 private:
  // Runs `body`, which takes a SqlTransaction& and returns a Status or StatusOr, in one transaction.
  template <typename Body>
  auto Read(Body body) {
    return Transact(SqlAccess::kRead, std::move(body));
  }
  template <typename Body>
  auto Write(Body body) {
    return Transact(SqlAccess::kWrite, std::move(body));
  }
  template <typename Body>
  auto Transact(SqlAccess access, Body body) {
    decltype(body(std::declval<SqlTransaction&>())) result = absl::InternalError("nothing was run");
    const absl::Status done = database_->Transact(access, [&](SqlTransaction& sql) -> absl::Status {
      result = body(sql);
      return absl::Status(StatusOf(result));
    });
    if (!done.ok()) result = done;
    return result;
  }
  // What a statement selects with one text as its parameter.
  absl::StatusOr<std::vector<std::string>> Names(const char* select, absl::string_view of);
  static const absl::Status& StatusOf(const absl::Status& status) { return status; }
  template <typename T>
  static const absl::Status& StatusOf(const absl::StatusOr<T>& value) {
    return value.status();
  }

  const std::shared_ptr<SqlDatabase> database_;
  KeptReads<std::optional<StoredAccess>> accesses_;  // by hash
  KeptReads<std::string> marks_;                     // of what is published, under no key
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_SQL_STORE_H_
