// SPDX-License-Identifier: GPL-2.0-only
#include "report/report.hpp"

#include "abi/kvm_run.hpp"
#include "base/file.hpp"
#include "base/runs.hpp"

#include <gtest/gtest.h>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <algorithm>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace exit24::report {
namespace {

using judge::Status;
using judge::Verdict;
using PlainJson = nlohmann::json; // valijson does not take the ordered one

PlainJson schema_text()
{
	const auto text = read_file(SOURCE_ROOT "/reports/report.schema.json");
	EXPECT_TRUE(text) << text.error().what;
	return text ? PlainJson::parse(*text) : PlainJson();
}

/// What the schema finds wrong with a document, one line each; "" if nothing.
std::string invalid(const PlainJson &document)
{
	static const auto schema = [] {
		const PlainJson text = schema_text();
		auto out = std::make_unique<valijson::Schema>();
		valijson::SchemaParser().populateSchema(
			valijson::adapters::NlohmannJsonAdapter(text), *out);
		return out;
	}();
	valijson::Validator validator;
	valijson::ValidationResults results;
	if (validator.validate(*schema, valijson::adapters::NlohmannJsonAdapter(document),
			       &results))
		return "";
	std::string out = "invalid\n";
	for (valijson::ValidationResults::Error error; results.popError(error);) {
		for (const std::string &part : error.context)
			out += part;
		out += ": " + error.description + "\n";
	}
	return out;
}

const model::Guests guests = {
	{"off", {.code = {1, 0, 0, 0xd4}, .labels = {{"_start", 0}, {"after_call", 12}}}},
	{"count", {.code = {2, 0, 0, 0x14}, .labels = {{"_start", 0}}}},
};

/// Cells are made of pointers into this.
model::CaseText &a_case(const std::string &name, const std::string &status = "required")
{
	static std::deque<model::CaseText> all;
	const std::string text =
		R"({"title": "SYSTEM_OFF stops", "rules": ["SE-OFF-01", "SE-EVT-02"],
		"catches": "an event that is lost", "hurts": "QEMU waits for ever", "status": ")" +
		status + R"(",
		"spec": [{"doc": "a.rst", "section": "s", "sentence": "sha256:0123456789ab"}],
		"vcpus": [{"guest": "off"}], "steps": [{"run": 0, "expect": {
			"exit": "KVM_EXIT_SYSTEM_EVENT",
			"type": "KVM_SYSTEM_EVENT_SHUTDOWN", "ndata": 1, "data": ["0x0"]}}]})";
	auto parsed = model::parse_case(name, name, text);
	EXPECT_TRUE(parsed) << parsed.error().what;
	all.push_back({*parsed, name, text});
	return all.back();
}

