// SPDX-License-Identifier: GPL-2.0-only
#include "kvm/kvm.hpp"

#include "base/file.hpp"
#include "guests/include/contract.h"

#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <utility>

namespace exit24::kvm {

Result<Mapping> Mapping::create(std::size_t size, int fd)
{
	const int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
	void *data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, fd, 0);
	if (data == MAP_FAILED)
		return system_error("mmap", errno);
	Mapping m;
	m.data_ = static_cast<std::uint8_t *>(data);
	m.size_ = size;
	return m;
}

Mapping::Mapping(Mapping &&other) noexcept
	: data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0))
{
}

Mapping &Mapping::operator=(Mapping &&other) noexcept
{
	std::swap(data_, other.data_);
	std::swap(size_, other.size_);
	return *this;
}

Mapping::~Mapping()
{
	if (data_)
		::munmap(data_, size_);
}

Result<Kvm> Kvm::open()
{
	Kvm kvm;
	kvm.fd_ = UniqueFd(::open("/dev/kvm", O_RDWR | O_CLOEXEC));
	if (!kvm.fd_.valid())
		return system_error("open(/dev/kvm)", errno);
	const Answer version = call(kvm.fd(), get_api_version);
	if (version.rc != KVM_API_VERSION)
		return Error{"KVM_GET_API_VERSION answers " + std::to_string(version.rc) + ", not 12"};
	const Answer size = call(kvm.fd(), get_vcpu_mmap_size);
	if (size.rc < static_cast<std::int64_t>(abi::kvm_run_size))
		return Error{"KVM_GET_VCPU_MMAP_SIZE answers " + std::to_string(size.rc) + ", less than " +
			     std::to_string(abi::kvm_run_size)};
	kvm.run_size_ = static_cast<std::size_t>(size.rc);
	return kvm;
}

Result<Vm> Vm::create(const Kvm &kvm, std::size_t ram_size, unsigned long type)
{
	auto ram = Mapping::create(ram_size);
	if (!ram)
		return ram.error();
	Vm vm;
	vm.ram_ = std::move(*ram);
	const Answer fd = call(kvm.fd(), create_vm, type);
	if (!fd.ok())
		return system_error(create_vm.name, fd.error);
	vm.fd_ = UniqueFd(static_cast<int>(fd.rc));

	const kvm_userspace_memory_region region = {
		.slot = 0,
		.flags = 0,
		.guest_phys_addr = EXIT24_RAM_BASE,
		.memory_size = ram_size,
		.userspace_addr = reinterpret_cast<std::uintptr_t>(vm.ram_.data()),
	};
	if (const Answer a = call(vm.fd(), set_user_memory_region, region); !a.ok())
		return system_error(set_user_memory_region.name, a.error);
	return vm;
}

std::uint64_t Vm::check(std::uint64_t capability) const
{
	const Answer a = call(fd(), check_extension, capability);
	return a.ok() ? static_cast<std::uint64_t>(a.rc) : 0;
}

Answer Vm::enable(std::uint64_t capability)
{
	const kvm_enable_cap cap = {.cap = static_cast<std::uint32_t>(capability), .flags = 0, .args = {}, .pad = {}};
	return call(fd(), enable_cap, cap);
}

static constexpr std::uint64_t gic_dist_base = 0x08000000; // below the report window and the memory
static constexpr std::uint64_t gic_cpu_base = 0x080a0000;  // GICv2's CPU interface, GICv3's redistributors

static Answer set_attribute(int fd, std::uint32_t group, std::uint64_t attribute, std::uint64_t value)
{
	const kvm_device_attr attr = {.flags = 0,
				      .group = group,
				      .attr = attribute,
				      .addr = reinterpret_cast<std::uintptr_t>(&value)};
	return call(fd, set_device_attr, attr);
}

Result<void> Vm::create_gic(unsigned version)
{
	kvm_create_device device = {};
	device.type = version == 3 ? KVM_DEV_TYPE_ARM_VGIC_V3 : KVM_DEV_TYPE_ARM_VGIC_V2;
	if (const Answer a = call(fd(), create_device, device); !a.ok())
		return system_error(create_device.name, a.error);
	gic_ = UniqueFd(static_cast<int>(device.fd));
	const std::uint64_t dist = version == 3 ? KVM_VGIC_V3_ADDR_TYPE_DIST : KVM_VGIC_V2_ADDR_TYPE_DIST;
	const std::uint64_t cpu = version == 3 ? KVM_VGIC_V3_ADDR_TYPE_REDIST : KVM_VGIC_V2_ADDR_TYPE_CPU;
	for (const auto &[type, base] : {std::pair{dist, gic_dist_base}, std::pair{cpu, gic_cpu_base}})
		if (const Answer a = set_attribute(gic_fd(), KVM_DEV_ARM_VGIC_GRP_ADDR, type, base); !a.ok())
			return system_error(set_device_attr.name, a.error);
	return {};
}

Result<void> Vm::init_gic()
{
	if (const Answer a = set_attribute(gic_fd(), KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, 0); !a.ok())
		return system_error(set_device_attr.name, a.error);
	return {};
}

