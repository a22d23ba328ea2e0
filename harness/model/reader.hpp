// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <istream>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace exit24::model {

using Json = nlohmann::ordered_json;

/// Thrown by Reader, and caught by the function that reads a whole document: place and reason.
struct Malformed {
	std::string pointer;
	std::string reason;
};

/// Parses strictly: no duplicate keys, no more than 32 levels. Throws Malformed.
Json parse_strict(std::string_view text);

/// The same from a stream, for a document that is too large to be kept: `take` is given each item of the lists that
/// the outermost object has, with the list's key and the item's number, and the item is not kept.
using Take = std::function<void(const std::string &key, std::size_t index, Json &item)>;
Json parse_strict(std::istream &in, const Take &take);

/// A value of a JSON document with its JSON pointer, read strictly: a wrong type, a missing key or, once
/// finish() is called, a key nobody asked for throws Malformed.
class Reader {
public:
	explicit Reader(const Json &value, std::string pointer = "") : value_(value), pointer_(std::move(pointer)) {}

	[[noreturn]] void fail(const std::string &reason) const { throw Malformed{pointer_, reason}; }

	Reader at(const std::string &key);                ///< must be there
	std::optional<Reader> find(const std::string &key); ///< may be there
	bool has(const std::string &key) const { return value_.is_object() && value_.contains(key); }
	void finish() const;                              ///< every key has been asked for

	std::string string() const;
	std::uint64_t count(std::uint64_t least, std::uint64_t most) const;
	std::int64_t integer() const;
	bool boolean() const;
	bool is_null() const { return value_.is_null(); }
	const Json &json() const { return value_; }
	std::vector<Reader> array() const;
	const Json::object_t &object() const;
	Reader child(const std::string &key) const;

	std::vector<std::string> strings() const;

private:
	const Json &value_;
	std::string pointer_;
	std::set<std::string> asked_;
};

} // namespace exit24::model
