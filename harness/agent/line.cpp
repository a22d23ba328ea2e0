// SPDX-License-Identifier: GPL-2.0-only
#include "agent/line.hpp"

#include <charconv>
#include <cstring>

namespace exit24::agent {

namespace {

constexpr char digits[] = "0123456789abcdef";

} // namespace

Line::Line() : text_(new char[limit]) // not make_unique, which would touch all of it
{
}

void Line::clear()
{
	size_ = 0;
	depth_ = 0;
	first_ = true;
	overflowed_ = false;
}

void Line::raw(std::string_view text)
{
	if (text.size() > limit - size_) {
		overflowed_ = true;
		return;
	}
	std::memcpy(text_.get() + size_, text.data(), text.size());
	size_ += text.size();
}

void Line::quoted(std::string_view text)
{
	bool plain = true;
	for (const char c : text)
		plain = plain && c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
	if (!plain) {
		raw(model::Json(text).dump(-1, ' ', false, model::Json::error_handler_t::replace));
		return;
	}
	raw("\"");
	raw(text);
	raw("\"");
}

void Line::decimal(std::uint64_t value, bool negative)
{
	char buffer[24] = {'-'};
	const auto end = std::to_chars(buffer + negative, buffer + sizeof(buffer), value).ptr;
	raw({buffer, static_cast<std::size_t>(end - buffer)});
}

void Line::comma()
{
	if (!first_)
		raw(",");
	first_ = false;
}

void Line::open(char opening, char closing)
{
	raw({&opening, 1});
	closing_[depth_++] = closing;
	first_ = true;
}

void Line::close()
{
	raw({&closing_[--depth_], 1});
	first_ = false;
}

Line::Value Line::operator[](std::string_view key)
{
	comma();
	raw("\"");
	raw(key);
	raw("\":");
	return Value(*this);
}

Line::Value Line::item()
{
	comma();
	return Value(*this);
}

void Line::Value::operator=(const model::Json &json)
{
	line_.raw(json.dump(-1, ' ', false, model::Json::error_handler_t::replace));
}

void Line::Value::hex(std::uint64_t value)
{
	char buffer[19] = {'"', '0', 'x'};
	char *end = std::to_chars(buffer + 3, buffer + sizeof(buffer), value, 16).ptr;
	line_.raw({buffer, static_cast<std::size_t>(end - buffer)});
	line_.raw("\"");
}

void Line::Value::runs(std::span<const std::uint8_t> bytes)
{
	line_.raw("\"");
	const std::uint8_t *const begin = bytes.data(), *const end = begin + bytes.size();
	for (const std::uint8_t *at = begin; at < end;) {
		// eight at a time: most of a page is two long runs
		const std::uint64_t eight = *at * 0x0101010101010101u;
		const std::uint8_t *stop = at + 1;
		std::uint64_t word;
		while (end - stop >= 8 && (std::memcpy(&word, stop, sizeof(word)), word == eight))
			stop += 8;
		while (stop < end && *stop == *at)
			stop++;
		char buffer[32] = {' ', digits[*at >> 4], digits[*at & 15], '*'};
		const char *tail = buffer + 3;
		if (stop - at > 1)
			tail = std::to_chars(buffer + 4, buffer + sizeof(buffer), stop - at).ptr;
		const char *const head = buffer + (at == begin);
		line_.raw({head, static_cast<std::size_t>(tail - head)});
		at = stop;
	}
	line_.raw("\"");
}

} // namespace exit24::agent
