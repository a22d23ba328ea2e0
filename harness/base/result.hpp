// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace exit24 {

/// What went wrong, as one sentence for a person: the file or operation, the place, the mend.
/// `code` is the errno behind it, or 0.
struct Error {
	std::string what;
	int code = 0;
};

/// A value or an Error, with the names of std::expected (which GCC 12 has only in C++23).
template <typename T> class [[nodiscard]] Result {
public:
	Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
	Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

	bool has_value() const { return state_.index() == 0; }
	explicit operator bool() const { return has_value(); }

	T &value() &
	{
		assert(has_value());
		return *std::get_if<0>(&state_);
	}
	const T &value() const &
	{
		assert(has_value());
		return *std::get_if<0>(&state_);
	}
	T &&value() && { return std::move(value()); }

	T &operator*() & { return value(); }
	const T &operator*() const & { return value(); }
	T &&operator*() && { return std::move(value()); }
	T *operator->() { return &value(); }
	const T *operator->() const { return &value(); }

	const Error &error() const
	{
		assert(!has_value());
		return *std::get_if<1>(&state_);
	}

private:
	std::variant<T, Error> state_;
};

template <> class [[nodiscard]] Result<void> {
public:
	Result() = default;
	Result(Error error) : error_(std::move(error)) {}

	bool has_value() const { return !error_; }
	explicit operator bool() const { return has_value(); }

	const Error &error() const
	{
		assert(error_);
		return *error_;
	}

private:
	std::optional<Error> error_;
};

} // namespace exit24
