/*
 * libxml2, opened when the first XML is read.  To link it would cost every
 * start of the program some 2 ms and 2.5 MB, for it brings ICU and the C++
 * library along; most commands never see any XML.
 */
#ifndef CORE_BASE_XML_H
#define CORE_BASE_XML_H

#include <libxml/xmlreader.h>

#include "core/base/error.h"

/* The functions in use, by their own names. */
#define HS_XML_FUNCTIONS(FUNCTION)                                             \
	FUNCTION(xmlReadMemory)                                                \
	FUNCTION(xmlDocGetRootElement)                                         \
	FUNCTION(xmlHasProp)                                                   \
	FUNCTION(xmlFreeDoc)                                                   \
	FUNCTION(xmlGetLineNo)                                                 \
	FUNCTION(xmlByteConsumed)                                              \
	FUNCTION(xmlCreateIOParserCtxt)                                        \
	FUNCTION(xmlCtxtUseOptions)                                            \
	FUNCTION(xmlFreeParserCtxt)                                            \
	FUNCTION(xmlInitParser)                                                \
	FUNCTION(xmlMemSetup)                                                  \
	FUNCTION(xmlParseDocument)                                             \
	FUNCTION(xmlStopParser)                                                \
	FUNCTION(xmlReaderForMemory)                                           \
	FUNCTION(xmlFreeTextReader)                                            \
	FUNCTION(xmlTextReaderConstLocalName)                                  \
	FUNCTION(xmlTextReaderConstName)                                       \
	FUNCTION(xmlTextReaderConstValue)                                      \
	FUNCTION(xmlTextReaderCurrentNode)                                     \
	FUNCTION(xmlTextReaderDepth)                                           \
	FUNCTION(xmlTextReaderIsEmptyElement)                                  \
	FUNCTION(xmlTextReaderMoveToElement)                                   \
	FUNCTION(xmlTextReaderMoveToNextAttribute)                             \
	FUNCTION(xmlTextReaderNodeType)                                        \
	FUNCTION(xmlTextReaderRead)                                            \
	FUNCTION(xmlTextReaderSetStructuredErrorHandler)

#define HS_XML_MEMBER(name) __typeof__(name) *name;
struct xml {
	HS_XML_FUNCTIONS(HS_XML_MEMBER)
};
#undef HS_XML_MEMBER

/* The library, or NULL and HS_CANNOT when this machine has none. */
const struct xml *hs_xml(struct error *err);

#endif
