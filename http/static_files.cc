#include "http/static_files.h"

#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/file.h"
#include "base/status.h"

namespace waymark::http {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;

std::string TypeOf(absl::string_view name) {
  constexpr std::pair<absl::string_view, absl::string_view> kTypes[] = {
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"}};
  for (const auto& [suffix, type] : kTypes) {
    if (absl::EndsWith(name, suffix)) return std::string(type);
  }
  return "";
}

}  // namespace

absl::StatusOr<StaticFiles> StaticFiles::Load(const std::string& directory, const std::string& prefix) {
  std::error_code error;
  StaticFiles files;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = entry.path().filename().string();
    const absl::string_view plain = absl::StripSuffix(name, ".gz");
    ASSIGN_OR_RETURN(std::string bytes, ReadFile(entry.path().string(), kMostBytes));
    File& file = files.files_[absl::StrCat(prefix, "/", plain)];
    file.type = TypeOf(plain);
    if (file.type.empty())
      return absl::InvalidArgumentError(
          absl::StrCat(entry.path().string(), ": no kind of file that is served"));
    if (plain.size() == name.size()) file.tag = TagOf(bytes);
    (plain.size() == name.size() ? file.plain : file.compressed) = Body(std::move(bytes));
  }
  if (error) return absl::NotFoundError(absl::StrCat(directory, ": ", error.message()));
  for (const auto& [address, file] : files.files_) {
    if (file.plain == nullptr)
      return absl::InvalidArgumentError(absl::StrCat(address, ".gz stands without the file itself"));
  }
  return files;
}

std::optional<Response> StaticFiles::Respond(const Request& request) const {
  const auto found = files_.find(request.path);
  if (found == files_.end() || request.is_post) return std::nullopt;
  const File& file = found->second;
  Response response;
  response.headers["ETag"] = file.tag;
  response.headers["Cache-Control"] = "public, max-age=31536000, immutable";
  response.headers["Vary"] = "Accept-Encoding";
  if (NamesTag(request.if_none_match, file.tag)) {
    response.status = 304;
    return response;
  }
  response.content_type = file.type;
  const bool compressed = file.compressed != nullptr && TakesGzip(request);
  if (compressed) response.headers["Content-Encoding"] = "gzip";
  response.body = compressed ? file.compressed : file.plain;
  return response;
}

}  // namespace waymark::http
