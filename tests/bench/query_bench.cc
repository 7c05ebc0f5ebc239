// Queries of published benchmarks beside an empty service of the same transport with answers of the same
// size, in the same run: by gRPC with mutual TLS, and by HTTP. The store holds ten years of quarters of 152
// councils.
//
//   query_bench [SECONDS]     of each measurement; default 3
#include <arpa/inet.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "coordinator/benchmark/query.h"
#include "coordinator/federation/access_grant.h"
#include "coordinator/web/benchmark_api.h"
#include "http/server.h"
#include "proto/rpc/server.h"
#include "tests/bench/timing.h"
#include "tests/unit/coordinator/serve/server_fixture.h"
#include "waymark/v1/benchmark.grpc.pb.h"
#include "waymark/v1/secure_sum.grpc.pb.h"

namespace waymark::coordinator {
namespace {

constexpr int kFirstYear = 2016;
constexpr int kQuarters = 40;
constexpr int kCouncils = 152;
constexpr int kThreads = 4;
const char* const kMetrics[] = {"1", "2", "3", "4", "5", "6", "15", "19", "20", "32"};

std::string QuarterLabel(int number) {
  const int year = kFirstYear + number / 4;
  return absl::StrCat(year, "-", absl::Dec((year + 1) % 100, absl::kZeroPad2), "-Q", number % 4 + 1);
}

v1::Figure FigureOf(const std::string& metric, const std::string& period, const std::string& round,
                    const std::string& code, const std::string& name, v1::GeographyLevel level) {
  v1::Figure figure;
  figure.set_metric(metric);
  figure.set_version(1);
  figure.set_period(period);
  figure.set_unit(v1::UNIT_EPISODES);
  figure.set_level(level);
  figure.set_geography_code(code);
  figure.set_geography_name(name);
  figure.set_quantity("any");
  figure.set_status(v1::FIGURE_STATUS_SHOWN);
  figure.set_numerator(125);
  figure.set_denominator(1200);
  figure.set_value(10.416);
  figure.set_lower(8.8);
  figure.set_upper(12.3);
  figure.set_sampling_lower(8.9);
  figure.set_sampling_upper(12.2);
  figure.set_display_unit("%");
  figure.set_mode(v1::MODE_THRESHOLDED);
  figure.set_round_id(round);
  return figure;
}

StoredFigure Stored(const v1::Figure& figure, std::int64_t item, const std::string& breakdown) {
  return {.item = item,
          .breakdown = breakdown,
          .geography = figure.geography_code(),
          .above_council = figure.level() != v1::GEOGRAPHY_LEVEL_COUNCIL,
          .bytes = figure.SerializeAsString()};
}

// What kMetrics mean, as each round keeps it.
std::string DefinitionsOf(const catalogue::Library& library) {
  v1::Catalogue definitions;
  for (const char* id : kMetrics) {
    v1::Metric& definition = *definitions.add_metrics();
    if (const v1::Metric* metric = library.Find(id); metric != nullptr) definition = *metric;
    definition.set_id(id);
    definition.set_version(1);
  }
  return definitions.SerializeAsString();
}

// One round a quarter, each with every metric: 152 councils, their regions and all, in total and by sex.
void Fill(testing::Scene& scene) {
  const std::vector<v1::Area>& areas = scene.library().areas();
  const std::string definitions = DefinitionsOf(scene.library());
  for (int quarter = 0; quarter < kQuarters; ++quarter) {
    const std::string period = QuarterLabel(quarter);
    const std::string round = absl::StrCat("round-", period);
    Require(scene.store().AddRound(
        {.round_id = round, .spec = round, .spec_hash = crypto::Sha256(round), .definitions = definitions}));
    Publication publication;
    publication.round_id = round;
    publication.published_unix_s = 1'500'000'000 + quarter;
    publication.record = round;
    publication.record_hash = crypto::Sha256(absl::StrCat(round, "published"));
    std::vector<StoredFigure> figures;
    for (std::int64_t item = 0; item < static_cast<std::int64_t>(std::size(kMetrics)); ++item) {
      const std::string metric = kMetrics[item];
      std::vector<v1::Figure> places = {
          FigureOf(metric, period, round, "participants", "All participants", v1::GEOGRAPHY_LEVEL_ALL)};
      std::vector<std::string> regions;
      for (std::size_t i = 0; i < kCouncils; ++i) {
        places.push_back(
            FigureOf(metric, period, round, areas[i].code(), areas[i].name(), v1::GEOGRAPHY_LEVEL_COUNCIL));
        v1::QueryResponse::Contributor contributor;
        contributor.set_council(areas[i].code());
        contributor.set_name(areas[i].name());
        publication.contributors.push_back(
            {.item = item, .council = areas[i].code(), .bytes = contributor.SerializeAsString()});
        if (std::find(regions.begin(), regions.end(), areas[i].region_code()) != regions.end()) continue;
        regions.push_back(areas[i].region_code());
        places.push_back(FigureOf(metric, period, round, areas[i].region_code(), areas[i].region_name(),
                                  v1::GEOGRAPHY_LEVEL_REGION));
      }
      for (v1::Figure& figure : places) {
        figures.push_back(Stored(figure, item, ""));
        figure.add_dimensions("sex");
        for (const char* sex : {"female", "male", "not known"}) {
          figure.set_category(sex);
          figures.push_back(Stored(figure, item, "sex"));
        }
      }
      v1::ListPublishedResponse::Entry entry;
      entry.set_metric(metric);
      entry.set_version(1);
      entry.set_period(period);
      entry.set_mode(v1::MODE_THRESHOLDED);
      entry.set_round_id(round);
      entry.add_breakdowns("sex");
      publication.items.push_back({.round_id = round,
                                   .item = item,
                                   .metric = metric,
                                   .version = 1,
                                   .period = period,
                                   .entry = entry.SerializeAsString(),
                                   .published_unix_s = publication.published_unix_s});
    }
    Require(scene.store().AddFigures(round, figures));
    Require(scene.store().Publish(publication).status());
  }
}

struct Rate {
  double a_second = 0;
  double p99_seconds = 0;
};

// `call(thread, number)` until the time is up, by each of kThreads in a closed loop.
template <typename Call>
Rate Measure(double seconds, Call call) {
  std::vector<std::vector<double>> took(kThreads);
  std::vector<std::thread> threads;
  const double begin = WallSeconds();
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int number = 0; WallSeconds() - begin < seconds; ++number) {
        const double start = WallSeconds();
        call(thread, number);
        took[static_cast<std::size_t>(thread)].push_back(WallSeconds() - start);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double elapsed = WallSeconds() - begin;
  std::vector<double> all;
  for (const std::vector<double>& each : took) all.insert(all.end(), each.begin(), each.end());
  std::sort(all.begin(), all.end());
  return {.a_second = static_cast<double>(all.size()) / elapsed, .p99_seconds = all[all.size() * 99 / 100]};
}

void Print(const char* what, std::size_t bytes, const Rate& ours, const Rate& empty) {
  std::printf(
      "%-34s %7zu bytes  %8.0f a second, p99 %-10s empty %8.0f, p99 %-10s ratio %.2f, p99 %.2f times\n", what,
      bytes, ours.a_second, TimeText(ours.p99_seconds).c_str(), empty.a_second,
      TimeText(empty.p99_seconds).c_str(), ours.a_second / empty.a_second,
      ours.p99_seconds / empty.p99_seconds);
}

// A unary call whose answer nobody parses.
class RawClient {
 public:
  explicit RawClient(std::shared_ptr<grpc::Channel> channel) : stub_(std::move(channel)) {}

