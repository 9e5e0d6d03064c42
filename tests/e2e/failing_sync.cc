// SPDX-License-Identifier: Apache-2.0
// To be loaded before a program: its syncs fail, as those of a broken disk, once
// the file exists that FAILING_SYNC_WHEN names.
#include <dlfcn.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace {

int SyncUnlessBroken(const char* name, int descriptor) {
  const char* path = std::getenv("FAILING_SYNC_WHEN");
  if (path != nullptr && access(path, F_OK) == 0) {
    errno = EIO;
    return -1;
  }
  return reinterpret_cast<int (*)(int)>(dlsym(RTLD_NEXT, name))(descriptor);
}

}  // namespace

extern "C" int fsync(int descriptor) { return SyncUnlessBroken("fsync", descriptor); }
extern "C" int fdatasync(int descriptor) { return SyncUnlessBroken("fdatasync", descriptor); }
