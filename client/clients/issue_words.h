// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include "provisioning/v1/client_row.pb.h"

namespace provisioning {

// Tells a person each violation or warning, a line per one.
void SayIssues(const google::protobuf::RepeatedPtrField<v1::FieldIssue>& issues);

}  // namespace provisioning
