// SPDX-License-Identifier: GPL-2.0-only
#include "model/recording.hpp"

#include "abi/kvm_run.hpp"
#include "model/plan.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace exit24::model {
namespace {

// A line that a real agent wrote: if it is not accepted any more, no older recording is.
constexpr char real_line[] =
	R"({"seq":2,"case":"conduit/hvc-immediate-is-ignored","begin":true,"crc":"382d7e83"})"
	"\n";

Json without_frame(Json json)
{
	json.erase("seq");
	json.erase("crc");
	return json;
}

TEST(Frame, LineOfARealAgentIsARecord)
{
	const Unframed u = unframe(real_line);
	ASSERT_EQ(u.kind, Unframed::record);
	EXPECT_EQ(u.seq, 2u);
	EXPECT_EQ(u.json["case"], "conduit/hvc-immediate-is-ignored");
	EXPECT_EQ(frame({{"case", "conduit/hvc-immediate-is-ignored"}, {"begin", true}}, 2),
		  real_line);
}

TEST(Frame, UnframeIsTheInverse)
{
	const Json records[] = {
		Json::object(),
		{{"done", true}},
		{{"a", 1}, {"b", {1, nullptr, "x", 1.5, -1}}, {"c", {{"d", Json::array()}}}},
		{{"text", "\"quotes\" \\ \n\r\t\x1b[31m \xc3\xa9 }"}},
		{{"text", "{\"seq\":1,\"crc\":\"00000000\"}"}},
		{{"\"},{\"seq\":", "key"}},
		{{"page", std::string(10000, 'f')}},
	};
	for (const Json &record : records) {
		for (const std::uint64_t seq : {std::uint64_t{0}, std::uint64_t{7}, UINT64_MAX}) {
			const std::string line = frame(record, seq);
			EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
			const Unframed u = unframe(line);
			ASSERT_EQ(u.kind, Unframed::record) << line;
			EXPECT_EQ(u.seq, seq);
			EXPECT_EQ(without_frame(u.json), record);
		}
	}
}

TEST(Frame, BytesThatAreNoTextAreReplaced)
{
	const Unframed u = unframe(frame({{"console", "a\xff\xc3(b"}}, 1));
	ASSERT_EQ(u.kind, Unframed::record);
	EXPECT_EQ(u.json["console"], "a\xef\xbf\xbd\xef\xbf\xbd(b");
}

TEST(Unframe, WhatOthersPrintIsNoise)
{
	for (const char *line :
	     {"", "\n", "\r\n", "[    0.000000] Booting Linux on physical CPU 0x0\n", "{}",
	      "{\"sequence\":1}", "{\"seq\" :1}", "\"seq\":1", "\xff\xfe", "\x1b[2J"})
		EXPECT_EQ(unframe(line).kind, Unframed::noise) << line;
}

TEST(Unframe, NoiseBeforeALineIsSkipped)
{
	for (const char *noise :
	     {"[    1.5] printk: ", "\x1b[0m\xff", "{\"seq\":1,\"case\":\"a/b\",\"st", "}"}) {
		const Unframed u = unframe(noise + std::string(real_line));
		ASSERT_EQ(u.kind, Unframed::record) << noise;
		EXPECT_EQ(u.seq, 2u);
	}
}

TEST(Unframe, NoiseBehindOrInsideALineTearsIt)
{
	const std::string line = std::string(real_line).substr(0, sizeof(real_line) - 2);
	EXPECT_EQ(unframe(line + "[    1.5] WARNING: CPU: 0\n").kind, Unframed::torn);
	EXPECT_EQ(unframe(line + " \n").kind, Unframed::torn);
	EXPECT_EQ(unframe(line.substr(0, 30) + "[    1.5] text" + line.substr(30)).kind,
		  Unframed::torn);
}

TEST(Unframe, LineEndOfAConsoleIsAccepted)
{
	const std::string line = std::string(real_line).substr(0, sizeof(real_line) - 2);
	for (const char *end : {"", "\n", "\r\n", "\r\r\n"})
		EXPECT_EQ(unframe(line + end).kind, Unframed::record);
}

TEST(Unframe, EveryCorruptedByteIsNoticed)
{
	const std::string line = std::string(real_line).substr(0, sizeof(real_line) - 2);
	for (std::size_t at = 0; at < line.size(); at++) {
		std::string damaged = line;
		for (int byte = 0; byte < 256; byte++) {
			damaged[at] = static_cast<char>(byte);
			ASSERT_EQ(unframe(damaged).kind == Unframed::record, damaged == line)
				<< damaged;
		}
	}
}

TEST(Unframe, EveryLostOrDoubledByteIsNoticed)
{
	const std::string line = std::string(real_line).substr(0, sizeof(real_line) - 2);
	for (std::size_t at = 0; at < line.size(); at++) {
		EXPECT_NE(unframe(line.substr(0, at) + line.substr(at + 1)).kind, Unframed::record)
			<< at;
		const auto doubled = unframe(line.substr(0, at + 1) + line.substr(at));
		EXPECT_EQ(doubled.kind == Unframed::record, at == 0)
			<< at; // "{{" is noise before a line
	}
}

TEST(Unframe, EveryTruncationIsNoticed)
{
	const std::string line = std::string(real_line).substr(0, sizeof(real_line) - 2);
	for (std::size_t size = 0; size < line.size(); size++)
		EXPECT_NE(unframe(line.substr(0, size)).kind, Unframed::record) << size;
}

TEST(Unframe, ChecksumOverSomethingElseThanARecordDoesNotHelp)
{
	EXPECT_EQ(unframe(frame({{"seq", 5}}, 7)).kind, Unframed::torn) << "two sequence numbers";
	EXPECT_EQ(unframe(frame({{"crc", "00000000"}}, 7)).kind, Unframed::torn) << "two checksums";
}

/// A recording, as lines.
class Lines {
public:
	Lines &add(const Json &record)
	{
		lines_.push_back(frame(record, seq_++));
		return *this;
	}
	Lines &boot()
	{
		seq_ = 0;
		return add({{"boot",
			     {{"machine", "lab"},
			      {"mode", "nvhe"},
			      {"cases", {"a/a", "b/b"}},
			      {"guests", {{"off", std::string(64, '0')}}}}}});
	}
	Lines &hello() { return add({{"hello", hello_facts()}}); }
	Lines &begin(const std::string &name) { return add({{"case", name}, {"begin", true}}); }
	Lines &step(const std::string &name, int number = 0)
	{
		return add(step_record(name, number));
	}
	Lines &end(const std::string &name)
	{
		return add({{"case", name}, {"end", true}, {"ns", 5}});
	}
	Lines &boot_end(const std::string &kind = "complete")
	{
		return add({{"boot_end", {{"kind", kind}, {"reason", ""}, {"console", "tail"}}}});
	}
	Lines &whole_case(const std::string &name) { return begin(name).step(name).end(name); }

