// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace provisioning {

// Whether every character may stand in a string of the FreeformClass of
// RFC 8264 (4.3), its contextual rules (RFC 5892, appendix A) included. What it
// refuses: controls, unassigned and private-use characters, noncharacters,
// conjoining Hangul letters, and all that cannot be seen, such as zero-width
// spaces, variation selectors and direction marks. `text` is in NFC.
bool IsFreeform(std::span<const char32_t> text);

// Whether the zero-width joiner or non-joiner at `index` has an effect there
// (RFC 5892, A.1 and A.2).
bool IsJoinerInContext(std::span<const char32_t> text, std::size_t index);

}  // namespace provisioning
