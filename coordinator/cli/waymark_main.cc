// waymark: queries benchmarks and conducts rounds.
#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "base/completion.h"
#include "base/status.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/guide_command.h"
#include "coordinator/cli/output.h"
#include "proto/rpc/tls.h"

namespace waymark::coordinator {
namespace {

class CommandLine {
 public:
  CommandLine() {
    app_.set_version_flag("--version", "waymark " WAYMARK_VERSION);
    app_.require_subcommand(1);
    app_.fallthrough();
    options_.client.clock = &clock_;
    app_.add_option("--identity", options_.client.identity,
                    "folder of the identity to connect with (or WAYMARK_IDENTITY)");
    app_.add_option("--token-file", options_.client.token_file,
                    "instead of an identity: the file of a bearer token");
    app_.add_option("--address", options_.client.address,
                    "the coordinator's host:port, if not client.toml's or the token file's");
    app_.add_option("--catalogue", options_.catalogue,
                    "folder of the metric library, if not the installed one");
    app_.add_flag("--json", options_.json, "print JSON");
    AddMetrics();
    AddFigures();
    AddCoverage();
    AddValue();
    AddExport();
    AddScorecard();
    AddRound();
    AddSchedule();
    AddLog();
    AddAccess();
    AddCompletion(app_);
  }

  int Run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? 0 : kExitUsage;
    }
    if (const absl::Status status = rpc::RequireTls13(); !status.ok()) return ExitStatus("waymark", status);
    return ExitStatus("waymark", action_());
  }

 private:
  CLI::App* Add(CLI::App& parent, const std::string& name, const std::string& text,
                std::function<absl::Status()> action) {
    CLI::App* command = parent.add_subcommand(name, text);
    command->add_flag("--json", options_.json, "print JSON");
    command->callback([this, action = std::move(action)] { action_ = action; });
    return command;
  }

  void AddMetrics() {
    CLI::App* metrics =
        Add(app_, "metrics", "list the metric library, or explain entries of it; needs no connection",
            [this] { return MetricsCommand(options_, ids_, markdown_); });
    metrics->add_option("id", ids_, "ids or numbers of entries to explain");
    metrics->add_flag("--markdown", markdown_, "print the whole library as Markdown");
  }

  void AddSelection(CLI::App* command) {
    command->add_option("--metric", selection_.metric, "an id of `waymark metrics`")->required();
    command->add_option("--version", selection_.version,
                        "of the definition; the newest published if not given");
    command->add_option("--period", selection_.period,
                        "2024-25, 2024-25-Q1, …; the newest published if not given");
    command->add_option("--window", selection_.window_days, "follow-up in days; all if not given");
    command->add_option("--unit", selection_.unit, "episodes, children, families; all if not given");
    command->add_flag("--csv", options_.csv, "print CSV");
  }

  void AddFigures() {
    CLI::App* benchmark =
        Add(app_, "benchmark", "published figures of regions, all participants, or councils",
            [this] { return BenchmarkCommand(options_, selection_); });
    AddSelection(benchmark);
    benchmark
        ->add_option("--geography", selection_.geographies,
                     "codes joined by commas; regions and all participants if not given")
        ->delimiter(',');
    benchmark->add_option("--breakdown", selection_.breakdown, "sex, age_band, …; all together if not given");
    CLI::Option* standing = benchmark->add_flag("--standing", selection_.standing,
                                                "councils beside each other: ranks, quarters, funnel limits; "
                                                "all that are named if no --geography is given");
    benchmark
        ->add_option("--group", selection_.group,
                     "councils' codes joined by commas: their sum, as one geography, from what each released")
        ->delimiter(',')
        ->excludes(standing);
    CLI::App* compare = Add(app_, "compare", "one council beside its region and all participants",
                            [this] { return CompareCommand(options_, selection_, council_); });
    AddSelection(compare);
    compare->add_option("--council", council_, "its ONS code; the identity's own if not given");
    for (CLI::App* command : {benchmark, compare}) {
      command->add_option(
          "--standardise", selection_.standardise,
          "age_band, …: shares and rates also as if every place had the mix of all participants");
    }
    benchmark->add_flag("--curve", selection_.curve,
                        "of a time to an event (metric 9): every day of the curve, with its bands; all "
                        "participants if no --geography is given");
    AddTrend();
    AddJourneys();
    AddGuide();
  }

