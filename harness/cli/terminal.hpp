// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "judge/judge.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace exit24::cli {

/// Where a person looks. Results go to standard output, the signs of life to standard error: one line that
/// renews itself on a terminal, else a line now and then. NO_COLOR, TERM=dumb and COLUMNS are respected.
class Terminal {
public:
	/// `results` is where they go, if not to standard output.
	explicit Terminal(std::FILE *results = stdout);
	~Terminal();
	Terminal(const Terminal &) = delete;
	Terminal &operator=(const Terminal &) = delete;

	std::size_t width() const { return width_; }

	/// Whether something could not be printed.
	bool failed() const { return failed_; }
	/// Lines of results.
	void print(const std::string &text);
	/// What `who` is busy with from now on; "" when it is done.
	void busy(const std::string &who, const std::string &with);

	/// "PASS", coloured if the terminal takes it, right-aligned in eight columns.
	std::string status(judge::Status status) const;
	std::string bold(const std::string &text) const;
	std::string dim(const std::string &text) const;

private:
	using Clock = std::chrono::steady_clock;
	struct Activity {
		std::string with;
		Clock::time_point since;
	};

	void tick();
	void erase_line();
	void draw_line();
	std::string paint(const char *code, const std::string &text) const;

	std::FILE *results_;
	bool failed_ = false;
	bool colour_ = false;
	bool live_ = false;
	std::size_t width_ = 80;

	std::mutex mutex_;
	std::condition_variable stop_;
	bool stopping_ = false;
	bool drawn_ = false;
	std::map<std::string, Activity> activities_;
	Clock::time_point last_sign_ = Clock::now();
	std::thread ticker_;
};

} // namespace exit24::cli
