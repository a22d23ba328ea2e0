// SPDX-License-Identifier: GPL-2.0-only
#include "report/merge.hpp"

#include "report/planned.hpp"
#include "report/view.hpp"

#include <algorithm>

namespace exit24::report {

namespace {

constexpr std::size_t most_named = 8;

judge::Status status_of(const std::string &verdict)
{
	for (int i = 0; i <= static_cast<int>(judge::Status::fixed); i++)
		if (judge::name(static_cast<judge::Status>(i)) == verdict)
			return static_cast<judge::Status>(i);
	return judge::Status::error;
}

std::string text(const Json &json, const char *key)
{
	return json.is_object() && json.contains(key) && json[key].is_string() ? one_line(json[key].get<std::string>(), 300) : "";
}

} // namespace

Result<void> Merger::add(const std::string &file, const Json &report)
{
	std::vector<model::Cell> plan;
	try {
		model::Reader r(report);
		if (!r.has("plan"))
			return Error{file + " does not say of which plan it is a part, so nobody can say what it lacks; "
					    "make it with exit24 run --json, or import"};
		model::Reader p = r.at("plan");
		for (const model::Reader &cell : p.at("cells").array())
			plan.push_back(model::read_cell(cell));
	} catch (const model::Malformed &m) {
		return Error{file + " at " + m.pointer + ": " + m.reason + "; make it again with exit24 run --json"};
	}
	if (files_.empty()) {
		plan_ = plan;
		tool_ = report["tool"];
		for (std::size_t i = 0; i < plan_.size(); i++)
			if (!planned_.emplace(plan_[i].id, i).second)
				return Error{file + ": its plan has " + plan_[i].describe() + " twice; name each kernel once"};
	}
	if (plan != plan_) {
		const auto first = std::find_if(plan.begin(), plan.end(), [this](const auto &c) { return !planned_.contains(c.id); });
		return Error{file + " is of another plan than " + files_.front() + ": " +
			     (first != plan.end() ? "it has " + first->describe() + ", which that has not"
			      : plan.size() < plan_.size() ? "it has fewer cells"
							   : "its order is another one") +
			     "; run all parts with the same kernels, modes and cases"};
	}
	if (report["tool"] != tool_)
		return Error{file + " was made by exit24 " + text(report["tool"], "version") + " and " + files_.front() + " by " +
			     text(tool_, "version") + "; make all of them with the same one"};
	if (report.contains("guests") && report["guests"].is_object()) {
		for (const auto &[name, guest] : report["guests"].items()) {
			if (!guests_.contains(name))
				guests_[name] = guest;
			else if (guests_[name] != guest)
				return Error{file + " was recorded with another build of guest \"" + one_line(name, 100) +
					     "\" than the reports before it; run all parts with the same exit24"};
		}
	}
	if (rules_.is_null() && report.contains("rules"))
		rules_ = report["rules"];
	const std::size_t number = files_.size();
	files_.push_back(file);
	for (std::size_t i = 0; i < report["cells"].size(); i++) {
		const Json &cell = report["cells"][i];
		const std::string id = text(cell, "id");
		const auto planned = planned_.find(id);
		if (planned == planned_.end())
			return Error{file + " at /cells/" + std::to_string(i) + ": " + text(cell, "cell") +
				     " is not in its plan; make it again with exit24 run --json"};
		const auto [other, first] = found_.emplace(id, Place{number, i});
		if (!first)
			return Error{files_[other->second.report] + " and " + file + " both have " + plan_[planned->second].describe() +
				     "; give only one of them"};
		for (const Json &c : cell["cases"])
			counts_[status_of(text(c, "verdict"))]++;
	}
	return {};
}

Result<std::vector<Merger::Place>> Merger::order() const
{
	std::vector<Place> places;
	std::string names;
	std::size_t holes = 0;
	for (const model::Cell &cell : plan_) {
		if (const auto it = found_.find(cell.id); it != found_.end())
			places.push_back(it->second);
		else if (holes++ < most_named)
			names += (names.empty() ? "" : ", ") + cell.describe();
	}
	if (holes > most_named)
		names += " and " + std::to_string(holes - most_named) + " more";
	if (holes > 0)
		return Error{"no report has " + names + ": " + std::to_string(holes) + " of " + std::to_string(plan_.size()) +
			     " cells of the plan are missing; run them, and give their reports, too"};
	return places;
}

Json Merger::head() const
{
	Json out = begin_report();
	out["tool"] = tool_;
	if (!guests_.is_null())
		out["guests"] = guests_;
	out["cells"] = Json::array();
	end_report(out, counts_);
	add_plan(out, {plan_, {}, {}});
	if (!rules_.is_null())
		out["rules"] = rules_;
	return out;
}

int Merger::exit_status() const
{
	return exit_status_of(counts_);
}

std::string cell_text(const Json &cell)
{
	static constexpr std::string_view before = "{\n\t\"cells\": [\n", after = "\n\t]\n}";
	const std::string all = Json{{"cells", Json::array({cell})}}.dump(1, '\t', false, Json::error_handler_t::replace);
	return all.substr(before.size(), all.size() - before.size() - after.size());
}

} // namespace exit24::report
