// SPDX-License-Identifier: GPL-2.0-only
#include "series/build.hpp"

#include "base/file.hpp"
#include "machine/scratch.hpp"
#include "series/cache.hpp"

#include <filesystem>
#include <gtest/gtest.h>

using namespace exit24;
using namespace exit24::series;
namespace fs = std::filesystem;

namespace {

// Not a kernel, but with make it behaves like one: out of tree, a configuration, an object for each source, an
// Image of all. "#error" in a source is a compiler's error; the file "deed" is run by the build.
constexpr char makefile[] = R"make(
SRC := $(CURDIR)
B := $(O)/arch/arm64
SOURCES := $(wildcard arch/arm64/kvm/*.c)
OBJECTS := $(SOURCES:%.c=$(O)/%.o)
allnoconfig:
	@cp $(KCONFIG_ALLCONFIG) $(O)/.config
$(O)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC      $*.o"
	@if grep -n '#error' $< >/dev/null; then echo "$(SRC)/$<:$$(grep -n '#error' $< | cut -d: -f1):2: error: $$(grep '#error' $<)" >&2; exit 1; fi
	@cp $< $@
Image: $(OBJECTS)
	@if [ -f deed ]; then O=$(O) SRC=$(SRC) sh ./deed; fi
	@mkdir -p $(B)/boot
	@cat $(O)/.config $(OBJECTS) >$(B)/boot/Image
	@echo "$$KBUILD_BUILD_USER $(EXTRA)" >>$(B)/boot/Image
)make";

class SeriesTest : public testing::Test {
protected:
	void SetUp() override
	{
		put("Makefile", makefile);
		put("Kconfig", "config X\n");
		put("arch/arm64/kvm/psci.c", "one\ntwo\nthree\n");
		put("arch/arm64/kvm/arm.c", "arm\n");
		fragment = scratch->path("fragment");
		ASSERT_TRUE(write_file(fragment, "CONFIG_KVM=y\n"));
		before = all_of(tree);
	}
	void TearDown() override { EXPECT_EQ(all_of(tree), before) << "the tree given was changed"; }

	void put(const std::string &path, const std::string &content)
	{
		fs::create_directories((fs::path(tree) / path).parent_path());
		ASSERT_TRUE(write_file(tree + "/" + path, content));
	}
	/// Every file with its content and time.
	static std::string all_of(const std::string &folder)
	{
		std::set<std::string> lines;
		for (const auto &entry : fs::recursive_directory_iterator(folder))
			if (entry.is_regular_file())
				lines.insert(entry.path().string() + " " +
					     std::to_string(entry.last_write_time().time_since_epoch().count()) + " " +
					     *read_file(entry.path()));
		std::string text;
		for (const std::string &line : lines)
			text += line + "\n";
		return text;
	}
	Result<Workspace> open(unsigned slot = 0)
	{
		return Workspace::open({.cache = scratch->path("cache"), .tree = tree, .commit = "", .slot = slot});
	}
	Result<Builder> builder(BuildOptions options = {})
	{
		options.fragment = fragment;
		return Builder::create(std::move(options));
	}

	Result<machine::Scratch> scratch = machine::Scratch::create();
	std::string tree = scratch->path("linux");
	std::string fragment, before;
};

const std::string patch = "--- a/arch/arm64/kvm/psci.c\n+++ b/arch/arm64/kvm/psci.c\n"
			  "@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n";

#define NEED_TOOLS(b)                                                                                                  \
	if (!(b))                                                                                                      \
	GTEST_SKIP() << (b).error().what

TEST_F(SeriesTest, AppliesBuildsAndUndoes)
{
	auto b = builder();
	NEED_TOOLS(b);
	auto w = open();
	ASSERT_TRUE(w) << w.error().what;
	const std::string base_id = w->content_id();
	auto base = b->build(*w);
	ASSERT_TRUE(base) << base.error().what;
	ASSERT_TRUE(base->ok) << base->error;
	EXPECT_FALSE(base->cached);
	EXPECT_EQ(base->compiled, 2u);
	EXPECT_EQ(*read_file(base->image), "CONFIG_KVM=y\narm\none\ntwo\nthree\nexit24 \n");

	auto files = w->apply("my.patch", patch);
	ASSERT_TRUE(files) << files.error().what;
	EXPECT_EQ(w->changed(), std::vector<std::string>{"arch/arm64/kvm/psci.c"});
	auto patched = b->build(*w);
	ASSERT_TRUE(patched && patched->ok) << (patched ? patched->error : patched.error().what);
	EXPECT_EQ(patched->compiled, 1u) << "only what has changed is compiled";
	EXPECT_EQ(*read_file(patched->image), "CONFIG_KVM=y\narm\none\n2\nthree\nexit24 \n");

	ASSERT_TRUE(w->undo());
	EXPECT_EQ(w->content_id(), base_id);
	EXPECT_TRUE(w->changed().empty());
	auto again = b->build(*w);
	ASSERT_TRUE(again && again->ok);
	EXPECT_TRUE(again->cached);
	EXPECT_EQ(again->image_sha256, base->image_sha256);

	// The output folder has the patched object still; what is built from it now has to be right all the same.
	auto without_cache = builder({.keep = false});
	auto rebuilt = without_cache->build(*w);
	ASSERT_TRUE(rebuilt && rebuilt->ok);
	EXPECT_FALSE(rebuilt->cached);
	EXPECT_EQ(rebuilt->image_sha256, base->image_sha256);
}

TEST_F(SeriesTest, ContentIsWhatCountsNotThePatch)
{
	auto w = open();
	ASSERT_TRUE(w);
	ASSERT_TRUE(w->apply("my.patch", patch));
	const std::string id = w->content_id();
	ASSERT_TRUE(w->undo());
	ASSERT_TRUE(w->write("arch/arm64/kvm/psci.c", "one\n2\nthree\n"));
	EXPECT_EQ(w->content_id(), id);
	ASSERT_TRUE(w->write("arch/arm64/kvm/psci.c", "one\ntwo\nthree\n"));
	EXPECT_TRUE(w->changed().empty());
}

TEST_F(SeriesTest, NewFilesAndFoldersGoWithUndo)
{
	auto w = open();
	ASSERT_TRUE(w);
	ASSERT_TRUE(w->apply("new", "--- /dev/null\n+++ b/a/b/c.c\n@@ -0,0 +1 @@\n+x\n"));
	ASSERT_TRUE(w->apply("gone", "--- a/arch/arm64/kvm/arm.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-arm\n"));
	EXPECT_TRUE(fs::exists(w->linux_folder() + "/a/b/c.c"));
	EXPECT_FALSE(fs::exists(w->linux_folder() + "/arch/arm64/kvm/arm.c"));
	ASSERT_TRUE(w->undo());
	EXPECT_FALSE(fs::exists(w->linux_folder() + "/a"));
	EXPECT_TRUE(fs::exists(w->linux_folder() + "/arch/arm64/kvm/arm.c"));
}

TEST_F(SeriesTest, SaysWhyAPatchDoesNotApply)
{
	auto w = open();
	ASSERT_TRUE(w);
	std::string other = patch;
	other.replace(other.find("-two"), 4, "-too");
	const auto conflict = w->apply("p", other);
	ASSERT_FALSE(conflict);
	EXPECT_EQ(conflict.error().what, "p does not apply: what it changes is not what the tree has at arch/arm64/kvm/psci.c:1");
	ASSERT_TRUE(w->apply("p", patch));
	EXPECT_EQ(w->apply("p", patch).error().what, "p does not apply: it is in the tree already");
	EXPECT_EQ(w->apply("p", "--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n").error().what,
		  "p does not apply: the tree has no such file: x.c: No such file or directory");
	EXPECT_EQ(w->apply("p", "words\n").error().what, "p has no change in it");
	EXPECT_EQ(w->changed().size(), 1u) << "what does not apply changes nothing";
}

TEST_F(SeriesTest, WritesNothingThroughALink)
{
	fs::create_directory_symlink(scratch->path("elsewhere"), tree + "/link");
	fs::create_directory(scratch->path("elsewhere"));
	auto w = open();
	ASSERT_TRUE(w);
	EXPECT_NE(w->apply("p", "--- /dev/null\n+++ b/link/x\n@@ -0,0 +1 @@\n+x\n").error().what.find("symbolic link"), std::string::npos);
	EXPECT_FALSE(w->write("link/x", "x"));
	EXPECT_FALSE(w->write("../x", "x"));
	EXPECT_TRUE(fs::is_empty(scratch->path("elsewhere")));
}

TEST_F(SeriesTest, TellsTheCompilersFirstError)
{
	auto b = builder();
	NEED_TOOLS(b);
	auto w = open();
	ASSERT_TRUE(w);
	ASSERT_TRUE(w->write("arch/arm64/kvm/psci.c", "one\n#error no\n"));
	auto built = b->build(*w);
	ASSERT_TRUE(built) << built.error().what;
	EXPECT_FALSE(built->ok);
	EXPECT_EQ(built->place, "arch/arm64/kvm/psci.c:2:2");
	EXPECT_EQ(built->error, "error: #error no");
	ASSERT_TRUE(w->undo());
	EXPECT_TRUE(b->build(*w)->ok);
}

TEST_F(SeriesTest, StopsABuildThatNeverEnds)
{
	auto b = builder({.limit = std::chrono::seconds(1)});
	NEED_TOOLS(b);
	auto w = open();
	ASSERT_TRUE(w);
	ASSERT_TRUE(w->write("deed", "echo x >$O/arch/arm64/kvm/psci.o; while :; do sleep 1; done\n"));
	auto built = b->build(*w);
	ASSERT_TRUE(built) << built.error().what;
	EXPECT_FALSE(built->ok);
	EXPECT_EQ(built->error, "the build did not end within 1 s and was stopped");
	ASSERT_TRUE(w->undo());
	auto after = builder()->build(*w);
	ASSERT_TRUE(after && after->ok);
	EXPECT_EQ(*read_file(after->image), "CONFIG_KVM=y\narm\none\ntwo\nthree\nexit24 \n") << "nothing half-written is taken";
}

TEST_F(SeriesTest, ABuildCanOnlyDeleteItsOwnFolder)
{
	auto b = builder();
	NEED_TOOLS(b);
	auto w = open();
	ASSERT_TRUE(w);
	ASSERT_TRUE(w->write("deed", "rm -rf $SRC/* $O/* $O/.??* " + tree + " " + fragment + "; exit 1\n"));
	auto built = b->build(*w);
	ASSERT_TRUE(built) << built.error().what;
	EXPECT_FALSE(built->ok);
	EXPECT_TRUE(fs::exists(w->linux_folder() + "/Makefile"));
	EXPECT_TRUE(fs::exists(fragment));
	ASSERT_TRUE(w->undo());
	auto after = b->build(*w);
	ASSERT_TRUE(after && after->ok) << after->error;
	EXPECT_EQ(after->compiled, 2u);
}

TEST_F(SeriesTest, ABuildThatSoilsItsFolderIsBuiltApart)
{
	auto w = open();
	ASSERT_TRUE(w) << w.error().what;
	auto b = builder();
	NEED_TOOLS(b);
	const auto clean = b->build(*w);
	ASSERT_TRUE(clean && clean->ok);
	// Once the Image is there, its object gets a content of the patch's own, and a time at which make leaves it alone.
	std::string hostile = makefile;
	hostile += "\t@echo evil >$(O)/arch/arm64/kvm/psci.o; touch -d 2099-01-01 $(O)/arch/arm64/kvm/psci.o; touch $(O)/evil\n";
	ASSERT_TRUE(w->write("Makefile", hostile));
	const auto soiled = b->build(*w);
	ASSERT_TRUE(soiled && soiled->ok) << (soiled ? soiled->error : soiled.error().what);
	EXPECT_TRUE(fs::exists(w->slot_folder() + "/apart/evil"));
	ASSERT_TRUE(w->write("arch/arm64/kvm/arm.c", "more\n"));
	EXPECT_TRUE(b->build(*w)->ok) << "the same series goes on in the same folder";
	EXPECT_TRUE(fs::exists(w->slot_folder() + "/apart/evil"));
	// The next patch, without that rule, has nothing of it.
	ASSERT_TRUE(w->write("Makefile", makefile));
	const auto next = b->build(*w);
	ASSERT_TRUE(next && next->ok && !next->cached);
	const auto image = read_file(next->image);
	ASSERT_TRUE(image);
	EXPECT_NE(image->find("one\ntwo\nthree\n"), std::string::npos);
	EXPECT_EQ(image->find("evil"), std::string::npos);
	EXPECT_FALSE(fs::exists(w->slot_folder() + "/apart"));
	ASSERT_TRUE(w->undo());
	EXPECT_EQ(b->build(*w)->image_sha256, clean->image_sha256);
}

TEST_F(SeriesTest, WhatWasNotUsedForLongestLeavesTheCache)
{
	const std::string cache = scratch->path("cache");
	const auto old = fs::file_time_type::clock::now() - std::chrono::hours(48);
	fs::create_directories(cache + "/images/old");
	fs::create_directories(cache + "/images/new");
	fs::create_directories(cache + "/kernels");
	for (const char *file : {"/images/old/Image", "/images/new/Image", "/kernels/Image"})
		ASSERT_TRUE(write_file(cache + file, std::string(5000, 'x')));
	for (const char *file : {"/images/old/Image", "/kernels/Image"})
		fs::last_write_time(cache + file, old);
	auto w = open();
	ASSERT_TRUE(w) << w.error().what;
	EXPECT_TRUE(w->fresh());
	EXPECT_TRUE(eviction_is_due(cache));

	auto gone = evict(cache, std::uintmax_t{1} << 40);
	ASSERT_TRUE(gone) << gone.error().what;
	EXPECT_EQ(gone->bytes, 0u);
	EXPECT_FALSE(eviction_is_due(cache));

	gone = evict(cache, 0); // the tree is in use
	ASSERT_TRUE(gone) << gone.error().what;
	EXPECT_EQ(gone->trees, 0u);
	EXPECT_EQ(gone->others, 1u);
	EXPECT_FALSE(fs::exists(cache + "/images/old"));
	EXPECT_TRUE(fs::exists(cache + "/images/new/Image")) << "it was used a moment ago";
	EXPECT_TRUE(fs::exists(cache + "/kernels/Image")) << "that is none of its business";
	const std::string source = fs::path(w->slot_folder()).parent_path().parent_path() / "source";
	EXPECT_TRUE(fs::exists(source));

	w = Error{"closed"};
	gone = evict(cache, 0);
	ASSERT_TRUE(gone) << gone.error().what;
	EXPECT_EQ(gone->trees, 1u);
	EXPECT_GT(gone->bytes, 0u);
	EXPECT_FALSE(fs::exists(source));
	EXPECT_EQ(evict(cache, 0)->trees, 0u) << "there is nothing left of it";
	w = open();
	ASSERT_TRUE(w) << w.error().what;
	EXPECT_TRUE(w->fresh());
}

TEST_F(SeriesTest, ABuildHasNoNetwork)
{
	auto b = builder();
	NEED_TOOLS(b);
	auto w = open();
	ASSERT_TRUE(w);
	ASSERT_TRUE(w->write("deed", "tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' ' >$O/devices; echo x >$SRC/x || echo read-only >>$O/devices\n"));
	ASSERT_TRUE(b->build(*w)->ok);
	EXPECT_EQ(*read_file(w->build_folder() + "/devices"), "lo\nread-only\n");
}

TEST_F(SeriesTest, WithoutSandboxOnlyWhenAsked)
{
	auto b = builder({.make = {"EXTRA=more"}, .sandbox = false});
	NEED_TOOLS(b);
	EXPECT_NE(b->notice().find("no sandbox"), std::string::npos);
	auto w = open();
	ASSERT_TRUE(w);
	auto built = b->build(*w);
	ASSERT_TRUE(built && built->ok) << built->error;
	EXPECT_EQ(*read_file(built->image), "CONFIG_KVM=y\narm\none\ntwo\nthree\nexit24 more\n");
}

TEST_F(SeriesTest, MoreConfigurationIsAnotherKernel)
{
	auto b = builder();
	NEED_TOOLS(b);
	auto w = open();
	ASSERT_TRUE(w);
	auto base = b->build(*w);
	auto more = builder({.kconfig = "CONFIG_MORE=y\n"})->build(*w);
	ASSERT_TRUE(more && more->ok);
	EXPECT_FALSE(more->cached);
	EXPECT_NE(more->image_sha256, base->image_sha256);
	EXPECT_EQ(builder({.keep = false})->build(*w)->image_sha256, base->image_sha256);
}

TEST_F(SeriesTest, ASecondSlotGoesOnFromTheFirstOnesBuild)
{
	auto b = builder({.keep = false});
	NEED_TOOLS(b);
	auto w = open();
	ASSERT_TRUE(w);
	ASSERT_TRUE(w->write("arch/arm64/kvm/psci.c", "changed\n"));
	ASSERT_TRUE(b->build(*w)->ok);
	auto second = w->another(1);
	ASSERT_TRUE(second) << second.error().what;
	EXPECT_TRUE(second->changed().empty());
	auto built = b->build(*second);
	ASSERT_TRUE(built && built->ok) << built->error;
	EXPECT_EQ(built->compiled, 1u) << "the one that differs from the tree given";
	EXPECT_EQ(*read_file(built->image), "CONFIG_KVM=y\narm\none\ntwo\nthree\nexit24 \n");
	EXPECT_EQ(w->changed().size(), 1u);
}

TEST_F(SeriesTest, ATreeThatChangesIsNoticed)
{
	auto b = builder({.keep = false});
	NEED_TOOLS(b);
	std::string old_id;
	{
		auto w = open();
		ASSERT_TRUE(w);
		old_id = w->content_id();
		ASSERT_TRUE(b->build(*w)->ok);
		ASSERT_TRUE(w->apply("p", patch)); // and never undone
	}
	put("arch/arm64/kvm/arm.c", "ARM 2\n");
	before = all_of(tree);
	auto w = open();
	ASSERT_TRUE(w) << w.error().what;
	EXPECT_NE(w->content_id(), old_id);
	EXPECT_TRUE(w->changed().empty());
	auto built = b->build(*w);
	ASSERT_TRUE(built && built->ok);
	EXPECT_EQ(*read_file(built->image), "CONFIG_KVM=y\nARM 2\none\ntwo\nthree\nexit24 \n");
}

TEST_F(SeriesTest, WhatAnInterruptLeftBehindIsUndone)
{
	{
		auto w = open();
		ASSERT_TRUE(w->apply("p", patch));
	}
	auto w = open();
	ASSERT_TRUE(w);
	EXPECT_EQ(*read_file(w->linux_folder() + "/arch/arm64/kvm/psci.c"), "one\ntwo\nthree\n");
}

TEST_F(SeriesTest, WhatIsNoKernelTreeIsRefused)
{
	const auto no = Workspace::open({.cache = scratch->path("cache"), .tree = scratch->path("nothing"), .commit = ""});
	ASSERT_FALSE(no);
	EXPECT_NE(no.error().what.find("cannot read the kernel tree"), std::string::npos);
	fs::create_directory(scratch->path("empty"));
	const auto empty = Workspace::open({.cache = scratch->path("cache"), .tree = scratch->path("empty"), .commit = ""});
	ASSERT_FALSE(empty);
	EXPECT_NE(empty.error().what.find("is not a kernel tree"), std::string::npos);
	const auto inside = Workspace::open({.cache = tree + "/cache", .tree = tree, .commit = ""});
	ASSERT_FALSE(inside);
	EXPECT_NE(inside.error().what.find("never written to"), std::string::npos);
}

TEST(Build, SaysHowFarItIs)
{
	EXPECT_EQ(share_built(5, true, 10), "50 %");
	EXPECT_EQ(share_built(500, true, 0), "about 40 %");
	EXPECT_EQ(share_built(10, true, 10), "10 files") << "more than were expected";
	EXPECT_EQ(share_built(5, false, 10), "5 files") << "only what has changed is compiled";
}

TEST(FirstError, IsTheCompilersBeforeMakes)
{
	const FirstError e = first_error("  CC      a.o\nmake[1]: *** waiting\na.c:5:2: error: no such thing\nb.c:1:1: error: more\n");
	EXPECT_EQ(e.place, "a.c:5:2");
	EXPECT_EQ(e.what, "error: no such thing");
	EXPECT_EQ(first_error("ld: a.o: undefined reference to `x'\n").what, "ld: a.o: undefined reference to `x'");
	EXPECT_EQ(first_error("make: *** No rule to make target 'x'.  Stop.\n").what, "make: *** No rule to make target 'x'.  Stop.");
	EXPECT_EQ(first_error("all is well\n").what, "");
}

} // namespace
