#include "http/templates.h"

#include <filesystem>
#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>
#include <regex>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"

namespace waymark::http {
namespace {

using Json = nlohmann::ordered_json;
using kainjow::mustache::data;
using kainjow::mustache::mustache;
using kainjow::mustache::partial;

constexpr std::size_t kMostBytes = 1 << 20;
constexpr char kSuffix[] = ".mustache";
constexpr char kHtml[] = "text/html; charset=utf-8";

absl::StatusOr<data> DataOf(const Json& json) {
  switch (json.type()) {
    case Json::value_t::object: {
      data object(data::type::object);
      for (const auto& [name, value] : json.items()) {
        ASSIGN_OR_RETURN(data inner, DataOf(value));
        object.set(name, std::move(inner));
      }
      return object;
    }
    case Json::value_t::array: {
      data list(data::type::list);
      for (const Json& value : json) {
        ASSIGN_OR_RETURN(data inner, DataOf(value));
        list.push_back(std::move(inner));
      }
      return list;
    }
    case Json::value_t::string:
      if (json.get_ref<const std::string&>().empty()) return data(false);
      return data(json.get<std::string>());
    case Json::value_t::boolean:
      return data(json.get<bool>());
    case Json::value_t::null:
      return data(false);
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return data(json.dump());
    default:
      return absl::InternalError("a page's context has a number that nobody wrote out");
  }
}

}  // namespace

absl::Status CheckTemplate(const std::string& text) {
  // What is not escaped, and other delimiters, under which it could hide.
  static const auto* const kForbidden = new std::regex(R"(\{\{\s*[{&=])");
  // A value outside quotes could begin another attribute.
  static const auto* const kUnquoted = new std::regex(R"(\s[\w-]+=\s*\{\{[^#/^!])");
  // Script and style that stand in a page are not executed (Content-Security-Policy), so they are mistakes.
  static const auto* const kInline =
      new std::regex(R"((<script(?![^>]*\ssrc=)|<style|\son[a-z]+=|\sstyle=))");
  if (std::regex_search(text, *kForbidden)) return absl::InvalidArgumentError("a value would not be escaped");
  if (std::regex_search(text, *kUnquoted))
    return absl::InvalidArgumentError("an attribute's value needs quotes");
  if (std::regex_search(text, *kInline))
    return absl::InvalidArgumentError("scripts and styles stand in files of their own");
  mustache parsed(text);
  if (!parsed.is_valid()) return absl::InvalidArgumentError(parsed.error_message());
  return absl::OkStatus();
}

absl::StatusOr<Templates> Templates::Load(const std::string& web) {
  namespace fs = std::filesystem;
  Templates templates;
  const fs::path folder = fs::path(web) / "templates";
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (!entry.is_regular_file() || entry.path().extension() != kSuffix) continue;
    ASSIGN_OR_RETURN(std::string text, ReadFile(entry.path().string(), kMostBytes));
    if (const absl::Status good = CheckTemplate(text); !good.ok())
      return absl::InvalidArgumentError(absl::StrCat(entry.path().string(), ": ", good.message()));
    std::string name = fs::relative(entry.path(), folder).replace_extension().generic_string();
    templates.texts_.emplace(std::move(name), std::move(text));
  }
  if (error) {
    return absl::NotFoundError(
        absl::StrCat(folder.string(), ": ", error.message(),
                     "; the pages are installed with the programs, in share/waymark/web"));
  }
  RETURN_IF_ERROR(templates.ReadManifest(absl::StrCat(web, "/manifest.json")));
  return templates;
}

absl::Status Templates::ReadManifest(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMostBytes));
  const Json manifest = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!manifest.is_object()) return absl::InvalidArgumentError(absl::StrCat(path, ": no JSON object"));
  for (const auto& [name, entry] : manifest.items()) {
    if (!entry.is_object() || !entry.contains("file") || !entry["file"].is_string()) continue;
    const std::string address = "/" + entry["file"].get<std::string>();
    if (absl::EndsWith(name, "main.ts")) script_ = address;
    if (absl::EndsWith(name, "main.scss")) style_ = address;
  }
  if (script_.empty() || style_.empty())
    return absl::InvalidArgumentError(absl::StrCat(path, ": names no main.ts and main.scss"));
  return absl::OkStatus();
}

absl::StatusOr<std::string> Templates::Render(const std::string& page, const Json& context) const {
  const auto body = texts_.find(page), layout = texts_.find("layout");
  if (body == texts_.end() || layout == texts_.end())
    return absl::InternalError(absl::StrCat("there is no template \"", page, "\""));
  ASSIGN_OR_RETURN(data values, DataOf(context));
  // By their paths, which no name of a value has.
  for (const auto& [name, text] : texts_) values.set("/" + name, partial([&text] { return text; }));
  values.set("/body", partial([&body] { return body->second; }));
  values.set("script", script_);
  values.set("style", style_);
  mustache made(layout->second);
  std::string html = made.render(values);
  if (!made.error_message().empty())
    return absl::InternalError(absl::StrCat("template \"", page, "\": ", made.error_message()));
  return html;
}

absl::StatusOr<Response> Templates::Respond(const std::string& page, const Json& context, int status) const {
  ASSIGN_OR_RETURN(std::string html, Render(page, context));
  return Response{.status = status,
                  .content_type = kHtml,
                  .body = Body(std::move(html)),
                  .headers = {{"Cache-Control", "no-store"}, {"Vary", "Cookie"}}};
}

}  // namespace waymark::http
