// SPDX-License-Identifier: GPL-2.0-only
#include "model/cell.hpp"

#include "base/sha256.hpp"

#include <charconv>
#include <map>

namespace exit24::model {

namespace {

constexpr std::size_t id_digits = 16;
constexpr unsigned most_parts = 100000;

bool number(std::string_view text, unsigned &value)
{
	const auto r = std::from_chars(text.data(), text.data() + text.size(), value);
	return r.ec == std::errc() && r.ptr == text.data() + text.size() && value >= 1 && value <= most_parts;
}

} // namespace

std::string digest(const std::vector<CaseText> &cases)
{
	std::map<std::string_view, std::string> hashes;
	for (const CaseText &c : cases)
		hashes[c.parsed.name] = sha256(c.text);
	std::string all;
	for (const auto &[name, hash] : hashes)
		all += std::string(name) + " " + hash + "\n";
	return sha256(all);
}

std::string cell_id(const Json &facts)
{
	return sha256(nlohmann::json(facts).dump()).substr(0, id_digits); // which sorts the keys
}

Result<Partition> read_partition(std::string_view text)
{
	static constexpr std::string_view prefix = "count:";
	const Error bad{"\"" + std::string(text) + "\" is not count:M/N, such as count:2/8 for the second of eight parts, with M from 1 to N"};
	if (!text.starts_with(prefix))
		return bad;
	text.remove_prefix(prefix.size());
	const auto slash = text.find('/');
	Partition p;
	if (slash == std::string_view::npos || !number(text.substr(0, slash), p.part) ||
	    !number(text.substr(slash + 1), p.of) || p.part > p.of)
		return bad;
	return p;
}

Json boot_facts(Json machine, const Guests &guests, const std::vector<const CaseText *> &cases)
{
	for (const auto &[name, guest] : guests)
		machine["guests"][name] = sha256(guest.code);
	machine["cases"] = Json::array();
	for (const CaseText *c : cases)
		machine["cases"].push_back(c->parsed.name);
	return machine;
}

Json write_cell(const Cell &cell)
{
	return {{"cell", cell.label()}, {"kernel", cell.kernel}, {"mode", cell.mode}, {"cpu", cell.cpu}, {"id", cell.id}};
}

Cell read_cell(Reader reader)
{
	Cell cell{reader.at("kernel").string(), reader.at("mode").string(), reader.at("cpu").string(),
		  reader.at("id").string()};
	if (cell.id.size() != id_digits || cell.id.find_first_not_of("0123456789abcdef") != std::string::npos)
		reader.fail("\"id\" must be 16 hexadecimal digits");
	return cell;
}

} // namespace exit24::model
