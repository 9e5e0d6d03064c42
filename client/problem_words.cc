// SPDX-License-Identifier: Apache-2.0
#include "client/problem_words.h"

#include <string>

#include "client/terminal/duration_text.h"
#include "client/terminal/say.h"

namespace provisioning {

void SayProblemExamples(const ProblemExamples& examples) {
  if (examples.empty()) return;
  const std::int64_t more = examples.violations() - std::ssize(examples.lines());
  SayHeading(more > 0 ? "Why rows are rejected (the first reasons):" : "Why rows are rejected:");
  for (const std::string& line : examples.lines()) SayEntry(line, "  ");
  if (more > 0) Say("  and " + CountText(more) + " more");
  Say("");
}

}  // namespace provisioning
