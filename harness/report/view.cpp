// SPDX-License-Identifier: GPL-2.0-only
#include "report/view.hpp"

#include "abi/names.hpp"
#include "base/file.hpp"
#include "base/runs.hpp"
#include "base/sha256.hpp"
#include "base/unique_fd.hpp"
#include "report/report.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fnmatch.h>
#include <istream>
#include <map>
#include <set>
#include <streambuf>
#include <unistd.h>
#include <unordered_map>

namespace exit24::report {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

/// A member of an object if it is there and of the right type; else nothing.
std::string text(const Json &json, const char *key)
{
	const auto it = json.is_object() ? json.find(key) : json.end();
	return it != json.end() && it->is_string() ? clean(it->get_ref<const std::string &>()) : "";
}

std::uint64_t number(const Json &json, const char *key)
{
	const auto it = json.is_object() ? json.find(key) : json.end();
	return it != json.end() && it->is_number_integer() && *it >= 0 ? it->get<std::uint64_t>() : 0;
}

const Json &list(const Json &json, const char *key)
{
	static const Json none = Json::array();
	const auto it = json.is_object() ? json.find(key) : json.end();
	return it != json.end() && it->is_array() ? *it : none;
}

const Json &object(const Json &json, const char *key)
{
	static const Json none = Json::object();
	const auto it = json.is_object() ? json.find(key) : json.end();
	return it != json.end() && it->is_object() ? *it : none;
}

std::vector<std::string> texts(const Json &json, const char *key)
{
	std::vector<std::string> out;
	for (const Json &item : list(json, key))
		if (item.is_string())
			out.push_back(clean(item.get_ref<const std::string &>()));
	return out;
}

std::string dump(const Json &json)
{
	return clean(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string joined(const std::vector<std::string> &words, const char *between)
{
	std::string out;
	for (const std::string &word : words)
		out += (out.empty() ? "" : between) + word;
	return out;
}

SeenStep read_step(const Json &json)
{
	SeenStep out;
	out.step = number(json, "step");
	out.round = number(json, "round");
	out.error = number(json, "errno");
	if (const auto it = json.find("rc"); it != json.end() && it->is_number_integer())
		out.rc = it->get<std::int64_t>();
	out.op = text(json, "op");
	out.page = text(json, "page");
	if (out.op == "page")
		out.page = text(json, "bytes");

	std::vector<std::string> facts;
	for (const auto &[name, value] : object(json, "regs").items())
		if (value.is_string())
			facts.push_back(clean(name) + " " + clean(value.get_ref<const std::string &>()));
	std::size_t vcpu = 0;
	for (const Json &state : list(json, "mp_states")) {
		if (state.is_number_unsigned())
			facts.push_back("vCPU " + std::to_string(vcpu) + " " +
					abi::describe(abi::mp_states, state.get<std::uint64_t>()));
		vcpu++;
	}
	if (const auto reports = texts(json, "reports"); !reports.empty())
		facts.push_back("reports " + joined(reports, " "));
	for (const char *key : {"value", "result"})
		if (const std::string value = text(json, key); !value.empty())
			facts.push_back(std::string(key) + " " + value);
	for (const char *key : {"asleep", "returned", "deadline"})
		if (const auto it = json.find(key); it != json.end() && it->is_boolean())
			facts.push_back(std::string(key) + (it->get<bool>() ? " yes" : " no"));
	for (const char *key : {"calls", "registers"})
		if (const Json &items = list(json, key); !items.empty())
			facts.push_back(std::string(key) + " " + dump(items));
	out.facts = joined(facts, ", ");
	return out;
}

std::string read_diagnosis(const Json &json)
{
	std::string out;
	for (const Json &thread : list(json, "threads"))
		out += "thread in state " + text(thread, "state") + ": " + text(thread, "wchan") + " < " +
		       joined(texts(thread, "stack"), " < ") + "\n";
	if (const Json &kvm = object(json, "kvm"); !kvm.empty())
		out += "kvm counters: " + dump(kvm) + "\n";
	return out;
}

SeenCase read_case(const Json &json)
{
	SeenCase out;
	out.name = text(json, "case");
	out.title = text(json, "title");
	out.verdict = text(json, "verdict");
	out.reason = text(json, "reason");
	out.catches = text(json, "catches");
	out.hurts = text(json, "hurts");
	out.characterised = text(json, "status") == "characterised";
	out.rules = texts(json, "rules");
	if (json.contains("step"))
		out.step = number(json, "step");
	for (const Json &d : list(json, "differences"))
		out.differences.push_back({text(d, "what"), text(d, "want"), text(d, "got")});
	if (const Json &known = object(json, "known"); !known.empty()) {
		out.known = text(known, "reason");
		if (const std::string link = text(known, "link"); !link.empty())
			out.known += " (" + link + ")";
	}
	for (const Json &cite : list(json, "spec"))
		out.spec.push_back(text(cite, "doc") + ", " + text(cite, "section") + " (" + text(cite, "sentence") +
				   ")");
	for (const auto &[name, hash] : object(json, "guests").items())
		out.guests.push_back(clean(name));
	for (const Json &step : list(json, "observed"))
		if (step.is_object())
			out.steps.push_back(read_step(step));
	out.diagnosis = read_diagnosis(object(json, "diagnosis"));
	out.kernel_log = texts(json, "kernel_log");
	return out;
}

/// Whether the machine is known to be emulated: an exported initramfs knows no more than the board's name, and this is
/// that of QEMU's.
bool is_emulated(const Json &environment)
{
	const Json &machine = object(environment, "machine");
	if (text(machine, "machine") != "exported")
		return text(machine, "machine") == "lab";
	return (machine.contains("emulated") && machine["emulated"] == true) ||
	       text(object(environment, "target"), "model") == "linux,dummy-virt";
}

/// What a person wants to know of the machine, in one line.
std::string describe(const Json &environment)
{
	const Json &machine = object(environment, "machine");
	const Json &target = object(environment, "target");
	std::vector<std::string> parts;
	if (text(machine, "machine") == "lab")
		parts.push_back(text(machine, "qemu") + ", emulated EL2 (not hardware), cpu " + text(machine, "cpu") +
				", clock " + text(machine, "clock"));
	else if (text(machine, "machine") == "native")
		parts.push_back("this host's own KVM");
	else if (text(machine, "machine") == "exported")
		parts.push_back((text(machine, "by").empty() ? "started by somebody else" : text(machine, "by")) +
				(is_emulated(environment) ? ", emulated EL2 (not hardware)" : "") +
				(text(machine, "cpu").empty() ? "" : ", cpu " + text(machine, "cpu")));
	for (const char *key : {"model", "midr"})
		if (const std::string value = text(target, key); !value.empty())
			parts.push_back(std::string(key) + " " + value);
	if (const std::string mode = text(environment, "kvm_mode"); !mode.empty())
		parts.push_back("KVM runs in mode " + mode);
	if (const std::string trouble = text(target, "kvm_trouble"); !trouble.empty())
		parts.push_back("no usable KVM: " + trouble);
	return joined(parts, "; ");
}

SeenCell read_cell(const Json &json)
{
	SeenCell out;
	out.kernel = text(json, "kernel");
	out.mode = text(json, "mode");
	out.repeat = text(json, "repeat");
	out.skip = text(json, "skip");
	out.wall_ms = number(json, "wall_ms");
	const Json &environment = object(json, "environment");
	out.environment = describe(environment);
	out.image_file = text(object(object(environment, "machine"), "image"), "file");
	out.image = text(object(object(environment, "machine"), "image"), "sha256");
	out.emulated = is_emulated(environment);
	out.place = environment.empty() ? "" : out.emulated ? "emulated, cpu " + text(object(environment, "machine"), "cpu") : "hardware";
	for (const Json &boot : list(json, "boots"))
		out.boots.push_back({text(boot, "end"), text(boot, "reason"), text(boot, "console"),
				     text(boot, "registers")});
	return out;
}

/// How many bytes the character at the start of a text has, 0 if it is no valid UTF-8; its number.
std::size_t decode(std::string_view text, std::uint32_t &number)
{
	const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
	const unsigned first = byte(0);
	const std::size_t length = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
	if (length == 0)
		return 0;
	number = length == 1 ? first : first & (0x7fu >> length);
	for (std::size_t i = 1; i < length; i++) {
		if (byte(i) >> 6 != 2)
			return 0;
		number = number << 6 | (byte(i) & 0x3f);
	}
	static constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const bool surrogate = number >= 0xd800 && number < 0xe000;
	return number < least[length] || number > 0x10ffff || surrogate ? 0 : length;
}

bool harmful(std::uint32_t c)
{
	return (c < ' ' && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || (c & 0xfffe) == 0xfffe || c == 0xfeff;
}

} // namespace

std::string clean(std::string_view text)
{
	std::string out;
	out.reserve(text.size());
	for (std::size_t at = 0; at < text.size();) {
		std::uint32_t c = 0;
		const std::size_t length = decode(text.substr(at), c);
		if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n')
			; // a line end is a line end
		else if (length == 0 || harmful(c))
			out += replacement;
		else
			out += text.substr(at, length);
		at += std::max<std::size_t>(length, 1);
	}
	return out;
}

std::string one_line(std::string_view text, std::size_t most)
{
	std::string out = clean(text.substr(0, 4 * most));
	for (char &c : out)
		if (c == '\n' || c == '\t')
			c = ' ';
	if (out.size() > most) {
		std::size_t end = most - 3;
		while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0) == 0x80)
			end--;
		out.resize(end);
		out += "...";
	}
	return out;
}

std::string ascii(std::string_view text, std::size_t most)
{
	std::string out;
	for (const char c : one_line(text, most)) {
		const auto byte = static_cast<unsigned char>(c);
		if (byte < 0x80)
			out += c;
		else if (byte >= 0xc0)
			out += '?';
	}
	return out;
}

Grade grade(const std::string &verdict)
{
	static const std::map<std::string_view, Grade> grades = {
		{"pass", Grade::good},	      {"review", Grade::look}, {"known-fail", Grade::look},
		{"fixed", Grade::look},	      {"skip", Grade::skipped}, {"fail", Grade::bad},
		{"hang", Grade::bad},	      {"crash", Grade::bad},
	};
	const auto it = grades.find(verdict);
	return it == grades.end() ? Grade::broken : it->second;
}

namespace {

Error not_a_report(const std::string &file, const std::string &why)
{
	return Error{file + " is not a report of exit24: " + why + "; name a file that exit24 run --json has written"};
}

/// What is wrong with a cell of a report, or "".
std::string cell_trouble(const Json &cell, std::size_t i)
{
	const std::string place = "/cells/" + std::to_string(i);
	if (text(cell, "kernel").empty() || text(cell, "mode").empty())
		return place + " names no kernel or no mode";
	if (!cell.contains("cases") || !cell["cases"].is_array())
		return place + " has no list \"cases\"";
	for (std::size_t n = 0; n < cell["cases"].size(); n++)
		if (text(cell["cases"][n], "case").empty() || text(cell["cases"][n], "verdict").empty())
			return place + "/cases/" + std::to_string(n) + " has no name or no verdict";
	return "";
}

/// What is wrong with a report beside its cells, or "".
std::string head_trouble(const Json &json)
{
	if (!json.is_object() || !json.contains("report") || !object(json, "tool").contains("name") ||
	    json["tool"]["name"] != "exit24")
		return "it does not say so in \"report\" and \"tool\"";
	if (json["report"] != report_format)
		return "its format is " + one_line(dump(json["report"]), 40) + ", and this exit24 reads format " +
		       std::to_string(report_format);
	if (!json.contains("cells") || !json["cells"].is_array())
		return "it has no list \"cells\"";
	return "";
}

Error not_whole(const std::string &file, const std::string &why)
{
	return Error{file + " is not a whole JSON document: " + why + "; make it again with exit24 run --json " + file};
}

/// Puts a View together, cell by cell.
class Viewer {
public:
	explicit Viewer(std::string only = "") : only_(std::move(only)) {}

