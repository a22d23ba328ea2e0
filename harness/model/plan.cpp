// SPDX-License-Identifier: GPL-2.0-only
#include "model/plan.hpp"

#include "base/runs.hpp"
#include "guests/include/contract.h"
#include "model/reader.hpp"

namespace exit24::model {

std::string write_plan(const std::vector<const CaseText *> &cases, const Guests &guests)
{
	Json json;
	json["plan"] = protocol;
	for (const auto &[name, guest] : guests) {
		Json &g = json["guests"][name];
		g["code"] = encode_runs(guest.code);
		for (const auto &[label, offset] : guest.labels)
			g["labels"][label] = offset;
	}
	json["cases"] = Json::array();
	for (const CaseText *c : cases) {
		Json item = parse_strict(c->text);
		for (const char *prose : {"$schema", "title", "status", "rules", "catches", "hurts", "spec"})
			item.erase(prose); // half of a case, and nothing to the agent
		json["cases"].push_back({{"name", c->parsed.name}, {"case", std::move(item)}});
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
		for (Reader item : reader.at("cases").array()) {
			const std::string name = item.at("name").string();
			auto c = read_planned_case(name, item.at("case").json());
			item.finish();
			if (!c)
				return c.error();
			if (auto r = check_guests(*c, plan.guests, name); !r)
				return r.error();
			plan.cases.push_back(std::move(*c));
		}
		reader.finish();
		return plan;
	} catch (const Malformed &m) {
		return Error{"the plan, at " + (m.pointer.empty() ? std::string("/") : m.pointer) + ": " + m.reason};
	}
}

} // namespace exit24::model
