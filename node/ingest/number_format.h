// Numbers of a workbook: which number formats show dates, and what date a serial number is.
#ifndef WAYMARK_NODE_INGEST_NUMBER_FORMAT_H_
#define WAYMARK_NODE_INGEST_NUMBER_FORMAT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace waymark::node {

// Whether numbers shown in a format are dates: by its number, for those that every workbook has (ECMA-376
// part 1, section 18.8.30), and by its code ("dd/mm/yyyy;@") for the workbook's own. A time of day or a span
// of time
// ("hh:mm", "[h]:mm:ss") without a day is none.
bool IsDateFormat(int number);
bool IsDateFormat(absl::string_view code);

// The day of a serial number, with the time of day where there is one, to the second: "2020-09-16",
// "2020-09-16 14:30:00". Serial numbers count days: from 1904, number 0 being 1 January; or from 1900, number
// 1 being 1 January and number 60 the 29 February 1900 that never was (shown as such, so that no rule takes
// it for a date). Nothing outside 1900 or 1904 to 9999.
std::optional<std::string> SerialDate(double serial, bool from_1904);

// A number as a person writes it: whole ones without exponent or fraction ("1.2E3" is 1200), others with as
// many digits as tell it apart. `text` itself where it is no number.
std::string NumberText(absl::string_view text);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_NUMBER_FORMAT_H_
