// SPDX-License-Identifier: GPL-2.0-only
#include "report/page_map.hpp"

#include "abi/kvm_run.hpp"
#include "abi/names.hpp"
#include "base/runs.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <span>

namespace exit24::report {

namespace {

struct Field {
	std::size_t at, size;
	std::string name;
};

std::optional<std::vector<std::uint8_t>> decode(const std::string &runs)
{
	auto bytes = decode_runs(runs, abi::kvm_run_size);
	if (!bytes || bytes->size() != abi::kvm_run_size)
		return std::nullopt;
	return std::move(*bytes);
}

std::uint64_t little_endian(std::span<const std::uint8_t> page, std::size_t at, std::size_t size)
{
	std::uint64_t value = 0;
	for (std::size_t i = size; i-- > 0;)
		value = value << 8 | page[at + i];
	return value;
}

/// From the start of the page to its end, without gaps.
std::vector<Field> fields(std::span<const std::uint8_t> page)
{
	std::vector<Field> out = {
		{0, 1, "request_interrupt_window"},
		{abi::immediate_exit_offset, 1, "immediate_exit"},
		{2, 6, "padding1"},
		{abi::exit_reason_offset, 4, "exit_reason"},
		{12, 1, "ready_for_interrupt_injection"},
		{13, 1, "if_flag"},
		{abi::flags_offset, 2, "flags"},
		{16, 8, "cr8"},
		{24, 8, "apic_base"},
	};
	switch (little_endian(page, abi::exit_reason_offset, 4)) {
	case abi::exit_system_event: {
		out.push_back({abi::system_event_type_offset, 4, "type"});
		out.push_back({abi::system_event_ndata_offset, 4, "ndata"});
		const std::size_t ndata = little_endian(page, abi::system_event_ndata_offset, 4);
		const std::size_t used = std::min(ndata, abi::system_event_data_words);
		for (std::size_t i = 0; i < used; i++)
			out.push_back({abi::system_event_data_offset + 8 * i, 8, "data[" + std::to_string(i) + "]"});
		if (used < abi::system_event_data_words)
			out.push_back({abi::system_event_data_offset + 8 * used, 8 * (abi::system_event_data_words - used),
				       "data[" + std::to_string(used) + "] to data[15]"});
		break;
	}
	case abi::exit_mmio:
		out.push_back({abi::mmio_phys_addr_offset, 8, "mmio.phys_addr"});
		out.push_back({abi::mmio_data_offset, 8, "mmio.data"});
		out.push_back({abi::mmio_len_offset, 4, "mmio.len"});
		out.push_back({abi::mmio_is_write_offset, 1, "mmio.is_write"});
		break;
	case abi::exit_hypercall:
		out.push_back({abi::hypercall_nr_offset, 8, "nr"});
		out.push_back({abi::hypercall_args_offset, 48, "hypercall.args"});
		out.push_back({abi::hypercall_ret_offset, 8, "hypercall.ret"});
		out.push_back({abi::hypercall_flags_offset, 8, "hypercall.flags"});
		break;
	default:
		break;
	}
	const std::size_t end = out.back().at + out.back().size;
	constexpr std::size_t union_end = abi::exit_union_offset + abi::exit_union_size;
	out.push_back({end, union_end - end, end == abi::exit_union_offset ? "the exit union" : "the rest of the exit union"});
	out.push_back({union_end, 8, "kvm_valid_regs"});
	out.push_back({union_end + 8, 8, "kvm_dirty_regs"});
	out.push_back({abi::sync_regs_offset, abi::sync_regs_size, "s.regs.device_irq_level"});
	const std::size_t last = abi::sync_regs_offset + abi::sync_regs_size;
	out.push_back({last, abi::kvm_run_size - last, "the rest of the page"});
	return out;
}

/// Whether the differences mean this field.
bool is_wrong(const Field &field, const std::vector<std::string> &wrong)
{
	return std::any_of(wrong.begin(), wrong.end(), [&](const std::string &what) {
		constexpr std::string_view bytes = "kvm_run bytes ";
		if (!what.starts_with(bytes))
			return what == field.name || (what == "flags" && field.name == "hypercall.flags");
		unsigned long first = 0, last = 0;
		return std::sscanf(what.c_str() + bytes.size(), "%lu..%lu", &first, &last) == 2 &&
		       first < field.at + field.size && last >= field.at;
	});
}

} // namespace

std::vector<MapField> page_map(const std::string &runs, const std::vector<std::string> &wrong)
{
	std::vector<MapField> out;
	const auto page = decode(runs);
	if (!page)
		return out;
	const bool is_hypercall = little_endian(*page, abi::exit_reason_offset, 4) == abi::exit_hypercall;
	for (const Field &field : fields(*page)) {
		const std::span part = std::span(*page).subspan(field.at, field.size);
		const std::uint8_t pattern = field.at == abi::exit_reason_offset ? 0x5a : abi::poison_byte;
		const auto same = static_cast<std::size_t>(std::count(part.begin(), part.end(), pattern));
		MapField shown;
		shown.at = field.at;
		shown.size = field.size;
		shown.name = field.name;
		shown.bytes = encode_runs(part);
		shown.touch = same == field.size ? Touch::untouched : same == 0 ? Touch::written : Touch::partly;
		// of a hypercall's two flags, a difference means those in the union
		shown.wrong = is_wrong(field, wrong) && !(is_hypercall && field.name == "flags");
		out.push_back(std::move(shown));
	}
	return out;
}

std::string describe_page(const std::string &runs)
{
	const auto page = decode(runs);
	if (!page)
		return "";
	const std::uint64_t reason = little_endian(*page, abi::exit_reason_offset, 4);
	if (reason == abi::poison_exit_reason)
		return "no exit reason written";
	std::string out = abi::describe(abi::exit_reasons, reason);
	switch (reason) {
	case abi::exit_system_event: {
		const std::uint64_t ndata = little_endian(*page, abi::system_event_ndata_offset, 4);
		out += ", type " + abi::describe(abi::system_event_types, little_endian(*page, abi::system_event_type_offset, 4)) +
		       ", ndata " + std::to_string(ndata);
		for (std::size_t i = 0; i < std::min<std::uint64_t>(ndata, abi::system_event_data_words); i++)
			out += ", data[" + std::to_string(i) + "] " +
			       hex(little_endian(*page, abi::system_event_data_offset + 8 * i, 8));
		break;
	}
	case abi::exit_mmio:
		out += little_endian(*page, abi::mmio_is_write_offset, 1) ? ", write" : ", read";
		out += " of " + std::to_string(little_endian(*page, abi::mmio_len_offset, 4)) + " bytes at " +
		       hex(little_endian(*page, abi::mmio_phys_addr_offset, 8));
		break;
	case abi::exit_hypercall:
		out += ", nr " + hex(little_endian(*page, abi::hypercall_nr_offset, 8)) + ", flags " +
		       hex(little_endian(*page, abi::hypercall_flags_offset, 8));
		break;
	default:
		break;
	}
	return out;
}

} // namespace exit24::report
