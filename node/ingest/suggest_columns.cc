#include "node/ingest/suggest_columns.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "node/ingest/codes.h"
#include "node/ingest/suggest_values.h"

namespace waymark::node {

bool IsNamed(const Sample& sample, std::size_t column) {
  return !absl::StripAsciiWhitespace(sample.header[column]).empty();
}

absl::string_view FormatOfNamed(const Sample& sample, std::size_t column) {
  return IsNamed(sample, column) ? FormatOfColumn(sample.columns[column]) : absl::string_view();
}

ColumnChoice::ColumnChoice(const Sample& sample) : sample_(sample) {
  for (std::size_t i = 0; i < sample.columns.size(); ++i) formats_.push_back(FormatOfNamed(sample, i));
  date_format_ = MostUsed(formats_);
  GiveColumns();
}

// Whether a column's values do not speak against the field.
bool ColumnChoice::MayBe(const FieldNames& field, std::size_t column) const {
  const std::vector<std::string>& values = sample_.columns[column];
  if (field.is_date) return IsOfDates(column) || (Counts(values).empty() && field.key != "start");
  return formats_[column].empty() || !IsOfDates(column);
}

// How well the values fit the codes of the field.
double ColumnChoice::CodesKnown(const FieldNames& field, std::size_t column) const {
  if (!field.codes) return 0;
  CodeReader reader(*field.codes, {});
  return Share(sample_.columns[column], [&](const std::string& value) { return reader.Read(value).known; })
      .value_or(0);
}

bool ColumnChoice::IsRecognised(absl::string_view field) const {
  for (const FieldNames& known : AllFieldNames()) {
    if (known.key == field) return CodesKnown(known, Of(field)) > 0.5;
  }
  return false;
}

// Gives each field the free column that fits best: by whole name first, then by words in it.
void ColumnChoice::GiveColumns() {
  std::vector<bool> taken(sample_.header.size());
  for (const bool whole : {true, false}) {
    for (const FieldNames& field : AllFieldNames()) {
      if (Has(field.key)) continue;
      double best = 0;
      std::size_t chosen = 0;
      for (std::size_t i = 0; i < sample_.header.size(); ++i) {
        const int fit = NameFit(field, sample_.header[i]);
        if (taken[i] || fit == 0 || (fit > 1) != whole || !MayBe(field, i)) continue;
        const double score = fit + 100 * CodesKnown(field, i);
        if (score > best) {
          best = score;
          chosen = i;
        }
      }
      if (best == 0) continue;
      columns_[field.key] = chosen;
      taken[chosen] = true;
      if (!whole) doubtful_.insert(std::string(field.key));
    }
  }
  if (!Has("person")) columns_["person"] = GuessPerson(taken);
  // A plain word may stand for any of these.
  if (!Has("start") && Has("end")) Take("start", "date");
}

// The free column without dates that has the most different values, but not one in every row.
std::size_t ColumnChoice::GuessPerson(std::vector<bool>& taken) {
  doubtful_.insert("person");
  std::size_t best = 0, most = 0;
  for (std::size_t i = 0; i < sample_.header.size(); ++i) {
    if (taken[i] || !formats_[i].empty() || !IsNamed(sample_, i)) continue;
    const std::size_t different = Counts(sample_.columns[i]).size();
    if (different <= most || (different == sample_.columns[i].size() && most > 0)) continue;
    most = different;
    best = i;
  }
  taken[best] = true;
  return best;
}

// Takes the column of another field.
bool ColumnChoice::Take(absl::string_view field, absl::string_view from) {
  if (!Has(from)) return false;
  columns_[field] = Of(from);
  columns_.erase(from);
  return true;
}

// Takes the first column of dates that has no other field.
bool ColumnChoice::FirstDate(absl::string_view field) {
  for (std::size_t i = 0; i < formats_.size(); ++i) {
    const bool free =
        std::none_of(columns_.begin(), columns_.end(), [&](const auto& c) { return c.second == i; });
    if (!free || !IsOfDates(i)) continue;
    columns_[field] = i;
    doubtful_.insert(std::string(field));
    return true;
  }
  return false;
}

bool ColumnChoice::FindDates(absl::string_view field) {
  return Has(field) || Take(field, "date") || Take(field, "start") || FirstDate(field);
}

void ColumnChoice::FindStart() {
  if (Has("start") || Take("start", "date") || FirstDate("start")) return;
  std::size_t dates = 0;
  while (dates + 1 < formats_.size() && !IsOfDates(dates)) ++dates;
  columns_["start"] = Has("end") ? Of("end") : dates;
  doubtful_.insert("start");
}

void ColumnChoice::FindDate() {
  if (Has("date")) return;
  if (Has("start")) {
    columns_["date"] = Of("start");
  } else {
    FirstDate("date");
  }
}

}  // namespace waymark::node
