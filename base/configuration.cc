#include "base/configuration.h"

#include <toml++/toml.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/nearest.h"

namespace waymark {
namespace internal {

struct TomlNode {
  std::shared_ptr<toml::table> document;
  const toml::table* table = nullptr;  // null where the table is absent
  std::string name;                    // "council", "source[1].mapping"; "" for the document
  std::uint32_t line = 0;
  std::set<std::string, std::less<>> known;
  bool allow_all = false;
};

struct TomlErrors {
  std::string file;
  std::vector<std::pair<std::uint32_t, std::string>> found;  // line, message
  std::vector<std::shared_ptr<TomlNode>> nodes;
};

}  // namespace internal

namespace {

using internal::TomlErrors;
using internal::TomlNode;

// The node at `key`, or null.
const toml::node* Find(const TomlNode& node, absl::string_view key) {
  if (node.table == nullptr) return nullptr;
  return node.table->get(std::string_view(key.data(), key.size()));
}

std::string FullName(const TomlNode& node, absl::string_view key) {
  return node.name.empty() ? std::string(key) : absl::StrCat(node.name, ".", key);
}

std::uint32_t LineOf(const TomlNode& node, absl::string_view key) {
  const toml::node* found = Find(node, key);
  return found != nullptr ? found->source().begin.line : node.line;
}

}  // namespace

ConfigTable::ConfigTable(std::shared_ptr<TomlErrors> errors, std::shared_ptr<TomlNode> node)
    : errors_(std::move(errors)), node_(std::move(node)) {
  errors_->nodes.push_back(node_);
}

absl::StatusOr<ConfigTable> ConfigTable::Parse(const std::string& text, const std::string& file) {
  auto errors = std::make_shared<TomlErrors>();
  errors->file = file;
  auto node = std::make_shared<TomlNode>();
  try {
    node->document = std::make_shared<toml::table>(toml::parse(text, file));
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(absl::StrCat(file, ":", error.source().begin.line,
                                                   ": not valid TOML: ", std::string(error.description())));
  }
  node->table = node->document.get();
  node->line = 1;
  return ConfigTable(std::move(errors), std::move(node));
}

bool ConfigTable::Has(absl::string_view key) const {
  return Find(*node_, key) != nullptr;
}

std::string ConfigTable::Where(absl::string_view key) const {
  return absl::StrCat(errors_->file, ":", LineOf(*node_, key));
}

void ConfigTable::Fail(absl::string_view key, absl::string_view message) {
  node_->known.insert(std::string(key));
  errors_->found.emplace_back(LineOf(*node_, key), absl::StrCat(FullName(*node_, key), ": ", message));
}

std::string ConfigTable::String(absl::string_view key, absl::string_view fix) {
  node_->known.insert(std::string(key));
  if (!Has(key)) {
    Fail(key, absl::StrCat("missing; ", fix));
    return "";
  }
  std::string value = StringOr(key, "");
  if (value.empty() && Find(*node_, key)->is_string()) Fail(key, absl::StrCat("is empty; ", fix));
  return value;
}

std::string ConfigTable::StringOr(absl::string_view key, absl::string_view fallback) {
  node_->known.insert(std::string(key));
  if (!Has(key)) return std::string(fallback);
  if (const auto value = Find(*node_, key)->value_exact<std::string>()) return *value;
  Fail(key, "expected a text in quotes");
  return std::string(fallback);
}

std::string ConfigTable::OneOf(absl::string_view key, const std::vector<std::string>& allowed,
                               absl::string_view fallback) {
  std::string value = StringOr(key, fallback);
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
    Fail(key, absl::StrCat(value.empty() ? "missing" : absl::StrCat("is \"", value, "\""),
                           "; expected one of ", absl::StrJoin(allowed, ", ")));
  }
  return value;
}

std::int64_t ConfigTable::IntOr(absl::string_view key, std::int64_t fallback, std::int64_t least,
                                std::int64_t most) {
  node_->known.insert(std::string(key));
  if (!Has(key)) return fallback;
  const auto value = Find(*node_, key)->value_exact<std::int64_t>();
  if (!value || *value < least || *value > most) {
    Fail(key, absl::StrCat("expected a whole number from ", least, " to ", most));
    return fallback;
  }
  return *value;
}

bool ConfigTable::BoolOr(absl::string_view key, bool fallback) {
  node_->known.insert(std::string(key));
  if (!Has(key)) return fallback;
  if (const auto value = Find(*node_, key)->value_exact<bool>()) return *value;
  Fail(key, "expected true or false");
  return fallback;
}

