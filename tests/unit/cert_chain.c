/*
 * Chains: given in any order, with too much, with too little, with loops; and
 * whether this machine would trust them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/cert/chain.h"
#include "tests/unit/cert_made.h"

static struct made root_ca, upper, lower, leaf;

static struct made make_ca(const char *cn, const struct made *issuer)
{
	return made(&(struct made_spec){
		.cn = cn, .basic = "critical,CA:TRUE", .issuer = issuer});
}

static struct made make_leaf(const char *cn, const struct made *issuer)
{
	return made(&(struct made_spec){.cn = cn, .issuer = issuer});
}

static int set_up(void **state)
{
	hs_auto_free char *none = NULL;

	(void)state;
	made_dir_open();
	/* no anchors but those of the tests */
	none = made_path("anchors");
	mkdir(none, 0700);
	setenv("SSL_CERT_DIR", none, 1);
	setenv("SSL_CERT_FILE", "/nonexistent", 1);
	root_ca = make_ca("Root", NULL);
	upper = make_ca("Upper", &root_ca);
	lower = make_ca("Lower", &upper);
	leaf = make_leaf("www.example.test", &lower);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	made_done(&root_ca);
	made_done(&upper);
	made_done(&lower);
	made_done(&leaf);
	made_dir_close();
	return 0;
}

/* Reads a file with these certificates, in this order (NULL ends them), and a
 * file of anchors with one (NULL: none given). */
static void read_chain(const struct made *const *given,
		       const struct made *anchor, struct bundle *ret_bundle)
{
	hs_auto_str struct str text = {0}, anchors = {0};
	hs_auto_free char *path = NULL, *ca = NULL;
	struct cert_source source = {0};

	for (const struct made *const *one = given; *one; one++)
		put_certificate(&text, (*one)->x509);
	put_key(&text, given[0]->key);
	source.file = path = made_text_file("chain.pem", &text);
	if (anchor) {
		put_certificate(&anchors, anchor->x509);
		source.ca = ca = made_text_file("ca.pem", &anchors);
	}
	read_bundle(&source, ret_bundle);
	assert_note(ret_bundle, NULL);
}

#define GIVEN(...) ((const struct made *const[]){__VA_ARGS__, NULL})

static const char *name_at(const struct bundle *bundle, size_t at)
{
	assert_in_range(at, 0, bundle->certificates.n - 1);
	return bundle->certificates.items[at].common_name;
}

/* "Leaf" apart: the CAs of the chain, from below. */
static void assert_chain(const struct bundle *bundle, const char *cas)
{
	hs_auto_str struct str found = {0};

	for (size_t i = 1; i < bundle->certificates.n; i++)
		hs_str_printf(&found, "%s%s", i > 1 ? " " : "",
			      name_at(bundle, i));
	assert_string_equal(hs_str_text(&found), cas);
}

static void test_in_order(void **state)
{
	struct bundle bundle;

	(void)state;
	read_chain(GIVEN(&leaf, &lower, &upper), NULL, &bundle);
	assert_chain(&bundle, "Lower Upper");
	assert_true(bundle.chain_complete);
	assert_false(bundle.reordered || bundle.root_dropped);
	assert_false(bundle.trusted);
	assert_non_null(bundle.trust_problem);
	hs_bundle_done(&bundle);
}

static void test_put_in_order(void **state)
{
	struct bundle bundle;

	(void)state;
	read_chain(GIVEN(&leaf, &root_ca, &upper, &lower), NULL, &bundle);
	assert_chain(&bundle, "Lower Upper");
	assert_true(bundle.reordered && bundle.root_dropped);
	assert_int_equal(bundle.left_out, 0);
	hs_bundle_done(&bundle);
}

/* A root at the end, or in between, does not make another order. */
static void test_root_dropped(void **state)
{
	struct bundle bundle;

	(void)state;
	read_chain(GIVEN(&leaf, &lower, &upper, &root_ca), NULL, &bundle);
	assert_chain(&bundle, "Lower Upper");
	assert_true(bundle.root_dropped && bundle.chain_complete);
	assert_false(bundle.reordered);
	hs_bundle_done(&bundle);
}

static void test_strangers_left_out(void **state)
{
	struct made stranger = make_ca("Stranger", NULL);
	struct made namesake = make_ca("Lower", &stranger);
	struct bundle bundle;

	(void)state;
	read_chain(GIVEN(&leaf, &stranger, &namesake, &lower, &upper), NULL,
		   &bundle);
	assert_chain(&bundle, "Lower Upper");
	assert_int_equal(bundle.left_out, 2);
	hs_bundle_done(&bundle);
	made_done(&namesake);
	made_done(&stranger);
}

