// SPDX-License-Identifier: GPL-2.0-only
#include "machine/session.hpp"

#include "judge/judge.hpp"
#include "machine/process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

namespace exit24::machine {
namespace {

using model::Json;
using Names = std::vector<std::string>;

const model::Guests guests = {{"off", {.code = {0, 0, 0, 0}, .labels = {{"_start", 0}}}}};

model::CaseText a_case(const std::string &name, unsigned deadline_ms = 2000)
{
	const std::string text =
		R"({"title": "t", "status": "required", "rules": ["SE-OFF-01"], "catches": "c",
		"spec": [{"doc": "a.rst", "section": "s", "sentence": "sha256:0123456789ab"}],
		"vcpus": [{"guest": "off"}], "steps": [{"init": 0}], "deadline_ms": )" +
		std::to_string(deadline_ms) + "}";
	auto parsed = model::parse_case(name, name, text);
	EXPECT_TRUE(parsed) << parsed.error().what;
	return {*parsed, name, text};
}

/// What an agent would write on a machine that boots.
class Agent {
public:
	Agent(const std::string &plan, Listener &listener) : listener_(listener)
	{
		auto read = model::read_plan(plan);
		EXPECT_TRUE(read) << read.error().what;
		for (const auto &[c, set] : read->cases)
			cases.push_back(c.name);
		alone = read->alone;
	}

	void raw(std::string_view bytes) { listener_.hear(bytes); }
	std::string line(const Json &record) { return model::frame(record, seq_++); }
	void say(const Json &record) { raw(line(record)); }
	void torn(const Json &record)
	{
		const std::string whole = line(record);
		raw(whole.substr(0, whole.size() / 2) + "\n");
	}

	Json greeting() const
	{
		return {{"hello",
			 {{"protocol", model::protocol},
			  {"release", "7.3.4"},
			  {"uptime_ms", 1},
			  {"kvm_log", Json::array()}}}};
	}
	void hello() { say(greeting()); }
	void begin(const std::string &name) { say({{"case", name}, {"begin", true}}); }
	static Json step(const std::string &name)
	{
		return {{"case", name}, {"step", 0},  {"op", "init"},
			{"rc", 0},      {"errno", 0}, {"ns", 1}};
	}
	static Json end(const std::string &name)
	{
		return {{"case", name}, {"end", true}, {"ns", 9}};
	}
	void whole(const std::string &name)
	{
		begin(name);
		say(step(name));
		say(end(name));
	}
	End done()
	{
		say({{"done", true}});
		return {"complete", "", "reboot: Power down\n", ""};
	}
	/// From the greeting to the end, all that is asked for.
	End all()
	{
		hello();
		for (const std::string &name : cases)
			whole(name);
		return done();
	}
	const Listener &listener() const { return listener_; }

	Names cases; ///< of the plan
	std::set<std::string> alone;

private:
	Listener &listener_;
	std::uint64_t seq_ = 1; // the controller's "boot" has 0
};

const End crash = {"crash", "Kernel panic - not syncing: test",
		   "Kernel panic - not syncing: test\n", ""};

/// A machine that does what is written down for each boot.
class Script final : public Machine {
public:
	using Boot = std::function<End(Agent &)>;
	explicit Script(std::vector<Boot> boots) : boots_(std::move(boots)) {}

	Json describe() const override { return {{"machine", "script"}, {"kvm_mode", "nvhe"}}; }
	End boot(const std::string &plan, Listener &listener) override
	{
		Agent agent(plan, listener);
		plans.push_back(agent.cases);
		alone.emplace_back(agent.alone.begin(), agent.alone.end());
		if (plans.size() > boots_.size()) {
			ADD_FAILURE() << "boot " << plans.size() << " is one too many";
			return {"machine", "the script is over", "", ""};
		}
		return boots_[plans.size() - 1](agent);
	}

	std::vector<Names> plans; ///< the cases of each boot
	std::vector<Names> alone; ///< those of them beside which no other may run

private:
	std::vector<Boot> boots_;
};

class Log final : public Observer {
public:
	void booting(std::size_t n, std::size_t cases) override
	{
		lines.push_back("booting " + std::to_string(n) + " for " + std::to_string(cases));
	}
	void greeted(const model::Hello &hello) override
	{
		lines.push_back("greeted " + hello.release);
	}
	void begun(const std::string &name) override { lines.push_back("begun " + name); }
	void finished(const model::Recording &, const std::string &name) override
	{
		lines.push_back("finished " + name);
	}
	void boot_ended(const model::Boot &boot) override { lines.push_back("ended " + boot.end); }
	std::string enough() const override { return count("finished " + last) > 0 ? "enough" : ""; }

