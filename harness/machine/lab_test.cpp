// SPDX-License-Identifier: GPL-2.0-only
#include "machine/machine.hpp"

#include "base/file.hpp"
#include "machine/scratch.hpp"

#include <cstring>
#include <elf.h>
#include <gtest/gtest.h>

namespace exit24::machine {
namespace {

TEST(Lab, KnowsTheVersionOfQemu)
{
	EXPECT_EQ(qemu_major("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)"), 7u);
	EXPECT_EQ(qemu_major("QEMU emulator version 10.0.2"), 10u);
	EXPECT_EQ(qemu_major("QEMU emulator version "), 0u);
	EXPECT_EQ(qemu_major("something else 9.0"), 0u);
	EXPECT_EQ(qemu_major(""), 0u);
}

std::string trouble(const char *mode, const char *qemu, unsigned page_kib = 4, const char *cpu = "")
{
	Image image;
	image.page_kib = page_kib;
	LabOptions options;
	options.mode = mode;
	options.qemu_version = qemu;
	options.cpu = cpu;
	return cannot_give(image, options);
}

TEST(Lab, OldQemuCannotGiveNested)
{
	const std::string why = trouble("nested", "QEMU emulator version 7.2.22");
	EXPECT_NE(why.find("QEMU 9"), std::string::npos) << why;
	EXPECT_NE(why.find("7.2.22"), std::string::npos) << why;
	EXPECT_NE(why.find("scripts/fetch-qemu"), std::string::npos) << why;
	EXPECT_EQ(trouble("nested", "QEMU emulator version 9.0.0"), "");
	EXPECT_EQ(trouble("nested", "a QEMU of a strange name"), "") << "it may be new enough";
	for (const Mode &mode : modes())
		if (mode.name != "nested") {
			EXPECT_EQ(trouble(std::string(mode.name).c_str(), "QEMU emulator version 7.2.22"), "");
		}
}

TEST(Lab, ProcessorWithoutTheGranuleCannotRunTheKernel)
{
	const std::string why = trouble("nvhe", "QEMU emulator version 10.0.2", 16, "cortex-a57");
	EXPECT_NE(why.find("16 KiB"), std::string::npos) << why;
	EXPECT_NE(why.find("cortex-a57"), std::string::npos) << why;
	EXPECT_EQ(trouble("nvhe", "QEMU emulator version 10.0.2", 16, "neoverse-n1"), "");
	EXPECT_EQ(trouble("nvhe", "QEMU emulator version 10.0.2", 4, "cortex-a57"), "");
	EXPECT_EQ(trouble("nvhe", "QEMU emulator version 10.0.2", 64, "cortex-a57"), "");
}

TEST(Lab, ProcessorFitsTheKernelsPages)
{
	LabOptions options;
	Elf64_Ehdr header = {};
	std::memcpy(header.e_ident, ELFMAG, SELFMAG);
	header.e_ident[EI_CLASS] = ELFCLASS64;
	header.e_machine = EM_AARCH64;
	header.e_phoff = sizeof(header);
	header.e_phnum = 1;
	const std::string agent(reinterpret_cast<const char *>(&header), sizeof(header));
	const auto scratch = Scratch::create();
	ASSERT_TRUE(scratch);
	options.agent = scratch->path("agent");
	ASSERT_TRUE(write_file(options.agent, agent + std::string(sizeof(Elf64_Phdr), '\0')));
	for (const Mode &mode : modes()) {
		options.mode = mode.name;
		for (const unsigned page_kib : {0u, 4u, 16u, 64u}) {
			Image image;
			image.page_kib = page_kib;
			if (!cannot_give(image, options).empty())
				continue;
			const auto lab = make_lab(image, options);
			ASSERT_TRUE(lab) << lab.error().what;
			LabOptions chosen = options;
			chosen.cpu = (*lab)->describe()["cpu"];
			EXPECT_EQ(cannot_give(image, chosen), "") << mode.name;
			if (page_kib != 16) {
				EXPECT_EQ(chosen.cpu, mode.cpu);
			}
			options.cpu = "cortex-a76";
			const auto other = make_lab(image, options);
			ASSERT_TRUE(other);
			EXPECT_EQ((*other)->describe()["cpu"], "cortex-a76") << "what was asked for";
			options.cpu = "";
		}
	}
}

} // namespace
} // namespace exit24::machine
