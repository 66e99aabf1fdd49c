/* A binary heap; see heap.h. */
#include "config.h"

#include "base/heap.h"

#include <stdlib.h>

#include "base/fatal.h"
#include "base/memory.h"

static void put(struct heap *heap, size_t place, struct heap_node *node)
{
	heap->nodes[place - 1] = node;
	node->place = place;
}

static struct heap_node *at(const struct heap *heap, size_t place)
{
	return heap->nodes[place - 1];
}

static void sift_up(struct heap *heap, size_t place, struct heap_node *node)
{
	while (place > 1 && at(heap, place / 2)->key > node->key) {
		put(heap, place, at(heap, place / 2));
		place /= 2;
	}
	put(heap, place, node);
}

static void sift_down(struct heap *heap, size_t place, struct heap_node *node)
{
	size_t below;

	while ((below = 2 * place) <= heap->count) {
		if (below < heap->count &&
		    at(heap, below + 1)->key < at(heap, below)->key)
			below++;
		if (node->key <= at(heap, below)->key)
			break;
		put(heap, place, at(heap, below));
		place = below;
	}
	put(heap, place, node);
}

void heap_add(struct heap *heap, struct heap_node *node, uint64_t key)
{
	must(node->place == 0);
	if (heap->count == heap->room) {
		heap->room = 2 * heap->room + 16;
		heap->nodes = memory_resize(heap->nodes,
					    heap->room * sizeof(*heap->nodes));
	}
	node->key = key;
	sift_up(heap, ++heap->count, node);
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
	size_t place = node->place;
	struct heap_node *last;

	must(place > 0 && place <= heap->count && at(heap, place) == node);
	last = at(heap, heap->count--);
	node->place = 0;
	if (last == node)
		return;
	if (place > 1 && at(heap, place / 2)->key > last->key)
		sift_up(heap, place, last);
	else
		sift_down(heap, place, last);
}

struct heap_node *heap_first(const struct heap *heap)
{
	return heap->count > 0 ? heap->nodes[0] : NULL;
}

void heap_clear(struct heap *heap)
{
	for (size_t i = 0; i < heap->count; i++)
		heap->nodes[i]->place = 0;
	heap->count = 0;
}

void heap_release(struct heap *heap)
{
	heap_clear(heap);
	free(heap->nodes);
	heap->nodes = NULL;
	heap->room = 0;
}
