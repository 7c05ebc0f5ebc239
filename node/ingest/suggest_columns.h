// Which column of a table is which field of a mapping, as far as names and values tell.
#ifndef WAYMARK_NODE_INGEST_SUGGEST_COLUMNS_H_
#define WAYMARK_NODE_INGEST_SUGGEST_COLUMNS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "node/ingest/suggest_names.h"

namespace waymark::node {

// The first rows of a table.
struct Sample {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> columns;  // values by column, then row
  std::int64_t rows = 0;                          // malformed ones too
  std::int64_t malformed = 0;
};

// No mapping can speak of a column without a name.
bool IsNamed(const Sample& sample, std::size_t column);
// The format of a column's dates; "" where it holds none, or has no name.
absl::string_view FormatOfNamed(const Sample& sample, std::size_t column);

// Fields are named as in suggest_names.h. Every choice may be a wrong one; those that are hardly more than a
// guess are doubtful. Keeps a reference to the sample.
class ColumnChoice {
 public:
  explicit ColumnChoice(const Sample& sample);

  bool Has(absl::string_view field) const { return columns_.count(field) != 0; }
  std::size_t Of(absl::string_view field) const { return columns_.at(field); }  // which it has
  bool IsDoubtful(absl::string_view field) const { return doubtful_.count(std::string(field)) != 0; }
  // Whether most of its values are codes that are known.
  bool IsRecognised(absl::string_view field) const;
  // Of most columns of dates.
  absl::string_view date_format() const { return date_format_; }
  bool IsOfDates(std::size_t column) const { return formats_[column] == date_format_; }

  // Where the field has no column yet: a date that plain words called by another name, or the first column of
  // dates that is free. False where there is none.
  bool FindDates(absl::string_view field);
  // The same; a table without any has its ends for starts, or whatever dates there are.
  void FindStart();
  // The day of a referral or contact.
  void FindDate();

 private:
  bool MayBe(const FieldNames& field, std::size_t column) const;
  double CodesKnown(const FieldNames& field, std::size_t column) const;
  void GiveColumns();
  std::size_t GuessPerson(std::vector<bool>& taken);
  bool FirstDate(absl::string_view field);
  bool Take(absl::string_view field, absl::string_view from);

  const Sample& sample_;
  std::vector<absl::string_view> formats_;  // by column; "" where it is no dates
  absl::string_view date_format_;
  std::map<absl::string_view, std::size_t> columns_;
  std::set<std::string> doubtful_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_SUGGEST_COLUMNS_H_
