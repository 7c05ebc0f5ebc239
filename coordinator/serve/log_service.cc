#include "coordinator/serve/log_service.h"

#include <grpcpp/grpcpp.h>

#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/benchmark/stored.h"
#include "coordinator/benchmark/stored_answers.h"
#include "coordinator/serve/admission.h"
#include "proto/contract/checks.h"
#include "proto/contract/revision.h"
#include "waymark/v1/transparency.grpc.pb.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kFiguresAtOnce = 20'000;  // some ten megabytes
// What a page of tables holds before another is begun; one council's of one item may be more.
constexpr std::size_t kTableBytesAtOnce = 8 << 20;
// `after` of the pages that follow the figures: this, and how many councils' tables came before.
constexpr std::uint64_t kTablesFrom = std::uint64_t{1} << 62;

class LogService final : public v1::Log::Service {
 public:
  explicit LogService(const ServerParts& parts) : parts_(parts) {}

  grpc::Status Head(grpc::ServerContext* context, const v1::LogHeadRequest*,
                    v1::LogHeadResponse* response) override {
    return Serve(*context, "/waymark.v1.Log/Head", [&](const Caller&) -> absl::Status {
      ASSIGN_OR_RETURN(const contract::SignedLogHead head, parts_.log.Head());
      contract::SignedLogHeadToProto(head, *response->mutable_head());
      return absl::OkStatus();
    });
  }

  grpc::Status Consistency(grpc::ServerContext* context, const v1::LogConsistencyRequest* request,
                           v1::LogConsistencyResponse* response) override {
    return Serve(*context, "/waymark.v1.Log/Consistency", [&](const Caller&) -> absl::Status {
      ASSIGN_OR_RETURN(const std::vector<std::string> proof,
                       parts_.log.Consistency(request->from_size(), request->to_size()));
      *response->mutable_proof() = {proof.begin(), proof.end()};
      return absl::OkStatus();
    });
  }

  grpc::Status Inclusion(grpc::ServerContext* context, const v1::LogInclusionRequest* request,
                         v1::LogInclusionResponse* response) override {
    return Serve(*context, "/waymark.v1.Log/Inclusion", [&](const Caller&) -> absl::Status {
      ASSIGN_OR_RETURN(const TransparencyLog::Inclusion found,
                       parts_.log.Prove(request->size(), request->leaf_hash()));
      response->set_index(found.index);
      *response->mutable_proof() = {found.proof.begin(), found.proof.end()};
      return absl::OkStatus();
    });
  }

  grpc::Status Entries(grpc::ServerContext* context, const v1::LogEntriesRequest* request,
                       v1::LogEntriesResponse* response) override {
    return Serve(*context, "/waymark.v1.Log/Entries", [&](const Caller&) -> absl::Status {
      ASSIGN_OR_RETURN(std::vector<StoredLogEntry> entries,
                       parts_.log.Entries(request->from(), request->most()));
      for (StoredLogEntry& entry : entries) {
        v1::LogEntry& made = *response->add_entries();
        made.set_kind(static_cast<v1::LogKind>(entry.kind));
        made.set_subject(std::move(entry.subject));
        made.set_hash(std::move(entry.hash));
        made.set_content(std::move(entry.content));
      }
      return absl::OkStatus();
    });
  }

  grpc::Status Witness(grpc::ServerContext* context, const v1::LogWitnessRequest* request,
                       v1::LogWitnessResponse* response) override {
    return Serve(*context, "/waymark.v1.Log/Witness", [&](const Caller& caller) -> absl::Status {
      ASSIGN_OR_RETURN(const contract::WitnessedHead head, contract::WitnessedHeadFromProto(request->head()));
      ASSIGN_OR_RETURN(const std::vector<contract::WitnessedHead> others,
                       parts_.log.Witness(caller.name, head));
      for (const contract::WitnessedHead& other : others) {
        contract::WitnessedHeadToProto(other, *response->add_others());
      }
      return absl::OkStatus();
    });
  }

  grpc::Status Catalogue(grpc::ServerContext* context, const v1::SignedCatalogueRequest*,
                         v1::SignedCatalogueResponse* response) override {
    return Serve(*context, "/waymark.v1.Log/Catalogue", [&](const Caller&) -> absl::Status {
      ASSIGN_OR_RETURN(const auto newest, parts_.store.NewestCatalogue());
      if (!newest || response->mutable_catalogue()->ParseFromString(newest->bytes)) return absl::OkStatus();
      return absl::DataLossError("the stored catalogue cannot be read");
    });
  }

