// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <vector>

#include "grpc/health/v1/health.pb.h"
#include "gtest/gtest.h"
#include "tests/e2e/health_watch.h"
#include "tests/e2e/provisiond_fixture.h"

namespace provisioning {
namespace {

using grpc::health::v1::HealthCheckResponse;

class HealthTest : public ProvisiondFixture {};

// By its own name "", and by its services'.
TEST_F(HealthTest, ServesUntilItIsTold) {
  std::vector<std::unique_ptr<HealthWatch>> watches;
  for (const char* service :
       {"", "provisioning.v1.ClientProvisioningService", "provisioning.v1.ClientAccountService"}) {
    watches.push_back(std::make_unique<HealthWatch>(channel(), service));
    EXPECT_EQ(watches.back()->Next(), HealthCheckResponse::SERVING) << service;
  }
  server().Signal(SIGTERM);
  for (const auto& watch : watches) EXPECT_EQ(watch->Next(), HealthCheckResponse::NOT_SERVING);
  watches.clear();
  EXPECT_EQ(server().Wait(), 0);
}

TEST_F(HealthTest, KnowsNoOtherService) {
  HealthWatch watch(channel(), "provisioning.v1.NoSuchService");
  EXPECT_EQ(watch.Next(), HealthCheckResponse::SERVICE_UNKNOWN);
}

}  // namespace
}  // namespace provisioning
