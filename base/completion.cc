#include "base/completion.h"

#include <CLI/CLI.hpp>
#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace waymark {
namespace {

struct Word {
  std::string text;  // "benchmark", "--metric"
  std::string description;
  bool takes_value = false;
};

// What may follow one sub-command: "", "/round", "/round/open".
struct Place {
  std::string path;
  std::vector<Word> commands;
  std::vector<Word> options;
};

std::vector<Word> OptionsOf(const CLI::App& app) {
  std::vector<Word> words;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      words.push_back({.text = absl::StrCat("--", name),
                       .description = option->get_description(),
                       .takes_value = option->get_items_expected_max() > 0});
    }
  }
  return words;
}

void AddPlaces(const CLI::App& app, const std::string& path, const std::vector<Word>& inherited,
               std::vector<Place>& places) {
  Place place{.path = path, .commands = {}, .options = OptionsOf(app)};
  std::set<std::string> own;
  for (const Word& word : place.options) own.insert(word.text);
  for (const Word& word : inherited) {
    if (own.insert(word.text).second) place.options.push_back(word);
  }
  const auto children = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* child : children)
    place.commands.push_back({.text = child->get_name(), .description = child->get_description()});
  const std::vector<Word> options = place.options;
  places.push_back(std::move(place));
  for (const CLI::App* child : children) {
    // What falls through to here may stand after the sub-command too.
    AddPlaces(*child, absl::StrCat(path, "/", child->get_name()),
              child->get_fallthrough() ? options : std::vector<Word>(), places);
  }
}

std::string Joined(const std::vector<Word>& words, bool only_with_value = false) {
  std::vector<std::string> texts;
  for (const Word& word : words) {
    if (!only_with_value || word.takes_value) texts.push_back(word.text);
  }
  return absl::StrJoin(texts, " ");
}

// The case of a shell function that follows the words to where they lead.
std::string PathsCase(const std::vector<Place>& places) {
  std::vector<std::string> paths;
  for (const Place& place : places) {
    if (!place.path.empty()) paths.push_back(absl::StrCat("\"", place.path, "\""));
  }
  return absl::StrCat("    case \"$at/$word\" in ", absl::StrJoin(paths, "|"), ") at=\"$at/$word\";; esac\n");
}

// Sets what may follow, by place.
std::string WordsCase(const std::vector<Place>& places) {
  std::string text = "  case \"$at\" in\n";
  for (const Place& place : places) {
    absl::StrAppend(&text, "    \"", place.path, "\") commands=\"", Joined(place.commands), "\" options=\"",
                    Joined(place.options), "\" valued=\" ", Joined(place.options, true), " \";;\n");
  }
  return text + "  esac\n";
}

std::string Bash(const std::string& program, const std::string& function, const std::vector<Place>& places) {
  return absl::StrCat(function, "() {\n  local at=\"\" word i commands options valued\n",
                      "  for ((i = 1; i < COMP_CWORD; i++)); do\n    word=${COMP_WORDS[i]}\n",
                      PathsCase(places), "  done\n", WordsCase(places),
                      "  COMPREPLY=()\n"
                      // Files, by -o default.
                      "  [[ $valued == *\" ${COMP_WORDS[COMP_CWORD-1]} \"* ]] && return\n"
                      "  COMPREPLY=($(compgen -W \"$commands $options\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n",
                      "}\ncomplete -o default -F ", function, " ", program, "\n");
}

std::string Zsh(const std::string& program, const std::string& function, const std::vector<Place>& places) {
  return absl::StrCat("#compdef ", program, "\n", function,
                      "() {\n  local at=\"\" word i commands options valued\n",
                      "  for ((i = 2; i < CURRENT; i++)); do\n    word=${words[i]}\n", PathsCase(places),
                      "  done\n", WordsCase(places),
                      "  if [[ $valued == *\" ${words[CURRENT-1]} \"* ]]; then _files; return; fi\n"
                      "  compadd -- ${=commands} ${=options} || _files\n"
                      "}\ncompdef ",
                      function, " ", program, "\n");
}

std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

std::string Fish(const std::string& program, const std::string& function, const std::vector<Place>& places) {
  std::vector<std::string> paths;
  for (const Place& place : places) {
    if (!place.path.empty()) paths.push_back(Quoted(place.path));
  }
  std::string text = absl::StrCat(
      "function ", function,
      "\n  set -l at ''\n  for word in (commandline -opc)[2..-1]\n    contains -- \"$at/$word\" ",
      absl::StrJoin(paths, " "), "; and set at \"$at/$word\"\n  end\n  test \"$at\" = \"$argv[1]\"\nend\n",
      "complete -c ", program, " -f\n");
  for (const Place& place : places) {
    const std::string where = absl::StrCat("complete -c ", program, " -n ",
                                           Quoted(absl::StrCat(function, " ", Quoted(place.path))));
    for (const Word& word : place.commands)
      absl::StrAppend(&text, where, " -a ", word.text, " -d ", Quoted(word.description), "\n");
    for (const Word& word : place.options) {
      absl::StrAppend(&text, where, " -l ", word.text.substr(2), word.takes_value ? " -r -F" : "", " -d ",
                      Quoted(word.description), "\n");
    }
  }
  return text;
}

}  // namespace

std::string CompletionScript(const CLI::App& app, absl::string_view shell) {
  std::vector<Place> places;
  AddPlaces(app, "", {}, places);
  const std::string& program = app.get_name();
  const std::string function = absl::StrCat("_", absl::StrReplaceAll(program, {{"-", "_"}}));
  if (shell == "bash") return Bash(program, function, places);
  if (shell == "zsh") return Zsh(program, function, places);
  if (shell == "fish") return Fish(program, function, places);
  return "";
}

void AddCompletion(CLI::App& app) {
  app.add_option_function<std::string>(
         "--completion",
         [&app](const std::string& shell) {
           // As --version does: printed, and the program ends well.
           throw CLI::CallForVersion(CompletionScript(app, shell), 0);
         },
         "print what makes a shell complete this program's command line: bash, zsh or fish")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->trigger_on_parse();
}

}  // namespace waymark