/// One boot of a lab, line by line.
class Recorder {
public:
	Recorder()
	{
		add({{"boot",
		      {{"machine", "lab"},
		       {"emulated", true},
		       {"qemu", "QEMU 7.2"},
		       {"cpu", "cortex-a57"},
		       {"mode", "nvhe"},
		       {"kvm_mode", "nvhe"},
		       {"clock", "deterministic"},
		       {"image",
			{{"file", "Image"},
			 {"release", "7.3.4"},
			 {"sha256", std::string(64, 'a')}}},
		       {"cases", Json::array()},
		       {"guests", {{"off", std::string(64, 'b')}}}}}});
		add({{"hello",
		      {{"protocol", model::protocol},
		       {"release", "7.3.4"},
		       {"version", "#1 SMP"},
		       {"machine", "aarch64"},
		       {"uptime_ms", 500},
		       {"cpus", 1},
		       {"page_size", 4096},
		       {"midr", "0x411fd070"},
		       {"model", "linux,dummy-virt"},
		       {"command_line", "quiet"},
		       {"kvm_log", {"kvm [1]: Hyp nVHE mode initialized successfully"}},
		       {"capabilities", {{"KVM_CAP_ARM_PSCI_0_2", 1}, {"KVM_CAP_ARM_EL2", 0}}},
		       {"smccc_filter", true},
		       {"gics", {"v3"}},
		       {"protected_vm", false},
		       {"psci_version", "0x10003"},
		       {"smc_psci_version", "0x10003"}}}});
	}
	Recorder &add(const Json &record)
	{
		text_ += model::frame(record, seq_);
		const auto r = builder_.add(record, seq_++);
		EXPECT_TRUE(r) << (r ? "" : r.error().what);
		return *this;
	}
	Recorder &begin(const std::string &name) { return add({{"case", name}, {"begin", true}}); }
	Recorder &end(const std::string &name, const Json &more = Json::object())
	{
		Json line = {{"case", name}, {"end", true}, {"ns", 1000000}};
		line.update(more);
		return add(line);
	}
	Recorder &run(const std::string &name, std::uint32_t type,
		      const Json &more = Json::object())
	{
		std::vector<std::uint8_t> page(abi::kvm_run_size, abi::poison_byte);
		const std::uint32_t words[] = {type, 1, 0, 0};
		std::memcpy(page.data() + abi::exit_reason_offset, &abi::exit_system_event, 4);
		std::memcpy(page.data() + abi::exit_union_offset, words, sizeof(words));
		Json line = {{"case", name},
			     {"step", 0},
			     {"op", "run"},
			     {"rc", 0},
			     {"errno", 0},
			     {"ns", 44000},
			     {"page", encode_runs(page)},
			     {"regs", {{"x0", "0xfffffffffffffffa"}, {"pc", "0x4000000c"}}},
			     {"mp_states", {5, nullptr}},
			     {"reports", {"0x1"}}};
		line.update(more);
		return add(line);
	}
	/// A line of every other kind of step, with all that it can have.
	Recorder &other_steps(const std::string &name)
	{
		const Json outcome = {{"errno", 0}, {"exit", 6}, {"reports", {"0x0", "0x1"}}};
		const std::pair<const char *, Json> rows[] = {
			{"start", {{"round", 1}}},
			{"wait", {{"asleep", true}, {"returned", false}}},
			{"get_mp_state", {{"value", "0x5"}, {"asleep", true}}},
			{"set_mp_state", {{"rc", -1}, {"errno", 22}}},
			{"get_reg", {{"value", "0xffffffffffffffff"}}},
			{"set_reg", {}},
			{"init", {}},
			{"enable_cap", {}},
			{"create", {}},
			{"calls",
			 {{"calls", {{{"first", "0x0"}, {"last", "0xf"}, {"outcome", outcome}}}}}},
			{"ioctl", {{"rc", 7}, {"result", "05 00*3"}}},
			{"page", {{"bytes", "a5*2352"}}},
			{"count_regs", {{"registers", {"0x6030000000140000"}}}},
		};
		for (const auto &[op, more] : rows) {
			Json line = {{"case", name}, {"step", 0},  {"op", op},
				     {"rc", 0},      {"errno", 0}, {"ns", 0}};
			if (!more.is_null())
				line.update(more);
			add(line);
		}
		return *this;
	}
	model::Recording boot_end(const std::string &kind = "complete",
				  const std::string &reason = "", const std::string &console = "",
				  const std::string &registers = "")
	{
		Json end = {{"kind", kind}, {"reason", reason}, {"console", console}};
		if (!registers.empty())
			end["registers"] = registers;
		add({{"boot_end", end}});
		return builder_.recording();
	}

	/// All of it, as it is stored.
	const std::string &text() const { return text_; }

private:
	model::RecordingBuilder builder_;
	std::string text_;
	std::uint64_t seq_ = 0;
};

/// A cell with these cases, judged.
Cell cell(const model::Recording &recording, const std::vector<const model::CaseText *> &cases)
{
	Cell out;
	out.kernel = "7.3.4";
	out.mode = "nvhe";
	out.repeat = "exit24 run --kernel Image --mode nvhe";
	out.wall_ms = 5000;
	out.recording = recording;
	out.cases = cases;
	for (const model::CaseText *c : cases)
		out.verdicts.push_back(judge::judge(c->parsed, recording, guests));
	return out;
}

constexpr char hostile[] = "\x1b]0;title\x07\x1b[2J\x9b"
			   "31m\xff\xc3(\x01\x7f\x08 text\r";

