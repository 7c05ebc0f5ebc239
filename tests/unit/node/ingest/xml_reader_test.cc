#include "node/ingest/xml_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <new>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

// Writes what it is told: "<a@1 {s}x=1>", "text", "</a>".
class Writer final : public XmlHandler {
 public:
  absl::Status Start(const XmlElement& element) override {
    absl::StrAppend(&seen, "<", Name(element.name_space, element.name), "@", element.line);
    for (const XmlAttribute& a : element.attributes)
      absl::StrAppend(&seen, " ", Name(a.name_space, a.name), "=", a.value);
    absl::StrAppend(&seen, ">");
    if (element.name == "throw") throw std::bad_alloc();
    if (element.name == "refuse") return absl::FailedPreconditionError("refused by the handler");
    return absl::OkStatus();
  }
  absl::Status Text(absl::string_view text) override {
    absl::StrAppend(&seen, "'", text, "'");
    return absl::OkStatus();
  }
  absl::Status End(absl::string_view name) override {
    absl::StrAppend(&seen, "</", name, ">");
    return absl::OkStatus();
  }

  std::string seen;

 private:
  static std::string Name(absl::string_view space, absl::string_view local) {
    return space.empty() ? std::string(local) : absl::StrCat("{", space, "}", local);
  }
};

struct Reading {
  absl::Status status;
  std::string seen;
};

// In pieces of `piece` bytes.
Reading Read(const std::string& text, std::size_t piece = 1 << 20, const XmlLimits& limits = {}) {
  Writer writer;
  auto reader = XmlReader::Open("c.xml", writer, limits);
  if (!reader.ok()) return {reader.status(), ""};
  for (std::size_t at = 0; at < text.size(); at += piece) {
    if (absl::Status status = (*reader)->Push(absl::string_view(text).substr(at, piece)); !status.ok())
      return {status, writer.seen};
  }
  return {(*reader)->Finish(), writer.seen};
}

std::string Repeat(const std::string& what, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += what;
  return out;
}

TEST(XmlReaderTest, GivesElementsTextAndLines_InOrder) {
  const Reading got = Read("<?xml version=\"1.0\"?>\n<a x='1' y=\"&lt;2&gt;\">one<b/>\n<!-- no -->two</a>\n");
  EXPECT_OK(got.status);
  EXPECT_EQ(got.seen, "<a@2 x=1 y=<2>>'one'<b@2></b>'\ntwo'</a>");
}

TEST(XmlReaderTest, GivesTheSame_WhateverPiecesTheDocumentComesIn) {
  const std::string text =
      "\xEF\xBB\xBF<m xmlns=\"u:one\" xmlns:p=\"u:two\"><p:a p:k=\"v\" k='w'>caf\xC3\xA9 &amp; "
      "<![CDATA[<x>]]>&#65;</p:a></m>";
  const Reading whole = Read(text);
  EXPECT_OK(whole.status);
  EXPECT_EQ(whole.seen, "<{u:one}m@1><{u:two}a@1 {u:two}k=v k=w>'caf\xC3\xA9 & <x>A'</a></m>");
  for (std::size_t piece = 1; piece < 40; ++piece) EXPECT_EQ(Read(text, piece).seen, whole.seen) << piece;
}

TEST(XmlReaderTest, FindsAnAttributeByItsLocalName) {
  const XmlAttribute attributes[] = {{"u", "id", "7"}, {"", "name", "n"}};
  const XmlElement element{"", "sheet", attributes, 1};
  EXPECT_EQ(element.Get("id"), "7");
  EXPECT_EQ(element.Get("name"), "n");
  EXPECT_EQ(element.Get("state"), "");
}

TEST(XmlReaderTest, ReadsUtf16AndLatin1_AsUtf8) {
  EXPECT_EQ(Read("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xE9</a>").seen, "<a@1>'\xC3\xA9'</a>");
  std::string utf16 = "\xFF\xFE";
  for (const char c : std::string("<a>\xE9</a>")) {
    utf16.push_back(c);
    utf16.push_back('\0');
  }
  const Reading got = Read(utf16, 3);
  EXPECT_OK(got.status);
  EXPECT_EQ(got.seen, "<a@1>'\xC3\xA9'</a>");
}

// Two bytes a character without a byte-order mark: the first two alone tell it.
std::string Utf16(const std::string& ascii, bool little_endian) {
  std::string wide;
  for (const char c : ascii) wide += little_endian ? std::string{c, '\0'} : std::string{'\0', c};
  return wide;
}

TEST(XmlReaderTest, SaysTheSameOfUtf16WithoutAByteOrderMark_WhateverPiecesItComesIn) {
  const std::string texts[] = {"<a>one</a>", "<a>one</b>", "<a", "<", " <a/>", "\n<a/>", "\n\n<a>", "a<b/>"};
  for (const std::string& text : texts) {
    for (const bool little_endian : {true, false}) {
      const std::string whole_text = Utf16(text, little_endian);
      for (const std::string& bytes : {whole_text, whole_text.substr(0, whole_text.size() - 1)}) {
        const Reading whole = Read(bytes);
        for (std::size_t piece = 1; piece <= 5; ++piece) {
          const Reading pieces = Read(bytes, piece);
          EXPECT_EQ(pieces.status, whole.status) << text << " in pieces of " << piece;
          EXPECT_TRUE(!whole.status.ok() || pieces.seen == whole.seen) << text << " in pieces of " << piece;
        }
      }
    }
  }
  EXPECT_EQ(Read(Utf16(texts[0], true), 1).seen, "<a@1>'one'</a>");
  EXPECT_EQ(Read(Utf16("\n<a/>", true), 1).seen, "<a@2></a>");
}

