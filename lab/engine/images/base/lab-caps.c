/*
 * Pure-FTPd asks at its start for capabilities that it hardly uses (SYS_NICE, DAC_READ_SEARCH) and exits, without a word, if
 * it does not get them. Preloaded, this takes out of what a process asks for whatever it does not have.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/types.h>

typedef void *cap_t;
enum { EFFECTIVE, PERMITTED, INHERITABLE, LAST = 63 };

int cap_set_proc(cap_t wanted) {
  int (*set)(cap_t) = dlsym(RTLD_NEXT, "cap_set_proc");
  int (*get_flag)(cap_t, int, int, int *) = dlsym(RTLD_NEXT, "cap_get_flag");
  int (*set_flag)(cap_t, int, int, const int *, int) = dlsym(RTLD_NEXT, "cap_set_flag");
  cap_t (*get)(void) = dlsym(RTLD_NEXT, "cap_get_proc");
  int (*drop)(void *) = dlsym(RTLD_NEXT, "cap_free");
  cap_t own = get();
  for (int capability = 0; own && capability <= LAST; capability++) {
    int has = 0;
    if (get_flag(own, capability, PERMITTED, &has) || has) continue;
    for (int kind = EFFECTIVE; kind <= PERMITTED; kind++) set_flag(wanted, kind, 1, &capability, 0);
  }
  if (own) drop(own);
  return set(wanted);
}
