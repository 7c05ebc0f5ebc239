#include "base/program.h"

#include <filesystem>
#include <system_error>

namespace waymark {

std::string ShareDirectory() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  return (program.parent_path().parent_path() / "share" / "waymark").string();
}

}  // namespace waymark
