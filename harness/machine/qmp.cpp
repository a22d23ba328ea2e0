// SPDX-License-Identifier: GPL-2.0-only
#include "machine/qmp.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>

namespace exit24::machine {

using Json = nlohmann::json;

void Qmp::send(const std::string &line)
{
	(void)::send(fd_.get(), line.data(), line.size(), MSG_NOSIGNAL);
}

void Qmp::poll()
{
	if (!fd_.valid()) {
		UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
		sockaddr_un address = {};
		address.sun_family = AF_UNIX;
		socket_.copy(address.sun_path, sizeof(address.sun_path) - 1);
		if (::connect(fd.get(), reinterpret_cast<const sockaddr *>(&address), sizeof(address)) != 0)
			return;
		fd_ = std::move(fd);
		send("{\"execute\":\"qmp_capabilities\"}\n");
	}
	char chunk[4096];
	for (ssize_t n; (n = ::recv(fd_.get(), chunk, sizeof(chunk), 0)) > 0;)
		buffer_.append(chunk, static_cast<std::size_t>(n));
	for (std::size_t end; (end = buffer_.find('\n')) != std::string::npos; buffer_.erase(0, end + 1)) {
		const Json message = Json::parse(buffer_.substr(0, end), nullptr, false);
		if (!message.is_object())
			continue;
		if (message.value("event", "") == "SHUTDOWN")
			shutdown_reason_ = message["data"].value("reason", "");
		else if (message.contains("return") && message["return"].is_string())
			returned_ = message["return"].get<std::string>();
	}
}

std::string Qmp::registers()
{
	returned_.clear();
	send("{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"info registers -a\"}}\n");
	for (int i = 0; i < 200 && returned_.empty(); i++) {
		std::this_thread::sleep_for(std::chrono::milliseconds(10));
		poll();
	}
	return returned_;
}

} // namespace exit24::machine