/// A cell for each way in which a case can end, with all that a report can hold.
std::vector<Cell> all_cells()
{
	const model::CaseText &c = a_case("system_off/stops");
	const model::CaseText &seen = a_case("system_off/stops", "characterised");
	const std::string &name = c.parsed.name;
	const Json hang = {
		{"case", name},
		{"hang",
		 {{"step", 0},
		  {"deadline_ms", 2000},
		  {"kvm", {{"exits", 5}}},
		  {"threads",
		   {{{"state", "S"},
		     {"wchan", "kvm_vcpu_block"},
		     {"stack", {"kvm_vcpu_block+0x10/0x20", "kvm_arch_vcpu_ioctl_run"}}}}}}}};
	Cell known = cell(Recorder().begin(name).run(name, 2).end(name).boot_end(), {&c});
	known.verdicts[0].status = Status::known_fail;
	known.verdicts[0].known = {"fail", "it is known", "a.rst"};
	Cell fixed = cell(Recorder().begin(name).run(name, 1).end(name).boot_end(), {&c});
	fixed.verdicts[0] = {Status::fixed, "passes", std::nullopt, {}, judge::Known{"hang", "it is known", ""}};
	return {
		cell(Recorder().begin(name).run(name, 1).end(name).boot_end(), {&c}),
		cell(Recorder().begin(name).run(name, 2).end(name).boot_end(), {&c}),
		cell(Recorder().begin(name).run(name, 2).end(name).boot_end(), {&seen}),
		cell(Recorder()
			     .begin(name)
			     .add(hang)
			     .run(name, 1, {{"deadline", true}, {"errno", 4}, {"rc", -1}})
			     .end(name)
			     .boot_end(),
		     {&c}),
		cell(Recorder().begin(name).boot_end("crash", "Kernel panic",
						     std::string("a\nKernel panic\n") + hostile),
		     {&c}),
		cell(Recorder().begin(name).boot_end("hang", "silent for 20 s", "console\n",
						     "PC=0"),
		     {&c}),
		cell(Recorder().begin(name).end(name, {{"lacks", {"PSCI 1.3"}}}).boot_end(), {&c}),
		cell(Recorder()
			     .begin(name)
			     .run(name, 1)
			     .end(name, {{"kernel_log", {"WARNING: x"}}})
			     .boot_end(),
		     {&c}),
		cell(Recorder()
			     .begin(name)
			     .add({{"case", name}, {"setup", "KVM_CREATE_VCPU: No"}, {"errno", 22}})
			     .end(name)
			     .boot_end(),
		     {&c}),
		cell(Recorder().boot_end("machine", "QEMU ended with signal 9"), {&c}),
		cell(Recorder().begin(name).other_steps(name).end(name).boot_end(),
		     {&c}), // does not fit the case
		cell(model::Recording(), {&c}),
		cell(Recorder().begin(name).run(name, 2).add(hang).end(name).boot_end(), {&c}),
		known,
		fixed,
	};
}

TEST(Report, CountsEveryVerdict)
{
	const auto counts = count(all_cells());
	EXPECT_EQ(counts, (std::map<Status, std::size_t>{{Status::pass, 1},
							 {Status::fail, 3},
							 {Status::hang, 3},
							 {Status::crash, 1},
							 {Status::review, 1},
							 {Status::skip, 1},
							 {Status::error, 3},
							 {Status::known_fail, 1},
							 {Status::fixed, 1}}));
	EXPECT_EQ(summary(counts),
		  "15 cases: 1 passed, 3 failed, 3 hung, 1 crashed, 3 in error, 1 to review, "
		  "1 skipped, 1 known to fail, 1 fixed");
	EXPECT_EQ(summary({{Status::pass, 1}}), "1 case: 1 passed");
	EXPECT_EQ(summary({{Status::known_fail, 2}, {Status::fixed, 1}}), "3 cases: 2 known to fail, 1 fixed");
	EXPECT_EQ(summary({}), "0 cases: none run");
}

