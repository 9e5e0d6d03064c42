// SPDX-License-Identifier: Apache-2.0
#include "client/problem_words.h"

#include <string>

#include "client/terminal/duration_text.h"
#include "client/terminal/say.h"

namespace provisioning {

void SayProblemExamples(const ProblemExamples& examples, bool resumed) {
  if (examples.empty()) return;
  const std::int64_t more = examples.reasons() - std::ssize(examples.lines());
  std::string heading = "Why rows are left out";
  if (more > 0) heading += resumed ? " (the first reasons of this run)" : " (the first reasons)";
  SayHeading(heading + ":");
  for (const std::string& line : examples.lines()) SayEntry(line, "  ");
  if (more > 0) Say("  and " + CountText(more) + " more");
  Say("");
}

}  // namespace provisioning
