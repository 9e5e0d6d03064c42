// SPDX-License-Identifier: Apache-2.0
// How the numbers of descriptors are divided. The kernel gives the lowest free number
// from a given one on, so a range of its own tells how many connections a listener
// has, without counting who closes them.
#pragma once

#include "absl/status/statusor.h"

namespace provisioning {

// Raises the soft limit of open descriptors to the hard one. Returns what holds
// then. Each connection is a descriptor, and the usual soft limit of 1,024 is there
// for programs that use select().
int RaiseDescriptorLimit();

// Numbers that are for the connections of one listener.
struct DescriptorRange {
  int begin = 0;
  int end = 0;  // The first that is not one of them.

  int size() const { return end - begin; }
};

struct DescriptorRanges {
  DescriptorRange probes;
  DescriptorRange callers;
};

// Divides what is free from `lowest_free` on, below `limit`: first come numbers that
// are kept back for what the service opens while it has as many connections as it may
// (files of the store, sessions with a database, scrapes), then probes', then
// callers'. Probes get 32, or a quarter of a small room; callers `callers_max`, or
// what is left if that is less or `callers_max` is 0.
//
// UNAVAILABLE, with a sentence that says what to do: there is no room for one of each.
absl::StatusOr<DescriptorRanges> DivideDescriptors(int limit, int lowest_free, int callers_max);

// The same with what this process has, and may have, now.
absl::StatusOr<DescriptorRanges> DivideDescriptors(int callers_max);

}  // namespace provisioning
