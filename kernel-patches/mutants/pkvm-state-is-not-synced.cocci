// SPDX-License-Identifier: GPL-2.0-only
// broken: in protected mode the host handles a trap with the registers of an older exit
// rules: SE-PKV-01
// why: the call is thought to be needed for protected VMs only
// files: arch/arm64/kvm/handle_exit.c
// kind: wrong
// mode: protected

@@ @@
handle_exit_pkvm_state(...)
{
<...
- kvm_call_hyp_nvhe(__pkvm_vcpu_sync_state);
+ ;
...>
}
