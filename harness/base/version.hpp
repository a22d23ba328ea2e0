// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace exit24 {

constexpr char version[] = EXIT24_VERSION; // from meson.build

} // namespace exit24