int status_of(const std::vector<Status> &statuses)
{
	Cell one;
	for (const Status s : statuses)
		one.verdicts.push_back({s, "", std::nullopt, {}});
	return exit_status({one});
}

TEST(ExitStatus, AgreesWithTheDesignForEveryCombination)
{
	const Status all[] = {Status::pass,   Status::fail, Status::hang, Status::crash,
			      Status::review, Status::skip, Status::error, Status::known_fail, Status::fixed};
	for (unsigned set = 0; set < 1u << std::size(all); set++) {
		std::vector<Status> statuses;
		for (unsigned i = 0; i < std::size(all); i++)
			if (set >> i & 1)
				statuses.push_back(all[i]);
		const auto have = [&](Status s) {
			return std::find(statuses.begin(), statuses.end(), s) != statuses.end();
		};
		const bool red = have(Status::fail) || have(Status::hang) || have(Status::crash);
		const bool judged = red || have(Status::pass) || have(Status::review) || have(Status::known_fail) ||
				    have(Status::fixed);
		EXPECT_EQ(status_of(statuses), red                              ? 1
					       : have(Status::error) || !judged ? 3
										: 0)
			<< set;
	}
}

TEST(ExitStatus, NothingJudgedIsNeverGreen)
{
	EXPECT_EQ(exit_status({}), 3);
	EXPECT_EQ(exit_status({Cell()}), 3);
	EXPECT_EQ(status_of({Status::skip, Status::skip}), 3);
	EXPECT_EQ(status_of({Status::error}), 3);
	EXPECT_EQ(status_of({Status::pass, Status::error}), 3);
	EXPECT_EQ(status_of({Status::error, Status::fail}), 1)
		<< "what is known to be wrong comes first";
	EXPECT_EQ(status_of({Status::review}), 0);
	EXPECT_EQ(status_of({Status::known_fail}), 0) << "it is not red";
}

TEST(ExitStatus, AllCellsCount)
{
	Cell good, bad;
	good.verdicts.push_back({Status::pass, "", std::nullopt, {}});
	bad.verdicts.push_back({Status::crash, "", std::nullopt, {}});
	EXPECT_EQ(exit_status({good, bad}), 1);
	EXPECT_EQ(exit_status({good, Cell()}), 0);
}

/// As the command line writes it.
std::string written(const std::vector<Cell> &cells)
{
	return to_json(cells, guests).dump(1, '\t', false, Json::error_handler_t::replace);
}

TEST(ToJson, IsValidByItsSchemaHoweverACaseEnds)
{
	for (const Cell &one : all_cells()) {
		const std::string text = written({one});
		EXPECT_EQ(invalid(PlainJson::parse(text)), "") << text;
	}
	EXPECT_EQ(invalid(PlainJson::parse(written(all_cells()))), "");
	EXPECT_EQ(invalid(PlainJson::parse(written({}))), "");
}

TEST(ToJson, NativeMachineIsValidToo)
{
	for (const Json &fact : {Json{{"emulated", false}}, Json{{"hypervisor", "/sys/hypervisor/type says xen"}}}) {
		model::RecordingBuilder builder;
		Json boot = {{"machine", "native"}, {"clock", "real"}, {"cases", Json::array()}, {"guests", Json::object()}};
		boot.update(fact);
		ASSERT_TRUE(builder.add({{"boot", boot}}, 0));
		ASSERT_TRUE(builder.add({{"hello",
					  {{"protocol", model::protocol},
					   {"release", "6.1"},
					   {"uptime_ms", 1},
					   {"kvm_log", Json::array()},
					   {"kvm_trouble", "/dev/kvm: No"}}}},
					1));
		ASSERT_TRUE(builder.add({{"boot_end", {{"kind", "complete"}, {"reason", ""}, {"console", ""}}}}, 2));
		const std::string text = written({cell(builder.recording(), {&a_case("a/b")})});
		EXPECT_EQ(invalid(PlainJson::parse(text)), "") << text;
	}
}

