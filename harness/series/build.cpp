// SPDX-License-Identifier: GPL-2.0-only
#include "series/build.hpp"

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "machine/scratch.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sys/utsname.h>
#include <thread>

namespace fs = std::filesystem;

namespace exit24::series {

namespace {

using Clock = std::chrono::steady_clock;

// Where the sandbox shows source and output: the same for all workspaces, so a build can be moved to another.
constexpr char inside[] = "/tmp/exit24";
constexpr std::size_t log_limit = std::size_t{64} << 20;

std::string image_in(const std::string &build)
{
	return build + "/arch/arm64/boot/Image";
}

/// Removes what a build that was killed may have left half-written: the objects that are younger than its start.
void remove_torn(const std::string &build, const std::string &mark)
{
	std::error_code error;
	const auto start = fs::last_write_time(mark, error);
	if (error)
		return;
	for (auto it = fs::recursive_directory_iterator(build, error); !error && it != fs::end(it); it.increment(error)) {
		std::error_code ignored;
		const std::string extension = it->path().extension();
		const bool object = extension == ".o" || extension == ".a" || extension == ".lds" || extension == ".cmd" ||
				    it->path().filename().string().find("vmlinux") != std::string::npos;
		if (object && it->is_regular_file(ignored) && fs::last_write_time(it->path(), ignored) >= start)
			fs::remove(it->path(), ignored);
	}
}

/// How many files a log of make says are compiled, from a place on.
class Compiled {
public:
	std::size_t more(const std::string &file)
	{
		std::error_code error;
		const auto size = fs::file_size(file, error);
		if (error || size == seen_ || size > log_limit)
			return count_;
		auto text = read_file(file);
		if (!text)
			return count_;
		count_ = 0;
		seen_ = text->size();
		for (const char *kind : {"\n  CC  ", "\n  AS  ", "\n  LD  ", "\n  AR  "})
			for (auto at = text->find(kind); at != std::string::npos; at = text->find(kind, at + 1))
				count_++;
		return count_;
	}

private:
	std::size_t seen_ = 0, count_ = 0;
};

bool is_native()
{
	utsname names;
	return ::uname(&names) == 0 && std::string_view(names.machine) == "aarch64";
}

/// Files that say how to build, not what; a new content makes the configuration be worked out again.
bool configures(const std::string &path)
{
	const std::string name = fs::path(path).filename();
	return name.starts_with("Kconfig") || name == "Makefile" || name == "Kbuild" || path.starts_with("scripts/");
}

} // namespace

Result<Builder> Builder::create(BuildOptions options)
{
	Builder builder;
	auto fragment = read_file(options.fragment);
	if (!fragment)
		return fragment.error();
	builder.fragment_ = *fragment + options.kconfig;
	const auto make = machine::find_program("make");
	builder.prefix_ = is_native() ? "" : "aarch64-linux-gnu-";
	const auto compiler = machine::find_program(builder.prefix_ + "gcc");
	if (!make || !compiler)
		return Error{"there is no " + (make ? builder.prefix_ + "gcc" : std::string("make")) + " to build a kernel with; install Debian's " +
			     (make ? is_native() ? "gcc" : "gcc-aarch64-linux-gnu" : "make")};
	for (const auto &[tool, package] : {std::pair{"flex", "flex"}, {"bison", "bison"}, {"bc", "bc"}, {"perl", "perl"}})
		if (!machine::find_program(tool))
			return Error{std::string("there is no ") + tool + ", which building a kernel takes; install Debian's " + package};
	builder.make_ = *make;
	for (const std::string &program : {*compiler, machine::find_program(builder.prefix_ + "ld").value_or(*compiler)}) {
		auto version = machine::output_of(program, {"--version"}, std::chrono::seconds(20));
		if (!version)
			return version.error();
		builder.compiler_ += (builder.compiler_.empty() ? "" : ", ") + version->substr(0, version->find('\n'));
	}
	if (options.sandbox) {
		const auto bwrap = machine::find_program("bwrap");
		if (!bwrap)
			return Error{"there is no bwrap to shut the build in; install Debian's bubblewrap, or say --no-sandbox: then the "
				     "patches' makefiles run with all your rights"};
		auto tried = machine::output_of(*bwrap, {"--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--dev", "/dev",
							 "--proc", "/proc", "--tmpfs", "/tmp", "--", "/bin/true"},
						std::chrono::seconds(20));
		if (!tried)
			return Error{"this system lets bwrap make no sandbox (" + tried.error().what +
				     "); allow user namespaces, or say --no-sandbox: then the patches' makefiles run with all your rights"};
		builder.bwrap_ = *bwrap;
	}
	if (options.jobs == 0)
		options.jobs = std::max(1u, std::thread::hardware_concurrency());
	builder.options_ = std::move(options);
	return builder;
}

std::string Builder::notice() const
{
	return options_.sandbox ? ""
				: "no sandbox: the makefiles of the tree and of the patches run with all your rights, network included";
}

std::string Builder::key(const Workspace &workspace) const
{
	std::string text = workspace.content_id() + "\n" + fragment_ + "\n" + compiler_ + "\n";
	for (const std::string &variable : options_.make)
		text += variable + "\n";
	return sha256(text);
}

/// What the workspace's changes say is run when it is built, as a key; "" if all of that is the tree's own.
std::string Builder::rules_of(const Workspace &workspace) const
{
	std::string text;
	for (const std::string &path : workspace.changed())
		if (steers_the_build(path)) {
			auto content = read_file(workspace.linux_folder() + "/" + path);
			text += path + " " + (content ? sha256(*content) : "gone") + "\n";
		}
	return text.empty() ? "" : sha256(text);
}

std::vector<std::string> Builder::make_arguments(const Workspace &workspace, const std::string &folder) const
{
	const std::string source = options_.sandbox ? std::string(inside) + "/linux" : workspace.linux_folder();
	const std::string build = options_.sandbox ? std::string(inside) + "/build" : folder;
	std::vector<std::string> arguments = {"-C", source, "O=" + build, "ARCH=arm64"};
	if (!prefix_.empty())
		arguments.push_back("CROSS_COMPILE=" + prefix_);
	arguments.insert(arguments.end(), options_.make.begin(), options_.make.end());
	return arguments;
}

/// make, in the sandbox if there is one.
machine::Command Builder::command(const Workspace &workspace, const std::string &build, std::vector<std::string> more) const
{
	const char *path = std::getenv("PATH");
	machine::Command command;
	// The same content gives the same Image, whoever builds it, when and where.
	command.environment = {std::string("PATH=") + (path ? path : "/usr/local/bin:/usr/bin:/bin"),
			       "HOME=/nonexistent", "LC_ALL=C", "TZ=UTC", "KBUILD_BUILD_USER=exit24",
			       "KBUILD_BUILD_HOST=exit24", "KBUILD_BUILD_TIMESTAMP=2026-01-01 00:00:00 UTC", "KBUILD_BUILD_VERSION=1",
			       "SOURCE_DATE_EPOCH=1767225600"};
	std::vector<std::string> make = make_arguments(workspace, build);
	make.insert(make.end(), more.begin(), more.end());
	if (!options_.sandbox) {
		command.program = make_;
		command.directory = build;
		command.arguments = std::move(make);
		return command;
	}
	const std::string base = inside;
	command.program = bwrap_;
	command.arguments = {"--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
			     "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp",
			     "--ro-bind", workspace.linux_folder(), base + "/linux",
			     "--bind", build, base + "/build",
			     "--chdir", base + "/build", "--", make_};
	command.arguments.insert(command.arguments.end(), make.begin(), make.end());
	return command;
}

Result<Built> Builder::build(const Workspace &workspace, const Progress &progress) const
{
	const auto start = Clock::now();
	const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
	const std::string id = key(workspace);
	const std::string kept = workspace.cache() + "/images/" + id + "/Image";
	std::error_code error;
	Built built;
	if (options_.keep && fs::exists(kept, error)) {
		auto image = read_file(kept);
		if (!image)
			return image.error();
		built.ok = built.cached = true;
		built.image = kept;
		built.image_sha256 = sha256(*image);
		built.seconds = seconds();
		fs::last_write_time(kept, fs::file_time_type::clock::now(), error); // it is of use
		return built;
	}

	// Without a sandbox it could write anywhere, and no folder apart would help.
	const std::string rules = options_.sandbox ? rules_of(workspace) : "";
	std::string build = workspace.build_folder();
	const std::string mark = workspace.slot_folder() + "/building";
	if (fs::exists(mark, error))
		remove_torn(build, mark);
	if (rules.empty()) {
		workspace.drop_apart();
	} else {
		auto apart = workspace.build_folder_apart(rules);
		if (!apart)
			return apart.error();
		build = std::move(*apart);
	}
	fs::create_directories(build, error);
	fs::remove(image_in(build), error);
	if (auto r = write_file(mark, ""); !r)
		return r.error();
	built.log = workspace.slot_folder() + "/make.log";
	const auto explain = [&](const machine::Ran &ran, const std::string &what) {
		auto log = read_file(built.log, log_limit);
		const FirstError first = first_error(log ? *log : "");
		built.place = first.place;
		built.error = first.what;
		if (ran.how == machine::Ran::late)
			built.error = what + " did not end within " + std::to_string(options_.limit.count()) + " s and was stopped";
		else if (built.error.empty())
			built.error = what + " ended with " + ran.end + " and said no error";
		// paths as they are in the tree
		for (const std::string &prefix : {std::string(inside) + "/linux/", workspace.linux_folder() + "/",
						  std::string(inside) + "/build/", build + "/"})
			for (std::string *text : {&built.error, &built.place})
				for (auto at = text->find(prefix); at != std::string::npos; at = text->find(prefix, at))
					text->erase(at, prefix.size());
		built.seconds = seconds();
		return built;
	};

	// The configuration follows from the fragment and from the files that say how to build.
	std::string wanted = fragment_ + compiler_;
	for (const std::string &variable : options_.make)
		wanted += variable + "\n";
	for (const std::string &path : workspace.changed())
		if (configures(path)) {
			auto content = read_file(workspace.linux_folder() + "/" + path);
			wanted += path + " " + (content ? sha256(*content) : "gone") + "\n";
		}
	wanted = sha256(wanted);
	const std::string stamp = build + "/.exit24-config";
	const auto configured = read_file(stamp);
	bool first_time = !fs::exists(build + "/.config", error);
	if (first_time || !configured || *configured != wanted) {
		if (progress)
			progress("configuring the kernel");
		fs::remove(stamp, error);
		const std::string fragment = build + "/.exit24-fragment";
		if (auto r = write_file(fragment, fragment_); !r)
			return r.error();
		const std::string folder = options_.sandbox ? std::string(inside) + "/build" : build;
		auto ran = machine::run(command(workspace, build, {"KCONFIG_ALLCONFIG=" + folder + "/.exit24-fragment", "allnoconfig"}),
					built.log, options_.limit);
		if (!ran)
			return ran.error();
		if (ran->how == machine::Ran::interrupted)
			return Error{"interrupted"};
		if (ran->how != machine::Ran::succeeded)
			return explain(*ran, "configuring");
		if (auto r = write_file(stamp, wanted); !r)
			return r.error();
	}

	// If there has been a build from nothing, it has told how many files there are.
	const std::string total_file = workspace.slot_folder() + "/compiled";
	const auto known = read_file(total_file);
	const std::size_t total = known ? std::strtoul(known->c_str(), nullptr, 10) : 0;
	Compiled compiled;
	const auto watch = [&] {
		const std::size_t n = compiled.more(built.log);
		if (progress && n > 0)
			progress("building, " + share_built(n, first_time, total));
	};
	if (progress)
		progress("building");
	auto ran = machine::run(command(workspace, build, {"-j" + std::to_string(options_.jobs), "Image"}), built.log, options_.limit,
				watch);
	if (!ran)
		return ran.error();
	if (ran->how == machine::Ran::interrupted)
		return Error{"interrupted"};
	built.compiled = compiled.more(built.log);
	if (ran->how == machine::Ran::late)
		return explain(*ran, "the build"); // the mark stays: what it was writing is torn
	fs::remove(mark, error);
	if (!rules.empty())
		if (auto r = workspace.keep_apart(rules); !r)
			return r.error();
	if (ran->how != machine::Ran::succeeded)
		return explain(*ran, "make");
	auto image = read_file(image_in(build));
	if (!image) {
		built.error = "make succeeded, but there is no arch/arm64/boot/Image";
		built.seconds = seconds();
		return built;
	}
	if (first_time && rules.empty())
		if (auto r = write_file(total_file, std::to_string(built.compiled)); !r)
			return r.error();
	built.ok = true;
	built.image = image_in(build);
	built.image_sha256 = sha256(*image);
	if (options_.keep) {
		fs::create_directories(fs::path(kept).parent_path(), error);
		if (auto r = write_file(kept, *image); !r)
			return r.error();
		built.image = kept;
	}
	built.seconds = seconds();
	return built;
}

std::string share_built(std::size_t files, bool from_nothing, std::size_t total)
{
	constexpr std::size_t usual_total = 1250; // 1245 of 7.3.4 with exit24.config
	const std::size_t all = total ? total : usual_total;
	if (!from_nothing || files >= all)
		return std::to_string(files) + " files";
	return (total ? "" : "about ") + std::to_string(files * 100 / all) + " %";
}

FirstError first_error(const std::string &log)
{
	const auto line_at = [&](std::size_t at) {
		const auto begin = at == 0 ? 0 : log.rfind('\n', at - 1) + 1;
		return log.substr(begin, std::min(log.find('\n', at), log.size()) - begin);
	};
	std::size_t best = std::string::npos;
	for (const char *mark : {": error: ", ": fatal error: ", "undefined reference to ", "ERROR: modpost: ", "syntax error"})
		best = std::min(best, log.find(mark));
	if (best == std::string::npos)
		for (const char *mark : {"*** ", ": Error: ", "error: ", "Error "})
			if (best = log.find(mark); best != std::string::npos)
				break;
	if (best == std::string::npos)
		return {};
	FirstError first{line_at(best), ""};
	// "file.c:12:3: error: ..."
	const auto colon = first.what.find(": ");
	if (colon != std::string::npos) {
		const std::string head = first.what.substr(0, colon);
		const auto number = head.find(':');
		if (number != std::string::npos && number + 1 < head.size() && head.find(' ') == std::string::npos &&
		    head.find_first_not_of("0123456789:", number) == std::string::npos) {
			first.place = head;
			first.what = first.what.substr(colon + 2);
		}
	}
	return first;
}

} // namespace exit24::series
