// SPDX-License-Identifier: GPL-2.0-only
#include "base/version.hpp"
#include "cli/cells.hpp"
#include "cli/data.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace exit24::cli {

int plan(const CellOptions &options)
{
	auto cases = select_cases(options.cases, options.globs, options.tags, options.exclude);
	if (!cases)
		return fail(2, cases.error().what);
	std::vector<model::Json> images;
	const auto cells = plan_cells(options, *cases, [&](const Planned &one) {
		images.push_back(one.facts["image"]);
		return Result<void>();
	});
	if (!cells)
		return fail(2, cells.error().what);
	if (auto r = check_partition(options.partition, *cells); !r)
		return fail(2, r.error().what);

	model::Json json = {{"plan", 1}, {"tool", {{"name", "exit24"}, {"version", version}}}};
	json["part"] = options.partition.part;
	json["of"] = options.partition.of;
	json["cells"] = model::Json::array();
	std::string text;
	for (std::size_t i = 0; i < cells->size(); i++) {
		if (!options.partition.has(i))
			continue;
		const model::Cell &cell = (*cells)[i];
		model::Json item = {{"number", i + 1}};
		item.update(model::write_cell(cell));
		item["image"] = images[i];
		json["cells"].push_back(item);
		text += fmt::format("{}\t{}\t{}\t{}\t{} cases\n", i + 1, cell.id, cell.label(), cell.cpu, cases->size());
	}
	for (const model::CaseText &c : *cases)
		json["cases"].push_back(c.parsed.name);
	if (!options.json.empty())
		text = json.dump(1, '\t', false, model::Json::error_handler_t::replace) + "\n";
	if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
		return fail(3, "cannot write to the standard output");
	return 0;
}

} // namespace exit24::cli