  void AddGuide() {
    CLI::App* guide =
        Add(app_, "guide", "councils' answers to a questionnaire, combined, and what changed in a year",
            [this] { return GuideCommand(options_, selection_, geography_, alike_); });
    guide
        ->add_option("--metric", selection_.metric, "41, 42, …: an entry of `waymark metrics` of kind survey")
        ->required();
    guide->add_option("--version", selection_.version,
                      "of the definition; the newest published if not given");
    guide->add_option("--period", selection_.period, "2024-25, …; the newest published if not given");
    guide->add_option("--geography", geography_,
                      "a region's code; all participants if not given (text only)");
    guide->add_flag("--alike", alike_,
                    "themes in which a region's councils answer alike; with --csv these alone");
    guide->add_flag("--csv", options_.csv, "print CSV");
  }

  void AddJourneys() {
    CLI::App* journeys =
        Add(app_, "journeys", "moves between states (metrics 31 and 7), as the links of a Sankey diagram",
            [this] { return JourneysCommand(options_, selection_, geography_); });
    journeys->add_option("--metric", selection_.metric, "31 or 7")->required();
    journeys->add_option("--geography", geography_,
                         "a council's or region's code; all participants if not given");
    journeys->add_option("--version", selection_.version,
                         "of the definition; the newest published if not given");
    journeys->add_option("--period", selection_.period,
                         "2024-25, 2024-25-Q1, …; the newest published if not given");
    journeys->add_option("--breakdown", selection_.breakdown, "sex, age_band, …; all together if not given");
    journeys->add_option("--unit", selection_.unit, "episodes, children, families; all if not given");
    journeys->add_flag("--csv", options_.csv, "print CSV");
  }

  void AddTrend() {
    CLI::App* trend = Add(app_, "trend", "every published period of a metric, and which way it goes",
                          [this] { return TrendCommand(options_, selection_, geography_); });
    trend->add_option("--metric", selection_.metric, "an id of `waymark metrics`")->required();
    trend->add_option("--geography", geography_,
                      "a council's or region's code; all participants if not given");
    trend->add_option("--version", selection_.version,
                      "of the definition; each period's newest if not given");
    trend->add_option("--window", selection_.window_days, "follow-up in days; all if not given");
    trend->add_option("--unit", selection_.unit, "episodes, children, families; all if not given");
    trend->add_flag("--csv", options_.csv, "print CSV");
  }

  void AddExport() {
    CLI::App* command =
        Add(app_, "export", "all published figures as open data: a CSV file a metric, with its description",
            [this] { return ExportCommand(options_, out_, xlsx_); });
    command->add_option("--out", out_, "the folder; made if it is not there")->required();
    command->add_flag(
        "--xlsx", xlsx_,
        "workbooks for people instead: one for each metric and period, a worksheet a breakdown");
  }

  void AddValue() {
    CLI::App* value =
        Add(app_, "value",
            "what better use of data in early help may be worth, with every assumption shown; needs "
            "no connection",
            [this] { return ValueCommand(options_, value_); });
    value->add_option("--assumptions", value_.assumptions,
                      "a TOML file instead of the catalogue's value.toml");
    value->add_option("--councils", value_.councils, "how many councils")->check(CLI::Range(1, 1000));
    value->add_option("--spend", value_.spend, "on early help a council and year, in pounds");
    value->add_option("--cost", value_.cost, "of the data work a council, once, in pounds");
    value->add_option("--confidence", value_.confidence, "how much of the benefit is counted on, in %");
    value->add_option("--uplift", value_.uplift,
                      "a year's average, in %; the file's first scenario's if not given");
    value->add_option("--years", value_.years, "for how many years; as --uplift")->check(CLI::Range(1, 50));
    value->add_option("--benefit", value_.benefits,
                      "ID=POUNDS, a benefit a pound in the place of the file's");
    value->add_flag("--csv", options_.csv, "print CSV");
  }