  std::size_t Call(const std::string& method, const google::protobuf::MessageLite& request) {
    grpc::ClientContext context;
    rpc::SetDeadline(context, absl::Seconds(60));
    grpc::Slice slice(request.SerializeAsString());
    grpc::ByteBuffer sent(&slice, 1), answer;
    grpc::Status status;
    const auto call = stub_.PrepareUnaryCall(&context, method, sent, &queue_);
    call->StartCall();
    call->Finish(&answer, &status, this);
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
    Require(rpc::FromGrpc(status));
    return answer.Length();
  }

 private:
  grpc::GenericStub stub_;
  grpc::CompletionQueue queue_;
};

class EmptyService final : public v1::SecureSum::Service {
 public:
  explicit EmptyService(std::size_t bytes) : bytes_(bytes, 'x') {}
  grpc::Status Block(grpc::ServerContext*, const v1::BlockRequest*, v1::BlockResponse* response) override {
    response->add_inputs()->set_bytes(bytes_);
    return grpc::Status::OK;
  }

 private:
  const std::string bytes_;
};

// One connection that is kept open.
class HttpClient {
 public:
  explicit HttpClient(const std::string& address) {
    int port = 0;
    if (!absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port)) std::exit(2);
    socket_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) std::exit(2);
  }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient() { close(socket_); }

