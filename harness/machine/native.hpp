// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/unique_fd.hpp"

#include <optional>
#include <string>
#include <vector>

namespace exit24::machine {

/// Why the /dev/kvm of this host is of no use: the errno of opening it, what that means here, and the next command.
struct Obstacle {
	int code = 0;
	std::string why;
	std::string mend;
};

/// What decides on the meaning of that errno.
struct KvmNode {
	std::string machine;             ///< uname -m
	int code = 0;                    ///< errno of open(/dev/kvm), 0 if it could be opened
	unsigned mode = 0, gid = 0;      ///< of the node, where there is one
	std::string group;               ///< the name of gid, "" if it has none here
	bool container = false;
	std::vector<std::string> kvm_log; ///< the kernel's messages about KVM, as far as they can be read
};
std::optional<Obstacle> obstacle_in(const KvmNode &node);

/// This host's, by trying.
std::optional<Obstacle> native_obstacle();

/// What an errno that KVM gave to an ioctl most likely means on arm64; "" where nothing more can be said.
std::string meaning_of(int code);

/// The sign that this system is a virtual machine, "/proc/device-tree/compatible says linux,dummy-virt", or "" if
/// there is none. `root` is the root of its file system.
std::string sign_of_hypervisor(const std::string &root);

/// The kernel's log, from where it was last read; nothing if this user may not read it.
class KernelLog {
public:
	/// From the oldest message that it still has, or from now on.
	enum From { beginning, now };
	explicit KernelLog(From from);

	/// The messages since, one a line as dmesg prints them.
	std::string more();

private:
	UniqueFd fd_;
};

} // namespace exit24::machine
