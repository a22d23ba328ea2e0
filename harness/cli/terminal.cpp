// SPDX-License-Identifier: GPL-2.0-only
#include "cli/terminal.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <sys/ioctl.h>
#include <unistd.h>

namespace exit24::cli {

namespace {

constexpr auto redraw_interval = std::chrono::milliseconds(200);
constexpr auto heartbeat_interval = std::chrono::seconds(5);

bool set(const char *name)
{
	const char *value = std::getenv(name);
	return value && *value;
}

} // namespace

Terminal::Terminal(std::FILE *results) : results_(results)
{
	const char *term = std::getenv("TERM");
	const bool capable = term && std::strcmp(term, "dumb") != 0;
	colour_ = capable && ::isatty(::fileno(results_)) && !set("NO_COLOR");
	live_ = capable && ::isatty(STDERR_FILENO);
	winsize size = {};
	if (set("COLUMNS"))
		width_ = static_cast<std::size_t>(std::atoi(std::getenv("COLUMNS")));
	else if (::ioctl(::fileno(results_), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		width_ = size.ws_col;
	width_ = std::clamp<std::size_t>(width_, 40, 120);
	ticker_ = std::thread([this] { tick(); });
}

Terminal::~Terminal()
{
	{
		const std::lock_guard lock(mutex_);
		stopping_ = true;
		erase_line();
	}
	stop_.notify_all();
	ticker_.join();
}

void Terminal::erase_line()
{
	if (drawn_)
		std::fputs("\r\033[K", stderr);
	drawn_ = false;
}

void Terminal::draw_line()
{
	std::string line;
	for (const auto &[who, activity] : activities_) {
		const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - activity.since);
		line += (line.empty() ? "   " : ";  ") + who + ": " + activity.with;
		if (seconds.count() > 0)
			line += " (" + std::to_string(seconds.count()) + " s)";
	}
	if (line.empty())
		return;
	if (live_) {
		std::fprintf(stderr, "\r\033[K%s", line.substr(0, width_ - 1).c_str());
		drawn_ = true;
	} else {
		std::fprintf(stderr, "%s\n", line.c_str());
	}
	std::fflush(stderr);
}

void Terminal::tick()
{
	std::unique_lock lock(mutex_);
	while (!stop_.wait_for(lock, redraw_interval, [this] { return stopping_; })) {
		if (live_) {
			draw_line();
		} else if (Clock::now() - last_sign_ > heartbeat_interval) {
			draw_line();
			last_sign_ = Clock::now();
		}
	}
}

void Terminal::print(const std::string &text)
{
	const std::lock_guard lock(mutex_);
	erase_line();
	if (std::fwrite(text.data(), 1, text.size(), results_) != text.size() || std::fflush(results_) != 0)
		failed_ = true;
	last_sign_ = Clock::now();
}

void Terminal::busy(const std::string &who, const std::string &with)
{
	const std::lock_guard lock(mutex_);
	if (with.empty())
		activities_.erase(who);
	else
		activities_[who] = {with, Clock::now()};
}

std::string Terminal::paint(const char *code, const std::string &text) const
{
	return colour_ ? std::string("\033[") + code + "m" + text + "\033[0m" : text;
}

std::string Terminal::bold(const std::string &text) const
{
	return paint("1", text);
}

std::string Terminal::dim(const std::string &text) const
{
	return paint("2", text);
}

std::string Terminal::status(judge::Status status) const
{
	std::string word(judge::name(status));
	for (char &c : word)
		c = c == '-' ? '-' : static_cast<char>(c - 'a' + 'A');
	const std::string space(8 - std::min<std::size_t>(word.size(), 8), ' ');
	switch (status) {
	case judge::Status::pass:
		return space + paint("32;1", word);
	case judge::Status::fail:
	case judge::Status::hang:
	case judge::Status::crash:
		return space + paint("31;1", word);
	case judge::Status::review:
	case judge::Status::error:
	case judge::Status::known_fail:
	case judge::Status::fixed:
		return space + paint("33;1", word);
	case judge::Status::skip:
		return space + paint("36", word);
	}
	return space + word;
}

} // namespace exit24::cli
