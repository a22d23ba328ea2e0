// SPDX-License-Identifier: GPL-2.0-only
#include "model/reader.hpp"

namespace exit24::model {

static std::string escape(const std::string &key)
{
	std::string out;
	for (const char c : key) {
		if (c == '~')
			out += "~0";
		else if (c == '/')
			out += "~1";
		else
			out += c;
	}
	return out;
}

template <typename Input> static Json parse(Input &&input, const Take &take)
{
	struct Level {
		std::set<std::string> keys;
		std::string place; ///< the last of the keys
		std::size_t items = 0;
		bool list = false;
	};
	std::vector<Level> levels;
	const auto pointer = [&levels] {
		std::string out;
		for (std::size_t i = 0; i + 1 < levels.size(); i++)
			out += "/" + (levels[i].list ? std::to_string(levels[i].items) : escape(levels[i].place));
		return out;
	};
	const auto watch = [&](int, Json::parse_event_t event, Json &parsed) {
		using E = Json::parse_event_t;
		if (event == E::object_start || event == E::array_start) {
			if (levels.size() == 32)
				throw Malformed{"", "nested more than 32 levels deep"};
			levels.emplace_back().list = event == E::array_start;
		} else if (event == E::key) {
			const auto key = parsed.get<std::string>();
			if (!levels.back().keys.insert(key).second)
				throw Malformed{pointer(), "the key \"" + key + "\" stands twice in one object"};
			levels.back().place = key;
		} else {
			if (event != E::value)
				levels.pop_back();
			if (!levels.empty())
				levels.back().items++;
			if (take && levels.size() == 2 && levels.back().list && !levels.front().list) {
				take(levels.front().place, levels.back().items - 1, parsed);
				return false;
			}
		}
		return true;
	};
	try {
		return Json::parse(std::forward<Input>(input), watch);
	} catch (const nlohmann::json::exception &e) {
		// "[json.exception.parse_error.101] parse error at line 3, column 1: ..."
		const std::string what = e.what();
		const auto at = what.find("] ");
		throw Malformed{"", at == std::string::npos ? what : what.substr(at + 2)};
	}
}

Json parse_strict(std::string_view text)
{
	return parse(text, {});
}

Json parse_strict(std::istream &in, const Take &take)
{
	return parse(in, take);
}

Reader Reader::child(const std::string &key) const
{
	return Reader(value_.at(key), pointer_ + "/" + escape(key));
}

Reader Reader::at(const std::string &key)
{
	object();
	if (!value_.contains(key))
		fail("the key \"" + key + "\" is missing");
	asked_.insert(key);
	return child(key);
}

std::optional<Reader> Reader::find(const std::string &key)
{
	object();
	asked_.insert(key);
	if (!value_.contains(key))
		return std::nullopt;
	return child(key);
}

void Reader::finish() const
{
	for (const auto &[key, value] : object()) {
		if (asked_.contains(key))
			continue;
		std::string known;
		for (const auto &name : asked_)
			known += (known.empty() ? "" : ", ") + name;
		throw Malformed{pointer_ + "/" + escape(key),
				"unknown key; the keys read here are " + known};
	}
}

std::string Reader::string() const
{
	if (!value_.is_string())
		fail("must be a string");
	return value_.get<std::string>();
}

std::uint64_t Reader::count(std::uint64_t least, std::uint64_t most) const
{
	const bool whole = value_.is_number_unsigned() ||
			   (value_.is_number_integer() && value_.get<std::int64_t>() >= 0);
	if (!whole || value_.get<std::uint64_t>() < least || value_.get<std::uint64_t>() > most)
		fail("must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
	return value_.get<std::uint64_t>();
}

std::int64_t Reader::integer() const
{
	if (!value_.is_number_integer())
		fail("must be a whole number");
	return value_.get<std::int64_t>();
}

bool Reader::boolean() const
{
	if (!value_.is_boolean())
		fail("must be true or false");
	return value_.get<bool>();
}

std::vector<Reader> Reader::array() const
{
	if (!value_.is_array())
		fail("must be a list");
	std::vector<Reader> out;
	for (std::size_t i = 0; i < value_.size(); i++)
		out.emplace_back(value_[i], pointer_ + "/" + std::to_string(i));
	return out;
}

const Json::object_t &Reader::object() const
{
	if (!value_.is_object())
		fail("must be an object");
	return value_.get_ref<const Json::object_t &>();
}

std::vector<std::string> Reader::strings() const
{
	std::vector<std::string> out;
	for (const Reader &item : array())
		out.push_back(item.string());
	return out;
}

} // namespace exit24::model
