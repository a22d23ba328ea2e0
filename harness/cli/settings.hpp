// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

/// What a person does not want to type each time, in a file:
///
///     [run]
///     mode = ["nvhe", "hvhe"]
///     max-fail = 5
///
/// A section is a verb, a key one of its options without the dashes, a value a word, a "string", or a list of such; a
/// flag is true or false. What the command line says goes first.
namespace exit24::cli {

/// Thrown by a parse of `app`: which file, which line, what is wrong and what would not be.
struct BadSettings : CLI::ParseError {
	explicit BadSettings(const std::string &what) : CLI::ParseError("BadSettings", what, 2) {}
};

/// Gives `app` the option --settings. Without it the file is the one that EXIT24_SETTINGS names (none if that is
/// empty), or exit24.conf in the folder of the person's settings, if it is there; with `only_named` there is none.
void add_settings(CLI::App &app, bool only_named);

/// One "key = value".
struct Setting {
	std::size_t line = 0;
	std::string verb, key;
	std::vector<std::string> values;
};

/// Throws BadSettings.
std::vector<Setting> read_settings(const std::string &file, const std::string &text);

} // namespace exit24::cli
