// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "model/case.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace exit24::model {

/// A payload as the build leaves it: flat code and the offsets of its labels.
struct Guest {
	std::vector<std::uint8_t> code;
	std::map<std::string, std::uint64_t> labels;
};

using Guests = std::map<std::string, Guest>;

/// Reads `directory`/NAME.bin and NAME.sym (what nm prints); an Error if one is missing, empty or too big.
Result<Guest> load_guest(const std::string &directory, const std::string &name);

/// Every payload, entry and label that the case names exists; `file` is for the message.
Result<void> check_guests(const Case &c, const Guests &guests, const std::string &file);

/// The number behind a value of vCPU `vcpu`: a label is where that vCPU's copy of its payload has it.
std::uint64_t resolve(const Value &value, const Case &c, unsigned vcpu, const Guests &guests);

} // namespace exit24::model
