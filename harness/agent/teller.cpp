// SPDX-License-Identifier: GPL-2.0-only
#include "agent/teller.hpp"

#include "model/console.hpp"

#include <algorithm>
#include <cerrno>
#include <new>
#include <sys/mman.h>
#include <termios.h>

namespace exit24::agent {

struct Teller::State {
	std::atomic<std::int64_t> flushed{0}; ///< bytes of the store
	std::atomic<unsigned> number{0};      ///< of the last KTAP line
	std::atomic<unsigned> recorded{0};
	std::atomic<std::uint64_t> progress{0};
	std::atomic<bool> open{false}; ///< what was said last did not end its line
};

Teller::Teller(UniqueFd console, UniqueFd store, std::vector<std::string> names)
	: console_(std::move(console)), store_(std::move(store)), names_(std::move(names))
{
	const std::size_t size = sizeof(State) + names_.size() * sizeof(*told_);
	void *memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return;
	state_ = new (memory) State;
	told_ = new (state_ + 1) std::atomic<bool>[names_.size()];
}

Teller::~Teller()
{
	if (state_)
		::munmap(state_, sizeof(State) + names_.size() * sizeof(*told_));
}

void Teller::say(std::string_view text)
{
	state_->open = !text.ends_with('\n');
	while (!text.empty()) {
		const ssize_t n = ::write(console_.get(), text.data(), text.size());
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return; // nobody to tell
		text.remove_prefix(static_cast<std::size_t>(n));
		state_->progress++;
	}
}

void Teller::begin()
{
	// An empty line first: the kernel may have left one open.
	say("\nKTAP version 1\n1.." + std::to_string(names_.size()) + "\n");
}

void Teller::flush()
{
	static char buffer[1 << 16];
	for (;;) {
		const ssize_t n = ::pread(store_.get(), buffer, sizeof(buffer), state_->flushed);
		if (n <= 0)
			break;
		std::string_view text(buffer, static_cast<std::size_t>(n));
		if (const auto end = text.rfind('\n'); end != std::string_view::npos)
			text = text.substr(0, end + 1);
		else if (text.size() < sizeof(buffer))
			break; // another process is writing it
		state_->flushed += static_cast<std::int64_t>(text.size());
		say(text);
	}
	(void)::tcdrain(console_.get()); // what is still on its way when the kernel dies is lost
}

void Teller::ended(const std::string &name, const std::string &trouble)
{
	const auto it = std::find(names_.begin(), names_.end(), name);
	if (it == names_.end() || told_[it - names_.begin()].exchange(true))
		return;
	flush();
	if (state_->open)
		say("\n"); // whoever wrote that has died
	std::string why = trouble;
	for (char &c : why)
		if (c < 0x20 || c >= 0x7f || c == '#')
			c = ' ';
	const std::string number = std::to_string(++state_->number);
	if (trouble.empty())
		say("ok " + number + " " + name + " # SKIP recorded, to be judged by exit24 import\n");
	else
		say("not ok " + number + " " + name + " # ERROR " + why + "\n");
	state_->recorded += trouble.empty();
}

void Teller::finish(const std::string &why)
{
	for (const std::string &name : names_)
		ended(name, why);
	flush();
	say(std::string(model::console_end) + std::to_string(state_->recorded) + " of " + std::to_string(names_.size()) + " recorded\n");
	(void)::tcdrain(console_.get());
}

std::uint64_t Teller::progress() const
{
	return state_->progress;
}

} // namespace exit24::agent
