// The canonical encoding of an entry. It walks the message by its descriptor, so that a field added to the
// contract enters the encoding by itself; a field that is not set leaves no trace, so that an entry which
// does not use the new field keeps its hash.
#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "base/canonical.h"
#include "catalogue/library.h"

namespace waymark::catalogue {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void WriteMessage(const Message& message, CanonicalWriter& out);

// The value of a single field (`index` −1), or the index-th of a repeated one.
void WriteValue(const Message& message, const FieldDescriptor& field, int index, CanonicalWriter& out) {
  const Reflection& get = *message.GetReflection();
  const bool one = index < 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return WriteMessage(
          one ? get.GetMessage(message, &field) : get.GetRepeatedMessage(message, &field, index), out);
    case FieldDescriptor::CPPTYPE_STRING:
      out.Text(one ? get.GetString(message, &field) : get.GetRepeatedString(message, &field, index));
      return;
    case FieldDescriptor::CPPTYPE_BOOL:
      out.Bool(one ? get.GetBool(message, &field) : get.GetRepeatedBool(message, &field, index));
      return;
    case FieldDescriptor::CPPTYPE_UINT32:
      out.Unsigned(one ? get.GetUInt32(message, &field) : get.GetRepeatedUInt32(message, &field, index));
      return;
    case FieldDescriptor::CPPTYPE_INT32:
      out.Signed(one ? get.GetInt32(message, &field) : get.GetRepeatedInt32(message, &field, index));
      return;
    case FieldDescriptor::CPPTYPE_ENUM:
      out.Signed(one ? get.GetEnumValue(message, &field) : get.GetRepeatedEnumValue(message, &field, index));
      return;
    default:
      // The catalogue's messages have no field of another type (a test walks them all).
      return;
  }
}

void WriteMessage(const Message& message, CanonicalWriter& out) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);  // those that are set, by number
  out.Count(fields.size());
  for (const FieldDescriptor* field : fields) {
    out.Unsigned(static_cast<std::uint64_t>(field->number()));
    if (!field->is_repeated()) {
      WriteValue(message, *field, -1, out);
      continue;
    }
    const int size = message.GetReflection()->FieldSize(message, field);
    out.Count(static_cast<std::size_t>(size));
    for (int i = 0; i < size; ++i) WriteValue(message, *field, i, out);
  }
}

}  // namespace

std::string CanonicalDefinition(const v1::Metric& metric) {
  CanonicalWriter out("waymark/v1/definition");
  WriteMessage(metric, out);
  return std::move(out).bytes();
}

}  // namespace waymark::catalogue
