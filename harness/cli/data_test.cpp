// SPDX-License-Identifier: GPL-2.0-only
#include "cli/data.hpp"

#include "base/file.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace exit24::cli {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

class CaseFiles : public testing::Test {
protected:
	CaseFiles()
	{
		std::string folder = testing::TempDir() + "exit24-XXXXXX";
		folder_ = ::mkdtemp(folder.data());
	}
	~CaseFiles() override { fs::remove_all(folder_); }

	void file(const std::string &name, const std::string &content) const
	{
		fs::create_directories(fs::path(folder_ + "/" + name).parent_path());
		ASSERT_TRUE(write_file(folder_ + "/" + name, content));
	}
	void some_cases() const
	{
		for (const char *name :
		     {"system_off/reports-shutdown", "system_off/stops", "vcpus/idle-is-stopped"})
			file(name + std::string(".json"), text);
	}

	Names loaded(const Names &globs) const
	{
		const auto cases = load_cases(folder_, globs);
		EXPECT_TRUE(cases) << cases.error().what;
		Names out;
		for (const model::CaseText &c : cases ? *cases : std::vector<model::CaseText>())
			out.push_back(c.parsed.name);
		return out;
	}
	std::string refused(const Names &globs) const
	{
		const auto cases = load_cases(folder_, globs);
		return cases ? "" : cases.error().what;
	}

	static constexpr char text[] =
		R"({"title": "t", "status": "required", "rules": ["SE-OFF-01"], "catches": "c",
		"spec": [{"doc": "a.rst", "section": "s", "sentence": "sha256:0123456789ab"}],
		"vcpus": [{"guest": "off"}], "steps": [{"init": 0}]})";
	std::string folder_;
};

TEST_F(CaseFiles, NameIsThePathBelowTheFolder)
{
	some_cases();
	file("case.schema.json", "{}"); // no case: it is in no folder
	file("system_off/notes.md", "");
	const auto names = case_names(folder_);
	ASSERT_TRUE(names);
	EXPECT_EQ(*names, (Names{"system_off/reports-shutdown", "system_off/stops",
				 "vcpus/idle-is-stopped"}));

	const auto cases = load_cases(folder_, {});
	ASSERT_TRUE(cases);
	EXPECT_EQ((*cases)[0].parsed.name, "system_off/reports-shutdown");
	EXPECT_EQ((*cases)[0].file, folder_ + "/system_off/reports-shutdown.json");
	EXPECT_EQ((*cases)[0].text, text);
}

TEST_F(CaseFiles, GlobsChooseAndNoCaseIsChosenTwice)
{
	some_cases();
	EXPECT_EQ(loaded({}).size(), 3u);
	EXPECT_EQ(loaded({"*"}).size(), 3u);
	EXPECT_EQ(loaded({"system_off/*"}),
		  (Names{"system_off/reports-shutdown", "system_off/stops"}));
	EXPECT_EQ(loaded({"*stop*"}), (Names{"system_off/stops", "vcpus/idle-is-stopped"}));
	EXPECT_EQ(loaded({"vcpus/*", "system_off/stops", "*"}).size(), 3u);
	EXPECT_EQ(loaded({"vcpus/idle-is-stopped", "vcpus/*"}), Names{"vcpus/idle-is-stopped"});
}

TEST_F(CaseFiles, GlobWithoutAMatchNamesTheNearestCase)
{
	some_cases();
	EXPECT_NE(
		refused({"system_off/report-shutdown"}).find("is it system_off/reports-shutdown?"),
		std::string::npos)
		<< refused({"system_off/report-shutdown"});
	EXPECT_NE(refused({"idle"}).find("is it vcpus/idle-is-stopped?"), std::string::npos);
	EXPECT_EQ(refused({"zzz"}).find("no case matches \"zzz\""), 0u);
	EXPECT_EQ(refused({"zzz"}).find("is it"), std::string::npos) << "nothing is near";
	for (const char *folder : {"system_off", "system_off/", "sytem_off", "sytem_off/*"})
		EXPECT_NE(refused({folder}).find("is it 'system_off/*'?"), std::string::npos) << folder;
	EXPECT_NE(refused({"*", "zzz"}), "") << "one of several is no less wrong";
}

TEST_F(CaseFiles, BadCaseIsRefusedWithItsFile)
{
	some_cases();
	file("system_off/bad.json", "{}");
	EXPECT_EQ(refused({}).find(folder_ + "/system_off/bad.json: the key \"title\" is missing"),
		  0u)
		<< refused({});
	EXPECT_EQ(loaded({"vcpus/*"}).size(), 1u) << "only what is asked for is read";
}

