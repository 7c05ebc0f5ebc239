// XML, element by element in bounded memory: the Children in Need census and the parts of a workbook. Around
// libexpat, of which nothing shows here. UTF-8, UTF-16, Latin-1 and ASCII, as the declaration says; handed on
// as UTF-8.
//
// Refused with the place: what is not well-formed, any document type or entity of the document's own (so that
// no entity can be expanded and nothing outside is ever fetched), a document that ends early, another
// encoding, and whatever goes beyond XmlLimits. Names come without prefix; a prefix that no xmlns declares is
// not well-formed.
#ifndef WAYMARK_NODE_INGEST_XML_READER_H_
#define WAYMARK_NODE_INGEST_XML_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "node/ingest/byte_source.h"

namespace waymark::node {

struct XmlLimits {
  std::size_t max_depth = 64;
  std::size_t max_attributes = 256;        // of one element, its xmlns left aside
  std::size_t max_name_bytes = 1024;       // namespace and local name together
  std::size_t max_piece_bytes = 1U << 20;  // of the text between two tags; of one tag or comment
};

struct XmlAttribute {
  absl::string_view name_space;  // "" for none
  absl::string_view name;
  absl::string_view value;
};

// Valid during the call that it is handed to.
struct XmlElement {
  absl::string_view name_space;  // "" for none
  absl::string_view name;
  absl::Span<const XmlAttribute> attributes;
  std::int64_t line = 0;  // of its start tag; the first of the document is 1

  // The value of the first attribute `attribute`, of whatever namespace; "" where it is not there.
  absl::string_view Get(absl::string_view attribute) const;
};

// What is made of a document. An error ends the reading and is returned as it is; after one, no function is
// called again. May throw: what it throws ends the reading too.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual absl::Status Start(const XmlElement& element) = 0;
  // All text between two tags at once, comments taken out, with its blanks; not called where there is none.
  virtual absl::Status Text(absl::string_view text) = 0;
  virtual absl::Status End(absl::string_view name) = 0;
};

// Not thread-safe.
class XmlReader {
 public:
  // `name` is used in messages; `handler` must outlive the reader.
  static absl::StatusOr<std::unique_ptr<XmlReader>> Open(const std::string& name, XmlHandler& handler,
                                                         const XmlLimits& limits = {});
  virtual ~XmlReader() = default;

  // The next bytes of the document, as many as there are at hand; the handler is called for what they
  // complete. INVALID_ARGUMENT where the document cannot be read, RESOURCE_EXHAUSTED above a limit or without
  // memory, the handler's own errors. After an error every call returns it again.
  virtual absl::Status Push(absl::string_view bytes) = 0;
  // There are no more: INVALID_ARGUMENT where the document is not whole.
  virtual absl::Status Finish() = 0;
};

// The whole of `bytes`. Errors as XmlReader, and the source's own.
absl::Status ReadXml(ByteSource& bytes, const std::string& name, XmlHandler& handler,
                     const XmlLimits& limits = {});

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_XML_READER_H_
