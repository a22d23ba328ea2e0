// SPDX-License-Identifier: GPL-2.0-only
#include "base/sha256.hpp"

#include <openssl/evp.h>

namespace exit24 {

std::string sha256(std::string_view bytes)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr);
	static constexpr char digits[] = "0123456789abcdef";
	std::string out;
	for (unsigned i = 0; i < size; i++) {
		out += digits[digest[i] >> 4];
		out += digits[digest[i] & 15];
	}
	return out;
}

} // namespace exit24
