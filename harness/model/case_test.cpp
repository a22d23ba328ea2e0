// SPDX-License-Identifier: GPL-2.0-only
#include "model/case.hpp"

#include "abi/names.hpp"
#include "base/file.hpp"
#include "model/reader.hpp"

#include <gtest/gtest.h>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace exit24::model {
namespace {

namespace fs = std::filesystem;
using PlainJson = nlohmann::json; // valijson does not take the ordered one
using Words = std::set<std::string>;

const std::string cases = SOURCE_ROOT "/cases";
const std::string testdata = SOURCE_ROOT "/harness/model/testdata";

std::string content(const std::string &file)
{
	const auto text = read_file(file);
	EXPECT_TRUE(text) << text.error().what;
	return text ? *text : "";
}

const PlainJson &schema_text()
{
	static const PlainJson text = PlainJson::parse(content(cases + "/case.schema.json"));
	return text;
}

bool schema_accepts(const PlainJson &document)
{
	static const auto schema = [] {
		auto out = std::make_unique<valijson::Schema>();
		valijson::SchemaParser().populateSchema(
			valijson::adapters::NlohmannJsonAdapter(schema_text()), *out);
		return out;
	}();
	valijson::Validator validator;
	return validator.validate(*schema, valijson::adapters::NlohmannJsonAdapter(document),
				  nullptr);
}

/// As an editor would: what is no JSON is refused before the schema is asked.
bool schema_accepts_text(const std::string &text)
{
	const PlainJson document = PlainJson::parse(text, nullptr, false);
	return !document.is_discarded() && schema_accepts(document);
}

/// What the loader says, without the file's name; "" if it accepts.
std::string refused(const std::string &text)
{
	const auto c = parse_case("a/b", "FILE", text);
	if (c)
		return "";
	EXPECT_EQ(c.error().what.find("FILE"), 0u) << c.error().what;
	return c.error().what.substr(4);
}

std::vector<std::string> files_in(const std::string &folder)
{
	std::vector<std::string> out;
	for (const auto &entry : fs::directory_iterator(folder))
		out.push_back(entry.path().filename().string());
	std::sort(out.begin(), out.end());
	return out;
}

enum Whose { both, loader_only };

struct Mistake {
	const char *file;    ///< in testdata/invalid, without .json; one mistake each
	const char *pointer; ///< where the loader says it is
	const char *words;   ///< of what the loader says
	Whose whose = both;  ///< loader_only: draft-07 cannot say it
};

const Mistake mistakes[] = {
	{"empty", "", "unexpected end of input"},
	{"cut-short", "", "line "},
	{"comma-missing", "", "line 4"},
	{"comma-at-the-end", "", "line "},
	{"comment", "", "line 1"},
	{"text-behind-the-end", "", "expected end of input"},
	{"second-document", "", "expected end of input"},
	{"not-utf-8", "", "ill-formed UTF-8"},
	{"number-out-of-range", "", "number overflow"},
	{"not-an-object", "", "must be an object"},
	{"key-twice", "", "the key \"status\" stands twice", loader_only},
	{"key-twice-in-a-step", "/steps/0", "the key \"init\" stands twice", loader_only},
	{"nested-too-deep", "", "nested more than 32 levels deep"},
	{"unknown-key", "/retries", "unknown key"},
	{"schema-not-a-string", "/$schema", "must be a string"},
	{"title-missing", "", "the key \"title\" is missing"},
	{"status-missing", "", "the key \"status\" is missing"},
	{"rules-missing", "", "the key \"rules\" is missing"},
	{"catches-missing", "", "the key \"catches\" is missing"},
	{"spec-missing", "", "the key \"spec\" is missing"},
	{"vcpus-missing", "", "the key \"vcpus\" is missing"},
	{"steps-missing", "", "the key \"steps\" is missing"},
	{"title-not-a-string", "/title", "must be a string"},
	{"title-empty", "/title", "1 to 80 characters"},
	{"title-too-long", "/title", "1 to 80 characters"},
	{"title-hedges", "/title", "without \"should\""},
	{"title-begins-with-should", "/title", "without \"Should\""},
	{"title-says-test-that", "/title", "without \"Test that\""},
	{"status-unknown", "/status", "\"required\" or \"characterised\""},
	{"rules-empty", "/rules", "at least one rule"},
	{"rules-not-a-list", "/rules", "must be a list"},
	{"rule-not-a-string", "/rules/1", "must be a string"},
	{"rule-malformed-lower-case", "/rules/0", "the id of a rule"},
	{"rule-malformed-number", "/rules/0", "the id of a rule"},
	{"rule-malformed-short", "/rules/0", "the id of a rule"},
	{"rule-malformed-long", "/rules/0", "the id of a rule"},
	{"rule-malformed-prefix", "/rules/0", "the id of a rule"},
	{"rule-malformed-tail", "/rules/0", "the id of a rule"},
	{"rule-malformed-newline", "/rules/0", "the id of a rule"},
	{"catches-empty", "/catches", "must not be empty"},
	{"hurts-empty", "/hurts", "must not be empty"},
	{"spec-empty", "/spec", "at least one sentence"},
	{"spec-doc-missing", "/spec/0", "the key \"doc\" is missing"},
	{"spec-section-missing", "/spec/0", "the key \"section\" is missing"},
	{"spec-differs-empty", "/spec/0/differs", "must not be empty"},
	{"spec-sentence-missing", "/spec/0", "the key \"sentence\" is missing"},
	{"spec-doc-empty", "/spec/0/doc", "must not be empty"},
	{"spec-section-empty", "/spec/0/section", "must not be empty"},
	{"spec-unknown-key", "/spec/0/quote", "unknown key"},
	{"spec-sentence-short", "/spec/0/sentence", "\"sha256:\" and 12 hexadecimal digits"},
	{"spec-sentence-long", "/spec/0/sentence", "\"sha256:\" and 12 hexadecimal digits"},
	{"spec-sentence-upper-case", "/spec/0/sentence", "\"sha256:\" and 12 hexadecimal digits"},
	{"spec-sentence-unnamed", "/spec/0/sentence", "\"sha256:\" and 12 hexadecimal digits"},
	{"spec-sentence-not-hexadecimal", "/spec/0/sentence",
	 "\"sha256:\" and 12 hexadecimal digits"},
	{"requires-not-an-object", "/requires", "must be an object"},
	{"requires-a-kernel-version", "/requires/kernel", "unknown key"},
	{"requires-unknown-capability", "/requires/capabilities/0", "not a capability"},
	{"requires-psci-version-without-minor", "/requires/psci_version", "a version such as"},
	{"requires-psci-version-with-patch", "/requires/psci_version", "a version such as"},
	{"requires-psci-version-with-letters", "/requires/psci_version", "a version such as"},
	{"requires-psci-version-as-a-number", "/requires/psci_version", "must be a string"},
	{"requires-psci-version-too-great", "/requires/psci_version", "a version such as",
	 loader_only},
	{"requires-conduit-hvc", "/requires/conduit", "HVC needs nothing"},
	{"requires-unknown-attribute", "/requires/attributes/0", "KVM_ARM_VM_SMCCC_FILTER"},
	{"requires-unknown-register", "/requires/registers/0", "a register that is no core register", loader_only},
	{"requires-without-unknown-capability", "/requires/without/capabilities/0",
	 "not a capability"},
	{"requires-without-without", "/requires/without/without", "unknown key"},
	{"vms-empty", "/vms", "1 to 16 VMs"},
	{"vms-too-many", "/vms", "1 to 16 VMs"},
	{"vm-unknown-gic", "/vms/0/gic", "\"none\", \"v2\" or \"v3\""},
	{"vm-protected-not-a-truth-value", "/vms/0/protected", "true or false"},
	{"vm-unknown-key", "/vms/0/memory", "unknown key"},
	{"vcpu-in-a-vm-that-is-not-given", "/vcpus/0/vm", "without gaps", loader_only},
	{"vcpus-empty", "/vcpus", "1 to 16 vCPUs"},
	{"vcpus-too-many", "/vcpus", "1 to 16 vCPUs"},
	{"vcpu-not-an-object", "/vcpus/0", "must be an object"},
	{"vcpu-unknown-key", "/vcpus/0/memory", "unknown key"},
	{"guest-missing", "/vcpus/0", "the key \"guest\" is missing"},
	{"guest-empty", "/vcpus/0/guest", "name of a payload"},
	{"guest-a-path", "/vcpus/0/guest", "name of a payload"},
	{"guest-upper-case", "/vcpus/0/guest", "name of a payload"},
	{"guest-too-long", "/vcpus/0/guest", "name of a payload"},
	{"entry-malformed", "/vcpus/0/entry", "label of the payload"},
	{"entry-not-a-string", "/vcpus/0/entry", "must be a string"},
	{"feature-unknown", "/vcpus/0/features/1", "not a vCPU feature"},
	{"features-not-a-list", "/vcpus/0/features", "must be a list"},
	{"regs-unknown-register", "/vcpus/0/regs", "\"x31\" is not a register"},
	{"regs-unknown-value", "/vcpus/0/regs/x0", "neither a hexadecimal number"},
	{"regs-decimal", "/vcpus/0/regs/x0", "neither a hexadecimal number"},
	{"regs-number", "/vcpus/0/regs/x0", "must be a string"},
	{"regs-upper-case-prefix", "/vcpus/0/regs/x0", "neither a hexadecimal number"},
	{"regs-label-of-a-great-vcpu", "/vcpus/0/regs/pc", "neither a hexadecimal number"},
	{"regs-label-with-a-space", "/vcpus/0/regs/pc", "neither a hexadecimal number"},
	{"regs-not-an-object", "/vcpus/0/regs", "must be an object"},
	{"regs-before-init", "/vcpus/0", "before KVM_ARM_VCPU_INIT", loader_only},
	{"vm-gap", "/vcpus/0/vm", "without gaps", loader_only},
	{"vm-too-great", "/vcpus/0/vm", "from 0 to 15"},
	{"vm-negative", "/vcpus/0/vm", "from 0 to 15"},
	{"id-too-great", "/vcpus/0/id", "from 0 to 4095"},
	{"late-not-a-truth-value", "/vcpus/0/late", "true or false"},
	{"init-not-a-truth-value", "/vcpus/0/init", "true or false"},
	{"steps-empty", "/steps", "1 to 1000 steps"},
	{"steps-not-a-list", "/steps", "must be a list"},
	{"step-without-an-action", "/steps/0", "no action; known are run"},
	{"step-unknown-action", "/steps/0", "no action; known are run"},
	{"step-unknown-key", "/steps/0/sleep_ms", "unknown key"},
	{"step-two-actions", "/steps/0/init", "unknown key"},
	{"step-not-an-object", "/steps/0", "must be an object"},
	{"vcpu-number-not-there", "/steps/0/init", "from 0 to 0", loader_only},
	{"vcpu-number-negative", "/steps/0/init", "from 0 to 0"},
	{"vcpu-number-fractional", "/steps/0/init", "from 0 to 0"},
	{"vcpu-number-a-string", "/steps/0/init", "from 0 to 0"},
	{"run-expect-missing", "/steps/0", "the key \"expect\" is missing"},
	{"run-until-unknown", "/steps/0/until", "must be \"asleep\""},
	{"run-reports-zero", "/steps/0/reports", "from 1 to 64"},
	{"run-reports-too-many", "/steps/0/reports", "from 1 to 64"},
	{"run-until-with-reports", "/steps/0", "no other way to end a run"},
	{"run-until-with-immediate-exit", "/steps/0", "no other way to end a run"},
	{"run-until-with-signal", "/steps/0", "no other way to end a run"},
	{"run-signal-unknown", "/steps/0/signal", "\"blocked\" or \"unblocked\""},
	{"run-immediate-exit-a-number", "/steps/0/immediate_exit", "true or false"},
	{"exit-says-nothing", "/steps/0/expect", "needs \"exit\""},
	{"exit-unknown", "/steps/0/expect/exit", "not an exit reason"},
	{"exit-a-number", "/steps/0/expect/exit", "must be a string"},
	{"exit-unknown-key", "/steps/0/expect/flag", "unknown key"},
	{"event-type-missing", "/steps/0/expect", "the key \"type\" is missing"},
	{"event-ndata-missing", "/steps/0/expect", "the key \"ndata\" is missing"},
	{"event-data-missing", "/steps/0/expect", "the key \"data\" is missing"},
	{"event-type-unknown", "/steps/0/expect/type", "not an event type"},
	{"event-ndata-too-great", "/steps/0/expect/ndata", "from 0 to 16"},
	{"event-ndata-a-string", "/steps/0/expect/ndata", "from 0 to 16"},
	{"event-data-too-few", "/steps/0/expect/data", "exactly ndata words", loader_only},
	{"event-data-too-many", "/steps/0/expect/data", "exactly ndata words", loader_only},
	{"event-data-numbers", "/steps/0/expect/data/0", "must be a string"},
	{"event-fields-of-another-exit", "/steps/0/expect/type", "unknown key"},
	{"event-with-errno", "/steps/0/expect/type", "unknown key"},
	{"mmio-without-reports", "/steps/0/expect", "the key \"reports\" is missing"},
	{"mmio-reports-not-a-list", "/steps/0/expect/reports", "must be a list"},
	{"hypercall-without-flags", "/steps/0/expect", "the key \"flags\" is missing"},
	{"hypercall-without-nr", "/steps/0/expect", "the key \"nr\" is missing"},
	{"one-of-with-one", "/steps/0/expect/one_of", "at least two"},
	{"one-of-with-more", "/steps/0/expect/exit", "unknown key"},
	{"one-of-a-bad-one", "/steps/0/expect/one_of/1/errno", "not an errno name"},
	{"errno-unknown", "/steps/0/expect/errno", "not an errno name"},
	{"errno-ok", "/steps/0/expect/errno", "where success is expected"},
	{"errno-a-number", "/steps/0/expect/errno", "must be a string"},
	{"exit-regs-unknown", "/steps/0/expect/regs", "not read at an exit"},
	{"exit-regs-a-number", "/steps/0/expect/regs/x0", "must be a string"},
	{"mp-states-vcpu-not-there", "/steps/0/expect/mp_states", "not the number of a vCPU",
	 loader_only},
	{"mp-states-vcpu-no-number", "/steps/0/expect/mp_states", "not the number of a vCPU"},
	{"mp-states-unknown", "/steps/0/expect/mp_states/0", "not an MP state"},
	{"mp-states-a-list", "/steps/0/expect/mp_states", "must be an object"},
	{"bytes-at-behind-the-page", "/steps/0/expect/bytes/0/at", "from 0 to 2351"},
	{"bytes-count-zero", "/steps/0/expect/bytes/0/count", "from 1 to 2304"},
	{"bytes-count-behind-the-page", "/steps/0/expect/bytes/0/count", "from 1 to 2304",
	 loader_only},
	{"bytes-are-two-bytes", "/steps/0/expect/bytes/0/are", "one byte"},
	{"bytes-are-a-word", "/steps/0/expect/bytes/0/are", "one byte"},
	{"bytes-are-a-number", "/steps/0/expect/bytes/0/are", "must be a string"},
	{"bytes-unknown-key", "/steps/0/expect/bytes/0/mask", "unknown key"},
	{"bytes-incomplete", "/steps/0/expect/bytes/0", "the key \"count\" is missing"},
	{"wait-without-for", "/steps/1", "the key \"for\" is missing"},
	{"wait-for-a-time", "/steps/1/for", "must be \"progress\""},
	{"wait-or-without-exit", "/steps/1/or", "only goes with", loader_only},
	{"wait-or-vcpu-not-there", "/steps/1/or/0", "from 0 to 0", loader_only},
	{"wait-before-start", "/steps/0", "has not been started", loader_only},
	{"wait-for-another-vcpu", "/steps/1", "vCPU 1 has not been started", loader_only},
	{"kick-before-start", "/steps/0", "has not been started", loader_only},
	{"kick-twice", "/steps/2", "has not been started", loader_only},
	{"kick-without-expect", "/steps/1", "the key \"expect\" is missing"},
	{"start-while-it-runs", "/steps/1", "is inside KVM_RUN", loader_only},
	{"run-while-it-runs", "/steps/1", "is inside KVM_RUN", loader_only},
	{"init-while-it-runs", "/steps/1", "is inside KVM_RUN", loader_only},
	{"get-reg-while-it-runs", "/steps/1", "is inside KVM_RUN", loader_only},
	{"set-reg-while-it-runs", "/steps/1", "is inside KVM_RUN", loader_only},
	{"set-mp-state-while-it-runs", "/steps/1", "is inside KVM_RUN", loader_only},
	{"page-while-it-runs", "/steps/1", "is inside KVM_RUN", loader_only},
	{"get-mp-state-while-it-runs", "/steps/1", "inside KVM_RUN", loader_only},
	{"get-mp-state-until-kick-before-start", "/steps/0", "has not been started", loader_only},
	{"get-mp-state-until-unknown", "/steps/0/until", "must be \"kick\""},
	{"get-mp-state-without-expect", "/steps/0", "the key \"expect\" is missing"},
	{"get-mp-state-unknown", "/steps/0/expect/mp_state", "not an MP state"},
	{"get-mp-state-and-errno", "/steps/0/expect/mp_state", "unknown key"},
	{"set-mp-state-without-to", "/steps/0", "the key \"to\" is missing"},
	{"set-mp-state-unknown", "/steps/0/to", "not an MP state"},
	{"set-mp-state-expects-a-state", "/steps/0/expect", "the key \"errno\" is missing"},
	{"get-reg-unknown", "/steps/0/reg", "is not a register"},
	{"get-reg-without-value", "/steps/0/expect", "the key \"value\" is missing"},
	{"get-reg-value-unknown", "/steps/0/expect/value", "neither a hexadecimal number"},
	{"set-reg-without-to", "/steps/0", "the key \"to\" is missing"},
	{"set-reg-unknown", "/steps/0/reg", "is not a register"},
	{"set-reg-expect-unknown-key", "/steps/0/expect/value", "unknown key"},
	{"init-unknown-feature", "/steps/0/features/0", "not a vCPU feature"},
	{"enable-cap-unknown", "/steps/0/enable_cap", "not a capability"},
	{"enable-cap-vm-not-there", "/steps/0/vm", "from 0 to 0", loader_only},
	{"create-what-is-there", "/steps/0/create", "has been created already", loader_only},
	{"late-vcpu-before-create", "/steps/0", "has not been created", loader_only},
	{"page-without-bytes", "/steps/0/expect", "the key \"bytes\" is missing"},
	{"calls-empty", "/steps/0/table", "1 to 1024 calls"},
	{"calls-returns-too-few", "/steps/0/table/0/returns", "four values"},
	{"calls-returns-too-many", "/steps/0/table/0/returns", "at most 4"},
	{"calls-backwards", "/steps/0/table/0/to", "a number from x0", loader_only},
	{"calls-too-many-in-a-row", "/steps/0/table/0/to", "a number from x0", loader_only},
	{"calls-too-many-in-all", "/steps/0/table", "1 to 1024 calls", loader_only},
	{"calls-unknown-key", "/steps/0/table/0/x4", "unknown key"},
	{"ioctl-unknown", "/steps/0/ioctl", "not an ioctl"},
	{"ioctl-of-nothing", "/steps/0/of", "\"kvm\", \"vm N\""},
	{"ioctl-of-a-vcpu-not-there", "/steps/0/of", "of this case", loader_only},
	{"ioctl-of-a-gic-not-there", "/steps/0/of", "of this case", loader_only},
	{"ioctl-without-argument", "/steps/0", "the key \"argument\" is missing"},
	{"ioctl-number-and-argument", "/steps/0/argument", "unknown key"},
	{"ioctl-number-a-label", "/steps/0/number", "is a label", loader_only},
	{"event-data-a-label", "/steps/0/expect/data/0", "is a label", loader_only},
	{"hypercall-nr-a-label", "/steps/0/expect/nr", "is a label", loader_only},
	{"calls-x0-a-label", "/steps/0/table/0/x0", "is a label", loader_only},
	{"field-without-a-size", "/steps/0/argument/0", "and a number that fits"},
	{"field-of-an-odd-size", "/steps/0/argument/0", "and a number that fits"},
	{"field-of-a-decimal", "/steps/0/argument/0", "and a number that fits"},
	{"field-of-no-name", "/steps/0/argument/0", "and a number that fits", loader_only},
	{"field-too-small", "/steps/0/argument/0", "and a number that fits", loader_only},
	{"fields-too-many", "/steps/0/argument", "at most 64 fields"},
	{"count-regs-without-match", "/steps/0", "the key \"match\" is missing"},
	{"count-regs-too-many", "/steps/0/expect/count", "from 0 to 100000"},
	{"deadline-zero", "/deadline_ms", "from 1 to 60000"},
	{"deadline-too-long", "/deadline_ms", "from 1 to 60000"},
	{"deadline-fractional", "/deadline_ms", "from 1 to 60000"},
	{"deadline-a-string", "/deadline_ms", "from 1 to 60000"},
	{"rounds-zero", "/rounds", "from 1 to 100"},
	{"rounds-too-many", "/rounds", "from 1 to 100"},
};

TEST(InvalidCases, AreAllInTheTable)
{
	std::vector<std::string> named;
	for (const Mistake &m : mistakes)
		named.push_back(std::string(m.file) + ".json");
	std::sort(named.begin(), named.end());
	EXPECT_EQ(files_in(testdata + "/invalid"), named);
}

TEST(InvalidCases, AreRefusedByTheLoaderWithFilePlaceAndReason)
{
	for (const Mistake &m : mistakes) {
		const std::string what =
			refused(content(testdata + "/invalid/" + m.file + ".json"));
		const std::string place =
			*m.pointer ? std::string(" at ") + m.pointer + ": " : ": ";
		EXPECT_EQ(what.find(place), 0u) << m.file << what;
		EXPECT_NE(what.find(m.words), std::string::npos) << m.file << what;
	}
}

TEST(InvalidCases, AreRefusedByTheSchemaUnlessItCannotSayIt)
{
	for (const Mistake &m : mistakes)
		EXPECT_EQ(schema_accepts_text(content(testdata + "/invalid/" + m.file + ".json")),
			  m.whose == loader_only)
			<< m.file;
}

TEST(ValidCases, AreAcceptedByBoth)
{
	const auto files = files_in(testdata + "/valid");
	EXPECT_GE(files.size(), 12u);
	for (const std::string &file : files) {
		const std::string text = content(testdata + "/valid/" + file);
		EXPECT_EQ(refused(text), "") << file;
		EXPECT_TRUE(schema_accepts_text(text)) << file;
	}
}

TEST(ProjectsCases, AreAcceptedByBoth)
{
	std::size_t count = 0;
	for (const auto &entry : fs::recursive_directory_iterator(cases)) {
		if (entry.path().extension() != ".json" || entry.path().parent_path() == cases)
			continue;
		const std::string text = content(entry.path().string());
		EXPECT_EQ(refused(text), "") << entry.path();
		EXPECT_TRUE(schema_accepts_text(text)) << entry.path();
		count++;
	}
	EXPECT_GT(count, 50u);
}

/// A case that is right but for its steps.
PlainJson with_steps(const PlainJson &steps)
{
	PlainJson c = PlainJson::parse(content(testdata + "/valid/least.json"));
	c["vcpus"] = {{{"guest", "psci_call"}}, {{"guest", "count"}}, {{"guest", "wait"}}};
	c["vms"] = {{{"gic", "v3"}}};
	c["steps"] = steps;
	return c;
}

/// Small cases that have, all together, everything that a case can have.
std::vector<PlainJson> small_cases()
{
	std::vector<PlainJson> out = {
		PlainJson::parse(content(testdata + "/valid/every-key.json"))};
	for (const char *file : {"every-exit", "every-step"}) {
		const PlainJson whole =
			PlainJson::parse(content(testdata + "/valid/" + file + ".json"));
		for (const PlainJson &step : whole["steps"]) {
			PlainJson steps = {step};
			const char *started = step.contains("kick")   ? "kick"
					      : step.contains("wait") ? "wait"
								      : "get_mp_state";
			if (step.contains("kick") || step.contains("wait") ||
			    step.value("until", "") == "kick")
				steps = {{{"start", step[started]}}, step};
			out.push_back(with_steps(steps));
			if (step.contains("create"))
				out.back()["vcpus"][2]["late"] = true;
		}
	}
	return out;
}

/// Pointers of all values of a document.
void collect(const PlainJson &json, const std::string &pointer, std::vector<std::string> &out)
{
	out.push_back(pointer);
	if (json.is_structured())
		for (const auto &[key, value] : json.items())
			collect(value, pointer + "/" + key, out);
}

/// What the loader alone can know: the reasons of the mistakes above that are loader_only.
bool is_loaders_own(const std::string &what)
{
	if (what.find("must be a whole number from 0 to ") != std::string::npos)
		return true; // the number of a vCPU or VM, or an offset and a count together
	return std::any_of(std::begin(mistakes), std::end(mistakes), [&](const Mistake &m) {
		return m.whose == loader_only && what.find(m.words) != std::string::npos;
	});
}

// Every value of cases that have everything is taken away, made another one, or given a key too
// many: loader and schema must agree on each of these, but for what only the loader can know.
TEST(LoaderAndSchema, AgreeOnWhateverIsDoneToACase)
{
	const PlainJson others[] = {
		nullptr, true, -1, 1.5, "x y", "0x0", PlainJson::array(), PlainJson::object()};
	std::map<std::string, std::size_t> outcomes;
	std::string below; // of the first all, of the others the steps
	for (const PlainJson &whole : small_cases()) {
		const auto check = [&](const PlainJson &spoilt, const std::string &how) {
			const std::string text = spoilt.dump();
			const std::string what = refused(text);
			const bool accepted = schema_accepts(spoilt);
			outcomes[what.empty() ? "fine" : accepted ? "loader" : "both"]++;
			EXPECT_FALSE(what.empty() && !accepted)
				<< "only the schema refuses " << how << "\n"
				<< text;
			EXPECT_FALSE(!what.empty() && accepted && !is_loaders_own(what))
				<< "only the loader refuses " << how << what << "\n"
				<< text;
		};
		check(whole, "nothing");
		std::vector<std::string> pointers;
		collect(whole, "", pointers);
		for (const std::string &pointer : pointers) {
			if (!pointer.starts_with(below))
				continue;
			const PlainJson::json_pointer place(pointer);
			const PlainJson &value = whole[place];
			PlainJson spoilt = whole;
			if (!pointer.empty() && whole[place.parent_pointer()].is_object()) {
				spoilt[place.parent_pointer()].erase(place.back());
				check(spoilt, pointer + " taken away");
				spoilt = whole;
			}
			if (value.is_object()) {
				spoilt[place]["unexpected"] = "x";
				check(spoilt, pointer + " with a key too many");
			}
			for (const PlainJson &other : others) {
				spoilt[place] = other;
				check(spoilt, pointer + " made " + other.dump());
			}
		}
		below = "/steps";
	}
	EXPECT_GT(outcomes["both"], 1000u);
	EXPECT_GT(outcomes["fine"], 20u);
}

TEST(LoaderAndSchema, AgreeOnWhatHardlyAnybodyWrites)
{
	std::string umlauts;
	for (int i = 0; i < 80; i++)
		umlauts += "\u00fc";
	const PlainJson event = {{"exit", "KVM_EXIT_INTR"},
				 {"mp_states", {{"00", "KVM_MP_STATE_STOPPED"}}}};
	const std::pair<const char *, PlainJson> rows[] = {
		{"/title", umlauts},
		{"/rules", {"SE-OFF-01", "SE-OFF-01"}},
		{"/spec/0/doc", "/kvm/api.rst"},
		{"/vcpus/0/regs/x0", "01:_start"},
		{"/steps/0", {{"run", 0}, {"expect", event}}},
		{"/steps/0", {{"ioctl", "KVM_RUN"}, {"of", "vcpu 00"}, {"number", "0x0"}}},
	};
	for (const auto &[pointer, value] : rows) {
		PlainJson c = PlainJson::parse(content(testdata + "/valid/least.json"));
		c[PlainJson::json_pointer(pointer)] = value;
		EXPECT_EQ(refused(c.dump()).empty(), schema_accepts(c))
			<< pointer << " = " << value << refused(c.dump());
	}
}

Words names(abi::Names table)
{
	Words out;
	for (const abi::Name &n : table)
		out.insert(std::string(n.name));
	return out;
}

/// The words that the schema lists at a place.
Words listed(const char *pointer)
{
	return schema_text()[PlainJson::json_pointer(pointer)]["enum"].get<Words>();
}

TEST(SchemaLists, AgreeWithTheTablesOfTheAbi)
{
	Words errors = names(abi::errnos);
	errors.erase("OK");
	EXPECT_EQ(listed("/definitions/name"), names(abi::values));
	EXPECT_EQ(listed("/definitions/capability"), names(abi::capabilities));
	EXPECT_EQ(listed("/definitions/errno"), errors);
	EXPECT_EQ(listed("/definitions/mp_state"), names(abi::mp_states));
	EXPECT_EQ(listed("/definitions/event_type"), names(abi::system_event_types));
	EXPECT_EQ(listed("/definitions/features/items"), names(abi::vcpu_features));
	EXPECT_EQ(listed("/definitions/exit_reason"), names(abi::exit_reasons));
}

TEST(SchemaLists, PatternsTakeExactlyTheRegistersThereAre)
{
	const PlainJson &definitions = schema_text()["definitions"];
	const std::regex any(definitions["register"]["pattern"].get<std::string>());
	const auto pattern_of = [&](const char *key) {
		return std::regex(definitions[key]["patternProperties"].begin().key());
	};
	const std::regex regs = pattern_of("regs"), exit_regs = pattern_of("exit_regs");
	for (const std::string &name : names(abi::core_registers))
		EXPECT_TRUE(std::regex_search(name, any) && std::regex_search(name, regs) &&
			    std::regex_search(name, exit_regs))
			<< name;
	for (const std::string &name : names(abi::other_registers))
		EXPECT_TRUE(std::regex_search(name, any) && std::regex_search(name, regs) &&
			    !std::regex_search(name, exit_regs))
			<< name;
	for (const std::string name : {"x31", "x01", "x", "w0", "pc ", "spsr", "sp_el0", "", "X0"})
		EXPECT_FALSE(std::regex_search(name, any) || std::regex_search(name, regs) ||
			     std::regex_search(name, exit_regs))
			<< name;
}

TEST(SchemaLists, HasTheStepsThatTheLoaderHas)
{
	Words in_schema, in_loader;
	Words ioctls;
	for (const PlainJson &branch : schema_text()["definitions"]["step"]["oneOf"]) {
		in_schema.insert(branch["required"][0].get<std::string>());
		if (branch["required"][0] == "ioctl")
			ioctls = branch["properties"]["ioctl"]["enum"].get<Words>();
	}
	const auto c = parse_case("a/b", "FILE", content(testdata + "/valid/every-step.json"));
	ASSERT_TRUE(c) << c.error().what;
	for (const Step &step : c->steps)
		in_loader.insert(std::string(step_name(step)));
	EXPECT_EQ(in_loader.size(), std::variant_size_v<Step>) << "every-step.json has them all";
	EXPECT_EQ(in_schema, in_loader);
	EXPECT_EQ(ioctls, names(abi::ioctls));
}

TEST(Case, ThousandStepsAreTheMost)
{
	const PlainJson step = {{"init", 0}};
	EXPECT_EQ(refused(with_steps(PlainJson(1000, step)).dump()), "");
	EXPECT_TRUE(schema_accepts(with_steps(PlainJson(1000, step))));
	EXPECT_EQ(refused(with_steps(PlainJson(1001, step)).dump()),
		  " at /steps: must have 1 to 1000 steps");
	EXPECT_FALSE(schema_accepts(with_steps(PlainJson(1001, step))));
}

TEST(Case, DefaultsAreThoseOfTheReadme)
{
	const auto c = parse_case("folder/name", "FILE", content(testdata + "/valid/least.json"));
	ASSERT_TRUE(c) << c.error().what;
	EXPECT_EQ(c->name, "folder/name");
	EXPECT_EQ(c->title, "A case that is fine");
	EXPECT_FALSE(c->characterised);
	EXPECT_EQ(c->hurts, "");
	EXPECT_EQ(c->deadline_ms, 2000u);
	EXPECT_EQ(c->rounds, 1u);
	EXPECT_TRUE(c->requires_.capabilities.empty());
	EXPECT_EQ(c->requires_.psci_version, std::nullopt);
	EXPECT_FALSE(c->requires_.smc);
	ASSERT_EQ(c->vcpus.size(), 1u);
	EXPECT_EQ(c->vcpus[0].entry, "_start");
	EXPECT_EQ(c->vcpus[0].features, std::vector<std::string>{"KVM_ARM_VCPU_PSCI_0_2"});
	EXPECT_EQ(c->vcpus[0].vm, 0u);
	EXPECT_FALSE(c->vcpus[0].late);
	EXPECT_TRUE(c->vcpus[0].init);
	ASSERT_EQ(c->vms.size(), 1u);
	EXPECT_EQ(c->vms[0].gic, "none");
}

TEST(Case, EveryKeyIsRead)
{
	const auto c = parse_case("a/b", "FILE", content(testdata + "/valid/every-key.json"));
	ASSERT_TRUE(c) << c.error().what;
	EXPECT_TRUE(c->characterised);
	EXPECT_EQ(c->rules, (std::vector<std::string>{"SE-OFF-01", "SE-E2-99"}));
	EXPECT_EQ(c->catches, "a loader that is too strict");
	EXPECT_EQ(c->hurts, "a user of the loader");
	ASSERT_EQ(c->spec.size(), 1u);
	EXPECT_EQ(c->spec[0].doc, "Documentation/virt/kvm/api.rst");
	EXPECT_EQ(c->spec[0].section, "4.1");
	EXPECT_EQ(c->spec[0].sentence, "0123456789ab");
	EXPECT_EQ(c->spec[0].differs, "kernels do something else");
	EXPECT_EQ(c->requires_.capabilities,
		  (std::vector<std::string>{"KVM_CAP_ARM_PSCI_0_2", "KVM_CAP_SYSTEM_EVENT_DATA"}));
	EXPECT_EQ(c->requires_.psci_version, "1.1");
	EXPECT_TRUE(c->requires_.smc);
	EXPECT_TRUE(c->requires_.smccc_filter);
	EXPECT_EQ(c->requires_.registers, std::vector<std::string>{"std_bmap"});
	EXPECT_EQ(c->requires_.gics, Words{"v3"}) << "asked for by a VM";
	EXPECT_TRUE(c->requires_.protected_vm);
	EXPECT_EQ(c->vms.size(), 3u);
	ASSERT_EQ(c->vcpus.size(), 3u);
	EXPECT_EQ(c->vcpus[0].guest, "psci_call");
	EXPECT_EQ(c->vcpus[0].entry, "hvc");
	EXPECT_EQ(c->vcpus[0].id, 7u);
	ASSERT_EQ(c->vcpus[0].regs.size(), 3u);
	EXPECT_EQ(c->vcpus[0].regs[0].reg, "x0");
	EXPECT_EQ(c->vcpus[0].regs[0].value.number, 0x84000008u);
	EXPECT_TRUE(c->vcpus[0].regs[1].value.is_label());
	EXPECT_EQ(c->vcpus[0].regs[2].value.number, 0x80000u);
	EXPECT_TRUE(c->vcpus[1].features.empty());
	EXPECT_EQ(c->vcpus[1].vm, 2u);
	EXPECT_TRUE(c->vcpus[2].late);
	EXPECT_FALSE(c->vcpus[2].init);
	EXPECT_EQ(c->rounds, 3u);
	EXPECT_EQ(c->deadline_ms, 500u);
}

TEST(Case, ExitIsReadWithAllItsFields)
{
	const auto c = parse_case("a/b", "FILE", content(testdata + "/valid/every-exit.json"));
	ASSERT_TRUE(c) << c.error().what;
	const auto expected = [&](std::size_t step) {
		return std::get<model::Run>(c->steps[step]).expect;
	};
	const ExitExpected event = expected(2);
	EXPECT_EQ(event.error, 0u);
	EXPECT_EQ(event.exit_reason, 24u);
	ASSERT_TRUE(event.system_event);
	EXPECT_EQ(event.system_event->type, 1u);
	EXPECT_EQ(event.system_event->ndata, 16u);
	EXPECT_EQ(event.system_event->data.size(), 16u);
	EXPECT_EQ(event.mp_states, (std::map<unsigned, std::uint64_t>{{0, 5}}));
	ASSERT_EQ(event.bytes.size(), 3u);
	EXPECT_EQ(event.bytes[0].count, 2352u);
	EXPECT_EQ(event.bytes[0].byte, 0xa5u);
	EXPECT_EQ(event.bytes[1].byte, 0xffu);
	ASSERT_TRUE(expected(4).reports);
	EXPECT_EQ(expected(4).reports->at(1).number, 0xfffffffffffffffdu);
	ASSERT_TRUE(expected(5).hypercall);
	EXPECT_EQ(expected(5).hypercall->nr.number, 0x84000008u);
	EXPECT_EQ(expected(8).error, 8u);
	EXPECT_EQ(expected(8).exit_reason, std::nullopt);
	EXPECT_EQ(expected(9).error, 4u);
	EXPECT_EQ(expected(9).exit_reason, 10u);
	EXPECT_FALSE(expected(10).system_event) << "with an errno the union means nothing";
	EXPECT_EQ(expected(11).one_of.size(), 3u);
}

TEST(Case, TextWithEscapesIsRead)
{
	const auto c = parse_case("a/b", "FILE", content(testdata + "/valid/escapes.json"));
	ASSERT_TRUE(c) << c.error().what;
	EXPECT_EQ(c->title, "A case with \"quotes\", a \\ and \u00e9");
	EXPECT_EQ(c->catches, "\u00e9, and a tab \t");
}

} // namespace
} // namespace exit24::model
