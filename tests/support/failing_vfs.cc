// SPDX-License-Identifier: Apache-2.0
#include "tests/support/failing_vfs.h"

#include <sqlite3.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <utility>
#include <vector>

namespace provisioning {
namespace {

// A change that a power loss may undo.
struct Change {
  bool truncates;
  std::int64_t offset;  // Or the new size.
  std::string bytes;
};

// A file as its last sync left it, and what came after.
struct History {
  std::string synced;
  std::vector<Change> changes;
};

struct Failure {
  int countdown;
  int code;
  bool forever;
};

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Apply(const Change& change, std::string& contents) {
  if (change.truncates) {
    contents.resize(change.offset);
    return;
  }
  const std::size_t end = change.offset + change.bytes.size();
  if (contents.size() < end) contents.resize(end);
  contents.replace(change.offset, change.bytes.size(), change.bytes);
}

}  // namespace

struct FailingVfs::Disk {
  // An open file of SQLite's; the real one lies behind it in the same memory.
  struct File {
    sqlite3_file base;
    Disk* disk;
    std::string* path;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };
  static File& Of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
  static sqlite3_file* Real(sqlite3_file* file) { return Of(file).real(); }
  static Disk& Of(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }

  static const sqlite3_io_methods& Methods();
  static int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* taken);
  static int Close(sqlite3_file* file);
  static int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset);
  static int Truncate(sqlite3_file* file, sqlite3_int64 size);
  static int Sync(sqlite3_file* file, int flags);
  static int Delete(sqlite3_vfs* vfs, const char* path, int sync_folder);

  // What becomes of the next change: SQLITE_OK, or how it fails. Under the lock.
  int NextChange(std::optional<Kind> kind);

  sqlite3_vfs vfs{};
  sqlite3_vfs* const real = sqlite3_vfs_find(nullptr);
  std::string name;

  mutable std::mutex mutex;
  // All guarded by mutex.
  std::map<std::string, History> files;
  std::optional<Failure> failures[2];
  bool pretends = false;
  bool cut = false;
  std::int64_t changes = 0;
  std::int64_t cut_at = 0;  // 0: never.
};

int FailingVfs::Disk::NextChange(std::optional<Kind> kind) {
  ++changes;
  if (cut_at != 0 && changes >= cut_at) cut = true;
  if (cut) return SQLITE_IOERR;
  if (!kind) return SQLITE_OK;
  std::optional<Failure>& failure = failures[static_cast<int>(*kind)];
  if (!failure || --failure->countdown > 0) return SQLITE_OK;
  const int code = failure->code;
  if (!failure->forever) failure.reset();
  return code;
}

int FailingVfs::Disk::Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags,
                           int* taken) {
  Disk& disk = Of(vfs);
  File& opened = *new (file) File{};
  const int code = disk.real->xOpen(disk.real, path, opened.real(), flags, taken);
  if (code != SQLITE_OK) return code;
  opened.base.pMethods = &Methods();
  opened.disk = &disk;
  opened.path = new std::string(path == nullptr ? "" : path);
  std::lock_guard lock(disk.mutex);
  // What was there before the first opening was there for good.
  if (path != nullptr && !disk.files.contains(path)) disk.files[path].synced = Contents(path);
  return SQLITE_OK;
}

int FailingVfs::Disk::Close(sqlite3_file* file) {
  delete Of(file).path;
  return Real(file)->pMethods->xClose(Real(file));
}

int FailingVfs::Disk::Write(sqlite3_file* file, const void* bytes, int count,
                            sqlite3_int64 offset) {
  Disk& disk = *Of(file).disk;
  std::lock_guard lock(disk.mutex);
  if (const int code = disk.NextChange(Kind::kWrite); code != SQLITE_OK) return code;
  disk.files[*Of(file).path].changes.push_back(
      {false, offset, std::string(static_cast<const char*>(bytes), count)});
  return Real(file)->pMethods->xWrite(Real(file), bytes, count, offset);
}

int FailingVfs::Disk::Truncate(sqlite3_file* file, sqlite3_int64 size) {
  Disk& disk = *Of(file).disk;
  std::lock_guard lock(disk.mutex);
  if (const int code = disk.NextChange(std::nullopt); code != SQLITE_OK) return code;
  disk.files[*Of(file).path].changes.push_back({true, size, {}});
  return Real(file)->pMethods->xTruncate(Real(file), size);
}

int FailingVfs::Disk::Sync(sqlite3_file* file, int flags) {
  Disk& disk = *Of(file).disk;
  std::lock_guard lock(disk.mutex);
  if (const int code = disk.NextChange(Kind::kSync); code != SQLITE_OK) return code;
  if (disk.pretends) return SQLITE_OK;
  History& history = disk.files[*Of(file).path];
  for (const Change& change : history.changes) Apply(change, history.synced);
  history.changes.clear();
  return Real(file)->pMethods->xSync(Real(file), flags);
}

