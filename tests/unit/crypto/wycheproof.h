// Reads Wycheproof's test vectors, which stand beside the repository and not in it.
#ifndef WAYMARK_TESTS_UNIT_CRYPTO_WYCHEPROOF_H_
#define WAYMARK_TESTS_UNIT_CRYPTO_WYCHEPROOF_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace waymark::crypto {

// The file `name` of ../shared/vectors; nothing where it is absent or cannot be read.
std::optional<nlohmann::json> LoadWycheproof(const std::string& name);

// The bytes of a hexadecimal field.
std::string HexField(const nlohmann::json& object, const char* field);

}  // namespace waymark::crypto

#endif  // WAYMARK_TESTS_UNIT_CRYPTO_WYCHEPROOF_H_
