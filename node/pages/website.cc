#include "node/pages/website.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "http/problem.h"
#include "http/routes.h"
#include "http/target.h"
#include "node/pages/context.h"

namespace waymark::node {
namespace {

constexpr char kSignIn[] = "/sign-in";
constexpr char kSignOut[] = "/sign-out";

const char* TitleOf(int status) {
  switch (status) {
    case 400:
      return "This cannot be understood";
    case 401:
      return "That was not right";
    case 403:
      return "You may not do this";
    case 404:
      return "There is nothing here";
    case 405:
      return "This address takes no form";
    case 409:
      return "This has changed";
    case 429:
      return "Too many tries";
    case 503:
      return "The council's data are being read";
    default:
      return "Something went wrong here";
  }
}

int CodeOf(const absl::Status& status) {
  // What was looked at is another now.
  if (absl::IsAborted(status) || absl::IsFailedPrecondition(status)) return 409;
  return http::StatusCodeOf(status);
}

// Where a form may go on at: its own page.
std::string PathOf(const http::Request& request) {
  std::string address;
  for (const char c : request.path)
    absl::StrAppend(&address, c == '/' ? "/" : http::EncodeForAddress({&c, 1}));
  return address;
}

}  // namespace

const std::vector<Website::Page>& Website::Pages() {
  static const auto* const kPages = new std::vector<Page>{
      {"/", "Our difference", &Website::DifferencePage, nullptr, true},
      {"/leaving", "What leaves", &Website::LeavingPage, nullptr, false},
      {"/leaving/{round}", "", &Website::RoundPage, &Website::DecideRound, true},
      {"/ledger", "Ledger", &Website::LedgerPage, nullptr, false},
      {"/data", "Data quality", &Website::DataPage, &Website::Refresh, true},
      {"/metrics", "Metrics", &Website::MetricListPage, nullptr, true},
      {"/metrics/{metric}", "", &Website::MetricPage, nullptr, true},
      {"/caseload", "Caseload", &Website::CaseloadPage, nullptr, true},
      {"/briefing", "Briefing", &Website::BriefingPage, &Website::WriteCommentary, true},
      {"/questionnaires", "Questionnaires", &Website::QuestionnaireListPage, nullptr, false},
      {"/questionnaires/{id}", "", &Website::QuestionnairePage, &Website::FillQuestionnaire, false}};
  return *kPages;
}

absl::StatusOr<std::unique_ptr<Website>> Website::Load(const std::string& web, const Parts& parts) {
  ASSIGN_OR_RETURN(http::Templates templates, http::Templates::Load(web));
  ASSIGN_OR_RETURN(http::StaticFiles files, http::StaticFiles::Load(web + "/assets", "/assets"));
  return std::unique_ptr<Website>(new Website(parts, std::move(templates), std::move(files)));
}

http::Response Website::Respond(const http::Request& request) {
  if (std::optional<http::Response> file = files_.Respond(request)) return *std::move(file);
  if (request.path == kSignIn) return SignIn(request);
  if (request.path == kSignOut) return SignOut(request);
  const absl::StatusOr<Caller> caller = CallerOf(request);
  if (!caller.ok()) {
    if (!absl::IsUnauthenticated(caller.status())) return Trouble(request, nullptr, caller.status());
    // What was sent in a form is not done later: whoever sent it looks at the page again first.
    return http::RedirectTo(absl::StrCat(kSignIn, "?to=", http::EncodeForAddress(PathOf(request))));
  }
  absl::StatusOr<http::Response> answer = Answer(request, *caller);
  http::Response response = answer.ok() ? *std::move(answer) : Trouble(request, &*caller, answer.status());
  if (!caller->cookie.empty()) response.headers["Set-Cookie"] = caller->cookie;
  return response;
}

absl::StatusOr<Website::Caller> Website::CallerOf(const http::Request& request) {
  std::optional<http::Session> session = parts_.sessions.Of(request);
  if (!parts_.site.configuration.pages.header.empty()) {
    if (request.user.empty()) return absl::PermissionDeniedError("The proxy did not say who this is.");
    ASSIGN_OR_RETURN(const auto account, parts_.accounts.Find(request.user));
    Caller caller{.account = account.value_or(Account{.name = request.user}), .session = {}, .cookie = ""};
    // The proxy's word counts at each request; the session holds the token of this person's forms alone.
    if (session && session->holder == request.user) {
      caller.session = *std::move(session);
      return caller;
    }
    ASSIGN_OR_RETURN(caller.cookie, parts_.sessions.Begin(request.user, request));
    http::Request known = request;
    known.cookie = caller.cookie.substr(0, caller.cookie.find(';'));
    caller.session = parts_.sessions.Of(known).value_or(http::Session());
    return caller;
  }
  if (!session) return absl::UnauthenticatedError("nobody is signed in");
  ASSIGN_OR_RETURN(const auto account, parts_.accounts.Find(session->holder));
  if (!account) return absl::UnauthenticatedError("this account is there no longer");
  return Caller{.account = *account, .session = *std::move(session), .cookie = ""};
}

http::Response Website::SignIn(const http::Request& request) {
  if (!parts_.site.configuration.pages.header.empty()) return http::RedirectTo("/");
  const http::Words& words = request.is_post ? request.form : request.query;
  Json context = {{"template", "council/sign-in"}, {"title", "Sign in"}, {"error", ""}, {"name", ""}};
  const std::string to = http::OwnAddress(http::OneOf(words, "to").value_or("/"));
  context["to"] = to;
  if (!request.is_post) return Written(request, nullptr, std::move(context), 200);
  if (const absl::Status own = http::CheckOwnPage(request); !own.ok()) return Trouble(request, nullptr, own);
  const std::string name = http::OneOf(request.form, "name").value_or("");
  context["name"] = name;
  absl::Status status = tries_.Begin(name);
  if (status.ok()) {
    const crypto::SecretBytes password(http::OneOf(request.form, "password").value_or(""));
    status = parts_.accounts.CheckPassword(name, password).status();
  }
  if (status.ok()) {
    tries_.Succeeded(name);
    const absl::StatusOr<std::string> cookie = parts_.sessions.Begin(name, request);
    if (!cookie.ok()) return Trouble(request, nullptr, cookie.status());
    Log(LogLevel::kInfo, "signed in to the pages", {{"account", name}});
    http::Response response = http::RedirectTo(to);
    response.headers["Set-Cookie"] = *cookie;
    return response;
  }
  const bool is_wrong = absl::IsUnauthenticated(status);
  if (!is_wrong && !absl::IsResourceExhausted(status)) return Trouble(request, nullptr, status);
  Log(LogLevel::kWarning, "not signed in to the pages", {{"because", is_wrong ? "wrong" : "too many tries"}});
  context["error"] = is_wrong ? "This name and password do not go together"
                              : "Too many tries; wait a quarter of an hour and try again";
  context["title"] = "Error: Sign in";
  return Written(request, nullptr, std::move(context), is_wrong ? 401 : 429);
}

http::Response Website::SignOut(const http::Request& request) {
  if (!request.is_post) return http::RedirectTo("/");
  const std::optional<http::Session> session = parts_.sessions.Of(request);
  if (session) {
    if (const absl::Status form = http::CheckForm(request, *session); !form.ok())
      return Trouble(request, nullptr, form);
  }
  http::Response response = http::RedirectTo(kSignIn);
  response.headers["Set-Cookie"] = parts_.sessions.End(request);
  return response;
}

absl::StatusOr<http::Response> Website::Answer(const http::Request& request, const Caller& caller) {
  for (const Page& page : Pages()) {
    const std::optional<std::string> variable = http::VariableIn(request.path, page.path);
    if (!variable.has_value()) continue;
    const Refresher::State state = parts_.refresher.Now();
    const Asked asked{
        .request = request, .caller = caller, .variable = *variable, .snapshot = state.snapshot};
    if (request.is_post) {
      if (page.act == nullptr) return http::OnlyRead();
      RETURN_IF_ERROR(http::CheckForm(request, caller.session));
      ASSIGN_OR_RETURN(const std::string address, (this->*page.act)(asked));
      return http::RedirectTo(address);
    }
    if (page.needs_data && state.snapshot == nullptr) {
      return absl::UnavailableError(
          state.error.empty()
              ? "The council's data are read for the first time. Load this page again in a minute."
              : absl::StrCat("The council's data could not be read: ", state.error));
    }
    ASSIGN_OR_RETURN(Json context, (this->*page.make)(asked));
    return Written(request, &caller, std::move(context), 200);
  }
  return absl::NotFoundError("There is no page at this address.");
}

http::Response Website::Written(const http::Request& request, const Caller* caller, Json context,
                                int status) {
  Json navigation = Json::array();
  for (const Page& page : Pages()) {
    if (*page.label == '\0') continue;
    const std::string below = absl::StrCat(page.path, "/");
    navigation.push_back(
        {{"href", page.path},
         {"label", page.label},
         {"current", request.path == page.path || (below != "//" && absl::StartsWith(request.path, below))}});
  }
  const Refresher::State state = parts_.refresher.Now();
  const bool has_data = state.snapshot != nullptr;
  context["product"] = parts_.site.configuration.council_name;
  context["footer"] = absl::StrCat(
      "Exact figures of this council, for its own eyes. ",
      has_data ? absl::StrCat("Data as at ", DayText(state.snapshot->extract_day()), ", read ",
                              MomentText(state.snapshot->read_at()), ".")
               : "",
      state.is_reading ? " They are being read anew." : "",
      has_data && !state.error.empty() ? absl::StrCat(" The last reading failed: ", state.error) : "");
  // Of who comes by the proxy's word there is no session to end.
  context["signed_in"] = caller != nullptr && parts_.site.configuration.pages.header.empty();
  context["form_token"] = caller == nullptr ? "" : caller->session.form_token;
  context["has_navigation"] = caller != nullptr;
  context["navigation"] = std::move(navigation);
  context["data_as_at"] = has_data ? DayText(state.snapshot->extract_day()) : "";
  context["read_at"] = has_data ? MomentText(state.snapshot->read_at()) : "";
  const std::string name = context["template"].get<std::string>();
  absl::StatusOr<http::Response> written = templates_.Respond(name, context, status);
  if (written.ok()) return *std::move(written);
  Log(LogLevel::kError, "a page could not be written", {{"error", std::string(written.status().message())}});
  return http::Problem(500, "INTERNAL", "it failed here; the node's log says why");
}

http::Response Website::Trouble(const http::Request& request, const Caller* caller,
                                const absl::Status& status) {
  const int code = CodeOf(status);
  if (code == 500) Log(LogLevel::kError, "a page failed", {{"error", std::string(status.message())}});
  return Written(
      request, caller,
      {{"template", "problem"},
       {"title", TitleOf(code)},
       {"detail", code == 500 ? "It failed here; the node's log says why." : std::string(status.message())},
       {"next",
        {{"href", request.is_post ? PathOf(request) : "/"},
         {"label", request.is_post ? "Back to the page" : "Go to the first page"}}}},
      code);
}

}  // namespace waymark::node
