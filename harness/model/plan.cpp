// SPDX-License-Identifier: GPL-2.0-only
#include "model/plan.hpp"

#include "base/runs.hpp"
#include "guests/include/contract.h"
#include "model/reader.hpp"

#include <map>

namespace exit24::model {

std::string write_plan(const std::vector<const CaseText *> &cases, const Guests &guests, const Wanted &wanted,
		       const std::set<std::string> &alone)
{
	Json json;
	json["plan"] = protocol;
	if (!wanted.endings.empty())
		json["files"] = {{"below", wanted.below}, {"endings", wanted.endings}, {"each", wanted.each}};
	for (const auto &[name, guest] : guests) {
		Json &g = json["guests"][name];
		g["code"] = encode_runs(guest.code);
		for (const auto &[label, offset] : guest.labels)
			g["labels"][label] = offset;
	}
	if (!alone.empty())
		json["alone"] = alone;
	json["cases"] = Json::array();
	struct Written {
		std::string name;
		unsigned deadline_ms;
	};
	std::map<std::string_view, Written> written; // the first case with a text
	for (const CaseText *c : cases) {
		Json item = {{"name", c->parsed.name}};
		if (c->set)
			item["set"] = {{"file", c->set->file}, {"text", c->set->text}};
		const auto [it, first] = written.try_emplace(c->text, Written{c->parsed.name, Case().deadline_ms});
		if (first) {
			Json &body = item["case"] = parse_strict(c->text);
			it->second.deadline_ms = body.value("deadline_ms", it->second.deadline_ms);
			for (const char *prose : {"$schema", "title", "status", "rules", "catches", "hurts", "spec"})
				body.erase(prose); // half of a case, and nothing to the agent
		} else {
			item["like"] = it->second.name;
		}
		if (c->parsed.deadline_ms != it->second.deadline_ms)
			item["deadline_ms"] = c->parsed.deadline_ms;
		json["cases"].push_back(std::move(item));
	}
	return json.dump();
}

Result<Plan> read_plan(std::string_view text)
{
	try {
		const Json json = parse_strict(text);
		Reader reader(json);
		Plan plan;
		if (reader.at("plan").count(0, 1000) != protocol)
			reader.fail("the plan is of another version than this agent, " + std::to_string(protocol));
		if (auto files = reader.find("files")) {
			plan.wanted = {files->at("below").string(), files->at("endings").strings(),
				       files->at("each").boolean()};
			files->finish();
		}
		const Reader guests = reader.at("guests");
		for (const auto &entry : guests.object()) {
			Reader g = guests.child(entry.first);
			Guest guest;
			auto code = decode_runs(g.at("code").string(), EXIT24_PAYLOAD_MAX);
			if (!code)
				g.fail(code.error().what);
			guest.code = std::move(*code);
			const Reader labels = g.at("labels");
			for (const auto &label : labels.object())
				guest.labels[label.first] = labels.child(label.first).count(0, EXIT24_PAYLOAD_MAX);
			g.finish();
			plan.guests[entry.first] = std::move(guest);
		}
		if (const auto alone = reader.find("alone"))
			for (const std::string &name : alone->strings())
				plan.alone.insert(name);
		std::map<std::string, std::size_t> places;
		for (Reader item : reader.at("cases").array()) {
			const std::string name = item.at("name").string();
			Plan::Item planned;
			if (const auto like = item.find("like")) {
				const auto place = places.find(like->string());
				if (place == places.end())
					like->fail("no case before it has the name \"" + like->string() + "\"");
				planned.c = plan.cases[place->second].c;
				planned.c.name = name;
			} else {
				auto c = read_planned_case(name, item.at("case").json());
				if (!c)
					return c.error();
				if (auto r = check_guests(*c, plan.guests, name); !r)
					return r.error();
				planned.c = std::move(*c);
			}
			if (const auto deadline = item.find("deadline_ms"))
				planned.c.deadline_ms = static_cast<unsigned>(deadline->count(1, 60000));
			if (auto set = item.find("set")) {
				planned.set = {set->at("file").string(), set->at("text").string()};
				set->finish();
			}
			item.finish();
			places[name] = plan.cases.size();
			plan.cases.push_back(std::move(planned));
		}
		reader.finish();
		return plan;
	} catch (const Malformed &m) {
		return Error{"the plan, at " + (m.pointer.empty() ? std::string("/") : m.pointer) + ": " + m.reason};
	}
}

} // namespace exit24::model
