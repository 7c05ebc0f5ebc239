// A round of 152 councils from its announcement to the published benchmark, on loopback with mutual TLS,
// beside the plainest service that takes the same releases in the same run and checks their signatures. And
// the peak memory of taking and closing a round, for 20 councils and for 152.
//
//   round_bench [CELLS [MEMORY_CELLS]]     of each council's release; default 20000 for both
#include <grpcpp/grpcpp.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "base/log.h"
#include "proto/rpc/server.h"
#include "tests/bench/timing.h"
#include "tests/unit/coordinator/serve/server_fixture.h"
#include "waymark/v1/round.grpc.pb.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kCouncils = 152;
constexpr std::size_t kFewCouncils = 20;
constexpr std::size_t kThreads = 8;
constexpr std::size_t kRows = 2'000;
constexpr std::size_t kColumns = 2;

// As many items as it takes for so many cells: metric 19 by team, each over another period.
contract::RoundSpec SpecOf(const testing::Scene& scene, std::size_t cells) {
  contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED, {"team"});
  std::vector<contract::RoundItem> items;
  for (std::size_t i = 0; i * kRows * kColumns < cells; ++i) {
    item.period = absl::StrCat(
        "2020-01-01..", absl::FormatCivilTime(absl::CivilDay(2021, 1, 1) + static_cast<std::int64_t>(i)));
    items.push_back(item);
  }
  return scene.Spec("autumn", items);
}

