/* service: a whole small service in a child process, seen from outside: its arguments, its door, its ready
 * file. */
#include "tests/support/check.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/service/door.h"
#include "common/service/service.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 10000 };

struct config {
    struct duration grace;
};

static const struct setting settings[] = {
    SETTING(struct config, grace, "BELLHOP_SAMPLE_GRACE", "10s", "how long a stop waits"),
};

static const struct service sample = {
    .name = "sample", .purpose = "shows how a service begins", .settings = settings, .setting_count = 1};

struct child {
    pid_t pid;
    int output; /* both its output and its errors */
};

static int sample_main(int argc, char **argv, enum health_state health)
{
    struct config config;
    service_start(&sample, argc, argv, &config);
    AUTO(loop) *loop = loop_new();
    service_open(loop);
    service_endpoint("publish", "tcp://127.0.0.1:4711");
    service_health_set("database", health, "on purpose");
    service_ready();
    int rc = loop_run(loop);
    service_stopping();
    return service_stop(rc);
}

static struct child child_start(const char *argument, enum health_state health)
{
    int ends[2];
    char *argv[] = {"bellhop-sample", (char *)argument, NULL};
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    struct child child = {.pid = fork(), .output = ends[0]};
    if (child.pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        int rc = sample_main(argument ? 2 : 1, argv, health);
        fflush(NULL);
        _exit(rc);
    }
    close(ends[1]);
    return child;
}

/* Reads on until `text` has come; fails after a while. */
static void child_says(const struct child *child, struct bytes *output, const char *text)
{
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (!strstr(bytes_text(output), text)) {
        struct pollfd waiting = {.fd = child->output, .events = POLLIN};
        poll(&waiting, 1, (int)(until_ms - clock_monotonic_ms()));
        ssize_t got = waiting.revents ? read(child->output, bytes_reserve(output, 4096), 4096) : 0;
        if (got <= 0)
            fail_msg("did not say \"%s\", but: %s", text, bytes_text(output));
        bytes_grew(output, (size_t)got);
    }
}

static int child_end(const struct child *child)
{
    int status = -1;
    waitpid(child->pid, &status, 0);
    close(child->output);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static char ready_file[64];

static int prepare(void **state)
{
    (void)state;
    text_format(ready_file, sizeof ready_file, "/tmp/bellhop-sample-%d.ready", (int)getpid());
    setenv("BELLHOP_READY_FILE", ready_file, 1);
    setenv("BELLHOP_SAMPLE_HTTP", "127.0.0.1:0", 1);
    unsetenv("BELLHOP_SAMPLE_GRACE");
    unsetenv("BELLHOP_LOG_FORMAT");
    return 0;
}

static TEST(help_shows_every_setting_with_its_default)
{
    AUTO_CLEAR(bytes) output = {0};
    struct child child = child_start("--help", HEALTH_GREEN);
    child_says(&child, &output, "--healthy asks");
    assert_int_equal(child_end(&child), 0);
    assert_non_null(strstr(bytes_text(&output), "BELLHOP_SAMPLE_GRACE (10s)\n      how long a stop waits\n"));
    assert_non_null(strstr(bytes_text(&output), "BELLHOP_SAMPLE_HTTP (not set)"));
}

static TEST(a_bad_setting_or_argument_exits_2)
{
    AUTO_CLEAR(bytes) output = {0};
    setenv("BELLHOP_SAMPLE_GRACE", "10", 1);
    struct child child = child_start(NULL, HEALTH_GREEN);
    child_says(&child, &output, "bellhop-sample: BELLHOP_SAMPLE_GRACE is \"10\": expected a duration");
    assert_int_equal(child_end(&child), 2);
    child = child_start("--fast", HEALTH_GREEN);
    child_says(&child, &output, "unknown argument \"--fast\"");
    assert_int_equal(child_end(&child), 2);
}

/* GET `path` of the door whose address the child has told. */
static void ask_door(const char *output, const char *path, struct bytes *answer)
{
    char command[256], address[64];
    const char *told = strstr(output, "endpoint=\"127.0.0.1:");
    assert_non_null(told);
    assert_int_equal(sscanf(told, "endpoint=\"%63[^\"]", address), 1);
    text_format(command, sizeof command,
                "exec 3<>/dev/tcp/127.0.0.1/%s; printf 'GET %s HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3",
                strchr(address, ':') + 1, path);
    char *argv[] = {"bash", "-c", command, NULL};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execvp(argv[0], argv);
        _exit(127);
    }
    close(ends[1]);
    for (ssize_t got = 1; got > 0; bytes_grew(answer, got > 0 ? (size_t)got : 0))
        got = read(ends[0], bytes_reserve(answer, 4096), 4096);
    close(ends[0]);
    waitpid(pid, NULL, 0);
}