TEST_F(CaseFiles, FolderWithoutCasesIsAnError)
{
	EXPECT_NE(refused({}).find("there is no case in " + folder_), std::string::npos)
		<< refused({});
	const auto absent = load_cases(folder_ + "/absent", {});
	ASSERT_FALSE(absent);
	EXPECT_NE(absent.error().what.find("cannot read the cases in " + folder_ + "/absent"),
		  std::string::npos);
}

TEST_F(CaseFiles, GuestsOfTheCasesAndOfTheProbeAreLoadedOnce)
{
	some_cases();
	const auto cases = load_cases(folder_, {});
	ASSERT_TRUE(cases);
	file("guests/off.bin", "1234");
	file("guests/off.sym", "0000000000000000 T _start\n");
	const auto without_probe = load_guests(folder_ + "/guests", *cases);
	ASSERT_FALSE(without_probe);
	EXPECT_NE(without_probe.error().what.find("psci_call"), std::string::npos)
		<< without_probe.error().what;

	file("guests/psci_call.bin", "1234");
	file("guests/psci_call.sym", "0000000000000000 T smc\n");
	const auto guests = load_guests(folder_ + "/guests", *cases);
	ASSERT_TRUE(guests) << guests.error().what;
	EXPECT_EQ(guests->size(), 2u);

	fs::remove(folder_ + "/guests/off.bin");
	const auto without_guest = load_guests(folder_ + "/guests", *cases);
	ASSERT_FALSE(without_guest);
	EXPECT_EQ(without_guest.error().what.find((*cases)[0].file +
						  " at /vcpus/0/guest: guest \"off\""),
		  0u)
		<< "it names the case that needs it: " << without_guest.error().what;
}

TEST_F(CaseFiles, OutputIsCheckedBeforeTheRunAndLeftAsItWas)
{
	EXPECT_TRUE(check_writable(folder_ + "/new.json"));
	EXPECT_TRUE(fs::is_empty(folder_));
	file("old.json", "old");
	EXPECT_TRUE(check_writable(folder_ + "/old.json"));
	EXPECT_EQ(*read_file(folder_ + "/old.json"), "old");
	EXPECT_TRUE(check_writable("/dev/null"));

	const auto folder = check_writable(folder_);
	ASSERT_FALSE(folder);
	EXPECT_EQ(folder.error().what, "cannot write " + folder_ + ": it is a directory");
	const auto nowhere = check_writable(folder_ + "/no/such/report.json");
	ASSERT_FALSE(nowhere);
	EXPECT_EQ(nowhere.error().what,
		  "cannot write " + folder_ + "/no/such/report.json: No such file or directory");
}

TEST(KernelCache, FollowsTheEnvironment)
{
	::setenv("HOME", "/h", 1);
	::unsetenv("EXIT24_CACHE");
	::unsetenv("XDG_CACHE_HOME");
	EXPECT_EQ(kernel_cache(), "/h/.cache/exit24/kernels");
	::setenv("XDG_CACHE_HOME", "/x", 1);
	EXPECT_EQ(kernel_cache(), "/x/exit24/kernels");
	::setenv("EXIT24_CACHE", "/e", 1);
	EXPECT_EQ(kernel_cache(), "/e/kernels");
}

TEST_F(CaseFiles, KnownFailuresStandBesideTheCases)
{
	some_cases();
	const auto entry = [](const std::string &name) {
		return R"({"known_failures": [{"case": ")" + name +
		       R"(", "verdict": "fail", "when": {"release": "7.*"}, "reason": "r"}]})";
	};
	const auto names = [&](const std::string &path) {
		const auto list = load_known_failures(path, folder_);
		return !list ? list.error().what : list->empty() ? "" : list->front().name;
	};
	EXPECT_EQ(names(""), "") << "there need not be a list";
	file("known-failures.json", entry("system_off/stops"));
	EXPECT_EQ(names(""), "system_off/stops");
	EXPECT_EQ(loaded({}).size(), 3u) << "the list is no case";
	file("other.txt", entry("vcpus/idle-is-stopped"));
	EXPECT_EQ(names(folder_ + "/other.txt"), "vcpus/idle-is-stopped");
	EXPECT_NE(names(folder_ + "/nowhere").find("nowhere"), std::string::npos);
	file("known-failures.json", entry("system_off/gone"));
	EXPECT_NE(names("").find("/known_failures/0/case: there is no case \"system_off/gone\""), std::string::npos)
		<< names("");
	file("known-failures.json", "[]");
	EXPECT_NE(names("").find("must be an object"), std::string::npos) << names("");
}

} // namespace
} // namespace exit24::cli