static void test_incomplete(void **state)
{
	struct bundle bundle;

	(void)state;
	read_chain(GIVEN(&leaf), NULL, &bundle);
	assert_false(bundle.chain_complete || bundle.trusted);
	hs_bundle_done(&bundle);
	/* a gap */
	read_chain(GIVEN(&leaf, &upper), NULL, &bundle);
	assert_chain(&bundle, "");
	assert_false(bundle.chain_complete);
	assert_int_equal(bundle.left_out, 1);
	hs_bundle_done(&bundle);
	/* --ca shows that more is missing */
	read_chain(GIVEN(&leaf, &lower), &root_ca, &bundle);
	assert_false(bundle.chain_complete || bundle.trusted);
	hs_bundle_done(&bundle);
}

static void test_trusted_by_ca(void **state)
{
	struct bundle bundle;

	(void)state;
	read_chain(GIVEN(&leaf, &lower, &upper), &root_ca, &bundle);
	assert_true(bundle.trusted && bundle.chain_complete);
	assert_null(bundle.trust_problem);
	hs_bundle_done(&bundle);
	/* an anchor need not be a root */
	read_chain(GIVEN(&leaf, &lower), &upper, &bundle);
	assert_true(bundle.trusted && bundle.chain_complete);
	hs_bundle_done(&bundle);
	/* a root within the file is no anchor by itself */
	read_chain(GIVEN(&leaf, &lower, &upper, &root_ca), NULL, &bundle);
	assert_false(bundle.trusted);
	hs_bundle_done(&bundle);
}

/* As c_rehash names them. */
static void install(const char *dir, X509 *x509)
{
	hs_auto_str struct str text = {0};
	hs_auto_free char *name =
		hs_format("%s/%08lx.0", dir,
			  X509_NAME_hash_ex(X509_get_subject_name(x509), NULL,
					    NULL, NULL));

	put_certificate(&text, x509);
	free(made_text_file(name, &text));
}

static void test_trusted_by_machine(void **state)
{
	struct made strange = make_ca("Unrelated", NULL);
	hs_auto_free char *hashed = made_path("hashed");
	hs_auto_free char *file = made_path("all.pem");
	hs_auto_free char *none = made_path("anchors");
	hs_auto_str struct str all = {0};
	struct bundle bundle;

	(void)state;
	mkdir(hashed, 0700);
	install("hashed", root_ca.x509);
	setenv("SSL_CERT_DIR", hashed, 1);
	read_chain(GIVEN(&leaf, &lower, &upper), NULL, &bundle);
	assert_true(bundle.trusted);
	hs_bundle_done(&bundle);
	read_chain(GIVEN(&leaf, &lower, &upper), &strange, &bundle);
	assert_true(bundle.trusted);
	hs_bundle_done(&bundle);
	/* what the operator's files lack, the machine may have */
	install("hashed", upper.x509);
	read_chain(GIVEN(&leaf, &lower), NULL, &bundle);
	assert_chain(&bundle, "Lower Upper");
	assert_true(bundle.trusted && bundle.chain_complete);
	assert_false(bundle.reordered || bundle.left_out);
	hs_bundle_done(&bundle);
	/* a directory without hashes: the one file counts */
	setenv("SSL_CERT_DIR", none, 1);
	put_certificate(&all, strange.x509);
	put_certificate(&all, root_ca.x509);
	free(made_text_file("all.pem", &all));
	setenv("SSL_CERT_FILE", file, 1);
	read_chain(GIVEN(&leaf, &lower, &upper), NULL, &bundle);
	assert_true(bundle.trusted);
	hs_bundle_done(&bundle);
	setenv("SSL_CERT_FILE", "/nonexistent", 1);
	made_done(&strange);
}

static void test_self_signed(void **state)
{
	struct made own = make_leaf("own.test", NULL);
	struct bundle bundle;

	(void)state;
	read_chain(GIVEN(&own, &lower), NULL, &bundle);
	assert_true(hs_bundle_leaf(&bundle)->self_signed);
	assert_true(bundle.chain_complete);
	assert_false(bundle.trusted || bundle.root_dropped);
	assert_chain(&bundle, "");
	hs_bundle_done(&bundle);
	read_chain(GIVEN(&own), &own, &bundle);
	assert_true(bundle.trusted);
	hs_bundle_done(&bundle);
	made_done(&own);
}