TEST(ToJson, TellsWhatWasSeenAndWhatDiffers)
{
	const Json json = to_json({all_cells()[1]}, guests);
	EXPECT_EQ(json["exit_status"], 1);
	EXPECT_EQ(json["summary"], (Json{{"fail", 1}}));
	EXPECT_EQ(json["guests"]["off"]["code"], "01 00*2 d4");
	EXPECT_EQ(json["guests"]["off"]["labels"]["after_call"], 12);
	const Json &one = json["cells"][0];
	EXPECT_EQ(one["cell"], "7.3.4/nvhe");
	EXPECT_EQ(one["environment"]["kvm_mode"], "nvhe");
	EXPECT_EQ(one["environment"]["target"]["release"], "7.3.4");
	EXPECT_FALSE(one["environment"]["machine"].contains("cases"));
	const Json &c = one["cases"][0];
	EXPECT_EQ(c["verdict"], "fail");
	EXPECT_EQ(c["step"], 0);
	EXPECT_EQ(c["differences"][0]["what"], "type");
	EXPECT_EQ(c["differences"][0]["want"], "KVM_SYSTEM_EVENT_SHUTDOWN (1)");
	EXPECT_EQ(c["differences"][0]["got"], "KVM_SYSTEM_EVENT_RESET (2)");
	EXPECT_EQ(c["observed"][0]["op"], "run");
	EXPECT_FALSE(c["observed"][0].contains("case")) << "said once";
	EXPECT_FALSE(c["observed"][0].contains("crc"));
}

TEST(ToJson, SameResultsGiveTheSameReport)
{
	EXPECT_EQ(written(all_cells()), written(all_cells()));
}

TEST(ToJson, StoredRecordingGivesTheSameReport)
{
	const model::CaseText &c = a_case("a/b");
	Recorder recorder;
	const Cell live = cell(recorder.begin("a/b").run("a/b", 2).end("a/b").boot_end(), {&c});
	const auto stored = model::parse_recording("STORED", recorder.text());
	ASSERT_TRUE(stored) << stored.error().what;
	EXPECT_EQ(written({cell(*stored, {&c})}), written({live}));
}

TEST(ToJson, HostileConsoleIsNoReasonToStop)
{
	const std::string &name = a_case("a/b").parsed.name;
	const Cell one =
		cell(Recorder().begin(name).boot_end("crash", hostile, hostile), {&a_case("a/b")});
	EXPECT_NO_THROW((void)written({one}));
	EXPECT_EQ(invalid(PlainJson::parse(written({one}))), "");
}

/// Pointers of all objects (or of all other values but lists) in a document.
void collect(const PlainJson &json, const std::string &pointer, bool objects,
	     std::set<std::string> &out)
{
	if (json.is_object() ? objects : !objects && !json.is_array())
		out.insert(pointer);
	if (json.is_structured())
		for (const auto &[key, value] : json.items())
			collect(value, pointer + "/" + key, objects, out);
}

/// Spoils each place of reports that are as different as they can be; each must be noticed.
void expect_refused(bool objects, const std::function<void(PlainJson &)> &spoil)
{
	std::set<std::string> done; // the same place in another report is the same
	for (const Cell &one : all_cells()) {
		PlainJson report = PlainJson::parse(written({one}));
		std::set<std::string> pointers;
		collect(report, "", objects, pointers);
		for (const std::string &pointer : pointers) {
			if (!done.insert(pointer).second)
				continue;
			PlainJson &place = report[PlainJson::json_pointer(pointer)];
			const PlainJson before = place;
			spoil(place);
			EXPECT_NE(invalid(report), "") << pointer;
			report[PlainJson::json_pointer(pointer)] = before;
		}
		EXPECT_EQ(invalid(report), "");
	}
	EXPECT_GT(done.size(), objects ? 15u : 60u);
}

TEST(ReportSchema, KeyThatIsNotDescribedIsRefused)
{
	expect_refused(true, [](PlainJson &place) { place["unexpected"] = {nullptr}; });
}

TEST(ReportSchema, ValueOfAnotherTypeIsRefused)
{
	expect_refused(false, [](PlainJson &place) { place = {nullptr}; });
}

PlainJson whole_report()
{
	return PlainJson::parse(written(all_cells()));
}

