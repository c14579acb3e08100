/* Preloaded, it makes each fsync and fdatasync wait for as long as the file named by HANGING_DISK is there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static int after_the_wait(const char *name, int file)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    while (access(getenv("HANGING_DISK"), F_OK) == 0)
        usleep(1000);
    return real(file);
}

int fsync(int file) { return after_the_wait("fsync", file); }
int fdatasync(int file) { return after_the_wait("fdatasync", file); }
