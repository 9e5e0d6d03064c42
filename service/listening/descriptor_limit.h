// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace provisioning {

// Raises the soft limit of open descriptors to the hard one. Returns what holds
// then. Each connection is a descriptor, and the usual soft limit of 1,024 is there
// for programs that use select().
int RaiseDescriptorLimit();

// How many descriptors of `limit` are kept back from connections, for what the
// service opens while it has as many connections as it may: files of the store,
// sessions with a database, connections of probes.
int DescriptorsKeptBack(int limit);

}  // namespace provisioning
