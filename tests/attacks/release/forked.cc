#include "tests/attacks/release/forked.h"

#include <sys/wait.h>
#include <unistd.h>

namespace waymark::testing {

pid_t BeginForked(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child != 0) return child;
  _exit(body());
}

int Finish(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

}  // namespace waymark::testing
