// SPDX-License-Identifier: GPL-2.0-only
#include "report/render.hpp"

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "report/page_map.hpp"
#include "report/timeline.hpp"

#include <gtest/gtest.h>
#include <pugixml.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace exit24::report {
namespace {

constexpr char golden[] = SOURCE_ROOT "/reports/golden/";

/// A report with every verdict, a skipped mode and two kernels.
const Json &sample()
{
	static const Json json = [] {
		const auto text = read_file(std::string(golden) + "sample.json");
		EXPECT_TRUE(text) << text.error().what;
		const auto read = read_report("sample.json", *text);
		EXPECT_TRUE(read) << read.error().what;
		return *read;
	}();
	return json;
}

std::vector<std::string> lines(const std::string &text)
{
	std::vector<std::string> out;
	for (std::size_t at = 0; at < text.size();) {
		const std::size_t end = std::min(text.find('\n', at), text.size());
		out.push_back(text.substr(at, end - at));
		at = end + 1;
	}
	return out;
}

std::size_t how_often(const std::string &text, std::string_view word)
{
	std::size_t n = 0;
	for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += word.size())
		n++;
	return n;
}

const std::string &sample_coverage()
{
	static const std::string text = read_file(std::string(golden) + "coverage.json").value();
	return text;
}

TEST(Render, EveryKindIsAsItWas)
{
	View v = view({sample()});
	const auto coverage = read_coverage("coverage.json", sample_coverage());
	ASSERT_TRUE(coverage) << coverage.error().what;
	v.coverage.push_back(*coverage);
	bool accepted = false;
	for (const Kind &kind : kinds()) {
		const std::string file = std::string(golden) + "sample." + std::string(kind.name);
		const std::string now = kind.render(v, {});
		if (std::getenv("EXIT24_ACCEPT")) {
			ASSERT_TRUE(write_file(file, now));
			accepted = true;
			continue;
		}
		const auto before = read_file(file);
		ASSERT_TRUE(before) << before.error().what << "; EXIT24_ACCEPT=1 writes it";
		EXPECT_EQ(*before, now) << file << "; EXIT24_ACCEPT=1 writes it anew";
	}
	if (accepted)
		GTEST_SKIP() << "the golden files are written";
}

TEST(Render, IsAFunctionOfTheReport)
{
	for (const Kind &kind : kinds())
		EXPECT_EQ(kind.render(view({sample()}), {}), kind.render(view({sample()}), {})) << kind.name;
	EXPECT_EQ(find_kind("pdf"), nullptr);
}

// Hostile reports: what a kernel, a console or a patch could bring into one.

class Hostile {
public:
	explicit Hostile(unsigned seed) : random_(seed) {}

	std::string text()
	{
		static const std::vector<std::string> pieces = {
			"\x1b[2J\x1b]0;title\x07", std::string(1, '\0'), "\r\n", "\n", "\r", "\t", "\x7f", "\x9b" "31m", "\xff\xfe",
			"\xc3(", "\xe2\x80\xae" "evil", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xef\xbf\xbf", "\xc0\xaf",
			"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "]]>", "--><!--", "&amp;&#0;", "\"'", "</pre>", "</title>",
			"javascript:alert(1)", "# SKIP all", "\n# Subtest: x\n", "\nok 1 - fake\n", "\nnot ok 99\n", "\n1..0\n",
			"KTAP version 1", "TAP version 13", "reboot: System halted", "Kernel panic - not syncing: VFS: no",
			"List of all partitions:", "Bail out!", "::error::x", "%0A::error::y", "\n::warning title=z::", ",:%",
			"| a | b |", "```", "\n```\n# heading\n", "[link](https://example.org)", "@somebody", "<details>", "**bold**",
			"\nFrom somebody\n", "\nTested-by: X <x@example.org>\n", "\n.\n", "caf\xc3\xa9 \xe2\x86\x92 \xf0\x9f\x98\x80",
			"../../etc/passwd", "$(rm x)", "`rm x`", "a/b/../c", "...", "SE-OFF-01", "in round 18446744073709551616", "",
		};
		std::string out;
		for (std::size_t n = random_() % 6; n > 0; n--)
			out += pieces[random_() % pieces.size()];
		if (random_() % 40 == 0)
			out.append(20000, "x \n"[random_() % 3]);
		return out;
	}

	/// The same report with other texts, and now and then another type.
	Json spoil(const Json &json, const std::string &key = "")
	{
		if (json.is_object() || json.is_array()) {
			Json out = json.is_object() ? Json::object() : Json::array();
			for (const auto &[name, value] : json.items()) {
				if (json.is_object())
					out[name] = spoil(value, name);
				else
					out.push_back(spoil(value, key));
			}
			return out;
		}
		static const std::set<std::string> kept = {"verdict", "name", "page"};
		static const std::set<std::string> needed = {"kernel", "mode", "case", "verdict"}; // read_report sees to these
		if (json.is_string() && (!kept.contains(key) || random_() % 10 == 0)) {
			const std::string spoilt = text();
			return spoilt.empty() && needed.contains(key) ? "x" : Json(spoilt);
		}
		if (random_() % 60 == 0 && key != "report" && !needed.contains(key))
			return random_() % 2 ? Json(text()) : Json(-1);
		return json;
	}

