// SPDX-License-Identifier: Apache-2.0
// What a stream can show.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace provisioning {

bool IsTerminal(std::FILE* out);

// How many columns a line may take; unlimited_columns where `out` is no
// terminal. Asked anew each time, since a window can be resized.
std::size_t LineColumns(std::FILE* out);

// Whether `out` is a terminal on which a line can be drawn over.
bool CanDrawBar(std::FILE* out);

enum class ColorChoice { kAuto, kAlways, kNever };
// For the whole process, before anything is printed. kAuto: on a terminal that
// is not dumb, unless NO_COLOR is set.
void ChooseColors(ColorChoice choice);

enum class Color { kBold, kRed, kGreen, kYellow };
// `text` in that colour, if `out` shows colours.
std::string Colored(Color color, std::string_view text, std::FILE* out);

}  // namespace provisioning
