#include "core/base/index.h"

#include "core/base/memory.h"

uint64_t hs_index_hash(uint64_t seed, const void *bytes, size_t length)
{
	const unsigned char *at = bytes;

	for (; length; length--)
		seed = (seed ^ *at++) * 1099511628211u;
	return seed;
}

/* The upper half knows of every byte, as the lower one does of its own bits
 * alone. */
static uint32_t fold(uint64_t hash)
{
	return (uint32_t)(hash ^ hash >> 32);
}

long hs_index_find(const struct index *index, uint64_t hash,
		   bool (*is)(const void *context, size_t item),
		   const void *context)
{
	uint32_t wanted = fold(hash);
	size_t mask = index->size - 1;

	if (!index->size)
		return -1;
	for (size_t at = wanted & mask; index->slots[at].item;
	     at = (at + 1) & mask) {
		if (index->slots[at].hash == wanted &&
		    is(context, index->slots[at].item - 1))
			return (long)index->slots[at].item - 1;
	}
	return -1;
}

static void place(struct index *index, struct index_slot slot)
{
	size_t mask = index->size - 1, at = slot.hash & mask;

	while (index->slots[at].item)
		at = (at + 1) & mask;
	index->slots[at] = slot;
}

/* Begins at a free slot, so that items of one hash keep their order. */
static void grow(struct index *index)
{
	struct index old = *index;
	size_t start = 0;

	index->size = old.size ? 2 * old.size : 64;
	index->slots = hs_alloc(index->size * sizeof(*index->slots));
	while (start < old.size && old.slots[start].item)
		start++;
	for (size_t i = 0; i < old.size; i++) {
		size_t at = (start + i) & (old.size - 1);

		if (old.slots[at].item)
			place(index, old.slots[at]);
	}
	free(old.slots);
}

void hs_index_add(struct index *index, uint64_t hash, size_t item)
{
	struct index_slot slot = {
		.hash = fold(hash),
		.item = (uint32_t)item + 1,
	};

	if (2 * index->used >= index->size)
		grow(index);
	place(index, slot);
	index->used++;
}

void hs_index_done(struct index *index)
{
	free(index->slots);
	*index = (struct index){0};
}
