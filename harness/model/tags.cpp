// SPDX-License-Identifier: GPL-2.0-only
#include "model/tags.hpp"

#include "abi/names.hpp"

#include <algorithm>
#include <fnmatch.h>

namespace exit24::model {

namespace {

void add_requirements(std::set<std::string> &tags, const Requirements &r)
{
	tags.insert(r.capabilities.begin(), r.capabilities.end());
	if (r.psci_version)
		tags.insert("psci-" + *r.psci_version);
	if (r.smc)
		tags.insert("smc");
	if (r.smccc_filter)
		tags.insert("KVM_ARM_VM_SMCCC_FILTER");
	for (const std::string &gic : r.gics)
		tags.insert("gic-" + gic);
	if (r.protected_vm)
		tags.insert("protected-vm");
	if (r.without) {
		tags.insert("absence");
		add_requirements(tags, *r.without);
	}
}

void add_exit(std::set<std::string> &tags, const ExitExpected &exit)
{
	const auto add = [&](abi::Names names, std::uint64_t value) {
		if (const auto name = abi::name_of(names, value))
			tags.emplace(*name);
	};
	if (exit.exit_reason)
		add(abi::exit_reasons, *exit.exit_reason);
	if (exit.system_event)
		add(abi::system_event_types, exit.system_event->type);
	for (const ExitExpected &one : exit.one_of)
		add_exit(tags, one);
}

bool like_one(const std::set<std::string> &tags, const std::string &glob)
{
	return std::any_of(tags.begin(), tags.end(),
			   [&](const std::string &tag) { return ::fnmatch(glob.c_str(), tag.c_str(), 0) == 0; });
}

} // namespace

std::set<std::string> tags(const Case &c)
{
	std::set<std::string> out(c.rules.begin(), c.rules.end());
	if (const auto slash = c.name.find('/'); slash != std::string::npos)
		out.insert(c.name.substr(0, slash));
	out.insert(c.characterised ? "characterised" : "required");
	add_requirements(out, c.requires_);
	for (const VcpuSpec &vcpu : c.vcpus) {
		out.insert("guest:" + vcpu.guest);
		out.insert(vcpu.features.begin(), vcpu.features.end());
	}
	if (c.vcpus.size() > 1)
		out.insert("smp");
	if (c.vms.size() > 1 || std::any_of(c.vcpus.begin(), c.vcpus.end(), [](const VcpuSpec &v) { return v.vm > 0; }))
		out.insert("several-vms");
	if (c.rounds > 1)
		out.insert("race");
	for (const Step &step : c.steps) {
		if (const auto *run = std::get_if<Run>(&step))
			add_exit(out, run->expect);
		if (const auto *kick = std::get_if<Kick>(&step))
			add_exit(out, kick->expect);
	}
	return out;
}

bool chosen(const std::set<std::string> &tags, const std::vector<std::string> &wanted)
{
	return std::all_of(wanted.begin(), wanted.end(), [&](const std::string &words) {
		for (std::size_t at = 0; at <= words.size();) {
			const std::size_t end = std::min(words.find(',', at), words.size());
			const std::string word = words.substr(at, end - at);
			if (word.starts_with('!') ? !like_one(tags, word.substr(1)) : like_one(tags, word))
				return true;
			at = end + 1;
		}
		return false;
	});
}

} // namespace exit24::model
