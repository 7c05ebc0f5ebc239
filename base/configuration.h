// Configuration in TOML, checked whole: a reader collects every error (file, line, what was expected, the
// fix) before anything starts, and a key that nothing asked for is an error too, with the nearest known key.
#ifndef WAYMARK_BASE_CONFIGURATION_H_
#define WAYMARK_BASE_CONFIGURATION_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/day.h"

namespace waymark {

namespace internal {
struct TomlNode;
struct TomlErrors;
}  // namespace internal

// One table of a configuration file. Getters record an error and return a harmless value when a key is
// missing or has the wrong type; the caller reads everything it needs and then asks Finish() once. A
// ConfigTable is a light handle: copies share the document. Not thread-safe.
class ConfigTable {
 public:
  // Parses `text`; INVALID_ARGUMENT with file and line on a syntax error. `file` is used in messages only.
  static absl::StatusOr<ConfigTable> Parse(const std::string& text, const std::string& file);

  bool Has(absl::string_view key) const;

  // A required string, not empty.
  std::string String(absl::string_view key, absl::string_view fix);
  std::string StringOr(absl::string_view key, absl::string_view fallback);
  // One of `allowed`; the message lists them.
  std::string OneOf(absl::string_view key, const std::vector<std::string>& allowed,
                    absl::string_view fallback);
  std::int64_t IntOr(absl::string_view key, std::int64_t fallback, std::int64_t least, std::int64_t most);
  bool BoolOr(absl::string_view key, bool fallback);
  // A TOML local date (2025-03-31, without quotes) or the same as a string; kNoDay where the key is absent.
  Day DayOr(absl::string_view key, Day fallback);
  std::vector<std::string> Strings(absl::string_view key);
  // A list of whole numbers, as [183, 365], each from `least` to `most`; empty where the key is absent.
  std::vector<std::int64_t> Integers(absl::string_view key, std::int64_t least, std::int64_t most);
  // Every key of this table as string → string (or list of strings joined is an error).
  std::map<std::string, std::string> StringMap();

  // A sub-table; absent: an empty one whose required keys are errors at this table's line.
  ConfigTable Table(absl::string_view key);
  // [[key]] tables in file order; empty if there is none.
  std::vector<ConfigTable> Tables(absl::string_view key);
  std::vector<std::string> Keys() const;
  // Says that every key below here is known (for tables whose keys are data).
  void AllowAll();

  // Records an error at `key` (or at the table where the key is absent).
  void Fail(absl::string_view key, absl::string_view message);

  // "file:line" of `key`, or of the table.
  std::string Where(absl::string_view key) const;

  // All errors of the whole document, unknown keys included, as one INVALID_ARGUMENT, a line each; OK if
  // none.
  absl::Status Finish() const;

 private:
  ConfigTable(std::shared_ptr<internal::TomlErrors> errors, std::shared_ptr<internal::TomlNode> node);
  std::shared_ptr<internal::TomlErrors> errors_;
  std::shared_ptr<internal::TomlNode> node_;
};

}  // namespace waymark

#endif  // WAYMARK_BASE_CONFIGURATION_H_
