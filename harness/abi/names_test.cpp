// SPDX-License-Identifier: GPL-2.0-only
#include "abi/names.hpp"

#include "abi/kvm_run.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <linux/kvm.h>
#include <map>
#include <set>

namespace exit24::abi {
namespace {

const std::map<std::string, Names> tables = {
	{"exit_reasons", exit_reasons},
	{"system_event_types", system_event_types},
	{"mp_states", mp_states},
	{"capabilities", capabilities},
	{"vcpu_features", vcpu_features},
	{"values", values},
	{"errnos", errnos},
	{"core_registers", core_registers},
	{"ioctls", ioctls},
	{"other_registers", other_registers},
};

struct Row {
	Names names;
	const char *name;
	std::uint64_t value;
};

/// What a renumbering would break first. The tests repeat the numbers on purpose.
TEST(Names, NumbersAreFrozen)
{
	const Row rows[] = {
		{exit_reasons, "KVM_EXIT_UNKNOWN", 0},
		{exit_reasons, "KVM_EXIT_MMIO", 6},
		{exit_reasons, "KVM_EXIT_SHUTDOWN", 8},
		{exit_reasons, "KVM_EXIT_INTR", 10},
		{exit_reasons, "KVM_EXIT_SYSTEM_EVENT", 24},
		{exit_reasons, "KVM_EXIT_MEMORY_FAULT", 39},
		{system_event_types, "KVM_SYSTEM_EVENT_SHUTDOWN", 1},
		{system_event_types, "KVM_SYSTEM_EVENT_RESET", 2},
		{system_event_types, "KVM_SYSTEM_EVENT_CRASH", 3},
		{system_event_types, "KVM_SYSTEM_EVENT_WAKEUP", 4},
		{system_event_types, "KVM_SYSTEM_EVENT_SUSPEND", 5},
		{system_event_types, "KVM_SYSTEM_EVENT_SEV_TERM", 6},
		{system_event_types, "KVM_SYSTEM_EVENT_TDX_FATAL", 7},
		{mp_states, "KVM_MP_STATE_RUNNABLE", 0},
		{mp_states, "KVM_MP_STATE_STOPPED", 5},
		{mp_states, "KVM_MP_STATE_SUSPENDED", 10},
		{capabilities, "KVM_CAP_ARM_PSCI", 87},
		{capabilities, "KVM_CAP_ARM_PSCI_0_2", 102},
		{capabilities, "KVM_CAP_SYSTEM_EVENT_DATA", 215},
		{capabilities, "KVM_CAP_ARM_SYSTEM_SUSPEND", 216},
		{capabilities, "KVM_CAP_ARM_EL2", 240},
		{capabilities, "KVM_CAP_ARM_EL2_E2H0", 241},
		{vcpu_features, "KVM_ARM_VCPU_POWER_OFF", 0},
		{vcpu_features, "KVM_ARM_VCPU_PSCI_0_2", 2},
		{vcpu_features, "KVM_ARM_VCPU_HAS_EL2", 7},
		{vcpu_features, "KVM_ARM_VCPU_HAS_EL2_E2H0", 8},
		{values, "KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2", 1},
		{values, "KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2", 1},
		{core_registers, "x0", 0x6030000000100000},
		{core_registers, "x1", 0x6030000000100002},
		{core_registers, "x30", 0x603000000010003c},
		{core_registers, "sp", 0x603000000010003e},
		{core_registers, "pc", 0x6030000000100040},
		{core_registers, "pstate", 0x6030000000100042},
		{core_registers, "sp_el1", 0x6030000000100044},
	};
	for (const Row &row : rows)
		EXPECT_EQ(find(row.names, row.name), row.value) << row.name;
}

TEST(Names, PsciFunctionsAreThoseOfTheSpecification)
{
	EXPECT_EQ(find(values, "PSCI_0_2_FN_PSCI_VERSION"), 0x84000000u);
	EXPECT_EQ(find(values, "PSCI_0_2_FN_CPU_OFF"), 0x84000002u);
	EXPECT_EQ(find(values, "PSCI_0_2_FN_SYSTEM_OFF"), 0x84000008u);
	EXPECT_EQ(find(values, "PSCI_0_2_FN_SYSTEM_RESET"), 0x84000009u);
	EXPECT_EQ(find(values, "PSCI_1_0_FN_SYSTEM_SUSPEND"), 0x8400000eu);
	EXPECT_EQ(find(values, "PSCI_1_1_FN_SYSTEM_RESET2"), 0x84000012u);
	EXPECT_EQ(find(values, "PSCI_1_3_FN_SYSTEM_OFF2"), 0x84000015u);
	for (const Name &n : values) {
		const auto infix = n.name.find("_FN64_");
		if (infix == std::string_view::npos)
			continue;
		std::string narrow(n.name);
		narrow.replace(infix, 6, "_FN_");
		EXPECT_EQ(n.value, find(values, narrow).value_or(0) | 0x40000000) << n.name;
	}
}

TEST(Names, PsciResultsAreSignExtendedTo64Bits)
{
	EXPECT_EQ(find(values, "PSCI_RET_SUCCESS"), 0u);
	EXPECT_EQ(find(values, "PSCI_RET_NOT_SUPPORTED"), 0xffffffffffffffffu);
	EXPECT_EQ(find(values, "PSCI_RET_INVALID_PARAMS"), 0xfffffffffffffffeu);
	EXPECT_EQ(find(values, "PSCI_RET_INTERNAL_FAILURE"), 0xfffffffffffffffau);
	EXPECT_EQ(find(values, "PSCI_RET_INVALID_ADDRESS"), 0xfffffffffffffff7u);
	for (const Name &n : values) {
		if (n.name.starts_with("PSCI_RET_")) {
			EXPECT_LE(static_cast<std::int64_t>(n.value), 0) << n.name;
			EXPECT_GE(static_cast<std::int64_t>(n.value), -9) << n.name;
		}
	}
}

TEST(Names, CoreRegistersAreAllThereAndTwoWordsApart)
{
	ASSERT_EQ(core_registers.size(), 35u) << "x0 to x30, sp, pc, pstate, sp_el1";
	for (unsigned i = 0; i <= 30; i++)
		EXPECT_EQ(find(core_registers, "x" + std::to_string(i)),
			  0x6030000000100000 + 2 * i);
}

TEST(Names, OtherRegistersAreEncodedAsTheKernelDoes)
{
	const Row rows[] = {
		{other_registers, "mpidr_el1", 0x603000000013c005},
		{other_registers, "sctlr_el1", 0x603000000013c080},
		{other_registers, "tcr_el1", 0x603000000013c102},
		{other_registers, "mair_el1", 0x603000000013c510},
		{other_registers, "tpidr_el1", 0x603000000013c684},
		{other_registers, "hcr_el2", 0x603000000013e088},
		{other_registers, "psci_version", 0x6030000000140000},
		{other_registers, "std_bmap", 0x6030000000160000},
		{other_registers, "vendor_hyp_bmap", 0x6030000000160002},
	};
	for (const Row &row : rows)
		EXPECT_EQ(find(row.names, row.name), row.value) << row.name;
}

TEST(RegisterId, IsANameOfEitherTableOrANumber)
{
	EXPECT_EQ(register_id("x0"), 0x6030000000100000u);
	EXPECT_EQ(register_id("psci_version"), 0x6030000000140000u);
	EXPECT_EQ(register_id("0x6030000000140001"), 0x6030000000140001u);
	for (const char *text : {"", "x31", "X0", "ttbr1_el1x", "6030000000140000", "0x"})
		EXPECT_EQ(register_id(text), std::nullopt) << text;
	for (const Name &core : core_registers)
		EXPECT_EQ(find(other_registers, core.name), std::nullopt) << core.name;
}

TEST(ParseHex, TakesUpTo64BitsAndNothingElse)
{
	EXPECT_EQ(parse_hex("0x0"), 0u);
	EXPECT_EQ(parse_hex("0x1f"), 0x1fu);
	EXPECT_EQ(parse_hex("0xAbCd"), 0xabcdu);
	EXPECT_EQ(parse_hex("0x00000000000000ff"), 0xffu);
	EXPECT_EQ(parse_hex("0xffffffffffffffff"), 0xffffffffffffffffu);
	for (const char *text :
	     {"", "0", "0x", "1f", "0X1f", "x1", "0x1g", "0x1 ", " 0x1", "-0x1", "0x-1", "0x+1",
	      "0x1\n", "0x10000000000000000", "0x00000000000000000"})
		EXPECT_EQ(parse_hex(text), std::nullopt) << text;
}

TEST(Names, EachNameStandsOnceInItsTable)
{
	for (const auto &[table, names] : tables) {
		std::set<std::string_view> seen;
		EXPECT_FALSE(names.empty()) << table;
		for (const Name &n : names)
			EXPECT_TRUE(seen.insert(n.name).second)
				<< table << " has " << n.name << " twice";
	}
}

TEST(Names, EachNumberHasOneNameWhereItIsReadBack)
{
	for (const auto &[table, names] : tables) {
		if (table == "values")
			continue; // flags and results share small numbers
		std::set<std::uint64_t> seen;
		for (const Name &n : names)
			EXPECT_TRUE(seen.insert(n.value).second)
				<< table << " has " << n.value << " twice";
	}
	std::set<std::uint64_t> results;
	for (const Name &n : values) {
		if (n.value >> 31 != 0) { // results but SUCCESS, and function ids
			EXPECT_TRUE(results.insert(n.value).second) << n.name;
		}
	}
}

TEST(Names, LookupGoesBothWays)
{
	for (const auto &[table, names] : tables) {
		for (const Name &n : names) {
			EXPECT_EQ(find(names, n.name), n.value) << table;
			if (table != "values") {
				EXPECT_EQ(name_of(names, n.value), n.name) << table;
			}
		}
		EXPECT_EQ(find(names, "KVM_NO_SUCH_NAME"), std::nullopt);
		EXPECT_EQ(find(names, ""), std::nullopt);
		EXPECT_EQ(name_of(names, 0xdeadbeef), std::nullopt);
	}
	EXPECT_EQ(find(exit_reasons, "kvm_exit_mmio"), std::nullopt) << "names are never folded";
}

TEST(Names, DescriptionHasTheNumberBehindTheName)
{
	EXPECT_EQ(describe(exit_reasons, 24), "KVM_EXIT_SYSTEM_EVENT (24)");
	EXPECT_EQ(describe(system_event_types, 2), "KVM_SYSTEM_EVENT_RESET (2)");
	EXPECT_EQ(describe(values, 0xfffffffffffffffa),
		  "PSCI_RET_INTERNAL_FAILURE (0xfffffffffffffffa)");
	EXPECT_EQ(describe(errnos, 22), "EINVAL (22)");
	EXPECT_EQ(describe(errnos, 0), "OK (0)");
}

TEST(Names, DescriptionOfAnUnknownNumberIsTheNumber)
{
	EXPECT_EQ(describe(exit_reasons, 57), "57");
	EXPECT_EQ(describe(system_event_types, 4095), "4095");
	EXPECT_EQ(describe(system_event_types, 4096), "0x1000");
	EXPECT_EQ(describe(system_event_types, 0xa5a5a5a5), "0xa5a5a5a5");
	EXPECT_EQ(describe({}, 3), "3");
}

TEST(Names, UnwrittenExitReasonIsSaidToBeSo)
{
	EXPECT_EQ(describe(exit_reasons, poison_exit_reason), "not written");
	EXPECT_EQ(describe(system_event_types, poison_exit_reason), "0x5a5a5a5a")
		<< "only exit_reason is filled with it";
}

TEST(Names, NegativeOneIsAResultBeforeAnythingElse)
{
	EXPECT_EQ(name_of(values, 0xffffffffffffffff), "PSCI_RET_NOT_SUPPORTED");
	EXPECT_EQ(name_of(values, 0), "PSCI_RET_SUCCESS");
}

// The facts stay what they are when a header changes; this one agreed when it was installed. What
// differs by architecture is not asked.
TEST(Names, HostHeadersAgree)
{
	const Row rows[] = {
		{exit_reasons, "KVM_EXIT_MMIO", KVM_EXIT_MMIO},
		{exit_reasons, "KVM_EXIT_INTR", KVM_EXIT_INTR},
		{exit_reasons, "KVM_EXIT_FAIL_ENTRY", KVM_EXIT_FAIL_ENTRY},
		{exit_reasons, "KVM_EXIT_INTERNAL_ERROR", KVM_EXIT_INTERNAL_ERROR},
		{exit_reasons, "KVM_EXIT_SYSTEM_EVENT", KVM_EXIT_SYSTEM_EVENT},
		{exit_reasons, "KVM_EXIT_ARM_NISV", KVM_EXIT_ARM_NISV},
		{exit_reasons, "KVM_EXIT_NOTIFY", KVM_EXIT_NOTIFY},
		{system_event_types, "KVM_SYSTEM_EVENT_SHUTDOWN", KVM_SYSTEM_EVENT_SHUTDOWN},
		{system_event_types, "KVM_SYSTEM_EVENT_RESET", KVM_SYSTEM_EVENT_RESET},
		{system_event_types, "KVM_SYSTEM_EVENT_CRASH", KVM_SYSTEM_EVENT_CRASH},
		{system_event_types, "KVM_SYSTEM_EVENT_WAKEUP", KVM_SYSTEM_EVENT_WAKEUP},
		{system_event_types, "KVM_SYSTEM_EVENT_SUSPEND", KVM_SYSTEM_EVENT_SUSPEND},
		{system_event_types, "KVM_SYSTEM_EVENT_SEV_TERM", KVM_SYSTEM_EVENT_SEV_TERM},
		{mp_states, "KVM_MP_STATE_RUNNABLE", KVM_MP_STATE_RUNNABLE},
		{mp_states, "KVM_MP_STATE_STOPPED", KVM_MP_STATE_STOPPED},
		{mp_states, "KVM_MP_STATE_SUSPENDED", KVM_MP_STATE_SUSPENDED},
		{capabilities, "KVM_CAP_MP_STATE", KVM_CAP_MP_STATE},
		{capabilities, "KVM_CAP_ARM_PSCI", KVM_CAP_ARM_PSCI},
		{capabilities, "KVM_CAP_ARM_EL1_32BIT", KVM_CAP_ARM_EL1_32BIT},
		{capabilities, "KVM_CAP_ARM_PSCI_0_2", KVM_CAP_ARM_PSCI_0_2},
		{capabilities, "KVM_CAP_IMMEDIATE_EXIT", KVM_CAP_IMMEDIATE_EXIT},
		{capabilities, "KVM_CAP_SYSTEM_EVENT_DATA", KVM_CAP_SYSTEM_EVENT_DATA},
		{capabilities, "KVM_CAP_ARM_SYSTEM_SUSPEND", KVM_CAP_ARM_SYSTEM_SUSPEND},
		{capabilities, "KVM_CAP_EXIT_HYPERCALL", KVM_CAP_EXIT_HYPERCALL},
		{ioctls, "KVM_GET_API_VERSION", KVM_GET_API_VERSION},
		{ioctls, "KVM_CREATE_VM", KVM_CREATE_VM},
		{ioctls, "KVM_CHECK_EXTENSION", KVM_CHECK_EXTENSION},
		{ioctls, "KVM_GET_VCPU_MMAP_SIZE", KVM_GET_VCPU_MMAP_SIZE},
		{ioctls, "KVM_CREATE_VCPU", KVM_CREATE_VCPU},
		{ioctls, "KVM_IRQ_LINE", KVM_IRQ_LINE},
		{ioctls, "KVM_RUN", KVM_RUN},
		{ioctls, "KVM_GET_MP_STATE", KVM_GET_MP_STATE},
		{ioctls, "KVM_SET_MP_STATE", KVM_SET_MP_STATE},
		{ioctls, "KVM_SET_VCPU_EVENTS", KVM_SET_VCPU_EVENTS},
		{ioctls, "KVM_ENABLE_CAP", KVM_ENABLE_CAP},
		{ioctls, "KVM_GET_ONE_REG", KVM_GET_ONE_REG},
		{ioctls, "KVM_SET_ONE_REG", KVM_SET_ONE_REG},
		{ioctls, "KVM_SET_DEVICE_ATTR", KVM_SET_DEVICE_ATTR},
		{ioctls, "KVM_GET_DEVICE_ATTR", KVM_GET_DEVICE_ATTR},
		{ioctls, "KVM_HAS_DEVICE_ATTR", KVM_HAS_DEVICE_ATTR},
		{errnos, "EPERM", EPERM},
		{errnos, "ENOENT", ENOENT},
		{errnos, "EINTR", EINTR},
		{errnos, "EIO", EIO},
		{errnos, "E2BIG", E2BIG},
		{errnos, "ENOEXEC", ENOEXEC},
		{errnos, "EBADF", EBADF},
		{errnos, "EAGAIN", EAGAIN},
		{errnos, "ENOMEM", ENOMEM},
		{errnos, "EACCES", EACCES},
		{errnos, "EFAULT", EFAULT},
		{errnos, "EBUSY", EBUSY},
		{errnos, "EEXIST", EEXIST},
		{errnos, "ENODEV", ENODEV},
		{errnos, "EINVAL", EINVAL},
		{errnos, "ENOTTY", ENOTTY},
		{errnos, "ENOSPC", ENOSPC},
		{errnos, "ENOSYS", ENOSYS},
		{errnos, "EOPNOTSUPP", EOPNOTSUPP},
	};
	for (const Row &row : rows)
		EXPECT_EQ(find(row.names, row.name), row.value) << row.name;
}

} // namespace
} // namespace exit24::abi
