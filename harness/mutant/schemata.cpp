// SPDX-License-Identifier: GPL-2.0-only
#include "mutant/schemata.hpp"

#include "mutant/functions.hpp"

#include <cassert>

namespace exit24::mutant {

static std::string body_of(const std::string &text, const Function &f)
{
	return text.substr(f.body, f.end - f.body);
}

std::string Schemata::refuse(const Files &mutated) const
{
	for (const auto &[path, text] : mutated) {
		const auto original = original_.find(path);
		if (original == original_.end())
			return path + " was not there before";
		if (path.find("/kvm/hyp/") != std::string::npos)
			return path + " runs at EL2, which does not see the variable";
		if (path.find("include/uapi/") != std::string::npos)
			return path + " is what programs are compiled with";
		if (skeleton(original->second) != skeleton(text))
			return path + " changes outside of its functions";
		const auto before = functions(original->second);
		const auto after = functions(text);
		for (std::size_t i = 0; i < before.size(); i++)
			if (body_of(original->second, before[i]) != body_of(text, after[i]) && !before[i].trouble.empty())
				return before[i].name + "() " + before[i].trouble;
	}
	return "";
}

unsigned Schemata::add(const Files &mutated)
{
	assert(refuse(mutated).empty());
	count_++;
	for (const auto &[path, text] : mutated) {
		const std::string &original = original_.at(path);
		const auto before = functions(original);
		const auto after = functions(text);
		for (std::size_t i = 0; i < before.size(); i++)
			if (std::string body = body_of(text, after[i]); body != body_of(original, before[i]))
				variants_[path][i].push_back({count_, std::move(body)});
	}
	return count_;
}

Files Schemata::files() const
{
	Files out;
	const std::string declaration = std::string("extern unsigned int ") + switch_name + ";";
	for (const auto &[path, changed] : variants_) {
		const std::string &original = original_.at(path);
		const bool header = path.ends_with(".h");
		const auto all = functions(original);
		std::string text;
		std::size_t at = 0;
		for (const auto &[place, variants] : changed) {
			const Function &f = all[place];
			text += original.substr(at, f.begin - at);
			at = f.end;
			const std::string whole = original.substr(f.begin, f.end - f.begin);
			const auto copy = [&](unsigned number, const std::string &body) {
				std::string head = f.head;
				head.insert(f.name_at + f.name.size(), "__exit24_" + std::to_string(number));
				if (head.find("static") == std::string::npos)
					head = "static " + head;
				text += head + "\n" + body + "\n";
			};
			std::string arguments;
			for (const std::string &parameter : f.parameters)
				arguments += (arguments.empty() ? "" : ", ") + parameter;
			const auto call = [&](unsigned number) {
				return "return " + f.name + "__exit24_" + std::to_string(number) + "(" + arguments + ");\n";
			};

			// A header may be part of the code at EL2, which cannot see the variable.
			if (header)
				text += "#if defined(__KVM_NVHE_HYPERVISOR__) || defined(__KVM_VHE_HYPERVISOR__)\n" + whole +
					"#else\n";
			copy(0, body_of(original, f));
			for (const Variant &v : variants)
				copy(v.number, v.body);
			text += f.head + "\n{\n\t" + declaration + "\n\n\tswitch (" + switch_name + ") {\n";
			for (const Variant &v : variants)
				text += "\tcase " + std::to_string(v.number) + ":\n\t\t" + call(v.number);
			text += "\tdefault:\n\t\t" + call(0) + "\t}\n}\n";
			if (header)
				text += "#endif\n";
		}
		text += original.substr(at);
		out[path] = std::move(text);
	}
	std::string &home = out.try_emplace(switch_home, original_.at(switch_home)).first->second;
	home += std::string("\n#include <linux/moduleparam.h>\nunsigned int ") + switch_name + ";\nmodule_param(" +
		switch_name + ", uint, 0644);\n";
	return out;
}

} // namespace exit24::mutant
