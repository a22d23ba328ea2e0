// SPDX-License-Identifier: GPL-2.0-only
#include "report/render.hpp"

#include <algorithm>
#include <map>

namespace exit24::report {

namespace {

constexpr std::size_t width = 72;

/// Words in lines of 72 columns; a word that is longer, a command say, is left whole.
std::string wrap(const std::string &text, const std::string &first, const std::string &then)
{
	std::string out, line = first;
	bool empty = true;
	const std::string plain = ascii(text);
	for (std::size_t at = 0; at < plain.size();) {
		const std::size_t end = std::min(plain.find(' ', at), plain.size());
		const std::string word = plain.substr(at, end - at);
		at = end + 1;
		if (word.empty())
			continue;
		if (!empty && line.size() + 1 + word.size() > width) {
			out += line + "\n";
			line = then;
			empty = true;
		}
		line += (empty ? "" : " ") + word;
		empty = false;
	}
	return out + line + "\n";
}

std::string cut(const std::string &text, std::size_t columns)
{
	std::string out = ascii(text, 300);
	if (out.size() > columns)
		out.replace(columns - 1, std::string::npos, "~");
	return out + std::string(columns - out.size(), ' ');
}

std::string upper(const std::string &text)
{
	std::string out = ascii(text, 40);
	for (char &c : out)
		if (c >= 'a' && c <= 'z')
			c = static_cast<char>(c - 'a' + 'A');
	return out;
}

} // namespace

std::string render_mail(const View &view, const RenderOptions &options)
{
	std::string out = wrap("exit24 " + view.version + ": " + verdict_line(view) + ": " + tally(view), "", "    ");
	out += "\n";
	std::size_t number = 0;
	for (const SeenCell &cell : view.cells)
		out += wrap("[" + std::to_string(++number) + "] " + cell.id + (cell.skip.empty() ? ": " + cell.environment : ": skipped: " + cell.skip), "", "    ");

	// One row for each case that is not a plain pass or skip somewhere, one column for each cell.
	std::map<std::string, std::map<std::size_t, const SeenCase *>> rows;
	std::vector<std::string> order;
	for (std::size_t i = 0; i < view.cells.size(); i++)
		for (const SeenCase &c : view.cells[i].cases)
			rows[c.name][i] = &c;
	for (const auto &[name, cells] : rows)
		if (std::any_of(cells.begin(), cells.end(), [](const auto &entry) {
			    const Grade g = grade(entry.second->verdict);
			    return g != Grade::good && g != Grade::skipped;
		    }))
			order.push_back(name);
	if (!order.empty()) {
		const std::size_t columns = std::min<std::size_t>(view.cells.size(), 4);
		const std::size_t first = width - 11 * columns;
		out += "\n" + cut("case", first);
		for (std::size_t i = 0; i < columns; i++)
			out += " " + cut("[" + std::to_string(i + 1) + "]", 10);
		out.erase(out.find_last_not_of(' ') + 1);
		out += "\n";
		for (const std::string &name : order) {
			out += cut(name, first);
			for (std::size_t i = 0; i < columns; i++) {
				const auto it = rows[name].find(i);
				out += " " + cut(it == rows[name].end() ? "-" : upper(it->second->verdict), 10);
			}
			out.erase(out.find_last_not_of(' ') + 1);
			out += "\n";
		}
		if (columns < view.cells.size())
			out += "(the first " + std::to_string(columns) + " of " + std::to_string(view.cells.size()) + " columns)\n";
	}
	for (std::size_t i = 0; i < view.cells.size(); i++)
		for (const SeenCase &c : view.cells[i].cases) {
			if (grade(c.verdict) == Grade::good || grade(c.verdict) == Grade::skipped)
				continue;
			out += "\n" + wrap(upper(c.verdict) + " [" + std::to_string(i + 1) + "] " + c.name + ": " + c.title, "", "    ");
			for (const std::string &line : details(view.cells[i], c))
				out += line.starts_with("repeat: ") ? "    " + ascii(line) + "\n" : wrap(line, "    ", "        ");
		}
	if (!options.tested_by.empty() && view.exit_status == 0)
		out += "\nTested-by: " + one_line(options.tested_by) + "\n";
	return out;
}

} // namespace exit24::report
