// Where the running program finds the files that were installed with it.
#ifndef WAYMARK_BASE_PROGRAM_H_
#define WAYMARK_BASE_PROGRAM_H_

#include <string>

namespace waymark {

// The folder "share/waymark" beside the program's "bin" folder: /usr/share/waymark for /usr/bin/waymark, and
// build/release/share/waymark in a build tree.
std::string ShareDirectory();

}  // namespace waymark

#endif  // WAYMARK_BASE_PROGRAM_H_
