// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/report/problem_examples.h"

namespace provisioning {

// Tells a person the first reasons why rows are rejected; none: nothing.
void SayProblemExamples(const ProblemExamples& examples, bool resumed);

}  // namespace provisioning
