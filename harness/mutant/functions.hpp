// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exit24::mutant {

/// A function in C source written as the kernel writes it: the braces of its body stand alone in the first column.
struct Function {
	std::string name;
	std::size_t begin = 0, end = 0; ///< from the first character of its head to behind the line of the brace
	std::size_t body = 0;           ///< the opening brace
	std::string head;               ///< without the space before the brace
	std::size_t name_at = 0;        ///< in head
	std::vector<std::string> parameters; ///< their names
	std::string trouble;            ///< why it cannot be called by another of the same head; "" if it can
};

/// All functions of a source or header, in order.
std::vector<Function> functions(std::string_view text);

/// The text without what is between heads and ends of its functions: two texts with the same skeleton differ
/// inside of functions only.
std::string skeleton(std::string_view text);

} // namespace exit24::mutant