private:
	std::mt19937 random_;
};

/// What a verdict's result line, diagnostics and frame may look like; nothing else.
void expect_tap(const std::string &text, std::size_t wanted)
{
	static const std::regex form("( *)(KTAP version 1|TAP version 13|1\\.\\.[0-9]+|# [ -~]*|(ok|not ok) ([0-9]+)"
				     "( [ -\"$-~]*)?( # (SKIP|XFAIL|TIMEOUT|ERROR) [ -\"$-~]*)?)");
	std::map<std::size_t, std::size_t> last; // number of the last result, by indent
	std::size_t results = 0;
	for (const std::string &one : lines(text)) {
		std::smatch match;
		// std::regex goes deep: long lines are none of ours anyway
		ASSERT_LT(one.size(), 2000u);
		ASSERT_TRUE(std::regex_match(one, match, form)) << one;
		for (const char *end : {"List of all partitions:", "not syncing: VFS:", "reboot: System halted"})
			ASSERT_EQ(one.find(end) != std::string::npos && one.find("  ") == std::string::npos, false) << one;
		const std::size_t indent = static_cast<std::size_t>(match[1].length());
		if (match[2].str().find("1..") == 0)
			last[indent] = 0;
		if (match[4].matched) {
			ASSERT_EQ(std::stoul(match[4].str()), ++last[indent]) << one;
			results++;
		}
	}
	EXPECT_EQ(results, wanted);
}

TEST(HostileReports, DoNoHarmInAnyKind)
{
	for (unsigned seed = 0; seed < 24; seed++) {
		SCOPED_TRACE(seed);
		const Json json = Hostile(seed).spoil(sample());
		View v = view({json, json});
		const Json spoilt = Hostile(seed + 100).spoil(Json::parse(sample_coverage()));
		if (auto coverage = read_coverage("x", spoilt.dump(-1, ' ', false, Json::error_handler_t::replace)))
			v.coverage.push_back(std::move(*coverage));
		std::size_t cases = 0, subtests = v.cells.size();
		for (const SeenCell &cell : v.cells) {
			cases += cell.cases.size();
			subtests += cell.skip.empty() ? cell.cases.size() : 0;
		}
		for (const Kind &kind : kinds()) {
			SCOPED_TRACE(kind.name);
			const std::string out = kind.render(v, {});
			ASSERT_EQ(clean(out), out) << "not clean UTF-8";
			const std::string name(kind.name);
			if (name == "ktap") {
				expect_tap(out, subtests);
			} else if (name == "tap13") {
				expect_tap(out, cases + v.cells.size() - static_cast<std::size_t>(std::count_if(v.cells.begin(), v.cells.end(), [](const SeenCell &c) { return c.skip.empty(); })));
			} else if (name == "baseline") {
				const auto again = read_report("x.json", out);
				ASSERT_TRUE(again) << again.error().what;
				EXPECT_EQ(view({*again}).cells.size(), v.cells.size());
			} else if (name == "text") {
				for (const std::string &one : lines(out))
					ASSERT_LE(one.size(), 4000u);
			} else if (name == "junit") {
				pugi::xml_document document;
				ASSERT_TRUE(document.load_string(out.c_str()));
				const auto top = document.child("testsuites");
				std::size_t found = 0;
				for (const auto suite : top.children("testsuite"))
					for (const auto one : suite.children("testcase"))
						found += !one.attribute("name").empty();
				EXPECT_EQ(found, top.attribute("tests").as_uint());
				EXPECT_GE(found, cases);
				EXPECT_FALSE(document.child("script"));
			} else if (name == "github") {
				for (const std::string &one : lines(out))
					ASSERT_TRUE(std::regex_search(one.substr(0, 20), std::regex("^::(error|warning|notice) title="))) << one;
				EXPECT_LE(how_often(out, "\n::error ") + 1, 11u);
			} else if (name == "html") {
				EXPECT_EQ(how_often(out, "<script"), 1u);
				EXPECT_EQ(how_often(out, "<img"), 0u);
				for (const char *tag : {"details", "table", "ul", "main", "div", "svg", "pre", "h4", "a", "li"})
					EXPECT_EQ(how_often(out, "<" + std::string(tag) + ">") + how_often(out, "<" + std::string(tag) + " "),
						  how_often(out, "</" + std::string(tag) + ">")) << tag;
			} else if (name == "markdown") {
				// what stands in a fence is text, whatever it is
				std::string fence, outside;
				for (const std::string &one : lines(out)) {
					const bool is_fence = one.size() > 2 && one.find_first_not_of('`') == std::string::npos;
					if (fence.empty() && is_fence)
						fence = one;
					else if (fence.empty())
						outside += one + "\n";
					else if (one == fence)
						fence.clear();
				}
				EXPECT_TRUE(fence.empty());
				for (const std::string &one : lines(outside)) {
					if (one.starts_with("| ")) {
						EXPECT_EQ(how_often(one, "|") - how_often(one, "\\|"), 5u) << one;
					}
				}
				EXPECT_EQ(how_often(outside, "<details>"), how_often(outside, "</details>"));
				EXPECT_EQ(how_often(outside, "<"), 6 * how_often(outside, "<details>")) << "no tag but ours";
				EXPECT_LT(out.size(), 1024u * 1024);
			} else if (name == "mail") {
				EXPECT_EQ(ascii(out, out.size()).size(), out.size());
				for (const std::string &one : lines(out)) {
					ASSERT_FALSE(one.starts_with("From ") || one.starts_with("Tested-by") || one == ".") << one;
					ASSERT_TRUE(one.size() <= 72 || one.find("repeat: ") != std::string::npos ||
						    one.find(' ', one.find_first_not_of(' ')) == std::string::npos)
						<< one;
				}
			}
		}
	}
}

