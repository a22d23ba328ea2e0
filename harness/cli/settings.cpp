// SPDX-License-Identifier: GPL-2.0-only
#include "cli/settings.hpp"

#include "base/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <map>
#include <memory>
#include <unistd.h>

namespace exit24::cli {

namespace {

constexpr std::string_view blank = " \t\r";
constexpr const char *form = "a line is [VERB], OPTION = VALUE or a # comment";

std::string_view trim(std::string_view text)
{
	const auto begin = text.find_first_not_of(blank);
	return begin == text.npos ? std::string_view() : text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

[[noreturn]] void bad(const std::string &file, std::size_t line, const std::string &why)
{
	throw BadSettings(file + ", line " + std::to_string(line) + ": " + why);
}

/// The value in front of the text, which is cut off it: a string or a word.
std::string take_value(std::string_view &text, const std::string &file, std::size_t line)
{
	std::string value;
	const char quote = text.empty() ? '\0' : text.front();
	if (quote == '"' || quote == '\'') {
		const auto end = text.find(quote, 1);
		if (end == text.npos)
			bad(file, line, std::string("a string has no end; close it with ") + quote);
		value = text.substr(1, end - 1);
		text = trim(text.substr(end + 1));
	} else {
		const auto end = std::min(text.find_first_of(" \t,]#\"'["), text.size());
		if (end == 0)
			bad(file, line, std::string("there is no value; ") + form);
		value = text.substr(0, end);
		text = trim(text.substr(end));
	}
	if (value.starts_with("~/"))
		if (const char *home = std::getenv("HOME"))
			value.replace(0, 1, home);
	return value;
}

std::vector<std::string> take_values(std::string_view text, const std::string &file, std::size_t line)
{
	std::vector<std::string> values;
	if (text.starts_with('[')) {
		text = trim(text.substr(1));
		while (!text.starts_with(']')) {
			values.push_back(take_value(text, file, line));
			if (text.starts_with(','))
				text = trim(text.substr(1));
			else if (!text.starts_with(']'))
				bad(file, line, "a list has no end; write it in one line, with commas, and close it with ]");
		}
		text = trim(text.substr(1));
		if (values.empty())
			bad(file, line, "the list is empty; name something, or take the line out");
	} else {
		values.push_back(take_value(text, file, line));
	}
	if (!text.empty() && text.front() != '#')
		bad(file, line, "\"" + std::string(text) + "\" is one too many; several values are a list, [A, B], and one with blanks a \"string\"");
	return values;
}

std::string names_of(const std::vector<std::string> &names)
{
	std::string out;
	for (const std::string &name : names)
		out += (out.empty() ? "" : ", ") + name;
	return out;
}

/// What CLI11 asks for the settings once it has read the command line.
class Settings final : public CLI::Config {
public:
	explicit Settings(CLI::App &app) : app_(app) {}

	std::string to_config(const CLI::App *, bool, bool, std::string) const override { return ""; }

	/// Sets the options itself, so that what is wrong can be told by its line, and leaves nothing to do.
	std::vector<CLI::ConfigItem> from_config(std::istream &in) const override
	{
		const std::string file = app_.get_config_ptr()->as<std::string>();
		const std::string text{std::istreambuf_iterator<char>(in), {}};
		for (const Setting &setting : read_settings(file, text))
			apply(file, setting);
		return {};
	}

private:
	void apply(const std::string &file, const Setting &setting) const
	{
		CLI::App *verb = nullptr;
		std::vector<std::string> names;
		for (CLI::App *one : app_.get_subcommands([](const CLI::App *) { return true; })) {
			names.push_back(one->get_name());
			if (one->get_name() == setting.verb)
				verb = one;
		}
		if (!verb)
			bad(file, setting.line, "there is no verb \"" + setting.verb + "\"; there are " + names_of(names));
		CLI::Option *option = nullptr;
		names.clear();
		for (CLI::Option *one : verb->get_options())
			for (const std::string &name : one->get_lnames()) {
				if (name == "help")
					continue;
				names.push_back(name);
				if (name == setting.key)
					option = one;
			}
		if (!option)
			bad(file, setting.line, setting.verb + " has no option --" + setting.key + "; it has " + names_of(names));
		if (!option->empty())
			return; // the command line has it
		try {
			if (option->get_expected_min() > 0)
				option->add_result(setting.values);
			else if (setting.values == std::vector<std::string>{"true"})
				option->add_result(std::string("true"));
			else if (setting.values == std::vector<std::string>{"false"})
				return;
			else
				bad(file, setting.line, "--" + setting.key + " is a flag; write true or false");
			option->run_callback();
		} catch (const BadSettings &) {
			throw;
		} catch (const CLI::ParseError &e) {
			bad(file, setting.line, e.what());
		}
	}

	CLI::App &app_;
};

} // namespace

std::vector<Setting> read_settings(const std::string &file, const std::string &text)
{
	std::vector<Setting> out;
	std::map<std::pair<std::string, std::string>, std::size_t> known;
	std::string verb;
	std::size_t number = 0;
	for (std::size_t at = 0; at < text.size();) {
		const std::size_t end = std::min(text.find('\n', at), text.size());
		const std::string_view line = trim(std::string_view(text).substr(at, end - at));
		at = end + 1;
		number++;
		if (std::any_of(line.begin(), line.end(), [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; }))
			bad(file, number, "there is a control character; this is no text");
		if (line.empty() || line.front() == '#')
			continue;
		const auto equals = line.find('=');
		if (line.front() == '[') {
			const auto close = line.find(']');
			const std::string_view rest = close == line.npos ? "?" : trim(line.substr(close + 1));
			if (!rest.empty() && rest.front() != '#')
				bad(file, number, std::string("that is no [VERB]; ") + form);
			verb = trim(line.substr(1, close - 1));
			continue;
		}
		if (equals == line.npos)
			bad(file, number, "there is no \"=\"; " + std::string(form));
		const std::string key(trim(line.substr(0, equals)));
		if (verb.empty())
			bad(file, number, "\"" + key + "\" stands before any verb; put it below the one that it is for, such as [run]");
		const auto [other, first] = known.emplace(std::pair(verb, key), number);
		if (!first)
			bad(file, number, "\"" + key + "\" of [" + verb + "] stands in line " + std::to_string(other->second) +
						  ", too; several values are a list, [A, B]");
		out.push_back({number, verb, key, take_values(trim(line.substr(equals + 1)), file, number)});
	}
	return out;
}

void add_settings(CLI::App &app, bool only_named)
{
	std::string file;
	const char *named = std::getenv("EXIT24_SETTINGS"), *folder = std::getenv("XDG_CONFIG_HOME"), *home = std::getenv("HOME");
	if (only_named)
		;
	else if (named)
		file = named;
	else if (folder && *folder)
		file = std::string(folder) + "/exit24.conf";
	else if (home && *home)
		file = std::string(home) + "/.config/exit24.conf";
	if (!file.empty() && ::access(file.c_str(), F_OK) != 0) {
		if (named)
			throw BadSettings(system_error("EXIT24_SETTINGS names " + file, errno).what + "; unset it, or name a file that is there");
		file.clear();
	}
	app.set_config("--settings", file, "options that are not to be typed each time; see README, Settings")->type_name("FILE");
	app.config_formatter(std::make_shared<Settings>(app));
}

} // namespace exit24::cli
