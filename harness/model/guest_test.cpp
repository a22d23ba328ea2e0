// SPDX-License-Identifier: GPL-2.0-only
#include "model/guest.hpp"

#include "base/file.hpp"
#include "guests/include/contract.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace exit24::model {
namespace {

class GuestFiles : public testing::Test {
protected:
	GuestFiles()
	{
		std::string folder = testing::TempDir() + "exit24-XXXXXX";
		folder_ = ::mkdtemp(folder.data());
	}
	~GuestFiles() override { std::filesystem::remove_all(folder_); }

	void payload(const std::string &code, const std::string &symbols) const
	{
		ASSERT_TRUE(write_file(folder_ + "/g.bin", code));
		ASSERT_TRUE(write_file(folder_ + "/g.sym", symbols));
	}

	/// The Error's sentence, or "" if it loads.
	std::string refused(const std::string &code, const std::string &symbols) const
	{
		payload(code, symbols);
		const auto guest = load_guest(folder_, "g");
		return guest ? "" : guest.error().what;
	}

	std::string folder_;
};

constexpr char symbols[] = "0000000000000000 T _start\n"
			   "0000000000000004 T after_call\n"
			   "0000000000000008 t local\n"
			   "0000000009000000 a REPORT_BASE\n";

TEST_F(GuestFiles, CodeAndGlobalLabelsAreLoaded)
{
	payload(std::string("\x01\0\0\xff\x02\0\0\0", 8), symbols);
	const auto guest = load_guest(folder_, "g");
	ASSERT_TRUE(guest) << guest.error().what;
	EXPECT_EQ(guest->code, (std::vector<std::uint8_t>{1, 0, 0, 0xff, 2, 0, 0, 0}));
	EXPECT_EQ(guest->labels,
		  (std::map<std::string, std::uint64_t>{{"_start", 0}, {"after_call", 4}}));
}

TEST_F(GuestFiles, MissingFilesAreNamed)
{
	const auto absent = load_guest(folder_, "absent");
	ASSERT_FALSE(absent);
	EXPECT_EQ(absent.error().what,
		  "guest \"absent\": cannot read " + folder_ +
			  "/absent.bin: No such file or directory; build it, or mend the name");
	ASSERT_TRUE(write_file(folder_ + "/half.bin", "1234"));
	const auto half = load_guest(folder_, "half");
	ASSERT_FALSE(half);
	EXPECT_NE(half.error().what.find("half.sym"), std::string::npos) << half.error().what;
}

TEST_F(GuestFiles, SizeMustBeWholeInstructionsUpToTheLimit)
{
	EXPECT_EQ(refused(std::string(EXIT24_PAYLOAD_MAX, 'x'), symbols), "");
	EXPECT_EQ(refused("1234", symbols), "");
	for (const std::size_t size :
	     {std::size_t{0}, std::size_t{1}, std::size_t{6}, std::size_t{EXIT24_PAYLOAD_MAX + 4},
	      std::size_t{EXIT24_SLOT_SIZE}}) {
		const std::string what = refused(std::string(size, 'x'), symbols);
		EXPECT_EQ(what.find(folder_ + "/g.bin: has " + std::to_string(size) + " bytes"), 0u)
			<< what;
	}
	EXPECT_NE(refused(std::string(EXIT24_SLOT_SIZE + 1, 'x'), symbols), "");
}

TEST_F(GuestFiles, SymbolsMustBeWhatNmPrints)
{
	for (const char *line : {"_start", "0 T _start", "000000000000000g T _start",
				 "0000000000000000 T", "                 U undefined", ""}) {
		const std::string what = refused("1234", symbols + std::string(line) + "\n");
		EXPECT_EQ(what, folder_ + "/g.sym: \"" + line + "\" is not a line of nm's output");
	}
}

const Guests guests = {
	{"off", {.code = {0, 0, 0, 0}, .labels = {{"_start", 0}, {"after_call", 12}}}},
	{"other", {.code = {0, 0, 0, 0}, .labels = {{"_start", 0}, {"loop", 8}}}},
};

/// A case of two vCPUs, `off` and `other`, with what is given put into the first vCPU and into its
/// only step.
Case with(const std::string &vcpu, const std::string &step)
{
	const std::string text =
		R"({"title": "t", "status": "required", "rules": ["SE-OFF-01"], "catches": "c",
		"spec": [{"doc": "a.rst", "section": "s", "sentence": "sha256:0123456789ab"}],
		"vcpus": [{"guest": "off")" +
		vcpu + R"(}, {"guest": "other"}], "steps": [)" + step + "]}";
	auto c = parse_case("a/b", "a/b.json", text);
	EXPECT_TRUE(c) << c.error().what;
	return c ? *c : Case{};
}

constexpr char any_step[] = R"({"init": 0})";

std::string trouble(const Case &c)
{
	const auto r = check_guests(c, guests, "FILE");
	return r ? "" : r.error().what;
}

TEST(CheckGuests, LabelsThatExistAreFine)
{
	EXPECT_EQ(trouble(with(
			  R"(, "entry": "after_call", "regs": {"pc": "after_call", "x0": "0x1"})",
			  R"({"set_reg": 1, "reg": "pc", "to": "loop"})")),
		  "");
}

TEST(CheckGuests, UnknownGuestEntryAndLabelsAreNamedWithTheirPlace)
{
	Case unknown = with("", any_step);
	unknown.vcpus[1].guest = "absent";
	EXPECT_EQ(trouble(unknown), "FILE at /vcpus/1/guest: there is no guest \"absent\"");
	EXPECT_EQ(trouble(with(R"(, "entry": "loop")", any_step)),
		  "FILE at /vcpus/0/entry: guest \"off\" has no label \"loop\"");

	const std::string tail = ": guest \"off\" has no label \"loop\"";
	EXPECT_EQ(trouble(with(R"(, "regs": {"pc": "loop"})", any_step)),
		  "FILE at /vcpus/0/regs/pc" + tail);
	EXPECT_EQ(trouble(with("", R"({"set_reg": 0, "reg": "pc", "to": "loop"})")),
		  "FILE at /steps/0/to" + tail);
	EXPECT_EQ(trouble(with("", R"({"get_reg": 0, "reg": "pc", "expect": {"value": "loop"}})")),
		  "FILE at /steps/0/expect/value" + tail);
	EXPECT_EQ(
		trouble(with(
			"", R"({"run": 0, "expect": {"errno": "EINTR", "regs": {"pc": "loop"}}})")),
		"FILE at /steps/0/expect/regs/pc" + tail);
	EXPECT_EQ(trouble(with("", R"({"start": 0}, {"kick": 0, "expect": {"errno": "EINTR",
				      "regs": {"pc": "loop"}}})")),
		  "FILE at /steps/1/expect/regs/pc" + tail);
}

TEST(CheckGuests, LabelIsLookedUpInTheGuestOfItsOwnVcpu)
{
	EXPECT_EQ(trouble(with("", R"({"set_reg": 1, "reg": "pc", "to": "after_call"})")),
		  "FILE at /steps/0/to: guest \"other\" has no label \"after_call\"");
}

TEST(Resolve, LabelIsAPlaceInTheCopyOfItsVcpu)
{
	const Case c =
		with(R"(, "regs": {"pc": "after_call", "x0": "PSCI_RET_DENIED", "x1": "0x1f"})",
		     any_step);
	const auto &regs = c.vcpus[0].regs;
	ASSERT_EQ(regs.size(), 3u);
	EXPECT_EQ(resolve(regs[0].value, c, 0, guests), std::uint64_t{EXIT24_RAM_BASE} + 12);
	EXPECT_EQ(resolve(regs[1].value, c, 0, guests), 0xfffffffffffffffdu);
	EXPECT_EQ(resolve(regs[2].value, c, 0, guests), 0x1fu);

	const Case second = with("", R"({"set_reg": 1, "reg": "pc", "to": "loop"})");
	EXPECT_EQ(resolve(std::get<SetReg>(second.steps[0]).to, second, 1, guests),
		  std::uint64_t{EXIT24_RAM_BASE} + EXIT24_SLOT_SIZE + 8);
}

} // namespace
} // namespace exit24::model
