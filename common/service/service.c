/* service: the first and the last lines of every main. */
#include "common/service/service.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/service/door.h"

#include <ctype.h>
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    SERVICE_EXIT_USAGE = 2,
    SERVICE_DESCRIPTORS = 65536,
    SERVICE_KNOCK_MS = 2000,
    SERVICE_LARGE_BYTES = 256 * 1024
};

struct service_config {
    const char *log_format;
    const char *log_level;
    const char *ready_file;
    const char *http;
};

struct service_numbers {
    int64_t resident_bytes;
    int64_t health;
};

/* The process's own, beside the log's sink: there is one service in a process. */
static struct {
    const struct service *service;
    struct service_config config;
    struct service_numbers numbers;
    struct metrics *metrics;
    struct health *health;
    struct door *door;
    struct bytes endpoints; /* lines of the ready file */
    bool is_ready;
} process;

static const struct metric service_metric_rows[] = {
    METRIC(struct service_numbers, resident_bytes, "process_resident_memory_bytes", "", "memory in use"),
    METRIC(struct service_numbers, health, "bellhop_health", "", "0 green, 1 yellow, 2 red"),
};

enum { SERVICE_SETTINGS = 4, SERVICE_NAME_SIZE = 64 };

/* The settings that every service has; the door's name is made of the service's. */
struct service_settings {
    struct setting rows[SERVICE_SETTINGS];
    char http_name[SERVICE_NAME_SIZE];
};

static void settings_fill(struct service_settings *settings, const char *service)
{
    text_format(settings->http_name, sizeof settings->http_name, "BELLHOP_%s_HTTP", service);
    for (char *at = settings->http_name; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    const struct setting rows[SERVICE_SETTINGS] = {
        SETTING(struct service_config, log_format, "BELLHOP_LOG_FORMAT", "text",
                "text or json, one line each on standard error"),
        SETTING(struct service_config, log_level, "BELLHOP_LOG_LEVEL", "info",
                "the lowest level that is logged: debug, info, warning or error"),
        SETTING(struct service_config, ready_file, "BELLHOP_READY_FILE", "",
                "a file written when ready, with the process id and the bound endpoints"),
        SETTING(struct service_config, http, settings->http_name, "",
                "address of /healthz, /readyz and /metrics, such as 127.0.0.1:9464"),
    };
    memcpy(settings->rows, rows, sizeof rows);
}

/* --- start --- */

static _Noreturn void refuse(const char *why)
{
    fprintf(stderr, "bellhop-%s: %s\n", process.service->name, why);
    exit(SERVICE_EXIT_USAGE);
}

static int word_index(const char *word, const char *const *words, int count)
{
    for (int i = 0; i < count; i++)
        if (text_equal(word, words[i]))
            return i;
    return -1;
}

static void open_log(const struct service_config *config)
{
    static const char *const formats[] = {[LOG_AS_TEXT] = "text", [LOG_AS_JSON] = "json"};
    static const char *const levels[] = {
        [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARNING] = "warning", [LOG_ERROR] = "error"};
    char why[WHY_SIZE];
    int format = word_index(config->log_format, formats, COUNT_OF(formats));
    int level = word_index(config->log_level, levels, COUNT_OF(levels));
    if (format < 0) {
        text_format(why, sizeof why, "BELLHOP_LOG_FORMAT is \"%s\": expected text or json",
                    config->log_format);
        refuse(why);
    }
    if (level < 0) {
        text_format(why, sizeof why, "BELLHOP_LOG_LEVEL is \"%s\": expected debug, info, warning or error",
                    config->log_level);
        refuse(why);
    }
    log_open(process.service->name, (enum log_format)format, (enum log_level)level, STDERR_FILENO);
}

static _Noreturn void print_help(const struct service_settings *common)
{
    const struct service *service = process.service;
    printf("bellhop-%s: %s\n\nusage: bellhop-%s [--help | --version | --healthy]\n\n"
           "Settings, from the environment (default):\n",
           service->name, service->purpose, service->name);
    settings_print(service->settings, service->setting_count, stdout);
    settings_print(common->rows, SERVICE_SETTINGS, stdout);
    puts("\n--healthy asks the running service at its HTTP address and exits 0 when it is green or yellow.");
    exit(0);
}

/* The value of `name=` in the ready file; false when there is none. */
static bool ready_file_find(const char *path, const char *name, char *into, size_t size)
{
    FILE *file = fopen(path, "r");
    char line[WHY_SIZE];
    bool is_found = false;
    while (file && !is_found && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        size_t length = strlen(name);
        if (text_starts_with(line, name) && line[length] == '=')
            is_found = text_copy(into, size, line + length + 1);
    }
    if (file)
        fclose(file);
    return is_found;
}

static _Noreturn void ask_health(void)
{
    char address[WHY_SIZE], why[WHY_SIZE];
    if (!ready_file_find(process.config.ready_file, "http", address, sizeof address))
        text_copy(address, sizeof address, process.config.http);
    int rc = door_knock(address, SERVICE_KNOCK_MS, why, sizeof why);
    fprintf(rc ? stderr : stdout, "%s%s", why, why[0] && why[strlen(why) - 1] == '\n' ? "" : "\n");
    exit(rc ? 1 : 0);
}

/* Large blocks go back to the machine as soon as they are freed. By default glibc learns from one large message to
 * keep all later ones, and the process never shrinks again after a flood. */
static void bound_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, SERVICE_LARGE_BYTES);
    mallopt(M_TRIM_THRESHOLD, 16 * SERVICE_LARGE_BYTES);
}