	std::size_t count(const std::string &line) const
	{
		return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), line));
	}

	Names lines;
	std::string last; ///< the case after which it is enough
};

/// A session of three cases, run at once.
struct Ran {
	explicit Ran(std::vector<Script::Boot> boots)
		: machine(std::move(boots)), session(machine, pointers(), guests, log)
	{
		session.run();
	}

	std::vector<const model::CaseText *> pointers() const
	{
		std::vector<const model::CaseText *> out;
		for (const model::CaseText &c : cases)
			out.push_back(&c);
		return out;
	}

	/// "pass crash pass", and the same for the recording as it would be stored.
	std::string verdicts() const
	{
		const std::string live = verdicts(session.recording());
		const auto stored = model::parse_recording("STORED", session.text());
		EXPECT_TRUE(stored) << stored.error().what;
		EXPECT_EQ(stored ? verdicts(*stored) : "", live)
			<< "the stored recording tells something else";
		return live;
	}
	std::string verdicts(const model::Recording &recording) const
	{
		std::string out;
		for (const model::CaseText &c : cases)
			out += (out.empty() ? "" : " ") +
			       std::string(judge::name(
				       judge::judge(c.parsed, recording, guests).status));
		return out;
	}

	std::vector<model::CaseText> cases = {a_case("a/a"), a_case("b/b"), a_case("c/c")};
	Script machine;
	Log log;
	Session session;
};

const Names all = {"a/a", "b/b", "c/c"};

TEST(Session, OneBootIsEnoughIfNothingGoesWrong)
{
	const Ran run({[](Agent &a) { return a.all(); }});
	EXPECT_EQ(run.machine.plans, (std::vector<Names>{all}));
	EXPECT_EQ(run.verdicts(), "pass pass pass");
	EXPECT_EQ(run.log.lines, (Names{"booting 1 for 3", "greeted 7.3.4", "begun a/a",
					"finished a/a", "begun b/b", "finished b/b", "begun c/c",
					"finished c/c", "ended complete"}));
}

TEST(Session, BootLineHasTheMachineTheCasesAndThePayloads)
{
	const Ran run({[](Agent &a) { return a.all(); }});
	const model::Boot &boot = run.session.recording().boots.at(0);
	EXPECT_EQ(boot.machine["machine"], "script");
	EXPECT_EQ(boot.cases, all);
	EXPECT_EQ(boot.guests.at("off"),
		  "df3f619804a92fdb4057192dc43dd748ea778adc52bc498ce80524c014b81119");
}

TEST(Session, CrashKeepsWhatIsFinishedAndRunsTheRest)
{
	const Ran run({[](Agent &a) {
			       a.hello();
			       a.whole("a/a");
			       a.begin("b/b");
			       return crash;
		       },
		       [](Agent &a) { return a.all(); }});
	EXPECT_EQ(run.machine.plans, (std::vector<Names>{all, {"c/c"}}));
	EXPECT_EQ(run.verdicts(), "pass crash pass");
	EXPECT_EQ(run.log.lines,
		  (Names{"booting 1 for 3", "greeted 7.3.4", "begun a/a", "finished a/a",
			 "begun b/b", "ended crash", "finished b/b", "booting 2 for 1",
			 "greeted 7.3.4", "begun c/c", "finished c/c", "ended complete"}));
	EXPECT_EQ(run.session.recording().boots[0].console_tail, crash.console);
}

TEST(Session, KernelThatDiesOfEveryCaseIsBootedForEach)
{
	const Script::Boot die = [](Agent &a) {
		a.hello();
		a.begin(a.cases[0]);
		return crash;
	};
	const Ran run({die, die, die});
	EXPECT_EQ(run.machine.plans, (std::vector<Names>{all, {"b/b", "c/c"}, {"c/c"}}));
	EXPECT_EQ(run.verdicts(), "crash crash crash");
}

TEST(Session, SilentMachineIsAHangOfTheCaseThatRan)
{
	const Ran run({[](Agent &a) {
			       a.hello();
			       a.begin("a/a");
			       return End{"hang", "silent for 20 s", "", "PC=0"};
		       },
		       [](Agent &a) { return a.all(); }});
	EXPECT_EQ(run.machine.plans, (std::vector<Names>{all, {"b/b", "c/c"}}));
	EXPECT_EQ(run.verdicts(), "hang pass pass");
	EXPECT_EQ(run.session.recording().boots[0].end_raw["registers"], "PC=0");
}

