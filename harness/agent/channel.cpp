// SPDX-License-Identifier: GPL-2.0-only
#include "agent/channel.hpp"

#include "model/recording.hpp"

#include <cerrno>
#include <ctime>

namespace exit24::agent {

static constexpr int turn_seconds = 10;

Shared::Shared()
{
	pthread_mutexattr_t kind;
	pthread_mutexattr_init(&kind);
	pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&turn, &kind);
}

/// One that waits too long goes without: then the order is lost, which the controller sees, and not the case.
void Channel::take_turn()
{
	int error = pthread_mutex_trylock(&shared_.turn);
	if (error == EBUSY) {
		timespec end;
		::clock_gettime(CLOCK_MONOTONIC, &end);
		end.tv_sec += turn_seconds;
		error = pthread_mutex_clocklock(&shared_.turn, CLOCK_MONOTONIC, &end);
	}
	if (error == EOWNERDEAD)
		pthread_mutex_consistent(&shared_.turn);
}

void Channel::write_all(std::string_view text)
{
	while (!text.empty()) {
		const ssize_t n = ::write(fd_.get(), text.data(), text.size());
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return; // nobody to tell: the controller sees the hole
		text.remove_prefix(static_cast<std::size_t>(n));
	}
}

void Channel::emit(const Line &line)
{
	take_turn();
	std::size_t size = 0;
	std::string_view held = held_;
	for (std::size_t end; (end = held.find('\n')) != std::string_view::npos; held.remove_prefix(end + 1))
		size += model::frame(out_.get() + size, held.substr(0, end), shared_.seq++);
	held_.clear();
	const std::size_t whole = model::frame(out_.get() + size, line.body(), shared_.seq++);
	if (tear_)
		out_[size + whole / 2] = '\n';
	size += tear_ ? whole / 2 + 1 : whole;
	tear_ = false;
	write_all({out_.get(), size});
	pthread_mutex_unlock(&shared_.turn);
}

void Channel::hold(const Line &line)
{
	if (held_.size() + line.body().size() >= held_limit)
		return emit(line);
	held_ += line.body();
	held_ += '\n';
}

void Channel::emit(const model::Json &record)
{
	Line line;
	for (const auto &[key, value] : record.items())
		line[key] = value;
	emit(line);
}

} // namespace exit24::agent
