// SPDX-License-Identifier: GPL-2.0-only
#include "mutant/mutant.hpp"

#include "base/file.hpp"
#include "machine/scratch.hpp"
#include "model/reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fnmatch.h>
#include <set>

using namespace exit24;
using namespace exit24::mutant;

namespace {

const std::string good = "// SPDX-License-Identifier: GPL-2.0-only\n"
			 "// broken: SYSTEM_OFF is reported as\n"
			 "//     a reset\n"
			 "// rules: SE-OFF-01 SE-HDR-02\n"
			 "// why: one word\n"
			 "// files: arch/arm64/kvm/psci.c\n"
			 "// kind: wrong\n"
			 "\n"
			 "@@ @@\n- a\n+ b\n";

std::string without(const std::string &text, const std::string &part, const std::string &instead = "")
{
	std::string out = text;
	const auto at = out.find(part);
	EXPECT_NE(at, std::string::npos) << part;
	return out.replace(at, part.size(), instead);
}

std::vector<Mutant> all()
{
	auto mutants = load_mutants(std::string(SOURCE_ROOT) + "/kernel-patches/mutants", {});
	EXPECT_TRUE(mutants) << (mutants ? "" : mutants.error().what);
	return mutants ? *mutants : std::vector<Mutant>();
}

} // namespace

TEST(Mutant, HeaderIsRead)
{
	const auto m = parse_mutant("x", "x.cocci", good);
	ASSERT_TRUE(m) << m.error().what;
	EXPECT_EQ(m->broken, "SYSTEM_OFF is reported as a reset");
	EXPECT_EQ(m->rules, (std::vector<std::string>{"SE-OFF-01", "SE-HDR-02"}));
	EXPECT_EQ(m->files, (std::vector<std::string>{"arch/arm64/kvm/psci.c"}));
	EXPECT_EQ(m->kind, "wrong");
}

TEST(Mutant, WrongHeaderNamesItsLine)
{
	const struct {
		std::string text, says;
	} table[] = {
		{without(good, "// SPDX", "// spdx"), "x.cocci:1: the first line"},
		{without(good, "// why: one word\n"), "lacks \"// why: \""},
		{without(good, "kind: wrong", "kind: odd"), "\"odd\" is no kind"},
		{without(good, "// why", "// who"), "x.cocci:5: there is no key \"who\""},
		{without(good, "// kind: wrong", "// kind: wrong\n// kind: hang"), "\"kind\" is there twice"},
		{without(good, "arch/arm64", "../arm64"), "no path inside a kernel tree"},
		{without(good, "@@ @@\n- a\n+ b\n"), "no semantic patch"},
		{without(good, "// kind: wrong", "// kind: wrong\n// mode: odd"), "\"odd\" is no mode"},
	};
	for (const auto &row : table) {
		const auto m = parse_mutant("x", "x.cocci", row.text);
		ASSERT_FALSE(m) << row.says;
		EXPECT_NE(m.error().what.find(row.says), std::string::npos) << m.error().what;
	}
}

TEST(Mutant, EveryOneOfTheProjectIsWellFormed)
{
	const auto mutants = all();
	EXPECT_GE(mutants.size(), 90u);
	const auto text = read_file(std::string(SOURCE_ROOT) + "/cases/rules.json");
	ASSERT_TRUE(text);
	std::set<std::string> rules;
	const auto json = model::parse_strict(*text);
	for (const auto &rule : json.items())
		rules.insert(rule.key());
	std::set<std::string> kinds;
	for (const Mutant &m : mutants) {
		kinds.insert(m.kind);
		EXPECT_LE(m.name.size(), 45u) << m.name;
		for (const std::string &rule : m.rules)
			EXPECT_TRUE(rules.contains(rule)) << m.path << " names " << rule;
	}
	EXPECT_EQ(kinds.size(), 5u);
}

TEST(Mutant, EveryRuleOfACaseHasOne)
{
	std::set<std::string> broken;
	for (const Mutant &m : all())
		broken.insert(m.rules.begin(), m.rules.end());
	// What no kernel can break: the architecture, or a trap for a harness.
	const std::set<std::string> unbreakable = {};
	const std::string cases = std::string(SOURCE_ROOT) + "/cases";
	for (const auto &entry : std::filesystem::recursive_directory_iterator(cases)) {
		if (entry.path().extension() != ".json" || entry.path().parent_path() == cases)
			continue;
		const auto text = read_file(entry.path());
		ASSERT_TRUE(text);
		const auto json = model::parse_strict(*text);
		for (const auto &rule : json["rules"])
			EXPECT_TRUE(broken.contains(rule.get<std::string>()) ||
				    unbreakable.contains(rule.get<std::string>()))
				<< "no mutant breaks " << rule << ", which " << entry.path() << " covers";
	}
}

