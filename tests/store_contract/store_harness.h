// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "service/store/identity_store.h"

namespace provisioning {

// What the conformance suite needs to know of an engine: an empty database of its
// own.
class StoreHarness {
 public:
  virtual ~StoreHarness() = default;

  // Opens the database, which keeps its contents from one time to the next. One
  // store at a time.
  virtual absl::StatusOr<std::unique_ptr<IdentityStore>> Open() = 0;
};

// Makes a harness for every test; `name` is for the test's name.
struct StoreEngine {
  std::string name;
  std::function<std::unique_ptr<StoreHarness>()> make_harness;
};
inline void PrintTo(const StoreEngine& engine, std::ostream* out) { *out << engine.name; }

}  // namespace provisioning
