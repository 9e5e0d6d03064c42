// SPDX-License-Identifier: Apache-2.0
#include "tests/hostile/healthy_caller.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/e2e/import_messages.h"
#include "tests/support/raw_import_call.h"

namespace provisioning {
namespace {

// A call that takes so long has failed.
constexpr absl::Duration call_max = absl::Seconds(30);
constexpr std::int64_t calls_per_connection = 8;

}  // namespace

absl::Duration CallTimes::Percentile(double percent) const {
  if (times.empty()) return absl::ZeroDuration();
  std::vector<absl::Duration> sorted = times;
  std::ranges::sort(sorted);
  const auto rank = static_cast<std::size_t>(percent / 100 * static_cast<double>(sorted.size()));
  return sorted[std::min(rank, sorted.size() - 1)];
}

HealthyCaller::HealthyCaller(NewChannel new_channel, std::string organization_id)
    : new_channel_(std::move(new_channel)),
      organization_id_(std::move(organization_id)),
      thread_([this] { Run(); }) {}

HealthyCaller::~HealthyCaller() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void HealthyCaller::WaitForCalls(std::int64_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this, until = calls_ + count] { return calls_ >= until; });
}

CallTimes HealthyCaller::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(seen_, {});
}

void HealthyCaller::Run() {
  const std::shared_ptr<grpc::Channel> kept = new_channel_();
  while (true) {
    const absl::Time begin = absl::Now();
    const std::string failure =
        ImportOne(rows_ % calls_per_connection == 0 ? new_channel_() : kept);
    const std::lock_guard lock(mutex_);
    seen_.times.push_back(absl::Now() - begin);
    if (!failure.empty()) seen_.failures.push_back(failure);
    ++calls_;
    changed_.notify_all();
    if (stopping_) return;
  }
}

std::string HealthyCaller::ImportOne(const std::shared_ptr<grpc::Channel>& channel) {
  RawImportCall call(channel, {.deadline = call_max});
  v1::ImportClientsRequest start = StartMessage();
  start.mutable_start()->set_organization_id(organization_id_);
  v1::ImportClientsRequest row;
  *row.mutable_rows()->add_rows() = MakeMessageRow(++rows_);
  row.mutable_rows()->mutable_rows(0)->set_row_number(1);
  for (const auto& message : {start, row, EndMessage()}) call.Send(message);
  call.Close();
  const grpc::Status status = call.Wait();
  if (!status.ok()) return absl::StrCat(status.error_code(), " ", status.error_message());
  const auto results = call.results();
  const bool created = results.size() == 1 && results.front().outcome() == v1::ROW_OUTCOME_CREATED;
  return created ? "" : "not created";
}

}  // namespace provisioning
