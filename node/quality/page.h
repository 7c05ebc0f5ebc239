// A report as headings, paragraphs and tables, printed for a terminal or as one self-contained HTML page.
#ifndef WAYMARK_NODE_QUALITY_PAGE_H_
#define WAYMARK_NODE_QUALITY_PAGE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace waymark::node {

struct PageTable {
  std::string caption;
  std::vector<std::string>
      header;  // a name that starts with '>' sets its column to the right (base/text_table.h)
  std::vector<std::vector<std::string>> rows = {};
};

struct PageSection {
  std::string id;  // [a-z-]
  std::string heading;
  std::vector<std::string> paragraphs = {};
  std::vector<PageTable> tables = {};  // those without rows are left out
};

struct Page {
  std::string title;
  std::vector<std::string> paragraphs;
  std::vector<PageSection> sections;  // those without paragraphs and rows are left out
};

// Text for HTML, in content and in quoted attributes: & < > " ' are escaped, control characters and bytes
// that are not UTF-8 become U+FFFD.
std::string Escaped(absl::string_view text);

// HTML 5 in British English: headings in order, tables with captions and scopes, no scripts, nothing loaded
// from elsewhere, nothing told by colour alone. Tables that are wider than the window scroll by themselves,
// so that the page reads at 200% zoom.
std::string PageHtml(const Page& page);
std::string PageText(const Page& page);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_QUALITY_PAGE_H_
