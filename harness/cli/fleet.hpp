// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "cli/verbs.hpp"
#include "model/cell.hpp"

#include <string>
#include <vector>

/// The verbs that make cells for other machines, and put together what these give.
namespace exit24::cli {

/// What decides on the cells; of RunOptions that which has to do with cases, kernels and modes.
struct CellOptions : RunOptions {
	model::Partition partition; ///< only those
};
/// Runs the cells of a part.
int run(CellOptions options);

/// Prints the cells that run() would run, or their part; as JSON if `json` is set.
int plan(const CellOptions &options);

struct MergeOptions {
	std::vector<std::string> files;
	std::string output;
};
/// Joins reports of parts of one plan; the status is what the merged report would end a run with.
int merge(const MergeOptions &options);

struct ExportOptions {
	CellOptions cells;
	std::string output; ///< a file, or a folder
	std::string url;    ///< where the folder will be found
	std::string method = "qemu";
	std::string device_type = "qemu";
	std::string dtb;
	unsigned minutes = 20;
};
/// An initramfs that runs the cases on any arm64 kernel and tells of them on the console.
int export_initramfs(const ExportOptions &options);
/// That, the kernels, and a LAVA job for each cell.
int export_lava(const ExportOptions &options);

struct ImportOptions {
	JudgeOptions judge; ///< its recordings are logs
	std::string plan;   ///< what export_lava() has written
	std::string keep;   ///< a folder for the recordings
};
/// Judges what is in the logs of machines that have booted what was exported; 3 if one of them is not whole.
int import_logs(const ImportOptions &options);

} // namespace exit24::cli
