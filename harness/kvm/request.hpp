// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cerrno>
#include <cstdint>
#include <linux/kvm.h>
#include <sys/ioctl.h>
#include <type_traits>

namespace exit24::kvm {

/// What the kernel answered: an observation, whatever it is.
struct Answer {
	std::int64_t rc = 0;
	int error = 0; ///< errno if rc is -1, else 0

	bool ok() const { return rc >= 0; }
};

/// An ioctl whose argument is a pointer to Arg; the compiler checks that the number agrees.
template <typename Arg> struct Request {
	unsigned long number;
	const char *name;

	consteval Request(unsigned long n, const char *s) : number(n), name(s)
	{
		if (_IOC_SIZE(n) != sizeof(Arg))
			throw "the argument's size is not the one in the request";
		if (std::is_const_v<Arg> && (_IOC_DIR(n) & _IOC_READ))
			throw "the kernel writes this argument, it cannot be const";
	}
};

/// An ioctl whose argument is a plain number.
struct PlainRequest {
	unsigned long number;
	const char *name;
};

template <typename Arg> Answer call(int fd, const Request<Arg> &request, Arg &argument)
{
	const int rc = ::ioctl(fd, request.number, &argument);
	return {rc, rc < 0 ? errno : 0};
}

inline Answer call(int fd, const PlainRequest &request, unsigned long argument = 0)
{
	const int rc = ::ioctl(fd, request.number, argument);
	return {rc, rc < 0 ? errno : 0};
}

/// An ioctl that a case names itself, with a struct of the size it gives.
inline Answer call_raw(int fd, unsigned long number, void *argument)
{
	const int rc = ::ioctl(fd, number, argument);
	return {rc, rc < 0 ? errno : 0};
}

#define EXIT24_REQUEST(arg, number) Request<arg>((number), #number)
#define EXIT24_PLAIN_REQUEST(number) PlainRequest{(number), #number}

inline constexpr auto get_api_version = EXIT24_PLAIN_REQUEST(KVM_GET_API_VERSION);
inline constexpr auto create_vm = EXIT24_PLAIN_REQUEST(KVM_CREATE_VM);
inline constexpr auto check_extension = EXIT24_PLAIN_REQUEST(KVM_CHECK_EXTENSION);
inline constexpr auto get_vcpu_mmap_size = EXIT24_PLAIN_REQUEST(KVM_GET_VCPU_MMAP_SIZE);
inline constexpr auto create_vcpu = EXIT24_PLAIN_REQUEST(KVM_CREATE_VCPU);
inline constexpr auto run = EXIT24_PLAIN_REQUEST(KVM_RUN);
inline constexpr auto preferred_target = EXIT24_REQUEST(kvm_vcpu_init, KVM_ARM_PREFERRED_TARGET);
inline constexpr auto vcpu_init = EXIT24_REQUEST(const kvm_vcpu_init, KVM_ARM_VCPU_INIT);
inline constexpr auto set_user_memory_region =
	EXIT24_REQUEST(const kvm_userspace_memory_region, KVM_SET_USER_MEMORY_REGION);
inline constexpr auto get_one_reg = EXIT24_REQUEST(const kvm_one_reg, KVM_GET_ONE_REG);
inline constexpr auto set_one_reg = EXIT24_REQUEST(const kvm_one_reg, KVM_SET_ONE_REG);
inline constexpr auto get_mp_state = EXIT24_REQUEST(kvm_mp_state, KVM_GET_MP_STATE);
inline constexpr auto set_mp_state = EXIT24_REQUEST(const kvm_mp_state, KVM_SET_MP_STATE);
inline constexpr auto create_device = EXIT24_REQUEST(kvm_create_device, KVM_CREATE_DEVICE);
inline constexpr auto set_device_attr = EXIT24_REQUEST(const kvm_device_attr, KVM_SET_DEVICE_ATTR);
inline constexpr auto has_device_attr = EXIT24_REQUEST(const kvm_device_attr, KVM_HAS_DEVICE_ATTR);
inline constexpr auto enable_cap = EXIT24_REQUEST(const kvm_enable_cap, KVM_ENABLE_CAP);

} // namespace exit24::kvm