bool Vm::has_attribute(std::uint32_t group, std::uint64_t attribute) const
{
	const kvm_device_attr attr = {.flags = 0, .group = group, .attr = attribute, .addr = 0};
	return call(fd(), has_device_attr, attr).ok();
}

Result<Vcpu> Vcpu::create(const Kvm &kvm, const Vm &vm, unsigned id)
{
	Vcpu vcpu;
	const Answer fd = call(vm.fd(), create_vcpu, id);
	if (!fd.ok())
		return system_error(create_vcpu.name, fd.error);
	vcpu.fd_ = UniqueFd(static_cast<int>(fd.rc));
	auto page = Mapping::create(kvm.run_size(), vcpu.fd_.get());
	if (!page)
		return page.error();
	vcpu.page_ = std::move(*page);
	std::memset(vcpu.page_.data(), 0, abi::kvm_run_size);
	vcpu.poison();
	return vcpu;
}

Answer Vcpu::init(const Vm &vm, std::uint32_t features)
{
	kvm_vcpu_init target = {};
	if (const Answer a = call(vm.fd(), preferred_target, target); !a.ok())
		return a;
	target.features[0] = features;
	return call<const kvm_vcpu_init>(fd_.get(), vcpu_init, target);
}

// All of the page that a kernel could write, but for immediate_exit, which is ours, and s.regs: garbage in
// device_irq_level makes KVM_RUN return at once on a VM without an in-kernel irqchip.
void Vcpu::poison()
{
	std::uint8_t *const p = page_.data();
	const auto fill = [p](std::size_t from, std::size_t to) { std::memset(p + from, abi::poison_byte, to - from); };
	fill(0, abi::immediate_exit_offset);
	fill(abi::immediate_exit_offset + 1, abi::exit_reason_offset);
	std::memcpy(p + abi::exit_reason_offset, &abi::poison_exit_reason, sizeof(abi::poison_exit_reason));
	fill(abi::exit_reason_offset + 4, abi::sync_regs_offset);
	fill(abi::sync_regs_offset + abi::sync_regs_size, abi::kvm_run_size);
}

void Vcpu::look()
{
	std::memcpy(seen_.data(), page_.data(), seen_.size());
	seen_[abi::immediate_exit_offset] = 0; // ours, and may have been set by request_exit()
}

Answer Vcpu::run(bool at_once)
{
	set_immediate_exit(at_once);
	poison();
	const Answer answer = call(fd_.get(), kvm::run);
	look();
	set_immediate_exit(0);
	if (answer.ok() && u32(abi::exit_reason_offset) == abi::exit_mmio) {
		// The access is completed by the next KVM_RUN that finds exit_reason as it was: do that now,
		// before the page is poisoned again or a case moves the pc.
		set_immediate_exit(1);
		(void)call(fd_.get(), kvm::run);
		set_immediate_exit(0);
	}
	return answer;
}

void Vcpu::set_immediate_exit(std::uint8_t value)
{
	*static_cast<volatile std::uint8_t *>(page_.data() + abi::immediate_exit_offset) = value;
}

std::uint32_t Vcpu::u32(std::size_t offset) const
{
	std::uint32_t value;
	std::memcpy(&value, seen_.data() + offset, sizeof(value));
	return value;
}

std::uint64_t Vcpu::u64(std::size_t offset) const
{
	std::uint64_t value;
	std::memcpy(&value, seen_.data() + offset, sizeof(value));
	return value;
}

Answer Vcpu::set_signal_mask(const sigset_t *blocked)
{
	// struct kvm_signal_mask: the kernel's sigset_t has 8 bytes
	struct {
		std::uint32_t length;
		std::uint8_t set[8];
	} mask = {8, {}};
	if (blocked)
		std::memcpy(mask.set, blocked, sizeof(mask.set));
	const int rc = ::ioctl(fd_.get(), KVM_SET_SIGNAL_MASK, blocked ? &mask : nullptr);
	return {rc, rc < 0 ? errno : 0};
}

Answer Vcpu::get_reg(std::uint64_t id, std::uint64_t &value) const
{
	const kvm_one_reg reg = {.id = id, .addr = reinterpret_cast<std::uintptr_t>(&value)};
	return call(fd_.get(), get_one_reg, reg);
}

Answer Vcpu::set_reg(std::uint64_t id, std::uint64_t value)
{
	const kvm_one_reg reg = {.id = id, .addr = reinterpret_cast<std::uintptr_t>(&value)};
	return call(fd_.get(), set_one_reg, reg);
}

Answer Vcpu::get_mp_state(std::uint64_t &state) const
{
	kvm_mp_state mp = {};
	const Answer a = call(fd_.get(), kvm::get_mp_state, mp);
	state = mp.mp_state;
	return a;
}

Answer Vcpu::set_mp_state(std::uint64_t state)
{
	const kvm_mp_state mp = {.mp_state = static_cast<std::uint32_t>(state)};
	return call(fd_.get(), kvm::set_mp_state, mp);
}

} // namespace exit24::kvm