  // The size of the answer's body. Ends the program where it is not 200.
  std::size_t Get(const std::string& target, const std::string& token) {
    const std::string request = absl::StrCat(
        "GET ", target, " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ", token, "\r\n\r\n");
    if (send(socket_, request.data(), request.size(), 0) < 0) std::exit(2);
    std::string answer;
    std::size_t body = std::string::npos, length = 0;
    while (body == std::string::npos || answer.size() < body + length) {
      char piece[65536];
      const ssize_t got = recv(socket_, piece, sizeof piece, 0);
      if (got <= 0) std::exit(2);
      answer.append(piece, static_cast<std::size_t>(got));
      if (body != std::string::npos || answer.find("\r\n\r\n") == std::string::npos) continue;
      body = answer.find("\r\n\r\n") + 4;
      const std::size_t at = answer.find("Content-Length: ");
      if (answer.substr(9, 3) != "200" || at == std::string::npos ||
          !absl::SimpleAtoi(answer.substr(at + 16, answer.find('\r', at) - at - 16), &length)) {
        std::fprintf(stderr, "%s\n", answer.substr(0, 1000).c_str());
        std::exit(2);
      }
    }
    return length;
  }

 private:
  int socket_;
};

class QueryBench final : public testing::ServerTest {
 public:
  void TestBody() override {}

  void Run(double seconds) {
    Fill(scene);
    const rpc::Identity analyst = IdentityOf("waymark://north/national-analyst/analyst");
    for (const bool whole : {false, true}) Grpc(seconds, analyst, whole);
    for (const char* form : {"csv", "json"}) Http(seconds, form);
    for (const bool whole : {false, true}) Export(analyst, whole);
  }

 private:
  static v1::QueryRequest RequestOf(int number, const std::vector<std::string>& places) {
    v1::QueryRequest request;
    request.set_metric(kMetrics[static_cast<std::size_t>(number) % std::size(kMetrics)]);
    request.set_period(QuarterLabel(number * 7 % kQuarters));
    for (const std::string& place : places) request.add_geographies(place);
    return request;
  }

  // `whole`: every council, else the regions and all.
  void Grpc(double seconds, const rpc::Identity& analyst, bool whole) {
    std::vector<std::string> places;
    for (std::size_t i = 0; whole && i < kCouncils; ++i) places.push_back(scene.library().areas()[i].code());
    std::vector<std::unique_ptr<RawClient>> ours, empties;
    for (int i = 0; i < kThreads; ++i) ours.push_back(std::make_unique<RawClient>(Channel(analyst)));
    const std::size_t bytes = ours[0]->Call("/waymark.v1.Benchmarks/Query", RequestOf(0, places));

    EmptyService service(bytes);
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
    const std::unique_ptr<grpc::Server> empty_server = builder.BuildAndStart();
    for (int i = 0; i < kThreads; ++i) {
      empties.push_back(
          std::make_unique<RawClient>(rpc::MakeChannel(absl::StrCat("127.0.0.1:", port), analyst)));
    }
    const auto empty_call = [&](int thread, int) {
      empties[static_cast<std::size_t>(thread)]->Call("/waymark.v1.SecureSum/Block", v1::BlockRequest());
    };
    const auto our_call = [&](int thread, int number) {
      ours[static_cast<std::size_t>(thread)]->Call("/waymark.v1.Benchmarks/Query",
                                                   RequestOf(number * kThreads + thread, places));
    };
    Measure(seconds / 4, empty_call);
    Measure(seconds / 4, our_call);
    const Rate empty = Measure(seconds, empty_call);
    Print(whole ? "gRPC, 152 councils" : "gRPC, regions and all", bytes, Measure(seconds, our_call), empty);
    empty_server->Shutdown();
  }

