/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bare_loop [-f] PAYLOAD COUNT: what the agent does for system_off/reports-shutdown and nothing else, COUNT
 * times: VM, memory, vCPU, init, pc, KVM_RUN, close. With -f each time is in a process of its own.
 * Prints "loop COUNT NANOSECONDS".
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guests/include/contract.h"

#define CORE_REG(member) \
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | offsetof(struct kvm_regs, member) / sizeof(__u32))

static unsigned char payload[EXIT24_PAYLOAD_MAX];
static size_t payload_size;
static size_t run_size;

static int check(int rc, const char *what)
{
	if (rc < 0) {
		perror(what);
		exit(1);
	}
	return rc;
}

static void *map(size_t size, int flags, int fd)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	check(at == MAP_FAILED ? -1 : 0, "mmap");
	return at;
}

static void once(int kvm)
{
	unsigned char *ram = map(EXIT24_SLOT_SIZE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	int vm = check(ioctl(kvm, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = EXIT24_RAM_BASE,
		.memory_size = EXIT24_SLOT_SIZE,
		.userspace_addr = (uintptr_t)ram,
	};
	uint64_t pc = EXIT24_RAM_BASE;
	struct kvm_one_reg reg = {.id = CORE_REG(regs.pc), .addr = (uintptr_t)&pc};
	struct kvm_vcpu_init init = {0};
	struct kvm_run *run;
	int vcpu;

	check(ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region), "KVM_SET_USER_MEMORY_REGION");
	vcpu = check(ioctl(vm, KVM_CREATE_VCPU, 0), "KVM_CREATE_VCPU");
	run = map(run_size, MAP_SHARED, vcpu);
	memcpy(ram, payload, payload_size);
	check(ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init), "KVM_ARM_PREFERRED_TARGET");
	init.features[0] = 1u << KVM_ARM_VCPU_PSCI_0_2;
	check(ioctl(vcpu, KVM_ARM_VCPU_INIT, &init), "KVM_ARM_VCPU_INIT");
	check(ioctl(vcpu, KVM_SET_ONE_REG, &reg), "KVM_SET_ONE_REG");
	check(ioctl(vcpu, KVM_RUN, 0), "KVM_RUN");
	if (run->exit_reason != KVM_EXIT_SYSTEM_EVENT || run->system_event.type != KVM_SYSTEM_EVENT_SHUTDOWN) {
		fprintf(stderr, "not a shutdown: exit_reason %u\n", run->exit_reason);
		exit(1);
	}
	munmap(run, run_size);
	close(vcpu);
	close(vm);
	munmap(ram, EXIT24_SLOT_SIZE);
}

static void once_forked(int kvm)
{
	int status;
	pid_t pid = check(fork(), "fork");

	if (pid == 0) {
		once(kvm);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || status != 0)
		exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

int main(int argc, char **argv)
{
	const int forked = argc == 4 && strcmp(argv[1], "-f") == 0;
	ssize_t size;
	uint64_t start;
	int fd, kvm, count, i;

	if (argc != 3 + forked) {
		fprintf(stderr, "usage: bare_loop [-f] PAYLOAD COUNT\n");
		return 2;
	}
	fd = check(open(argv[1 + forked], O_RDONLY), argv[1 + forked]);
	size = read(fd, payload, sizeof(payload));
	check(size > 0 ? 0 : -1, argv[1 + forked]);
	payload_size = (size_t)size;
	count = atoi(argv[2 + forked]);
	kvm = check(open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");
	run_size = (size_t)check(ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), "KVM_GET_VCPU_MMAP_SIZE");

	start = now_ns();
	for (i = 0; i < count; i++) {
		if (forked)
			once_forked(kvm);
		else
			once(kvm);
	}
	printf("loop %d %llu\n", count, (unsigned long long)(now_ns() - start));
	return 0;
}
