// A store that ends the process before or after a chosen call, as a kill would.
#ifndef WAYMARK_TESTS_UNIT_COORDINATOR_TESTING_CRASHING_STORE_H_
#define WAYMARK_TESTS_UNIT_COORDINATOR_TESTING_CRASHING_STORE_H_

#include <unistd.h>

#include <atomic>

#include "coordinator/store/store.h"

namespace waymark::coordinator::testing {

// Points 0, 2, 4, … are before a call, 1, 3, 5, … after one.
class CrashingStore final : public Store {
 public:
  static constexpr int kExitStatus = 77;
  CrashingStore(Store& store, int point) : store_(store), left_(point) {}

  absl::Status AddToken(const Token& token) override {
    return Around([&] { return store_.AddToken(token); });
  }
  absl::StatusOr<std::vector<Token>> TokensOf(absl::string_view council) override {
    return Around([&] { return store_.TokensOf(council); });
  }
  absl::Status UseToken(absl::string_view hash, absl::string_view request, const Member& member) override {
    return Around([&] { return store_.UseToken(hash, request, member); });
  }
  absl::StatusOr<std::string> RenewMember(absl::string_view council, absl::string_view request_hash,
                                          absl::string_view certificate_pem) override {
    return Around([&] { return store_.RenewMember(council, request_hash, certificate_pem); });
  }
  absl::Status TakeUpCertificate(absl::string_view council, absl::string_view certificate_pem) override {
    return Around([&] { return store_.TakeUpCertificate(council, certificate_pem); });
  }
  absl::Status RevokeMember(absl::string_view council, std::int64_t now_unix_s) override {
    return Around([&] { return store_.RevokeMember(council, now_unix_s); });
  }
  absl::StatusOr<std::optional<Member>> FindMember(absl::string_view council) override {
    return Around([&] { return store_.FindMember(council); });
  }
  absl::StatusOr<std::vector<Member>> Members() override {
    return Around([&] { return store_.Members(); });
  }
  absl::Status AddAccess(const StoredAccess& access) override {
    return Around([&] { return store_.AddAccess(access); });
  }
  absl::StatusOr<std::optional<StoredAccess>> FindAccess(absl::string_view hash) override {
    return Around([&] { return store_.FindAccess(hash); });
  }
  absl::StatusOr<std::vector<StoredAccess>> Accesses() override {
    return Around([&] { return store_.Accesses(); });
  }
  absl::StatusOr<std::string> RenewAccess(const StoredAccessRenewal& renewal) override {
    return Around([&] { return store_.RenewAccess(renewal); });
  }
  absl::Status TakeUpAccess(absl::string_view name, absl::string_view hash) override {
    return Around([&] { return store_.TakeUpAccess(name, hash); });
  }
  absl::Status RevokeAccess(absl::string_view name, std::int64_t now_unix_s) override {
    return Around([&] { return store_.RevokeAccess(name, now_unix_s); });
  }
  absl::Status NoteAccessUse(absl::string_view name, std::int64_t used_unix_s) override {
    return Around([&] { return store_.NoteAccessUse(name, used_unix_s); });
  }
  absl::Status PutPublishedFiles(const std::vector<StoredPublishedFile>& files, bool alone) override {
    return Around([&] { return store_.PutPublishedFiles(files, alone); });
  }
  absl::StatusOr<std::vector<StoredPublishedFile>> PublishedFiles() override {
    return Around([&] { return store_.PublishedFiles(); });
  }
  absl::StatusOr<std::vector<StoredPublishedFile>> ListPublishedFiles() override {
    return Around([&] { return store_.ListPublishedFiles(); });
  }
  absl::Status AddRoster(const StoredRoster& roster) override {
    return Around([&] { return store_.AddRoster(roster); });
  }
  absl::StatusOr<std::optional<StoredRoster>> NewestRoster() override {
    return Around([&] { return store_.NewestRoster(); });
  }
  absl::StatusOr<std::optional<std::vector<StoredRoster>>> RostersAfter(absl::string_view hash,
                                                                        std::size_t most) override {
    return Around([&] { return store_.RostersAfter(hash, most); });
  }
  absl::Status AddCatalogue(const StoredCatalogue& catalogue) override {
    return Around([&] { return store_.AddCatalogue(catalogue); });
  }
  absl::StatusOr<std::optional<StoredCatalogue>> NewestCatalogue() override {
    return Around([&] { return store_.NewestCatalogue(); });
  }
  absl::Status AddRound(const Round& round) override {
    return Around([&] { return store_.AddRound(round); });
  }
  absl::StatusOr<std::optional<Round>> FindRound(absl::string_view round_id) override {
    return Around([&] { return store_.FindRound(round_id); });
  }
  absl::StatusOr<std::vector<Round>> Rounds(std::optional<RoundState> state) override {
    return Around([&] { return store_.Rounds(state); });
  }
  absl::Status AddRelease(const StoredRelease& release) override {
    return Around([&] { return store_.AddRelease(release); });
  }
  absl::StatusOr<std::optional<StoredRelease>> FindRelease(absl::string_view round_id,
                                                           absl::string_view council) override {
    return Around([&] { return store_.FindRelease(round_id, council); });
  }
  absl::Status AddSum(const StoredSum& sum) override {
    return Around([&] { return store_.AddSum(sum); });
  }
  absl::StatusOr<std::vector<StoredSum>> Sums(absl::string_view round_id) override {
    return Around([&] { return store_.Sums(round_id); });
  }
  absl::Status PutOpening(const StoredOpening& opening) override {
    return Around([&] { return store_.PutOpening(opening); });
  }
  absl::Status AddOpeningShares(absl::string_view round_id, absl::string_view part,
                                const StoredShares& shares) override {
    return Around([&] { return store_.AddOpeningShares(round_id, part, shares); });
  }
  absl::StatusOr<std::vector<StoredOpening>> Openings() override {
    return Around([&] { return store_.Openings(); });
  }
  absl::Status DropOpening(absl::string_view round_id, absl::string_view part) override {
    return Around([&] { return store_.DropOpening(round_id, part); });
  }
  absl::Status AddTry(absl::string_view round_id, absl::string_view part, absl::string_view roster) override {
    return Around([&] { return store_.AddTry(round_id, part, roster); });
  }
  absl::StatusOr<SumTries> TriesOf(absl::string_view round_id, absl::string_view part) override {
    return Around([&] { return store_.TriesOf(round_id, part); });
  }
  absl::Status PutMaskedInput(absl::string_view session, std::uint32_t member, std::size_t block,
                              absl::string_view bytes) override {
    return Around([&] { return store_.PutMaskedInput(session, member, block, bytes); });
  }
  absl::StatusOr<std::string> MaskedInput(absl::string_view session, std::uint32_t member,
                                          std::size_t block) override {
    return Around([&] { return store_.MaskedInput(session, member, block); });
  }
  absl::StatusOr<std::vector<std::string>> MaskedSessions() override {
    return Around([&] { return store_.MaskedSessions(); });
  }
  absl::Status DropMaskedInputs(absl::string_view session) override {
    return Around([&] { return store_.DropMaskedInputs(session); });
  }
  absl::Status DropMaskedInput(absl::string_view session, std::uint32_t member) override {
    return Around([&] { return store_.DropMaskedInput(session, member); });
  }
  absl::StatusOr<std::vector<Round>> RoundsTakingLate(std::int64_t now_unix_s) override {
    return Around([&] { return store_.RoundsTakingLate(now_unix_s); });
  }
  absl::Status AddRevision(const StoredRevision& revision) override {
    return Around([&] { return store_.AddRevision(revision); });
  }
  absl::StatusOr<std::vector<StoredRevision>> Revisions(absl::string_view round_id) override {
    return Around([&] { return store_.Revisions(round_id); });
  }
  absl::StatusOr<std::vector<std::pair<std::string, std::int64_t>>> WaitingRevisions() override {
    return Around([&] { return store_.WaitingRevisions(); });
  }
  absl::Status BeginEdition(absl::string_view round_id, std::uint32_t number,
                            absl::string_view edition_id) override {
    return Around([&] { return store_.BeginEdition(round_id, number, edition_id); });
  }
  absl::StatusOr<std::vector<StoredEdition>> Editions(absl::string_view round_id) override {
    return Around([&] { return store_.Editions(round_id); });
  }
  absl::Status NoteContact(absl::string_view council, std::int64_t unix_s) override {
    return Around([&] { return store_.NoteContact(council, unix_s); });
  }
  absl::StatusOr<std::vector<std::pair<std::string, std::int64_t>>> Contacts() override {
    return Around([&] { return store_.Contacts(); });
  }
  absl::Status PutDecline(const StoredDecline& decline) override {
    return Around([&] { return store_.PutDecline(decline); });
  }
  absl::StatusOr<std::vector<StoredDecline>> Declines(absl::string_view round_id) override {
    return Around([&] { return store_.Declines(round_id); });
  }
  absl::StatusOr<std::string> LedgerHead(absl::string_view council, absl::string_view signing_key) override {
    return Around([&] { return store_.LedgerHead(council, signing_key); });
  }
  absl::Status AddSchedule(const StoredSchedule& schedule) override {
    return Around([&] { return store_.AddSchedule(schedule); });
  }
  absl::Status RemoveSchedule(absl::string_view name, std::int64_t now_unix_s) override {
    return Around([&] { return store_.RemoveSchedule(name, now_unix_s); });
  }
  absl::StatusOr<std::vector<StoredSchedule>> Schedules() override {
    return Around([&] { return store_.Schedules(); });
  }
  absl::Status AddFiring(const StoredFiring& firing) override {
    return Around([&] { return store_.AddFiring(firing); });
  }
  absl::Status SettleFiring(absl::string_view schedule, std::int64_t due_unix_s, int state,
                            absl::string_view note) override {
    return Around([&] { return store_.SettleFiring(schedule, due_unix_s, state, note); });
  }
  absl::StatusOr<std::vector<StoredFiring>> Firings(absl::string_view schedule, std::size_t most) override {
    return Around([&] { return store_.Firings(schedule, most); });
  }
  absl::StatusOr<std::vector<std::string>> AskedBy(absl::string_view schedule) override {
    return Around([&] { return store_.AskedBy(schedule); });
  }
  absl::StatusOr<std::vector<std::string>> Answered(absl::string_view round_id) override {
    return Around([&] { return store_.Answered(round_id); });
  }
  absl::StatusOr<std::vector<std::string>> AnsweredBy(absl::string_view council) override {
    return Around([&] { return store_.AnsweredBy(council); });
  }
  absl::Status DropFigures(absl::string_view round_id) override {
    return Around([&] { return store_.DropFigures(round_id); });
  }
  absl::Status AddFigures(absl::string_view round_id, const std::vector<StoredFigure>& figures) override {
    return Around([&] { return store_.AddFigures(round_id, figures); });
  }
  absl::StatusOr<bool> Publish(const Publication& publication) override {
    return Around([&] { return store_.Publish(publication); });
  }
  absl::StatusOr<bool> Withdraw(const StoredWithdrawal& withdrawal) override {
    return Around([&] { return store_.Withdraw(withdrawal); });
  }
  absl::StatusOr<std::vector<StoredAbsence>> Absences(absl::string_view round_id) override {
    return Around([&] { return store_.Absences(round_id); });
  }
  absl::StatusOr<std::string> PublishedMark() override {
    return Around([&] { return store_.PublishedMark(); });
  }
  absl::StatusOr<std::vector<PublishedItem>> PublishedItems() override {
    return Around([&] { return store_.PublishedItems(); });
  }
  absl::StatusOr<std::vector<StoredContributor>> Contributors(absl::string_view round_id,
                                                              std::int64_t item) override {
    return Around([&] { return store_.Contributors(round_id, item); });
  }
  absl::StatusOr<std::vector<StoredSource>> FigureSources(absl::string_view round_id) override {
    return Around([&] { return store_.FigureSources(round_id); });
  }
  absl::StatusOr<std::vector<std::string>> Figures(absl::string_view round_id, std::int64_t item,
                                                   absl::string_view breakdown,
                                                   const std::vector<std::string>& geographies) override {
    return Around([&] { return store_.Figures(round_id, item, breakdown, geographies); });
  }

