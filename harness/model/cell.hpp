// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "model/plan.hpp"
#include "model/reader.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace exit24::model {

/// What another machine can run by itself: one kernel in one mode on one processor with one set of cases.
struct Cell {
	std::string kernel; ///< release
	std::string mode;
	std::string cpu;
	std::string id; ///< 16 hexadecimal digits, the same wherever the same thing would be run

	std::string label() const { return kernel + "/" + mode; }
	/// "7.3.4/nvhe (cortex-a57, 0123456789abcdef)", for messages.
	std::string describe() const { return label() + " (" + cpu + ", " + id + ")"; }

	bool operator==(const Cell &) const = default;
};

/// The set of cases in an id: their names and texts, in any order.
std::string digest(const std::vector<CaseText> &cases);

/// The id of what these facts say. No path is among them, nor anything else of the machine that asks.
std::string cell_id(const Json &facts);

/// The M-th of N parts of a list: its M-th entry, and each N-th after that.
struct Partition {
	unsigned part = 1, of = 1;

	bool whole() const { return of == 1; }
	bool has(std::size_t index) const { return index % of == part - 1; }
};

/// "count:M/N"
Result<Partition> read_partition(std::string_view text);

/// What the "boot" line of a recording says: the facts of the machine, what is to be run, and which payloads.
Json boot_facts(Json machine, const Guests &guests, const std::vector<const CaseText *> &cases);

Json write_cell(const Cell &cell);
/// Throws Malformed.
Cell read_cell(Reader reader);

} // namespace exit24::model