  void AddCoverage() {
    CLI::App* command = Add(app_, "coverage",
                            "who takes part in what was published, who does not and why, and how like all "
                            "authorities those are that do",
                            [this] { return CoverageCommand(options_, selection_); });
    command->add_option("--metric", selection_.metric, "an id of `waymark metrics`")->required();
    command->add_option("--version", selection_.version,
                        "of the definition; the newest published if not given");
    command->add_option("--period", selection_.period,
                        "2024-25, 2024-25-Q1, …; the newest published if not given");
  }

  void AddScorecard() {
    CLI::App* command = Add(app_, "scorecard",
                            "an authority's spending, statutory interventions and development from published "
                            "statistics, beside its neighbours, region and England",
                            [this] { return ScorecardCommand(options_, scorecard_); });
    command
        ->add_option("authority", scorecard_.authority,
                     "its name, ONS code, or number in the Department for Education's files")
        ->required();
    command->add_option("--published", scorecard_.published,
                        "a published file or a folder of them, as they are; needs no connection");
    command->add_option("--until", scorecard_.until,
                        "years that ended by this day, as 2025-03-31; the latest if not given");
    command->add_flag("--csv", options_.csv, "print CSV");
  }

  void AddRound() {
    CLI::App* round = app_.add_subcommand("round", "open, list, show, close and withdraw rounds");
    round->require_subcommand(1);
    round->fallthrough();
    CLI::App* open = Add(*round, "open", "ask every council the questions of a file",
                         [this] { return RoundOpenCommand(options_, file_, clock_); });
    open->add_option("--file", file_, "the round, a TOML file")->required();
    Add(*round, "list", "all rounds", [this] { return RoundListCommand(options_); });
    CLI::App* show = Add(*round, "show", "one round: what it asks, who has answered, who is absent and why",
                         [this] { return RoundShowCommand(options_, round_id_); });
    show->add_option("id", round_id_, "the round's name")->required();
    CLI::App* close = Add(*round, "close", "combine and publish now, whatever the deadline",
                          [this] { return RoundCloseCommand(options_, round_id_); });
    close->add_option("id", round_id_, "the round's name")->required();
    CLI::App* withdraw = Add(*round, "withdraw",
                             "end it unpublished, or take back what it published; for ever, and said to all",
                             [this] { return RoundWithdrawCommand(options_, round_id_, reason_); });
    withdraw->add_option("id", round_id_, "the round's name")->required();
    withdraw->add_option("--reason", reason_, "why; everybody may read it")->required();
  }

  void AddSchedule() {
    CLI::App* schedule =
        app_.add_subcommand("schedule", "rounds that open by themselves, each quarter or year");
    schedule->require_subcommand(1);
    schedule->fallthrough();
    CLI::App* add =
        Add(*schedule, "add", "open a round whenever a cron line is due, for the latest complete period",
            [this] { return ScheduleAddCommand(options_, schedule_, clock_); });
    add->add_option("--name", schedule_.name, "of the schedule; its rounds are called NAME-YYYYMMDD-HHMM")
        ->required();
    add->add_option(
           "--cron", schedule_.cron,
           "minute, hour, day, month, weekday on the clocks of Europe/London, as \"0 6 15 1,4,7,10 *\"")
        ->required();
    add->add_option("--period", schedule_.period, "previous-quarter, previous-year or previous-calendar-year")
        ->required();
    add->add_option("--metrics", schedule_.metrics, "ids of `waymark metrics` joined by commas")
        ->delimiter(',');
    add->add_option("--file", schedule_.file,
                    "instead: a TOML file with an [[item]] each, as a round's without period");
    add->add_option("--geography", schedule_.geographies,
                    "regions' codes joined by commas; everyone if not given")
        ->delimiter(',');
    add->add_option("--title", schedule_.title, "of its rounds");
    add->add_option("--mode", schedule_.mode, "thresholded (default), noised, secure-sum or stated");
    add->add_option("--epsilon", schedule_.epsilon, "of each metric, noised or summed securely, as 1/2");
    add->add_option("--rho", schedule_.rho, "instead of --epsilon");
    add->add_option("--breakdowns", schedule_.breakdowns, "joined by commas")->delimiter(',');
    add->add_option("--windows", schedule_.windows, "follow-ups in days joined by commas; all if not given")
        ->delimiter(',');
    add->add_option("--units", schedule_.units,
                    "episodes, children, families joined by commas; all if not given")
        ->delimiter(',');
    add->add_option("--open-hours", schedule_.open_hours,
                    "how long its rounds are open (default 672, 28 days)");
    add->add_option("--close-at-answers", schedule_.close_at_answers,
                    "publish as soon as so many councils have answered; all of them if not given");
    add->add_option("--late-for-days", schedule_.late_for_days,
                    "take late and corrected releases so many days after the deadline; none if not given");
    add->add_option("--least-contributors", schedule_.least_contributors,
                    "no figure over fewer councils (default 3)");
    add->add_option("--data-version", schedule_.data_version, "of the extract that is asked for (default 1)");
    add->add_flag("--dry-run", schedule_.dry_run, "show the next ten firings, and add nothing");
    Add(*schedule, "list", "all schedules", [this] { return ScheduleListCommand(options_); });
    CLI::App* show = Add(*schedule, "show", "one schedule: when it is due, and what came of its firings",
                         [this] { return ScheduleShowCommand(options_, schedule_.name); });
    show->add_option("name", schedule_.name, "the schedule's name")->required();
    CLI::App* remove = Add(*schedule, "remove", "let it not fire any more; its rounds stay",
                           [this] { return ScheduleRemoveCommand(options_, schedule_.name); });
    remove->add_option("name", schedule_.name, "the schedule's name")->required();
  }