	/// The cell's observations are what is left of it: times are taken out.
	void add_cell(Json &json)
	{
		std::string id = text(json, "kernel") + "/" + text(json, "mode");
		if (const int n = ++names_[id]; n > 1)
			id += " (" + std::to_string(n) + ")";
		if (!only_.empty() && ::fnmatch(only_.c_str(), id.c_str(), 0) != 0) {
			if (left_.size() < 5)
				left_.push_back(id);
			return;
		}
		SeenCell &cell = view_.cells.emplace_back(read_cell(json));
		cell.id = id;
		for (Json &c : json["cases"])
			if (c.is_object())
				cell.cases.push_back(add_case(c));
	}

	/// What a report has beside its cells.
	void add_head(const Json &json)
	{
		if (first_)
			view_.version = text(object(json, "tool"), "version");
		first_ = false;
		const std::uint64_t status = number(json, "exit_status");
		red_ = red_ || status == 1;
		broken_ = broken_ || status != 0;
		for (const auto &[name, guest] : object(json, "guests").items()) {
			const std::string known = clean(name);
			if (!guests_.insert(known).second)
				continue;
			const auto code = decode_runs(text(guest, "code"), 1 << 20);
			view_.guests.push_back({known, code ? sha256(*code) : "", text(guest, "disassembly")});
		}
		for (const auto &[id, rule] : object(json, "rules").items())
			view_.rules.emplace(clean(id), SeenRule{text(rule, "says"), text(rule, "uncovered")});
	}