TEST(Session, MachineThatBreaksIsAnErrorOfTheCaseThatRan)
{
	const Ran run({[](Agent &a) {
			       a.hello();
			       a.begin("a/a");
			       return End{"machine", "QEMU ended with signal 9", "", ""};
		       },
		       [](Agent &a) { return a.all(); }});
	EXPECT_EQ(run.verdicts(), "error pass pass");
}

TEST(Session, CrashBetweenCasesHurtsNone)
{
	const Ran run({[](Agent &a) {
			       a.hello();
			       a.whole("a/a");
			       return crash;
		       },
		       [](Agent &a) { return a.all(); }});
	EXPECT_EQ(run.machine.plans, (std::vector<Names>{all, {"b/b", "c/c"}}));
	EXPECT_EQ(run.verdicts(), "pass pass pass");
}

/// The first boot dies with all three under way, a/a having ended.
End die_together(Agent &a)
{
	a.hello();
	for (const std::string &name : a.cases)
		a.begin(name);
	a.say(Agent::step("a/a"));
	a.say(Agent::end("a/a"));
	return crash;
}

TEST(Session, OfSeveralThatRanOnlyTheGuiltyOneIsBlamed)
{
	const Ran run({die_together,
		       [](Agent &a) {
			       a.hello();
			       a.whole("b/b");
			       a.begin("c/c");
			       return crash;
		       }});
	EXPECT_EQ(run.machine.plans, (std::vector<Names>{all, {"b/b", "c/c"}}));
	EXPECT_EQ(run.machine.alone, (std::vector<Names>{{}, {"b/b", "c/c"}}));
	EXPECT_EQ(run.verdicts(), "pass pass crash");
	EXPECT_EQ(run.log.lines,
		  (Names{"booting 1 for 3", "greeted 7.3.4", "begun a/a", "begun b/b", "begun c/c",
			 "finished a/a", "ended crash", "booting 2 for 2", "greeted 7.3.4",
			 "begun b/b", "begun c/c", "ended crash", "finished b/b", "finished c/c"}))
		<< "b/b is told when c/c is known";
}

TEST(Session, GuiltyOneThatRunsFirstAloneDoesNotHideTheOther)
{
	const Ran run({die_together,
		       [](Agent &a) {
			       a.hello();
			       a.begin("b/b");
			       return crash;
		       },
		       [](Agent &a) { return a.all(); }});
	EXPECT_EQ(run.machine.plans, (std::vector<Names>{all, {"b/b", "c/c"}, {"c/c"}}));
	EXPECT_EQ(run.verdicts(), "pass crash pass");
}

TEST(Session, IfNoneDoesItAloneAllAreNamed)
{
	const Ran run({die_together, [](Agent &a) { return a.all(); }});
	EXPECT_EQ(run.verdicts(), "pass crash crash");
	const judge::Verdict v = judge::judge(run.cases[1].parsed, run.session.recording(), guests);
	EXPECT_NE(v.reason.find("while b/b, c/c ran side by side; alone, none of them does that"), std::string::npos)
		<< v.reason;
}

TEST(Session, MachineThatBreaksUnderSeveralBlamesNone)
{
	const Ran run({[](Agent &a) {
			       die_together(a);
			       return End{"machine", "QEMU ended with signal 9", "", ""};
		       },
		       [](Agent &a) { return a.all(); }});
	EXPECT_EQ(run.machine.plans, (std::vector<Names>{all, {"b/b", "c/c"}}));
	EXPECT_EQ(run.verdicts(), "pass pass pass");
}

TEST(Session, WarningWhileSeveralRanIsOfTheOneThatCausesItAlone)
{
	const Json log = {"WARNING: CPU: 0 at arch/arm64/kvm/psci.c:1"};
	const auto end_with = [&](const std::string &name) {
		Json end = Agent::end(name);
		end["kernel_log"] = log;
		return end;
	};
	const auto together = [&](Agent &a) {
		a.hello();
		a.whole("a/a");
		a.begin("b/b");
		a.begin("c/c");
		a.say(Agent::step("b/b"));
		a.say(end_with("b/b"));
		a.say(Agent::step("c/c"));
		a.say(Agent::end("c/c"));
		return a.done();
	};
	const Ran run({together, [&](Agent &a) {
			       a.hello();
			       a.whole("b/b");
			       a.begin("c/c");
			       a.say(Agent::step("c/c"));
			       a.say(end_with("c/c"));
			       return a.done();
		       }});
	EXPECT_EQ(run.machine.alone, (std::vector<Names>{{}, {"b/b", "c/c"}}));
	EXPECT_EQ(run.verdicts(), "pass pass fail");
	const Ran never_again({together, [](Agent &a) { return a.all(); }});
	EXPECT_EQ(never_again.verdicts(), "pass fail fail");
}