  void AddLog() {
    CLI::App* log = app_.add_subcommand("log", "hold the coordinator to what it published");
    log->require_subcommand(1);
    log->fallthrough();
    CLI::App* verify = Add(
        *log, "verify",
        "check the log of what was decided, its signatures, and that what is published is what it says; with "
        "--round a secure round's signatures and blocks of its sum",
        [this] {
          return log_.round_id.empty() ? LogVerifyCommand(options_, log_) : SumVerifyCommand(options_, log_);
        });
    AddLogSource(verify);
    verify->add_option("--save", log_.save, "keep the log in this file, once it was found right");
    verify->add_flag("--no-figures", log_.no_figures, "the log alone: for who may see none, as an auditor");
    CLI::Option* round = verify->add_option("--round", log_.round_id, "of a secure sum: the round's name");
    verify
        ->add_option("--part", log_.part,
                     "of the roster: a region's code (default E92000001: all in one part)")
        ->needs(round);
    round->needs(verify->add_option("--roster", log_.roster,
                                    "the signed roster's file, from an officer or your own node"));
    verify->add_option("--blocks", log_.blocks, "how many, picked at random (default 16)")
        ->check(CLI::Range(1, 1'000'000));
    AddLogSource(Add(*log, "entries", "what stands in the log, in its order",
                     [this] { return LogEntriesCommand(options_, log_); }));
  }

  void AddAccess() {
    CLI::App* access = app_.add_subcommand("access", "the identity to connect with");
    access->require_subcommand(1);
    access->fallthrough();
    Add(*access, "renew",
        "put a new key and certificate in the place of the identity's now; by themselves they are renewed in "
        "the last third of their time",
        [this] { return AccessRenewCommand(options_); });
  }

  void AddLogSource(CLI::App* command) {
    command->add_option("--bundle", log_.bundle, "a file of `log verify --save`; needs no connection");
    command->add_option(
        "--pinned", log_.pinned,
        "a file with the keys to go by: coordinator_key and [governance], as a node's client.toml "
        "or a join file has them (default: the identity's client.toml)");
  }

  CLI::App app_{"Benchmarks of early help and children's services, and the rounds that make them.",
                "waymark"};
  QueryOptions options_;
  FigureSelection selection_;
  ScorecardOptions scorecard_;
  std::vector<std::string> ids_;
  bool markdown_ = false;
  bool alike_ = false;
  std::string geography_;
  ValueOptions value_;
  std::string out_;
  bool xlsx_ = false;
  std::string council_;
  std::string file_;
  std::string round_id_;
  std::string reason_;
  ScheduleOptions schedule_;
  LogOptions log_;
  SystemClock clock_;
  std::function<absl::Status()> action_;
};

}  // namespace
}  // namespace waymark::coordinator

int main(int argc, char** argv) {
  return waymark::coordinator::CommandLine().Run(argc, argv);
}
