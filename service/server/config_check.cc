// SPDX-License-Identifier: Apache-2.0
#include "service/server/config_check.h"

namespace provisioning {

std::vector<std::string> FindConfigProblems(const ServeConfig& config, absl::Time now) {
  std::vector<std::string> problems;
  const auto judge = [&problems](const absl::Status& status) {
    if (!status.ok()) problems.emplace_back(status.message());
  };
  judge(CheckListen(config));
  judge(ReadStoreAddress(config.store).status());
  judge(CheckSignalOptions(config.signals));
  const TrustConfig& trust = config.trust;
  if (CheckTrustFlags(trust, config.insecure_loopback).ok() && trust.tls()) {
    for (std::string& problem : FindTrustProblems(trust, now)) {
      problems.push_back(std::move(problem));
    }
  }
  return problems;
}

}  // namespace provisioning
