// SPDX-License-Identifier: GPL-2.0-only
#include "fleet/lava.hpp"

#include "model/console.hpp"
#include "model/reader.hpp"

#include <map>

namespace exit24::fleet {

namespace {

/// A double-quoted scalar: JSON's strings are YAML's as well.
std::string scalar(std::string_view text)
{
	return model::Json(text).dump(-1, ' ', true, model::Json::error_handler_t::replace);
}

std::string list(const std::vector<std::string> &words)
{
	std::string out;
	for (const std::string &word : words)
		out += (out.empty() ? "[" : ", ") + scalar(word);
	return out + "]";
}

std::string qemu_context(const LavaJob &job)
{
	std::vector<std::string> extra = {"-smp " + std::to_string(job.cpus), "-accel tcg", "-no-reboot"};
	if (!job.real_clock)
		extra.insert(extra.end(), {"-icount shift=0,sleep=off", "-rtc base=2026-01-01,clock=vm"});
	return "context:\n"
	       "  arch: arm64\n"
	       "  machine: " + scalar("virt,virtualization=on,dtb-randomness=off,gic-version=" + job.setup.gic) + "\n"
	       "  cpu: " + scalar(job.setup.cpu) + "\n"
	       "  memory: " + std::to_string(job.memory_mib) + "\n"
	       "  netdevice: none\n"
	       "  extra_options: " + list(extra) + "\n";
}

std::string qemu_actions(const LavaJob &job, const std::string &append)
{
	return "- deploy:\n"
	       "    timeout: {minutes: 10}\n"
	       "    to: tmpfs\n"
	       "    images:\n"
	       "      kernel:\n"
	       "        image_arg: " + scalar("-kernel {kernel} -append \"" + append + "\"") + "\n"
	       "        url: " + scalar(job.kernel) + "\n"
	       "      ramdisk:\n"
	       "        image_arg: \"-initrd {ramdisk}\"\n"
	       "        url: " + scalar(job.ramdisk) + "\n"
	       "- boot:\n"
	       "    timeout: {minutes: 5}\n"
	       "    method: qemu\n"
	       "    media: tmpfs\n";
}

std::string board_actions(const LavaJob &job)
{
	const std::string dtb = job.dtb.empty() ? "" : "    dtb:\n      url: " + scalar(job.dtb) + "\n";
	return "- deploy:\n"
	       "    timeout: {minutes: 10}\n"
	       "    to: tftp\n"
	       "    kernel:\n"
	       "      url: " + scalar(job.kernel) + "\n"
	       "      type: image\n" + dtb +
	       "    ramdisk:\n"
	       "      url: " + scalar(job.ramdisk) + "\n"
	       "      install_modules: false\n"
	       "      install_overlay: false\n"
	       "- boot:\n"
	       "    timeout: {minutes: 5}\n"
	       "    method: u-boot\n"
	       "    commands: ramdisk\n";
}

} // namespace

Result<machine::Setup> board_setup(const std::string &mode, const std::string &append)
{
	static constexpr std::pair<std::string_view, std::string_view> words[] = {
		{"nvhe", "kvm-arm.mode=nvhe"}, {"vhe", ""}, {"hvhe", "kvm-arm.mode=nvhe id_aa64mmfr1.vh=0 arm64_sw.hvhe=1"},
		{"protected", "kvm-arm.mode=protected"}, {"nested", "kvm-arm.mode=nested"}};
	for (const auto &[name, own] : words) {
		if (name != mode)
			continue;
		machine::Setup setup;
		setup.append = "panic=-1 oops=panic nokaslr"; // the console is the board's own
		for (const std::string_view more : {own, std::string_view(append)})
			setup.append += more.empty() ? "" : " " + std::string(more);
		return setup;
	}
	return Error{"a board cannot be put into mode " + mode + ", which needs another machine; there are nvhe, vhe, hvhe, protected and nested"};
}

std::string lava_pattern()
{
	// It begins behind a line end and stops before one, so half a line is never taken for a whole one.
	return R"([\r\n](?P<result>not ok|ok) [0-9]+ (?P<test_case_id>[\w/-]+) # (?:SKIP|ERROR)[^\r\n]*(?=[\r\n]))";
}

std::string lava_job(const LavaJob &job)
{
	const std::string append = job.setup.append + " exit24.cell=" + job.cell.id;
	return "# " + job.cell.describe() + ", made by exit24 export lava\n"
	       "job_name: " + scalar("exit24 " + job.cell.label()) + "\n"
	       "device_type: " + scalar(job.device_type) + "\n"
	       "priority: medium\n"
	       "visibility: public\n"
	       "timeouts:\n"
	       "  job: {minutes: " + std::to_string(job.minutes) + "}\n"
	       "  action: {minutes: 10}\n"
	       "  connection: {minutes: 5}\n"
	       "metadata:\n"
	       "  exit24.cell: " + scalar(job.cell.id) + "\n" +
	       (job.u_boot ? "context:\n  extra_kernel_args: " + scalar(append) + "\n" : qemu_context(job)) +
	       "actions:\n" + (job.u_boot ? board_actions(job) : qemu_actions(job, append)) +
	       "- test:\n"
	       "    timeout: {minutes: " + std::to_string(job.minutes) + "}\n"
	       "    monitors:\n"
	       "    - name: exit24\n"
	       "      start: \"KTAP version 1\"\n"
	       "      end: " + scalar(std::string(model::console_end) + "[0-9]+ of [0-9]+ recorded[\\r\\n]") + "\n"
	       "      pattern: " + scalar(lava_pattern()) + "\n"
	       "      # exit24 import judges; here a case that was recorded is no more than that\n"
	       "      fixupdict: {\"ok\": \"skip\", \"not ok\": \"fail\"}\n";
}

std::string lava_name(std::string_view name)
{
	std::string out;
	for (const char c : name) {
		const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
		if (word)
			out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
		else if (out.empty() || out.back() != '\0')
			out += '\0'; // a run of them becomes one
	}
	for (char &c : out)
		c = c == '\0' ? '_' : c;
	return out;
}

Result<void> check_lava_names(const std::vector<std::string> &names)
{
	std::map<std::string, std::string> stored;
	for (const std::string &name : names) {
		const auto [it, first] = stored.emplace(lava_name(name), name);
		if (!first)
			return Error{"LAVA would call cases " + it->second + " and " + name + " both " + it->first +
				     "; leave one out with --exclude, or rename it"};
	}
	return {};
}

} // namespace exit24::fleet
