// SPDX-License-Identifier: GPL-2.0-only
#include "model/known_failures.hpp"

#include "model/reader.hpp"

#include <algorithm>
#include <fnmatch.h>
#include <iterator>
#include <string_view>

namespace exit24::model {

bool KnownFailure::concerns(const Hello &target) const
{
	const auto fits = [](const std::string &glob, const std::string &text) {
		return glob.empty() || ::fnmatch(glob.c_str(), text.c_str(), 0) == 0;
	};
	return fits(release, target.release) && fits(midr, target.midr) &&
	       (kvm_mode.empty() || kvm_mode == target.kvm_mode);
}

static std::string text_of(const Reader &reader)
{
	if (reader.string().empty())
		reader.fail("must not be empty");
	return reader.string();
}

static KnownFailure read_entry(Reader reader)
{
	KnownFailure out;
	out.name = text_of(reader.at("case"));
	const Reader verdict = reader.at("verdict");
	out.verdict = verdict.string();
	if (out.verdict != "fail" && out.verdict != "hang" && out.verdict != "crash")
		verdict.fail("must be \"fail\", \"hang\" or \"crash\"");
	Reader when = reader.at("when");
	if (when.object().empty())
		when.fail("must name at least one of \"release\", \"midr\" and \"kvm_mode\": nothing fails everywhere");
	for (const auto &[key, text] : {std::pair{"release", &out.release}, {"midr", &out.midr}, {"kvm_mode", &out.kvm_mode}})
		if (const auto r = when.find(key))
			*text = text_of(*r);
	when.finish();
	static constexpr std::string_view modes[] = {"", "nvhe", "vhe", "hvhe", "protected", "nested"};
	if (std::find(std::begin(modes), std::end(modes), out.kvm_mode) == std::end(modes))
		when.child("kvm_mode").fail("must be \"nvhe\", \"vhe\", \"hvhe\", \"protected\" or \"nested\"");
	out.reason = text_of(reader.at("reason"));
	if (const auto r = reader.find("link"))
		out.link = text_of(*r);
	reader.finish();
	return out;
}

Result<KnownFailures> parse_known_failures(const std::string &file, std::string_view text)
{
	try {
		const Json json = parse_strict(text);
		Reader reader(json);
		if (const auto r = reader.find("$schema"))
			(void)r->string();
		KnownFailures out;
		const Reader list = reader.at("known_failures");
		for (const Reader &entry : list.array())
			out.push_back(read_entry(entry));
		reader.finish();
		return out;
	} catch (const Malformed &m) {
		const std::string place = m.pointer.empty() ? "" : " at " + m.pointer;
		return Error{file + place + ": " + m.reason};
	}
}

} // namespace exit24::model
