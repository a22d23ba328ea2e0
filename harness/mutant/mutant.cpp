// SPDX-License-Identifier: GPL-2.0-only
#include "mutant/mutant.hpp"

#include "base/file.hpp"

#include <algorithm>
#include <filesystem>
#include <fnmatch.h>
#include <map>
#include <sstream>

namespace fs = std::filesystem;

namespace exit24::mutant {

static constexpr std::string_view spdx = "// SPDX-License-Identifier: GPL-2.0-only";
static const std::vector<std::string> kinds = {"wrong", "hang", "panic", "race", "header"};
static const std::vector<std::string> modes = {"nested", "protected", "vhe", "nvhe", "gicv2"};

static std::vector<std::string> words(const std::string &text)
{
	std::istringstream in(text);
	std::vector<std::string> out;
	for (std::string word; in >> word;)
		out.push_back(word);
	return out;
}

static bool is_one_of(const std::string &word, const std::vector<std::string> &list)
{
	return std::find(list.begin(), list.end(), word) != list.end();
}

Result<Mutant> parse_mutant(std::string name, const std::string &path, std::string_view text)
{
	std::map<std::string, std::string> values;
	std::string key;
	std::size_t number = 0;
	const auto wrong = [&](const std::string &what) {
		return Error{path + ":" + std::to_string(number) + ": " + what};
	};
	while (!text.empty()) {
		const auto end = text.find('\n');
		const std::string line(text.substr(0, end));
		text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
		number++;
		if (number == 1) {
			if (line != spdx)
				return wrong("the first line must be \"" + std::string(spdx) + "\"");
			continue;
		}
		if (line.empty())
			break;
		if (line.starts_with("//     ") && !key.empty()) {
			values[key] += " " + line.substr(7);
			continue;
		}
		const auto colon = line.find(": ");
		if (!line.starts_with("// ") || colon == std::string::npos)
			return wrong("a line of the header is \"// key: value\", or begins with \"//     \" and goes on; "
				     "an empty line ends it");
		key = line.substr(3, colon - 3);
		if (!is_one_of(key, {"broken", "rules", "why", "files", "kind", "mode", "equivalent"}))
			return wrong("there is no key \"" + key + "\"");
		if (!values.emplace(key, line.substr(colon + 2)).second)
			return wrong("\"" + key + "\" is there twice");
	}
	for (const char *needed : {"broken", "rules", "why", "files", "kind"})
		if (!values.contains(needed))
			return wrong(std::string("the header lacks \"// ") + needed + ": \"");
	if (text.find("@@") == std::string_view::npos)
		return wrong("there is no semantic patch below the header");

	Mutant m;
	m.name = std::move(name);
	m.path = path;
	m.broken = values["broken"];
	m.rules = words(values["rules"]);
	m.why = values["why"];
	m.files = words(values["files"]);
	m.kind = values["kind"];
	m.mode = values["mode"];
	m.equivalent = values["equivalent"];
	if (!is_one_of(m.kind, kinds))
		return wrong("\"" + m.kind + "\" is no kind; it is wrong, hang, panic, race or header");
	if (!m.mode.empty() && !is_one_of(m.mode, modes))
		return wrong("\"" + m.mode + "\" is no mode of exit24 run");
	if (m.rules.empty() || m.files.empty())
		return wrong("\"rules\" and \"files\" name at least one");
	for (const std::string &file : m.files)
		if (file.starts_with("/") || file.find("..") != std::string::npos)
			return wrong("\"" + file + "\" is no path inside a kernel tree");
	return m;
}

Result<Files> apply(const machine::Spatch &spatch, const Mutant &mutant, const std::string &tree, const std::string &scratch)
{
	Files out;
	for (const std::string &file : mutant.files) {
		const std::string source = tree + "/" + file;
		std::error_code error;
		if (!fs::exists(source, error))
			continue; // another kernel has it
		const auto original = read_file(source);
		if (!original)
			return original.error();
		auto changed = spatch.apply(mutant.path, mutant.arguments, file, *original, scratch);
		if (!changed)
			return Error{mutant.path + ": " + changed.error().what};
		if (*changed != *original)
			out[file] = std::move(*changed);
	}
	return out;
}

Result<std::vector<Mutant>> load_mutants(const std::string &folder, const std::vector<std::string> &globs)
{
	std::error_code error;
	std::vector<std::string> names;
	for (auto it = fs::directory_iterator(folder, error); !error && it != fs::end(it); it.increment(error))
		if (it->path().extension() == ".cocci")
			names.push_back(it->path().stem());
	if (error)
		return Error{"cannot read the mutants in " + folder + ": " + error.message()};
	std::sort(names.begin(), names.end());
	for (const std::string &glob : globs)
		if (std::none_of(names.begin(), names.end(),
				 [&](const std::string &n) { return ::fnmatch(glob.c_str(), n.c_str(), 0) == 0; }))
			return Error{"no mutant matches \"" + glob + "\"; they are in " + folder};
	std::vector<Mutant> out;
	for (const std::string &name : names) {
		if (!globs.empty() && std::none_of(globs.begin(), globs.end(), [&](const std::string &glob) {
			    return ::fnmatch(glob.c_str(), name.c_str(), 0) == 0;
		    }))
			continue;
		const std::string path = folder + "/" + name + ".cocci";
		const auto text = read_file(path, 1 << 20);
		if (!text)
			return text.error();
		auto mutant = parse_mutant(name, path, *text);
		if (!mutant)
			return mutant.error();
		out.push_back(std::move(*mutant));
	}
	if (out.empty())
		return Error{"there is no mutant in " + folder};
	return out;
}

} // namespace exit24::mutant