TEST(ReportSchema, VerdictsSayWhatBelongsToThem)
{
	const PlainJson whole = whole_report();
	const struct {
		std::size_t cell;
		const char *key;
	} needed[] = {
		{0, "observed"}, {0, "verdict"},     {0, "case"},   {1, "differences"},
		{1, "reason"},   {2, "differences"}, {3, "reason"}, {4, "reason"},
		{6, "reason"},   {1, "ns"},          {1, "boot"},  {13, "known"},
		{13, "reason"},  {14, "known"},      {14, "reason"},
	};
	for (const auto &row : needed) {
		PlainJson spoilt = whole;
		EXPECT_EQ(spoilt["cells"][row.cell]["cases"][0].erase(row.key), 1u) << row.key;
		EXPECT_NE(invalid(spoilt), "") << row.cell << row.key;
	}
	PlainJson spoilt = whole;
	spoilt["cells"][0]["cases"][0]["reason"] = "a pass needs none";
	EXPECT_NE(invalid(spoilt), "");
	spoilt = whole;
	spoilt["cells"][0]["cases"][0]["verdict"] = "fail";
	EXPECT_NE(invalid(spoilt), "") << "without a difference";
	spoilt = whole;
	spoilt["cells"][1]["cases"][0]["known"] = {{"verdict", "fail"}, {"reason", "r"}};
	EXPECT_NE(invalid(spoilt), "") << "a failure that is known is a known-fail";
	spoilt = whole;
	spoilt["cells"][4]["boots"][0].erase("console");
	EXPECT_NE(invalid(spoilt), "") << "a crash without its console";
	for (const char *key : {"report", "tool", "cells", "exit_status"}) {
		spoilt = whole;
		spoilt.erase(key);
		EXPECT_NE(invalid(spoilt), "") << key;
	}
}

/// Each schema below `properties` and the like is one that a reader meets: it says what it is.
void check_descriptions(const PlainJson &schema, const std::string &place)
{
	EXPECT_TRUE(schema.contains("$ref") || schema.contains("description")) << place;
	for (const char *key : {"properties", "patternProperties", "definitions"})
		if (schema.contains(key))
			for (const auto &[name, sub] : schema[key].items())
				check_descriptions(sub, place + "/" + key + "/" + name);
	for (const char *key : {"items", "additionalProperties"})
		if (schema.contains(key) && schema[key].is_object())
			check_descriptions(schema[key], place + "/" + key);
	if (schema.contains("oneOf"))
		for (const PlainJson &sub : schema["oneOf"])
			check_descriptions(sub, place + "/oneOf");
	if (schema.value("type", PlainJson()) == "object") {
		EXPECT_TRUE(schema.contains("additionalProperties")) << place << " takes any key";
	}
}

TEST(ReportSchema, EveryKeyIsDescribedAndNoObjectIsOpen)
{
	check_descriptions(schema_text(), "");
	EXPECT_EQ(schema_text()["$schema"], "http://json-schema.org/draft-07/schema#");
	EXPECT_EQ(schema_text()["properties"]["report"]["enum"], PlainJson({report_format}));
}

TEST(ReportSchema, NamesTheStepsThatThereAre)
{
	std::set<std::string> recorded = {"run", "kick"};
	const PlainJson whole = whole_report();
	for (const PlainJson &line : whole["cells"][10]["cases"][0]["observed"])
		recorded.insert(line["op"].get<std::string>());
	EXPECT_EQ(recorded.size(), std::variant_size_v<model::Step>);
	EXPECT_EQ(schema_text()["definitions"]["observation"]["properties"]["op"]["enum"]
			  .get<std::set<std::string>>(),
		  recorded);
}

TEST(ReportSchema, NamesTheVerdictsThatThereAre)
{
	std::set<std::string> verdicts, counted;
	for (const int s : {0, 1, 2, 3, 4, 5, 6, 7, 8})
		verdicts.insert(std::string(judge::name(static_cast<Status>(s))));
	const PlainJson schema = schema_text();
	for (const auto &[name, sub] : schema["properties"]["summary"]["properties"].items())
		counted.insert(name);
	EXPECT_EQ(counted, verdicts);
	EXPECT_EQ(schema["definitions"]["case"]["properties"]["verdict"]["enum"]
			  .get<std::set<std::string>>(),
		  verdicts);
}

