/* What all transfers of a run may use up; see budget.h. */
#include "config.h"

#include "transfer/budget.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/statvfs.h>

struct budget {
	uint64_t total, min_free;
	_Atomic uint64_t taken;
	atomic_int lack;
};

struct budget *budget_new(uint64_t total, uint64_t min_free)
{
	struct budget *budget = mmap(NULL, sizeof(*budget),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (budget == MAP_FAILED)
		return NULL;
	budget->total = total;
	budget->min_free = min_free;
	return budget;
}

void budget_free(struct budget *budget)
{
	munmap(budget, sizeof(*budget));
}

enum budget_lack budget_lack(const struct budget *budget)
{
	return (enum budget_lack)atomic_load(&budget->lack);
}

bool budget_take(struct budget *budget, size_t bytes)
{
	if (budget->total == 0)
		return true;
	if (atomic_fetch_add(&budget->taken, bytes) + bytes <= budget->total)
		return true;
	atomic_store(&budget->lack, BUDGET_NO_BYTES);
	return false;
}

bool budget_has_space(struct budget *budget, int fd)
{
	struct statvfs status;

	if (budget->min_free == 0 || fd < 0 || fstatvfs(fd, &status) != 0 ||
	    status.f_bavail >= budget->min_free / status.f_frsize + 1)
		return true;
	atomic_store(&budget->lack, BUDGET_NO_SPACE);
	return false;
}

const char *budget_text(enum budget_lack lack)
{
	return lack == BUDGET_NO_BYTES
		? "the bodies exceed --max-total"
		: "less disk space is left than --min-free asks for";
}
