// SPDX-License-Identifier: Apache-2.0
// Property Joining_Type, which libutf8proc does not have: how the letters of
// Arabic and its relatives join their neighbours.
#pragma once

namespace provisioning {

// Joins the letter that follows: type Left_Joining or Dual_Joining.
bool JoinsFollowing(char32_t code_point);
// Joins the letter before: type Right_Joining or Dual_Joining.
bool JoinsPreceding(char32_t code_point);
// Is passed over: type Transparent.
bool IsTransparentToJoining(char32_t code_point);

}  // namespace provisioning
