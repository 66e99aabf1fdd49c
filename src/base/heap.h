/*
 * A binary heap of nodes that are part of larger structs: the node with the
 * smallest key comes first, and any node can be removed.  Nodes belong to the
 * caller.  Every operation but heap_first() takes logarithmic time.
 */
#ifndef PFETCH_BASE_HEAP_H
#define PFETCH_BASE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct heap_node {
	uint64_t key;   /* constant while the node is in a heap */
	size_t place;   /* in the heap, from 1; 0: in none */
};

/* Zero-initialized, it is empty. */
struct heap {
	struct heap_node **nodes;
	size_t count, room;
};

/* Adds NODE, which is in no heap, with KEY. */
void heap_add(struct heap *heap, struct heap_node *node, uint64_t key);
/* Removes NODE, which must be in HEAP. */
void heap_remove(struct heap *heap, struct heap_node *node);
/* The node with the smallest key; NULL: the heap is empty. */
struct heap_node *heap_first(const struct heap *heap);
/* Forgets all nodes, which are then in no heap. */
void heap_clear(struct heap *heap);
/* The same, and frees the memory of the heap itself. */
void heap_release(struct heap *heap);

/* The struct of TYPE whose MEMBER is NODE. */
#define HEAP_ENTRY(node, type, member) \
	((type *)(void *)((char *)(node) - offsetof(type, member)))

#endif
