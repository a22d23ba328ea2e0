// SPDX-License-Identifier: GPL-2.0-only
#include "report/render.hpp"

#include <algorithm>

namespace exit24::report {

std::span<const Kind> kinds()
{
	static constexpr Kind all[] = {
		{"text", "for a terminal", render_text},
		{"html", "one page for a browser, without network", render_html},
		{"markdown", "for a comment or a wiki", render_markdown},
		{"mail", "72 columns of plain text, for a reply to a patch", render_mail},
		{"ktap", "the kernel's test protocol", render_ktap},
		{"tap13", "TAP version 13, flat", render_tap13},
		{"junit", "XML for CI servers", render_junit},
		{"github", "annotations of GitHub Actions, and its step summary", render_github},
		{"baseline", "what each case came to, to be kept and compared", render_baseline},
		{"kcidb", "KernelCI's database, format 5.3", render_kcidb},
	};
	return all;
}

const Kind *find_kind(std::string_view name)
{
	const auto it = std::find_if(kinds().begin(), kinds().end(), [&](const Kind &k) { return k.name == name; });
	return it == kinds().end() ? nullptr : &*it;
}

} // namespace exit24::report