/* Its own dates are the business of other rules; those of a CA are not. */
static void test_dates(void **state)
{
	struct made old = made(&(struct made_spec){.cn = "old.test",
						   .first_day = -90,
						   .last_day = -2,
						   .issuer = &root_ca});
	struct made old_ca = made(&(struct made_spec){.cn = "Old",
						      .basic = "CA:TRUE",
						      .first_day = -90,
						      .last_day = -2,
						      .issuer = &root_ca});
	struct made below = make_leaf("below.test", &old_ca);
	struct bundle bundle;

	(void)state;
	read_chain(GIVEN(&old), &root_ca, &bundle);
	assert_true(bundle.trusted);
	hs_bundle_done(&bundle);
	read_chain(GIVEN(&below, &old_ca), &root_ca, &bundle);
	assert_false(bundle.trusted);
	assert_non_null(strstr(bundle.trust_problem, "expired"));
	hs_bundle_done(&bundle);
	made_done(&below);
	made_done(&old_ca);
	made_done(&old);
}

/* The valid one of two CA certificates with one name and key is taken. */
static void test_renewed_ca(void **state)
{
	struct made before = made(&(struct made_spec){.cn = "Lower",
						      .basic = "CA:TRUE",
						      .use_key = lower.key,
						      .first_day = -90,
						      .last_day = -2,
						      .issuer = &upper});
	struct bundle bundle;

	(void)state;
	read_chain(GIVEN(&leaf, &before, &lower, &upper), &root_ca, &bundle);
	assert_chain(&bundle, "Lower Upper");
	assert_true(bundle.certificates.items[1].not_after > time(NULL));
	assert_int_equal(bundle.left_out, 1);
	hs_bundle_done(&bundle);
	made_done(&before);
}

/* Two CAs that issued one another: the chain ends. */
static void test_loop(void **state)
{
	struct made one = make_ca("One", NULL);
	struct made two = make_ca("Two", &one);
	struct made again = made(&(struct made_spec){.cn = "One",
						     .basic = "CA:TRUE",
						     .use_key = one.key,
						     .issuer = &two});
	struct made below = make_leaf("loop.test", &two);
	struct bundle bundle;

	(void)state;
	read_chain(GIVEN(&below, &two, &again), NULL, &bundle);
	assert_chain(&bundle, "Two One");
	hs_bundle_done(&bundle);
	made_done(&below);
	made_done(&again);
	made_done(&two);
	made_done(&one);
}

static void test_long_chain(void **state)
{
	struct made cas[50], below;
	const struct made *given[52] = {0};
	struct bundle bundle;

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(cas); i++) {
		hs_auto_free char *cn = hs_format("CA %zu", i);

		cas[i] = make_ca(cn, i ? &cas[i - 1] : NULL);
	}
	below = make_leaf("deep.test", &cas[49]);
	given[0] = &below;
	for (size_t i = 0; i < HS_LENGTH(cas); i++)
		given[i + 1] = &cas[49 - i];
	read_chain(given, NULL, &bundle);
	assert_int_equal(bundle.certificates.n, HS_CHAIN_MAX);
	hs_bundle_done(&bundle);
	made_done(&below);
	for (size_t i = 0; i < HS_LENGTH(cas); i++)
		made_done(&cas[i]);
}

/* The same names, another key: that is not the issuer. */
static void test_forged_issuer(void **state)
{
	struct made forged = make_ca("Lower", &upper);
	struct bundle bundle;

	(void)state;
	read_chain(GIVEN(&leaf, &forged, &upper), &root_ca, &bundle);
	assert_chain(&bundle, "");
	assert_false(bundle.trusted || bundle.chain_complete);
	hs_bundle_done(&bundle);
	made_done(&forged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_put_in_order),
		cmocka_unit_test(test_root_dropped),
		cmocka_unit_test(test_strangers_left_out),
		cmocka_unit_test(test_incomplete),
		cmocka_unit_test(test_trusted_by_ca),
		cmocka_unit_test(test_trusted_by_machine),
		cmocka_unit_test(test_self_signed),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_renewed_ca),
		cmocka_unit_test(test_loop),
		cmocka_unit_test(test_long_chain),
		cmocka_unit_test(test_forged_issuer),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
