/*
 * nft flushes its output after each word of what it monitors, which makes thousands of system calls of a packet. Preloaded, this has
 * it write what it has whenever it waits for more.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <sys/select.h>

static int flush(FILE *stream) {
  static int (*own)(FILE *);
  if (!own) own = dlsym(RTLD_NEXT, "fflush");
  return own(stream);
}

int fflush(FILE *stream) { return stream == stdout ? 0 : flush(stream); }

int select(int count, fd_set *reading, fd_set *writing, fd_set *failing, struct timeval *timeout) {
  static int (*own)(int, fd_set *, fd_set *, fd_set *, struct timeval *);
  if (!own) own = dlsym(RTLD_NEXT, "select");
  flush(stdout);
  return own(count, reading, writing, failing, timeout);
}