Day ConfigTable::DayOr(absl::string_view key, Day fallback) {
  node_->known.insert(std::string(key));
  if (!Has(key)) return fallback;
  const toml::node* node = Find(*node_, key);
  std::optional<Day> day;
  if (const auto date = node->value_exact<toml::date>()) {
    day = DayOf({.year = date->year, .month = date->month, .day = date->day});
  } else if (const auto text = node->value_exact<std::string>()) {
    day = ParseIsoDay(*text);
  }
  if (!day) {
    Fail(key, "expected a date, as 2025-03-31");
    return fallback;
  }
  return *day;
}

std::vector<std::string> ConfigTable::Strings(absl::string_view key) {
  node_->known.insert(std::string(key));
  std::vector<std::string> values;
  if (!Has(key)) return values;
  const toml::array* array = Find(*node_, key)->as_array();
  if (array == nullptr) {
    Fail(key, "expected a list of texts, as [\"a\", \"b\"]");
    return values;
  }
  for (const toml::node& item : *array) {
    if (const auto value = item.value_exact<std::string>()) {
      values.push_back(*value);
    } else {
      Fail(key, "expected a list of texts, as [\"a\", \"b\"]");
    }
  }
  return values;
}

std::vector<std::int64_t> ConfigTable::Integers(absl::string_view key, std::int64_t least,
                                                std::int64_t most) {
  node_->known.insert(std::string(key));
  std::vector<std::int64_t> values;
  if (!Has(key)) return values;
  const toml::array* array = Find(*node_, key)->as_array();
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    const auto value = array->get(i)->value_exact<std::int64_t>();
    if (value && *value >= least && *value <= most) values.push_back(*value);
  }
  if (array == nullptr || values.size() != array->size()) {
    Fail(key,
         absl::StrCat("expected a list of whole numbers from ", least, " to ", most, ", as [", least, "]"));
  }
  return values;
}

std::map<std::string, std::string> ConfigTable::StringMap() {
  std::map<std::string, std::string> values;
  for (const std::string& key : Keys()) values[key] = StringOr(key, "");
  return values;
}

ConfigTable ConfigTable::Table(absl::string_view key) {
  node_->known.insert(std::string(key));
  auto node = std::make_shared<TomlNode>();
  node->document = node_->document;
  node->name = FullName(*node_, key);
  node->line = LineOf(*node_, key);
  if (Has(key)) {
    node->table = Find(*node_, key)->as_table();
    if (node->table == nullptr) Fail(key, absl::StrCat("expected a table, [", node->name, "]"));
  }
  return ConfigTable(errors_, std::move(node));
}

std::vector<ConfigTable> ConfigTable::Tables(absl::string_view key) {
  node_->known.insert(std::string(key));
  std::vector<ConfigTable> tables;
  if (!Has(key)) return tables;
  const toml::array* array = Find(*node_, key)->as_array();
  if (array == nullptr || !array->is_homogeneous(toml::node_type::table)) {
    Fail(key, absl::StrCat("expected tables, each begun by [[", FullName(*node_, key), "]]"));
    return tables;
  }
  std::size_t index = 0;
  for (const toml::node& item : *array) {
    auto node = std::make_shared<TomlNode>();
    node->document = node_->document;
    node->name = absl::StrCat(FullName(*node_, key), "[", ++index, "]");
    node->line = item.source().begin.line;
    node->table = item.as_table();
    tables.push_back(ConfigTable(errors_, std::move(node)));
  }
  return tables;
}

std::vector<std::string> ConfigTable::Keys() const {
  std::vector<std::string> keys;
  if (node_->table == nullptr) return keys;
  for (const auto& [key, value] : *node_->table) keys.emplace_back(std::string(key.str()));
  return keys;
}

void ConfigTable::AllowAll() {
  node_->allow_all = true;
}

absl::Status ConfigTable::Finish() const {
  auto found = errors_->found;
  for (const auto& node : errors_->nodes) {
    if (node->table == nullptr || node->allow_all) continue;
    for (const auto& [key, value] : *node->table) {
      const std::string name(key.str());
      if (node->known.contains(name)) continue;
      const std::string nearest = Nearest(name, node->known);
      found.emplace_back(
          value.source().begin.line,
          absl::StrCat(FullName(*node, name), ": unknown key",
                       nearest.empty() ? "; remove it" : absl::StrCat("; did you mean ", nearest, "?")));
    }
  }
  if (found.empty()) return absl::OkStatus();
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> lines;
  for (const auto& [line, message] : found)
    lines.push_back(absl::StrCat(errors_->file, ":", line, ": ", message));
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return absl::InvalidArgumentError(absl::StrJoin(lines, "\n"));
}

}  // namespace waymark
