/*
 * A hash index beside an array: finds the number of an item by its key. The
 * items stay where they are, and the caller tells whether one is meant.
 * `struct index i = {0};` is an empty one.
 */
#ifndef CORE_BASE_INDEX_H
#define CORE_BASE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct index_slot {
	uint32_t hash;
	uint32_t item; /* from 1; 0: free */
};
struct index {
	struct index_slot *slots;
	size_t size, used; /* size: a power of two */
};

/* A hash of bytes (FNV-1a), and of more bytes behind those. */
#define HS_INDEX_SEED 14695981039346656037u
uint64_t hs_index_hash(uint64_t seed, const void *bytes, size_t length);

/* The first item added with that hash for which `is` says yes; -1: none. */
long hs_index_find(const struct index *index, uint64_t hash,
		   bool (*is)(const void *context, size_t item),
		   const void *context);

/* Adds an item; it is found after those added before. */
void hs_index_add(struct index *index, uint64_t hash, size_t item);

void hs_index_done(struct index *index);

#endif
