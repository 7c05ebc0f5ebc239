// Whole pages of memory taken and given back many at a time, where the system would do it one by one.
#ifndef WAYMARK_BASE_PAGES_H_
#define WAYMARK_BASE_PAGES_H_

#include <cstddef>

namespace waymark {

// Takes the pages that hold these bytes, which are about to be written. Does nothing where the system cannot.
void TakePages(void* begin, std::size_t bytes);

// Gives back the pages that lie wholly within these bytes, which are not needed any more.
void ReleasePages(void* begin, std::size_t bytes);

}  // namespace waymark

#endif  // WAYMARK_BASE_PAGES_H_