TEST(Session, LineLostWhileSeveralRanRunsThemOnceMore)
{
	const Ran run({[](Agent &a) {
			       a.hello();
			       for (const std::string &name : a.cases)
				       a.begin(name);
			       for (const std::string &name : a.cases) {
				       if (name == "b/b")
					       a.torn(Agent::step(name));
				       else
					       a.say(Agent::step(name));
				       a.say(Agent::end(name));
			       }
			       return a.done();
		       },
		       [](Agent &a) { return a.all(); }});
	EXPECT_EQ(run.machine.plans, (std::vector<Names>{all, {"b/b", "c/c"}}));
	EXPECT_EQ(run.verdicts(), "pass pass pass");
}

TEST(Session, TornLineRunsTheCaseOnceMore)
{
	for (const int which : {1, 2}) { // the step, the end
		const Ran run({[&](Agent &a) {
				       a.hello();
				       a.whole("a/a");
				       a.begin("b/b");
				       if (which == 1)
					       a.torn(Agent::step("b/b"));
				       else
					       a.say(Agent::step("b/b"));
				       if (which == 2)
					       a.torn(Agent::end("b/b"));
				       else
					       a.say(Agent::end("b/b"));
				       a.whole("c/c");
				       return a.done();
			       },
			       [](Agent &a) { return a.all(); }});
		EXPECT_EQ(run.machine.plans, (std::vector<Names>{all, {"b/b"}}));
		EXPECT_EQ(run.verdicts(), "pass pass pass");
		EXPECT_EQ(run.log.count("finished b/b"), 1u) << "it is told once, when it is known";
	}
}

TEST(Session, LostLineRunsTheCaseOnceMore)
{
	const Ran run({[](Agent &a) {
			       a.hello();
			       a.begin("a/a");
			       (void)a.line(Agent::step("a/a"));
			       a.say(Agent::end("a/a"));
			       a.whole("b/b");
			       a.whole("c/c");
			       return a.done();
		       },
		       [](Agent &a) { return a.all(); }});
	EXPECT_EQ(run.machine.plans, (std::vector<Names>{all, {"a/a"}}));
	EXPECT_EQ(run.verdicts(), "pass pass pass");
}

TEST(Session, TornBeginRunsTheCaseOnceMore)
{
	const Ran run({[](Agent &a) {
			       a.hello();
			       a.whole("a/a");
			       a.torn({{"case", "b/b"}, {"begin", true}});
			       a.say(Agent::step("b/b"));
			       a.say(Agent::end("b/b"));
			       a.whole("c/c");
			       return a.done();
		       },
		       [](Agent &a) { return a.all(); }});
	EXPECT_EQ(run.machine.plans, (std::vector<Names>{all, {"b/b"}}));
	EXPECT_EQ(run.verdicts(), "pass pass pass");
}

TEST(Session, CaseTornTwiceIsGivenUp)
{
	const Script::Boot tear = [](Agent &a) {
		a.hello();
		for (const std::string &name : a.cases) {
			a.begin(name);
			if (name == "b/b")
				a.torn(Agent::step(name));
			else
				a.say(Agent::step(name));
			a.say(Agent::end(name));
		}
		return a.done();
	};
	const Ran run({tear, tear});
	EXPECT_EQ(run.machine.plans, (std::vector<Names>{all, {"b/b"}}));
	EXPECT_EQ(run.verdicts(), "pass error pass");
	EXPECT_EQ(run.log.count("finished b/b"), 1u);
}

TEST(Session, MachineThatNeverGreetsIsGivenUpAfterTwoBoots)
{
	const Script::Boot dead = [](Agent &) { return End{"hang", "silent for 120 s", "", ""}; };
	const Ran run({dead, dead});
	EXPECT_EQ(run.machine.plans, (std::vector<Names>{all, all}));
	EXPECT_EQ(run.verdicts(), "error error error");
	EXPECT_EQ(run.log.lines,
		  (Names{"booting 1 for 3", "ended hang", "booting 2 for 3", "ended hang"}));
}