/* Threads made later, libzmq's among them, inherit the mask: stop signals reach nobody but the loop. */
static void prepare_process(void)
{
    sigset_t stop_signals;
    sigemptyset(&stop_signals);
    sigaddset(&stop_signals, SIGINT);
    sigaddset(&stop_signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &stop_signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (sodium_init() < 0)
        refuse("could not initialise libsodium");

    struct rlimit descriptors;
    if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0 && descriptors.rlim_cur < SERVICE_DESCRIPTORS) {
        descriptors.rlim_cur =
            descriptors.rlim_max < SERVICE_DESCRIPTORS ? descriptors.rlim_max : SERVICE_DESCRIPTORS;
        setrlimit(RLIMIT_NOFILE, &descriptors);
    }
}

static void measure(void *numbers)
{
    long pages = 0, ignored;
    (void)numbers;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%ld %ld", &ignored, &pages) == 2)
        process.numbers.resident_bytes = (int64_t)pages * sysconf(_SC_PAGESIZE);
    if (file)
        fclose(file);
    process.numbers.health = health_worst(process.health);
}

void service_start(const struct service *service, int argc, char **argv, void *config)
{
    struct service_settings common;
    char why[2 * WHY_SIZE];
    process.service = service;
    settings_fill(&common, service->name);
    const char *argument = argc > 1 ? argv[1] : "";
    if (text_equal(argument, "--help"))
        print_help(&common);
    if (text_equal(argument, "--version")) {
        printf("bellhop-%s %s\n", service->name, BELLHOP_VERSION);
        exit(0);
    }
    if (settings_read(common.rows, SERVICE_SETTINGS, &process.config, why, sizeof why))
        refuse(why);
    if (text_equal(argument, "--healthy"))
        ask_health();
    if (argc > 1) {
        text_format(why, sizeof why, "unknown argument \"%s\", see --help", argument);
        refuse(why);
    }
    if (settings_read(service->settings, service->setting_count, config, why, sizeof why))
        refuse(why);
    prepare_process();
    bound_memory();
    open_log(&process.config);
    process.metrics = metrics_new();
    process.health = health_new();
    metrics_add_measured(process.metrics, service_metric_rows, COUNT_OF(service_metric_rows),
                         &process.numbers, measure);
    log_info("starting", service->purpose, FIELD("version", BELLHOP_VERSION), FIELD("pid", getpid()));
}

/* --- between --- */

void service_open(struct loop *loop)
{
    if (!*process.config.http)
        return;
    char why[WHY_SIZE];
    const struct door_rooms rooms = {
        .health = process.health, .metrics = process.metrics, .is_ready = &process.is_ready};
    process.door = door_open(loop, process.config.http, rooms, why, sizeof why);
    if (!process.door) {
        log_error("door-shut", "could not open the HTTP door, stopping", FIELD("reason", why));
        exit(1);
    }
    service_endpoint("http", door_address(process.door));
}

void service_endpoint(const char *name, const char *endpoint)
{
    bytes_append_format(&process.endpoints, "%s=%s\n", name, endpoint);
    log_info("bound", "listening", FIELD("name", name), FIELD("endpoint", endpoint));
}

/* Written beside and renamed: whoever sees the file sees all of it. */
static int ready_file_write(const char *path, char *why, size_t why_size)
{
    AUTO_CLEAR(bytes) temporary = {0};
    bytes_append_format(&temporary, "%s.%d", path, (int)getpid());
    const char *beside = bytes_text(&temporary);
    FILE *file = fopen(beside, "w");
    bool is_written = file && fprintf(file, "service=%s\npid=%d\n%s", process.service->name, (int)getpid(),
                                      bytes_text(&process.endpoints)) > 0;
    is_written = file && fclose(file) == 0 && is_written && rename(beside, path) == 0;
    if (is_written)
        return 0;
    text_format(why, why_size, "could not write %s: %s", path, strerror(errno));
    return -errno;
}

void service_ready(void)
{
    char why[WHY_SIZE];
    process.is_ready = true;
    if (*process.config.ready_file && ready_file_write(process.config.ready_file, why, sizeof why)) {
        log_error("ready-file", "could not write the ready file, stopping", FIELD("reason", why));
        exit(1);
    }
    log_info("ready", "accepting work");
}

void service_stopping(void)
{
    if (!process.is_ready)
        return;
    process.is_ready = false;
    if (*process.config.ready_file)
        unlink(process.config.ready_file);
    log_info("stopping", "accepting no more work");
}

int service_stop(int rc)
{
    service_stopping();
    log_info("stopped", "goodbye", FIELD("exit_status", rc));
    door_close(TAKE(process.door));
    return rc; /* metrics and health stay: modules freed after this may still speak to them */
}

struct metrics *service_metrics(void)
{
    return process.metrics;
}

void service_health_set(const char *name, enum health_state state, const char *reason)
{
    if (!health_set(process.health, name, state, reason))
        return;
    if (state == HEALTH_GREEN)
        log_info("health", "health has changed", FIELD("part", name),
                 FIELD("state", health_state_name(state)));
    else
        log_warning("health", "health has changed", FIELD("part", name),
                    FIELD("state", health_state_name(state)), FIELD("reason", reason));
}
