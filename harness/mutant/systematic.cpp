// SPDX-License-Identifier: GPL-2.0-only
#include "mutant/systematic.hpp"

#include "base/file.hpp"
#include "model/reader.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

namespace fs = std::filesystem;

namespace exit24::mutant {

static Result<model::Json> read_json(const std::string &file)
{
	const auto text = read_file(file, 1 << 20);
	if (!text)
		return text.error();
	try {
		return model::parse_strict(*text);
	} catch (const model::Malformed &m) {
		return Error{file + ": " + m.reason};
	}
}

namespace {

struct Place {
	std::string function;
	unsigned line = 0, column = 0;
	auto operator<=>(const Place &) const = default;
};

} // namespace

Result<std::vector<Mutant>> systematic_mutants(const Spatch &spatch, const std::string &folder, const std::string &tree)
{
	const auto targets = read_json(folder + "/targets.json");
	if (!targets)
		return targets.error();
	const auto equivalent = read_json(folder + "/equivalent.json");
	if (!equivalent)
		return equivalent.error();
	std::vector<Mutant> out;
	for (const char *op : {"negate", "delete", "constant", "swap"}) {
		const std::string patch = folder + "/" + op + ".cocci";
		for (const auto &target : targets->items()) {
			const std::string file = tree + "/" + target.key();
			std::error_code error;
			if (!fs::exists(file, error))
				continue;
			const auto lines = spatch.ask(patch, {"-D", "list"}, file);
			if (!lines)
				return lines.error();
			std::set<Place> places;
			for (const std::string &line : *lines) {
				std::istringstream in(line);
				Place place;
				if (!(in >> place.function >> place.line >> place.column))
					continue;
				const auto &wanted = target.value();
				if (wanted.empty() || std::find(wanted.begin(), wanted.end(), place.function) != wanted.end())
					places.insert(place);
			}
			std::map<std::string, unsigned> counts;
			for (const Place &place : places) {
				Mutant m;
				m.name = std::string(op) + "/" + place.function + "/" + std::to_string(++counts[place.function]);
				m.path = patch;
				m.broken = std::string(op) + ", " + target.key() + ":" + std::to_string(place.line) + ":" +
					   std::to_string(place.column);
				m.files = {target.key()};
				m.kind = "wrong";
				m.arguments = {"-D", "apply", "-D", "line=L" + std::to_string(place.line), "-D",
					       "column=C" + std::to_string(place.column)};
				if (equivalent->contains(m.name))
					m.equivalent = (*equivalent)[m.name].get<std::string>();
				out.push_back(std::move(m));
			}
		}
	}
	return out;
}

} // namespace exit24::mutant