contract::Release ReleaseOf(const testing::Scene& scene, const contract::RoundSpec& spec,
                            const std::string& council) {
  std::vector<contract::ProtectedTable> tables;
  for (const contract::RoundItem& item : spec.items) {
    contract::ProtectedTable& table = tables.emplace_back(scene.Table(item, 0, {20, 100}));
    table.table.dimensions = {"team"};
    table.table.rows.clear();
    for (std::size_t row = 0; row < kRows; ++row) {
      table.table.rows.push_back(absl::StrCat("team ", 10'000 + row));
    }
    table.table.Resize();
    for (std::size_t at = 0; at < table.table.values.size(); ++at) {
      table.table.values[at] = at % kColumns == 0 ? 20 : 100;
    }
  }
  return scene.Release(council, spec, std::move(tables));
}

std::vector<std::string> CouncilsOf(const testing::Scene& scene, std::size_t count) {
  std::vector<std::string> councils;
  for (std::size_t i = 0; i < count; ++i) councils.push_back(scene.library().areas()[i].code());
  return councils;
}

// Takes each release and checks its signature, and nothing more.
class PlainRounds final : public v1::Rounds::Service {
 public:
  explicit PlainRounds(const testing::Scene& scene) : scene_(scene) {}
  grpc::Status Submit(grpc::ServerContext*, const v1::SubmitRequest* request,
                      v1::SubmitResponse* response) override {
    const contract::Release release = Must(contract::ReleaseFromProto(request->release()));
    Require(crypto::VerifySignature(scene_.key_of(release.council).public_key(),
                                    contract::CanonicalBytes(release), release.signature));
    response->set_received_unix_s(1);
    return grpc::Status::OK;
  }

 private:
  const testing::Scene& scene_;
};

// Of this process so far: unlike the clock's it says the same on a machine that is busy with other work.
double ProcessorSeconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// What a part of the bench took.
struct Taken {
  double clock_s = 0;
  double processor_s = 0;
};

class RoundBench final : public testing::ServerTest {
 public:
  void TestBody() override {}

  void Run(std::size_t cells) {
    const std::vector<std::string> councils = CouncilsOf(scene, kCouncils);
    for (const std::string& council : councils) {
      scene.Join(council);
      identities_.push_back(MemberIdentity(council));
    }
    const contract::RoundSpec spec = SpecOf(scene, cells);
    std::size_t bytes = 0;
    for (const std::string& council : councils) {
      contract::ReleaseToProto(ReleaseOf(scene, spec, council), *requests_.emplace_back().mutable_release());
      bytes += requests_.back().ByteSizeLong();
    }
    const Taken plain = Plain();
    const Taken ours = Ours(spec);
    std::printf(
        "%zu councils of %zu cells, %.1f MB: announced to published %s, plain transfer with signatures %s, "
        "%.2f times; of processors %.2f times\n",
        kCouncils, cells, static_cast<double>(bytes) / 1e6, TimeText(ours.clock_s).c_str(),
        TimeText(plain.clock_s).c_str(), ours.clock_s / plain.clock_s, ours.processor_s / plain.processor_s);
  }

 private:
  rpc::Identity MemberIdentity(const std::string& council) {
    rpc::Identity identity = testing::MakeIdentity(
        issuer, issuer.certificate_pem, CouncilUri("north", council), ValidFrom(now, kMemberValidity));
    Require(scene.store()
                .RenewMember(council, crypto::Sha256(identity.certificate_pem), identity.certificate_pem)
                .status());
    return identity;
  }

  // `call(stub, council)` for each council, over a connection of its own that is there already.
  Taken Each(const std::string& address, absl::FunctionRef<absl::Status()> before,
             absl::FunctionRef<void(v1::Rounds::Stub&, std::size_t)> call) {
    std::vector<std::shared_ptr<grpc::Channel>> channels;
    for (const rpc::Identity& identity : identities_) {
      channels.push_back(rpc::MakeChannel(address, identity));
      if (!rpc::AwaitConnection(*channels.back(), absl::Seconds(20))) std::exit(2);
    }
    const double begin = WallSeconds();
    const double processor = ProcessorSeconds();
    Require(before());
    std::atomic<std::size_t> next = 0;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (std::size_t council = next++; council < channels.size(); council = next++) {
          const auto stub = v1::Rounds::NewStub(channels[council]);
          call(*stub, council);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    return {.clock_s = WallSeconds() - begin, .processor_s = ProcessorSeconds() - processor};
  }

  void Submit(v1::Rounds::Stub& stub, std::size_t council) {
    grpc::ClientContext context;
    rpc::SetDeadline(context, absl::Seconds(60));
    v1::SubmitResponse response;
    Require(rpc::FromGrpc(stub.Submit(&context, requests_[council], &response)));
  }

  Taken Plain() {
    PlainRounds service(scene);
    const crypto::CertificateWithKey certificate =
        crypto::IssueServerCertificate(issuer, {"localhost", "127.0.0.1"}, ValidFrom(now, kServerValidity))
            .value();
    grpc::ServerBuilder builder;
    rpc::ConfigureServer(builder, rpc::ServerLimits());
    int port = 0;
    builder.AddListeningPort(
        "127.0.0.1:0",
        rpc::MakeServerCredentials(
            {.authority_pem = issuer.certificate_pem,
             .certificate_pem = certificate.certificate_pem,
             .private_key_pem = std::string(certificate.private_key_pem.RevealSecretText())},
            rpc::ClientCertificate::kRequired),
        &port);
    builder.RegisterService(&service);
    const std::unique_ptr<grpc::Server> plain = builder.BuildAndStart();
    const Taken taken = Each(
        absl::StrCat("127.0.0.1:", port), [] { return absl::OkStatus(); },
        [this](v1::Rounds::Stub& stub, std::size_t council) { Submit(stub, council); });
    plain->Shutdown();
    return taken;
  }

  Taken Ours(const contract::RoundSpec& spec) {
    Taken taken = Each(
        server->local_address(), [&] { return scene.rounds().Open(spec).status(); },
        [this](v1::Rounds::Stub& stub, std::size_t council) {
          grpc::ClientContext context;
          rpc::SetDeadline(context, absl::Seconds(60));
          v1::WatchResponse response;
          Require(rpc::FromGrpc(stub.Watch(&context, {}, &response)));
          Submit(stub, council);
        });
    const double begin = WallSeconds();
    const double processor = ProcessorSeconds();
    Require(scene.rounds().Close(spec.round_id).status());
    const Taken closed{.clock_s = WallSeconds() - begin, .processor_s = ProcessorSeconds() - processor};
    std::printf("announced to the last receipt %s (%s of processors), closed in %s (%s)\n",
                TimeText(taken.clock_s).c_str(), TimeText(taken.processor_s).c_str(),
                TimeText(closed.clock_s).c_str(), TimeText(closed.processor_s).c_str());
    taken.clock_s += closed.clock_s;
    taken.processor_s += closed.processor_s;
    return taken;
  }

  std::vector<rpc::Identity> identities_;
  std::vector<v1::SubmitRequest> requests_;
};

// Taking and closing a round, in this process; one release at a time.
void TakeAndClose(std::size_t count, std::size_t cells) {
  testing::Scene scene;
  const contract::RoundSpec spec = SpecOf(scene, cells);
  Require(scene.rounds().Open(spec).status());
  for (const std::string& council : CouncilsOf(scene, count)) {
    scene.Join(council);
    Require(scene.rounds().Submit(council, ReleaseOf(scene, spec, council)).status());
  }
  Require(scene.rounds().Close(spec.round_id).status());
}

// In a process of its own, so that nothing earlier has used the memory already.
void MeasureMemory(std::size_t count, std::size_t cells) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    TakeAndClose(count, cells);
    std::_Exit(0);
  }
  int status = 0;
  rusage used{};
  if (wait4(child, &status, 0, &used) != child || status != 0) std::exit(2);
  std::printf("%zu councils of %zu cells: peak %ld MB\n", count, cells, used.ru_maxrss / 1024);
}

}  // namespace
}  // namespace waymark::coordinator

int main(int argc, char** argv) {
  std::size_t cells = 20'000;
  std::size_t memory_cells = 20'000;
  const bool good = (argc < 2 || absl::SimpleAtoi(argv[1], &cells)) &&
                    (argc < 3 || absl::SimpleAtoi(argv[2], &memory_cells)) && argc <= 3 && cells > 0 &&
                    memory_cells > 0;
  if (!good) {
    std::fprintf(stderr, "round_bench [CELLS [MEMORY_CELLS]]\n");
    return 2;
  }
  using namespace waymark::coordinator;
  waymark::SetLogLevel(waymark::LogLevel::kWarning);
  MeasureMemory(kFewCouncils, memory_cells);
  MeasureMemory(kCouncils, memory_cells);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // as the coordinator has it
  waymark::Require(waymark::rpc::RequireTls13());
  RoundBench().Run(cells);
}
