/*
 * The syntax of options that say where a connection goes.
 *
 * Each returns NULL, or a static text that says what is wrong with TEXT.  They
 * are stricter than libcurl, which ignores some of what it can't use.  All but
 * the last are pure.
 */
#ifndef PFETCH_CMD_NET_SYNTAX_H
#define PFETCH_CMD_NET_SYNTAX_H

/* "HOST:PORT:ADDRESS[,ADDRESS]...", as CURLOPT_RESOLVE(3). */
const char *net_resolve_fault(const char *text);

/* "HOST:PORT:HOST:PORT", each of which may be empty, as
 * CURLOPT_CONNECT_TO(3). */
const char *net_connect_to_fault(const char *text);

/* The name of a host, or its address. */
const char *net_host_fault(const char *text);

/* The name of an interface, an address or a host, as CURLOPT_INTERFACE(3). */
const char *net_interface_fault(const char *text);

/* "sha256//HASH[;sha256//HASH]..." or a file that can be read, as
 * CURLOPT_PINNEDPUBLICKEY(3). */
const char *net_pin_fault(const char *text);

#endif
