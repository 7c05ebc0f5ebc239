#include "node/ingest/xml_reader.h"

#include <expat.h>

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace waymark::node {
namespace {

// Between namespace and name. No namespace can hold it: in an attribute it is a blank.
constexpr char kSeparator = '\n';
constexpr std::size_t kBlockBytes = std::size_t{64} << 10;
// The parser tells the encoding of a document without a byte-order mark from the first two bytes, and of a
// single one it takes another guess: it is handed no fewer than these at first.
constexpr std::size_t kFirstBytes = 4;

struct Name {
  absl::string_view space;
  absl::string_view local;
};

Name Split(const XML_Char* text) {
  const absl::string_view whole(text);
  const std::size_t at = whole.find(kSeparator);
  if (at == absl::string_view::npos) return {"", whole};
  return {whole.substr(0, at), whole.substr(at + 1)};
}

struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

class ExpatReader final : public XmlReader {
 public:
  ExpatReader(XML_Parser parser, std::string name, XmlHandler& handler, const XmlLimits& limits)
      : parser_(parser), name_(std::move(name)), handler_(handler), limits_(limits) {
    XML_SetUserData(parser, this);
    XML_SetElementHandler(parser, OnStart, OnEnd);
    XML_SetCharacterDataHandler(parser, OnText);
    XML_SetStartDoctypeDeclHandler(parser, OnDoctype);
  }

  absl::Status Push(absl::string_view bytes) override {
    if (first_.size() < kFirstBytes) {
      const absl::string_view more = bytes.substr(0, kFirstBytes - first_.size());
      first_.append(more.data(), more.size());
      bytes.remove_prefix(more.size());
      if (first_.size() < kFirstBytes) return status_;
      Parse(first_, false);
    }
    while (status_.ok() && !bytes.empty()) {
      const absl::string_view block = bytes.substr(0, kBlockBytes);
      Parse(block, false);
      bytes.remove_prefix(block.size());
    }
    return status_;
  }

  absl::Status Finish() override {
    if (status_.ok()) Parse(first_.size() < kFirstBytes ? absl::string_view(first_) : "", true);
    return status_;
  }

 private:
  static void XMLCALL OnStart(void* self, const XML_Char* name, const XML_Char** attributes) {
    static_cast<ExpatReader*>(self)->Guarded([&](ExpatReader& reader) {
      RETURN_IF_ERROR(reader.FlushText());
      return reader.Start(name, attributes);
    });
  }
  static void XMLCALL OnEnd(void* self, const XML_Char* name) {
    static_cast<ExpatReader*>(self)->Guarded([&](ExpatReader& reader) {
      RETURN_IF_ERROR(reader.FlushText());
      --reader.depth_;
      return reader.handler_.End(Split(name).local);
    });
  }
  static void XMLCALL OnText(void* self, const XML_Char* text, int length) {
    static_cast<ExpatReader*>(self)->Guarded([&](ExpatReader& reader) {
      const auto bytes = static_cast<std::size_t>(length);
      if (reader.text_.size() + bytes > reader.limits_.max_piece_bytes) return reader.PieceTooLong();
      reader.text_.append(text, bytes);
      return absl::OkStatus();
    });
  }
  static void XMLCALL OnDoctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    static_cast<ExpatReader*>(self)->Guarded([](ExpatReader& reader) {
      return absl::InvalidArgumentError(absl::StrCat(
          reader.Place(),
          "the file declares a document type (<!DOCTYPE>), which can define entities that fill memory or "
          "fetch other files, and is never read; export it without one, or remove that line"));
    });
  }

  // Runs what a callback does. Nothing may be thrown through the parser, which is written in C.
  template <typename Body>
  void Guarded(const Body& body) {
    if (!status_.ok()) return;  // the parser may call once or twice more after it was stopped
    try {
      status_ = body(*this);
    } catch (const std::bad_alloc&) {
      status_ = absl::ResourceExhaustedError("no memory is left to read XML");
    } catch (...) {
      status_ = absl::InternalError("reading XML failed in a way that was not foreseen");
    }
    if (!status_.ok()) XML_StopParser(parser_.get(), XML_FALSE);
  }

  absl::Status Start(const XML_Char* text, const XML_Char** attributes) {
    if (++depth_ > limits_.max_depth) return TooMuch("elements inside each other", limits_.max_depth);
    const Name name = Split(text);
    if (name.space.size() + name.local.size() > limits_.max_name_bytes)
      return TooMuch("bytes in a name", limits_.max_name_bytes);
    attributes_.clear();
    for (; attributes[0] != nullptr; attributes += 2) {
      if (attributes_.size() == limits_.max_attributes)
        return TooMuch("attributes in one element", limits_.max_attributes);
      const Name attribute = Split(attributes[0]);
      attributes_.push_back({attribute.space, attribute.local, attributes[1]});
    }
    return handler_.Start({name.space, name.local, attributes_, Line()});
  }

  absl::Status FlushText() {
    if (text_.empty()) return absl::OkStatus();
    const absl::Status status = handler_.Text(text_);
    text_.clear();
    return status;
  }

  void Parse(absl::string_view block, bool last) {
    pushed_ += static_cast<std::int64_t>(block.size());
    const XML_Status result =
        XML_Parse(parser_.get(), block.data(), static_cast<int>(block.size()), last ? XML_TRUE : XML_FALSE);
    if (!status_.ok()) return;
    if (result != XML_STATUS_OK) {
      status_ = ParserError();
    } else if (!last && Waiting() > limits_.max_piece_bytes + kBlockBytes) {
      status_ = PieceTooLong();
    }
  }

  // Bytes of a tag or comment that has begun and not ended: the parser keeps them all.
  std::size_t Waiting() const {
    const auto done = static_cast<std::int64_t>(XML_GetCurrentByteIndex(parser_.get()));
    return static_cast<std::size_t>(std::max<std::int64_t>(0, pushed_ - std::max<std::int64_t>(0, done)));
  }

  absl::Status ParserError() const {
    const XML_Error error = XML_GetErrorCode(parser_.get());
    switch (error) {
      case XML_ERROR_NO_MEMORY:
        return absl::ResourceExhaustedError(absl::StrCat(Place(), "no memory is left to read this file"));
      case XML_ERROR_NO_ELEMENTS:
      case XML_ERROR_UNCLOSED_TOKEN:
      case XML_ERROR_PARTIAL_CHAR:
      case XML_ERROR_UNCLOSED_CDATA_SECTION:
        return absl::InvalidArgumentError(
            pushed_ == 0 ? absl::StrCat(name_, " is empty; expected an XML document")
                         : absl::StrCat(Place(),
                                        "the file ends here, before its last element does: it was cut "
                                        "off; nothing of it is used; export or copy it again"));
      case XML_ERROR_UNKNOWN_ENCODING:
      case XML_ERROR_INCORRECT_ENCODING:
        return absl::InvalidArgumentError(absl::StrCat(
            Place(),
            "the file is not in the encoding that its first line names, or that encoding is none of "
            "UTF-8, UTF-16, ISO-8859-1 and US-ASCII; export it as UTF-8"));
      case XML_ERROR_UNDEFINED_ENTITY:
        return absl::InvalidArgumentError(absl::StrCat(
            Place(),
            "an entity that XML itself does not define; write the character, or its number (&#233;)"));
      default:
        return absl::InvalidArgumentError(
            absl::StrCat(Place(), "not well-formed XML (", XML_ErrorString(error),
                         "); nothing of the file is used; mend that line, or export the file again"));
    }
  }

  absl::Status TooMuch(absl::string_view what, std::size_t most) const {
    return absl::ResourceExhaustedError(
        absl::StrCat(Place(), "more than ", most, " ", what, "; is it the right file?"));
  }
  absl::Status PieceTooLong() const {
    return TooMuch("bytes in one text, tag or comment", limits_.max_piece_bytes);
  }

  std::int64_t Line() const { return static_cast<std::int64_t>(XML_GetCurrentLineNumber(parser_.get())); }
  std::string Place() const {
    return absl::StrCat(name_, ":", Line(), ":", XML_GetCurrentColumnNumber(parser_.get()) + 1, ": ");
  }

  std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser> parser_;
  std::string name_;
  XmlHandler& handler_;
  XmlLimits limits_;
  std::vector<XmlAttribute> attributes_;
  std::string first_;  // the document's first bytes, kFirstBytes at most
  std::string text_;
  std::size_t depth_ = 0;
  std::int64_t pushed_ = 0;
  absl::Status status_;
};

}  // namespace

absl::string_view XmlElement::Get(absl::string_view attribute) const {
  for (const XmlAttribute& each : attributes) {
    if (each.name == attribute) return each.value;
  }
  return "";
}

absl::StatusOr<std::unique_ptr<XmlReader>> XmlReader::Open(const std::string& name, XmlHandler& handler,
                                                           const XmlLimits& limits) {
  XML_Parser parser = XML_ParserCreateNS(nullptr, kSeparator);
  if (parser == nullptr) {
    return absl::ResourceExhaustedError(absl::StrCat("no memory is left to read ", name));
  }
  return std::make_unique<ExpatReader>(parser, name, handler, limits);
}

absl::Status ReadXml(ByteSource& bytes, const std::string& name, XmlHandler& handler,
                     const XmlLimits& limits) {
  ASSIGN_OR_RETURN(const std::unique_ptr<XmlReader> reader, XmlReader::Open(name, handler, limits));
  std::vector<char> block(kBlockBytes);
  while (true) {
    ASSIGN_OR_RETURN(const std::size_t count, bytes.Read(block.data(), block.size()));
    if (count == 0) return reader->Finish();
    RETURN_IF_ERROR(reader->Push({block.data(), count}));
  }
}

}  // namespace waymark::node
