// SPDX-License-Identifier: GPL-2.0-only
#include "model/guest.hpp"

#include "base/file.hpp"
#include "guests/include/contract.h"

#include <cerrno>
#include <functional>
#include <sstream>

namespace exit24::model {

Result<Guest> load_guest(const std::string &directory, const std::string &name)
{
	const std::string bin = directory + "/" + name + ".bin";
	const std::string sym = directory + "/" + name + ".sym";

	auto code = read_file(bin, std::size_t{1} << 30);
	if (!code && code.error().code == EFBIG)
		return code.error();
	if (!code)
		return Error{"guest \"" + name + "\": " + code.error().what + "; build it, or mend the name",
			     code.error().code};
	if (code->empty() || code->size() > EXIT24_PAYLOAD_MAX || code->size() % 4 != 0)
		return Error{bin + ": has " + std::to_string(code->size()) +
			     " bytes; a payload has whole instructions and at most " +
			     std::to_string(EXIT24_PAYLOAD_MAX) + " bytes"};
	auto symbols = read_file(sym, EXIT24_SLOT_SIZE);
	if (!symbols)
		return Error{"guest \"" + name + "\": " + symbols.error().what + "; build it again",
			     symbols.error().code};

	Guest guest;
	guest.code.assign(code->begin(), code->end());
	std::istringstream lines(*symbols);
	for (std::string line; std::getline(lines, line);) {
		std::istringstream words(line);
		std::string address, kind, label;
		if (!(words >> address >> kind >> label) || address.size() != 16 ||
		    address.find_first_not_of("0123456789abcdef") != std::string::npos)
			return Error{sym + ": \"" + line + "\" is not a line of nm's output"};
		if (kind == "T")
			guest.labels[label] = std::stoull(address, nullptr, 16);
	}
	return guest;
}

static Result<void> check_label(const Value &value, const Case &c, unsigned vcpu, const Guests &guests,
				const std::string &where)
{
	if (!value.is_label())
		return {};
	const unsigned of = value.vcpu.value_or(vcpu);
	if (of >= c.vcpus.size())
		return Error{where + ": there is no vCPU " + std::to_string(of)};
	const std::string &guest = c.vcpus[of].guest;
	if (!guests.at(guest).labels.contains(value.label))
		return Error{where + ": guest \"" + guest + "\" has no label \"" + value.label + "\""};
	return {};
}

Result<void> check_guests(const Case &c, const Guests &guests, const std::string &file)
{
	std::vector<std::pair<std::string, std::pair<Value, unsigned>>> uses;
	for (unsigned i = 0; i < c.vcpus.size(); i++) {
		const VcpuSpec &v = c.vcpus[i];
		const std::string where = file + " at /vcpus/" + std::to_string(i);
		const auto guest = guests.find(v.guest);
		if (guest == guests.end())
			return Error{where + "/guest: there is no guest \"" + v.guest + "\""};
		if (!guest->second.labels.contains(v.entry))
			return Error{where + "/entry: guest \"" + v.guest + "\" has no label \"" + v.entry + "\""};
		for (const RegisterValue &r : v.regs)
			uses.push_back({where + "/regs/" + r.reg, {r.value, i}});
	}
	for (std::size_t s = 0; s < c.steps.size(); s++) {
		const std::string where = file + " at /steps/" + std::to_string(s);
		const auto of_values = [&](const std::vector<Value> &values, const char *key, unsigned vcpu) {
			for (const Value &v : values)
				uses.push_back({where + key, {v, vcpu}});
		};
		const std::function<void(const ExitExpected &, unsigned)> of_exit = [&](const ExitExpected &e,
										unsigned vcpu) {
			for (const ExitExpected &one : e.one_of)
				of_exit(one, vcpu);
			for (const RegisterValue &r : e.regs)
				uses.push_back({where + "/expect/regs/" + r.reg, {r.value, vcpu}});
			if (e.reports)
				of_values(*e.reports, "/expect/reports", vcpu);
			if (e.system_event)
				of_values(e.system_event->data, "/expect/data", vcpu);
		};
		if (const auto *run = std::get_if<Run>(&c.steps[s]))
			of_exit(run->expect, run->vcpu);
		else if (const auto *kick = std::get_if<Kick>(&c.steps[s]))
			of_exit(kick->expect, kick->vcpu);
		else if (const auto *set = std::get_if<SetReg>(&c.steps[s]))
			uses.push_back({where + "/to", {set->to, set->vcpu}});
		else if (const auto *calls = std::get_if<Calls>(&c.steps[s])) {
			for (const Calls::Row &row : calls->rows) {
				of_values(row.args, "/table", calls->vcpu);
				of_values(row.returns, "/table", calls->vcpu);
			}
		} else if (const auto *get = std::get_if<GetReg>(&c.steps[s]); get && get->value)
			uses.push_back({where + "/expect/value", {*get->value, get->vcpu}});
	}
	for (const auto &[where, use] : uses)
		if (auto r = check_label(use.first, c, use.second, guests, where); !r)
			return r;
	return {};
}

std::uint64_t resolve(const Value &value, const Case &c, unsigned vcpu, const Guests &guests)
{
	if (!value.is_label())
		return value.number;
	const unsigned of = value.vcpu.value_or(vcpu);
	return EXIT24_RAM_BASE + std::uint64_t{of} * EXIT24_SLOT_SIZE +
	       guests.at(c.vcpus[of].guest).labels.at(value.label);
}

} // namespace exit24::model
