// SPDX-License-Identifier: GPL-2.0-only
#include "fleet/log.hpp"

#include "machine/tail.hpp"

#include <utility>

namespace exit24::fleet {

using model::Json;

namespace {

constexpr std::size_t tail_bytes = 6000;
constexpr std::string_view lava_line = "- {\"dt\": ";
constexpr std::string_view target_start = "\"lvl\": \"target\", \"msg\": \"";

void put_utf8(std::string &out, std::uint32_t c)
{
	const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | (c >> shift & 0x3f)); };
	if (c < 0x80) {
		out += static_cast<char>(c);
	} else if (c < 0x800) {
		out += static_cast<char>(0xc0 | c >> 6);
		tail(0);
	} else if (c < 0x10000) {
		out += static_cast<char>(0xe0 | c >> 12);
		tail(6);
		tail(0);
	} else {
		out += static_cast<char>(0xf0 | (c >> 18 & 7));
		tail(12);
		tail(6);
		tail(0);
	}
}

/// The character that an escape of a double-quoted scalar stands for; moves `at` behind it.
std::optional<std::uint32_t> escaped(std::string_view text, std::size_t &at)
{
	static constexpr std::pair<char, std::uint32_t> single[] = {
		{'0', 0}, {'a', 7}, {'b', 8}, {'t', 9}, {'n', 10}, {'v', 11}, {'f', 12}, {'r', 13}, {'e', 27}, {' ', ' '},
		{'"', '"'}, {'/', '/'}, {'\\', '\\'}, {'N', 0x85}, {'_', 0xa0}, {'L', 0x2028}, {'P', 0x2029}};
	if (at >= text.size())
		return std::nullopt;
	const char kind = text[at++];
	for (const auto &[c, value] : single)
		if (c == kind)
			return value;
	const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
	if (digits == 0 || text.size() - at < digits)
		return std::nullopt;
	std::uint32_t value = 0;
	for (std::size_t end = at + digits; at < end; at++) {
		const auto digit = std::string_view("0123456789abcdef").find(static_cast<char>(text[at] | 0x20));
		if (digit == std::string_view::npos)
			return std::nullopt;
		value = value << 4 | static_cast<std::uint32_t>(digit);
	}
	return value;
}

/// LAVA puts a backslash before each quote that a target printed, and none before a backslash; so if all of them have
/// one, it is LAVA's.
std::string without_backslashes(const std::string &text)
{
	std::string out;
	for (const char c : text) {
		if (c == '"') {
			if (!out.ends_with('\\'))
				return text;
			out.pop_back();
		}
		out += c;
	}
	return out;
}

/// A log, line by line.
class Reading {
public:
	Reading(const std::string &file, const Facts &facts) : file_(file), facts_(facts) {}

	void line(std::string_view text, std::size_t number)
	{
		number_ = number;
		model::Unframed u = model::unframe(text);
		if (u.kind == model::Unframed::noise) {
			console_ += std::string(text) + "\n";
			return;
		}
		if (u.kind == model::Unframed::torn)
			return say("line " + std::to_string(number) + " is torn, its checksum does not fit");
		u.json.erase("seq");
		u.json.erase("crc");
		if (over_)
			return;
		if (const auto boot = u.json.find("boot"); boot != u.json.end() && boot->is_object()) {
			if (!builder_.recording().boots.empty()) {
				again_ = true;
				over_ = true; // with the same kernel it would come to the same end
				return;
			}
			// Of what the machine says of itself, only what it was given counts.
			Json facts = {{"machine", "exported"}, {"clock", "real"}};
			if (const auto cell = boot->find("cell"); cell != boot->end() && cell->is_string()) {
				log_.cell = cell->get<std::string>();
				if (const Json known = facts_(log_.cell); known.is_object())
					facts.update(known);
			}
			for (const char *key : {"guests", "cases"})
				if (boot->contains(key))
					facts[key] = (*boot)[key];
			*boot = std::move(facts);
		}
		add(u.json, u.seq);
	}

	Result<Log> finish()
	{
		if (builder_.recording().boots.empty())
			return Error{file_ + " has no line of exit24's agent" + (log_.trouble.empty() ? "" : " that is whole: " + log_.trouble) +
				     "; give the log of a machine that has booted what exit24 export made"};
		const std::string cause = machine::cause_of_death(console_);
		const bool died = !cause.empty() || again_;
		if (done_ && log_.trouble.empty())
			log_.complete = true;
		else if (!done_ && !died)
			say("it stops at line " + std::to_string(number_) + ", before the agent was done");
		else if (!done_)
			log_.complete = log_.trouble.empty();
		Json end = {{"kind", done_ ? "complete" : died ? "crash" : "machine"},
			    {"reason", done_ ? "" : died ? (cause.empty() ? "the machine booted again" : cause) : log_.trouble},
			    {"console", done_ ? "" : machine::last_lines(console_, tail_bytes)}};
		add({{"boot_end", std::move(end)}}, builder_.next_seq());
		log_.recording = builder_.recording();
		if (!log_.trouble.empty())
			log_.trouble = file_ + ": " + log_.trouble;
		return std::move(log_);
	}

private:
	void say(const std::string &what)
	{
		if (log_.trouble.empty())
			log_.trouble = what;
	}

	void add(const Json &record, std::uint64_t seq)
	{
		const bool first = builder_.recording().boots.empty();
		const std::uint64_t next = builder_.next_seq();
		if (first && !record.contains("boot"))
			return say("what comes before line " + std::to_string(number_) + " is missing");
		if (!first && seq > next)
			say("before line " + std::to_string(number_) + " " + std::to_string(seq - next) +
			    (seq - next == 1 ? " line is missing" : " lines are missing"));
		if (auto r = builder_.add(record, seq); !r)
			return say("line " + std::to_string(number_) + ": " + r.error().what);
		log_.text += model::frame(record, seq);
		done_ = done_ || record.contains("done");
	}

	const std::string &file_;
	const Facts &facts_;
	Log log_;
	model::RecordingBuilder builder_;
	std::string console_;
	std::size_t number_ = 0;
	bool done_ = false, again_ = false, over_ = false;
};

} // namespace

std::optional<std::string> target_line(std::string_view line)
{
	const auto start = line.find(target_start);
	if (!line.starts_with(lava_line) || start == std::string_view::npos)
		return std::nullopt;
	const std::string_view text = line.substr(start + target_start.size());
	std::string out;
	for (std::size_t at = 0; at < text.size();) {
		const char c = text[at++];
		if (c == '"')
			return without_backslashes(out);
		if (c != '\\') {
			out += c;
			continue;
		}
		const auto value = escaped(text, at);
		if (!value)
			break;
		put_utf8(out, *value);
	}
	return out; // cut short: whatever it was, its checksum will not fit
}

Result<Log> read_log(const std::string &file, std::string_view text, const Facts &facts)
{
	Reading reading(file, facts);
	const bool lava = text.starts_with(lava_line) || text.find("\n" + std::string(lava_line)) != std::string_view::npos;
	for (std::size_t number = 1; !text.empty(); number++) {
		const auto end = text.find('\n');
		const std::string_view line = text.substr(0, end);
		text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
		if (!lava)
			reading.line(line, number);
		else if (const auto told = target_line(line))
			reading.line(*told, number);
	}
	return reading.finish();
}

} // namespace exit24::fleet
