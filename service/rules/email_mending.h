// SPDX-License-Identifier: Apache-2.0
// What a cell that is no address was probably meant to be.
#pragma once

#include <string>
#include <string_view>

namespace provisioning {

struct BareAddress {
  bool is_bare = true;     // There is nothing but, perhaps, an address.
  std::string suggestion;  // If it is not bare: the one address in it, if there is one.
};

// `Anna <a@b.example>`, `mailto:a@b.example`, `a@b.example; c@d.example`,
// `"a@b.example"` are not bare.
BareAddress FindBareAddress(std::string_view text);

// The address without what no one types on purpose: characters that cannot be
// seen, full-width forms, spaces beside the `@`, a dot at the end. Empty if it
// is none even so.
std::string MendedAddress(std::string_view text);

}  // namespace provisioning
