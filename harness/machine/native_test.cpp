// SPDX-License-Identifier: GPL-2.0-only
#include "machine/native.hpp"

#include "base/file.hpp"
#include "machine/scratch.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>

namespace exit24::machine {
namespace {

KvmNode arm64(int code)
{
	KvmNode node;
	node.machine = "aarch64";
	node.code = code;
	node.mode = 020660;
	node.gid = 104;
	node.group = "kvm";
	return node;
}

TEST(Obstacle, IsNoneWhereTheNodeOpens)
{
	EXPECT_FALSE(obstacle_in(arm64(0)));
}

TEST(Obstacle, IsTheProcessorOnOtherHosts)
{
	KvmNode node = arm64(0);
	node.machine = "x86_64";
	const auto found = obstacle_in(node);
	ASSERT_TRUE(found);
	EXPECT_NE(found->why.find("x86_64"), std::string::npos);
	EXPECT_EQ(found->mend, "exit24 run --machine lab");
}

struct Told {
	const char *name;
	KvmNode node;
	const char *why, *mend;
};

KvmNode with(KvmNode node, const std::string &log, bool container = false)
{
	node.kvm_log = {log};
	node.container = container;
	return node;
}

KvmNode owned(unsigned mode, unsigned gid, const std::string &group)
{
	KvmNode node = arm64(EACCES);
	node.mode = mode;
	node.gid = gid;
	node.group = group;
	return node;
}

TEST(Obstacle, HasAMeaningAndAMendForEachErrno)
{
	const Told table[] = {
		{"no node", arm64(ENOENT), "there is no /dev/kvm", "dmesg"},
		{"not at EL2", with(arm64(ENOENT), "kvm [1]: HYP mode not available"), "did not boot at EL2", "--machine lab"},
		{"switched off", with(arm64(ENOENT), "kvm [1]: KVM disabled from command line"), "switched off",
		 "kvm-arm.mode=none"},
		{"container", with(arm64(ENOENT), "", true), "in this container", "--device /dev/kvm"},
		{"a name only", arm64(ENODEV), "nothing is behind it", "dmesg"},
		{"group", arm64(EACCES), "mode is 0660, its group kvm", "sudo usermod -aG kvm $USER"},
		{"root only", owned(020600, 0, "root"), "mode is 0600, its group root", "65-kvm.rules"},
		{"group without a name", owned(020660, 993, ""), "its group 993", "65-kvm.rules"},
		{"another's gid in a container", with(arm64(EACCES), "", true), "not for this user", "--group-add 104"},
		{"forbidden", arm64(EPERM), "forbids", "--device /dev/kvm"},
		{"anything else", arm64(EMFILE), "Too many open files", "dmesg"},
	};
	for (const Told &told : table) {
		const auto found = obstacle_in(told.node);
		ASSERT_TRUE(found) << told.name;
		EXPECT_EQ(found->code, told.node.code) << told.name;
		EXPECT_NE(found->why.find(told.why), std::string::npos) << told.name << ": " << found->why;
		EXPECT_NE(found->mend.find(told.mend), std::string::npos) << told.name << ": " << found->mend;
	}
}

/// A root with these files.
class Root {
public:
	explicit Root(const std::vector<std::pair<std::string, std::string>> &files)
	{
		for (const auto &[name, content] : files) {
			std::filesystem::create_directories(std::filesystem::path(path() + name).parent_path());
			EXPECT_TRUE(write_file(path() + name, content));
		}
	}
	std::string path() const { return scratch_->folder(); }

private:
	Result<Scratch> scratch_ = Scratch::create();
};

TEST(SignOfHypervisor, IsWhatTheFirmwareSays)
{
	using namespace std::string_literals;
	const std::string product = "/sys/class/dmi/id/product_name", vendor = "/sys/class/dmi/id/sys_vendor",
			  compatible = "/proc/device-tree/compatible";
	const std::pair<std::vector<std::pair<std::string, std::string>>, std::string> table[] = {
		{{}, ""},
		{{{compatible, "raspberrypi,5-model-b\0brcm,bcm2712\0"s}}, ""},
		{{{vendor, "Ampere(TM)\n"}, {product, "Mt.Jade Platform\n"}}, ""},
		{{{vendor, "Amazon EC2\n"}, {product, "c7g.metal\n"}}, ""},
		{{{vendor, "Amazon EC2\n"}, {product, "c7g.large\n"}}, "/sys/class/dmi/id says Amazon EC2 c7g.large"},
		{{{compatible, "linux,dummy-virt\0"s}}, compatible + " says linux,dummy-virt"},
		{{{"/proc/device-tree/hypervisor/compatible", "linux,kvm\0"s}},
		 "/proc/device-tree/hypervisor/compatible says linux,kvm"},
		{{{"/sys/hypervisor/type", "xen\n"}}, "/sys/hypervisor/type says xen"},
		{{{vendor, "QEMU\n"}}, vendor + " says QEMU"},
		{{{vendor, "Microsoft Corporation\n"}, {product, "Virtual Machine\n"}}, product + " says Virtual Machine"},
		{{{vendor, "Apple Inc.\n"}, {product, "Apple Virtualization Generic Platform\n"}},
		 product + " says Apple Virtualization Generic Platform"},
	};
	for (const auto &[files, sign] : table)
		EXPECT_EQ(sign_of_hypervisor(Root(files).path()), sign);
}

} // namespace
} // namespace exit24::machine
