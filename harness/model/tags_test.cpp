// SPDX-License-Identifier: GPL-2.0-only
#include "model/tags.hpp"

#include <gtest/gtest.h>

namespace exit24::model {
namespace {

Case parsed(const std::string &name, const std::string &keys, const std::string &steps)
{
	const auto c = parse_case(name, "f", R"({"title": "t", "rules": ["SE-OFF-01"], "catches": "c",
		"spec": [{"doc": "a.rst", "section": "s", "sentence": "sha256:0123456789ab"}], )" + keys + R"(, "steps": [)" +
						       steps + "]}");
	EXPECT_TRUE(c) << c.error().what;
	return c ? *c : Case{};
}

using Set = std::set<std::string>;

TEST(Tags, AreReadFromTheCase)
{
	const Case c = parsed("system_off/a", R"("status": "required", "vcpus": [{"guest": "off"}])", R"({"init": 0})");
	EXPECT_EQ(tags(c), (Set{"system_off", "required", "SE-OFF-01", "guest:off", "KVM_ARM_VCPU_PSCI_0_2"}));
}

TEST(Tags, SayWhatIsRequiredAndWhatMustNotBeThere)
{
	const Case c = parsed("x/a", R"("status": "characterised", "rounds": 3, "vcpus": [{"guest": "off"}, {"guest": "on", "vm": 1}],
		"requires": {"capabilities": ["KVM_CAP_ARM_SYSTEM_SUSPEND"], "psci_version": "1.1", "conduit": "smc",
			"without": {"capabilities": ["KVM_CAP_ARM_EL2"]}})", R"({"init": 0})");
	const Set all = tags(c);
	for (const char *tag : {"characterised", "KVM_CAP_ARM_SYSTEM_SUSPEND", "psci-1.1", "smc", "absence", "KVM_CAP_ARM_EL2",
				"smp", "several-vms", "race", "guest:on"})
		EXPECT_TRUE(all.contains(tag)) << tag;
	EXPECT_FALSE(all.contains("required"));
}

TEST(Tags, NameTheExitsExpected)
{
	const Case c = parsed("x/a", R"("status": "required", "vcpus": [{"guest": "off"}])",
			      R"({"run": 0, "expect": {"one_of": [{"exit": "KVM_EXIT_SYSTEM_EVENT", "type": "KVM_SYSTEM_EVENT_RESET",
				"ndata": 1, "data": ["0x0"]}, {"exit": "KVM_EXIT_MMIO", "reports": ["0x0"]}]}})");
	const Set all = tags(c);
	for (const char *tag : {"KVM_EXIT_SYSTEM_EVENT", "KVM_SYSTEM_EVENT_RESET", "KVM_EXIT_MMIO"})
		EXPECT_TRUE(all.contains(tag)) << tag;
}

TEST(Tags, ChooseByAllOfTheOptionsAndOneWordOfEach)
{
	const Set tags{"system_off", "required", "smp", "SE-OFF-01"};
	const struct {
		std::vector<std::string> wanted;
		bool chosen;
	} rows[] = {
		{{}, true},
		{{"smp"}, true},
		{{"race"}, false},
		{{"race,smp"}, true},
		{{"smp", "race"}, false},
		{{"smp", "required"}, true},
		{{"SE-OFF-*"}, true},
		{{"SE-*-02"}, false},
		{{"!race"}, true},
		{{"!smp"}, false},
		{{"smp", "!race"}, true},
		{{"!s*"}, false},
		{{"race,!smp,required"}, true},
		{{""}, false},
		{{"sm"}, false},
	};
	for (const auto &row : rows)
		EXPECT_EQ(chosen(tags, row.wanted), row.chosen) << (row.wanted.empty() ? "none" : row.wanted.front());
}

} // namespace
} // namespace exit24::model
