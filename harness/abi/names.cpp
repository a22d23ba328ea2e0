// SPDX-License-Identifier: GPL-2.0-only
#include "abi/names.hpp"

#include "abi/kvm_run.hpp"
#include "base/runs.hpp"

#include <charconv>

namespace exit24::abi {

static constexpr Name exit_reason_table[] = {
	{"KVM_EXIT_UNKNOWN", 0},
	{"KVM_EXIT_EXCEPTION", 1},
	{"KVM_EXIT_IO", 2},
	{"KVM_EXIT_HYPERCALL", 3},
	{"KVM_EXIT_DEBUG", 4},
	{"KVM_EXIT_HLT", 5},
	{"KVM_EXIT_MMIO", 6},
	{"KVM_EXIT_IRQ_WINDOW_OPEN", 7},
	{"KVM_EXIT_SHUTDOWN", 8},
	{"KVM_EXIT_FAIL_ENTRY", 9},
	{"KVM_EXIT_INTR", 10},
	{"KVM_EXIT_SET_TPR", 11},
	{"KVM_EXIT_TPR_ACCESS", 12},
	{"KVM_EXIT_S390_SIEIC", 13},
	{"KVM_EXIT_S390_RESET", 14},
	{"KVM_EXIT_DCR", 15},
	{"KVM_EXIT_NMI", 16},
	{"KVM_EXIT_INTERNAL_ERROR", 17},
	{"KVM_EXIT_OSI", 18},
	{"KVM_EXIT_PAPR_HCALL", 19},
	{"KVM_EXIT_S390_UCONTROL", 20},
	{"KVM_EXIT_WATCHDOG", 21},
	{"KVM_EXIT_S390_TSCH", 22},
	{"KVM_EXIT_EPR", 23},
	{"KVM_EXIT_SYSTEM_EVENT", 24},
	{"KVM_EXIT_S390_STSI", 25},
	{"KVM_EXIT_IOAPIC_EOI", 26},
	{"KVM_EXIT_HYPERV", 27},
	{"KVM_EXIT_ARM_NISV", 28},
	{"KVM_EXIT_X86_RDMSR", 29},
	{"KVM_EXIT_X86_WRMSR", 30},
	{"KVM_EXIT_DIRTY_RING_FULL", 31},
	{"KVM_EXIT_AP_RESET_HOLD", 32},
	{"KVM_EXIT_X86_BUS_LOCK", 33},
	{"KVM_EXIT_XEN", 34},
	{"KVM_EXIT_RISCV_SBI", 35},
	{"KVM_EXIT_RISCV_CSR", 36},
	{"KVM_EXIT_NOTIFY", 37},
	{"KVM_EXIT_LOONGARCH_IOCSR", 38},
	{"KVM_EXIT_MEMORY_FAULT", 39},
	{"KVM_EXIT_TDX", 40},
	{"KVM_EXIT_ARM_SEA", 41},
	{"KVM_EXIT_ARM_LDST64B", 42},
	{"KVM_EXIT_SNP_REQ_CERTS", 43},
};
static constexpr Name system_event_type_table[] = {
	{"KVM_SYSTEM_EVENT_SHUTDOWN", 1}, {"KVM_SYSTEM_EVENT_RESET", 2},
	{"KVM_SYSTEM_EVENT_CRASH", 3},    {"KVM_SYSTEM_EVENT_WAKEUP", 4},
	{"KVM_SYSTEM_EVENT_SUSPEND", 5},  {"KVM_SYSTEM_EVENT_SEV_TERM", 6},
	{"KVM_SYSTEM_EVENT_TDX_FATAL", 7},
};
static constexpr Name mp_state_table[] = {
	{"KVM_MP_STATE_RUNNABLE", 0},
	{"KVM_MP_STATE_STOPPED", 5},
	{"KVM_MP_STATE_SUSPENDED", 10},
};
static constexpr Name capability_table[] = {
	{"KVM_CAP_MP_STATE", 14},
	{"KVM_CAP_ARM_PSCI", 87},
	{"KVM_CAP_ARM_EL1_32BIT", 93},
	{"KVM_CAP_ARM_PSCI_0_2", 102},
	{"KVM_CAP_IMMEDIATE_EXIT", 136},
	{"KVM_CAP_SYSTEM_EVENT_DATA", 215},
	{"KVM_CAP_ARM_SYSTEM_SUSPEND", 216},
	{"KVM_CAP_EXIT_HYPERCALL", 201},
	{"KVM_CAP_ARM_EL2", 240},
	{"KVM_CAP_ARM_EL2_E2H0", 241},
};
static constexpr Name vcpu_feature_table[] = {
	{"KVM_ARM_VCPU_POWER_OFF", 0},
	{"KVM_ARM_VCPU_EL1_32BIT", 1},
	{"KVM_ARM_VCPU_PSCI_0_2", 2},
	{"KVM_ARM_VCPU_HAS_EL2", 7},
	{"KVM_ARM_VCPU_HAS_EL2_E2H0", 8},
};

// PSCI results are 64-bit and sign-extended in x0.
static constexpr std::uint64_t minus(std::uint64_t n)
{
	return ~n + 1;
}

// Results first: name_of() names -1 a result before anything else.
static constexpr Name value_table[] = {
	{"PSCI_RET_SUCCESS", 0},
	{"PSCI_RET_NOT_SUPPORTED", minus(1)},
	{"PSCI_RET_INVALID_PARAMS", minus(2)},
	{"PSCI_RET_DENIED", minus(3)},
	{"PSCI_RET_ALREADY_ON", minus(4)},
	{"PSCI_RET_ON_PENDING", minus(5)},
	{"PSCI_RET_INTERNAL_FAILURE", minus(6)},
	{"PSCI_RET_NOT_PRESENT", minus(7)},
	{"PSCI_RET_DISABLED", minus(8)},
	{"PSCI_RET_INVALID_ADDRESS", minus(9)},
	{"PSCI_0_2_FN_PSCI_VERSION", 0x84000000},
	{"PSCI_0_2_FN_CPU_SUSPEND", 0x84000001},
	{"PSCI_0_2_FN64_CPU_SUSPEND", 0xc4000001},
	{"PSCI_0_2_FN_CPU_OFF", 0x84000002},
	{"PSCI_0_2_FN_CPU_ON", 0x84000003},
	{"PSCI_0_2_FN64_CPU_ON", 0xc4000003},
	{"PSCI_0_2_FN_AFFINITY_INFO", 0x84000004},
	{"PSCI_0_2_FN64_AFFINITY_INFO", 0xc4000004},
	{"PSCI_0_2_FN_MIGRATE", 0x84000005},
	{"PSCI_0_2_FN64_MIGRATE", 0xc4000005},
	{"PSCI_0_2_FN_MIGRATE_INFO_TYPE", 0x84000006},
	{"PSCI_0_2_FN_MIGRATE_INFO_UP_CPU", 0x84000007},
	{"PSCI_0_2_FN64_MIGRATE_INFO_UP_CPU", 0xc4000007},
	{"PSCI_1_0_FN_PSCI_FEATURES", 0x8400000a},
	{"PSCI_0_2_FN_SYSTEM_OFF", 0x84000008},
	{"PSCI_0_2_FN_SYSTEM_RESET", 0x84000009},
	{"PSCI_1_0_FN_SYSTEM_SUSPEND", 0x8400000e},
	{"PSCI_1_0_FN64_SYSTEM_SUSPEND", 0xc400000e},
	{"PSCI_1_1_FN_SYSTEM_RESET2", 0x84000012},
	{"PSCI_1_1_FN64_SYSTEM_RESET2", 0xc4000012},
	{"PSCI_1_3_FN_SYSTEM_OFF2", 0x84000015},
	{"PSCI_1_3_FN64_SYSTEM_OFF2", 0xc4000015},
	{"KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2", 1},
	{"KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2", 1},
};
static constexpr Name errno_table[] = {
	{"OK", 0},       {"EPERM", 1},   {"ENOENT", 2},  {"EINTR", 4},   {"EIO", 5},     {"ENXIO", 6},   {"E2BIG", 7},
	{"ENOEXEC", 8},  {"EBADF", 9},   {"EAGAIN", 11}, {"ENOMEM", 12}, {"EACCES", 13}, {"EFAULT", 14},
	{"EBUSY", 16},   {"EEXIST", 17}, {"ENODEV", 19}, {"EINVAL", 22}, {"ENOTTY", 25}, {"ENOSPC", 28},
	{"ENOSYS", 38},  {"EOPNOTSUPP", 95},
};

// KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | index in 32-bit words of struct kvm_regs
static constexpr std::uint64_t core(std::uint64_t byte_offset)
{
	return 0x6030000000100000 | byte_offset / 4;
}

static constexpr Name core_register_table[] = {
	{"x0", core(0)},      {"x1", core(8)},      {"x2", core(16)},     {"x3", core(24)},
	{"x4", core(32)},     {"x5", core(40)},     {"x6", core(48)},     {"x7", core(56)},
	{"x8", core(64)},     {"x9", core(72)},     {"x10", core(80)},    {"x11", core(88)},
	{"x12", core(96)},    {"x13", core(104)},   {"x14", core(112)},   {"x15", core(120)},
	{"x16", core(128)},   {"x17", core(136)},   {"x18", core(144)},   {"x19", core(152)},
	{"x20", core(160)},   {"x21", core(168)},   {"x22", core(176)},   {"x23", core(184)},
	{"x24", core(192)},   {"x25", core(200)},   {"x26", core(208)},   {"x27", core(216)},
	{"x28", core(224)},   {"x29", core(232)},   {"x30", core(240)},   {"sp", core(248)},
	{"pc", core(256)},    {"pstate", core(264)}, {"sp_el1", core(272)},
};

// KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM64_SYSREG | op0, op1, CRn, CRm, op2
static constexpr std::uint64_t sysreg(unsigned op0, unsigned op1, unsigned crn, unsigned crm, unsigned op2)
{
	return 0x6030000000130000 | op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2;
}

static constexpr Name other_register_table[] = {
	{"mpidr_el1", sysreg(3, 0, 0, 0, 5)},
	{"sctlr_el1", sysreg(3, 0, 1, 0, 0)},
	{"ttbr0_el1", sysreg(3, 0, 2, 0, 0)},
	{"tcr_el1", sysreg(3, 0, 2, 0, 2)},
	{"mair_el1", sysreg(3, 0, 10, 2, 0)},
	{"vbar_el1", sysreg(3, 0, 12, 0, 0)},
	{"tpidr_el1", sysreg(3, 0, 13, 0, 4)},
	{"sctlr_el2", sysreg(3, 4, 1, 0, 0)},
	{"hcr_el2", sysreg(3, 4, 1, 1, 0)},
	{"vbar_el2", sysreg(3, 4, 12, 0, 0)},
	// KVM_REG_ARM_FW: firmware pseudo-registers
	{"psci_version", 0x6030000000140000},
	// KVM_REG_ARM_FW_FEAT_BMAP: which services there are
	{"std_bmap", 0x6030000000160000},
	{"std_hyp_bmap", 0x6030000000160001},
	{"vendor_hyp_bmap", 0x6030000000160002},
	{"vendor_hyp_bmap_2", 0x6030000000160003},
};

static constexpr Name ioctl_table[] = {
	{"KVM_GET_API_VERSION", 0xae00},
	{"KVM_CREATE_VM", 0xae01},
	{"KVM_CHECK_EXTENSION", 0xae03},
	{"KVM_GET_VCPU_MMAP_SIZE", 0xae04},
	{"KVM_CREATE_VCPU", 0xae41},
	{"KVM_IRQ_LINE", 0x4008ae61},
	{"KVM_RUN", 0xae80},
	{"KVM_GET_REGS", 0x8360ae81},
	{"KVM_SET_REGS", 0x4360ae82},
	{"KVM_GET_MP_STATE", 0x8004ae98},
	{"KVM_SET_MP_STATE", 0x4004ae99},
	{"KVM_SET_GUEST_DEBUG", 0x4208ae9b},
	{"KVM_SET_VCPU_EVENTS", 0x4040aea0},
	{"KVM_ENABLE_CAP", 0x4068aea3},
	{"KVM_GET_ONE_REG", 0x4010aeab},
	{"KVM_SET_ONE_REG", 0x4010aeac},
	{"KVM_ARM_VCPU_INIT", 0x4020aeae},
	{"KVM_ARM_PREFERRED_TARGET", 0x8020aeaf},
	{"KVM_SET_DEVICE_ATTR", 0x4018aee1},
	{"KVM_GET_DEVICE_ATTR", 0x4018aee2},
	{"KVM_HAS_DEVICE_ATTR", 0x4018aee3},
};

const Names exit_reasons = exit_reason_table;
const Names system_event_types = system_event_type_table;
const Names mp_states = mp_state_table;
const Names capabilities = capability_table;
const Names vcpu_features = vcpu_feature_table;
const Names values = value_table;
const Names errnos = errno_table;
const Names core_registers = core_register_table;
const Names other_registers = other_register_table;
const Names ioctls = ioctl_table;

std::optional<std::uint64_t> find(Names names, std::string_view name)
{
	for (const Name &n : names)
		if (n.name == name)
			return n.value;
	return std::nullopt;
}

std::optional<std::uint64_t> parse_hex(std::string_view text)
{
	std::uint64_t number = 0;
	if (text.size() < 3 || text.size() > 18 || !text.starts_with("0x"))
		return std::nullopt;
	const auto r = std::from_chars(text.data() + 2, text.data() + text.size(), number, 16);
	if (r.ec != std::errc() || r.ptr != text.data() + text.size())
		return std::nullopt;
	return number;
}

std::optional<std::uint64_t> register_id(std::string_view name)
{
	for (const Names names : {core_registers, other_registers})
		if (const auto id = find(names, name))
			return id;
	return parse_hex(name);
}

std::optional<std::string_view> name_of(Names names, std::uint64_t value)
{
	for (const Name &n : names)
		if (n.value == value)
			return n.name;
	return std::nullopt;
}

std::string describe(Names names, std::uint64_t value)
{
	if (names.data() == exit_reasons.data() && value == poison_exit_reason)
		return "not written";
	const std::string number = value < 4096 ? std::to_string(value) : hex(value);
	if (const auto name = name_of(names, value))
		return std::string(*name) + " (" + number + ")";
	return number;
}

} // namespace exit24::abi
