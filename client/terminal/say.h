// SPDX-License-Identifier: Apache-2.0
// What a person is told, on stderr: data goes to stdout.
#pragma once

#include <string>
#include <string_view>

namespace provisioning {

enum class Talk { kQuiet, kNormal, kVerbose };
// For the whole process, before anything is said.
void SetTalk(Talk talk);
// As it is now: after an error, what belongs to it is said even if it was
// kQuiet.
Talk CurrentTalk();

// Lines of text, which are made safe for a terminal and wrapped to its width
// (see WrapWords). Nothing when quiet.
void Say(std::string_view text);
// The same, in bold where stderr shows it.
void SayHeading(std::string_view text);
// One thing of a list, whose first line begins with `mark` and whose other ones
// stand under its text.
void SayEntry(std::string_view text, std::string_view mark = "      ");
// As Say, only when verbose.
void SayDetail(std::string_view text);
// As Say, even when quiet: what nobody can do without.
void SayAnyway(std::string_view text);
// An error: "provision: ...", even when quiet.
void SayError(std::string_view text);

// For the whole process: nothing is ever asked.
void SetNoInput(bool no_input);
bool NoInput();
// A person is there who can be asked: stdin and stderr are a terminal.
bool PersonIsThere();
// A yes or no of the person at the terminal; nobody there: no.
bool Ask(std::string_view question);

}  // namespace provisioning