/// By the results of campaigns that the project keeps. Those that have noticed none so far are listed, so that a new one
/// without a mutant is seen; who makes one of them notice a mutant takes it off the list.
TEST(Mutant, EveryRequiredCaseHasNoticedOneOrIsListed)
{
	const std::string root = SOURCE_ROOT;
	std::set<std::string> noticed, listed;
	for (const auto &entry : std::filesystem::directory_iterator(root + "/reports/evidence")) {
		const auto text = read_file(entry.path());
		ASSERT_TRUE(text);
		const auto json = model::parse_strict(*text);
		if (json.is_array())
			for (const auto &name : json)
				listed.insert(name.get<std::string>());
		else if (json.contains("mutants"))
			for (const auto &m : json["mutants"])
				for (const auto &k : m["killers"])
					noticed.insert(k["case"].get<std::string>());
	}
	for (const auto &entry : std::filesystem::recursive_directory_iterator(root + "/cases")) {
		if (entry.path().extension() != ".json" || entry.path().parent_path() == root + "/cases")
			continue;
		const std::string name = entry.path().lexically_relative(root + "/cases").replace_extension().string();
		const auto text = read_file(entry.path());
		ASSERT_TRUE(text);
		const auto json = model::parse_strict(*text);
		if (json["status"] != "required")
			continue;
		EXPECT_TRUE(noticed.contains(name) || listed.contains(name))
			<< name << " has noticed no mutant in reports/evidence, and silent.json does not list it";
		EXPECT_FALSE(noticed.contains(name) && listed.contains(name))
			<< name << " has noticed a mutant: take it off reports/evidence/silent.json";
	}
}

/// Lines of the kernel that no case reaches are reached by the next case, or it is said why not.
TEST(Mutant, EveryFunctionThatIsNotReachedIsExplained)
{
	const std::string folder = std::string(SOURCE_ROOT) + "/reports/evidence/";
	const auto reasons = read_file(folder + "unreached.json");
	ASSERT_TRUE(reasons);
	const auto unreached = model::parse_strict(*reasons)["unreached"];
	std::size_t coverages = 0;
	for (const auto &entry : std::filesystem::directory_iterator(folder)) {
		const auto text = read_file(entry.path());
		ASSERT_TRUE(text);
		const auto json = model::parse_strict(*text);
		if (!json.contains("coverage"))
			continue;
		coverages++;
		for (const auto &file : json["files"].items())
			for (const auto &hole : file.value()["missed"].items())
				EXPECT_TRUE(std::any_of(unreached.begin(), unreached.end(), [&](const auto &u) {
					return file.key().ends_with("/" + u["file"].template get<std::string>()) &&
					       ::fnmatch(u["function"].template get<std::string>().c_str(), hole.key().c_str(), 0) == 0;
				})) << entry.path() << ": " << file.key() << " " << hole.key();
		EXPECT_GE(json["files"]["arch/arm64/kvm/psci.c"]["lines_hit"].get<double>(),
			  0.95 * json["files"]["arch/arm64/kvm/psci.c"]["lines"].get<double>());
	}
	EXPECT_GT(coverages, 0u);
}


TEST(Mutant, EveryOneAppliesToTheTreeAtHand)
{
	const char *tree = std::getenv("EXIT24_LINUX");
	if (!tree)
		GTEST_SKIP() << "set EXIT24_LINUX to one or more kernel trees, joined with ':'";
	const auto spatch = machine::Spatch::find();
	ASSERT_TRUE(spatch) << spatch.error().what;
	auto scratch = machine::Scratch::create();
	ASSERT_TRUE(scratch);
	std::vector<std::string> trees;
	for (std::string rest = tree; !rest.empty();) {
		const auto colon = rest.find(':');
		trees.push_back(rest.substr(0, colon));
		rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
	}
	for (const Mutant &m : all()) {
		bool applies = false;
		for (const std::string &one : trees) {
			const auto files = apply(*spatch, m, one, scratch->folder());
			ASSERT_TRUE(files) << files.error().what;
			applies = applies || !files->empty();
		}
		EXPECT_TRUE(applies) << m.path << " changes nothing in " << tree;
	}
}