	Sha256 &hash() { return hash_; }
	const std::vector<std::string> &left() const { return left_; }

	View finish()
	{
		view_.digest = hash_.hex();
		if (!only_.empty()) {
			bool judged = false;
			red_ = broken_ = false;
			for (const SeenCell &cell : view_.cells)
				for (const SeenCase &c : cell.cases) {
					const Grade g = grade(c.verdict);
					red_ = red_ || g == Grade::bad;
					broken_ = broken_ || g == Grade::broken;
					judged = judged || g == Grade::good || g == Grade::look;
				}
			broken_ = broken_ || !judged;
		}
		view_.exit_status = red_ ? 1 : broken_ || first_ ? 3 : 0;
		return std::move(view_);
	}

private:
	/// So many ways to pass are kept of a case with all that was observed.
	static constexpr std::size_t most_ways = 64;

	SeenRun add_case(Json &json)
	{
		SeenRun run{nullptr, number(json, "ns"), number(json, "boot")};
		const bool good = grade(text(json, "verdict")) == Grade::good;
		const bool ran = json.contains("boot");
		Json observed = json.contains("observed") ? std::move(json["observed"]) : Json();
		std::string seen, exact;
		if (observed.is_array())
			for (Json &step : observed) {
				if (!step.is_object())
					continue;
				step.erase("ns");
				Json regs;
				if (number(step, "errno") == EINTR && step.contains("regs")) { // when the signal came decides on them
					regs = std::move(step["regs"]);
					step.erase("regs");
				}
				seen += dump(step) + "\n";
				if (regs.is_null())
					continue;
				if (!good)
					exact += dump(regs) + "\n";
				step["regs"] = std::move(regs);
			}
		for (const char *key : {"ns", "boot", "observed"})
			json.erase(key);
		const std::string seen_hash = sha256(seen);
		auto &what = known_[sha256(dump(json) + (ran ? " ran " : " ") + seen_hash + exact)];
		if (!what) {
			json["observed"] = std::move(observed);
			auto made = std::make_shared<SeenCase>(read_case(json));
			made->ran = ran;
			made->seen = seen_hash;
			if (good && ++ways_[made->name] > most_ways) {
				made->steps.clear();
				made->steps_left_out = true;
			}
			what = std::move(made);
		}
		run.what = what;
		return run;
	}

