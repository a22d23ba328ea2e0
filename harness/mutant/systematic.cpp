// SPDX-License-Identifier: GPL-2.0-only
#include "mutant/systematic.hpp"

#include "base/file.hpp"
#include "model/reader.hpp"

#include <algorithm>
#include <filesystem>
#include <fnmatch.h>
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

/// What spatch calls the place of a macro.
constexpr std::string_view outside = "something_else";

/// Without the white space around them.
std::vector<std::string> lines_of(const std::string &text)
{
	std::vector<std::string> out;
	std::istringstream in(text);
	for (std::string line; std::getline(in, line);) {
		const auto begin = line.find_first_not_of(" \t");
		out.push_back(begin == std::string::npos ? "" : line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin));
	}
	return out;
}

/// Why nobody notices this change of this line; "" where somebody may.
std::string reason(const model::Json &equivalent, const std::string &op, const std::string &function, const std::string &line)
{
	const auto fits = [](const std::string &glob, const std::string &what) {
		return ::fnmatch(glob.c_str(), what.c_str(), 0) == 0;
	};
	for (const model::Json &e : equivalent)
		if (e.value("op", op) == op && fits(e.at("function"), function) && fits(e.at("line"), line))
			return e.at("reason");
	return "";
}

} // namespace

Result<std::vector<Mutant>> systematic_mutants(const machine::Spatch &spatch, const std::string &folder, const std::string &tree)
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
			const auto text = read_file(file);
			if (!text)
				return text.error();
			const std::vector<std::string> source = lines_of(*text);
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
				if (place.function == outside)
					continue;
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
				m.equivalent = reason(*equivalent, op, place.function,
						      place.line <= source.size() ? source[place.line - 1] : "");
				out.push_back(std::move(m));
			}
		}
	}
	return out;
}

} // namespace exit24::mutant
