// SPDX-License-Identifier: GPL-2.0-only
#include "mutant/schemata.hpp"

#include "base/file.hpp"
#include "machine/process.hpp"
#include "machine/scratch.hpp"

#include <gtest/gtest.h>

using namespace exit24;
using namespace exit24::mutant;

namespace {

const std::string header = R"(static inline int half(int x)
{
	return x / 2;
}
)";
const std::string home = R"(#include "half.h"

static void put(int *where, int what)
{
	*where = what;
}

int answer(int x)
{
	int out = 0;

	put(&out, half(x));
	return out;
}
)";
const char header_path[] = "include/half.h";

const Files original = {{header_path, header}, {switch_home, home}};

std::string changed(std::string text, const std::string &from, const std::string &to)
{
	const auto at = text.find(from);
	EXPECT_NE(at, std::string::npos);
	return text.replace(at, from.size(), to);
}

} // namespace

TEST(Schemata, RefusesWhatIsNotInAFunction)
{
	const Schemata s(original);
	EXPECT_EQ(s.refuse({{switch_home, changed(home, "= what", "= 1")}}), "");
	EXPECT_NE(s.refuse({{switch_home, changed(home, "#include \"half.h\"", "#include \"other.h\"")}}), "");
	EXPECT_NE(s.refuse({{switch_home, changed(home, "int answer(int x)", "int answer(long x)")}}), "");
	EXPECT_NE(s.refuse({{"arch/arm64/kvm/hyp/nvhe/x.c", ""}}), "");
}

/// The program made of the files does what each mutant alone would do.
TEST(Schemata, VariableChoosesTheMutant)
{
	Schemata s(original);
	EXPECT_EQ(s.add({{switch_home, changed(home, "= what", "= what + 1")}}), 1u);
	EXPECT_EQ(s.add({{header_path, changed(header, "x / 2", "x / 4")}}), 2u);
	EXPECT_EQ(s.add({{switch_home, changed(home, "\tput(&out, half(x));\n", "")}}), 3u);
	EXPECT_EQ(s.add({{switch_home, changed(home, "return out", "return out + 7")},
			 {header_path, changed(header, "x / 2", "x")}}), 4u);
	const auto files = s.files();

	auto scratch = machine::Scratch::create();
	ASSERT_TRUE(scratch);
	const std::string program = scratch->path("program");
	std::string source = files.at(switch_home);
	source = changed(source, "#include <linux/moduleparam.h>", "#define module_param(a, b, c)");
	source += "int main(int argc, char **argv)\n{\n\texit24_mutant = argc - 1;\n\treturn answer(40);\n}\n";
	ASSERT_TRUE(write_file(scratch->path("half.h"), files.at(header_path)));
	ASSERT_TRUE(write_file(scratch->path("program.c"), source));
	auto compiler = machine::find_program("gcc");
	ASSERT_TRUE(compiler);
	const auto compiled = machine::output_of(*compiler, {"-std=gnu11", "-Wall", "-Werror", "-o", program, scratch->path("program.c")},
						 std::chrono::seconds(60));
	ASSERT_TRUE(compiled) << compiled.error().what;
	const int wanted[] = {20, 21, 10, 0, 47};
	std::vector<std::string> arguments;
	for (const int want : wanted) {
		auto process = machine::Process::start(program, arguments, scratch->path("log"));
		ASSERT_TRUE(process);
		while (process->running())
			;
		EXPECT_EQ(process->how_it_ended(), "status " + std::to_string(want));
		arguments.push_back("x");
	}
}
