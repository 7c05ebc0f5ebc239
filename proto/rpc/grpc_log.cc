#include "proto/rpc/grpc_log.h"

#include <grpc/support/log.h>

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/log.h"
#include "proto/rpc/printable.h"

namespace waymark::rpc {
namespace {

LogLevel ToLevel(gpr_log_severity severity) {
  switch (severity) {
    case GPR_LOG_SEVERITY_DEBUG:
      return LogLevel::kDebug;
    case GPR_LOG_SEVERITY_INFO:
      return LogLevel::kInfo;
    case GPR_LOG_SEVERITY_ERROR:
      return LogLevel::kWarning;
  }
  return LogLevel::kWarning;
}

void Write(gpr_log_func_args* args) {
  absl::string_view file = args->file;
  file.remove_prefix(file.rfind('/') == absl::string_view::npos ? 0 : file.rfind('/') + 1);
  Log(ToLevel(args->severity), "gRPC",
      {{"text", Printable(absl::StripAsciiWhitespace(args->message))},
       {"source", absl::StrCat(file, ":", args->line)}});
}

}  // namespace

void LogGrpcAsJson() {
  gpr_set_log_function(&Write);
}

}  // namespace waymark::rpc