  absl::StatusOr<std::vector<OrderedFigure>> FiguresAfter(absl::string_view round_id, std::int64_t sequence,
                                                          std::size_t most) override {
    return Around([&] { return store_.FiguresAfter(round_id, sequence, most); });
  }
  absl::StatusOr<std::vector<StoredLogEntry>> LogEntries(std::uint64_t from, std::size_t most) override {
    return Around([&] { return store_.LogEntries(from, most); });
  }
  absl::Status RecordPublication(absl::string_view round_id, absl::string_view record,
                                 absl::string_view record_hash) override {
    return Around([&] { return store_.RecordPublication(round_id, record, record_hash); });
  }
  absl::Status PutWitness(const StoredWitness& witness) override {
    return Around([&] { return store_.PutWitness(witness); });
  }
  absl::StatusOr<std::vector<StoredWitness>> Witnesses() override {
    return Around([&] { return store_.Witnesses(); });
  }

 private:
  template <typename Call>
  auto Around(Call call) -> decltype(call()) {
    Point();
    auto result = call();
    Point();
    return result;
  }
  void Point() {
    if (left_-- == 0) _exit(kExitStatus);
  }

  Store& store_;
  std::atomic<int> left_;  // closing calls from several threads
};

}  // namespace waymark::coordinator::testing

#endif  // WAYMARK_TESTS_UNIT_COORDINATOR_TESTING_CRASHING_STORE_H_