	std::string only_;
	std::vector<std::string> left_; ///< names of cells that were not wanted
	View view_;
	Sha256 hash_;
	bool red_ = false, broken_ = false, first_ = true;
	std::map<std::string, int> names_;
	std::set<std::string> guests_;
	std::map<std::string, std::size_t> ways_;
	std::unordered_map<std::string, std::shared_ptr<const SeenCase>> known_;
};

/// A file as a stream, hashed on its way.
class HashedFile : public std::streambuf {
public:
	HashedFile(UniqueFd fd, Sha256 &hash) : fd_(std::move(fd)), hash_(hash), buffer_(1 << 16) {}
	int error() const { return error_; }

private:
	int_type underflow() override
	{
		ssize_t n;
		do
			n = ::read(fd_.get(), buffer_.data(), buffer_.size());
		while (n < 0 && errno == EINTR);
		if (n <= 0) {
			error_ = n < 0 ? errno : 0;
			return traits_type::eof();
		}
		hash_.add({buffer_.data(), static_cast<std::size_t>(n)});
		setg(buffer_.data(), buffer_.data(), buffer_.data() + n);
		return traits_type::to_int_type(buffer_[0]);
	}

	UniqueFd fd_;
	Sha256 &hash_;
	std::vector<char> buffer_;
	int error_ = 0;
};

} // namespace

Result<Json> read_report(const std::string &file, std::string_view text)
{
	Json json;
	try {
		json = model::parse_strict(text);
	} catch (const model::Malformed &m) {
		return not_whole(file, m.reason);
	}
	std::string trouble = head_trouble(json);
	for (std::size_t i = 0; trouble.empty() && i < json["cells"].size(); i++)
		trouble = cell_trouble(json["cells"][i], i);
	if (!trouble.empty())
		return not_a_report(file, trouble);
	return json;
}

View view(const std::vector<Json> &reports)
{
	Viewer viewer;
	for (const Json &json : reports) {
		viewer.hash().add(json.dump(1, '\t', false, Json::error_handler_t::replace));
		viewer.hash().add("\n");
		for (Json cell : list(json, "cells"))
			viewer.add_cell(cell);
		viewer.add_head(json);
	}
	return viewer.finish();
}

Result<View> read_view(const std::vector<std::string> &files, const std::string &only)
{
	Viewer viewer(only);
	for (const std::string &file : files) {
		UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
		if (!fd.valid())
			return system_error("cannot read " + file, errno);
		HashedFile buffer(std::move(fd), viewer.hash());
		std::istream in(&buffer);
		std::string trouble;
		Json head;
		try {
			head = model::parse_strict(in, [&](const std::string &key, std::size_t i, Json &item) {
				if (key != "cells" || !trouble.empty())
					return;
				trouble = cell_trouble(item, i);
				if (trouble.empty())
					viewer.add_cell(item);
			});
		} catch (const model::Malformed &m) {
			return buffer.error() ? system_error("cannot read " + file, buffer.error()) : not_whole(file, m.reason);
		}
		if (const std::string first = head_trouble(head); !first.empty())
			trouble = first;
		if (!trouble.empty())
			return not_a_report(file, trouble);
		viewer.add_head(head);
	}
	const std::vector<std::string> left = viewer.left();
	View view = viewer.finish();
	if (!only.empty() && view.cells.empty())
		return Error{"no report has a cell \"" + one_line(only, 200) + "\", KERNEL/MODE or a glob; " +
			     (left.empty() ? "they have no cell" : "there are " + joined(left, ", ") + (left.size() == 5 ? " and so on" : ""))};
	return view;
}

using Counts = std::map<std::string, std::size_t>;

static void count(const SeenCell &cell, Counts &counts)
{
	for (const SeenCase &c : cell.cases)
		counts[c.verdict]++;
}

static std::string in_words(Counts counts)
{
	static const std::pair<std::string, std::string> words[] = {
		{"pass", "passed"}, {"fail", "failed"}, {"hang", "hung"}, {"crash", "crashed"},
		{"error", "in error"}, {"known-fail", "known to fail"}, {"fixed", "fixed"}, {"review", "to review"},
		{"skip", "skipped"},
	};
	std::string out;
	const auto add = [&](std::size_t n, const std::string &word) {
		out += (out.empty() ? "" : ", ") + std::to_string(n) + " " + word;
	};
	for (const auto &[verdict, word] : words)
		if (const auto it = counts.find(verdict); it != counts.end()) {
			add(it->second, word);
			counts.erase(it);
		}
	for (const auto &[verdict, n] : counts)
		add(n, one_line(verdict, 40));
	return out.empty() ? "no case was run" : out;
}

std::string tally(const SeenCell &cell)
{
	return tally(std::vector{&cell});
}

std::string tally(const std::vector<const SeenCell *> &cells)
{
	Counts counts;
	for (const SeenCell *cell : cells)
		count(*cell, counts);
	return in_words(std::move(counts));
}

std::string tally(const View &view)
{
	Counts counts;
	for (const SeenCell &cell : view.cells)
		count(cell, counts);
	return in_words(std::move(counts));
}

std::string verdict_line(const View &view)
{
	return view.exit_status == 0   ? "the contract is kept"
	       : view.exit_status == 1 ? "the contract is broken"
				       : "not all was judged";
}

std::string repeat(const SeenCell &cell, const SeenCase &c)
{
	if (cell.repeat.empty())
		return "";
	return one_line(cell.repeat) + (cell.repeat.starts_with("exit24 judge") ? "" : " " + one_line(c.name));
}

std::vector<std::string> details(const SeenCell &cell, const SeenCase &c)
{
	std::vector<std::string> out;
	if (!c.reason.empty())
		out.push_back("reason: " + one_line(c.reason) + (c.step ? " (step " + std::to_string(*c.step) + ")" : ""));
	for (const SeenLine &line : c.differences)
		out.push_back(one_line(line.what, 200) + ": want " + one_line(line.want, 400) + ", got " +
			      one_line(line.got, 400));
	if (!c.known.empty())
		out.push_back("known: " + one_line(c.known));
	if (grade(c.verdict) == Grade::skipped)
		return out;
	for (std::size_t at = 0; at < c.diagnosis.size();) {
		const std::size_t end = c.diagnosis.find('\n', at);
		out.push_back("diagnosis: " + one_line(c.diagnosis.substr(at, end - at), 600));
		at = end + 1;
	}
	for (const std::string &line : c.kernel_log)
		out.push_back("kernel log: " + one_line(line, 400));
	if (grade(c.verdict) != Grade::broken) {
		out.push_back("catches: " + one_line(c.catches));
		if (!c.hurts.empty())
			out.push_back("hurts: " + one_line(c.hurts));
	}
	if (!c.rules.empty())
		out.push_back("rules: " + one_line(joined(c.rules, " ")));
	if (const std::string command = repeat(cell, c); !command.empty())
		out.push_back("repeat: " + command);
	return out;
}

} // namespace exit24::report