static TEST(a_ready_service_tells_its_endpoints_and_answers_at_its_door)
{
    AUTO_CLEAR(bytes) output = {0};
    AUTO_CLEAR(bytes) answer = {0};
    struct child child = child_start(NULL, HEALTH_YELLOW);
    child_says(&child, &output, "accepting work");
    struct bytes ready = check_read_file(ready_file);
    assert_true(text_starts_with(bytes_text(&ready), "service=sample\npid="));
    assert_non_null(strstr(bytes_text(&ready), "\nhttp=127.0.0.1:"));
    assert_non_null(strstr(bytes_text(&ready), "\npublish=tcp://127.0.0.1:4711\n"));
    bytes_clear(&ready);

    ask_door(bytes_text(&output), "/healthz", &answer);
    ask_door(bytes_text(&output), "/readyz", &answer);
    ask_door(bytes_text(&output), "/metrics", &answer);
    ask_door(bytes_text(&output), "/other", &answer);
    const char *answers = bytes_text(&answer);
    assert_non_null(strstr(answers, "{\"state\":\"yellow\",\"parts\":[{\"name\":\"database\""));
    assert_non_null(strstr(answers, "\nready\n"));
    assert_non_null(strstr(answers, "\nbellhop_health 1\n"));
    assert_non_null(strstr(answers, "404 Not Found"));

    kill(child.pid, SIGTERM);
    child_says(&child, &output, "goodbye");
    assert_int_equal(child_end(&child), 0);
    assert_int_not_equal(access(ready_file, F_OK), 0);
}

static TEST(healthy_asks_the_running_service)
{
    static const struct {
        enum health_state state;
        int rc;
        const char *says;
    } cases[] = {{HEALTH_GREEN, 0, "\"state\":\"green\""}, {HEALTH_RED, 1, "\"state\":\"red\""}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO_CLEAR(bytes) output = {0};
        AUTO_CLEAR(bytes) verdict = {0};
        struct child child = child_start(NULL, cases[i].state);
        child_says(&child, &output, "accepting work");
        struct child asking = child_start("--healthy", HEALTH_GREEN);
        child_says(&asking, &verdict, cases[i].says);
        assert_int_equal(child_end(&asking), cases[i].rc);
        kill(child.pid, SIGTERM);
        assert_int_equal(child_end(&child), 0);
    }
    struct child asking = child_start("--healthy", HEALTH_GREEN); /* nobody there any more */
    assert_int_equal(child_end(&asking), 1);
}

/* More than there is room for; each says nothing until the door has cut the first. Whoever is served next is served. */
static void crowd_door(const char *output)
{
    enum { CROWD = 800 };
    int fds[CROWD], port;
    const char *told = strstr(output, "endpoint=\"127.0.0.1:");
    assert_non_null(told);
    assert_int_equal(sscanf(told, "endpoint=\"127.0.0.1:%d\"", &port), 1);
    struct sockaddr_in door = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    for (int i = 0; i < CROWD; i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(fds[i], (struct sockaddr *)&door, sizeof door), 0);
    }
    struct pollfd first = {.fd = fds[0], .events = POLLIN};
    assert_int_equal(poll(&first, 1, PATIENCE_MS), 1);
    poll(NULL, 0, 1500);
    for (int i = 0; i < CROWD; i++)
        close(fds[i]);
}

static TEST(a_crowd_at_the_door_leaves_it_open)
{
    AUTO_CLEAR(bytes) output = {0};
    AUTO_CLEAR(bytes) answer = {0};
    struct child child = child_start(NULL, HEALTH_GREEN);
    child_says(&child, &output, "accepting work");
    crowd_door(bytes_text(&output));
    struct child asking = child_start("--healthy", HEALTH_GREEN);
    child_says(&asking, &answer, "\"state\":\"green\"");
    assert_int_equal(child_end(&asking), 0);
    kill(child.pid, SIGTERM);
    assert_int_equal(child_end(&child), 0);
}

static TEST(a_door_that_cannot_open_says_why)
{
    static const char *const addresses[] = {"9464", "localhost:9464", "127.0.0.1:", "127.0.0.1:65536",
                                            "203.0.113.1:80"};
    AUTO(loop) *loop = loop_new();
    for (size_t i = 0; i < COUNT_OF(addresses); i++) {
        char why[WHY_SIZE] = "";
        assert_null(door_open(loop, addresses[i], (struct door_rooms){0}, why, sizeof why));
        assert_non_null(strstr(why, addresses[i]));
    }
}

RUN_TESTS(cmocka_unit_test_setup(help_shows_every_setting_with_its_default, prepare),
          cmocka_unit_test_setup(a_bad_setting_or_argument_exits_2, prepare),
          cmocka_unit_test_setup(a_ready_service_tells_its_endpoints_and_answers_at_its_door, prepare),
          cmocka_unit_test_setup(healthy_asks_the_running_service, prepare),
          cmocka_unit_test_setup(a_crowd_at_the_door_leaves_it_open, prepare),
          cmocka_unit_test_setup(a_door_that_cannot_open_says_why, prepare))
