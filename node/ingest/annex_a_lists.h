// Which of Annex A's eleven lists a sheet or a file is, by its name.
#ifndef WAYMARK_NODE_INGEST_ANNEX_A_LISTS_H_
#define WAYMARK_NODE_INGEST_ANNEX_A_LISTS_H_

#include "absl/strings/string_view.h"

namespace waymark::node {

inline constexpr int kAnnexALists = 11;

// 1 to 11, 0 for none of them. Capitals, blanks and punctuation do not matter: "List 1", "List_01", "Annex A
// - list 1 (contacts)", "1 Contacts", "1", "Contacts". A file's name is given without its extension.
int AnnexAListNamed(absl::string_view name);

// "list 1 (contacts)".
absl::string_view AnnexAListTitle(int list);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_ANNEX_A_LISTS_H_
