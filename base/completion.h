// Completion of a program's command line in bash, zsh and fish, from the definition of the command line
// itself.
#ifndef WAYMARK_BASE_COMPLETION_H_
#define WAYMARK_BASE_COMPLETION_H_

#include <string>

#include "absl/strings/string_view.h"

namespace CLI {
class App;
}  // namespace CLI

namespace waymark {

// What the shell is to read, as `eval "$(program --completion bash)"`: sub-commands and options that may
// follow, and files where an option takes a value. "" where the shell is none of bash, zsh, fish. Pure;
// thread-safe.
std::string CompletionScript(const CLI::App& app, absl::string_view shell);

// Gives the program the option --completion, which prints that and ends it. Call it last, when all commands
// are there; `app` has the program's name.
void AddCompletion(CLI::App& app);

}  // namespace waymark

#endif  // WAYMARK_BASE_COMPLETION_H_
