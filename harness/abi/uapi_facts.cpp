// SPDX-License-Identifier: GPL-2.0-only
#include "abi/uapi_facts.hpp"

#include "abi/kvm_run.hpp"
#include "base/runs.hpp"

#include <algorithm>
#include <array>

namespace exit24::abi {

namespace {

constexpr std::string_view kvm_h = "linux/kvm.h";
constexpr std::string_view arch_h = "asm/kvm.h";
constexpr std::string_view psci_h = "linux/psci.h";

constexpr Release v5_18 = {
	5, 18}; // data[] in system_event, from the text of the commit that brought it
constexpr Release v6_1 = {6, 1};
constexpr Release v6_12 = {6, 12};
constexpr Release v7_3 = {7, 3};

struct Newcomer {
	std::string_view name;
	Release by;
};

/// What is not as old as KVM_EXIT_SYSTEM_EVENT. A name that is added to a table of names.cpp and that old kernels do
/// not have belongs here, too; so does one that is added below.
constexpr Newcomer newcomers[] = {
	{"KVM_EXIT_S390_STSI", v6_1},
	{"KVM_EXIT_IOAPIC_EOI", v6_1},
	{"KVM_EXIT_HYPERV", v6_1},
	{"KVM_EXIT_ARM_NISV", v6_1},
	{"KVM_EXIT_X86_RDMSR", v6_1},
	{"KVM_EXIT_X86_WRMSR", v6_1},
	{"KVM_EXIT_DIRTY_RING_FULL", v6_1},
	{"KVM_EXIT_AP_RESET_HOLD", v6_1},
	{"KVM_EXIT_X86_BUS_LOCK", v6_1},
	{"KVM_EXIT_XEN", v6_1},
	{"KVM_EXIT_RISCV_SBI", v6_1},
	{"KVM_EXIT_RISCV_CSR", v6_1},
	{"KVM_EXIT_NOTIFY", v6_1},
	{"KVM_EXIT_LOONGARCH_IOCSR", v6_12},
	{"KVM_EXIT_MEMORY_FAULT", v6_12},
	{"KVM_EXIT_TDX", v7_3},
	{"KVM_EXIT_ARM_SEA", v7_3},
	{"KVM_EXIT_ARM_LDST64B", v7_3},
	{"KVM_EXIT_SNP_REQ_CERTS", v7_3},
	{"KVM_SYSTEM_EVENT_CRASH", v6_1},
	{"KVM_SYSTEM_EVENT_WAKEUP", v6_1},
	{"KVM_SYSTEM_EVENT_SUSPEND", v6_1},
	{"KVM_SYSTEM_EVENT_SEV_TERM", v6_1},
	{"KVM_SYSTEM_EVENT_TDX_FATAL", v7_3},
	{"KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2", v6_1},
	{"KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2", v7_3},
	{"KVM_MP_STATE_STOPPED", v6_1},
	{"KVM_MP_STATE_CHECK_STOP", v6_1},
	{"KVM_MP_STATE_OPERATING", v6_1},
	{"KVM_MP_STATE_LOAD", v6_1},
	{"KVM_MP_STATE_AP_RESET_HOLD", v6_1},
	{"KVM_MP_STATE_SUSPENDED", v6_1},
	{"KVM_CAP_IMMEDIATE_EXIT", v6_1},
	{"KVM_CAP_EXIT_HYPERCALL", v6_1},
	{"KVM_CAP_SYSTEM_EVENT_DATA", v6_1},
	{"KVM_CAP_ARM_SYSTEM_SUSPEND", v6_1},
	{"KVM_CAP_ARM_EL2", v7_3},
	{"KVM_CAP_ARM_EL2_E2H0", v7_3},
	{"KVM_ARM_VCPU_HAS_EL2", v6_12},
	{"KVM_ARM_VCPU_HAS_EL2_E2H0", v7_3},
	{"KVM_SET_GUEST_DEBUG", v6_1},
	{"KVM_GET_VCPU_EVENTS", v6_1},
	{"KVM_SET_VCPU_EVENTS", v6_1},
	{"PSCI_1_0_FN_PSCI_FEATURES", v6_1},
	{"PSCI_1_0_FN_SYSTEM_SUSPEND", v6_1},
	{"PSCI_1_0_FN64_SYSTEM_SUSPEND", v6_1},
	{"PSCI_1_1_FN_SYSTEM_RESET2", v6_1},
	{"PSCI_1_1_FN64_SYSTEM_RESET2", v6_1},
	{"PSCI_1_3_FN_SYSTEM_OFF2", v7_3},
	{"PSCI_1_3_FN64_SYSTEM_OFF2", v7_3},
	{"PSCI_RET_INVALID_ADDRESS", v6_1},
	{"PSCI_1_1_RESET_TYPE_SYSTEM_WARM_RESET", v6_1},
	{"PSCI_1_1_RESET_TYPE_VENDOR_START", v6_1},
	{"PSCI_1_3_OFF_TYPE_HIBERNATE_OFF", v7_3},
	{"PSCI_VERSION(1, 3)", v6_1},
	{"KVM_ARM_VM_SMCCC_CTRL", v6_12},
	{"KVM_ARM_VM_SMCCC_FILTER", v6_12},
	{"KVM_SMCCC_FILTER_HANDLE", v6_12},
	{"KVM_SMCCC_FILTER_DENY", v6_12},
	{"KVM_SMCCC_FILTER_FWD_TO_USER", v6_12},
	{"KVM_HYPERCALL_EXIT_SMC", v6_12},
	{"KVM_HYPERCALL_EXIT_16BIT", v6_12},
	{"KVM_DEV_TYPE_ARM_VGIC_V3", v6_1},
	{"KVM_DEV_ARM_VGIC_GRP_CTRL", v6_1},
	{"KVM_DEV_ARM_VGIC_CTRL_INIT", v6_1},
	{"KVM_VGIC_V3_ADDR_TYPE_DIST", v6_1},
	{"KVM_VGIC_V3_ADDR_TYPE_REDIST", v6_1},
};

Release came_by(std::string_view name)
{
	for (const Newcomer &n : newcomers)
		if (n.name == name)
			return n.by;
	return {};
}

// KVM_PSCI_RET_* and PSCI_RET_* are negative ints.
constexpr std::uint64_t minus(std::uint64_t n)
{
	return ~n + 1;
}

/// Constants that names.cpp has no use for, but the contract or the agent has.
constexpr Name more_mp_states[] = {
	{"KVM_MP_STATE_UNINITIALIZED", 1}, {"KVM_MP_STATE_INIT_RECEIVED", 2},
	{"KVM_MP_STATE_HALTED", 3},        {"KVM_MP_STATE_SIPI_RECEIVED", 4},
	{"KVM_MP_STATE_CHECK_STOP", 6},    {"KVM_MP_STATE_OPERATING", 7},
	{"KVM_MP_STATE_LOAD", 8},          {"KVM_MP_STATE_AP_RESET_HOLD", 9},
};
constexpr Name more_ioctls[] = {
	{"KVM_API_VERSION", 12},
	{"KVM_SET_USER_MEMORY_REGION", 0x4020ae46},
	{"KVM_SET_SIGNAL_MASK", 0x4004ae8b},
	{"KVM_GET_REG_LIST", 0xc008aeb0},
	{"KVM_CREATE_DEVICE", 0xc00caee0},
};
constexpr Name more_psci[] = {
	{"PSCI_0_2_FN_BASE", 0x84000000},
	{"PSCI_0_2_64BIT", 0x40000000},
	{"PSCI_0_2_FN64_BASE", 0xc4000000},
	{"PSCI_0_2_AFFINITY_LEVEL_ON", 0},
	{"PSCI_0_2_AFFINITY_LEVEL_OFF", 1},
	{"PSCI_0_2_AFFINITY_LEVEL_ON_PENDING", 2},
	{"PSCI_0_2_TOS_UP_MIGRATE", 0},
	{"PSCI_0_2_TOS_UP_NO_MIGRATE", 1},
	{"PSCI_0_2_TOS_MP", 2},
	{"PSCI_1_1_RESET_TYPE_SYSTEM_WARM_RESET", 0},
	{"PSCI_1_1_RESET_TYPE_VENDOR_START", 0x80000000},
	{"PSCI_1_3_OFF_TYPE_HIBERNATE_OFF", 1},
	{"PSCI_VERSION_MAJOR(0x10003)", 1},
	{"PSCI_VERSION_MINOR(0x10003)", 3},
	{"PSCI_VERSION(1, 3)", 0x10003},
};
constexpr Name psci_0_1[] = {
	{"KVM_PSCI_FN_BASE", 0x95c1ba5e},    {"KVM_PSCI_FN_CPU_SUSPEND", 0x95c1ba5e},
	{"KVM_PSCI_FN_CPU_OFF", 0x95c1ba5f}, {"KVM_PSCI_FN_CPU_ON", 0x95c1ba60},
	{"KVM_PSCI_FN_MIGRATE", 0x95c1ba61}, {"KVM_PSCI_RET_SUCCESS", 0},
	{"KVM_PSCI_RET_NI", minus(1)},       {"KVM_PSCI_RET_INVAL", minus(2)},
	{"KVM_PSCI_RET_DENIED", minus(3)},
};
constexpr Name smccc_filter[] = {
	{"KVM_ARM_VM_SMCCC_CTRL", 0},        {"KVM_ARM_VM_SMCCC_FILTER", 0},
	{"KVM_SMCCC_FILTER_HANDLE", 0},      {"KVM_SMCCC_FILTER_DENY", 1},
	{"KVM_SMCCC_FILTER_FWD_TO_USER", 2}, {"KVM_HYPERCALL_EXIT_SMC", 1},
	{"KVM_HYPERCALL_EXIT_16BIT", 2},
};
constexpr Name gic_devices[] = {
	{"KVM_DEV_TYPE_ARM_VGIC_V2", 5},
	{"KVM_DEV_TYPE_ARM_VGIC_V3", 7},
};
constexpr Name gic_attributes[] = {
	{"KVM_DEV_ARM_VGIC_GRP_ADDR", 0},    {"KVM_DEV_ARM_VGIC_GRP_CTRL", 4},
	{"KVM_DEV_ARM_VGIC_CTRL_INIT", 0},   {"KVM_VGIC_V2_ADDR_TYPE_DIST", 0},
	{"KVM_VGIC_V2_ADDR_TYPE_CPU", 1},    {"KVM_VGIC_V3_ADDR_TYPE_DIST", 2},
	{"KVM_VGIC_V3_ADDR_TYPE_REDIST", 3},
};

std::vector<Fact> constants(Names names, std::string_view rule = {})
{
	std::vector<Fact> facts;
	for (const Name &n : names)
		facts.push_back(
			{std::string(n.name), std::string(n.name), n.value, came_by(n.name), rule});
	return facts;
}

std::vector<Fact> operator+(std::vector<Fact> a, const std::vector<Fact> &b)
{
	a.insert(a.end(), b.begin(), b.end());
	return a;
}

/// The members of one struct, and how large it is.
class Layout {
public:
	Layout(std::string type, Release by = {}) : type_(std::move(type)), by_(by) {}