TEST(HostileReports, ReachKcidbAsItsSchemaDemands)
{
	const std::regex path("([a-zA-Z0-9_-]+(\\.[a-zA-Z0-9_-]+)*)?"), id("[a-z0-9_]+:[^\\0]*");
	const std::set<std::string> statuses = {"FAIL", "ERROR", "MISS", "PASS", "DONE", "SKIP"};
	const auto only = [](const Json &object, const std::set<std::string> &keys) {
		for (const auto &[key, value] : object.items()) {
			EXPECT_TRUE(keys.contains(key)) << key;
			EXPECT_FALSE(value.is_null()) << key;
		}
	};
	for (unsigned seed = 0; seed < 16; seed++) {
		SCOPED_TRACE(seed);
		const Json out = Json::parse(render_kcidb(view({seed ? Hostile(seed).spoil(sample()) : sample()}), {.origin = "me_1", .tested_by = ""}));
		only(out, {"version", "checkouts", "builds", "tests"});
		EXPECT_EQ(out["version"], Json::parse(R"({"major": 5, "minor": 3})"));
		std::set<std::string> checkouts, builds;
		for (const Json &one : out["checkouts"]) {
			only(one, {"id", "origin", "misc"});
			EXPECT_TRUE(std::regex_match(one["id"].get<std::string>(), id));
			EXPECT_EQ(one["origin"], "me_1");
			checkouts.insert(one["id"]);
		}
		for (const Json &one : out["builds"]) {
			only(one, {"id", "origin", "checkout_id", "architecture", "misc"});
			EXPECT_TRUE(checkouts.contains(one["checkout_id"]));
			builds.insert(one["id"]);
		}
		for (const Json &one : out["tests"]) {
			only(one, {"id", "origin", "build_id", "path", "status", "duration", "environment", "log_excerpt", "misc"});
			only(one["environment"], {"comment", "misc"});
			EXPECT_TRUE(builds.contains(one["build_id"]));
			EXPECT_TRUE(std::regex_match(one["path"].get<std::string>(), path)) << one["path"];
			EXPECT_TRUE(statuses.contains(one["status"])) << one["status"];
			EXPECT_LE(one.value("log_excerpt", "").size(), 16384u);
			EXPECT_GE(one.value("duration", 0.0), 0.0);
		}
	}
}

