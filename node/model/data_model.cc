#include "node/model/data_model.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "catalogue/vocabulary.h"
#include "node/ingest/template_tables.h"
#include "node/model/fields.h"
#include "node/model/scope.h"

namespace waymark::node {
namespace {

constexpr char kIntroduction[] = R"(# Data model

<!-- Made from the contract by waymark-document-data-model; change node/model, node/ingest/template_tables.cc or the
catalogue and make it again. -->

What a council needs to hold to answer the questions that early-help leads ask: whom are we helping, what came before and
after, did it make a difference, and at what cost. It is a model of *journeys*: events and episodes of children and
families, in one shape whatever system they are kept in. A council may use it as the shape of its own extracts; Waymark
reads it from the national formats, from any table whose columns are mapped, and from the CSV templates below.

None of this leaves a council. What leaves is counts of it, protected, by the metrics of [metrics.md](metrics.md).

## How it hangs together

- An *event* is something on one day: a contact, a referral. A *step* is a piece of work that starts on one day and is
  done on another: an assessment, an enquiry. An *episode* is a spell of help at one level: early help, child in need
  (CIN), child protection (CP), looked after (CLA). All belong to a *person*, and persons to *families*.
- Dates are whole days, in England's time. An episode or step without an end is still open.
- A child in need episode starts at its referral. A referral that ended in no further action, and a case closed after
  assessment, are referrals and no episode.
- A code that nobody knows is counted, listed in the data quality report and becomes "not known"; it never silently
  becomes something else. "Required" means that a record without it cannot be used.
- Fields that a source does not carry are not the same as fields that are blank: a metric that needs a field which no
  source carries is "not available", never zero.
- Ids are the council's own. They join its sources, and stay at home.
- A file or a database table of the council's own is mapped to these records under `[source.mapping]`: `kind` says what a
  row is (`episode`, `referral`, `contact`, `person`, or one of the four kinds of step), for all rows or by a column; the
  other keys name the columns of the fields below (`date` that of a referral's or contact's `day`). [node.md](node.md)
  shows it.
)";

constexpr char kCoverage[] = R"(## Coverage

Each source says how far it reaches, for all its records together:

| Field | Type | Required | Meaning |
|---|---|---|---|
| `covered_from` | date | yes | the day from which the records are whole. A metric that looks back further is "not covered" |
| `extract_date` | date | yes | the day whose state the records show. A metric that looks forward beyond it is "not yet complete" |
| `carries` | list of `early_help`, `social_care`, `contacts` | no | what the source is the whole account of; by default what its format and files say |

Where several sources carry the same kind of record, the least reach of all counts. Which levels a source has episodes of is
known by its format, its tables or its mapping, or by its rows where each tells its own; what no source carries is "not
available", never 0.
)";

std::string Cell(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"|", "\\|"}, {"*", "\\*"}, {"<", "&lt;"}});
}

std::string Code(absl::string_view text) {
  return absl::StrCat("`", text, "`");
}

std::string Capital(absl::string_view text) {
  std::string out(text);
  out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

// "all but 19, 22" where that is shorter would need a second reading; the ids are listed.
std::string Metrics(const std::vector<std::string>& ids) {
  return absl::StrJoin(ids, ", ", [](std::string* out, const std::string& id) {
    absl::StrAppend(out, "[", id, "](metrics.md#metric-", id, ")");
  });
}

void AddRecord(const catalogue::Library& library, const ModelRecord& record, std::string& out) {
  absl::StrAppend(
      &out, "## ", Capital(record.name), "\n\n", record.meaning, "\n\n",
      "| Field | Type | Required | Meaning | Codes | Used by metrics |\n|---|---|---|---|---|---|\n");
  for (const ModelField& field : record.fields) {
    const std::string codes = absl::StrJoin(CodesOfField(record.name, field.name), ", ");
    absl::StrAppend(&out, "| `", field.name, "` | ", field.type, " | ", field.required ? "yes" : "no", " | ",
                    Cell(field.meaning), " | ", Cell(codes), " | ",
                    Metrics(MetricsThatUse(library, record.name, field.name)), " |\n");
  }
  absl::StrAppend(
      &out,
      "\nWhere the national formats carry it:\n\n| Field | Annex A | Standard Safeguarding Dataset | "
      "Children in Need census | SSDA903 |\n|---|---|---|---|---|\n");
  for (const ModelField& field : record.fields) {
    absl::StrAppend(&out, "| `", field.name, "` | ", Cell(field.annex_a), " | ", Cell(field.ssd), " | ",
                    Cell(field.census), " | ", Cell(field.ssda903), " |\n");
  }
  absl::StrAppend(&out, "\n");
}

void AddFamily(std::string& out) {
  absl::StrAppend(
      &out,
      "## Family\n\nA family is an id that persons share (`person.family`): whoever lives and is "
      "helped together, as the council keeps it. It has no other field. A child in no family is a "
      "family alone; a child in two belongs to that with the smallest id.\n\n");
}

void AddScope(std::string& out) {
  absl::StrAppend(
      &out,
      "## Scope declaration\n\nEarly help is not the same thing everywhere. Each council declares in "
      "its configuration, under `[scope]`, what its figures include; it travels with every release "
      "and stands beside every figure.\n\n| Field | Type | Meaning |\n|---|---|---|\n");
  for (const ScopeField& field : ScopeFields()) {
    absl::StrAppend(&out, "| ", Code(field.name), " | ", field.type, " | ", field.meaning, " |\n");
  }
  absl::StrAppend(&out, "\n");
}

void AddTemplates(std::string& out) {
  absl::StrAppend(
      &out,
      "## CSV templates\n\nWhat no source carries goes into plain CSV files, any of them, in one "
      "folder: `format = \"templates\"`, `path` the folder. `waymark-node templates DIR` writes blank "
      "ones; filled examples stand in [templates/](templates). UTF-8, a comma between fields, dates "
      "as 2024-04-01 (or as `date_format` says), columns in any order and case. A row that cannot be "
      "used is left out and counted, with its reason and line. The same row twice counts once, unless "
      "it names nobody: two families without an id may well have answered alike. Where `[links]` join the "
      "ids of several systems, `ids_of` names the source whose ids the files use.\n\n");
  for (const TemplateTable& table : TemplateTables()) {
    absl::StrAppend(&out, "### ", table.name, ".csv\n\n", table.meaning, " Used by: ", table.metrics,
                    ".\n\n| Column | Type | Required | Meaning |\n|---|---|---|---|\n");
    for (const TemplateColumn& column : table.columns) {
      absl::StrAppend(&out, "| ", Code(column.name), " | ", TypeInWords(column.type), " | ",
                      column.required ? "yes" : "no", " | ", Cell(column.meaning), " |\n");
    }
    absl::StrAppend(&out, "\n");
  }
  absl::StrAppend(&out,
                  "The ten outcomes of needs.csv are those of the Supporting Families programme:\n\n"
                  "| Number | Name | Outcome |\n|---|---|---|\n");
  int number = 0;
  for (const auto& outcome : catalogue::SupportingFamiliesOutcomes())
    absl::StrAppend(&out, "| ", ++number, " | ", Code(outcome.id), " | ", outcome.title, " |\n");
}

}  // namespace

std::string DataModelMarkdown(const catalogue::Library& library) {
  std::string out = absl::StrCat(kIntroduction, "\n");
  for (const ModelRecord& record : ModelRecords()) {
    AddRecord(library, record, out);
    if (record.name == "person") AddFamily(out);
  }
  absl::StrAppend(&out, kCoverage, "\n");
  AddScope(out);
  AddTemplates(out);
  return out;
}

}  // namespace waymark::node
