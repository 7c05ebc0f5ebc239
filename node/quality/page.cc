#include "node/quality/page.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/text_table.h"

namespace waymark::node {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";

constexpr absl::string_view kHead = R"(<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
)";

// Sizes in rem, so that the page grows with the reader's own text size.
constexpr absl::string_view kStyle = R"(<style>
body { font: 1.1rem/1.5 Arial, Helvetica, sans-serif; color: #0b0c0c; background: #fff; margin: 0 auto; max-width: 70rem;
  padding: 1rem; }
a { color: #1d4f91; }
a:focus, .scroll:focus { outline: 3px solid #0b0c0c; outline-offset: 2px; background: #ffdd00; }
.skip { position: absolute; left: -999rem; }
.skip:focus { position: static; }
.scroll { overflow-x: auto; margin: 1rem 0 2rem; }
table { border-collapse: collapse; }
caption { text-align: left; font-weight: bold; padding: 0.3rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 1rem 0.3rem 0; border-bottom: 1px solid #6f777b;
  overflow-wrap: anywhere; min-width: 4rem; }
tbody th { font-weight: normal; min-width: 12rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
@media print { .scroll { overflow: visible; } .skip, nav { display: none; } }
</style>
)";

// The length of the UTF-8 character at the beginning of `text`; 0 where there is none.
std::size_t CharacterBytes(absl::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = at(0);
  const std::size_t bytes = first < 0x80   ? 1
                            : first < 0xC2 ? 0
                            : first < 0xE0 ? 2
                            : first < 0xF0 ? 3
                            : first < 0xF5 ? 4
                                           : 0;
  if (bytes == 0 || text.size() < bytes) return 0;
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((at(i) & 0xC0U) != 0x80U) return 0;
  }
  // Overlong forms, surrogates, and what lies beyond Unicode.
  if (first == 0xE0 && at(1) < 0xA0) return 0;
  if (first == 0xED && at(1) > 0x9F) return 0;
  if (first == 0xF0 && at(1) < 0x90) return 0;
  if (first == 0xF4 && at(1) > 0x8F) return 0;
  return bytes;
}

bool IsRight(const std::string& name) {
  return !name.empty() && name.front() == '>';
}

std::string Name(const std::string& name) {
  return IsRight(name) ? name.substr(1) : name;
}

void AppendTable(const PageTable& table, std::string& out) {
  if (table.rows.empty()) return;
  const std::string caption = Escaped(table.caption);
  absl::StrAppend(&out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"", caption,
                  "\">\n<table>\n<caption>", caption, "</caption>\n<thead>\n<tr>");
  const auto style = [&](std::size_t i) {
    return i < table.header.size() && IsRight(table.header[i]) ? " class=\"number\"" : "";
  };
  for (std::size_t i = 0; i < table.header.size(); ++i)
    absl::StrAppend(&out, "<th scope=\"col\"", style(i), ">", Escaped(Name(table.header[i])), "</th>");
  absl::StrAppend(&out, "</tr>\n</thead>\n<tbody>\n");
  for (const std::vector<std::string>& row : table.rows) {
    absl::StrAppend(&out, "<tr>");
    for (std::size_t i = 0; i < table.header.size(); ++i) {
      const std::string cell = i < row.size() ? Escaped(row[i]) : "";
      absl::StrAppend(&out, i == 0 ? "<th scope=\"row\"" : "<td", style(i), ">", cell,
                      i == 0 ? "</th>" : "</td>");
    }
    absl::StrAppend(&out, "</tr>\n");
  }
  absl::StrAppend(&out, "</tbody>\n</table>\n</div>\n");
}

bool IsEmpty(const PageSection& section) {
  return section.paragraphs.empty() && std::all_of(section.tables.begin(), section.tables.end(),
                                                   [](const PageTable& table) { return table.rows.empty(); });
}

}  // namespace

std::string Escaped(absl::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t bytes = CharacterBytes(text);
    const char c = text.front();
    if (bytes == 0 || (bytes == 1 && static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') ||
        c == 0x7F) {
      absl::StrAppend(&out, kReplacement);
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\'') {
      out += "&#39;";
    } else {
      absl::StrAppend(&out, text.substr(0, bytes));
    }
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return out;
}

std::string PageHtml(const Page& page) {
  const std::string title = Escaped(page.title);
  std::string out =
      absl::StrCat(kHead, "<title>", title, "</title>\n", kStyle,
                   "</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header>\n<h1>",
                   title, "</h1>\n");
  for (const std::string& paragraph : page.paragraphs)
    absl::StrAppend(&out, "<p>", Escaped(paragraph), "</p>\n");
  absl::StrAppend(&out, "</header>\n<nav aria-label=\"Contents\">\n<ul>\n");
  for (const PageSection& section : page.sections) {
    if (!IsEmpty(section))
      absl::StrAppend(&out, "<li><a href=\"#", Escaped(section.id), "\">", Escaped(section.heading),
                      "</a></li>\n");
  }
  absl::StrAppend(&out, "</ul>\n</nav>\n<main id=\"main\">\n");
  for (const PageSection& section : page.sections) {
    if (IsEmpty(section)) continue;
    absl::StrAppend(&out, "<section aria-labelledby=\"", Escaped(section.id), "\">\n<h2 id=\"",
                    Escaped(section.id), "\">", Escaped(section.heading), "</h2>\n");
    for (const std::string& paragraph : section.paragraphs)
      absl::StrAppend(&out, "<p>", Escaped(paragraph), "</p>\n");
    for (const PageTable& table : section.tables) AppendTable(table, out);
    absl::StrAppend(&out, "</section>\n");
  }
  return absl::StrCat(out, "</main>\n</body>\n</html>\n");
}

std::string PageText(const Page& page) {
  std::string out = absl::StrCat(page.title, "\n");
  for (const std::string& paragraph : page.paragraphs) absl::StrAppend(&out, paragraph, "\n");
  for (const PageSection& section : page.sections) {
    if (IsEmpty(section)) continue;
    absl::StrAppend(&out, "\n", section.heading, "\n");
    for (const std::string& paragraph : section.paragraphs) absl::StrAppend(&out, paragraph, "\n");
    for (const PageTable& table : section.tables) {
      if (table.rows.empty()) continue;
      TextTable text(table.header);
      for (const std::vector<std::string>& row : table.rows) text.AddRow(row);
      absl::StrAppend(&out, "\n", table.caption, ":\n", text.Render());
    }
  }
  return out;
}

}  // namespace waymark::node
