// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st; // OpenSSL's EVP_MD_CTX

namespace exit24 {

/// 64 hexadecimal digits.
std::string sha256(std::string_view bytes);

/// The same of bytes that come piece by piece.
class Sha256 {
public:
	Sha256();
	~Sha256();
	Sha256(const Sha256 &) = delete;
	Sha256 &operator=(const Sha256 &) = delete;

	void add(std::string_view bytes);
	/// Of all that was added; nothing can be added then.
	std::string hex();

private:
	evp_md_ctx_st *context_;
};

inline std::string sha256(std::span<const std::uint8_t> bytes)
{
	return sha256(std::string_view(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
}

} // namespace exit24
