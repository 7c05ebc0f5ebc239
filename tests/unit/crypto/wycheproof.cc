#include "tests/unit/crypto/wycheproof.h"

#include "absl/strings/escaping.h"
#include "base/file.h"

namespace waymark::crypto {

std::optional<nlohmann::json> LoadWycheproof(const std::string& name) {
  const std::string path = "../shared/vectors/" + name;
  const absl::StatusOr<std::string> text = ReadFile(path, 10'000'000);
  if (!text.ok()) return std::nullopt;
  return nlohmann::json::parse(*text);
}

std::string HexField(const nlohmann::json& object, const char* field) {
  return absl::HexStringToBytes(object.at(field).get<std::string>());
}

}  // namespace waymark::crypto
