// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "cli/fleet.hpp"
#include "machine/image.hpp"
#include "machine/setup.hpp"
#include "model/cell.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace exit24::cli {

using ImagePointer = std::shared_ptr<const machine::Image>;

/// One cell of a plan.
struct Planned {
	ImagePointer image;
	machine::LabOptions lab; ///< without QEMU and agent
	model::Cell cell;
	model::Json facts; ///< as machine::Machine::describe() gives them, without QEMU
};
/// Who is told of each in the order of the plan. The image goes after its last cell, unless somebody keeps it.
using CellTaker = std::function<Result<void>(const Planned &)>;

/// Each kernel in each mode, both in the order of the options: the same on every machine that has the same images.
Result<std::vector<model::Cell>> plan_cells(const RunOptions &options, const std::vector<model::CaseText> &cases,
					    const CellTaker &take);

/// This host's own KVM.
model::Cell native_cell(const std::vector<model::CaseText> &cases);

/// An Error if the part is empty, or if it could not be said which cell is which.
Result<void> check_partition(const model::Partition &partition, const std::vector<model::Cell> &cells);

} // namespace exit24::cli
