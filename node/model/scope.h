// The fields of the scope declaration in words.
#ifndef WAYMARK_NODE_MODEL_SCOPE_H_
#define WAYMARK_NODE_MODEL_SCOPE_H_

#include <string>
#include <vector>

namespace waymark::node {

struct ScopeField {
  std::string name;
  std::string type;
  std::string meaning;
};

// Every field of v1::ScopeDeclaration, in its order; one that has no words here has a blank meaning.
std::vector<ScopeField> ScopeFields();

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MODEL_SCOPE_H_
