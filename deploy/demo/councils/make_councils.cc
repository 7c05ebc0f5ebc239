// waymark-demo-councils: writes the made-up councils of `make demo`. For each, DIR/CODE/ holds node.toml,
// policy.toml and its extracts; DIR/areas.textproto names them all, and DIR/truth.json has the true figures
// that the benchmarks should come to (waymark-demo-truth compares). The same seed gives the same bytes.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "base/file.h"
#include "base/status.h"
#include "deploy/demo/councils/council.h"
#include "deploy/demo/councils/extract.h"

namespace waymark::demo {
namespace {

// One council does not let one metric leave, so that the demonstration shows an absence with its reason.
constexpr int kWithholdingCouncil = 9;
constexpr absl::string_view kWithheldMetric = "2";

// Codes and names of the regions are the real ones; there is no council of these names and codes.
constexpr const char* kRegions[3][2] = {
    {"E12000002", "North West"}, {"E12000007", "London"}, {"E12000009", "South West"}};

std::vector<Profile> Profiles() {
  const auto in = [](int region, Profile profile) {
    profile.region_code = kRegions[region][0];
    profile.region_name = kRegions[region][1];
    return profile;
  };
  // code, name, region (filled in), episodes a year, returns, step-up, later referral, met, self, nfa, days
  return {
      in(0, {"E99000001", "Demo Council A1", "", "", 2100, .18, .09, .08, .62, .07, .24, 160}),
      in(0, {"E99000002", "Demo Council A2", "", "", 1200, .25, .12, .11, .55, .04, .31, 210}),
      in(0, {"E99000003", "Demo Council A3", "", "", 3900, .12, .07, .06, .71, .10, .18, 140}),
      in(0, {"E99000004", "Demo Council A4", "", "", 700, .21, .10, .09, .58, .06, .28, 185}),
      in(1, {"E99000005", "Demo Council B1", "", "", 4800, .15, .08, .07, .66, .12, .21, 150}),
      in(1, {"E99000006", "Demo Council B2", "", "", 8000, .28, .14, .12, .50, .03, .36, 240}),
      in(1, {"E99000007", "Demo Council B3", "", "", 2600, .10, .06, .05, .74, .15, .15, 120}),
      in(1, {"E99000008", "Demo Council B4", "", "", 1600, .19, .11, .08, .60, .08, .26, 175}),
      in(2, {"E99000009", "Demo Council C1", "", "", 900, .23, .09, .10, .57, .05, .30, 200}),
      in(2, {"E99000010", "Demo Council C2", "", "", 6200, .17, .10, .08, .63, .09, .22, 165}),
      in(2, {"E99000011", "Demo Council C3", "", "", 3100, .14, .07, .06, .69, .11, .19, 145}),
      in(2, {"E99000012", "Demo Council C4", "", "", 500, .30, .13, .12, .52, .02, .33, 225}),
  };
}

std::string NodeToml(const Profile& profile, int number, const std::string& catalogue,
                     const std::string& sources) {
  std::string toml = absl::StrFormat(
      "# %s: made up, for the demonstration.\n[council]\ncode = \"%s\"\nname = \"%s\"\n\n"
      "[node]\nstate = \"state\"\npolicy = \"policy.toml\"\n",
      profile.name, profile.code, profile.name);
  if (!catalogue.empty()) absl::StrAppend(&toml, "catalogue = \"", catalogue, "\"\n");
  absl::StrAppend(&toml, "\n[scope]\nincludes_delivered = true\n");
  if (number % 3 == 0) toml += "includes_universal = true\n";
  if (number % 4 == 1) toml += "includes_partner_led = true\n";
  if (number % 5 == 2) toml += "includes_commissioned = true\n";
  if (number == 7) toml += "family_help_joined = true\n";
  return toml + "note = \"A made-up council\"\n" + sources;
}

// Closures leave noised, referrals in secure sums, contacts and starts thresholded: linked figures leave in
// one mode. One council keeps metric 2 to itself.
std::string PolicyToml(int number) {
  std::string toml =
      "# What this node may let out. What is not listed does not leave.\n[release]\napproval = "
      "\"automatic\"\n\n"
      "[floors]\nprofile = \"default\"\nleast_contributors = 3\nyearly_epsilon = \"4\"\n";
  const auto allow = [&toml](const char* metric, const char* mode, const char* breakdowns) {
    absl::StrAppend(&toml, "\n[[allow]]\nmetric = \"", metric, "\"\nversion = 1\nmode = \"", mode, "\"\n",
                    breakdowns);
  };
  for (const char* metric : {"1", "2", "4", "5", "9", "10", "16", "16-known"}) {
    if (number != kWithholdingCouncil || metric != kWithheldMetric) allow(metric, "noised", "");
  }
  for (const char* metric : {"19-contacts", "22-starts", "22-contacts"}) {
    allow(metric, "thresholded", "breakdowns = [\"age_band\", \"sex\"]\n");
  }
  for (const char* metric : {"19", "20"}) allow(metric, "secure-sum", "");
  return toml;
}

nlohmann::ordered_json TruthJson(const Council& council) {
  const Truth& truth = council.truth;
  nlohmann::ordered_json json = {{"code", council.profile.code},
                                 {"name", council.profile.name},
                                 {"region", council.profile.region_code},
                                 {"early_help_closures", truth.early_help_closures},
                                 {"outcomes_met", truth.outcomes_met},
                                 {"end_reason_known", truth.end_reason_known},
                                 {"duration_quartiles_days", truth.duration_quartiles},
                                 {"referrals", truth.referrals},
                                 {"referrals_nfa", truth.referrals_nfa},
                                 {"contacts", truth.contacts},
                                 {"contacts_nfa", truth.contacts_nfa}};
  for (const Truth::Window& window : truth.windows) {
    json["windows"].push_back({{"days", window.days},
                               {"followed_up", window.followed_up},
                               {"returned", window.returned},
                               {"followed_up_not_in_social_care", window.followed_up_not_in_social_care},
                               {"referred", window.referred}});
  }
  return json;
}

absl::Status WriteAll(const std::string& out, const std::string& catalogue, std::uint64_t seed) {
  std::string areas = "# Made-up councils in real regions.\n";
  nlohmann::ordered_json truth = {{"period", TruthPeriod().label}, {"seed", seed}};
  int number = 0;
  for (const Profile& profile : Profiles()) {
    const std::string directory = PathUnder(out, profile.code);
    RETURN_IF_ERROR(MakeDirectories(directory, 0755));
    const Council council = MakeCouncil(profile, seed * 1000 + static_cast<std::uint64_t>(number));
    std::string sources;
    for (const System& system : SystemsOf(number)) {
      ASSIGN_OR_RETURN(const std::string tables, WriteExtract(council, system, directory));
      sources += tables;
    }
    RETURN_IF_ERROR(WriteFileAtomically(PathUnder(directory, "node.toml"),
                                        NodeToml(profile, number, catalogue, sources), 0644));
    RETURN_IF_ERROR(WriteFileAtomically(PathUnder(directory, "policy.toml"), PolicyToml(number), 0644));
    absl::StrAppendFormat(
        &areas, "areas { code: \"%s\" name: \"%s\" region_code: \"%s\" region_name: \"%s\" old_code: %d }\n",
        profile.code, profile.name, profile.region_code, profile.region_name, 101 + number);
    truth["councils"].push_back(TruthJson(council));
    ++number;
  }
  RETURN_IF_ERROR(WriteFileAtomically(PathUnder(out, "areas.textproto"), areas, 0644));
  return WriteFileAtomically(PathUnder(out, "truth.json"), truth.dump(2) + "\n", 0644);
}

}  // namespace
}  // namespace waymark::demo

int main(int argc, char** argv) {
  std::string out;
  std::string catalogue;
  std::uint64_t seed = 1;
  CLI::App app("Writes the extracts, configurations and true figures of twelve made-up councils");
  app.add_option("--out", out, "Folder to write to")->required();
  app.add_option("--catalogue", catalogue,
                 "Catalogue folder to name in each node.toml (default: the installed one)");
  app.add_option("--seed", seed, "Any number; the same one gives the same bytes")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (const absl::Status status = waymark::demo::WriteAll(out, catalogue, seed); !status.ok()) {
    std::cerr << "waymark-demo-councils: " << status.message() << "\n";
    return 1;
  }
  return 0;
}
