/* Resource limits of this process; see limits.h. */
#include "config.h"

#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef HAVE_SCHED_GETAFFINITY
#include <sched.h>
#endif

uint64_t limits_raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 256;
	if (limit.rlim_cur < limit.rlim_max) {
		rlim_t before = limit.rlim_cur;

		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
			limit.rlim_cur = before;
	}
	return limit.rlim_cur == RLIM_INFINITY ? UINT32_MAX
					       : (uint64_t)limit.rlim_cur;
}

void limits_reserve_descriptors(uint64_t count)
{
	int fd;

	if (count == 0 || count > INT_MAX)
		return;
	fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, (int)count - 1);
	if (fd >= 0)
		close(fd);
}

bool limits_descriptors_exhausted(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno == EMFILE || errno == ENFILE;
	close(fd);
	return false;
}

uint64_t limits_processors(void)
{
	long online;
#ifdef HAVE_SCHED_GETAFFINITY
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		return (uint64_t)CPU_COUNT(&set);
#endif
	online = sysconf(_SC_NPROCESSORS_ONLN);
	return online > 0 ? (uint64_t)online : 1;
}

bool limits_is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == EAGAIN ||
	       error == ENOMEM || error == ENOBUFS;
}
