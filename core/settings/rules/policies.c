#include "core/settings/rules/policies.h"

#include <string.h>

#define ITMS "How to run ITMS on HTTPS, table 1"
#define DATAMINER "DataMiner: setting up HTTPS on a DMA"
#define SERVICE_MANAGER "Service Manager: SSL encryption and certificates"
#define CERTERO "How to configure Certero to use HTTPS"

static const struct raised_rule none[] = {{NULL, SEVERITY_OK, NULL}};

/* RSA alone, 30 days from the import on, a trusted issuer, the full name of
 * the computer. SHA-1 is allowed there and stays the warning it is. */
static const struct raised_rule itms[] = {
	{"cert.key-type", SEVERITY_ERROR, ITMS},
	{"cert.expires-soon", SEVERITY_ERROR, ITMS},
	{"cert.chain-untrusted", SEVERITY_ERROR, ITMS},
	{"name.not-fqdn", SEVERITY_ERROR, ITMS},
	{NULL, SEVERITY_OK, NULL},
};

/* Its web applications run in browsers, which look at no common name. */
static const struct raised_rule dataminer[] = {
	{"name.cn-only", SEVERITY_ERROR, DATAMINER},
	{"cert.no-san", SEVERITY_ERROR, DATAMINER},
	/* Either of them makes the API gateway answer 404. */
	{"binding.host-name", SEVERITY_ERROR, DATAMINER},
	{"binding.address-specific", SEVERITY_ERROR, DATAMINER},
	{NULL, SEVERITY_OK, NULL},
};

static const struct raised_rule dataminer_cloud[] = {
	{"name.wildcard-certificate", SEVERITY_ERROR, DATAMINER},
	{NULL, SEVERITY_OK, NULL},
};

/* Clients in Java fetch no intermediates and know their cacerts alone. */
static const struct raised_rule service_manager[] = {
	{"cert.chain-incomplete", SEVERITY_ERROR, SERVICE_MANAGER},
	{NULL, SEVERITY_OK, NULL},
};

static const struct raised_rule certero[] = {
	{"name.not-fqdn", SEVERITY_ERROR, CERTERO},
	{NULL, SEVERITY_OK, NULL},
};

static const struct policy {
	const char *product;
	const struct raised_rule *raises;
} policies[] = {
	{"generic", none},	  {"itms", itms},
	{"dataminer", dataminer}, {"service-manager", service_manager},
	{"certero", certero},
};

static bool is_cloud(const struct settings *settings)
{
	return settings->dataminer.cloud;
}

/* What an answer makes of it. */
static const struct {
	const char *product;
	bool (*applies)(const struct settings *settings);
	const struct raised_rule *raises;
} answered[] = {
	{"dataminer", is_cloud, dataminer_cloud},
};

const struct raised_rule *hs_policy_answered(const struct settings *settings)
{
	for (size_t i = 0; settings->product && i < HS_LENGTH(answered); i++)
		if (!strcmp(answered[i].product, settings->product) &&
		    answered[i].applies(settings))
			return answered[i].raises;
	return none;
}

const struct raised_rule *hs_policy_get(const char *product)
{
	for (size_t i = 0; product && i < HS_LENGTH(policies); i++) {
		if (!strcmp(policies[i].product, product))
			return policies[i].raises;
	}
	return none;
}