  grpc::Status PublishedFigures(grpc::ServerContext* context, const v1::PublishedFiguresRequest* request,
                                v1::PublishedFiguresResponse* response) override {
    return Serve(*context, "/waymark.v1.Log/PublishedFigures",
                 [&](const Caller& caller) { return DoFigures(caller, *request, *response); });
  }

 private:
  template <typename Body>
  grpc::Status Serve(const grpc::ServerContext& context, absl::string_view method, Body body) {
    const absl::StatusOr<Caller> caller = Admit(parts_, context, method);
    return Finish(method, caller.ok() ? body(*caller) : caller.status());
  }

  absl::Status DoFigures(const Caller& caller, const v1::PublishedFiguresRequest& request,
                         v1::PublishedFiguresResponse& response) {
    if (caller.scope.regions || caller.scope.metrics) {
      return absl::PermissionDeniedError(
          "a round's figures are given whole, and this access is for some of them alone");
    }
    const auto id = contract::ParseEditionId(request.round_id());
    RETURN_IF_ERROR(contract::CheckIdentifier("round_id", id ? id->round_id : request.round_id()));
    if (request.after() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) - 1) {
      return absl::InvalidArgumentError("after: expected `last` of the page before");
    }
    // What a round has before it is published is nobody's to see.
    ASSIGN_OR_RETURN(const std::optional<Round> round, parts_.store.FindRound(request.round_id()));
    if (!round || round->state != RoundState::kPublished) {
      return absl::NotFoundError(absl::StrCat("no round \"", request.round_id(), "\" has been published"));
    }
    if (request.after() == 0) RETURN_IF_ERROR(AddCoverage(*round, response));
    if (request.after() >= kTablesFrom) return AddTables(*round, request.after() - kTablesFrom, response);
    ASSIGN_OR_RETURN(const std::vector<OrderedFigure> figures,
                     parts_.store.FiguresAfter(request.round_id(), static_cast<std::int64_t>(request.after()),
                                               kFiguresAtOnce));
    for (const OrderedFigure& figure : figures) {
      if (!response.add_figures()->ParseFromString(figure.bytes)) return Damaged(*round);
      response.add_items(static_cast<std::uint32_t>(figure.item));
    }
    if (figures.empty()) return AddTables(*round, 0, response);
    response.set_last(static_cast<std::uint64_t>(figures.back().sequence));
    return absl::OkStatus();
  }

  // Council by council, and of each item by item.
  absl::Status AddTables(const Round& round, std::uint64_t from, v1::PublishedFiguresResponse& response) {
    ASSIGN_OR_RETURN(const contract::RoundSpec spec, SpecOf(round));
    ASSIGN_OR_RETURN(const std::vector<StoredSource> sources, parts_.store.FigureSources(round.round_id));
    const std::uint64_t items = spec.items.size();
    std::size_t bytes = 0;
    std::optional<StoredTables> stored;
    for (std::uint64_t at = from; at < sources.size() * items; ++at) {
      const StoredSource& source = sources[at / items];
      if (bytes >= kTableBytesAtOnce) {
        response.set_last(kTablesFrom + at);
        return absl::OkStatus();
      }
      if (at == from || at % items == 0) {
        stored.reset();
        if (!source.release_id.empty()) {
          ASSIGN_OR_RETURN(stored, ReadTables(parts_.store, source.release_id, source.council));
        }
      }
      v1::PublishedFiguresResponse::Council& council = *response.add_councils();
      council.set_item(static_cast<std::uint32_t>(at % items));
      council.set_council(source.council);
      if (!stored) continue;
      for (const absl::string_view table : stored->BytesOf(spec.items[at % items])) {
        bytes += table.size();
        if (!council.add_tables()->ParseFromArray(table.data(), static_cast<int>(table.size())))
          return Damaged(round);
      }
    }
    return absl::OkStatus();
  }

  absl::Status AddCoverage(const Round& round, v1::PublishedFiguresResponse& response) {
    v1::RoundSpec spec;
    if (!spec.ParseFromString(round.spec)) return Damaged(round);
    for (int item = 0; item < spec.items_size(); ++item) {
      ASSIGN_OR_RETURN(const auto contributors, parts_.store.Contributors(round.round_id, item));
      v1::PublishedFiguresResponse::Coverage& coverage = *response.add_coverage();
      for (const StoredContributor& one : contributors) {
        if (!coverage.add_contributors()->ParseFromString(one.bytes)) return Damaged(round);
      }
    }
    return absl::OkStatus();
  }

  static absl::Status Damaged(const Round& round) {
    return absl::DataLossError(
        absl::StrCat("round ", round.round_id, ": what is stored of it is damaged; restore a backup"));
  }

  const ServerParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeLogService(const ServerParts& parts) {
  return std::make_unique<LogService>(parts);
}

}  // namespace waymark::coordinator