TEST(Render, SaysTheSameInEveryKind)
{
	const View v = view({sample()});
	const std::string ktap = render_ktap(v, {});
	for (const char *part : {"  ok 1 system_off/reports-shutdown\n", "ok 2 6.1.0/nested # SKIP mode nested needs QEMU 9",
				 "  not ok 2 system_reset/reports-reset\n", "  not ok 3 vcpus/others-are-stopped # TIMEOUT",
				 "  ok 6 system_off/with-the-mmu-on # XFAIL an erratum", "  not ok 9 gic/keeps-state # ERROR lines",
				 "# type: want KVM_SYSTEM_EVENT_RESET (2), got KVM_SYSTEM_EVENT_SHUTDOWN (1)",
				 "# Totals: pass:5 fail:3 xfail:1 xpass:1 skip:3 error:2\n"})
		EXPECT_NE(ktap.find(part), std::string::npos) << part;
	expect_tap(render_tap13(v, {}), 15);

	pugi::xml_document document;
	ASSERT_TRUE(document.load_string(render_junit(v, {}).c_str()));
	const auto top = document.child("testsuites");
	EXPECT_EQ(top.attribute("tests").as_int(), 15);
	EXPECT_EQ(top.attribute("failures").as_int(), 3);
	EXPECT_EQ(top.attribute("errors").as_int(), 2);
	EXPECT_EQ(top.attribute("skipped").as_int(), 3);

	const Json kcidb = Json::parse(render_kcidb(v, {}));
	std::map<std::string, std::size_t> statuses;
	for (const Json &one : kcidb["tests"])
		statuses[one["status"]]++;
	EXPECT_EQ(statuses, (std::map<std::string, std::size_t>{{"PASS", 6}, {"FAIL", 4}, {"SKIP", 3}, {"ERROR", 1}, {"MISS", 1}})
				    ) << "review and fixed pass, a known failure fails";

	const std::string html = render_html(v, {});
	for (const char *part : {"the contract is broken", "KVM_SYSTEM_EVENT_SHUTDOWN (1)", "is wrong</text>", "prefers-color-scheme",
				 "default-src 'none'", "kvm_vcpu_block", "Oops: Fatal exception", "hvc", "Documentation/virt/kvm/api.rst",
				 "exit24 run --kernel Image --mode nvhe system_reset/reports-reset"})
		EXPECT_NE(html.find(part), std::string::npos) << part;
	EXPECT_EQ(html.find("id=\"coverage\""), std::string::npos) << "there is none beside this report";
	EXPECT_EQ(html.find("http://"), std::string::npos);
	EXPECT_EQ(html.find(" style="), std::string::npos) << "the policy lets no such attribute in";
}

TEST(Render, GivesATestedByOnlyToAGreenReport)
{
	Json green = sample();
	green["exit_status"] = 0;
	const RenderOptions options = {.origin = "exit24", .tested_by = "A Person <a@example.org>"};
	EXPECT_NE(render_mail(view({green}), options).find("\nTested-by: A Person <a@example.org>\n"), std::string::npos);
	EXPECT_EQ(render_mail(view({sample()}), options).find("Tested-by"), std::string::npos);
	EXPECT_EQ(render_mail(view({green}), {}).find("Tested-by"), std::string::npos);
}

TEST(Render, KeepsWithinTheLimitsOfGitHub)
{
	Json many = sample();
	const Json failed = many["cells"][2]["cases"][1];
	for (int i = 0; i < 5000; i++)
		many["cells"][2]["cases"].push_back(failed);
	const std::string out = render_github(view({many}), {});
	EXPECT_LE(how_often(out, "::error "), 10u);
	EXPECT_LE(how_often(out, "::notice "), 10u);
	EXPECT_NE(out.find("more; the step's summary has them"), std::string::npos);
	const std::string summary = render_markdown(view({many}), {});
	EXPECT_LT(summary.size(), 1024u * 1024);
	EXPECT_NE(summary.find("are left out here"), std::string::npos);
}

TEST(ReadReport, RefusesWhatIsNotOne)
{
	const auto refused = [](const std::string &text) {
		const auto r = read_report("x.json", text);
		EXPECT_FALSE(r) << text;
		EXPECT_NE(r.error().what.find("x.json"), std::string::npos);
		EXPECT_NE(r.error().what.find("exit24 run --json"), std::string::npos);
	};
	const std::string whole = sample().dump();
	for (std::size_t cut = 0; cut < whole.size(); cut += whole.size() / 50)
		refused(whole.substr(0, cut));
	refused("[]");
	refused("{}");
	refused(R"({"report": 1, "tool": {"name": "other"}, "cells": []})");
	refused(R"({"report": 2, "tool": {"name": "exit24"}, "cells": []})");
	refused(R"({"report": 1, "tool": {"name": "exit24"}})");
	refused(R"({"report": 1, "tool": "exit24", "cells": []})");
	refused(R"({"report": 1, "tool": {"name": "exit24"}, "cells": [1]})");
	refused(R"({"report": 1, "tool": {"name": "exit24"}, "cells": [{"kernel": "k", "mode": "m"}]})");
	refused(R"({"report": 1, "tool": {"name": "exit24"}, "cells": [{"kernel": "k", "mode": "m", "cases": [{"case": "a/b"}]}]})");
	EXPECT_TRUE(read_report("x.json", R"({"report": 1, "tool": {"name": "exit24"}, "cells": []})"));
}

