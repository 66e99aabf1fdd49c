/* Which boot of the system this is. */
#ifndef PFETCH_BASE_BOOT_H
#define PFETCH_BASE_BOOT_H

enum { BOOT_ROOM = 40 };

/* Writes what identifies this boot (random(4), boot_id), or "" if that isn't
 * known. */
void boot_identify(char boot[BOOT_ROOM]);

#endif