TEST(XmlReaderTest, RefusesOtherEncodings_AndBytesThatAreNotInTheStatedOne) {
  EXPECT_THAT(Read("<?xml version=\"1.0\" encoding=\"EBCDIC-CP-GB\"?><a/>").status,
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("c.xml:1:"), HasSubstr("export it as UTF-8"))));
  EXPECT_THAT(Read("<a>\n\xFF\xFE</a>").status,
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("c.xml:2:1: not well-formed")));
  EXPECT_THAT(Read(std::string("<a>x\0y</a>", 10)).status,
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not well-formed")));
}

TEST(XmlReaderTest, RefusesEveryDocumentType_BeforeAnythingOfItIsRead) {
  const std::string bomb =
      "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><r>&b;</r>";
  for (const std::string& text :
       {bomb, std::string("<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>"),
        std::string("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r>&x;</r>"),
        std::string("<!DOCTYPE r><r/>")}) {
    const Reading got = Read(text);
    EXPECT_THAT(got.status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("<!DOCTYPE>")));
    EXPECT_EQ(got.seen, "");
  }
  EXPECT_THAT(Read(bomb).status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("c.xml:2:")));
  EXPECT_THAT(Read("<r>&nbsp;</r>").status, StatusIs(absl::StatusCode::kInvalidArgument,
                                                     HasSubstr("an entity that XML itself does not define")));
}

TEST(XmlReaderTest, SaysCutOff_WhereverTheDocumentEndsEarly) {
  const std::string text = "<m>\n<a k='v'>caf\xC3\xA9<![CDATA[x]]></a><!-- c --></m>";
  for (std::size_t size = 1; size < text.size(); ++size) {
    EXPECT_THAT(Read(text.substr(0, size)).status, StatusIs(absl::StatusCode::kInvalidArgument,
                                                            AllOf(HasSubstr("c.xml:"), HasSubstr("cut off"))))
        << size;
  }
  EXPECT_OK(Read(text).status);
  EXPECT_THAT(Read("").status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("c.xml is empty")));
}

TEST(XmlReaderTest, NamesThePlace_WhereTheDocumentIsNotWellFormed) {
  EXPECT_THAT(Read("<m>\n  <a></b>\n</m>").status,
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("c.xml:2:8: not well-formed XML (mismatched tag)")));
  EXPECT_THAT(Read("<p:m/>").status,
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("unbound prefix")));
  EXPECT_THAT(Read("CHILD,SEX\n1,2\n").status,
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("c.xml:1:1: not well-formed")));
  EXPECT_THAT(Read("<a/><b/>").status,
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not well-formed")));
}

TEST(XmlReaderTest, KeepsItsLimits) {
  const XmlLimits limits{.max_depth = 3, .max_attributes = 2, .max_name_bytes = 8, .max_piece_bytes = 1000};
  const auto refused = [&](const std::string& text, const char* what) {
    for (const std::size_t piece : {std::size_t{7}, text.size()}) {
      EXPECT_THAT(Read(text, piece, limits).status,
                  StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr(what)));
    }
  };
  EXPECT_OK(Read("<a><b><c x='1' y='2'>" + Repeat("t", 1000) + "</c></b></a>", 7, limits).status);
  refused("<a><b><c><d/></c></b></a>", "more than 3 elements inside each other");
  refused("<a x='1' y='2' z='3'/>", "more than 2 attributes");
  refused("<abcdefghi/>", "more than 8 bytes in a name");
  refused("<a>" + Repeat("t", 1001) + "</a>", "more than 1000 bytes in one text");
  // What is not finished is kept by the parser, so it is bounded too: a tag, a name, a comment.
  const std::string much = Repeat("x", 200000);
  refused("<a k='" + much + "'/>", "more than 1000 bytes in one text, tag or comment");
  refused("<a" + much + "/>", "more than ");
  refused("<a><!--" + much + "--></a>", "more than 1000 bytes in one text, tag or comment");
}

TEST(XmlReaderTest, StopsAndReturnsTheHandlersError_EachTime) {
  Writer writer;
  ASSERT_OK_AND_ASSIGN(const auto reader, XmlReader::Open("c.xml", writer));
  const auto refused = StatusIs(absl::StatusCode::kFailedPrecondition, "refused by the handler");
  EXPECT_THAT(reader->Push("<a><refuse>x</refuse><b/>"), refused);
  EXPECT_THAT(reader->Push("</a>"), refused);
  EXPECT_THAT(reader->Finish(), refused);
  EXPECT_EQ(writer.seen, "<a@1><refuse@1>");
}

TEST(XmlReaderTest, ReturnsAnError_WhenTheHandlerThrows) {
  EXPECT_THAT(Read("<a><throw/></a>").status,
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("memory")));
}

TEST(XmlReaderTest, ReadsABigDocument_InBlocks) {
  const std::string row = "<row r=\"1\"><c>12345</c></row>\n";
  const std::string text = "<sheet>" + Repeat(row, 20000) + "</sheet>";
  Writer writer;
  ASSERT_OK(ReadXml(*OverText(text), "c.xml", writer));
  EXPECT_EQ(writer.seen.find("<row@1 r=1><c@1>'12345'</c></row>"), std::string("<sheet@1>").size());
  EXPECT_THAT(writer.seen, HasSubstr("<row@20000 r=1><c@20000>'12345'</c></row>'\n'</sheet>"));
}

}  // namespace
}  // namespace waymark::node