TEST(Session, OneBootWithoutAResultIsForgotten)
{
	const Script::Boot dead = [](Agent &) { return crash; };
	const Script::Boot one = [](Agent &a) {
		a.hello();
		a.whole(a.cases[0]);
		return crash;
	};
	const Ran run({dead, one, dead, one, dead, one});
	EXPECT_EQ(run.verdicts(), "pass pass pass");
}

TEST(Session, TargetWithoutKvmIsNotBootedAgain)
{
	const Ran run({[](Agent &a) {
		Json greeting = a.greeting();
		greeting["hello"]["kvm_trouble"] = "/dev/kvm: No such file or directory";
		a.say(greeting);
		return a.done();
	}});
	EXPECT_EQ(run.machine.plans.size(), 1u);
	EXPECT_EQ(run.verdicts(), "error error error");
}

TEST(Session, KernelInAnotherModeIsAskedNothing)
{
	const Ran run({[](Agent &a) {
		Json hello = a.greeting();
		hello["hello"]["kvm_log"] = {"kvm [1]: VHE mode initialized successfully"};
		a.say(hello);
		EXPECT_TRUE(a.listener().done());
		EXPECT_EQ(a.listener().patience().count(), 0) << "nothing more is waited for";
		a.whole("a/a");
		return a.done();
	}});
	EXPECT_EQ(run.machine.plans.size(), 1u);
	EXPECT_EQ(run.verdicts(), "skip skip skip");
	EXPECT_EQ(run.log.lines, (Names{"booting 1 for 3", "greeted 7.3.4", "ended complete"}));
}

TEST(Session, StopsWhenItIsEnough)
{
	std::vector<model::CaseText> cases = {a_case("a/a"), a_case("b/b"), a_case("c/c")};
	Log log;
	log.last = "b/b";
	Script machine({[](Agent &a) {
		a.hello();
		a.whole("a/a");
		EXPECT_FALSE(a.listener().done());
		a.whole("b/b");
		EXPECT_TRUE(a.listener().done());
		EXPECT_EQ(a.listener().patience().count(), 0) << "nothing more is waited for";
		a.whole("c/c"); // it was on its way
		return a.done();
	}});
	Session session(machine, {&cases[0], &cases[1], &cases[2]}, guests, log);
	session.run();
	EXPECT_EQ(log.count("finished b/b"), 1u);
	EXPECT_EQ(log.count("finished c/c"), 0u);
	ASSERT_EQ(session.recording().boots.size(), 1u);
	EXPECT_EQ(session.recording().boots[0].end + " " + session.recording().boots[0].end_reason, "machine enough");
	EXPECT_FALSE(session.recording().cases.contains("c/c"));
}

TEST(Session, NoiseBetweenAndBeforeLinesIsSkipped)
{
	const Ran run({[](Agent &a) {
		a.raw("[    0.000000] Booting Linux\r\n\xff\xfe\x1b[2J\n{\"seq\n");
		a.hello();
		for (const std::string &name : a.cases) {
			a.raw("[    1.0] kvm: something ");
			a.whole(name);
			a.raw("\r\n\n");
		}
		return a.done();
	}});
	EXPECT_EQ(run.verdicts(), "pass pass pass");
}

TEST(Session, LinesMayComeInPieces)
{
	const Ran whole({[](Agent &a) { return a.all(); }});
	const Ran pieces({[](Agent &a) {
		std::string text = a.line(a.greeting());
		for (const std::string &name : a.cases) {
			text += a.line({{"case", name}, {"begin", true}});
			text += a.line(Agent::step(name));
			text += a.line(Agent::end(name));
		}
		text += a.line({{"done", true}});
		for (const char byte : text)
			a.raw(std::string(1, byte));
		return End{"complete", "", "reboot: Power down\n", ""};
	}});
	EXPECT_EQ(pieces.verdicts(), "pass pass pass");
	EXPECT_EQ(pieces.session.text(), whole.session.text());
}

TEST(Session, PieceOfALineDoesNotOutliveItsBoot)
{
	const Ran run({[](Agent &a) {
			       a.hello();
			       a.whole("a/a");
			       const std::string line = a.line({{"case", "b/b"}, {"begin", true}});
			       a.raw(line.substr(0, line.size() - 1));
			       return crash;
		       },
		       [](Agent &a) {
			       a.raw("\r\n");
			       return a.all();
		       }});
	EXPECT_EQ(run.machine.plans, (std::vector<Names>{all, {"b/b", "c/c"}}));
	EXPECT_EQ(run.verdicts(), "pass pass pass");
}

