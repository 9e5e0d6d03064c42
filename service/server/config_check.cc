// SPDX-License-Identifier: Apache-2.0
#include "service/server/config_check.h"

namespace provisioning {

std::vector<std::string> FindConfigProblems(const ServeConfig& config, absl::Time now) {
  std::vector<std::string> problems;
  const auto judge = [&problems](const absl::Status& status) {
    if (!status.ok()) problems.emplace_back(status.message());
  };
  const auto add = [&problems](const std::vector<std::string>& more) {
    problems.insert(problems.end(), more.begin(), more.end());
  };
  judge(CheckListen(config));
  judge(CheckTrustFlags(config.trust, config.insecure_loopback));
  add(FindTrustProblems(config.trust, now));
  judge(ReadStoreAddress(config.store).status());
  add(FindSignalProblems(config.signals));
  return problems;
}

}  // namespace provisioning
