// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace provisioning {

// A disk under SQLite that fails when told, and that can lose its power. To be
// named in SqliteOptions::vfs_name; it passes everything on to SQLite's default.
// Any thread; no file may be open when it goes.
//
// What counts are changes of files: writes, truncations, syncs. Files in memory
// that SQLite shares between connections (PATH-shm) are left alone: recovery
// does not trust them.
class FailingVfs {
 public:
  enum class Kind { kWrite, kSync };
  enum class Span { kOnce, kForever };

  FailingVfs();
  ~FailingVfs();
  FailingVfs(const FailingVfs&) = delete;
  FailingVfs& operator=(const FailingVfs&) = delete;

  const std::string& name() const;

  // The n-th from now on (1: the next) fails with this SQLite code.
  void Fail(Kind kind, int n, int sqlite_code, Span span);
  void Mend();

  // A disk that says it has synced, and has not.
  void PretendToSync();

  // The power goes with the n-th change from now on: from then on everything
  // fails, and nothing reaches a file.
  void CutPowerAt(std::int64_t change);
  bool power_is_cut() const;
  // How many changes there were.
  std::int64_t changes() const;
  // Once no file is open: every file becomes what it was at its last sync, with
  // those later writes that `survives` says had made it to the disk. The power
  // is back.
  void LosePower(const std::function<bool()>& survives);

 private:
  struct Disk;
  std::unique_ptr<Disk> disk_;
};

}  // namespace provisioning
