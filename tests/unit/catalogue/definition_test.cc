#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "catalogue/library.h"
#include "tests/testing/status_matchers.h"

namespace waymark::catalogue {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

v1::Metric Metric(const std::string& text) {
  v1::Metric metric;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &metric));
  return metric;
}

std::string Unsigned(std::uint64_t value) {
  std::string bytes(8, '\0');
  for (int i = 7; i >= 0; --i, value >>= 8)
    bytes[static_cast<std::size_t>(i)] = static_cast<char>(value & 0xFF);
  return bytes;
}
std::string Text(const std::string& text) {
  return Unsigned(text.size()) + text;
}

// A vector written out by hand from the header's words.
TEST(CanonicalDefinitionTest, IsAsDescribed) {
  const v1::Metric metric = Metric(R"(
    id: "m" version: 2 window_days: [183, 365] cohort { none_open { from_days: -1 } } headline: true
    outcomes { field { field: "nfa" any_of: "yes" } } modes: MODE_NOISED)");
  const std::string cohort =
      Unsigned(1) + Unsigned(3) + Unsigned(1) + Unsigned(1) + Unsigned(3) + std::string(8, '\xFF');
  const std::string test = Unsigned(2) + Unsigned(1) + Text("nfa") + Unsigned(2) + Unsigned(1) + Text("yes");
  const std::string outcome = Unsigned(1) + Unsigned(4) + test;
  const std::string wanted = Text("waymark/v1/definition") + Unsigned(7) + Unsigned(1) + Text("m") +
                             Unsigned(3) + Unsigned(2) + Unsigned(7) + cohort + Unsigned(8) + Unsigned(1) +
                             outcome + Unsigned(9) + Unsigned(2) + Unsigned(183) + Unsigned(365) +
                             Unsigned(17) + Unsigned(1) + Unsigned(2) + Unsigned(22) + std::string(1, '\1');
  EXPECT_EQ(CanonicalDefinition(metric), wanted);
}

// Sets each field of the entry in turn: no two encodings are alike, nor that of the empty entry.
TEST(CanonicalDefinitionTest, DiffersByEveryField) {
  std::set<std::string> encodings = {CanonicalDefinition(v1::Metric())};
  const Descriptor& descriptor = *v1::Metric::descriptor();
  const auto* reflection = v1::Metric::default_instance().GetReflection();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor* field = descriptor.field(i);
    v1::Metric metric;
    const bool many = field->is_repeated();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        many ? reflection->AddString(&metric, field, "x") : reflection->SetString(&metric, field, "x");
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        many ? reflection->AddUInt32(&metric, field, 7) : reflection->SetUInt32(&metric, field, 7);
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        reflection->SetBool(&metric, field, true);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        many ? reflection->AddEnumValue(&metric, field, 1) : reflection->SetEnumValue(&metric, field, 1);
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        many ? reflection->AddMessage(&metric, field) : reflection->MutableMessage(&metric, field);
        break;
      default:
        ADD_FAILURE() << "the encoding does not know the type of " << field->full_name();
    }
    EXPECT_TRUE(encodings.insert(CanonicalDefinition(metric)).second) << field->full_name();
  }
}

void CheckTypes(const Descriptor& descriptor, std::set<const Descriptor*>& seen) {
  if (!seen.insert(&descriptor).second) return;
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor* field = descriptor.field(i);
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        CheckTypes(*field->message_type(), seen);
        break;
      case FieldDescriptor::CPPTYPE_STRING:
      case FieldDescriptor::CPPTYPE_UINT32:
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_BOOL:
      case FieldDescriptor::CPPTYPE_ENUM:
        break;
      default:
        ADD_FAILURE() << "the encoding does not know the type of " << field->full_name();
    }
  }
}

TEST(CanonicalDefinitionTest, KnowsEveryTypeOfTheCatalogue) {
  std::set<const Descriptor*> seen;
  CheckTypes(*v1::Metric::descriptor(), seen);
  EXPECT_GE(seen.size(), 6u);
}

TEST(CanonicalDefinitionTest, TellsEveryEntryOfTheLibraryApart) {
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load("catalogue"));
  std::set<std::string> encodings;
  for (const v1::Metric& metric : library.metrics()) {
    EXPECT_TRUE(encodings.insert(CanonicalDefinition(metric)).second) << metric.id();
    EXPECT_EQ(CanonicalDefinition(metric), CanonicalDefinition(v1::Metric(metric)));
  }
}

}  // namespace
}  // namespace waymark::catalogue
