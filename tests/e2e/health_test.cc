// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "tests/e2e/health_watch.h"
#include "tests/e2e/watched_provisiond.h"
#include "tests/support/postgres_database.h"
#include "tests/support/postgres_server.h"

namespace provisioning {
namespace {

using grpc::health::v1::HealthCheckResponse;
using testing::HasSubstr;

constexpr const char* names[] = {"", "provisioning.v1.ClientProvisioningService",
                                 "provisioning.v1.ClientAccountService"};

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address) {
  return grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
}

// OK: then it is the first status that is asked for.
grpc::Status Check(const std::shared_ptr<grpc::Channel>& channel, const std::string& service,
                   HealthCheckResponse::ServingStatus& serving) {
  grpc::ClientContext context;
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(service);
  HealthCheckResponse response;
  const grpc::Status status =
      grpc::health::v1::Health::NewStub(channel)->Check(&context, request, &response);
  serving = response.status();
  return status;
}

HealthCheckResponse::ServingStatus Check(const std::shared_ptr<grpc::Channel>& channel,
                                         const std::string& service) {
  HealthCheckResponse::ServingStatus serving = HealthCheckResponse::UNKNOWN;
  const grpc::Status status = Check(channel, service, serving);
  EXPECT_TRUE(status.ok()) << service << ": " << status.error_message();
  return serving;
}

class HealthTest : public WatchedProvisiond {};

// By its own name "", and by its services'.
TEST_F(HealthTest, ServesUntilItIsTold) {
  std::vector<std::unique_ptr<HealthWatch>> watches;
  for (const char* service : names) {
    for (const auto& on : {channel(), ChannelTo(health_address())}) {
      watches.push_back(std::make_unique<HealthWatch>(on, service));
      EXPECT_EQ(watches.back()->Next(), HealthCheckResponse::SERVING) << service;
      EXPECT_EQ(Check(on, service), HealthCheckResponse::SERVING) << service;
    }
  }
  server().Signal(SIGTERM);
  for (const auto& watch : watches) EXPECT_EQ(watch->Next(), HealthCheckResponse::NOT_SERVING);
  watches.clear();
  EXPECT_EQ(server().Wait(), 0);
}

TEST_F(HealthTest, KnowsNoOtherService) {
  HealthWatch watch(channel(), "provisioning.v1.NoSuchService");
  EXPECT_EQ(watch.Next(), HealthCheckResponse::SERVICE_UNKNOWN);
  auto serving = HealthCheckResponse::UNKNOWN;
  EXPECT_EQ(Check(channel(), "provisioning.v1.NoSuchService", serving).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

// The server ends them; were they cut off with what has not ended in time, they would
// have another status.
TEST_F(HealthTest, WatchesDoNotHoldTheEndUp) {
  HealthWatch watch(channel(), "");
  EXPECT_EQ(watch.Next(), HealthCheckResponse::SERVING);
  server().Signal(SIGTERM);
  EXPECT_EQ(watch.Next(), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(watch.Next(), std::nullopt);
  EXPECT_EQ(watch.Finish().error_message(), "the server is shutting down");
  EXPECT_EQ(server().Wait(), 0);
}

TEST_F(HealthTest, ProbesReachNothingElse) {
  const auto probed = ChannelTo(health_address());
  EXPECT_EQ(Check(probed, "liveness"), HealthCheckResponse::SERVING);
  const auto stub = v1::ClientProvisioningService::NewStub(probed);
  grpc::ClientContext context;
  v1::GetImportSchemaResponse response;
  EXPECT_EQ(stub->GetImportSchema(&context, {}, &response).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

// A server on a PostgreSQL of the test's own.
class StoreAwayTest : public testing::Test {
 protected:
  StoreAwayTest()
      : server_({PROVISIOND_PROGRAM, "serve", "--listen", "127.0.0.1:0", "--store", url_,
                 "--insecure-loopback", "--health-listen", "127.0.0.1:0", "--metrics-listen",
                 "127.0.0.1:0"}) {
    EXPECT_NE(server_.WaitForAddress(), "") << server_.log();
  }
  ~StoreAwayTest() override {
    if (HasFailure()) printf("--- the server's log:\n%s---\n", server_.log().c_str());
  }

  PostgresServer postgres_;
  const std::string url_ = NewMigratedDatabase(postgres_);
  ServerProcess server_;
};

TEST_F(StoreAwayTest, ServesWhenTheDatabaseIsThereAlone) {
  const auto probed = ChannelTo(HealthAddressIn(server_.log()));
  const auto store_ready = [this] {
    const std::string address = MetricsAddressIn(server_.log());
    return MetricsScrape(HttpGet(address, "/metrics").body).Sum("provisioning_store_ready");
  };
  HealthWatch watch(probed, "");
  HealthWatch of_service(probed, names[1]);
  EXPECT_EQ(watch.Next(), HealthCheckResponse::SERVING);
  EXPECT_EQ(of_service.Next(), HealthCheckResponse::SERVING);
  EXPECT_EQ(store_ready(), 1);
  postgres_.Stop();
  EXPECT_EQ(watch.Next(), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(of_service.Next(), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(store_ready(), 0);
  EXPECT_EQ(Check(probed, ""), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(Check(probed, "liveness"), HealthCheckResponse::SERVING);
  postgres_.Start();
  EXPECT_EQ(watch.Next(), HealthCheckResponse::SERVING);
  EXPECT_EQ(store_ready(), 1);
}

TEST_F(StoreAwayTest, SchemaOfALaterProgramIsNotReady) {
  const auto probed = ChannelTo(HealthAddressIn(server_.log()));
  HealthWatch watch(probed, "");
  EXPECT_EQ(watch.Next(), HealthCheckResponse::SERVING);
  postgres_.Execute(url_, "UPDATE store_info SET value = '999' WHERE name = 'usable_from'");
  EXPECT_EQ(watch.Next(), HealthCheckResponse::NOT_SERVING);
  EXPECT_TRUE(server_.WaitForLog("not ready: "));
  EXPECT_THAT(server_.log(), testing::ContainsRegex("not ready: [^\n]*schema"));
  EXPECT_EQ(Check(probed, "liveness"), HealthCheckResponse::SERVING);
}

}  // namespace
}  // namespace provisioning
