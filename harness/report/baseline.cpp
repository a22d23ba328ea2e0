// SPDX-License-Identifier: GPL-2.0-only
#include "report/render.hpp"
#include "report/report.hpp"

namespace exit24::report {

/// A report that says what each case came to and nothing else, one a line, so that it can be kept under version
/// control and compared: exit24 diff takes it for a report. Times, bytes and what depends on a machine are left out.
std::string render_baseline(const View &view, const RenderOptions &)
{
	const auto quoted = [](const std::string &text) { return Json(text).dump(-1, ' ', true); };
	std::string out = "{\n\"report\": " + std::to_string(report_format) +
			  ", \"tool\": {\"name\": \"exit24\", \"version\": " + quoted(view.version) +
			  "}, \"exit_status\": " + std::to_string(view.exit_status) + ",\n\"cells\": [";
	for (std::size_t i = 0; i < view.cells.size(); i++) {
		const SeenCell &cell = view.cells[i];
		out += std::string(i ? "," : "") + "\n{\"cell\": " + quoted(cell.id) + ", \"kernel\": " + quoted(cell.kernel) +
		       ", \"mode\": " + quoted(cell.mode) + ", \"place\": " + quoted(cell.place);
		if (!cell.skip.empty())
			out += ", \"skip\": " + quoted(cell.skip);
		out += ", \"cases\": [";
		for (std::size_t n = 0; n < cell.cases.size(); n++) {
			const SeenCase &c = cell.cases[n];
			out += std::string(n ? "," : "") + "\n {\"case\": " + quoted(c.name) + ", \"verdict\": " + quoted(c.verdict);
			if (!c.reason.empty())
				out += ", \"reason\": " + quoted(c.reason);
			if (!c.differences.empty()) {
				Json differences = Json::array();
				for (const SeenLine &line : c.differences)
					differences.push_back({{"what", line.what}, {"want", line.want}, {"got", line.got}});
				out += ", \"differences\": " + differences.dump(-1, ' ', true);
			}
			out += "}";
		}
		out += "]}";
	}
	return out + "\n]}\n";
}

} // namespace exit24::report
