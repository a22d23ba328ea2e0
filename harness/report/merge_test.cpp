// SPDX-License-Identifier: GPL-2.0-only
#include "report/merge.hpp"

#include "report/planned.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace exit24::report {
namespace {

std::vector<model::Cell> plan()
{
	std::vector<model::Cell> cells;
	for (const char *kernel : {"6.1", "7.3"})
		for (const char *mode : {"nvhe", "vhe"})
			cells.push_back({kernel, mode, "cortex-a57", model::cell_id({{"k", kernel}, {"m", mode}})});
	return cells;
}

/// A report with these of the plan's cells, each with a case of that verdict.
Json part(const std::vector<std::pair<std::size_t, const char *>> &cells)
{
	Json out = begin_report();
	out["guests"] = {{"off", {{"code", "01"}, {"labels", Json::object()}}}};
	out["cells"] = Json::array();
	for (const auto &[i, verdict] : cells) {
		const model::Cell cell = plan()[i];
		out["cells"].push_back({{"cell", cell.label()}, {"id", cell.id}, {"kernel", cell.kernel}, {"mode", cell.mode},
					{"cases", {{{"case", "s/a"}, {"verdict", verdict}}}}});
	}
	add_plan(out, {plan(), {1, 2}, {}});
	return out;
}

std::string error_of(const std::vector<Json> &reports)
{
	Merger merger;
	for (std::size_t i = 0; i < reports.size(); i++)
		if (auto r = merger.add(std::string(1, static_cast<char>('A' + i)) + ".json", reports[i]); !r)
			return r.error().what;
	const auto order = merger.order();
	return order ? "" : order.error().what;
}

TEST(Merge, PutsTheCellsInThePlansOrder)
{
	Merger merger;
	ASSERT_TRUE(merger.add("A", part({{3, "pass"}, {1, "fail"}})));
	EXPECT_FALSE(merger.order());
	ASSERT_TRUE(merger.add("B", part({{0, "pass"}, {2, "skip"}})));
	const auto order = merger.order();
	ASSERT_TRUE(order) << order.error().what;
	std::string places;
	for (const auto &[report, index] : *order)
		places += std::to_string(report) + "." + std::to_string(index) + " ";
	EXPECT_EQ(places, "1.0 0.1 1.1 0.0 ");
	EXPECT_EQ(merger.exit_status(), 1);
	const Json head = merger.head();
	EXPECT_EQ(head["summary"].dump(), R"({"pass":2,"fail":1,"skip":1})");
	EXPECT_EQ(head["exit_status"], 1);
	EXPECT_EQ(head["plan"]["of"], 1);
	EXPECT_EQ(head["plan"]["cells"].size(), 4u);
	EXPECT_TRUE(head["guests"].contains("off"));
}

TEST(Merge, NamesWhatIsTwiceOrMissing)
{
	const std::string hole = error_of({part({{0, "pass"}, {1, "pass"}})});
	EXPECT_NE(hole.find("7.3/nvhe (cortex-a57, " + plan()[2].id + "), 7.3/vhe"), std::string::npos) << hole;
	EXPECT_NE(hole.find("2 of 4"), std::string::npos) << hole;
	const std::string overlap = error_of({part({{0, "pass"}, {1, "pass"}}), part({{1, "pass"}, {2, "pass"}})});
	EXPECT_NE(overlap.find("A.json and B.json both have 6.1/vhe"), std::string::npos) << overlap;
	EXPECT_NE(error_of({part({{0, "pass"}, {0, "pass"}})}).find("A.json and A.json both have 6.1/nvhe"), std::string::npos);
}

TEST(Merge, RefusesWhatDoesNotBelongTogether)
{
	const Json good = part({{0, "pass"}, {1, "pass"}});
	const auto with = [&](const std::function<void(Json &)> &change) {
		Json other = part({{2, "pass"}, {3, "pass"}});
		change(other);
		return error_of({good, other});
	};
	EXPECT_EQ(with([](Json &) {}), "");
	EXPECT_NE(with([](Json &j) { j.erase("plan"); }).find("B.json does not say of which plan"), std::string::npos);
	EXPECT_NE(with([](Json &j) { j["plan"]["cells"].erase(3); }).find("fewer cells"), std::string::npos);
	EXPECT_NE(with([](Json &j) { std::swap(j["plan"]["cells"][0], j["plan"]["cells"][1]); }).find("order"), std::string::npos);
	EXPECT_NE(with([](Json &j) { j["plan"]["cells"][0]["id"] = std::string(16, 'f'); }).find("which that has not"), std::string::npos);
	EXPECT_NE(with([](Json &j) { j["plan"]["cells"][0]["id"] = 1; }).find("B.json at /plan/cells/0/id"), std::string::npos);
	EXPECT_NE(with([](Json &j) { j["plan"] = "x"; }).find("B.json at /plan"), std::string::npos);
	EXPECT_NE(with([](Json &j) { j["tool"]["version"] = "9"; }).find("by exit24 9"), std::string::npos);
	EXPECT_NE(with([](Json &j) { j["guests"]["off"]["code"] = "02"; }).find("guest \"off\""), std::string::npos);
	EXPECT_NE(with([](Json &j) { j["cells"][0].erase("id"); }).find("B.json at /cells/0"), std::string::npos);
}

TEST(Merge, AnUnknownVerdictIsNoPass)
{
	Merger merger;
	ASSERT_TRUE(merger.add("A", part({{0, "pass"}, {1, "pass"}, {2, "pass"}, {3, "splendid"}})));
	EXPECT_EQ(merger.exit_status(), 3);
}

TEST(Merge, ACellHasTheTextThatItHasInAReport)
{
	const Json report = part({{0, "pass"}, {1, "fail"}});
	const std::string whole = report.dump(1, '\t');
	EXPECT_NE(whole.find("[\n" + cell_text(report["cells"][0]) + ",\n" + cell_text(report["cells"][1]) + "\n\t]"), std::string::npos);
}

} // namespace
} // namespace exit24::report
