/* exec: spawns, writes, waits. The child gets the signals back that we block or ignore. */
#include "services/cli/look/exec.h"

#include "common/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int shell_spawn(const char *command, int input, pid_t *ret_child)
{
    char *arguments[] = {(char *)"sh", (char *)"-c", (char *)command, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, back;
    sigemptyset(&none);
    sigemptyset(&back);
    sigaddset(&back, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &back);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int rc = posix_spawn(ret_child, "/bin/sh", &actions, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return -rc;
}

/* Until everything is written or nobody reads any more. */
static void write_all(int fd, struct slice input)
{
    while (input.size > 0) {
        ssize_t written = write(fd, input.data, input.size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        input = slice_of(input.data + written, input.size - (size_t)written);
    }
}

static int child_await(pid_t child, char *why, size_t why_size)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    if (WIFEXITED(status))
        text_format(why, why_size, "the command exited with %d", WEXITSTATUS(status));
    else
        text_format(why, why_size, "the command was ended by signal %d", WTERMSIG(status));
    return -ECHILD;
}

int exec_feed(const char *command, struct slice input, char *why, size_t why_size)
{
    int ends[2];
    pid_t child = 0;
    int rc = pipe2(ends, O_CLOEXEC) < 0 ? -errno : 0;
    if (rc == 0) {
        rc = shell_spawn(command, ends[0], &child);
        close(ends[0]);
        if (rc == 0)
            write_all(ends[1], input);
        close(ends[1]);
    }
    if (rc < 0) {
        text_format(why, why_size, "could not run the command: %s", strerror(-rc));
        return rc;
    }
    return child_await(child, why, why_size);
}