std::vector<std::string> lines_of(const std::string &text)
{
	std::vector<std::string> out;
	for (std::size_t at = 0; at < text.size();) {
		const auto end = std::min(text.find('\n', at), text.size());
		out.push_back(text.substr(at, end - at));
		at = end + 1;
	}
	return out;
}

TEST(Explain, FitsTheTerminal)
{
	for (const std::size_t width : {40u, 80u, 120u}) {
		for (const Cell &one : all_cells()) {
			const std::string text = explain(one.cases[0]->parsed, one.verdicts[0],
							 one.recording, "", width);
			for (const std::string &line : lines_of(text)) {
				// a name is not cut, even if it is too long
				const auto word = line.find_last_of(' ') + 1;
				const std::string before = line.substr(0, word);
				const bool first =
					before.find_first_not_of(' ') == std::string::npos ||
					before.ends_with("  want  ") ||
					before.ends_with("  got   ");
				EXPECT_TRUE(line.size() <= width || first) << width << ": " << line;
			}
		}
	}
}

TEST(ToJson, ModeThatCannotBeGivenSaysWhy)
{
	Cell one = all_cells()[1];
	skip(one, "it needs QEMU 9");
	const Json json = to_json({one, all_cells()[0]}, guests);
	EXPECT_EQ(invalid(PlainJson::parse(json.dump())), "");
	EXPECT_EQ(json["cells"][0]["skip"], "it needs QEMU 9");
	EXPECT_EQ(json["cells"][0]["cases"], Json::array());
	EXPECT_EQ(json["exit_status"], 0) << "it is no failure";
	EXPECT_EQ(exit_status({one}), 3) << "but alone it proves nothing";
}

TEST(ToJson, KnownFailureSaysWhatItWouldBe)
{
	const Json json = to_json({all_cells()[13]}, guests);
	const Json &c = json["cells"][0]["cases"][0];
	EXPECT_EQ(c["verdict"], "known-fail");
	EXPECT_EQ(c["known"], (Json{{"verdict", "fail"}, {"reason", "it is known"}, {"link", "a.rst"}}));
	EXPECT_EQ(c["reason"], "the event has the wrong type");
	EXPECT_EQ(json["exit_status"], 0);
}

TEST(Explain, KnownFailureSaysWhatWasSeenAndWhatIsKnown)
{
	const Cell one = all_cells()[13];
	EXPECT_EQ(lines_of(explain(one.cases[0]->parsed, one.verdicts[0], one.recording, one.repeat, 100)),
		  (std::vector<std::string>{"           the event has the wrong type (step 0, run vCPU 0)",
					    "           known: it is known (a.rst)"}));
}

TEST(Explain, NarrowTerminalIsNoReasonToStop)
{
	for (const std::size_t width : {0u, 1u, 11u, 20u, 31u})
		for (const Cell &one : all_cells())
			EXPECT_NE(explain(one.cases[0]->parsed, one.verdicts[0], one.recording,
					  "exit24", width),
				  "");
}

TEST(Explain, SaysWhatDiffersWhatItMeansAndHowToRepeatIt)
{
	const Cell one = all_cells()[1];
	const std::string text =
		explain(one.cases[0]->parsed, one.verdicts[0], one.recording, one.repeat, 100);
	const std::vector<std::string> expected = {
		"           the event has the wrong type (step 0, run vCPU 0)",
		"                  want                           got",
		"           type   KVM_SYSTEM_EVENT_SHUTDOWN (1)  KVM_SYSTEM_EVENT_RESET (2)",
		"           catches: an event that is lost",
		"           hurts: QEMU waits for ever",
		"           repeat: exit24 run --kernel Image --mode nvhe system_off/stops",
	};
	EXPECT_EQ(lines_of(text), expected);
}

