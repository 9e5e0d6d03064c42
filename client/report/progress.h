// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>

#include "absl/time/time.h"
#include "provisioning/v1/client_row.pb.h"
#include "service/model/row_result.h"

namespace provisioning {

// How far an import is, for a person: a bar that is drawn over and over on a
// terminal, a line every few seconds elsewhere. Any thread.
class Progress {
 public:
  // `label`: "Checking", "Importing". `bytes`: of the source. `out` outlives
  // this. `bar`: `out` is a terminal that can draw one.
  Progress(std::string label, std::int64_t bytes, std::FILE* out, bool bar);
  ~Progress();

  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // An earlier run has done so much already.
  void StartFrom(const OutcomeCounts& counts);
  void Count(v1::RowOutcome outcome);
  // Draws, if it is time to. `offset`: so many bytes of the source are done.
  void Tick(std::int64_t offset);
  // Prints a line, with the bar out of its way.
  void Say(const std::string& line);
  // Takes the bar away.
  void Clear();

 private:
  std::string Line(absl::Time now) const;  // mutex_ held.
  std::string Bar() const;                 // mutex_ held.
  void Erase();                            // mutex_ held.

  const std::string label_;
  const std::int64_t bytes_;
  std::FILE* const out_;
  const bool bar_;
  const absl::Time begin_;

  std::mutex mutex_;
  // All below: guarded by mutex_.
  OutcomeCounts counts_;
  std::int64_t rows_before_ = 0;  // Of an earlier run.
  double done_before_ = -1;       // The same, 0 to 1; negative: not known yet.
  double done_ = 0;               // 0 to 1.
  absl::Time last_drawn_;
  bool drawn_ = false;
};

// Whether `out` is a terminal on which a bar can be drawn.
bool CanDrawBar(std::FILE* out);

}  // namespace provisioning
