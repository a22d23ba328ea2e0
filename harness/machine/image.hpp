// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <string>

namespace exit24::machine {

/// An arm64 kernel image, unpacked if it was compressed.
struct Image {
	std::string path;    ///< as given
	std::string content; ///< an uncompressed arm64 Image
	bool packed = false; ///< `path` itself is compressed
	unsigned page_kib = 0; ///< 4, 16 or 64: the kernel's pages; 0 if the header does not say
	std::string release; ///< from its banner, "6.12.107+deb13-arm64", or the file's name
};

/// Reads a raw, gzip or EFI zboot arm64 image (Documentation/arch/arm64/booting.rst; for zboot
/// drivers/firmware/efi/libstub/zboot-header.S). An Error names the file, what it is instead, and the mend.
Result<Image> load_image(const std::string &path);

} // namespace exit24::machine
