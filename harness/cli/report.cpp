// SPDX-License-Identifier: GPL-2.0-only
#include "cli/report.hpp"

#include "base/file.hpp"
#include "base/unique_fd.hpp"
#include "cli/data.hpp"
#include "cli/verbs.hpp"
#include "report/render.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace exit24::cli {

namespace {

Result<void> write_output(const std::string &path, const std::string &content)
{
	if (path != "-")
		return write_file(path, content);
	if (std::fwrite(content.data(), 1, content.size(), stdout) != content.size() || std::fflush(stdout) != 0)
		return Error{"cannot write to the standard output"};
	return {};
}

/// GitHub Actions shows what is appended to the file that it names there.
Result<void> append_step_summary(const report::View &view)
{
	const char *file = std::getenv("GITHUB_STEP_SUMMARY");
	if (!file || !*file)
		return {};
	const std::string text = report::render_markdown(view, {});
	UniqueFd fd(::open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
	if (!fd.valid())
		return system_error(std::string("cannot open ") + file + ", which GITHUB_STEP_SUMMARY names", errno);
	for (std::size_t at = 0; at < text.size();) {
		const ssize_t n = ::write(fd.get(), text.data() + at, text.size() - at);
		if (n < 0)
			return system_error(std::string("cannot write ") + file, errno);
		at += static_cast<std::size_t>(n);
	}
	return {};
}

Result<void> write_one(const report::View &view, const report::Kind &kind, const std::string &path,
		       const report::RenderOptions &options)
{
	if (auto r = write_output(path, kind.render(view, options)); !r)
		return r;
	return kind.name == "github" ? append_step_summary(view) : Result<void>();
}

} // namespace

std::string kind_names()
{
	std::string out;
	for (const report::Kind &kind : report::kinds())
		out += (out.empty() ? "" : ", ") + std::string(kind.name);
	return out;
}

Result<void> check_report(const std::string &asked)
{
	const std::size_t equals = asked.find('=');
	if (equals == std::string::npos || equals + 1 == asked.size())
		return Error{"\"" + asked + "\" is not KIND=PATH, such as html=report.html"};
	if (!report::find_kind(asked.substr(0, equals)))
		return Error{"there is no kind \"" + asked.substr(0, equals) + "\"; there are " + kind_names()};
	const std::string path = asked.substr(equals + 1);
	return path == "-" ? Result<void>() : check_writable(path);
}

Result<void> write_reports(const std::vector<std::string> &asked, const model::Json &json)
{
	if (asked.empty())
		return {};
	const report::View view = report::view({json});
	for (const std::string &one : asked) {
		const std::size_t equals = one.find('=');
		if (auto r = write_one(view, *report::find_kind(one.substr(0, equals)), one.substr(equals + 1), {}); !r)
			return r;
	}
	return {};
}

int report_as(const ReportOptions &options)
{
	const report::Kind *kind = report::find_kind(options.kind);
	if (!kind)
		return fail(2, "there is no kind \"" + options.kind + "\"; there are " + kind_names());
	if (options.output != "-")
		if (auto r = check_writable(options.output); !r)
			return fail(2, r.error().what);
	auto read = report::read_view(options.files, options.only);
	if (!read)
		return fail(2, read.error().what);
	report::View &view = *read;
	if (!options.coverage.empty() && kind->name != "html")
		return fail(2, "--coverage: only the kind html shows coverage");
	for (const std::string &file : options.coverage) {
		auto text = read_file(file);
		if (!text)
			return fail(2, text.error().what);
		auto coverage = report::read_coverage(file, *text);
		if (!coverage)
			return fail(2, coverage.error().what);
		view.coverage.push_back(std::move(*coverage));
	}
	if (!options.tested_by.empty() && view.exit_status != 0)
		return fail(2, "--tested-by: these reports are not green, so there is no Tested-by to give");
	if (auto r = write_one(view, *kind, options.output, {options.origin, options.tested_by}); !r)
		return fail(3, r.error().what);
	return 0;
}

} // namespace exit24::cli
