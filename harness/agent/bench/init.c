/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An /init that runs the programs in /steps one after the other and powers the machine off. A line of /steps
 * is a label and a command with its arguments, absolute paths and single blanks; @port among them stands for
 * where the agent writes in the lab: the virtio port or, without one, the console. For each it writes to the console:
 *
 *   bench begin LABEL
 *   bench end LABEL NANOSECONDS STATUS CASES CASE_NANOSECONDS
 *
 * CASES and CASE_NANOSECONDS are the number and the sum of the "end" lines of /recording, which is then removed.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void sum_recording(unsigned *cases, unsigned long long *ns)
{
	static char line[1 << 16];
	FILE *file = fopen("/recording", "r");

	*cases = 0;
	*ns = 0;
	while (file && fgets(line, sizeof(line), file)) {
		const char *value = strstr(line, "\"ns\":");

		if (strstr(line, "\"end\":true") && value) {
			*cases += 1;
			*ns += strtoull(value + 5, NULL, 10);
		}
	}
	if (file)
		fclose(file);
	unlink("/recording");
}

static char *port(void)
{
	static char path[300] = "/dev/console";
	DIR *dir = opendir("/dev");
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (strncmp(entry->d_name, "vport", 5) == 0)
			snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
	if (dir)
		closedir(dir);
	return path;
}

static void step(char *line)
{
	char *words[16], *save = NULL;
	unsigned n = 0, cases;
	unsigned long long case_ns;
	uint64_t start, ns;
	int status = -1;
	pid_t pid;

	for (char *word = strtok_r(line, " \n", &save); word && n < 15; word = strtok_r(NULL, " \n", &save))
		words[n++] = strcmp(word, "@port") == 0 ? port() : word;
	words[n] = NULL;
	if (n < 2)
		return;
	printf("bench begin %s\n", words[0]);
	tcdrain(1);
	start = now_ns();
	pid = fork();
	if (pid == 0) {
		execv(words[1], words + 1);
		perror(words[1]);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	ns = now_ns() - start;
	sum_recording(&cases, &case_ns);
	printf("bench end %s %llu %d %u %llu\n", words[0], (unsigned long long)ns, status, cases, case_ns);
	tcdrain(1);
}

int main(void)
{
	static const char *const mounts[][2] = {
		{"devtmpfs", "/dev"}, {"proc", "/proc"}, {"sysfs", "/sys"}, {"debugfs", "/sys/kernel/debug"}};
	char line[512];
	FILE *steps;
	int console;

	for (unsigned i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i][1], 0755);
		mount(mounts[i][0], mounts[i][1], mounts[i][0], 0, NULL);
	}
	console = open("/dev/console", O_RDWR | O_NOCTTY);
	if (console >= 0) {
		dup2(console, 1);
		dup2(console, 2);
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	steps = fopen("/steps", "re");
	while (steps && fgets(line, sizeof(line), steps))
		step(line);
	printf("bench done\n");
	tcdrain(1);
	return reboot(RB_POWER_OFF);
}
