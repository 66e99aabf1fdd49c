/* Which boot of the system this is; see boot.h. */
#include "config.h"

#include "base/boot.h"

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

enum { ID_LENGTH = 36 };

void boot_identify(char boot[BOOT_ROOM])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, boot, ID_LENGTH) : -1;

	if (fd >= 0)
		close(fd);
	boot[got == ID_LENGTH ? ID_LENGTH : 0] = '\0';
}
