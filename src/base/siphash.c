/* SipHash-1-3; see siphash.h. */
#include "config.h"

#include "base/siphash.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

static uint64_t key[2];
static uint64_t drawn;

void siphash_seed(void)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	ssize_t got = -1;

	if (fd >= 0) {
		got = read(fd, key, sizeof(key));
		close(fd);
	}
	if (got != (ssize_t)sizeof(key)) {
		key[0] = clock_now_us();
		key[1] = (uint64_t)getpid() << 32 ^ (uintptr_t)&fd;
	}
}

static uint64_t rotate(uint64_t word, int bits)
{
	return word << bits | word >> (64 - bits);
}

static void mix(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

uint64_t siphash(const void *bytes, size_t length)
{
	const unsigned char *at = bytes;
	uint64_t word, v[4] = {
		key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d,
		key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573,
	};
	size_t left = length;

	for (; left >= 8; left -= 8, at += 8) {
		memcpy(&word, at, 8);
		v[3] ^= word;
		mix(v);
		v[0] ^= word;
	}
	word = (uint64_t)length << 56;
	for (size_t i = 0; i < left; i++)
		word |= (uint64_t)at[i] << (8 * i);
	v[3] ^= word;
	mix(v);
	v[0] ^= word;
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		mix(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t siphash_random(void)
{
	drawn++;
	return siphash(&drawn, sizeof(drawn));
}
