/*
 * The hash index: finds every item among many, the first of equals, and
 * nothing that is not there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/cleanup.h"
#include "core/base/index.h"

#define MANY 5000

static bool is_number(const void *context, size_t item)
{
	return *(const size_t *)context == item / 2;
}

static uint64_t hash(size_t number)
{
	return hs_index_hash(HS_INDEX_SEED, &number, sizeof(number));
}

static bool is_anything(const void *context, size_t item)
{
	(void)context;
	(void)item;
	return true;
}

static void test_items_are_found(void **state)
{
	HS_CLEANUP(hs_index_done) struct index index = {0};
	size_t number = 0;

	(void)state;
	assert_int_equal(hs_index_find(&index, hash(0), is_number, &number),
			 -1);
	/* two items of each number: the first one counts */
	for (size_t i = 0; i < MANY; i++)
		hs_index_add(&index, hash(i / 2), i);
	for (number = 0; number < MANY / 2; number++)
		assert_int_equal(
			hs_index_find(&index, hash(number), is_number, &number),
			2 * number);
	number = MANY;
	assert_int_equal(
		hs_index_find(&index, hash(number), is_number, &number), -1);
}

static void test_one_hash_keeps_the_order(void **state)
{
	HS_CLEANUP(hs_index_done) struct index index = {0};

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		hs_index_add(&index, 7, i);
		assert_int_equal(hs_index_find(&index, 7, is_anything, NULL),
				 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items_are_found),
		cmocka_unit_test(test_one_hash_keeps_the_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
