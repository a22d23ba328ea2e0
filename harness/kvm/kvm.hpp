// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "abi/kvm_run.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "kvm/request.hpp"

#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <span>

/// Thin owners of KVM's three kinds of file descriptor. What the kernel answers to a question of a case is
/// an Answer; only what the agent needs to go on at all is a Result, with the ioctl's name in the Error.
namespace exit24::kvm {

class Mapping {
public:
	Mapping() = default;
	static Result<Mapping> create(std::size_t size, int fd = -1);
	Mapping(Mapping &&other) noexcept;
	Mapping &operator=(Mapping &&other) noexcept;
	~Mapping();

	std::uint8_t *data() const { return data_; }
	std::size_t size() const { return size_; }

private:
	std::uint8_t *data_ = nullptr;
	std::size_t size_ = 0;
};

class Kvm {
public:
	static Result<Kvm> open();

	int fd() const { return fd_.get(); }
	std::size_t run_size() const { return run_size_; }

private:
	UniqueFd fd_;
	std::size_t run_size_ = 0;
};

class Vm {
public:
	/// A VM with `ram_size` bytes of zeroed memory at EXIT24_RAM_BASE; `type` is KVM_CREATE_VM's argument.
	static Result<Vm> create(const Kvm &kvm, std::size_t ram_size, unsigned long type = 0);

	int fd() const { return fd_.get(); }
	std::span<std::uint8_t> ram() { return {ram_.data(), ram_.size()}; }
	std::uint64_t check(std::uint64_t capability) const; ///< KVM_CHECK_EXTENSION, 0 if the ioctl fails
	Answer enable(std::uint64_t capability);
	/// Creates an in-kernel interrupt controller, GICv2 or GICv3, and gives it its place.
	Result<void> create_gic(unsigned version);
	/// Starts it, once the vCPUs are there.
	Result<void> init_gic();
	int gic_fd() const { return gic_.get(); }
	/// KVM_HAS_DEVICE_ATTR of the VM itself.
	bool has_attribute(std::uint32_t group, std::uint64_t attribute) const;

private:
	Mapping ram_; // outlives the VM that maps it
	UniqueFd fd_;
	UniqueFd gic_;
};

/// KVM_VM_TYPE_ARM_PROTECTED, for KVM_CREATE_VM.
constexpr unsigned long protected_vm = 1ul << 31;

class Vcpu {
public:
	static Result<Vcpu> create(const Kvm &kvm, const Vm &vm, unsigned id);

	/// KVM_ARM_VCPU_INIT for the preferred target with these feature bits (features[0]).
	Answer init(const Vm &vm, std::uint32_t features);
	int fd() const { return fd_.get(); }
	/// KVM_RUN, with the page poisoned first, see abi::poison_byte. What the kernel left in the page is
	/// page(); an MMIO exit has been completed by then, so the vCPU stands behind the access.
	/// `at_once` sets immediate_exit.
	Answer run(bool at_once = false);
	/// The page as it is now, into page().
	void look();
	/// KVM_SET_SIGNAL_MASK: what is blocked while KVM_RUN is in progress; null for no mask of its own.
	Answer set_signal_mask(const sigset_t *blocked);
	/// Asks a KVM_RUN that has not entered yet to return at once; safe in a signal handler.
	void request_exit() { set_immediate_exit(1); }

	Answer get_reg(std::uint64_t id, std::uint64_t &value) const;
	Answer set_reg(std::uint64_t id, std::uint64_t value);
	Answer get_mp_state(std::uint64_t &state) const;
	Answer set_mp_state(std::uint64_t state);

	std::span<const std::uint8_t> page() const { return seen_; } ///< as the last run() left it
	std::uint32_t u32(std::size_t offset) const;                 ///< of page()
	std::uint64_t u64(std::size_t offset) const;

private:
	void poison();
	void set_immediate_exit(std::uint8_t value);

	Mapping page_;
	UniqueFd fd_;
	std::array<std::uint8_t, abi::kvm_run_size> seen_ = {};
};

} // namespace exit24::kvm
