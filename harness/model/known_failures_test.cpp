// SPDX-License-Identifier: GPL-2.0-only
#include "model/known_failures.hpp"

#include "base/file.hpp"

#include <gtest/gtest.h>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace exit24::model {
namespace {

/// Whether cases/known-failures.schema.json takes a text, for an editor's sake.
bool schema_accepts(const std::string &text)
{
	const auto schema_text = read_file(SOURCE_ROOT "/cases/known-failures.schema.json");
	const auto document = nlohmann::json::parse(text, nullptr, false);
	if (!schema_text || document.is_discarded())
		return false;
	const auto json = nlohmann::json::parse(*schema_text);
	valijson::Schema schema;
	valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(json), schema);
	return valijson::Validator().validate(schema, valijson::adapters::NlohmannJsonAdapter(document), nullptr);
}

std::string list_of(const std::string &entry)
{
	return R"({"known_failures": [)" + entry + "]}";
}

const std::string good =
	R"({"case": "a/b", "verdict": "hang", "when": {"release": "7.3.*"}, "reason": "why", "link": "where"})";

TEST(KnownFailures, ReadsAList)
{
	const auto list = parse_known_failures("f", list_of(good));
	ASSERT_TRUE(list) << list.error().what;
	ASSERT_EQ(list->size(), 1u);
	EXPECT_EQ((*list)[0].name, "a/b");
	EXPECT_EQ((*list)[0].verdict, "hang");
	EXPECT_EQ((*list)[0].reason, "why");
	EXPECT_EQ((*list)[0].link, "where");
	EXPECT_TRUE(schema_accepts(list_of(good)));
}

TEST(KnownFailures, ReadsTheCommittedOne)
{
	const std::string file = SOURCE_ROOT "/cases/known-failures.json";
	const auto text = read_file(file);
	ASSERT_TRUE(text);
	EXPECT_TRUE(schema_accepts(*text));
	const auto list = parse_known_failures(file, *text);
	EXPECT_TRUE(list) << list.error().what;
}

TEST(KnownFailures, RefusesWhatIsNotOne)
{
	const struct {
		std::string text, place, why;
	} rows[] = {
		{"[]", "f:", "must be an object"},
		{"{}", "f", "known_failures"},
		{R"({"known_failures": [], "more": 1})", "/more", "unknown key"},
		{list_of("1"), "/known_failures/0", "must be an object"},
		{list_of(R"({"verdict": "hang", "when": {"release": "7"}, "reason": "r"})"), "/known_failures/0", "case"},
		{list_of(R"({"case": "", "verdict": "hang", "when": {"release": "7"}, "reason": "r"})"),
		 "/known_failures/0/case", "empty"},
		{list_of(R"({"case": "a", "verdict": "pass", "when": {"release": "7"}, "reason": "r"})"),
		 "/known_failures/0/verdict", "\"fail\", \"hang\" or \"crash\""},
		{list_of(R"({"case": "a", "verdict": "fail", "when": {}, "reason": "r"})"), "/known_failures/0/when",
		 "at least one"},
		{list_of(R"({"case": "a", "verdict": "fail", "reason": "r"})"), "/known_failures/0", "when"},
		{list_of(R"({"case": "a", "verdict": "fail", "when": {"cpu": "a57"}, "reason": "r"})"),
		 "/known_failures/0/when/cpu", "unknown key"},
		{list_of(R"({"case": "a", "verdict": "fail", "when": {"kvm_mode": "nvh"}, "reason": "r"})"),
		 "/known_failures/0/when/kvm_mode", "nvhe"},
		{list_of(R"({"case": "a", "verdict": "fail", "when": {"release": ""}, "reason": "r"})"),
		 "/known_failures/0/when/release", "empty"},
		{list_of(R"({"case": "a", "verdict": "fail", "when": {"release": "7"}})"), "/known_failures/0", "reason"},
	};
	for (const auto &row : rows) {
		const auto list = parse_known_failures("f", row.text);
		ASSERT_FALSE(list) << row.text;
		EXPECT_NE(list.error().what.find(row.place), std::string::npos) << list.error().what;
		EXPECT_NE(list.error().what.find(row.why), std::string::npos) << list.error().what;
		EXPECT_FALSE(schema_accepts(row.text)) << row.text;
	}
}

TEST(KnownFailures, ConcernsTargetsByWhatTheySay)
{
	Hello target;
	target.release = "7.3.4+deb13-arm64";
	target.midr = "0x00000000411fd070";
	target.kvm_mode = "nvhe";
	const auto concerns = [&](const std::string &release, const std::string &midr, const std::string &mode) {
		KnownFailure entry;
		entry.release = release;
		entry.midr = midr;
		entry.kvm_mode = mode;
		return entry.concerns(target);
	};
	EXPECT_TRUE(concerns("7.3.*+deb*", "", ""));
	EXPECT_TRUE(concerns("", "0x00000000411fd07*", ""));
	EXPECT_TRUE(concerns("7.3.*", "0x00000000411fd07*", "nvhe"));
	EXPECT_FALSE(concerns("7.4.*", "0x00000000411fd07*", "nvhe"));
	EXPECT_FALSE(concerns("7.3.*", "0x00000000413fd0c1", "nvhe"));
	EXPECT_FALSE(concerns("7.3.*", "0x00000000411fd07*", "vhe"));
	EXPECT_FALSE(concerns("7.3", "", ""));
	target.midr.clear(); // a kernel that does not show it
	EXPECT_FALSE(concerns("", "0x00000000411fd07*", ""));
}

} // namespace
} // namespace exit24::model
