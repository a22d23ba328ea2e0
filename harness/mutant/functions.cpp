// SPDX-License-Identifier: GPL-2.0-only
#include "mutant/functions.hpp"

#include <algorithm>
#include <cctype>

namespace exit24::mutant {

static bool is_word(char c)
{
	return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

static std::string trimmed(std::string text)
{
	while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())))
		text.pop_back();
	const auto at = text.find_first_not_of(" \t\n");
	return at == std::string::npos ? "" : text.substr(at);
}

/// Takes the head apart: what is before the last parentheses is the name, what is in them are the parameters.
static bool read_head(Function &f)
{
	const auto close = f.head.size() - 1;
	if (f.head.empty() || f.head[close] != ')')
		return false;
	int depth = 0;
	std::size_t open = close;
	for (;; open--) {
		depth += f.head[open] == ')' ? 1 : f.head[open] == '(' ? -1 : 0;
		if (depth == 0)
			break;
		if (open == 0)
			return false;
	}
	std::size_t end = open;
	while (end > 0 && std::isspace(static_cast<unsigned char>(f.head[end - 1])))
		end--;
	std::size_t begin = end;
	while (begin > 0 && is_word(f.head[begin - 1]))
		begin--;
	if (begin == end || begin == 0)
		return false; // no name, or no type: a macro that makes a function
	f.name = f.head.substr(begin, end - begin);
	f.name_at = begin;

	std::string parameter;
	depth = 0;
	const auto take = [&] {
		parameter = trimmed(parameter);
		if (parameter == "void" || parameter.empty())
			return;
		if (parameter == "...")
			f.trouble = "takes any number of arguments";
		else if (parameter.find('(') != std::string::npos)
			f.trouble = "takes a pointer to a function";
		const auto bracket = parameter.find('[');
		std::string name = trimmed(parameter.substr(0, bracket));
		std::size_t at = name.size();
		while (at > 0 && is_word(name[at - 1]))
			at--;
		f.parameters.push_back(name.substr(at));
		parameter.clear();
	};
	for (std::size_t i = open + 1; i < close; i++) {
		const char c = f.head[i];
		depth += c == '(' ? 1 : c == ')' ? -1 : 0;
		if (c == ',' && depth == 0)
			take();
		else
			parameter += c;
	}
	take();
	if (f.head.find("__init") != std::string::npos)
		f.trouble = "runs before anything can be switched";
	return true;
}

std::vector<Function> functions(std::string_view text)
{
	std::vector<Function> out;
	std::size_t head = std::string_view::npos; // where the lines of a possible head begin
	for (std::size_t at = 0; at < text.size();) {
		const std::size_t end = std::min(text.find('\n', at), text.size());
		const std::string_view line = text.substr(at, end - at);
		if (line == "{" && head != std::string_view::npos) {
			const auto brace = text.find("\n}", at);
			if (brace == std::string_view::npos)
				break;
			if (text.substr(brace + 2, 1) != "\n") { // of a struct or of data
				at = brace + 2;
				head = std::string_view::npos;
				continue;
			}
			Function f;
			f.begin = head;
			f.body = at;
			f.end = brace + 3;
			f.head = trimmed(std::string(text.substr(head, at - head)));
			if (read_head(f))
				out.push_back(std::move(f));
			at = brace + 3;
			head = std::string_view::npos;
			continue;
		}
		const bool ends_it = line.empty() || line.front() == '#' || line.front() == '}' || line.back() == ';' ||
				     line.ends_with("*/") || line.starts_with("//");
		if (ends_it)
			head = std::string_view::npos;
		else if (head == std::string_view::npos)
			head = at;
		at = end + 1;
	}
	return out;
}

std::string skeleton(std::string_view text)
{
	std::string out;
	std::size_t at = 0;
	for (const Function &f : functions(text)) {
		out += text.substr(at, f.body - at);
		at = f.end;
	}
	return out + std::string(text.substr(std::min(at, text.size())));
}

} // namespace exit24::mutant
