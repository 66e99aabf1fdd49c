/* What jobs in flight are doing; see meter.h. */
#include "config.h"

#include "base/meter.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/fatal.h"
#include "base/memory.h"

/* In a cache line of its own, as different threads write to each. */
struct place {
	_Atomic uint64_t bytes;
	atomic_int phase;
	char apart[64 - sizeof(uint64_t) - sizeof(int)];
};

struct meter {
	size_t count;
	struct place *places;    /* shared */
	size_t *free_places;     /* a stack */
	size_t free_count, unused; /* those never taken begin at UNUSED */
};

struct meter *meter_new(size_t count)
{
	struct place *places = mmap(NULL, count * sizeof(*places),
				    PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct meter *meter;

	if (places == MAP_FAILED)
		return NULL;
	meter = memory_zeroed(sizeof(*meter));
	meter->count = count;
	meter->places = places;
	meter->free_places = memory_alloc(count * sizeof(size_t));
	return meter;
}

void meter_free(struct meter *meter)
{
	munmap(meter->places, meter->count * sizeof(*meter->places));
	free(meter->free_places);
	free(meter);
}

size_t meter_take(struct meter *meter)
{
	size_t place = meter->count;

	if (meter->free_count > 0)
		place = meter->free_places[--meter->free_count];
	else if (meter->unused < meter->count)
		place = meter->unused++;
	meter_set_phase(meter, place, METER_QUEUED);
	meter_set_bytes(meter, place, 0);
	return place;
}

void meter_leave(struct meter *meter, size_t place)
{
	if (place >= meter->count)
		return;
	must(meter->free_count < meter->count);
	meter->free_places[meter->free_count++] = place;
}

void meter_set_phase(struct meter *meter, size_t place,
		     enum meter_phase phase)
{
	if (meter != NULL && place < meter->count)
		atomic_store_explicit(&meter->places[place].phase, (int)phase,
				      memory_order_relaxed);
}

void meter_set_bytes(struct meter *meter, size_t place, uint64_t bytes)
{
	if (meter != NULL && place < meter->count)
		atomic_store_explicit(&meter->places[place].bytes, bytes,
				      memory_order_relaxed);
}

enum meter_phase meter_read(const struct meter *meter, size_t place,
			    uint64_t *bytes)
{
	*bytes = 0;
	if (place >= meter->count)
		return METER_QUEUED;
	*bytes = atomic_load_explicit(&meter->places[place].bytes,
				      memory_order_relaxed);
	return (enum meter_phase)atomic_load_explicit(
		&meter->places[place].phase, memory_order_relaxed);
}

const char *meter_phase_name(enum meter_phase phase)
{
	static const char *const names[] = {
		[METER_QUEUED] = "queued",
		[METER_CONNECTING] = "connecting",
		[METER_WAITING] = "waiting",
		[METER_RECEIVING] = "receiving",
		[METER_COMPUTING] = "computing",
	};

	return names[phase];
}
