// SPDX-License-Identifier: GPL-2.0-only
#include "series/tracking.hpp"

#include "model/reader.hpp"
#include "series/git.hpp"

#include <algorithm>
#include <sstream>

namespace exit24::series {

using model::Json;

namespace {

/// Takes "<...>" off a message-id.
std::string bare(std::string id)
{
	std::erase_if(id, [](char c) { return c == '<' || c == '>' || c == ' ' || c == '\t' || c == '\r'; });
	return id;
}

std::string string_at(const Json &json, const char *pointer)
{
	const Json::json_pointer at{std::string(pointer)};
	return json.is_object() && json.contains(at) && json.at(at).is_string() ? json.at(at).get<std::string>() : "";
}

} // namespace

Result<Tracking> parse_tracking(const std::string &name, const std::string &text)
{
	const Json json = Json::parse(text, nullptr, false);
	if (!json.is_object())
		return Error{name + " is not b4's tracking data: it is no JSON object"};
	Tracking tracking;
	tracking.first = string_at(json, "/series/first-patch-commit");
	const std::string id = string_at(json, "/series/change-id");
	for (const auto &[key, value] : {std::pair{"first-patch-commit", tracking.first}, {"change-id", id}})
		if (value.empty())
			return Error{name + " has no \"" + key + "\" of the series; check it out in b4 review first"};
	if ((tracking.first.size() != 40 && tracking.first.size() != 64) ||
	    tracking.first.find_first_not_of("0123456789abcdef") != std::string::npos)
		return Error{name + ": first-patch-commit is \"" + tracking.first + "\", which is no full commit id"};
	tracking.branch = "refs/heads/b4/review/" + id;
	if (json.contains("patches") && json["patches"].is_array())
		for (const Json &patch : json["patches"])
			tracking.message_ids.push_back(bare(string_at(patch, "/header-info/msgid")));
	return tracking;
}

std::string message_id(const std::string &mail)
{
	std::istringstream lines(mail);
	std::string id;
	bool at_it = false; // the value may begin in the line below the name
	for (std::string line; std::getline(lines, line) && !line.empty() && line != "\r";) {
		if (at_it && (line.front() == ' ' || line.front() == '\t')) {
			id += line;
			continue;
		}
		constexpr std::string_view key = "message-id:";
		at_it = line.size() >= key.size() &&
			std::equal(key.begin(), key.end(), line.begin(), [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
		if (at_it)
			id = line.substr(key.size());
	}
	return bare(id);
}

Result<std::string> commits_of(const Tracking &tracking, const std::string &tree, const std::string &id)
{
	const auto resolve = [&](const std::string &what) -> Result<std::string> {
		auto said = git(tree, {"rev-parse", "--verify", "--quiet", "--end-of-options", what + "^{commit}"});
		if (!said)
			return said.error();
		if (!said->ok)
			return Error{tree + " has no " + what + ", of which b4's tracking data speaks"};
		return said->text.substr(0, said->text.find('\n'));
	};
	auto end = resolve(tracking.branch + "~1");
	if (!end)
		return end;
	auto begin = resolve(tracking.first + "~1");
	if (!begin)
		return begin;
	if (!id.empty()) {
		const auto at = std::find(tracking.message_ids.begin(), tracking.message_ids.end(), id);
		if (at == tracking.message_ids.end())
			return Error{"the mail " + id + " is no patch of the series that b4 has checked out"};
		auto commits = git_output(tree, {"rev-list", "--reverse", *begin + ".." + *end, "--"});
		if (!commits)
			return commits;
		std::istringstream words(*commits);
		std::vector<std::string> all;
		for (std::string word; words >> word;)
			all.push_back(word);
		if (all.size() != tracking.message_ids.size())
			return Error{tracking.branch + " has " + std::to_string(all.size()) + " commits for " +
				     std::to_string(tracking.message_ids.size()) + " mails, so there is no telling which is which"};
		*end = all[static_cast<std::size_t>(at - tracking.message_ids.begin())];
	}
	return *begin + ".." + *end;
}

} // namespace exit24::series
