// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "machine/machine.hpp"
#include "machine/process.hpp"
#include "machine/scratch.hpp"
#include "machine/tail.hpp"

#include <thread>

namespace exit24::machine {

namespace {

using Clock = std::chrono::steady_clock;

class Native final : public Machine {
public:
	explicit Native(std::string agent) : agent_(std::move(agent)) {}

	model::Json describe() const override
	{
		return {{"machine", "native"}, {"emulated", false}, {"clock", "real"}};
	}

	End boot(const std::string &plan, Listener &listener) override
	{
		auto scratch = Scratch::create();
		if (!scratch)
			return {"machine", scratch.error().what, "", ""};
		if (auto r = write_file(scratch->path("plan.json"), plan); !r)
			return {"machine", r.error().what, "", ""};
		const std::string recording = scratch->path("recording");
		const std::string log = scratch->path("agent.log");
		auto agent = Process::start(agent_, {scratch->path("plan.json"), recording}, log);
		if (!agent)
			return {"machine", agent.error().what, "", ""};

		FileTail lines(recording);
		auto last_sign = Clock::now();
		const auto take_in = [&] {
			const std::string more = lines.more();
			if (more.empty())
				return;
			listener.hear(more);
			last_sign = Clock::now();
		};
		const auto ended = [&](std::string kind, std::string reason) {
			agent->kill();
			take_in();
			const auto said = read_file(log);
			return End{std::move(kind), std::move(reason), said ? last_lines(*said, 4096) : "", ""};
		};
		while (agent->running()) {
			take_in();
			if (interrupted())
				return ended("machine", "interrupted");
			if (Clock::now() - last_sign > listener.patience())
				return ended("hang", "the agent has stopped answering");
			std::this_thread::sleep_for(std::chrono::milliseconds(5));
		}
		take_in();
		if (listener.done())
			return ended("complete", "");
		if (scratch->bytes_free() < 65536)
			return ended("machine", "no space is left in " + scratch->folder() +
							"; set TMPDIR to a folder on a larger disk");
		return ended("machine", "the agent ended with " + agent->how_it_ended());
	}

private:
	std::string agent_;
};

} // namespace

std::unique_ptr<Machine> make_native(const std::string &agent)
{
	return std::make_unique<Native>(agent);
}

} // namespace exit24::machine