/// Many kernels with the sample's cases, of which some fail, and each saw something of its own in one.
Json many_kernels(std::size_t n)
{
	Json out = sample();
	Json cell = out["cells"][0];
	cell.erase("skip");
	cell["cases"] = Json::array();
	const Json step = {{"step", 0}, {"op", "kick"}, {"rc", 0}, {"errno", 0}, {"ns", 5}};
	for (const char *name : {"a/same", "a/differs", "a/fails"})
		cell["cases"].push_back({{"case", name}, {"title", "It does"}, {"verdict", "pass"}, {"rules", {"SE-OFF-01"}}, {"ns", 7},
					 {"boot", 0}, {"observed", {step}}});
	out["cells"] = Json::array();
	for (std::size_t i = 0; i < n; i++) {
		cell["kernel"] = "1." + std::to_string(i);
		cell["cases"][0]["ns"] = i;
		cell["cases"][0]["observed"][0]["ns"] = i;
		cell["cases"][1]["observed"][0]["value"] = "0x" + std::to_string(i);
		cell["cases"][2]["verdict"] = i == 7 ? "fail" : "pass";
		cell["cases"][2]["reason"] = i == 7 ? "it was the seventh" : "";
		out["cells"].push_back(cell);
	}
	out["exit_status"] = 1;
	return out;
}

TEST(View, SharesWhatIsTheSame)
{
	const View v = view({many_kernels(3)});
	ASSERT_EQ(v.cells.size(), 3u);
	EXPECT_EQ(v.cells[0].cases[0].what, v.cells[2].cases[0].what) << "times are not what was seen";
	EXPECT_EQ(v.cells[2].cases[0].ns, 2u);
	EXPECT_NE(v.cells[0].cases[1].what, v.cells[2].cases[1].what);
	EXPECT_NE(v.cells[0].cases[1]->seen, v.cells[2].cases[1]->seen);
	const View more = view({many_kernels(100)});
	EXPECT_FALSE(more.cells[2].cases[1]->steps_left_out);
	EXPECT_TRUE(more.cells[99].cases[1]->steps_left_out);
	EXPECT_FALSE(more.cells[99].cases[0]->steps_left_out);
}

TEST(Html, CountsWhatATableHasNoRoomFor)
{
	const std::string few = render_html(view({many_kernels(24)}), {}), many = render_html(view({many_kernels(1000)}), {});
	EXPECT_NE(few.find("<th scope=\"colgroup\" colspan=\"1\">1.23</th>"), std::string::npos);
	EXPECT_EQ(few.find("--cell"), std::string::npos);
	EXPECT_EQ(many.find("<th scope=\"colgroup\""), std::string::npos);
	EXPECT_NE(many.find("These are 1000 kernels and modes"), std::string::npos);
	EXPECT_NE(many.find("999 kernels"), std::string::npos);
	EXPECT_NE(many.find("<span class=\"chip good\">pass</span></a>\xc3\x97" "999"), std::string::npos);
	EXPECT_NE(many.find("<h4><span class=\"chip bad\">fail</span> 1 of 1000</h4><div class=\"dim\">1.7/"), std::string::npos);
	EXPECT_NE(many.find("<path class=\"bad\" d=\"M7 0h1v4h-1z\"/>"), std::string::npos);
	EXPECT_NE(many.find("992 more outcomes, of 992 kernels and modes, are left out here; <code class=\"command\">exit24 report REPORT --cell 1."),
		  std::string::npos);
	EXPECT_LT(many.size(), few.size() + 1000 * 400) << "a cell costs little";
}

class ReadView : public ::testing::Test {
protected:
	void SetUp() override
	{
		std::string folder = ::testing::TempDir() + "exit24-view-XXXXXX";
		ASSERT_NE(::mkdtemp(folder.data()), nullptr);
		folder_ = folder;
	}
	void TearDown() override { std::filesystem::remove_all(folder_); }

