// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "machine/image.hpp"
#include "model/recording.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace exit24::machine {

/// How a boot ended; `kind` as in model::Boot::end.
struct End {
	std::string kind;
	std::string reason;
	std::string console;   ///< the tail of what the kernel printed
	std::string registers; ///< of the machine that hangs, where they are to be had
};

/// Who listens to a machine while it is up.
class Listener {
public:
	virtual ~Listener() = default;

	/// The ways out of a machine: lines of one do not continue in the other.
	enum Stream { channel, console };
	/// What came out of the machine.
	virtual void hear(std::string_view bytes, Stream stream = channel) = 0;
	/// The agent has said that it is done.
	virtual bool done() const = 0;
	/// How long the machine may stay silent now before it hangs.
	virtual std::chrono::milliseconds patience() const = 0;
};

/// A place with a /dev/kvm where the agent can run a plan.
class Machine {
public:
	virtual ~Machine() = default;

	/// The facts that go into the "boot" line: emulated or not, QEMU, cpu, mode, kernel image.
	virtual model::Json describe() const = 0;
	/// Runs the plan once, from boot to end, and never longer than the listener's patience.
	virtual End boot(const std::string &plan, Listener &listener) = 0;
};

struct LabOptions {
	std::string qemu;           ///< path of qemu-system-aarch64
	std::string qemu_version;
	std::string agent;          ///< path of the static agent
	std::string mode = "nvhe";
	std::string cpu;            ///< "" for the mode's own
	std::string append;         ///< more of a kernel command line
	bool real_clock = false;    ///< not the deterministic one; with more than one processor it must be
	unsigned cpus = 1;
	unsigned memory_mib = 512;
};

/// A way to run a kernel: the machine and the command line that make it choose its KVM mode.
struct Mode {
	std::string_view name;
	std::string_view cpu;
	std::string_view append;   ///< for the kernel's command line
	std::string_view gic;      ///< of the emulated machine: "2" or "3"
	std::string_view kvm_mode; ///< what the kernel then says it runs in
	unsigned least_qemu;       ///< the first version of QEMU that can do it, 0 for any
	std::string_view cpu_16k;  ///< for a kernel with 16 KiB pages, where `cpu` does not have them
	std::string_view append_16k;
};
const std::vector<Mode> &modes();

/// The major version of a QEMU, from the line with which it names itself; 0 if that is another one.
unsigned qemu_major(std::string_view version_line);

/// Why the lab of these options cannot give the mode for this kernel, and the mend; "" if it may.
std::string cannot_give(const Image &image, const LabOptions &options);

/// A real arm64 kernel with its own KVM, in QEMU's emulated EL2. The image outlives the machine.
Result<std::unique_ptr<Machine>> make_lab(const Image &image, const LabOptions &options);

/// This host's own /dev/kvm.
std::unique_ptr<Machine> make_native(const std::string &agent);

} // namespace exit24::machine
