// The library for people: what `waymark metrics` prints, and docs/metrics.md. Pure functions; thread-safe.
#ifndef WAYMARK_CATALOGUE_EXPLAIN_H_
#define WAYMARK_CATALOGUE_EXPLAIN_H_

#include <string>

#include "catalogue/library.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// A table of all entries: id, title, unit, windows, direction, ways to leave.
std::string ListText(const Library& library);

// One entry, whole, wrapped at 100 columns.
std::string ExplainText(const v1::Metric& metric);

// JSON, indented: an array of objects with id, number, version, title, kind, display_unit, direction,
// window_days, units, modes, headline; and one object with every field of the entry and, in words, its
// numerators and denominator.
std::string ListJson(const Library& library);
std::string ExplainJson(const v1::Metric& metric);

// docs/metrics.md, whole. Regenerate it with `waymark-document-metrics`.
std::string MetricsMarkdown(const Library& library);

// The part of it that stands above the entries: conventions, decided readings, kinds and their columns.
std::string ConventionsMarkdown();

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_EXPLAIN_H_