int FailingVfs::Disk::Delete(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  Disk& disk = Of(vfs);
  std::lock_guard lock(disk.mutex);
  if (const int code = disk.NextChange(std::nullopt); code != SQLITE_OK) return code;
  disk.files.erase(path);
  return disk.real->xDelete(disk.real, path, sync_folder);
}

// Everything else goes to the real file as it is.
const sqlite3_io_methods& FailingVfs::Disk::Methods() {
  using F = sqlite3_file*;
  using I = sqlite3_int64;
  static const sqlite3_io_methods methods = {
      .iVersion = 2,
      .xClose = Close,
      .xRead = [](F f, void* to, int n,
                  I at) { return Real(f)->pMethods->xRead(Real(f), to, n, at); },
      .xWrite = Write,
      .xTruncate = Truncate,
      .xSync = Sync,
      .xFileSize = [](F f, I* size) { return Real(f)->pMethods->xFileSize(Real(f), size); },
      .xLock = [](F f, int kind) { return Real(f)->pMethods->xLock(Real(f), kind); },
      .xUnlock = [](F f, int kind) { return Real(f)->pMethods->xUnlock(Real(f), kind); },
      .xCheckReservedLock =
          [](F f, int* out) { return Real(f)->pMethods->xCheckReservedLock(Real(f), out); },
      .xFileControl = [](F f, int op,
                         void* arg) { return Real(f)->pMethods->xFileControl(Real(f), op, arg); },
      .xSectorSize = [](F f) { return Real(f)->pMethods->xSectorSize(Real(f)); },
      .xDeviceCharacteristics =
          [](F f) { return Real(f)->pMethods->xDeviceCharacteristics(Real(f)); },
      .xShmMap =
          [](F f, int page, int size, int extend, void volatile** out) {
            return Real(f)->pMethods->xShmMap(Real(f), page, size, extend, out);
          },
      .xShmLock = [](F f, int offset, int n,
                     int flags) { return Real(f)->pMethods->xShmLock(Real(f), offset, n, flags); },
      .xShmBarrier = [](F f) { Real(f)->pMethods->xShmBarrier(Real(f)); },
      .xShmUnmap = [](F f, int remove) { return Real(f)->pMethods->xShmUnmap(Real(f), remove); },
      .xFetch = nullptr,
      .xUnfetch = nullptr,
  };
  return methods;
}

FailingVfs::FailingVfs() : disk_(std::make_unique<Disk>()) {
  static std::atomic<int> count = 0;
  disk_->name = "failing-" + std::to_string(++count);
  disk_->vfs = *disk_->real;
  disk_->vfs.pNext = nullptr;
  disk_->vfs.zName = disk_->name.c_str();
  disk_->vfs.pAppData = disk_.get();
  disk_->vfs.szOsFile = static_cast<int>(sizeof(Disk::File)) + disk_->real->szOsFile;
  disk_->vfs.xOpen = Disk::Open;
  disk_->vfs.xDelete = Disk::Delete;
  // The rest of the default takes its own vfs for granted only in pAppData.
  disk_->vfs.xAccess = [](sqlite3_vfs* vfs, const char* path, int flags, int* out) {
    return Disk::Of(vfs).real->xAccess(Disk::Of(vfs).real, path, flags, out);
  };
  disk_->vfs.xFullPathname = [](sqlite3_vfs* vfs, const char* path, int size, char* out) {
    return Disk::Of(vfs).real->xFullPathname(Disk::Of(vfs).real, path, size, out);
  };
  sqlite3_vfs_register(&disk_->vfs, 0);
}

FailingVfs::~FailingVfs() { sqlite3_vfs_unregister(&disk_->vfs); }

const std::string& FailingVfs::name() const { return disk_->name; }

void FailingVfs::Fail(Kind kind, int n, int sqlite_code, Span span) {
  std::lock_guard lock(disk_->mutex);
  disk_->failures[static_cast<int>(kind)] = Failure{n, sqlite_code, span == Span::kForever};
}

void FailingVfs::Mend() {
  std::lock_guard lock(disk_->mutex);
  for (auto& failure : disk_->failures) failure.reset();
}

void FailingVfs::PretendToSync() {
  std::lock_guard lock(disk_->mutex);
  disk_->pretends = true;
}

void FailingVfs::CutPowerAt(std::int64_t change) {
  std::lock_guard lock(disk_->mutex);
  disk_->cut_at = disk_->changes + change;
}

bool FailingVfs::power_is_cut() const {
  std::lock_guard lock(disk_->mutex);
  return disk_->cut;
}

std::int64_t FailingVfs::changes() const {
  std::lock_guard lock(disk_->mutex);
  return disk_->changes;
}

void FailingVfs::LosePower(const std::function<bool()>& survives) {
  std::lock_guard lock(disk_->mutex);
  for (auto& [path, history] : disk_->files) {
    for (const Change& change : history.changes) {
      if (survives()) Apply(change, history.synced);
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << history.synced;
  }
  disk_->files.clear();
  disk_->cut = false;
  disk_->cut_at = 0;
}

}  // namespace provisioning
