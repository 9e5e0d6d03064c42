// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace provisioning {

// Fills `out` from OpenSSL's generator, which the operating system seeds. Each
// thread fetches in batches, for the generator's price is the call and not the
// byte; what is handed out is wiped from the batch, and a forked child does not
// inherit it. Without randomness no id and no password may be made: ends the
// process if the generator fails. Any thread.
void FillRandom(std::span<std::uint8_t> out);

}  // namespace provisioning
