#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coordinator/web/benchmark_api.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

Json ParameterOf(absl::string_view name, const char* place, absl::string_view description) {
  return {{"name", std::string(name)},
          {"in", place},
          {"required", absl::string_view(place) == "path"},
          {"description", std::string(description)},
          {"schema", {{"type", "string"}}}};
}

Json Problem(const char* description) {
  return {
      {"description", description},
      {"content", {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
}

Json OperationOf(const BenchmarkApi::Route& route) {
  Json parameters = Json::array();
  const absl::string_view path = route.path;
  if (const std::size_t open = path.find('{'); open != absl::string_view::npos) {
    parameters.push_back(
        ParameterOf(path.substr(open + 1, path.find('}') - open - 1), "path", route.variable));
  }
  for (const BenchmarkApi::Parameter& parameter : route.query)
    parameters.push_back(ParameterOf(parameter.name, "query", parameter.description));
  Json schema = {{"type", absl::StrContains(route.content_type, "json") ? "object" : "string"}};
  if (absl::StrContains(route.content_type, "officedocument")) schema["format"] = "binary";
  return {
      {"summary", route.summary},
      {"parameters", parameters},
      {"responses",
       {{"200",
         {{"description", route.summary},
          {"headers", {{"ETag", {{"schema", {{"type", "string"}}}, {"description", "of these very bytes"}}}}},
          {"content", {{route.content_type, {{"schema", schema}}}}}}},
        {"304", {{"description", "If-None-Match names what it still is"}}},
        {"400", Problem("a parameter is not understood; the problem names it and what is allowed")},
        {"401", Problem("no token, or none that is good")},
        {"403", Problem("the token may not see this")},
        {"404", Problem("nothing is published under these words; the problem says what is")},
        {"405", Problem("only GET and HEAD are answered")},
        {"409", Problem("understood, and not to be had: of a secure sum councils' own figures, say")},
        {"413", Problem("a request has no body here")},
        {"429", Problem("too many requests; Retry-After says how many seconds to wait")},
        {"431", Problem("the request's headers are over 16 KiB")},
        {"500", Problem("it failed here; the coordinator's log says why")},
        {"503", Problem("the store cannot be reached just now; try again")}}}};
}

}  // namespace

std::string OpenApiDocument(const std::vector<BenchmarkApi::Route>& routes) {
  Json paths = Json::object();
  for (const BenchmarkApi::Route& route : routes) paths[route.path] = {{"get", OperationOf(route)}};
  const Json problem = {{"type", "object"},
                        {"properties",
                         {{"title", {{"type", "string"}}},
                          {"status", {{"type", "integer"}}},
                          {"detail", {{"type", "string"}}}}}};
  const Json document = {
      {"openapi", "3.0.3"},
      {"info",
       {{"title", "Waymark benchmarks"},
        {"version", "1"},
        {"description", "Published benchmarks of early help and children's services, read only."}}},
      {"paths", paths},
      {"components",
       {{"schemas", {{"Problem", problem}}},
        {"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}},
      {"security", Json::array({{{"token", Json::array()}}})}};
  return document.dump(2) + "\n";
}

}  // namespace waymark::coordinator