  // All that is published of one metric, or of all ten, in a stream; both ends are in this process.
  void Export(const rpc::Identity& analyst, bool whole) {
    const auto stub = v1::Benchmarks::NewStub(Channel(analyst));
    v1::ExportRequest request;
    if (!whole) request.add_metrics(kMetrics[0]);
    grpc::ClientContext context;
    rpc::SetDeadline(context, absl::Minutes(30));
    std::ofstream("/proc/self/clear_refs") << "5";  // the peak begins anew
    const long before_kb = MemoryKb("VmRSS");
    const double started = WallSeconds();
    const auto reader = stub->Export(&context, request);
    v1::ExportPart part;
    long figures = 0;
    while (reader->Read(&part)) figures += part.figures_size();
    if (!reader->Finish().ok()) std::abort();
    std::printf("export of %s: %ld figures in %.1f s, peak memory %.1f MB above the %.0f MB before\n",
                whole ? "ten metrics" : "one metric", figures, WallSeconds() - started,
                static_cast<double>(MemoryKb("VmHWM") - before_kb) / 1024,
                static_cast<double>(before_kb) / 1024);
  }

  static long MemoryKb(const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
      if (line.rfind(name + ":", 0) == 0) return std::strtol(line.c_str() + name.size() + 1, nullptr, 10);
    }
    return 0;
  }

  void Http(double seconds, const char* form) {
    http::Sessions sessions({.cookie = "none"}, ticking_, random);
    Callers callers(access, sessions, ticking_);
    BenchmarkApi api(
        {.library = scene.library(), .callers = callers, .query = query, .published = published});
    const auto server = Must(http::Server::Start(
        {.address = "127.0.0.1:0"}, [&api](const http::Request& request) { return api.Respond(request); }));
    const std::string token =
        Must(GrantToken(scene.store(), scene.library(),
                        {.name = absl::StrCat("http-", form), .role = "national-analyst", .valid_days = 300},
                        scene.clock().Now(), random));
    const auto target = [&](int number) {
      const v1::QueryRequest request = RequestOf(number, {});
      return absl::StrCat("/api/v1/tables/", request.metric(), ".", form, "?period=", request.period());
    };
    HttpClient first(server->local_address());
    const std::size_t bytes = first.Get(target(0), token);
    const auto empty_server =
        Must(http::Server::Start({.address = "127.0.0.1:0"}, [&bytes](const http::Request&) {
          return http::Response{.content_type = "text/plain", .body = http::Body(std::string(bytes, 'x'))};
        }));
    std::vector<std::unique_ptr<HttpClient>> ours, empties;
    for (int i = 0; i < kThreads; ++i) {
      ours.push_back(std::make_unique<HttpClient>(server->local_address()));
      empties.push_back(std::make_unique<HttpClient>(empty_server->local_address()));
    }
    const auto empty_call = [&](int thread, int) {
      empties[static_cast<std::size_t>(thread)]->Get("/", token);
    };
    const auto our_call = [&](int thread, int number) {
      ours[static_cast<std::size_t>(thread)]->Get(target(number * kThreads + thread), token);
    };
    Measure(seconds / 4, empty_call);
    Measure(seconds / 4, our_call);
    const Rate empty = Measure(seconds, empty_call);
    Print(absl::StrCat("HTTP, one table as ", form).c_str(), bytes, Measure(seconds, our_call), empty);
  }

  // Each look is a minute later, so that no request is one too many.
  class TickingClock final : public Clock {
   public:
    explicit TickingClock(absl::Time start) : start_(start) {}
    absl::Time Now() const override { return start_ + absl::Minutes(++looks_); }
    void Sleep(absl::Duration) const override {}

   private:
    const absl::Time start_;
    mutable std::atomic<std::int64_t> looks_ = 0;
  };
  TickingClock ticking_{now};
};

}  // namespace
}  // namespace waymark::coordinator

int main(int argc, char** argv) {
  double seconds = 3;
  if (argc > 1 && (!absl::SimpleAtod(argv[1], &seconds) || seconds <= 0)) {
    std::fprintf(stderr, "query_bench [SECONDS]\n");
    return 2;
  }
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // as the coordinator has it
  waymark::Require(waymark::rpc::RequireTls13());
  waymark::coordinator::QueryBench().Run(seconds);
}