	Layout &size(std::uint64_t bytes, std::string_view rule = {})
	{
		facts.push_back({"size of " + type_, "sizeof(" + type_ + ")", bytes, by_, rule});
		return *this;
	}
	/// `path` is at `offset`; with `bytes`, its size too. Without the member `needs` there is nothing to compare.
	Layout &member(const std::string &path, std::uint64_t offset, std::uint64_t bytes = 0,
		       std::string_view rule = {}, Release by = {}, const std::string &needs = "")
	{
		const std::string of =
			path + (needs.empty() ? "" : " with " + needs) + " of " + type_;
		const auto size_of = [this](const std::string &p) {
			return "sizeof(((" + type_ + " *)0)->" + p + ")";
		};
		const std::string also = needs.empty() ? "" : " + 0 * " + size_of(needs);
		by = std::max(by, by_);
		facts.push_back({"offset of " + of,
				 "__builtin_offsetof(" + type_ + ", " + path + ")" + also, offset,
				 by, rule});
		if (bytes)
			facts.push_back({"size of " + of, size_of(path) + also, bytes, by, rule});
		return *this;
	}

	std::vector<Fact> facts;

private:
	std::string type_;
	Release by_;
};

std::vector<Fact> kvm_run_facts()
{
	Layout run("struct kvm_run");
	run.size(kvm_run_size, "SE-HDR-04")
		.member("immediate_exit", immediate_exit_offset, 1, "SE-HDR-04", v6_1)
		.member("exit_reason", exit_reason_offset, 4, "SE-HDR-04")
		.member("flags", flags_offset, 2, "SE-HDR-04", v6_1)
		.member("hw", exit_union_offset, 0, "SE-HDR-04")
		.member("padding", exit_union_offset, exit_union_size, "SE-HDR-08")
		.member("kvm_valid_regs", exit_union_offset + exit_union_size, 8, "SE-HDR-08")
		.member("kvm_dirty_regs", exit_union_offset + exit_union_size + 8, 8, "SE-HDR-08")
		.member("s", sync_regs_offset, kvm_run_size - sync_regs_offset, "SE-HDR-08", v6_1)
		.member("s.regs.device_irq_level", sync_regs_offset, sync_regs_size, "SE-HDR-08",
			v6_1);
	return run.facts;
}

std::vector<Fact> system_event_facts()
{
	Layout run("struct kvm_run");
	run.member("system_event.type", system_event_type_offset, 4, "SE-HDR-05")
		.member("system_event.ndata", system_event_ndata_offset, 4, "SE-HDR-05", v5_18)
		.member("system_event.data", system_event_data_offset, 8 * system_event_data_words,
			"SE-HDR-05", v5_18)
		.member("system_event.data[0]", system_event_data_offset, 8, "SE-HDR-05", v5_18)
		.member("system_event.flags", system_event_data_offset, 8, "SE-HDR-06")
		.member("system_event", system_event_type_offset, system_event_size, "SE-HDR-05",
			v5_18, "system_event.ndata");
	// What a program of 2013 has compiled in, laid over today's struct.
	const std::string overlay =
		"__builtin_offsetof(union { struct { __u32 type; __u64 flags; } of_2013; "
		"__typeof__(((struct kvm_run *)0)->system_event) now; }, ";
	return run.facts + std::vector<Fact>{
				   {"offset of type in the system_event of 2013",
				    overlay + "of_2013.type)",
				    0,
				    {},
				    "SE-HDR-07"},
				   {"offset of type in today's system_event",
				    overlay + "now.type)",
				    0,
				    {},
				    "SE-HDR-07"},
				   {"offset of flags in the system_event of 2013",
				    overlay + "of_2013.flags)",
				    8,
				    {},
				    "SE-HDR-07"},
				   {"offset of flags in today's system_event",
				    overlay + "now.flags)",
				    8,
				    {},
				    "SE-HDR-07"},
				   {"offset of data[0] in today's system_event",
				    overlay + "now.data[0])", 8, v5_18, "SE-HDR-07"},
			   };
}

std::vector<Fact> other_exit_facts()
{
	Layout run("struct kvm_run");
	run.member("mmio.phys_addr", mmio_phys_addr_offset, 8)
		.member("mmio.data", mmio_data_offset, 8)
		.member("mmio.len", mmio_len_offset, 4)
		.member("mmio.is_write", mmio_is_write_offset, 1)
		.member("hypercall.nr", hypercall_nr_offset, 8, "SE-HDR-15")
		.member("hypercall.args", hypercall_args_offset, 48, "SE-HDR-15")
		.member("hypercall.ret", hypercall_ret_offset, 8, "SE-HDR-15")
		.member("hypercall.longmode", hypercall_flags_offset, 4, "SE-HDR-15")
		.member("hypercall.flags", hypercall_flags_offset, 8, "SE-HDR-15", v6_12)
		.member("hypercall", hypercall_nr_offset, 72, "SE-HDR-15");
	return run.facts;
}

std::vector<Fact> argument_facts()
{
	std::vector<Fact> facts = Layout("struct kvm_mp_state")
					  .size(4, "SE-HDR-14")
					  .member("mp_state", 0, 4, "SE-HDR-14")
					  .facts;
	for (const Layout &layout : {
		     Layout("struct kvm_vcpu_init")
			     .size(32)
			     .member("target", 0, 4)
			     .member("features", 4, 28),
		     Layout("struct kvm_one_reg").size(16).member("id", 0, 8).member("addr", 8, 8),
		     Layout("struct kvm_enable_cap")
			     .size(104)
			     .member("cap", 0, 4)
			     .member("flags", 4, 4)
			     .member("args", 8, 32),
		     Layout("struct kvm_create_device")
			     .size(12)
			     .member("type", 0, 4)
			     .member("fd", 4, 4)
			     .member("flags", 8, 4),
		     Layout("struct kvm_device_attr")
			     .size(24)
			     .member("flags", 0, 4)
			     .member("group", 4, 4)
			     .member("attr", 8, 8)
			     .member("addr", 16, 8),
		     Layout("struct kvm_userspace_memory_region")
			     .size(32)
			     .member("slot", 0, 4)
			     .member("flags", 4, 4)
			     .member("guest_phys_addr", 8, 8)
			     .member("memory_size", 16, 8)
			     .member("userspace_addr", 24, 8),
		     Layout("struct kvm_smccc_filter", v6_12)
			     .size(24)
			     .member("base", 0, 4)
			     .member("nr_functions", 4, 4)
			     .member("action", 8, 1)
			     .member("pad", 9, 15),
	     })
		facts = std::move(facts) + layout.facts;
	return facts;
}

/// "KVM_REG_ARM_CORE_REG(regs.regs[0])" for x0
std::string core_member(std::string_view reg)
{
	if (reg.size() > 1 && reg[0] == 'x')
		return "regs.regs[" + std::string(reg.substr(1)) + "]";
	return (reg == "sp" || reg == "pc" || reg == "pstate" ? "regs." : "") + std::string(reg);
}

std::vector<Fact> register_facts()
{
	struct Firmware {
		std::string_view reg, name;
		Release by;
	};
	static constexpr Firmware firmware[] = {
		{"psci_version", "KVM_REG_ARM_PSCI_VERSION", v6_1},
		{"std_bmap", "KVM_REG_ARM_STD_BMAP", v6_1},
		{"std_hyp_bmap", "KVM_REG_ARM_STD_HYP_BMAP", v6_1},
		{"vendor_hyp_bmap", "KVM_REG_ARM_VENDOR_HYP_BMAP", v6_1},
		{"vendor_hyp_bmap_2", "KVM_REG_ARM_VENDOR_HYP_BMAP_2", v7_3},
	};
	std::vector<Fact> facts;
	for (const Name &n : core_registers)
		facts.push_back(
			{"id of " + std::string(n.name),
			 "KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | KVM_REG_ARM_CORE_REG(" +
				 core_member(n.name) + ")",
			 n.value});
	for (const Name &n : other_registers) {
		const auto bits = [&n](unsigned low, unsigned mask) {
			return std::to_string(n.value >> low & mask);
		};
		if ((n.value & 0x0fff0000) == 0x00130000)
			facts.push_back({"id of " + std::string(n.name),
					 "ARM64_SYS_REG(" + bits(14, 3) + ", " + bits(11, 7) +
						 ", " + bits(7, 15) + ", " + bits(3, 15) + ", " +
						 bits(0, 7) + ")",
					 n.value});
		for (const Firmware &f : firmware)
			if (f.reg == n.name)
				facts.push_back(
					{std::string(f.name), std::string(f.name), n.value, f.by});
	}
	return facts;
}

} // namespace

const std::string_view uapi_prologue =
	"#define offsetof(type, member) __builtin_offsetof(type, member)\n"
	"#ifndef BIT\n"
	"#define BIT(n) (1UL << (n))\n" // psci.h uses it and does not define it: SE-HDR-16
	"#endif\n";

std::vector<FactGroup> uapi_facts()
{
	std::vector<Fact> functions_and_results;
	std::vector<Fact> flags;
	for (Fact &f : constants(values)) {
		const bool psci = f.name.starts_with("PSCI_");
		f.rule = psci                                       ? "SE-HDR-12"
			 : f.name.find("OFF2") != std::string::npos ? "SE-HDR-10"
								    : "SE-HDR-09";
		(psci ? functions_and_results : flags).push_back(std::move(f));
	}
	std::vector<Fact> types = constants(system_event_types, "SE-HDR-02");
	for (Fact &f : types)
		if (f.value > 5)
			f.rule = "SE-HDR-03";
	std::vector<Fact> requests = constants(ioctls);
	for (Fact &f : constants(more_ioctls))
		if (!find(ioctls, f.name))
			requests.push_back(std::move(f));
	return {
		{"exit reasons", kvm_h, constants(exit_reasons, "SE-HDR-01")},
		{"system event types", kvm_h, types},
		{"struct kvm_run", kvm_h, kvm_run_facts()},
		{"system_event of struct kvm_run", kvm_h, system_event_facts()},
		{"mmio and hypercall of struct kvm_run", kvm_h, other_exit_facts()},
		{"flags of system events", arch_h, flags},
		{"MP states", kvm_h,
		 constants(mp_states, "SE-HDR-14") + constants(more_mp_states, "SE-HDR-14")},
		{"capabilities", kvm_h, constants(capabilities, "SE-HDR-11")},
		{"requests", kvm_h, requests},
		{"their arguments", kvm_h, argument_facts()},
		{"vCPU features", arch_h, constants(vcpu_features)},
		{"register ids", arch_h, register_facts()},
		{"PSCI functions and results", psci_h,
		 functions_and_results + constants(more_psci, "SE-HDR-12")},
		{"PSCI 0.1", arch_h, constants(psci_0_1, "SE-HDR-13")},
		{"SMCCC filter", arch_h, constants(smccc_filter)},
		{"interrupt controllers", kvm_h, constants(gic_devices)},
		{"attributes of interrupt controllers", arch_h, constants(gic_attributes)},
	};
}

std::vector<Numbering> uapi_numberings()
{
	const auto all = [](Names a, Names b = {}) {
		std::vector<Name> names(a.begin(), a.end());
		names.insert(names.end(), b.begin(), b.end());
		return names;
	};
	return {
		{"KVM_EXIT_", kvm_h, all(exit_reasons), "SE-HDR-01"},
		{"KVM_SYSTEM_EVENT_", kvm_h, all(system_event_types), "SE-HDR-03"},
		{"KVM_MP_STATE_", kvm_h, all(mp_states, more_mp_states), "SE-HDR-14"},
		{"KVM_CAP_", kvm_h, all(capabilities), "SE-HDR-11"},
	};
}

} // namespace exit24::abi
