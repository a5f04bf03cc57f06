/* Counts the renames, removals and flushes of all processes that load it, and kills their whole process group at the one that
   POWER_AT names, before it happens: a loss of power, of the clerk's machine and of a server on the same disk.

   cc -shared -fPIC -o power.so power.c -ldl; LD_PRELOAD=power.so POWER_COUNT=file POWER_AT=7 command */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void count(void)
{
    const char *file = getenv("POWER_COUNT"), *at = getenv("POWER_AT");
    struct stat now;
    int descriptor = file ? open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666) : -1;
    if (descriptor < 0)
        return;
    if (write(descriptor, "x", 1) == 1 && !fstat(descriptor, &now) && at && atoi(at) && now.st_size >= atoi(at))
        kill(0, SIGKILL);
    close(descriptor);
}

#define COUNTED(name, parameters, arguments)                           \
    int name parameters                                                \
    {                                                                  \
        int(*real) parameters = (int(*) parameters)dlsym(RTLD_NEXT, #name); \
        count();                                                       \
        return real arguments;                                         \
    }

COUNTED(rename, (const char *a, const char *b), (a, b))
COUNTED(renameat, (int a, const char *b, int c, const char *d), (a, b, c, d))
COUNTED(renameat2, (int a, const char *b, int c, const char *d, unsigned int e), (a, b, c, d, e))
COUNTED(link, (const char *a, const char *b), (a, b))
COUNTED(unlink, (const char *a), (a))
COUNTED(unlinkat, (int a, const char *b, int c), (a, b, c))
COUNTED(rmdir, (const char *a), (a))
COUNTED(fsync, (int a), (a))
COUNTED(fdatasync, (int a), (a))
