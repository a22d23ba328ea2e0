// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "cli/data.hpp"
#include "cli/verbs.hpp"
#include "machine/image.hpp"
#include "machine/scratch.hpp"
#include "model/reader.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace exit24::cli {

/// A case of the suite in a folder of its own, after `change` has been at it.
static Result<void> copy_case(const std::string &from, const std::string &to, const std::string &name,
			      void (*change)(model::Json &))
{
	const auto text = read_file(from + "/" + name + ".json", 1 << 20);
	if (!text)
		return text.error();
	try {
		model::Json json = model::parse_strict(*text);
		change(json);
		return write_file(to + "/" + name + ".json", json.dump(2) + "\n");
	} catch (const model::Malformed &m) {
		return Error{from + "/" + name + ".json: " + m.reason};
	} catch (const model::Json::exception &) {
		return Error{from + "/" + name + ".json is not the case that the demonstration is made of"};
	}
}

int demo(RunOptions options)
{
	const Places places = find_places();
	auto scratch = machine::Scratch::create();
	if (!scratch)
		return fail(3, scratch.error().what);
	for (const char *folder : {"system_off", "system_reset"}) {
		std::error_code error;
		std::filesystem::create_directory(scratch->path(folder), error);
		if (error)
			return fail(3, "cannot make " + scratch->path(folder) + ": " + error.message());
	}
	auto right = copy_case(places.cases, scratch->folder(), "system_off/reports-shutdown", [](model::Json &) {});
	auto wrong = copy_case(places.cases, scratch->folder(), "system_reset/reports-reset", [](model::Json &json) {
		json["title"] = "SYSTEM_RESET is reported as SHUTDOWN: wrong on purpose";
		json["catches"] = "nothing: what is wrong here is the expectation, and the kernel is right";
		json.erase("hurts");
		json.at("steps").at(0).at("expect")["type"] = "KVM_SYSTEM_EVENT_SHUTDOWN";
	});
	for (const auto *r : {&right, &wrong})
		if (!*r)
			return fail(2, r->error().what);

	for (const std::string &kernel : options.kernels) // before a word about what will be seen
		if (const auto image = machine::load_image(kernel); !image)
			return fail(2, image.error().what);
	fmt::print("See red before you trust green. Two cases run on a real kernel: one as it is, and one whose expectation is\n"
		   "wrong on purpose (it wants SHUTDOWN after a reset). The kernel is right; what you see is what a kernel that\n"
		   "reports the wrong type would look like, the other way round.\n\n");
	std::fflush(stdout);
	options.cases = scratch->folder();
	options.modes = {"nvhe"};
	options.command = "exit24 run";
	const int status = run(options);
	if (status != 1)
		return status == 0 ? fail(3, "the wrong expectation was met: do not trust this exit24 or this kernel") : status;
	fmt::print("\nThat was red, with status 1, as it must be. (Its \"repeat\" line runs the case as it is kept, which passes.)\nKernels that are wrong on purpose are in kernel-patches/mutants.\n"
		   "next: exit24 run\n");
	return 0;
}

} // namespace exit24::cli
