// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "report/view.hpp"

#include <span>

/// Each form that a report can have, as a pure function: no clock, no file. One source file for each.
namespace exit24::report {

struct RenderOptions {
	std::string origin = "exit24"; ///< kcidb: who submits
	std::string tested_by;         ///< mail: "Name <address>"; exit24 never makes one up
};

std::string render_text(const View &view, const RenderOptions &options);
std::string render_ktap(const View &view, const RenderOptions &options);
std::string render_tap13(const View &view, const RenderOptions &options);
std::string render_junit(const View &view, const RenderOptions &options);
std::string render_markdown(const View &view, const RenderOptions &options);
std::string render_github(const View &view, const RenderOptions &options);
std::string render_html(const View &view, const RenderOptions &options);
std::string render_kcidb(const View &view, const RenderOptions &options);
std::string render_baseline(const View &view, const RenderOptions &options);
std::string render_mail(const View &view, const RenderOptions &options);

struct Kind {
	std::string_view name, what;
	std::string (*render)(const View &view, const RenderOptions &options);
};
std::span<const Kind> kinds();

/// The kind of that name, or null.
const Kind *find_kind(std::string_view name);

} // namespace exit24::report
