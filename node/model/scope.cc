#include "node/model/scope.h"

#include <google/protobuf/descriptor.h>

#include <map>

#include "waymark/v1/release.pb.h"

namespace waymark::node {

std::vector<ScopeField> ScopeFields() {
  static const auto* const meanings = new std::map<std::string, std::string>{
      {"includes_universal", "universal services as well as targeted"},
      {"includes_partner_led", "cases led by partners"},
      {"includes_signposted", "families only signposted elsewhere"},
      {"includes_commissioned", "commissioned services"},
      {"includes_delivered", "services delivered by the council itself"},
      {"family_help_joined", "Family Help joined with child in need"},
      {"note", "anything else that a reader should know, at most 500 bytes"}};
  std::vector<ScopeField> fields;
  const google::protobuf::Descriptor* message = v1::ScopeDeclaration::descriptor();
  for (int i = 0; i < message->field_count(); ++i) {
    const google::protobuf::FieldDescriptor& field = *message->field(i);
    const bool truth = field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_BOOL;
    const auto meaning = meanings->find(field.name());
    fields.push_back(
        {field.name(), truth ? "true or false" : "text", meaning == meanings->end() ? "" : meaning->second});
  }
  return fields;
}

}  // namespace waymark::node
