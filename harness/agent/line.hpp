// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "model/reader.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace exit24::agent {

/// A record under construction, as text: line["rc"] = 0 appends `,"rc":0`. What the agent writes for each
/// step is some 1500 bytes, and a tree of JSON values for them costs more than the KVM_RUN that they are of.
class Line {
public:
	static constexpr std::size_t limit = (std::size_t{1} << 20) - 256; ///< the controller takes none of more than 1 MiB

	Line();

	/// The value of one key. Assign to it once, before the next key.
	class Value {
	public:
		explicit Value(Line &line) : line_(line) {}
		void operator=(bool value) { line_.raw(value ? "true" : "false"); }
		template <typename T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>, int> = 0>
		void operator=(T value)
		{
			line_.decimal(value < 0 ? -static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value),
				      value < 0);
		}
		void operator=(std::nullptr_t) { line_.raw("null"); }
		void operator=(const char *text) { line_.quoted(text); }
		void operator=(std::string_view text) { line_.quoted(text); }
		void operator=(const std::string &text) { line_.quoted(text); }
		void operator=(const model::Json &json);
		void hex(std::uint64_t value);                       ///< "0x2a"
		void runs(std::span<const std::uint8_t> bytes);      ///< as encode_runs() writes them
		void object() { line_.open('{', '}'); }              ///< what follows is in it, up to close()
		void array() { line_.open('[', ']'); }

	private:
		Line &line_;
	};

	Value operator[](std::string_view key);
	Value item(); ///< the next one of an array
	void close(); ///< the object or array opened last

	void clear();
	bool overflowed() const { return overflowed_; } ///< it is longer than the limit, and cut
	/// `"case":...,` and so on, without braces.
	std::string_view body() const { return {text_.get(), size_}; }

private:
	friend class Value;
	void raw(std::string_view text);
	void quoted(std::string_view text);
	void decimal(std::uint64_t value, bool negative);
	void open(char opening, char closing);
	void comma();

	std::unique_ptr<char[]> text_;
	std::size_t size_ = 0;
	bool overflowed_ = false;
	bool first_ = true; ///< nothing yet in the innermost object or array
	char closing_[8] = {};
	unsigned depth_ = 0;
};

} // namespace exit24::agent
