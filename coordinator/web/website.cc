#include "coordinator/web/website.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/log.h"
#include "base/status.h"
#include "coordinator/web/calls.h"
#include "http/problem.h"
#include "http/routes.h"
#include "http/target.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kSignIn[] = "/sign-in";
constexpr char kSignOut[] = "/sign-out";

// The address of this very request.
std::string AddressOf(const http::Request& request) {
  std::string address;
  for (const char c : request.path)
    absl::StrAppend(&address, c == '/' ? "/" : http::EncodeForAddress({&c, 1}));
  std::vector<std::pair<std::string, std::string>> words(request.query.begin(), request.query.end());
  return absl::StrCat(address, AddressWords(words));
}

const char* TitleOf(int status) {
  switch (status) {
    case 400:
      return "This address is not understood";
    case 403:
      return "You may not do this";
    case 404:
      return "There is nothing here";
    case 409:
      return "This is not to be had";
    case 429:
      return "Too many requests";
    case 503:
      return "This cannot be shown just now";
    default:
      return "Something went wrong here";
  }
}

}  // namespace

const std::vector<Website::Page>& Website::Pages() {
  static const auto* const kPages =
      new std::vector<Page>{{"/", "Compare", kListPublished, MetricListPage},
                            {"/reports", "Reports", kListPublished, ReportListPage},
                            {"/scorecards", "Published statistics", kScorecard, ScorecardListPage},
                            {"/rounds", "Coverage and rounds", kListPublished, RoundsPage},
                            {"/metrics/{metric}", "", kQuery, MetricPage},
                            {"/metrics/{metric}/trend", "", kTrend, TrendPage},
                            {"/metrics/{metric}/councils", "", kQuery, CouncilsPage},
                            {"/metrics/{metric}/curve", "", kQuery, CurvePage},
                            {"/metrics/{metric}/journeys", "", kJourneys, JourneysPage},
                            {"/reports/{region}", "", kQuery, ReportPage},
                            {"/scorecards/{authority}", "", kScorecard, ScorecardPage}};
  return *kPages;
}

absl::StatusOr<Website> Website::Load(const std::string& web, const Parts& parts) {
  ASSIGN_OR_RETURN(http::Templates templates, http::Templates::Load(web));
  ASSIGN_OR_RETURN(http::StaticFiles files, http::StaticFiles::Load(web + "/assets", "/assets"));
  return Website(parts, std::move(templates), std::move(files));
}

Website::Website(const Parts& parts, http::Templates templates, http::StaticFiles files)
    : parts_(parts), templates_(std::move(templates)), files_(std::move(files)) {}

http::Response Website::Respond(const http::Request& request) {
  if (absl::StartsWith(request.path, "/api/")) return parts_.api.Respond(request);
  if (std::optional<http::Response> file = files_.Respond(request)) return *std::move(file);
  if (request.path == kSignIn) return SignIn(request);
  if (request.path == kSignOut) return SignOut(request);
  if (request.is_post) return http::OnlyRead();
  absl::StatusOr<http::Response> page = MakePage(request);
  return page.ok() ? *std::move(page) : Trouble(request, page.status());
}

http::Response Website::SignIn(const http::Request& request) {
  Json context = {{"template", "sign-in"}, {"title", "Sign in"}, {"error", ""}};
  const http::Words& words = request.is_post ? request.form : request.query;
  const std::string to = http::OwnAddress(http::OneOf(words, "to").value_or("/"));
  context["to"] = to;
  if (!request.is_post) return Written(request, std::move(context), 200);
  if (const absl::Status own = http::CheckOwnPage(request); !own.ok()) return Trouble(request, own);
  // As it was copied, with what a mail program put around it.
  const std::string token(absl::StripAsciiWhitespace(http::OneOf(request.form, "token").value_or("")));
  const absl::StatusOr<std::string> cookie = parts_.callers.SignIn(token, request);
  if (cookie.ok()) {
    http::Response response = http::RedirectTo(to);
    response.headers["Set-Cookie"] = *cookie;
    return response;
  }
  const int code = http::StatusCodeOf(cookie.status());
  if (code != 401 && code != 429) return Trouble(request, cookie.status());
  context["error"] = code == 429 ? "Too many tokens were tried from here; wait a minute"
                                 : "This token is not known here, or has ended";
  context["title"] = "Error: Sign in";
  return Written(request, std::move(context), code);
}

http::Response Website::SignOut(const http::Request& request) {
  if (!request.is_post) return http::RedirectTo("/");
  const std::optional<http::Session> session = parts_.callers.sessions().Of(request);
  if (session.has_value()) {
    if (const absl::Status form = http::CheckForm(request, *session); !form.ok())
      return Trouble(request, form);
  }
  http::Response response = http::RedirectTo(kSignIn);
  response.headers["Set-Cookie"] = parts_.callers.sessions().End(request);
  return response;
}

absl::StatusOr<http::Response> Website::MakePage(const http::Request& request) {
  const absl::StatusOr<Caller> caller = parts_.callers.Of(request);
  if (absl::IsUnauthenticated(caller.status()))
    return http::RedirectTo(absl::StrCat(kSignIn, AddressWords({{"to", AddressOf(request)}})));
  RETURN_IF_ERROR(caller.status());
  for (const Page& page : Pages()) {
    const std::optional<std::string> variable = http::VariableIn(request.path, page.path);
    if (!variable.has_value()) continue;
    RETURN_IF_ERROR(CheckAccess(page.call, *caller));
    ASSIGN_OR_RETURN(Json context,
                     page.make(parts_.pages, {.request = request, .caller = *caller, .variable = *variable}));
    return Written(request, std::move(context), 200);
  }
  return absl::NotFoundError("There is no page at this address.");
}

http::Response Website::Written(const http::Request& request, Json context, int status) {
  const std::optional<http::Session> session = parts_.callers.sessions().Of(request);
  Json navigation = Json::array();
  for (const Page& page : Pages()) {
    if (*page.label != '\0')
      navigation.push_back(
          {{"href", page.path}, {"label", page.label}, {"current", request.path == page.path}});
  }
  context["product"] = "Waymark";
  context["footer"] = absl::StrCat("Benchmarks of the federation ", parts_.federation,
                                   ". Every figure is of what councils released, after protection.");
  context["signed_in"] = session.has_value();
  context["form_token"] = session.has_value() ? session->form_token : "";
  context["has_navigation"] = session.has_value();
  context["navigation"] = std::move(navigation);
  const std::string name = context["template"].get<std::string>();
  absl::StatusOr<http::Response> written = templates_.Respond(name, context, status);
  if (written.ok()) return *std::move(written);
  Log(LogLevel::kError, "a page could not be written", {{"error", std::string(written.status().message())}});
  return http::Problem(500, "INTERNAL", "it failed here; the coordinator's log says why");
}

http::Response Website::Trouble(const http::Request& request, const absl::Status& status) {
  const int code = http::StatusCodeOf(status);
  if (code == 500) Log(LogLevel::kError, "a page failed", {{"error", std::string(status.message())}});
  return Written(
      request,
      {{"template", "problem"},
       {"title", TitleOf(code)},
       {"detail", code == 500 ? "It failed here; the coordinator's log says why. Try again, and tell the "
                                "operator if it stays so."
                              : std::string(status.message())},
       {"next", {{"href", "/"}, {"label", "Go to the list of comparisons"}}}},
      code);
}

}  // namespace waymark::coordinator