TEST(Session, EndlessLineIsDropped)
{
	const Ran run({[](Agent &a) {
		const std::string block(1 << 16, 'x');
		for (int i = 0; i < 64; i++)
			a.raw(block);
		a.raw("\n");
		return a.all();
	}});
	EXPECT_EQ(run.verdicts(), "pass pass pass");
}

TEST(Session, ConsoleMayHoldAnyBytes)
{
	const Ran run({[](Agent &a) {
			       a.hello();
			       a.begin("a/a");
			       return End{"crash", "Oops \xff\x1b[31m",
					  std::string("\xff\xc3(\0\x1b[2J\n", 9), ""};
		       },
		       [](Agent &a) { return a.all(); }});
	EXPECT_EQ(run.verdicts(), "crash pass pass");
}

TEST(Session, DoneIsSaidByTheAgentOnce)
{
	const Ran run({[](Agent &a) {
			       EXPECT_FALSE(a.listener().done());
			       a.hello();
			       a.whole("a/a");
			       EXPECT_FALSE(a.listener().done());
			       (void)a.done();
			       EXPECT_TRUE(a.listener().done());
			       return crash;
		       },
		       [](Agent &a) {
			       EXPECT_FALSE(a.listener().done()) << "another boot";
			       return a.all();
		       }});
	EXPECT_EQ(run.verdicts(), "pass pass pass");
}

TEST(Session, PatienceIsLongestForABootAndGrowsWithTheDeadline)
{
	using std::chrono::seconds;
	const model::CaseText quick = a_case("a/a", 1), slow = a_case("b/b", 60000);
	Log log;
	Script machine({[](Agent &a) {
		EXPECT_EQ(a.listener().patience(), seconds(120));
		a.hello();
		a.begin("a/a");
		EXPECT_GE(a.listener().patience(), seconds(10));
		a.say(Agent::end("a/a"));
		a.begin("b/b");
		EXPECT_GE(a.listener().patience(), seconds(4 * 61))
			<< "the target's clock may be slower";
		a.say(Agent::end("b/b"));
		return a.done();
	}});
	Session(machine, {&quick, &slow}, guests, log).run();
}

TEST(Session, NothingToRunBootsNothing)
{
	Log log;
	Script machine({});
	Session session(machine, {}, guests, log);
	session.run();
	EXPECT_EQ(session.text(), "");
	EXPECT_TRUE(log.lines.empty());
}

TEST(SessionDeathTest, InterruptBootsNothingMore)
{
	GTEST_FLAG_SET(death_test_style,
		       "threadsafe"); // the flag cannot be taken back: in a process of its own
	const auto interrupted_run = [] {
		interrupt();
		const Ran run({[](Agent &a) { return a.all(); }});
		std::exit(run.machine.plans.empty() ? 0 : 1);
	};
	EXPECT_EXIT(interrupted_run(), testing::ExitedWithCode(0), "");
}

TEST(Session, KernelThatDiesInTheMiddleOfALineHasCrashed)
{
	const Ran run({[](Agent &a) {
			       a.hello();
			       a.begin("a/a");
			       const std::string line = a.line(Agent::step("a/a"));
			       a.raw(line.substr(0, 30) + "Kernel panic - not syncing: test\n");
			       return crash;
		       },
		       [](Agent &a) { return a.all(); }});
	EXPECT_EQ(run.machine.plans, (std::vector<Names>{all, {"b/b", "c/c"}}));
	EXPECT_EQ(run.verdicts(), "crash pass pass");
}

TEST(Session, TwoTornCasesOfOneBootAreBothRunOnceMore)
{
	const Ran run({[](Agent &a) {
			       a.hello();
			       a.begin("a/a");
			       a.say(Agent::step("a/a"));
			       a.torn(Agent::end("a/a"));
			       a.begin("b/b");
			       a.torn(Agent::step("b/b"));
			       a.say(Agent::end("b/b"));
			       a.whole("c/c");
			       return a.done();
		       },
		       [](Agent &a) { return a.all(); }});
	EXPECT_EQ(run.verdicts(), "pass pass pass");
}

TEST(Session, RecordOfAWrongTypeIsNoException)
{
	EXPECT_NO_THROW(Ran({[](Agent &a) {
		a.say({{"case", 5}, {"begin", true}});
		return a.all();
	}}));
}

} // namespace
} // namespace exit24::machine