	std::string file(const std::string &name, const std::string &content) const
	{
		const std::string path = folder_ + "/" + name;
		EXPECT_TRUE(write_file(path, content));
		return path;
	}

	std::string folder_;
};

TEST_F(ReadView, SaysOfFilesWhatViewSaysOfReports)
{
	const std::string one = sample().dump(1, '\t') + "\n", other = many_kernels(30).dump(1, '\t') + "\n";
	const auto read = read_view({file("a", one), file("b", other)});
	ASSERT_TRUE(read) << read.error().what;
	EXPECT_EQ(read->digest, sha256(one + other)) << "what sha256sum says of the files";
	const View whole = view({sample(), many_kernels(30)});
	for (const Kind &kind : kinds())
		EXPECT_EQ(kind.render(*read, {}), kind.render(whole, {})) << kind.name;
}

TEST_F(ReadView, TakesTheCellsThatAreNamed)
{
	const std::string path = file("many", many_kernels(30).dump());
	const std::string mode = many_kernels(1)["cells"][0]["mode"];
	auto read = read_view({path}, "1.7/*");
	ASSERT_TRUE(read) << read.error().what;
	ASSERT_EQ(read->cells.size(), 1u);
	EXPECT_EQ(read->cells[0].id, "1.7/" + mode);
	EXPECT_EQ(read->exit_status, 1);
	read = read_view({path}, "1.1?/*");
	ASSERT_TRUE(read) << read.error().what;
	EXPECT_EQ(read->cells.size(), 10u);
	EXPECT_EQ(read->exit_status, 0) << "the failure is in none of them";
	read = read_view({path}, "2.0/*");
	ASSERT_FALSE(read);
	EXPECT_NE(read.error().what.find("1.0/" + mode), std::string::npos) << read.error().what;
	read = read_view({path, path}, "1.7/* (2)");
	ASSERT_TRUE(read) << read.error().what;
	EXPECT_EQ(read->cells.size(), 1u);
}

TEST_F(ReadView, RefusesWhatReadReportRefuses)
{
	const std::string whole = sample().dump();
	std::vector<std::string> bad = {"[]", "{}", R"({"report": 1, "tool": {"name": "exit24"}, "cells": [1]})",
					R"({"report": 2, "tool": {"name": "exit24"}, "cells": [{}]})",
					R"({"report": 1, "tool": {"name": "exit24"}, "cells": [{"kernel": "k", "mode": "m"}]})",
					R"({"report": 1, "tool": {"name": "exit24"}, "cells": [{"kernel": "k", "mode": "m", "cases": [{"case": "a/b"}]}]})"};
	for (std::size_t cut = 0; cut < whole.size(); cut += whole.size() / 20)
		bad.push_back(whole.substr(0, cut));
	for (const std::string &text : bad) {
		const std::string path = file("bad", text);
		const auto read = read_view({path});
		ASSERT_FALSE(read) << text;
		EXPECT_EQ(read.error().what, read_report(path, text).error().what);
	}
	EXPECT_NE(read_view({folder_}).error().what.find("directory"), std::string::npos);
	EXPECT_NE(read_view({folder_ + "/none"}).error().what.find("No such file"), std::string::npos);
}

TEST(Coverage, RefusesWhatIsNone)
{
	const auto refused = [](const std::string &text, const char *says) {
		const auto r = read_coverage("c.json", text);
		ASSERT_FALSE(r) << text;
		EXPECT_NE(r.error().what.find("c.json"), std::string::npos);
		EXPECT_NE(r.error().what.find(says), std::string::npos) << r.error().what;
	};
	for (std::size_t cut = 0; cut < sample_coverage().size() - 2; cut += 17)
		refused(sample_coverage().substr(0, cut), "exit24 coverage --json");
	refused("[]", "not a result");
	refused(sample().dump(), "coverage");
	Json json = Json::parse(sample_coverage());
	json["coverage"] = 2;
	refused(json.dump(), "another format");
	json = Json::parse(sample_coverage());
	json["files"]["arch/arm64/kvm/psci.c"]["lines_hit"] = 121;
	refused(json.dump(), "lines_hit");
	EXPECT_TRUE(read_coverage("c.json", sample_coverage()));
}

