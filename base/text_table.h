// Plain-text tables for a terminal: columns as wide as their widest cell, numbers to the right.
#ifndef WAYMARK_BASE_TEXT_TABLE_H_
#define WAYMARK_BASE_TEXT_TABLE_H_

#include <string>
#include <vector>

namespace waymark {

class TextTable {
 public:
  // `header` cells; a name that starts with '>' sets its column to the right (the mark is not shown).
  explicit TextTable(std::vector<std::string> header);

  // Shorter rows are filled with empty cells; further cells are dropped.
  void AddRow(std::vector<std::string> cells);

  bool empty() const { return rows_.empty(); }

  // The table with a rule under the header, each line ended by "\n". UTF-8 is counted by code point.
  std::string Render() const;

 private:
  std::vector<std::string> header_;
  std::vector<bool> right_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace waymark

#endif  // WAYMARK_BASE_TEXT_TABLE_H_
