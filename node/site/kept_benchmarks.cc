#include "node/site/kept_benchmarks.h"

#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMostBytes = 64 << 20;
constexpr absl::string_view kSuffix = ".benchmark";

std::string FolderOf(const Configuration& configuration) {
  return PathUnder(configuration.state_directory, "benchmarks");
}

}  // namespace

absl::Status KeepBenchmark(const Configuration& configuration, absl::string_view metric,
                           const v1::QueryResponse& benchmark) {
  const std::string folder = FolderOf(configuration);
  RETURN_IF_ERROR(MakeDirectories(folder, 0700));
  return WriteFileAtomically(PathUnder(folder, absl::StrCat(metric, kSuffix)), benchmark.SerializeAsString(),
                             0600);
}

std::map<std::string, v1::QueryResponse> KeptBenchmarks(const Configuration& configuration) {
  std::map<std::string, v1::QueryResponse> kept;
  std::error_code error;
  for (std::filesystem::directory_iterator at(FolderOf(configuration), error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!absl::EndsWith(name, kSuffix)) continue;
    const absl::StatusOr<std::string> bytes = ReadFile(at->path().string(), kMostBytes);
    v1::QueryResponse benchmark;
    if (bytes.ok() && benchmark.ParseFromString(*bytes) && benchmark.figures_size() > 0)
      kept.emplace(name.substr(0, name.size() - kSuffix.size()), std::move(benchmark));
  }
  return kept;
}

}  // namespace waymark::node
