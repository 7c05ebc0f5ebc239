#include "published/collection.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/status.h"
#include "published/collection_reader.h"

namespace waymark::published {
namespace {

constexpr std::size_t kLargestFile = std::size_t{64} << 20;

// The files that `path` names, and whether it is a folder.
absl::StatusOr<std::pair<std::vector<std::string>, bool>> FilesOf(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error))
    return std::make_pair(std::vector<std::string>{path}, false);
  std::vector<std::string> files;
  for (std::filesystem::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".csv") files.push_back(it->path().string());
  }
  if (error) return absl::NotFoundError(absl::StrCat(path, ": cannot read this folder: ", error.message()));
  if (files.empty()) return absl::NotFoundError(absl::StrCat(path, ": holds no *.csv"));
  std::sort(files.begin(), files.end());
  return std::make_pair(std::move(files), true);
}

}  // namespace

absl::StatusOr<Collection> Collection::Read(const std::vector<std::string>& paths, const Mapping& mapping,
                                            std::vector<NamedText>* texts) {
  std::vector<NamedText> read;
  std::vector<std::pair<std::size_t, bool>> ends;  // of each path: of its files, and whether it is a folder
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(const auto files, FilesOf(path));
    const auto& [names, folder] = files;
    for (const std::string& name : names) {
      ASSIGN_OR_RETURN(std::string text, ReadFile(name, kLargestFile));
      read.push_back({.name = name, .text = std::move(text)});
    }
    ends.emplace_back(read.size(), folder);
  }
  ASSIGN_OR_RETURN(Collection collection, ReadTexts(read, mapping));
  std::size_t begin = 0;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto [end, folder] = ends[i];
    bool any = false;
    for (; begin < end; ++begin) any |= !collection.files_[begin].layout.empty();
    if (any) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        paths[i], ": ", folder ? "no file in this folder" : "this file", folder ? " has" : " does not have",
        " the columns of a published file that is known here (", mapping.KnownFiles(), ")"));
  }
  if (texts != nullptr) *texts = std::move(read);
  return collection;
}

absl::StatusOr<Collection> Collection::ReadTexts(const std::vector<NamedText>& texts,
                                                 const Mapping& mapping) {
  CollectionReader reader(mapping);
  for (const NamedText& text : texts) {
    ASSIGN_OR_RETURN(const CsvTable table, ParseCsv(text.text, text.name));
    reader.Add(text.name, table);
  }
  return reader.Finish();
}

const std::vector<Neighbour>& Collection::NeighboursOf(absl::string_view area) const {
  static const auto* const kNone = new std::vector<Neighbour>();
  const auto found = neighbours_.find(area);
  return found == neighbours_.end() ? *kNone : found->second;
}

const std::vector<Observation>& Collection::Of(absl::string_view measure, absl::string_view area) const {
  static const auto* const kNone = new std::vector<Observation>();
  const auto found = observations_.find(std::make_pair(std::string(measure), std::string(area)));
  return found == observations_.end() ? *kNone : found->second;
}

const Observation* Collection::Latest(absl::string_view measure, absl::string_view area, Day day) const {
  const std::vector<Observation>& all = Of(measure, area);
  const auto after = std::upper_bound(all.begin(), all.end(), day,
                                      [](Day d, const Observation& at) { return d < at.year.last; });
  return after == all.begin() ? nullptr : &*(after - 1);
}

const Observation* Collection::EndingOn(absl::string_view measure, absl::string_view area, Day last) const {
  const Observation* latest = Latest(measure, area, last);
  return latest != nullptr && latest->year.last == last ? latest : nullptr;
}

std::vector<std::string> NotTaken(const FileRead& file) {
  std::vector<std::string> phrases;
  for (const auto& [meaning, cells] : file.without_value)
    phrases.push_back(absl::StrCat(cells, " ", meaning));
  for (const auto& [reason, cells] : file.left_out) {
    const bool has_more = cells.count > static_cast<std::int64_t>(cells.lines.size());
    phrases.push_back(absl::StrCat(cells.count, " ", reason, " (line ", absl::StrJoin(cells.lines, ", "),
                                   has_more ? ", …)" : ")"));
  }
  for (const auto& [reason, rows] : file.rows_left_out)
    phrases.push_back(absl::StrCat(rows, " rows ", reason));
  return phrases;
}

std::string FileName(const Collection& collection, const Observation& observation) {
  return std::filesystem::path(collection.files()[observation.file].path).filename().string();
}

}  // namespace waymark::published
