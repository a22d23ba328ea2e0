// SPDX-License-Identifier: GPL-2.0-only
#include "base/sha256.hpp"

#include <openssl/evp.h>

namespace exit24 {

static std::string hex_of(const unsigned char *digest, unsigned size)
{
	static constexpr char digits[] = "0123456789abcdef";
	std::string out;
	for (unsigned i = 0; i < size; i++) {
		out += digits[digest[i] >> 4];
		out += digits[digest[i] & 15];
	}
	return out;
}

std::string sha256(std::string_view bytes)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr);
	return hex_of(digest, size);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new())
{
	EVP_DigestInit_ex(context_, EVP_sha256(), nullptr);
}

Sha256::~Sha256()
{
	EVP_MD_CTX_free(context_);
}

void Sha256::add(std::string_view bytes)
{
	EVP_DigestUpdate(context_, bytes.data(), bytes.size());
}

std::string Sha256::hex()
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	EVP_DigestFinal_ex(context_, digest, &size);
	return hex_of(digest, size);
}

} // namespace exit24
