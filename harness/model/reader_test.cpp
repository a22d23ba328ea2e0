// SPDX-License-Identifier: GPL-2.0-only
#include "model/reader.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace exit24::model {
namespace {

/// The Malformed that an action throws; one with the reason "nothing was thrown" if it does not.
template <typename Action> Malformed malformed(Action action)
{
	try {
		action();
	} catch (const Malformed &m) {
		return m;
	}
	return {"", "nothing was thrown"};
}

std::string refused(std::string_view text)
{
	return malformed([&] { (void)parse_strict(text); }).reason;
}

TEST(ParseStrict, DuplicateKeyIsNamed)
{
	EXPECT_EQ(refused(R"({"a": 1, "b": 2, "a": 3})"),
		  R"(the key "a" stands twice in one object)");
	EXPECT_EQ(refused(R"([{"x": {"b": 1, "b": 1}}])"),
		  R"(the key "b" stands twice in one object)");
	EXPECT_EQ(refused(R"({"a": 1, "\u0061": 2})"), R"(the key "a" stands twice in one object)");
}

TEST(ParseStrict, DuplicateKeyHasItsPlace)
{
	const auto place = [](std::string_view text) {
		return malformed([&] { (void)parse_strict(text); }).pointer;
	};
	EXPECT_EQ(place(R"({"a": 1, "a": 2})"), "");
	EXPECT_EQ(place(R"([1, [2], {"b": 1, "b": 1}])"), "/2");
	EXPECT_EQ(place(R"({"u": [], "x/y": [{}, {"b": {}, "z": {"c": 1, "c": 1}}]})"),
		  "/x~1y/1/z");
}

TEST(ParseStrict, SameKeyInDifferentObjectsIsFine)
{
	const Json json = parse_strict(R"({"a": {"a": [{"a": 1}, {"a": 2}]}, "b": {"a": 3}})");
	EXPECT_EQ(json["a"]["a"][1]["a"], 2);
}

std::string nested(int levels)
{
	return std::string(static_cast<std::size_t>(levels), '[') +
	       std::string(static_cast<std::size_t>(levels), ']');
}

TEST(ParseStrict, DeepNestingIsRefused)
{
	EXPECT_NO_THROW((void)parse_strict(nested(32)));
	EXPECT_EQ(refused(nested(34)), "nested more than 32 levels deep");
	EXPECT_EQ(refused(nested(1000000)), "nested more than 32 levels deep");
	EXPECT_EQ(refused(std::string(1000000, '[')), "nested more than 32 levels deep");
}

TEST(ParseStrict, LevelThirtyThreeIsRefused)
{
	EXPECT_EQ(refused(nested(33)), "nested more than 32 levels deep");
}

TEST(ParseStrict, SyntaxErrorNamesLineAndColumn)
{
	const std::string reason = refused("{\n  \"a\": 1,\n  \"b\" 2\n}");
	EXPECT_NE(reason.find("line 3, column"), std::string::npos) << reason;
	EXPECT_EQ(reason.find("json.exception"), std::string::npos) << reason;
}

TEST(ParseStrict, OnlyOneWholeDocumentOfJsonIsRead)
{
	for (const char *text : {"", " ", "{", "{}{}", "{} x", "// c\n{}", "{\"a\":1,}", "{'a':1}",
				 "nul", "\"\xff\"", "\"\xc3\x28\"", "1e999", "[01]"})
		EXPECT_NE(refused(text), "nothing was thrown") << text;
}

TEST(ParseStrict, OrderOfKeysIsKept)
{
	EXPECT_EQ(parse_strict(R"({"z":1,"a":2})").dump(), R"({"z":1,"a":2})");
}

TEST(ParseStrict, ItemsOfOuterListsAreTakenAndNotKept)
{
	std::istringstream in(R"({"a":1,"cells":[{"n":[1,2]},7,"x",[3]],"plan":{"cells":[4]},"rest":[]})");
	std::string taken;
	const Json rest = parse_strict(in, [&](const std::string &key, std::size_t i, Json &item) {
		taken += key + std::to_string(i) + item.dump() + " ";
	});
	EXPECT_EQ(taken, R"(cells0{"n":[1,2]} cells17 cells2"x" cells3[3] )");
	EXPECT_EQ(rest.dump(), R"({"a":1,"cells":[],"plan":{"cells":[4]},"rest":[]})");
}

TEST(ParseStrict, AStreamIsReadAsStrictly)
{
	for (const char *text : {"", "{}{}", "{\"a\":[1,2],\"a\":[]}", "{\"a\":[{\"b\":1,\"b\":2}]}", "{\"a\":[1,2", "{\"a\":[\"\xff\"]}"}) {
		std::istringstream in(text);
		EXPECT_THROW(parse_strict(in, [](const std::string &, std::size_t, Json &) {}), Malformed) << text;
	}
}

TEST(Reader, PointerIsEscaped)
{
	const Json json = {{"a/b", {{"c~d", Json::array({0, "x"})}}}};
	Reader root(json);
	EXPECT_EQ(malformed([&] { root.at("a/b").at("c~d").array().at(1).fail("why"); }).pointer,
		  "/a~1b/c~0d/1");
}

TEST(Reader, MissingKeyIsNamedAtItsObject)
{
	const Json json = {{"a", Json::object()}};
	Reader root(json);
	const Malformed m = malformed([&] { (void)root.at("a").at("b"); });
	EXPECT_EQ(m.pointer, "/a");
	EXPECT_EQ(m.reason, "the key \"b\" is missing");
}

TEST(Reader, KeyThatNobodyAskedForIsRefused)
{
	const Json json = {{"a", 1}, {"typo", 2}};
	Reader root(json);
	(void)root.at("a");
	(void)root.find("optional");
	const Malformed m = malformed([&] { root.finish(); });
	EXPECT_EQ(m.pointer, "/typo");
	EXPECT_EQ(m.reason.find("unknown key"), 0u) << m.reason;
	EXPECT_NE(m.reason.find("a"), std::string::npos) << "it names the keys that are read here";

	(void)root.find("typo");
	EXPECT_NO_THROW(root.finish());
}

TEST(Reader, TypesAreNotConverted)
{
	const Json values = {nullptr, true, 1, -1, 1.0, "1", Json::array(), Json::object()};
	for (std::size_t i = 0; i < values.size(); i++) {
		const Reader r(values[i]);
		const auto accepts = [](auto read) {
			return malformed(read).reason == "nothing was thrown";
		};
		EXPECT_EQ(r.is_null(), i == 0);
		EXPECT_EQ(accepts([&] { (void)r.boolean(); }), i == 1) << values[i];
		EXPECT_EQ(accepts([&] { (void)r.count(0, 9); }), i == 2) << values[i];
		EXPECT_EQ(accepts([&] { (void)r.integer(); }), i == 2 || i == 3) << values[i];
		EXPECT_EQ(accepts([&] { (void)r.string(); }), i == 5) << values[i];
		EXPECT_EQ(accepts([&] { (void)r.array(); }), i == 6) << values[i];
		EXPECT_EQ(accepts([&] { (void)r.strings(); }), i == 6) << values[i];
		EXPECT_EQ(accepts([&] { (void)r.object(); }), i == 7) << values[i];
	}
	const Json mixed = {"a", 1};
	EXPECT_EQ(malformed([&] { (void)Reader(mixed).strings(); }).pointer, "/1");
}

TEST(Reader, LimitsOfACountAreInclusive)
{
	const auto accepts = [](const char *text, std::uint64_t least, std::uint64_t most) {
		const Json json = parse_strict(text);
		return malformed([&] { (void)Reader(json).count(least, most); }).reason ==
		       "nothing was thrown";
	};
	EXPECT_FALSE(accepts("1", 2, 4));
	EXPECT_TRUE(accepts("2", 2, 4));
	EXPECT_TRUE(accepts("4", 2, 4));
	EXPECT_FALSE(accepts("5", 2, 4));
	EXPECT_TRUE(accepts("18446744073709551615", 0, UINT64_MAX));
	EXPECT_FALSE(accepts("18446744073709551616", 0, UINT64_MAX)) << "it is read as a double";
	EXPECT_FALSE(accepts("-1", 0, UINT64_MAX));
	EXPECT_FALSE(accepts("1e2", 0, UINT64_MAX));
}

} // namespace
} // namespace exit24::model
