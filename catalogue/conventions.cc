// The part of docs/metrics.md that no entry says.
#include "catalogue/explain.h"

namespace waymark::catalogue {

std::string ConventionsMarkdown() {
  return R"(# Metrics

<!-- Made from the catalogue by waymark-document-metrics; change catalogue/ and make it again. -->

Common definitions, versioned: two councils' figures compare only under the same metric and version. Every figure comes
with its numerator and denominator, and states its follow-up, so that an unfinished cohort is never shown as finished.
The definitions are data (`catalogue/metrics/*.textproto`); a new metric of a known kind is a new entry there.

## Conventions

- An *event* is something on a day: a contact, a referral, a start. An *episode* is a spell at one level: early help, or
  social care as child in need (CIN), child protection (CP) or looked after (CLA). Dates are whole days. An episode
  without an end is open at the *extract date*, the day whose state the records show.
- A child in need episode starts at its referral. Referrals that ended in no further action, and cases closed after
  assessment, are no social care.
- Levels overlap. A child's *state* on a day is the highest open level: social care, else early help, else none.
- *Coverage*: a figure that looks back needs records that reach back far enough, and one that looks forward needs its
  whole window before the extract date. Otherwise it is "not covered" or "not yet complete", never a number.
- *Not available* is what no source carries: a kind of record, a level, a field. A source of referrals, of steps or of
  one level alone (SSDA903: looked after; the census: child in need and child protection) says nothing of the other
  levels, so none of them is shown as 0. Social care as a whole is told by the child in need episodes, since whoever is
  on a plan or looked after is a child in need too.
- *Scope declaration*: early help is not the same thing everywhere. Each council declares what its figures include, and
  the declaration stands beside every figure.
- Proportions carry Wilson intervals, rates Byar intervals, survival a log-log interval, quantiles Woodruff's; noise,
  rounding and suppression widen them.
- *Direction*: high or low is better; neutral has none and is never ranked.

## Decided readings

Where a definition could be read in two ways, this is the reading.

- *Merging*: pieces of one child's early help merge when their dates differ by at most one day (closed 1 March, reopened
  2 March merges; 3 March is a return); the same within each of CIN, CP and CLA. A social care *spell* is the union of
  the three, merged in the same way; "social care start" and "social care closure" are the spell's. A merged episode has
  the source of its first piece and the end reason of the piece that ends last.
- *Open*: from the start to the day before the end. A case opened and closed on one day is open on that day.
- *Windows*: 6, 12 and 24 months are 183, 365 and 730 days, the last day included. Born on 29 February: 18 on 1 March.
- *Post-closure cohorts* leave out deaths, moves out of the area (the closure itself, where it was one, or a later one)
  and 18th birthdays inside the window, even when a return came first. A "move" that merges with its next piece is none.
- *Complete*: the last day of the period plus the window is at or before the extract date. A part-followed period may be
  shown at home as partial; only complete ones are published. A survival curve censors instead.
- *Stocks* are counted at the end of the period's last day, whenever the extract was made: started on or before it,
  ended after it. A case of one day is in no stock.
- *Looking back* counts from the member's start: what began on an earlier day, and had ended at most so many days before,
  the last day included, or had not ended. The records must reach back that far before the period.
- *Working days* leave out Saturdays, Sundays and England's bank holidays (`catalogue/bank-holidays.txt`). The day after
  the start is day 1, so what ends on the day it starts took 0. Beyond the years that the calendar knows there is no
  figure.
- *Quarters* are those of the financial year, by the day that puts a member into the period.
- *Units*: episodes, children and families stand side by side. In a proportion, a child or family is in the numerator when any
  of its episodes is, or, where the outcome is that nothing happened (8), when all are; in the other kinds it counts once,
  by its first. A child with no family is a family of one; one in
  two families belongs to that with the smallest id.
- *Age bands*: 0–4, 5–9, 10–15, 16–17, and bands for unborn, 18 and over, and not known; all are in the row of all members.
- *Earlier social care* (`earlier_social_care`, with early help): yes where social care was open on any of the 365 days before the
  day early help started; not known where it was not, as far as is known, and the social-care records do not show all of those days.
- *Records that cannot be*: ends after the extract date are open; starts after it, and ends before their starts, are left
  out and counted in the data quality report.

## Kinds, and the columns of their tables

A table has a row for each category of its breakdown (a single row, named "", for all members) and these columns, the same for
every council. An entry has one table for each window, unit and breakdown; a survival entry has one for all its windows.

| Kind | Columns | Figures |
|---|---|---|
| proportion | one an outcome, which may overlap; `denominator` | each outcome in % of the denominator |
| mix | one a class; disjoint, together all members | each class in % of their sum |
| duration | `<28`, … one a bin of days, named by its upper edge (not included); `+` the open rest | `median`, `lower_quartile`, `upper_quartile`: the smallest duration that at least that share did not exceed; the members of a bin are taken to be spread evenly over its days |
| survival | for each bin (from above its lower edge to its upper edge, included) one an outcome and one for those censored: `social_care:<=7`, `early_help:<=7`, `censored:<=7`, …; `…:+` the open rest | `survival_183`: Kaplan–Meier, in %, with half of a bin's censored at risk in it; `median` in days; `incidence_social_care_183`: Aalen–Johansen, in % |
| transition | `none>early_help`, … one an ordered pair of states; `days:none`, … person-days in each | moves per 100 person-quarters (91.3125 person-days each) in the state left |
| count | `count` | the count |
| quality | `complete`, `records` | `complete` in % of the records |
| score change | `improved`, `same`, `worse`: pairs of scores of one tool; disjoint | each in % of the pairs; at home, by tool, also the mean change |
| ratio | `numerator`, `denominator`, in the smallest units (pence, thousandths) | `ratio`; at home also what the entry says |
| survey | one an answer; `unanswered`. A row a question | each answer in % of the councils that answered; never summed over questions |

What each kind does with a cell that is suppressed, not available or rounds to zero stands in `catalogue/figures.h`.

)";
}

}  // namespace waymark::catalogue
