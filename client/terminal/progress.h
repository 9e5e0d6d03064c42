// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "client/terminal/progress_line.h"
#include "provisioning/v1/client_row.pb.h"
#include "service/model/row_result.h"

namespace provisioning {

enum class ProgressStyle {
  kNone,
  kLines,  // One every few seconds.
  kBar,    // Drawn over and over.
};
// What fits stderr, and how much a person wants to be told.
ProgressStyle ProgressStyleOfStderr();

// How far an import is, or what else takes its time, for a person. Any thread.
class Progress {
 public:
  // `label`: "Checking", "Importing". `bytes`: of the source, or how much there
  // is to do in whatever Tick counts. `noun`: what Count counts. `out` outlives
  // this.
  Progress(std::string label, std::int64_t bytes, std::FILE* out, ProgressStyle style,
           std::string noun = "row");
  ~Progress();

  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // An earlier run has done so much already.
  void StartFrom(const OutcomeCounts& counts);
  void Count(v1::RowOutcome outcome);
  // So many are done, instead of counting each.
  void SetDone(std::int64_t count);
  // Draws, if it is time to. `offset`: so many bytes of the source are done.
  void Tick(std::int64_t offset);
  // As Say(), with the bar out of its way.
  void Say(std::string_view text);
  // As SayDetail().
  void SayDetail(std::string_view text);
  // As SayAnyway().
  void SayAnyway(std::string_view text);
  // Takes the bar away.
  void Clear();

 private:
  ProgressFacts Facts(absl::Time now) const;  // mutex_ held.
  void DrawBar(const ProgressFacts& facts);   // mutex_ held.
  void Erase();                               // mutex_ held.

  const std::string label_;
  const std::int64_t bytes_;
  std::FILE* const out_;
  const ProgressStyle style_;
  const std::string noun_;
  const absl::Time begin_;

  std::mutex mutex_;
  // All below: guarded by mutex_.
  OutcomeCounts counts_;
  std::int64_t rows_before_ = 0;  // Of an earlier run.
  double done_before_ = -1;       // The same, 0 to 1; negative: not known yet.
  double done_ = 0;               // 0 to 1.
  absl::Time last_drawn_;
  std::size_t drawn_columns_ = 0;  // 0: nothing is drawn.
};

}  // namespace provisioning