TEST(Coverage, IsShownRuleByRule)
{
	Json json = Json::parse(sample_coverage());
	json["rules"]["SE-OFF-01"]["arch/arm64/kvm/psci.c"] = {{"lines_hit", 30}, {"branches_taken", 9}};
	const auto coverage = read_coverage("c.json", json.dump());
	ASSERT_TRUE(coverage) << coverage.error().what;
	View v = view({sample()});
	v.coverage.push_back(*coverage);
	const std::string html = render_html(v, {});
	EXPECT_NE(html.find("<code>SE-OFF-01</code></th><td class=\"bar\">"), std::string::npos);
	EXPECT_NE(html.find("width=\"25.0%\" height=\"12\"/></svg></td><td>30</td><td>0</td>"), std::string::npos) << "30 of 120 lines";
	json["rules"]["SE-OFF-01"]["arch/arm64/kvm/psci.c"]["lines_hit"] = "many";
	EXPECT_FALSE(read_coverage("c.json", json.dump()));
}

TEST(View, NothingIsNotGreen)
{
	EXPECT_EQ(view({}).exit_status, 3);
	for (const Kind &kind : kinds())
		EXPECT_FALSE(kind.render(view({}), {}).empty()) << kind.name;
	EXPECT_EQ(grade("what is that"), Grade::broken);
}

TEST(Clean, KeepsTextAndNothingElse)
{
	EXPECT_EQ(clean("a\nb\tc caf\xc3\xa9 \xf0\x9f\x98\x80"), "a\nb\tc caf\xc3\xa9 \xf0\x9f\x98\x80");
	EXPECT_EQ(clean("a\r\nb"), "a\nb");
	const std::string bad = "\xef\xbf\xbd";
	EXPECT_EQ(clean("\x1b[m"), bad + "[m");
	EXPECT_EQ(clean(std::string_view("\0", 1)), bad);
	EXPECT_EQ(clean("\xc3("), bad + "(");
	EXPECT_EQ(clean("\xed\xa0\x80"), bad + bad + bad);
	EXPECT_EQ(clean("\xe2\x80\xae"), bad);
	EXPECT_EQ(one_line("a\nb\tc"), "a b c");
	EXPECT_EQ(one_line("caf\xc3\xa9s everywhere", 8), "caf\xc3\xa9...");
	EXPECT_EQ(ascii("caf\xc3\xa9 \xf0\x9f\x98\x80"), "caf? ?");
}

TEST(PageMap, NamesTheFieldsOfAnEvent)
{
	const std::string page = "a5 00 a5*6 18 00*3 a5*2 00*2 a5*16 01 00*3 01 00*131 a5*136 00*8 a5*2040";
	EXPECT_EQ(describe_page(page), "KVM_EXIT_SYSTEM_EVENT (24), type KVM_SYSTEM_EVENT_SHUTDOWN (1), ndata 1, data[0] 0x0");
	std::size_t at = 0;
	std::map<std::string, MapField> by_name;
	for (const MapField &f : page_map(page, {"type", "kvm_run bytes 48..60"})) {
		EXPECT_EQ(f.at, at) << "no gap";
		at += f.size;
		by_name[f.name] = f;
	}
	EXPECT_EQ(at, 2352u);
	EXPECT_EQ(by_name["exit_reason"].touch, Touch::written);
	EXPECT_EQ(by_name["immediate_exit"].touch, Touch::written);
	EXPECT_EQ(by_name["the rest of the exit union"].touch, Touch::untouched);
	EXPECT_EQ(by_name["data[1] to data[15]"].touch, Touch::written);
	EXPECT_EQ(by_name["kvm_valid_regs"].touch, Touch::untouched);
	EXPECT_TRUE(by_name["type"].wrong);
	EXPECT_TRUE(by_name["data[1] to data[15]"].wrong);
	EXPECT_FALSE(by_name["ndata"].wrong);
	EXPECT_EQ(describe_page("a5 00 a5*6 5a*4 a5*2340"), "no exit reason written");
	EXPECT_TRUE(page_map("a5*3", {}).empty());
	EXPECT_TRUE(page_map("nonsense", {}).empty());
}

TEST(Timeline, SaysWhatCameChangedAndWent)
{
	const View v = view({sample()});
	const auto stretches = timeline(v);
	ASSERT_EQ(stretches.size(), 1u) << "the skipped mode has no time";
	std::map<std::string, Turn> turns;
	for (const Turned &c : stretches.front().changes)
		turns[c.after->name] = c.turn;
	EXPECT_EQ(turns, (std::map<std::string, Turn>{{"system_off/reports-shutdown", Turn::changed},
						      {"system_reset/reports-reset", Turn::broke},
						      {"system_off2/hibernates", Turn::broke},
						      {"filter/forwards", Turn::went}}));
	EXPECT_EQ(stretches.front().only_after, 6u);
	for (const Turned &c : stretches.front().changes)
		if (c.turn == Turn::changed) {
			EXPECT_EQ(c.how, "step 0: vCPU 0 KVM_MP_STATE_RUNNABLE (0) -> vCPU 0 KVM_MP_STATE_STOPPED (5)");
		}
}

