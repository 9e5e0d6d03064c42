// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/model/error.h"
#include "service/store/sqlite/group_committer.h"

namespace provisioning {

// A function that writes and gives a Result, as a job.
template <typename Result>
class CallJob final : public WriteJob {
 public:
  struct Options {
    OrganizationId organization_id;
    int rows = 1;
    bool erases = false;
  };
  using Call =
      std::function<absl::StatusOr<Result>(StoreWriter&, const BatchSettler::MakeWay& make_way)>;
  using Done = std::function<void(absl::StatusOr<Result>)>;

  // `done` is called once, on the writer's thread.
  CallJob(Options options, Call call, Done done)
      : options_(std::move(options)), call_(std::move(call)), done_(std::move(done)) {}

  const OrganizationId& organization_id() const override { return options_.organization_id; }
  int rows() const override { return options_.rows; }
  bool erases() const override { return options_.erases; }

  absl::Status Apply(StoreWriter& writer, const BatchSettler::MakeWay& make_way) override {
    result_ = call_(writer, make_way);
    return result_.ok() || IsAnswer(result_.status()) ? absl::OkStatus() : result_.status();
  }
  void Finish(const absl::Status& committed) override {
    // What was read in a transaction that failed is no answer either.
    done_(committed.ok() ? std::move(result_) : absl::StatusOr<Result>(SeparateCopy(committed)));
  }

 private:
  // An answer about one import, as opposed to a failure of the store.
  static bool IsAnswer(const absl::Status& status) {
    switch (ReasonOf(status).value_or(ErrorReason::kStoreUnavailable)) {
      case ErrorReason::kTakenOver:
      case ErrorReason::kOptionsDiffer:
      case ErrorReason::kStoreBehind:
      case ErrorReason::kImportReverted:
      case ErrorReason::kImportNotFound:
        return true;
      default:
        return false;
    }
  }

  const Options options_;
  const Call call_;
  const Done done_;
  absl::StatusOr<Result> result_;
};

}  // namespace provisioning
