// SPDX-License-Identifier: GPL-2.0-only
#include "cli/declarations.hpp"

#include <algorithm>
#include <cctype>

namespace exit24::cli {

bool is_word(char c)
{
	return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

namespace {

constexpr unsigned deepest = 32; // structs in structs

bool is_ours(std::string_view name)
{
	return name.starts_with("KVM_") || name.starts_with("PSCI_");
}

/// Words and single characters.
std::vector<std::string> split(std::string_view text)
{
	std::vector<std::string> tokens;
	for (std::size_t i = 0; i < text.size(); i++) {
		if (std::isspace(static_cast<unsigned char>(text[i])))
			continue;
		const std::size_t start = i;
		while (is_word(text[i]) && i + 1 < text.size() && is_word(text[i + 1]))
			i++;
		tokens.emplace_back(text.substr(start, i + 1 - start));
	}
	return tokens;
}

class Parser {
public:
	explicit Parser(std::string_view text) : tokens_(split(text)) {}

	Declarations parse()
	{
		while (at_ < tokens_.size()) {
			if (is("enum")) {
				enumerators();
			} else if ((is("struct") || is("union")) && at_ + 2 < tokens_.size() &&
				   tokens_[at_ + 1].starts_with("kvm_") &&
				   tokens_[at_ + 2] == "{") {
				const std::string type = tokens_[at_] + " " + tokens_[at_ + 1];
				at_ += 3;
				body(found_.structs[type], 0);
			} else {
				at_++;
			}
		}
		return std::move(found_);
	}

private:
	bool is(const char *token) const { return at_ < tokens_.size() && tokens_[at_] == token; }

	/// From an opening token to behind the closing one.
	void skip(const char *open, const char *close)
	{
		if (!is(open))
			return;
		for (std::size_t depth = 0; at_ < tokens_.size(); at_++) {
			depth += is(open);
			if (is(close) && --depth == 0) {
				at_++;
				return;
			}
		}
	}

	void enumerators()
	{
		for (at_++; at_ < tokens_.size() && is_word(tokens_[at_][0]);)
			at_++;
		if (!is("{"))
			return;
		bool name = true;
		for (at_++; at_ < tokens_.size() && !is("}"); at_++) {
			if (name && is_ours(tokens_[at_]))
				found_.enumerators.insert(tokens_[at_]);
			name = is(",");
		}
		at_ += at_ < tokens_.size();
	}

	/// The members up to the closing brace, and behind it.
	void body(std::vector<std::string> &members, unsigned depth)
	{
		while (at_ < tokens_.size() && !is("}"))
			member(members, depth);
		at_ += at_ < tokens_.size();
	}

	void member(std::vector<std::string> &members, unsigned depth)
	{
		std::vector<std::string> inner; // relative to this member
		bool nested = false;
		std::string name;
		bool array = false, bits = false;
		const auto finish = [&] {
			if (name.empty() && nested) {
				for (const std::string &path : inner)
					members.push_back(path);
			} else if (!name.empty() && !bits) {
				members.push_back(name);
				for (const std::string &path : inner)
					if (!array)
						members.push_back(name + "." + path);
			}
			array = bits = false;
			name.clear();
		};
		while (at_ < tokens_.size() && !is(";") && !is("}")) {
			if (is("__attribute__") || is("__aligned__")) {
				at_++;
				skip("(", ")");
			} else if (is("enum")) {
				enumerators();
			} else if (is("{") && depth == deepest) {
				skip("{", "}");
			} else if (is("{")) {
				nested = true;
				name.clear(); // the struct's tag
				at_++;
				body(inner, depth + 1);
			} else if (is("[")) {
				array = true;
				skip("[", "]");
			} else if (is("(")) { // (*function)(arguments)
				at_++;
				while (is("*"))
					at_++;
				if (at_ < tokens_.size() && is_word(tokens_[at_][0]))
					name = tokens_[at_];
				while (at_ < tokens_.size() && !is(")"))
					at_++;
				at_ += at_ < tokens_.size();
				if (is("("))
					skip("(", ")");
			} else if (is(",")) {
				finish();
				at_++;
			} else if (is(":")) {
				bits = true;
				at_++;
			} else {
				if (!bits && is_word(tokens_[at_][0]) &&
				    !std::isdigit(static_cast<unsigned char>(tokens_[at_][0])) &&
				    !is("struct") && !is("union"))
					name = tokens_[at_];
				at_++;
			}
		}
		finish();
		at_ += is(";");
	}

	std::vector<std::string> tokens_;
	std::size_t at_ = 0;
	Declarations found_;
};

} // namespace

Macros parse_macros(std::string_view text)
{
	constexpr std::string_view define = "#define ";
	Macros macros;
	while (!text.empty()) {
		std::string_view line = text.substr(0, text.find('\n'));
		text.remove_prefix(std::min(line.size() + 1, text.size()));
		if (!line.starts_with(define))
			continue;
		line.remove_prefix(define.size());
		const auto length =
			std::find_if_not(line.begin(), line.end(), is_word) - line.begin();
		const std::string_view name = line.substr(0, static_cast<std::size_t>(length));
		line.remove_prefix(name.size());
		if (!is_ours(name))
			continue;
		const bool has_arguments = line.starts_with('(');
		if (!has_arguments && !line.empty())
			line.remove_prefix(1); // the space between name and body
		macros[std::string(name)] = {std::string(line), has_arguments};
	}
	return macros;
}

Declarations parse_declarations(std::string_view text)
{
	return Parser(text).parse();
}

} // namespace exit24::cli