TEST(Timeline, ComesWithItsRequirement)
{
	Json json = sample();
	json["cells"][2]["cases"][3]["verdict"] = "pass"; // SYSTEM_OFF2, which the older kernel lacks
	const View v = view({json});
	const auto stretches = timeline(v);
	ASSERT_EQ(stretches.size(), 1u);
	const auto &changes = stretches.front().changes;
	EXPECT_TRUE(std::any_of(changes.begin(), changes.end(), [](const Turned &c) {
		return c.after->name == "system_off2/hibernates" && c.turn == Turn::came;
	}));
}

TEST(Timeline, TellsARequirementOnceForAllOfItsCasesAndModes)
{
	const auto cell = [](const char *kernel, const char *mode, bool newer) {
		const auto one = [](const char *name, bool runs, const char *reason) {
			return runs ? Json{{"case", name}, {"verdict", "pass"}} : Json{{"case", name}, {"verdict", "skip"}, {"reason", reason}};
		};
		Json cases = {one("a/a", newer, "lacks PSCI 1.3"), one("a/b", newer, "lacks PSCI 1.3"),
			      one("a/old", !newer, "is for kernels without PSCI 1.3")};
		return Json{{"kernel", kernel}, {"mode", mode}, {"cases", cases}};
	};
	const auto report = [&](const char *kernel, bool newer) {
		return Json{{"report", 1}, {"tool", {{"name", "exit24"}}}, {"cells", {cell(kernel, "nvhe", newer), cell(kernel, "vhe", newer)}}};
	};
	const View v = view({report("6.12", false), report("7.3", true)});
	const auto all = milestones(timeline(v));
	ASSERT_EQ(all.size(), 2u);
	EXPECT_EQ(all[0].turn, Turn::went);
	EXPECT_EQ(all[0].what, "what kernels without PSCI 1.3 do");
	EXPECT_EQ(all[0].cases, (std::set<std::string>{"a/old"}));
	EXPECT_EQ(all[1].turn, Turn::came);
	EXPECT_EQ(all[1].what, "PSCI 1.3");
	EXPECT_EQ(all[1].cases, (std::set<std::string>{"a/a", "a/b"}));
	EXPECT_EQ(all[1].modes, (std::set<std::string>{"nvhe", "vhe"}));
	EXPECT_EQ(all[1].before + " " + all[1].after, "6.12 7.3");
}

TEST(Timeline, RegistersAtASignalAreNoChange)
{
	const auto report = [](const char *kernel, const char *x19, unsigned error) {
		Json step = {{"step", 0}, {"op", "kick"}, {"rc", -1}, {"errno", error}, {"regs", {{"x19", x19}}}};
		Json one = {{"case", "a/a"}, {"verdict", "pass"}, {"observed", {step}}};
		return Json{{"report", 1}, {"tool", {{"name", "exit24"}}}, {"cells", {{{"kernel", kernel}, {"mode", "nvhe"}, {"cases", {one}}}}}};
	};
	const auto changes = [](const std::vector<Json> &reports) {
		const View v = view(reports);
		return timeline(v).front().changes.size();
	};
	EXPECT_EQ(changes({report("6.12", "0x1", 4), report("7.3", "0x2", 4)}), 0u);
	EXPECT_EQ(changes({report("6.12", "0x1", 14), report("7.3", "0x2", 14)}), 1u) << "EFAULT comes at a place of its own";
}

TEST(Timeline, TimesAreNoChange)
{
	Json later = sample();
	for (Json &cell : later["cells"])
		for (Json &c : cell["cases"]) {
			c["ns"] = 7;
			if (c.contains("observed"))
				for (Json &step : c["observed"])
					step["ns"] = 9;
		}
	Json first = sample();
	for (Json *json : {&first, &later})
		(*json)["cells"].erase(0);
	const View v = view({first, later});
	const auto stretches = timeline(v);
	ASSERT_EQ(stretches.size(), 1u);
	EXPECT_TRUE(stretches.front().changes.empty());
	EXPECT_EQ(stretches.front().same, 10u);
	EXPECT_EQ(v.cells.back().id, "7.3.4/nvhe (2)");
}

} // namespace
} // namespace exit24::report