TEST(Explain, WhatDoesNotFitInATableStandsBelowEachOther)
{
	const Cell one = all_cells()[1];
	const std::string text =
		explain(one.cases[0]->parsed, one.verdicts[0], one.recording, "", 60);
	EXPECT_NE(text.find("\n           type\n             want  KVM_SYSTEM_EVENT_SHUTDOWN (1)\n"
			    "             got   KVM_SYSTEM_EVENT_RESET (2)\n"),
		  std::string::npos)
		<< text;
}

TEST(Explain, HangSaysWhereTheKernelIs)
{
	const Cell one = all_cells()[3];
	const std::string text =
		explain(one.cases[0]->parsed, one.verdicts[0], one.recording, "", 200);
	EXPECT_NE(text.find("thread in state S: kvm_vcpu_block < kvm_vcpu_block+0x10/0x20"),
		  std::string::npos)
		<< text;
	EXPECT_NE(text.find("\"exits\":5"), std::string::npos) << text;
	EXPECT_NE(text.find("after a signal: errno EINTR (4)"), std::string::npos) << text;
}

TEST(Explain, CrashShowsTheConsoleFromTheTellingLine)
{
	const std::string &name = a_case("a/b").parsed.name;
	std::string console;
	for (int i = 0; i < 50; i++)
		console += "line " + std::to_string(i) + "\r\n";
	console += "Kernel panic - not syncing: x\r\nCPU: 0\r\n";
	const Cell one = cell(
		Recorder().begin(name).boot_end("crash", "Kernel panic - not syncing: x", console),
		{&a_case("a/b")});
	const std::string text =
		explain(one.cases[0]->parsed, one.verdicts[0], one.recording, "", 80);
	EXPECT_NE(text.find("| Kernel panic - not syncing: x\n           | CPU: 0\n"),
		  std::string::npos)
		<< text;
	EXPECT_EQ(text.find("line 49"), std::string::npos) << text;
	EXPECT_EQ(text.find('\r'), std::string::npos);
}

/// Whether a terminal would show a text and do nothing else.
bool only_shows(const std::string &text)
{
	for (const char c : text)
		if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f)
			return false;
	try {
		return Json(text).dump().find("\xc2\x9b") ==
		       std::string::npos; // throws if it is no UTF-8
	} catch (const Json::exception &) {
		return false;
	}
}

TEST(Explain, HostileConsoleGetsNoControlOfTheTerminal)
{
	const std::string &name = a_case("a/b").parsed.name;
	for (const char *bytes : {hostile,
				  "\xc2\x9b"
				  "31m",
				  "\x1b[31m\n\x1b]52;c;\x07", "\xf0\x9f\x98"}) {
		const Cell one =
			cell(Recorder().begin(name).boot_end("crash", "Kernel panic", bytes),
			     {&a_case("a/b")});
		const std::string text =
			explain(one.cases[0]->parsed, one.verdicts[0], one.recording, "", 80);
		EXPECT_TRUE(only_shows(text))
			<< Json(text).dump(-1, ' ', true, Json::error_handler_t::replace);
		EXPECT_NE(text.find("| "), std::string::npos) << "it is shown nevertheless";
	}
}

TEST(Explain, HostileReasonOrLogGetsNoControlOfTheTerminal)
{
	const std::string &name = a_case("a/b").parsed.name;
	const Cell cells[] = {
		cell(Recorder().begin(name).boot_end("crash",
						     std::string("Kernel panic: ") + hostile, ""),
		     {&a_case("a/b")}),
		cell(Recorder()
			     .begin(name)
			     .run(name, 1)
			     .end(name, {{"kernel_log", {"WARNING: \x1b[2J"}}})
			     .boot_end(),
		     {&a_case("a/b")}),
		cell(Recorder()
			     .begin(name)
			     .add({{"case", name},
				   {"hang", {{"step", 0}, {"threads", {{{"wchan", "\x1b[2J"}}}}}}})
			     .end(name)
			     .boot_end(),
		     {&a_case("a/b")}),
	};
	for (const Cell &one : cells)
		EXPECT_TRUE(only_shows(
			explain(one.cases[0]->parsed, one.verdicts[0], one.recording, "", 80)));
}

} // namespace
} // namespace exit24::report
