// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "base/unique_fd.hpp"
#include "cli/data.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "machine/image.hpp"
#include "machine/machine.hpp"
#include "machine/process.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace exit24::cli {

namespace {

/// Prints one finding, and remembers whether anything is missing.
class Findings {
public:
	explicit Findings(Terminal &terminal) : terminal_(terminal) {}

	bool tell(bool good, const std::string &what, const std::string &mend = "")
	{
		terminal_.print(fmt::format("{:>8}  {}\n", good ? "ok" : "MISSING", what));
		if (!good && !mend.empty())
			terminal_.print(fmt::format("          {}\n", mend));
		return good;
	}

private:
	Terminal &terminal_;
};

/// /dev/kvm of this host: why it is of no use, or "".
std::string native_trouble(const std::string &machine)
{
	if (machine != "aarch64")
		return "this is " + machine + ": its KVM runs no arm64 guests. The lab emulates EL2; this is normal";
	UniqueFd kvm(::open("/dev/kvm", O_RDWR | O_CLOEXEC));
	if (kvm.valid())
		return "";
	switch (errno) {
	case ENOENT:
		return "there is no /dev/kvm: this kernel has no KVM, or did not boot at EL2 (a cloud VM, for one)";
	case ENODEV:
		return "/dev/kvm is only a name, nothing is behind it: this kernel did not boot at EL2";
	case EACCES:
		return "/dev/kvm is not for this user: sudo usermod -aG kvm $USER, and log in again";
	default:
		return std::string("/dev/kvm: ") + std::strerror(errno);
	}
}

} // namespace

int doctor()
{
	Terminal terminal;
	Findings findings(terminal);
	utsname names;
	::uname(&names);
	const Places places = find_places();

	const auto agent = read_file(places.agent);
	const bool agent_ok = findings.tell(agent.has_value(), "the agent: " + places.agent,
					    "build it: meson compile -C build (needs Debian's g++-aarch64-linux-gnu)");
	auto cases = load_cases(places.cases, {});
	const bool cases_ok = findings.tell(cases.has_value(),
					    cases ? fmt::format("{} cases in {}", cases->size(), places.cases)
						  : cases.error().what);
	bool guests_ok = false;
	if (cases) {
		const auto guests = load_guests(places.guests, *cases);
		guests_ok = findings.tell(guests.has_value(),
					  guests ? fmt::format("{} guests in {}", guests->size(), places.guests)
						 : guests.error().what);
	}
	const std::string native = native_trouble(names.machine);
	terminal.print(fmt::format("{:>8}  native: {}\n", native.empty() ? "ok" : "no",
				   native.empty() ? "/dev/kvm can be opened" : native));

	bool lab = false;
	const auto qemu = machine::find_program("qemu-system-aarch64");
	if (findings.tell(qemu.has_value(), "lab: qemu-system-aarch64",
			  "sudo apt-get install qemu-system-arm, or name one with exit24 run --qemu PATH")) {
		const auto version = machine::output_of(*qemu, {"--version"}, std::chrono::seconds(20));
		lab = findings.tell(version.has_value(),
				    "lab: " + (version ? version->substr(0, version->find('\n')) : version.error().what));
	}
	const std::string kernel = kernel_cache() + "/newest/Image";
	if (::access(kernel.c_str(), R_OK) != 0) {
		lab = findings.tell(false, "lab: no kernel image yet",
				    "scripts/fetch-kernel newest, or exit24 run --kernel IMAGE") && lab;
	} else {
		const auto image = machine::load_image(kernel);
		lab = findings.tell(image.has_value(), image ? "lab: kernel " + image->release : image.error().what,
				    "scripts/fetch-kernel --update newest") && lab;
	}

	const bool ready = agent_ok && cases_ok && guests_ok && (native.empty() || lab);
	terminal.print(ready ? "next: exit24 run\n" : "not ready yet: mend the lines marked MISSING\n");
	return ready ? 0 : 3;
}

} // namespace exit24::cli