	static Json hello_facts()
	{
		return {{"protocol", protocol},
			{"release", "7.3.4"},
			{"uptime_ms", 500},
			{"kvm_log", {"kvm [1]: Hyp nVHE mode initialized successfully"}},
			{"capabilities", {{"KVM_CAP_ARM_PSCI_0_2", 1}, {"KVM_CAP_ARM_EL2", 0}}},
			{"psci_version", "0x10001"},
			{"smc_psci_version", "0x10001"}};
	}
	static Json step_record(const std::string &name, int number)
	{
		return {{"case", name},
			{"step", number},
			{"op", "run"},
			{"rc", 0},
			{"errno", 0},
			{"ns", 44},
			{"page", "a5*8 18 00*3 a5*20 01 00*3 01 00*11 a5*2304"},
			{"regs", {{"x0", "0xfffffffffffffffa"}, {"pc", "0x4000000c"}}},
			{"mp_states", {5, nullptr}},
			{"reports", {"0x0", "0xffffffffffffffff"}}};
	}

	std::string text() const
	{
		std::string out;
		for (const std::string &line : lines_)
			out += line;
		return out;
	}
	std::size_t size() const { return lines_.size(); }
	std::vector<std::string> &lines() { return lines_; }

private:
	std::vector<std::string> lines_;
	std::uint64_t seq_ = 0;
};

Lines two_cases()
{
	return Lines()
		.boot()
		.hello()
		.whole_case("a/a")
		.whole_case("b/b")
		.add({{"done", true}})
		.boot_end();
}

/// The Error's sentence for a text, or "" if it is read.
std::string refused(const std::string &text)
{
	const auto r = parse_recording("FILE", text);
	return r ? "" : r.error().what;
}

TEST(Recording, WholeOneIsRead)
{
	const auto r = parse_recording("FILE", two_cases().text());
	ASSERT_TRUE(r) << r.error().what;
	ASSERT_EQ(r->boots.size(), 1u);
	const Boot &boot = r->boots[0];
	EXPECT_EQ(boot.machine["mode"], "nvhe");
	EXPECT_EQ(boot.cases, (std::vector<std::string>{"a/a", "b/b"}));
	EXPECT_EQ(boot.guests.at("off"), std::string(64, '0'));
	EXPECT_EQ(boot.end, "complete");
	EXPECT_EQ(boot.console_tail, "tail");
	ASSERT_TRUE(boot.hello);
	EXPECT_EQ(boot.hello->release, "7.3.4");
	EXPECT_EQ(boot.hello->kvm_mode, "nvhe");
	EXPECT_EQ(boot.hello->psci_version, 0x10001u);
	EXPECT_EQ(boot.hello->capabilities.at("KVM_CAP_ARM_PSCI_0_2"), 1u);
	EXPECT_EQ(boot.hello->kvm_trouble, std::nullopt);

	EXPECT_EQ(r->order, (std::vector<std::string>{"a/a", "b/b"}));
	EXPECT_TRUE(r->running.empty());
	const CaseRun &run = r->cases.at("a/a");
	EXPECT_TRUE(run.ended);
	EXPECT_FALSE(run.torn);
	EXPECT_EQ(run.ns, 5u);
	ASSERT_EQ(run.steps.size(), 1u);
	EXPECT_EQ(run.steps[0].op, "run");
	EXPECT_EQ(run.steps[0].ns, 44u);
	ASSERT_TRUE(run.steps[0].run);
	const RunSeen &seen = *run.steps[0].run;
	ASSERT_EQ(seen.page.size(), abi::kvm_run_size);
	EXPECT_EQ(seen.u32(abi::exit_reason_offset), abi::exit_system_event);
	EXPECT_EQ(seen.u32(abi::system_event_type_offset), 1u);
	EXPECT_EQ(seen.u32(abi::system_event_ndata_offset), 1u);
	EXPECT_EQ(seen.u64(abi::system_event_data_offset), 0u);
	EXPECT_EQ(seen.mp_states, (std::vector<std::optional<std::uint64_t>>{5, std::nullopt}));
	EXPECT_EQ(seen.reports, (std::vector<std::uint64_t>{0, UINT64_MAX}));
	EXPECT_EQ(seen.asleep, std::nullopt);
}

TEST(Recording, RegistersThatTheAgentLeavesOutAreZero)
{
	const auto r = parse_recording("FILE", two_cases().text());
	ASSERT_TRUE(r);
	const auto &regs = r->cases.at("a/a").steps[0].run->regs;
	EXPECT_EQ(regs.size(), 35u);
	EXPECT_EQ(regs.at("x0"), 0xfffffffffffffffau);
	EXPECT_EQ(regs.at("pc"), 0x4000000cu);
	EXPECT_EQ(regs.at("x30"), 0u);
	EXPECT_EQ(regs.at("pstate"), 0u);
}

TEST(Recording, KindsOfLinesOfACaseAreRead)
{
	const auto r = parse_recording(
		"FILE",
		Lines().boot()
			.hello()
			.begin("a/hang")
			.add({{"case", "a/hang"}, {"hang", {{"step", 1}}}})
			.end("a/hang")
			.begin("a/setup")
			.add({{"case", "a/setup"}, {"setup", "KVM_CREATE_VCPU: No"}, {"errno", 22}})
			.end("a/setup")
			.begin("a/trouble")
			.add({{"case", "a/trouble"}, {"trouble", "fork"}})
			.end("a/trouble")
			.begin("a/lacks")
			.add({{"case", "a/lacks"},
			      {"end", true},
			      {"ns", 1},
			      {"lacks", {"PSCI 1.3"}},
			      {"kernel_log", {"WARNING: x"}}})
			.boot_end()
			.text());
	ASSERT_TRUE(r) << r.error().what;
	EXPECT_EQ((*r->cases.at("a/hang").hang)["step"], 1);
	EXPECT_EQ(r->cases.at("a/setup").setup, "KVM_CREATE_VCPU: No");
	EXPECT_EQ(r->cases.at("a/setup").setup_error, 22u);
	EXPECT_EQ(r->cases.at("a/trouble").trouble, "fork");
	EXPECT_EQ(r->cases.at("a/lacks").lacks, std::vector<std::string>{"PSCI 1.3"});
	EXPECT_EQ(r->cases.at("a/lacks").kernel_log, std::vector<std::string>{"WARNING: x"});
}

TEST(Recording, FilesOfTheTargetAreReadInTheirOrder)
{
	const auto r = parse_recording("FILE", Lines().boot()
						       .hello()
						       .add({{"file", {{"path", "/x.gcda"}, {"bytes", "01*2"}}}})
						       .begin("a/b")
						       .add({{"file", {{"path", "/x.gcda"}, {"bytes", "02"}, {"case", "a/b"}}}})
						       .end("a/b")
						       .boot_end()
						       .text());
	ASSERT_TRUE(r) << r.error().what;
	ASSERT_EQ(r->boots.at(0).files.size(), 2u);
	EXPECT_EQ(r->boots[0].files[0].after, "");
	EXPECT_EQ(r->boots[0].files[0].path, "/x.gcda");
	EXPECT_EQ(r->boots[0].files[0].bytes, (std::vector<std::uint8_t>{1, 1}));
	EXPECT_EQ(r->boots[0].files[1].after, "a/b");
	EXPECT_EQ(r->boots[0].files[1].bytes, std::vector<std::uint8_t>{2});
}

TEST(Recording, EveryEndOfABootIsRead)
{
	for (const char *kind : {"complete", "crash", "hang", "machine"}) {
		const auto r = parse_recording("FILE", Lines().boot().boot_end(kind).text());
		ASSERT_TRUE(r) << r.error().what;
		EXPECT_EQ(r->boots[0].end, kind);
	}
	EXPECT_EQ(refused(Lines().boot().boot_end("done").text()),
		  "FILE:2: at /boot_end: \"done\" is not the end of a boot");
	EXPECT_NE(refused(Lines().boot().boot_end("").text()), "");
}

TEST(Recording, EmptyFileIsSaidToBeEmpty)
{
	for (const char *text : {"", "\n\n"})
		EXPECT_EQ(refused(text),
			  "FILE: it is empty; a recording begins with a \"boot\" line");
}

TEST(Recording, LineOfSomethingElseIsNamed)
{
	EXPECT_EQ(refused("hello\n"), "FILE:1: this is not a line of an exit24 recording");
	EXPECT_EQ(refused(Lines().boot().text() + "\n[    1.0] noise\n"),
		  "FILE:3: this is not a line of an exit24 recording");
}

TEST(Recording, TornLineIsNamed)
{
	for (std::size_t i = 0; i < two_cases().size(); i++) {
		Lines lines = two_cases();
		std::string &line = lines.lines()[i];
		line.replace(line.size() / 2, std::string::npos, "\n");
		const std::string what = refused(lines.text());
		EXPECT_EQ(what.find("FILE:" + std::to_string(i + 1) + ": this line is torn"), 0u)
			<< what;
	}
}

TEST(Recording, TruncationAtALineIsNoticed)
{
	const Lines whole = two_cases();
	std::string text;
	for (std::size_t i = 0; i + 1 < whole.size(); i++) {
		text += Lines(whole).lines()[i];
		const std::string what = refused(text);
		EXPECT_EQ(what.find("FILE:" + std::to_string(i + 1) + ": the recording stops here"),
			  0u)
			<< what;
	}
}

TEST(Recording, MissingNewlineAtTheEndIsFine)
{
	std::string text = two_cases().text();
	text.pop_back();
	EXPECT_EQ(refused(text), "");
}

TEST(Recording, LostLineOfACaseNeverLeavesItWhole)
{
	const Lines whole = two_cases();
	for (std::size_t i = 2; i < 8; i++) { // the lines of the cases
		Lines lines = whole;
		lines.lines().erase(lines.lines().begin() + static_cast<std::ptrdiff_t>(i));
		const auto r = parse_recording("FILE", lines.text());
		ASSERT_TRUE(r) << r.error().what;
		const std::string hurt = i < 5 ? "a/a" : "b/b", other = i < 5 ? "b/b" : "a/a";
		EXPECT_TRUE(!r->cases.contains(hurt) || r->cases.at(hurt).torn)
			<< "without line " << i + 1;
		EXPECT_TRUE(r->cases.at(other).ended && !r->cases.at(other).torn)
			<< "without line " << i + 1;
	}
}

TEST(Recording, SecondLostLineIsChargedToItsOwnCase)
{
	Lines lines = two_cases();
	lines.lines().erase(lines.lines().begin() + 6); // the step of b/b
	lines.lines().erase(lines.lines().begin() + 4); // the end of a/a
	const auto r = parse_recording("FILE", lines.text());
	ASSERT_TRUE(r) << r.error().what;
	EXPECT_TRUE(r->cases.at("a/a").torn);
	EXPECT_TRUE(r->cases.at("b/b").torn);
}

TEST(Recording, LostFirstOrLastLineIsNoRecording)
{
	Lines lines = two_cases();
	lines.lines().erase(lines.lines().begin());
	EXPECT_EQ(refused(lines.text()), "FILE:1: the line belongs to no boot");
}

TEST(Recording, LinesOutOfOrderAreRefused)
{
	for (std::size_t i = 1; i + 1 < two_cases().size(); i++) {
		Lines lines = two_cases();
		std::swap(lines.lines()[i], lines.lines()[i + 1]);
		EXPECT_NE(refused(lines.text()), "")
			<< "lines " << i + 1 << " and " << i + 2 << " swapped";
	}
	Lines twice = two_cases();
	twice.lines().insert(twice.lines().begin() + 3, twice.lines()[3]);
	EXPECT_EQ(refused(twice.text()), "FILE:5: line 3 of this boot comes after line 4");
}

TEST(Recording, BootsDoNotOverlap)
{
	EXPECT_EQ(refused(Lines().boot().boot().boot_end().text()),
		  "FILE:2: a boot begins before the one before it has ended");
	EXPECT_EQ(refused(Lines().boot().boot_end().begin("a/a").text()),
		  "FILE:3: the line belongs to no boot");
	EXPECT_EQ(refused(Lines().begin("a/a").text()), "FILE:1: the line belongs to no boot");
}

TEST(Recording, CaseRunAgainInALaterBootReplacesTheFirst)
{
	const auto r = parse_recording("FILE", Lines().boot()
						       .hello()
						       .whole_case("b/b")
						       .begin("a/a")
						       .boot_end("crash")
						       .boot()
						       .hello()
						       .begin("a/a")
						       .step("a/a")
						       .step("a/a", 1)
						       .end("a/a")
						       .boot_end()
						       .text());
	ASSERT_TRUE(r) << r.error().what;
	EXPECT_EQ(r->boots.size(), 2u);
	EXPECT_EQ(r->order, (std::vector<std::string>{"b/b", "a/a"}));
	EXPECT_EQ(r->cases.at("a/a").boot, 1u);
	EXPECT_TRUE(r->cases.at("a/a").ended);
	EXPECT_EQ(r->cases.at("a/a").steps.size(), 2u);
	EXPECT_EQ(r->cases.at("b/b").boot, 0u);
}

TEST(Recording, LinesWithoutTheirBeginAreNotTaken)
{
	// The begin was lost, or it is of the boot before: the case will be run again.
	const auto r = parse_recording("FILE", Lines().boot()
						       .hello()
						       .begin("a/a")
						       .boot_end("crash")
						       .boot()
						       .hello()
						       .step("a/a")
						       .end("a/a")
						       .step("b/b")
						       .boot_end()
						       .text());
	ASSERT_TRUE(r) << r.error().what;
	EXPECT_EQ(r->cases.at("a/a").boot, 0u);
	EXPECT_FALSE(r->cases.at("a/a").ended);
	EXPECT_TRUE(r->cases.at("a/a").steps.empty());
	EXPECT_FALSE(r->cases.contains("b/b"));
}

TEST(Recording, RunningAreTheCasesThatBeganAndHaveNotEnded)
{
	RecordingBuilder builder;
	const Recording &r = builder.recording();
	using Names = std::vector<std::string>;
	std::uint64_t seq = 0;
	const auto add = [&](const Json &record) { ASSERT_TRUE(builder.add(record, seq++)); };
	EXPECT_EQ(r.running, Names{});
	builder.lost(); // nothing runs, nothing is hurt
	add({{"boot", {{"cases", Json::array()}, {"guests", Json::object()}}}});
	EXPECT_EQ(r.running, Names{});
	add({{"case", "b/b"}, {"begin", true}});
	EXPECT_EQ(r.running, Names{"b/b"});
	add({{"case", "b/b"}, {"end", true}, {"ns", 1}});
	EXPECT_EQ(r.running, Names{});
	add({{"case", "a/a"}, {"begin", true}});
	EXPECT_EQ(r.running, Names{"a/a"});
	EXPECT_EQ(builder.next_seq(), 4u);
	builder.lost();
	EXPECT_TRUE(r.cases.at("a/a").torn);
	EXPECT_FALSE(r.cases.at("b/b").torn);
	add({{"boot_end", {{"kind", "crash"}, {"reason", ""}, {"console", ""}}}});
	EXPECT_EQ(r.running, Names{});
}

TEST(Recording, WhatHappensWhileSeveralRunIsADoubtOfAll)
{
	RecordingBuilder builder;
	const Recording &r = builder.recording();
	using Names = std::vector<std::string>;
	std::uint64_t seq = 0;
	const auto add = [&](const Json &record) { ASSERT_TRUE(builder.add(record, seq++)); };
	const Json boot = {{"boot", {{"cases", Json::array()}, {"guests", Json::object()}}}};
	add(boot);
	for (const char *name : {"a/a", "b/b", "c/c"})
		add({{"case", name}, {"begin", true}});
	add({{"case", "a/a"}, {"end", true}, {"ns", 1}});
	EXPECT_TRUE(r.doubts.empty());
	add({{"case", "b/b"}, {"end", true}, {"ns", 1}, {"kernel_log", {"WARNING: w"}}});
	ASSERT_EQ(r.doubts.size(), 1u);
	EXPECT_EQ(r.doubts[0].cases, (Names{"b/b", "c/c"}));
	EXPECT_EQ(r.doubts[0].kernel_log, (Names{"WARNING: w"}));
	EXPECT_FALSE(r.in_doubt("a/a"));
	EXPECT_TRUE(r.in_doubt("b/b"));
	EXPECT_TRUE(r.in_doubt("c/c"));

	add({{"case", "d/d"}, {"begin", true}});
	add({{"boot_end", {{"kind", "crash"}, {"reason", ""}, {"console", ""}}}});
	ASSERT_EQ(r.doubts.size(), 2u);
	EXPECT_EQ(r.doubts[1].cases, (Names{"c/c", "d/d"}));
	EXPECT_TRUE(r.doubts[1].kernel_log.empty());

	ASSERT_TRUE(builder.add(boot, seq = 0));
	seq++;
	add({{"case", "b/b"}, {"begin", true}});
	EXPECT_FALSE(r.in_doubt("b/b")) << "it is run again";
	EXPECT_TRUE(r.in_doubt("c/c"));
	add({{"case", "b/b"}, {"end", true}, {"ns", 1}, {"kernel_log", {"WARNING: w"}}});
	add({{"case", "c/c"}, {"begin", true}});
	add({{"boot_end", {{"kind", "crash"}, {"reason", ""}, {"console", ""}}}});
	EXPECT_EQ(r.doubts.size(), 2u) << "alone there is no doubt";
}

TEST(Recording, WrongFieldsAreRefusedWithTheirPlace)
{
	const struct {
		const char *pointer;
		Json value;
	} rows[] = {
		{"/page", "a5*2351"},
		{"/page", "a5*2353"},
		{"/page", "a5*18446744073709551615"},
		{"/page", ""},
		{"/page", "zz"},
		{"/page", 1},
		{"/regs/x31", "0x1"},
		{"/regs/x1", "1"},
		{"/regs/x1", "0x"},
		{"/regs/x1", "0x10000000000000000"},
		{"/regs/x1", 1},
		{"/regs", Json::array()},
		{"/mp_states/0", -1},
		{"/mp_states/0", "5"},
		{"/reports/0", 1},
		{"/asleep", "yes"},
		{"/step", -1},
		{"/step", "0"},
		{"/round", -1},
		{"/errno", 4096},
		{"/errno", -1},
		{"/rc", "0"},
		{"/ns", 1.5},
		{"/value", 5},
		{"/value", "five"},
		{"/op", 1},
		{"/case", 1},
	};
	for (const auto &row : rows) {
		Json step = Lines::step_record("a/a", 0);
		step[Json::json_pointer(row.pointer)] = row.value;
		const std::string what =
			refused(Lines().boot().begin("a/a").add(step).boot_end().text());
		EXPECT_EQ(what.find("FILE:3: at /"), 0u)
			<< row.pointer << " = " << row.value << ": " << what;
	}
	for (const char *key :
	     {"regs", "mp_states", "reports", "step", "op", "rc", "errno", "ns", "case"}) {
		Json step = Lines::step_record("a/a", 0);
		step.erase(key);
		EXPECT_NE(refused(Lines().boot().begin("a/a").add(step).boot_end().text()), "")
			<< key;
	}
}

TEST(Hello, AgentOfAnotherVersionIsRefused)
{
	Json facts = Lines::hello_facts();
	facts["protocol"] = protocol + 1;
	EXPECT_EQ(refused(Lines().boot().add({{"hello", facts}}).boot_end().text()),
		  "FILE:2: at /hello: was recorded by an agent of another version");
}

TEST(Hello, ModeIsReadFromTheKernelsLog)
{
	const std::pair<const char *, const char *> rows[] = {
		{"kvm [1]: Hyp nVHE mode initialized successfully", "nvhe"},
		{"kvm [1]: Hyp mode initialized successfully", "nvhe"}, // before v6.5
		{"kvm [1]: VHE mode initialized successfully", "vhe"},
		{"kvm [1]: hVHE mode initialized successfully", "hvhe"},
		{"kvm [1]: Protected nVHE mode initialized successfully", "protected"},
		{"kvm [1]: Protected hVHE mode initialized successfully", "protected"},
		{"kvm [1]: VHE+NV2 mode initialized successfully", "nested"},
		{"kvm [1]: IPA Size Limit: 44 bits", ""},
		{"kvm [1]: VHE mode not available", ""},
	};
	for (const auto &[line, mode] : rows) {
		Json facts = Lines::hello_facts();
		facts["kvm_log"] = {"kvm [1]: IPA Size Limit: 44 bits", line};
		EXPECT_EQ(read_hello(facts).kvm_mode, mode) << line;
	}
}

TEST(Missing, NothingIsMissingWithoutRequirements)
{
	EXPECT_TRUE(missing({}, {}).empty());
}

TEST(Missing, CapabilityMustBeThereAndNotZero)
{
	Requirements needs;
	needs.capabilities = {"KVM_CAP_ARM_PSCI_0_2", "KVM_CAP_ARM_EL2",
			      "KVM_CAP_ARM_SYSTEM_SUSPEND"};
	const Hello hello = read_hello(Lines::hello_facts());
	EXPECT_EQ(missing(needs, hello),
		  (std::vector<std::string>{"KVM_CAP_ARM_EL2", "KVM_CAP_ARM_SYSTEM_SUSPEND"}));
}

TEST(Missing, PsciVersionIsTheLeastOne)
{
	const struct {
		const char *wanted;
		std::optional<std::uint64_t> there;
		bool enough;
	} rows[] = {
		{"1.1", 0x10001, true}, {"1.0", 0x10001, true},       {"0.2", 0x10000, true},
		{"1.1", 0x10003, true}, {"1.1", 0x20000, true},       {"1.1", 0x10000, false},
		{"1.1", 0x2, false},    {"1.1", std::nullopt, false}, {"0.1", std::nullopt, false},
	};
	for (const auto &row : rows) {
		Requirements needs;
		needs.psci_version = row.wanted;
		Hello hello;
		hello.psci_version = row.there;
		EXPECT_EQ(missing(needs, hello),
			  row.enough ? std::vector<std::string>{}
				     : std::vector{std::string("PSCI ") + row.wanted});
	}
}

TEST(Missing, SmcMustAnswerAsHvcDoes)
{
	Requirements needs;
	needs.smc = true;
	const std::vector<std::string> nothing, smc = {"PSCI over SMC"};
	Hello hello;
	EXPECT_EQ(missing(needs, hello), smc) << "neither is known";
	hello.psci_version = 0x10001;
	EXPECT_EQ(missing(needs, hello), smc) << "the guest never came back from its SMC";
	hello.smc_psci_version = UINT64_MAX;
	EXPECT_EQ(missing(needs, hello), smc) << "SMC was refused";
	hello.smc_psci_version = 0x10001;
	EXPECT_EQ(missing(needs, hello), nothing);
}

TEST(Missing, WhatAVmNeedsIsNamed)
{
	Requirements needs;
	needs.smccc_filter = true;
	needs.gics = {"v2", "v3"};
	needs.protected_vm = true;
	needs.registers = {"std_bmap", "vendor_hyp_bmap_2"};
	EXPECT_EQ(missing(needs, {}),
		  (std::vector<std::string>{"register std_bmap", "register vendor_hyp_bmap_2", "KVM_ARM_VM_SMCCC_FILTER", "in-kernel GICv2",
					    "in-kernel GICv3", "protected VMs"}));
	Json facts = Lines::hello_facts();
	facts["smccc_filter"] = true;
	facts["gics"] = {"v3"};
	facts["protected_vm"] = true;
	facts["registers"] = {"std_bmap"};
	EXPECT_EQ(missing(needs, read_hello(facts)),
		  (std::vector<std::string>{"register vendor_hyp_bmap_2", "in-kernel GICv2"}));
}

TEST(Missing, WhatMustNotBeThereIsNamedWhereItIs)
{
	Requirements absent, needs;
	absent.capabilities = {"KVM_CAP_ARM_PSCI_0_2", "KVM_CAP_ARM_EL2"};
	absent.psci_version = "1.1";
	absent.smc = true;
	needs.without = std::make_shared<const Requirements>(absent);
	EXPECT_EQ(missing(needs, read_hello(Lines::hello_facts())),
		  (std::vector<std::string>{"the absence of KVM_CAP_ARM_PSCI_0_2",
					    "the absence of PSCI 1.1",
					    "the absence of PSCI over SMC"}));
	EXPECT_TRUE(missing(needs, {}).empty());
	Hello older;
	older.psci_version = 0x10000;
	EXPECT_TRUE(missing(needs, older).empty());
}

TEST(PsciVersion, TextIsMajorAndMinor)
{
	EXPECT_EQ(psci_version_value("1.1"), 0x10001u);
	EXPECT_EQ(psci_version_value("0.2"), 0x2u);
	EXPECT_EQ(psci_version_value("0.0"), 0u);
	EXPECT_EQ(psci_version_value("32767.65535"), 0x7fffffffu);
	for (const char *text : {"", ".", "1", "1.", ".1", "1.1.1", "1.1 ", " 1.1", "-1.1", "1.-1",
				 "0x1.1", "v1.1", "32768.0", "1.65536", "99999999999.0"})
		EXPECT_EQ(psci_version_value(text), std::nullopt) << text;
}

} // namespace
} // namespace exit24::model
